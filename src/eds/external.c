/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Another verifier: NCANode's HTTP API, POST /cms/verify (github.com/malikzh/NCANode, dto/request/CmsVerifyRequest.java,
 * dto/response/CmsVerificationResponse.java, dto/certificate/CertificateInfo.java).  It decides about signature, chain and
 * revocation, and nothing is good that it does not call good.  What can be told without it is told here as well: that the object
 * is one signature over the bytes expected, that it is the key's, by the person expected, with a key for that, under our anchors.
 * NCANode accepts a signer without a certificate, and passes over the content given when another one is inside.
 */
#include "eds/eds_impl.h"

#include "base/json.h"

#define VERIFY_PATH "/cms/verify"

bool eds_external_request(const struct eds_request *request, struct buf *ret, struct err *err)
{
    struct arena arena;
    struct str cms;
    struct json json;
    struct buf text;
    arena_init(&arena, 0);
    buf_init(&text, 2 * (size_t)EDS_OBJECT_MAX);
    bool fine = input_bytes(request->signature, "CMS,PKCS7", &arena, &cms);
    if (fine) {
        json_init(&json, ret);
        json_open_object(&json);
        base64_add(&text, cms);
        json_put_str(&json, "cms", buf_str(&text));
        if (request->content.p) {
            buf_clear(&text);
            base64_add(&text, request->content);
            json_put_str(&json, "data", buf_str(&text));
        }
        json_key(&json, "revocationCheck");
        json_open_array(&json);
        json_text(&json, "OCSP");
        json_end(&json);
        json_end(&json);
    }
    fine = fine && !text.over && !ret->over;
    buf_release(&text);
    arena_release(&arena);
    return fine || err_set(err, ERR_INPUT, "not a CMS, or a long one");
}

/* ---- the answer ---- */

struct said {
    bool readable, valid, certificate_valid;
    enum tri good; /* revocation */
};

static bool same_serial(struct str said, struct str ours)
{
    while (ours.n > 1 && ours.p[0] == '0')
        ours = (struct str){ ours.p + 1, ours.n - 1 };
    while (said.n > 1 && said.p[0] == '0')
        said = (struct str){ said.p + 1, said.n - 1 };
    return said.n == ours.n && strncasecmp(said.p, ours.p, ours.n) == 0;
}

/* "certificates" with one in it, or, in older versions, "certificate". */
static const json_t *certificate_of(const json_t *signer)
{
    const json_t *list = json_object_get(signer, "certificates");
    return json_array_size(list) == 1 ? json_array_get(list, 0) : list ? NULL : json_object_get(signer, "certificate");
}

static const json_t *find_certificate(const json_t *root, size_t signers, struct str serial)
{
    const json_t *list = json_object_get(root, "signers");
    const json_t *found = NULL;
    if (json_array_size(list) != signers)
        return NULL;
    for (size_t i = 0; i < signers; i++) {
        const json_t *certificate = certificate_of(json_array_get(list, i));
        if (certificate && same_serial(json_member(certificate, "serialNumber"), serial))
            found = certificate;
    }
    return found;
}

static enum tri revocation_said_by(const json_t *certificate)
{
    const json_t *list = json_object_get(certificate, "revocations");
    enum tri good = TRI_UNKNOWN;
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *revoked = json_object_get(json_array_get(list, i), "revoked");
        if (json_is_true(revoked))
            return TRI_NO;
        if (json_is_false(revoked))
            good = TRI_YES;
    }
    return good;
}

static struct said read_answer(const struct check *check, int at)
{
    struct said said = { 0 };
    struct err err;
    json_t *root = NULL;
    if (!check->request->external.p || !json_parse(check->request->external, &root, &err))
        return said;
    const json_t *certificate = find_certificate(root, check->verdict->signers, check->signer[at].serial);
    const json_t *valid = json_object_get(root, "valid");
    said.readable = certificate && json_is_boolean(valid) && json_integer_value(json_object_get(root, "status")) == 200;
    said.valid = json_is_true(valid);
    said.certificate_valid = json_is_true(json_object_get(certificate, "valid"));
    said.good = revocation_said_by(certificate);
    json_decref(root);
    return said;
}

