/* SPDX-License-Identifier: Apache-2.0 */
/* The test authority's objects, judged by OpenSSL alone: chains, lists, OCSP, timestamps, signed data; and a folder kept. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>
#include <openssl/cms.h>
#include <openssl/ocsp.h>
#include <openssl/ts.h>
#include <openssl/x509v3.h>

#include "base/file.h"
#include "registry_world.h"
#include "stand/authority.h"
#include "stand/authority_cms.h"

static struct authority *authority;
static struct moment now;
static struct err err;

static const struct authority_subject person = {
    .surname = "ТЕСТОВ", .name = "ТЕСТ", .patronymic = "ТЕСТҰЛЫ", .iin = "800101300105"
};
static const struct authority_subject chief = {
    .surname = "ТЕСТОВ", .name = "ТЕСТ", .iin = "800101300105", .organisation = "ЖШС «Сынақ»", .bin = "120140000017"
};

static int open_authority(void **state)
{
    (void)state;
    now = moment_now();
    return authority_make(STR("a secret of tests"), now, &authority, &err) ? 0 : -1;
}

static int close_authority(void **state)
{
    (void)state;
    authority_free(authority);
    return 0;
}

static X509_STORE *store_of(enum authority_branch branch)
{
    X509_STORE *store = X509_STORE_new();
    X509_STORE_add_cert(store, authority_office(authority, branch, AUTHORITY_ROOT)->certificate);
    return store;
}

static struct authority_holder issue(enum authority_branch branch, enum authority_role role)
{
    struct authority_holder holder = { 0 };
    if (!authority_issue(authority, branch, role, role >= AUTHORITY_HEAD ? &chief : &person, &holder, &err))
        fail_msg("%s", err.text);
    return holder;
}

static int chain_result(enum authority_branch branch, X509 *certificate)
{
    X509_STORE *store = store_of(branch);
    X509_STORE_CTX *ctx = X509_STORE_CTX_new();
    STACK_OF(X509) *others = sk_X509_new_null();
    sk_X509_push(others, authority_office(authority, branch, AUTHORITY_ISSUER)->certificate);
    assert_int_equal(X509_STORE_CTX_init(ctx, store, certificate, others), 1);
    X509_STORE_CTX_set_purpose(ctx, X509_PURPOSE_ANY);
    X509_verify_cert(ctx);
    int result = X509_STORE_CTX_get_error(ctx);
    X509_STORE_CTX_free(ctx);
    sk_X509_free(others);
    X509_STORE_free(store);
    return result;
}

static void test_every_role_has_a_chain(void **state)
{
    (void)state;
    for (int i = 0; i < AUTHORITY_BRANCHES * AUTHORITY_ROLES; i++) {
        enum authority_branch branch = (enum authority_branch)(i / AUTHORITY_ROLES);
        enum authority_role role = (enum authority_role)(i % AUTHORITY_ROLES);
        struct authority_holder holder = { 0 };
        if (role < AUTHORITY_OFFICES) {
            assert_int_equal(chain_result(branch, authority_office(authority, branch, role)->certificate), X509_V_OK);
            continue;
        }
        holder = issue(branch, role);
        assert_int_equal(chain_result(branch, holder.certificate), X509_V_OK);
        assert_int_equal(X509_check_private_key(holder.certificate, holder.key), 1);
        authority_holder_release(&holder);
    }
}

static void assert_subject_has(X509 *certificate, int nid, const char *expected)
{
    char text[256];
    X509_NAME *name = X509_get_subject_name(certificate);
    X509_NAME_ENTRY *entry = X509_NAME_get_entry(name, X509_NAME_get_index_by_NID(name, nid, -1));
    assert_non_null(entry);
    const ASN1_STRING *value = X509_NAME_ENTRY_get_data(entry);
    snprintf(text, sizeof text, "%.*s", ASN1_STRING_length(value), ASN1_STRING_get0_data(value));
    assert_string_equal(text, expected);
}

static void test_names_follow_the_conventions(void **state)
{
    (void)state;
    struct authority_holder holder = issue(AUTHORITY_GOST, AUTHORITY_PERSON_SIGN);
    assert_subject_has(holder.certificate, NID_commonName, "ТЕСТОВ ТЕСТ");
    assert_subject_has(holder.certificate, NID_surname, "ТЕСТОВ");
    assert_subject_has(holder.certificate, NID_givenName, "ТЕСТҰЛЫ");
    assert_subject_has(holder.certificate, NID_serialNumber, "IIN800101300105");
    assert_subject_has(holder.certificate, NID_countryName, "KZ");
    authority_holder_release(&holder);
    holder = issue(AUTHORITY_GOST, AUTHORITY_HEAD);
    assert_subject_has(holder.certificate, NID_organizationalUnitName, "BIN120140000017");
    assert_subject_has(holder.certificate, NID_organizationName, "ЖШС «Сынақ»");
    authority_holder_release(&holder);
}

/* Somebody's certificate can be made again in another process: the same key and serial number. */
static void test_gost_is_the_same_again(void **state)
{
    (void)state;
    struct authority *other;
    struct authority_holder a = issue(AUTHORITY_GOST, AUTHORITY_PERSON_SIGN), b, c = issue(AUTHORITY_GOST, AUTHORITY_PERSON_AUTH);
    assert_true(authority_make(STR("a secret of tests"), now, &other, &err));
    assert_true(authority_issue(other, AUTHORITY_GOST, AUTHORITY_PERSON_SIGN, &person, &b, &err));
    assert_int_equal(EVP_PKEY_eq(a.key, b.key), 1);
    assert_int_equal(ASN1_INTEGER_cmp(X509_get0_serialNumber(a.certificate), X509_get0_serialNumber(b.certificate)), 0);
    assert_int_not_equal(EVP_PKEY_eq(a.key, c.key), 1);
    assert_int_not_equal(ASN1_INTEGER_cmp(X509_get0_serialNumber(a.certificate), X509_get0_serialNumber(c.certificate)), 0);
    authority_holder_release(&a);
    authority_holder_release(&b);
    authority_holder_release(&c);
    authority_free(other);
}

