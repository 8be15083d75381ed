/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The verdict, made before the transaction that acts on it.
 *
 * eds_verify is a function of the trust folder and a request, and a request is put together out of what is stored by one
 * function here.  Before the transaction it is put together and verified; within, it is put together again, and the verdict
 * counts only if both are the same, byte for byte: then it is what verifying there would have given.
 */
#include <inttypes.h>

#include "filing/filing_signature_impl.h"

#define RECORD_MAX (64 << 20)

/* Citizens sign with keys of citizens, whoever speaks for a company with its key; offices with either, but not with a key that
 * only signs in, once they are in. */
static enum eds_purpose purpose_of(const struct signature *x)
{
    if (x->s.purpose == FILING_SIGN_IN)
        return x->s.role == FILING_CITIZEN ? EDS_PURPOSE_PERSON_AUTH : EDS_PURPOSE_ANY;
    if (x->s.role != FILING_CITIZEN || x->s.purpose == FILING_SIGN_POLICY)
        return EDS_PURPOSE_SIGN;
    return x->bin.n > 0 ? EDS_PURPOSE_ORGANISATION : EDS_PURPOSE_PERSON_SIGN;
}

static const char *iin_text(struct arena *arena, struct iin iin)
{
    char text[IIN_TEXT];
    return iin_is_none(iin) ? NULL : arena_text(arena, str_from(iin_format(iin, text)));
}

/* Texts of `x` are copied into the arena; those of `answers` stay where they are. */
static struct eds_request request_of(const struct signature *x, const struct signature_answers *answers, struct arena *arena)
{
    return (struct eds_request){
        .form = EDS_CMS,
        .signature = arena_str(arena, x->cms),
        .content = arena_str(arena, x->s.content),
        .at = x->s.received_at,
        .current = true,
        .purpose = purpose_of(x),
        .iin = iin_text(arena, x->s.person),
        .bin = x->bin.n > 0 ? arena_text(arena, x->bin) : NULL,
        .ocsp = answers->ocsp,
        .ocsps = answers->ocsps,
        .crl = answers->crl,
        .crls = answers->crls,
        .ocsp_nonce = arena_str(arena, x->ocsp_nonce),
        .timestamp = answers->timestamp,
        .external = answers->external,
    };
}

/* ---- before the transaction ---- */

static bool make_record(struct filing_check *c, struct arena *arena, struct err *err)
{
    struct buf record;
    buf_init(&record, RECORD_MAX);
    bool ok = eds_record_make(&c->request, &c->verdict, &record, err);
    if (ok) {
        c->record = arena_str(arena, buf_str(&record));
        digest_hex(c->record, c->record_digest);
    }
    buf_release(&record);
    return ok;
}

bool signature_check_make(struct filing_work *w, const struct signature *x, const struct signature_arrival *arrival,
                          struct arena *arena, struct filing_check **ret)
{
    struct filing_check *c = ARENA_NEW(arena, struct filing_check);
    if (!signature_answers_load(w, x->s.id, arrival, true, arena, &c->answers))
        return false;
    c->id = x->s.id;
    c->request = request_of(x, &c->answers, arena);
    eds_verify(w->context->trust, &c->request, arena, &c->verdict);
    if (c->verdict.valid == TRI_YES && !make_record(c, arena, w->err))
        return false;
    if (c->verdict.valid == TRI_UNKNOWN && !signature_wants_make(eds_trust_policy(w->context->trust), c, arena, w->err))
        return false;
    *ret = c;
    return true;
}

bool filing_signature_check(struct db *db, const struct filing_context *context, const struct filing_access *access, int64_t id,
                            struct str cms, struct arena *arena, struct filing_check **ret, struct err *err)
{
    struct filing_work w;
    struct signature x = { 0 };
    *ret = NULL;
    if (!filing_work_begin_reading(&w, db, context, err))
        return false;
    bool ok = signature_open(&w, access, id, &x);
    if (ok && x.s.result.state == FILING_SIGNATURE_OPEN && context->trust && cms.n <= FILING_CMS_MAX) {
        x.cms = cms;
        x.s.received_at = context->now;
        ok = signature_check_make(&w, &x, NULL, arena, ret);
    }
    return filing_work_end(&w, ok);
}

/* ---- within it ---- */

static bool same_text(const char *a, const char *b) { return a && b ? str_equal(str_from(a), str_from(b)) : a == b; }

static bool same_list(const struct str *a, size_t count_a, const struct str *b, size_t count_b)
{
    bool same = count_a == count_b;
    for (size_t i = 0; same && i < count_a; i++)
        same = str_equal(a[i], b[i]);
    return same;
}

static bool same_optional(struct str a, struct str b) { return (a.p == NULL) == (b.p == NULL) && str_equal(a, b); }

/* All but the lists of revoked certificates. */
static bool same_request(const struct eds_request *a, const struct eds_request *b)
{
    return a->form == b->form && str_equal(a->signature, b->signature) && same_optional(a->content, b->content) &&
           a->at.ms == b->at.ms && a->purpose == b->purpose && same_text(a->iin, b->iin) && same_text(a->bin, b->bin) &&
           same_list(a->ocsp, a->ocsps, b->ocsp, b->ocsps) && str_equal(a->ocsp_nonce, b->ocsp_nonce) &&
           same_optional(a->timestamp, b->timestamp) && same_optional(a->external, b->external);
}

/* Those are large and the same for everybody: address and time of fetching name the bytes. */
static bool same_lists(const struct signature_answers *a, const struct signature_answers *b)
{
    bool same = a->crls == b->crls;
    for (size_t i = 0; same && i < a->crls; i++)
        same = str_equal(a->list[i].url, b->list[i].url) && a->list[i].version == b->list[i].version;
    return same;
}

bool signature_is_as_checked(struct filing_work *w, const struct signature *x, const struct signature_arrival *arrival,
                             const struct filing_check *check, bool *ret)
{
    struct signature_answers answers;
    if (!signature_answers_load(w, x->s.id, arrival, false, &w->arena, &answers))
        return false;
    const struct eds_request now = request_of(x, &answers, &w->arena);
    *ret = check && check->id == x->s.id && same_request(&now, &check->request) && same_lists(&answers, &check->answers);
    return true;
}
