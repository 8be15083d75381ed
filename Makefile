# make            build/tirkeu and build/tirkeu-stand        make unit     unit tests; all tests: ./check
# make B=DIR      build in another folder                     MODE=asan     by clang, with sanitizers and for fuzzers
# make long       a million decisions, a minute a fuzzer      make bench    figures, see bench/README.md
# make install-eds PREFIX=DIR     the signatures as a library for other programs, see docs/eds.md
B    ?= build
MODE ?= release
CC   ?= gcc
ifeq ($(origin CC),default)
CC := $(if $(filter asan,$(MODE)),clang,gcc)
endif
, := ,

MODULES := base text world kin law eds exchange registry inquiry db filing letter courier web cli
PKGS    := sqlite3 jansson libxml-2.0 libcurl libsodium libmicrohttpd libqrencode libcrypto hogweed nettle gmp

MODE_release := -O2 -D_FORTIFY_SOURCE=2 -fstack-protector-strong -fPIE
# One build for the unit tests and for the fuzzers.
MODE_asan    := -O1 -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
WARN   := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes \
          -Wvla -Wformat=2 -Wundef -Wwrite-strings -Wcast-qual -Werror
CFLAGS  += -std=c17 -D_GNU_SOURCE -g -Isrc -I$(B)/gen -include base/banned.h -MMD -MP $(WARN) $(MODE_$(MODE)) $(shell pkg-config --cflags $(PKGS))
LDFLAGS += $(MODE_$(MODE)) $(if $(filter release,$(MODE)),-pie -Wl$(,)-z$(,)relro$(,)-z$(,)now)
LDLIBS  += $(shell pkg-config --libs $(PKGS)) -lpthread -lm

