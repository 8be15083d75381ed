/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Secret numbers come in: all of their bytes are looked at, whatever they are.  hogweed's own way, through GMP's integers, drops
 * leading zeros and stops comparing at the first limb that differs.
 */
#include "eds/gost.h"

#include <gmp.h>
#include <openssl/crypto.h>

enum { LIMB = sizeof(mp_limb_t), LIMBS_MAX = GOST_SIZE_MAX / LIMB };

static void limbs_from_bytes(mp_limb_t *limbs, const unsigned char *bytes, size_t n)
{
    memset(limbs, 0, n);
    for (size_t i = 0; i < n; i++)
        limbs[i / LIMB] |= (mp_limb_t)bytes[i] << (8 * (i % LIMB));
}

bool gost_scalar_set(struct ecc_scalar *scalar, const struct gost_kind *kind, const unsigned char *bytes)
{
    mp_limb_t q[LIMBS_MAX], difference[LIMBS_MAX];
    mp_size_t limbs = (mp_size_t)(kind->size / LIMB);
    limbs_from_bytes(q, kind->order, kind->size);
    limbs_from_bytes(scalar->p, bytes, kind->size);
    mp_limb_t any = 0;
    for (mp_size_t i = 0; i < limbs; i++)
        any |= scalar->p[i];
    bool below = mpn_sub_n(difference, scalar->p, q, limbs) != 0;
    OPENSSL_cleanse(difference, sizeof difference);
    return (any != 0) & below;
}
