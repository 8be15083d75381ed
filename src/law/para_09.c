/* SPDX-License-Identifier: Apache-2.0 */
/* Paragraph 9: the further stages concern the city of Astana, that is, a KATO beginning with 71. */
#include "law/ruling.h"

/* LAW 9.4 #a8ac24dd */
bool para_09_capital(struct ruling *r)
{
    if (r->facts->dwelling == LAW_UNASKED)
        return ruling_asks(r, "9", LAW_ASK_DWELLING, LAW_R_KATO_UNKNOWN);
    if (ruling_in_capital(r) == TRI_UNKNOWN)
        return ruling_waits(r, "9", LAW_R_KATO_UNKNOWN);
    return false;
}
