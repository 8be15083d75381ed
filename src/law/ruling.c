/* SPDX-License-Identifier: Apache-2.0 */
/* What the rules share: setting an outcome, noting readings, asking. */
#include "law/ruling.h"

void ruling_reading(struct ruling *r, enum policy_setting setting) { r->decision->readings |= UINT32_C(1) << setting; }

void ruling_reason(struct ruling *r, const char *paragraph, enum law_reason_code code, struct iin person)
{
    struct law_decision *d = r->decision;
    if (d->reasons < LAW_REASONS_MAX)
        d->reason[d->reasons++] = (struct law_reason){ .code = code, .paragraph = paragraph, .person = person };
}

bool ruling_is(struct ruling *r, enum law_outcome outcome, const char *paragraph, enum law_reason_code code)
{
    r->decision->outcome = outcome;
    r->decision->paragraph = paragraph;
    if (code != LAW_REASON_CODES)
        ruling_reason(r, paragraph, code, (struct iin){ 0 });
    return true;
}

bool ruling_waits(struct ruling *r, const char *paragraph, enum law_reason_code code)
{
    return ruling_is(r, LAW_WAITING, paragraph, code);
}

bool ruling_asks(struct ruling *r, const char *paragraph, unsigned asks, enum law_reason_code code_if_silent)
{
    r->decision->asks |= asks;
    return ruling_waits(r, paragraph, code_if_silent);
}

bool ruling_online(const struct ruling *r) { return r->facts->channel == LAW_PORTAL || r->facts->channel == LAW_MOBILE; }

/* LAW 9.3 #f1632098 */
enum tri ruling_in_capital(const struct ruling *r)
{
    if (r->facts->dwelling != LAW_KNOWN || r->facts->kato.n == 0)
        return TRI_UNKNOWN;
    return tri_of(str_starts(r->facts->kato, "71"));
}

const char *ruling_owner_paragraph(const struct ruling *r) { return r->facts->channel == LAW_HALL ? "6" : "4"; }

bool ruling_coupon(struct ruling *r, const char *paragraph, enum law_reason_code code)
{
    if (r->facts->channel != LAW_HALL)
        return ruling_is(r, LAW_TO_COUPON, paragraph, code);
    ruling_is(r, LAW_ACCEPT_IN_HALL, "7", LAW_REASON_CODES);
    ruling_reason(r, paragraph, code, (struct iin){ 0 });
    return true;
}

/* LAW 2.1 #a6525102 */
/* LAW 2.2 #d8e5b409 */
bool ruling_office_route(struct ruling *r)
{
    if (r->facts->service != LAW_TEMPORARY)
        return true;
    ruling_reading(r, POLICY_TEMPORARY_OFFICE_ROUTE);
    return !r->readings->temporary_online;
}
