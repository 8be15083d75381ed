/* SPDX-License-Identifier: Apache-2.0 */
/* OCSP responses (RFC 6960). */
#include "eds/revocation.h"

#include <openssl/evp.h>
#include <openssl/ocsp.h>
#include <openssl/x509v3.h>

#define OID_OCSP_SIGNING "1.3.6.1.5.5.7.3.9"
#define OID_OCSP_BASIC   "1.3.6.1.5.5.7.48.1.1"

/* ---- reading ---- */

struct answer {
    OCSP_BASICRESP *basic;
    STACK_OF(X509) * certificates; /* that came along, those known already not parsed again */
};

static void answer_release(struct answer *answer)
{
    OCSP_BASICRESP_free(answer->basic);
    sk_X509_pop_free(answer->certificates, X509_free);
}

/* The BasicOCSPResponse of a successful OCSPResponse. */
static bool basic_bytes(struct str bytes, struct der *ret)
{
    enum { ENUMERATED = 0x0a };
    struct der response, status, explicit_bytes, typed, type, octets;
    return der_only(bytes, DER_SEQUENCE, &response) && der_take(&response.body, ENUMERATED, &status) && status.body.n == 1 &&
           status.body.p[0] == OCSP_RESPONSE_STATUS_SUCCESSFUL && der_only(response.body, DER_CONTEXT_0, &explicit_bytes) &&
           der_only(explicit_bytes.body, DER_SEQUENCE, &typed) && der_take(&typed.body, DER_OID, &type) &&
           der_is_oid(type.whole, OID_OCSP_BASIC) && der_only(typed.body, DER_OCTETS, &octets) &&
           der_only(octets.body, DER_SEQUENCE, ret);
}

static bool read_certificates(const struct eds_trust *trust, struct str body, struct answer *ret)
{
    struct der list, one;
    if (body.n == 0)
        return true;
    if (!der_only(body, DER_CONTEXT_0, &list) || !der_only(list.body, DER_SEQUENCE, &list))
        return false;
    while (list.body.n > 0) {
        X509 *certificate = NULL;
        if (sk_X509_num(ret->certificates) < EDS_CERTIFICATES_MAX && der_take(&list.body, DER_SEQUENCE, &one))
            certificate = trust_read_certificate(trust, one.whole);
        if (!certificate || sk_X509_push(ret->certificates, certificate) <= 0) {
            X509_free(certificate);
            return false;
        }
    }
    return true;
}

/* The certificates are not part of what is signed: OpenSSL gets the rest. */
static OCSP_BASICRESP *read_rest(struct arena *arena, const struct der *basic, size_t certificates)
{
    size_t n = basic->body.n - certificates, at = 0;
    unsigned char *der = arena_alloc(arena, n + 6);
    der[at++] = DER_SEQUENCE;
    der[at++] = 0x84; /* four bytes of length: OpenSSL reads them, however many are needed */
    for (int shift = 24; shift >= 0; shift -= 8)
        der[at++] = (unsigned char)(n >> shift);
    memcpy(der + at, basic->body.p, n);
    const unsigned char *from = der;
    OCSP_BASICRESP *read = d2i_OCSP_BASICRESP(NULL, &from, (long)(at + n));
    if (read && from == der + at + n)
        return read;
    OCSP_BASICRESP_free(read);
    return NULL;
}

static bool read_answer(const struct revocation_query *query, struct str bytes, struct answer *ret)
{
    struct der basic, data, algorithm, signature;
    ret->certificates = sk_X509_new_null();
    if (!ret->certificates || bytes.n > EDS_ANSWER_MAX || !basic_bytes(bytes, &basic))
        return false;
    struct str rest = basic.body;
    if (!der_take(&rest, DER_SEQUENCE, &data) || !der_take(&rest, DER_SEQUENCE, &algorithm) ||
        !der_take(&rest, DER_BITS, &signature) || !read_certificates(query->check->trust, rest, ret))
        return false;
    ret->basic = read_rest(query->check->arena, &basic, rest.n);
    return ret->basic != NULL;
}

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

static bool may_sign(X509 *responder)
{
    return (X509_get_key_usage(responder) & (KU_DIGITAL_SIGNATURE | KU_NON_REPUDIATION)) != 0;
}

/* On a list that came along.  id-pkix-ocsp-nocheck spares others the question; who knows the answer need not forget it. */
static bool is_listed(const struct revocation_query *query, X509 *responder, struct moment spoken)
{
    const struct revocation_query about = {
        .check = query->check, .certificate = responder, .issuer = query->issuer, .at = spoken, .own_word = true
    };
    struct revocation said;
    return query->check->request->crls > 0 && crls_answer(&about, &said) && said.good == TRI_NO;
}

