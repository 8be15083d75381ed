/* SPDX-License-Identifier: Apache-2.0 */
/* OCSP responses (RFC 6960). */
#include "eds/revocation.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/ocsp.h>
#include <openssl/x509v3.h>

#define OID_OCSP_SIGNING "1.3.6.1.5.5.7.3.9"

/* The only single response about the certificate, under whatever digest its identifier is made with. */
static OCSP_SINGLERESP *find_single(OCSP_BASICRESP *basic, const struct revocation_query *query)
{
    OCSP_SINGLERESP *found = NULL;
    int n = OCSP_resp_count(basic);
    for (int i = 0; i < n; i++) {
        OCSP_SINGLERESP *single = OCSP_resp_get0(basic, i);
        OCSP_CERTID *id = (OCSP_CERTID *)(uintptr_t)OCSP_SINGLERESP_get0_id(single);
        ASN1_OBJECT *algorithm;
        OCSP_id_get0_info(NULL, &algorithm, NULL, NULL, id);
        const EVP_MD *digest = EVP_get_digestbyobj(algorithm);
        OCSP_CERTID *ours = digest ? OCSP_cert_to_id(digest, query->certificate, query->issuer) : NULL;
        bool same = ours && OCSP_id_cmp(ours, id) == 0;
        OCSP_CERTID_free(ours);
        if (same && found)
            return NULL; /* two of them: neither is believed */
        if (same)
            found = single;
    }
    return found;
}

/* ---- who answered ---- */

static bool valid_at(X509 *certificate, struct moment at)
{
    return asn1_moment(X509_get0_notBefore(certificate)).ms <= at.ms && at.ms <= asn1_moment(X509_get0_notAfter(certificate)).ms;
}

static unsigned allowed(const struct revocation_query *query)
{
    const struct eds_policy *policy = eds_trust_policy(query->check->trust);
    return policy->signature_algorithms | policy->timestamp_algorithms;
}

/* The issuer itself, or one whom this very issuer has given the right to answer. */
static bool may_answer(const struct revocation_query *query, X509 *responder, struct moment produced)
{
    if (X509_cmp(responder, query->issuer) == 0)
        return true;
    const X509_ALGOR *algorithm;
    X509_get0_signature(NULL, &algorithm, responder);
    return X509_NAME_cmp(X509_get_issuer_name(responder), X509_get_subject_name(query->issuer)) == 0 &&
           (allowed(query) & 1u << algorithm_of_x509(algorithm)) &&
           X509_verify(responder, X509_get0_pubkey(query->issuer)) == 1 && extended_usage_has(responder, OID_OCSP_SIGNING) &&
           !(X509_get_extension_flags(responder) & (EXFLAG_CRITICAL | EXFLAG_INVALID)) && valid_at(responder, produced);
}

/* The certificate that the response names as its signer's. */
static X509 *find_responder(OCSP_BASICRESP *basic, const struct revocation_query *query)
{
    X509 *signer = NULL;
    STACK_OF(X509) *known = sk_X509_new_null();
    if (known)
        sk_X509_push(known, query->issuer);
    OCSP_resp_get0_signer(basic, &signer, known);
    sk_X509_free(known);
    return signer;
}

static bool signed_by(OCSP_BASICRESP *basic, X509 *responder)
{
    STACK_OF(X509) *only = sk_X509_new_null();
    bool fine = only && sk_X509_push(only, responder) > 0 &&
                OCSP_basic_verify(basic, only, NULL, OCSP_TRUSTOTHER | OCSP_NOINTERN | OCSP_NOVERIFY) == 1;
    sk_X509_free(only);
    return fine;
}

static enum eds_reason authentic(OCSP_BASICRESP *basic, const struct revocation_query *query)
{
    X509 *responder = find_responder(basic, query);
    if (!responder)
        return EDS_REVOCATION_RESPONDER;
    if (!(allowed(query) & 1u << algorithm_of_x509(OCSP_resp_get0_tbs_sigalg(basic))) || !signed_by(basic, responder))
        return EDS_REVOCATION_FORGED;
    return may_answer(query, responder, asn1_moment(OCSP_resp_get0_produced_at(basic))) ? EDS_OK : EDS_REVOCATION_RESPONDER;
}

