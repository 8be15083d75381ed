/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The statement of the law, from src/law/ *.law to a C table:
 *
 *     lawc OUT.c FILE.law...      writes law_sentences[] (declared in law/law.h)
 *     lawc --list FILE.law...     prints number, digest, "code" or "people", FILE:LINE and the English text, by tabs
 *
 * A .law file states one paragraph.  Header: paragraph, in-force (FROM .. TO, TO may be empty) and the title in kk, ru and
 * en.  Then, after blank lines, one block a sentence: its number (1, 2, ... in order), " people" after it when it is left
 * to people (then `why:` says the reason), an in-force of its own where it differs, and kk:, ru:, en:.  `#` begins a
 * comment line.  The digest is the first 8 hexadecimal digits of the SHA-256 of the three texts, joined by newlines,
 * white space normalised: whoever amends a text makes every citation of it stale.
 */
#ifndef LAWC_H
#define LAWC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum { LINE_LIMIT = 4000, SENTENCES_MAX = 512, FILES_MAX = 64 };
enum { KK, RU, EN, LANGUAGES };

struct sentence {
    char number[40], paragraph[32], digest[9];
    char *text[LANGUAGES];
    bool people;
    int32_t since, until;
    const char *file;
    int line;
};

/* One run of the tool: what was read, and whether anything was wrong. */
struct run {
    struct sentence sentence[SENTENCES_MAX];
    int sentences;
    int errors;
};

/* sha.c: the first 32 bits of the SHA-256 of n bytes, as 8 hexadecimal digits */
void sha_short(const char *text, size_t n, char ret[9]);

/* days.c: "2025-11-11 .. 2026-06-30" or "2025-11-11 ..", as days since 1970-01-01; without an end *ret_until is INT32_MIN */
bool span_read(const char *text, int32_t *ret_since, int32_t *ret_until);

/* read.c: adds the sentences of a file; faults go to standard error and are counted */
void file_read(struct run *run, const char *path);

/* write.c */
void write_table(FILE *out, const struct run *run);
void write_list(const struct run *run); /* to standard output */

#endif
