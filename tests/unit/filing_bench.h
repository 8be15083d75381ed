/* SPDX-License-Identifier: Apache-2.0 */
/* Where filings are signed: a case that waits for signatures, who may sign, and a courier without a network. */
#ifndef TESTS_FILING_BENCH_H
#define TESTS_FILING_BENCH_H

#include "eds_answers.h"
#include "filing_desk.h"
#include "filing/filing_signature_impl.h"

/* The authority is made once: keys take time. */
static struct authority authority;
static struct subscriber aidos_key, gulnar_key, aidos_auth;

enum answer { NOTHING, GOOD, REVOKED, NOT_KNOWN_HERE };

struct bench {
    struct desk d;
    struct filing_actor aidos, gulnar;
    struct filing_id id;
    int64_t request;
    char ticket[FILING_TICKET];
    struct filing_signature s;
    struct filing_signature_result result;
    enum answer answer; /* of the responder */
    int fetched;
};

static inline struct subscriber person_key(const char *iin, const char *usage)
{
    struct eds_profile profile = person_profile();
    profile.iin = iin;
    profile.extended_key_usage = usage;
    return subscribe(&authority, &profile, &authority.nca);
}

static inline void bench_open(struct bench *b)
{
    *b = (struct bench){ .aidos = citizen(AIDOS), .gulnar = citizen(GULNAR), .answer = GOOD };
    desk_open(&b->d, ":memory:");
    b->d.context.now = AT;
    b->d.context.trust = authority.trust;
    b->id = desk_begin(&b->d, AIDOS, "D1");
    desk_serve(&b->d);
    struct filing_coupon coupon = desk_coupon();
    OK(&b->d, filing_save_coupon(b->d.db, &b->d.context, &b->aidos, b->id, &coupon, &b->d.err));
}

static inline void bench_close(struct bench *b)
{
    int64_t records;
    OK(&b->d, filing_records_verify(b->d.db, authority.trust, &records, &b->d.err));
    desk_audit_is_whole(&b->d);
    desk_close(&b->d);
}

static inline bool ask(struct bench *b, const struct filing_actor *actor, enum filing_signature_purpose purpose)
{
    struct filing_signing wanted = { .purpose = purpose, .filing = b->id };
    struct filing_access access = { .actor = actor };
    return filing_signature_ask(b->d.db, &b->d.context, actor, &wanted, &b->request, b->ticket, &b->d.err) &&
           filing_signature_read(b->d.db, &b->d.context, &access, b->request, &b->d.arena, &b->s, &b->d.err);
}

static inline struct str sign(struct bench *b, const struct subscriber *by, struct str content)
{
    return sign_cms(&authority, &b->d.arena, by, 1, content, (struct eds_cms_options){ .detached = true });
}

static inline bool put_by(struct bench *b, const struct filing_access *access, struct str cms)
{
    struct filing_check *check;
    return filing_signature_check(b->d.db, &b->d.context, access, b->request, cms, &b->d.arena, &check, &b->d.err) &&
           filing_signature_put(b->d.db, &b->d.context, access, b->request, cms, check, &b->result, &b->d.err);
}

static inline bool put(struct bench *b, struct str cms)
{
    struct filing_access access = { .ticket = str_from(b->ticket) };
    return put_by(b, &access, cms);
}

/* The courier without a network. */
static inline void fetch(struct bench *b, const struct subscriber *about)
{
    struct filing_fetch f[8];
    int count;
    OK(&b->d, filing_fetches_take(b->d.db, &b->d.context, 8, 30000, &b->d.arena, f, &count, &b->d.err));
    for (int i = 0; i < count; i++) {
        struct str answer = { NULL, 0 };
        struct ocsp_options o = { .status = b->answer == GOOD ? V_OCSP_CERTSTATUS_GOOD : V_OCSP_CERTSTATUS_REVOKED,
                                  .reason = b->answer == REVOKED ? OCSP_REVOKED_STATUS_KEYCOMPROMISE
                                                                 : OCSP_REVOKED_STATUS_CERTIFICATEHOLD,
                                  .revoked = { b->answer == REVOKED ? AT.ms - 1000 : 0 },
                                  .issued = b->d.context.now,
                                  .request = f[i].request };
        if (f[i].kind == FILING_FETCH_OCSP && b->answer != NOTHING)
            answer = make_ocsp(&authority, &b->d.arena, about->certificate, authority.nca.certificate, o);
        b->fetched++;
        OK(&b->d, filing_fetch_done(b->d.db, &b->d.context, &f[i], answer, STR("no answer in time"), &b->d.err));
    }
}

static inline void expect_result(struct bench *b, const struct filing_actor *actor, enum filing_signature_state state,
                                 enum eds_reason reason)
{
    struct filing_access access = { .actor = actor };
    OK(&b->d, filing_signature_read(b->d.db, &b->d.context, &access, b->request, &b->d.arena, &b->s, &b->d.err));
    if (b->s.result.state != state || b->s.result.reason != reason)
        fail_msg("%s, %s", filing_signature_state_name(b->s.result.state), eds_reason_name(b->s.result.reason));
}

/* The tests of a file, with the authority and the keys. */
static inline int bench_run(const struct CMUnitTest *tests, size_t count)
{
    eds_setup();
    authority_init(&authority, EDS_GOST_2015_512, NULL);
    aidos_key = person_key(AIDOS, PERSON_SIGN);
    gulnar_key = person_key(GULNAR, PERSON_SIGN);
    aidos_auth = person_key(AIDOS, "clientAuth,1.2.398.3.3.4.1.1");
    int failed = _cmocka_run_group_tests("signatures", tests, count, NULL, NULL);
    subscriber_free(&aidos_key);
    subscriber_free(&gulnar_key);
    subscriber_free(&aidos_auth);
    authority_release(&authority);
    return failed;
}

#endif
