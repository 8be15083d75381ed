/* SPDX-License-Identifier: Apache-2.0 */
/* Answers from outside that are no fault of whoever signed, and requests that are taken for others. */
#include "eds_authority.h"
#include "filing_desk.h"
#include "filing/filing_signature.h"

static struct authority authority, other;
static struct subscriber aidos_key;

struct bench {
    struct desk d;
    struct filing_actor aidos;
    struct filing_id id;
    int64_t request;
    struct filing_signature s;
    struct filing_signature_result result;
    struct eds_trust *trust;
};

static void bench_open(struct bench *b)
{
    struct eds_policy policy = eds_policy_default;
    policy.timestamp_required = true;
    policy.tsp_url = "http://tsp.example/";
    *b = (struct bench){ .aidos = citizen(AIDOS) };
    desk_open(&b->d, ":memory:");
    OK(&b->d,
       eds_trust_make(EDS_TEST, &authority.root.certificate, 1, &authority.nca.certificate, 1, &policy, &b->trust, &b->d.err));
    b->d.context.now = AT;
    b->d.context.trust = b->trust;
    b->id = desk_begin(&b->d, AIDOS, "D1");
    desk_serve(&b->d);
    struct filing_coupon coupon = desk_coupon();
    OK(&b->d, filing_save_coupon(b->d.db, &b->d.context, &b->aidos, b->id, &coupon, &b->d.err));
}

static void bench_close(struct bench *b)
{
    desk_audit_is_whole(&b->d);
    desk_close(&b->d);
    eds_trust_free(b->trust);
}

static void ask_and_sign(struct bench *b)
{
    struct filing_signing wanted = { .purpose = FILING_SIGN_APPLICATION, .filing = b->id };
    struct filing_access access = { .actor = &b->aidos };
    OK(&b->d, filing_signature_ask(b->d.db, &b->d.context, &b->aidos, &wanted, &b->request, NULL, &b->d.err));
    OK(&b->d, filing_signature_read(b->d.db, &b->d.context, &access, b->request, &b->d.arena, &b->s, &b->d.err));
    struct str cms = sign_cms(&authority, &b->d.arena, &aidos_key, 1, b->s.content, (struct eds_cms_options){ .detached = true });
    struct filing_check *check;
    OK(&b->d, filing_signature_check(b->d.db, &b->d.context, &access, b->request, cms, &b->d.arena, &check, &b->d.err));
    OK(&b->d, filing_signature_put(b->d.db, &b->d.context, &access, b->request, cms, check, &b->result, &b->d.err));
}

static struct str reply_by(struct bench *b, const struct subscriber *tsa, struct str request, const char *policy)
{
    const struct eds_identity identity = { .key = tsa->key, .certificate = tsa->certificate };
    struct buf reply;
    buf_init(&reply, 1 << 16);
    OK(&b->d, eds_timestamp_reply(&identity, request, policy, b->d.context.now, &reply, &b->d.err));
    return keep_buf(&b->d.arena, &reply);
}

static struct filing_fetch take(struct bench *b, enum filing_fetch_kind kind)
{
    struct filing_fetch f[8];
    int count, at = 0;
    OK(&b->d, filing_fetches_take(b->d.db, &b->d.context, 8, 30000, &b->d.arena, f, &count, &b->d.err));
    while (at < count && f[at].kind != kind)
        at++;
    assert_true(at < count);
    return f[at];
}

static void done(struct bench *b, const struct filing_fetch *f, struct str answer)
{
    OK(&b->d, filing_fetch_done(b->d.db, &b->d.context, f, answer, STR(""), &b->d.err));
}

static void expect_result(struct bench *b, enum filing_signature_state state, enum eds_reason reason)
{
    struct filing_access access = { .actor = &b->aidos };
    OK(&b->d, filing_signature_read(b->d.db, &b->d.context, &access, b->request, &b->d.arena, &b->s, &b->d.err));
    if (b->s.result.state != state || b->s.result.reason != reason)
        fail_msg("%s, %s", filing_signature_state_name(b->s.result.state), eds_reason_name(b->s.result.reason));
}

/* The timestamp is asked for by the courier: one that is no good is as none, and the person is not refused for it. */
static void timestamps_that_are_no_good(void **state)
{
    struct bench b;
    (void)state;
    bench_open(&b);
    ask_and_sign(&b);
    expect_result(&b, FILING_SIGNATURE_CHECKING, EDS_TIMESTAMP_MISSING);
    const struct {
        const struct subscriber *by;
        const char *policy;
    } rows[] = { { &authority.tsa, "1.2.3.4" }, { &other.tsa, TSA_POLICY }, { &authority.person, TSA_POLICY } };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct filing_fetch f = take(&b, FILING_FETCH_TIMESTAMP);
        done(&b, &f, reply_by(&b, rows[i].by, f.request, rows[i].policy));
        expect_result(&b, FILING_SIGNATURE_CHECKING, EDS_TIMESTAMP_MISSING);
        STATE_IS(&b.d, b.id, FILING_SIGNING);
        b.d.context.now.ms += 60000;
    }
    struct filing_fetch f = take(&b, FILING_FETCH_TIMESTAMP);
    struct str reply = reply_by(&b, &authority.tsa, f.request, TSA_POLICY);
    done(&b, &f, reply);
    expect_result(&b, FILING_SIGNATURE_CHECKING, EDS_REVOCATION_NO_ANSWER);
    bench_close(&b);
}

/* The authority of timestamps was away for an hour: its token is later than the signature came, and good. */
static void timestamps_that_come_late(void **state)
{
    struct bench b;
    (void)state;
    bench_open(&b);
    ask_and_sign(&b);
    struct filing_fetch f = take(&b, FILING_FETCH_TIMESTAMP);
    done(&b, &f, (struct str){ NULL, 0 });
    b.d.context.now.ms += 3600000;
    f = take(&b, FILING_FETCH_TIMESTAMP);
    done(&b, &f, reply_by(&b, &authority.tsa, f.request, TSA_POLICY));
    expect_result(&b, FILING_SIGNATURE_CHECKING, EDS_REVOCATION_NO_ANSWER);
    bench_close(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(timestamps_that_are_no_good),
        cmocka_unit_test(timestamps_that_come_late),
    };
    eds_setup();
    authority_init(&authority, EDS_GOST_2015_512, NULL);
    authority_init(&other, EDS_GOST_2015_512, NULL);
    struct eds_profile profile = person_profile();
    profile.iin = AIDOS;
    aidos_key = subscribe(&authority, &profile, &authority.nca);
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    subscriber_free(&aidos_key);
    authority_release(&authority);
    authority_release(&other);
    return failed;
}
