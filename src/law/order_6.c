/* SPDX-License-Identifier: Apache-2.0 */
/* Item 6 of the order: from when until when the pilot is in force. */
#include "law/ruling.h"

/* LAW order 6.1 #0cc7aaa4 */
/* LAW order 6.2 #d0e1f9f0 */
bool order_6_in_force(struct ruling *r)
{
    if (r->readings->pilot_in_force)
        return false;
    ruling_reading(r, POLICY_PILOT_IN_FORCE);
    return ruling_is(r, LAW_PILOT_NOT_IN_FORCE, "order 6", LAW_R_PILOT_NOT_IN_FORCE);
}
