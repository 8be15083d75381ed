/* SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "textc.h"

const char *const codes[LANGUAGES] = { "kk", "ru", "en" };

void fault(struct table *t, const char *file, int line, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    fprintf(stderr, "%s:%d: ", file, line);
    vfprintf(stderr, format, list);
    fputc('\n', stderr);
    va_end(list);
    t->faults++;
}

void *grow(void *p, size_t n)
{
    void *ret = realloc(p, n);
    if (!ret) {
        fputs("textc: out of memory\n", stderr);
        exit(1);
    }
    return ret;
}

void enum_name(const char *key, char *ret, size_t room)
{
    size_t n = 0;
    for (; *key && n + 1 < room; key++)
        ret[n++] = (char)(*key == '.' ? '_' : *key >= 'a' && *key <= 'z' ? *key - 'a' + 'A' : *key);
    ret[n] = '\0';
}
