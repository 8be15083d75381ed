/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What signatures lack, as an outbox of its own: leased like questions (filing_lease.c), asked again with growing pauses.
 * OCSP first; the list of revoked certificates, which is large, when OCSP has not helped twice.
 */
#include <inttypes.h>

#include "filing/filing_signature_impl.h"

#define REQUEST_MAX   (1 << 20) /* a verifier is sent the signature itself */
#define OCSP_PATIENCE 2
#define TRIES         8 /* other couriers may bring other answers meanwhile */

static const char *const kind_names[FILING_FETCH_KINDS] = { "ocsp", "crl", "timestamp", "verdict" };
const char *filing_fetch_kind_name(enum filing_fetch_kind kind) { return kind_names[kind]; }

static bool parse_kind(struct str name, enum filing_fetch_kind *ret)
{
    for (int i = 0; i < FILING_FETCH_KINDS; i++) {
        if (str_is(name, kind_names[i])) {
            *ret = (enum filing_fetch_kind)i;
            return true;
        }
    }
    return false;
}

/* ---- what is wanted ---- */

static struct str about_of(struct arena *arena, const struct eds_missing *m)
{
    char digest[DIGEST_HEX];
    digest_hex(m->kind == EDS_MISSING_TIMESTAMP ? m->imprint : m->certificate, digest);
    return arena_str(arena, str_from(digest));
}

/* Only the signer's answer is held against the nonce. */
static bool make_body(const struct filing_check *check, const struct eds_missing *m, struct buf *ret, struct err *err)
{
    const struct eds_signer *signer = &check->verdict.signer[m->signer > 0 ? m->signer : 0];
    struct str nonce = check->request.ocsp_nonce;
    switch (m->kind) {
    case EDS_MISSING_OCSP: return eds_ocsp_request(m->certificate, m->issuer, nonce, ret, err);
    case EDS_MISSING_TIMESTAMP: return eds_timestamp_request(m->imprint, signer->algorithm, nonce, ret, err);
    case EDS_MISSING_VERDICT: return eds_external_request(&check->request, ret, err);
    case EDS_MISSING_CRL: break;
    }
    return true;
}

/* The authorities between signer and anchor are asked about only where the policy demands it. */
static bool is_demanded(const struct filing_check *check, const struct eds_policy *policy, const struct eds_missing *m)
{
    const struct eds_signer *signer = &check->verdict.signer[m->signer > 0 ? m->signer : 0];
    return m->kind == EDS_MISSING_TIMESTAMP || policy->authorities_required || str_equal(m->certificate, signer->certificate);
}

bool signature_wants_make(const struct eds_policy *policy, struct filing_check *check, struct arena *arena, struct err *err)
{
    const struct eds_verdict *verdict = &check->verdict;
    bool ok = true;
    check->want = ARENA_ARRAY(arena, struct signature_want, verdict->missings);
    for (size_t i = 0; ok && i < verdict->missings; i++) {
        const struct eds_missing *m = &verdict->missing[i];
        bool http = str_starts(m->url, "http://") || str_starts(m->url, "https://");
        struct buf body;
        if (!http || !is_demanded(check, policy, m))
            continue;
        buf_init(&body, REQUEST_MAX);
        ok = make_body(check, m, &body, err);
        check->want[check->wants++] =
            (struct signature_want){ m, about_of(arena, m), arena_str(arena, body.p ? buf_str(&body) : STR("")) };
        buf_release(&body);
    }
    return ok;
}

/* What did not help the last time is asked again, and kept until it is; what is open or silent already is not asked twice. */
static bool post(struct filing_work *w, const struct signature *x, const struct signature_want *want)
{
    static const char attempts[] =
        "SELECT attempts FROM signature_fetch WHERE signature = $1 AND kind = $2 AND about = $3 AND url = $4";
    static const char upsert[] = "INSERT INTO signature_fetch (signature, kind, about, url, request, state, asked_at, due_at) "
                                 "VALUES ($1, $2, $3, $4, $5, 'open', $6, $6) ON CONFLICT (signature, kind, about, url) "
                                 "DO UPDATE SET state = 'silent', due_at = $7, lease_until = 0 WHERE state = 'answered'";
    struct filing_value id = v_int(x->s.id), kind = v_text(kind_names[want->missing->kind]), about = v_str(want->about),
                        url = v_str(want->missing->url);
    int64_t now = w->context->now.ms, before;
    return filing_number_of(w->db, attempts, VALUES(id, kind, about, url), 0, &before, w->err) &&
           filing_run(w->db, upsert,
                      VALUES(id, kind, about, url, v_bytes(want->body.p, want->body.n), v_int(now),
                             v_int(now + filing_backoff_ms((int)before))),
                      w->err);
}

static bool has_ocsp(const struct eds_verdict *verdict, struct str certificate)
{
    for (size_t i = 0; i < verdict->missings; i++) {
        if (verdict->missing[i].kind == EDS_MISSING_OCSP && str_equal(verdict->missing[i].certificate, certificate))
            return true;
    }
    return false;
}

