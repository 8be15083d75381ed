/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The condition of Migration Law art. 51 (reading statute.no_strangers): is anybody registered in
 * the dwelling who is outside the categories - an owner, kin of an owner, a full-time student?
 */
#include "inquiry/inquiry_impl.h"

static bool is_owner(const struct inquiry *q, struct iin who)
{
    for (int i = 0; i < q->facts.owners; i++) {
        if (iin_equal(q->owner_who[i], who))
            return true;
    }
    return false;
}

/* One resident: YES a stranger, NO not, UNKNOWN; *complete is cleared where something is still to be asked. */
static enum tri is_stranger(struct inquiry *q, struct iin who, bool *complete)
{
    bool unasked;
    enum tri alive = inquiry_alive(q, who, &unasked);
    if (unasked) {
        inquiry_ask(q, REGISTRY_PERSON, who);
        *complete = false;
        return TRI_UNKNOWN;
    }
    if (alive == TRI_NO || is_owner(q, who))
        return TRI_NO;
    enum tri belongs = TRI_NO;
    for (enum kin_degree d = 0; d < KIN_DEGREES && belongs != TRI_YES; d++) {
        for (enum kin_side side = KIN_MOTHER; side <= KIN_FATHER && belongs != TRI_YES; side++) {
            struct kin_answer kin;
            if (!kin_degree_has_side(d) && side == KIN_FATHER)
                continue;
            *complete &= inquiry_kin_of(q, who, d, kin_degree_has_side(d) ? side : KIN_SIDE_NONE, &kin);
            belongs = tri_or(belongs, kin.confirmed);
        }
    }
    enum tri full_time, any_form;
    if (belongs != TRI_YES) {
        *complete &= inquiry_study_of(q, who, &full_time, &any_form);
        belongs = tri_or(belongs, q->readings.student_any_form ? any_form : full_time);
    }
    return belongs == TRI_YES ? TRI_NO : belongs == TRI_NO ? tri_and(TRI_YES, alive) : TRI_UNKNOWN;
}

bool inquiry_fact_strangers(struct inquiry *q)
{
    struct iin who;
    enum kin_reply reply;
    bool complete = true;
    q->facts.strangers = TRI_NO;
    for (int at = 0; (reply = q->source->resident(q, &at, &who)) == KIN_HELD;) {
        if (iin_equal(who, q->who))
            continue;
        bool asked = true;
        enum tri stranger = is_stranger(q, who, &asked);
        q->facts.strangers = tri_or(q->facts.strangers, stranger);
        complete &= asked;
        if (stranger == TRI_YES && asked) { /* one is enough: the others need not be asked about */
            q->facts.strangers_known = LAW_KNOWN;
            return true;
        }
    }
    if (reply == KIN_UNASKED)
        inquiry_ask(q, REGISTRY_RESIDENTS, (struct iin){ 0 });
    if (reply == KIN_UNASKED || !complete)
        return false;
    q->facts.strangers_known = reply == KIN_SILENT ? LAW_SILENT : LAW_KNOWN;
    return true;
}
