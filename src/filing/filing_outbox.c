/* SPDX-License-Identifier: Apache-2.0 */
/* The outbox: questions put in by the steps, leased by couriers (filing_lease.c), answered once. */
#include <inttypes.h>
#include <string.h>

#include "filing/filing_impl.h"

#define JSON_LIMIT      (4 << 20)
#define MESSAGE_LIFE_MS (24 * HOUR_MS)
#define CODE_LIFE_MS    (10 * MINUTE_MS)
#define LOOKUP_LIFE_MS  (10 * MINUTE_MS)
#define NEVER           INT64_MAX

struct registry_question filing_ask_person(struct iin person)
{
    return (struct registry_question){
        .ask = REGISTRY_PERSON, .person = person, .day = DAY_NONE, .since = DAY_NONE, .until = DAY_NONE
    };
}

struct registry_question filing_ask_dwelling(struct str rka)
{
    return (
        struct registry_question){ .ask = REGISTRY_DWELLING, .rka = rka, .day = DAY_NONE, .since = DAY_NONE, .until = DAY_NONE };
}

static struct str question_json(struct arena *arena, const struct registry_question *question)
{
    struct buf text;
    buf_init(&text, JSON_LIMIT);
    registry_question_write(question, &text);
    struct str json = arena_str(arena, buf_str(&text));
    buf_release(&text);
    return json;
}

bool filing_post(struct filing_work *w, const struct registry_question *question, const struct filing_post *post, int64_t *ret_id)
{
    static const char insert[] = "INSERT INTO question (filing, owner, purpose, ask, question, state, again, asked_at, due_at) "
                                 "VALUES ($1, $2, $3, $4, $5, 'open', $6, $7, $8)";
    int64_t now = w->context->now.ms;
    if (!filing_run(w->db, insert,
                    VALUES(w->c.id.n ? v_int(w->c.id.n) : v_null(), v_iin(post->owner), v_text(post->purpose),
                           v_text(registry_ask_name(question->ask)), v_str(question_json(&w->arena, question)),
                           v_int(post->again), v_int(now), v_int(now + post->delay_ms)),
                    w->err))
        return false;
    if (ret_id)
        *ret_id = db_last_id(w->db);
    return true;
}

bool filing_withdraw(struct filing_work *w, const char *purpose)
{
    static const char update[] =
        "UPDATE question SET state = 'withdrawn' WHERE filing = $1 AND purpose = $2 AND state IN ('open', 'silent')";
    return filing_run(w->db, update, VALUES(v_int(w->c.id.n), v_text(purpose)), w->err);
}

bool filing_withdraw_all(struct filing_work *w)
{
    return filing_withdraw(w, "decide") && filing_withdraw(w, "people") && filing_withdraw(w, "recheck") &&
           filing_withdraw(w, "prefill") && filing_withdraw(w, "code") && filing_signatures_withdraw_all(w);
}

/* ---- the courier takes ---- */

static bool read_due(struct filing_work *w, int room, struct arena *arena, struct filing_job *ret, int *ret_count)
{
    static const char due[] = "SELECT id, fence, filing, attempts, question FROM question WHERE " FILING_DUE;
    struct db_query q;
    int count = 0;
    bool ok = true;
    if (!filing_query(w->db, &q, due, VALUES(v_at(w->context->now), v_int(room)), w->err))
        return false;
    while (ok && count < room && db_row(&q)) {
        struct filing_job *job = &ret[count++];
        *job = (struct filing_job){
            .id = db_int(&q, 0), .fence = db_int(&q, 1) + 1, .filing = { db_int(&q, 2) }, .attempts = (int)db_int(&q, 3) + 1
        };
        ok = registry_question_read(arena_str(arena, db_str(&q, 4)), arena, &job->question, w->err);
    }
    struct err failed;
    if (!db_finish(&q, &failed)) {
        *w->err = failed;
        return false;
    }
    *ret_count = count;
    return ok;
}

static struct filing_lease lease_of(const struct filing_job *job)
{
    return (struct filing_lease){ job->id, job->fence, job->attempts };
}

bool filing_jobs_take(struct db *db, const struct filing_context *context, int room, int64_t lease_ms, struct arena *arena,
                      struct filing_job *ret, int *ret_count, struct err *err)
{
    struct filing_work w;
    int count = 0;
    if (!filing_work_begin(&w, db, context, &filing_system_actor, (struct filing_id){ 0 }, err))
        return false;
    bool ok = read_due(&w, room, arena, ret, &count);
    for (int i = 0; ok && i < count; i++)
        ok = filing_lease_take(&w, FILING_QUESTIONS, lease_of(&ret[i]), lease_ms);
    if (!filing_work_end(&w, ok))
        return false;
    *ret_count = count;
    return true;
}

bool filing_jobs_next_due(struct db *db, struct moment *ret, struct err *err)
{
    return filing_lease_next_due(db, FILING_QUESTIONS, ret, err);
}

/* ---- the courier brings back ---- */

