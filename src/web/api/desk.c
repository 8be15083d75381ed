/* SPDX-License-Identifier: Apache-2.0 */
/* What office systems do: reception (items 3-5) and the operations hall (items 6-8). */
#include "web/api/api.h"

struct desk {
    struct iin applicant, owner;
    struct str service, rka;
    int months;
};
static const char *const services[] = { "residence", "temporary", NULL };
#define DESK(member) .at = BODY_AT(struct desk, member)
static const struct body_field reception_fields[] = {
    { .name = "applicant", .type = BODY_PERSON, DESK(applicant), .required = true },
    { .name = "rka", .type = BODY_TEXT, DESK(rka), .required = true, .min = 1, .max = 64 },
    { .name = "service", .type = BODY_CHOICE, DESK(service), .choice = services },
    { .name = "months", .type = BODY_INT, DESK(months), .min = 1, .max = 12 },
};
static const struct body_field hall_fields[] = {
    { .name = "applicant", .type = BODY_PERSON, DESK(applicant), .required = true },
    { .name = "rka", .type = BODY_TEXT, DESK(rka), .required = true, .min = 1, .max = 64 },
    { .name = "owner", .type = BODY_PERSON, DESK(owner), .required = true },
    { .name = "service", .type = BODY_CHOICE, DESK(service), .required = true, .choice = services },
    { .name = "months", .type = BODY_INT, DESK(months), .min = 1, .max = 12 },
};
static const struct body reception_body = BODY(reception_fields, struct desk), hall_body = BODY(hall_fields, struct desk);
const struct form api_reception_body = { .json = &reception_body }, api_hall_body = { .json = &hall_body };

static bool open_case(struct db *db, struct web_request *r, enum law_channel channel, struct err *err)
{
    const struct desk *typed = r->typed;
    struct filing_opening opening = {
        .channel = channel, .applicant = typed->applicant, .rka = typed->rka, .entered_owner = typed->owner
    };
    /* Reception shows the way before anybody has to know which service it will be. */
    if (typed->service.n > 0 && !law_service_parse(typed->service, &opening.service))
        return api_fail(err, "service");
    opening.months = typed->months == BODY_INT_NONE ? 0 : typed->months;
    if ((opening.service == LAW_TEMPORARY) != (opening.months > 0))
        return api_fail(err, "months");
    return api_case_opened(db, r, &opening, err);
}

bool api_reception_open(struct db *db, struct web_request *r, struct err *err) { return open_case(db, r, LAW_RECEPTION, err); }

bool api_hall_open(struct db *db, struct web_request *r, struct err *err) { return open_case(db, r, LAW_HALL, err); }

bool api_desk_list_read(struct db *db, struct web_request *r, struct err *err)
{
    struct api_list *list = ARENA_NEW(r->arena, struct api_list);
    r->data = list;
    return filing_list_desk(db, r->actor.channel, r->arena, &list->row, &list->rows, err);
}

/* ---- the representative's documents (item 7) ---- */

struct documents {
    bool in_order, sign;
    struct str why_not;
    struct filing_documents checked;
    const void *coupon; /* struct filing_coupon */
};
static const char *const bases[] = { "parent", "guardian", "trustee", NULL };
#define DOCUMENTS(member) .at = BODY_AT(struct documents, member)
static const struct body_field documents_fields[] = {
    { .name = "in_order", .type = BODY_FLAG, DOCUMENTS(in_order), .required = true },
    { .name = "why_not", .type = BODY_TEXT, DOCUMENTS(why_not), .min = 1, .max = 500 },
    { .name = "representative", .type = BODY_PERSON, DOCUMENTS(checked.representative) },
    { .name = "basis", .type = BODY_CHOICE, DOCUMENTS(checked.basis), .choice = bases },
    { .name = "document", .type = BODY_TEXT, DOCUMENTS(checked.document), .min = 1, .max = 200 },
    { .name = "identity_checked", .type = BODY_FLAG, DOCUMENTS(checked.identity_checked) },
    { .name = "authority_checked", .type = BODY_FLAG, DOCUMENTS(checked.authority_checked) },
    { .name = "consent_given", .type = BODY_FLAG, DOCUMENTS(checked.consent_given) },
    { .name = "presence", .type = BODY_FLAG, DOCUMENTS(checked.presence) },
    { .name = "coupon", .type = BODY_OBJECT, DOCUMENTS(coupon), .object = &api_coupon_fields },
    { .name = "sign", .type = BODY_FLAG, DOCUMENTS(sign) },
};
static const struct body documents_body = BODY(documents_fields, struct documents);
const struct form api_documents_body = { .json = &documents_body };

/* What is in order has all members but the reason; a refusal has the reason. */
static bool check(const struct web_request *r, const struct documents *typed, struct err *err)
{
    const struct filing_documents *d = &typed->checked;
    const struct filing_coupon *coupon = typed->coupon;
    if (!typed->in_order)
        return typed->why_not.n > 0 || api_fail(err, "why_not");
    const struct {
        bool right;
        const char *field;
    } wanted[] = {
        { typed->why_not.n == 0, "why_not" },
        { !iin_is_none(d->representative), "representative" },
        { d->basis.n > 0, "basis" },
        { d->document.n > 0, "document" },
        { d->identity_checked, "identity_checked" },
        { d->authority_checked, "authority_checked" },
        { d->consent_given, "consent_given" },
        { d->presence, "presence" },
        { coupon, "coupon" },
        { coupon && coupon->arrived.n <= r->context.legal_day.n, "coupon.arrived" },
    };
    for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++) {
        if (!wanted[i].right)
            return api_fail(err, wanted[i].field);
    }
    return true;
}

/* To be signed: prepared, and filed when the signature of POST .../signatures is good. */
static bool take(struct db *db, struct web_request *r, const struct documents *typed, struct filing_id id, struct err *err)
{
    if (typed->in_order && typed->sign)
        return filing_prepare_documents(db, &r->context, &r->actor, id, &typed->checked, typed->coupon, err);
    return filing_check_documents(db, &r->context, &r->actor, id, &typed->checked, typed->coupon, typed->in_order, typed->why_not,
                                  err);
}

bool api_documents_run(struct db *db, struct web_request *r, struct err *err)
{
    const struct documents *typed = r->typed;
    struct filing_id id;
    return check(r, typed, err) && web_filing_id(r, 0, &id, err) && api_case_matches(db, r, id, err) &&
           take(db, r, typed, id, err) && api_case_read(db, r, err);
}
