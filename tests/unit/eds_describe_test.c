/* SPDX-License-Identifier: Apache-2.0 */
/* What is read here without OpenSSL's structures, for speed, is what OpenSSL reads: names, identifiers, times, addresses. */
#include "eds_authority.h"

#include "eds/eds_impl.h"

static uint64_t dice = 20261126;
static unsigned roll(unsigned sides)
{
    dice = dice * 6364136223846793005u + 1442695040888963407u;
    return (unsigned)(dice >> 33) % sides;
}

/* ---- names ---- */

static const char *const pieces[] = { "А", "Қызы", "\"", ",", "+", ";",    "<",  ">", "#",
                                      " ", "=",    "\\", "x", "/", "\x7f", "\t", "é", "O'" };

static struct str some_text(struct arena *arena)
{
    struct str text = STR("");
    for (unsigned i = 0, n = 1 + roll(6); i < n; i++)
        text = arena_printf(arena, STR_FMT "%s", STR_ARG(text), roll(3) ? "ТЕСТ" : pieces[roll(sizeof pieces / sizeof *pieces)]);
    return text;
}

static void add_entry_to(X509_NAME *name, struct arena *arena)
{
    static const char *const fields[] = {
        "CN", "SN", "GN", "O", "OU", "serialNumber", "C", "emailAddress", "1.2.398.9.9", "title"
    };
    static const int types[] = { MBSTRING_UTF8, V_ASN1_UTF8STRING, V_ASN1_PRINTABLESTRING, V_ASN1_IA5STRING, V_ASN1_T61STRING };
    const char *field = fields[roll(sizeof fields / sizeof *fields)];
    struct str text = strcmp(field, "C") == 0 ? STR("KZ") : some_text(arena);
    X509_NAME_add_entry_by_txt(name, field, types[roll(sizeof types / sizeof *types)], (const unsigned char *)text.p, (int)text.n,
                               -1, roll(5) ? 0 : -1); /* now and then with the one before in one set */
}

static struct str name_by_openssl(struct arena *arena, const X509_NAME *name)
{
    BIO *out = BIO_new(BIO_s_mem());
    char *text;
    assert_true(X509_NAME_print_ex(out, name, 0, XN_FLAG_RFC2253 & ~(unsigned long)ASN1_STRFLGS_ESC_MSB) >= 0);
    long n = BIO_get_mem_data(out, &text);
    struct str result = arena_str(arena, (struct str){ text, (size_t)n });
    BIO_free(out);
    return str_is_utf8(result) ? result : STR("");
}

static void names(void **state)
{
    struct authority *a = *state;
    struct arena arena;
    arena_init(&arena, 0);
    for (int i = 0; i < 2000; i++) {
        struct eds_signer signer[1] = { 0 };
        const struct eds_request request = { .at = AT };
        struct check check = { .arena = &arena, .signer = signer, .request = &request };
        X509 *certificate = X509_dup(a->person.certificate);
        X509_NAME *name = X509_NAME_new();
        for (unsigned k = roll(5); k-- > 0;)
            add_entry_to(name, &arena);
        assert_int_equal(X509_set_subject_name(certificate, name), 1);
        signer_describe(&check, 0, certificate, STR("its bytes"));
        struct str expected = name_by_openssl(&arena, X509_get_subject_name(certificate));
        if (!str_equal(signer[0].subject, expected))
            fail_msg("\"%.*s\" is not \"%.*s\"", STR_ARG(signer[0].subject), STR_ARG(expected));
        X509_NAME_free(name);
        X509_free(certificate);
        arena_reset(&arena);
    }
    arena_release(&arena);
}

/* ---- identifiers ---- */

static void identifiers(void **state)
{
    (void)state;
    char dotted[200], other[200], by_openssl[200];
    for (int i = 0; i < 20000; i++) {
        unsigned first = roll(3);
        int n = snprintf(dotted, sizeof dotted, "%u.%u", first, roll(first < 2 ? 40 : 300));
        for (unsigned k = roll(8); k-- > 0;)
            n += snprintf(dotted + n, sizeof dotted - (size_t)n, ".%u", roll(1u << roll(31)));
        memcpy(other, dotted, sizeof other);
        other[n - 1] = (char)('0' + (other[n - 1] - '0' + 1) % 10);
        ASN1_OBJECT *object = OBJ_txt2obj(dotted, 1);
        assert_non_null(object);
        struct str body = { (const char *)OBJ_get0_data(object), OBJ_length(object) };
        struct buf text;
        buf_init(&text, 200);
        assert_true(der_oid_body_is(body, dotted));
        assert_false(der_oid_body_is(body, other));
        assert_false(der_oid_body_is((struct str){ body.p, body.n - 1 }, dotted));
        assert_true(der_oid_body_text(body, &text));
        OBJ_obj2txt(by_openssl, sizeof by_openssl, object, 1);
        assert_int_equal(text.n, strlen(by_openssl));
        assert_memory_equal(text.p, by_openssl, text.n);
        buf_release(&text);
        ASN1_OBJECT_free(object);
    }
    struct buf text;
    buf_init(&text, 200);
    assert_false(der_oid_body_text(STR(""), &text));
    assert_false(der_oid_body_text(STR("\x2a\x83"), &text));                                     /* goes on after its end */
    assert_false(der_oid_body_text(STR("\x2a\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"), &text)); /* too large */
    buf_release(&text);
}

/* ---- times ---- */

