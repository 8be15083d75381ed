/* SPDX-License-Identifier: Apache-2.0 */
/* The batch for any processor, and the choice between the two. */
#define KIN_KERNEL      kin_batch_plain
#define KIN_PAIR_KERNEL kin_pairs_plain
#include "kin/mart_kernel.h"

const uint8_t kin_class_of[KIN_DEGREES][4] = {
    /*                     no side, mother, father */
    [KIN_CHILD] = { KIN_CLASS_CHILD, KIN_CLASS_SLOW, KIN_CLASS_SLOW, KIN_CLASS_SLOW },
    [KIN_PARENT] = { KIN_CLASS_PARENT, KIN_CLASS_SLOW, KIN_CLASS_SLOW, KIN_CLASS_SLOW },
    [KIN_SPOUSE] = { KIN_CLASS_SPOUSE, KIN_CLASS_SLOW, KIN_CLASS_SLOW, KIN_CLASS_SLOW },
    [KIN_FULL_SIBLING] = { KIN_CLASS_FULL_SIBLING, KIN_CLASS_SLOW, KIN_CLASS_SLOW, KIN_CLASS_SLOW },
    [KIN_HALF_SIBLING] = { KIN_CLASS_SLOW, KIN_CLASS_HALF_SIBLING_MOTHER, KIN_CLASS_HALF_SIBLING_FATHER, KIN_CLASS_SLOW },
    [KIN_GRANDPARENT] = { KIN_CLASS_SLOW, KIN_CLASS_GRANDPARENT_MOTHER, KIN_CLASS_GRANDPARENT_FATHER, KIN_CLASS_SLOW },
    [KIN_GRANDCHILD] = { KIN_CLASS_SLOW, KIN_CLASS_GRANDCHILD_MOTHER, KIN_CLASS_GRANDCHILD_FATHER, KIN_CLASS_SLOW },
    [KIN_IN_LAW] = { KIN_CLASS_IN_LAW, KIN_CLASS_SLOW, KIN_CLASS_SLOW, KIN_CLASS_SLOW },
};

static bool side_fits(uint8_t degree, uint8_t side)
{
    return degree < KIN_DEGREES && side <= KIN_FATHER && kin_degree_has_side((enum kin_degree)degree) == (side != KIN_SIDE_NONE);
}

uint8_t kin_check_slowly(const struct kin_mart *mart, unsigned scope, const struct kin_check *check)
{
    struct iin applicant, owner;
    if (iin_parse((struct str){ check->applicant, sizeof check->applicant }, &applicant) != IIN_PERSON)
        return KIN_CHECK_BAD_APPLICANT;
    if (iin_parse((struct str){ check->owner, sizeof check->owner }, &owner) != IIN_PERSON)
        return KIN_CHECK_BAD_OWNER;
    if (!side_fits(check->degree, check->side))
        return KIN_CHECK_BAD_DEGREE;
    return kin_mart_check(mart, scope, (enum kin_degree)check->degree, (enum kin_side)check->side, applicant, owner);
}

uint8_t kin_pair_slowly(const struct kin_mart *mart, unsigned scope, const struct kin_pair *pair)
{
    if (!side_fits(pair->degree, pair->side))
        return KIN_CHECK_BAD_DEGREE;
    return kin_mart_check(mart, scope, (enum kin_degree)pair->degree, (enum kin_side)pair->side,
                          kin_mart_iin(mart, pair->applicant), kin_mart_iin(mart, pair->owner));
}

void kin_mart_check_batch(const struct kin_mart *mart, unsigned in_law_scope, const struct kin_check *checks, size_t count,
                          uint8_t *ret)
{
#if defined(__x86_64__)
    if (mart->vectors) {
        kin_batch_avx2(mart, in_law_scope, checks, count, ret);
        return;
    }
#endif
    kin_batch_plain(mart, in_law_scope, checks, count, ret);
}

void kin_check_pairs(const struct kin_mart *mart, unsigned scope, const struct kin_pair *pairs, size_t count, uint8_t *ret)
{
#if defined(__x86_64__)
    if (mart->vectors) {
        kin_pairs_avx2(mart, scope, pairs, count, ret);
        return;
    }
#endif
    kin_pairs_plain(mart, scope, pairs, count, ret);
}
