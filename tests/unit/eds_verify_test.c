/* SPDX-License-Identifier: Apache-2.0 */
/* CMS signatures and certificates of an authority made here: good ones pass every step, wrong ones fail at theirs. */
#include "eds_fixture.h"

#define CONTENT STR("өтініш №1")

static struct eds_verdict verify(struct authority *a, struct arena *arena, struct eds_request request)
{
    struct eds_verdict verdict;
    if (request.at.ms == 0)
        request.at = AT;
    eds_verify(a->trust, &request, arena, &verdict);
    return verdict;
}

/* ---- good ones ---- */

static void all_algorithms(void **state)
{
    struct both *f = *state;
    static const enum eds_algorithm algorithm[] = { EDS_RSA_SHA256, EDS_GOST_2015_512, EDS_GOST_2015_256, EDS_GOST_2004 };
    for (size_t i = 0; i < sizeof algorithm / sizeof *algorithm; i++) {
        struct authority a;
        authority_init(&a, algorithm[i], &eds_policy_archive);
        struct str ocsp = good_ocsp(&a, &f->arena, a.person.certificate);
        for (int detached = 0; detached < 2; detached++) {
            struct str cms = sign_cms(&a, &f->arena, &a.person, 1, CONTENT, (struct eds_cms_options){ .detached = detached });
            struct eds_verdict v = verify(&a, &f->arena,
                                          (struct eds_request){ .form = EDS_CMS,
                                                                .signature = cms,
                                                                .content = detached ? CONTENT : (struct str){ NULL, 0 },
                                                                .purpose = EDS_PURPOSE_PERSON_SIGN,
                                                                .iin = TEST_IIN,
                                                                .ocsp = &ocsp,
                                                                .ocsps = 1 });
            expect_valid(&v);
            assert_true(str_equal(v.content, CONTENT));
            assert_int_equal(v.signers, 1);
            assert_int_equal(v.signer[0].algorithm, algorithm[i]);
            assert_true(str_is(v.signer[0].iin, TEST_IIN));
            assert_int_equal(v.signer[0].chain_length, 3);
            assert_true(v.signer[0].has_signing_time && v.signer[0].signing_time.ms == AT.ms);
        }
        authority_release(&a);
    }
}

/* Signed over its digest alone: the verdict is as of the content itself; a digest of another length is none. */
static void content_digested_elsewhere(void **state)
{
    struct both *f = *state;
    struct authority *const both[] = { &f->gost, &f->rsa };
    for (size_t i = 0; i < 2; i++) {
        unsigned char digest[EVP_MAX_MD_SIZE];
        unsigned n;
        struct str content = CONTENT, ocsp = good_ocsp(both[i], &f->arena, both[i]->person.certificate);
        assert_int_equal(EVP_Digest(content.p, content.n, digest, &n, eds_key_digest(both[i]->person.key), NULL), 1);
        struct str cms = sign_cms(both[i], &f->arena, &both[i]->person, 1, (struct str){ (const char *)digest, n },
                                  (struct eds_cms_options){ .digested = true, .signing_time = AT });
        struct eds_request request = { .form = EDS_CMS, .signature = cms, .content = content, .ocsp = &ocsp, .ocsps = 1 };
        struct eds_verdict v = verify(both[i], &f->arena, request);
        expect_valid(&v);
        request.content = STR("another");
        v = verify(both[i], &f->arena, request);
        expect(&v, TRI_NO, EDS_STEP_CONTENT, EDS_CONTENT_DIGEST);
        struct eds_identity identity = { .key = both[i]->person.key, .certificate = both[i]->person.certificate };
        struct eds_cms_options options = { .digested = true, .signing_time = AT };
        struct buf out;
        struct err err;
        buf_init(&out, 1 << 16);
        assert_false(eds_sign_cms(&identity, 1, (struct str){ (const char *)digest, n - 1 }, &options, &out, &err));
        assert_false(eds_sign_cms(&identity, 1, STR(""), &options, &out, &err));
        assert_int_equal(out.n, 0);
        buf_release(&out);
    }
}

