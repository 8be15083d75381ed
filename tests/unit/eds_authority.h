/* SPDX-License-Identifier: Apache-2.0 */
/* A certification authority of our own, made anew in every run: root, issuing authority, subscribers, responders. */
#ifndef TESTS_EDS_AUTHORITY_H
#define TESTS_EDS_AUTHORITY_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>
#include <openssl/cms.h>
#include <openssl/evp.h>
#include <openssl/ocsp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "eds/eds_make.h"

#define NO_REASON (-1)
#define DAY_MS    86400000LL
/* OpenSSL writes the clock's time into OCSP responses: so that is the time of these tests, in whole seconds. */
#define AT          (authority_time())
#define AT_PLUS(s)  ((struct moment){ AT.ms + (s)*1000LL })
#define TEST_IIN    "123456789011" /* the authority's test person: a wrong check digit */
#define TEST_BIN    "123456789021"
#define SIGN_USAGE  "critical,digitalSignature,nonRepudiation"
#define PERSON_SIGN "emailProtection,1.2.398.3.3.4.1.1"
#define TSA_POLICY  "1.2.398.3.3.2.6.4"

static inline struct moment authority_time(void)
{
    static struct moment at;
    if (at.ms == 0)
        at = (struct moment){ moment_now().ms / 1000 * 1000 };
    return at;
}

struct subscriber {
    EVP_PKEY *key;
    X509 *certificate;
};

struct authority {
    enum eds_algorithm algorithm;
    struct subscriber root, nca, person, responder, tsa;
    struct eds_trust *trust;
    struct err err;
};

static inline struct eds_profile person_profile(void)
{
    return (struct eds_profile){ .common_name = "ТЕСТОВ ТЕСТ",
                                 .surname = "ТЕСТОВ",
                                 .given = "ТЕСТОВИЧ",
                                 .iin = TEST_IIN,
                                 .not_before = { AT.ms - 100 * DAY_MS },
                                 .not_after = { AT.ms + 200 * DAY_MS },
                                 .key_usage = SIGN_USAGE,
                                 .extended_key_usage = PERSON_SIGN,
                                 .certificate_policy = "1.2.398.3.3.2",
                                 .ocsp_url = "http://ocsp.example/",
                                 .crl_url = "http://crl.example/nca.crl",
                                 .delta_url = "http://crl.example/nca_d.crl" };
}

static inline struct subscriber subscribe(struct authority *a, const struct eds_profile *profile, const struct subscriber *issuer)
{
    struct subscriber made;
    assert_true(eds_key_generate(a->algorithm, &made.key, &a->err));
    assert_true(eds_certificate_make(profile, made.key, issuer ? issuer->certificate : NULL, issuer ? issuer->key : made.key,
                                     &made.certificate, &a->err));
    return made;
}

static inline void subscriber_free(struct subscriber *s)
{
    EVP_PKEY_free(s->key);
    X509_free(s->certificate);
}

static inline void authority_init(struct authority *a, enum eds_algorithm algorithm, const struct eds_policy *policy)
{
    memset(a, 0, sizeof *a);
    a->algorithm = algorithm;
    struct eds_profile p = { .common_name = "КОРЕНЬ TEST",
                             .not_before = { AT.ms - 1000 * DAY_MS },
                             .not_after = { AT.ms + 1000 * DAY_MS },
                             .authority = true,
                             .key_usage = "critical,keyCertSign,cRLSign" };
    a->root = subscribe(a, &p, NULL);
    p.common_name = "ЦЕНТР TEST";
    p.crl_url = "http://crl.example/root.crl";
    a->nca = subscribe(a, &p, &a->root);
    p = person_profile();
    a->person = subscribe(a, &p, &a->nca);
    p = (struct eds_profile){ .common_name = "OCSP",
                              .not_before = { AT.ms - DAY_MS },
                              .not_after = { AT.ms + DAY_MS },
                              .key_usage = "critical,digitalSignature",
                              .extended_key_usage = "OCSPSigning",
                              .ocsp_no_check = true };
    a->responder = subscribe(a, &p, &a->nca);
    p = (struct eds_profile){ .common_name = "TSA",
                              .not_before = { AT.ms - 50 * DAY_MS },
                              .not_after = { AT.ms + 50 * DAY_MS },
                              .key_usage = SIGN_USAGE,
                              .extended_key_usage = "critical,timeStamping" };
    a->tsa = subscribe(a, &p, &a->nca);
    assert_true(eds_trust_make(EDS_TEST, &a->root.certificate, 1, &a->nca.certificate, 1, policy, &a->trust, &a->err));
}

static inline void authority_release(struct authority *a)
{
    struct subscriber *all[] = { &a->root, &a->nca, &a->person, &a->responder, &a->tsa };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        subscriber_free(all[i]);
    eds_trust_free(a->trust);
}

/* ---- answers about revocation ---- */

