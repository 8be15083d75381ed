/* SPDX-License-Identifier: Apache-2.0 */
/* What a good signature does: the step that was signed, a session, an approval. */
#include <inttypes.h>

#include "filing/filing_signature_impl.h"

#define ENTER_MS HOUR_MS /* from signing to entering: a responder may have to be waited for */

static bool consent_is_open(struct filing_work *w, bool *ret)
{
    static const char count[] = "SELECT count(*) FROM consent WHERE filing = $1 AND person = $2 AND given IS NULL";
    int64_t n;
    if (!filing_number_of(w->db, count, VALUES(v_int(w->c.id.n), v_iin(w->actor->person)), 0, &n, w->err))
        return false;
    *ret = n > 0 && w->c.state == FILING_CONSENT;
    return true;
}

bool signature_apply(struct filing_work *w, struct signature *x, bool *ret_taken)
{
    bool current = x->version == w->c.version;
    switch (x->s.purpose) {
    case FILING_SIGN_APPLICATION:
        *ret_taken = current && w->c.state == FILING_SIGNING;
        return !*ret_taken || filing_sign_application(w, FILING_BY_EDS, x->s.digest);
    case FILING_SIGN_CONSENT:
        return consent_is_open(w, ret_taken) && (!*ret_taken || filing_answer_consent(w, true, FILING_BY_EDS));
    case FILING_SIGN_DOCUMENTS:
        *ret_taken = current && w->c.state == FILING_DOCUMENTS;
        return !*ret_taken || filing_file_documents(w);
    default: *ret_taken = true; return true;
    }
}

/* ---- sign-in ---- */

static bool use_up(struct filing_work *w, const struct signature *x)
{
    static const char update[] = "UPDATE signature SET spent = 1 WHERE id = $1 AND spent = 0";
    if (!filing_run(w->db, update, VALUES(v_int(x->s.id)), w->err))
        return false;
    return db_changes(w->db) == 1 ||
           err_set(w->err, ERR_CONFLICT, "error.signature_spent: sign-in %" PRId64 " was used", x->s.id);
}

/* Whoever has signed stands at the door; a ticket that turns up much later is somebody else's find. */
static bool is_in_time(struct filing_work *w, const struct signature *x)
{
    return w->context->now.ms <= x->s.received_at.ms + ENTER_MS ||
           err_set(w->err, ERR_CONFLICT, "error.signature_late: sign-in %" PRId64 " was signed too long ago", x->s.id);
}

bool filing_signature_sign_in(struct db *db, const struct filing_context *context, struct str ticket, enum law_channel channel,
                              enum text_language language, char ret_token[44], enum filing_role *ret_role, struct err *err)
{
    static const enum law_channel desks[FILING_ROLES] = { [FILING_RECEPTION] = LAW_RECEPTION, [FILING_HALL] = LAW_HALL };
    struct filing_work w;
    struct signature x = { 0 };
    if (!filing_work_begin(&w, db, context, &filing_system_actor, (struct filing_id){ 0 }, err))
        return false;
    bool ok = signature_load_by_ticket(&w, ticket, &x);
    if (ok && (x.s.purpose != FILING_SIGN_IN || x.s.result.state != FILING_SIGNATURE_GOOD))
        ok = err_set(err, ERR_CONFLICT, "error.signature_not_good: sign-in %" PRId64 " is not signed yet", x.s.id);
    enum law_channel at = x.s.role == FILING_CITIZEN ? channel : desks[x.s.role];
    ok = ok && is_in_time(&w, &x) && use_up(&w, &x) &&
         filing_session_open(db, context, x.s.person, x.s.role, at, language, ret_token, err);
    if (!filing_work_end(&w, ok))
        return false;
    *ret_role = x.s.role;
    return true;
}
