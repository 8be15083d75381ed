/* SPDX-License-Identifier: Apache-2.0 */
/* The letter of a case, for its applicant to keep: the same text from the pages and from the API. */
#include "letter/letter.h"
#include "web/web_impl.h"

bool web_letter_read(struct db *db, struct web_request *r, struct err *err)
{
    struct filing_view *view = ARENA_NEW(r->arena, struct filing_view);
    struct filing_id id;
    r->data = view;
    return web_filing_id(r, 0, &id, err) && filing_read_letter(db, &r->context, &r->actor, id, r->arena, view, err);
}

void web_letter_show(struct web_request *r)
{
    const struct filing_view *view = r->data;
    const char *language = text_language_code(r->language);
    letter_write(view, r->language, &r->http->out);
    http_set_header(r->http, "Content-Disposition",
                    arena_printf(r->arena, "attachment; filename=\"%s-%s.txt\"", view->number, language).p);
    web_answer(r, "text/plain; charset=utf-8");
}
