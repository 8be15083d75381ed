/* SPDX-License-Identifier: Apache-2.0 */
/* Relations along birth acts: two climbs that have to meet (paragraph 10.5). */
#include "kin/kin_path.h"

#define CLIMB_MAX  2 /* steps */
#define CHAINS_MAX 4 /* two parents at each of two steps */

struct chain {
    struct iin via[CLIMB_MAX]; /* the persons after each step; the last is the top */
    struct str act[CLIMB_MAX]; /* the birth act of each step */
    int steps;
};
struct climb {
    struct iin from;
    struct chain chain[CHAINS_MAX];
    int chains;
    bool unknown; /* a birth act was not to be had: there may be more chains */
};

static struct iin chain_top(const struct climb *c, int i)
{
    const struct chain *chain = &c->chain[i];
    return chain->steps == 0 ? c->from : chain->via[chain->steps - 1];
}

static void chain_longer(const struct chain *chain, struct iin parent, struct str act, struct chain *ret)
{
    ret->steps = chain->steps + 1;
    for (int i = 0; i < chain->steps; i++) {
        ret->via[i] = chain->via[i];
        ret->act[i] = chain->act[i];
    }
    ret->via[chain->steps] = parent;
    ret->act[chain->steps] = act;
}

/* LAW 10.5.14 #5c0341fb */
/* One more step up from every chain, to both parents or to the one on `side`. */
static void climb_step(struct kin_walk *w, const struct climb *c, enum kin_side side, struct climb *ret, struct kin_finding *f)
{
    ret->from = c->from;
    ret->chains = 0;
    ret->unknown = c->unknown;
    for (int i = 0; i < c->chains; i++) {
        struct iin person = chain_top(c, i);
        struct kin_birth birth;
        enum kin_reply reply = kin_walk_birth(w, person, &birth);
        ret->unknown |= reply == KIN_UNASKED || reply == KIN_SILENT;
        if (reply == KIN_NOTHING)
            kin_finding_missing(f, KIN_NO_BIRTH_ACT, person);
        if (reply != KIN_HELD)
            continue;
        for (enum kin_side s = KIN_MOTHER; s <= KIN_FATHER; s++) {
            if (side != KIN_SIDE_NONE && side != s)
                continue;
            struct iin parent = s == KIN_MOTHER ? birth.mother : birth.father;
            if (iin_is_none(parent))
                kin_finding_missing(f, s == KIN_MOTHER ? KIN_NO_MOTHER_ON_RECORD : KIN_NO_FATHER_ON_RECORD, person);
            else
                chain_longer(&c->chain[i], parent, birth.act_number, &ret->chain[ret->chains++]);
        }
    }
}

/* No steps, one or two; `first` restricts the first. */
static void climb(struct kin_walk *w, struct iin from, int steps, enum kin_side first, struct climb *ret, struct kin_finding *f)
{
    struct climb at[CLIMB_MAX];
    struct climb *here = steps == 0 ? ret : &at[0];
    here->from = from;
    here->chain[0].steps = 0;
    here->chains = 1;
    here->unknown = false;
    for (int i = 0; i < steps; i++)
        climb_step(w, &at[i], i == 0 ? first : KIN_SIDE_NONE, i + 1 == steps ? ret : &at[i + 1], f);
}

/* From a up to the common person, then down to b. */
static void prove(const struct climb *a, int i, const struct climb *b, int k, struct kin_proof *proof)
{
    const struct chain *up = &a->chain[i], *down = &b->chain[k];
    kin_proof_person(proof, a->from);
    for (int s = 0; s < up->steps; s++) {
        kin_proof_act(proof, KIN_ACT_BIRTH, up->act[s]);
        kin_proof_person(proof, up->via[s]);
    }
    for (int s = down->steps - 1; s >= 0; s--) {
        kin_proof_act(proof, KIN_ACT_BIRTH, down->act[s]);
        kin_proof_person(proof, s > 0 ? down->via[s - 1] : b->from);
    }
    kin_proof_person(proof, b->from);
}

static void meet(struct kin_walk *w, const struct kin_path *path, enum kin_side side, struct iin a, struct iin b,
                 struct kin_finding *ret)
{
    struct climb from_a, from_b;
    kin_finding_begin(ret);
    climb(w, a, path->applicant_climbs, side, &from_a, ret);
    climb(w, b, path->owner_climbs, side, &from_b, ret);
    for (int i = 0; i < from_a.chains; i++) {
        for (int k = 0; k < from_b.chains; k++) {
            if (iin_equal(chain_top(&from_a, i), chain_top(&from_b, k))) {
                ret->tri = TRI_YES;
                prove(&from_a, i, &from_b, k, &ret->proof);
                return;
            }
        }
    }
    bool a_possible = from_a.unknown || from_a.chains > 0, b_possible = from_b.unknown || from_b.chains > 0;
    if ((from_a.unknown && b_possible) || (from_b.unknown && a_possible))
        ret->tri = TRI_UNKNOWN;
}