/* ---- OCSP ---- */

struct ocsp_answer {
    int response, verified, nonce, found, status, reason;
    int64_t revoked_s, age_s;
};

static int64_t seconds_since(const ASN1_GENERALIZEDTIME *from, struct moment to)
{
    int days = 0, seconds = 0;
    ASN1_TIME *end = ASN1_TIME_set(NULL, (time_t)(to.ms / 1000));
    assert_int_equal(ASN1_TIME_diff(&days, &seconds, from, end), 1);
    ASN1_TIME_free(end);
    return (int64_t)days * 86400 + seconds;
}

static struct ocsp_answer ask(enum authority_branch branch, X509 *certificate, enum authority_role issuer_role,
                              enum authority_fault fault, const EVP_MD *id_digest)
{
    struct ocsp_answer answer = { 0 };
    struct buf reply;
    unsigned char *der = NULL;
    X509 *issuer = authority_office(authority, branch, issuer_role)->certificate;
    OCSP_REQUEST *request = OCSP_REQUEST_new();
    OCSP_CERTID *id = OCSP_cert_to_id(id_digest, certificate, issuer);
    OCSP_request_add0_id(request, OCSP_CERTID_dup(id));
    OCSP_request_add1_nonce(request, NULL, 16);
    int n = i2d_OCSP_REQUEST(request, &der);
    buf_init(&reply, 1 << 20);
    authority_ocsp(authority, (struct str){ (const char *)der, (size_t)n }, now, fault, &reply);
    OPENSSL_free(der);
    const unsigned char *p = (const unsigned char *)reply.p;
    OCSP_RESPONSE *response = d2i_OCSP_RESPONSE(NULL, &p, (long)reply.n);
    answer.response = response ? OCSP_response_status(response) : -1;
    OCSP_BASICRESP *basic = response ? OCSP_response_get1_basic(response) : NULL;
    if (basic) {
        ASN1_GENERALIZEDTIME *revoked = NULL, *updated = NULL, *next = NULL;
        STACK_OF(X509) *others = sk_X509_new_null();
        X509_STORE *store = store_of(branch);
        sk_X509_push(others, issuer);
        answer.verified = OCSP_basic_verify(basic, others, store, 0);
        answer.nonce = OCSP_check_nonce(request, basic);
        answer.found = OCSP_resp_find_status(basic, id, &answer.status, &answer.reason, &revoked, &updated, &next);
        answer.revoked_s = revoked ? -seconds_since(revoked, (struct moment){ 0 }) : -1;
        answer.age_s = updated ? seconds_since(updated, now) : -1;
        sk_X509_free(others);
        X509_STORE_free(store);
    }
    OCSP_BASICRESP_free(basic);
    OCSP_RESPONSE_free(response);
    OCSP_REQUEST_free(request);
    OCSP_CERTID_free(id);
    buf_release(&reply);
    return answer;
}

