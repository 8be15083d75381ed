/* SPDX-License-Identifier: Apache-2.0 */
#include "web/mobile.h"

#include <inttypes.h>

#define LAUNCH      "https://m.egov.kz/mobileSign/?link="
#define APPLICATION "&isi=1476128386&ibi=kz.egov.mobile&apn=kz.mobile.mgov"

static bool is_plain(struct str host)
{
    for (size_t i = 0; i < host.n; i++) {
        char c = host.p[i];
        bool fine = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || strchr(".:-[]", c);
        if (!fine)
            return false;
    }
    return host.n > 0;
}

/* In the demonstration the address that the reader's own browser has; NULL: none. */
static const char *base_of(const struct web_request *r)
{
    struct str host = http_header(r->http, "Host");
    if (r->config->public_url)
        return r->config->public_url;
    if (!r->config->demonstration || !is_plain(host))
        return NULL;
    return arena_printf(r->arena, "http://" STR_FMT, STR_ARG(host)).p;
}

bool mobile_is_offered(const struct web_request *r) { return r->config->trust && base_of(r) != NULL; }

static const char *link_url(struct web_request *r, int64_t signature, const char *link)
{
    return arena_printf(r->arena, "%s/api/v1/mobile/%s/%" PRId64 "/%s/mgovSign", base_of(r), text_language_code(r->language),
                        signature, link)
        .p;
}

const char *mobile_code(struct web_request *r, int64_t signature, const char *link)
{
    return arena_printf(r->arena, "mobileSign:%s", link_url(r, signature, link)).p;
}

const char *mobile_launch_url(struct web_request *r, int64_t signature, const char *link)
{
    struct buf out;
    buf_init(&out, 2048);
    buf_add_text(&out, LAUNCH);
    pairs_encode(&out, str_from(link_url(r, signature, link)));
    buf_add_text(&out, APPLICATION);
    const char *url = arena_text(r->arena, buf_str(&out));
    buf_release(&out);
    return url;
}

const char *mobile_documents_url(struct web_request *r, int64_t signature)
{
    const char *base = base_of(r);
    return arena_printf(r->arena, "%s/api/v1/mobile/%s/%" PRId64 "/documents", base ? base : "", text_language_code(r->language),
                        signature)
        .p;
}