/* ---- its verdict, as steps ---- */

static void ask(struct check *check, int at)
{
    struct str base = str_from(eds_trust_policy(check->trust)->verifier_url);
    while (base.n > 0 && base.p[base.n - 1] == '/')
        base.n--;
    check_missing(check, (struct eds_missing){ .kind = EDS_MISSING_VERDICT,
                                               .signer = at,
                                               .certificate = check->signer[at].certificate,
                                               .url = arena_printf(check->arena, STR_FMT VERIFY_PATH, STR_ARG(base)) });
}

static void hold(struct check *check, enum eds_step_kind kind, int at, enum eds_reason reason)
{
    check_step(check, kind, at, TRI_UNKNOWN, reason, "the external verifier");
    ask(check, at);
}

static enum eds_reason own_chain(const struct check *check, X509 *certificate, STACK_OF(X509) * pool, char detail[160])
{
    STACK_OF(X509) *chain = NULL;
    enum eds_reason reason = chain_verify(check->trust, certificate, pool, check->request->at,
                                          eds_trust_policy(check->trust)->signature_algorithms, &chain, detail);
    sk_X509_pop_free(chain, X509_free);
    return reason;
}

/* It says yes.  Its answer is signed by nobody: whoever can write one into an evidence record could vouch for a certificate of
 * his own.  So our anchors have to agree, and where they do not the case is held. */
static void certificate_accepted(struct check *check, int at, X509 *certificate, STACK_OF(X509) * pool, enum tri good)
{
    static const enum eds_reason reasons[] = {
        [TRI_NO] = EDS_REVOCATION_REVOKED, [TRI_UNKNOWN] = EDS_REVOCATION_NO_ANSWER, [TRI_YES] = EDS_OK
    };
    char detail[160];
    enum eds_reason chain = own_chain(check, certificate, pool, detail);
    check_step(check, EDS_STEP_CHAIN, at, chain == EDS_OK ? TRI_YES : TRI_UNKNOWN, chain, "the external verifier; %s", detail);
    check_step(check, EDS_STEP_REVOCATION, at, good, reasons[good], "the external verifier");
    if (chain != EDS_OK || good == TRI_UNKNOWN)
        ask(check, at);
}

/* It says no to the certificate, and why only when it was revoked: it may not have reached a responder.  Whether the chain is at
 * fault our own anchors tell; else the case is held. */
static void certificate_refused(struct check *check, int at, X509 *certificate, STACK_OF(X509) * pool, enum tri good)
{
    char detail[160];
    enum eds_reason reason = own_chain(check, certificate, pool, detail);
    if (reason != EDS_OK) {
        check_step(check, EDS_STEP_CHAIN, at, TRI_NO, reason, "%s", detail);
    } else if (good == TRI_NO) {
        check_step(check, EDS_STEP_REVOCATION, at, TRI_NO, EDS_REVOCATION_REVOKED, "the external verifier");
    } else {
        hold(check, EDS_STEP_CHAIN, at, EDS_VERIFIER_REFUSED);
    }
}

bool external_signer(struct check *check, int at, X509 *certificate, STACK_OF(X509) * pool)
{
    struct said said = read_answer(check, at);
    if (!check->request->external.p) {
        hold(check, EDS_STEP_SIGNATURE, at, EDS_VERIFIER_NO_ANSWER);
    } else if (!said.readable) {
        hold(check, EDS_STEP_SIGNATURE, at, EDS_VERIFIER_OTHER);
    } else if (!said.valid && said.certificate_valid) {
        return check_step(check, EDS_STEP_SIGNATURE, at, TRI_NO, EDS_SIGNATURE_WRONG, "the external verifier");
    } else if (!said.valid || !said.certificate_valid) {
        certificate_refused(check, at, certificate, pool, said.good);
    } else {
        certificate_accepted(check, at, certificate, pool, said.good);
    }
    check_profile(check, at, certificate);
    check_purpose(check, at, certificate);
    check_identity(check, at, certificate);
    return true;
}
