/* SPDX-License-Identifier: Apache-2.0 */
#include "courier/courier.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/digest.h"
#include "base/log.h"
#include "courier/fetches.h"
#include "courier/wake.h"
#include "filing/filing_service.h"
#include "registry/registry.h"

enum {
    SLOTS = 64,
    LEASE_MS = 30000,           /* longer than any deadline below, so that nobody works on a question twice */
    POLL_MS = 1000,             /* when no datagram comes */
    TIMERS_MS = 10000,          /* how long a timer that another process has set may go unseen */
    KAZAKHSTAN_MINUTES = 5 * 60 /* UTC+5, the whole country since 1 March 2024 */
};

/* How long a register may take, in milliseconds. */
enum { DEADLINE_DEFAULT = 5000 };
static const int deadlines[REGISTRY_ASKS] = {
    [REGISTRY_HEAD_COUNT] = 5000, [REGISTRY_REGISTER] = 15000, /* given up too early it would have to be asked again whether it
                                                                  was recorded */
};

struct slot {
    bool used;
    struct filing_job job;
    char message_id[DIGEST_UUID];
    struct moment asked_at;
    struct arena arena; /* the question's texts */
};

struct courier {
    const struct courier_config *config;
    struct db *db;
    struct exchange *exchange;
    struct wake wake;
    struct slot slot[SLOTS];
    int used;
    struct fetches fetches;
    struct moment timers_at;
    struct arena scratch;
    struct buf envelope;
};

static struct filing_context context_now(const struct courier *c)
{
    struct moment now = c->config->clock();
    return (struct filing_context){
        .policy = c->config->policy,
        .legal_day = day_is_none(c->config->legal_day) ? moment_day(now, KAZAKHSTAN_MINUTES) : c->config->legal_day,
        .now = now,
        .mart = c->config->mart,
        .demonstration = c->config->demonstration,
        .trust = c->config->trust,
    };
}

/* ---- answers: all that came together in one transaction ---- */

struct result {
    struct slot *slot;
    bool mapped; /* from the mart, not over the wire */
    struct registry_answer answer;
};

static void log_result(const struct result *r)
{
    const struct slot *s = r->slot;
    bool silent = r->answer.status == REGISTRY_SILENT;
    log_info("filing=%" PRId64 " register=%s ask=%s by=%s ms=%" PRId64 " attempt=%d status=%s%s" STR_FMT, s->job.filing.n,
             registry_name(registry_of(s->job.question.ask)), registry_ask_name(s->job.question.ask), r->mapped ? "mart" : "wire",
             r->answer.answered_at.ms - r->answer.asked_at.ms, s->job.attempts, silent ? "silent" : "answered",
             silent ? " trouble=" : "", STR_ARG(r->answer.trouble));
}

static void finish_job(struct courier *c, const struct filing_context *context, const struct result *r)
{
    struct err err = { 0 };
    /* The lease runs out and the question is asked again; a conflict only means that somebody else did it meanwhile. */
    if (!filing_job_done(c->db, context, &r->slot->job, &r->answer, &err))
        log_warn("filing=%" PRId64 " job=%" PRId64 ": the answer was not stored: %s", r->slot->job.filing.n, r->slot->job.id,
                 err.text);
}

static void finish(struct courier *c, struct result *result, int count)
{
    struct filing_context context = context_now(c);
    struct err err = { 0 };
    bool begun = db_begin(c->db, &err);
    for (int i = 0; i < count; i++) {
        struct result *r = &result[i];
        r->answer.asked_at = r->slot->asked_at;
        r->answer.answered_at = context.now;
        log_result(r);
        if (begun)
            finish_job(c, &context, r);
        r->slot->used = false;
        c->used--;
    }
    if (begun && !db_commit(c->db, &err)) {
        db_rollback(c->db);
        begun = false;
    }
    if (!begun)
        log_warn("%d answers were not stored: %s", count, err.text);
}

