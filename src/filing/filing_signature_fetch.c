/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What signatures lack, as an outbox of its own: leased with a fencing number like questions, asked again with growing pauses.
 * OCSP first; the list of revoked certificates, which is large, when OCSP has not helped twice.
 */
#include <inttypes.h>

#include "filing/filing_signature_impl.h"

#define ANSWERS_MAX   16
#define REQUEST_MAX   (1 << 20) /* a verifier is sent the signature itself */
#define OCSP_PATIENCE 2
#define NEVER         INT64_MAX

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

/* ---- what is known ---- */

static bool load_lists(struct filing_work *w, const struct signature *x, struct signature_answers *ret)
{
    static const char select[] = "SELECT l.list FROM revocation_list l JOIN signature_fetch f ON f.url = l.url "
                                 "WHERE f.signature = $1 AND f.kind = 'crl' ORDER BY f.id";
    struct db_query q;
    if (!filing_query(w->db, &q, select, VALUES(v_int(x->s.id)), w->err))
        return false;
    ret->crl = ARENA_ARRAY(&w->arena, struct str, ANSWERS_MAX);
    while (ret->crls < ANSWERS_MAX && db_row(&q))
        ret->crl[ret->crls++] = arena_str(&w->arena, db_str(&q, 0));
    return db_finish(&q, w->err);
}

bool signature_answers_load(struct filing_work *w, const struct signature *x, struct signature_answers *ret)
{
    static const char select[] = "SELECT kind, answer FROM signature_fetch WHERE signature = $1 AND answer IS NOT NULL "
                                 "AND kind <> 'crl' ORDER BY id";
    struct db_query q;
    *ret = (struct signature_answers){ .ocsp = ARENA_ARRAY(&w->arena, struct str, ANSWERS_MAX) };
    if (!filing_query(w->db, &q, select, VALUES(v_int(x->s.id)), w->err))
        return false;
    while (db_row(&q)) {
        struct str answer = arena_str(&w->arena, db_str(&q, 1));
        if (str_is(db_str(&q, 0), "timestamp"))
            ret->timestamp = answer;
        else if (str_is(db_str(&q, 0), "verdict"))
            ret->external = answer;
        else if (ret->ocsps < ANSWERS_MAX)
            ret->ocsp[ret->ocsps++] = answer;
    }
    return db_finish(&q, w->err) && load_lists(w, x, ret);
}

/* ---- what is wanted ---- */

static struct str about_of(struct filing_work *w, const struct eds_missing *m)
{
    char digest[DIGEST_HEX];
    digest_hex(m->kind == EDS_MISSING_TIMESTAMP ? m->imprint : m->certificate, digest);
    return arena_str(&w->arena, str_from(digest));
}

/* Only the signer's answer is held against the nonce. */
static bool make_request(const struct signature *x, const struct eds_verdict *verdict, const struct eds_missing *m,
                         struct buf *ret, struct err *err)
{
    const struct eds_signer *signer = &verdict->signer[m->signer > 0 ? m->signer : 0];
    switch (m->kind) {
    case EDS_MISSING_OCSP: return eds_ocsp_request(m->certificate, m->issuer, x->ocsp_nonce, ret, err);
    case EDS_MISSING_TIMESTAMP: return eds_timestamp_request(m->imprint, signer->algorithm, x->ocsp_nonce, ret, err);
    case EDS_MISSING_VERDICT:
        return eds_external_request(&(struct eds_request){ .signature = x->cms, .content = x->s.content }, ret, err);
    case EDS_MISSING_CRL: break;
    }
    return true;
}

