/* SPDX-License-Identifier: Apache-2.0 */
/* Paragraph 10.5: the chosen degree is checked against the civil acts.  The patterns of the degrees are in kin/degrees.c. */
#include "law/ruling.h"
#include "law/ruling_10.h"

static void readings_of_degree(struct ruling *r, enum law_degree degree)
{
    static const struct {
        enum law_degree degree;
        enum policy_setting setting;
    } table[] = {
        { LAW_SPOUSE, POLICY_SPOUSE },
        { LAW_FULL_SIBLING, POLICY_FULL_SIBLING },
        { LAW_HALF_SIBLING, POLICY_HALF_SIBLING },
        { LAW_GRANDPARENT, POLICY_GRANDPARENT },
        { LAW_GRANDCHILD, POLICY_GRANDCHILD },
        { LAW_IN_LAW, POLICY_IN_LAW_SCOPE },
        { LAW_IN_LAW, POLICY_IN_LAW_BOTH_WAYS },
        { LAW_IN_LAW, POLICY_SPOUSE },
        { LAW_IN_LAW, POLICY_STATUTE_EXTENDED_KIN },
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        if (table[i].degree == degree)
            ruling_reading(r, table[i].setting);
    }
}

/* Kinship is towards an owner.  Where the office route is closed (reading temporary.office_route) nobody has looked at the owners
 * yet. */
bool para_10_5_owners(struct ruling *r)
{
    if (r->decision->degree == LAW_STUDENT)
        return false;
    if (r->facts->owners_known != LAW_KNOWN)
        return ruling_waits(r, "9", LAW_R_OWNERS_SILENT);
    if (r->facts->owners == 0)
        return ruling_waits(r, "9", LAW_R_NO_OWNER_ON_RECORD);
    return false;
}

/* LAW 10.5.1 #750ac34b */
bool para_10_5_kinship(struct ruling *r)
{
    readings_of_degree(r, r->decision->degree);
    if (r->facts->kinship == LAW_UNASKED)
        return ruling_asks(r, "10.5", LAW_ASK_KINSHIP, LAW_R_ACTS_SILENT);
    /* LAW 10.5.15 #608ba4a6 */
    if (r->facts->kinship == LAW_SILENT || r->facts->kin->confirmed == TRI_UNKNOWN)
        return ruling_waits(r, "10.5", LAW_R_ACTS_SILENT);
    r->decision->kin = r->facts->kin;
    r->decision->kinship = r->facts->kin->confirmed;
    return para_10_6_kinship(r);
}
