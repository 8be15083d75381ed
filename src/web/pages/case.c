/* SPDX-License-Identifier: Apache-2.0 */
/* The case: its page by state, its history, and the steps that need no form. */
#include "page_case.h"
#include "page_history.h"
#include "web/pages/pages.h"

bool case_read(struct db *db, struct web_request *r, struct err *err)
{
    struct filing_view *view = ARENA_NEW(r->arena, struct filing_view);
    struct filing_id id;
    r->data = view;
    return web_filing_id(r, 0, &id, err) && filing_read(db, &r->context, &r->actor, id, r->arena, view, err);
}

const struct filing_view *case_view(const struct web_request *r) { return r->data; }

bool case_step_done(struct web_request *r, bool ok)
{
    if (ok)
        web_redirect(r, "/applications/" STR_FMT, STR_ARG(r->key[0]));
    return ok;
}

#define CHECKING_SECONDS 5

/* Seconds until the page looks again, while something goes on without the reader. */
static int refresh_of(enum filing_state state)
{
    static const int seconds[FILING_STATES] = {
        [FILING_ASKING] = 2,
        [FILING_WAITING] = 5,
        [FILING_CONSENT] = 15,
        [FILING_REGISTERING] = 2,
    };
    return seconds[state];
}

void case_show(struct web_request *r)
{
    const struct filing_view *view = case_view(r);
    bool checking = view->state == FILING_SIGNING && view->signature.result.state == FILING_SIGNATURE_CHECKING;
    r->page.refresh = checking ? CHECKING_SECONDS : refresh_of(view->state);
    page_case(&r->page, view);
}

void history_show(struct web_request *r) { page_history(&r->page, case_view(r)); }

bool ask_again_run(struct db *db, struct web_request *r, struct err *err)
{
    struct filing_id id;
    return web_filing_id(r, 0, &id, err) && case_step_done(r, filing_ask_again(db, &r->context, &r->actor, id, err));
}

bool choose_other_run(struct db *db, struct web_request *r, struct err *err)
{
    struct filing_id id;
    if (!web_filing_id(r, 0, &id, err) || !filing_choose_other(db, &r->context, &r->actor, id, err))
        return false;
    web_redirect(r, "/applications/" STR_FMT "/relation", STR_ARG(r->key[0]));
    return true;
}

bool choose_on_record_run(struct db *db, struct web_request *r, struct err *err)
{
    struct filing_id id;
    return web_filing_id(r, 0, &id, err) && case_step_done(r, filing_choose_on_record(db, &r->context, &r->actor, id, err));
}
