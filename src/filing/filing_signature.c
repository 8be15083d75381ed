/* SPDX-License-Identifier: Apache-2.0 */
/* A signature is asked for, read, put. */
#include <inttypes.h>
#include <string.h>

#include "filing/filing_signature_impl.h"

#define CONTENT_MAX (1 << 20)
#define LEFT_MS     (5 * MINUTE_MS) /* an open request is given again when so much is left */
#define NONCE_SIZE  16
#define WINDOW_MS   (10 * MINUTE_MS)
#define IN_WINDOW   20 /* of one person about one case: each keeps what came for it, and may send the courier out */

static const int64_t lives[FILING_SIGN_PURPOSES] = {
    [FILING_SIGN_IN] = 10 * MINUTE_MS,        [FILING_SIGN_APPLICATION] = 30 * MINUTE_MS, [FILING_SIGN_CONSENT] = 30 * MINUTE_MS,
    [FILING_SIGN_DOCUMENTS] = 30 * MINUTE_MS, [FILING_SIGN_POLICY] = 24 * HOUR_MS,
};

/* ---- who may, and for whom ---- */

static bool is_in_use(struct filing_work *w)
{
    return w->context->trust ||
           err_set(w->err, ERR_CONFLICT, "error.signature_off: there is no trust folder, so no signature can be verified");
}

/* The company that the owner's head consents for. */
static bool company_of(struct filing_work *w, struct str *ret_bin)
{
    static const char select[] = "SELECT company FROM consent WHERE filing = $1 AND person = $2 AND company <> ''";
    struct filing_answers answers;
    struct db_query q;
    bool for_company = false;
    if (!filing_query(w->db, &q, select, VALUES(v_int(w->c.id.n), v_iin(w->actor->person)), w->err))
        return false;
    while (db_row(&q))
        for_company = true;
    if (!db_finish(&q, w->err) || !filing_answers_load(w, &answers))
        return false;
    const struct registry_dwelling *dwelling = filing_dwelling_of(&answers, w->c.rka);
    for (int i = 0; for_company && dwelling && i < dwelling->owners; i++) {
        const struct registry_owner *owner = &dwelling->owner[i];
        char bin[IIN_TEXT];
        if (iin_kind_of(owner->id) == IIN_COMPANY && iin_equal(owner->head, w->actor->person))
            *ret_bin = arena_str(&w->arena, str_from(iin_format(owner->id, bin)));
    }
    /* Without its number any key of the person would do. */
    return !for_company || ret_bin->n > 0 ||
           err_set(w->err, ERR_CONFLICT, "error.consent_impossible: %s: no company of this head is an owner", w->c.number);
}

static bool is_policy(const struct filing_work *w, const struct filing_signing *wanted)
{
    bool named = wanted->policy_digest.n == DIGEST_HEX - 1 && wanted->policy_version.n > 0 && !iin_is_none(wanted->policy_author);
    return named || err_set(w->err, ERR_INPUT, "a policy is named by its version, its SHA-256 and its author");
}

static bool may_ask(struct filing_work *w, const struct filing_signing *wanted, struct signature *x)
{
    switch (wanted->purpose) {
    case FILING_SIGN_IN:
        return wanted->role == FILING_SYSTEM ? err_set(w->err, ERR_INPUT, "nobody signs in as the system")
                                             : signature_door_has_room(w, wanted->origin);
    case FILING_SIGN_APPLICATION: return filing_may_sign(w);
    case FILING_SIGN_CONSENT: return filing_consent_is_wanted(w) && company_of(w, &x->bin);
    case FILING_SIGN_DOCUMENTS: return filing_may_file(w);
    case FILING_SIGN_POLICY: x->subject = wanted->policy_digest; return is_policy(w, wanted);
    case FILING_SIGN_PURPOSES: break;
    }
    return err_set(w->err, ERR_INPUT, "no such purpose of a signature");
}

/* ---- asking ---- */

static struct filing_value v_filing(const struct filing_work *w) { return w->c.id.n ? v_int(w->c.id.n) : v_null(); }

static bool find_open(struct filing_work *w, struct signature *x)
{
    static const char select[] =
        "SELECT id FROM signature WHERE state = 'open' AND purpose = $1 AND person = $2 AND filing IS $3 "
        "AND subject = $4 AND version = $5 AND until_at > $6 ORDER BY id DESC LIMIT 1";
    return filing_number_of(w->db, select,
                            VALUES(v_text(filing_signature_purpose_name(x->s.purpose)), v_iin(x->s.person), v_filing(w),
                                   v_str(x->subject), v_int(x->version), v_int(w->context->now.ms + LEFT_MS)),
                            0, &x->s.id, w->err);
}