static void test_ocsp(void **state)
{
    (void)state;
    for (int i = 0; i < AUTHORITY_BRANCHES; i++) {
        enum authority_branch branch = (enum authority_branch)i;
        struct authority_holder good = issue(branch, AUTHORITY_PERSON_SIGN), bad = issue(branch, AUTHORITY_HEAD);
        assert_true(authority_revoke(authority, bad.certificate, (struct moment){ now.ms - 3600000 }, AUTHORITY_BY_OCSP, &err));
        struct ocsp_answer a = ask(branch, good.certificate, AUTHORITY_ISSUER, AUTHORITY_OK, EVP_sha256());
        assert_int_equal(a.verified, 1);
        assert_int_equal(a.nonce, 1);
        assert_int_equal(a.found, 1);
        assert_int_equal(a.status, V_OCSP_CERTSTATUS_GOOD);
        assert_int_equal(a.age_s, 0);
        a = ask(branch, bad.certificate, AUTHORITY_ISSUER, AUTHORITY_OK, EVP_sha1());
        assert_int_equal(a.verified, 1);
        assert_int_equal(a.status, V_OCSP_CERTSTATUS_REVOKED);
        assert_int_equal(a.reason, OCSP_REVOKED_STATUS_KEYCOMPROMISE);
        assert_int_equal(a.revoked_s, now.ms / 1000 - 3600);
        a = ask(branch, authority_office(authority, branch, AUTHORITY_ISSUER)->certificate, AUTHORITY_ROOT, AUTHORITY_OK,
                EVP_sha256());
        assert_int_equal(a.verified, 1);
        assert_int_equal(a.status, V_OCSP_CERTSTATUS_GOOD);
        authority_holder_release(&good);
        authority_holder_release(&bad);
    }
}

static void test_ocsp_never_issued(void **state)
{
    (void)state;
    struct authority_spec spec;
    X509 *certificate;
    struct authority_holder holder = issue(AUTHORITY_GOST, AUTHORITY_PERSON_SIGN);
    authority_spec_of(authority, AUTHORITY_GOST, AUTHORITY_PERSON_SIGN, &person, &spec);
    spec.serial[AUTHORITY_SERIAL - 1] ^= 1;
    assert_true(
        authority_certify(&spec, holder.key, authority_office(authority, AUTHORITY_GOST, AUTHORITY_ISSUER), &certificate, &err));
    struct ocsp_answer a = ask(AUTHORITY_GOST, certificate, AUTHORITY_ISSUER, AUTHORITY_OK, EVP_sha256());
    assert_int_equal(a.status, V_OCSP_CERTSTATUS_REVOKED);
    assert_int_equal(a.reason, OCSP_REVOKED_STATUS_CERTIFICATEHOLD);
    assert_int_equal(a.revoked_s, 0);
    X509_free(certificate);
    authority_holder_release(&holder);
}

static void test_ocsp_faults(void **state)
{
    (void)state;
    struct authority_holder holder = issue(AUTHORITY_GOST, AUTHORITY_PERSON_SIGN);
    struct ocsp_answer a[AUTHORITY_FAULTS];
    for (int fault = 0; fault < AUTHORITY_FAULTS; fault++)
        a[fault] = ask(AUTHORITY_GOST, holder.certificate, AUTHORITY_ISSUER, (enum authority_fault)fault, EVP_sha256());
    assert_int_equal(a[AUTHORITY_ERROR].response, OCSP_RESPONSE_STATUS_TRYLATER);
    assert_int_equal(a[AUTHORITY_GARBAGE].response, -1);
    assert_int_equal(a[AUTHORITY_OTHER_NONCE].nonce, 0);
    assert_int_equal(a[AUTHORITY_OTHER_NONCE].verified, 1);
    assert_int_equal(a[AUTHORITY_STALE].age_s, 2 * 86400);
    assert_true(a[AUTHORITY_OTHER_SIGNER].verified <= 0);
    assert_int_equal(a[AUTHORITY_OTHER_CERTIFICATE].found, 0);
    assert_int_equal(a[AUTHORITY_UNKNOWN_STATUS].reason, OCSP_REVOKED_STATUS_CERTIFICATEHOLD);
    authority_holder_release(&holder);
}

