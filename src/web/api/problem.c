/* SPDX-License-Identifier: Apache-2.0 */
/* What goes wrong, as RFC 9457 problems: a stable code for programs, title and detail in the reader's language for people. */
#include <stdio.h>
#include <string.h>

#include "web/api/api.h"
#include "web/web_impl.h"

static const struct status {
    int status;
    const char *code;
    enum text_key title, detail;
} statuses[] = {
    { 400, "bad_request", T_API_TITLE_400, T_API_DETAIL_BAD_REQUEST },
    { 401, "unauthorized", T_API_TITLE_401, T_API_DETAIL_UNAUTHORIZED },
    { 403, "forbidden", T_API_TITLE_403, T_API_DETAIL_FORBIDDEN },
    { 404, "not_found", T_API_TITLE_404, T_API_DETAIL_NOT_FOUND },
    { 405, "method_not_allowed", T_API_TITLE_405, T_API_DETAIL_METHOD_NOT_ALLOWED },
    { 409, "conflict", T_API_TITLE_409, T_API_DETAIL_CONFLICT },
    { 412, "changed_meanwhile", T_API_TITLE_412, T_ERROR_CHANGED_MEANWHILE },
    { 413, "too_large", T_API_TITLE_413, T_API_DETAIL_TOO_LARGE },
    { 415, "unsupported_media_type", T_API_TITLE_415, T_API_DETAIL_UNSUPPORTED_MEDIA_TYPE },
    { 422, "idempotency_key_reused", T_API_TITLE_422, T_ERROR_IDEMPOTENCY_KEY_REUSED },
    { 429, "too_many_requests", T_API_TITLE_429, T_API_DETAIL_TOO_MANY_REQUESTS },
    { 503, "unavailable", T_API_TITLE_503, T_API_DETAIL_UNAVAILABLE },
    { 500, "internal_error", T_API_TITLE_500, T_API_DETAIL_INTERNAL_ERROR },
};
#define STATUSES (sizeof statuses / sizeof statuses[0])

static const struct status *row_of(int status)
{
    for (size_t i = 0; i < STATUSES; i++) {
        if (statuses[i].status == status)
            return &statuses[i];
    }
    return &statuses[STATUSES - 1];
}

/* ---- faults of members ---- */

static void write_faults(const struct web_request *r, const struct body_faults *faults, struct json *j)
{
    json_key(j, "errors");
    json_open_array(j);
    for (int i = 0; i < faults->count; i++) {
        const char *code = body_wrong_name(faults->item[i].wrong);
        json_open_object(j);
        json_put_text(j, "field", faults->item[i].field);
        json_put_text(j, "code", code);
        json_put_text(j, "detail", api_named(r, "api.field", code));
        json_end(j);
    }
    json_end(j);
}

/* What a step calls otherwise than the API does. */
static const struct {
    const char *step, *api;
} names[] = {
    { "dwelling", "rka" },
    { "entered_owner", "owner" },
    { "relation.side", "side" },
};

/* Without the object that the whole body is: "coupon." of a coupon by itself, "documents.". */
static struct str member_of(const struct web_request *r, struct str name)
{
    const struct body *body = r->route && r->route->form ? r->route->form->json : NULL;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (str_is(name, names[i].step))
            return str_from(names[i].api);
    }
    if (str_starts(name, "documents."))
        return (struct str){ name.p + 10, name.n - 10 };
    if (str_starts(name, "coupon.") && body == &api_coupon_fields)
        return (struct str){ name.p + 7, name.n - 7 };
    return name;
}

/* Steps of a case name a member that they refuse first: "coupon.arrived: no day, or a day to come". */
static bool names_member(const struct web_request *r, const struct err *err, struct body_faults *ret)
{
    struct str rest = str_from(err->text), name;
    if (err->kind != ERR_INPUT || !str_split(&rest, ':', &name) || !rest.p || str_starts(name, "error.") || name.n == 0 ||
        name.n >= BODY_NAME_MAX || strspn(name.p, "abcdefghijklmnopqrstuvwxyz0123456789_.") != name.n)
        return false;
    name = member_of(r, name);
    snprintf(ret->item[0].field, BODY_NAME_MAX, STR_FMT, STR_ARG(name));
    ret->item[0].wrong = BODY_WRONG_VALUE;
    ret->count = 1;
    return true;
}