/* What did not help the last time is asked again, and kept until it is; what is open or silent already is not asked twice. */
static bool post(struct filing_work *w, const struct signature *x, const struct eds_missing *m, struct str about,
                 struct str request)
{
    static const char attempts[] =
        "SELECT attempts FROM signature_fetch WHERE signature = $1 AND kind = $2 AND about = $3 AND url = $4";
    static const char upsert[] = "INSERT INTO signature_fetch (signature, kind, about, url, request, state, asked_at, due_at) "
                                 "VALUES ($1, $2, $3, $4, $5, 'open', $6, $6) ON CONFLICT (signature, kind, about, url) "
                                 "DO UPDATE SET state = 'silent', due_at = $7, lease_until = 0 WHERE state = 'answered'";
    const char *kind = kind_names[m->kind];
    int64_t now = w->context->now.ms, before;
    return filing_number_of(w->db, attempts, VALUES(v_int(x->s.id), v_text(kind), v_str(about), v_str(m->url)), 0, &before,
                            w->err) &&
           filing_run(w->db, upsert,
                      VALUES(v_int(x->s.id), v_text(kind), v_str(about), v_str(m->url),
                             v_bytes(request.p ? request.p : "", request.n), v_int(now),
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

static bool list_is_due(struct filing_work *w, const struct signature *x, const struct eds_verdict *verdict,
                        const struct eds_missing *m, struct str about, bool *ret)
{
    static const char tried[] = "SELECT max(attempts) FROM signature_fetch WHERE signature = $1 AND kind = 'ocsp' AND about = $2";
    int64_t attempts;
    if (!filing_number_of(w->db, tried, VALUES(v_int(x->s.id), v_str(about)), 0, &attempts, w->err))
        return false;
    *ret = attempts >= OCSP_PATIENCE || !has_ocsp(verdict, m->certificate);
    return true;
}

/* The authorities between signer and anchor are asked about only where the policy demands it. */
static bool is_demanded(const struct filing_work *w, const struct eds_verdict *verdict, const struct eds_missing *m)
{
    const struct eds_signer *signer = &verdict->signer[m->signer > 0 ? m->signer : 0];
    return m->kind == EDS_MISSING_TIMESTAMP || eds_trust_policy(w->context->trust)->authorities_required ||
           str_equal(m->certificate, signer->certificate);
}

static bool want(struct filing_work *w, const struct signature *x, const struct eds_verdict *verdict, const struct eds_missing *m)
{
    struct buf request;
    struct str about = about_of(w, m);
    bool due = true;
    bool http = str_starts(m->url, "http://") || str_starts(m->url, "https://");
    if (!http || !is_demanded(w, verdict, m))
        return true;
    if (m->kind == EDS_MISSING_CRL && !list_is_due(w, x, verdict, m, about, &due))
        return false;
    buf_init(&request, REQUEST_MAX);
    bool ok = !due || (make_request(x, verdict, m, &request, w->err) && post(w, x, m, about, buf_str(&request)));
    buf_release(&request);
    return ok;
}

bool signature_fetch_missing(struct filing_work *w, const struct signature *x, const struct eds_verdict *verdict)
{
    for (size_t i = 0; i < verdict->missings; i++) {
        if (!want(w, x, verdict, &verdict->missing[i]))
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
    static const char due[] = "SELECT f.id, f.fence, f.signature, s.filing, f.attempts, f.kind, f.url, f.request "
                              "FROM signature_fetch f JOIN signature s ON s.id = f.signature WHERE f.state IN ('open', 'silent') "
                              "AND f.due_at <= $1 AND f.lease_until <= $1 ORDER BY f.due_at, f.id LIMIT $2";
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

bool filing_fetches_take(struct db *db, const struct filing_context *context, int room, int64_t lease_ms, struct arena *arena,
                         struct filing_fetch *ret, int *ret_count, struct err *err)
{
    static const char lease[] = "UPDATE signature_fetch SET lease_until = $2, fence = $3, attempts = $4 WHERE id = $1";
    struct filing_work w;
    int count = 0;
    if (!filing_work_begin(&w, db, context, &filing_system_actor, (struct filing_id){ 0 }, err))
        return false;
    bool ok = read_due(&w, room, arena, ret, &count);
    for (int i = 0; ok && i < count; i++)
        ok = filing_run(db, lease,
                        VALUES(v_int(ret[i].id), v_int(context->now.ms + lease_ms), v_int(ret[i].fence), v_int(ret[i].attempts)),
                        err);
    if (!filing_work_end(&w, ok))
        return false;
    *ret_count = count;
    return true;
}

bool filing_fetches_next_due(struct db *db, struct moment *ret, struct err *err)
{
    static const char next[] = "SELECT min(CASE WHEN due_at > lease_until THEN due_at ELSE lease_until END) FROM signature_fetch "
                               "WHERE state IN ('open', 'silent')";
    return filing_number_of(db, next, NULL, 0, NEVER, &ret->ms, err);
}

/* ---- the courier brings back ---- */

static bool is_ours(struct filing_work *w, const struct filing_fetch *fetch, bool *ret_gone)
{
    static const char select[] = "SELECT state, fence FROM signature_fetch WHERE id = $1";
    struct db_query q;
    int64_t fence = -1;
    if (!filing_query(w->db, &q, select, VALUES(v_int(fetch->id)), w->err))
        return false;
    *ret_gone = false;
    while (db_row(&q)) {
        *ret_gone = str_is(db_str(&q, 0), "withdrawn");
        fence = str_is(db_str(&q, 0), "answered") ? -1 : db_int(&q, 1);
    }
    return db_finish(&q, w->err) &&
           (*ret_gone || fence == fetch->fence ||
            err_set(w->err, ERR_CONFLICT, "fetch %" PRId64 ": the lease went to another courier", fetch->id));
}

static bool store_silence(struct filing_work *w, const struct filing_fetch *fetch, struct str trouble)
{
    static const char update[] =
        "UPDATE signature_fetch SET state = 'silent', due_at = $2, lease_until = 0, trouble = $3 WHERE id = $1";
    int64_t due = w->context->now.ms + filing_backoff_ms(fetch->attempts);
    return filing_run(w->db, update, VALUES(v_int(fetch->id), v_int(due), v_str(trouble)), w->err);
}

static bool keep_list(struct filing_work *w, const struct filing_fetch *fetch, struct str list)
{
    static const char upsert[] = "INSERT INTO revocation_list (url, fetched_at, list) VALUES ($1, $2, $3) "
                                 "ON CONFLICT (url) DO UPDATE SET fetched_at = excluded.fetched_at, list = excluded.list";
    return filing_run(w->db, upsert, VALUES(v_str(fetch->url), v_at(w->context->now), v_bytes(list.p, list.n)), w->err);
}

static bool store_answer(struct filing_work *w, const struct filing_fetch *fetch, struct str answer)
{
    static const char update[] =
        "UPDATE signature_fetch SET state = 'answered', lease_until = 0, answer = $2, trouble = NULL WHERE id = $1";
    struct buf token;
    struct err wrong;
    bool list = fetch->kind == FILING_FETCH_CRL;
    buf_init(&token, REQUEST_MAX);
    if (fetch->kind == FILING_FETCH_TIMESTAMP) {
        if (!eds_timestamp_token(answer, fetch->request, &token, &wrong)) {
            buf_release(&token);
            return store_silence(w, fetch, str_from(wrong.text));
        }
        answer = buf_str(&token);
    }
    bool ok = (!list || keep_list(w, fetch, answer)) &&
              filing_run(w->db, update, VALUES(v_int(fetch->id), list ? v_null() : v_bytes(answer.p, answer.n)), w->err);
    buf_release(&token);
    return ok;
}

/* Whatever came: the signature is looked at again, also after silence, since a list may be next. */
static bool look_again(struct filing_work *w, const struct filing_fetch *fetch)
{
    struct signature x;
    if (!signature_load(w, fetch->signature, &x))
        return false;
    if (x.s.result.state != FILING_SIGNATURE_CHECKING || !w->context->trust)
        return true;
    if (x.s.filing.n && !filing_case_load(w, x.s.filing))
        return false;
    return signature_check(w, &x);
}

bool filing_fetch_done(struct db *db, const struct filing_context *context, const struct filing_fetch *fetch, struct str answer,
                       struct str trouble, struct err *err)
{
    struct filing_work w;
    bool gone = false;
    if (!filing_work_begin(&w, db, context, &filing_system_actor, (struct filing_id){ 0 }, err))
        return false;
    bool ok = is_ours(&w, fetch, &gone);
    if (ok && !gone)
        ok = (answer.p ? store_answer(&w, fetch, answer) : store_silence(&w, fetch, trouble)) && look_again(&w, fetch);
    return filing_work_end(&w, ok);
}
