/* SPDX-License-Identifier: Apache-2.0 */
/* The steps of a case, each answered with the case as it stands after it. */
#include "web/api/api.h"

/* ---- bodies ---- */

struct relation {
    struct str degree, side;
};
static const char *const degrees[] = { "child",        "parent",      "spouse",     "full_sibling",
                                       "half_sibling", "grandparent", "grandchild", "in_law",
                                       "owner",        "student",     NULL };
static const char *const sides[] = { "mother", "father", NULL };
static const struct body_field relation_fields[] = {
    { .name = "degree", .type = BODY_CHOICE, .at = BODY_AT(struct relation, degree), .required = true, .choice = degrees },
    { .name = "side", .type = BODY_CHOICE, .at = BODY_AT(struct relation, side), .choice = sides },
};
static const struct body relation_body = BODY(relation_fields, struct relation);
const struct form api_relation_body = { .json = &relation_body };

static const char *const reasons[] = { "work", "study", "family", "return", "housing", "other", NULL };
static const char *const educations[] = { "none", "secondary", "vocational", "higher", NULL };
static const char *const maritals[] = { "single", "married", "divorced", "widowed", NULL };
static const char *const occupations[] = { "employed", "self_employed", "student", "pensioner", "not_working", NULL };
static const char *const companies[] = { "alone", "family", NULL };
#define COUPON(member) .at = BODY_AT(struct filing_coupon, member), .required = true
static const struct body_field coupon_fields[] = {
    { .name = "reason", .type = BODY_CHOICE, COUPON(reason), .choice = reasons },
    { .name = "education", .type = BODY_CHOICE, COUPON(education), .choice = educations },
    { .name = "marital", .type = BODY_CHOICE, COUPON(marital), .choice = maritals },
    { .name = "occupation", .type = BODY_CHOICE, COUPON(occupation), .choice = occupations },
    { .name = "arrives_with", .type = BODY_CHOICE, COUPON(arrives_with), .choice = companies },
    { .name = "children_under_14", .type = BODY_INT, COUPON(children_under_14), .min = 0, .max = 20 },
    { .name = "previous_place", .type = BODY_TEXT, COUPON(previous_place), .min = 1, .max = 300 },
    { .name = "arrived", .type = BODY_DAY, COUPON(arrived) },
};
const struct body api_coupon_fields = BODY(coupon_fields, struct filing_coupon);
const struct form api_coupon_body = { .json = &api_coupon_fields };

struct signature {
    struct str code;
};
#define CODE_DIGITS 6
static const struct body_field signature_fields[] = {
    { .name = "code",
      .type = BODY_DIGITS,
      .at = BODY_AT(struct signature, code),
      .required = true,
      .min = CODE_DIGITS,
      .max = CODE_DIGITS },
};
static const struct body signature_body = BODY(signature_fields, struct signature);
const struct form api_signature_body = { .json = &signature_body };

struct consent {
    bool agree;
    struct str code;
};
static const struct body_field consent_fields[] = {
    { .name = "agree", .type = BODY_FLAG, .at = BODY_AT(struct consent, agree), .required = true },
    { .name = "code", .type = BODY_DIGITS, .at = BODY_AT(struct consent, code), .min = CODE_DIGITS, .max = CODE_DIGITS },
};
static const struct body consent_body = BODY(consent_fields, struct consent);
const struct form api_consent_body = { .json = &consent_body };

/* ---- steps ---- */

/* The case of the path, in the version that the sender knows. */
static bool begin(struct db *db, struct web_request *r, struct filing_id *ret, struct err *err)
{
    return web_filing_id(r, 0, ret, err) && api_case_matches(db, r, *ret, err);
}

/* What a step fails with is its own error; what it leaves is shown. */
static bool end(struct db *db, struct web_request *r, bool ok, struct err *err) { return ok && api_case_read(db, r, err); }

bool api_relation_run(struct db *db, struct web_request *r, struct err *err)
{
    const struct relation *typed = r->typed;
    struct law_relation relation = { .side = KIN_SIDE_NONE };
    struct filing_id id;
    if (!law_degree_parse(typed->degree, &relation.degree))
        return api_fail(err, "degree");
    if ((typed->side.n > 0 && !kin_side_parse(typed->side, &relation.side)) ||
        law_degree_has_side(relation.degree) != (relation.side != KIN_SIDE_NONE))
        return api_fail(err, "side");
    return begin(db, r, &id, err) && end(db, r, filing_choose_relation(db, &r->context, &r->actor, id, relation, err), err);
}

