/* SPDX-License-Identifier: Apache-2.0 */
/* Keys, certificates and signed objects that are right by their letters: what they must not be taken for. */
#include "eds_fixture.h"

#include <openssl/core_names.h>
#include <openssl/param_build.h>

#define CONTENT   STR("өтініш")
#define OTHER_IIN "123456789012"

static struct str certificate_der(struct authority *a, struct arena *arena, X509 *certificate)
{
    struct buf der;
    buf_init(&der, 1 << 16);
    assert_true(eds_certificate_write(certificate, &der, &a->err));
    return keep_buf(arena, &der);
}

static struct eds_verdict verify_certificate(struct both *f, struct authority *a, X509 *certificate)
{
    struct eds_verdict verdict;
    struct str good = good_ocsp(a, &f->arena, certificate);
    const struct eds_request request = { .form = EDS_CERTIFICATE,
                                         .signature = certificate_der(a, &f->arena, certificate),
                                         .at = AT,
                                         .purpose = EDS_PURPOSE_PERSON_SIGN,
                                         .iin = TEST_IIN,
                                         .ocsp = &good,
                                         .ocsps = 1 };
    eds_verify(a->trust, &request, &f->arena, &verdict);
    return verdict;
}

/* ---- RSA keys that give themselves away ---- */

static EVP_PKEY *rsa_key_of(const BIGNUM *n, const BIGNUM *e)
{
    EVP_PKEY *key = NULL;
    OSSL_PARAM_BLD *build = OSSL_PARAM_BLD_new();
    OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_N, n);
    OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_E, e);
    OSSL_PARAM *params = OSSL_PARAM_BLD_to_param(build);
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, "RSA", NULL);
    assert_int_equal(EVP_PKEY_fromdata_init(ctx), 1);
    assert_int_equal(EVP_PKEY_fromdata(ctx, &key, EVP_PKEY_PUBLIC_KEY, params), 1);
    EVP_PKEY_CTX_free(ctx);
    OSSL_PARAM_free(params);
    OSSL_PARAM_BLD_free(build);
    return key;
}

static EVP_PKEY *rsa_key(const EVP_PKEY *like, unsigned long exponent)
{
    BIGNUM *n = NULL, *e = BN_new();
    assert_int_equal(EVP_PKEY_get_bn_param(like, OSSL_PKEY_PARAM_RSA_N, &n), 1);
    BN_set_word(e, exponent);
    EVP_PKEY *key = rsa_key_of(n, e);
    BN_free(n);
    BN_free(e);
    return key;
}

/* With e = 1 everybody can sign: the padded digest is its own signature. */
static void exponents(void **state)
{
    struct both *f = *state;
    static const struct {
        unsigned long exponent;
        enum tri valid;
    } rows[] = {
        { 1, TRI_NO }, { 3, TRI_NO }, { 65535, TRI_NO }, { 65536, TRI_NO }, { 65537, TRI_YES }, { 4294967297, TRI_YES }
    };
    struct eds_profile profile = person_profile();
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        EVP_PKEY *key = rsa_key(f->rsa.person.key, rows[i].exponent);
        X509 *certificate;
        assert_true(eds_certificate_make(&profile, key, f->rsa.nca.certificate, f->rsa.nca.key, &certificate, &f->rsa.err));
        struct eds_verdict v = verify_certificate(f, &f->rsa, certificate);
        expect(&v, rows[i].valid, EDS_STEP_CHAIN, EDS_KEY_WEAK);
        X509_free(certificate);
        EVP_PKEY_free(key);
    }
}

/* Verifying with it takes hundreds of times as long as with a common one, and sixteen of them may claim to have issued each
 * other. */
static void key_without_measure(void **state)
{
    struct both *f = *state;
    struct eds_profile profile = person_profile();
    BIGNUM *n = BN_new(), *e = BN_new();
    EVP_PKEY *key;
    X509 *certificate;
    assert_int_equal(BN_rand(n, 16384, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ODD), 1);
    BN_set_word(e, 0xffffffff);
    key = rsa_key_of(n, e);
    assert_true(eds_certificate_make(&profile, key, f->rsa.nca.certificate, f->rsa.nca.key, &certificate, &f->rsa.err));
    struct eds_identity identity = {
        .key = f->rsa.person.key, .certificate = f->rsa.person.certificate, .extra = &certificate, .extras = 1
    };
    const struct eds_cms_options options = { .signing_time = AT };
    struct buf out;
    buf_init(&out, 1 << 20);
    assert_true(eds_sign_cms(&identity, 1, CONTENT, &options, &out, &f->rsa.err));
    const struct eds_request request = { .form = EDS_CMS, .signature = buf_str(&out), .at = AT };
    struct eds_verdict v;
    eds_verify(f->rsa.trust, &request, &f->arena, &v);
    expect(&v, TRI_NO, EDS_STEP_FORM, EDS_FORM_TOO_LARGE);
    buf_release(&out);
    X509_free(certificate);
    EVP_PKEY_free(key);
    BN_free(n);
    BN_free(e);
}

