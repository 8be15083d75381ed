/* SPDX-License-Identifier: Apache-2.0 */
/* The address once more; then the case is opened. */
#include "page_new_confirm.h"
#include "web/pages/pages.h"

struct confirm_typed {
    struct str service, months, dwelling;
};
static const struct form_field fields[] = {
    { "service", FORM_TEXT, FORM_AT(struct confirm_typed, service), .max = 20, .wrong = T_NEW_SERVICE_MISSING },
    { "months", FORM_TEXT, FORM_AT(struct confirm_typed, months), .max = 2, .wrong = T_NEW_SERVICE_MISSING },
    { "dwelling", FORM_TEXT, FORM_AT(struct confirm_typed, dwelling), .max = 64, .wrong = T_NEW_DWELLING_MISSING },
};
const struct form new_confirm_form = FORM(fields, struct confirm_typed);

/* True with draft->dwelling NULL: the reader has been sent back to the first page. */
static bool read_draft(struct db *db, struct web_request *r, struct web_draft *draft, struct err *err)
{
    if (!draft_read(r, draft))
        return true;
    if (!web_id(r, 0, &draft->lookup, err) || !filing_lookup_read(db, &r->actor, draft->lookup, r->arena, &draft->found, err))
        return false;
    draft->dwelling = draft_dwelling_of(&draft->found, pairs_get(&r->fields, "dwelling"));
    if (!draft->dwelling)
        web_redirect(r, "/new");
    return true;
}

bool new_confirm_read(struct db *db, struct web_request *r, struct err *err)
{
    struct web_draft *draft = ARENA_NEW(r->arena, struct web_draft);
    r->data = draft;
    return read_draft(db, r, draft, err);
}

void new_confirm_show(struct web_request *r) { page_new_confirm(&r->page, r->data); }

bool new_confirm_run(struct db *db, struct web_request *r, struct err *err)
{
    struct web_draft draft = { 0 };
    struct filing_id id = { 0 };
    char number[FILING_NUMBER];
    if (!read_draft(db, r, &draft, err))
        return false;
    if (!draft.dwelling)
        return true;
    struct filing_opening opening = {
        .service = draft.service,
        .channel = r->session.channel,
        .applicant = r->session.person,
        .rka = draft.dwelling->rka,
        .months = draft.months,
    };
    /* A second click, or the page once more by the back button: the case that is there. */
    if (!filing_find_twin(db, &r->context, &opening, &id, err))
        return false;
    if (id.n == 0 && !filing_open(db, &r->context, &r->actor, &opening, &id, err))
        return false;
    web_redirect(r, "/applications/%s", filing_number(id, number));
    return true;
}
