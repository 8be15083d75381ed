/* SPDX-License-Identifier: Apache-2.0 */
/*
 * textc OUT.h OUT.c FILE.text...: makes the text table out of src/text/ *.text (format: src/text/text.h).
 *
 * A section is "[key.name]", then "kk = ", "ru = " and "en = " in any order.  A line that begins with white space
 * continues the value before it (joined by one space); "\n" in a value is a line break; "#" in the first column begins
 * a comment.  Every fault is "FILE:LINE: what is wrong" on standard error and nothing is written.
 */
#ifndef TEXTC_H
#define TEXTC_H

#include <stdbool.h>
#include <stddef.h>

enum { KK, RU, EN, LANGUAGES };
extern const char *const codes[LANGUAGES];

struct entry {
    char *key;
    const char *file;
    int line;
    char *text[LANGUAGES];
    int text_line[LANGUAGES];
};

struct table {
    struct entry *entry;
    size_t count, capacity;
    int faults;
};

/* table.c: what all use */
void fault(struct table *t, const char *file, int line, const char *format, ...) __attribute__((format(printf, 4, 5)));
void *grow(void *p, size_t n); /* realloc that does not fail */
/* The name in the enum; two keys may not share it ("a.b" and "a_b"). */
void enum_name(const char *key, char *ret, size_t room);

/* read.c */
void read_file(struct table *t, const char *file);

/* check.c: a text in each language, with the same placeholders; names that differ */
void check_table(struct table *t);

/* write.c: false when the file cannot be written */
bool write_header(const struct table *t, const char *path);
bool write_table(const struct table *t, const char *path);

#endif
