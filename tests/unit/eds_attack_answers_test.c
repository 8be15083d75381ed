/* SPDX-License-Identifier: Apache-2.0 */
/* Answers about revocation that are signed by somebody, and say less than they seem to. */
#include "eds_fixture.h"

/* ---- responders ---- */

/* What a response says of itself and of one certificate: times that OpenSSL's maker would take from the clock. */
struct said {
    X509 *about;
    int status, reason;
    struct moment revoked, issued, produced;
    struct moment cutoff; /* .ms 0: no archiveCutoff */
};

static void set_time(const ASN1_GENERALIZEDTIME *time, struct moment at)
{
    assert_non_null(ASN1_GENERALIZEDTIME_set((ASN1_GENERALIZEDTIME *)(uintptr_t)time, (time_t)(at.ms / 1000)));
}

static struct str respond(struct fixture *f, const struct subscriber *by, struct said said)
{
    OCSP_BASICRESP *basic = OCSP_BASICRESP_new();
    OCSP_CERTID *id = OCSP_cert_to_id(EVP_sha256(), said.about, f->a.nca.certificate);
    ASN1_TIME *revoked = asn1_time(said.revoked), *issued = asn1_time(said.issued);
    OCSP_SINGLERESP *single = OCSP_basic_add1_status(basic, id, said.status, said.reason,
                                                     said.status == V_OCSP_CERTSTATUS_REVOKED ? revoked : NULL, issued, NULL);
    assert_non_null(single);
    if (said.cutoff.ms != 0) {
        ASN1_GENERALIZEDTIME *cutoff = ASN1_GENERALIZEDTIME_set(NULL, (time_t)(said.cutoff.ms / 1000));
        assert_int_equal(OCSP_SINGLERESP_add1_ext_i2d(single, NID_id_pkix_OCSP_archiveCutoff, cutoff, 0, 0), 1);
        ASN1_GENERALIZEDTIME_free(cutoff);
    }
    set_time(OCSP_resp_get0_produced_at(basic), said.produced.ms ? said.produced : said.issued);
    ASN1_TIME_free(revoked);
    ASN1_TIME_free(issued);
    OCSP_CERTID_free(id);
    return sign_ocsp(&f->arena, basic, by, OCSP_NOTIME);
}

static struct eds_profile responder_profile(void)
{
    return (struct eds_profile){ .common_name = "OCSP",
                                 .not_before = { AT.ms - 50 * DAY_MS },
                                 .not_after = { AT.ms + 50 * DAY_MS },
                                 .key_usage = "critical,digitalSignature",
                                 .extended_key_usage = "OCSPSigning",
                                 .ocsp_no_check = true };
}

static struct said good_now(struct fixture *f)
{
    return (struct said){ .about = f->a.person.certificate, .status = V_OCSP_CERTSTATUS_GOOD, .issued = AT };
}

static void expect_response(struct fixture *f, const struct subscriber *by, struct said said, enum tri valid,
                            enum eds_reason reason)
{
    struct str answer = respond(f, by, said);
    struct eds_verdict v = fixture_verify(f, (struct eds_request){ .ocsp = &answer, .ocsps = 1 });
    expect(&v, valid, EDS_STEP_REVOCATION, reason);
}

/* It has run out, and dates its answers back to when it had not: the answer is of today all the same. */
static void responder_of_yesterday(void **state)
{
    struct fixture *f = *state;
    struct eds_profile profile = responder_profile();
    profile.not_after = AT_PLUS(-24 * 3600);
    struct subscriber old = subscribe(&f->a, &profile, &f->a.nca);
    struct said said = good_now(f);
    expect_response(f, &old, said, TRI_UNKNOWN, EDS_REVOCATION_RESPONDER);
    said.produced = AT_PLUS(-48 * 3600);
    expect_response(f, &old, said, TRI_UNKNOWN, EDS_REVOCATION_RESPONDER);
    subscriber_free(&old);
}

