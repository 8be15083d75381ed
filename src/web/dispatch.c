/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From a request to its route and back: language, session, role, CSRF (admit.c), form, `run`, `show`.  What a row of the route
 * table asks for is checked here and nowhere else.
 */
#include "base/log.h"
#include "web/api/api.h"
#include "web/multipart.h"
#include "web/web_impl.h"

#define LANGUAGE_COOKIE    "tirkeu_language"
#define KAZAKHSTAN_MINUTES 300

/* ---- what every request has ---- */

static void read_language(struct web_request *r)
{
    if (text_language_parse(http_cookie(r->http, LANGUAGE_COOKIE), &r->language))
        return;
    r->language = TEXT_KK;
    struct str wanted = http_header(r->http, "Accept-Language"), part;
    while (str_split(&wanted, ',', &part)) {
        part = str_trim(part);
        part.n = part.n > 2 ? 2 : part.n;
        if (text_language_parse(part, &r->language))
            return;
    }
}

static struct web_request *begin(struct web *web, struct http_request *http)
{
    struct web_request *r = ARENA_NEW(&http->arena, struct web_request);
    http->state = r;
    r->http = http;
    r->web = web;
    r->config = &web->config;
    r->arena = &http->arena;
    r->context.policy = web->config.policy;
    r->context.mart = web->config.mart;
    r->context.now = web->config.clock();
    r->context.legal_day =
        day_is_none(web->config.legal_day) ? moment_day(r->context.now, KAZAKHSTAN_MINUTES) : web->config.legal_day;
    r->context.demonstration = web->config.demonstration;
    r->context.trust = web->config.trust;
    read_language(r);
    r->page = (struct page){ .request = r, .arena = r->arena, .out = &http->out, .language = r->language };
    return r;
}

/* The path decoded: it begins with "/", has no "//", "." or "..", and no escaped "/". */
static bool read_path(struct web_request *r)
{
    struct str rest, part;
    if (r->http->path.n > 1024 || !pairs_decode(r->http->path, false, r->arena, &r->path) || !str_starts(r->path, "/"))
        return false;
    rest = (struct str){ r->path.p + 1, r->path.n - 1 };
    int escaped = 0, plain = 0;
    for (size_t i = 0; i < r->path.n; i++)
        plain += r->path.p[i] == '/';
    for (size_t i = 0; i < r->http->path.n; i++)
        escaped += r->http->path.p[i] == '/';
    if (plain != escaped)
        return false;
    while (rest.n > 0 && str_split(&rest, '/', &part)) {
        if (part.n == 0 || str_is(part, ".") || str_is(part, ".."))
            return false;
    }
    return true;
}

/* "?lang=ru" remembers the language and leads back to the same page without it. */
static bool switch_language(struct web_request *r)
{
    enum text_language language;
    if (web_is_api(r) || r->http->method != HTTP_GET || !text_language_parse(pairs_get(&r->query, "lang"), &language))
        return false;
    struct str cookie = arena_printf(r->arena, LANGUAGE_COOKIE "=%s; Path=/; HttpOnly; SameSite=Lax; Max-Age=31536000%s",
                                     text_language_code(language), r->config->secure_cookies ? "; Secure" : "");
    http_set_header(r->http, "Set-Cookie", cookie.p);
    http_set_header(r->http, "Location", page_here(&r->page, "lang", NULL).p);
    r->status = 303;
    web_answer(r, "text/plain; charset=utf-8");
    return true;
}

/* ---- what was sent ---- */

/* The field of a form that takes a file; NULL: none does. */
static const char *file_field(const struct form *form)
{
    for (int i = 0; form && i < form->fields; i++) {
        if (form->field[i].type == FORM_FILE)
            return form->field[i].name;
    }
    return NULL;
}

static bool read_fields(struct web_request *r)
{
    struct err err;
    struct str type = http_header(r->http, "Content-Type");
    bool ok = true;
    if (r->http->method == HTTP_GET)
        r->fields = r->query;
    else if (r->http->body.n > 0 && !web_is_api(r) && str_starts(type, "multipart/form-data"))
        ok = multipart_parse(type, r->http->body, file_field(r->route->form), &r->fields, &err);
    else if (r->http->body.n > 0 && !web_is_api(r))
        ok = str_starts(type, "application/x-www-form-urlencoded") ? pairs_parse(r->http->body, r->arena, &r->fields, &err)
                                                                   : err_set(&err, ERR_INPUT, "the body has to be a form");
    return ok || web_refuse(r, err_http_status(err.kind), &err);
}

static bool read_form(struct web_request *r)
{
    static const struct form no_fields = { .size = 1 };
    struct err err;
    const struct form *form = r->route->form ? r->route->form : &no_fields;
    if (r->route->flags & ROUTE_RAW)
        return true;
    if (web_is_api(r))
        return api_read(r);
    if (r->http->method == HTTP_GET && !r->route->form)
        return true;
    r->typed = arena_alloc(r->arena, form->size);
    return form_read(form, &r->fields, r->arena, &r->form, r->typed, &err) || web_refuse(r, 400, &err);
}

