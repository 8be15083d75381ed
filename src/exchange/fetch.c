/* SPDX-License-Identifier: Apache-2.0 */
/* Plain requests beside those of the gateway. */
#include <stdlib.h>

#include "exchange/client_impl.h"

static bool add_headers(struct transfer *transfer, const char *content_type)
{
    char line[128];
    if (transfer->get)
        return true;
    snprintf(line, sizeof line, "Content-Type: %s", content_type);
    transfer->headers = curl_slist_append(NULL, line);
    struct curl_slist *all = transfer->headers ? curl_slist_append(transfer->headers, "Expect:") : NULL;
    return all != NULL;
}

bool exchange_fetch(struct exchange *exchange, const struct exchange_fetch *fetch, struct err *err)
{
    struct transfer *transfer = mem_alloc(sizeof *transfer);
    transfer->own_url = mem_alloc(fetch->url.n + 1);
    memcpy(transfer->own_url, fetch->url.p, fetch->url.n);
    transfer->url = transfer->own_url;
    transfer->plain = true;
    transfer->get = fetch->content_type == NULL;
    transfer->reply.call = fetch->id;
    buf_init(&transfer->envelope, EXCHANGE_ENVELOPE_MAX);
    buf_init(&transfer->body, fetch->limit);
    buf_add_str(&transfer->envelope, fetch->body);
    if (!client_url_allowed(transfer->url) || transfer->envelope.over || !add_headers(transfer, fetch->content_type)) {
        transfer_free(transfer);
        return err_set(err, ERR_INPUT, "not an http:// or https:// address, or a request that is too long");
    }
    client_enqueue(exchange, transfer, fetch->service_id, fetch->total_ms);
    return true;
}
