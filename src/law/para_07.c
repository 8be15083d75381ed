/* SPDX-License-Identifier: Apache-2.0 */
/* Paragraph 7: the check of the owner (paragraph 6) is positive, the hall accepts the application. */
#include "law/ruling.h"

bool para_07_accept(struct ruling *r)
{
    if (r->facts->channel != LAW_HALL)
        return false;
    /* LAW 6.4 #d6643ba1 */
    ruling_reading(r, POLICY_NORM_IN_HALL);
    if (r->readings->norm_in_hall)
        return false; /* the other reading: paragraphs 9 and 10 look first */
    /* LAW 7.1 #7c692670 */
    /* LAW 7.2 #45651daf */
    ruling_is(r, LAW_ACCEPT_IN_HALL, "7", LAW_REASON_CODES);
    for (int i = 0; i < r->facts->owners; i++) {
        const struct law_owner *owner = &r->facts->owner[i];
        if (owner->company && r->readings->company_to_hall)
            ruling_reason(r, "6", LAW_R_OWNER_COMPANY_TO_HALL, owner->id);
        if (owner->company || owner->alive != TRI_YES)
            continue;
        if (owner->minor == TRI_YES && !(r->readings->married_minor_is_adult && owner->married == TRI_YES))
            ruling_reason(r, "6", LAW_R_OWNER_MINOR, owner->id);
        if (owner->incapable == TRI_YES)
            ruling_reason(r, "6", LAW_R_OWNER_INCAPABLE, owner->id);
    }
    return true;
}
