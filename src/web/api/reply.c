/* SPDX-License-Identifier: Apache-2.0 */
/* Small parts of every answer. */
#include "web/api/api.h"

void api_answer(struct web_request *r, void (*write)(struct web_request *r, struct json *j))
{
    struct json j;
    json_init(&j, &r->http->out);
    json_open_object(&j);
    write(r, &j);
    json_end(&j);
    http_set_header(r->http, "Vary", "Accept-Language, Authorization");
    web_answer(r, "application/json");
}

void api_nothing_show(struct web_request *r)
{
    r->status = 204;
    web_answer(r, "application/json");
}

void api_retry_after(struct web_request *r, const char *seconds)
{
    if (seconds)
        http_set_header(r->http, "Retry-After", seconds);
}

void api_moment(struct json *j, const char *key, struct moment moment)
{
    char text[MOMENT_TEXT];
    json_put_text(j, key, moment.ms > 0 ? moment_format(moment, text) : NULL);
}

void api_optional(struct json *j, const char *key, struct str text)
{
    json_key(j, key);
    if (text.n > 0)
        json_str(j, text);
    else
        json_nil(j);
}

void api_address(struct json *j, struct str kk, struct str ru)
{
    json_key(j, "address");
    if (kk.n == 0 && ru.n == 0) {
        json_nil(j);
        return;
    }
    json_open_object(j);
    api_optional(j, "kk", kk);
    api_optional(j, "ru", ru);
    json_end(j);
}

const char *api_named(const struct web_request *r, const char *family, const char *name)
{
    struct str whole = arena_printf(r->arena, "%s.%s", family, name);
    enum text_key key;
    if (!text_find(whole.p, &key))
        BUG("no text %s", whole.p);
    return text_of(key, r->language);
}
