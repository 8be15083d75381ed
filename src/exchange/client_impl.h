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
    int64_t deadline; /* monotonic milliseconds */
    struct breaker *breaker;
    struct buf envelope, body;
    bool retried, broken_off; /* broken_off: the reply is longer than allowed */
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
    struct transfer *running;       /* only to be freed at the end */
};

int client_or_default(int value, int otherwise);                     /* value unless it is 0 */
const char *client_own(struct exchange *exchange, const char *text); /* a copy in the exchange's arena; NULL stays NULL */

void list_init(struct list *list);
void list_push(struct list *list, struct transfer *transfer);
struct transfer *list_pop(struct list *list); /* NULL when it is empty */
void list_free(struct list *list);
void transfer_free(struct transfer *transfer);

#endif
