/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One check on the day of the extract: the degrees of degrees.c as comparisons of parent and spouse columns.
 * It states nothing of its own: tests/unit/kin_mart_test.c holds it against kin_verify over every pair of a town.
 */
#include "kin/mart_impl.h"

typedef struct kin_person_row row;

static row row_of(const struct kin_mart *mart, uint32_t key)
{
    const row *found = kin_mart_row(mart, key);
    return found == NULL ? kin_no_person : kin_row_load(found);
}

static bool has_parent(row child, uint32_t key) { return child.mother == key || child.father == key; }
static bool same(uint32_t a, uint32_t b) { return a != 0 && a == b; }
static uint32_t parent_on(row child, enum kin_side side) { return side == KIN_MOTHER ? child.mother : child.father; }

static bool is_grandparent(const struct kin_mart *mart, enum kin_side side, row a, row b)
{
    return has_parent(row_of(mart, parent_on(b, side)), a.key);
}

/* ---- by blood; each tells whether a is that to b ---- */

static bool child(const struct kin_mart *mart, enum kin_side side, row a, row b)
{
    (void)mart, (void)side;
    return has_parent(a, b.key);
}
static bool parent(const struct kin_mart *mart, enum kin_side side, row a, row b)
{
    (void)mart, (void)side;
    return has_parent(b, a.key);
}
static bool full_sibling(const struct kin_mart *mart, enum kin_side side, row a, row b)
{
    (void)mart, (void)side;
    return same(a.mother, b.mother) && same(a.father, b.father);
}
static bool half_sibling(const struct kin_mart *mart, enum kin_side side, row a, row b)
{
    (void)mart;
    return same(parent_on(a, side), parent_on(b, side));
}
static bool grandparent(const struct kin_mart *mart, enum kin_side side, row a, row b)
{
    return is_grandparent(mart, side, a, b);
}
static bool grandchild(const struct kin_mart *mart, enum kin_side side, row a, row b) { return is_grandparent(mart, side, b, a); }

static bool (*const by_blood[KIN_DEGREES])(const struct kin_mart *, enum kin_side, row, row) = {
    [KIN_CHILD] = child,
    [KIN_PARENT] = parent,
    [KIN_FULL_SIBLING] = full_sibling,
    [KIN_HALF_SIBLING] = half_sibling,
    [KIN_GRANDPARENT] = grandparent,
    [KIN_GRANDCHILD] = grandchild,
};

/* Any degree of the scope, on either side. */
static bool any_blood(const struct kin_mart *mart, unsigned scope, row a, row b)
{
    for (enum kin_degree d = KIN_CHILD; d < KIN_IN_LAW; d++) {
        if (by_blood[d] == NULL || (scope >> d & 1) == 0)
            continue;
        if (by_blood[d](mart, KIN_MOTHER, a, b) || by_blood[d](mart, KIN_FATHER, a, b))
            return true;
    }
    return false;
}

/* Several marriages in force: any of them serves. */
static bool verified(const struct kin_mart *mart, unsigned scope, enum kin_degree degree, enum kin_side side, struct iin a,
                     struct iin b)
{
    struct kin_source source = kin_mart_source(mart);
    struct kin_options options = { .in_law_scope = scope };
    struct kin_answer answer;
    kin_verify(&source, &options, (struct day){ kin_mart_day(mart) }, degree, side, a, b, &answer);
    return answer.confirmed == TRI_YES;
}

bool kin_mart_check(const struct kin_mart *mart, unsigned scope, enum kin_degree degree, enum kin_side side, struct iin applicant,
                    struct iin owner)
{
    uint32_t key_a = kin_mart_key(mart, applicant), key_b = kin_mart_key(mart, owner);
    __builtin_prefetch(&mart->persons[kin_line_of(key_a, mart->person_lines)]);
    __builtin_prefetch(&mart->persons[kin_line_of(key_b, mart->person_lines)]);
    row b = row_of(mart, key_b);
    if (key_a == key_b || b.key == 0)
        return false;
    bool by_marriage = degree == KIN_SPOUSE || degree == KIN_IN_LAW;
    if (by_marriage && b.spouse == KIN_KEY_MANY)
        return verified(mart, scope, degree, side, applicant, owner);
    if (degree == KIN_SPOUSE)
        return same(b.spouse, key_a);
    if (by_marriage && (b.spouse == 0 || b.spouse == key_a))
        return false;
    row a = row_of(mart, key_a);
    if (a.key == 0)
        return false;
    return by_marriage ? any_blood(mart, scope, a, row_of(mart, b.spouse)) : by_blood[degree](mart, side, a, b);
}

int kin_mart_relations(const struct kin_mart *mart, const struct kin_options *options, struct day day, struct iin a, struct iin b,
                       struct kin_relation ret[KIN_RELATIONS_MAX])
{
    bool fast = kin_mart_is_fast_for(mart, options, day);
    struct kin_source source = kin_mart_source(mart);
    int count = 0;
    for (enum kin_degree d = KIN_CHILD; d < KIN_DEGREES; d++) {
        enum kin_side first = kin_degree_has_side(d) ? KIN_MOTHER : KIN_SIDE_NONE;
        enum kin_side last = kin_degree_has_side(d) ? KIN_FATHER : KIN_SIDE_NONE;
        for (enum kin_side s = first; s <= last; s++) {
            struct kin_answer answer;
            if (!fast)
                kin_verify(&source, options, day, d, s, a, b, &answer);
            if (fast ? kin_mart_check(mart, options->in_law_scope, d, s, a, b) : answer.confirmed == TRI_YES)
                ret[count++] = (struct kin_relation){ d, s };
        }
    }
    return count;
}
