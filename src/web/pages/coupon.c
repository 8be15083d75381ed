/* SPDX-License-Identifier: Apache-2.0 */
/* The arrival statistical coupon: what the registers do not know. */
#include "page_coupon.h"
#include "web/pages/coupon_form.h"
#include "web/pages/pages.h"

const char *const coupon_reasons[] = { "work", "study", "family", "return", "housing", "other", NULL };
const char *const coupon_educations[] = { "none", "secondary", "vocational", "higher", NULL };
const char *const coupon_maritals[] = { "single", "married", "divorced", "widowed", NULL };
const char *const coupon_occupations[] = { "employed", "self_employed", "student", "pensioner", "not_working", NULL };
const char *const coupon_arrivals[] = { "alone", "family", NULL };

static const struct form_field fields[] = { COUPON_FIELDS(struct coupon_typed, coupon) };
const struct form coupon_form = FORM_CHECKED(fields, struct coupon_typed, coupon_check);

void coupon_check(const struct form *form, const void *typed, struct form_state *state)
{
    const struct coupon_typed *t = typed;
    if (str_is(t->coupon.arrives_with, "alone") && t->coupon.children_under_14 > 0)
        form_fail(form, state, "children_under_14", T_COUPON_CHILDREN_ALONE);
}

void coupon_show(struct web_request *r) { page_coupon(&r->page, case_view(r), &case_view(r)->coupon); }

bool coupon_run(struct db *db, struct web_request *r, struct err *err)
{
    struct coupon_typed *typed = r->typed;
    struct filing_id id;
    enum text_key key;
    if (!web_filing_id(r, 0, &id, err))
        return false;
    if (!filing_save_coupon(db, &r->context, &r->actor, id, &typed->coupon, err)) {
        /* What the table above cannot check: a day of arrival in the future. */
        if (err->kind != ERR_INPUT)
            return false;
        web_fail_field(r, "arrived", filing_err_key(err, &key) ? key : T_COUPON_ARRIVED_WRONG);
        return true;
    }
    web_redirect(r, "/applications/" STR_FMT "/check", STR_ARG(r->key[0]));
    return true;
}
