/* SPDX-License-Identifier: Apache-2.0 */
/* The run of a verification: the form's own steps, then what all signers have in common. */
#include "eds/eds_impl.h"

#include <openssl/err.h>
#include <openssl/x509v3.h>

struct str x509_der(struct arena *arena, X509 *certificate)
{
    unsigned char *der = NULL;
    int n = i2d_X509(certificate, &der);
    struct str bytes = { n > 0 ? arena_copy(arena, der, (size_t)n) : "", n > 0 ? (size_t)n : 0 };
    OPENSSL_free(der);
    return bytes;
}

/* ---- steps of every signer ---- */

static void keep_chain(struct check *check, int signer, STACK_OF(X509) * chain)
{
    int n = sk_X509_num(chain);
    struct str *copy = ARENA_ARRAY(check->arena, struct str, n);
    copy[0] = check->signer[signer].certificate;
    for (int i = 1; i < n; i++)
        copy[i] = trust_der_of(check->trust, sk_X509_value(chain, i), check->arena);
    check->signer[signer].chain = copy;
    check->signer[signer].chain_length = (size_t)n;
}

static void check_revocation(struct check *check, int signer, STACK_OF(X509) * chain, struct moment at)
{
    int last = sk_X509_num(chain) - 1;
    X509 *own = sk_X509_value(chain, 0);
    const struct str *der = check->signer[signer].chain;
    if (last == 0) {
        check_step(check, EDS_STEP_REVOCATION, signer, TRI_YES, EDS_REVOCATION_NOT_NEEDED, "an anchor itself");
        return;
    }
    struct revocation said = revocation_of(check, own, sk_X509_value(chain, 1), at, REVOCATION_OF_SIGNER);
    check->signer[signer].revocation_answer = said.answer;
    if (said.good == TRI_UNKNOWN)
        revocation_missing(check, signer, own, der[0], der[1]);
    check_step(check, EDS_STEP_REVOCATION, signer, said.good, said.reason, "the signer");
    for (int i = 1; i < last; i++) {
        X509 *authority = sk_X509_value(chain, i);
        said = revocation_of(check, authority, sk_X509_value(chain, i + 1), at, REVOCATION_OF_AUTHORITY);
        bool weighs = said.good != TRI_UNKNOWN || eds_trust_policy(check->trust)->authorities_required;
        if (said.good == TRI_UNKNOWN)
            revocation_missing(check, signer, authority, der[i], der[i + 1]);
        if (weighs)
            check_step(check, EDS_STEP_REVOCATION, signer, said.good, said.reason, "authority %d", i);
        else
            check_told(check, EDS_STEP_REVOCATION, signer, said.good, said.reason);
    }
}

void signer_check(struct check *check, int signer, const struct signed_by *by)
{
    struct moment at = check->request->at;
    STACK_OF(X509) *chain = NULL;
    char detail[160];
    if (check->verdict->form != EDS_CERTIFICATE && !timestamp_check(check, signer, by, &at))
        return;
    if (check->request->current)
        at = check->request->at;
    check->signer[signer].verified_at = at;
    enum eds_reason reason = chain_verify(check->trust, by->certificate, by->pool, at,
                                          eds_trust_policy(check->trust)->signature_algorithms, &chain, detail);
    check_step(check, EDS_STEP_CHAIN, signer, tri_of(reason == EDS_OK), reason, "%s", detail);
    check_profile(check, signer, by->certificate);
    check_purpose(check, signer, by->certificate);
    check_identity(check, signer, by->certificate);
    if (reason == EDS_OK) {
        keep_chain(check, signer, chain);
        check_revocation(check, signer, chain, at);
    }
    sk_X509_pop_free(chain, X509_free);
}

/* ---- a certificate alone ---- */

void verify_certificate(struct check *check)
{
    struct str bytes;
    X509 *certificate = NULL;
    struct err err;
    if (!input_bytes(check->request->signature, "CERTIFICATE", check->arena, &bytes) ||
        !eds_certificate_read(bytes, &certificate, &err)) {
        check_step(check, EDS_STEP_FORM, -1, TRI_NO, EDS_FORM_UNREADABLE, "not a certificate");
        return;
    }
    if (!str_equal(x509_der(check->arena, certificate), bytes)) {
        check_step(check, EDS_STEP_FORM, -1, TRI_NO, EDS_FORM_MALLEABLE, "not DER");
    } else {
        check_pass(check, EDS_STEP_FORM, -1);
        check->verdict->signers = 1;
        signer_describe(check, 0, certificate, bytes);
        signer_check(check, 0, &(struct signed_by){ .certificate = certificate });
    }
    X509_free(certificate);
}