static struct str armour(struct arena *arena, struct str der, const char *label, const char *line_end)
{
    struct buf out;
    unsigned char line[80];
    buf_init(&out, 1 << 20);
    if (label)
        buf_addf(&out, "-----BEGIN %s-----%s", label, line_end);
    for (size_t at = 0; at < der.n; at += 48) {
        size_t n = der.n - at < 48 ? der.n - at : 48;
        buf_add(&out, line, (size_t)EVP_EncodeBlock(line, (const unsigned char *)der.p + at, (int)n));
        buf_add_text(&out, line_end);
    }
    if (label)
        buf_addf(&out, "-----END %s-----%s", label, line_end);
    return keep_buf(arena, &out);
}

static struct str streamed(struct arena *arena, struct authority *a)
{
    BIO *in = BIO_new_mem_buf("text", 4), *out = BIO_new(BIO_s_mem());
    CMS_ContentInfo *cms = CMS_sign(a->person.certificate, a->person.key, NULL, in, CMS_STREAM | CMS_BINARY | CMS_NOSMIMECAP);
    char *bytes;
    assert_int_equal(i2d_CMS_bio_stream(out, cms, in, CMS_STREAM), 1);
    long n = BIO_get_mem_data(out, &bytes);
    struct str kept = arena_str(arena, (struct str){ bytes, (size_t)n });
    assert_int_equal((unsigned char)kept.p[1], 0x80); /* indefinite length: BER */
    CMS_ContentInfo_free(cms);
    BIO_free(in);
    BIO_free(out);
    return kept;
}

static void encodings(void **state)
{
    struct both *f = *state;
    struct authority *a = &f->rsa;
    struct str cms = sign_cms(a, &f->arena, &a->person, 1, CONTENT, (struct eds_cms_options){ .detached = false });
    struct str ocsp = good_ocsp(a, &f->arena, a->person.certificate);
    const struct str given[] = { cms,
                                 armour(&f->arena, cms, "CMS", "\n"),
                                 armour(&f->arena, cms, "PKCS7", "\r\n"),
                                 armour(&f->arena, cms, NULL, "\r\n"),
                                 armour(&f->arena, cms, NULL, ""),
                                 streamed(&f->arena, a) };
    for (size_t i = 0; i < sizeof given / sizeof *given; i++) {
        for (int any = 0; any < 2; any++) {
            struct eds_verdict v =
                verify(a, &f->arena,
                       (struct eds_request){ .form = any ? EDS_ANY : EDS_CMS, .signature = given[i], .ocsp = &ocsp, .ocsps = 1 });
            expect_valid(&v);
        }
    }
    const struct str bad[] = { STR(""),
                               STR("0"),
                               STR("MIIB"),
                               STR("-----BEGIN CMS-----\n-----END CMS-----"),
                               armour(&f->arena, cms, "CERTIFICATE", "\n"),
                               { cms.p, cms.n - 1 } };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct eds_verdict v = verify(a, &f->arena, (struct eds_request){ .form = EDS_CMS, .signature = bad[i] });
        expect(&v, TRI_NO, EDS_STEP_FORM, EDS_FORM_UNREADABLE);
    }
}

static void not_known_says_what_to_fetch(void **state)
{
    struct both *f = *state;
    struct authority *a = &f->gost;
    struct str cms = sign_cms(a, &f->arena, &a->person, 1, CONTENT, (struct eds_cms_options){ .detached = true });
    struct eds_verdict v = verify(a, &f->arena, (struct eds_request){ .form = EDS_CMS, .signature = cms, .content = CONTENT });
    expect(&v, TRI_UNKNOWN, EDS_STEP_REVOCATION, EDS_REVOCATION_NO_ANSWER);
    assert_true(v.missings >= 3);
    assert_int_equal(v.missing[0].kind, EDS_MISSING_OCSP);
    assert_true(str_is(v.missing[0].url, "http://ocsp.example/"));
    struct buf request;
    buf_init(&request, 4096);
    assert_true(eds_ocsp_request(v.missing[0].certificate, v.missing[0].issuer, STR("n0nce"), &request, &a->err));
    const unsigned char *at = (const unsigned char *)request.p;
    OCSP_REQUEST *parsed = d2i_OCSP_REQUEST(NULL, &at, (long)request.n);
    assert_int_equal(OCSP_request_onereq_count(parsed), 1);
    OCSP_REQUEST_free(parsed);
    buf_release(&request);
}

