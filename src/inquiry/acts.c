/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Answers about families as a source of acts for kin_verify.
 *
 * A confirmation may rest on the mart (Smart Data Ukimet), which is a day old; a refusal never
 * does: before it becomes one, the same persons are asked about in IS ZAGS itself.
 */
#include "inquiry/inquiry_impl.h"

struct acts {
    const struct inquiry *q;
    bool live_only; /* do not look into the mart */
};

/* The family answer to go by; NULL with KIN_UNASKED or KIN_SILENT in *ret_reply. */
static const struct registry_family *family_of(const struct acts *acts, struct iin person, enum kin_reply *ret_reply)
{
    const struct registry_answer *live = inquiry_find(acts->q, REGISTRY_FAMILY, person);
    const struct registry_answer *mart = acts->live_only ? NULL : inquiry_find(acts->q, REGISTRY_FAMILY_MART, person);
    const struct registry_answer *best = live != NULL && live->status == REGISTRY_ANSWERED   ? live
                                         : mart != NULL && mart->status == REGISTRY_ANSWERED ? mart
                                                                                             : live;
    *ret_reply = best == NULL ? KIN_UNASKED : KIN_SILENT;
    return best != NULL && best->status == REGISTRY_ANSWERED ? &best->family : NULL;
}

/* LAW 10.5.13 #43dac44d */
static enum kin_reply birth_of(void *context, struct iin child, struct day day, struct kin_birth *ret)
{
    enum kin_reply reply;
    const struct registry_family *family = family_of(context, child, &reply);
    if (family == NULL)
        return reply;
    if (family->births_silent)
        return KIN_SILENT;
    for (int i = 0; i < family->births; i++) {
        const struct world_birth *birth = &family->birth[i];
        if (iin_equal(birth->child, child) && birth->act_date.n <= day.n) {
            *ret = (struct kin_birth){ birth->child, birth->mother, birth->father, birth->act_number };
            return KIN_HELD;
        }
    }
    return KIN_NOTHING;
}

static bool same_couple(const struct world_marriage *m, const struct world_divorce *d)
{
    return (iin_equal(m->husband, d->husband) && iin_equal(m->wife, d->wife)) ||
           (iin_equal(m->husband, d->wife) && iin_equal(m->wife, d->husband));
}

/* A divorce ends the marriage whose number it gives; without a number, the couple's marriages dated that day or before. */
static enum tri ended_on(const struct registry_family *family, const struct world_marriage *m, struct day day)
{
    if (family->divorces_silent)
        return TRI_UNKNOWN;
    for (int i = 0; i < family->divorces; i++) {
        const struct world_divorce *d = &family->divorce[i];
        if (d->act_date.n > day.n)
            continue;
        bool names_it = str_equal(d->marriage_act_number, m->act_number);
        bool nameless = d->marriage_act_number.n == 0 && same_couple(m, d) && m->act_date.n <= d->act_date.n;
        if (names_it || nameless)
            return TRI_YES;
    }
    return TRI_NO;
}

static enum kin_reply marriage_of(void *context, struct iin person, int index, struct day day, struct kin_marriage *ret)
{
    enum kin_reply reply;
    const struct registry_family *family = family_of(context, person, &reply);
    if (family == NULL)
        return reply;
    if (family->marriages_silent)
        return KIN_SILENT;
    for (int i = 0; i < family->marriages; i++) {
        const struct world_marriage *m = &family->marriage[i];
        if (m->act_date.n > day.n || index-- > 0)
            continue;
        *ret = (struct kin_marriage){ m->husband, m->wife, m->act_number, ended_on(family, m, day) };
        return KIN_HELD;
    }
    return KIN_NOTHING;
}

static enum tri alive_on(void *context, struct iin person, struct day day, bool *ret_unasked)
{
    const struct acts *acts = context;
    (void)day;
    return inquiry_alive(acts->q, person, ret_unasked);
}

/* Asks the mart first where that is allowed, the live register where the mart was silent or must not be used. */
static bool ask_about(struct inquiry *q, const struct kin_answer *answer, bool live_only)
{
    for (int i = 0; i < answer->unasked_families; i++) {
        struct iin person = answer->unasked_family[i];
        bool mart = !live_only && (q->flags & INQUIRY_MART_FIRST) != 0 && inquiry_find(q, REGISTRY_FAMILY_MART, person) == NULL;
        inquiry_ask(q, mart ? REGISTRY_FAMILY_MART : REGISTRY_FAMILY, person);
    }
    for (int i = 0; i < answer->unasked_lives; i++)
        inquiry_ask(q, REGISTRY_PERSON, answer->unasked_life[i]);
    return answer->unasked_families + answer->unasked_lives > 0;
}

static void verify(struct inquiry *q, bool live_only, struct iin person, enum kin_degree degree, enum kin_side side,
                   struct kin_answer *ret)
{
    struct acts acts = { q, live_only };
    struct kin_source source = { &acts, birth_of, marriage_of, alive_on };
    struct iin *owners = ARENA_ARRAY(q->arena, struct iin, q->facts.owners + 1);
    int count = 0;
    for (int i = 0; i < q->facts.owners; i++) {
        if (!q->owner[i].company)
            owners[count++] = q->owner[i].id;
    }
    struct kin_options options = q->readings.kin;
    options.either_side = degree == KIN_GRANDPARENT ? q->readings.grandparent_either_side : q->readings.grandchild_either_side;
    kin_verify_any(&source, &options, q->application.day, degree, side, person, owners, count, ret);
}

/* First by whatever is there, the mart included: that may confirm.  Anything else is said by the live register only. */
bool inquiry_kin_of(struct inquiry *q, struct iin person, enum kin_degree degree, enum kin_side side, struct kin_answer *ret)
{
    if ((q->flags & INQUIRY_MART_FIRST) != 0) {
        verify(q, false, person, degree, side, ret);
        if (ret->confirmed == TRI_YES)
            return true;
        if (ret->confirmed == TRI_UNKNOWN && ask_about(q, ret, false))
            return false;
    }
    verify(q, true, person, degree, side, ret);
    return ret->confirmed != TRI_UNKNOWN || !ask_about(q, ret, true);
}

bool inquiry_fact_kinship(struct inquiry *q)
{
    struct law_relation relation = q->application.relation;
    if (!inquiry_kin_of(q, q->application.applicant, (enum kin_degree)relation.degree, relation.side, &q->kin))
        return false;
    q->facts.kinship = LAW_KNOWN;
    q->facts.kin = &q->kin;
    return true;
}

/* Had a marriage dated on or before the day, ended or not: capacity once acquired stays. */
static enum tri ever_married(struct inquiry *q, struct iin person, bool *ret_unasked)
{
    struct acts acts = { q, true };
    struct kin_marriage m;
    enum kin_reply reply = marriage_of(&acts, person, 0, q->application.day, &m);
    *ret_unasked = reply == KIN_UNASKED;
    return reply == KIN_HELD ? TRI_YES : reply == KIN_NOTHING ? TRI_NO : TRI_UNKNOWN;
}

bool inquiry_fact_married_owners(struct inquiry *q)
{
    bool complete = true;
    for (int i = 0; i < q->facts.owners; i++) {
        struct law_owner *owner = &q->owner[i];
        if (owner->company || owner->minor == TRI_NO)
            continue;
        bool unasked;
        owner->married = ever_married(q, owner->id, &unasked);
        owner->married_asked = !unasked;
        if (unasked)
            inquiry_ask(q, REGISTRY_FAMILY, owner->id);
        complete &= !unasked;
    }
    return complete;
}
