/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Evidence records are verified again out of themselves; and no object with a flipped bit is ever valid or held.
 * TIRKEU_EDS_FLIPS=all: every bit of every object (make long), else a sample.
 */
#include "eds_fixture.h"

#define CONTENT STR("өтініш №2")

static struct str stamped_cms(struct fixture *f, struct authority *a, bool detached)
{
    struct str cms = sign_cms(a, &f->arena, &a->person, 1, CONTENT, (struct eds_cms_options){ .detached = detached });
    struct str token = make_token(a, &f->arena, &a->tsa, signature_value(a, &f->arena, cms), TSA_POLICY, AT);
    return with_token(a, &f->arena, cms, token);
}

/* ---- records ---- */

static struct str make_record(struct fixture *f, const struct eds_request *request, enum tri expected)
{
    struct eds_verdict v;
    struct buf out;
    buf_init(&out, 1 << 20);
    eds_verify(f->a.trust, request, &f->arena, &v);
    assert_int_equal(v.valid, expected);
    assert_true(eds_record_make(request, &v, &out, &f->a.err));
    return keep_buf(&f->arena, &out);
}

static void records(void **state)
{
    struct fixture *f = *state;
    struct eds_request request = { .form = EDS_CMS,
                                   .signature = stamped_cms(f, &f->a, true),
                                   .content = CONTENT,
                                   .at = AT_PLUS(5),
                                   .purpose = EDS_PURPOSE_PERSON_SIGN,
                                   .iin = TEST_IIN,
                                   .ocsp = &f->ocsp,
                                   .ocsps = 1 };
    struct str record = make_record(f, &request, TRI_YES);
    /* Years later: only the root is known still. */
    struct eds_trust *anchor_only;
    struct eds_verdict v;
    assert_true(eds_trust_make(EDS_TEST, &f->a.root.certificate, 1, NULL, 0, NULL, &anchor_only, &f->a.err));
    eds_record_verify(anchor_only, record, &f->arena, &v);
    expect_valid(&v);
    assert_true(str_equal(v.content, CONTENT) && v.at.ms == request.at.ms);
    struct eds_request again = { .signature = record, .at = { AT.ms + 3650 * DAY_MS } };
    eds_verify(anchor_only, &again, &f->arena, &v);
    expect_valid(&v);

    request.ocsps = 0;
    record = make_record(f, &request, TRI_UNKNOWN);
    eds_record_verify(anchor_only, record, &f->arena, &v);
    expect(&v, TRI_UNKNOWN, EDS_STEP_REVOCATION, EDS_REVOCATION_NO_ANSWER);
    request.content = STR("other");
    record = make_record(f, &request, TRI_NO);
    eds_record_verify(anchor_only, record, &f->arena, &v);
    expect(&v, TRI_NO, EDS_STEP_CONTENT, EDS_CONTENT_DIGEST);
    eds_trust_free(anchor_only);
}

static void changed_records(void **state)
{
    struct fixture *f = *state;
    struct eds_request request = {
        .form = EDS_CMS, .signature = stamped_cms(f, &f->a, false), .at = AT, .ocsp = &f->ocsp, .ocsps = 1
    };
    struct str record = make_record(f, &request, TRI_YES);
    char *bytes = arena_copy(&f->arena, record.p, record.n);
    struct eds_verdict v;
    for (size_t at = 0; at < record.n; at += 37) {
        bytes[at] ^= 1;
        eds_record_verify(f->a.trust, (struct str){ bytes, record.n }, &f->arena, &v);
        expect(&v, TRI_NO, EDS_STEP_FORM, EDS_RECORD_CHANGED);
        bytes[at] ^= 1;
    }
    struct authority other;
    authority_init(&other, EDS_GOST_2015_512, NULL);
    eds_record_verify(other.trust, record, &f->arena, &v); /* the chain inside proves nothing without its anchor */
    expect(&v, TRI_NO, EDS_STEP_FORM, EDS_RECORD_CHANGED);
    authority_release(&other);
}

/* ---- flipped bits ---- */

static bool all_of_them(void)
{
    const char *how = getenv("TIRKEU_EDS_FLIPS");
    return how && strcmp(how, "all") == 0;
}

static void flip(struct fixture *f, struct authority *a, struct eds_request request, struct str ocsp, size_t step)
{
    struct arena scratch;
    struct eds_verdict v;
    char *bytes = arena_copy(&f->arena, request.signature.p, request.signature.n);
    request.at = AT;
    request.ocsp = &ocsp;
    request.ocsps = 1;
    request.signature.p = bytes;
    arena_init(&scratch, 0);
    eds_verify(a->trust, &request, &scratch, &v);
    expect_valid(&v);
    for (size_t bit = 0; bit < 8 * request.signature.n; bit += all_of_them() ? 1 : step) {
        bytes[bit / 8] = (char)(bytes[bit / 8] ^ (1 << bit % 8));
        arena_reset(&scratch);
        eds_verify(a->trust, &request, &scratch, &v);
        if (v.valid != TRI_NO)
            fail_msg("bit %zu of byte %zu: valid %d", bit % 8, bit / 8, v.valid);
        bytes[bit / 8] = (char)(bytes[bit / 8] ^ (1 << bit % 8));
    }
    arena_release(&scratch);
}

static void no_flipped_bit_verifies(void **state)
{
    struct fixture *f = *state;
    static const enum eds_algorithm algorithm[] = { EDS_GOST_2015_512, EDS_RSA_SHA256 };
    for (int i = 0; i < 2; i++) {
        struct authority a;
        authority_init(&a, algorithm[i], NULL);
        const struct eds_identity identity = { .key = a.person.key, .certificate = a.person.certificate };
        struct str ocsp = good_ocsp(&a, &f->arena, a.person.certificate);
        flip(f, &a, (struct eds_request){ .form = EDS_CMS, .signature = stamped_cms(f, &a, false) }, ocsp, 151);
        flip(f, &a, (struct eds_request){ .form = EDS_CMS, .signature = stamped_cms(f, &a, true), .content = CONTENT }, ocsp,
             211);
        struct buf out;
        buf_init(&out, 1 << 20);
        assert_true(eds_sign_xml(&identity, STR("<a x=\"1\">\n  <b>text &amp; more</b>\n</a>"), &out, &a.err));
        flip(f, &a, (struct eds_request){ .form = EDS_XML, .signature = keep_buf(&f->arena, &out) }, ocsp, 151);
        buf_init(&out, 1 << 20);
        assert_true(eds_certificate_write(a.person.certificate, &out, &a.err));
        flip(f, &a, (struct eds_request){ .form = EDS_CERTIFICATE, .signature = keep_buf(&f->arena, &out) }, ocsp, 101);
        authority_release(&a);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(records),
        cmocka_unit_test(changed_records),
        cmocka_unit_test(no_flipped_bit_verifies),
    };
    eds_setup();
    return cmocka_run_group_tests(tests, fixture_open, fixture_close);
}
