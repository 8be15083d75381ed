/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Two tables hold what couriers work off: questions to registers, and what signatures lack.  Their columns of leasing are the
 * same (id, state, due_at, lease_until, fence, attempts, trouble), and so is what is done with them here.
 *
 * A lease has a fencing number: whoever comes back after the lease went to somebody else is refused.
 */
#include <inttypes.h>

#include "filing/filing_impl.h"

#define BACKOFF_FIRST_MS (5 * SECOND_MS)
#define BACKOFF_LAST_MS  (5 * MINUTE_MS)
#define NEVER            INT64_MAX

#define STATEMENTS(table)                                                                                                        \
    {                                                                                                                            \
        .name = table, .lease = "UPDATE " table " SET lease_until = $2, fence = $3, attempts = $4 WHERE id = $1",                \
        .state = "SELECT state, fence FROM " table " WHERE id = $1",                                                             \
        .silence = "UPDATE " table " SET state = 'silent', due_at = $2, lease_until = 0, trouble = $3 WHERE id = $1",            \
        .next_due = "SELECT min(CASE WHEN due_at > lease_until THEN due_at ELSE lease_until END) FROM " table                    \
                    " WHERE state IN ('open', 'silent')",                                                                        \
    }
static const struct {
    const char *name, *lease, *state, *silence, *next_due;
} queues[] = { [FILING_QUESTIONS] = STATEMENTS("question"), [FILING_FETCHES] = STATEMENTS("signature_fetch") };

int64_t filing_backoff_ms(int attempts)
{
    int64_t ms = BACKOFF_FIRST_MS;
    for (int i = 1; i < attempts && ms < BACKOFF_LAST_MS; i++)
        ms *= 2;
    return ms < BACKOFF_LAST_MS ? ms : BACKOFF_LAST_MS;
}

bool filing_lease_take(struct filing_work *w, enum filing_queue queue, struct filing_lease lease, int64_t lease_ms)
{
    return filing_run(w->db, queues[queue].lease,
                      VALUES(v_int(lease.id), v_int(w->context->now.ms + lease_ms), v_int(lease.fence), v_int(lease.attempts)),
                      w->err);
}

bool filing_lease_is_held(struct filing_work *w, enum filing_queue queue, struct filing_lease lease, bool *ret_gone)
{
    struct db_query q;
    bool found = false, gone = false, answered = false;
    int64_t fence = 0;
    if (!filing_query(w->db, &q, queues[queue].state, VALUES(v_int(lease.id)), w->err))
        return false;
    while (db_row(&q)) {
        found = true;
        gone = str_is(db_str(&q, 0), "withdrawn");
        answered = str_is(db_str(&q, 0), "answered");
        fence = db_int(&q, 1);
    }
    if (!db_finish(&q, w->err))
        return false;
    if (!found)
        return err_set(w->err, ERR_NOT_FOUND, "there is no %s %" PRId64, queues[queue].name, lease.id);
    *ret_gone = gone;
    return gone || (!answered && fence == lease.fence) ||
           err_set(w->err, ERR_CONFLICT, "%s %" PRId64 ": the lease went to another courier", queues[queue].name, lease.id);
}

bool filing_lease_silence(struct filing_work *w, enum filing_queue queue, int64_t id, int64_t due_ms, struct str trouble)
{
    return filing_run(w->db, queues[queue].silence, VALUES(v_int(id), v_int(due_ms), v_str(trouble)), w->err);
}

bool filing_lease_next_due(struct db *db, enum filing_queue queue, struct moment *ret, struct err *err)
{
    return filing_number_of(db, queues[queue].next_due, NULL, 0, NEVER, &ret->ms, err);
}