static bool is_due(struct filing_work *w, const struct signature *x, const struct filing_check *check,
                   const struct signature_want *want, bool *ret)
{
    static const char tried[] = "SELECT max(attempts) FROM signature_fetch WHERE signature = $1 AND kind = 'ocsp' AND about = $2";
    int64_t attempts;
    *ret = want->missing->kind != EDS_MISSING_CRL || !has_ocsp(&check->verdict, want->missing->certificate);
    if (*ret)
        return true;
    if (!filing_number_of(w->db, tried, VALUES(v_int(x->s.id), v_str(want->about)), 0, &attempts, w->err))
        return false;
    *ret = attempts >= OCSP_PATIENCE;
    return true;
}

bool signature_fetch_wants(struct filing_work *w, const struct signature *x, const struct filing_check *check)
{
    bool due;
    for (size_t i = 0; i < check->wants; i++) {
        if (!is_due(w, x, check, &check->want[i], &due) || (due && !post(w, x, &check->want[i])))
            return false;
    }
    return true;
}

bool signature_fetch_no_more(struct filing_work *w, const struct signature *x)
{
    static const char update[] =
        "UPDATE signature_fetch SET state = 'withdrawn' WHERE signature = $1 AND state IN ('open', 'silent')";
    return filing_run(w->db, update, VALUES(v_int(x->s.id)), w->err);
}

/* ---- the courier takes ---- */

static bool read_due(struct filing_work *w, int room, struct arena *arena, struct filing_fetch *ret, int *ret_count)
{
    static const char due[] = "SELECT id, fence, signature, (SELECT filing FROM signature s WHERE s.id = f.signature), attempts, "
                              "kind, url, request FROM signature_fetch f WHERE " FILING_DUE;
    struct db_query q;
    *ret_count = 0;
    if (!filing_query(w->db, &q, due, VALUES(v_at(w->context->now), v_int(room)), w->err))
        return false;
    while (*ret_count < room && db_row(&q)) {
        struct filing_fetch *f = &ret[*ret_count];
        *f = (struct filing_fetch){ .id = db_int(&q, 0),
                                    .fence = db_int(&q, 1) + 1,
                                    .signature = db_int(&q, 2),
                                    .filing = { db_int(&q, 3) },
                                    .attempts = (int)db_int(&q, 4) + 1,
                                    .url = arena_str(arena, db_str(&q, 6)),
                                    .request = arena_str(arena, db_str(&q, 7)) };
        *ret_count += parse_kind(db_str(&q, 5), &f->kind);
    }
    return db_finish(&q, w->err);
}

static struct filing_lease lease_of(const struct filing_fetch *fetch)
{
    return (struct filing_lease){ fetch->id, fetch->fence, fetch->attempts };
}

bool filing_fetches_take(struct db *db, const struct filing_context *context, int room, int64_t lease_ms, struct arena *arena,
                         struct filing_fetch *ret, int *ret_count, struct err *err)
{
    struct filing_work w;
    int count = 0;
    if (!filing_work_begin(&w, db, context, &filing_system_actor, (struct filing_id){ 0 }, err))
        return false;
    bool ok = read_due(&w, room, arena, ret, &count);
    for (int i = 0; ok && i < count; i++)
        ok = filing_lease_take(&w, FILING_FETCHES, lease_of(&ret[i]), lease_ms);
    if (!filing_work_end(&w, ok))
        return false;
    *ret_count = count;
    return true;
}

bool filing_fetches_next_due(struct db *db, struct moment *ret, struct err *err)
{
    return filing_lease_next_due(db, FILING_FETCHES, ret, err);
}

/* ---- the courier brings back ---- */

/* Each list of an address is newer than the one before, also within a millisecond: address and time name the bytes. */
static bool keep_list(struct filing_work *w, const struct filing_fetch *fetch, struct str list)
{
    static const char upsert[] =
        "INSERT INTO revocation_list (url, fetched_at, list) VALUES ($1, $2, $3) ON CONFLICT (url) DO UPDATE SET "
        "fetched_at = max(excluded.fetched_at, revocation_list.fetched_at + 1), list = excluded.list";
    return filing_run(w->db, upsert, VALUES(v_str(fetch->url), v_at(w->context->now), v_bytes(list.p, list.n)), w->err);
}

static bool store_answer(struct filing_work *w, const struct filing_fetch *fetch, struct str answer)
{
    static const char update[] =
        "UPDATE signature_fetch SET state = 'answered', lease_until = 0, answer = $2, trouble = NULL WHERE id = $1";
    bool list = fetch->kind == FILING_FETCH_CRL;
    return (!list || keep_list(w, fetch, answer)) &&
           filing_run(w->db, update, VALUES(v_int(fetch->id), list ? v_null() : v_bytes(answer.p, answer.n)), w->err);
}

/* ---- what came is looked at before it is stored ---- */

