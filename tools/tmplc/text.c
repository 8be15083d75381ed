/* SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tmplc.h"

void fault(struct translation *t, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    fprintf(stderr, "%s:%d: ", t->file, t->line);
    vfprintf(stderr, format, list);
    fputc('\n', stderr);
    va_end(list);
    t->faults++;
}

void text_add(struct text *out, const char *bytes, size_t n)
{
    if (out->n + n + 1 > out->room) {
        out->room = (out->n + n + 1) * 2;
        out->p = realloc(out->p, out->room);
        if (!out->p) {
            fputs("tmplc: out of memory\n", stderr);
            exit(1);
        }
    }
    memcpy(out->p + out->n, bytes, n);
    out->n += n;
    out->p[out->n] = '\0';
}

void text_add_string(struct text *out, const char *s) { text_add(out, s, strlen(s)); }