static void one_time(const char *text, int type)
{
    struct moment at;
    ASN1_TIME *time = ASN1_STRING_type_new(type), *epoch = ASN1_TIME_set(NULL, 0);
    int days, seconds;
    assert_int_equal(ASN1_STRING_set(time, text, -1), 1);
    bool known = ASN1_TIME_diff(&days, &seconds, epoch, time) == 1;
    bool ours = asn1_read_time(time, &at);
    if (known != ours || (known && at.ms != ((int64_t)days * 86400 + seconds) * 1000))
        fail_msg("%s: %lld, and %d days %d seconds", text, (long long)at.ms, days, seconds);
    ASN1_TIME_free(time);
    ASN1_TIME_free(epoch);
}

static void times(void **state)
{
    (void)state;
    char text[64];
    for (int i = 0; i < 20000; i++) {
        snprintf(text, sizeof text, "%02u%02u%02u%02u%02u%02u%s", roll(100), roll(14), roll(33), roll(25), roll(61), roll(61),
                 roll(9) ? "Z" : "+0600");
        one_time(text, V_ASN1_UTCTIME);
        snprintf(text, sizeof text, "%04u%02u%02u%02u%02u%02u%s", 1850 + roll(300), 1 + roll(12), 1 + roll(31), roll(24),
                 roll(60), roll(60),
                 roll(9)   ? "Z"
                 : roll(2) ? ".5Z"
                           : "");
        one_time(text, V_ASN1_GENERALIZEDTIME);
    }
    assert_true(asn1_moment(NULL).ms < asn1_moment(X509_get0_notBefore(((struct authority *)*state)->root.certificate)).ms);
}

/* ---- addresses ---- */

static void addresses(void **state)
{
    struct authority *a = *state;
    struct arena arena;
    static const struct {
        const char *ocsp, *crl;
        size_t known;
    } rows[] = { { "http://ocsp.example/", "http://crl.example/a.crl", 3 },
                 { NULL, "http://crl.example/a.crl", 2 },
                 { "http://ocsp.example/", NULL, 2 },
                 { NULL, NULL, 1 } };
    arena_init(&arena, 0);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct eds_verdict verdict = { 0 };
        struct eds_missing missing[CHECK_MISSINGS(1)];
        struct check check = { .trust = a->trust, .arena = &arena, .verdict = &verdict, .missing = missing, .most = 1 };
        struct eds_profile profile = person_profile();
        profile.ocsp_url = rows[i].ocsp;
        profile.crl_url = rows[i].crl;
        struct subscriber person = subscribe(a, &profile, &a->nca);
        assert_true(revocation_missing(&check, 0, person.certificate, STR("subject"), STR("issuer")));
        assert_int_equal(verdict.missings, rows[i].known);
        STACK_OF(OPENSSL_STRING) *urls = X509_get1_ocsp(person.certificate);
        assert_int_equal(sk_OPENSSL_STRING_num(urls) == 1, rows[i].ocsp != NULL);
        size_t at = 0;
        if (rows[i].ocsp) {
            assert_int_equal(missing[at].kind, EDS_MISSING_OCSP);
            assert_true(str_is(missing[at++].url, sk_OPENSSL_STRING_value(urls, 0)));
        }
        if (rows[i].crl)
            assert_true(str_is(missing[at++].url, rows[i].crl));
        assert_int_equal(missing[at].kind, EDS_MISSING_CRL);
        assert_true(str_is(missing[at].url, profile.delta_url));
        X509_email_free(urls);
        subscriber_free(&person);
    }
    arena_release(&arena);
}

/* An address with a blank or a line break in it is none: it would go into a request. */
static void addresses_that_are_none(void **state)
{
    struct authority *a = *state;
    static const char *const bad[] = { "http://ocsp.example/ x", "http://ocsp.example/\nHost:", "http://ocsp.example/\xd0\xb0" };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct eds_verdict verdict = { 0 };
        struct eds_missing missing[CHECK_MISSINGS(1)];
        struct arena arena;
        arena_init(&arena, 0);
        struct check check = { .trust = a->trust, .arena = &arena, .verdict = &verdict, .missing = missing, .most = 1 };
        AUTHORITY_INFO_ACCESS *access = AUTHORITY_INFO_ACCESS_new();
        ACCESS_DESCRIPTION *one = ACCESS_DESCRIPTION_new();
        ASN1_OBJECT_free(one->method);
        one->method = OBJ_nid2obj(NID_ad_OCSP);
        one->location->type = GEN_URI;
        one->location->d.uniformResourceIdentifier = ASN1_IA5STRING_new();
        ASN1_STRING_set(one->location->d.uniformResourceIdentifier, bad[i], -1);
        sk_ACCESS_DESCRIPTION_push(access, one);
        X509 *certificate = X509_new();
        assert_int_equal(X509_add1_ext_i2d(certificate, NID_info_access, access, 0, X509V3_ADD_DEFAULT), 1);
        assert_false(revocation_missing(&check, 0, certificate, STR("subject"), STR("issuer")));
        AUTHORITY_INFO_ACCESS_free(access);
        X509_free(certificate);
        arena_release(&arena);
    }
}

static int begin(void **state)
{
    static struct authority authority;
    eds_setup();
    authority_init(&authority, EDS_RSA_SHA256, NULL);
    *state = &authority;
    return 0;
}

static int end(void **state)
{
    authority_release(*state);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(names), cmocka_unit_test(identifiers), cmocka_unit_test(times),
                                        cmocka_unit_test(addresses), cmocka_unit_test(addresses_that_are_none) };
    return cmocka_run_group_tests(tests, begin, end);
}
