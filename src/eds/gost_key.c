/* SPDX-License-Identifier: Apache-2.0 */
#include "eds/gost_verify.h"

#include <nettle/gostdsa.h>
#include <openssl/crypto.h>
#include <openssl/rand.h>
#include <openssl/sha.h>

enum { LIMB = sizeof(mp_limb_t), LIMBS_MAX = GOST_SIZE_MAX / LIMB + 1 };

/* ---- numbers: little-endian bytes, GMP integers, limbs ---- */

static void number_from_bytes(mpz_t number, const unsigned char *bytes, size_t n) { mpz_import(number, n, -1, 1, 0, 0, bytes); }

static void number_to_bytes(const mpz_t number, unsigned char *ret, size_t n)
{
    memset(ret, 0, n);
    mpz_export(ret, NULL, -1, 1, 0, 0, number);
}

static void limbs_to_bytes(const mp_limb_t *limbs, unsigned char *ret, size_t n)
{
    for (size_t i = 0; i < n; i++)
        ret[i] = (unsigned char)(limbs[i / LIMB] >> (8 * (i % LIMB)));
}

static void scalar_release(struct ecc_scalar *scalar)
{
    OPENSSL_cleanse(scalar->p, (size_t)ecc_size(scalar->ecc) * LIMB);
    ecc_scalar_clear(scalar);
}

/* ---- keys ---- */

void gost_key_init(struct gost_key *key, const struct gost_kind *kind)
{
    memset(key, 0, sizeof *key);
    key->kind = kind;
    if (kind->curve) {
        ecc_point_init(&key->public_point, kind->curve());
        ecc_scalar_init(&key->secret, kind->curve());
        key->uses = gost_uses_new();
    }
}

void gost_key_release(struct gost_key *key)
{
    if (key->kind->curve) {
        ecc_point_clear(&key->public_point);
        scalar_release(&key->secret);
        gost_uses_free(key->uses);
    }
    OPENSSL_cleanse(key, sizeof *key);
}

static bool point_set(struct ecc_point *point, const unsigned char *bytes, size_t size)
{
    mpz_t x, y;
    mpz_init(x);
    mpz_init(y);
    number_from_bytes(x, bytes, size);
    number_from_bytes(y, bytes + size, size);
    bool on_curve = ecc_point_set(point, x, y);
    mpz_clear(x);
    mpz_clear(y);
    return on_curve;
}

static void point_get(const struct ecc_point *point, unsigned char *ret, size_t size)
{
    mpz_t x, y;
    mpz_init(x);
    mpz_init(y);
    ecc_point_get(point, x, y);
    number_to_bytes(x, ret, size);
    number_to_bytes(y, ret + size, size);
    mpz_clear(x);
    mpz_clear(y);
}

/* hogweed's curves have cofactor 1: a point of the curve has the right order. */
bool gost_key_set_public(struct gost_key *key, const unsigned char *point, size_t n)
{
    if (n != 2 * key->kind->size)
        return false;
    if (!(key->kind->curve ? point_set(&key->public_point, point, key->kind->size) : gost_openssl_check_public(point)))
        return false;
    memcpy(key->point, point, n);
    key->has_public = true;
    return true;
}

static bool public_of_secret(const struct gost_key *key, const unsigned char *scalar, unsigned char *ret_point)
{
    if (!key->kind->curve)
        return gost_openssl_public_of(scalar, ret_point);
    struct ecc_point point;
    ecc_point_init(&point, key->kind->curve());
    ecc_point_mul_g(&point, &key->secret);
    point_get(&point, ret_point, key->kind->size);
    ecc_point_clear(&point);
    return true;
}

bool gost_key_set_private(struct gost_key *key, const unsigned char *scalar, size_t n)
{
    unsigned char point[GOST_POINT_MAX];
    if (n != key->kind->size || (key->kind->curve && !gost_scalar_set(&key->secret, key->kind, scalar)) ||
        !public_of_secret(key, scalar, point))
        return false;
    if (key->has_public ? memcmp(point, key->point, 2 * n) != 0 : !gost_key_set_public(key, point, 2 * n))
        return false;
    memcpy(key->scalar, scalar, n);
    key->has_private = true;
    return true;
}

bool gost_key_generate(struct gost_key *key)
{
    unsigned char scalar[GOST_SIZE_MAX];
    bool made = false;
    for (int i = 0; i < 100 && !made; i++) {
        if (RAND_priv_bytes(scalar, (int)key->kind->size) != 1)
            break;
        made = gost_key_set_private(key, scalar, key->kind->size);
    }
    OPENSSL_cleanse(scalar, sizeof scalar);
    return made;
}

