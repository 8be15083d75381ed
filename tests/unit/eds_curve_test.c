/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Our arithmetic for verifying against hogweed's: products of points, and signatures, good, changed and contrived.  The same keys
 * are used again and again, so that both ways of multiplying are gone.  TIRKEU_EDS_SIGNATURES: how many (make long: 100,000).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>
#include <pthread.h>

#include "eds/gost_curve.h"
#include "eds/gost_verify.h"
#include "eds_others.h"

static const int kinds[] = { 0, 2 }; /* those with a curve of hogweed's */
enum { KINDS = sizeof kinds / sizeof *kinds, USES = 6, THREADS = 4 };

/* ---- products ---- */

/* With Q = dG the sum is (a + bd) G, which hogweed has another way to. */
static void expect_product(const struct gost_key *key, const mpz_t d, const mpz_t a, const mpz_t b, const mpz_t q)
{
    const struct field f = field_of(key->kind);
    struct jacobian point;
    mpz_t sum;
    mpz_init(sum);
    mpz_mul(sum, b, d);
    mpz_add(sum, sum, a);
    mpz_mod(sum, sum, q);
    gost_multiply(key, a, b, &point);
    assert_int_equal(field_is_zero(&f, point.z), mpz_sgn(sum) == 0);
    if (mpz_sgn(sum) != 0) {
        struct gost_key expected;
        struct affine ours, theirs;
        key_of_number(&expected, key->kind, sum);
        points_to_affine(&f, &point, 1, &ours);
        field_from_bytes(&f, expected.point, theirs.x);
        field_from_bytes(&f, expected.point + key->kind->size, theirs.y);
        assert_true(field_same(&f, ours.x, theirs.x) && field_same(&f, ours.y, theirs.y));
        gost_key_release(&expected);
    }
    mpz_clear(sum);
}

/* 0, 1, 2, q - 1, q - 2, the ends of the four parts and random ones: factors of G and of Q for Q = G, -G, 2G and others. */
static void products(void **state)
{
    (void)state;
    enum { NUMBERS = 14 };
    for (int k = 0; k < KINDS; k++) {
        const struct gost_kind *kind = &gost_kinds[kinds[k]];
        mpz_t q, number[NUMBERS];
        mpz_init(q);
        from_bytes(q, kind->order, kind->size);
        for (int i = 0; i < NUMBERS; i++) {
            mpz_init(number[i]);
            if (i < 3)
                mpz_set_ui(number[i], (unsigned long)i);
            else if (i < 5)
                mpz_sub_ui(number[i], q, (unsigned long)(i - 2));
            else if (i < 11)
                mpz_setbit(number[i], kind->size * 8 / 4 * (size_t)(1 + (i - 5) / 2));
            else
                random_number(number[i], q);
            if (i >= 5 && i < 11 && i % 2 == 0)
                mpz_sub_ui(number[i], number[i], 1);
        }
        for (int d = 1; d < NUMBERS; d += 1 + (d > 4)) {
            struct gost_key key;
            key_of_number(&key, kind, number[d]);
            for (int a = 0; a < NUMBERS; a++) {
                for (int b = 0; b < NUMBERS; b++)
                    expect_product(&key, number[d], number[a], number[b], q);
            }
            gost_key_release(&key);
        }
        for (int i = 0; i < NUMBERS; i++)
            mpz_clear(number[i]);
        mpz_clear(q);
    }
}

/* The sum meets infinity, and what is added is what is there already: b = -a/d, and its neighbours. */
static void cancelled(void **state)
{
    (void)state;
    for (int k = 0; k < KINDS; k++) {
        const struct gost_kind *kind = &gost_kinds[kinds[k]];
        mpz_t q, d, a, b;
        mpz_inits(q, d, a, b, NULL);
        from_bytes(q, kind->order, kind->size);
        for (int i = 0; i < 8; i++) {
            struct gost_key key;
            random_number(d, q);
            key_of_number(&key, kind, d);
            for (int use = 0; use < USES; use++) {
                random_number(a, q);
                mpz_invert(b, d, q);
                mpz_mul(b, b, a);
                mpz_mod(b, b, q);
                expect_product(&key, d, a, b, q); /* twice the same point */
                mpz_sub(b, q, b);
                expect_product(&key, d, a, b, q); /* infinity */
                mpz_add_ui(b, b, 1);
                mpz_mod(b, b, q);
                expect_product(&key, d, a, b, q);
            }
            gost_key_release(&key);
        }
        mpz_clears(q, d, a, b, NULL);
    }
}

/* ---- signatures ---- */

static bool agreed(const struct gost_key *key, const unsigned char *digest, const unsigned char *signature)
{
    bool ours = gost_verify_fast(key, digest, signature);
    assert_int_equal(ours, hogweed_verifies(key, digest, signature));
    return ours;
}

static void random_signatures(void **state)
{
    (void)state;
    const char *count = getenv("TIRKEU_EDS_SIGNATURES");
    long rounds = (count ? strtol(count, NULL, 10) : 600) / 2;
    for (long n = 0; n < rounds;) {
        const struct gost_kind *kind = &gost_kinds[kinds[n / USES % 4 == 3]];
        struct gost_key key;
        gost_key_init(&key, kind);
        assert_true(gost_key_generate(&key));
        for (int use = 0; use < USES; use++, n++) {
            unsigned char digest[GOST_SIZE_MAX], signature[GOST_POINT_MAX];
            RAND_bytes(digest, sizeof digest);
            assert_true(gost_sign(&key, digest, signature));
            assert_true(agreed(&key, digest, signature));
            flip_some_bit(n % 2 ? digest : signature, n % 2 ? kind->size : 2 * kind->size);
            assert_false(agreed(&key, digest, signature));
        }
        gost_key_release(&key);
    }
}

