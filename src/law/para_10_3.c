/* SPDX-License-Identifier: Apache-2.0 */
/* Paragraph 10.3: the number registered against the norm of the capital's maslikhat. */
#include "law/ruling.h"

/* Nobody is refused by a norm that does not exist yet: neither area nor head count is asked. */
/* LAW 10.3.5 #08ea7e6a */
bool para_10_3_norm_in_force(struct ruling *r)
{
    ruling_reading(r, POLICY_NORM_AREA_PER_PERSON);
    r->decision->per_person = r->readings->area_per_person;
    if (r->decision->per_person != DECIMAL_NONE)
        return false;
    r->decision->has_norm = true;
    return ruling_coupon(r, "10.3", LAW_R_NO_NORM_IN_FORCE);
}

/* Whole persons; both figures are in hundredths of a square metre. */
/* LAW 10.3.1 #435aadc3 */
static int64_t allowed_persons(struct ruling *r)
{
    int64_t allowed = r->decision->area / r->decision->per_person;
    if (allowed > 0)
        return allowed;
    ruling_reading(r, POLICY_ALLOWED);
    return r->readings->allowed_at_least_one ? 1 : 0;
}

/* LAW 10.3.2 #a3082989 */
static bool norm_reached(struct ruling *r)
{
    const struct law_decision *d = r->decision;
    if (d->registered == d->allowed)
        ruling_reading(r, POLICY_REACHED);
    return r->readings->reached_above_allowed ? d->registered > d->allowed : d->registered >= d->allowed;
}

bool para_10_3_compare(struct ruling *r)
{
    struct law_decision *d = r->decision;
    d->has_norm = true;
    d->allowed = allowed_persons(r);
    d->reached = norm_reached(r);
    /* LAW 10.3.3 #e5ce58cf */
    if (!d->reached)
        return ruling_coupon(r, "10.3", LAW_R_NORM_NOT_REACHED);
    return false;
}