/* ---- wrong ones ---- */

/* A CMS of the person with the answer "good" for each certificate in it. */
static struct eds_verdict verdict_of(struct both *f, struct authority *a, const struct subscriber *by, struct eds_request request)
{
    struct str ocsp = good_ocsp(a, &f->arena, by->certificate);
    if (!request.signature.p)
        request.signature = sign_cms(a, &f->arena, by, 1, CONTENT, (struct eds_cms_options){ .detached = false });
    request.form = EDS_CMS;
    if (!request.ocsps) {
        request.ocsp = &ocsp;
        request.ocsps = 1;
    }
    return verify(a, &f->arena, request);
}

static void wrong_content(void **state)
{
    struct both *f = *state;
    struct authority *a = &f->gost;
    struct str attached = sign_cms(a, &f->arena, &a->person, 1, CONTENT, (struct eds_cms_options){ .detached = false });
    struct str detached = sign_cms(a, &f->arena, &a->person, 1, CONTENT, (struct eds_cms_options){ .detached = true });
    struct eds_verdict v = verdict_of(f, a, &a->person, (struct eds_request){ .signature = attached, .content = STR("other") });
    expect(&v, TRI_NO, EDS_STEP_CONTENT, EDS_CONTENT_DIFFERS);
    v = verdict_of(f, a, &a->person, (struct eds_request){ .signature = detached, .content = STR("other") });
    expect(&v, TRI_NO, EDS_STEP_CONTENT, EDS_CONTENT_DIGEST);
    v = verdict_of(f, a, &a->person, (struct eds_request){ .signature = detached });
    expect(&v, TRI_NO, EDS_STEP_CONTENT, EDS_CONTENT_MISSING);
    assert_int_equal(v.content.n, 0);
}

static void wrong_signers(void **state)
{
    struct both *f = *state;
    struct authority *a = &f->gost;
    struct eds_profile profile = person_profile();
    struct subscriber second = subscribe(a, &profile, &a->nca);
    const struct subscriber two[] = { a->person, second };
    const struct str ocsp[] = { good_ocsp(a, &f->arena, a->person.certificate), good_ocsp(a, &f->arena, second.certificate) };
    struct str cms = sign_cms(a, &f->arena, two, 2, CONTENT, (struct eds_cms_options){ .detached = false });
    struct eds_verdict v = verdict_of(f, a, &a->person, (struct eds_request){ .signature = cms });
    expect(&v, TRI_NO, EDS_STEP_SIGNERS, EDS_SIGNERS_TOO_MANY);
    v = verdict_of(f, a, &a->person, (struct eds_request){ .signature = cms, .signers_most = 2 });
    expect(&v, TRI_UNKNOWN, EDS_STEP_REVOCATION, EDS_REVOCATION_NO_ANSWER); /* about the second one */
    v = verdict_of(f, a, &a->person, (struct eds_request){ .signature = cms, .signers_most = 2, .ocsp = ocsp, .ocsps = 2 });
    expect_valid(&v);
    subscriber_free(&second);
    assert_int_equal(v.signers, 2);
    struct str bare = sign_cms(a, &f->arena, &a->person, 1, CONTENT, (struct eds_cms_options){ .no_signed_attributes = true });
    v = verdict_of(f, a, &a->person, (struct eds_request){ .signature = bare });
    expect(&v, TRI_NO, EDS_STEP_ATTRIBUTES, EDS_ATTRIBUTES_MISSING);
}

static void sha1_is_refused(void **state)
{
    struct both *f = *state;
    struct authority *a = &f->rsa;
    BIO *in = BIO_new_mem_buf("text", 4);
    CMS_ContentInfo *cms = CMS_sign(NULL, NULL, NULL, NULL, CMS_PARTIAL | CMS_BINARY);
    assert_non_null(CMS_add1_signer(cms, a->person.certificate, a->person.key, EVP_sha1(), CMS_BINARY | CMS_NOSMIMECAP));
    assert_int_equal(CMS_final(cms, in, NULL, CMS_BINARY), 1);
    unsigned char *der = NULL;
    int n = i2d_CMS_ContentInfo(cms, &der);
    struct eds_verdict v = verdict_of(f, a, &a->person, (struct eds_request){ .signature = keep_der(&f->arena, n, der) });
    expect(&v, TRI_NO, EDS_STEP_ALGORITHM, EDS_ALGORITHM_REFUSED);
    CMS_ContentInfo_free(cms);
    BIO_free(in);
}