/* r and s of 0, 1, q - 1, q, q + 1 and all ones; digests likewise; Q = G and -G. */
static void contrived_signatures(void **state)
{
    (void)state;
    enum { NUMBERS = 6 };
    for (int k = 0; k < KINDS; k++) {
        const struct gost_kind *kind = &gost_kinds[kinds[k]];
        unsigned char number[NUMBERS][GOST_SIZE_MAX] = { { 0 }, { 1 } }, signature[GOST_POINT_MAX];
        memset(number[2], 0xff, kind->size);
        for (int i = 3; i < NUMBERS; i++)
            memcpy(number[i], kind->order, kind->size);
        number[3][0]--;
        number[5][0]++;
        for (int d = 1; d <= 3; d += 2) {
            struct gost_key key;
            gost_key_init(&key, kind);
            assert_true(gost_key_set_private(&key, number[d], kind->size));
            for (int i = 0; i < NUMBERS * NUMBERS * NUMBERS; i++) {
                memcpy(signature, number[i % NUMBERS], kind->size);
                memcpy(signature + kind->size, number[i / NUMBERS % NUMBERS], kind->size);
                agreed(&key, number[i / NUMBERS / NUMBERS], signature);
            }
            for (int e = 0; e < NUMBERS; e++) {
                assert_true(gost_sign(&key, number[e], signature));
                assert_true(agreed(&key, number[e], signature));
            }
            gost_key_release(&key);
        }
    }
}

/* C = G has an x of a few units.  r = x + p - q would be that x, too, if r + q might be taken modulo p; it is not x modulo q. */
static void number_beyond_the_field(void **state)
{
    (void)state;
    for (int k = 0; k < KINDS; k++) {
        const struct gost_kind *kind = &gost_kinds[kinds[k]];
        unsigned char digest[GOST_SIZE_MAX] = { 7 }, right[GOST_POINT_MAX] = { 0 }, wrong[GOST_POINT_MAX] = { 0 };
        struct gost_key generator, key;
        mpz_t one, p, q, d, r, s;
        mpz_inits(one, p, q, d, r, s, NULL);
        from_bytes(q, kind->order, kind->size);
        mpz_setbit(p, 8 * kind->size);
        mpz_sub_ui(p, p, kind->field_c);
        mpz_set_ui(one, 1);
        mpz_set_ui(d, 12345);
        key_of_number(&generator, kind, one);
        key_of_number(&key, kind, d);
        from_bytes(r, generator.point, kind->size);
        assert_true(mpz_cmp_ui(r, kind->field_c) < 0);
        for (int beyond = 0; beyond < 2; beyond++) { /* s = rd + ke with k = 1, e = 7 */
            unsigned char *signature = beyond ? wrong : right;
            mpz_mul(s, r, d);
            mpz_add_ui(s, s, 7);
            mpz_mod(s, s, q);
            mpz_export(signature, NULL, -1, 1, 0, 0, r);
            mpz_export(signature + kind->size, NULL, -1, 1, 0, 0, s);
            mpz_add(r, r, p);
            mpz_sub(r, r, q);
        }
        assert_true(agreed(&key, digest, right));
        assert_false(agreed(&key, digest, wrong));
        mpz_clears(one, p, q, d, r, s, NULL);
        gost_key_release(&generator);
        gost_key_release(&key);
    }
}

/* One key, many threads: the multiples are made once, and all see a good signature as good and a bad one as bad. */
struct shared {
    const struct gost_key *key;
    unsigned char digest[GOST_SIZE_MAX], signature[GOST_POINT_MAX], wrong[GOST_POINT_MAX];
};

static void *verify_often(void *from)
{
    const struct shared *shared = from;
    intptr_t failures = 0;
    for (int i = 0; i < 20; i++)
        failures += !gost_verify_fast(shared->key, shared->digest, shared->signature) ||
                    gost_verify_fast(shared->key, shared->digest, shared->wrong);
    return (void *)failures;
}

static void threads(void **state)
{
    (void)state;
    for (int i = 0; i < 5; i++) {
        struct gost_key key;
        struct shared shared = { .key = &key, .digest = { 1, 2, 3 } };
        pthread_t thread[THREADS];
        gost_key_init(&key, &gost_kinds[0]);
        assert_true(gost_key_generate(&key));
        assert_true(gost_sign(&key, shared.digest, shared.signature));
        memcpy(shared.wrong, shared.signature, sizeof shared.wrong);
        flip_some_bit(shared.wrong, sizeof shared.wrong);
        for (int t = 0; t < THREADS; t++)
            assert_int_equal(pthread_create(&thread[t], NULL, verify_often, &shared), 0);
        for (int t = 0; t < THREADS; t++) {
            void *failures;
            assert_int_equal(pthread_join(thread[t], &failures), 0);
            assert_null(failures);
        }
        gost_key_release(&key);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(products),
        cmocka_unit_test(cancelled),
        cmocka_unit_test(contrived_signatures),
        cmocka_unit_test(number_beyond_the_field),
        cmocka_unit_test(random_signatures),
        cmocka_unit_test(threads),
    };
    eds_setup();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