bool gost_key_copy(struct gost_key *to, const struct gost_key *from, bool with_private)
{
    size_t size = from->kind->size;
    gost_key_init(to, from->kind);
    bool fine = (!from->has_public || gost_key_set_public(to, from->point, 2 * size)) &&
                (!with_private || !from->has_private || gost_key_set_private(to, from->scalar, size));
    if (!fine)
        gost_key_release(to);
    return fine;
}

/* ---- signatures ---- */

bool gost_nonce(const struct gost_key *key, const unsigned char *digest, bool (*accept)(const unsigned char *number, void *arg),
                void *arg, unsigned char *ret_number)
{
    /* random || private number || digest, hashed: SHA-512 gives at least as many bytes as any order needs */
    unsigned char seed[3 * GOST_SIZE_MAX], number[SHA512_DIGEST_LENGTH];
    bool found = false;
    for (int i = 0; i < 100 && !found; i++) {
        memset(seed, 0, sizeof seed);
        if (RAND_priv_bytes(seed, GOST_SIZE_MAX) != 1)
            break;
        memcpy(seed + GOST_SIZE_MAX, key->scalar, key->kind->size);
        memcpy(seed + 2 * (size_t)GOST_SIZE_MAX, digest, key->kind->hash->digest_size);
        SHA512(seed, sizeof seed, number);
        found = accept(number, arg);
    }
    if (found)
        memcpy(ret_number, number, key->kind->size);
    OPENSSL_cleanse(seed, sizeof seed);
    OPENSSL_cleanse(number, sizeof number);
    return found;
}

struct nonce {
    const struct gost_kind *kind;
    struct ecc_scalar scalar;
};

static bool into_scalar(const unsigned char *number, void *arg)
{
    struct nonce *nonce = arg;
    return gost_scalar_set(&nonce->scalar, nonce->kind, number);
}

static bool all_zero(const mp_limb_t *limbs, size_t n)
{
    mp_limb_t any = 0;
    for (size_t i = 0; i < n; i++)
        any |= limbs[i];
    return any == 0;
}

/* The only digest but zero that is 0 modulo an order of full length is the order itself, and hogweed looks for 0 before it
 * reduces.  The standard takes 1 in place of 0. */
static const unsigned char *reduced(const struct gost_kind *kind, const unsigned char *digest)
{
    static const unsigned char one[GOST_SIZE_MAX] = { 1 };
    return memcmp(digest, kind->order, kind->size) == 0 ? one : digest;
}

bool gost_sign(const struct gost_key *key, const unsigned char *digest, unsigned char *ret_signature)
{
    const struct gost_kind *kind = key->kind;
    if (!key->has_private)
        return false;
    if (!kind->curve)
        return gost_openssl_sign(key, digest, ret_signature);

    const struct ecc_curve *curve = kind->curve();
    struct nonce nonce = { .kind = kind };
    mp_limb_t r[LIMBS_MAX] = { 0 }, s[LIMBS_MAX] = { 0 };
    unsigned char number[GOST_SIZE_MAX];
    size_t limbs = (size_t)ecc_size(curve), room = (size_t)ecc_gostdsa_sign_itch(curve) * LIMB;
    mp_limb_t *scratch = mem_alloc(room);
    ecc_scalar_init(&nonce.scalar, curve);
    bool fine;
    do {
        fine = gost_nonce(key, digest, into_scalar, &nonce, number);
        if (fine)
            ecc_gostdsa_sign(curve, key->secret.p, nonce.scalar.p, kind->hash->digest_size, reduced(kind, digest), r, s, scratch);
    } while (fine && (all_zero(r, limbs) || all_zero(s, limbs)));
    if (fine) {
        limbs_to_bytes(r, ret_signature, kind->size);
        limbs_to_bytes(s, ret_signature + kind->size, kind->size);
    }
    scalar_release(&nonce.scalar);
    OPENSSL_cleanse(number, sizeof number);
    OPENSSL_cleanse(scratch, room);
    free(scratch);
    return fine;
}

bool gost_verify(const struct gost_key *key, const unsigned char *digest, const unsigned char *signature, size_t n)
{
    const struct gost_kind *kind = key->kind;
    if (!key->has_public || n != 2 * kind->size)
        return false;
    return kind->curve ? gost_verify_fast(key, digest, signature) : gost_openssl_verify(key, digest, signature);
}
