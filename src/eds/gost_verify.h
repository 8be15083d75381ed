/* SPDX-License-Identifier: Apache-2.0 */
/* Verifying by arithmetic of our own, on hogweed's curves.  Private to eds. */
#ifndef EDS_GOST_VERIFY_H
#define EDS_GOST_VERIFY_H

#include <gmp.h>

#include "eds/gost.h"

struct jacobian;

/* How often a key has been verified with, and multiples of its point once that was often.  For any number of threads. */
struct gost_uses *gost_uses_new(void);
void gost_uses_free(struct gost_uses *uses);

/* What gost_verify does for a curve of hogweed's: the key has a public half, the signature is 2 * size bytes. */
bool gost_verify_fast(const struct gost_key *key, const unsigned char *digest, const unsigned char *signature);
/* of_generator G + of_key Q; the numbers are not negative and below 2^(8 size). */
void gost_multiply(const struct gost_key *key, const mpz_t of_generator, const mpz_t of_key, struct jacobian *ret);

#endif
