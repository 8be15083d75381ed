/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Signatures built to stand at an edge of the arithmetic, which random ones never meet: the sum at infinity, the sum that is a
 * doubling, an x that wraps around q or around p, numbers written a second way.  Ours, libgcrypt and hogweed must say the same.
 */
#include "eds_others.h"

#include "eds/gost_curve.h"
#include "eds/gost_verify.h"

struct stage {
    int i; /* index in gost_kinds */
    const struct gost_kind *kind;
    mpz_t q, p; /* p: only of hogweed's curves */
    mpz_t d, k, r, s, e, x, y, t;
};

static void stage_open(struct stage *a, int i)
{
    a->i = i;
    a->kind = &gost_kinds[i];
    mpz_inits(a->q, a->p, a->d, a->k, a->r, a->s, a->e, a->x, a->y, a->t, NULL);
    from_bytes(a->q, a->kind->order, a->kind->size);
    mpz_ui_pow_ui(a->p, 2, 8 * a->kind->size);
    mpz_sub_ui(a->p, a->p, a->kind->field_c);
}

static void stage_close(struct stage *a) { mpz_clears(a->q, a->p, a->d, a->k, a->r, a->s, a->e, a->x, a->y, a->t, NULL); }

/* And a random key. */
static void keyed_open(struct stage *a, int i, struct gost_key *ret)
{
    stage_open(a, i);
    random_number(a->d, a->q);
    key_of_number(ret, a->kind, a->d);
}

static void keyed_close(struct stage *a, struct gost_key *key)
{
    gost_key_release(key);
    stage_close(a);
}

static void to_bytes(const mpz_t number, unsigned char *ret, size_t n)
{
    memset(ret, 0, n);
    assert_true(mpz_sgn(number) >= 0 && mpz_sizeinbase(number, 2) <= 8 * n);
    mpz_export(ret, NULL, -1, 1, 0, 0, number);
}

/* What all say about the signature (r, s) of the digest e. */
static bool agreed(struct stage *a, const struct gost_key *key)
{
    unsigned char digest[GOST_SIZE_MAX], signature[GOST_POINT_MAX];
    size_t size = a->kind->size;
    to_bytes(a->e, digest, size);
    to_bytes(a->r, signature, size);
    to_bytes(a->s, signature + size, size);
    bool ours = gost_verify(key, digest, signature, 2 * size);
    assert_int_equal(ours, gcrypt_verify(a->i, key, digest, signature));
    return ours;
}

/* Often enough for both ways of multiplying. */
static void expect_verdict(struct stage *a, const struct gost_key *key, bool good)
{
    for (int use = 0; use < 6; use++)
        assert_int_equal(agreed(a, key), good);
}

/* x of kG, modulo q. */
static void x_of(const struct gost_kind *kind, const mpz_t k, const mpz_t q, mpz_t ret)
{
    struct gost_key key;
    key_of_number(&key, kind, k);
    from_bytes(ret, key.point, kind->size);
    mpz_mod(ret, ret, q);
    gost_key_release(&key);
}

/* s = r d: the two products cancel each other, there is no x.  With the nonce 0 anybody who has the key could make it. */
static void sum_at_infinity(void **state)
{
    (void)state;
    for (int i = 0; i < GOST_KINDS; i++) {
        struct stage a;
        struct gost_key key;
        keyed_open(&a, i, &key);
        for (int round = 0; round < 4; round++) {
            random_number(a.e, a.q);
            if (round == 0)
                mpz_set_ui(a.r, 1);
            else
                random_number(a.r, a.q);
            mpz_mul(a.s, a.r, a.d);
            mpz_mod(a.s, a.s, a.q);
            expect_verdict(&a, &key, false);
        }
        keyed_close(&a, &key);
    }
}

/* k = -2 r d / e: both products are the same point, the last addition is a doubling; a good signature. */
static void sum_is_a_doubling(void **state)
{
    (void)state;
    for (int i = 0; i < GOST_KINDS; i++) {
        struct stage a;
        struct gost_key key;
        keyed_open(&a, i, &key);
        for (int round = 0; round < 4; round++) {
            random_number(a.k, a.q);
            x_of(a.kind, a.k, a.q, a.r);
            mpz_mul(a.s, a.r, a.d); /* s = r d + k e = -r d */
            mpz_neg(a.s, a.s);
            mpz_mod(a.s, a.s, a.q);
            mpz_invert(a.e, a.k, a.q);
            mpz_mul(a.e, a.e, a.s);
            mpz_mul_2exp(a.e, a.e, 1);
            mpz_mod(a.e, a.e, a.q);
            expect_verdict(&a, &key, true);
            mpz_sub(a.s, a.q, a.s);
            expect_verdict(&a, &key, false);
        }
        keyed_close(&a, &key);
    }
}

