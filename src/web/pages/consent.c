/* SPDX-License-Identifier: Apache-2.0 */
/* The owner's consent: who wants to register, where, for how long; yes or no, signed with a one-time code. */
#include "page_consent.h"
#include "web/pages/pages.h"

struct consent_typed {
    struct str agree, code;
};
static const char *const answers[] = { "yes", "no", NULL };
static const struct form_field fields[] = {
    { "agree", FORM_CHOICE, FORM_AT(struct consent_typed, agree), .required = true, .choice = answers,
      .missing = T_CONSENT_MISSING, .wrong = T_CONSENT_MISSING },
    { "code", FORM_DIGITS, FORM_AT(struct consent_typed, code), .required = true, .min = 4, .max = 8, .missing = T_CODE_MISSING,
      .wrong = T_CODE_SHAPE },
};
const struct form consent_form = FORM(fields, struct consent_typed);

/* The reader's own row; NULL for somebody who is not asked. */
static const struct filing_consent_view *own_row(const struct web_request *r, const struct filing_view *view)
{
    for (int i = 0; i < view->consents; i++) {
        if (iin_equal(view->consent[i].owner, r->session.person))
            return &view->consent[i];
    }
    return NULL;
}

void consent_show(struct web_request *r)
{
    const struct filing_view *view = case_view(r);
    const struct filing_consent_view *own = own_row(r, view);
    if (own)
        page_consent(&r->page, view, own);
    else
        web_error(r, 403, NULL);
}

bool consent_code_run(struct db *db, struct web_request *r, struct err *err)
{
    struct filing_id id;
    if (!web_filing_id(r, 0, &id, err) || !filing_send_code(db, &r->context, &r->actor, id, err))
        return false;
    web_redirect(r, "/consents/" STR_FMT, STR_ARG(r->key[0]));
    return true;
}

bool consent_run(struct db *db, struct web_request *r, struct err *err)
{
    const struct consent_typed *typed = r->typed;
    struct filing_id id;
    enum text_key key;
    if (!web_filing_id(r, 0, &id, err))
        return false;
    if (filing_consent(db, &r->context, &r->actor, id, str_is(typed->agree, "yes"), typed->code, err)) {
        web_redirect(r, "/consents/" STR_FMT, STR_ARG(r->key[0]));
        return true;
    }
    if (err->kind != ERR_INPUT)
        return false;
    web_fail_field(r, "code", filing_err_key(err, &key) ? key : T_CODE_WRONG);
    return true;
}
