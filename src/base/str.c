/* SPDX-License-Identifier: Apache-2.0 */
#include "base/str.h"

#include <string.h>

struct str str_from(const char *c_string) { return c_string ? (struct str){ c_string, strlen(c_string) } : STR(""); }

bool str_equal(struct str a, struct str b) { return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0); }

bool str_is(struct str a, const char *c_string) { return str_equal(a, str_from(c_string)); }

int str_compare(struct str a, struct str b)
{
    size_t n = a.n < b.n ? a.n : b.n;
    int order = n ? memcmp(a.p, b.p, n) : 0;

    return order ? order : (a.n > b.n) - (a.n < b.n);
}

static bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

struct str str_trim(struct str a)
{
    while (a.n && is_space(a.p[0])) {
        a.p++;
        a.n--;
    }
    while (a.n && is_space(a.p[a.n - 1]))
        a.n--;
    return a;
}

bool str_is_digits(struct str a)
{
    for (size_t i = 0; i < a.n; i++)
        if (a.p[i] < '0' || a.p[i] > '9')
            return false;
    return a.n > 0;
}

/* Bytes of the well-formed sequence at p (RFC 3629, section 4), 0 when it is not well-formed. */
static size_t utf8_sequence(const unsigned char *p, size_t left)
{
    /* The second byte is the only one whose range depends on the first: no overlong forms, surrogates or beyond U+10FFFF. */
    static const struct {
        unsigned char first, last, low, high;
        size_t length;
    } forms[] = {
        { 0x00, 0x7f, 0, 0, 1 },       { 0xc2, 0xdf, 0x80, 0xbf, 2 }, { 0xe0, 0xe0, 0xa0, 0xbf, 3 },
        { 0xe1, 0xec, 0x80, 0xbf, 3 }, { 0xed, 0xed, 0x80, 0x9f, 3 }, { 0xee, 0xef, 0x80, 0xbf, 3 },
        { 0xf0, 0xf0, 0x90, 0xbf, 4 }, { 0xf1, 0xf3, 0x80, 0xbf, 4 }, { 0xf4, 0xf4, 0x80, 0x8f, 4 },
    };

    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        size_t n = forms[i].length;

        if (p[0] < forms[i].first || p[0] > forms[i].last)
            continue;
        if (n > left || (n > 1 && (p[1] < forms[i].low || p[1] > forms[i].high)))
            return 0;
        for (size_t k = 2; k < n; k++)
            if ((p[k] & 0xc0) != 0x80)
                return 0;
        return n;
    }
    return 0;
}

bool str_is_utf8(struct str a)
{
    const unsigned char *p = (const unsigned char *)a.p;
    size_t i = 0;

    while (i < a.n) {
        uint64_t eight;
        size_t n;

        if (a.n - i >= sizeof eight) {
            memcpy(&eight, p + i, sizeof eight);
            if ((eight & UINT64_C(0x8080808080808080)) == 0) {
                i += sizeof eight;
                continue;
            }
        }
        n = utf8_sequence(p + i, a.n - i);
        if (n == 0)
            return false;
        i += n;
    }
    return true;
}

size_t str_utf8_length(struct str a)
{
    size_t length = 0;

    for (size_t i = 0; i < a.n; i++)
        length += ((unsigned char)a.p[i] & 0xc0) != 0x80;
    return length;
}

bool str_split(struct str *rest, char separator, struct str *ret_part)
{
    const char *end;

    /* p is NULL once the last part has been taken: "a," has two parts, the second one empty. */
    if (!rest->p)
        return false;
    end = rest->n ? memchr(rest->p, separator, rest->n) : NULL;
    if (end) {
        size_t n = (size_t)(end - rest->p);

        *ret_part = (struct str){ rest->p, n };
        rest->p += n + 1;
        rest->n -= n + 1;
    } else {
        *ret_part = *rest;
        *rest = (struct str){ NULL, 0 };
    }
    return true;
}

bool str_to_u64(struct str a, uint64_t *ret)
{
    uint64_t value = 0;

    if (a.n > 18 || !str_is_digits(a))
        return false;
    for (size_t i = 0; i < a.n; i++)
        value = value * 10 + (uint64_t)(a.p[i] - '0');
    *ret = value;
    return true;
}