static void responder_for_other_things(void **state)
{
    struct fixture *f = *state;
    struct eds_profile profile = responder_profile();
    profile.key_usage = "critical,keyEncipherment";
    struct subscriber no_signer = subscribe(&f->a, &profile, &f->a.nca);
    expect_response(f, &no_signer, good_now(f), TRI_UNKNOWN, EDS_REVOCATION_RESPONDER);
    profile = responder_profile();
    profile.extended_key_usage = "anyExtendedKeyUsage";
    struct subscriber any = subscribe(&f->a, &profile, &f->a.nca);
    expect_response(f, &any, good_now(f), TRI_UNKNOWN, EDS_REVOCATION_RESPONDER);
    subscriber_free(&no_signer);
    subscriber_free(&any);
}

/* "Good" is said of certificates within their time (RFC 6960, 2.2); of one that has run out only as far back as the archive. */
static void good_after_the_end(void **state)
{
    struct fixture *f = *state;
    struct eds_profile profile = person_profile();
    profile.not_after = AT_PLUS(-3600);
    struct subscriber gone = subscribe(&f->a, &profile, &f->a.nca);
    struct str cms = sign_cms(&f->a, &f->arena, &gone, 1, FIXTURE_CONTENT, (struct eds_cms_options){ .detached = false });
    const struct {
        struct moment issued, cutoff;
        enum tri valid;
    } rows[] = {
        { AT_PLUS(-3700), { 0 }, TRI_YES },
        { AT_PLUS(-3500), { 0 }, TRI_UNKNOWN },
        { AT_PLUS(-3500), AT_PLUS(-3550), TRI_UNKNOWN },
        { AT_PLUS(-3500), AT_PLUS(-30 * 24 * 3600), TRI_YES },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct said said = { gone.certificate, V_OCSP_CERTSTATUS_GOOD, 0, { 0 }, rows[i].issued, { 0 }, rows[i].cutoff };
        struct str answer = respond(f, &f->a.responder, said);
        struct eds_verdict v =
            fixture_verify(f, (struct eds_request){ .signature = cms, .at = AT_PLUS(-3800), .ocsp = &answer, .ocsps = 1 });
        expect(&v, rows[i].valid, EDS_STEP_REVOCATION, EDS_REVOCATION_STALE);
    }
    struct str revoked = respond(
        f, &f->a.responder, (struct said){ gone.certificate, V_OCSP_CERTSTATUS_REVOKED, 1, AT_PLUS(-9000), AT, { 0 }, { 0 } });
    struct eds_verdict v =
        fixture_verify(f, (struct eds_request){ .signature = cms, .at = AT_PLUS(-3800), .ocsp = &revoked, .ocsps = 1 });
    expect(&v, TRI_NO, EDS_STEP_REVOCATION, EDS_REVOCATION_REVOKED);
    subscriber_free(&gone);
}

/* Who is on a list himself answers for nobody, id-pkix-ocsp-nocheck or not. */
static void responder_that_is_revoked(void **state)
{
    struct fixture *f = *state;
    struct str answer = respond(f, &f->a.responder, good_now(f));
    struct eds_verdict v = fixture_verify(f, (struct eds_request){ .ocsp = &answer, .ocsps = 1 });
    expect_valid(&v);
    struct str stale = make_crl(&f->a, &f->arena,
                                (struct crl_options){ .number = 1,
                                                      .revoked = f->a.responder.certificate,
                                                      .when = AT_PLUS(-7000),
                                                      .issued = AT_PLUS(-7000),
                                                      .next = AT_PLUS(-3600),
                                                      .reason = 1 });
    v = fixture_verify(f, (struct eds_request){ .ocsp = &answer, .ocsps = 1, .crl = &stale, .crls = 1 });
    expect(&v, TRI_UNKNOWN, EDS_STEP_REVOCATION, EDS_REVOCATION_STALE);
}

/* ---- lists ---- */

/* The list again, with something more in it, signed again. */
static struct str changed_list(struct fixture *f, struct crl_options o, void (*change)(X509_CRL *crl))
{
    struct str list = make_crl(&f->a, &f->arena, o);
    const unsigned char *at = (const unsigned char *)list.p;
    X509_CRL *crl = d2i_X509_CRL(NULL, &at, (long)list.n);
    change(crl);
    assert_true(X509_CRL_sign(crl, f->a.nca.key, eds_key_digest(f->a.nca.key)) > 0);
    unsigned char *der = NULL;
    int n = i2d_X509_CRL(crl, &der);
    X509_CRL_free(crl);
    return keep_der(&f->arena, n, der);
}

