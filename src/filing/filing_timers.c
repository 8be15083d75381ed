/* SPDX-License-Identifier: Apache-2.0 */
/* What happens by the clock alone: consents whose hour is over; codes, sessions, requests for signatures and kept answers that
 * have run out. */
#include "filing/filing_impl.h"

#define BATCH           100
#define LOOK_AGAIN_MS   MINUTE_MS
#define CODE_LIFE_MS    (10 * MINUTE_MS)
#define SESSION_LIFE_MS (12 * HOUR_MS)

/* A consent that was signed in time is in time, however long it takes to verify the signature. */
#define NOT_BEING_CHECKED                                                                                                        \
    "NOT EXISTS (SELECT 1 FROM signature s WHERE s.filing = c.filing AND s.person = c.person AND s.purpose = 'consent' "         \
    "AND s.state = 'checking')"

static bool overdue(struct filing_work *w, int64_t ret[BATCH], int *ret_count)
{
    static const char select[] =
        "SELECT DISTINCT c.filing FROM consent c JOIN filing f ON f.id = c.filing "
        "WHERE c.given IS NULL AND c.until_at < $1 AND f.state = 'consent' AND " NOT_BEING_CHECKED " LIMIT 100";
    struct db_query q;
    *ret_count = 0;
    if (!filing_query(w->db, &q, select, VALUES(v_at(w->context->now)), w->err))
        return false;
    while (*ret_count < BATCH && db_row(&q))
        ret[(*ret_count)++] = db_int(&q, 0);
    return db_finish(&q, w->err);
}

static bool expire(struct filing_work *w, struct filing_id id)
{
    struct filing_answers answers;
    return filing_case_load(w, id) && filing_move_by_system(w, EVENT_EXPIRE, "") && filing_withdraw_all(w) &&
           filing_answers_load(w, &answers) && filing_tell(w, &answers, w->c.applicant, T_SMS_EXPIRED, STR(""));
}

static bool expire_consents(struct filing_work *w, int *ret_count)
{
    int64_t id[BATCH];
    if (!overdue(w, id, ret_count))
        return false;
    for (int i = 0; i < *ret_count; i++) {
        if (!expire(w, (struct filing_id){ id[i] }))
            return false;
    }
    return true;
}

/* A code's text leaves the outbox also when it could not be sent in time. */
static bool forget_codes(struct filing_work *w)
{
    static const char questions[] = "UPDATE question SET state = 'withdrawn', question = '{}' WHERE purpose = 'code' "
                                    "AND state IN ('open', 'silent') AND asked_at < $1";
    static const char withdrawn[] =
        "UPDATE question SET question = '{}' WHERE purpose = 'code' AND state = 'withdrawn' AND question <> '{}'";
    static const char codes[] = "DELETE FROM code WHERE expires_at < $1";
    static const char sessions[] = "DELETE FROM session WHERE opened_at < $1";
    int64_t now = w->context->now.ms;
    return filing_run(w->db, questions, VALUES(v_int(now - CODE_LIFE_MS)), w->err) &&
           filing_run(w->db, withdrawn, NULL, 0, w->err) && filing_run(w->db, codes, VALUES(v_int(now - CODE_LIFE_MS)), w->err) &&
           filing_run(w->db, sessions, VALUES(v_int(now - 30 * 2 * SESSION_LIFE_MS)), w->err);
}

/* Requests that nobody signed; those of sign-in are not even worth keeping. */
static bool expire_signatures(struct filing_work *w)
{
    static const char expire[] = "UPDATE signature SET state = 'expired' WHERE state = 'open' AND until_at < $1";
    return filing_run(w->db, expire, VALUES(v_int(w->context->now.ms)), w->err) && filing_forget_sign_ins(w);
}

static bool next_consent(struct filing_work *w, int64_t *ret)
{
    static const char select[] = "SELECT min(c.until_at) FROM consent c JOIN filing f ON f.id = c.filing "
                                 "WHERE c.given IS NULL AND f.state = 'consent' AND " NOT_BEING_CHECKED;
    return filing_number_of(w->db, select, NULL, 0, INT64_MAX, ret, w->err);
}

bool filing_timers(struct db *db, const struct filing_context *context, struct moment *ret_next, struct err *err)
{
    struct filing_work w;
    int count;
    int64_t next = 0, latest = context->now.ms + LOOK_AGAIN_MS;
    if (!filing_work_begin(&w, db, context, &filing_system_actor, (struct filing_id){ 0 }, err))
        return false;
    bool ok = expire_consents(&w, &count) && forget_codes(&w) && expire_signatures(&w) && filing_forget_replies(&w) &&
              next_consent(&w, &next);
    if (!filing_work_end(&w, ok))
        return false;
    if (count == BATCH)
        next = context->now.ms; /* there are more */
    else if (next < INT64_MAX)
        next++; /* over means later than the last moment */
    *ret_next = (struct moment){ next < latest ? next : latest };
    return true;
}
