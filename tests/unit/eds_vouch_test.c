/* SPDX-License-Identifier: Apache-2.0 */
/* Certificates that go along in a CMS: each has to come down from what is trusted, or be the signer's. */
#include "eds_answers.h"

static struct str sign_with(struct authority *a, struct arena *arena, X509 *const *extra, size_t extras)
{
    const struct eds_identity identity = {
        .key = a->person.key, .certificate = a->person.certificate, .extra = extra, .extras = extras
    };
    const struct eds_cms_options options = { .signing_time = AT };
    struct buf out;
    buf_init(&out, 1 << 20);
    assert_true(eds_sign_cms(&identity, 1, STR("a text"), &options, &out, &a->err));
    return keep_buf(arena, &out);
}

static void verify(struct authority *a, struct arena *arena, struct str cms, struct eds_verdict *verdict)
{
    struct str ocsp = good_ocsp(a, arena, a->person.certificate);
    const struct eds_request request = { .form = EDS_CMS, .signature = cms, .at = AT, .ocsp = &ocsp, .ocsps = 1 };
    eds_verify(a->trust, &request, arena, verdict);
}

static struct subscriber authority_named(struct authority *a, const char *name, const struct subscriber *issuer)
{
    const struct eds_profile profile = { .common_name = name,
                                         .not_before = { AT.ms - DAY_MS },
                                         .not_after = { AT.ms + DAY_MS },
                                         .authority = true,
                                         .key_usage = "critical,keyCertSign" };
    return subscribe(a, &profile, issuer);
}

/* The same name and key, issued by another. */
static struct subscriber issued_again(struct authority *a, const struct subscriber *whose, const char *name,
                                      const struct subscriber *issuer)
{
    const struct eds_profile profile = { .common_name = name,
                                         .not_before = { AT.ms - DAY_MS },
                                         .not_after = { AT.ms + DAY_MS },
                                         .authority = true,
                                         .key_usage = "critical,keyCertSign" };
    struct subscriber made = { .key = whose->key };
    assert_true(EVP_PKEY_up_ref(made.key));
    assert_true(eds_certificate_make(&profile, made.key, issuer->certificate, issuer->key, &made.certificate, &a->err));
    return made;
}

static void chain_that_goes_along(void **state)
{
    (void)state;
    struct authority a;
    struct arena arena;
    struct eds_verdict verdict;
    arena_init(&arena, 0);
    authority_init(&a, EDS_GOST_2015_512, NULL);
    struct subscriber below = authority_named(&a, "ниже", &a.nca), lower = authority_named(&a, "ещё ниже", &below);
    X509 *const known[] = { a.root.certificate, a.nca.certificate };
    X509 *const descending[] = { lower.certificate, below.certificate }, *const orphan[] = { lower.certificate };
    verify(&a, &arena, sign_with(&a, &arena, known, 2), &verdict);
    expect_valid(&verdict);
    verify(&a, &arena, sign_with(&a, &arena, descending, 2), &verdict);
    expect_valid(&verdict);
    verify(&a, &arena, sign_with(&a, &arena, orphan, 1), &verdict);
    expect(&verdict, TRI_NO, EDS_STEP_FORM, EDS_FORM_UNKNOWN_PART);
    subscriber_free(&lower);
    subscriber_free(&below);
    authority_release(&a);
    arena_release(&arena);
}

/* Each is issued by the other, and a self-signed one by itself: none of them says anything about the signature. */
static void strays_vouch_for_nobody(void **state)
{
    (void)state;
    struct authority a;
    struct arena arena;
    struct eds_verdict verdict;
    arena_init(&arena, 0);
    authority_init(&a, EDS_GOST_2015_512, NULL);
    struct subscriber self = authority_named(&a, "один", NULL), one = authority_named(&a, "другой", &self),
                      other = issued_again(&a, &self, "один", &one);
    X509 *const pair[] = { one.certificate, other.certificate }, *const alone[] = { self.certificate };
    verify(&a, &arena, sign_with(&a, &arena, pair, 2), &verdict);
    expect(&verdict, TRI_NO, EDS_STEP_FORM, EDS_FORM_UNKNOWN_PART);
    verify(&a, &arena, sign_with(&a, &arena, alone, 1), &verdict);
    expect(&verdict, TRI_NO, EDS_STEP_FORM, EDS_FORM_UNKNOWN_PART);
    subscriber_free(&other);
    subscriber_free(&one);
    subscriber_free(&self);
    authority_release(&a);
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(chain_that_goes_along), cmocka_unit_test(strays_vouch_for_nobody) };
    eds_setup();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
