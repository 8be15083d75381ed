/* SPDX-License-Identifier: Apache-2.0 */
/* What the two builds of the batch share: classes of checks, and the way for what does not fit. */
#ifndef KIN_MART_BATCH_H
#define KIN_MART_BATCH_H

#include "kin/mart_impl.h"

/* A degree with its side. */
enum kin_class {
    KIN_CLASS_CHILD,
    KIN_CLASS_PARENT,
    KIN_CLASS_SPOUSE,
    KIN_CLASS_FULL_SIBLING,
    KIN_CLASS_HALF_SIBLING_MOTHER,
    KIN_CLASS_HALF_SIBLING_FATHER,
    KIN_CLASS_GRANDPARENT_MOTHER,
    KIN_CLASS_GRANDPARENT_FATHER,
    KIN_CLASS_GRANDCHILD_MOTHER,
    KIN_CLASS_GRANDCHILD_FATHER,
    KIN_CLASS_IN_LAW,
    KIN_CLASSES,
    KIN_CLASS_SLOW = KIN_CLASSES /* irregular or wrong numbers, and sides that the degree does not have */
};
extern const uint8_t kin_class_of[KIN_DEGREES][4]; /* by degree and side */

/* A check by keys, irregular ones too. */
struct kin_pair {
    uint32_t applicant, owner;
    uint8_t degree, side;
};
/* Like kin_mart_check_batch, by keys that are not 0. */
void kin_check_pairs(const struct kin_mart *mart, unsigned scope, const struct kin_pair *pairs, size_t count, uint8_t *ret);

uint8_t kin_check_slowly(const struct kin_mart *mart, unsigned scope, const struct kin_check *check);
uint8_t kin_pair_slowly(const struct kin_mart *mart, unsigned scope, const struct kin_pair *pair);

void kin_batch_plain(const struct kin_mart *mart, unsigned scope, const struct kin_check *checks, size_t count, uint8_t *ret);
void kin_batch_avx2(const struct kin_mart *mart, unsigned scope, const struct kin_check *checks, size_t count, uint8_t *ret);
void kin_pairs_plain(const struct kin_mart *mart, unsigned scope, const struct kin_pair *pairs, size_t count, uint8_t *ret);
void kin_pairs_avx2(const struct kin_mart *mart, unsigned scope, const struct kin_pair *pairs, size_t count, uint8_t *ret);

#endif
