/* SPDX-License-Identifier: Apache-2.0 */
/*
 * GOST keys and signatures, below the provider.  Private to eds.
 *
 * Everything is little-endian, as the Kazakh objects have it: a public key is X || Y, a signature r || s, a private key one
 * number; the digest is taken as it comes out of the hash function (integration facts proved on the authority's own objects).
 */
#ifndef EDS_GOST_H
#define EDS_GOST_H

#include <nettle/ecc.h>
#include <nettle/nettle-meta.h>

#include "eds/eds_make.h"

enum { GOST_SIZE_MAX = 64, GOST_POINT_MAX = 2 * GOST_SIZE_MAX };

struct gost_kind {
    enum eds_algorithm algorithm;
    const char *key_name, *key_oid;             /* names are also OpenSSL's short and long names of the object */
    const char *signature_name, *signature_oid; /* signature with its digest */
    const char *digest_name, *digest_oid;
    const struct nettle_hash *hash;
    size_t size;                                /* bytes of a coordinate and of the order */
    const struct ecc_curve *(*curve)(void);     /* hogweed's; NULL: OpenSSL's arithmetic (gost_openssl.c) */
    const unsigned char *key_id, *signature_id; /* AlgorithmIdentifier of SubjectPublicKeyInfo, of a signature; DER */
    size_t key_id_length, signature_id_length;
    const unsigned char *order; /* q, little-endian */
    unsigned field_c;           /* of a curve of hogweed's: p = 2^(8 size) - this */
};
extern const struct gost_kind gost_kinds[];
enum { GOST_KINDS = 3 };
const struct gost_kind *gost_kind_of(enum eds_algorithm algorithm); /* NULL: not GOST */

struct gost_key {
    const struct gost_kind *kind;
    bool has_public, has_private;
    unsigned char point[GOST_POINT_MAX];
    unsigned char scalar[GOST_SIZE_MAX];
    struct ecc_point public_point; /* hogweed's; only with kind->curve, as the next two */
    struct ecc_scalar secret;
    struct gost_uses *uses; /* gost_verify.h: changed by verifying, from any thread */
};

void gost_key_init(struct gost_key *key, const struct gost_kind *kind);
void gost_key_release(struct gost_key *key); /* wipes */
/* False: wrong length, a coordinate not below p, or no point of the curve (of the right order). */
bool gost_key_set_public(struct gost_key *key, const unsigned char *point, size_t n);
/* The public half is computed when it is not there, else compared.  False: not from 1 to q - 1, or of another key. */
bool gost_key_set_private(struct gost_key *key, const unsigned char *scalar, size_t n);
bool gost_key_generate(struct gost_key *key);
bool gost_key_copy(struct gost_key *to, const struct gost_key *from, bool with_private);

/* signature: 2 * size bytes.  Digests are kind->hash->digest_size bytes. */
bool gost_sign(const struct gost_key *key, const unsigned char *digest, unsigned char *ret_signature);
bool gost_verify(const struct gost_key *key, const unsigned char *digest, const unsigned char *signature, size_t n);
/* Little-endian bytes of kind->size into a scalar of hogweed's.  Only the answer, whether it is from 1 to q - 1, may decide
 * anything; false leaves it unfit for use. */
bool gost_scalar_set(struct ecc_scalar *scalar, const struct gost_kind *kind, const unsigned char *bytes);
/* A number from 1 to q - 1 by rejection: the system's random bytes hashed with what is secret and what is signed, so that
 * neither a bad source nor a repeated one alone gives the key away.  `accept` says whether it is in range. */
bool gost_nonce(const struct gost_key *key, const unsigned char *digest, bool (*accept)(const unsigned char *number, void *arg),
                void *arg, unsigned char *ret_number);

/* tc26-256-A, which hogweed lacks: the same operations with OpenSSL's EC_GROUP. */
bool gost_openssl_check_public(const unsigned char *point);
bool gost_openssl_public_of(const unsigned char *scalar, unsigned char *ret_point);
bool gost_openssl_sign(const struct gost_key *key, const unsigned char *digest, unsigned char *ret_signature);
bool gost_openssl_verify(const struct gost_key *key, const unsigned char *digest, const unsigned char *signature);

/* ---- DER of keys (gost_der.c) ---- */
enum { GOST_DER_MAX = 320 };
/* SubjectPublicKeyInfo and PrivateKeyInfo; return the length.  Reading: exactly these shapes and nothing after them. */
size_t gost_public_der(const struct gost_key *key, unsigned char ret[GOST_DER_MAX]);
size_t gost_private_der(const struct gost_key *key, unsigned char ret[GOST_DER_MAX]);
bool gost_public_read(struct gost_key *key, const unsigned char *der, size_t n);
bool gost_private_read(struct gost_key *key, const unsigned char *der, size_t n);

#endif