static bool has_room(struct filing_work *w, const struct signature *x)
{
    static const char in_the_way[] = "SELECT asked_at FROM signature WHERE filing = $1 AND person = $2 AND asked_at > $3 "
                                     "AND asked_at <= $4 ORDER BY asked_at DESC LIMIT 1 OFFSET $5";
    int64_t asked_at, since = w->context->now.ms - WINDOW_MS;
    if (!filing_number_of(w->db, in_the_way,
                          VALUES(v_int(w->c.id.n), v_iin(x->s.person), v_int(since), v_at(w->context->now), v_int(IN_WINDOW - 1)),
                          0, &asked_at, w->err))
        return false;
    if (asked_at == 0)
        return true;
    err_set(w->err, ERR_LIMIT, "error.too_many_signatures: %s: %d requests in ten minutes", w->c.number, IN_WINDOW);
    return err_again(w->err, asked_at - since);
}

static bool insert(struct filing_work *w, const struct filing_signing *wanted, struct signature *x)
{
    static const char sql[] =
        "INSERT INTO signature (filing, version, purpose, person, bin, role, subject, content, digest, ocsp_nonce, state, "
        "asked_at, until_at, origin) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'open', $11, $12, $13)";
    unsigned char nonce[NONCE_SIZE];
    struct buf content;
    buf_init(&content, CONTENT_MAX);
    digest_random(nonce, sizeof nonce);
    bool ok = signature_content(w, wanted, x, &content);
    struct str bytes = buf_str(&content);
    ok = ok && filing_run(w->db, sql,
                          VALUES(v_filing(w), v_int(x->version), v_text(filing_signature_purpose_name(x->s.purpose)),
                                 v_iin(x->s.person), x->bin.n ? v_str(x->bin) : v_null(), v_text(filing_role_name(x->s.role)),
                                 v_str(x->subject), v_bytes(bytes.p, bytes.n), v_text(digest_hex(bytes, x->s.digest)),
                                 v_bytes(nonce, sizeof nonce), v_at(x->s.asked_at), v_at(x->s.until),
                                 wanted->origin.n ? v_str(wanted->origin) : v_null()),
                          w->err);
    buf_release(&content);
    x->s.id = db_last_id(w->db);
    if (x->s.purpose == FILING_SIGN_IN)
        return ok; /* by nobody, about nobody: the audit, which never shrinks, begins with the signature */
    struct str detail =
        arena_printf(&w->arena, "asked %" PRId64 " %s %s", x->s.id, filing_signature_purpose_name(x->s.purpose), x->s.digest);
    return ok && filing_audit(w, "signature", filing_purpose_of(w), detail.p);
}

static bool give_ticket(struct filing_work *w, int64_t id, char ret_ticket[FILING_TICKET])
{
    static const char update[] = "UPDATE signature SET ticket = $2 WHERE id = $1";
    char digest[DIGEST_HEX];
    if (!ret_ticket)
        return true;
    digest_token(ret_ticket);
    return filing_run(w->db, update, VALUES(v_int(id), v_text(digest_hex(str_from(ret_ticket), digest))), w->err);
}

/* Not longer than the owner's hour. */
static bool shorten(struct filing_work *w, struct signature *x)
{
    static const char select[] = "SELECT until_at FROM consent WHERE filing = $1 AND person = $2";
    int64_t until = x->s.until.ms;
    if (x->s.purpose == FILING_SIGN_CONSENT &&
        !filing_number_of(w->db, select, VALUES(v_int(w->c.id.n), v_iin(x->s.person)), until, &until, w->err))
        return false;
    x->s.until.ms = until < x->s.until.ms ? until : x->s.until.ms;
    return true;
}

static bool ask(struct filing_work *w, const struct filing_signing *wanted, struct signature *x)
{
    bool of_case = wanted->purpose != FILING_SIGN_IN && wanted->purpose != FILING_SIGN_POLICY;
    if (!is_in_use(w) || !may_ask(w, wanted, x))
        return false;
    if (of_case && !find_open(w, x))
        return false;
    if (x->s.id > 0)
        return true;
    return (!of_case || (has_room(w, x) && filing_signatures_withdraw(w, wanted->purpose, x->s.person))) && shorten(w, x) &&
           insert(w, wanted, x);
}

bool filing_signature_ask(struct db *db, const struct filing_context *context, const struct filing_actor *actor,
                          const struct filing_signing *wanted, int64_t *ret_id, char ret_ticket[FILING_TICKET], struct err *err)
{
    static const struct filing_actor nobody = { .role = FILING_CITIZEN };
    struct filing_work w;
    struct filing_id none = { 0 };
    bool of_case = wanted->filing.n && wanted->purpose != FILING_SIGN_IN && wanted->purpose != FILING_SIGN_POLICY;
    if (!of_case && wanted->purpose != FILING_SIGN_IN && wanted->purpose != FILING_SIGN_POLICY)
        return err_set(err, ERR_INPUT, "this signature is about a case");
    if (!filing_work_begin(&w, db, context, actor ? actor : &nobody, of_case ? wanted->filing : none, err))
        return false;
    struct signature x = { .s = { .purpose = wanted->purpose,
                                  .filing = w.c.id,
                                  .person = w.actor->person,
                                  .role = wanted->purpose == FILING_SIGN_IN ? wanted->role : w.actor->role,
                                  .asked_at = context->now,
                                  .until = { context->now.ms + lives[wanted->purpose] } },
                           .version = w.c.version };
    if (!filing_work_end(&w, ask(&w, wanted, &x) && give_ticket(&w, x.s.id, ret_ticket)))
        return false;
    *ret_id = x.s.id;
    return true;
}