/* ---- a given x ---- */

/* y with y^2 = x^3 - 3x + b, b being that of the generator; false: there is none.  p is 3 modulo 4. */
static bool y_of(struct stage *a)
{
    struct gost_key g;
    mpz_t b, power;
    mpz_inits(b, power, NULL);
    mpz_set_ui(a->t, 1);
    key_of_number(&g, a->kind, a->t);
    from_bytes(a->y, g.point, a->kind->size);
    from_bytes(b, g.point + a->kind->size, a->kind->size);
    gost_key_release(&g);
    mpz_mul(b, b, b);
    for (int of_generator = 1; of_generator >= 0; of_generator--) { /* b = y^2 - (x^3 - 3x), then x^3 - 3x + b */
        mpz_t *x = of_generator ? &a->y : &a->x;
        mpz_mul(a->t, *x, *x);
        mpz_sub_ui(a->t, a->t, 3);
        mpz_mul(a->t, a->t, *x);
        if (of_generator)
            mpz_sub(b, b, a->t);
        else
            mpz_add(b, b, a->t);
    }
    mpz_mod(b, b, a->p);
    mpz_add_ui(power, a->p, 1);
    mpz_tdiv_q_2exp(power, power, 2);
    mpz_powm(a->y, b, power, a->p);
    mpz_mul(a->t, a->y, a->y);
    mpz_sub(a->t, a->t, b);
    bool found = mpz_divisible_p(a->t, a->p);
    mpz_clears(b, power, NULL);
    return found;
}

static void point_bytes(const struct stage *a, unsigned char *ret)
{
    to_bytes(a->x, ret, a->kind->size);
    to_bytes(a->y, ret + a->kind->size, a->kind->size);
}

/*
 * A key under which (r, s) of e leads to the point (x, y): Q = (R - s/e G) / (-r/e) = -e/r R + s/r G.  Nobody knows its private
 * number, and nobody needs it to verify.
 */
static void key_leading_to_point(struct stage *a, struct gost_key *ret)
{
    unsigned char bytes[GOST_POINT_MAX];
    const struct field f = field_of(a->kind);
    struct gost_key at_point;
    struct jacobian sum;
    struct affine key;
    mpz_t of_generator, of_point;
    mpz_inits(of_generator, of_point, NULL);
    point_bytes(a, bytes);
    gost_key_init(&at_point, a->kind);
    assert_true(gost_key_set_public(&at_point, bytes, 2 * a->kind->size));
    mpz_invert(a->t, a->r, a->q);
    mpz_mul(of_generator, a->s, a->t);
    mpz_mod(of_generator, of_generator, a->q);
    mpz_mul(of_point, a->e, a->t);
    mpz_neg(of_point, of_point);
    mpz_mod(of_point, of_point, a->q);
    gost_multiply(&at_point, of_generator, of_point, &sum);
    points_to_affine(&f, &sum, 1, &key);
    mp_limb_t *const coordinate[] = { key.x, key.y };
    for (size_t i = 0; i < 2; i++) {
        mpz_import(a->t, (size_t)f.limbs, -1, LIMB_SIZE, 0, 0, coordinate[i]);
        mpz_mod(a->t, a->t, a->p);
        to_bytes(a->t, bytes + i * a->kind->size, a->kind->size);
    }
    gost_key_init(ret, a->kind);
    assert_true(gost_key_set_public(ret, bytes, 2 * a->kind->size));
    gost_key_release(&at_point);
    mpz_clears(of_generator, of_point, NULL);
}

static void expect_at_point(struct stage *a, bool good)
{
    unsigned char digest[GOST_SIZE_MAX], signature[GOST_POINT_MAX];
    struct gost_key key;
    random_number(a->s, a->q);
    random_number(a->e, a->q);
    key_leading_to_point(a, &key);
    expect_verdict(a, &key, good);
    to_bytes(a->e, digest, a->kind->size);
    to_bytes(a->r, signature, a->kind->size);
    to_bytes(a->s, signature + a->kind->size, a->kind->size);
    assert_int_equal(hogweed_verifies(&key, digest, signature), good);
    gost_key_release(&key);
}

