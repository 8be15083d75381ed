/* SPDX-License-Identifier: Apache-2.0 */
/* Paragraph 5: every other visitor of the reception is told to use the service online. */
#include "law/ruling.h"

/* LAW 5.1 #4d7e6869 */
/* LAW 9.1 #6925fdc6 */
bool para_05_to_online(struct ruling *r)
{
    if (r->facts->channel != LAW_RECEPTION)
        return false;
    return ruling_is(r, LAW_TO_ONLINE, "5", ruling_office_route(r) ? LAW_R_NO_PROTECTED_OWNER : LAW_R_OFFICE_ROUTE_CLOSED);
}