/* ---- lists ---- */

static X509_CRL *list_of(enum authority_branch branch, enum authority_list list, enum authority_fault fault)
{
    struct buf der;
    buf_init(&der, 1 << 20);
    assert_true(authority_crl(authority, branch, list, now, fault, &der, &err));
    const unsigned char *p = (const unsigned char *)der.p;
    X509_CRL *crl = d2i_X509_CRL(NULL, &p, (long)der.n);
    buf_release(&der);
    assert_non_null(crl);
    return crl;
}

static void test_lists(void **state)
{
    (void)state;
    for (int i = 0; i < AUTHORITY_BRANCHES; i++) {
        enum authority_branch branch = (enum authority_branch)i;
        X509_REVOKED *row;
        struct authority_holder in_base = issue(branch, AUTHORITY_EMPLOYEE), in_delta = issue(branch, AUTHORITY_SYSTEM);
        EVP_PKEY *issuer = authority_office(authority, branch, AUTHORITY_ISSUER)->key;
        assert_true(authority_revoke(authority, in_base.certificate, now, AUTHORITY_BY_CRL, &err));
        assert_true(authority_revoke(authority, in_delta.certificate, now, AUTHORITY_BY_DELTA, &err));
        X509_CRL *base = list_of(branch, AUTHORITY_CRL, AUTHORITY_OK),
                 *delta = list_of(branch, AUTHORITY_DELTA_CRL, AUTHORITY_OK);
        assert_int_equal(X509_CRL_verify(base, issuer), 1);
        assert_int_equal(X509_CRL_verify(delta, issuer), 1);
        assert_int_equal(X509_CRL_get0_by_cert(base, &row, in_base.certificate), 1);
        assert_int_equal(X509_CRL_get0_by_cert(base, &row, in_delta.certificate), 0);
        assert_int_equal(X509_CRL_get0_by_cert(delta, &row, in_delta.certificate), 1);
        assert_true(X509_CRL_get_ext_by_NID(delta, NID_delta_crl, -1) >= 0);
        X509_CRL_free(base);
        X509_CRL_free(delta);
        base = list_of(branch, AUTHORITY_CRL, AUTHORITY_OTHER_SIGNER);
        assert_int_not_equal(X509_CRL_verify(base, issuer), 1);
        X509_CRL_free(base);
        base = list_of(branch, AUTHORITY_ROOT_CRL, AUTHORITY_OK);
        assert_int_equal(X509_CRL_verify(base, authority_office(authority, branch, AUTHORITY_ROOT)->key), 1);
        X509_CRL_free(base);
        authority_holder_release(&in_base);
        authority_holder_release(&in_delta);
    }
}

/* ---- signed data and timestamps ---- */

static int cms_result(enum authority_branch branch, struct str der, struct str content, int purpose)
{
    const unsigned char *p = (const unsigned char *)der.p;
    CMS_ContentInfo *cms = d2i_CMS_ContentInfo(NULL, &p, (long)der.n);
    BIO *in = content.p ? BIO_new_mem_buf(content.p, (int)content.n) : NULL;
    X509_STORE *store = store_of(branch);
    X509_VERIFY_PARAM *param = X509_VERIFY_PARAM_new();
    X509_STORE_add_cert(store, authority_office(authority, branch, AUTHORITY_ISSUER)->certificate);
    X509_VERIFY_PARAM_set_purpose(param, purpose);
    X509_STORE_set1_param(store, param);
    assert_non_null(cms);
    int result = CMS_verify(cms, NULL, store, in, NULL, CMS_BINARY);
    X509_VERIFY_PARAM_free(param);
    X509_STORE_free(store);
    BIO_free(in);
    CMS_ContentInfo_free(cms);
    return result;
}