/* ---- one identifier, two certificates ---- */

/* Somebody else's name on a certificate of one's own making, under the number and the key identifier of the real one. */
static X509 *mask(struct authority *a, X509 *real)
{
    struct eds_profile profile = person_profile();
    struct subscriber other;
    profile.iin = OTHER_IIN;
    assert_true(eds_key_generate(a->algorithm, &other.key, &a->err));
    assert_true(eds_certificate_make(&profile, other.key, a->nca.certificate, other.key, &other.certificate, &a->err));
    X509 *mask = other.certificate;
    assert_int_equal(X509_set_serialNumber(mask, X509_get_serialNumber(real)), 1);
    assert_true(X509_sign(mask, other.key, eds_key_digest(other.key)) > 0);
    X509 *again;
    struct arena arena;
    arena_init(&arena, 0);
    assert_true(eds_certificate_read(certificate_der(a, &arena, mask), &again, &a->err));
    arena_release(&arena);
    subscriber_free(&other);
    return again;
}

/* The person's signature, with both certificates, the mask in front. */
static struct str sign_masked(struct authority *a, struct arena *arena, X509 *masked)
{
    struct eds_identity identity = { .key = a->person.key, .certificate = a->person.certificate, .extra = &masked, .extras = 1 };
    const struct eds_cms_options options = { .signing_time = AT };
    struct str real = certificate_der(a, arena, a->person.certificate), mask = certificate_der(a, arena, masked);
    struct buf out;
    buf_init(&out, 1 << 20);
    assert_true(eds_sign_cms(&identity, 1, CONTENT, &options, &out, &a->err));
    char *one = memmem(out.p, out.n, real.p, real.n), *other = memmem(out.p, out.n, mask.p, mask.n);
    assert_true(one && other && (one + real.n == other || other + mask.n == one));
    char *first = one < other ? one : other;
    memcpy(first, mask.p, mask.n);
    memcpy(first + mask.n, real.p, real.n);
    return keep_buf(arena, &out);
}

/* A verifier that finds the real certificate says "valid"; whose the signature is must not be read off the other one. */
static void masked_signer(void **state)
{
    struct both *f = *state;
    struct eds_policy policy = eds_policy_default;
    struct eds_trust *trust;
    struct eds_verdict v;
    X509 *masked = mask(&f->gost, f->gost.person.certificate);
    policy.verifier_url = "http://127.0.0.1:14579/";
    assert_true(
        eds_trust_make(EDS_TEST, &f->gost.root.certificate, 1, &f->gost.nca.certificate, 1, &policy, &trust, &f->gost.err));
    BIGNUM *number = ASN1_INTEGER_to_BN(X509_get0_serialNumber(masked), NULL);
    char *hex = BN_bn2hex(number);
    struct eds_request request = { .form = EDS_CMS,
                                   .signature = sign_masked(&f->gost, &f->arena, masked),
                                   .content = CONTENT,
                                   .at = AT,
                                   .purpose = EDS_PURPOSE_PERSON_SIGN,
                                   .iin = OTHER_IIN };
    request.external = arena_printf(&f->arena,
                                    "{\"status\":200,\"valid\":true,\"signers\":[{\"certificates\":[{\"valid\":true,"
                                    "\"revocations\":[{\"revoked\":false,\"by\":\"OCSP\"}],\"serialNumber\":\"%s\"}]}]}",
                                    hex);
    eds_verify(trust, &request, &f->arena, &v);
    expect(&v, TRI_NO, EDS_STEP_FORM, EDS_FORM_MALLEABLE);
    eds_verify(f->gost.trust, &request, &f->arena, &v);
    expect(&v, TRI_NO, EDS_STEP_FORM, EDS_FORM_MALLEABLE);
    OPENSSL_free(hex);
    BN_free(number);
    X509_free(masked);
    eds_trust_free(trust);
}

/* ---- what a key is for ---- */

