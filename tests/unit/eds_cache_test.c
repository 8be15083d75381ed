/* SPDX-License-Identifier: Apache-2.0 */
/* What a trust keeps between verifications may make it faster and nothing else. */
#include "eds_answers.h"

#include <pthread.h>

#include "eds/eds_impl.h"

enum { MANY = 200, THREADS = 4 };

static struct str der_of(struct arena *arena, X509 *certificate) { return x509_der(arena, certificate); }

/* Signed by this key stays signed, by another key stays unsigned, whatever was asked before. */
static void keys_are_told_apart(void **state)
{
    (void)state;
    static const enum eds_algorithm algorithm[] = { EDS_GOST_2015_512, EDS_RSA_SHA256 };
    for (size_t i = 0; i < sizeof algorithm / sizeof *algorithm; i++) {
        struct authority a, b;
        authority_init(&a, algorithm[i], NULL);
        authority_init(&b, algorithm[i], NULL);
        X509 *const signed_by_nca[] = { a.responder.certificate, a.tsa.certificate, a.person.certificate };
        for (int again = 0; again < 3; again++) {
            assert_true(trust_signed_by(a.trust, a.nca.certificate, a.root.certificate));
            assert_false(trust_signed_by(a.trust, a.nca.certificate, b.root.certificate)); /* the same names */
            for (size_t k = 0; k < sizeof signed_by_nca / sizeof *signed_by_nca; k++) {
                assert_true(trust_signed_by(a.trust, signed_by_nca[k], a.nca.certificate));
                assert_false(trust_signed_by(a.trust, signed_by_nca[k], b.nca.certificate));
                assert_false(trust_signed_by(a.trust, signed_by_nca[k], a.root.certificate));
            }
        }
        authority_release(&a);
        authority_release(&b);
    }
}

/* A known certificate with any byte of it changed is another one. */
static void changed_bytes(void **state)
{
    (void)state;
    struct authority a;
    struct arena arena;
    arena_init(&arena, 0);
    authority_init(&a, EDS_RSA_SHA256, NULL);
    struct str der = der_of(&arena, a.nca.certificate);
    char *changed = arena_copy(&arena, der.p, der.n);
    assert_true(trust_signed_by(a.trust, a.nca.certificate, a.root.certificate));
    for (size_t at = 0; at < der.n; at += 3) {
        changed[at] ^= 1;
        X509 *other = trust_read_certificate(a.trust, (struct str){ changed, der.n });
        if (other && X509_cmp(other, a.nca.certificate) != 0)
            assert_false(trust_signed_by(a.trust, other, a.root.certificate));
        X509_free(other);
        changed[at] ^= 1;
    }
    X509 *same = trust_read_certificate(a.trust, der), *again = trust_read_certificate(a.trust, der);
    assert_ptr_equal(same, again); /* parsed once */
    assert_int_equal(X509_cmp(same, a.nca.certificate), 0);
    assert_null(trust_read_certificate(a.trust, (struct str){ der.p, der.n - 1 }));
    struct str person = der_of(&arena, a.person.certificate);
    X509 *one = trust_read_certificate(a.trust, person), *two = trust_read_certificate(a.trust, person);
    assert_true(one && two && one != two); /* a subscriber's is not kept */
    X509 *const all[] = { same, again, one, two };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        X509_free(all[i]);
    authority_release(&a);
    arena_release(&arena);
}

/* Dates are looked at every time: the issuing authority runs out, then the signer's time has not come. */
static void dates(void **state)
{
    (void)state;
    struct authority a;
    struct arena arena;
    arena_init(&arena, 0);
    authority_init(&a, EDS_GOST_2015_512, NULL);
    struct str cms = sign_cms(&a, &arena, &a.person, 1, STR("text"), (struct eds_cms_options){ .detached = false });
    struct str ocsp = good_ocsp(&a, &arena, a.person.certificate);
    const struct {
        int64_t days;
        enum tri valid;
        enum eds_reason reason;
    } cases[] = { { 0, TRI_YES, EDS_OK },
                  { 2000, TRI_NO, EDS_CHAIN_EXPIRED },
                  { -2000, TRI_NO, EDS_CHAIN_NOT_YET },
                  { -101, TRI_NO, EDS_CHAIN_NOT_YET },
                  { 201, TRI_NO, EDS_CHAIN_EXPIRED } };
    for (size_t round = 0; round < 2; round++) {
        for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
            struct eds_verdict v;
            eds_verify(
                a.trust,
                &(struct eds_request){
                    .form = EDS_CMS, .signature = cms, .at = { AT.ms + cases[i].days * DAY_MS }, .ocsp = &ocsp, .ocsps = 1 },
                &arena, &v);
            expect(&v, cases[i].valid, EDS_STEP_CHAIN, cases[i].reason);
        }
    }
    authority_release(&a);
    arena_release(&arena);
}

struct crowd {
    struct authority *a;
    X509 *many[MANY];
    struct str der[MANY];
};

static void *ask_often(void *from)
{
    struct crowd *crowd = from;
    struct authority *a = crowd->a;
    intptr_t failures = 0;
    for (int i = 0; i < 3 * MANY; i++) {
        X509 *certificate = trust_read_certificate(a->trust, crowd->der[i % MANY]);
        failures += !certificate || X509_cmp(certificate, crowd->many[i % MANY]) != 0 ||
                    !trust_signed_by(a->trust, certificate, a->nca.certificate) ||
                    trust_signed_by(a->trust, certificate, a->root.certificate);
        X509_free(certificate);
    }
    return (void *)failures;
}

/* More than it keeps, asked from several threads. */
static void crowded(void **state)
{
    (void)state;
    struct authority a;
    struct arena arena;
    struct crowd crowd = { .a = &a };
    pthread_t thread[THREADS];
    arena_init(&arena, 0);
    authority_init(&a, EDS_RSA_SHA256, NULL);
    struct eds_profile profile = { .common_name = "OCSP",
                                   .not_before = { AT.ms - DAY_MS },
                                   .not_after = { AT.ms + DAY_MS },
                                   .key_usage = "critical,digitalSignature",
                                   .extended_key_usage = "OCSPSigning" };
    for (int i = 0; i < MANY; i++) {
        profile.serial = (uint64_t)i + 1;
        assert_true(eds_certificate_make(&profile, a.responder.key, a.nca.certificate, a.nca.key, &crowd.many[i], &a.err));
        crowd.der[i] = der_of(&arena, crowd.many[i]);
    }
    for (int t = 0; t < THREADS; t++)
        assert_int_equal(pthread_create(&thread[t], NULL, ask_often, &crowd), 0);
    for (int t = 0; t < THREADS; t++) {
        void *failures;
        assert_int_equal(pthread_join(thread[t], &failures), 0);
        assert_null(failures);
    }
    for (int i = 0; i < MANY; i++)
        X509_free(crowd.many[i]);
    authority_release(&a);
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_are_told_apart),
        cmocka_unit_test(changed_bytes),
        cmocka_unit_test(dates),
        cmocka_unit_test(crowded),
    };
    eds_setup();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