static void expect_list(struct fixture *f, struct crl_options o, void (*change)(X509_CRL *crl), enum tri valid,
                        enum eds_reason reason)
{
    struct str list = changed_list(f, o, change);
    struct eds_verdict v = fixture_verify(f, (struct eds_request){ .crl = &list, .crls = 1 });
    expect(&v, valid, EDS_STEP_REVOCATION, reason);
}

static void add_scope(X509_CRL *crl, const char *scope)
{
    CONF *nothing = NCONF_new(NULL);
    char text[200];
    X509V3_CTX ctx;
    BIO *in;
    long line;
    snprintf(text, sizeof text, "issuingDistributionPoint=critical,@scope\n[scope]\n%s\n", scope);
    in = BIO_new_mem_buf(text, -1);
    assert_int_equal(NCONF_load_bio(nothing, in, &line), 1);
    X509V3_set_ctx(&ctx, NULL, NULL, NULL, crl, 0);
    X509V3_set_nconf(&ctx, nothing);
    assert_int_equal(X509V3_EXT_CRL_add_nconf(nothing, &ctx, "default", crl), 1);
    BIO_free(in);
    NCONF_free(nothing);
}

static void scope_ours(X509_CRL *crl) { add_scope(crl, "fullname=URI:http://crl.example/nca.crl"); }
static void scope_other(X509_CRL *crl) { add_scope(crl, "fullname=URI:http://crl.example/nca_2.crl"); }
static void scope_delta(X509_CRL *crl) { add_scope(crl, "fullname=URI:http://crl.example/nca_d.crl"); }
static void scope_relative(X509_CRL *crl) { add_scope(crl, "relativename=part\n[part]\nCN=2"); }
static void scope_authorities(X509_CRL *crl) { add_scope(crl, "onlyCA=TRUE"); }
static void scope_attributes(X509_CRL *crl) { add_scope(crl, "onlyAA=TRUE"); }
static void scope_reasons(X509_CRL *crl) { add_scope(crl, "onlysomereasons=keyCompromise"); }
static void scope_indirect(X509_CRL *crl) { add_scope(crl, "indirectCRL=TRUE"); }

static void critical_in_list(X509_CRL *crl)
{
    ASN1_OCTET_STRING *value = ASN1_OCTET_STRING_new();
    ASN1_OBJECT *object = OBJ_txt2obj("1.2.398.3.3.99", 1);
    ASN1_OCTET_STRING_set(value, (const unsigned char *)"\x05", 2);
    X509_EXTENSION *extension = X509_EXTENSION_create_by_OBJ(NULL, object, 1, value);
    X509_CRL_add_ext(crl, extension, -1);
    X509_EXTENSION_free(extension);
    ASN1_OBJECT_free(object);
    ASN1_OCTET_STRING_free(value);
}

/* Of an entry that is about somebody else. */
static void critical_in_entry(X509_CRL *crl)
{
    X509_REVOKED *entry = X509_REVOKED_new();
    ASN1_INTEGER *serial = ASN1_INTEGER_new();
    ASN1_TIME *when = asn1_time(AT_PLUS(-60));
    ASN1_OCTET_STRING *value = ASN1_OCTET_STRING_new();
    ASN1_OBJECT *object = OBJ_txt2obj("1.2.398.3.3.99", 1);
    ASN1_INTEGER_set(serial, 77);
    X509_REVOKED_set_serialNumber(entry, serial);
    X509_REVOKED_set_revocationDate(entry, when);
    ASN1_OCTET_STRING_set(value, (const unsigned char *)"\x05", 2);
    X509_EXTENSION *extension = X509_EXTENSION_create_by_OBJ(NULL, object, 1, value);
    X509_REVOKED_add_ext(entry, extension, -1);
    assert_int_equal(X509_CRL_add0_revoked(crl, entry), 1);
    X509_EXTENSION_free(extension);
    ASN1_OBJECT_free(object);
    ASN1_OCTET_STRING_free(value);
    ASN1_TIME_free(when);
    ASN1_INTEGER_free(serial);
}

static void nothing_more(X509_CRL *crl) { (void)crl; }

