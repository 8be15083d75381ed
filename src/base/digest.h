/* SPDX-License-Identifier: Apache-2.0 */
/* SHA-256, random bytes, and their text forms (over libsodium; digest_setup once in main). */
#ifndef BASE_DIGEST_H
#define BASE_DIGEST_H

#include "base/str.h"

#define DIGEST_SIZE 32
#define DIGEST_HEX  65

void digest_setup(void); /* before threads; idempotent */
void digest_bytes(struct str bytes, unsigned char ret[DIGEST_SIZE]);
const char *digest_hex(struct str bytes, char ret[DIGEST_HEX]);
void digest_random(void *ret, size_t n);
#define DIGEST_TOKEN 44 /* 32 random bytes, base64url without padding, and NUL */
const char *digest_token(char ret[DIGEST_TOKEN]);
#define DIGEST_UUID 37
const char *digest_uuid(char ret[DIGEST_UUID]);        /* random UUID, version 4, RFC 9562 */
void digest_base64(struct buf *out, struct str bytes); /* appended, with padding */
bool digest_equal(struct str a, struct str b);         /* constant time for equal lengths */

#endif
