/* SPDX-License-Identifier: Apache-2.0 */
/* The demonstration's telephone: the messages that the stand's SMS gateway has taken, instead of real telephones. */
#include "base/file.h"
#include "page_phone.h"
#include "web/pages/pages.h"
#include "web/pages/views.h"

#define LOG_MAX   ((size_t)16 << 20)
#define SHOWN_MAX 10

static bool read_line(struct str line, struct arena *arena, struct phone_message *ret)
{
    struct err err;
    json_t *root;
    if (line.n == 0 || !json_parse(line, &root, &err))
        return false;
    ret->phone = arena_str(arena, json_member(root, "phone"));
    ret->text = arena_str(arena, json_member(root, "text"));
    bool ok = moment_parse(json_member(root, "at"), &ret->at);
    json_decref(root);
    return ok;
}

/* The last line that ends before *end; false at the beginning. */
static bool line_before(struct str text, size_t *end, struct str *ret)
{
    if (*end == 0)
        return false;
    size_t last = *end - 1, from = last;
    while (from > 0 && text.p[from - 1] != '\n')
        from--;
    *ret = (struct str){ text.p + from, last - from };
    *end = from;
    return true;
}

bool phone_run(struct db *db, struct web_request *r, struct err *err)
{
    (void)db;
    struct phone_view *view = ARENA_NEW(r->arena, struct phone_view);
    struct str text, line;
    r->data = view;
    view->message = ARENA_ARRAY(r->arena, struct phone_message, SHOWN_MAX);
    if (!r->config->sms_log)
        return err_set(err, ERR_NOT_FOUND, "the server was not told where messages are");
    if (!file_read(r->config->sms_log, LOG_MAX, r->arena, &text, err))
        return err->kind == ERR_NOT_FOUND; /* nothing was sent yet */
    for (size_t end = text.n; view->messages < SHOWN_MAX && line_before(text, &end, &line);)
        view->messages += read_line(line, r->arena, &view->message[view->messages]);
    return true;
}

void phone_show(struct web_request *r)
{
    r->page.refresh = 5;
    page_phone(&r->page, r->data);
}