struct outcome_row {
    int64_t asked_at;
    struct str purpose;
    struct filing_id filing;
};

static bool read_question(struct filing_work *w, int64_t id, struct outcome_row *ret)
{
    static const char select[] = "SELECT asked_at, purpose, filing FROM question WHERE id = $1";
    struct db_query q;
    *ret = (struct outcome_row){ 0 };
    if (!filing_query(w->db, &q, select, VALUES(v_int(id)), w->err))
        return false;
    while (db_row(&q))
        *ret = (struct outcome_row){ db_int(&q, 0), arena_str(&w->arena, db_str(&q, 1)), { db_int(&q, 2) } };
    return db_finish(&q, w->err);
}

/* When a silent question is asked again: look-ups while the person may still be at the page, messages while they are of use. */
static int64_t next_due(const struct filing_work *w, const struct outcome_row *row, int attempts)
{
    int64_t now = w->context->now.ms, again = now + filing_backoff_ms(attempts);
    if (str_is(row->purpose, "lookup"))
        return again < row->asked_at + LOOKUP_LIFE_MS ? again : NEVER;
    if (str_is(row->purpose, "message"))
        return again < row->asked_at + MESSAGE_LIFE_MS ? again : NEVER;
    if (str_is(row->purpose, "code"))
        return again < row->asked_at + CODE_LIFE_MS ? again : NEVER;
    return again;
}

static bool store_answer(struct filing_work *w, const struct filing_job *job, const struct registry_answer *answer)
{
    static const char update[] =
        "UPDATE question SET state = 'answered', lease_until = 0, answer = $2, answered_at = $3, as_of = $4, "
        "trouble = NULL WHERE id = $1";
    struct buf text;
    buf_init(&text, JSON_LIMIT);
    registry_answer_write(answer, &text);
    bool ok = !text.over &&
              filing_run(w->db, update,
                         VALUES(v_int(job->id), v_str(buf_str(&text)), v_at(w->context->now), v_day(answer->as_of)), w->err);
    if (text.over)
        err_set(w->err, ERR_LIMIT, "the answer to question %" PRId64 " is over %d bytes", job->id, JSON_LIMIT);
    buf_release(&text);
    return ok;
}

/* A one-time code does not stay in the outbox once it is on its way. */
static bool forget_text(struct filing_work *w, const struct filing_job *job)
{
    static const char update[] = "UPDATE question SET question = $2 WHERE id = $1";
    struct registry_question blank = job->question;
    blank.text = STR("");
    return filing_run(w->db, update, VALUES(v_int(job->id), v_str(question_json(&w->arena, &blank))), w->err);
}

static bool audit_answer(struct filing_work *w, const struct filing_job *job, const struct registry_answer *answer)
{
    bool silent = answer->status == REGISTRY_SILENT;
    struct str detail = arena_printf(&w->arena, "%s question=%" PRId64 " message=" STR_FMT, registry_ask_name(job->question.ask),
                                     job->id, STR_ARG(answer->message_id));
    return filing_audit(w, silent ? "silent" : "answer", FILING_FOR_COURIER, detail.p);
}

/* What an answer sets going. */
static bool follow(struct filing_work *w, const struct filing_job *job, const struct outcome_row *row,
                   const struct registry_answer *answer)
{
    bool silent = answer->status == REGISTRY_SILENT;
    if (str_is(row->purpose, "code"))
        return silent || forget_text(w, job);
    if (str_is(row->purpose, "decide")) {
        /* In WAITING a further silence changes nothing. */
        bool moves = w->c.state == FILING_ASKING || (w->c.state == FILING_WAITING && !silent);
        return !moves || filing_advance(w);
    }
    if (silent)
        return true;
    if (str_is(row->purpose, "recheck"))
        return filing_recheck_answered(w);
    if (str_is(row->purpose, "register"))
        return filing_register_answered(w, &job->question, answer);
    return true;
}

static bool take_in(struct filing_work *w, const struct filing_job *job, const struct registry_answer *answer)
{
    struct outcome_row row;
    if (!read_question(w, job->id, &row) || (row.filing.n && !filing_case_load(w, row.filing)))
        return false;
    bool stored = answer->status == REGISTRY_SILENT
                      ? filing_lease_silence(w, FILING_QUESTIONS, job->id, next_due(w, &row, job->attempts), answer->trouble)
                      : store_answer(w, job, answer);
    return stored && audit_answer(w, job, answer) && follow(w, job, &row, answer);
}

bool filing_job_done(struct db *db, const struct filing_context *context, const struct filing_job *job,
                     const struct registry_answer *answer, struct err *err)
{
    struct filing_work w;
    bool gone = false;
    if (!filing_work_begin(&w, db, context, &filing_system_actor, (struct filing_id){ 0 }, err))
        return false;
    bool ok = filing_lease_is_held(&w, FILING_QUESTIONS, lease_of(job), &gone);
    return filing_work_end(&w, ok && (gone || take_in(&w, job, answer)));
}