# ---- generated sources ----
TEXTS := $(wildcard src/text/*.text)
LAWS  := $(wildcard src/law/*.law)
PAGES := $(wildcard src/web/pages/*.html)
SCHEMA := $(sort $(wildcard src/filing/schema/*.sql))
ASSETS := $(wildcard src/web/assets/*)
GEN_H := $(B)/gen/text_keys.h $(PAGES:src/web/pages/%.html=$(B)/gen/page_%.h)
GEN_C := $(B)/gen/text/text_table.c $(B)/gen/law/law_table.c $(B)/gen/law/policy_text.c $(B)/gen/filing/schema.c $(B)/gen/web/assets.c $(B)/gen/web/openapi.c \
         $(PAGES:src/web/pages/%.html=$(B)/gen/web/page_%.c)

# ---- objects: one archive a module ----
module_src  = $(wildcard src/$(1)/*.c src/$(1)/*/*.c)
module_gen  = $(filter $(B)/gen/$(1)/%,$(GEN_C))
module_obj  = $(patsubst src/%.c,$(B)/obj/%.o,$(call module_src,$(1))) $(patsubst $(B)/gen/%.c,$(B)/obj/gen/%.o,$(call module_gen,$(1)))
LIBS      := $(MODULES:%=$(B)/lib/%.a)
TESTS     := $(patsubst tests/unit/%.c,$(B)/tests/%,$(wildcard tests/unit/*_test.c))
FUZZERS   := $(patsubst fuzz/%.c,$(B)/fuzz/%,$(wildcard fuzz/*.c))
# Archives refer to each other only downwards, but in a group nobody has to keep the order.
ARCHIVES   = -Wl,--start-group $(1) -Wl,--end-group

all: $(B)/tirkeu $(B)/tirkeu-stand

$(B)/tirkeu: $(B)/obj/main.o $(LIBS)
	$(CC) $(LDFLAGS) $< $(call ARCHIVES,$(LIBS)) $(LDLIBS) -o $@
$(B)/tirkeu-stand: $(B)/obj/stand/main.o $(B)/lib/stand.a $(LIBS)
	$(CC) $(LDFLAGS) $< $(call ARCHIVES,$(B)/lib/stand.a $(LIBS)) $(LDLIBS) -lssl -o $@
$(B)/lib/stand.a: $(patsubst stand/%.c,$(B)/obj/stand/%.o,$(filter-out stand/main.c,$(wildcard stand/*.c)))
	@mkdir -p $(@D) && rm -f $@ && ar rcs $@ $^

define archive_rule
$(B)/lib/$(1).a: $(call module_obj,$(1))
	@mkdir -p $$(@D) && rm -f $$@ && ar rcs $$@ $$^
endef
$(foreach m,$(MODULES),$(eval $(call archive_rule,$(m))))

$(B)/obj/%.o: src/%.c Makefile | $(GEN_H)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) -c $< -o $@
# What is built for a newer processor; the program chooses at run time.
ifeq ($(shell uname -m),x86_64)
$(B)/obj/kin/mart_%_avx2.o $(B)/obj/world/%_avx2.o: CFLAGS += -mavx2 -mbmi
endif
$(B)/obj/stand/%.o: stand/%.c Makefile | $(GEN_H)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) -I. -c $< -o $@
$(B)/obj/gen/%.o: $(B)/gen/%.c Makefile | $(GEN_H)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) -c $< -o $@

# ---- generators ----
$(B)/tools/%: tools/%.c
	@mkdir -p $(@D)
	$(CC) -std=c17 -D_GNU_SOURCE -O1 -g $(WARN) $< -o $@
define tool_rule
$(B)/tools/$(1): $(wildcard tools/$(1)/*.[ch])
	@mkdir -p $$(@D)
	$$(CC) -std=c17 -D_GNU_SOURCE -O1 -g $$(WARN) $$(filter %.c,$$^) -o $$@
endef
$(foreach t,lawc textc tmplc,$(eval $(call tool_rule,$(t))))
$(B)/gen/text_keys.h $(B)/gen/text/text_table.c &: $(B)/tools/textc $(TEXTS)
	@mkdir -p $(B)/gen/text
	$(B)/tools/textc $(B)/gen/text_keys.h $(B)/gen/text/text_table.c $(TEXTS)
$(B)/gen/law/law_table.c: $(B)/tools/lawc $(LAWS)
	@mkdir -p $(@D)
	$(B)/tools/lawc $@ $(LAWS)
$(B)/gen/law/policy_text.c: $(B)/tools/embed src/law/policy.ini
	@mkdir -p $(@D)
	$(B)/tools/embed $@ policy_text src/law/policy.ini
$(B)/gen/filing/schema.c: $(B)/tools/embed $(SCHEMA)
	@mkdir -p $(@D)
	$(B)/tools/embed $@ filing_schema $(SCHEMA)
$(B)/gen/web/assets.c: $(B)/tools/embed $(ASSETS)
	@mkdir -p $(@D)
	$(B)/tools/embed $@ web_assets $(ASSETS)
$(B)/gen/web/openapi.c: $(B)/tools/embed docs/openapi.json
	@mkdir -p $(@D)
	$(B)/tools/embed $@ web_openapi docs/openapi.json
$(B)/gen/web/page_%.c $(B)/gen/page_%.h &: src/web/pages/%.html $(B)/tools/tmplc
	@mkdir -p $(B)/gen/web
	$(B)/tools/tmplc $< $(B)/gen/web/page_$*.c $(B)/gen/page_$*.h

# ---- tests ----
$(B)/tests/%: tests/unit/%.c $(LIBS)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) -I. $(LDFLAGS) $< $(call ARCHIVES,$(filter %.a,$^)) $(LDLIBS) -lssl -lcmocka -o $@
$(patsubst tests/unit/%.c,$(B)/tests/%,$(wildcard tests/unit/stand_*_test.c) tests/unit/eds_wrong_test.c): $(B)/lib/stand.a
$(patsubst %,$(B)/tests/eds_%_test,gost curve edges): LDLIBS += -lgcrypt
# What is secret decides no jump and no address: to be run under valgrind, see tests/secrets/check.mjs
SECRETS_DOORS := nettle_ecc_point_mul_g nettle_ecc_gostdsa_sign gost_scalar_set
$(B)/secrets: tests/secrets/secrets.c $(LIBS)
	$(CC) $(CFLAGS) $(LDFLAGS) -Wl$(,)-S $(SECRETS_DOORS:%=-Wl$(,)--wrap=%) $< $(call ARCHIVES,$(LIBS)) $(LDLIBS) -o $@
secrets:
	tools/packages long
	$(MAKE) $(B)/secrets
	node tests/secrets/check.mjs $(B)/secrets
unit: $(TESTS) $(B)/tirkeu-stand
	@for t in $(TESTS); do echo "== $$t"; $$t || exit 1; done

$(B)/fuzz/websocket: $(B)/lib/stand.a
$(B)/fuzz/%: fuzz/%.c $(LIBS)
	@mkdir -p $(@D)
	clang -std=c17 -D_GNU_SOURCE -I. -Isrc -I$(B)/gen $(shell pkg-config --cflags $(PKGS)) -g -O1 -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all $< \
	    $(call ARCHIVES,$(filter %.a,$^)) $(LDLIBS) -o $@
fuzz: $(FUZZERS)

# The statement of the law against its code and its cases; after reviewing an amended sentence: tools/law_matrix --stamp LAWC
law: $(B)/tools/lawc
	@tools/law_matrix $<
# Pages of docs/ that are made out of tables.
ledger: $(B)/tirkeu
	$< policy ledger >docs/readings.md
	$< policy reasons >docs/reasons.md

# What takes too long for ./check: a million decisions against the oracle, 100,000 GOST signatures against two other implementations,
# every flipped bit of signed objects, secrets under valgrind, a thousand kills of a process that writes the mart's journal, and a
# minute for every fuzzer.
long: all $(B)/tests/eds_gost_test $(B)/tests/eds_curve_test $(B)/tests/eds_evidence_test $(B)/tests/eds_vectors_test $(B)/tests/kin_journal_test
	TIRKEU_KIN_KILLS=1000 $(B)/tests/kin_journal_test
	TIRKEU_EDS_SIGNATURES=100000 $(B)/tests/eds_gost_test
	TIRKEU_EDS_SIGNATURES=100000 $(B)/tests/eds_curve_test
	$(MAKE) secrets
	TIRKEU_EDS_FLIPS=all $(B)/tests/eds_evidence_test
	TIRKEU_EDS_FLIPS=all $(B)/tests/eds_vectors_test
	node tests/oracle/compare.mjs --tirkeu $(B)/tirkeu --decisions 1000000 --seed $$(date +%s)
	tests/oracle/mart queries
	$(MAKE) MODE=asan B=$(B)/asan fuzz
	tools/fuzz_all $(B)/asan 60
# Compiled by ./check so that they do not fall behind; not the peers whose headers only [bench] of packages.txt brings.
BENCHES := $(filter-out %_peers.c %_postgres.c,$(wildcard bench/*.c)) bench/decide_peers.c
benches: $(patsubst bench/%.c,$(B)/obj/bench/%.o,$(BENCHES))
$(B)/obj/bench/%.o: bench/%.c Makefile | $(GEN_H)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) -I. -Ibench -Itests/unit -c $< -o $@
bench: all
	bench/decide
	bench/mart
	bench/eds

layers: ; @tools/check_layers src/layers.txt
format: ; clang-format --dry-run -Werror $$(git ls-files '*.[ch]')
clean:  ; rm -rf $(B)

include src/eds/library.mk

.PHONY: all unit secrets long bench benches fuzz law ledger layers format clean
.SECONDARY:
-include $(shell find $(B) -name '*.d' 2>/dev/null)
