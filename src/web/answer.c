/* SPDX-License-Identifier: Apache-2.0 */
/* Answers: headers, redirects, error pages, problems. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "page_error.h"
#include "web/api/api.h"
#include "web/web_impl.h"

#define COOKIE_SECONDS (12 * 60 * 60)

#define POLICY "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
static const struct http_header security_headers[] = {
    { "X-Content-Type-Options", "nosniff" },
    { "Referrer-Policy", "same-origin" },
    { "Cross-Origin-Opener-Policy", "same-origin" },
    { "Cross-Origin-Resource-Policy", "same-origin" },
    { "Permissions-Policy", "camera=(), geolocation=(), microphone=()" },
};

void web_set_security_headers(struct http_request *http, const char *policy, bool may_cache)
{
    http_set_header(http, "Content-Security-Policy", policy ? policy : POLICY);
    for (size_t i = 0; i < sizeof security_headers / sizeof security_headers[0]; i++)
        http_set_header(http, security_headers[i].name, security_headers[i].value);
    http_set_header(http, "Cache-Control", may_cache ? "public, max-age=31536000, immutable" : "no-store");
}

/* The one page with a script: it speaks to the reader's own computer and to nobody else. */
static const char *signing_policy(struct web_request *r)
{
    return arena_printf(r->arena, POLICY "; script-src 'self'; connect-src %s", page_signer_address(&r->page)).p;
}

void web_answer(struct web_request *r, const char *content_type)
{
    web_set_security_headers(r->http, r->signing ? signing_policy(r) : NULL, false);
    http_set_header(r->http, "Content-Type", content_type);
    /* A header and not a meta element: the page offers to stop it, which a meta element in a kept page would not obey. */
    if (page_refreshes(&r->page))
        http_set_header(r->http, "Refresh", arena_printf(r->arena, "%d", r->page.refresh).p);
    http_set_header(r->http, "Content-Language", text_language_code(r->language));
    http_answer(r->http, r->status ? r->status : 200);
}

void web_redirect(struct web_request *r, const char *format, ...)
{
    va_list list;
    char path[2048];
    va_start(list, format);
    int n = vsnprintf(path, sizeof path, format, list);
    va_end(list);
    if (n < 1 || n >= (int)sizeof path || path[0] != '/' || path[1] == '/')
        BUG("a redirect to a path that is too long or not ours");
    r->redirect = arena_text(r->arena, str_from(path));
}

void web_fail_field(struct web_request *r, const char *field, enum text_key error)
{
    form_fail(r->route->form, &r->form, field, error);
}

void web_set_session(struct web_request *r, const char *token)
{
    const char *secure = r->config->secure_cookies ? "; Secure" : "";
    struct str cookie = arena_printf(r->arena, "tirkeu=%s; Path=/; HttpOnly; SameSite=Lax; Max-Age=%d%s", token ? token : "",
                                     token ? COOKIE_SECONDS : 0, secure);
    http_set_header(r->http, "Set-Cookie", cookie.p);
}

bool web_id(const struct web_request *r, int key, int64_t *ret, struct err *err)
{
    uint64_t id;
    if (!str_to_u64(r->key[key], &id) || id == 0 || id > INT64_MAX)
        return err_set(err, ERR_NOT_FOUND, "there is no such number");
    *ret = (int64_t)id;
    return true;
}

bool web_filing_id(const struct web_request *r, int key, struct filing_id *ret, struct err *err)
{
    return filing_number_parse(r->key[key], ret) || err_set(err, ERR_NOT_FOUND, "there is no such case");
}

/* ---- errors ---- */

static const struct {
    int status;
    enum text_key title, what;
} errors[] = {
    { 400, T_PROBLEM_BAD_TITLE, T_PROBLEM_BAD_WHAT },
    { 401, T_PROBLEM_SIGN_IN_TITLE, T_PROBLEM_SIGN_IN_WHAT },
    { 403, T_PROBLEM_FORBIDDEN_TITLE, T_PROBLEM_FORBIDDEN_WHAT },
    { 404, T_PROBLEM_ABSENT_TITLE, T_PROBLEM_ABSENT_WHAT },
    { 405, T_PROBLEM_ABSENT_TITLE, T_PROBLEM_ABSENT_WHAT },
    { 409, T_PROBLEM_CONFLICT_TITLE, T_PROBLEM_CONFLICT_WHAT },
    { 413, T_PROBLEM_LARGE_TITLE, T_PROBLEM_LARGE_WHAT },
    { 429, T_PROBLEM_LIMIT_TITLE, T_PROBLEM_LIMIT_WHAT },
    { 503, T_PROBLEM_SILENT_TITLE, T_PROBLEM_SILENT_WHAT },
    { 500, T_PROBLEM_SYSTEM_TITLE, T_PROBLEM_SYSTEM_WHAT },
};

bool web_is_api(const struct web_request *r)
{
    return r->route ? (r->route->flags & ROUTE_API) != 0 : str_starts(r->path, "/api/");
}

const char *web_again(struct web_request *r, const struct err *err)
{
    return err && err->kind == ERR_LIMIT && err->again > 0 ? arena_printf(r->arena, "%d", err->again).p : "60";
}

static size_t error_row(int status)
{
    size_t last = sizeof errors / sizeof errors[0] - 1;
    for (size_t i = 0; i < last; i++) {
        if (errors[i].status == status)
            return i;
    }
    return last;
}

void web_error(struct web_request *r, int status, const struct err *err)
{
    bool told = err && err->kind != ERR_SYSTEM && err->kind != ERR_NONE;
    if (web_is_api(r)) {
        api_problem(r, status, err);
        return;
    }
    buf_clear(&r->http->out);
    r->status = status;
    size_t row = error_row(status);
    enum text_key what = errors[row].what;
    if (told)
        filing_err_key(err, &what);
    struct moment again = { 0 };
    if (status == 429)
        http_set_header(r->http, "Retry-After", web_again(r, err));
    if (told && err->again > 0)
        again.ms = r->context.now.ms + err->again * INT64_C(1000) + 59999; /* shown in whole minutes: not too early */
    page_error(&r->page, errors[row].title, what, again);
    web_answer(r, "text/html; charset=utf-8");
}

bool web_refuse(struct web_request *r, int status, const struct err *err)
{
    web_error(r, status, err);
    return false;
}
