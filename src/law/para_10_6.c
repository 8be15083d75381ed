/* SPDX-License-Identifier: Apache-2.0 */
/* Paragraph 10.6: confirmed, on to the coupon; not confirmed, the applicant is told which record to bring up to date. */
#include "law/ruling.h"
#include "law/ruling_10.h"

/* Migration Law art. 51: nobody outside the categories may be registered there already. */
/* LAW 10.6.5 #322c89c8 */
bool para_10_6_strangers(struct ruling *r, enum law_outcome refusal, const char *paragraph)
{
    ruling_reading(r, POLICY_STATUTE_NO_STRANGERS);
    if (!r->readings->no_strangers)
        return false;
    if (r->facts->strangers_known == LAW_UNASKED)
        return ruling_asks(r, paragraph, LAW_ASK_STRANGERS, LAW_R_STRANGERS_UNKNOWN);
    /* LAW 10.6.6 #54726f6d */
    if (r->facts->strangers_known == LAW_SILENT || r->facts->strangers == TRI_UNKNOWN)
        return ruling_waits(r, paragraph, LAW_R_STRANGERS_UNKNOWN);
    return r->facts->strangers == TRI_YES && ruling_is(r, refusal, paragraph, LAW_R_STRANGERS_REGISTERED);
}

bool para_10_6_kinship(struct ruling *r)
{
    /* LAW 10.6.3 #57f6ba02 */
    if (r->facts->kin->confirmed == TRI_NO)
        return ruling_is(r, LAW_KINSHIP_NOT_CONFIRMED, "10.6", LAW_R_KINSHIP_NOT_CONFIRMED);
    if (para_10_6_strangers(r, LAW_KINSHIP_NOT_CONFIRMED, "10.6"))
        return true;
    /* LAW 10.6.1 #c8fbda79 */
    return ruling_coupon(r, "10.6", LAW_R_KINSHIP_CONFIRMED);
}

/* The category `owner`: the applicant is himself an owner, living or not of age as he may be. */
/* LAW 10.5.16 #c1d19c33 */
bool para_10_6_owner(struct ruling *r)
{
    const struct law_facts *f = r->facts;
    if (r->decision->degree != LAW_OWNER)
        return false;
    r->decision->kinship = TRI_NO;
    for (int i = 0; i < f->owners; i++) {
        if (iin_equal(f->owner[i].id, f->applicant))
            r->decision->kinship = TRI_YES;
    }
    /* LAW 10.6.4 #03c76721 */
    if (r->decision->kinship == TRI_NO)
        return ruling_is(r, LAW_KINSHIP_NOT_CONFIRMED, "10.6", LAW_R_NOT_AN_OWNER);
    if (para_10_6_strangers(r, LAW_KINSHIP_NOT_CONFIRMED, "10.6"))
        return true;
    /* LAW 10.6.2 #fe32a1b6 */
    return ruling_coupon(r, "10.6", LAW_R_OWNER_CONFIRMED);
}
