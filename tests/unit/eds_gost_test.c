/* SPDX-License-Identifier: Apache-2.0 */
/*
 * GOST signatures against libgcrypt, an implementation with nothing in common with ours: what one signs the other accepts, and
 * on every changed or contrived signature both say the same.  TIRKEU_EDS_SIGNATURES: how many (make long: 100,000).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

#include "eds_others.h"

/* ---- agreement ---- */

static bool agreed(int i, const struct gost_key *key, const unsigned char *digest, const unsigned char *signature)
{
    bool ours = gost_verify(key, digest, signature, 2 * key->kind->size);
    assert_int_equal(ours, gcrypt_verify(i, key, digest, signature));
    return ours;
}

/* Every eighth round libgcrypt also looks at what has been changed. */
static void random_round(int i, const struct gost_key *key, bool slowly)
{
    size_t size = key->kind->size;
    unsigned char digest[GOST_SIZE_MAX], changed[GOST_SIZE_MAX], ours[GOST_POINT_MAX], theirs[GOST_POINT_MAX];
    RAND_bytes(digest, (int)size);
    assert_true(gost_sign(key, digest, ours));
    assert_true(agreed(i, key, digest, ours));
    gcrypt_sign(i, key, digest, theirs);
    assert_true(agreed(i, key, digest, theirs));
    assert_memory_not_equal(ours, theirs, 2 * size); /* another nonce */
    memcpy(changed, digest, size);
    flip_some_bit(changed, size);
    flip_some_bit(theirs, 2 * size);
    assert_false(gost_verify(key, changed, ours, 2 * size));
    assert_false(gost_verify(key, digest, theirs, 2 * size));
    if (slowly) {
        assert_false(agreed(i, key, changed, ours));
        assert_false(agreed(i, key, digest, theirs));
    }
}

static long signatures(void)
{
    const char *count = getenv("TIRKEU_EDS_SIGNATURES");
    return count ? strtol(count, NULL, 10) : 1000;
}

static void random_signatures(void **state)
{
    (void)state;
    /* two signatures a round; three of four rounds with the algorithm that people have */
    long rounds = signatures() / 2;
    for (long n = 0; n < rounds;) {
        int i = n / 16 % 4 < 3 ? (int)(n / 16 % 4 == 1) : 2;
        struct gost_key key;
        gost_key_init(&key, &gost_kinds[i]);
        assert_true(gost_key_generate(&key));
        for (int k = 0; k < 16; k++, n++)
            random_round(i, &key, k % 8 == 0);
        gost_key_release(&key);
    }
}

/* Digests, private keys and signatures at the ends of their ranges. */
static void edge_cases(void **state)
{
    (void)state;
    for (int i = 0; i < GOST_KINDS; i++) {
        const struct gost_kind *kind = &gost_kinds[i];
        size_t size = kind->size;
        unsigned char zero[GOST_SIZE_MAX] = { 0 }, one[GOST_SIZE_MAX] = { 1 }, two[GOST_SIZE_MAX] = { 2 }, ones[GOST_SIZE_MAX],
                      q[GOST_SIZE_MAX], below[GOST_SIZE_MAX], above[GOST_SIZE_MAX];
        memset(ones, 0xff, sizeof ones);
        memcpy(q, kind->order, size);
        memcpy(below, q, size);
        below[0]--;
        memcpy(above, q, size);
        above[0]++;
        const unsigned char *const number[] = { zero, one, two, ones, q, below, above };
        const unsigned char *const scalar[] = { one, below };
        for (size_t k = 0; k < sizeof scalar / sizeof *scalar; k++) {
            struct gost_key key;
            unsigned char signature[GOST_POINT_MAX], swapped[GOST_POINT_MAX], contrived[GOST_POINT_MAX];
            gost_key_init(&key, kind);
            assert_true(gost_key_set_private(&key, scalar[k], size));
            for (size_t d = 0; d < sizeof number / sizeof *number; d++) {
                assert_true(gost_sign(&key, number[d], signature));
                assert_true(agreed(i, &key, number[d], signature));
                memcpy(swapped, signature + size, size);
                memcpy(swapped + size, signature, size);
                assert_false(agreed(i, &key, number[d], swapped));
                reversed(signature, 2 * size, swapped); /* the Russian order of bytes */
                assert_false(agreed(i, &key, number[d], swapped));
                for (size_t r = d % 3; r < sizeof number / sizeof *number; r += 3) {
                    memcpy(contrived, number[r], size);
                    memcpy(contrived + size, signature + size, size);
                    assert_false(agreed(i, &key, number[d], contrived));
                    memcpy(contrived, signature, size);
                    memcpy(contrived + size, number[r], size);
                    assert_false(agreed(i, &key, number[d], contrived));
                }
            }
            assert_false(gost_verify(&key, one, signature, 2 * size - 1));
            assert_false(gost_verify(&key, one, signature, 0));
            gost_key_release(&key);
        }
    }
}

