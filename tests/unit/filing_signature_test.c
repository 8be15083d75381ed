/* SPDX-License-Identifier: Apache-2.0 */
/* Electronic signatures on the steps of a case: right ones, wrong ones, and those that have to wait. */
#include "filing_bench.h"

#define ORGANISATION_SIGN "emailProtection,1.2.398.3.3.4.1.2,1.2.398.3.3.4.1.2.1"

static void signed_and_consented_by_signature(void **state)
{
    struct bench b;
    (void)state;
    bench_open(&b);
    OK(&b.d, ask(&b, &b.aidos, FILING_SIGN_APPLICATION));
    assert_non_null(strstr(b.s.content.p, "\"filing\":\"T-000001-7\""));
    assert_non_null(strstr(b.s.content.p, "\"iin\":\"" AIDOS "\""));
    assert_non_null(strstr(b.s.content.p, "\"rka\":\"D1\""));
    assert_non_null(strstr(b.s.content.p, "\"previous_place\":\"Қарағанды\""));
    assert_non_null(strstr(b.s.content.p, "\"paragraph\":\"10.3\""));
    int64_t first = b.request;
    OK(&b.d, ask(&b, &b.aidos, FILING_SIGN_APPLICATION));
    assert_int_equal(b.request, first); /* still current */

    OK(&b.d, put(&b, sign(&b, &aidos_key, b.s.content)));
    assert_int_equal(b.result.state, FILING_SIGNATURE_CHECKING);
    assert_int_equal(b.result.step, EDS_STEP_REVOCATION);
    STATE_IS(&b.d, b.id, FILING_SIGNING);
    fetch(&b, &aidos_key);
    expect_result(&b, &b.aidos, FILING_SIGNATURE_GOOD, EDS_OK);
    STATE_IS(&b.d, b.id, FILING_CONSENT);

    OK(&b.d, ask(&b, &b.gulnar, FILING_SIGN_CONSENT));
    OK(&b.d, put(&b, sign_cms(&authority, &b.d.arena, &gulnar_key, 1, b.s.content, (struct eds_cms_options){ 0 })));
    fetch(&b, &gulnar_key);
    STATE_IS(&b.d, b.id, FILING_REGISTERING);
    desk_serve(&b.d);
    struct filing_view v = desk_view(&b.d, &b.aidos, b.id);
    assert_int_equal(v.state, FILING_REGISTERED);
    assert_int_equal(v.signed_by, FILING_BY_EDS);
    assert_int_equal(v.consent[0].level, FILING_BY_EDS);
    assert_int_equal(v.signature.result.state, FILING_SIGNATURE_GOOD);
    assert_int_equal(desk_count(&b.d, "SELECT count(*) FROM signature WHERE record IS NOT NULL"), 2);
    bench_close(&b);
}

/* With a key of the company that is the owner, in the hands of its head; neither of the two is enough. */
static void a_company_consents_with_its_own_key(void **state)
{
    static const struct {
        const char *iin, *bin, *usage;
        enum eds_reason reason;
    } rows[] = {
        { SAULE, NULL, PERSON_SIGN, EDS_PURPOSE_OTHER },
        { SAULE, "130441300074", ORGANISATION_SIGN, EDS_IDENTITY_OTHER_BIN },
        { GULNAR, "120340300073", ORGANISATION_SIGN, EDS_IDENTITY_OTHER_IIN },
        { SAULE, "120340300073", ORGANISATION_SIGN, EDS_OK },
    };
    struct filing_actor saule = citizen(SAULE);
    struct bench b;
    (void)state;
    bench_open(&b);
    b.id = desk_begin(&b.d, AIDOS, "D4");
    desk_serve(&b.d);
    desk_sign(&b.d, AIDOS, b.id);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct eds_profile profile = person_profile();
        profile.iin = rows[i].iin;
        profile.bin = rows[i].bin;
        profile.extended_key_usage = rows[i].usage;
        struct subscriber key = subscribe(&authority, &profile, &authority.nca);
        OK(&b.d, ask(&b, &saule, FILING_SIGN_CONSENT));
        assert_non_null(strstr(b.s.content.p, "\"company\":\"120340300073\""));
        OK(&b.d, put(&b, sign(&b, &key, b.s.content)));
        fetch(&b, &key);
        expect_result(&b, &saule, rows[i].reason == EDS_OK ? FILING_SIGNATURE_GOOD : FILING_SIGNATURE_REFUSED, rows[i].reason);
        subscriber_free(&key);
    }
    STATE_IS(&b.d, b.id, FILING_REGISTERING);

    /* Who consents for a company that is none of the owners has no key that would do. */
    b.id = desk_begin(&b.d, AIDOS, "D1");
    desk_serve(&b.d);
    desk_sign(&b.d, AIDOS, b.id);
    OK(&b.d, db_exec(b.d.db, "UPDATE consent SET company = 'x' WHERE given IS NULL", &b.d.err));
    REFUSED(&b.d, ERR_CONFLICT, ask(&b, &b.gulnar, FILING_SIGN_CONSENT));
    bench_close(&b);
}