static void keys_for_signing_in(void **state)
{
    struct both *f = *state;
    static const struct {
        const char *usage;
        enum tri for_organisation, for_oneself;
    } rows[] = { { "emailProtection,1.2.398.3.3.4.1.2,1.2.398.3.3.4.1.2.1", TRI_YES, TRI_YES },
                 { "emailProtection,clientAuth,1.2.398.3.3.4.1.2,1.2.398.3.3.4.1.2.1", TRI_YES, TRI_YES },
                 { "1.2.398.3.2.3.4", TRI_YES, TRI_YES },
                 { PERSON_SIGN, TRI_NO, TRI_YES },
                 { "emailProtection,clientAuth,1.2.398.3.3.4.1.2,1.2.398.3.3.4.1.2.6", TRI_NO, TRI_NO },
                 { "clientAuth,1.2.398.3.3.4.1.1", TRI_NO, TRI_NO },
                 { "clientAuth,1.2.398.3.3.4.1.2,1.2.398.3.3.4.1.2.1", TRI_NO, TRI_NO },
                 { "clientAuth,1.2.398.3.2.3.4", TRI_NO, TRI_NO } };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct eds_profile profile = person_profile();
        profile.bin = TEST_BIN;
        profile.extended_key_usage = rows[i].usage;
        struct subscriber head = subscribe(&f->gost, &profile, &f->gost.nca);
        struct str cms = sign_cms(&f->gost, &f->arena, &head, 1, CONTENT, (struct eds_cms_options){ .detached = false }),
                   good = good_ocsp(&f->gost, &f->arena, head.certificate);
        struct eds_request request = { .form = EDS_CMS,
                                       .signature = cms,
                                       .at = AT,
                                       .purpose = EDS_PURPOSE_ORGANISATION,
                                       .iin = TEST_IIN,
                                       .bin = TEST_BIN,
                                       .ocsp = &good,
                                       .ocsps = 1 };
        struct eds_verdict v;
        eds_verify(f->gost.trust, &request, &f->arena, &v);
        expect(&v, rows[i].for_organisation, EDS_STEP_PURPOSE, EDS_PURPOSE_OTHER);
        request.purpose = EDS_PURPOSE_SIGN;
        eds_verify(f->gost.trust, &request, &f->arena, &v);
        expect(&v, rows[i].for_oneself, EDS_STEP_PURPOSE, EDS_PURPOSE_OTHER);
        subscriber_free(&head);
    }
}

/* A key of a timestamp authority that may do everything but sign. */
static void stamps_by_a_key_that_signs_nothing(void **state)
{
    struct both *f = *state;
    static const struct {
        const char *usage;
        enum tri valid;
    } rows[] = { { "critical,nonRepudiation", TRI_YES },
                 { NULL, TRI_YES },
                 { "critical,keyEncipherment", TRI_NO },
                 { "critical,keyCertSign,cRLSign", TRI_NO } };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct eds_profile profile = { .common_name = "TSA",
                                             .not_before = { AT.ms - DAY_MS },
                                             .not_after = { AT.ms + DAY_MS },
                                             .key_usage = rows[i].usage,
                                             .extended_key_usage = "critical,timeStamping" };
        struct authority *a = &f->gost;
        struct subscriber tsa = subscribe(a, &profile, &a->nca);
        struct str cms = sign_cms(a, &f->arena, &a->person, 1, CONTENT, (struct eds_cms_options){ .detached = false }),
                   token = make_token(a, &f->arena, &tsa, signature_value(a, &f->arena, cms), TSA_POLICY, AT),
                   good = good_ocsp(a, &f->arena, a->person.certificate);
        const struct eds_request request = {
            .form = EDS_CMS, .signature = with_token(a, &f->arena, cms, token), .at = AT, .ocsp = &good, .ocsps = 1
        };
        struct eds_verdict v;
        eds_verify(a->trust, &request, &f->arena, &v);
        expect(&v, rows[i].valid, EDS_STEP_TIMESTAMP, EDS_TIMESTAMP_CERTIFICATE);
        subscriber_free(&tsa);
    }
}

/* ---- extensions that are there twice ---- */

static void extensions_twice(void **state)
{
    struct both *f = *state;
    static const int nids[] = { NID_ext_key_usage, NID_key_usage, NID_basic_constraints };
    for (size_t i = 0; i < sizeof nids / sizeof *nids; i++) {
        struct authority *a = &f->gost;
        X509 *person = X509_dup(a->person.certificate), *again;
        X509V3_CTX ctx;
        X509V3_set_ctx(&ctx, NULL, person, NULL, NULL, 0);
        X509_EXTENSION *more = X509V3_EXT_conf_nid(NULL, &ctx, nids[i],
                                                   nids[i] == NID_ext_key_usage ? "timeStamping"
                                                   : nids[i] == NID_key_usage   ? "keyEncipherment"
                                                                                : "CA:FALSE");
        assert_int_equal(X509_add_ext(person, more, -1), 1);
        if (nids[i] == NID_basic_constraints)
            assert_int_equal(X509_add_ext(person, more, -1), 1);
        X509_EXTENSION_free(more);
        assert_true(X509_sign(person, a->nca.key, eds_key_digest(a->nca.key)) > 0);
        assert_true(eds_certificate_read(certificate_der(a, &f->arena, person), &again, &a->err));
        struct eds_verdict v = verify_certificate(f, a, again);
        assert_int_equal(v.valid, TRI_NO);
        X509_free(person);
        X509_free(again);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(exponents),
        cmocka_unit_test(key_without_measure),
        cmocka_unit_test(masked_signer),
        cmocka_unit_test(keys_for_signing_in),
        cmocka_unit_test(stamps_by_a_key_that_signs_nothing),
        cmocka_unit_test(extensions_twice),
    };
    eds_setup();
    return cmocka_run_group_tests(tests, both_open, both_close);
}
