/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Keys in DER.  There is one encoding of each, so reading compares with what writing gives:
 *   SubjectPublicKeyInfo  SEQUENCE { key_id, BIT STRING { OCTET STRING { X || Y } } }
 *   PrivateKeyInfo        SEQUENCE { INTEGER 0, key_id, OCTET STRING { OCTET STRING { d } } }; d also bare, as some tools write
 * it
 */
#include "eds/gost.h"

enum { TAG_INTEGER = 0x02, TAG_BITS = 0x03, TAG_OCTETS = 0x04, TAG_SEQUENCE = 0x30 };

static size_t length_of_length(size_t n) { return n < 128 ? 1 : 2; /* never 256 bytes and more here */ }
static size_t length_of_item(size_t n) { return 1 + length_of_length(n) + n; }

static unsigned char *put_head(unsigned char *at, unsigned char tag, size_t n)
{
    *at++ = tag;
    if (n >= 128)
        *at++ = 0x81;
    *at++ = (unsigned char)n;
    return at;
}

static unsigned char *put_bytes(unsigned char *at, const unsigned char *bytes, size_t n)
{
    memcpy(at, bytes, n);
    return at + n;
}

/* Everything before the point; returns its length. */
static size_t public_head(const struct gost_kind *kind, unsigned char *ret)
{
    size_t octets = length_of_item(2 * kind->size), bits = length_of_item(1 + octets);
    unsigned char *at = put_head(ret, TAG_SEQUENCE, kind->key_id_length + bits);
    at = put_bytes(at, kind->key_id, kind->key_id_length);
    at = put_head(at, TAG_BITS, 1 + octets);
    *at++ = 0; /* no unused bits */
    at = put_head(at, TAG_OCTETS, 2 * kind->size);
    return (size_t)(at - ret);
}

static size_t private_head(const struct gost_kind *kind, bool wrapped, unsigned char *ret)
{
    static const unsigned char version[] = { TAG_INTEGER, 1, 0 };
    size_t inner = wrapped ? length_of_item(kind->size) : kind->size;
    unsigned char *at = put_head(ret, TAG_SEQUENCE, sizeof version + kind->key_id_length + length_of_item(inner));
    at = put_bytes(at, version, sizeof version);
    at = put_bytes(at, kind->key_id, kind->key_id_length);
    at = put_head(at, TAG_OCTETS, inner);
    if (wrapped)
        at = put_head(at, TAG_OCTETS, kind->size);
    return (size_t)(at - ret);
}

size_t gost_public_der(const struct gost_key *key, unsigned char ret[GOST_DER_MAX])
{
    size_t n = public_head(key->kind, ret);
    memcpy(ret + n, key->point, 2 * key->kind->size);
    return n + 2 * key->kind->size;
}

size_t gost_private_der(const struct gost_key *key, unsigned char ret[GOST_DER_MAX])
{
    size_t n = private_head(key->kind, true, ret);
    memcpy(ret + n, key->scalar, key->kind->size);
    return n + key->kind->size;
}

bool gost_public_read(struct gost_key *key, const unsigned char *der, size_t n)
{
    unsigned char head[GOST_DER_MAX];
    size_t head_length = public_head(key->kind, head);
    return n == head_length + 2 * key->kind->size && memcmp(der, head, head_length) == 0 &&
           gost_key_set_public(key, der + head_length, 2 * key->kind->size);
}

bool gost_private_read(struct gost_key *key, const unsigned char *der, size_t n)
{
    unsigned char head[GOST_DER_MAX];
    for (int wrapped = 0; wrapped < 2; wrapped++) {
        size_t head_length = private_head(key->kind, wrapped, head);
        if (n == head_length + key->kind->size && memcmp(der, head, head_length) == 0)
            return gost_key_set_private(key, der + head_length, key->kind->size);
    }
    return false;
}
