/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sources of the formulas: D. Bernstein and T. Lange, Explicit-Formulas Database, short Weierstrass curves with a = -3, Jacobian
 * coordinates: dbl-2001-b, madd-2007-bl; simultaneous inversion: P. Montgomery, Math. Comp. 48 (1987), 10.3.1.
 */
#include "eds/gost_curve.h"

typedef mp_limb_t element[LIMBS_MAX];

/* ---- the field: 2^(8 size) is c ---- */

struct field field_of(const struct gost_kind *kind)
{
    return (struct field){ .limbs = (mp_size_t)(kind->size / LIMB_SIZE), .c = kind->field_c };
}

void field_from_bytes(const struct field *f, const unsigned char *bytes, mp_limb_t *ret)
{
    for (mp_size_t i = 0; i < f->limbs; i++) {
        ret[i] = 0;
        for (size_t k = LIMB_SIZE; k-- > 0;)
            ret[i] = ret[i] << 8 | bytes[(size_t)i * LIMB_SIZE + k];
    }
}

static void add(const struct field *f, const mp_limb_t *a, const mp_limb_t *b, mp_limb_t *ret)
{
    mp_limb_t carry = mpn_add_n(ret, a, b, f->limbs);
    while (carry)
        carry = mpn_add_1(ret, ret, f->limbs, f->c);
}

static void subtract(const struct field *f, const mp_limb_t *a, const mp_limb_t *b, mp_limb_t *ret)
{
    mp_limb_t borrow = mpn_sub_n(ret, a, b, f->limbs);
    while (borrow)
        borrow = mpn_sub_1(ret, ret, f->limbs, f->c);
}

/* `wide` is twice as long and is spoilt. */
static void reduce(const struct field *f, mp_limb_t *wide, mp_limb_t *ret)
{
    mp_limb_t over = mpn_addmul_1(wide, wide + f->limbs, f->limbs, f->c);
    mp_limb_t carry = mpn_add_1(ret, wide, f->limbs, over * f->c); /* both are far below the square root of a limb */
    while (carry)
        carry = mpn_add_1(ret, ret, f->limbs, f->c);
}

void field_multiply(const struct field *f, const mp_limb_t *a, const mp_limb_t *b, mp_limb_t *ret)
{
    mp_limb_t wide[2 * LIMBS_MAX];
    mpn_mul_n(wide, a, b, f->limbs);
    reduce(f, wide, ret);
}

void field_square(const struct field *f, const mp_limb_t *a, mp_limb_t *ret)
{
    mp_limb_t wide[2 * LIMBS_MAX];
    mpn_sqr(wide, a, f->limbs);
    reduce(f, wide, ret);
}

static void set(const struct field *f, mp_limb_t *to, const mp_limb_t *from) { mpn_copyi(to, from, f->limbs); }

static void set_one(const struct field *f, mp_limb_t *to)
{
    mpn_zero(to, f->limbs);
    to[0] = 1;
}

/* 0 or p, the only two below 2^(8 size) that are 0. */
bool field_is_zero(const struct field *f, const mp_limb_t *a)
{
    if (mpn_zero_p(a, f->limbs))
        return true;
    element again;
    return mpn_add_1(again, a, f->limbs, f->c) && mpn_zero_p(again, f->limbs);
}

bool field_same(const struct field *f, const mp_limb_t *a, const mp_limb_t *b)
{
    element difference;
    subtract(f, a, b, difference);
    return field_is_zero(f, difference);
}

static void invert(const struct field *f, const mp_limb_t *a, mp_limb_t *ret)
{
    mpz_t prime, number;
    const mp_limb_t c = f->c;
    mpz_init(prime);
    mpz_init(number);
    mpz_setbit(prime, (mp_bitcnt_t)f->limbs * LIMB_SIZE * 8);
    mpz_sub_ui(prime, prime, c);
    mpz_import(number, (size_t)f->limbs, -1, LIMB_SIZE, 0, 0, a);
    if (!mpz_invert(number, number, prime))
        BUG("the inverse of zero");
    mpn_zero(ret, f->limbs);
    mpz_export(ret, NULL, -1, LIMB_SIZE, 0, 0, number);
    mpz_clear(prime);
    mpz_clear(number);
}

/* ---- points ---- */

void point_from_affine(const struct field *f, const struct affine *from, struct jacobian *ret)
{
    set(f, ret->x, from->x);
    set(f, ret->y, from->y);
    set_one(f, ret->z);
}

