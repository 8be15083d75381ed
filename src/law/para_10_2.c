/* SPDX-License-Identifier: Apache-2.0 */
/* Paragraph 10.2: how many citizens are registered in the dwelling; asked also where nobody is allowed. */
#include "law/ruling.h"

bool para_10_2_head_count(struct ruling *r)
{
    if (r->facts->head_count == LAW_UNASKED)
        return ruling_asks(r, "10.2", LAW_ASK_HEAD_COUNT, LAW_R_HEAD_COUNT_SILENT);
    /* LAW 10.2.3 #0b157140 */
    if (r->facts->head_count == LAW_SILENT)
        return ruling_waits(r, "10.2", LAW_R_HEAD_COUNT_SILENT);
    /* LAW 10.2.2 #c3e7e3ff */
    ruling_reading(r, POLICY_REGISTERED);
    r->decision->registered = r->readings->residence_only ? r->facts->registered_residence : r->facts->registered;
    return false;
}
