/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Arithmetic of the curves y^2 = x^3 - 3x + b over p = 2^(8 size) - c, for what is public only: it takes different time for
 * different numbers.  Verifying stands on it; secrets are hogweed's.  Private to eds.
 *
 * Field elements are limbs, least significant first, kept below 2^(8 size) and not always below p.
 */
#ifndef EDS_GOST_CURVE_H
#define EDS_GOST_CURVE_H

#include <gmp.h>

#include "eds/gost.h"

enum { LIMB_SIZE = sizeof(mp_limb_t), LIMBS_MAX = GOST_SIZE_MAX / LIMB_SIZE };

struct field {
    mp_size_t limbs;
    mp_limb_t c; /* p = 2^(8 size) - c */
};
struct affine {
    mp_limb_t x[LIMBS_MAX], y[LIMBS_MAX];
};
/* x / z^2, y / z^3; z = 0: the point at infinity. */
struct jacobian {
    mp_limb_t x[LIMBS_MAX], y[LIMBS_MAX], z[LIMBS_MAX];
};

struct field field_of(const struct gost_kind *kind);
void field_from_bytes(const struct field *f, const unsigned char *bytes, mp_limb_t *ret);
void field_multiply(const struct field *f, const mp_limb_t *a, const mp_limb_t *b, mp_limb_t *ret);
void field_square(const struct field *f, const mp_limb_t *a, mp_limb_t *ret);
bool field_same(const struct field *f, const mp_limb_t *a, const mp_limb_t *b);
bool field_is_zero(const struct field *f, const mp_limb_t *a);

void point_from_affine(const struct field *f, const struct affine *from, struct jacobian *ret);
void point_double(const struct field *f, struct jacobian *p);
/* p + q, or p - q; all cases, also equal, opposite and infinite ones. */
void point_add(const struct field *f, struct jacobian *p, const struct affine *q, bool negative);
/* The odd multiples p, 3p, 5p ... (2 count - 1)p. */
void point_odd_multiples(const struct field *f, const struct jacobian *p, size_t count, struct jacobian *ret);
/* All of them with z = 1, by one inversion; none may be at infinity. */
void points_to_affine(const struct field *f, const struct jacobian *from, size_t count, struct affine *ret);

#endif
