/* SPDX-License-Identifier: Apache-2.0 */
/* An external verifier's answers as verdicts: what it decides, what stays ours, and what holds the case. */
#include "eds_authority.h"

#include "base/json.h"

static struct authority a;
static struct arena arena;
static struct eds_policy policy;
static struct str cms, content;

static int setup(void **state)
{
    (void)state;
    arena_init(&arena, 0);
    policy = eds_policy_default;
    policy.verifier_url = "http://127.0.0.1:14579/";
    authority_init(&a, EDS_GOST_2015_512, &policy);
    content = STR("{\"what\":\"application\"}");
    cms = sign_cms(&a, &arena, &a.person, 1, content, (struct eds_cms_options){ .detached = true, .signing_time = AT });
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    authority_release(&a);
    arena_release(&arena);
    return 0;
}

static struct eds_request request(void)
{
    return (struct eds_request){
        .form = EDS_CMS, .signature = cms, .content = content, .at = AT, .purpose = EDS_PURPOSE_PERSON_SIGN, .iin = TEST_IIN
    };
}

static struct str serial(void)
{
    struct eds_verdict verdict;
    const struct eds_request ask = request();
    eds_verify(a.trust, &ask, &arena, &verdict);
    assert_int_equal(verdict.signers, 1);
    return verdict.signer[0].serial;
}

/* As NCANode 3 writes it. */
static struct str answer(const char *valid, const char *certificate_valid, struct str number, const char *revocations)
{
    return arena_printf(&arena,
                        "{\"status\":200,\"message\":\"OK\",\"valid\":%s,\"signers\":[{\"certificates\":[{\"valid\":%s,"
                        "\"revocations\":%s,\"notBefore\":\"2026-01-01T00:00:00.000+00:00\",\"serialNumber\":\"" STR_FMT
                        "\",\"subject\":{\"commonName\":\"ТЕСТОВ ТЕСТ\",\"iin\":\"000000000000\"}}]}]}",
                        valid, certificate_valid, revocations, STR_ARG(number));
}

static void said(struct str external, enum tri valid, enum eds_step_kind kind, enum eds_reason reason)
{
    struct eds_verdict verdict;
    struct eds_request ask = request();
    ask.external = external;
    eds_verify(a.trust, &ask, &arena, &verdict);
    expect(&verdict, valid, kind, reason);
    assert_true(valid != TRI_UNKNOWN || (verdict.missings == 1 && verdict.missing[0].kind == EDS_MISSING_VERDICT));
}

#define GOOD    "[{\"revoked\":false,\"by\":\"OCSP\"}]"
#define REVOKED "[{\"revoked\":true,\"by\":\"OCSP\",\"revocationTime\":\"2026-01-02T00:00:00Z\",\"reason\":\"keyCompromise\"}]"

static void decided(void **state)
{
    (void)state;
    struct str number = serial();
    said(answer("true", "true", number, GOOD), TRI_YES, EDS_STEP_FORM, EDS_OK);
    said(answer("false", "true", number, GOOD), TRI_NO, EDS_STEP_SIGNATURE, EDS_SIGNATURE_WRONG);
    said(answer("false", "false", number, REVOKED), TRI_NO, EDS_STEP_REVOCATION, EDS_REVOCATION_REVOKED);
    said(answer("true", "true", number, REVOKED), TRI_NO, EDS_STEP_REVOCATION, EDS_REVOCATION_REVOKED);
}

static void held(void **state)
{
    (void)state;
    struct str number = serial();
    said((struct str){ NULL, 0 }, TRI_UNKNOWN, EDS_STEP_SIGNATURE, EDS_VERIFIER_NO_ANSWER);
    said(STR("<html>"), TRI_UNKNOWN, EDS_STEP_SIGNATURE, EDS_VERIFIER_OTHER);
    said(STR("{\"status\":200,\"valid\":true,\"signers\":[{}]}"), TRI_UNKNOWN, EDS_STEP_SIGNATURE, EDS_VERIFIER_OTHER);
    said(STR("{\"status\":200,\"valid\":true,\"signers\":[]}"), TRI_UNKNOWN, EDS_STEP_SIGNATURE, EDS_VERIFIER_OTHER);
    said(answer("true", "true", STR("abc"), GOOD), TRI_UNKNOWN, EDS_STEP_SIGNATURE, EDS_VERIFIER_OTHER);
    said(answer("\"true\"", "true", number, GOOD), TRI_UNKNOWN, EDS_STEP_SIGNATURE, EDS_VERIFIER_OTHER);
    said(answer("true", "true", number, "[]"), TRI_UNKNOWN, EDS_STEP_REVOCATION, EDS_REVOCATION_NO_ANSWER);
    said(answer("false", "false", number, "[]"), TRI_UNKNOWN, EDS_STEP_CHAIN, EDS_VERIFIER_REFUSED);
}

