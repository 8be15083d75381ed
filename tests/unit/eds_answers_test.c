/* SPDX-License-Identifier: Apache-2.0 */
/* Revocation and timestamps: what each answer makes of a good signature. */
#include "eds_fixture.h"

static struct str ocsp(struct fixture *f, struct ocsp_options o)
{
    return make_ocsp(&f->a, &f->arena, f->a.person.certificate, f->a.nca.certificate, o);
}

static void expect_ocsp(struct fixture *f, struct ocsp_options o, enum tri valid, enum eds_reason reason)
{
    struct str answer = ocsp(f, o);
    struct eds_verdict v = fixture_verify(f, (struct eds_request){ .ocsp = &answer, .ocsps = 1 });
    expect(&v, valid, EDS_STEP_REVOCATION, reason);
}

#define REVOKED V_OCSP_CERTSTATUS_REVOKED
#define HOLD    OCSP_REVOKED_STATUS_CERTIFICATEHOLD

static void ocsp_answers(void **state)
{
    struct fixture *f = *state;
    expect_ocsp(f, (struct ocsp_options){ .status = V_OCSP_CERTSTATUS_GOOD }, TRI_YES, EDS_OK);
    expect_ocsp(f, (struct ocsp_options){ .status = V_OCSP_CERTSTATUS_UNKNOWN }, TRI_UNKNOWN, EDS_REVOCATION_UNKNOWN);
    expect_ocsp(f, (struct ocsp_options){ .status = REVOKED, .reason = 1, .revoked = AT_PLUS(-60) }, TRI_NO,
                EDS_REVOCATION_REVOKED);
    expect_ocsp(f, (struct ocsp_options){ .status = REVOKED, .reason = 1, .revoked = AT }, TRI_NO, EDS_REVOCATION_REVOKED);
    expect_ocsp(f, (struct ocsp_options){ .status = REVOKED, .reason = 1, .revoked = AT_PLUS(1), .issued = AT_PLUS(9) }, TRI_YES,
                EDS_REVOCATION_LATER);
    expect_ocsp(f, (struct ocsp_options){ .status = REVOKED, .reason = HOLD }, TRI_UNKNOWN, EDS_REVOCATION_NOT_ISSUED);
    expect_ocsp(f, (struct ocsp_options){ .status = REVOKED, .reason = HOLD, .revoked = AT_PLUS(-60) }, TRI_NO,
                EDS_REVOCATION_REVOKED);
    expect_ocsp(f, (struct ocsp_options){ .status = V_OCSP_CERTSTATUS_GOOD, .issued = AT_PLUS(-901) }, TRI_UNKNOWN,
                EDS_REVOCATION_STALE);
    expect_ocsp(f, (struct ocsp_options){ .status = V_OCSP_CERTSTATUS_GOOD, .issued = AT_PLUS(-900) }, TRI_YES, EDS_OK);
    expect_ocsp(f, (struct ocsp_options){ .status = V_OCSP_CERTSTATUS_GOOD, .signer = &f->a.nca }, TRI_YES, EDS_OK);
    expect_ocsp(f, (struct ocsp_options){ .status = V_OCSP_CERTSTATUS_GOOD, .signer = &f->a.person }, TRI_UNKNOWN,
                EDS_REVOCATION_RESPONDER);
    expect_ocsp(f, (struct ocsp_options){ .status = V_OCSP_CERTSTATUS_GOOD, .signer = &f->a.root }, TRI_UNKNOWN,
                EDS_REVOCATION_RESPONDER);
}

