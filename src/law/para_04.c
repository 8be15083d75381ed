/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Paragraph 4: an owner who is a minor or incapable sends the case to the operations hall.
 *
 * Over the owners YES beats UNKNOWN beats NO: one minor owner is enough though another register
 * is silent.  Only the living count; `limited` capacity is not incapacity.
 */
#include "law/ruling.h"

struct owners_view {
    enum tri any, all;
    int counted;
    bool unasked, married_unasked;
};

/* LAW 4.8 #370c81a5 */
static enum tri minor_for_this_purpose(struct ruling *r, const struct law_owner *owner, struct owners_view *view)
{
    if (owner->minor == TRI_NO)
        return TRI_NO;
    ruling_reading(r, POLICY_MINOR_MARRIED);
    if (!r->readings->married_minor_is_adult)
        return owner->minor;
    if (!owner->married_asked)
        view->married_unasked = true;
    enum tri unmarried = owner->married == TRI_YES ? TRI_NO : owner->married == TRI_NO ? TRI_YES : TRI_UNKNOWN;
    return tri_and(owner->minor, unmarried);
}

/* LAW 4.1 #95e25328 */
/* LAW 4.2 #45eeb801 */
/* LAW 4.7 #fdb7c620 */
/* LAW order 3.2 #24bac7b4 */
static enum tri owner_is_protected(struct ruling *r, const struct law_owner *owner, struct owners_view *view)
{
    if (owner->company) {
        ruling_reading(r, POLICY_OWNER_LEGAL_ENTITY);
        return tri_of(r->readings->company_to_hall);
    }
    if (owner->unasked)
        view->unasked = true;
    return tri_and(owner->alive, tri_or(minor_for_this_purpose(r, owner, view), owner->incapable));
}

static void reasons_for(struct ruling *r, enum tri wanted)
{
    const char *paragraph = ruling_owner_paragraph(r);
    struct owners_view ignored = { 0 };
    for (int i = 0; i < r->facts->owners; i++) {
        const struct law_owner *owner = &r->facts->owner[i];
        if (owner_is_protected(r, owner, &ignored) != wanted)
            continue;
        if (owner->company)
            ruling_reason(r, paragraph, LAW_R_OWNER_COMPANY_TO_HALL, owner->id);
        else if (owner->alive == TRI_UNKNOWN)
            ruling_reason(r, paragraph, LAW_R_OWNER_LIFE_UNKNOWN, owner->id);
        else if (minor_for_this_purpose(r, owner, &ignored) == wanted)
            ruling_reason(r, paragraph, wanted == TRI_YES ? LAW_R_OWNER_MINOR : LAW_R_OWNER_AGE_UNKNOWN, owner->id);
        else
            ruling_reason(r, paragraph, wanted == TRI_YES ? LAW_R_OWNER_INCAPABLE : LAW_R_OWNER_CAPACITY_UNKNOWN, owner->id);
    }
}

/* An owner who is surely dead or not born yet does not count. */
/* LAW 3.3 #9ab24618 */
static bool counts(const struct ruling *r, const struct law_owner *owner)
{
    return owner->company ? r->readings->company_to_hall : owner->alive != TRI_NO;
}

/* LAW 4.5 #92d2e854 */
enum tri ruling_protected_owner(struct ruling *r)
{
    struct owners_view view = { .any = TRI_NO, .all = TRI_YES };
    for (int i = 0; i < r->facts->owners; i++) {
        const struct law_owner *owner = &r->facts->owner[i];
        enum tri one = owner_is_protected(r, owner, &view);
        view.any = tri_or(view.any, one);
        if (!counts(r, owner))
            continue;
        view.counted++;
        view.all = tri_and(view.all, one);
    }
    if (r->facts->owners > 1)
        ruling_reading(r, POLICY_OWNERS);
    enum tri answer = !r->readings->all_living_owners ? view.any : view.counted == 0 ? TRI_NO : view.all;
    if (answer != TRI_YES && view.unasked)
        r->decision->asks |= LAW_ASK_OWNERS;
    else if (answer == TRI_UNKNOWN && view.married_unasked)
        r->decision->asks |= LAW_ASK_MARRIED_OWNERS;
    return answer;
}

/* The next step counts heads in the capital: may be asked in the same go. */
static void foresee_head_count(struct ruling *r)
{
    if (ruling_online(r) && ruling_in_capital(r) == TRI_YES && r->readings->area_per_person != DECIMAL_NONE &&
        r->facts->head_count == LAW_UNASKED)
        r->decision->foresees |= LAW_ASK_HEAD_COUNT;
}

/* Rules for the reception and online: the hall's own are in paragraphs 6 to 8. */
bool para_04_to_hall(struct ruling *r)
{
    if (!ruling_office_route(r))
        return false;
    enum tri protected_owner = ruling_protected_owner(r);
    if (r->decision->asks != 0) {
        foresee_head_count(r);
        return ruling_waits(r, ruling_owner_paragraph(r), LAW_R_OWNER_LIFE_UNKNOWN);
    }
    /* LAW 4.6 #8ffe9312 */
    /* LAW 6.3 #9d366a19 */
    if (protected_owner == TRI_UNKNOWN) {
        ruling_is(r, LAW_WAITING, ruling_owner_paragraph(r), LAW_REASON_CODES);
        reasons_for(r, TRI_UNKNOWN);
        return true;
    }
    if (protected_owner != TRI_YES || r->facts->channel == LAW_HALL)
        return false;
    /* LAW 4.9 #477ca76b */
    /* LAW 9.2 #89c3e9cd */
    bool astana_online = ruling_online(r) && ruling_in_capital(r) == TRI_YES;
    ruling_is(r, LAW_TO_OPERATIONS_HALL, astana_online ? "9" : "4", LAW_REASON_CODES);
    reasons_for(r, TRI_YES);
    return true;
}