/* ---- all of it ---- */

static enum eds_form guess_form(struct str bytes, struct arena *arena)
{
    struct str text = str_trim(bytes), der;
    struct der outer, first;
    if (str_starts(text, "\xef\xbb\xbf"))
        text = (struct str){ text.p + 3, text.n - 3 };
    if (str_starts(text, "<"))
        return memmem(text.p, text.n, "http://schemas.xmlsoap.org/soap/envelope/", 41) ? EDS_WSS : EDS_XML;
    if (str_starts(text, "{"))
        return EDS_RECORD;
    if (str_starts(text, "-----BEGIN CERTIFICATE"))
        return EDS_CERTIFICATE;
    if (input_bytes(bytes, "CERTIFICATE", arena, &der) && der_only(der, DER_SEQUENCE, &outer) &&
        der_take(&outer.body, DER_SEQUENCE, &first))
        return EDS_CERTIFICATE;
    return EDS_CMS;
}

static bool has_step(const struct eds_verdict *verdict, int signer, enum eds_step_kind kind)
{
    for (size_t i = 0; i < verdict->steps; i++) {
        if (verdict->step[i].signer == signer && verdict->step[i].kind == kind)
            return true;
    }
    return false;
}

/* A way past a step is no way to a good verdict. */
static bool has_all_steps(const struct eds_verdict *verdict)
{
    static const enum eds_step_kind needed[] = { EDS_STEP_SIGNATURE, EDS_STEP_CHAIN,    EDS_STEP_PROFILE,
                                                 EDS_STEP_PURPOSE,   EDS_STEP_IDENTITY, EDS_STEP_REVOCATION };
    bool all = verdict->signers > 0;
    for (size_t at = 0; at < verdict->signers; at++) {
        for (size_t i = 0; i < sizeof needed / sizeof *needed; i++)
            all &= has_step(verdict, (int)at, needed[i]) || (needed[i] == EDS_STEP_SIGNATURE && verdict->form == EDS_CERTIFICATE);
    }
    return all;
}

static enum tri weakest(const struct eds_verdict *verdict)
{
    enum tri result = TRI_YES;
    for (size_t i = 0; i < verdict->steps; i++) {
        if (verdict->step[i].weighs)
            result = tri_and(result, verdict->step[i].result);
    }
    return result == TRI_YES && !has_all_steps(verdict) ? TRI_NO : result;
}

static size_t most_signers(const struct eds_request *request)
{
    return request->signers_most == 0 ? 1 : request->signers_most > EDS_SIGNERS_MAX ? EDS_SIGNERS_MAX : request->signers_most;
}

void eds_verify(const struct eds_trust *trust, const struct eds_request *request, struct arena *arena, struct eds_verdict *ret)
{
    static void (*const forms[])(struct check *) = {
        [EDS_CMS] = verify_cms, [EDS_XML] = verify_xml, [EDS_WSS] = verify_wss, [EDS_CERTIFICATE] = verify_certificate
    };
    size_t most = most_signers(request);
    struct check check = { .trust = trust,
                           .request = request,
                           .arena = arena,
                           .verdict = ret,
                           .signer = ARENA_ARRAY(arena, struct eds_signer, most),
                           .step = ARENA_ARRAY(arena, struct eds_step, CHECK_STEPS(most)),
                           .missing = ARENA_ARRAY(arena, struct eds_missing, CHECK_MISSINGS(most)),
                           .most = most };
    enum eds_form form = request->form == EDS_ANY ? guess_form(request->signature, arena) : request->form;
    if (form == EDS_RECORD) {
        eds_record_verify(trust, request->signature, arena, ret);
        return;
    }
    *ret = (struct eds_verdict){ .form = form,
                                 .policy_version = eds_trust_policy(trust)->version,
                                 .at = request->at,
                                 .signer = check.signer,
                                 .step = check.step,
                                 .missing = check.missing };
    forms[form](&check);
    ret->valid = weakest(ret);
    if (ret->valid == TRI_NO)
        ret->content = STR("");
    ERR_clear_error();
}