static void receive(struct courier *c, const struct exchange_reply *reply, int count)
{
    static const struct registry_answer nothing = { 0 };
    struct filing_context context = context_now(c);
    struct result result[SLOTS];
    int answers = 0;
    for (int i = 0; i < count; i++) {
        if (reply[i].call >= FETCHES_FIRST) {
            fetches_receive(&c->fetches, c->db, &context, &reply[i]);
            continue;
        }
        struct slot *s = &c->slot[reply[i].call];
        struct result *r = &result[answers++];
        *r = (struct result){ .slot = s, .answer = nothing };
        if (reply[i].outcome == EXCHANGE_REPLIED)
            registry_reply(reply[i].envelope, &s->job.question, s->message_id, &c->scratch, &r->answer);
        else
            registry_reply_silent(&s->job.question, s->message_id, reply[i].trouble, &c->scratch, &r->answer);
    }
    if (answers > 0)
        finish(c, result, answers);
    arena_reset(&c->scratch);
}

/* ---- questions ---- */

/* Puts the question on its way; false: it could not even be sent, and *err says why. */
static bool ask(struct courier *c, struct slot *s, struct err *err)
{
    const struct registry_question *question = &s->job.question;
    int deadline = deadlines[question->ask];
    buf_clear(&c->envelope);
    if (!registry_request(question, exchange_sender(c->exchange), digest_uuid(s->message_id), s->asked_at, &c->envelope))
        return err_set(err, ERR_LIMIT, "the question does not fit into a message");
    struct exchange_call call = {
        .id = s - c->slot,
        .endpoint = (int)registry_of(question->ask),
        .service_id = registry_service_id(question->ask),
        .envelope = buf_str(&c->envelope),
        .total_ms = deadline ? deadline : DEADLINE_DEFAULT,
    };
    return exchange_send(c->exchange, &call, err);
}

static struct slot *free_slot(struct courier *c)
{
    struct slot *s = c->slot;
    while (s->used)
        s++;
    return s;
}

/* A question with texts of its own: the arena of all questions taken together goes earlier. */
static bool keep(struct courier *c, const struct filing_job *job, struct slot *s, struct err *err)
{
    struct buf text;
    arena_reset(&s->arena);
    buf_init(&text, 64 * 1024);
    registry_question_write(&job->question, &text);
    s->job = *job;
    bool ok = registry_question_read(buf_str(&text), &s->arena, &s->job.question, err);
    buf_release(&text);
    if (ok) {
        s->used = true;
        c->used++;
    }
    return ok;
}

/* True: the question is settled already, by the mart or because it could not even be sent. */
static bool settled_at_once(struct courier *c, struct slot *s, struct result *ret)
{
    struct err err = { 0 };
    *ret = (struct result){ .slot = s };
    s->asked_at = c->config->clock();
    ret->mapped = registry_mart_ask(c->config->mart, &s->job.question, &c->scratch, &ret->answer);
    if (ret->mapped)
        return true;
    if (ask(c, s, &err))
        return false;
    registry_reply_silent(&s->job.question, s->message_id, err.text, &c->scratch, &ret->answer);
    return true;
}

static void start(struct courier *c, const struct filing_job *job, int count)
{
    struct result settled[SLOTS];
    int settles = 0;
    for (int i = 0; i < count; i++) {
        struct err err = { 0 };
        struct slot *s = free_slot(c);
        if (!keep(c, &job[i], s, &err))
            log_warn("job=%" PRId64 ": %s", job[i].id, err.text);
        else
            settles += settled_at_once(c, s, &settled[settles]);
    }
    if (settles > 0)
        finish(c, settled, settles);
}

/* Leases what is due, as far as there is room. */
static bool take(struct courier *c, const struct filing_context *context, struct err *err)
{
    struct filing_job job[SLOTS];
    int count = 0;
    if (!db_begin(c->db, err))
        return false;
    bool ok = filing_jobs_take(c->db, context, SLOTS - c->used, LEASE_MS, &c->scratch, job, &count, err) && db_commit(c->db, err);
    if (!ok)
        db_rollback(c->db);
    else
        start(c, job, count);
    arena_reset(&c->scratch);
    return ok;
}