struct ocsp_options {
    int status, reason; /* V_OCSP_CERTSTATUS_... */
    struct moment revoked, issued;
    const struct subscriber *signer; /* NULL: the authority's responder */
    const char *nonce;
    struct str request; /* .n > 0: the nonce of this request */
};

static inline ASN1_TIME *asn1_time(struct moment at) { return ASN1_TIME_set(NULL, (time_t)(at.ms / 1000)); }

static inline struct str keep_der(struct arena *arena, int n, unsigned char *der)
{
    assert_true(n > 0);
    struct str kept = { arena_copy(arena, der, (size_t)n), (size_t)n };
    OPENSSL_free(der);
    return kept;
}

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
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    assert_int_equal(EVP_DigestSignInit(ctx, NULL, eds_key_digest(signer->key), NULL, signer->key), 1);
    assert_int_equal(OCSP_basic_sign_ctx(basic, signer->certificate, ctx, NULL, 0), 1);
    OCSP_RESPONSE *response = OCSP_response_create(OCSP_RESPONSE_STATUS_SUCCESSFUL, basic);
    unsigned char *der = NULL;
    int n = i2d_OCSP_RESPONSE(response, &der);
    EVP_MD_CTX_free(ctx);
    ASN1_TIME_free(revoked);
    ASN1_TIME_free(issued);
    OCSP_CERTID_free(id);
    OCSP_RESPONSE_free(response);
    OCSP_BASICRESP_free(basic);
    return keep_der(arena, n, der);
}

static inline struct str good_ocsp(struct authority *a, struct arena *arena, X509 *subject)
{
    return make_ocsp(a, arena, subject, a->nca.certificate, (struct ocsp_options){ .status = V_OCSP_CERTSTATUS_GOOD });
}

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

/* ---- signed objects ---- */

static inline struct str keep_buf(struct arena *arena, struct buf *buf)
{
    struct str kept = arena_str(arena, buf_str(buf));
    buf_release(buf);
    return kept;
}

static inline struct str sign_cms(struct authority *a, struct arena *arena, const struct subscriber *by, size_t count,
                                  struct str content, struct eds_cms_options options)
{
    struct eds_identity identity[EDS_SIGNERS_MAX] = { 0 };
    struct buf out;
    for (size_t i = 0; i < count; i++)
        identity[i] = (struct eds_identity){ .key = by[i].key, .certificate = by[i].certificate };
    if (options.signing_time.ms == 0)
        options.signing_time = AT;
    buf_init(&out, 1 << 20);
    assert_true(eds_sign_cms(identity, count, content, &options, &out, &a->err));
    return keep_buf(arena, &out);
}

/* A token over `bytes`. */
static inline struct str make_token(struct authority *a, struct arena *arena, const struct subscriber *by, struct str bytes,
                                    const char *policy, struct moment at)
{
    const struct eds_identity identity = { .key = by->key, .certificate = by->certificate };
    struct buf request, reply, token;
    buf_init(&request, 1 << 16);
    buf_init(&reply, 1 << 16);
    buf_init(&token, 1 << 16);
    assert_true(eds_timestamp_request(bytes, a->algorithm, STR("\x01nonce"), &request, &a->err));
    assert_true(eds_timestamp_reply(&identity, buf_str(&request), policy, at, &reply, &a->err));
    assert_true(eds_timestamp_token(buf_str(&reply), buf_str(&request), &token, &a->err));
    buf_release(&request);
    buf_release(&reply);
    return keep_buf(arena, &token);
}

static inline struct str signature_value(struct authority *a, struct arena *arena, struct str cms)
{
    struct buf value;
    buf_init(&value, 4096);
    assert_true(eds_cms_signature_value(cms, 0, &value, &a->err));
    return keep_buf(arena, &value);
}

static inline struct str with_token(struct authority *a, struct arena *arena, struct str cms, struct str token)
{
    struct buf out;
    buf_init(&out, 1 << 20);
    assert_true(eds_cms_add_timestamp(cms, 0, token, &out, &a->err));
    return keep_buf(arena, &out);
}

/* ---- verdicts ---- */

static inline void expect(const struct eds_verdict *verdict, enum tri valid, enum eds_step_kind kind, enum eds_reason reason)
{
    const struct eds_step *why = eds_verdict_reason(verdict);
    if (verdict->valid != valid || (valid != TRI_YES && (!why || why->kind != kind || why->reason != reason)))
        fail_msg("valid %d, step %s, reason %s (%.*s)", verdict->valid, why ? eds_step_name(why->kind) : "none",
                 why ? eds_reason_name(why->reason) : "none", why ? (int)why->detail.n : 0, why ? why->detail.p : "");
}

static inline void expect_valid(const struct eds_verdict *verdict) { expect(verdict, TRI_YES, EDS_STEP_FORM, EDS_OK); }

#endif
