/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The national authority's own objects, its real ones and those of its test kit, which are not kept here: TIRKEU_VECTORS names a
 * folder that has them, under the names of the table in docs/eds.md.  Without it only what needs none of them is looked at.
 */
#include "eds_authority.h"

#include "base/file.h"

/* Seconds since 1970. */
enum {
    SIGNED_S = 1740424993,   /* signing time of the CMS, 2025-02-24T19:23:13Z; its timestamp is a second later */
    NEW_YEAR_S = 1704067200, /* 2024-01-01: the test person's certificate is valid */
    MARCH_2026_S = 1772445600
};

struct vectors {
    const char *folder;
    struct arena arena;
    struct err err;
};

static struct str read_vector(struct vectors *v, const char *name)
{
    struct str bytes;
    if (!file_read(arena_printf(&v->arena, "%s/%s", v->folder, name).p, 1 << 20, &v->arena, &bytes, &v->err))
        fail_msg("%s", v->err.text);
    return bytes;
}

static X509 *read_certificate(struct vectors *v, const char *name)
{
    X509 *certificate;
    if (!eds_certificate_read(read_vector(v, name), &certificate, &v->err))
        fail_msg("%s: %s", name, v->err.text);
    return certificate;
}

static struct eds_trust *trust_of(struct vectors *v, X509 *const *anchor, size_t anchors, enum eds_mode mode)
{
    struct eds_trust *trust;
    if (!eds_trust_make(mode, anchor, anchors, NULL, 0, &eds_policy_archive, &trust, &v->err))
        fail_msg("%s", v->err.text);
    return trust;
}

static struct eds_verdict verdict_at(struct vectors *v, const struct eds_trust *trust, struct str bytes, int64_t at_s)
{
    struct eds_request request = { .signature = bytes, .at = { at_s * 1000 } };
    struct eds_verdict verdict;
    eds_verify(trust, &request, &v->arena, &verdict);
    return verdict;
}

static int setup(void **state)
{
    struct vectors *v = *state = mem_alloc(sizeof *v);
    v->folder = getenv("TIRKEU_VECTORS");
    arena_init(&v->arena, 0);
    return 0;
}

static int teardown(void **state)
{
    struct vectors *v = *state;
    arena_release(&v->arena);
    free(v);
    return 0;
}

static void production_takes_no_test_anchor(void **state)
{
    struct vectors *v = *state;
    struct authority a;
    struct eds_trust *trust;
    authority_init(&a, EDS_GOST_2015_512, NULL);
    assert_false(eds_trust_make(EDS_PRODUCTION, &a.root.certificate, 1, NULL, 0, NULL, &trust, &v->err));
    assert_false(eds_trust_make(EDS_TEST, NULL, 0, NULL, 0, NULL, &trust, &v->err));
    assert_false(eds_trust_open("/nonexistent", EDS_TEST, &trust, &v->err));
    authority_release(&a);
}

static void production_takes_no_test_authority(void **state)
{
    struct vectors *v = *state;
    struct eds_trust *trust;
    X509 *test = read_certificate(v, "nca_gost_test_2022.der"), *root = read_certificate(v, "root_gost_2022.der");
    assert_false(eds_trust_make(EDS_PRODUCTION, &test, 1, NULL, 0, NULL, &trust, &v->err));
    assert_false(eds_trust_make(EDS_PRODUCTION, &root, 1, &test, 1, NULL, &trust, &v->err));
    X509_free(test);
    X509_free(root);
}

/* What an anchor says about itself nobody else checks: the self-signatures of the roots. */
static void roots_have_signed_themselves(void **state)
{
    struct vectors *v = *state;
    static const char *const name[] = { "root_gost_2022.der", "root_rsa_2020.der" };
    for (size_t i = 0; i < sizeof name / sizeof *name; i++) {
        struct str der = read_vector(v, name[i]);
        X509 *root = read_certificate(v, name[i]);
        EVP_PKEY *key = X509_get0_pubkey(root);
        char *changed = arena_copy(&v->arena, der.p, der.n);
        assert_int_equal(X509_verify(root, key), 1);
        changed[der.n - 1] ^= 1; /* in the signature */
        const unsigned char *at = (const unsigned char *)changed;
        X509 *other = d2i_X509(NULL, &at, (long)der.n);
        assert_int_not_equal(X509_verify(other, key), 1);
        X509_free(other);
        X509_free(root);
    }
}

