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

/* ---- signed objects ---- */

static inline struct str keep_der(struct arena *arena, int n, unsigned char *der)
{
    assert_true(n > 0);
    struct str kept = { arena_copy(arena, der, (size_t)n), (size_t)n };
    OPENSSL_free(der);
    return kept;
}

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
