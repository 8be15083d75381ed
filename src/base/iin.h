/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The 12-digit identification numbers of Kazakhstan: IIN of a person, BIN of a legal entity.
 *
 * Check digit: weights 1..11 over the first eleven digits, modulo 11; if that gives 10, weights
 * 3..11,1,2; a number whose second pass gives 10 does not exist.  The fifth digit tells the
 * two apart: 0-3 a person, 4-6 a legal entity.  Nothing else is read out of the digits.
 */
#ifndef BASE_IIN_H
#define BASE_IIN_H

#include "base/str.h"

struct iin {
    uint64_t n; /* 0: none */
};
enum iin_kind { IIN_BAD, IIN_PERSON, IIN_COMPANY };

static inline bool iin_equal(struct iin a, struct iin b) { return a.n == b.n; }
static inline bool iin_is_none(struct iin a) { return a.n == 0; }

/* 12 ASCII digits with a right check digit and a fifth digit 0-6; IIN_BAD leaves *ret untouched. */
enum iin_kind iin_parse(struct str s, struct iin *ret);
enum iin_kind iin_kind_of(struct iin iin); /* of a number that was parsed before */
/* The check digit for the first eleven digits, or -1 when no such number exists. */
int iin_check_digit(uint64_t first_eleven);
#define IIN_TEXT 13
const char *iin_format(struct iin iin, char ret[IIN_TEXT]); /* "" for none */

#endif