static void lists_of_a_part(void **state)
{
    struct fixture *f = *state;
    const struct crl_options clean = { .number = 5, .reason = NO_REASON };
    expect_list(f, clean, nothing_more, TRI_YES, EDS_OK);
    expect_list(f, clean, scope_ours, TRI_YES, EDS_OK);
    expect_list(f, clean, scope_other, TRI_UNKNOWN, EDS_REVOCATION_UNKNOWN);
    expect_list(f, clean, scope_delta, TRI_UNKNOWN, EDS_REVOCATION_UNKNOWN);
    expect_list(f, clean, scope_relative, TRI_UNKNOWN, EDS_REVOCATION_UNKNOWN);
    expect_list(f, clean, scope_authorities, TRI_UNKNOWN, EDS_REVOCATION_UNKNOWN);
    expect_list(f, clean, scope_attributes, TRI_UNKNOWN, EDS_REVOCATION_UNKNOWN);
    expect_list(f, clean, scope_reasons, TRI_UNKNOWN, EDS_REVOCATION_UNKNOWN);
    expect_list(f, clean, scope_indirect, TRI_UNKNOWN, EDS_REVOCATION_UNKNOWN);
    expect_list(f, clean, critical_in_list, TRI_UNKNOWN, EDS_REVOCATION_UNKNOWN);
    expect_list(f, clean, critical_in_entry, TRI_UNKNOWN, EDS_REVOCATION_UNKNOWN);
}

/* A delta list may have the scope of its own address. */
static void delta_of_a_part(void **state)
{
    struct fixture *f = *state;
    const struct crl_options clean = { .number = 5, .reason = NO_REASON }, delta = {
        .number = 7, .base = 5, .revoked = f->a.person.certificate, .when = AT_PLUS(-50), .reason = 1
    };
    struct str list[] = { changed_list(f, clean, scope_ours), changed_list(f, delta, scope_delta) };
    struct eds_verdict v = fixture_verify(f, (struct eds_request){ .crl = list, .crls = 2 });
    expect(&v, TRI_NO, EDS_STEP_REVOCATION, EDS_REVOCATION_REVOKED);
}

/* On hold, says a list that has run out: the hold may have been lifted since.  Nothing else can be. */
static void hold_of_before(void **state)
{
    struct fixture *f = *state;
    struct crl_options o = { .number = 5,
                             .revoked = f->a.person.certificate,
                             .when = AT_PLUS(-9000),
                             .issued = AT_PLUS(-9000),
                             .next = AT_PLUS(-60),
                             .reason = CRL_REASON_CERTIFICATE_HOLD };
    expect_list(f, o, nothing_more, TRI_UNKNOWN, EDS_REVOCATION_STALE);
    o.reason = CRL_REASON_KEY_COMPROMISE;
    expect_list(f, o, nothing_more, TRI_NO, EDS_REVOCATION_REVOKED);
    o.reason = CRL_REASON_CERTIFICATE_HOLD;
    o.next = AT_PLUS(60);
    expect_list(f, o, nothing_more, TRI_NO, EDS_REVOCATION_REVOKED);
}

/* A newer list has it no more, the older one is not over yet: the newer one counts. */
static void hold_that_was_lifted(void **state)
{
    struct fixture *f = *state;
    const struct crl_options before = { .number = 5,
                                        .revoked = f->a.person.certificate,
                                        .when = AT_PLUS(-9000),
                                        .issued = AT_PLUS(-9000),
                                        .reason = CRL_REASON_CERTIFICATE_HOLD },
                             after = { .number = 6, .issued = AT_PLUS(-60), .reason = NO_REASON };
    struct str list[] = { changed_list(f, before, nothing_more), changed_list(f, after, nothing_more) };
    struct eds_verdict v = fixture_verify(f, (struct eds_request){ .crl = list, .crls = 2 });
    expect_valid(&v);
}

/* ---- those who write the time themselves ---- */

/* Revoked an hour after the token: who has found the key since dates his tokens back as he likes.  Not so where it was given up
 * in peace (RFC 3161, 4, 1). */