static void wrong_signatures_are_refused_with_their_reason(void **state)
{
    const struct subscriber *const by[] = { &gulnar_key, &aidos_key, &aidos_auth };
    const enum eds_reason reason[] = { EDS_IDENTITY_OTHER_IIN, EDS_CONTENT_DIFFERS, EDS_PURPOSE_OTHER };
    struct bench b;
    (void)state;
    bench_open(&b);
    for (int i = 0; i < 3; i++) {
        OK(&b.d, ask(&b, &b.aidos, FILING_SIGN_APPLICATION));
        struct str content = b.s.content;
        if (reason[i] == EDS_CONTENT_DIFFERS)
            content = STR("{\"months\":12}");
        OK(&b.d, put(&b, sign_cms(&authority, &b.d.arena, by[i], 1, content, (struct eds_cms_options){ 0 })));
        expect_result(&b, &b.aidos, FILING_SIGNATURE_REFUSED, reason[i]);
        REFUSED(&b.d, ERR_CONFLICT, put(&b, sign(&b, &aidos_key, b.s.content))); /* the nonce is used up */
    }
    STATE_IS(&b.d, b.id, FILING_SIGNING);
    assert_int_equal(desk_count(&b.d, "SELECT count(*) FROM signature_fetch WHERE state IN ('open', 'silent')"), 0);
    bench_close(&b);
}

static void what_is_no_signature_leaves_the_request_open(void **state)
{
    struct bench b;
    (void)state;
    bench_open(&b);
    OK(&b.d, ask(&b, &b.aidos, FILING_SIGN_APPLICATION));
    REFUSED(&b.d, ERR_INPUT, put(&b, STR("")));
    REFUSED(&b.d, ERR_INPUT, put(&b, STR("a letter")));
    REFUSED(&b.d, ERR_INPUT, put(&b, b.s.content));
    char *large = arena_alloc(&b.d.arena, FILING_CMS_MAX + 1);
    memset(large, 'A', FILING_CMS_MAX + 1);
    REFUSED(&b.d, ERR_LIMIT, put(&b, (struct str){ large, FILING_CMS_MAX + 1 }));
    expect_result(&b, &b.aidos, FILING_SIGNATURE_OPEN, EDS_OK);
    bench_close(&b);
}

/* Each wrong one is kept with its request: there are not more of them than a person makes by mistake. */
static void nobody_begins_without_end(void **state)
{
    struct bench b;
    enum text_key key;
    (void)state;
    bench_open(&b);
    for (int i = 0; i < 20; i++) {
        OK(&b.d, ask(&b, &b.aidos, FILING_SIGN_APPLICATION));
        OK(&b.d, ask(&b, &b.aidos, FILING_SIGN_APPLICATION)); /* the same one */
        OK(&b.d, put(&b, sign(&b, &aidos_key, STR("{}"))));
        assert_int_equal(b.result.state, FILING_SIGNATURE_REFUSED);
    }
    REFUSED(&b.d, ERR_LIMIT, ask(&b, &b.aidos, FILING_SIGN_APPLICATION));
    assert_true(filing_err_key(&b.d.err, &key) && key == T_ERROR_TOO_MANY_SIGNATURES);
    assert_int_equal(b.d.err.again, 600);
    desk_pass(&b.d, 600);
    OK(&b.d, ask(&b, &b.aidos, FILING_SIGN_APPLICATION));
    bench_close(&b);
}

