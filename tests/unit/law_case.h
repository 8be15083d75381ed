/* SPDX-License-Identifier: Apache-2.0 */
/* Part of law_cases_test.c: a case while it is read, and its words. */
#ifndef UNIT_LAW_CASE_H
#define UNIT_LAW_CASE_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/decimal.h"
#include "inquiry/inquiry.h"

enum { NAMES_MAX = 24, OWNERS_CASE_MAX = 8, FILE_LIMIT = 1 << 20, TEXT_LIMIT = 1 << 16 };

struct law_case {
    struct arena arena;
    const char *file;
    int line; /* being read */
    struct str title;
    int title_line;
    struct law_facts facts;
    struct law_owner owner[OWNERS_CASE_MAX];
    struct kin_answer kin;
    bool from_registers;
    struct buf csv[WORLD_FILES];
    bool silent[WORLD_FILES];
    struct buf policy;
    struct str application; /* JSON; p NULL: none */
    struct str name[NAMES_MAX];
    int names;
    struct str expect, asks, norm, missing, field, readings; /* p NULL: not stated */
};

_Noreturn __attribute__((format(printf, 2, 3))) static void broken(const struct law_case *c, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fprintf(stderr, "%s:%d: ", c->file, c->line);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
    exit(1);
}

/* ---- words ---- */

static bool next_word(struct str *rest, struct str *ret)
{
    *rest = str_trim(*rest);
    while (rest->n > 0 && str_split(rest, ' ', ret))
        if (ret->n > 0)
            return true;
    return false;
}

/* "key=value"; without '=' the value is empty. */
static struct str cut_value(struct str *word)
{
    struct str key = { NULL, 0 };
    str_split(word, '=', &key);
    struct str value = word->p ? *word : (struct str){ "", 0 };
    *word = key;
    return value;
}

static int64_t number(const struct law_case *c, struct str text)
{
    uint64_t n;
    if (!str_to_u64(text, &n))
        broken(c, "'" STR_FMT "' is not a number", STR_ARG(text));
    return (int64_t)n;
}

static struct day day_value(const struct law_case *c, struct str text)
{
    struct day day;
    if (!day_parse(text, &day))
        broken(c, "'" STR_FMT "' is not a day", STR_ARG(text));
    return day;
}

/* A valid number for a name of the case: the same name, the same number; names that begin with "company" get a BIN. */
static struct iin id_of(struct law_case *c, struct str name)
{
    int i = 0;
    while (i < c->names && !str_equal(c->name[i], name))
        i++;
    if (i == NAMES_MAX)
        broken(c, "more than %d names", NAMES_MAX);
    if (i == c->names)
        c->name[c->names++] = name;
    uint64_t first = (str_starts(name, "company") ? UINT64_C(99014000000) : UINT64_C(90010130000)) + (uint64_t)i * 10;
    while (iin_check_digit(first) < 0)
        first++;
    return (struct iin){ first * 10 + (uint64_t)iin_check_digit(first) };
}

#endif
