/* SPDX-License-Identifier: Apache-2.0 */
/* The verdict, and what follows from it. */
#include <inttypes.h>

#include "filing/filing_signature_impl.h"

#define RECORD_MAX (64 << 20)

/* Citizens sign with keys of citizens, whoever speaks for a company with its key; offices with either. */
static enum eds_purpose purpose_of(const struct signature *x)
{
    if (x->s.role != FILING_CITIZEN || x->s.purpose == FILING_SIGN_POLICY)
        return EDS_PURPOSE_ANY;
    if (x->s.purpose == FILING_SIGN_IN)
        return EDS_PURPOSE_PERSON_AUTH;
    return x->bin.n > 0 ? EDS_PURPOSE_ORGANISATION : EDS_PURPOSE_PERSON_SIGN;
}

struct checked {
    struct eds_request request;
    struct eds_verdict verdict;
    char iin[IIN_TEXT];
};

static bool verify(struct filing_work *w, const struct signature *x, struct checked *c)
{
    struct signature_answers answers;
    if (!signature_answers_load(w, x, &answers))
        return false;
    c->request = (struct eds_request){
        .form = EDS_CMS,
        .signature = x->cms,
        .content = x->s.content,
        .at = x->s.received_at,
        .purpose = purpose_of(x),
        .iin = iin_is_none(x->s.person) ? NULL : iin_format(x->s.person, c->iin),
        .bin = x->bin.n > 0 ? arena_text(&w->arena, x->bin) : NULL,
        .ocsp = answers.ocsp,
        .ocsps = answers.ocsps,
        .crl = answers.crl,
        .crls = answers.crls,
        .ocsp_nonce = x->ocsp_nonce,
        .timestamp = answers.timestamp,
        .external = answers.external,
    };
    eds_verify(w->context->trust, &c->request, &w->arena, &c->verdict);
    return true;
}

static bool tell(struct filing_work *w, const struct signature *x, const char *detail)
{
    struct str text =
        arena_printf(&w->arena, "%s %" PRId64 " %s", filing_signature_state_name(x->s.result.state), x->s.id, detail);
    return filing_audit(w, "signature", filing_purpose_of(w), text.p);
}

static bool store_record(struct filing_work *w, struct signature *x, const struct checked *c)
{
    static const char update[] = "UPDATE signature SET record = $2 WHERE id = $1";
    struct buf record;
    char digest[DIGEST_HEX];
    buf_init(&record, RECORD_MAX);
    bool ok = eds_record_make(&c->request, &c->verdict, &record, w->err) &&
              filing_run(w->db, update, VALUES(v_int(x->s.id), v_str(buf_str(&record))), w->err) &&
              tell(w, x, arena_printf(&w->arena, "record=%s", digest_hex(buf_str(&record), digest)).p);
    buf_release(&record);
    return ok;
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

static bool accept(struct filing_work *w, struct signature *x, const struct checked *c)
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

static bool hold(struct filing_work *w, struct signature *x, const struct checked *c, const struct eds_step *why)
{
    const struct filing_signature_result result = { FILING_SIGNATURE_CHECKING, why->reason, why->kind };
    return signature_set(w, x, result) && signature_fetch_missing(w, x, &c->verdict);
}

bool signature_check(struct filing_work *w, struct signature *x)
{
    struct checked c;
    if (!verify(w, x, &c))
        return false;
    if (c.verdict.valid == TRI_YES)
        return accept(w, x, &c);
    const struct eds_step *why = eds_verdict_reason(&c.verdict);
    if (!why)
        return err_set(w->err, ERR_SYSTEM, "signature %" PRId64 ": a verdict without a reason", x->s.id);
    return c.verdict.valid == TRI_NO ? refuse(w, x, why->kind, why->reason) : hold(w, x, &c, why);
}
