/* SPDX-License-Identifier: Apache-2.0 */
/* Paragraph 10.7: a full-time student in the capital, by either education register. */
#include "law/ruling.h"
#include "law/ruling_10.h"

/* LAW 10.7.1 #00511a00 */
bool para_10_7_study(struct ruling *r)
{
    const struct law_facts *f = r->facts;
    if (r->decision->degree != LAW_STUDENT)
        return false;
    if (f->study == LAW_UNASKED)
        return ruling_asks(r, "10.7", LAW_ASK_STUDY, LAW_R_STUDY_SILENT);
    ruling_reading(r, POLICY_STUDENT);
    enum tri studies = r->readings->student_any_form ? f->studies_any_form : f->studies_full_time;
    /* LAW 10.7.5 #58d8e400 */
    if (f->study == LAW_SILENT || studies == TRI_UNKNOWN)
        return ruling_waits(r, "10.7", LAW_R_STUDY_SILENT);
    /* LAW 10.7.4 #45e874fd */
    if (studies == TRI_NO)
        return ruling_is(r, LAW_STUDY_NOT_CONFIRMED, "10.7", LAW_R_STUDY_NOT_CONFIRMED);
    if (para_10_6_strangers(r, LAW_STUDY_NOT_CONFIRMED, "10.7"))
        return true;
    /* LAW 10.7.3 #89fe3a6c */
    return ruling_coupon(r, "10.7", LAW_R_STUDY_CONFIRMED);
}
