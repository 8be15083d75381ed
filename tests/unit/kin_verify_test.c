/* SPDX-License-Identifier: Apache-2.0 */
/* Every degree over a small family given as rows: the proof, and what is said to be missing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "kin/kin.h"

/* Persons are small numbers; 0 is nobody. */
struct birth_row {
    uint64_t child, mother, father;
};
struct marriage_row {
    uint64_t husband, wife;
    enum tri ended;
};
static const struct birth_row births[] = {
    { 1, 11, 12 },  /* the applicant */
    { 2, 11, 12 },  /* full sibling */
    { 3, 11, 13 },  /* half sibling by the mother */
    { 4, 0, 12 },   /* mother not on record */
    { 11, 21, 22 }, /* the mother: grandparents 21, 22 */
    { 31, 41, 42 }, /* the spouse of 30 */
    { 32, 41, 42 }, /* sibling of the spouse */
    { 33, 31, 0 },  /* child of the spouse */
    { 5, 1, 6 },    /* child of the applicant */
};
static const struct marriage_row marriages[] = {
    { 12, 11, TRI_NO }, { 30, 31, TRI_NO }, { 50, 51, TRI_YES },     { 60, 61, TRI_NO },
    { 70, 71, TRI_NO }, { 70, 72, TRI_NO }, { 80, 81, TRI_UNKNOWN },
};
static const uint64_t dead[] = { 21, 61 };

struct family {
    bool births_silent, unasked;
};

static enum kin_reply birth_of(void *context, struct iin child, struct day day, struct kin_birth *ret)
{
    const struct family *f = context;
    (void)day;
    if (f->unasked)
        return KIN_UNASKED;
    if (f->births_silent)
        return KIN_SILENT;
    for (size_t i = 0; i < sizeof births / sizeof births[0]; i++) {
        if (births[i].child == child.n) {
            *ret = (struct kin_birth){ child, { births[i].mother }, { births[i].father }, STR("b") };
            return KIN_HELD;
        }
    }
    return KIN_NOTHING;
}

static enum kin_reply marriage_of(void *context, struct iin person, int index, struct day day, struct kin_marriage *ret)
{
    const struct family *f = context;
    (void)day;
    if (f->unasked)
        return KIN_UNASKED;
    for (size_t i = 0; i < sizeof marriages / sizeof marriages[0]; i++) {
        if (marriages[i].husband != person.n && marriages[i].wife != person.n)
            continue;
        if (index-- > 0)
            continue;
        *ret = (struct kin_marriage){ { marriages[i].husband }, { marriages[i].wife }, STR("m"), marriages[i].ended };
        return KIN_HELD;
    }
    return KIN_NOTHING;
}

static enum tri alive_on(void *context, struct iin person, struct day day, bool *ret_unasked)
{
    (void)context, (void)day, (void)ret_unasked;
    for (size_t i = 0; i < sizeof dead / sizeof dead[0]; i++) {
        if (dead[i] == person.n)
            return TRI_NO;
    }
    return TRI_YES;
}

