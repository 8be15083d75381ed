/* SPDX-License-Identifier: Apache-2.0 */
#include "page_home.h"
#include "web/pages/pages.h"

void home_show(struct web_request *r) { page_home(&r->page); }

/* For the proxy in front and for monitoring: the server answers and its threads are alive. */
void health_show(struct web_request *r)
{
    buf_add_text(&r->http->out, "ok\n");
    web_answer(r, "text/plain; charset=utf-8");
}