/* Some write the nonce bare, some as an OCTET STRING in the extension's value. */
static bool carries_nonce(OCSP_BASICRESP *basic, struct str nonce)
{
    int at = OCSP_BASICRESP_get_ext_by_NID(basic, NID_id_pkix_OCSP_Nonce, -1);
    if (at < 0)
        return false;
    const ASN1_OCTET_STRING *value = X509_EXTENSION_get_data(OCSP_BASICRESP_get_ext(basic, at));
    struct str given = { (const char *)ASN1_STRING_get0_data(value), (size_t)ASN1_STRING_length(value) };
    struct der inner;
    return str_equal(given, nonce) || (der_only(given, DER_OCTETS, &inner) && str_equal(inner.body, nonce));
}

/* ---- what it says ---- */

static enum eds_reason status_of(OCSP_SINGLERESP *single, const struct revocation_query *query)
{
    const struct eds_policy *policy = eds_trust_policy(query->check->trust);
    int why = 0;
    ASN1_GENERALIZEDTIME *revoked = NULL, *this_update = NULL, *next_update = NULL;
    int status = OCSP_single_get0_status(single, &why, &revoked, &this_update, &next_update);
    if (!this_update || ASN1_GENERALIZEDTIME_check(this_update) != 1)
        return EDS_REVOCATION_FORGED;
    struct moment issued = asn1_moment(this_update);
    bool stale = issued.ms + policy->ocsp_age_s * 1000 < query->at.ms;
    stale |= next_update && issued.ms < query->at.ms && asn1_moment(next_update).ms < query->at.ms;
    if (status == V_OCSP_CERTSTATUS_REVOKED) {
        if (!revoked || ASN1_GENERALIZEDTIME_check(revoked) != 1)
            return EDS_REVOCATION_FORGED;
        struct moment when = asn1_moment(revoked);
        if (when.ms == 0 && why == OCSP_REVOKED_STATUS_CERTIFICATEHOLD)
            return EDS_REVOCATION_NOT_ISSUED;
        if (stale && why == OCSP_REVOKED_STATUS_CERTIFICATEHOLD)
            return EDS_REVOCATION_STALE; /* a hold may have been lifted since; no other revocation can be */
        return revocation_when(when, query->at);
    }
    if (stale)
        return EDS_REVOCATION_STALE;
    return status == V_OCSP_CERTSTATUS_GOOD ? EDS_OK : EDS_REVOCATION_UNKNOWN;
}

bool ocsp_answers(const struct revocation_query *query, struct str bytes, struct revocation *ret)
{
    const unsigned char *at = (const unsigned char *)bytes.p;
    OCSP_RESPONSE *response = bytes.n <= EDS_ANSWER_MAX ? d2i_OCSP_RESPONSE(NULL, &at, (long)bytes.n) : NULL;
    OCSP_BASICRESP *basic = NULL;
    if (response && (const char *)at == bytes.p + bytes.n && OCSP_response_status(response) == OCSP_RESPONSE_STATUS_SUCCESSFUL)
        basic = OCSP_response_get1_basic(response);
    OCSP_SINGLERESP *single = basic ? find_single(basic, query) : NULL;
    if (single) {
        enum eds_reason reason = authentic(basic, query);
        if (reason == EDS_OK && query->nonce.n > 0 && !carries_nonce(basic, query->nonce))
            reason = EDS_REVOCATION_NONCE;
        if (reason == EDS_OK)
            reason = status_of(single, query);
        *ret = revocation_said(reason, check_bytes(query->check, bytes.p, bytes.n));
    }
    OCSP_BASICRESP_free(basic);
    OCSP_RESPONSE_free(response);
    ERR_clear_error();
    return single != NULL;
}