/* An answer of another authority, with the same names, about a certificate with the same number. */
static void forged_answers(void **state)
{
    struct fixture *f = *state;
    struct authority other;
    authority_init(&other, EDS_GOST_2015_512, NULL);
    expect_ocsp(f, (struct ocsp_options){ .status = V_OCSP_CERTSTATUS_GOOD, .signer = &other.responder }, TRI_UNKNOWN,
                EDS_REVOCATION_RESPONDER);
    expect_ocsp(f, (struct ocsp_options){ .status = REVOKED, .revoked = AT_PLUS(-9), .signer = &other.responder }, TRI_UNKNOWN,
                EDS_REVOCATION_RESPONDER);
    struct str answer = ocsp(f, (struct ocsp_options){ .status = V_OCSP_CERTSTATUS_GOOD });
    char *bytes = arena_copy(&f->arena, answer.p, answer.n);
    size_t changed = 0;
    for (size_t bit = 5; bit < answer.n * 8; bit += 97) {
        bytes[bit / 8] = (char)(bytes[bit / 8] ^ (1 << bit % 8));
        struct str given = { bytes, answer.n };
        struct eds_verdict v = fixture_verify(f, (struct eds_request){ .ocsp = &given, .ocsps = 1 });
        /* What the responder's certificate says beyond its key and its right is not part of the answer. */
        changed += v.valid == TRI_UNKNOWN;
        assert_int_not_equal(v.valid, TRI_NO);
        bytes[bit / 8] = (char)(bytes[bit / 8] ^ (1 << bit % 8));
    }
    assert_true(changed * 97 >= answer.n * 8 - 4 * 97);
    authority_release(&other);
}

static void nonce(void **state)
{
    struct fixture *f = *state;
    struct str with = ocsp(f, (struct ocsp_options){ .status = V_OCSP_CERTSTATUS_GOOD, .nonce = "0123456789" });
    struct str without = ocsp(f, (struct ocsp_options){ .status = V_OCSP_CERTSTATUS_GOOD });
    struct eds_verdict v = fixture_verify(f, (struct eds_request){ .ocsp = &with, .ocsps = 1, .ocsp_nonce = STR("0123456789") });
    expect_valid(&v);
    v = fixture_verify(f, (struct eds_request){ .ocsp = &with, .ocsps = 1, .ocsp_nonce = STR("0123456788") });
    expect(&v, TRI_UNKNOWN, EDS_STEP_REVOCATION, EDS_REVOCATION_NONCE);
    v = fixture_verify(f, (struct eds_request){ .ocsp = &without, .ocsps = 1, .ocsp_nonce = STR("0123456789") });
    expect(&v, TRI_UNKNOWN, EDS_STEP_REVOCATION, EDS_REVOCATION_NONCE);
}

static void expect_lists(struct fixture *f, const struct crl_options *o, size_t count, enum tri valid, enum eds_reason reason)
{
    struct str list[4];
    for (size_t i = 0; i < count; i++)
        list[i] = make_crl(&f->a, &f->arena, o[i]);
    struct eds_verdict v = fixture_verify(f, (struct eds_request){ .crl = list, .crls = count });
    expect(&v, valid, EDS_STEP_REVOCATION, reason);
    for (size_t i = 1; i < count; i++) { /* the other way round, and all in one */
        struct str swapped = list[i];
        list[i] = list[0];
        list[0] = swapped;
    }
    v = fixture_verify(f, (struct eds_request){ .crl = list, .crls = count });
    expect(&v, valid, EDS_STEP_REVOCATION, reason);
    struct buf all;
    buf_init(&all, 1 << 20);
    for (size_t i = 0; i < count; i++)
        buf_add_str(&all, list[i]);
    struct str joined = keep_buf(&f->arena, &all);
    v = fixture_verify(f, (struct eds_request){ .crl = &joined, .crls = 1 });
    expect(&v, valid, EDS_STEP_REVOCATION, reason);
}