static void test_signed_data(void **state)
{
    (void)state;
    static const unsigned parts[] = { 0, AUTHORITY_CMS_DETACHED, AUTHORITY_CMS_NO_ATTRIBUTES, AUTHORITY_CMS_INDEFINITE,
                                      AUTHORITY_CMS_ESS };
    const struct str content = STR("Тіркеу туралы өтініш"), other = STR("Басқа өтініш, басқа мән");
    for (int i = 0; i < AUTHORITY_BRANCHES; i++) {
        enum authority_branch branch = (enum authority_branch)i;
        struct authority_holder holder = issue(branch, AUTHORITY_PERSON_SIGN);
        for (size_t k = 0; k < sizeof parts / sizeof *parts; k++) {
            struct buf der;
            bool detached = parts[k] & AUTHORITY_CMS_DETACHED;
            const struct authority_cms cms = {
                .signer = &holder, .signers = 1, .content = content, .parts = parts[k], .has_time = true, .signing_time = now
            };
            buf_init(&der, 1 << 20);
            assert_true(authority_cms_make(&cms, &der, &err));
            assert_int_equal(cms_result(branch, buf_str(&der), detached ? content : (struct str){ 0 }, X509_PURPOSE_ANY), 1);
            if (detached)
                assert_int_not_equal(cms_result(branch, buf_str(&der), other, X509_PURPOSE_ANY), 1);
            buf_release(&der);
        }
        authority_holder_release(&holder);
    }
}

static void stamp(enum eds_algorithm algorithm, enum authority_fault fault, bool expected)
{
    struct buf request, reply, token;
    buf_init(&request, 1 << 16);
    buf_init(&reply, 1 << 16);
    buf_init(&token, 1 << 16);
    assert_true(eds_timestamp_request(STR("signature"), algorithm, STR("\x81\x02 nonce"), &request, &err));
    authority_timestamp(authority, buf_str(&request), now, fault, &reply);
    assert_int_equal(eds_timestamp_token(buf_str(&reply), buf_str(&request), &token, &err), expected);
    if (expected) {
        enum authority_branch branch = algorithm == EDS_RSA_SHA256 ? AUTHORITY_RSA : AUTHORITY_GOST;
        assert_int_equal(cms_result(branch, buf_str(&token), (struct str){ 0 }, X509_PURPOSE_TIMESTAMP_SIGN),
                         fault != AUTHORITY_OTHER_SIGNER);
    }
    buf_release(&request);
    buf_release(&reply);
    buf_release(&token);
}

static void test_timestamps(void **state)
{
    (void)state;
    stamp(EDS_GOST_2015_512, AUTHORITY_OK, true);
    stamp(EDS_RSA_SHA256, AUTHORITY_OK, true);
    stamp(EDS_GOST_2015_512, AUTHORITY_OTHER_SIGNER, true);
    stamp(EDS_RSA_SHA256, AUTHORITY_OTHER_SIGNER, true);
    stamp(EDS_GOST_2015_512, AUTHORITY_ERROR, false);
    stamp(EDS_GOST_2015_512, AUTHORITY_GARBAGE, false);
    stamp(EDS_GOST_2015_512, AUTHORITY_OTHER_NONCE, false);
    stamp(EDS_GOST_2015_512, AUTHORITY_OTHER_CERTIFICATE, false);
}

/* OpenSSL's own reader of timestamps finds the RSA branch's replies in order. */
static void test_timestamp_by_openssl(void **state)
{
    (void)state;
    struct buf request, reply;
    buf_init(&request, 1 << 16);
    buf_init(&reply, 1 << 16);
    assert_true(eds_timestamp_request(STR("signature"), EDS_RSA_SHA256, STR("nonce"), &request, &err));
    authority_timestamp(authority, buf_str(&request), now, AUTHORITY_OK, &reply);
    const unsigned char *p = (const unsigned char *)reply.p;
    TS_RESP *response = d2i_TS_RESP(NULL, &p, (long)reply.n);
    p = (const unsigned char *)request.p;
    TS_REQ *asked = d2i_TS_REQ(NULL, &p, (long)request.n);
    TS_VERIFY_CTX *ctx = TS_REQ_to_TS_VERIFY_CTX(asked, NULL);
    STACK_OF(X509) *others = sk_X509_new_null();
    X509 *issuer = authority_office(authority, AUTHORITY_RSA, AUTHORITY_ISSUER)->certificate;
    X509_up_ref(issuer);
    sk_X509_push(others, issuer);
    TS_VERIFY_CTX_add_flags(ctx, TS_VFY_SIGNATURE);
    TS_VERIFY_CTX_set_store(ctx, store_of(AUTHORITY_RSA));
    TS_VERIFY_CTX_set_certs(ctx, others);
    assert_int_equal(TS_RESP_verify_response(ctx, response), 1);
    TS_VERIFY_CTX_free(ctx);
    TS_RESP_free(response);
    TS_REQ_free(asked);
    buf_release(&request);
    buf_release(&reply);
}