/* The issuer itself, or one whom this very issuer has given the right to answer. */
static bool may_answer(const struct revocation_query *query, X509 *responder, struct moment spoken)
{
    if (X509_cmp(responder, query->issuer) == 0)
        return true;
    const X509_ALGOR *algorithm;
    X509_get0_signature(NULL, &algorithm, responder);
    return X509_NAME_cmp(X509_get_issuer_name(responder), X509_get_subject_name(query->issuer)) == 0 &&
           (allowed(query) & 1u << algorithm_of_x509(algorithm)) &&
           trust_signed_by(query->check->trust, responder, query->issuer) && extended_usage_has(responder, OID_OCSP_SIGNING) &&
           may_sign(responder) && !(X509_get_extension_flags(responder) & (EXFLAG_CRITICAL | EXFLAG_INVALID)) &&
           valid_at(responder, spoken) && !is_listed(query, responder, spoken);
}

/* The certificate that the response names as its signer's. */
static X509 *find_responder(const struct answer *answer, const struct revocation_query *query)
{
    X509 *signer = NULL;
    STACK_OF(X509) *known = sk_X509_dup(answer->certificates);
    if (known && sk_X509_unshift(known, query->issuer) > 0)
        OCSP_resp_get0_signer(answer->basic, &signer, known);
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

/* producedAt is the responder's own word: who gives an answer of today was there today. */
static struct moment spoken_at(OCSP_BASICRESP *basic, OCSP_SINGLERESP *single)
{
    ASN1_GENERALIZEDTIME *this_update = NULL;
    OCSP_single_get0_status(single, NULL, NULL, &this_update, NULL);
    struct moment produced = asn1_moment(OCSP_resp_get0_produced_at(basic)), issued = asn1_moment(this_update);
    return produced.ms > issued.ms ? produced : issued;
}

static enum eds_reason authentic(const struct answer *answer, OCSP_SINGLERESP *single, const struct revocation_query *query)
{
    OCSP_BASICRESP *basic = answer->basic;
    X509 *responder = find_responder(answer, query);
    if (!responder)
        return EDS_REVOCATION_RESPONDER;
    if (!(allowed(query) & 1u << algorithm_of_x509(OCSP_resp_get0_tbs_sigalg(basic))) || !signed_by(basic, responder))
        return EDS_REVOCATION_FORGED;
    return may_answer(query, responder, spoken_at(basic, single)) ? EDS_OK : EDS_REVOCATION_RESPONDER;
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

/* "Good" is said of certificates within their time (RFC 6960, 2.2); of one that has run out where the archive reaches back to
 * its end (4.4.4). */
static bool covers_end(OCSP_SINGLERESP *single, struct moment issued, X509 *certificate)
{
    struct moment end = asn1_moment(X509_get0_notAfter(certificate));
    ASN1_GENERALIZEDTIME *cutoff = OCSP_SINGLERESP_get1_ext_d2i(single, NID_id_pkix_OCSP_archiveCutoff, NULL, NULL);
    bool archived = cutoff && ASN1_GENERALIZEDTIME_check(cutoff) == 1 && asn1_moment(cutoff).ms <= end.ms;
    ASN1_GENERALIZEDTIME_free(cutoff);
    return issued.ms <= end.ms || archived;
}

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
        return revocation_when(query, when, why);
    }
    if (stale || !covers_end(single, issued, query->certificate))
        return EDS_REVOCATION_STALE;
    return status == V_OCSP_CERTSTATUS_GOOD ? EDS_OK : EDS_REVOCATION_UNKNOWN;
}

bool ocsp_answers(const struct revocation_query *query, struct str bytes, struct revocation *ret)
{
    struct answer answer = { NULL, NULL };
    OCSP_SINGLERESP *single = read_answer(query, bytes, &answer) ? find_single(answer.basic, query) : NULL;
    if (single) {
        enum eds_reason reason = authentic(&answer, single, query);
        if (reason == EDS_OK && query->nonce.n > 0 && !carries_nonce(answer.basic, query->nonce))
            reason = EDS_REVOCATION_NONCE;
        if (reason == EDS_OK)
            reason = status_of(single, query);
        *ret = revocation_said(reason, check_bytes(query->check, bytes.p, bytes.n));
    }
    answer_release(&answer);
    return single != NULL;
}
