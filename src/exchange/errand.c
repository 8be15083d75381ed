/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Signatures of replies.  What is not known of a signer's certificate is asked for beside the messages, one question at a time;
 * the replies that need the answer wait for it and hold nobody else up.
 */
#include <stdio.h>

#include "exchange/client_impl.h"

enum { ERRAND_MS = 3000, ANSWER_MAX = 64 << 10, PARKED_MOST = 2 };

static void take_verified(struct exchange *exchange, struct transfer *transfer, struct str envelope)
{
    buf_clear(&transfer->body);
    buf_add_str(&transfer->body, envelope);
    transfer->reply.envelope = buf_str(&transfer->body);
    if (transfer->body.over) {
        client_finish(exchange, transfer, EXCHANGE_UNREACHED, "the reply is longer than allowed");
    } else {
        client_finish(exchange, transfer, EXCHANGE_REPLIED, "");
    }
}

static void keep_question(struct exchange *exchange, const struct exchange_checked *checked)
{
    struct arena *arena = &exchange->errand_arena;
    arena_reset(arena);
    exchange->errand_about = *checked;
    exchange->errand_about.url = arena_str(arena, checked->url);
    exchange->errand_about.certificate = arena_str(arena, checked->certificate);
    exchange->errand_about.issuer = arena_str(arena, checked->issuer);
}

static void send_errand(struct exchange *exchange, const struct exchange_checked *checked)
{
    struct transfer *errand = mem_alloc(sizeof *errand);
    keep_question(exchange, checked);
    buf_init(&errand->envelope, ANSWER_MAX);
    buf_init(&errand->body, ANSWER_MAX);
    buf_add_str(&errand->envelope, checked->question);
    errand->url = exchange->errand_about.url.p;
    errand->deadline = client_now_ms() + ERRAND_MS;
    errand->headers = curl_slist_append(NULL, "Content-Type: application/ocsp-request");
    exchange->errand = errand;
    client_start(exchange, errand);
}

void client_check(struct exchange *exchange, struct transfer *transfer)
{
    struct exchange_checked checked;
    char trouble[120];
    exchange_guard_check(exchange->config.guard, transfer->reply.envelope, &exchange->scratch, &checked);
    if (checked.good == TRI_YES) {
        take_verified(exchange, transfer, checked.envelope);
    } else if (checked.url.n > 0 && transfer->parked < PARKED_MOST) {
        transfer->parked++;
        list_push(&exchange->parked, transfer);
        if (!exchange->errand) {
            send_errand(exchange, &checked);
        }
    } else {
        snprintf(trouble, sizeof trouble, "the reply is not signed as it must be: %s", eds_reason_name(checked.reason));
        client_finish(exchange, transfer, EXCHANGE_UNREACHED, trouble);
    }
}

void client_errand_done(struct exchange *exchange, bool answered)
{
    struct transfer *errand = exchange->errand, *waiting;
    struct list parked = exchange->parked;
    exchange->errand = NULL;
    exchange_guard_learn(exchange->config.guard, &exchange->errand_about,
                         answered ? buf_str(&errand->body) : (struct str){ NULL, 0 });
    transfer_free(errand);
    list_init(&exchange->parked);
    while ((waiting = list_pop(&parked))) {
        client_check(exchange, waiting);
    }
}
