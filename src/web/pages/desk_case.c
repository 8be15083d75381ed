/* SPDX-License-Identifier: Apache-2.0 */
/* A case at a desk: its progress, its answer, its slip. */
#include <inttypes.h>

#include "page_desk_case.h"
#include "page_desk_slip.h"
#include "web/pages/desk.h"
#include "web/pages/pages.h"

static bool to_case(struct web_request *r, bool ok)
{
    if (ok)
        web_redirect(r, "%s/cases/" STR_FMT, desk_home(&r->page), STR_ARG(r->key[0]));
    return ok;
}

void desk_case_show(struct web_request *r)
{
    const struct filing_view *view = case_view(r);
    static const int seconds[FILING_STATES] = { [FILING_ASKING] = 2, [FILING_WAITING] = 15, [FILING_REGISTERING] = 2 };
    r->page.refresh = seconds[view->state];
    page_desk_case(&r->page, view);
}

bool desk_cancel_run(struct db *db, struct web_request *r, struct err *err)
{
    struct filing_id id;
    return web_filing_id(r, 0, &id, err) && to_case(r, filing_cancel(db, &r->context, &r->actor, id, err));
}

/* The IIN that was entered is not an owner's: this case ends, and the start page opens with all but that number. */
bool hall_correct_run(struct db *db, struct web_request *r, struct err *err)
{
    struct filing_view *view = ARENA_NEW(r->arena, struct filing_view);
    struct filing_id id;
    int64_t applicant, dwelling;
    if (!web_filing_id(r, 0, &id, err) || !filing_read(db, &r->context, &r->actor, id, r->arena, view, err))
        return false;
    struct registry_question person = {
        .ask = REGISTRY_PERSON, .person = view->applicant, .day = DAY_NONE, .since = DAY_NONE, .until = DAY_NONE
    };
    struct registry_question home = {
        .ask = REGISTRY_DWELLING, .rka = view->rka, .day = DAY_NONE, .since = DAY_NONE, .until = DAY_NONE
    };
    if (!filing_look_up(db, &r->context, &r->actor, &person, &applicant, err) ||
        !filing_look_up(db, &r->context, &r->actor, &home, &dwelling, err) || !filing_cancel(db, &r->context, &r->actor, id, err))
        return false;
    web_redirect(r, "/hall?service=%s&months=%d&applicant=%" PRId64 "&dwelling=%" PRId64, law_service_name(view->service),
                 view->months, applicant, dwelling);
    return true;
}

/* ---- the slip: printed in the visitor's language, which need not be the clerk's ---- */

bool desk_slip_read(struct db *db, struct web_request *r, struct err *err)
{
    enum text_language language;
    if (!text_language_parse(r->key[1], &language))
        return err_set(err, ERR_NOT_FOUND, "there is no such language");
    if (!case_read(db, r, err))
        return false;
    return desk_has_slip(case_view(r)->state) || to_case(r, true);
}

void desk_slip_show(struct web_request *r)
{
    enum text_language visitor;
    if (text_language_parse(r->key[1], &visitor))
        page_desk_slip(&r->page, case_view(r), visitor);
}