/* x from q to p - 1: r is x - q, which is small.  The same r written with q added is refused. */
static void x_wraps_around_q(void **state)
{
    (void)state;
    for (int i = 0; i < GOST_KINDS; i += 2) {
        struct stage a;
        stage_open(&a, i);
        for (unsigned long r = 1, found = 0; found < 4; r++) {
            mpz_add_ui(a.x, a.q, r);
            if (!y_of(&a))
                continue;
            found++;
            mpz_set_ui(a.r, r);
            expect_at_point(&a, true);
            struct gost_key key;
            key_leading_to_point(&a, &key);
            mpz_add(a.r, a.r, a.q);
            expect_verdict(&a, &key, false);
            gost_key_release(&key);
        }
        mpz_sub_ui(a.x, a.p, 1); /* and the largest */
        while (!y_of(&a))
            mpz_sub_ui(a.x, a.x, 1);
        mpz_sub(a.r, a.x, a.q);
        expect_at_point(&a, true);
        stage_close(&a);
    }
}

/* A small x is r itself; p + x - q, which leads to the same residue of p, is not. */
static void x_wraps_around_p(void **state)
{
    (void)state;
    for (int i = 0; i < GOST_KINDS; i += 2) {
        struct stage a;
        stage_open(&a, i);
        for (unsigned long x = 0; x < a.kind->field_c; x += x < 8 ? 1 : 71) {
            mpz_set_ui(a.x, x);
            if (!y_of(&a))
                continue;
            if (x > 0) {
                mpz_set_ui(a.r, x);
                expect_at_point(&a, true);
            }
            mpz_add(a.r, a.p, a.x);
            mpz_sub(a.r, a.r, a.q);
            assert_true(mpz_cmp(a.r, a.q) < 0);
            expect_at_point(&a, false);
        }
        stage_close(&a);
    }
}

/* A coordinate of p or more is another way to write a small one; y = 0 is on no curve of odd order. */
static void points_written_a_second_way(void **state)
{
    (void)state;
    for (int i = 0; i < GOST_KINDS; i += 2) {
        struct stage a;
        struct gost_key key;
        unsigned char bytes[GOST_POINT_MAX];
        stage_open(&a, i);
        size_t size = a.kind->size, seen = 0;
        for (unsigned long x = 0; x < a.kind->field_c; x++) {
            mpz_set_ui(a.x, x);
            if (!y_of(&a))
                continue;
            seen++;
            point_bytes(&a, bytes);
            gost_key_init(&key, a.kind);
            assert_true(gost_key_set_public(&key, bytes, 2 * size));
            mpz_add(a.x, a.x, a.p);
            point_bytes(&a, bytes);
            assert_false(gost_key_set_public(&key, bytes, 2 * size));
            gost_key_release(&key);
        }
        assert_true(seen > a.kind->field_c / 4);
        gost_key_init(&key, a.kind);
        for (int round = 0; round < 50; round++) {
            random_number(a.x, a.p);
            mpz_set_ui(a.y, 0);
            point_bytes(&a, bytes);
            assert_false(gost_key_set_public(&key, bytes, 2 * size));
        }
        gost_key_release(&key);
        stage_close(&a);
    }
}

/* A small s, and the same with q added; and every digest that is 0 modulo q. */
static void numbers_written_a_second_way(void **state)
{
    (void)state;
    for (int i = 0; i < GOST_KINDS; i++) {
        struct stage a;
        struct gost_key key;
        keyed_open(&a, i, &key);
        for (unsigned long s = 1; s < 4; s++) {
            random_number(a.k, a.q);
            x_of(a.kind, a.k, a.q, a.r);
            mpz_mul(a.e, a.r, a.d); /* e = (s - r d) / k */
            mpz_ui_sub(a.e, s, a.e);
            mpz_invert(a.t, a.k, a.q);
            mpz_mul(a.e, a.e, a.t);
            mpz_mod(a.e, a.e, a.q);
            mpz_set_ui(a.s, s);
            expect_verdict(&a, &key, true);
            mpz_add(a.s, a.s, a.q);
            expect_verdict(&a, &key, false);
        }
        mpz_ui_pow_ui(a.t, 2, 8 * a.kind->size);
        unsigned char digest[GOST_SIZE_MAX], signature[GOST_POINT_MAX];
        for (mpz_set_ui(a.e, 0); mpz_cmp(a.e, a.t) < 0; mpz_add(a.e, a.e, a.q)) {
            to_bytes(a.e, digest, a.kind->size);
            assert_true(gost_sign(&key, digest, signature));
            from_bytes(a.r, signature, a.kind->size);
            from_bytes(a.s, signature + a.kind->size, a.kind->size);
            expect_verdict(&a, &key, true);
        }
        keyed_close(&a, &key);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sum_at_infinity),
        cmocka_unit_test(sum_is_a_doubling),
        cmocka_unit_test(x_wraps_around_q),
        cmocka_unit_test(x_wraps_around_p),
        cmocka_unit_test(points_written_a_second_way),
        cmocka_unit_test(numbers_written_a_second_way),
    };
    gcrypt_setup();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