/* dbl-2001-b; infinity stays what it is. */
void point_double(const struct field *f, struct jacobian *p)
{
    element delta, gamma, beta, alpha, t;
    field_square(f, p->z, delta);
    field_square(f, p->y, gamma);
    field_multiply(f, p->x, gamma, beta);
    subtract(f, p->x, delta, t);
    add(f, p->x, delta, alpha);
    field_multiply(f, t, alpha, t);
    add(f, t, t, alpha);
    add(f, alpha, t, alpha); /* 3 (X - delta) (X + delta) */

    add(f, p->y, p->z, t);
    field_square(f, t, t);
    subtract(f, t, gamma, t);
    subtract(f, t, delta, p->z); /* (Y + Z)^2 - gamma - delta */

    add(f, beta, beta, beta);
    add(f, beta, beta, beta); /* 4 beta */
    field_square(f, alpha, p->x);
    subtract(f, p->x, beta, p->x);
    subtract(f, p->x, beta, p->x); /* alpha^2 - 8 beta */

    subtract(f, beta, p->x, t);
    field_multiply(f, alpha, t, p->y);
    add(f, gamma, gamma, gamma);
    field_square(f, gamma, gamma);
    add(f, gamma, gamma, gamma); /* 8 gamma^2 */
    subtract(f, p->y, gamma, p->y);
}

/* madd-2007-bl with y of q given. */
static void add_affine(const struct field *f, struct jacobian *p, const mp_limb_t *qx, const mp_limb_t *qy)
{
    element zz, h, hh, i, j, r, v, t;
    field_square(f, p->z, zz);
    field_multiply(f, qx, zz, h);
    subtract(f, h, p->x, h); /* U2 - X1 */
    field_multiply(f, p->z, zz, r);
    field_multiply(f, qy, r, r);
    subtract(f, r, p->y, r); /* S2 - Y1 */
    if (field_is_zero(f, h)) {
        if (field_is_zero(f, r))
            point_double(f, p); /* the same point */
        else
            mpn_zero(p->z, f->limbs); /* opposite ones */
        return;
    }
    add(f, r, r, r);
    field_square(f, h, hh);
    add(f, hh, hh, i);
    add(f, i, i, i);
    field_multiply(f, h, i, j);
    field_multiply(f, p->x, i, v);

    add(f, p->z, h, t);
    field_square(f, t, t);
    subtract(f, t, zz, t);
    subtract(f, t, hh, p->z); /* (Z1 + H)^2 - ZZ - HH */

    field_square(f, r, p->x);
    subtract(f, p->x, j, p->x);
    subtract(f, p->x, v, p->x);
    subtract(f, p->x, v, p->x); /* r^2 - J - 2V */

    subtract(f, v, p->x, t);
    field_multiply(f, r, t, t);
    field_multiply(f, p->y, j, j);
    add(f, j, j, j);
    subtract(f, t, j, p->y); /* r (V - X3) - 2 Y1 J */
}

void point_add(const struct field *f, struct jacobian *p, const struct affine *q, bool negative)
{
    element zero = { 0 }, minus;
    const mp_limb_t *y = q->y;
    if (negative) {
        subtract(f, zero, q->y, minus);
        y = minus;
    }
    if (!field_is_zero(f, p->z)) {
        add_affine(f, p, q->x, y);
        return;
    }
    set(f, p->x, q->x);
    set(f, p->y, y);
    set_one(f, p->z);
}

/*
 * 2p has some z; on the isomorphic curve x' = x z^2, y' = y z^3 it has z' = 1, so that all additions of it are the short ones
 * (they use no coefficient of the curve).  On the way back z is multiplied in.
 */
void point_odd_multiples(const struct field *f, const struct jacobian *p, size_t count, struct jacobian *ret)
{
    struct jacobian twice = *p, at = *p;
    struct affine step;
    element scale;
    point_double(f, &twice);
    set(f, step.x, twice.x);
    set(f, step.y, twice.y);
    field_square(f, twice.z, scale);
    field_multiply(f, at.x, scale, at.x);
    field_multiply(f, scale, twice.z, scale);
    field_multiply(f, at.y, scale, at.y);
    for (size_t i = 0; i < count; i++) {
        ret[i] = at;
        field_multiply(f, at.z, twice.z, ret[i].z);
        if (i + 1 < count)
            point_add(f, &at, &step, false);
    }
}

void points_to_affine(const struct field *f, const struct jacobian *from, size_t count, struct affine *ret)
{
    /* ret[i].x holds the product of the z of all before i */
    element all, inverse, one, square;
    set_one(f, all);
    for (size_t i = 0; i < count; i++) {
        set(f, ret[i].x, all);
        field_multiply(f, all, from[i].z, all);
    }
    invert(f, all, inverse);
    for (size_t i = count; i-- > 0;) {
        field_multiply(f, inverse, ret[i].x, one); /* 1 / z of this one */
        field_multiply(f, inverse, from[i].z, inverse);
        field_square(f, one, square);
        field_multiply(f, from[i].x, square, ret[i].x);
        field_multiply(f, square, one, square);
        field_multiply(f, from[i].y, square, ret[i].y);
    }
}