static bool is_checking(const struct filing_work *w, const struct signature *x)
{
    return x->s.result.state == FILING_SIGNATURE_CHECKING && w->context->trust;
}

bool signature_arrival_check(struct db *db, const struct filing_context *context, const struct signature_arrival *arrival,
                             struct arena *arena, struct filing_check **ret, struct err *err)
{
    struct filing_work w;
    struct signature x;
    *ret = NULL;
    if (!filing_work_begin_reading(&w, db, context, err))
        return false;
    bool ok = signature_load(&w, arrival->fetch->signature, &x);
    return filing_work_end(&w, ok && (!is_checking(&w, &x) || signature_check_make(&w, &x, arrival, arena, ret)));
}

/* Whatever came: the signature is settled anew, also after silence, since a list may be next. */
static bool take_in(struct filing_work *w, const struct signature_arrival *arrival, const struct filing_check *check,
                    bool *ret_changed)
{
    struct signature x;
    bool same = true;
    if (!signature_load(w, arrival->fetch->signature, &x) ||
        (is_checking(w, &x) && !signature_is_as_checked(w, &x, arrival, check, &same)))
        return false;
    *ret_changed = !same;
    if (!same)
        return err_set(w->err, ERR_CONFLICT, "fetch %" PRId64 ": other answers came meanwhile", arrival->fetch->id);
    const struct filing_fetch *fetch = arrival->fetch;
    int64_t again = w->context->now.ms + filing_backoff_ms(fetch->attempts);
    if (!(arrival->answer.p ? store_answer(w, fetch, arrival->answer)
                            : filing_lease_silence(w, FILING_FETCHES, fetch->id, again, arrival->trouble)))
        return false;
    return !is_checking(w, &x) || ((x.s.filing.n == 0 || filing_case_load(w, x.s.filing)) && signature_settle(w, &x, check));
}

bool signature_arrival_store(struct db *db, const struct filing_context *context, const struct signature_arrival *arrival,
                             const struct filing_check *check, bool *ret_changed, struct err *err)
{
    struct filing_work w;
    bool gone = false;
    *ret_changed = false;
    if (!filing_work_begin(&w, db, context, &filing_system_actor, (struct filing_id){ 0 }, err))
        return false;
    bool ok = filing_lease_is_held(&w, FILING_FETCHES, lease_of(arrival->fetch), &gone);
    return filing_work_end(&w, ok && (gone || take_in(&w, arrival, check, ret_changed)));
}

/* A timestamp is the token in the answer; one that is none is silence. */
static void read_arrival(struct signature_arrival *a, struct buf *token, struct err *wrong)
{
    if (!a->answer.p || a->fetch->kind != FILING_FETCH_TIMESTAMP)
        return;
    bool fine = eds_timestamp_token(a->answer, a->fetch->request, token, wrong);
    a->answer = fine ? buf_str(token) : (struct str){ NULL, 0 };
    a->trouble = fine ? a->trouble : str_from(wrong->text);
}

/* A timestamp that the courier got is not the signer's doing: one that is no good, whatever authority made it, is silence too. */
static bool is_useless(const struct signature_arrival *a, const struct filing_check *check, const char **ret_why)
{
    if (!a->answer.p || a->fetch->kind != FILING_FETCH_TIMESTAMP || !check)
        return false;
    for (size_t i = 0; i < check->verdict.steps; i++) {
        const struct eds_step *step = &check->verdict.step[i];
        if (step->kind != EDS_STEP_TIMESTAMP || step->result != TRI_NO)
            continue;
        *ret_why = eds_reason_name(step->reason);
        return true;
    }
    return false;
}

static bool check_arrival(struct db *db, const struct filing_context *context, struct signature_arrival *arrival,
                          struct arena *arena, struct filing_check **ret, struct err *err)
{
    const char *why;
    if (!signature_arrival_check(db, context, arrival, arena, ret, err))
        return false;
    if (!is_useless(arrival, *ret, &why))
        return true;
    arrival->answer = (struct str){ NULL, 0 };
    arrival->trouble = str_from(why);
    return signature_arrival_check(db, context, arrival, arena, ret, err);
}

bool filing_fetch_done(struct db *db, const struct filing_context *context, const struct filing_fetch *fetch, struct str answer,
                       struct str trouble, struct err *err)
{
    struct signature_arrival arrival = { fetch, answer, trouble };
    struct err wrong = { 0 };
    struct arena arena;
    struct buf token;
    bool ok = false, changed = true;
    buf_init(&token, REQUEST_MAX);
    arena_init(&arena, 0);
    read_arrival(&arrival, &token, &wrong);
    for (int i = 0; changed && i < TRIES; i++) {
        struct filing_check *check;
        arena_reset(&arena);
        changed = false;
        ok = check_arrival(db, context, &arrival, &arena, &check, err) &&
             signature_arrival_store(db, context, &arrival, check, &changed, err);
    }
    arena_release(&arena);
    buf_release(&token);
    return ok;
}
