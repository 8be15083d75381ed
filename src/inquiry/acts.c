/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Facts that rest on civil acts: kinship by kin_verify, marriages of owners under age.
 *
 * A confirmation may rest on the mart (Smart Data Ukimet), which is a day old; a refusal never
 * does: before it becomes one, the same persons are asked about in IS ZAGS itself.
 */
#include "inquiry/inquiry_impl.h"

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

static void verify(struct inquiry *q, bool live_only, struct iin who, enum kin_degree degree, enum kin_side side,
                   struct kin_answer *ret)
{
    struct inquiry_acts acts = { q, live_only };
    struct kin_source source = q->source->acts;
    source.context = &acts;
    struct iin *owners = ARENA_ARRAY(q->arena, struct iin, q->facts.owners);
    int count = 0;
    for (int i = 0; i < q->facts.owners; i++) {
        if (!q->owner[i].company)
            owners[count++] = q->owner_who[i];
    }
    struct kin_options options = q->readings.kin;
    options.either_side = degree == KIN_GRANDPARENT ? q->readings.grandparent_either_side : q->readings.grandchild_either_side;
    kin_verify_any(&source, &options, q->application.day, degree, side, who, owners, count, ret);
}

/* First by whatever is there, the mart included: that may confirm.  Anything else is said by the live register only. */
bool inquiry_kin_of(struct inquiry *q, struct iin who, enum kin_degree degree, enum kin_side side, struct kin_answer *ret)
{
    if ((q->flags & INQUIRY_MART_FIRST) != 0) {
        verify(q, false, who, degree, side, ret);
        if (ret->confirmed == TRI_YES)
            return true;
        if (ret->confirmed == TRI_UNKNOWN && ask_about(q, ret, false))
            return false;
    }
    verify(q, true, who, degree, side, ret);
    return ret->confirmed != TRI_UNKNOWN || !ask_about(q, ret, true);
}

bool inquiry_fact_kinship(struct inquiry *q)
{
    struct law_relation relation = q->application.relation;
    if (!inquiry_kin_of(q, q->who, (enum kin_degree)relation.degree, relation.side, &q->kin))
        return false;
    if (q->source->name != NULL)
        q->source->name(q, &q->kin);
    q->facts.kinship = LAW_KNOWN;
    q->facts.kin = &q->kin;
    return true;
}

/* Had a marriage dated on or before the day, ended or not: capacity once acquired stays. */
static enum tri ever_married(struct inquiry *q, struct iin who, bool *ret_unasked)
{
    struct inquiry_acts acts = { q, true };
    struct kin_marriage m;
    enum kin_reply reply = q->source->acts.marriage(&acts, who, 0, q->application.day, &m);
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
        owner->married = ever_married(q, q->owner_who[i], &unasked);
        owner->married_asked = !unasked;
        if (unasked)
            inquiry_ask(q, REGISTRY_FAMILY, q->owner_who[i]);
        complete &= !unasked;
    }
    return complete;
}