bool api_fail(struct err *err, const char *field) { return err_set(err, ERR_INPUT, "%s: not allowed here", field); }

/* ---- the answer ---- */

static void answer(struct web_request *r, int status, const char *code, enum text_key detail, const struct body_faults *faults)
{
    struct json j;
    buf_clear(&r->http->out);
    json_init(&j, &r->http->out);
    json_open_object(&j);
    json_put_text(&j, "type", "about:blank");
    json_put_text(&j, "title", text_of(row_of(status)->title, r->language));
    json_put_int(&j, "status", status);
    json_put_text(&j, "code", code);
    json_put_text(&j, "detail", text_of(detail, r->language));
    if (faults)
        write_faults(r, faults, &j);
    json_end(&j);
    r->status = status;
    web_answer(r, "application/problem+json");
}

static void answer_faults(struct web_request *r, const struct body_faults *faults)
{
    answer(r, 400, "invalid_fields", T_API_DETAIL_INVALID_FIELDS, faults);
}

/* What a header of these statuses owes by RFC 9110. */
static void set_headers(struct web_request *r, int status, const struct err *err)
{
    static const char *const methods[HTTP_METHODS] = { "GET", "POST", "PUT", "PATCH", "DELETE" };
    struct str key[WEB_KEYS_MAX];
    struct buf allow;
    bool other;
    if (status == 401)
        http_set_header(r->http, "WWW-Authenticate", "Bearer realm=\"tirkeu\"");
    if (status == 429)
        http_set_header(r->http, "Retry-After", web_again(r, err));
    if (status != 405)
        return;
    buf_init(&allow, 100);
    for (int m = 0; m < HTTP_METHODS; m++) {
        if (web_route_find((enum http_method)m, r->path, key, &other))
            buf_addf(&allow, "%s%s", allow.n ? ", " : "", methods[m]);
    }
    http_set_header(r->http, "Allow", arena_text(r->arena, buf_str(&allow)));
    buf_release(&allow);
}

void api_problem(struct web_request *r, int status, const struct err *err)
{
    struct body_faults faults;
    enum text_key detail = row_of(status)->detail;
    const char *code = row_of(status)->code;
    bool told = err && err->kind != ERR_NONE && err->kind != ERR_SYSTEM;
    if (told && filing_err_key(err, &detail))
        code = text_key_name(detail) + strlen("error.");
    if (told && detail == T_ERROR_CHANGED_MEANWHILE && http_header(r->http, "If-Match").n > 0)
        status = 412;
    if (told && detail == T_ERROR_IDEMPOTENCY_KEY_REUSED)
        status = 422;
    if (told && detail == T_ERROR_IDEMPOTENCY_KEY_BUSY)
        http_set_header(r->http, "Retry-After", "1");
    set_headers(r, status, err);
    if (told && names_member(r, err, &faults))
        answer_faults(r, &faults);
    else
        answer(r, status, code, detail, NULL);
}

/* ---- reading what was sent ---- */

static bool is_json(const struct web_request *r)
{
    struct str type = http_header(r->http, "Content-Type"), kind;
    return str_split(&type, ';', &kind) && str_is(str_trim(kind), "application/json");
}

bool api_read(struct web_request *r)
{
    const struct body *body = r->route->form ? r->route->form->json : NULL;
    struct body_faults faults;
    const void *typed = NULL;
    bool get = r->http->method == HTTP_GET;
    if (!get && r->http->body.n > 0 && !is_json(r)) {
        api_problem(r, 415, NULL);
        return false;
    }
    struct str sent = r->http->body.n > 0 ? r->http->body : STR("{}");
    bool ok =
        get ? body_read_query(body, &r->query, r->arena, &typed, &faults)
            : body_read_query(NULL, &r->query, r->arena, &typed, &faults) && body_read(body, sent, r->arena, &typed, &faults);
    r->typed = (void *)(uintptr_t)typed;
    if (!ok)
        answer_faults(r, &faults);
    return ok;
}