/* Whatever it says. */
static void stays_ours(void **state)
{
    (void)state;
    struct eds_verdict verdict;
    struct eds_request ask = request();
    ask.external = answer("true", "true", serial(), GOOD);
    ask.iin = "000000000000";
    eds_verify(a.trust, &ask, &arena, &verdict);
    expect(&verdict, TRI_NO, EDS_STEP_IDENTITY, EDS_IDENTITY_OTHER_IIN);
    ask = request();
    ask.external = answer("true", "true", serial(), GOOD);
    ask.purpose = EDS_PURPOSE_SYSTEM;
    eds_verify(a.trust, &ask, &arena, &verdict);
    expect(&verdict, TRI_NO, EDS_STEP_PURPOSE, EDS_PURPOSE_OTHER);
    ask.purpose = EDS_PURPOSE_PERSON_SIGN;
    ask.signature = sign_cms(&a, &arena, &a.person, 1, STR("another"), (struct eds_cms_options){ .signing_time = AT });
    eds_verify(a.trust, &ask, &arena, &verdict);
    expect(&verdict, TRI_NO, EDS_STEP_CONTENT, EDS_CONTENT_DIFFERS);
    ask.signature =
        sign_cms(&a, &arena, &a.person, 1, STR("another"), (struct eds_cms_options){ .detached = true, .signing_time = AT });
    eds_verify(a.trust, &ask, &arena, &verdict);
    expect(&verdict, TRI_NO, EDS_STEP_CONTENT, EDS_CONTENT_DIGEST);
    ask.signature = sign_cms(&a, &arena, &a.person, 1, content, (struct eds_cms_options){ .no_signed_attributes = true });
    eds_verify(a.trust, &ask, &arena, &verdict);
    expect(&verdict, TRI_NO, EDS_STEP_ATTRIBUTES, EDS_ATTRIBUTES_MISSING);
}

/* It accepts more algorithms than the policy. */
static void algorithms_stay_ours(void **state)
{
    (void)state;
    struct eds_policy narrow = policy;
    struct eds_trust *trust;
    struct eds_verdict verdict;
    struct eds_request ask = request();
    narrow.signature_algorithms = 1u << EDS_RSA_SHA256;
    assert_true(eds_trust_make(EDS_TEST, &a.root.certificate, 1, &a.nca.certificate, 1, &narrow, &trust, &a.err));
    ask.external = answer("true", "true", serial(), GOOD);
    eds_verify(trust, &ask, &arena, &verdict);
    expect(&verdict, TRI_NO, EDS_STEP_ALGORITHM, EDS_ALGORITHM_REFUSED);
    eds_trust_free(trust);
}

/* Nobody signs its answer: a person's certificate of our own making, and an answer of our own writing, make nothing good. */
static void anchors_stay_ours(void **state)
{
    (void)state;
    struct authority other;
    struct eds_trust *trust;
    struct eds_verdict verdict;
    struct buf out;
    struct err err;
    struct eds_request ask = request();
    authority_init(&other, EDS_GOST_2015_512, NULL);
    assert_true(eds_trust_make(EDS_TEST, &other.root.certificate, 1, &other.nca.certificate, 1, &policy, &trust, &err));
    ask.external = answer("true", "true", serial(), GOOD);
    eds_verify(trust, &ask, &arena, &verdict);
    assert_int_equal(verdict.valid, TRI_UNKNOWN);
    expect(&verdict, TRI_UNKNOWN, EDS_STEP_CHAIN, eds_verdict_reason(&verdict)->reason);
    assert_int_equal(verdict.missings, 1);
    eds_verify(a.trust, &ask, &arena, &verdict);
    expect_valid(&verdict);
    buf_init(&out, 1 << 20);
    assert_true(eds_record_make(&ask, &verdict, &out, &err));
    eds_record_verify(trust, buf_str(&out), &arena, &verdict);
    assert_int_not_equal(verdict.valid, TRI_YES);
    buf_release(&out);
    eds_trust_free(trust);
    authority_release(&other);
}

/* The key's it is by our own arithmetic too. */
static void signature_stays_ours(void **state)
{
    (void)state;
    struct eds_verdict verdict;
    struct eds_request ask = request();
    char *changed = arena_copy(&arena, ask.signature.p, ask.signature.n);
    changed[ask.signature.n - 1] ^= 1; /* the last byte of the signature */
    ask.signature.p = changed;
    ask.external = answer("true", "true", serial(), GOOD);
    eds_verify(a.trust, &ask, &arena, &verdict);
    expect(&verdict, TRI_NO, EDS_STEP_SIGNATURE, EDS_SIGNATURE_WRONG);
}

static void asked_and_recorded(void **state)
{
    (void)state;
    struct eds_verdict verdict;
    struct buf out;
    struct err err;
    json_t *root;
    buf_init(&out, 1 << 20);
    struct eds_request ask = request();
    eds_verify(a.trust, &ask, &arena, &verdict);
    assert_true(str_is(verdict.missing[0].url, "http://127.0.0.1:14579/cms/verify"));
    assert_true(eds_external_request(&ask, &out, &err));
    assert_true(json_parse(buf_str(&out), &root, &err));
    assert_true(str_starts(json_member(root, "cms"), "MI"));
    assert_true(str_is(json_member(root, "data"), "eyJ3aGF0IjoiYXBwbGljYXRpb24ifQ=="));
    assert_string_equal(json_string_value(json_array_get(json_object_get(root, "revocationCheck"), 0)), "OCSP");
    json_decref(root);
    ask.external = answer("true", "true", serial(), GOOD);
    eds_verify(a.trust, &ask, &arena, &verdict);
    buf_clear(&out);
    assert_true(eds_record_make(&ask, &verdict, &out, &err));
    eds_record_verify(a.trust, buf_str(&out), &arena, &verdict);
    expect_valid(&verdict);
    buf_release(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(decided),           cmocka_unit_test(held),
                                        cmocka_unit_test(stays_ours),        cmocka_unit_test(algorithms_stay_ours),
                                        cmocka_unit_test(anchors_stay_ours), cmocka_unit_test(signature_stays_ours),
                                        cmocka_unit_test(asked_and_recorded) };
    eds_setup();
    return cmocka_run_group_tests(tests, setup, teardown);
}
