/* SPDX-License-Identifier: Apache-2.0 */
#include "base/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"

static const struct {
    int http, exit_code;
} kinds[] = {
    [ERR_NONE] = { 200, 0 },     [ERR_INPUT] = { 400, 2 }, [ERR_NOT_FOUND] = { 404, 1 }, [ERR_FORBIDDEN] = { 403, 1 },
    [ERR_CONFLICT] = { 409, 1 }, [ERR_LIMIT] = { 429, 1 }, [ERR_SILENT] = { 503, 1 },    [ERR_SYSTEM] = { 500, 1 },
};

/* A text that was cut must not end inside a UTF-8 sequence: it goes on into JSON and pages. */
static void cut_at_character(char *text, size_t n)
{
    size_t first = n; /* of the last sequence */

    while (first > 0 && ((unsigned char)text[first - 1] & 0xc0) == 0x80)
        first--;
    if (first > 0 && (unsigned char)text[first - 1] >= 0xc0)
        first--;
    if (!str_is_utf8((struct str){ text + first, n - first }))
        text[first] = 0;
}

static void put(struct err *err, const char *text, size_t full)
{
    size_t n = strnlen(text, sizeof err->text - 1);

    memcpy(err->text, text, n);
    err->text[n] = 0;
    if (full > n)
        cut_at_character(err->text, n);
}

bool err_set(struct err *err, enum err_kind kind, const char *format, ...)
{
    char text[sizeof err->text]; /* an argument may point into err->text */
    va_list args;
    int n;

    va_start(args, format);
    n = vsnprintf(text, sizeof text, format, args);
    va_end(args);
    if (n < 0)
        BUG("format %s", format);
    err->kind = kind;
    err->again = 0;
    put(err, text, (size_t)n);
    return false;
}

bool err_again(struct err *err, int64_t ms)
{
    err->again = ms > 0 ? (int)((ms + 999) / 1000) : 1;
    return false;
}

bool err_prefix(struct err *err, const char *format, ...)
{
    char text[sizeof err->text];
    va_list args;
    size_t n;
    int written;

    va_start(args, format);
    written = vsnprintf(text, sizeof text, format, args);
    va_end(args);
    if (written < 0)
        BUG("format %s", format);
    n = strlen(text);
    written = snprintf(text + n, sizeof text - n, ": %s", err->text);
    put(err, text, n + (size_t)written);
    return false;
}

int err_http_status(enum err_kind kind) { return kinds[kind].http; }

int err_exit_code(enum err_kind kind) { return kinds[kind].exit_code; }

void err_bug(const char *file, int line, const char *format, ...)
{
    va_list args;

    fprintf(stderr, "<2>bug at %s:%d: ", file, line);
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fputc('\n', stderr);
    abort();
}