static const struct row {
    uint64_t a, b;
    enum kin_degree degree;
    enum kin_side side;
    enum tri expected;
    int persons, acts;             /* of the proof */
    enum kin_missing_code missing; /* the first one */
} rows[] = {
    { 1, 11, KIN_CHILD, KIN_SIDE_NONE, TRI_YES, 2, 1, 0 },
    { 1, 12, KIN_CHILD, KIN_SIDE_NONE, TRI_YES, 2, 1, 0 },
    { 1, 2, KIN_CHILD, KIN_SIDE_NONE, TRI_NO, 0, 0, KIN_NOT_SO_BY_THE_ACTS },
    { 12, 1, KIN_CHILD, KIN_SIDE_NONE, TRI_NO, 0, 0, KIN_NO_BIRTH_ACT },
    { 4, 11, KIN_CHILD, KIN_SIDE_NONE, TRI_NO, 0, 0, KIN_NO_MOTHER_ON_RECORD },
    { 11, 1, KIN_PARENT, KIN_SIDE_NONE, TRI_YES, 2, 1, 0 },
    { 13, 1, KIN_PARENT, KIN_SIDE_NONE, TRI_NO, 0, 0, KIN_NOT_SO_BY_THE_ACTS },
    { 12, 11, KIN_SPOUSE, KIN_SIDE_NONE, TRI_YES, 2, 1, 0 },
    { 11, 12, KIN_SPOUSE, KIN_SIDE_NONE, TRI_YES, 2, 1, 0 },
    { 50, 51, KIN_SPOUSE, KIN_SIDE_NONE, TRI_NO, 0, 0, KIN_MARRIAGE_ENDED },
    { 60, 61, KIN_SPOUSE, KIN_SIDE_NONE, TRI_NO, 0, 0, KIN_SPOUSE_NOT_ALIVE },
    { 1, 2, KIN_SPOUSE, KIN_SIDE_NONE, TRI_NO, 0, 0, KIN_NO_MARRIAGE_ACT },
    { 12, 1, KIN_SPOUSE, KIN_SIDE_NONE, TRI_NO, 0, 0, KIN_NO_MARRIAGE_ACT }, /* married to 11: no life is looked at for that */
    { 80, 81, KIN_SPOUSE, KIN_SIDE_NONE, TRI_UNKNOWN, 0, 0, 0 },
    { 1, 2, KIN_FULL_SIBLING, KIN_SIDE_NONE, TRI_YES, 4, 1, 0 },
    { 1, 3, KIN_FULL_SIBLING, KIN_SIDE_NONE, TRI_NO, 0, 0, KIN_NOT_SO_BY_THE_ACTS },
    { 1, 4, KIN_FULL_SIBLING, KIN_SIDE_NONE, TRI_NO, 0, 0, KIN_NO_MOTHER_ON_RECORD },
    { 1, 3, KIN_HALF_SIBLING, KIN_MOTHER, TRI_YES, 3, 1, 0 },
    { 1, 3, KIN_HALF_SIBLING, KIN_FATHER, TRI_NO, 0, 0, KIN_NOT_SO_BY_THE_ACTS },
    { 21, 1, KIN_GRANDPARENT, KIN_MOTHER, TRI_YES, 3, 1, 0 },
    { 21, 1, KIN_GRANDPARENT, KIN_FATHER, TRI_NO, 0, 0, KIN_NO_BIRTH_ACT },
    { 1, 22, KIN_GRANDCHILD, KIN_MOTHER, TRI_YES, 3, 1, 0 },
    { 5, 12, KIN_GRANDCHILD, KIN_MOTHER, TRI_YES, 3, 1, 0 },
    { 33, 30, KIN_IN_LAW, KIN_SIDE_NONE, TRI_YES, 3, 2, 0 },
    { 41, 30, KIN_IN_LAW, KIN_SIDE_NONE, TRI_YES, 3, 2, 0 },
    { 32, 30, KIN_IN_LAW, KIN_SIDE_NONE, TRI_YES, 5, 2, 0 },
    { 31, 30, KIN_IN_LAW, KIN_SIDE_NONE, TRI_NO, 0, 0, KIN_NOT_SO_BY_THE_ACTS },
    { 32, 50, KIN_IN_LAW, KIN_SIDE_NONE, TRI_NO, 0, 0, KIN_MARRIAGE_ENDED },
    { 32, 1, KIN_IN_LAW, KIN_SIDE_NONE, TRI_NO, 0, 0, KIN_NO_MARRIAGE_ACT },
    { 1, 1, KIN_FULL_SIBLING, KIN_SIDE_NONE, TRI_NO, 0, 0, KIN_ONLY_OWNER_IS_APPLICANT },
};

static const struct kin_options plain = { .in_law_scope = ~0U };

static void verify(struct family *f, const struct kin_options *options, const struct row *r, struct kin_answer *ret)
{
    struct kin_source source = { f, birth_of, marriage_of, alive_on };
    kin_verify(&source, options, day_of(2026, 3, 2), r->degree, r->side, (struct iin){ r->a }, (struct iin){ r->b }, ret);
}

static void test_rows(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct row *r = &rows[i];
        struct kin_answer answer;
        verify(&(struct family){ 0 }, &plain, r, &answer);
        if (answer.confirmed != r->expected)
            fail_msg("row %zu: %d", i, answer.confirmed);
        if (r->expected == TRI_YES) {
            assert_int_equal(answer.persons, r->persons);
            assert_true(answer.person[0].n == r->a && answer.person[answer.persons - 1].n == r->b);
            assert_int_equal(answer.acts, r->acts); /* all acts here have one number a kind */
        } else if (r->expected == TRI_NO) {
            assert_true(answer.missings > 0);
            if (answer.missing[0].code != r->missing)
                fail_msg("row %zu: missing %s", i, kin_missing_name(answer.missing[0].code));
        }
    }
}