static bool run_timers(struct courier *c, const struct filing_context *context, struct err *err)
{
    struct moment next = { context->now.ms + TIMERS_MS };
    if (!db_begin(c->db, err))
        return false;
    bool ok = filing_timers(c->db, context, &next, err) && db_commit(c->db, err);
    if (!ok)
        db_rollback(c->db);
    int64_t latest = context->now.ms + TIMERS_MS;
    c->timers_at.ms = next.ms > context->now.ms && next.ms < latest ? next.ms : latest;
    return ok;
}

/* Timers and new work; *ret_ms is how long nothing more will be due. */
static bool work(struct courier *c, int *ret_ms, struct err *err)
{
    struct filing_context context = context_now(c);
    struct moment due, fetch_due = { INT64_MAX };
    if (context.now.ms >= c->timers_at.ms && !run_timers(c, &context, err))
        return false;
    if (!filing_jobs_next_due(c->db, &due, err))
        return false;
    if (due.ms <= context.now.ms && c->used < SLOTS) {
        if (!take(c, &context, err) || !filing_jobs_next_due(c->db, &due, err))
            return false;
    }
    if (context.trust && !fetches_work(&c->fetches, c->db, c->exchange, &context, &fetch_due, err))
        return false;
    bool later = fetch_due.ms > due.ms || c->fetches.used == FETCHES_MAX;
    int64_t ms = (later ? due.ms : fetch_due.ms) - context.now.ms;
    *ret_ms = ms < 0 || c->used == SLOTS || ms > POLL_MS ? POLL_MS : (int)ms;
    return true;
}

static void loop(struct courier *c)
{
    struct exchange_reply reply[SLOTS];
    bool stopping = false;
    for (;;) {
        struct err err = { 0 };
        int ms = POLL_MS;
        if (!stopping && wake_stop_wanted(&c->wake)) {
            stopping = true;
            wake_stop_seen(&c->wake);
        }
        if (stopping && c->used == 0 && c->fetches.used == 0)
            return;
        wake_drain(&c->wake);
        /* The database may be busy or the disk full: what is due stays due, and is tried again a second later. */
        if (!stopping && !work(c, &ms, &err))
            log_warn("%s", err.text);
        receive(c, reply, exchange_poll(c->exchange, ms, c->wake.either, reply, SLOTS));
    }
}

static bool open_all(struct courier *c, struct err *err)
{
    if (!db_open(c->config->database, false, &c->db, err))
        return false;
    if (!exchange_open(c->config->exchange, &c->exchange, err)) {
        db_close(c->db);
        return false;
    }
    if (!wake_open(c->config->wake_socket, c->config->stop, &c->wake, err)) {
        exchange_close(c->exchange);
        db_close(c->db);
        return false;
    }
    return true;
}

bool courier_run(const struct courier_config *config, struct err *err)
{
    struct courier *c = mem_alloc(sizeof *c);
    c->config = config;
    bool ok = open_all(c, err);
    if (ok) {
        arena_init(&c->scratch, 0);
        fetches_init(&c->fetches);
        buf_init(&c->envelope, EXCHANGE_ENVELOPE_MAX);
        for (int i = 0; i < SLOTS; i++)
            arena_init(&c->slot[i].arena, 4096);
        log_info("ready");
        loop(c);
        log_info("stopped");
        wake_close(&c->wake);
        exchange_close(c->exchange);
        db_close(c->db);
        buf_release(&c->envelope);
        for (int i = 0; i < SLOTS; i++)
            arena_release(&c->slot[i].arena);
        fetches_release(&c->fetches);
        arena_release(&c->scratch);
    }
    free(c);
    return ok;
}