static void lists(void **state)
{
    struct fixture *f = *state;
    X509 *person = f->a.person.certificate;
    const struct crl_options clean = { .number = 5, .reason = NO_REASON },
                             listed = { .number = 5, .revoked = person, .when = AT_PLUS(-50), .reason = 1 },
                             delta_clean = { .number = 7, .base = 5, .reason = NO_REASON },
                             delta_listed = { .number = 7, .base = 4, .revoked = person, .when = AT_PLUS(-50), .reason = 1 },
                             delta_removed = { .number = 7, .base = 5, .revoked = person, .when = AT_PLUS(-50), .reason = 8 };
    struct crl_options o[2] = { clean, clean };
    expect_lists(f, o, 1, TRI_YES, EDS_OK);
    o[0] = listed;
    expect_lists(f, o, 1, TRI_NO, EDS_REVOCATION_REVOKED);
    o[0].when = AT_PLUS(50);
    expect_lists(f, o, 1, TRI_YES, EDS_REVOCATION_LATER);
    o[0] = clean;
    o[0].next = AT_PLUS(-1);
    expect_lists(f, o, 1, TRI_UNKNOWN, EDS_REVOCATION_STALE);
    o[1] = delta_clean; /* keeps the old base alive */
    expect_lists(f, o, 2, TRI_YES, EDS_OK);
    o[1] = delta_listed;
    expect_lists(f, o, 2, TRI_NO, EDS_REVOCATION_REVOKED);
    o[0] = listed;
    o[1] = delta_removed;
    expect_lists(f, o, 2, TRI_YES, EDS_OK);
    o[0] = clean;
    o[1] = delta_listed;
    o[1].base = 6; /* does not follow this base */
    expect_lists(f, o, 2, TRI_YES, EDS_OK);
    o[0] = delta_clean;
    expect_lists(f, o, 1, TRI_UNKNOWN, EDS_REVOCATION_NO_ANSWER); /* no list without its base */
    o[0] = clean;
    o[0].signer = &f->a.root;
    expect_lists(f, o, 1, TRI_UNKNOWN, EDS_REVOCATION_FORGED);
}

static void several_answers(void **state)
{
    struct fixture *f = *state;
    struct str good = ocsp(f, (struct ocsp_options){ .status = V_OCSP_CERTSTATUS_GOOD });
    struct str bad =
        make_crl(&f->a, &f->arena, (struct crl_options){ .revoked = f->a.person.certificate, .when = AT_PLUS(-50), .reason = 1 });
    struct eds_verdict v = fixture_verify(f, (struct eds_request){ .ocsp = &good, .ocsps = 1, .crl = &bad, .crls = 1 });
    expect(&v, TRI_NO, EDS_STEP_REVOCATION, EDS_REVOCATION_REVOKED);
    struct str other = good_ocsp(&f->a, &f->arena, f->a.tsa.certificate); /* about somebody else */
    v = fixture_verify(f, (struct eds_request){ .ocsp = &other, .ocsps = 1 });
    expect(&v, TRI_UNKNOWN, EDS_STEP_REVOCATION, EDS_REVOCATION_NO_ANSWER);
    struct str junk[] = { STR(""), STR("0"), STR("junk"), { f->cms.p, f->cms.n } };
    v = fixture_verify(f, (struct eds_request){ .ocsp = junk, .ocsps = 4, .crl = junk, .crls = 4 });
    expect(&v, TRI_UNKNOWN, EDS_STEP_REVOCATION, EDS_REVOCATION_NO_ANSWER);
}

/* The authority between signer and anchor: looked at when there is an answer, demanded by policy. */
static void authorities(void **state)
{
    struct fixture *f = *state;
    struct str good = ocsp(f, (struct ocsp_options){ .status = V_OCSP_CERTSTATUS_GOOD });
    struct authority root = f->a;
    root.nca = f->a.root; /* signs the list that the issuing authority is on */
    struct str list =
        make_crl(&root, &f->arena, (struct crl_options){ .revoked = f->a.nca.certificate, .when = AT_PLUS(-50), .reason = 2 });
    struct eds_verdict v = fixture_verify(f, (struct eds_request){ .ocsp = &good, .ocsps = 1, .crl = &list, .crls = 1 });
    expect(&v, TRI_NO, EDS_STEP_REVOCATION, EDS_REVOCATION_REVOKED);

    struct eds_policy strict = eds_policy_default;
    struct eds_trust *trust;
    struct eds_request request = { .form = EDS_CMS, .signature = f->cms, .at = AT, .ocsp = &good, .ocsps = 1 };
    strict.authorities_required = true;
    assert_true(eds_trust_make(EDS_TEST, &f->a.root.certificate, 1, &f->a.nca.certificate, 1, &strict, &trust, &f->a.err));
    eds_verify(trust, &request, &f->arena, &v);
    expect(&v, TRI_UNKNOWN, EDS_STEP_REVOCATION, EDS_REVOCATION_NO_ANSWER);
    eds_trust_free(trust);
}

/* ---- timestamps ---- */

