/* SPDX-License-Identifier: Apache-2.0 */
#include "page_mine.h"
#include "web/pages/pages.h"

bool mine_run(struct db *db, struct web_request *r, struct err *err)
{
    struct mine_list *list = ARENA_NEW(r->arena, struct mine_list);
    r->data = list;
    list->reader = r->session.person;
    return filing_list_mine(db, r->session.person, r->arena, &list->row, &list->rows, err);
}

void mine_show(struct web_request *r) { page_mine(&r->page, r->data); }
