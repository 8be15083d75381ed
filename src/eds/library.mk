# eds as a library for other programs: libtirkeu-eds, static and shared, with its headers and a pkg-config file.
#     make libtirkeu-eds                              $(B)/library/
#     make install-eds [PREFIX=/usr/local] [DESTDIR=] [LIBDIR=$(PREFIX)/lib]
# All of it is linked into one object first, in which only names beginning with eds_ stay visible.  The parts of base that the
# headers speak of (str, buf, arena, err, date) get that prefix by eds/names.h, which is made of what those parts define.
# EDS_ABI: raised whenever a program built before would not run any more; a name of eds_reasons.h that is added is no such case.
EDS_ABI     := 0
EDS_VERSION := 0.1.0
EDS_L       := $(B)/library
PREFIX      ?= /usr/local
LIBDIR      ?= $(PREFIX)/lib
EDS_INCLUDE  = $(PREFIX)/include/tirkeu-eds

EDS_HEADERS := $(addprefix src/,base/arena.h base/date.h base/err.h base/str.h base/tri.h eds/eds.h eds/eds_make.h eds/eds_reasons.h)
EDS_SHOWN   := arena buf date err str
EDS_HIDDEN  := digest file iin json markup
EDS_OBJECTS := $(patsubst src/%.c,$(EDS_L)/obj/%.o,$(wildcard src/eds/*.c) $(patsubst %,src/base/%.c,$(EDS_SHOWN) $(EDS_HIDDEN)))
EDS_PKGS    := libcrypto libxml-2.0 jansson libsodium hogweed nettle gmp

libtirkeu-eds: $(EDS_L)/libtirkeu-eds.a $(EDS_L)/libtirkeu-eds.so.$(EDS_ABI) $(EDS_L)/tirkeu-eds.pc

$(EDS_L)/names.h: $(patsubst %,$(B)/obj/base/%.o,$(EDS_SHOWN))
	@mkdir -p $(@D)
	{ echo '/* Made by the build: what is linked with has the prefix of the library. */'; \
	  nm -g --defined-only $^ | awk 'NF == 3 { print "#define " $$3 " eds_" $$3 }' | sort; } >$@
$(EDS_L)/obj/%.o: src/%.c $(EDS_L)/names.h Makefile src/eds/library.mk
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) -fPIC -include $(EDS_L)/names.h -c $< -o $@
$(EDS_L)/all.o: $(EDS_OBJECTS)
	$(LD) -r $^ -o $@
	objcopy --wildcard --keep-global-symbol='eds_*' $@
$(EDS_L)/libtirkeu-eds.a: $(EDS_L)/all.o
	@rm -f $@
	ar rcs $@ $<
$(EDS_L)/libtirkeu-eds.so.$(EDS_ABI): $(EDS_L)/all.o
	echo 'TIRKEU_EDS_$(EDS_ABI) { global: eds_*; local: *; };' >$(EDS_L)/exports
	$(CC) -shared $(filter-out -pie -fPIE,$(LDFLAGS)) -Wl,-soname,$(@F) -Wl,-z,defs -Wl,--version-script=$(EDS_L)/exports $< \
	    $(shell pkg-config --libs $(EDS_PKGS)) -lpthread -o $@
$(EDS_L)/tirkeu-eds.pc: src/eds/tirkeu-eds.pc.in src/eds/library.mk
	@mkdir -p $(@D)
	sed -e 's|@VERSION@|$(EDS_VERSION)|' -e 's|@PRIVATE@|$(filter-out libcrypto,$(EDS_PKGS))|' $< >$@

# The headers include names.h, which the tree itself does without.
install-eds: libtirkeu-eds
	install -d $(DESTDIR)$(EDS_INCLUDE)/base $(DESTDIR)$(EDS_INCLUDE)/eds $(DESTDIR)$(LIBDIR)/pkgconfig $(DESTDIR)$(PREFIX)/share/tirkeu-eds
	install -m 644 $(EDS_L)/names.h $(DESTDIR)$(EDS_INCLUDE)/eds/names.h
	for h in $(EDS_HEADERS:src/%=%); do \
	    sed '0,/^#define .*_H$$/s//&\n\n#include "eds\/names.h"/' src/$$h >$(DESTDIR)$(EDS_INCLUDE)/$$h || exit 1; done
	install -m 644 $(EDS_L)/libtirkeu-eds.a $(DESTDIR)$(LIBDIR)/
	install -m 755 $(EDS_L)/libtirkeu-eds.so.$(EDS_ABI) $(DESTDIR)$(LIBDIR)/
	ln -sf libtirkeu-eds.so.$(EDS_ABI) $(DESTDIR)$(LIBDIR)/libtirkeu-eds.so
	sed -e 's|@PREFIX@|$(PREFIX)|' -e 's|@LIBDIR@|$(LIBDIR)|' $(EDS_L)/tirkeu-eds.pc >$(DESTDIR)$(LIBDIR)/pkgconfig/tirkeu-eds.pc
	install -m 644 src/text/eds.text docs/eds.md LICENSE $(DESTDIR)$(PREFIX)/share/tirkeu-eds/

.PHONY: libtirkeu-eds install-eds