static void test_whose_record_is_missing(void **state)
{
    (void)state;
    static const struct {
        struct row row;
        enum kin_whom expected;
    } whose[] = {
        { { .a = 12, .b = 1, .degree = KIN_CHILD }, KIN_WHOM_APPLICANT },
        { { .a = 21, .b = 1, .degree = KIN_GRANDPARENT, .side = KIN_FATHER }, KIN_WHOM_OWNER_FATHER },
        { { .a = 5, .b = 99, .degree = KIN_GRANDCHILD, .side = KIN_FATHER }, KIN_WHOM_APPLICANT_FATHER },
        { { .a = 1, .b = 2, .degree = KIN_PARENT }, KIN_WHOM_OWNER },
    };
    for (size_t i = 0; i < sizeof whose / sizeof whose[0]; i++) {
        struct kin_answer answer;
        verify(&(struct family){ 0 }, &plain, &whose[i].row, &answer);
        assert_int_equal(answer.confirmed, TRI_NO);
        assert_string_equal(kin_whom_name(answer.missing[0].whom), kin_whom_name(whose[i].expected));
    }
}

static void test_silence_is_never_no(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct kin_answer answer;
        if (rows[i].a == rows[i].b)
            continue;
        verify(&(struct family){ .unasked = true }, &plain, &rows[i], &answer);
        assert_int_equal(answer.confirmed, TRI_UNKNOWN);
        assert_true(answer.unasked_families > 0);
    }
}

static void test_readings(void **state)
{
    (void)state;
    struct kin_answer answer;
    struct kin_options only_half = plain, known = plain, both_ways = plain, single = plain, no_child = plain;
    only_half.half_sibling_only_half = true;
    verify(&(struct family){ 0 }, &only_half, &(struct row){ .a = 1, .b = 2, .degree = KIN_HALF_SIBLING, .side = KIN_MOTHER },
           &answer);
    assert_int_equal(answer.confirmed, TRI_NO);
    known.full_sibling_known_parents = true;
    verify(&(struct family){ 0 }, &known, &(struct row){ .a = 1, .b = 4, .degree = KIN_FULL_SIBLING }, &answer);
    assert_int_equal(answer.confirmed, TRI_NO); /* the mother is on one of the two records */
    both_ways.in_law_both_ways = true;
    verify(&(struct family){ 0 }, &both_ways, &(struct row){ .a = 30, .b = 32, .degree = KIN_IN_LAW }, &answer);
    assert_int_equal(answer.confirmed, TRI_YES);
    assert_int_equal(answer.person[1].n, 31);
    verify(&(struct family){ 0 }, &plain, &(struct row){ .a = 30, .b = 32, .degree = KIN_IN_LAW }, &answer);
    assert_int_equal(answer.confirmed, TRI_NO);
    single.spouse_single = true;
    verify(&(struct family){ 0 }, &single, &(struct row){ .a = 70, .b = 71, .degree = KIN_SPOUSE }, &answer);
    assert_int_equal(answer.confirmed, TRI_NO);
    assert_int_equal(answer.missing[0].code, KIN_SEVERAL_MARRIAGES);
    no_child.in_law_scope = ~(1U << KIN_CHILD);
    verify(&(struct family){ 0 }, &no_child, &(struct row){ .a = 33, .b = 30, .degree = KIN_IN_LAW }, &answer);
    assert_int_equal(answer.confirmed, TRI_NO);
}

static void test_several_owners(void **state)
{
    (void)state;
    struct family f = { 0 };
    struct kin_source source = { &f, birth_of, marriage_of, alive_on };
    struct iin owners[] = { { 50 }, { 1 }, { 11 } };
    struct kin_answer answer;
    kin_verify_any(&source, &plain, day_of(2026, 3, 2), KIN_CHILD, KIN_SIDE_NONE, (struct iin){ 1 }, owners, 3, &answer);
    assert_int_equal(answer.confirmed, TRI_YES);
    assert_int_equal(answer.person[1].n, 11);
    kin_verify_any(&source, &plain, day_of(2026, 3, 2), KIN_CHILD, KIN_SIDE_NONE, (struct iin){ 1 }, owners, 0, &answer);
    assert_int_equal(answer.missing[0].code, KIN_NO_NATURAL_OWNER);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows),
        cmocka_unit_test(test_whose_record_is_missing),
        cmocka_unit_test(test_silence_is_never_no),
        cmocka_unit_test(test_readings),
        cmocka_unit_test(test_several_owners),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