/* Each under its anchor: right but for the revocation answers, which are not to be had any more; and at times when it was not. */
static void public_objects(void **state)
{
    struct vectors *v = *state;
    static const struct {
        const char *anchor, *file;
        enum eds_mode mode;
        int64_t at_s;
        enum tri valid;
        enum eds_step_kind step;
        enum eds_reason reason;
    } rows[] = {
#define HELD   TRI_UNKNOWN, EDS_STEP_REVOCATION, EDS_REVOCATION_NO_ANSWER
#define CHAIN_ TRI_NO, EDS_STEP_CHAIN
        { "root_gost_2022.der", "root_gost_2022.der", EDS_PRODUCTION, MARCH_2026_S, TRI_YES, EDS_STEP_FORM, EDS_OK },
        { "root_rsa_2020.der", "root_rsa_2020.der", EDS_PRODUCTION, MARCH_2026_S, TRI_YES, EDS_STEP_FORM, EDS_OK },
        { "root_gost_2022.der", "nca_gost_2022.der", EDS_PRODUCTION, MARCH_2026_S, HELD },
        { "root_rsa_2020.der", "nca_rsa_2022.der", EDS_PRODUCTION, MARCH_2026_S, HELD },
        { "root_rsa_2020.der", "nca_gost_2022.der", EDS_PRODUCTION, MARCH_2026_S, CHAIN_, EDS_CHAIN_UNTRUSTED },
        { "root_gost_2022.der", "nca_rsa_2022.der", EDS_PRODUCTION, MARCH_2026_S, CHAIN_, EDS_CHAIN_UNTRUSTED },
        { "nca_gost_test_2022.der", "person_gost_test.der", EDS_TEST, NEW_YEAR_S, HELD },
        { "nca_gost_test_2022.der", "person_gost_test.der", EDS_TEST, SIGNED_S, CHAIN_, EDS_CHAIN_EXPIRED },
        { "nca_gost_test_2022.der", "person_gost_test.der", EDS_TEST, NEW_YEAR_S - 60 * 86400, CHAIN_, EDS_CHAIN_NOT_YET },
        { "nca_gost_2022.der", "person_gost_test.der", EDS_TEST, NEW_YEAR_S, CHAIN_, EDS_CHAIN_UNTRUSTED },
        { "nca_gost_test_2022.der", "cms_gost_attached_tsp.der", EDS_TEST, SIGNED_S, HELD },
        { "root_gost_2022.der", "cms_gost_attached_tsp.der", EDS_PRODUCTION, SIGNED_S, CHAIN_, EDS_CHAIN_UNTRUSTED },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        X509 *anchor = read_certificate(v, rows[i].anchor);
        struct eds_trust *trust = trust_of(v, &anchor, 1, rows[i].mode);
        struct eds_verdict verdict = verdict_at(v, trust, read_vector(v, rows[i].file), rows[i].at_s);
        expect(&verdict, rows[i].valid, rows[i].step, rows[i].reason);
        eds_trust_free(trust);
        X509_free(anchor);
    }
}

static void no_flipped_bit_of_it_verifies(void **state)
{
    struct vectors *v = *state;
    X509 *anchor = read_certificate(v, "nca_gost_test_2022.der");
    struct eds_trust *trust = trust_of(v, &anchor, 1, EDS_TEST);
    struct str bytes = read_vector(v, "cms_gost_attached_tsp.der");
    struct str changed = { arena_copy(&v->arena, bytes.p, bytes.n), bytes.n };
    const char *how = getenv("TIRKEU_EDS_FLIPS");
    for (size_t bit = 0; bit < 8 * bytes.n; bit += how && strcmp(how, "all") == 0 ? 1 : 101) {
        char *byte = (char *)(uintptr_t)changed.p + bit / 8;
        *byte = (char)(*byte ^ 1 << bit % 8);
        struct eds_verdict verdict = verdict_at(v, trust, changed, SIGNED_S);
        if (verdict.valid != TRI_NO)
            fail_msg("bit %zu of byte %zu", bit % 8, bit / 8);
        *byte = (char)(*byte ^ 1 << bit % 8);
    }
    eds_trust_free(trust);
    X509_free(anchor);
}