static void refused_keys(void **state)
{
    (void)state;
    for (int i = 0; i < GOST_KINDS; i++) {
        const struct gost_kind *kind = &gost_kinds[i];
        size_t size = kind->size;
        unsigned char number[GOST_SIZE_MAX] = { 0 }, point[GOST_POINT_MAX], der[GOST_DER_MAX];
        struct gost_key key, other;
        gost_key_init(&key, kind);
        assert_false(gost_key_set_private(&key, number, size)); /* 0 */
        memcpy(number, kind->order, size);
        assert_false(gost_key_set_private(&key, number, size)); /* q */
        memset(number, 0xff, sizeof number);
        assert_false(gost_key_set_private(&key, number, size));
        assert_true(gost_key_generate(&key));
        assert_false(gost_key_set_private(&key, key.scalar, size - 1));

        gost_key_init(&other, kind);
        memcpy(point, key.point, 2 * size);
        assert_false(gost_key_set_public(&other, point, 2 * size - 1));
        for (size_t bit = 0; bit < 16 * size; bit += 7) { /* off the curve */
            point[bit / 8] ^= (unsigned char)(1u << bit % 8);
            assert_false(gost_key_set_public(&other, point, 2 * size));
            point[bit / 8] ^= (unsigned char)(1u << bit % 8);
        }
        memset(point, 0, sizeof point);
        assert_false(gost_key_set_public(&other, point, 2 * size));
        memset(point, 0xff, sizeof point); /* not below p */
        assert_false(gost_key_set_public(&other, point, 2 * size));

        /* every byte of the head of the DER matters: identifiers, parameters, lengths */
        size_t n = gost_public_der(&key, der);
        assert_true(gost_public_read(&other, der, n));
        assert_false(gost_public_read(&other, der, n - 1));
        assert_false(gost_public_read(&other, der, n + 1));
        for (size_t at = 0; at < n; at++) {
            der[at] ^= 1;
            assert_false(gost_public_read(&other, der, n));
            der[at] ^= 1;
        }
        gost_key_release(&other);
        gost_key_release(&key);
    }
}

/* tc26-256-A has cofactor 4: the point of order 2 lies on the curve and is not of the group. */
static void small_subgroup(void **state)
{
    (void)state;
    static const unsigned char order_two[32] = { 0xaa, 0x4a, 0xa1, 0xe7, 0xdc, 0x75, 0x30, 0xa6, 0x7e, 0xc4, 0x2a,
                                                 0x19, 0x5c, 0xfe, 0x44, 0x87, 0x58, 0xd9, 0x78, 0xd4, 0x44, 0x4b,
                                                 0x97, 0x8e, 0x15, 0xff, 0x95, 0xf5, 0x73, 0xfe, 0x00, 0x01 };
    unsigned char point[64] = { 0 };
    struct gost_key key;
    gost_key_init(&key, gost_kind_of(EDS_GOST_2015_256));
    memcpy(point, order_two, 32);
    assert_false(gost_key_set_public(&key, point, sizeof point));
    gost_key_release(&key);
}

