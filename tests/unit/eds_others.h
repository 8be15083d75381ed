/* SPDX-License-Identifier: Apache-2.0 */
/* Two other implementations of GOST signatures, which ours is held against: libgcrypt's and hogweed's. */
#ifndef TESTS_EDS_OTHERS_H
#define TESTS_EDS_OTHERS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>
#include <gcrypt.h>
#include <gmp.h>
#include <nettle/dsa.h>
#include <nettle/gostdsa.h>
#include <openssl/rand.h>

#include "eds/gost.h"

/* ---- numbers: little-endian bytes and GMP's ---- */

static inline void from_bytes(mpz_t number, const unsigned char *bytes, size_t n) { mpz_import(number, n, -1, 1, 0, 0, bytes); }

static inline void random_number(mpz_t number, const mpz_t q)
{
    unsigned char bytes[GOST_SIZE_MAX];
    RAND_bytes(bytes, sizeof bytes);
    from_bytes(number, bytes, sizeof bytes);
    mpz_mod(number, number, q);
}

static inline void reversed(const unsigned char *from, size_t n, unsigned char *to)
{
    for (size_t i = 0; i < n; i++)
        to[i] = from[n - 1 - i];
}

static inline void flip_some_bit(unsigned char *bytes, size_t n)
{
    uint32_t random;
    RAND_bytes((unsigned char *)&random, sizeof random);
    bytes[random / 8 % n] ^= (unsigned char)(1u << random % 8);
}

static inline void key_of_number(struct gost_key *key, const struct gost_kind *kind, const mpz_t d)
{
    unsigned char scalar[GOST_SIZE_MAX] = { 0 };
    mpz_export(scalar, NULL, -1, 1, 0, 0, d);
    gost_key_init(key, kind);
    assert_true(gost_key_set_private(key, scalar, kind->size));
}

/* ---- libgcrypt ---- */

static inline void gcrypt_setup(void)
{
    gcry_check_version(NULL);
    gcry_control(GCRYCTL_DISABLE_SECMEM, 0);
    gcry_control(GCRYCTL_INITIALIZATION_FINISHED, 0);
}

/* By index in gost_kinds. */
static const char *const gcrypt_curve[GOST_KINDS] = { "GOST2012-512-tc26-A", "GOST2012-256-A", "GOST2001-CryptoPro-A" };

static inline gcry_sexp_t gcrypt_digest(const struct gost_kind *kind, const unsigned char *digest)
{
    unsigned char big[GOST_SIZE_MAX];
    gcry_sexp_t data;
    reversed(digest, kind->size, big);
    assert_int_equal(gcry_sexp_build(&data, NULL, "(data (flags gost) (value %b))", (int)kind->size, big), 0);
    return data;
}

static inline bool gcrypt_verify(int i, const struct gost_key *key, const unsigned char *digest, const unsigned char *signature)
{
    const struct gost_kind *kind = key->kind;
    size_t size = kind->size;
    unsigned char q[1 + GOST_POINT_MAX], r[GOST_SIZE_MAX], s[GOST_SIZE_MAX];
    gcry_sexp_t public_key, value, data = gcrypt_digest(kind, digest);
    q[0] = 4;
    reversed(key->point, size, q + 1);
    reversed(key->point + size, size, q + 1 + size);
    reversed(signature, size, r);
    reversed(signature + size, size, s);
    assert_int_equal(
        gcry_sexp_build(&public_key, NULL, "(public-key (ecc (curve %s) (q %b)))", gcrypt_curve[i], (int)(1 + 2 * size), q), 0);
    assert_int_equal(gcry_sexp_build(&value, NULL, "(sig-val (gost (r %b) (s %b)))", (int)size, r, (int)size, s), 0);
    bool good = gcry_pk_verify(value, data, public_key) == 0;
    gcry_sexp_release(public_key);
    gcry_sexp_release(value);
    gcry_sexp_release(data);
    return good;
}

static inline void take_number(gcry_sexp_t from, const char *name, size_t size, unsigned char *ret)
{
    unsigned char big[GOST_SIZE_MAX] = { 0 };
    gcry_sexp_t token = gcry_sexp_find_token(from, name, 0);
    gcry_mpi_t number = gcry_sexp_nth_mpi(token, 1, GCRYMPI_FMT_USG);
    size_t n;
    assert_int_equal(gcry_mpi_print(GCRYMPI_FMT_USG, big, sizeof big, &n, number), 0);
    memset(ret, 0, size);
    reversed(big, n, ret);
    gcry_mpi_release(number);
    gcry_sexp_release(token);
}

static inline void gcrypt_sign(int i, const struct gost_key *key, const unsigned char *digest, unsigned char *ret)
{
    const struct gost_kind *kind = key->kind;
    size_t size = kind->size;
    unsigned char q[1 + GOST_POINT_MAX], d[GOST_SIZE_MAX];
    gcry_sexp_t private_key, value, data = gcrypt_digest(kind, digest);
    q[0] = 4;
    reversed(key->point, size, q + 1);
    reversed(key->point + size, size, q + 1 + size);
    reversed(key->scalar, size, d);
    assert_int_equal(gcry_sexp_build(&private_key, NULL, "(private-key (ecc (curve %s) (q %b) (d %b)))", gcrypt_curve[i],
                                     (int)(1 + 2 * size), q, (int)size, d),
                     0);
    assert_int_equal(gcry_pk_sign(&value, data, private_key), 0);
    take_number(value, "r", size, ret);
    take_number(value, "s", size, ret + size);
    gcry_sexp_release(private_key);
    gcry_sexp_release(value);
    gcry_sexp_release(data);
}

/* ---- hogweed: only with kind->curve ---- */

static inline bool hogweed_verifies(const struct gost_key *key, const unsigned char *digest, const unsigned char *signature)
{
    const struct gost_kind *kind = key->kind;
    static const unsigned char one[GOST_SIZE_MAX] = { 1 };
    struct dsa_signature pair;
    dsa_signature_init(&pair);
    from_bytes(pair.r, signature, kind->size);
    from_bytes(pair.s, signature + kind->size, kind->size);
    /* hogweed does not take 1 for a digest that is 0 modulo q when it is q itself */
    bool good =
        gostdsa_verify(&key->public_point, kind->size, memcmp(digest, kind->order, kind->size) == 0 ? one : digest, &pair) == 1;
    dsa_signature_clear(&pair);
    return good;
}

#endif
