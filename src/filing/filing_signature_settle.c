/* SPDX-License-Identifier: Apache-2.0 */
/* What follows from a verdict. */
#include <inttypes.h>

#include "filing/filing_signature_impl.h"

static bool tell(struct filing_work *w, const struct signature *x, const char *detail)
{
    struct str text =
        arena_printf(&w->arena, "%s %" PRId64 " %s", filing_signature_state_name(x->s.result.state), x->s.id, detail);
    return filing_audit(w, "signature", filing_purpose_of(w), text.p);
}

static bool store_record(struct filing_work *w, struct signature *x, const struct filing_check *c)
{
    static const char update[] = "UPDATE signature SET record = $2 WHERE id = $1";
    return filing_run(w->db, update, VALUES(v_int(x->s.id), v_str(c->record)), w->err) &&
           tell(w, x, arena_printf(&w->arena, "record=%s", c->record_digest).p);
}

/* At the door anybody may put anything: what is refused there is not kept. */
static bool drop(struct filing_work *w, const struct signature *x)
{
    static const char update[] = "UPDATE signature SET cms = NULL WHERE id = $1";
    return x->s.purpose != FILING_SIGN_IN || filing_run(w->db, update, VALUES(v_int(x->s.id)), w->err);
}

static bool refuse(struct filing_work *w, struct signature *x, enum eds_step_kind step, enum eds_reason reason)
{
    const struct filing_signature_result result = { FILING_SIGNATURE_REFUSED, reason, step };
    return signature_set(w, x, result) && drop(w, x) && signature_fetch_no_more(w, x) && tell(w, x, eds_reason_name(reason));
}

/* Who signed in is whom the certificate names. */
static bool name_signer(struct signature *x, const struct eds_verdict *verdict)
{
    return !iin_is_none(x->s.person) || iin_parse(verdict->signer[0].iin, &x->s.person) == IIN_PERSON;
}

static bool accept(struct filing_work *w, struct signature *x, const struct filing_check *c)
{
    const struct filing_signature_result good = { FILING_SIGNATURE_GOOD, EDS_OK, EDS_STEP_FORM };
    const struct filing_signature_result late = { FILING_SIGNATURE_WITHDRAWN, EDS_OK, EDS_STEP_FORM };
    const struct filing_actor *before = w->actor;
    bool taken;
    if (!name_signer(x, &c->verdict))
        return refuse(w, x, EDS_STEP_IDENTITY, EDS_IDENTITY_MALFORMED);
    struct filing_actor actor = signature_actor(w, x);
    w->actor = &actor;
    bool ok =
        signature_set(w, x, good) && store_record(w, x, c) && signature_fetch_no_more(w, x) && signature_apply(w, x, &taken);
    if (ok && !taken)
        ok = signature_set(w, x, late) && tell(w, x, "the step is not possible any more");
    w->actor = before;
    return ok;
}

static bool hold(struct filing_work *w, struct signature *x, const struct filing_check *c, const struct eds_step *why)
{
    const struct filing_signature_result result = { FILING_SIGNATURE_CHECKING, why->reason, why->kind };
    return signature_set(w, x, result) && signature_fetch_wants(w, x, c);
}

bool signature_settle(struct filing_work *w, struct signature *x, const struct filing_check *check)
{
    const struct eds_verdict *verdict = &check->verdict;
    if (verdict->valid == TRI_YES)
        return accept(w, x, check);
    const struct eds_step *why = eds_verdict_reason(verdict);
    if (!why)
        return err_set(w->err, ERR_SYSTEM, "signature %" PRId64 ": a verdict without a reason", x->s.id);
    return verdict->valid == TRI_NO ? refuse(w, x, why->kind, why->reason) : hold(w, x, check, why);
}