static void a_signature_of_before_does_not_count_again(void **state)
{
    struct bench b;
    (void)state;
    bench_open(&b);
    OK(&b.d, ask(&b, &b.aidos, FILING_SIGN_APPLICATION));
    struct str cms = sign(&b, &aidos_key, b.s.content);
    struct filing_coupon coupon = desk_coupon();
    coupon.children_under_14 = 2;
    OK(&b.d, filing_save_coupon(b.d.db, &b.d.context, &b.aidos, b.id, &coupon, &b.d.err));
    REFUSED(&b.d, ERR_CONFLICT, put(&b, cms)); /* the coupon is another one */
    OK(&b.d, ask(&b, &b.aidos, FILING_SIGN_APPLICATION));
    OK(&b.d, put(&b, cms));
    expect_result(&b, &b.aidos, FILING_SIGNATURE_REFUSED, EDS_CONTENT_DIGEST);

    OK(&b.d, ask(&b, &b.aidos, FILING_SIGN_APPLICATION));
    cms = sign(&b, &aidos_key, b.s.content);
    desk_pass(&b.d, 31 * 60);
    REFUSED(&b.d, ERR_CONFLICT, put(&b, cms)); /* too late */
    expect_result(&b, &b.aidos, FILING_SIGNATURE_EXPIRED, EDS_OK);

    OK(&b.d, ask(&b, &b.aidos, FILING_SIGN_APPLICATION));
    cms = sign(&b, &aidos_key, b.s.content);
    OK(&b.d, put(&b, cms));
    OK(&b.d, put(&b, cms)); /* sent twice: the same signature */
    expect_result(&b, &b.aidos, FILING_SIGNATURE_CHECKING, EDS_REVOCATION_NO_ANSWER);
    assert_int_equal(desk_count(&b.d, "SELECT count(*) FROM signature_fetch WHERE state = 'open'"), 1);
    bench_close(&b);
}

static void a_revoked_certificate_is_refused(void **state)
{
    struct bench b;
    (void)state;
    bench_open(&b);
    b.answer = REVOKED;
    OK(&b.d, ask(&b, &b.aidos, FILING_SIGN_APPLICATION));
    OK(&b.d, put(&b, sign(&b, &aidos_key, b.s.content)));
    fetch(&b, &aidos_key);
    expect_result(&b, &b.aidos, FILING_SIGNATURE_REFUSED, EDS_REVOCATION_REVOKED);
    STATE_IS(&b.d, b.id, FILING_SIGNING);
    struct filing_view v = desk_view(&b.d, &b.aidos, b.id);
    assert_int_equal(v.signature.result.reason, EDS_REVOCATION_REVOKED);
    bench_close(&b);
}

static void not_known_holds_until_it_is_known(void **state)
{
    struct bench b;
    (void)state;
    bench_open(&b);
    b.answer = NOTHING;
    OK(&b.d, ask(&b, &b.aidos, FILING_SIGN_APPLICATION));
    OK(&b.d, put(&b, sign(&b, &aidos_key, b.s.content)));
    for (int i = 0; i < 4; i++) {
        fetch(&b, &aidos_key);
        desk_pass(&b.d, 60);
    }
    /* OCSP has not helped twice: now the lists are asked for as well. */
    assert_true(desk_count(&b.d, "SELECT count(*) FROM signature_fetch WHERE kind = 'crl'") > 0);
    b.answer = NOT_KNOWN_HERE;
    desk_pass(&b.d, 300);
    fetch(&b, &aidos_key);
    expect_result(&b, &b.aidos, FILING_SIGNATURE_CHECKING, EDS_REVOCATION_NOT_ISSUED);
    STATE_IS(&b.d, b.id, FILING_SIGNING);
    b.answer = GOOD;
    desk_pass(&b.d, 300);
    fetch(&b, &aidos_key);
    expect_result(&b, &b.aidos, FILING_SIGNATURE_GOOD, EDS_OK);
    STATE_IS(&b.d, b.id, FILING_CONSENT);
    bench_close(&b);
}

static void the_owners_hour_is_kept_by_when_the_signature_came(void **state)
{
    struct bench b;
    struct moment next;
    (void)state;
    bench_open(&b);
    desk_sign(&b.d, AIDOS, b.id);
    desk_pass(&b.d, 59 * 60);
    OK(&b.d, ask(&b, &b.gulnar, FILING_SIGN_CONSENT));
    assert_int_equal(b.s.until.ms, AT.ms + 3600 * 1000); /* no longer than the hour */
    OK(&b.d, put(&b, sign(&b, &gulnar_key, b.s.content)));
    desk_pass(&b.d, 3600);
    OK(&b.d, filing_timers(b.d.db, &b.d.context, &next, &b.d.err));
    STATE_IS(&b.d, b.id, FILING_CONSENT);
    REFUSED(&b.d, ERR_CONFLICT, ask(&b, &b.gulnar, FILING_SIGN_CONSENT));
    fetch(&b, &gulnar_key);
    STATE_IS(&b.d, b.id, FILING_REGISTERING);
    bench_close(&b);
}