bool api_ask_again_run(struct db *db, struct web_request *r, struct err *err)
{
    struct filing_id id;
    return begin(db, r, &id, err) && end(db, r, filing_ask_again(db, &r->context, &r->actor, id, err), err);
}

bool api_choose_other_run(struct db *db, struct web_request *r, struct err *err)
{
    struct filing_id id;
    return begin(db, r, &id, err) && end(db, r, filing_choose_other(db, &r->context, &r->actor, id, err), err);
}

bool api_choose_on_record_run(struct db *db, struct web_request *r, struct err *err)
{
    struct filing_id id;
    return begin(db, r, &id, err) && end(db, r, filing_choose_on_record(db, &r->context, &r->actor, id, err), err);
}

bool api_coupon_run(struct db *db, struct web_request *r, struct err *err)
{
    const struct filing_coupon *typed = r->typed;
    struct filing_id id;
    if (typed->arrived.n > r->context.legal_day.n)
        return api_fail(err, "arrived");
    return begin(db, r, &id, err) && end(db, r, filing_save_coupon(db, &r->context, &r->actor, id, typed, err), err);
}

bool api_signature_run(struct db *db, struct web_request *r, struct err *err)
{
    const struct signature *typed = r->typed;
    struct filing_id id;
    return begin(db, r, &id, err) && end(db, r, filing_sign(db, &r->context, &r->actor, id, typed->code, err), err);
}

bool api_cancellation_run(struct db *db, struct web_request *r, struct err *err)
{
    struct filing_id id;
    return begin(db, r, &id, err) && end(db, r, filing_cancel(db, &r->context, &r->actor, id, err), err);
}

/* Applicants to sign, owners to consent: filing knows which of them the actor is. */
bool api_code_run(struct db *db, struct web_request *r, struct err *err)
{
    struct filing_id id;
    return begin(db, r, &id, err) && filing_send_code(db, &r->context, &r->actor, id, err);
}

/* ---- the owner ---- */

/* The owner's own row; NULL: this reader is not asked. */
static const struct filing_consent_view *own_row(const struct web_request *r, const struct filing_view *view)
{
    for (int i = 0; i < view->consents; i++) {
        if (iin_equal(view->consent[i].owner, r->actor.person))
            return &view->consent[i];
    }
    return NULL;
}

bool api_consent_read(struct db *db, struct web_request *r, struct err *err)
{
    if (!api_case_read(db, r, err))
        return false;
    const struct filing_view *view = r->data;
    return own_row(r, view) ||
           err_set(err, ERR_FORBIDDEN, "error.not_yours: %s does not want this person's consent", view->number);
}

bool api_consent_run(struct db *db, struct web_request *r, struct err *err)
{
    const struct consent *typed = r->typed;
    struct filing_id id;
    if (typed->agree != (typed->code.n > 0))
        return api_fail(err, "code");
    return begin(db, r, &id, err) && filing_consent(db, &r->context, &r->actor, id, typed->agree, typed->code, err) &&
           api_consent_read(db, r, err);
}

void api_consent_write(struct web_request *r, struct json *j)
{
    const struct filing_view *view = r->data;
    const struct filing_consent_view *own = own_row(r, view);
    json_put_text(j, "number", view->number);
    json_put_text(j, "state", filing_state_name(view->state));
    json_put_text(j, "state_text", api_named(r, "state", filing_state_name(view->state)));
    json_put_text(j, "service", law_service_name(view->service));
    json_key(j, "months");
    if (view->months > 0)
        json_int(j, view->months);
    else
        json_nil(j);
    api_optional(j, "applicant_name", view->applicant_name);
    json_put_str(j, "rka", view->rka);
    api_address(j, view->address_kk, view->address_ru);
    api_optional(j, "company", own->company);
    json_key(j, "given");
    if (own->given == TRI_UNKNOWN)
        json_nil(j);
    else
        json_bool(j, own->given == TRI_YES);
    api_moment(j, "until", own->until);
    json_put_bool(j, "code_sent", view->code_sent);
}

void api_consent_show(struct web_request *r)
{
    const struct filing_view *view = r->data;
    api_retry_after(r, api_signature_retry(view->signature.result.state));
    api_answer(r, api_consent_write);
}