static void stamper_that_lost_its_key(void **state)
{
    struct fixture *f = *state;
    static const struct {
        int reason;
        enum tri valid;
    } rows[] = { { NO_REASON, TRI_NO },
                 { CRL_REASON_KEY_COMPROMISE, TRI_NO },
                 { CRL_REASON_CA_COMPROMISE, TRI_NO },
                 { CRL_REASON_UNSPECIFIED, TRI_YES },
                 { CRL_REASON_SUPERSEDED, TRI_YES },
                 { CRL_REASON_CESSATION_OF_OPERATION, TRI_YES } };
    struct str token =
        make_token(&f->a, &f->arena, &f->a.tsa, signature_value(&f->a, &f->arena, f->cms), TSA_POLICY, AT_PLUS(-3600));
    struct str cms = with_token(&f->a, &f->arena, f->cms, token);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct str list = make_crl(&f->a, &f->arena,
                                   (struct crl_options){ .number = 5,
                                                         .revoked = f->a.tsa.certificate,
                                                         .when = AT_PLUS(-60),
                                                         .issued = AT_PLUS(-30),
                                                         .reason = rows[i].reason });
        struct eds_verdict v = fixture_verify(f, (struct eds_request){ .signature = cms, .crl = &list, .crls = 1 });
        expect(&v, rows[i].valid, EDS_STEP_TIMESTAMP, EDS_TIMESTAMP_REVOKED);
    }
}

/* Signed and stamped an hour ago, revoked since, handed in now. */
static void stamped_before_it_was_revoked(void **state)
{
    struct fixture *f = *state;
    struct str token =
        make_token(&f->a, &f->arena, &f->a.tsa, signature_value(&f->a, &f->arena, f->cms), TSA_POLICY, AT_PLUS(-3600));
    struct str answer =
        respond(f, &f->a.responder,
                (struct said){ f->a.person.certificate, V_OCSP_CERTSTATUS_REVOKED, 1, AT_PLUS(-1800), AT, { 0 }, { 0 } });
    struct eds_request request = {
        .signature = with_token(&f->a, &f->arena, f->cms, token), .ocsp = &answer, .ocsps = 1, .current = false
    };
    struct eds_verdict v = fixture_verify(f, request);
    expect_valid(&v);
    request.current = true;
    v = fixture_verify(f, request);
    expect(&v, TRI_NO, EDS_STEP_REVOCATION, EDS_REVOCATION_REVOKED);
    assert_true(v.signer[0].timestamp_trusted && v.signer[0].verified_at.ms == AT.ms);
    struct buf record;
    buf_init(&record, 1 << 20);
    request.form = EDS_CMS;
    request.at = AT;
    assert_true(eds_record_make(&request, &v, &record, &f->a.err));
    eds_record_verify(f->a.trust, buf_str(&record), &f->arena, &v);
    expect(&v, TRI_NO, EDS_STEP_REVOCATION, EDS_REVOCATION_REVOKED);
    buf_release(&record);
}

static void responder_that_lost_its_key(void **state)
{
    struct fixture *f = *state;
    struct str answer = respond(f, &f->a.responder, good_now(f));
    struct crl_options o = { .number = 1,
                             .revoked = f->a.responder.certificate,
                             .when = AT_PLUS(60),
                             .issued = AT_PLUS(-7000),
                             .next = AT_PLUS(-3600),
                             .reason = CRL_REASON_KEY_COMPROMISE };
    struct str list = make_crl(&f->a, &f->arena, o);
    struct eds_verdict v = fixture_verify(f, (struct eds_request){ .ocsp = &answer, .ocsps = 1, .crl = &list, .crls = 1 });
    expect(&v, TRI_UNKNOWN, EDS_STEP_REVOCATION, EDS_REVOCATION_STALE);
    o.reason = CRL_REASON_SUPERSEDED;
    list = make_crl(&f->a, &f->arena, o);
    v = fixture_verify(f, (struct eds_request){ .ocsp = &answer, .ocsps = 1, .crl = &list, .crls = 1 });
    expect_valid(&v);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(responder_of_yesterday),
        cmocka_unit_test(responder_for_other_things),
        cmocka_unit_test(good_after_the_end),
        cmocka_unit_test(responder_that_is_revoked),
        cmocka_unit_test(lists_of_a_part),
        cmocka_unit_test(delta_of_a_part),
        cmocka_unit_test(hold_of_before),
        cmocka_unit_test(stamper_that_lost_its_key),
        cmocka_unit_test(responder_that_lost_its_key),
        cmocka_unit_test(stamped_before_it_was_revoked),
        cmocka_unit_test(hold_that_was_lifted),
    };
    eds_setup();
    return cmocka_run_group_tests(tests, fixture_open, fixture_close);
}
