/* SPDX-License-Identifier: Apache-2.0 */
#include "eds/eds_impl.h"

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

/* The next arc of a dotted identifier. */
static unsigned long take_arc(const char **dotted)
{
    unsigned long arc = 0;
    for (; **dotted >= '0' && **dotted <= '9'; ++*dotted)
        arc = 10 * arc + (unsigned long)(**dotted - '0');
    if (**dotted == '.')
        ++*dotted;
    return arc;
}

/* Takes the arc off the front of the bytes: base 128, the highest digit first. */
static bool skip_arc(struct str *body, unsigned long arc)
{
    unsigned long rest = arc >> 7;
    size_t n = 1;
    for (; rest; rest >>= 7)
        n++;
    if (body->n < n)
        return false;
    for (size_t i = n; i-- > 0; arc >>= 7) {
        if ((unsigned char)body->p[i] != ((arc & 0x7f) | (i + 1 < n ? 0x80 : 0)))
            return false;
    }
    *body = (struct str){ body->p + n, body->n - n };
    return true;
}

bool der_oid_body_is(struct str body, const char *dotted)
{
    unsigned long first = take_arc(&dotted);
    bool same = skip_arc(&body, 40 * first + take_arc(&dotted)); /* X.690, 8.19.4 */
    while (same && *dotted)
        same = skip_arc(&body, take_arc(&dotted));
    return same && body.n == 0;
}

bool der_oid_body_text(struct str body, struct buf *out)
{
    enum { ARC_BYTES_MAX = 9 };
    for (size_t i = 0, arcs = 0; i < body.n; arcs++) {
        uint64_t arc = 0;
        size_t start = i;
        do
            arc = arc << 7 | ((unsigned char)body.p[i] & 0x7f);
        while (((unsigned char)body.p[i++] & 0x80) && i < body.n);
        if (i - start > ARC_BYTES_MAX)
            return false;
        if (arcs == 0) {
            uint64_t first = arc < 80 ? arc / 40 : 2;
            buf_add_int(out, (int64_t)first);
            arc -= 40 * first;
        }
        buf_add_text(out, ".");
        buf_add_int(out, (int64_t)arc);
    }
    return body.n > 0 && !((unsigned char)body.p[body.n - 1] & 0x80) && !out->over;
}

bool der_is_oid(struct str whole, const char *dotted)
{
    struct der oid;
    return der_only(whole, DER_OID, &oid) && der_oid_body_is(oid.body, dotted);
}