static struct str stamped(struct fixture *f, const struct subscriber *by, const char *policy, struct moment at)
{
    struct str token = make_token(&f->a, &f->arena, by, signature_value(&f->a, &f->arena, f->cms), policy, at);
    return with_token(&f->a, &f->arena, f->cms, token);
}

static void timestamp_gives_the_time(void **state)
{
    struct fixture *f = *state;
    struct str cms = stamped(f, &f->a.tsa, TSA_POLICY, AT),
               good = ocsp(f, (struct ocsp_options){ .status = V_OCSP_CERTSTATUS_GOOD });
    const struct moment much_later = { AT.ms + 300 * DAY_MS }; /* the signer's certificate has run out */
    struct eds_verdict v =
        fixture_verify(f, (struct eds_request){ .signature = cms, .ocsp = &good, .ocsps = 1, .at = much_later });
    expect_valid(&v);
    assert_true(v.signer[0].timestamp_trusted && v.signer[0].timestamp.ms == AT.ms && v.signer[0].verified_at.ms == AT.ms);
    v = fixture_verify(f, (struct eds_request){ .ocsp = &good, .ocsps = 1, .at = much_later });
    expect(&v, TRI_NO, EDS_STEP_CHAIN, EDS_CHAIN_EXPIRED);
    /* fetched later, and handed over beside the object */
    struct str token = make_token(&f->a, &f->arena, &f->a.tsa, signature_value(&f->a, &f->arena, f->cms), TSA_POLICY, AT);
    v = fixture_verify(f, (struct eds_request){ .timestamp = token, .ocsp = &good, .ocsps = 1, .at = much_later });
    expect_valid(&v);
}

static void expect_stamp(struct fixture *f, struct str cms, enum eds_reason reason)
{
    struct str good = ocsp(f, (struct ocsp_options){ .status = V_OCSP_CERTSTATUS_GOOD });
    struct eds_verdict v = fixture_verify(f, (struct eds_request){ .signature = cms, .ocsp = &good, .ocsps = 1 });
    expect(&v, TRI_NO, EDS_STEP_TIMESTAMP, reason);
}

static void wrong_timestamps(void **state)
{
    struct fixture *f = *state;
    struct str other = sign_cms(&f->a, &f->arena, &f->a.person, 1, STR("another"), (struct eds_cms_options){ .detached = false });
    struct str token = make_token(&f->a, &f->arena, &f->a.tsa, signature_value(&f->a, &f->arena, other), TSA_POLICY, AT);
    expect_stamp(f, with_token(&f->a, &f->arena, f->cms, token), EDS_TIMESTAMP_OTHER_SIGNATURE);
    token = make_token(&f->a, &f->arena, &f->a.tsa, FIXTURE_CONTENT, TSA_POLICY, AT); /* over the content, not the signature */
    expect_stamp(f, with_token(&f->a, &f->arena, f->cms, token), EDS_TIMESTAMP_OTHER_SIGNATURE);
    expect_stamp(f, stamped(f, &f->a.tsa, "1.2.3.4", AT), EDS_TIMESTAMP_POLICY);
    expect_stamp(f, stamped(f, &f->a.person, TSA_POLICY, AT), EDS_TIMESTAMP_CERTIFICATE);
    expect_stamp(f, stamped(f, &f->a.tsa, TSA_POLICY, AT_PLUS(301)), EDS_TIMESTAMP_FUTURE);
    expect_stamp(f, with_token(&f->a, &f->arena, f->cms, f->cms), EDS_TIMESTAMP_UNREADABLE);
    struct str twice = with_token(&f->a, &f->arena, stamped(f, &f->a.tsa, TSA_POLICY, AT), token);
    struct eds_verdict v = fixture_verify(f, (struct eds_request){ .signature = twice });
    assert_int_equal(v.valid, TRI_NO);

    struct eds_profile p = { .common_name = "TSA",
                             .not_before = { AT.ms - DAY_MS },
                             .not_after = { AT.ms + DAY_MS },
                             .key_usage = SIGN_USAGE,
                             .extended_key_usage = "timeStamping" }; /* not critical */
    struct subscriber tsa = subscribe(&f->a, &p, &f->a.nca);
    expect_stamp(f, stamped(f, &tsa, TSA_POLICY, AT), EDS_TIMESTAMP_CERTIFICATE);
    subscriber_free(&tsa);
}

