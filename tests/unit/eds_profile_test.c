/* SPDX-License-Identifier: Apache-2.0 */
/* The file `profile` of an arranged trust folder: every key, and what is refused. */
#include "eds_authority.h"

#include <sys/stat.h>
#include <unistd.h>

struct fixture {
    struct authority a;
    char folder[64];
};

static void path_of(const struct fixture *f, const char *name, char ret[128]) { snprintf(ret, 128, "%s/%s", f->folder, name); }

static void write_certificate(const struct fixture *f, const char *name, X509 *certificate)
{
    char path[128];
    path_of(f, name, path);
    FILE *out = fopen(path, "w");
    assert_non_null(out);
    assert_int_equal(PEM_write_X509(out, certificate), 1);
    assert_int_equal(fclose(out), 0);
}

static int setup(void **state)
{
    struct fixture *f = *state = mem_alloc(sizeof *f);
    char path[128];
    authority_init(&f->a, EDS_RSA_SHA256, NULL);
    snprintf(f->folder, sizeof f->folder, "/tmp/tirkeu-profile-XXXXXX");
    assert_non_null(mkdtemp(f->folder));
    path_of(f, "anchors", path);
    assert_int_equal(mkdir(path, 0700), 0);
    path_of(f, "intermediates", path);
    assert_int_equal(mkdir(path, 0700), 0);
    write_certificate(f, "anchors/root.pem", f->a.root.certificate);
    write_certificate(f, "intermediates/nca.pem", f->a.nca.certificate);
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;
    static const char *const names[] = { "anchors/root.pem", "intermediates/nca.pem", "profile" };
    char path[128];
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        path_of(f, names[i], path);
        unlink(path);
    }
    path_of(f, "anchors", path);
    rmdir(path);
    path_of(f, "intermediates", path);
    rmdir(path);
    rmdir(f->folder);
    authority_release(&f->a);
    free(f);
    return 0;
}

static bool open_with(struct fixture *f, const char *profile, struct eds_trust **ret)
{
    char path[128];
    path_of(f, "profile", path);
    FILE *out = fopen(path, "w");
    assert_non_null(out);
    assert_true(fputs(profile, out) >= 0);
    assert_int_equal(fclose(out), 0);
    return eds_trust_open(f->folder, EDS_TEST, ret, &f->a.err);
}

static void without(void **state)
{
    struct fixture *f = *state;
    struct eds_trust *trust;
    assert_true(eds_trust_open(f->folder, EDS_TEST, &trust, &f->a.err));
    const struct eds_policy *policy = eds_trust_policy(trust);
    assert_string_equal(policy->version, eds_policy_default.version);
    assert_int_equal(policy->signature_algorithms, eds_policy_default.signature_algorithms);
    eds_trust_free(trust);
    assert_false(eds_trust_open(f->folder, EDS_PRODUCTION, &trust, &f->a.err)); /* its root is not a known one */
}

static void every_key(void **state)
{
    struct fixture *f = *state;
    struct eds_trust *trust;
    assert_true(open_with(f,
                          "# what this deployment demands\n\n  version = city-7 \nsignature_algorithms = rsa, gost-2015-512\r\n"
                          "timestamp_algorithms=gost-2004\nocsp_age_seconds = 60\ncrl_age_seconds=120\nclock_skew_seconds = 5\n"
                          "timestamp_required = yes\ncommitment_required = yes\nauthorities_required = no\n"
                          "ocsp_url = http://ocsp.example/?a=b\ncrl_url = http://crl.example/\ntsp_url = http://tsp.example/\n"
                          "timestamp_policies = 1.2.398.3.3.2.6.4, 1.2.3",
                          &trust));
    const struct eds_policy *policy = eds_trust_policy(trust);
    assert_string_equal(policy->version, "city-7");
    assert_int_equal(policy->signature_algorithms, 1u << EDS_RSA_SHA256 | 1u << EDS_GOST_2015_512);
    assert_int_equal(policy->timestamp_algorithms, 1u << EDS_GOST_2004);
    assert_int_equal(policy->ocsp_age_s, 60);
    assert_int_equal(policy->crl_age_s, 120);
    assert_int_equal(policy->skew_s, 5);
    assert_true(policy->timestamp_required && policy->commitment_required && !policy->authorities_required);
    assert_string_equal(policy->ocsp_url, "http://ocsp.example/?a=b");
    assert_string_equal(policy->crl_url, "http://crl.example/");
    assert_string_equal(policy->tsp_url, "http://tsp.example/");
    assert_string_equal(policy->tsa_policy[1], "1.2.3");
    assert_null(policy->tsa_policy[2]);
    eds_trust_free(trust);
}

/* It is the policy that signatures are held to. */
static void counts(void **state)
{
    struct fixture *f = *state;
    struct arena arena;
    struct eds_trust *trust;
    struct eds_verdict v;
    arena_init(&arena, 0);
    struct str cms = sign_cms(&f->a, &arena, &f->a.person, 1, STR("text"), (struct eds_cms_options){ .detached = false });
    const struct eds_request request = { .form = EDS_CMS, .signature = cms, .at = AT };
    assert_true(open_with(f, "signature_algorithms = gost-2015-512\n", &trust));
    eds_verify(trust, &request, &arena, &v);
    expect(&v, TRI_NO, EDS_STEP_ALGORITHM, EDS_ALGORITHM_REFUSED);
    eds_trust_free(trust);
    assert_true(open_with(f, "ocsp_url = http://here.example/\nversion = v2\n", &trust));
    eds_verify(trust, &request, &arena, &v);
    expect(&v, TRI_UNKNOWN, EDS_STEP_REVOCATION, EDS_REVOCATION_NO_ANSWER);
    assert_string_equal(v.policy_version, "v2");
    assert_true(v.missings > 0 && str_is(v.missing[0].url, "http://here.example/"));
    eds_trust_free(trust);
    arena_release(&arena);
}

static void refused(void **state)
{
    struct fixture *f = *state;
    static const char *const bad[] = { "mode = test",
                                       "version",
                                       "version =",
                                       "= x",
                                       "version = 1\nversion = 2",
                                       "timestamp_required = true",
                                       "ocsp_age_seconds = -1",
                                       "ocsp_age_seconds = 1 hour",
                                       "ocsp_age_seconds = 18446744073709551615",
                                       "crl_age_seconds = 9223372036854775807",
                                       "signature_algorithms = rsa, md5",
                                       "signature_algorithms = RSA",
                                       "timestamp_policies = 1.2.398, policy" };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct eds_trust *trust;
        if (open_with(f, bad[i], &trust))
            fail_msg("taken: %s", bad[i]);
        assert_int_equal(f->a.err.kind, ERR_INPUT);
        assert_non_null(strstr(f->a.err.text, "profile:")); /* with the number of the line */
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(without, setup, teardown),
        cmocka_unit_test_setup_teardown(every_key, setup, teardown),
        cmocka_unit_test_setup_teardown(counts, setup, teardown),
        cmocka_unit_test_setup_teardown(refused, setup, teardown),
    };
    eds_setup();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
