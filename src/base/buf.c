/* SPDX-License-Identifier: Apache-2.0 */
#include "base/str.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/err.h"

#define BUF_FIRST 256

void buf_init(struct buf *b, size_t limit)
{
    size_t capacity = limit < BUF_FIRST ? limit + 1 : BUF_FIRST;

    *b = (struct buf){ .p = mem_alloc(capacity), .capacity = capacity, .limit = limit };
}

void buf_release(struct buf *b)
{
    free(b->p);
    *b = (struct buf){ .p = NULL };
}

void buf_clear(struct buf *b)
{
    b->n = 0;
    b->over = false;
    if (b->p)
        b->p[0] = 0;
}

/* Room for n more bytes and the NUL.  After a dropped write all others are dropped too, so that no hole stays unseen. */
bool buf_grow(struct buf *b, size_t n)
{
    size_t capacity;

    if (b->over || n > b->limit - b->n) {
        b->over = true;
        return false;
    }
    if (n < b->capacity - b->n)
        return true;
    capacity = b->capacity > SIZE_MAX / 2 ? SIZE_MAX : b->capacity * 2;
    if (capacity < b->n + n + 1)
        capacity = b->n + n + 1;
    if (capacity - 1 > b->limit)
        capacity = b->limit + 1;
    b->p = mem_grow(b->p, capacity);
    b->capacity = capacity;
    return true;
}

void buf_add_int(struct buf *b, int64_t value)
{
    char digits[24], *p = digits + sizeof digits;
    uint64_t left = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;

    do {
        *--p = (char)('0' + left % 10);
        left /= 10;
    } while (left);
    if (value < 0)
        *--p = '-';
    buf_add(b, p, (size_t)(digits + sizeof digits - p));
}

void buf_addf(struct buf *b, const char *format, ...)
{
    va_list args, again;
    size_t room = b->capacity - b->n;
    int n;

    if (b->over)
        return;
    va_start(args, format);
    va_copy(again, args);
    n = vsnprintf(b->p + b->n, room, format, args);
    if (n < 0)
        BUG("format %s", format);
    if ((size_t)n < room && (size_t)n <= b->limit - b->n) {
        b->n += (size_t)n;
    } else {
        b->p[b->n] = 0;
        if (buf_room(b, (size_t)n))
            b->n += (size_t)vsnprintf(b->p + b->n, b->capacity - b->n, format, again);
    }
    va_end(again);
    va_end(args);
}

struct str buf_str(const struct buf *b) { return b->p ? (struct str){ b->p, b->n } : STR(""); }
