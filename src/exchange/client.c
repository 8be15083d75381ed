/* SPDX-License-Identifier: Apache-2.0 */
/* The HTTP side of the gateway: many requests in flight over one libcurl multi handle. */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "exchange/client_impl.h"

#define QUEUE_LOOK_MS 100 /* how often deadlines in the queue are looked at */

int64_t client_now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* ---- ending a request ---- */

void client_finish(struct exchange *exchange, struct transfer *transfer, enum exchange_outcome outcome, const char *trouble)
{
    if (transfer == exchange->errand) {
        client_errand_done(exchange, false);
        return;
    }
    transfer->reply.outcome = outcome;
    if (outcome != EXCHANGE_REPLIED) {
        transfer->reply.envelope = (struct str){ 0 };
    }
    snprintf(transfer->reply.trouble, sizeof transfer->reply.trouble, "%s", trouble);
    if (transfer->breaker && outcome != EXCHANGE_HELD_BACK) {
        breaker_note(transfer->breaker, &exchange->rule, client_now_ms(), outcome == EXCHANGE_REPLIED);
    }
    list_push(&exchange->done, transfer);
}

static bool looks_like_soap(struct str body)
{
    body = str_trim(body);
    if (str_starts(body, "\xEF\xBB\xBF")) {
        body = (struct str){ body.p + 3, body.n - 3 };
    }
    return body.n > 0 && body.p[0] == '<';
}

static void finish_fetched(struct exchange *exchange, struct transfer *transfer)
{
    char trouble[64];
    long status = 0;
    curl_easy_getinfo(transfer->easy, CURLINFO_RESPONSE_CODE, &status);
    transfer->reply.http_status = (int)status;
    transfer->reply.envelope = buf_str(&transfer->body);
    snprintf(trouble, sizeof trouble, "HTTP status %ld", status);
    client_finish(exchange, transfer, status == 200 ? EXCHANGE_REPLIED : EXCHANGE_UNREACHED, status == 200 ? "" : trouble);
}

/* SOAP 1.1 sends its faults with 500; any other status did not come from the service. */
static void finish_replied(struct exchange *exchange, struct transfer *transfer)
{
    char trouble[80];
    long status = 0;
    curl_easy_getinfo(transfer->easy, CURLINFO_RESPONSE_CODE, &status);
    transfer->reply.http_status = (int)status;
    transfer->reply.envelope = buf_str(&transfer->body);
    if (transfer == exchange->errand) {
        client_errand_done(exchange, status == 200);
    } else if ((status != 200 && status != 500) || !looks_like_soap(transfer->reply.envelope)) {
        snprintf(trouble, sizeof trouble, "HTTP status %ld without a SOAP message", status);
        client_finish(exchange, transfer, EXCHANGE_UNREACHED, trouble);
    } else if (exchange->config.guard) {
        client_check(exchange, transfer);
    } else {
        client_finish(exchange, transfer, EXCHANGE_REPLIED, "");
    }
}

/* ---- sending ---- */

static size_t take_bytes(char *bytes, size_t size, size_t count, void *context)
{
    struct transfer *transfer = context;
    buf_add(&transfer->body, bytes, size * count);
    transfer->broken_off = transfer->body.over;
    return transfer->broken_off ? 0 : size * count;
}

static struct breaker *breaker_of(struct exchange *exchange, const char *service_id)
{
    for (int i = 0; i < exchange->breakers; i++) {
        if (strcmp(exchange->breaker[i].service_id, service_id) == 0) {
            return &exchange->breaker[i];
        }
    }
    if (exchange->breakers == SERVICES_MAX) {
        return NULL;
    }
    struct breaker *breaker = &exchange->breaker[exchange->breakers++];
    breaker->service_id = client_own(exchange, service_id);
    return breaker;
}

static bool prepare_body(struct exchange *exchange, struct transfer *transfer, CURL *easy)
{
    struct curl_slist *headers = transfer->headers ? transfer->headers : exchange->headers;
    if (transfer->get)
        return !curl_easy_setopt(easy, CURLOPT_HTTPGET, 1L);
    return !curl_easy_setopt(easy, CURLOPT_POST, 1L) && !curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers) &&
           !curl_easy_setopt(easy, CURLOPT_POSTFIELDS, transfer->envelope.p) &&
           !curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)transfer->envelope.n);
}

