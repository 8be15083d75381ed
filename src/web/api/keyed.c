/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Requests with an Idempotency-Key: a repeated one is not carried out again but answered as the first one was.
 *
 * The answer is made on the writer, inside the transaction of the step, and kept with it: there is no moment at which one
 * of the two is there without the other.  An answer that asks to try again later is not kept.
 */
#include "web/api/api.h"
#include "web/web_impl.h"

#define KEY_MIN     16
#define KEY_MAX     64
#define HEADERS_MAX 4096

/* ---- the key ---- */

/* With or without the quotation marks of a structured field (RFC 8941). */
static bool read_key(struct str sent, struct str *ret)
{
    static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.:";
    if (sent.n >= 2 && sent.p[0] == '"' && sent.p[sent.n - 1] == '"')
        sent = (struct str){ sent.p + 1, sent.n - 2 };
    if (sent.n < KEY_MIN || sent.n > KEY_MAX || strspn(sent.p, allowed) < sent.n)
        return false;
    *ret = sent;
    return true;
}

/* Puts it among those that are being carried out; false: one with its key is there already. */
static bool enter(struct web_request *r)
{
    struct web *web = r->web;
    const struct web_request *other;
    pthread_mutex_lock(&web->lock);
    for (other = web->keyed; other && strcmp(other->keyed.key, r->keyed.key) != 0;)
        other = other->next_keyed;
    if (!other) {
        r->next_keyed = web->keyed;
        web->keyed = r;
    }
    pthread_mutex_unlock(&web->lock);
    return !other;
}

void api_key_leave(struct web_request *r)
{
    struct web *web = r->web;
    pthread_mutex_lock(&web->lock);
    struct web_request **at = &web->keyed;
    while (*at && *at != r)
        at = &(*at)->next_keyed;
    if (*at)
        *at = r->next_keyed;
    pthread_mutex_unlock(&web->lock);
}

static bool refuse(struct web_request *r, const struct err *err)
{
    api_problem(r, err_http_status(err->kind), err);
    return false;
}

bool api_key_enter(struct web_request *r)
{
    struct str sent = str_trim(http_header(r->http, "Idempotency-Key")), key;
    struct err err;
    if (sent.n == 0 || !(r->route->flags & ROUTE_KEYED))
        return true;
    if (!read_key(sent, &key)) {
        err_set(&err, ERR_INPUT, "error.idempotency_key_wrong: not %d to %d letters, digits, - _ . :", KEY_MIN, KEY_MAX);
        return refuse(r, &err);
    }
    filing_keyed_of(&r->actor, key,
                    arena_printf(r->arena, "POST " STR_FMT "\n" STR_FMT, STR_ARG(r->path), STR_ARG(r->http->body)), &r->keyed);
    r->has_key = enter(r);
    if (!r->has_key) {
        err_set(&err, ERR_CONFLICT, "error.idempotency_key_busy: a request with this key is being carried out");
        return refuse(r, &err);
    }
    return true;
}

/* ---- the answer ---- */

/* One "name: value" a line, in the order in which they were set. */
static struct str write_headers(const struct web_request *r)
{
    struct buf text;
    buf_init(&text, HEADERS_MAX);
    for (int i = 0; i < r->http->headers; i++)
        buf_addf(&text, "%s: %s\n", r->http->header[i].name, r->http->header[i].value);
    struct str whole = text.over ? STR("") : arena_str(r->arena, buf_str(&text));
    buf_release(&text);
    return whole;
}

static void answer_again(struct web_request *r, const struct filing_reply *reply)
{
    struct str rest = reply->headers, line, name;
    while (str_split(&rest, '\n', &line) && line.n > 0) {
        str_split(&line, ':', &name);
        http_set_header(r->http, arena_text(r->arena, name), arena_text(r->arena, str_trim(line)));
    }
    buf_add_str(&r->http->out, reply->body);
    http_answer(r->http, reply->status);
}

static bool is_kept(bool ok, const struct err *err)
{
    return ok || (err->kind != ERR_SYSTEM && err->kind != ERR_SILENT && err->kind != ERR_LIMIT);
}

bool api_keyed_run(struct db *db, struct web_request *r, struct err *err)
{
    struct filing_reply reply;
    bool found;
    if (!filing_reply_find(db, &r->context, &r->actor, &r->keyed, r->arena, &reply, &found, err))
        return false;
    if (found) {
        answer_again(r, &reply);
        return true;
    }
    bool ok = r->route->run(db, r, err);
    if (!is_kept(ok, err))
        return false;
    if (ok)
        r->route->show(r);
    else
        web_error(r, err_http_status(err->kind), err);
    reply = (struct filing_reply){
        .filing = r->filing, .status = r->http->status, .headers = write_headers(r), .body = buf_str(&r->http->out)
    };
    struct err failed;
    if (filing_reply_keep(db, &r->context, &r->keyed, &reply, &failed))
        return ok;
    *err = failed;
    err->kind = ERR_SYSTEM; /* so that the writer undoes the step */
    return false;
}