static void finish(struct web_request *r);

/* A file of another kind, most likely: the page says so beside its field, if it takes files. */
static void refuse_large(struct web_request *r)
{
    const struct form *form = r->route->form;
    const char *name = web_is_api(r) ? NULL : file_field(form);
    if (!name) {
        web_refuse(r, 413, NULL);
        return;
    }
    form_fail(form, &r->form, name, form->field[form_index(form, name)].wrong);
    finish(r);
}

/* ---- run and show ---- */

static bool run_on_writer(struct db *db, void *context, struct err *err)
{
    struct web_request *r = context;
    return r->has_key ? api_keyed_run(db, r, err) : r->route->run(db, r, err);
}

static void writer_done(void *context, bool ok, const struct err *err)
{
    struct web_request *r = context;
    r->ok = ok;
    if (!ok && err)
        r->err = *err;
    if (r->has_key)
        api_key_leave(r);
    http_resume(r->http);
}

static bool goes_to_writer(const struct web_request *r)
{
    return r->http->method != HTTP_GET || (r->route->flags & ROUTE_ON_WRITER);
}

static bool run_before(struct web_request *r)
{
    web_step *before = web_route_before(r->route);
    if (!before)
        return true;
    struct db *db = web_reader_take(r->web);
    bool ok = before(db, r, &r->err);
    web_reader_give(r->web, db);
    return ok;
}

/* `on_writer` may differ from what the method says: a page that is shown again after a POST only reads. */
static void run(struct web_request *r, bool on_writer)
{
    if (!r->route->run) {
        r->ok = true;
        finish(r);
    } else if (on_writer) {
        http_suspend(r->http);
        filing_writer_submit(r->config->writer, (struct filing_step){ run_on_writer, writer_done, r });
    } else {
        struct db *db = web_reader_take(r->web);
        r->ok = r->route->run(db, r, &r->err);
        web_reader_give(r->web, db);
        finish(r);
    }
}

/* A form with errors: the page of the same path once more, with what was typed. */
static void show_again(struct web_request *r)
{
    bool other;
    const struct route *page = web_route_find(HTTP_GET, r->path, r->key, &other);
    if (!page || r->shown_form) {
        web_error(r, 400, NULL);
    } else {
        r->shown_form = r->route->form;
        r->route = page;
        r->status = 422;
        r->redirect = NULL;
        run(r, (page->flags & ROUTE_ON_WRITER) != 0);
    }
}

/* The writer has made the answer already, unless it, or the commit, failed. */
static bool is_answered(struct web_request *r)
{
    if (r->http->status && (r->ok || r->err.kind != ERR_SYSTEM))
        return true;
    r->http->status = 0;
    r->http->headers = 0;
    r->status = 0;
    buf_clear(&r->http->out);
    return false;
}

static void finish(struct web_request *r)
{
    if (r->has_key && is_answered(r))
        return;
    if (r->form.errors > 0 && !r->shown_form) {
        show_again(r);
    } else if (!r->ok) {
        if (r->err.kind == ERR_SYSTEM)
            log_warn("route=%s error=%s", r->route->pattern, r->err.text);
        web_error(r, err_http_status(r->err.kind), &r->err);
    } else if (r->redirect) {
        http_set_header(r->http, "Location", r->redirect);
        r->status = 303;
        web_answer(r, "text/plain; charset=utf-8");
    } else {
        r->route->show(r);
        if (!r->http->status)
            web_answer(r, "text/html; charset=utf-8");
    }
}

static bool find_route(struct web_request *r)
{
    bool other = false;
    struct err err;
    if (!read_path(r))
        return web_refuse(r, 404, NULL);
    if (!pairs_parse(r->http->query, r->arena, &r->query, &err))
        return web_refuse(r, 400, &err);
    r->route = web_route_find(r->http->method, r->path, r->key, &other);
    if (!r->route || ((r->route->flags & ROUTE_DEMONSTRATION) && !r->config->demonstration)) {
        r->route = NULL;
        return web_refuse(r, other ? 405 : 404, NULL);
    }
    return true;
}

void web_serve(void *context, struct http_request *http)
{
    struct web *web = context;
    struct web_request *r = http->state;
    if (r) {
        finish(r);
        return;
    }
    if (web_asset_serve(web, http))
        return;
    r = begin(web, http);
    if (!find_route(r))
        return;
    web_find_session(r);
    if (switch_language(r) || !web_check_role(r))
        return;
    if (http->too_large) {
        refuse_large(r);
        return;
    }
    if (!read_fields(r))
        return;
    if (http->method != HTTP_GET && !web_check_csrf(r))
        return;
    if (!read_form(r))
        return;
    if (r->form.errors > 0 || !run_before(r))
        finish(r);
    else if (api_key_enter(r))
        run(r, goes_to_writer(r));
}