static bool prepare(struct exchange *exchange, struct transfer *transfer)
{
    CURL *easy = transfer->easy = curl_easy_init();
    return easy && !curl_easy_setopt(easy, CURLOPT_URL, transfer->url) &&
           !curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https") && !curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L) &&
           !curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L) &&
           !curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1) &&
           !curl_easy_setopt(easy, CURLOPT_PROXY, exchange->config.proxy) && prepare_body(exchange, transfer, easy) &&
           !curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, (long)exchange->config.connect_ms) &&
           !curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take_bytes) && !curl_easy_setopt(easy, CURLOPT_WRITEDATA, transfer) &&
           !curl_easy_setopt(easy, CURLOPT_PRIVATE, transfer) &&
           (!exchange->config.ca_file || !curl_easy_setopt(easy, CURLOPT_CAINFO, exchange->config.ca_file));
}

void client_start(struct exchange *exchange, struct transfer *transfer)
{
    int64_t left = transfer->deadline - client_now_ms();
    if (left <= 0) {
        client_finish(exchange, transfer, EXCHANGE_TIMED_OUT, "no answer in time");
        return;
    }
    if ((!transfer->easy && !prepare(exchange, transfer)) || curl_easy_setopt(transfer->easy, CURLOPT_TIMEOUT_MS, (long)left) ||
        curl_multi_add_handle(exchange->multi, transfer->easy)) {
        client_finish(exchange, transfer, EXCHANGE_UNREACHED, "libcurl refuses the request");
        return;
    }
    transfer->next = exchange->running;
    exchange->running = transfer;
    exchange->active++;
}

static bool add_envelope(struct exchange *exchange, struct transfer *transfer, struct str envelope, struct err *err)
{
    struct exchange_guard *guard = exchange->config.guard;
    if (!guard) {
        buf_add_str(&transfer->envelope, envelope);
    } else if (!exchange_guard_sign(guard, envelope, &transfer->envelope, err)) {
        return false;
    }
    return !transfer->envelope.over || err_set(err, ERR_LIMIT, "a message over %zu bytes", EXCHANGE_ENVELOPE_MAX);
}

void client_enqueue(struct exchange *exchange, struct transfer *transfer, const char *service_id, int total_ms)
{
    transfer->deadline = client_now_ms() + client_or_default(total_ms, exchange->config.total_ms);
    transfer->breaker = breaker_of(exchange, service_id);
    exchange->unreturned++;
    if (transfer->breaker && !breaker_admits(transfer->breaker, &exchange->rule, client_now_ms())) {
        client_finish(exchange, transfer, EXCHANGE_HELD_BACK, "not asked: the service has failed several times in a row");
    } else {
        list_push(&exchange->queue, transfer);
    }
}

bool exchange_send(struct exchange *exchange, const struct exchange_call *call, struct err *err)
{
    bool numbered = call->endpoint >= 0 && call->endpoint < EXCHANGE_ENDPOINTS;
    const char *url = numbered && exchange->config.endpoint[call->endpoint] ? exchange->config.endpoint[call->endpoint]
                                                                            : exchange->config.gateway;
    if (!url) {
        return err_set(err, ERR_INPUT, "no address is configured for service %.60s", call->service_id);
    }
    struct transfer *transfer = mem_alloc(sizeof *transfer);
    buf_init(&transfer->envelope, EXCHANGE_ENVELOPE_MAX);
    buf_init(&transfer->body, exchange->config.reply_limit);
    if (!add_envelope(exchange, transfer, call->envelope, err)) {
        transfer_free(transfer);
        return false;
    }
    transfer->url = url;
    transfer->reply.call = call->id;
    client_enqueue(exchange, transfer, call->service_id, call->total_ms);
    return true;
}

/* ---- working ---- */

