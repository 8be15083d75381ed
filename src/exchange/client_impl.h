/* SPDX-License-Identifier: Apache-2.0 */
/* Private to exchange/: a request under way and the client that works on them; open.c makes it, client.c runs it. */
#ifndef EXCHANGE_CLIENT_IMPL_H
#define EXCHANGE_CLIENT_IMPL_H

#include <curl/curl.h>

#include "exchange/breaker.h"
#include "exchange/exchange.h"

#define SERVICES_MAX 64

struct transfer {
    struct transfer *next;
    CURL *easy; /* NULL while it waits in the queue */
    const char *url;
    char *own_url;    /* of a fetch: freed with it */
    bool plain, get;  /* no SOAP: a fetch */
    int64_t deadline; /* monotonic milliseconds */
    struct breaker *breaker;
    struct buf envelope, body;
    bool retried, broken_off;   /* broken_off: the reply is longer than allowed */
    int parked;                 /* how often it has waited for what is known of its signer's certificate */
    struct curl_slist *headers; /* an errand's or a fetch's own; NULL: those of messages */
    struct exchange_reply reply;
};
struct list {
    struct transfer *first, **last;
};

struct exchange {
    struct exchange_config config;
    struct breaker_rule rule;
    struct arena arena;
    struct exchange_sender sender;
    CURLM *multi;
    struct curl_slist *headers;
    struct breaker breaker[SERVICES_MAX];
    int breakers, active, unreturned;
    struct list queue, done, given; /* given: their texts live until the next poll */
    struct list parked;             /* replies whose signer's revocation is being asked about */
    struct transfer *running;       /* only to be freed at the end */
    struct transfer *errand;        /* the question about a certificate that is under way, at most one */
    struct exchange_checked errand_about;
    struct arena errand_arena, scratch;
};

/* client.c */
int64_t client_now_ms(void);
void client_start(struct exchange *exchange, struct transfer *transfer);
void client_finish(struct exchange *exchange, struct transfer *transfer, enum exchange_outcome outcome, const char *trouble);
/* errand.c: the reply is finished now, or when its signer's certificate is known; the answer, or none, to an errand. */
void client_check(struct exchange *exchange, struct transfer *transfer);
void client_errand_done(struct exchange *exchange, bool answered);

/* Into the queue, or held back at once by the breaker of the service. */
void client_enqueue(struct exchange *exchange, struct transfer *transfer, const char *service_id, int total_ms);

/* open.c */
bool client_url_allowed(const char *url);
int client_or_default(int value, int otherwise);                     /* value unless it is 0 */
const char *client_own(struct exchange *exchange, const char *text); /* a copy in the exchange's arena; NULL stays NULL */

void list_init(struct list *list);
void list_push(struct list *list, struct transfer *transfer);
struct transfer *list_pop(struct list *list); /* NULL when it is empty */
void list_free(struct list *list);
void transfer_free(struct transfer *transfer);

#endif
