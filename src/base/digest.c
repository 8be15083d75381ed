/* SPDX-License-Identifier: Apache-2.0 */
#include "base/digest.h"

#include <sodium.h>

#include "base/err.h"

void digest_setup(void)
{
    if (sodium_init() < 0)
        BUG("libsodium cannot be set up");
}

void digest_bytes(struct str bytes, unsigned char ret[DIGEST_SIZE])
{
    _Static_assert(DIGEST_SIZE == crypto_hash_sha256_BYTES, "SHA-256");

    crypto_hash_sha256(ret, (const unsigned char *)bytes.p, bytes.n);
}

const char *digest_hex(struct str bytes, char ret[DIGEST_HEX])
{
    unsigned char digest[DIGEST_SIZE];

    digest_bytes(bytes, digest);
    return sodium_bin2hex(ret, DIGEST_HEX, digest, sizeof digest);
}

void digest_random(void *ret, size_t n) { randombytes_buf(ret, n); }

const char *digest_token(char ret[DIGEST_TOKEN])
{
    unsigned char random[32];

    _Static_assert(DIGEST_TOKEN == sodium_base64_ENCODED_LEN(sizeof random, sodium_base64_VARIANT_URLSAFE_NO_PADDING), "token");
    digest_random(random, sizeof random);
    sodium_bin2base64(ret, DIGEST_TOKEN, random, sizeof random, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    sodium_memzero(random, sizeof random);
    return ret;
}

void digest_base64(struct buf *out, struct str bytes)
{
    enum { CHUNK = 3 * 1024 }; /* without padding in between */
    char text[sodium_base64_ENCODED_LEN(CHUNK, sodium_base64_VARIANT_ORIGINAL)];
    for (size_t at = 0; at < bytes.n; at += CHUNK) {
        size_t n = bytes.n - at < CHUNK ? bytes.n - at : CHUNK;
        sodium_bin2base64(text, sizeof text, (const unsigned char *)bytes.p + at, n, sodium_base64_VARIANT_ORIGINAL);
        buf_add_text(out, text);
    }
}

const char *digest_uuid(char ret[DIGEST_UUID])
{
    static const char hex[] = "0123456789abcdef";
    unsigned char b[16];
    char *p = ret;

    digest_random(b, sizeof b);
    b[6] = (unsigned char)((b[6] & 0x0f) | 0x40); /* version 4 */
    b[8] = (unsigned char)((b[8] & 0x3f) | 0x80); /* variant of RFC 9562 */
    for (int i = 0; i < 16; i++) {
        if (i == 4 || i == 6 || i == 8 || i == 10)
            *p++ = '-';
        *p++ = hex[b[i] >> 4];
        *p++ = hex[b[i] & 15];
    }
    *p = 0;
    return ret;
}

bool digest_equal(struct str a, struct str b) { return a.n == b.n && (a.n == 0 || sodium_memcmp(a.p, b.p, a.n) == 0); }