/* ---- a folder ---- */

static void read_file(struct arena *arena, const char *folder, const char *name, struct str *ret)
{
    if (!file_read(arena_printf(arena, "%s/%s", folder, name).p, 1 << 20, arena, ret, &err))
        fail_msg("%s", err.text);
}

static void test_folder(void **state)
{
    (void)state;
    char folder[] = "/tmp/tirkeu-authority-XXXXXX", path[128];
    struct authority *first, *second;
    struct authority_holder holder, again;
    struct world *world;
    struct arena arena;
    struct str bytes, anchor, anchor_again;
    struct stat info;
    arena_init(&arena, 0);
    assert_non_null(mkdtemp(folder));
    world = world_of_rows(0);
    assert_true(authority_open(folder, "http://127.0.0.1:1", now, &first, &err));
    assert_true(authority_write_trust(first, &err));
    assert_true(authority_write_people(first, world, 2, &err));
    snprintf(path, sizeof path, "%s/keys", folder);
    assert_int_equal(stat(path, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0700);
    read_file(&arena, folder, "anchors/root_gost_test.cer", &anchor);
    read_file(&arena, folder, "organisations/" COMPANY "-gost-head.p12", &bytes);
    read_file(&arena, folder, "persons/" FATHER "-rsa-sign.p12", &bytes);
    read_file(&arena, folder, "persons/" FATHER "-gost-sign.p12", &bytes);
    assert_true(authority_read_pkcs12(bytes, &holder, &err));
    assert_subject_has(holder.certificate, NID_serialNumber, "IIN" FATHER);
    assert_true(authority_revoke(first, holder.certificate, now, AUTHORITY_EVERYWHERE, &err));
    authority_free(first);

    assert_true(authority_open(folder, "http://127.0.0.1:2", now, &second, &err));
    assert_true(authority_write_trust(second, &err));
    read_file(&arena, folder, "anchors/root_gost_test.cer", &anchor_again);
    assert_true(str_equal(anchor, anchor_again));
    read_file(&arena, folder, "profile", &bytes);
    assert_non_null(strstr(bytes.p, "ocsp_url = http://127.0.0.1:2/ocsp/"));
    assert_true(authority_issue(second, AUTHORITY_GOST, AUTHORITY_PERSON_SIGN,
                                &(struct authority_subject){ .surname = "С", .name = "Ә", .iin = FATHER }, &again, &err));
    assert_int_equal(EVP_PKEY_eq(holder.key, again.key), 1);
    struct authority *kept = authority;
    authority = second;
    assert_int_equal(ask(AUTHORITY_GOST, again.certificate, AUTHORITY_ISSUER, AUTHORITY_OK, EVP_sha256()).reason,
                     OCSP_REVOKED_STATUS_KEYCOMPROMISE);
    authority = kept;
    authority_holder_release(&holder);
    authority_holder_release(&again);
    authority_free(second);
    world_free(world);
    snprintf(path, sizeof path, "rm -r %s", folder);
    assert_int_equal(system(path), 0);
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_role_has_a_chain),
        cmocka_unit_test(test_names_follow_the_conventions),
        cmocka_unit_test(test_gost_is_the_same_again),
        cmocka_unit_test(test_ocsp),
        cmocka_unit_test(test_ocsp_never_issued),
        cmocka_unit_test(test_ocsp_faults),
        cmocka_unit_test(test_lists),
        cmocka_unit_test(test_signed_data),
        cmocka_unit_test(test_timestamps),
        cmocka_unit_test(test_timestamp_by_openssl),
        cmocka_unit_test(test_folder),
    };
    return cmocka_run_group_tests(tests, open_authority, close_authority);
}
