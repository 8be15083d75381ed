/* SPDX-License-Identifier: Apache-2.0 */
/* Paragraph 10.1: the area of the dwelling, from the cadastre. */
#include "law/ruling.h"

/* LAW 10.1.1 #fb434cc6 */
bool para_10_1_area(struct ruling *r)
{
    struct law_decision *d = r->decision;
    ruling_reading(r, POLICY_NORM_AREA_KIND);
    d->useful_area = r->readings->useful_area;
    d->area = d->useful_area ? r->facts->useful_area : r->facts->total_area;
    /* LAW 10.1.2 #fb8828b2 */
    if (d->area == DECIMAL_NONE)
        return ruling_waits(r, "10.1", LAW_R_AREA_UNKNOWN);
    return false;
}
