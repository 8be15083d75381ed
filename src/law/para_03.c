/* SPDX-License-Identifier: Apache-2.0 */
/* Paragraph 3 (and 6, 9, 1 in their place): establish who owns the dwelling. */
#include "law/ruling.h"

/* LAW 3.2 #0f1c879f */
/* LAW 6.2 #d8080f37 */
/* LAW 9.5 #1772ebe1 */
/* LAW 1.3 #66fdabe6 */
static const char *paragraph_of_owners(const struct ruling *r)
{
    switch (r->facts->channel) {
    case LAW_RECEPTION: return "3";
    case LAW_HALL: return "6";
    case LAW_PORTAL:
    case LAW_MOBILE:
    case LAW_CHANNELS: break;
    }
    return ruling_in_capital(r) == TRI_YES ? "9" : "1";
}

/* LAW 3.1 #1810b9b9 */
bool para_03_owners(struct ruling *r)
{
    if (!ruling_office_route(r))
        return false;
    const struct law_facts *f = r->facts;
    if (f->dwelling == LAW_UNASKED)
        return ruling_asks(r, paragraph_of_owners(r), LAW_ASK_DWELLING, LAW_R_OWNERS_SILENT);
    if (f->dwelling == LAW_SILENT || f->owners_known != LAW_KNOWN)
        return ruling_waits(r, paragraph_of_owners(r), LAW_R_OWNERS_SILENT);
    if (f->owners == 0)
        return ruling_waits(r, paragraph_of_owners(r), LAW_R_NO_OWNER_ON_RECORD);
    return false;
}