/* ---- the timestamp ---- */

static X509 *certificate_in_token(struct str token)
{
    const unsigned char *at = (const unsigned char *)token.p;
    CMS_ContentInfo *cms = d2i_CMS_ContentInfo(NULL, &at, (long)token.n);
    STACK_OF(X509) *list = CMS_get1_certs(cms);
    assert_int_equal(sk_X509_num(list), 1);
    X509 *found = sk_X509_pop(list);
    sk_X509_free(list);
    CMS_ContentInfo_free(cms);
    return found;
}

static const struct eds_step *timestamp_step(const struct eds_verdict *verdict)
{
    for (size_t i = 0; i < verdict->steps; i++) {
        if (verdict->step[i].kind == EDS_STEP_TIMESTAMP)
            return &verdict->step[i];
    }
    fail_msg("no step about the timestamp");
    return NULL;
}

/*
 * Its authority's certificate is issued by an authority of the test kit (GOST 34.310-2004) whose certificate is not public: so
 * the token is told and does not count.  With the certificate that came in it as an anchor, all but that one link is verified:
 * imprint, signature, policy, usage, dates; then its time counts.
 */
static void timestamp(void **state)
{
    struct vectors *v = *state;
    X509 *anchor[2] = { read_certificate(v, "nca_gost_test_2022.der") };
    struct str cms = read_vector(v, "cms_gost_attached_tsp.der");
    struct eds_trust *without = trust_of(v, anchor, 1, EDS_TEST);
    struct eds_verdict verdict = verdict_at(v, without, cms, SIGNED_S);
    assert_int_equal(timestamp_step(&verdict)->reason, EDS_TIMESTAMP_UNTRUSTED);
    assert_false(timestamp_step(&verdict)->weighs || verdict.signer[0].timestamp_trusted);
    assert_int_equal(verdict.signer[0].verified_at.ms, SIGNED_S * 1000LL);

    anchor[1] = certificate_in_token(verdict.signer[0].timestamp_token);
    struct eds_trust *with = trust_of(v, anchor, 2, EDS_TEST);
    verdict = verdict_at(v, with, cms, SIGNED_S + 3600);
    expect(&verdict, TRI_UNKNOWN, EDS_STEP_REVOCATION, EDS_REVOCATION_NO_ANSWER);
    assert_int_equal(timestamp_step(&verdict)->result, TRI_YES);
    assert_true(verdict.signer[0].timestamp_trusted);
    assert_int_equal(verdict.signer[0].verified_at.ms, (SIGNED_S + 1) * 1000LL);
    verdict =
        verdict_at(v, with, cms, MARCH_2026_S); /* the signer's certificate has run out; the timestamp keeps the signature */
    expect(&verdict, TRI_UNKNOWN, EDS_STEP_REVOCATION, EDS_REVOCATION_NO_ANSWER);
    verdict = verdict_at(v, without, cms, MARCH_2026_S);
    expect(&verdict, TRI_NO, EDS_STEP_CHAIN, EDS_CHAIN_EXPIRED);
    verdict = verdict_at(v, with, cms, SIGNED_S - 3600);
    expect(&verdict, TRI_NO, EDS_STEP_TIMESTAMP, EDS_TIMESTAMP_FUTURE);
    eds_trust_free(with);
    eds_trust_free(without);
    X509_free(anchor[0]);
    X509_free(anchor[1]);
}

int main(void)
{
    const struct CMUnitTest made_here[] = { cmocka_unit_test(production_takes_no_test_anchor) };
    const struct CMUnitTest published[] = { cmocka_unit_test(production_takes_no_test_authority),
                                            cmocka_unit_test(roots_have_signed_themselves), cmocka_unit_test(public_objects),
                                            cmocka_unit_test(no_flipped_bit_of_it_verifies), cmocka_unit_test(timestamp) };
    eds_setup();
    int failed = cmocka_run_group_tests(made_here, setup, teardown);
    if (getenv("TIRKEU_VECTORS"))
        return failed + cmocka_run_group_tests(published, setup, teardown);
    print_message("TIRKEU_VECTORS is not set: none of the authority's own objects is looked at\n");
    return failed;
}
