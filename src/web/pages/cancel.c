/* SPDX-License-Identifier: Apache-2.0 */
#include "page_cancel.h"
#include "web/pages/pages.h"

void cancel_show(struct web_request *r) { page_cancel(&r->page, case_view(r)); }

bool cancel_run(struct db *db, struct web_request *r, struct err *err)
{
    struct filing_id id;
    return web_filing_id(r, 0, &id, err) && case_step_done(r, filing_cancel(db, &r->context, &r->actor, id, err));
}