/* Of an authority that nobody here trusts: told, and the time of the request counts. */
static void strange_timestamps(void **state)
{
    struct fixture *f = *state;
    struct authority other;
    authority_init(&other, EDS_GOST_2015_512, NULL);
    struct str cms = stamped(f, &other.tsa, TSA_POLICY, AT),
               good = ocsp(f, (struct ocsp_options){ .status = V_OCSP_CERTSTATUS_GOOD });
    struct eds_verdict v =
        fixture_verify(f, (struct eds_request){ .signature = cms, .ocsp = &good, .ocsps = 1, .at = AT_PLUS(60) });
    expect_valid(&v);
    assert_true(v.signer[0].has_timestamp && !v.signer[0].timestamp_trusted);
    assert_true(v.signer[0].verified_at.ms == AT_PLUS(60).ms);

    struct eds_policy strict = eds_policy_default;
    struct eds_trust *trust;
    struct eds_request request = { .form = EDS_CMS, .signature = f->cms, .at = AT, .ocsp = &good, .ocsps = 1 };
    strict.timestamp_required = true;
    strict.tsp_url = "http://tsp.example/";
    assert_true(eds_trust_make(EDS_TEST, &f->a.root.certificate, 1, &f->a.nca.certificate, 1, &strict, &trust, &f->a.err));
    eds_verify(trust, &request, &f->arena, &v);
    expect(&v, TRI_UNKNOWN, EDS_STEP_TIMESTAMP, EDS_TIMESTAMP_MISSING);
    assert_int_equal(v.missing[0].kind, EDS_MISSING_TIMESTAMP);
    assert_true(str_is(v.missing[0].url, "http://tsp.example/") && v.missing[0].imprint.n == 128);
    request.signature = cms;
    eds_verify(trust, &request, &f->arena, &v);
    expect(&v, TRI_NO, EDS_STEP_TIMESTAMP, EDS_TIMESTAMP_UNTRUSTED);
    eds_trust_free(trust);
    authority_release(&other);
}

static void replies_are_held_against_requests(void **state)
{
    struct fixture *f = *state;
    const struct eds_identity tsa = { .key = f->a.tsa.key, .certificate = f->a.tsa.certificate };
    struct buf one, two, reply, token;
    buf_init(&one, 4096);
    buf_init(&two, 4096);
    buf_init(&reply, 1 << 16);
    buf_init(&token, 1 << 16);
    assert_true(eds_timestamp_request(FIXTURE_CONTENT, EDS_GOST_2015_512, STR("one"), &one, &f->a.err));
    assert_true(eds_timestamp_request(FIXTURE_CONTENT, EDS_GOST_2015_512, STR("two"), &two, &f->a.err));
    assert_true(eds_timestamp_reply(&tsa, buf_str(&one), TSA_POLICY, AT, &reply, &f->a.err));
    assert_true(eds_timestamp_token(buf_str(&reply), buf_str(&one), &token, &f->a.err));
    assert_false(eds_timestamp_token(buf_str(&reply), buf_str(&two), &token, &f->a.err)); /* another nonce */
    buf_clear(&two);
    assert_true(eds_timestamp_request(STR("other"), EDS_GOST_2015_512, STR("one"), &two, &f->a.err));
    assert_false(eds_timestamp_token(buf_str(&reply), buf_str(&two), &token, &f->a.err));
    buf_release(&one);
    buf_release(&two);
    buf_release(&reply);
    buf_release(&token);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ocsp_answers),
        cmocka_unit_test(forged_answers),
        cmocka_unit_test(nonce),
        cmocka_unit_test(lists),
        cmocka_unit_test(several_answers),
        cmocka_unit_test(authorities),
        cmocka_unit_test(timestamp_gives_the_time),
        cmocka_unit_test(wrong_timestamps),
        cmocka_unit_test(strange_timestamps),
        cmocka_unit_test(replies_are_held_against_requests),
    };
    eds_setup();
    return cmocka_run_group_tests(tests, fixture_open, fixture_close);
}
