/* SPDX-License-Identifier: Apache-2.0 */
/* What the cadastre has found: waits for its answer, lets the reader choose. */
#include "page_new_found.h"
#include "web/pages/pages.h"

struct found_typed {
    struct str service, months, dwelling;
};
static const struct form_field fields[] = {
    { "service", FORM_TEXT, FORM_AT(struct found_typed, service), .max = 20, .wrong = T_NEW_SERVICE_MISSING },
    { "months", FORM_TEXT, FORM_AT(struct found_typed, months), .max = 2, .wrong = T_NEW_SERVICE_MISSING },
    { "dwelling", FORM_TEXT, FORM_AT(struct found_typed, dwelling), .required = true, .min = 1, .max = 64,
      .missing = T_NEW_DWELLING_MISSING, .wrong = T_NEW_DWELLING_MISSING },
};
const struct form new_found_form = FORM(fields, struct found_typed);

static void to_confirm(struct web_request *r, const struct web_draft *draft, struct str rka)
{
    struct buf escaped;
    buf_init(&escaped, 512);
    pairs_encode(&escaped, rka);
    web_redirect(r, "/new/confirm/%lld?service=%s&months=%d&dwelling=%s", (long long)draft->lookup,
                 law_service_name(draft->service), draft->months, escaped.n ? escaped.p : "");
    buf_release(&escaped);
}

static bool read_lookup(struct db *db, struct web_request *r, struct web_draft *draft, struct err *err)
{
    r->data = draft;
    return web_id(r, 0, &draft->lookup, err) && filing_lookup_read(db, &r->actor, draft->lookup, r->arena, &draft->found, err);
}

bool new_found_read(struct db *db, struct web_request *r, struct err *err)
{
    struct web_draft *draft = ARENA_NEW(r->arena, struct web_draft);
    int count;
    if (!draft_read(r, draft))
        return true;
    if (!read_lookup(db, r, draft, err))
        return false;
    const struct registry_dwelling *only = draft_dwellings(&draft->found, &count);
    if (count == 1)
        to_confirm(r, draft, only->rka);
    return true;
}

void new_found_show(struct web_request *r)
{
    const struct web_draft *draft = r->data;
    if (draft->found.state != FILING_LOOKUP_ANSWERED)
        r->page.refresh = draft->found.state == FILING_LOOKUP_OPEN ? 2 : 5;
    page_new_found(&r->page, draft);
}

bool new_found_run(struct db *db, struct web_request *r, struct err *err)
{
    struct web_draft *draft = ARENA_NEW(r->arena, struct web_draft);
    const struct found_typed *typed = r->typed;
    if (!draft_read(r, draft))
        return true;
    if (!read_lookup(db, r, draft, err))
        return false;
    if (draft_dwelling_of(&draft->found, typed->dwelling))
        to_confirm(r, draft, typed->dwelling);
    else
        web_fail_field(r, "dwelling", T_NEW_DWELLING_MISSING);
    return true;
}
