/* SPDX-License-Identifier: Apache-2.0 */
#include "courier/fetches.h"

#include <inttypes.h>

#include "base/log.h"

enum { LEASE_MS = 90000 /* longer than any of the deadlines below */ };

static const struct {
    const char *service, *content_type; /* NULL: GET */
    size_t limit;
    int total_ms;
} kinds[FILING_FETCH_KINDS] = {
    [FILING_FETCH_OCSP] = { "ocsp", "application/ocsp-request", 1 << 20, 10000 },
    [FILING_FETCH_CRL] = { "crl", NULL, FILING_FETCH_MAX, 60000 },
    [FILING_FETCH_TIMESTAMP] = { "timestamp", "application/timestamp-query", 1 << 20, 10000 },
    [FILING_FETCH_VERDICT] = { "verdict", "application/json", 1 << 20, 20000 }, /* it asks a responder in turn */
};

void fetches_init(struct fetches *f)
{
    *f = (struct fetches){ 0 };
    for (int i = 0; i < FETCHES_MAX; i++)
        arena_init(&f->slot[i].arena, 4096);
}

void fetches_release(struct fetches *f)
{
    for (int i = 0; i < FETCHES_MAX; i++)
        arena_release(&f->slot[i].arena);
}

static void done(struct fetches *f, struct db *db, const struct filing_context *context, int slot, struct str answer,
                 const char *trouble)
{
    const struct filing_fetch *fetch = &f->slot[slot].fetch;
    struct err err = { 0 };
    log_info("filing=%" PRId64 " signature=%" PRId64 " fetch=%s ms=%" PRId64 " attempt=%d status=%s%s%s", fetch->filing.n,
             fetch->signature, filing_fetch_kind_name(fetch->kind), context->now.ms - f->slot[slot].sent_ms, fetch->attempts,
             answer.p ? "answered" : "silent", answer.p ? "" : " trouble=", trouble);
    /* The lease runs out and it is fetched again; a conflict only means that somebody else did it meanwhile. */
    if (!filing_fetch_done(db, context, fetch, answer, str_from(trouble), &err))
        log_warn("signature=%" PRId64 " fetch=%" PRId64 ": the answer was not stored: %s", fetch->signature, fetch->id, err.text);
    f->slot[slot].used = false;
    f->used--;
}

void fetches_receive(struct fetches *f, struct db *db, const struct filing_context *context, const struct exchange_reply *reply)
{
    bool replied = reply->outcome == EXCHANGE_REPLIED;
    struct str answer = { NULL, 0 };
    if (replied)
        answer = reply->envelope.p ? reply->envelope : STR("");
    done(f, db, context, (int)(reply->call - FETCHES_FIRST), answer, replied ? "" : reply->trouble);
}

static int free_slot(const struct fetches *f)
{
    int i = 0;
    while (f->slot[i].used)
        i++;
    return i;
}

static void send(struct fetches *f, struct db *db, struct exchange *exchange, const struct filing_context *context,
                 const struct filing_fetch *due)
{
    struct err err = { 0 };
    int i = free_slot(f);
    arena_reset(&f->slot[i].arena);
    f->slot[i].used = true;
    f->used++;
    f->slot[i].sent_ms = context->now.ms;
    f->slot[i].fetch = *due;
    f->slot[i].fetch.url = arena_str(&f->slot[i].arena, due->url);
    f->slot[i].fetch.request = arena_str(&f->slot[i].arena, due->request);
    const struct exchange_fetch fetch = { .id = FETCHES_FIRST + i,
                                          .service_id = kinds[due->kind].service,
                                          .url = due->url,
                                          .content_type = kinds[due->kind].content_type,
                                          .body = due->request,
                                          .limit = kinds[due->kind].limit,
                                          .total_ms = kinds[due->kind].total_ms };
    if (!exchange_fetch(exchange, &fetch, &err))
        done(f, db, context, i, (struct str){ NULL, 0 }, err.text);
}

bool fetches_work(struct fetches *f, struct db *db, struct exchange *exchange, const struct filing_context *context,
                  struct moment *ret_due, struct err *err)
{
    struct filing_fetch due[FETCHES_MAX];
    struct arena arena;
    int count = 0;
    if (!filing_fetches_next_due(db, ret_due, err))
        return false;
    if (ret_due->ms > context->now.ms || f->used == FETCHES_MAX)
        return true;
    arena_init(&arena, 0);
    bool ok = filing_fetches_take(db, context, FETCHES_MAX - f->used, LEASE_MS, &arena, due, &count, err);
    for (int i = 0; ok && i < count; i++)
        send(f, db, exchange, context, &due[i]);
    arena_release(&arena);
    return ok && filing_fetches_next_due(db, ret_due, err);
}