static void wrong_certificates(void **state)
{
    struct both *f = *state;
    struct authority *a = &f->gost;
    const struct eds_profile good = person_profile();
    struct row {
        struct eds_profile profile;
        struct eds_request request;
        enum eds_step_kind kind;
        enum eds_reason reason;
    } rows[] = {
        { good, { .iin = "850101300009", .purpose = EDS_PURPOSE_PERSON_SIGN }, EDS_STEP_IDENTITY, EDS_IDENTITY_OTHER_IIN },
        { good, { .bin = TEST_BIN }, EDS_STEP_IDENTITY, EDS_IDENTITY_NONE },
        { good, { .purpose = EDS_PURPOSE_PERSON_AUTH }, EDS_STEP_PURPOSE, EDS_PURPOSE_OTHER },
        { good, { .purpose = EDS_PURPOSE_ORGANISATION }, EDS_STEP_PURPOSE, EDS_PURPOSE_OTHER },
        { good, { .purpose = EDS_PURPOSE_SYSTEM }, EDS_STEP_PURPOSE, EDS_PURPOSE_OTHER },
        { good, { .at = { AT.ms - 101 * DAY_MS } }, EDS_STEP_CHAIN, EDS_CHAIN_NOT_YET },
        { good, { .at = { AT.ms + 201 * DAY_MS } }, EDS_STEP_CHAIN, EDS_CHAIN_EXPIRED },
        { good, { .purpose = EDS_PURPOSE_PERSON_SIGN }, EDS_STEP_IDENTITY, EDS_IDENTITY_NONE },
        { good, { .purpose = EDS_PURPOSE_PERSON_SIGN }, EDS_STEP_IDENTITY, EDS_IDENTITY_MALFORMED },
        { good, { .purpose = EDS_PURPOSE_PERSON_SIGN }, EDS_STEP_PROFILE, EDS_PROFILE_KEY_USAGE },
        { good, { .purpose = EDS_PURPOSE_PERSON_SIGN }, EDS_STEP_PURPOSE, EDS_PURPOSE_OTHER },
        { good, { .purpose = EDS_PURPOSE_ANY }, EDS_STEP_PURPOSE, EDS_PURPOSE_OTHER },
        { good, { .purpose = EDS_PURPOSE_ANY }, EDS_STEP_PROFILE, EDS_PROFILE_AUTHORITY },
    };
    rows[7].profile.iin = NULL;
    rows[8].profile.iin = "12345678901";
    rows[9].profile.key_usage = "critical,keyAgreement";
    rows[10].profile.extended_key_usage = "clientAuth,1.2.398.3.3.4.1.1";
    rows[11].profile.extended_key_usage = "OCSPSigning";
    rows[12].profile.authority = true;
    rows[12].profile.key_usage = "critical,keyCertSign,digitalSignature";
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct subscriber s = subscribe(a, &rows[i].profile, &a->nca);
        struct eds_verdict v = verdict_of(f, a, &s, rows[i].request);
        expect(&v, TRI_NO, rows[i].kind, rows[i].reason);
        subscriber_free(&s);
    }
}

