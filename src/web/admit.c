/* SPDX-License-Identifier: Apache-2.0 */
/* Who asks, and whether he may: session, role, CSRF. */
#include <string.h>

#include "base/digest.h"
#include "web/web_impl.h"

void web_find_session(struct web_request *r)
{
    struct err err;
    struct str bearer = http_header(r->http, "Authorization");
    if (r->route->flags & ROUTE_NO_SESSION)
        return;
    if (web_is_api(r)) {
        if (!str_starts(bearer, "Bearer "))
            return;
        r->token = str_trim((struct str){ bearer.p + 7, bearer.n - 7 });
        r->bearer = true;
    } else {
        r->token = http_cookie(r->http, "tirkeu");
    }
    if (r->token.n == 0 || r->token.n > 128)
        return;
    struct db *db = web_reader_take(r->web);
    r->signed_in = filing_session_find(db, &r->context, r->token, &r->session, &err);
    web_reader_give(r->web, db);
    if (!r->signed_in)
        return;
    r->actor = (struct filing_actor){ r->session.person, r->session.role, r->session.channel };
    if (r->session.touch_wanted)
        web_touch_session(r);
}

static unsigned role_bit(const struct web_request *r)
{
    static const unsigned bits[FILING_ROLES] = {
        [FILING_CITIZEN] = WEB_CITIZEN,
        [FILING_RECEPTION] = WEB_RECEPTION,
        [FILING_HALL] = WEB_HALL,
    };
    return WEB_ANYBODY | (r->signed_in ? bits[r->session.role] : 0);
}

static bool send_to_sign_in(struct web_request *r)
{
    struct buf next;
    buf_init(&next, 4096);
    if (r->http->method == HTTP_GET)
        pairs_encode(&next, r->http->path);
    http_set_header(r->http, "Location", arena_printf(r->arena, "/sign-in?next=%s", next.n ? next.p : "%2F").p);
    buf_release(&next);
    r->status = 303;
    web_answer(r, "text/plain; charset=utf-8");
    return false;
}

bool web_check_role(struct web_request *r)
{
    if (r->route->roles & role_bit(r))
        return true;
    if (r->signed_in)
        return web_refuse(r, 403, NULL);
    bool door = r->config->demonstration || r->config->trust;
    return web_is_api(r) || !door ? web_refuse(r, 401, NULL) : send_to_sign_in(r);
}

/* A browser names the page that a form came from; other programs send no Origin. */
static bool from_our_pages(const struct web_request *r)
{
    struct str origin = http_header(r->http, "Origin");
    if (origin.n == 0)
        return true;
    const char *host = memmem(origin.p, origin.n, "://", 3);
    if (!host)
        return false;
    host += 3;
    return str_equal((struct str){ host, origin.n - (size_t)(host - origin.p) }, http_header(r->http, "Host"));
}

/* Takes the field "csrf" out of the form. */
static struct str take_csrf(struct pairs *fields)
{
    for (int i = 0; i < fields->count; i++) {
        if (!str_is(fields->pair[i].name, "csrf"))
            continue;
        struct str value = fields->pair[i].value;
        memmove(&fields->pair[i], &fields->pair[i + 1], sizeof fields->pair[0] * (size_t)(fields->count - i - 1));
        fields->count--;
        return value;
    }
    return STR("");
}

bool web_check_csrf(struct web_request *r)
{
    struct str sent = take_csrf(&r->fields);
    if (!from_our_pages(r))
        return web_refuse(r, 403, NULL);
    if (!r->signed_in || r->bearer || digest_equal(sent, str_from(r->session.csrf)))
        return true;
    return web_refuse(r, 403, NULL);
}
