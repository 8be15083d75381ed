/* SPDX-License-Identifier: Apache-2.0 */
/* Check your answers, then the one-time code by which the applicant signs. */
#include "page_check.h"
#include "page_code.h"
#include "web/pages/pages.h"

struct code_typed {
    struct str code;
};
static const struct form_field fields[] = {
    { "code", FORM_DIGITS, FORM_AT(struct code_typed, code), .required = true, .min = 4, .max = 8, .missing = T_CODE_MISSING,
      .wrong = T_CODE_SHAPE },
};
const struct form code_form = FORM(fields, struct code_typed);

void check_show(struct web_request *r) { page_check(&r->page, case_view(r)); }

bool send_code_run(struct db *db, struct web_request *r, struct err *err)
{
    struct filing_id id;
    if (!web_filing_id(r, 0, &id, err) || !filing_send_code(db, &r->context, &r->actor, id, err))
        return false;
    web_redirect(r, "/applications/" STR_FMT "/code", STR_ARG(r->key[0]));
    return true;
}

void code_show(struct web_request *r) { page_code(&r->page, case_view(r)); }

bool code_run(struct db *db, struct web_request *r, struct err *err)
{
    const struct code_typed *typed = r->typed;
    struct filing_id id;
    enum text_key key;
    if (!web_filing_id(r, 0, &id, err))
        return false;
    if (filing_sign(db, &r->context, &r->actor, id, typed->code, err))
        return case_step_done(r, true);
    if (err->kind != ERR_INPUT)
        return false;
    web_fail_field(r, "code", filing_err_key(err, &key) ? key : T_CODE_WRONG);
    return true; /* the attempt stays counted */
}
