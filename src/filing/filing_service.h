/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the programs around the cases use: sessions, requests that are answered alike each time, the outbox that couriers work
 * off, accounts, replay, the tables, and the writer.  Ownership, errors and transactions as in filing.h.
 */
#ifndef FILING_FILING_SERVICE_H
#define FILING_FILING_SERVICE_H

#include "filing/filing.h"

/* ---- sessions ---- */

struct filing_session {
    int64_t id;
    struct iin person;
    enum filing_role role;
    enum law_channel channel;
    char csrf[44];
    enum text_language language;
    bool touch_wanted; /* not marked as seen for a minute: run filing_session_touch on the writer */
};
/* The token goes to the cookie (or the API's bearer), its digest to the table. 12 hours at most, 30 minutes idle. */
bool filing_session_open(struct db *db, const struct filing_context *context, struct iin person, enum filing_role role,
                         enum law_channel channel, enum text_language language, char ret_token[44], struct err *err);
bool filing_session_find(struct db *db, const struct filing_context *context, struct str token, struct filing_session *ret,
                         struct err *err);
/* Marks the session as seen now (idle time).  filing_session_find does so itself on a connection that may write. */
bool filing_session_touch(struct db *db, const struct filing_context *context, struct str token, struct err *err);
bool filing_session_close(struct db *db, const struct filing_context *context, struct str token, struct err *err);

/* ---- requests with an idempotency key: carried out once, answered alike each time for a day ---- */

/* The key by its sender, and what was sent with it: digests. */
struct filing_keyed {
    char key[DIGEST_HEX], request[DIGEST_HEX];
};
/* `request`: the bytes that make it that request (method, path, body). */
void filing_keyed_of(const struct filing_actor *actor, struct str key, struct str request, struct filing_keyed *ret);
struct filing_reply {
    struct filing_id filing; /* whose data it holds; 0: no case */
    int status;
    struct str headers, body;
};
/* On the writer, before and after the step, in its transaction.  *ret_found: it was carried out; *ret is its answer, with an
 * audit entry of the reading.  ERR_INPUT with error.idempotency_key_reused: the key came with another request. */
bool filing_reply_find(struct db *db, const struct filing_context *context, const struct filing_actor *actor,
                       const struct filing_keyed *keyed, struct arena *arena, struct filing_reply *ret, bool *ret_found,
                       struct err *err);
bool filing_reply_keep(struct db *db, const struct filing_context *context, const struct filing_keyed *keyed,
                       const struct filing_reply *reply, struct err *err);

/* ---- the courier's side: the outbox ---- */

struct filing_job {
    int64_t id;
    int64_t fence;           /* of the lease: a late worker's result is refused */
    struct filing_id filing; /* 0: a lookup or a message outside a case */
    int attempts;
    struct registry_question question;
};
/* Leases at most `room` due jobs for `lease_ms`. */
bool filing_jobs_take(struct db *db, const struct filing_context *context, int room, int64_t lease_ms, struct arena *arena,
                      struct filing_job *ret, int *ret_count, struct err *err);
/* Stores the answer and, when nothing more is open for the case, decides it: facts, law_decide, then one transaction
 * {state, reasons, audit entry, next questions}.  A silent answer is asked again later (5 s, doubling to 5 min) and the
 * case waits meanwhile. */
bool filing_job_done(struct db *db, const struct filing_context *context, const struct filing_job *job,
                     const struct registry_answer *answer, struct err *err);
/* Consents whose hour is over; sessions, codes, requests for signatures and kept answers that have run out.  *ret_next: when to
 * look again. */
bool filing_timers(struct db *db, const struct filing_context *context, struct moment *ret_next, struct err *err);
bool filing_jobs_next_due(struct db *db, struct moment *ret, struct err *err);

/* ---- accounts: a clerk's session opens only when there is one (citizens need none) ---- */

bool filing_account_add(struct db *db, const struct filing_context *context, struct iin person, enum filing_role role,
                        struct err *err);
bool filing_account_holds(struct db *db, struct iin person, enum filing_role role, bool *ret, struct err *err);

/* ---- replay: every stored decision once more, on the answers it was made on ---- */

struct filing_replayed {
    char number[FILING_NUMBER];
    int64_t decision; /* its id */
    struct moment decided_at;
    const char *then_policy;                    /* version */
    const char *then_paragraph, *now_paragraph; /* NULL for invalid */
    enum law_outcome then, now;
    bool reasons_differ;
    struct str then_json, now_json; /* members of the decision as law_decision_write gives them */
};
/* Calls back for every decision made on `from` or later (DAY_NONE: all) that comes out differently; *ret_decisions counts all. */
bool filing_replay(struct db *db, const struct policy *policy, struct day from,
                   void (*differs)(void *context, const struct filing_replayed *found), void *callback_context,
                   int64_t *ret_decisions, struct err *err);

/* ---- schema, audit ---- */

bool filing_migrate(struct db *db, struct err *err); /* to the current schema */
bool filing_schema_is_current(struct db *db, struct err *err);
/* Walks the hash chain; false with ERR_INPUT naming the first entry that is not whole. */
bool filing_audit_verify(struct db *db, int64_t *ret_entries, struct err *err);

/* ---- the writer: one thread, all waiting steps in one transaction ---- */

struct filing_writer;
/* `run` is called on the writer thread inside a savepoint; `done`, on that thread too, after the commit, with the result of
 * `run` (false with ERR_SYSTEM when the commit failed). */
struct filing_step {
    bool (*run)(struct db *db, void *context, struct err *err);
    void (*done)(void *context, bool ok, const struct err *err);
    void *context;
};
bool filing_writer_start(const char *database, const char *wake_socket, struct filing_writer **ret, struct err *err);
void filing_writer_submit(struct filing_writer *writer, struct filing_step step);
void filing_writer_stop(struct filing_writer *writer); /* finishes what is waiting */

#endif
