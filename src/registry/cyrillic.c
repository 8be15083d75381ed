/* SPDX-License-Identifier: Apache-2.0 */
#include "registry/cyrillic.h"

/* The next code point, folded; ill-formed bytes stand for themselves (above Unicode), so they match only themselves. */
static uint32_t next_folded(struct str *rest)
{
    const unsigned char *p = (const unsigned char *)rest->p;
    uint32_t c = p[0];
    size_t length = 1;
    if (c >= 0xC2 && c <= 0xDF && rest->n > 1 && (p[1] & 0xC0) == 0x80) {
        c = (c & 0x1F) << 6 | (p[1] & 0x3Fu);
        length = 2;
    } else if (c >= 0x80) {
        c |= 0x800000;
    }
    rest->p += length;
    rest->n -= length;
    if (c >= 'A' && c <= 'Z') {
        return c + 32;
    }
    if (c >= 0x410 && c <= 0x42F) { /* А-Я */
        return c + 0x20;
    }
    if (c >= 0x400 && c <= 0x40F) { /* Ё, І and the like */
        return c + 0x50;
    }
    bool paired = (c >= 0x48A && c <= 0x4BF) || (c >= 0x4D0 && c <= 0x52F); /* Қ ғ Ң ү Ұ Һ Ә Ө: capital even, small odd */
    return paired ? c | 1 : c;
}

static bool starts_folded(struct str text, struct str part)
{
    while (part.n > 0) {
        if (text.n == 0 || next_folded(&text) != next_folded(&part)) {
            return false;
        }
    }
    return true;
}

bool cyrillic_contains(struct str text, struct str part)
{
    for (;;) {
        if (starts_folded(text, part)) {
            return true;
        }
        if (text.n == 0) {
            return false;
        }
        next_folded(&text);
    }
}