/* Both parents the same.  Where one parent differs, the acts say no and nothing is missing. */
static void meet_in_both(struct kin_walk *w, const struct kin_path *path, struct iin a, struct iin b, struct kin_finding *ret)
{
    struct kin_finding mother, father;
    meet(w, path, KIN_MOTHER, a, b, &mother);
    meet(w, path, KIN_FATHER, a, b, &father);
    kin_finding_begin(ret);
    ret->tri = tri_and(mother.tri, father.tri);
    if (ret->tri == TRI_YES) {
        kin_proof_person(&ret->proof, a);
        kin_proof_person(&ret->proof, mother.proof.person[1]);
        kin_proof_person(&ret->proof, father.proof.person[1]);
        kin_proof_person(&ret->proof, b);
        for (int i = 0; i < mother.proof.acts; i++)
            kin_proof_act(&ret->proof, mother.proof.act[i].kind, mother.proof.act[i].number);
        return;
    }
    const struct kin_finding *part[] = { &mother, &father };
    for (int i = 0; i < 2; i++) {
        if (part[i]->tri == TRI_NO && part[i]->missings == 0)
            return;
    }
    for (int i = 0; i < 2; i++) {
        for (int m = 0; part[i]->tri == TRI_NO && m < part[i]->missings; m++)
            kin_finding_missing(ret, part[i]->missing[m].code, part[i]->missing[m].person);
    }
}

/* Readings full_sibling = known_parents and half_sibling = only_half look at the other parents too. */
static void full_by_known_parents(struct kin_walk *w, const struct kin_path *path, struct iin a, struct iin b,
                                  struct kin_finding *ret)
{
    struct kin_birth of_a, of_b;
    if (kin_walk_birth(w, a, &of_a) != KIN_HELD || kin_walk_birth(w, b, &of_b) != KIN_HELD)
        return;
    bool no_mothers = iin_is_none(of_a.mother) && iin_is_none(of_b.mother);
    bool no_fathers = iin_is_none(of_a.father) && iin_is_none(of_b.father);
    if (no_mothers != no_fathers)
        meet(w, path, no_mothers ? KIN_FATHER : KIN_MOTHER, a, b, ret);
}

static bool other_parent_common(struct kin_walk *w, enum kin_side side, struct iin a, struct iin b)
{
    struct kin_birth of_a, of_b;
    if (kin_walk_birth(w, a, &of_a) != KIN_HELD || kin_walk_birth(w, b, &of_b) != KIN_HELD)
        return false;
    struct iin x = side == KIN_MOTHER ? of_a.father : of_a.mother, y = side == KIN_MOTHER ? of_b.father : of_b.mother;
    return !iin_is_none(x) && iin_equal(x, y);
}

static void one_side(struct kin_walk *w, enum kin_degree degree, enum kin_side side, struct iin a, struct iin b,
                     struct kin_finding *ret)
{
    meet(w, &kin_paths[degree], side, a, b, ret);
    if (degree == KIN_HALF_SIBLING && w->options->half_sibling_only_half && ret->tri == TRI_YES &&
        other_parent_common(w, side, a, b))
        kin_finding_begin(ret);
}

void kin_walk_blood(struct kin_walk *w, enum kin_degree degree, enum kin_side side, struct iin a, struct iin b,
                    struct kin_finding *ret)
{
    const struct kin_path *path = &kin_paths[degree];
    if (path->both_parents) {
        meet_in_both(w, path, a, b, ret);
        if (ret->tri == TRI_NO && w->options->full_sibling_known_parents)
            full_by_known_parents(w, path, a, b, ret);
    } else if (!path->has_side) {
        meet(w, path, KIN_SIDE_NONE, a, b, ret);
    } else if (side != KIN_SIDE_NONE) {
        one_side(w, degree, side, a, b, ret);
    } else {
        struct kin_finding by_father;
        one_side(w, degree, KIN_MOTHER, a, b, ret);
        one_side(w, degree, KIN_FATHER, a, b, &by_father);
        kin_finding_or(ret, &by_father);
    }
}
