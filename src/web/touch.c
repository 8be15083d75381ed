/* SPDX-License-Identifier: Apache-2.0 */
/* Marks a session as seen, at most once a minute: a step of its own, which no request waits for. */
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "web/web_impl.h"

struct touch {
    struct filing_context context;
    char token[128];
    size_t length;
};

static bool run(struct db *db, void *context, struct err *err)
{
    const struct touch *touch = context;
    return filing_session_touch(db, &touch->context, (struct str){ touch->token, touch->length }, err);
}

static void done(void *context, bool ok, const struct err *err)
{
    if (!ok)
        log_warn("session not marked as seen: %s", err->text);
    free(context);
}

void web_touch_session(const struct web_request *r)
{
    struct touch *touch = mem_alloc(sizeof *touch);
    touch->context = r->context;
    touch->length = r->token.n;
    memcpy(touch->token, r->token.p, r->token.n); /* find_session takes none longer than 128 */
    filing_writer_submit(r->config->writer, (struct filing_step){ run, done, touch });
}
