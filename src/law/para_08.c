/* SPDX-License-Identifier: Apache-2.0 */
/* Paragraph 8: the check of the owner is negative, the hall refuses and points to the online channels. */
#include "law/ruling.h"

/* LAW 8.1 #ac26e3fd */
/* LAW order 3.1 #b7491b40 */
bool para_08_refuse(struct ruling *r)
{
    if (r->facts->channel != LAW_HALL)
        return false;
    if (!ruling_office_route(r))
        return ruling_is(r, LAW_REFUSE_USE_ONLINE, "8", LAW_R_OFFICE_ROUTE_CLOSED);
    if (ruling_protected_owner(r) == TRI_YES)
        return false;
    return ruling_is(r, LAW_REFUSE_USE_ONLINE, "8", LAW_R_NO_PROTECTED_OWNER);
}
