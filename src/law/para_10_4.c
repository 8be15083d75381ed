/* SPDX-License-Identifier: Apache-2.0 */
/* Paragraph 10.4: past the norm, the applicant names his degree of kinship with an owner, or a category. */
#include "law/ruling.h"

/* LAW 10.4.5 #bd1b3f11 */
bool law_degree_offered(enum law_degree degree, const struct policy_readings *readings)
{
    return degree == LAW_OWNER ? readings->offer_owner : degree == LAW_IN_LAW ? readings->offer_in_law : true;
}

/* LAW 10.4.1 #a7f0a05d */
/* LAW 10.3.4 #7ede350a */
bool para_10_4_choose(struct ruling *r)
{
    enum law_degree degree = r->facts->relation.degree;
    ruling_reading(r, POLICY_LIST_ZHEKEMENSHIK);
    if (degree == LAW_NO_DEGREE)
        return ruling_is(r, LAW_CHOOSE_RELATION, "10.4", LAW_R_NORM_REACHED);
    r->decision->degree = degree;
    return false;
}