static void organisation_and_sign_in(void **state)
{
    struct both *f = *state;
    struct authority *a = &f->gost;
    struct eds_profile p = person_profile();
    p.bin = TEST_BIN;
    p.organisation = "АО \"ТЕСТ\"";
    p.extended_key_usage = "emailProtection,1.2.398.3.3.4.1.2,1.2.398.3.3.4.1.2.5";
    struct subscriber s = subscribe(a, &p, &a->nca);
    struct eds_verdict v =
        verdict_of(f, a, &s, (struct eds_request){ .purpose = EDS_PURPOSE_ORGANISATION, .iin = TEST_IIN, .bin = TEST_BIN });
    expect_valid(&v);
    v = verdict_of(f, a, &s, (struct eds_request){ .purpose = EDS_PURPOSE_ORGANISATION, .bin = "990840000008" });
    expect(&v, TRI_NO, EDS_STEP_IDENTITY, EDS_IDENTITY_OTHER_BIN);
    subscriber_free(&s);
    p = person_profile();
    p.extended_key_usage = "emailProtection,1.2.398.3.3.4.1.1,1.2.398.3.3.4.3.2"; /* a key issued remotely */
    s = subscribe(a, &p, &a->nca);
    v = verdict_of(f, a, &s, (struct eds_request){ .purpose = EDS_PURPOSE_PERSON_AUTH, .iin = TEST_IIN });
    expect_valid(&v);
    subscriber_free(&s);
}

/* Another authority of the same names: its certificates do not become ours. */
static void another_authority(void **state)
{
    struct both *f = *state;
    struct authority other;
    authority_init(&other, EDS_GOST_2015_512, NULL);
    struct str cms = sign_cms(&other, &f->arena, &other.person, 1, CONTENT, (struct eds_cms_options){ .detached = false });
    struct eds_verdict v = verify(&f->gost, &f->arena, (struct eds_request){ .form = EDS_CMS, .signature = cms });
    expect(&v, TRI_NO, EDS_STEP_CHAIN, EDS_CHAIN_UNTRUSTED);
    authority_release(&other);
}

static void certificates_alone(void **state)
{
    struct both *f = *state;
    struct authority *a = &f->gost;
    struct buf der;
    X509 *const given[] = { a->person.certificate, a->nca.certificate, a->root.certificate };
    const enum tri expected[] = { TRI_UNKNOWN, TRI_UNKNOWN, TRI_YES };
    for (size_t i = 0; i < 3; i++) {
        buf_init(&der, 1 << 16);
        assert_true(eds_certificate_write(given[i], &der, &a->err));
        for (int any = 0; any < 2; any++) {
            struct eds_verdict v =
                verify(a, &f->arena, (struct eds_request){ .form = any ? EDS_ANY : EDS_CERTIFICATE, .signature = buf_str(&der) });
            assert_int_equal(v.form, EDS_CERTIFICATE);
            expect(&v, expected[i], EDS_STEP_REVOCATION, EDS_REVOCATION_NO_ANSWER);
        }
        der.p[der.n - 1] ^= 1;
        struct eds_verdict v = verify(a, &f->arena, (struct eds_request){ .form = EDS_CERTIFICATE, .signature = buf_str(&der) });
        assert_int_equal(v.valid, TRI_NO);
        buf_release(&der);
    }
}

/* Dates that no calendar of ours has are told as its end. */
static void far_dates(void **state)
{
    struct both *f = *state;
    struct eds_profile p = person_profile();
    p.not_before = (struct moment){ -6000000000000 }; /* 1779 */
    p.not_after = (struct moment){ 253402300799000 }; /* 9999-12-31 */
    struct subscriber s = subscribe(&f->gost, &p, &f->gost.nca);
    struct eds_verdict v = verdict_of(f, &f->gost, &s, (struct eds_request){ .iin = TEST_IIN });
    struct buf json;
    buf_init(&json, 1 << 16);
    eds_verdict_json(&v, &json);
    assert_true(memmem(json.p, json.n, "2199-12-31", 10) && memmem(json.p, json.n, "1800-01-01", 10));
    buf_release(&json);
    subscriber_free(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_algorithms),
        cmocka_unit_test(content_digested_elsewhere),
        cmocka_unit_test(encodings),
        cmocka_unit_test(not_known_says_what_to_fetch),
        cmocka_unit_test(wrong_content),
        cmocka_unit_test(wrong_signers),
        cmocka_unit_test(sha1_is_refused),
        cmocka_unit_test(wrong_certificates),
        cmocka_unit_test(organisation_and_sign_in),
        cmocka_unit_test(another_authority),
        cmocka_unit_test(certificates_alone),
        cmocka_unit_test(far_dates),
    };
    eds_setup();
    return cmocka_run_group_tests(tests, both_open, both_close);
}