/* Keys through OpenSSL: written, read again, compared, signed with. */
static void keys_of_openssl(void **state)
{
    (void)state;
    static const enum eds_algorithm algorithm[] = { EDS_RSA_SHA256, EDS_GOST_2015_512, EDS_GOST_2015_256, EDS_GOST_2004 };
    for (size_t i = 0; i < sizeof algorithm / sizeof *algorithm; i++) {
        struct err err;
        struct buf pem;
        EVP_PKEY *key, *again, *copy;
        buf_init(&pem, 1 << 16);
        assert_true(eds_key_generate(algorithm[i], &key, &err));
        assert_int_equal(eds_key_algorithm(key), algorithm[i]);
        assert_true(eds_key_write(key, &pem, &err));
        assert_true(eds_key_read(buf_str(&pem), &again, &err));
        assert_int_equal(EVP_PKEY_eq(key, again), 1);
        copy = EVP_PKEY_dup(again);
        assert_non_null(copy);

        unsigned char signature[512];
        size_t n = sizeof signature;
        EVP_MD_CTX *ctx = EVP_MD_CTX_new();
        assert_int_equal(EVP_DigestSignInit(ctx, NULL, eds_key_digest(key), NULL, copy), 1);
        assert_int_equal(EVP_DigestSign(ctx, signature, &n, (const unsigned char *)"text", 4), 1);
        EVP_MD_CTX_reset(ctx);
        assert_int_equal(EVP_DigestVerifyInit(ctx, NULL, eds_key_digest(key), NULL, key), 1);
        assert_int_equal(EVP_DigestVerify(ctx, signature, n, (const unsigned char *)"text", 4), 1);
        EVP_MD_CTX_reset(ctx);
        assert_int_equal(EVP_DigestVerifyInit(ctx, NULL, eds_key_digest(key), NULL, key), 1);
        assert_int_not_equal(EVP_DigestVerify(ctx, signature, n, (const unsigned char *)"test", 4), 1);
        EVP_MD_CTX_free(ctx);
        buf_release(&pem);
        EVP_PKEY_free(key);
        EVP_PKEY_free(again);
        EVP_PKEY_free(copy);
    }
}

/* GOST R 34.11-2012, appendix A, message 1 (the 63 bytes "0123...2"); and the empty message of GOST 34.311-95 with the test
 * S-box. */
static void digests(void **state)
{
    (void)state;
    static const char message[] = "012345678901234567890123456789012345678901234567890123456789012";
    unsigned char digest[EVP_MAX_MD_SIZE];
    size_t n;
    assert_int_equal(EVP_Q_digest(NULL, "1.2.398.3.10.1.3.3", NULL, message, 63, digest, &n), 1);
    assert_int_equal(n, 64);
    static const unsigned char begin512[] = { 0x1b, 0x54, 0xd0, 0x1a, 0x4a, 0xf5, 0xb9, 0xd5 };
    assert_memory_equal(digest, begin512, sizeof begin512);
    assert_int_equal(EVP_Q_digest(NULL, "1.2.398.3.10.1.3.2", NULL, message, 63, digest, &n), 1);
    static const unsigned char begin256[] = { 0x9d, 0x15, 0x1e, 0xef, 0xd8, 0x59, 0x0b, 0x89 };
    assert_int_equal(n, 32);
    assert_memory_equal(digest, begin256, sizeof begin256);
    assert_int_equal(EVP_Q_digest(NULL, "1.2.398.3.10.1.3.1", NULL, "", 0, digest, &n), 1);
    static const unsigned char begin94[] = { 0xce, 0x85, 0xb9, 0x9c, 0xc4, 0x67, 0x52, 0xff };
    assert_int_equal(n, 32);
    assert_memory_equal(digest, begin94, sizeof begin94);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(digests),    cmocka_unit_test(refused_keys),    cmocka_unit_test(small_subgroup),
        cmocka_unit_test(edge_cases), cmocka_unit_test(keys_of_openssl), cmocka_unit_test(random_signatures),
    };
    eds_setup();
    gcrypt_setup();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