static void a_code_is_still_the_other_way(void **state)
{
    struct bench b;
    (void)state;
    bench_open(&b);
    OK(&b.d, ask(&b, &b.aidos, FILING_SIGN_APPLICATION));
    OK(&b.d, put(&b, sign(&b, &aidos_key, b.s.content)));
    OK(&b.d, filing_send_code(b.d.db, &b.d.context, &b.aidos, b.id, &b.d.err));
    desk_serve(&b.d);
    OK(&b.d, filing_sign(b.d.db, &b.d.context, &b.aidos, b.id, str_from(b.d.code), &b.d.err));
    expect_result(&b, &b.aidos, FILING_SIGNATURE_WITHDRAWN, EDS_REVOCATION_NO_ANSWER);
    fetch(&b, &aidos_key); /* nobody waits for it */
    assert_int_equal(b.fetched, 0);
    assert_int_equal(desk_view(&b.d, &b.aidos, b.id).signed_by, FILING_BY_CODE);
    bench_close(&b);
}

/* With an external verifier in the profile nothing else is fetched, and its silence holds the case. */
static void an_external_verifier_is_asked_by_the_courier(void **state)
{
    struct bench b;
    struct eds_policy policy = eds_policy_default;
    struct eds_trust *trust;
    struct filing_fetch f;
    int count;
    (void)state;
    bench_open(&b);
    policy.verifier_url = "http://127.0.0.1:14579";
    OK(&b.d, eds_trust_make(EDS_TEST, &authority.root.certificate, 1, &authority.nca.certificate, 1, &policy, &trust, &b.d.err));
    b.d.context.trust = trust;
    OK(&b.d, ask(&b, &b.aidos, FILING_SIGN_APPLICATION));
    OK(&b.d, put(&b, sign(&b, &aidos_key, b.s.content)));
    expect_result(&b, &b.aidos, FILING_SIGNATURE_CHECKING, EDS_VERIFIER_NO_ANSWER);
    OK(&b.d, filing_fetches_take(b.d.db, &b.d.context, 1, 30000, &b.d.arena, &f, &count, &b.d.err));
    assert_int_equal(count, 1);
    assert_int_equal(f.kind, FILING_FETCH_VERDICT);
    assert_true(str_is(f.url, "http://127.0.0.1:14579/cms/verify"));
    OK(&b.d, filing_fetch_done(b.d.db, &b.d.context, &f, (struct str){ NULL, 0 }, STR("no answer in time"), &b.d.err));
    STATE_IS(&b.d, b.id, FILING_SIGNING);
    b.d.context.now.ms += 3600000 / 4;
    OK(&b.d, filing_fetches_take(b.d.db, &b.d.context, 1, 30000, &b.d.arena, &f, &count, &b.d.err));
    assert_int_equal(count, 1);
    struct eds_request request = { .form = EDS_CERTIFICATE, .at = AT };
    struct eds_verdict verdict;
    struct buf der;
    buf_init(&der, 1 << 16);
    OK(&b.d, eds_certificate_write(aidos_key.certificate, &der, &b.d.err));
    request.signature = buf_str(&der);
    eds_verify(trust, &request, &b.d.arena, &verdict);
    struct str answer =
        arena_printf(&b.d.arena,
                     "{\"status\":200,\"valid\":true,\"signers\":[{\"certificates\":[{\"valid\":true,"
                     "\"serialNumber\":\"" STR_FMT "\",\"revocations\":[{\"revoked\":false,\"by\":\"OCSP\"}]}]}]}",
                     STR_ARG(verdict.signer[0].serial));
    OK(&b.d, filing_fetch_done(b.d.db, &b.d.context, &f, answer, STR(""), &b.d.err));
    expect_result(&b, &b.aidos, FILING_SIGNATURE_GOOD, EDS_OK);
    STATE_IS(&b.d, b.id, FILING_CONSENT);
    int64_t records;
    OK(&b.d, filing_records_verify(b.d.db, trust, &records, &b.d.err));
    assert_int_equal(records, 1);
    buf_release(&der);
    b.d.context.trust = authority.trust;
    desk_audit_is_whole(&b.d);
    desk_close(&b.d);
    eds_trust_free(trust);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(signed_and_consented_by_signature),
        cmocka_unit_test(a_company_consents_with_its_own_key),
        cmocka_unit_test(wrong_signatures_are_refused_with_their_reason),
        cmocka_unit_test(what_is_no_signature_leaves_the_request_open),
        cmocka_unit_test(nobody_begins_without_end),
        cmocka_unit_test(a_signature_of_before_does_not_count_again),
        cmocka_unit_test(a_revoked_certificate_is_refused),
        cmocka_unit_test(not_known_holds_until_it_is_known),
        cmocka_unit_test(the_owners_hour_is_kept_by_when_the_signature_came),
        cmocka_unit_test(a_code_is_still_the_other_way),
        cmocka_unit_test(an_external_verifier_is_asked_by_the_courier),
    };
    return bench_run(tests, sizeof tests / sizeof *tests);
}
