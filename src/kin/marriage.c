/* SPDX-License-Identifier: Apache-2.0 */
/* Relations over a marriage in force: spouses and in-laws (paragraph 10.5). */
#include "kin/kin_path.h"

static enum tri alive(struct kin_walk *w, struct iin person)
{
    bool unasked = false;
    enum tri tri = w->source->alive(w->source->context, person, w->day, &unasked);
    if (unasked)
        kin_unasked_life(w->answer, person);
    return tri;
}

static struct iin other_of(const struct kin_marriage *m, struct iin person)
{
    return iin_equal(m->husband, person) ? m->wife : m->husband;
}

/* LAW 10.5.5 #b9aeb2b5 */
/* In force on the day: no divorce act for it, both alive.  NO leaves the reason in *f. */
static enum tri in_force(struct kin_walk *w, const struct kin_marriage *m, struct iin person, struct kin_finding *f)
{
    struct iin other = other_of(m, person);
    if (m->ended == TRI_YES) {
        kin_finding_missing(f, KIN_MARRIAGE_ENDED, other);
        return TRI_NO;
    }
    enum tri both_live = TRI_YES;
    for (int i = 0; i < 2 && both_live != TRI_NO; i++) { /* one who is dead is reason enough: the other is not asked about */
        struct iin one = i == 0 ? person : other;
        enum tri lives = alive(w, one);
        if (lives == TRI_NO)
            kin_finding_missing(f, KIN_SPOUSE_NOT_ALIVE, one);
        both_live = tri_and(both_live, lives);
    }
    return tri_and(both_live, m->ended == TRI_UNKNOWN ? TRI_UNKNOWN : TRI_YES);
}

/* The person's marriages one by one; KIN_HELD while there is one, with a known spouse. */
static enum kin_reply marriage_at(struct kin_walk *w, struct iin person, int *index, struct kin_marriage *ret)
{
    for (;;) {
        enum kin_reply reply = w->source->marriage(w->source->context, person, (*index)++, w->day, ret);
        if (reply == KIN_UNASKED)
            kin_unasked_family(w->answer, person);
        if (reply != KIN_HELD || (!iin_is_none(other_of(ret, person)) && !iin_equal(other_of(ret, person), person)))
            return reply;
    }
}

/* Has the person more than one marriage in force?  Asked by the reading spouse = only_one. */
static enum tri several_in_force(struct kin_walk *w, struct iin person)
{
    struct kin_marriage m;
    struct kin_finding ignored;
    kin_finding_begin(&ignored);
    int certain = 0, possible = 0;
    enum kin_reply reply;
    for (int index = 0; (reply = marriage_at(w, person, &index, &m)) == KIN_HELD;) {
        enum tri tri = in_force(w, &m, person, &ignored);
        certain += tri == TRI_YES;
        possible += tri != TRI_NO;
    }
    if (reply != KIN_NOTHING)
        return TRI_UNKNOWN;
    return certain > 1 ? TRI_YES : possible > 1 ? TRI_UNKNOWN : TRI_NO;
}

static enum tri serves(struct kin_walk *w, const struct kin_marriage *m, struct iin person, struct kin_finding *f)
{
    enum tri tri = in_force(w, m, person, f);
    if (tri == TRI_NO || !w->options->spouse_single)
        return tri;
    struct iin pair[2] = { person, other_of(m, person) };
    for (int i = 0; i < 2; i++) {
        enum tri several = several_in_force(w, pair[i]);
        if (several == TRI_YES) {
            kin_finding_missing(f, KIN_SEVERAL_MARRIAGES, pair[i]);
            return TRI_NO;
        }
        if (several == TRI_UNKNOWN)
            tri = TRI_UNKNOWN;
    }
    return tri;
}

static void prove_marriage(struct kin_proof *proof, struct iin a, const struct kin_marriage *m, struct iin b)
{
    kin_proof_person(proof, a);
    kin_proof_act(proof, KIN_ACT_MARRIAGE, m->act_number);
    kin_proof_person(proof, b);
}

void kin_walk_spouse(struct kin_walk *w, struct iin a, struct iin b, struct kin_finding *ret)
{
    struct kin_marriage m;
    enum kin_reply reply;
    bool couple = false;
    kin_finding_begin(ret);
    for (int index = 0; (reply = marriage_at(w, a, &index, &m)) == KIN_HELD;) {
        if (!iin_equal(other_of(&m, a), b))
            continue;
        couple = true;
        enum tri tri = serves(w, &m, a, ret);
        if (tri == TRI_YES) {
            ret->tri = TRI_YES;
            prove_marriage(&ret->proof, a, &m, b);
            return;
        }
        ret->tri = tri_or(ret->tri, tri);
    }
    if (reply != KIN_NOTHING)
        ret->tri = TRI_UNKNOWN;
    if (!couple)
        kin_finding_missing(ret, KIN_NO_MARRIAGE_ACT, a);
}

