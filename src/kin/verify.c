/* SPDX-License-Identifier: Apache-2.0 */
/* One verifier over any source of acts (paragraph 10.5). */
#include "kin/kin_path.h"

static void walk(struct kin_walk *w, enum kin_degree degree, enum kin_side side, struct iin a, struct iin b,
                 struct kin_finding *ret)
{
    if (w->options->either_side && (degree == KIN_GRANDPARENT || degree == KIN_GRANDCHILD))
        side = KIN_SIDE_NONE;
    if (kin_paths[degree].of_the_spouse)
        kin_walk_in_law(w, a, b, ret);
    else if (kin_paths[degree].by_marriage)
        kin_walk_spouse(w, a, b, ret);
    else
        kin_walk_blood(w, degree, side, a, b, ret);
    if (ret->tri == TRI_NO && ret->missings == 0)
        kin_finding_missing(ret, KIN_NOT_SO_BY_THE_ACTS, b);
}

/* Self, mother or father of `root`, as `of` and the two after it. */
static enum kin_whom seen_from(const struct kin_walk *w, struct iin root, struct iin person, enum kin_whom of)
{
    struct kin_birth birth;
    if (iin_equal(root, person))
        return of;
    if (iin_is_none(person) || !kin_walk_seen(w, root, &birth))
        return KIN_WHOM_OTHER;
    return iin_equal(birth.mother, person) ? of + 1 : iin_equal(birth.father, person) ? of + 2 : KIN_WHOM_OTHER;
}

/* Only for a refusal, and by the acts that led to it. */
static void tell_whose(const struct kin_walk *w, struct iin applicant, const struct iin *owners, int count,
                       struct kin_answer *ret)
{
    for (int i = 0; i < ret->missings; i++) {
        struct kin_missing *m = &ret->missing[i];
        m->whom = seen_from(w, applicant, m->person, KIN_WHOM_APPLICANT);
        for (int k = 0; k < count && m->whom == KIN_WHOM_OTHER; k++)
            m->whom = seen_from(w, owners[k], m->person, KIN_WHOM_OWNER);
    }
}

static void begin(struct kin_answer *ret, enum kin_degree degree, enum kin_side side)
{
    ret->confirmed = TRI_NO;
    ret->degree = degree;
    ret->side = side;
    ret->persons = ret->acts = ret->missings = ret->unasked_families = ret->unasked_lives = 0;
}

static void report(const struct kin_finding *f, struct kin_answer *ret)
{
    ret->confirmed = f->tri;
    if (f->tri == TRI_YES) {
        for (ret->persons = 0; ret->persons < f->proof.persons; ret->persons++)
            ret->person[ret->persons] = f->proof.person[ret->persons];
        for (ret->acts = 0; ret->acts < f->proof.acts; ret->acts++)
            ret->act[ret->acts] = f->proof.act[ret->acts];
        ret->unasked_families = ret->unasked_lives = 0;
        return;
    }
    for (ret->missings = 0; ret->missings < f->missings; ret->missings++)
        ret->missing[ret->missings] = f->missing[ret->missings];
    if (f->tri == TRI_NO)
        ret->unasked_families = ret->unasked_lives = 0;
}

/* LAW 10.5.11 #11d01daf */
/* LAW 10.5.12 #f70f11ae */
void kin_verify_any(const struct kin_source *source, const struct kin_options *options, struct day day, enum kin_degree degree,
                    enum kin_side side, struct iin applicant, const struct iin *owners, int owner_count, struct kin_answer *ret)
{
    begin(ret, degree, side);
    struct kin_walk w;
    struct kin_finding all;
    w.source = source;
    w.options = options;
    w.day = day;
    w.answer = ret;
    w.seens = 0;
    kin_finding_begin(&all);
    for (int i = 0; i < owner_count && all.tri != TRI_YES; i++) {
        struct kin_finding one;
        if (iin_equal(owners[i], applicant))
            continue;
        walk(&w, degree, side, applicant, owners[i], &one);
        kin_finding_or(&all, &one);
    }
    if (all.tri == TRI_NO && all.missings == 0)
        kin_finding_missing(&all, owner_count == 0 ? KIN_NO_NATURAL_OWNER : KIN_ONLY_OWNER_IS_APPLICANT,
                            owner_count == 0 ? (struct iin){ 0 } : applicant);
    report(&all, ret);
    if (all.tri == TRI_NO)
        tell_whose(&w, applicant, owners, owner_count, ret);
}

void kin_verify(const struct kin_source *source, const struct kin_options *options, struct day day, enum kin_degree degree,
                enum kin_side side, struct iin applicant, struct iin owner, struct kin_answer *ret)
{
    kin_verify_any(source, options, day, degree, side, applicant, &owner, 1, ret);
}
