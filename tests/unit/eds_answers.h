/* SPDX-License-Identifier: Apache-2.0 */
/* Answers about revocation, as the authority made here gives them: OCSP, lists and delta lists. */
#ifndef TESTS_EDS_ANSWERS_H
#define TESTS_EDS_ANSWERS_H

#include "eds_authority.h"

#include <openssl/ocsp.h>

/* ---- OCSP ---- */

/* The response, signed; frees what it is made of.  flags: OCSP_NOTIME, or 0. */
static inline struct str sign_ocsp(struct arena *arena, OCSP_BASICRESP *basic, const struct subscriber *by, unsigned long flags)
{
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    unsigned char *der = NULL;
    assert_int_equal(EVP_DigestSignInit(ctx, NULL, eds_key_digest(by->key), NULL, by->key), 1);
    assert_int_equal(OCSP_basic_sign_ctx(basic, by->certificate, ctx, NULL, flags), 1);
    OCSP_RESPONSE *response = OCSP_response_create(OCSP_RESPONSE_STATUS_SUCCESSFUL, basic);
    int n = i2d_OCSP_RESPONSE(response, &der);
    EVP_MD_CTX_free(ctx);
    OCSP_RESPONSE_free(response);
    OCSP_BASICRESP_free(basic);
    return keep_der(arena, n, der);
}

struct ocsp_options {
    int status, reason; /* V_OCSP_CERTSTATUS_... */
    struct moment revoked, issued;
    const struct subscriber *signer; /* NULL: the authority's responder */
    const char *nonce;
    struct str request; /* .n > 0: the nonce of this request */
};

static inline ASN1_TIME *asn1_time(struct moment at) { return ASN1_TIME_set(NULL, (time_t)(at.ms / 1000)); }

static inline struct str make_ocsp(struct authority *a, struct arena *arena, X509 *subject, X509 *issuer, struct ocsp_options o)
{
    const struct subscriber *signer = o.signer ? o.signer : &a->responder;
    OCSP_BASICRESP *basic = OCSP_BASICRESP_new();
    OCSP_CERTID *id = OCSP_cert_to_id(EVP_sha256(), subject, issuer);
    ASN1_TIME *revoked = asn1_time(o.revoked), *issued = asn1_time(o.issued.ms ? o.issued : AT);
    assert_non_null(OCSP_basic_add1_status(basic, id, o.status, o.reason, o.status == V_OCSP_CERTSTATUS_REVOKED ? revoked : NULL,
                                           issued, NULL));
    unsigned char nonce[64];
    if (o.nonce) {
        memcpy(nonce, o.nonce, strlen(o.nonce));
        assert_int_equal(OCSP_basic_add1_nonce(basic, nonce, (int)strlen(o.nonce)), 1);
    }
    const unsigned char *asked = (const unsigned char *)o.request.p;
    OCSP_REQUEST *request = o.request.n ? d2i_OCSP_REQUEST(NULL, &asked, (long)o.request.n) : NULL;
    if (request)
        OCSP_copy_nonce(basic, request);
    OCSP_REQUEST_free(request);
    struct str signed_answer = sign_ocsp(arena, basic, signer, 0);
    ASN1_TIME_free(revoked);
    ASN1_TIME_free(issued);
    OCSP_CERTID_free(id);
    return signed_answer;
}

static inline struct str good_ocsp(struct authority *a, struct arena *arena, X509 *subject)
{
    return make_ocsp(a, arena, subject, a->nca.certificate, (struct ocsp_options){ .status = V_OCSP_CERTSTATUS_GOOD });
}

/* ---- lists ---- */

struct crl_options {
    X509 *revoked; /* on the list */
    struct moment when, issued, next;
    long number, base; /* base > 0: a delta list */
    int reason;        /* CRL_REASON_...; NO_REASON */
    const struct subscriber *signer;
};

static inline void add_number(X509_CRL *crl, int nid, long number, int critical)
{
    ASN1_INTEGER *value = ASN1_INTEGER_new();
    assert_int_equal(ASN1_INTEGER_set(value, number), 1);
    assert_int_equal(X509_CRL_add1_ext_i2d(crl, nid, value, critical, 0), 1);
    ASN1_INTEGER_free(value);
}

static inline void add_entry(X509_CRL *crl, const struct crl_options *o)
{
    X509_REVOKED *entry = X509_REVOKED_new();
    ASN1_TIME *when = asn1_time(o->when);
    X509_REVOKED_set_serialNumber(entry, X509_get_serialNumber(o->revoked));
    X509_REVOKED_set_revocationDate(entry, when);
    if (o->reason != NO_REASON) {
        ASN1_ENUMERATED *reason = ASN1_ENUMERATED_new();
        ASN1_ENUMERATED_set(reason, o->reason);
        X509_REVOKED_add1_ext_i2d(entry, NID_crl_reason, reason, 0, 0);
        ASN1_ENUMERATED_free(reason);
    }
    assert_int_equal(X509_CRL_add0_revoked(crl, entry), 1);
    ASN1_TIME_free(when);
}

static inline struct str make_crl(struct authority *a, struct arena *arena, struct crl_options o)
{
    const struct subscriber *signer = o.signer ? o.signer : &a->nca;
    X509_CRL *crl = X509_CRL_new();
    ASN1_TIME *issued = asn1_time(o.issued.ms ? o.issued : AT_PLUS(-3600)), *next = asn1_time(o.next.ms ? o.next : AT_PLUS(3600));
    X509_CRL_set_version(crl, X509_CRL_VERSION_2);
    X509_CRL_set_issuer_name(crl, X509_get_subject_name(a->nca.certificate));
    X509_CRL_set1_lastUpdate(crl, issued);
    X509_CRL_set1_nextUpdate(crl, next);
    if (o.number)
        add_number(crl, NID_crl_number, o.number, 0);
    if (o.base)
        add_number(crl, NID_delta_crl, o.base, 1);
    if (o.revoked)
        add_entry(crl, &o);
    X509_CRL_sort(crl);
    assert_true(X509_CRL_sign(crl, signer->key, eds_key_digest(signer->key)) > 0);
    unsigned char *der = NULL;
    int n = i2d_X509_CRL(crl, &der);
    ASN1_TIME_free(issued);
    ASN1_TIME_free(next);
    X509_CRL_free(crl);
    return keep_der(arena, n, der);
}

#endif