/* Any blood degree of `scope` between a and b, either side. */
static void any_blood(struct kin_walk *w, unsigned scope, struct iin a, struct iin b, struct kin_finding *ret)
{
    kin_finding_begin(ret);
    if (iin_equal(a, b))
        return;
    for (enum kin_degree d = KIN_CHILD; d < KIN_IN_LAW && ret->tri != TRI_YES; d++) {
        if (kin_paths[d].by_marriage || (scope >> d & 1) == 0)
            continue;
        struct kin_finding one;
        kin_walk_blood(w, d, KIN_SIDE_NONE, a, b, &one);
        kin_finding_or(ret, &one);
    }
}

static bool is_widowed(struct kin_walk *w, const struct kin_marriage *m, struct iin person)
{
    return m->ended != TRI_YES && alive(w, person) == TRI_YES && alive(w, other_of(m, person)) == TRI_NO;
}

/* a is blood kin of a present spouse of b.  Where that spouse has died, the birth of a tells whether it was a parent of his. */
static void kin_of_spouse(struct kin_walk *w, struct iin a, struct iin b, struct kin_finding *ret)
{
    struct kin_birth birth;
    struct kin_marriage m;
    enum kin_reply reply;
    bool any = false;
    for (int index = 0; ret->tri != TRI_YES && (reply = marriage_at(w, b, &index, &m)) != KIN_NOTHING;) {
        if (reply != KIN_HELD) {
            ret->tri = TRI_UNKNOWN;
            return;
        }
        any = true;
        struct iin spouse = other_of(&m, b);
        enum tri tri = iin_equal(spouse, a) ? TRI_NO : serves(w, &m, b, ret);
        if (tri == TRI_NO) {
            if (is_widowed(w, &m, b) && kin_walk_birth(w, a, &birth) == KIN_UNASKED)
                ret->tri = TRI_UNKNOWN;
            continue;
        }
        struct kin_finding blood;
        any_blood(w, w->options->in_law_scope, a, spouse, &blood);
        blood.tri = tri_and(blood.tri, tri);
        if (blood.tri == TRI_YES)
            prove_marriage(&blood.proof, spouse, &m, b);
        kin_finding_or(ret, &blood);
    }
    if (!any)
        kin_finding_missing(ret, KIN_NO_MARRIAGE_ACT, b);
}

/* The other direction (statute): a present spouse of a is blood kin of b. */
static void spouse_of_kin(struct kin_walk *w, unsigned scope, struct iin a, struct iin b, struct kin_finding *ret)
{
    struct kin_marriage m;
    enum kin_reply reply;
    for (int index = 0; ret->tri != TRI_YES && (reply = marriage_at(w, a, &index, &m)) != KIN_NOTHING;) {
        if (reply != KIN_HELD) {
            ret->tri = TRI_UNKNOWN;
            return;
        }
        struct iin spouse = other_of(&m, a);
        enum tri tri = iin_equal(spouse, b) ? TRI_NO : serves(w, &m, a, ret);
        if (tri == TRI_NO)
            continue;
        struct kin_finding blood, whole;
        kin_finding_begin(&whole);
        any_blood(w, scope, spouse, b, &blood);
        whole.tri = tri_and(blood.tri, tri);
        if (whole.tri == TRI_YES) {
            prove_marriage(&whole.proof, a, &m, spouse);
            kin_proof_join(&whole.proof, &blood.proof);
        }
        kin_finding_or(ret, &whole);
    }
}

/* Reading statute.extended_kin: a parent of a is blood kin of b. */
static void child_of_kin(struct kin_walk *w, struct iin a, struct iin b, struct kin_finding *ret)
{
    struct kin_birth birth;
    enum kin_reply reply = kin_walk_birth(w, a, &birth);
    if (reply != KIN_HELD) {
        ret->tri = tri_or(ret->tri, reply == KIN_NOTHING ? TRI_NO : TRI_UNKNOWN);
        if (reply == KIN_NOTHING)
            kin_finding_missing(ret, KIN_NO_BIRTH_ACT, a);
        return;
    }
    struct iin parent[2] = { birth.mother, birth.father };
    for (int i = 0; i < 2 && ret->tri != TRI_YES; i++) {
        struct kin_finding blood, whole;
        kin_finding_begin(&whole);
        if (iin_is_none(parent[i]) || iin_equal(parent[i], b))
            continue;
        any_blood(w, ~0U, parent[i], b, &blood);
        whole.tri = blood.tri;
        if (whole.tri == TRI_YES) {
            kin_proof_person(&whole.proof, a);
            kin_proof_act(&whole.proof, KIN_ACT_BIRTH, birth.act_number);
            kin_proof_join(&whole.proof, &blood.proof);
        }
        kin_finding_or(ret, &whole);
    }
}

void kin_walk_in_law(struct kin_walk *w, struct iin a, struct iin b, struct kin_finding *ret)
{
    kin_finding_begin(ret);
    kin_of_spouse(w, a, b, ret);
    if (ret->tri != TRI_YES && (w->options->in_law_both_ways || w->options->extended))
        spouse_of_kin(w, w->options->extended ? ~0U : w->options->in_law_scope, a, b, ret);
    if (ret->tri != TRI_YES && w->options->extended)
        child_of_kin(w, a, b, ret);
}
