/* SPDX-License-Identifier: Apache-2.0 */
#include "eds/eds_impl.h"

#include <stdlib.h>

enum { LENGTH_BYTES_MAX = 4 };

bool der_next(struct str *rest, struct der *ret)
{
    const unsigned char *p = (const unsigned char *)rest->p;
    if (rest->n < 2 || (p[0] & 0x1f) == 0x1f)
        return false;
    size_t head = 2, length = p[1];
    if (length >= 0x80) {
        size_t count = length & 0x7f;
        if (count == 0 || count > LENGTH_BYTES_MAX || rest->n < 2 + count)
            return false;
        length = 0;
        for (size_t i = 0; i < count; i++)
            length = length << 8 | p[2 + i];
        if (length < 0x80 || length >> (8 * (count - 1)) == 0)
            return false; /* could have been shorter */
        head += count;
    }
    if (length > rest->n - head)
        return false;
    ret->tag = p[0];
    ret->whole = (struct str){ rest->p, head + length };
    ret->body = (struct str){ rest->p + head, length };
    *rest = (struct str){ rest->p + head + length, rest->n - head - length };
    return true;
}

bool der_take(struct str *rest, unsigned char tag, struct der *ret)
{
    if (rest->n == 0 || (unsigned char)rest->p[0] != tag)
        return false;
    return der_next(rest, ret);
}

bool der_only(struct str bytes, unsigned char tag, struct der *ret) { return der_take(&bytes, tag, ret) && bytes.n == 0; }

/* An arc as base 128, the highest digit first; returns how many bytes. */
static size_t put_arc(unsigned char *at, unsigned long arc)
{
    size_t n = 1;
    for (unsigned long rest = arc >> 7; rest; rest >>= 7)
        n++;
    for (size_t i = n; i-- > 0; arc >>= 7)
        at[i] = (unsigned char)((arc & 0x7f) | (i + 1 < n ? 0x80 : 0));
    return n;
}

bool der_is_oid(struct str whole, const char *dotted)
{
    enum { ARC_BYTES_MAX = 10, BODY_MAX = 64 };
    unsigned char der[2 + BODY_MAX + ARC_BYTES_MAX];
    char *at;
    size_t n = 2;
    unsigned long first = strtoul(dotted, &at, 10), arc = strtoul(at + 1, &at, 10);
    n += put_arc(der + n, 40 * first + arc); /* X.690, 8.19.4 */
    while (*at == '.' && n < 2 + BODY_MAX) {
        arc = strtoul(at + 1, &at, 10);
        n += put_arc(der + n, arc);
    }
    der[0] = DER_OID;
    der[1] = (unsigned char)(n - 2);
    return *at == '\0' && whole.n == n && memcmp(der, whole.p, n) == 0;
}
