/* SPDX-License-Identifier: Apache-2.0 */
#include "base/csv.h"

#include <string.h>

/* The bytes that can end an unquoted field or must not be in one. */
static const bool is_special[256] = { [','] = true, ['"'] = true, ['\n'] = true, ['\r'] = true };

void csv_init(struct csv *c, struct str text, struct arena *arena)
{
    if (str_starts(text, "\xef\xbb\xbf")) {
        text.p += 3;
        text.n -= 3;
    }
    *c = (struct csv){ .p = text.p, .end = text.p + text.n, .line = 1, .record_line = 1, .arena = arena };
}

/* Goes on to the next line, so that one run can report all errors of a file. */
static enum csv_status bad(struct csv *c, struct err *err, const char *reason)
{
    const char *next = c->p < c->end ? memchr(c->p, '\n', (size_t)(c->end - c->p)) : NULL;

    c->line += next != NULL;
    c->p = next ? next + 1 : c->end;
    err_set(err, ERR_INPUT, "%s", reason);
    return CSV_BAD;
}

static void skip_blank_lines(struct csv *c)
{
    for (;;) {
        size_t left = (size_t)(c->end - c->p);
        size_t n = left >= 1 && c->p[0] == '\n' ? 1 : left >= 2 && c->p[0] == '\r' && c->p[1] == '\n' ? 2 : 0;

        if (n == 0)
            return;
        c->p += n;
        c->line++;
    }
}

/* After a field: a comma (more fields follow), a line end or the end; NULL when that is so, else what is wrong. */
static const char *end_field(struct csv *c, bool *ret_more, const char *otherwise)
{
    *ret_more = false;
    if (c->p == c->end)
        return NULL;
    if (*c->p == ',') {
        c->p++;
        *ret_more = true;
        return NULL;
    }
    if (*c->p == '\r') {
        if (c->p + 1 == c->end || c->p[1] != '\n')
            return "a carriage return without a line feed; end lines with LF or CRLF";
        c->p++;
    }
    if (*c->p != '\n')
        return otherwise;
    c->p++;
    c->line++;
    return NULL;
}

static const char *read_plain(struct csv *c, struct str *ret, bool *ret_more)
{
    const char *p = c->p, *end = c->end;

    while (p < end && !is_special[(unsigned char)*p])
        p++;
    *ret = (struct str){ c->p, (size_t)(p - c->p) };
    c->p = p;
    return end_field(c, ret_more,
                     "a quote inside a field that does not start with one; quote the whole field and double the quote");
}

/* Counts the lines inside quotes; false on a carriage return that no line feed follows. */
static bool check_lines(struct csv *c, struct str s)
{
    const char *p = s.p, *end = s.p + s.n;

    for (const char *at; (at = memchr(p, '\n', (size_t)(end - p))); p = at + 1)
        c->line++;
    p = s.p;
    for (const char *at; (at = memchr(p, '\r', (size_t)(end - p))); p = at + 1)
        if (at + 1 == end || at[1] != '\n')
            return false;
    return true;
}

/* A doubled quote stands for one. */
static struct str undouble(struct arena *arena, struct str s)
{
    char *copy = arena_alloc(arena, s.n), *to = copy;
    const char *end = s.p + s.n;

    for (const char *from = s.p; from < end; from++) {
        *to++ = *from;
        from += *from == '"';
    }
    return (struct str){ copy, (size_t)(to - copy) };
}

static const char *read_quoted(struct csv *c, struct str *ret, bool *ret_more)
{
    const char *start = c->p + 1, *p = start;
    bool doubled = false;

    for (;; p += 2) {
        p = memchr(p, '"', (size_t)(c->end - p));
        if (!p) {
            /* The open quote has swallowed the rest of the file: there is no next line to trust. */
            c->p = c->end;
            return "a quote is opened in this record and never closed";
        }
        if (p + 1 == c->end || p[1] != '"')
            break;
        doubled = true;
    }
    *ret = (struct str){ start, (size_t)(p - start) };
    c->p = p + 1;
    if (!check_lines(c, *ret))
        return "a carriage return without a line feed inside quotes";
    if (doubled)
        *ret = undouble(c->arena, *ret);
    return end_field(c, ret_more, "text after a closing quote; double a quote that belongs to the field");
}

enum csv_status csv_next(struct csv *c, struct err *err)
{
    bool more = true;

    skip_blank_lines(c);
    c->record_line = c->line;
    c->count = 0;
    if (c->p == c->end)
        return CSV_END;
    while (more) {
        const char *wrong;

        if (c->count == CSV_FIELDS_MAX)
            return bad(c, err, "more fields than any of these files has columns");
        if (c->p < c->end && *c->p == '"')
            wrong = read_quoted(c, &c->field[c->count], &more);
        else
            wrong = read_plain(c, &c->field[c->count], &more);
        if (wrong)
            return bad(c, err, wrong);
        c->count++;
    }
    return CSV_RECORD;
}

void csv_write_field(struct buf *out, struct str field)
{
    const char *p = field.p, *end = field.p + field.n, *quote;
    size_t i = 0;

    while (i < field.n && !is_special[(unsigned char)field.p[i]])
        i++;
    if (i == field.n) {
        buf_add_str(out, field);
        return;
    }
    buf_add_char(out, '"');
    while ((quote = memchr(p, '"', (size_t)(end - p)))) {
        buf_add(out, p, (size_t)(quote + 1 - p));
        buf_add_char(out, '"');
        p = quote + 1;
    }
    buf_add(out, p, (size_t)(end - p));
    buf_add_char(out, '"');
}