/* ---- reading ---- */

bool filing_signature_read(struct db *db, const struct filing_context *context, const struct filing_access *access, int64_t id,
                           struct arena *arena, struct filing_signature *ret, struct err *err)
{
    struct filing_work w;
    struct signature x;
    if (!filing_work_begin(&w, db, context, &filing_system_actor, (struct filing_id){ 0 }, err))
        return false;
    bool ok = id > 0 ? signature_open(&w, access, id, &x) : signature_load_by_ticket(&w, access->ticket, &x);
    if (ok) {
        *ret = x.s;
        ret->content = arena_str(arena, x.s.content);
    }
    return filing_work_end(&w, ok);
}

bool filing_signature_find(struct db *db, const struct filing_context *context, struct str ticket, struct arena *arena,
                           struct filing_signature *ret, struct err *err)
{
    const struct filing_access access = { .ticket = ticket };
    return filing_signature_read(db, context, &access, 0, arena, ret, err);
}

/* ---- putting ---- */

/* Is there a signature in these bytes at all?  If not, the wrong file was chosen, and the request is still of use. */
static bool is_readable(struct filing_work *w, const struct filing_check *check)
{
    const struct eds_step *why = eds_verdict_reason(&check->verdict);
    return !why || why->kind != EDS_STEP_FORM || why->result != TRI_NO ||
           err_set(w->err, ERR_INPUT, "error.signature_unreadable: %s", eds_reason_name(why->reason));
}

static bool is_wanted_still(struct filing_work *w, const struct signature *x)
{
    switch (x->s.result.state) {
    case FILING_SIGNATURE_OPEN: break;
    case FILING_SIGNATURE_EXPIRED:
        return err_set(w->err, ERR_CONFLICT, "error.signature_late: the time for request %" PRId64 " is over", x->s.id);
    case FILING_SIGNATURE_WITHDRAWN:
        return err_set(w->err, ERR_CONFLICT, "error.signature_outdated: request %" PRId64 " was withdrawn", x->s.id);
    default: return err_set(w->err, ERR_CONFLICT, "error.signature_spent: request %" PRId64 " has its signature", x->s.id);
    }
    bool same = x->s.purpose == FILING_SIGN_CONSENT || x->version == w->c.version;
    return same || err_set(w->err, ERR_CONFLICT, "error.signature_outdated: %s has changed since", w->c.number);
}

/* What was verified ahead is what comes now. */
static bool is_checked(struct filing_work *w, const struct signature *x, const struct filing_check *check)
{
    bool same;
    if (x->cms.n > FILING_CMS_MAX)
        return err_set(w->err, ERR_LIMIT, "error.signature_large: a signature of %zu bytes", x->cms.n);
    return signature_is_as_checked(w, x, NULL, check, &same) &&
           (same || err_set(w->err, ERR_CONFLICT, "error.signature_outdated: request %" PRId64 " was verified as another one",
                            x->s.id)) &&
           is_readable(w, check);
}

static bool store(struct filing_work *w, struct signature *x)
{
    static const char update[] = "UPDATE signature SET state = 'checking', cms = $2, received_at = $3 WHERE id = $1";
    x->s.result.state = FILING_SIGNATURE_CHECKING;
    struct str detail = arena_printf(&w->arena, "received %" PRId64 " %s", x->s.id, x->s.digest);
    return filing_run(w->db, update, VALUES(v_int(x->s.id), v_bytes(x->cms.p, x->cms.n), v_at(x->s.received_at)), w->err) &&
           filing_audit(w, "signature", filing_purpose_of(w), detail.p);
}

static bool put(struct filing_work *w, struct signature *x, struct str cms, const struct filing_check *check)
{
    if (x->cms.n > 0 && str_equal(x->cms, cms))
        return true;
    bool consent = x->s.purpose == FILING_SIGN_CONSENT;
    if (!is_in_use(w) || !is_wanted_still(w, x) || (consent && !filing_consent_is_wanted(w)))
        return false;
    x->cms = cms;
    x->s.received_at = w->context->now;
    return is_checked(w, x, check) && store(w, x) && signature_settle(w, x, check);
}

bool filing_signature_put(struct db *db, const struct filing_context *context, const struct filing_access *access, int64_t id,
                          struct str cms, const struct filing_check *check, struct filing_signature_result *ret, struct err *err)
{
    struct filing_work w;
    struct signature x = { 0 };
    if (!filing_work_begin(&w, db, context, &filing_system_actor, (struct filing_id){ 0 }, err))
        return false;
    bool ok = signature_open(&w, access, id, &x);
    struct filing_actor actor = signature_actor(&w, &x);
    w.actor = &actor;
    if (!filing_work_end(&w, ok && put(&w, &x, cms, check)))
        return false;
    *ret = x.s.result;
    return true;
}
