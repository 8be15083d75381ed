/* SPDX-License-Identifier: Apache-2.0 */
/* The client's configuration, checked and copied, and its end. */
#include <libxml/parser.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "exchange/client_impl.h"

/* ---- lists ---- */

void list_init(struct list *list) { *list = (struct list){ NULL, &list->first }; }

void list_push(struct list *list, struct transfer *transfer)
{
    transfer->next = NULL;
    *list->last = transfer;
    list->last = &transfer->next;
}

struct transfer *list_pop(struct list *list)
{
    struct transfer *first = list->first;
    if (first) {
        list->first = first->next;
        if (!list->first) {
            list->last = &list->first;
        }
    }
    return first;
}

void transfer_free(struct transfer *transfer)
{
    curl_easy_cleanup(transfer->easy);
    buf_release(&transfer->envelope);
    buf_release(&transfer->body);
    curl_slist_free_all(transfer->headers);
    free(transfer->own_url);
    free(transfer);
}

void list_free(struct list *list)
{
    struct transfer *transfer;
    while ((transfer = list_pop(list))) {
        transfer_free(transfer);
    }
}

/* ---- opening ---- */

void exchange_setup(void)
{
    curl_global_init(CURL_GLOBAL_DEFAULT);
    xmlInitParser();
}

bool client_url_allowed(const char *url) { return strncmp(url, "http://", 7) == 0 || strncmp(url, "https://", 8) == 0; }

static bool check_urls(const struct exchange_config *config, struct err *err)
{
    if (config->gateway && !client_url_allowed(config->gateway)) {
        return err_set(err, ERR_INPUT, "gateway: not an http:// or https:// address");
    }
    for (int i = 0; i < EXCHANGE_ENDPOINTS; i++) {
        if (config->endpoint[i] && !client_url_allowed(config->endpoint[i])) {
            return err_set(err, ERR_INPUT, "address of register %d: not an http:// or https:// address", i);
        }
    }
    return true;
}

int client_or_default(int value, int otherwise) { return value > 0 ? value : otherwise; }

const char *client_own(struct exchange *exchange, const char *text)
{
    return text ? arena_text(&exchange->arena, str_from(text)) : NULL;
}

static void take_config(struct exchange *exchange, const struct exchange_config *config)
{
    struct exchange_config *to = &exchange->config;
    *to = *config;
    to->gateway = client_own(exchange, config->gateway);
    for (int i = 0; i < EXCHANGE_ENDPOINTS; i++) {
        to->endpoint[i] = client_own(exchange, config->endpoint[i]);
    }
    to->ca_file = client_own(exchange, config->ca_file);
    to->proxy = client_own(exchange, config->proxy ? config->proxy : "");
    to->connect_ms = client_or_default(config->connect_ms, 3000);
    to->total_ms = client_or_default(config->total_ms, 10000);
    to->in_flight = client_or_default(config->in_flight, 64);
    to->reply_limit = config->reply_limit ? config->reply_limit : EXCHANGE_ENVELOPE_MAX;
    exchange->rule =
        (struct breaker_rule){ client_or_default(config->breaker_failures, 5), client_or_default(config->breaker_ms, 5000) };
    exchange->sender.id = str_from(client_own(exchange, config->sender_id ? config->sender_id : "tirkeu"));
}

static bool read_password(struct exchange *exchange, struct err *err)
{
    struct str text;
    if (!exchange->config.password_file) {
        return true;
    }
    if (!file_read(exchange->config.password_file, 4096, &exchange->arena, &text, err)) {
        return err_prefix(err, "password of the gateway");
    }
    struct str rest = text;
    if (!str_split(&rest, '\n', &text) || str_trim(text).n == 0) {
        return err_set(err, ERR_INPUT, "password of the gateway: %s is empty", exchange->config.password_file);
    }
    exchange->sender.password = str_trim(text);
    return true;
}

bool exchange_open(const struct exchange_config *config, struct exchange **ret, struct err *err)
{
    if (!check_urls(config, err)) {
        return false;
    }
    struct exchange *exchange = mem_alloc(sizeof *exchange);
    arena_init(&exchange->arena, 4096);
    arena_init(&exchange->scratch, 0);
    arena_init(&exchange->errand_arena, 4096);
    list_init(&exchange->queue);
    list_init(&exchange->parked);
    list_init(&exchange->done);
    list_init(&exchange->given);
    take_config(exchange, config);
    exchange->multi = curl_multi_init();
    exchange->headers = curl_slist_append(NULL, "Content-Type: text/xml; charset=utf-8");
    exchange->headers = curl_slist_append(exchange->headers, "SOAPAction: \"\"");
    exchange->headers = curl_slist_append(exchange->headers, "Expect:");
    if (!exchange->multi || !exchange->headers) {
        exchange_close(exchange);
        return err_set(err, ERR_SYSTEM, "libcurl: out of memory");
    }
    if (!read_password(exchange, err)) {
        exchange_close(exchange);
        return false;
    }
    *ret = exchange;
    return true;
}

void exchange_close(struct exchange *exchange)
{
    while (exchange->running) {
        struct transfer *transfer = exchange->running;
        exchange->running = transfer->next;
        curl_multi_remove_handle(exchange->multi, transfer->easy);
        transfer_free(transfer);
    }
    list_free(&exchange->queue);
    list_free(&exchange->parked);
    list_free(&exchange->done);
    list_free(&exchange->given);
    curl_multi_cleanup(exchange->multi);
    curl_slist_free_all(exchange->headers);
    arena_release(&exchange->scratch);
    arena_release(&exchange->errand_arena);
    arena_release(&exchange->arena);
    free(exchange);
}

struct exchange_sender exchange_sender(const struct exchange *exchange) { return exchange->sender; }

int exchange_in_flight(const struct exchange *exchange) { return exchange->unreturned; }