static void unlink_running(struct exchange *exchange, struct transfer *transfer)
{
    struct transfer **link = &exchange->running;
    while (*link != transfer) {
        link = &(*link)->next;
    }
    *link = transfer->next;
    exchange->active--;
    curl_multi_remove_handle(exchange->multi, transfer->easy);
}

/* Nothing came back: asking once more does no harm, since every request carries an id of its own. */
static bool worth_a_retry(const struct transfer *transfer, CURLcode code)
{
    bool transport =
        code == CURLE_COULDNT_CONNECT || code == CURLE_SEND_ERROR || code == CURLE_RECV_ERROR || code == CURLE_GOT_NOTHING;
    return transport && !transfer->retried && transfer->body.n == 0;
}

static void complete(struct exchange *exchange, struct transfer *transfer, CURLcode code)
{
    unlink_running(exchange, transfer);
    if (code == CURLE_OK && transfer->plain) {
        finish_fetched(exchange, transfer);
    } else if (code == CURLE_OK) {
        finish_replied(exchange, transfer);
    } else if (transfer->broken_off) {
        client_finish(exchange, transfer, EXCHANGE_UNREACHED, "the reply is longer than allowed");
    } else if (code == CURLE_OPERATION_TIMEDOUT) {
        client_finish(exchange, transfer, EXCHANGE_TIMED_OUT, "no answer in time");
    } else if (worth_a_retry(transfer, code)) {
        transfer->retried = true;
        client_start(exchange, transfer);
    } else {
        client_finish(exchange, transfer, EXCHANGE_UNREACHED, curl_easy_strerror(code));
    }
}

/* Those whose time is over before their turn has come. */
static void expire_queue(struct exchange *exchange)
{
    struct list waiting = exchange->queue;
    if (!waiting.first) {
        return;
    }
    int64_t now = client_now_ms();
    struct transfer *transfer = waiting.first, *next;
    list_init(&exchange->queue);
    for (; transfer; transfer = next) {
        next = transfer->next;
        if (transfer->deadline <= now) {
            client_finish(exchange, transfer, EXCHANGE_TIMED_OUT, "no answer in time: too many requests were waiting");
        } else {
            list_push(&exchange->queue, transfer);
        }
    }
}

static void work(struct exchange *exchange)
{
    int running, left;
    arena_reset(&exchange->scratch);
    expire_queue(exchange);
    while (exchange->queue.first && exchange->active < exchange->config.in_flight) {
        client_start(exchange, list_pop(&exchange->queue));
    }
    curl_multi_perform(exchange->multi, &running);
    CURLMsg *message;
    while ((message = curl_multi_info_read(exchange->multi, &left))) {
        if (message->msg == CURLMSG_DONE) {
            char *transfer;
            CURLcode code = message->data.result;
            curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &transfer);
            complete(exchange, (struct transfer *)(void *)transfer, code);
        }
    }
}

static int give_back(struct exchange *exchange, struct exchange_reply *ret, int room)
{
    int count = 0;
    struct transfer *transfer;
    while (count < room && (transfer = list_pop(&exchange->done))) {
        ret[count++] = transfer->reply;
        exchange->unreturned--;
        list_push(&exchange->given, transfer);
    }
    return count;
}

int exchange_poll(struct exchange *exchange, int timeout_ms, int wakeup_fd, struct exchange_reply *ret, int room)
{
    int64_t until = client_now_ms() + timeout_ms;
    list_free(&exchange->given);
    for (;;) {
        work(exchange);
        int64_t left = until - client_now_ms();
        if (exchange->done.first || left <= 0) {
            return give_back(exchange, ret, room);
        }
        if (exchange->queue.first && exchange->active < exchange->config.in_flight) {
            continue;
        }
        int wait = exchange->queue.first && left > QUEUE_LOOK_MS ? QUEUE_LOOK_MS : (int)left;
        struct curl_waitfd wakeup = { .fd = wakeup_fd, .events = CURL_WAIT_POLLIN };
        curl_multi_poll(exchange->multi, &wakeup, wakeup_fd >= 0 ? 1 : 0, wait, NULL);
        if (wakeup_fd >= 0 && wakeup.revents) {
            work(exchange);
            return give_back(exchange, ret, room);
        }
    }
}
