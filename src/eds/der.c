/* SPDX-License-Identifier: Apache-2.0 */
#include "eds/eds_impl.h"

#include <openssl/objects.h>

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

bool der_is_oid(struct str whole, const char *dotted)
{
    unsigned char der[64], *at = der;
    ASN1_OBJECT *object = OBJ_txt2obj(dotted, 1);
    int n = object ? i2d_ASN1_OBJECT(object, NULL) : 0;
    bool same = n > 0 && (size_t)n == whole.n && n <= (int)sizeof der && i2d_ASN1_OBJECT(object, &at) == n &&
                memcmp(der, whole.p, whole.n) == 0;
    ASN1_OBJECT_free(object);
    return same;
}
