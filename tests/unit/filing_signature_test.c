/* SPDX-License-Identifier: Apache-2.0 */
/* Electronic signatures on the steps of a case: right ones, wrong ones, and those that have to wait. */
#include "eds_authority.h"
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

static struct subscriber person_key(const char *iin, const char *usage)
{
    struct eds_profile profile = person_profile();
    profile.iin = iin;
    profile.extended_key_usage = usage;
    return subscribe(&authority, &profile, &authority.nca);
}

static void bench_open(struct bench *b)
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

static void bench_close(struct bench *b)
{
    int64_t records;
    OK(&b->d, filing_records_verify(b->d.db, authority.trust, &records, &b->d.err));
    desk_audit_is_whole(&b->d);
    desk_close(&b->d);
}

static bool ask(struct bench *b, const struct filing_actor *actor, enum filing_signature_purpose purpose)
{
    struct filing_signing wanted = { .purpose = purpose, .filing = b->id };
    struct filing_access access = { .actor = actor };
    return filing_signature_ask(b->d.db, &b->d.context, actor, &wanted, &b->request, b->ticket, &b->d.err) &&
           filing_signature_read(b->d.db, &b->d.context, &access, b->request, &b->d.arena, &b->s, &b->d.err);
}

static struct str sign(struct bench *b, const struct subscriber *by, struct str content)
{
    return sign_cms(&authority, &b->d.arena, by, 1, content, (struct eds_cms_options){ .detached = true });
}

static bool put_by(struct bench *b, const struct filing_access *access, struct str cms)
{
    struct filing_check *check;
    return filing_signature_check(b->d.db, &b->d.context, access, b->request, cms, &b->d.arena, &check, &b->d.err) &&
           filing_signature_put(b->d.db, &b->d.context, access, b->request, cms, check, &b->result, &b->d.err);
}

static bool put(struct bench *b, struct str cms)
{
    struct filing_access access = { .ticket = str_from(b->ticket) };
    return put_by(b, &access, cms);
}

/* The courier without a network. */
static void fetch(struct bench *b, const struct subscriber *about)
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

static void expect_result(struct bench *b, const struct filing_actor *actor, enum filing_signature_state state,
                          enum eds_reason reason)
{
    struct filing_access access = { .actor = actor };
    OK(&b->d, filing_signature_read(b->d.db, &b->d.context, &access, b->request, &b->d.arena, &b->s, &b->d.err));
    if (b->s.result.state != state || b->s.result.reason != reason)
        fail_msg("%s, %s", filing_signature_state_name(b->s.result.state), eds_reason_name(b->s.result.reason));
}

static void signed_and_consented_by_signature(void **state)
{
    struct bench b;
    (void)state;
    bench_open(&b);
    OK(&b.d, ask(&b, &b.aidos, FILING_SIGN_APPLICATION));
    assert_non_null(strstr(b.s.content.p, "\"filing\":\"T-000001-7\""));
    assert_non_null(strstr(b.s.content.p, "\"iin\":\"" AIDOS "\""));
    assert_non_null(strstr(b.s.content.p, "\"rka\":\"D1\""));
    assert_non_null(strstr(b.s.content.p, "\"previous_place\":\"Қарағанды\""));
    assert_non_null(strstr(b.s.content.p, "\"paragraph\":\"10.3\""));
    int64_t first = b.request;
    OK(&b.d, ask(&b, &b.aidos, FILING_SIGN_APPLICATION));
    assert_int_equal(b.request, first); /* still current */

    OK(&b.d, put(&b, sign(&b, &aidos_key, b.s.content)));
    assert_int_equal(b.result.state, FILING_SIGNATURE_CHECKING);
    assert_int_equal(b.result.step, EDS_STEP_REVOCATION);
    STATE_IS(&b.d, b.id, FILING_SIGNING);
    fetch(&b, &aidos_key);
    expect_result(&b, &b.aidos, FILING_SIGNATURE_GOOD, EDS_OK);
    STATE_IS(&b.d, b.id, FILING_CONSENT);

    OK(&b.d, ask(&b, &b.gulnar, FILING_SIGN_CONSENT));
    OK(&b.d, put(&b, sign_cms(&authority, &b.d.arena, &gulnar_key, 1, b.s.content, (struct eds_cms_options){ 0 })));
    fetch(&b, &gulnar_key);
    STATE_IS(&b.d, b.id, FILING_REGISTERING);
    desk_serve(&b.d);
    struct filing_view v = desk_view(&b.d, &b.aidos, b.id);
    assert_int_equal(v.state, FILING_REGISTERED);
    assert_int_equal(v.signed_by, FILING_BY_EDS);
    assert_int_equal(v.consent[0].level, FILING_BY_EDS);
    assert_int_equal(v.signature.result.state, FILING_SIGNATURE_GOOD);
    assert_int_equal(desk_count(&b.d, "SELECT count(*) FROM signature WHERE record IS NOT NULL"), 2);
    bench_close(&b);
}

static void wrong_signatures_are_refused_with_their_reason(void **state)
{
    const struct subscriber *const by[] = { &gulnar_key, &aidos_key, &aidos_auth };
    const enum eds_reason reason[] = { EDS_IDENTITY_OTHER_IIN, EDS_CONTENT_DIFFERS, EDS_PURPOSE_OTHER };
    struct bench b;
    (void)state;
    bench_open(&b);
    for (int i = 0; i < 3; i++) {
        OK(&b.d, ask(&b, &b.aidos, FILING_SIGN_APPLICATION));
        struct str content = b.s.content;
        if (reason[i] == EDS_CONTENT_DIFFERS)
            content = STR("{\"months\":12}");
        OK(&b.d, put(&b, sign_cms(&authority, &b.d.arena, by[i], 1, content, (struct eds_cms_options){ 0 })));
        expect_result(&b, &b.aidos, FILING_SIGNATURE_REFUSED, reason[i]);
        REFUSED(&b.d, ERR_CONFLICT, put(&b, sign(&b, &aidos_key, b.s.content))); /* the nonce is used up */
    }
    STATE_IS(&b.d, b.id, FILING_SIGNING);
    assert_int_equal(desk_count(&b.d, "SELECT count(*) FROM signature_fetch WHERE state IN ('open', 'silent')"), 0);
    bench_close(&b);
}

static void what_is_no_signature_leaves_the_request_open(void **state)
{
    struct bench b;
    (void)state;
    bench_open(&b);
    OK(&b.d, ask(&b, &b.aidos, FILING_SIGN_APPLICATION));
    REFUSED(&b.d, ERR_INPUT, put(&b, STR("")));
    REFUSED(&b.d, ERR_INPUT, put(&b, STR("a letter")));
    REFUSED(&b.d, ERR_INPUT, put(&b, b.s.content));
    char *large = arena_alloc(&b.d.arena, FILING_CMS_MAX + 1);
    memset(large, 'A', FILING_CMS_MAX + 1);
    REFUSED(&b.d, ERR_LIMIT, put(&b, (struct str){ large, FILING_CMS_MAX + 1 }));
    expect_result(&b, &b.aidos, FILING_SIGNATURE_OPEN, EDS_OK);
    bench_close(&b);
}

static void a_signature_of_before_does_not_count_again(void **state)
{
    struct bench b;
    (void)state;
    bench_open(&b);
    OK(&b.d, ask(&b, &b.aidos, FILING_SIGN_APPLICATION));
    struct str cms = sign(&b, &aidos_key, b.s.content);
    struct filing_coupon coupon = desk_coupon();
    coupon.children_under_14 = 2;
    OK(&b.d, filing_save_coupon(b.d.db, &b.d.context, &b.aidos, b.id, &coupon, &b.d.err));
    REFUSED(&b.d, ERR_CONFLICT, put(&b, cms)); /* the coupon is another one */
    OK(&b.d, ask(&b, &b.aidos, FILING_SIGN_APPLICATION));
    OK(&b.d, put(&b, cms));
    expect_result(&b, &b.aidos, FILING_SIGNATURE_REFUSED, EDS_CONTENT_DIGEST);

    OK(&b.d, ask(&b, &b.aidos, FILING_SIGN_APPLICATION));
    cms = sign(&b, &aidos_key, b.s.content);
    desk_pass(&b.d, 31 * 60);
    REFUSED(&b.d, ERR_CONFLICT, put(&b, cms)); /* too late */
    expect_result(&b, &b.aidos, FILING_SIGNATURE_EXPIRED, EDS_OK);

    OK(&b.d, ask(&b, &b.aidos, FILING_SIGN_APPLICATION));
    cms = sign(&b, &aidos_key, b.s.content);
    OK(&b.d, put(&b, cms));
    OK(&b.d, put(&b, cms)); /* sent twice: the same signature */
    expect_result(&b, &b.aidos, FILING_SIGNATURE_CHECKING, EDS_REVOCATION_NO_ANSWER);
    assert_int_equal(desk_count(&b.d, "SELECT count(*) FROM signature_fetch WHERE state = 'open'"), 1);
    bench_close(&b);
}

static void a_revoked_certificate_is_refused(void **state)
{
    struct bench b;
    (void)state;
    bench_open(&b);
    b.answer = REVOKED;
    OK(&b.d, ask(&b, &b.aidos, FILING_SIGN_APPLICATION));
    OK(&b.d, put(&b, sign(&b, &aidos_key, b.s.content)));
    fetch(&b, &aidos_key);
    expect_result(&b, &b.aidos, FILING_SIGNATURE_REFUSED, EDS_REVOCATION_REVOKED);
    STATE_IS(&b.d, b.id, FILING_SIGNING);
    struct filing_view v = desk_view(&b.d, &b.aidos, b.id);
    assert_int_equal(v.signature.result.reason, EDS_REVOCATION_REVOKED);
    bench_close(&b);
}

static void not_known_holds_until_it_is_known(void **state)
{
    struct bench b;
    (void)state;
    bench_open(&b);
    b.answer = NOTHING;
    OK(&b.d, ask(&b, &b.aidos, FILING_SIGN_APPLICATION));
    OK(&b.d, put(&b, sign(&b, &aidos_key, b.s.content)));
    for (int i = 0; i < 4; i++) {
        fetch(&b, &aidos_key);
        desk_pass(&b.d, 60);
    }
    /* OCSP has not helped twice: now the lists are asked for as well. */
    assert_true(desk_count(&b.d, "SELECT count(*) FROM signature_fetch WHERE kind = 'crl'") > 0);
    b.answer = NOT_KNOWN_HERE;
    desk_pass(&b.d, 300);
    fetch(&b, &aidos_key);
    expect_result(&b, &b.aidos, FILING_SIGNATURE_CHECKING, EDS_REVOCATION_NOT_ISSUED);
    STATE_IS(&b.d, b.id, FILING_SIGNING);
    b.answer = GOOD;
    desk_pass(&b.d, 300);
    fetch(&b, &aidos_key);
    expect_result(&b, &b.aidos, FILING_SIGNATURE_GOOD, EDS_OK);
    STATE_IS(&b.d, b.id, FILING_CONSENT);
    bench_close(&b);
}

/* ---- verified ahead ---- */

/* OCSP was silent so often that lists are asked for as well: all that is out now. */
static void take_several(struct bench *b, struct filing_fetch *ret_ocsp, struct filing_fetch *ret_list)
{
    struct filing_fetch f[8];
    int count;
    b->answer = NOTHING;
    OK(&b->d, ask(b, &b->aidos, FILING_SIGN_APPLICATION));
    OK(&b->d, put(b, sign(b, &aidos_key, b->s.content)));
    for (int i = 0; i < 2; i++) {
        fetch(b, &aidos_key);
        desk_pass(&b->d, 60);
    }
    OK(&b->d, filing_fetches_take(b->d.db, &b->d.context, 8, 30000, &b->d.arena, f, &count, &b->d.err));
    *ret_ocsp = *ret_list = (struct filing_fetch){ 0 };
    for (int i = 0; i < count; i++)
        *(f[i].kind == FILING_FETCH_OCSP ? ret_ocsp : ret_list) = f[i];
    assert_true(ret_ocsp->id > 0 && ret_list->id > 0);
}

static struct str ocsp_answer(struct bench *b, const struct filing_fetch *f, bool good)
{
    const struct ocsp_options o = { .status = good ? V_OCSP_CERTSTATUS_GOOD : V_OCSP_CERTSTATUS_REVOKED,
                                    .reason = good ? NO_REASON : OCSP_REVOKED_STATUS_KEYCOMPROMISE,
                                    .revoked = { AT.ms - 1000 },
                                    .issued = b->d.context.now,
                                    .request = f->request };
    return make_ocsp(&authority, &b->d.arena, aidos_key.certificate, authority.nca.certificate, o);
}

static struct filing_check *check_ahead(struct bench *b, const struct signature_arrival *arrival)
{
    struct filing_check *check;
    OK(&b->d, signature_arrival_check(b->d.db, &b->d.context, arrival, &b->d.arena, &check, &b->d.err));
    assert_non_null(check);
    return check;
}

/* Changed: nothing at all was written.  Then both halves once more. */
static void store_after_all(struct bench *b, const struct signature_arrival *arrival, const struct filing_check *stale)
{
    bool changed;
    int64_t entries = desk_count(&b->d, "SELECT count(*) FROM audit");
    REFUSED(&b->d, ERR_CONFLICT, signature_arrival_store(b->d.db, &b->d.context, arrival, stale, &changed, &b->d.err));
    assert_true(changed);
    assert_int_equal(desk_count(&b->d, "SELECT count(*) FROM audit"), entries);
    expect_result(b, &b->aidos, FILING_SIGNATURE_CHECKING, EDS_REVOCATION_NO_ANSWER);
    assert_false(db_in_transaction(b->d.db));
    OK(&b->d, filing_fetch_done(b->d.db, &b->d.context, arrival->fetch, arrival->answer, arrival->trouble, &b->d.err));
}

static void another_answer_that_came_meanwhile_is_looked_at(void **state)
{
    struct bench b;
    struct filing_fetch ocsp, list;
    (void)state;
    bench_open(&b);
    take_several(&b, &ocsp, &list);
    const struct signature_arrival good = { &ocsp, ocsp_answer(&b, &ocsp, true), STR("") };
    struct filing_check *check = check_ahead(&b, &good);
    assert_int_equal(check->verdict.valid, TRI_YES);
    OK(&b.d, filing_fetch_done(b.d.db, &b.d.context, &list, STR("no list"), STR(""), &b.d.err));
    store_after_all(&b, &good, check);
    expect_result(&b, &b.aidos, FILING_SIGNATURE_GOOD, EDS_OK);
    STATE_IS(&b.d, b.id, FILING_CONSENT);
    bench_close(&b);
}

static void another_list_that_came_meanwhile_is_looked_at(void **state)
{
    struct bench b;
    struct filing_fetch ocsp, list;
    (void)state;
    bench_open(&b);
    take_several(&b, &ocsp, &list);
    const struct signature_arrival good = { &ocsp, ocsp_answer(&b, &ocsp, true), STR("") };
    OK(&b.d, filing_fetch_done(b.d.db, &b.d.context, &list, STR("no list"), STR(""), &b.d.err));
    struct filing_check *check = check_ahead(&b, &good);
    OK(&b.d, db_exec(b.d.db, "UPDATE revocation_list SET fetched_at = fetched_at + 1", &b.d.err));
    store_after_all(&b, &good, check);
    expect_result(&b, &b.aidos, FILING_SIGNATURE_GOOD, EDS_OK);
    bench_close(&b);
}

/* A verdict that was good when it was made does not bring back what somebody else has refused or withdrawn. */
static void what_was_settled_meanwhile_stays_settled(void **state)
{
    struct bench b;
    struct filing_fetch ocsp, list;
    bool changed;
    (void)state;
    for (int withdrawn = 0; withdrawn < 2; withdrawn++) {
        bench_open(&b);
        take_several(&b, &ocsp, &list);
        const struct signature_arrival good = { &ocsp, ocsp_answer(&b, &ocsp, true), STR("") };
        struct filing_check *check = check_ahead(&b, &good);
        if (withdrawn) {
            desk_sign(&b.d, AIDOS, b.id); /* with a code after all */
        } else {
            struct filing_fetch other = ocsp;
            OK(&b.d, filing_fetch_done(b.d.db, &b.d.context, &other, ocsp_answer(&b, &other, false), STR(""), &b.d.err));
        }
        bool stored = signature_arrival_store(b.d.db, &b.d.context, &good, check, &changed, &b.d.err);
        assert_int_equal(stored, withdrawn); /* nobody waits for it; or the lease is over */
        assert_false(changed);
        expect_result(&b, &b.aidos, withdrawn ? FILING_SIGNATURE_WITHDRAWN : FILING_SIGNATURE_REFUSED,
                      withdrawn ? EDS_REVOCATION_NO_ANSWER : EDS_REVOCATION_REVOKED);
        assert_int_equal(desk_count(&b.d, "SELECT count(*) FROM signature WHERE record IS NOT NULL"), 0);
        STATE_IS(&b.d, b.id, withdrawn ? FILING_CONSENT : FILING_SIGNING);
        bench_close(&b);
    }
}

static void only_what_was_verified_is_put(void **state)
{
    struct bench b;
    struct filing_check *check, *none;
    (void)state;
    bench_open(&b);
    OK(&b.d, ask(&b, &b.aidos, FILING_SIGN_APPLICATION));
    const struct filing_access access = { .ticket = str_from(b.ticket) };
    struct str right = sign(&b, &aidos_key, b.s.content), wrong = sign(&b, &gulnar_key, b.s.content);
    OK(&b.d, filing_signature_check(b.d.db, &b.d.context, &access, b.request, right, &b.d.arena, &check, &b.d.err));
#define PUT(cms, with) filing_signature_put(b.d.db, &b.d.context, &access, b.request, cms, with, &b.result, &b.d.err)
    REFUSED(&b.d, ERR_CONFLICT, PUT(wrong, check));
    REFUSED(&b.d, ERR_CONFLICT, PUT(right, NULL));
    desk_pass(&b.d, 1);
    REFUSED(&b.d, ERR_CONFLICT, PUT(right, check)); /* at another time */
    desk_pass(&b.d, -1);
    expect_result(&b, &b.aidos, FILING_SIGNATURE_OPEN, EDS_OK);
    OK(&b.d, PUT(right, check));
    expect_result(&b, &b.aidos, FILING_SIGNATURE_CHECKING, EDS_REVOCATION_NO_ANSWER);
    OK(&b.d, filing_signature_check(b.d.db, &b.d.context, &access, b.request, right, &b.d.arena, &none, &b.d.err));
    assert_null(none); /* it came already */
    OK(&b.d, PUT(right, none));
    REFUSED(&b.d, ERR_CONFLICT, PUT(wrong, none));

    OK(&b.d, ask(&b, &b.aidos, FILING_SIGN_APPLICATION));
    char large[FILING_CMS_MAX + 1] = { 0 };
    const struct str too_large = { large, sizeof large };
    OK(&b.d, filing_signature_check(b.d.db, &b.d.context, &access, b.request, too_large, &b.d.arena, &none, &b.d.err));
    assert_null(none);
    bench_close(&b);
}

static void the_owners_hour_is_kept_by_when_the_signature_came(void **state)
{
    struct bench b;
    struct moment next;
    (void)state;
    bench_open(&b);
    desk_sign(&b.d, AIDOS, b.id);
    desk_pass(&b.d, 59 * 60);
    OK(&b.d, ask(&b, &b.gulnar, FILING_SIGN_CONSENT));
    assert_int_equal(b.s.until.ms, AT.ms + 3600 * 1000); /* no longer than the hour */
    OK(&b.d, put(&b, sign(&b, &gulnar_key, b.s.content)));
    desk_pass(&b.d, 3600);
    OK(&b.d, filing_timers(b.d.db, &b.d.context, &next, &b.d.err));
    STATE_IS(&b.d, b.id, FILING_CONSENT);
    REFUSED(&b.d, ERR_CONFLICT, ask(&b, &b.gulnar, FILING_SIGN_CONSENT));
    fetch(&b, &gulnar_key);
    STATE_IS(&b.d, b.id, FILING_REGISTERING);
    bench_close(&b);
}

static void a_code_is_still_the_other_way(void **state)
{
    struct bench b;
    (void)state;
    bench_open(&b);
    OK(&b.d, ask(&b, &b.aidos, FILING_SIGN_APPLICATION));
    OK(&b.d, put(&b, sign(&b, &aidos_key, b.s.content)));
    OK(&b.d, filing_send_code(b.d.db, &b.d.context, &b.aidos, b.id, &b.d.err));
    desk_serve(&b.d);
    OK(&b.d, filing_sign(b.d.db, &b.d.context, &b.aidos, b.id, str_from(b.d.code), &b.d.err));
    expect_result(&b, &b.aidos, FILING_SIGNATURE_WITHDRAWN, EDS_REVOCATION_NO_ANSWER);
    fetch(&b, &aidos_key); /* nobody waits for it */
    assert_int_equal(b.fetched, 0);
    assert_int_equal(desk_view(&b.d, &b.aidos, b.id).signed_by, FILING_BY_CODE);
    bench_close(&b);
}

static bool sign_in(struct bench *b, enum filing_role role, struct filing_session *ret)
{
    char token[44];
    enum filing_role opened;
    if (!filing_signature_sign_in(b->d.db, &b->d.context, str_from(b->ticket), LAW_PORTAL, TEXT_RU, token, &opened, &b->d.err))
        return false;
    assert_int_equal(opened, role);
    return filing_session_find(b->d.db, &b->d.context, str_from(token), ret, &b->d.err);
}

static void ask_to_sign_in(struct bench *b, enum filing_role role)
{
    struct filing_signing wanted = { .purpose = FILING_SIGN_IN, .role = role };
    OK(&b->d, filing_signature_ask(b->d.db, &b->d.context, NULL, &wanted, &b->request, b->ticket, &b->d.err));
    OK(&b->d, filing_signature_find(b->d.db, &b->d.context, str_from(b->ticket), &b->d.arena, &b->s, &b->d.err));
}

static void signing_in(void **state)
{
    struct bench b;
    struct filing_session session;
    (void)state;
    bench_open(&b);
    ask_to_sign_in(&b, FILING_CITIZEN);
    REFUSED(&b.d, ERR_CONFLICT, sign_in(&b, FILING_CITIZEN, &session));
    OK(&b.d, put(&b, sign(&b, &aidos_auth, b.s.content)));
    REFUSED(&b.d, ERR_CONFLICT, sign_in(&b, FILING_CITIZEN, &session)); /* not known yet */
    fetch(&b, &aidos_auth);
    OK(&b.d, sign_in(&b, FILING_CITIZEN, &session));
    assert_true(iin_equal(session.person, b.aidos.person));
    REFUSED(&b.d, ERR_CONFLICT, sign_in(&b, FILING_CITIZEN, &session)); /* once */

    ask_to_sign_in(&b, FILING_CITIZEN);
    OK(&b.d, put(&b, sign(&b, &aidos_key, b.s.content)));
    assert_int_equal(b.result.reason, EDS_PURPOSE_OTHER); /* a key for signing, not for signing in */

    ask_to_sign_in(&b, FILING_HALL);
    OK(&b.d, put(&b, sign(&b, &aidos_auth, b.s.content)));
    fetch(&b, &aidos_auth);
    REFUSED(&b.d, ERR_FORBIDDEN, sign_in(&b, FILING_HALL, &session)); /* no clerk */
    OK(&b.d, filing_account_add(b.d.db, &b.d.context, b.aidos.person, FILING_HALL, &b.d.err));
    OK(&b.d, sign_in(&b, FILING_HALL, &session));
    assert_int_equal(session.role, FILING_HALL);
    bench_close(&b);
}

static bool knock(struct bench *b, const char *origin)
{
    struct filing_signing wanted = { .purpose = FILING_SIGN_IN, .role = FILING_CITIZEN, .origin = str_from(origin) };
    return filing_signature_ask(b->d.db, &b->d.context, NULL, &wanted, &b->request, b->ticket, &b->d.err) &&
           filing_signature_find(b->d.db, &b->d.context, str_from(b->ticket), &b->d.arena, &b->s, &b->d.err);
}

static void the_door_has_room_for_so_many_at_a_time(void **state)
{
    struct bench b;
    struct moment next;
    enum text_key key;
    (void)state;
    bench_open(&b);
    for (int i = 0; i < 60; i++) {
        OK(&b.d, knock(&b, "a"));
        if (i < 2)
            desk_pass(&b.d, 60);
    }
    REFUSED(&b.d, ERR_LIMIT, knock(&b, "a"));
    assert_true(filing_err_key(&b.d.err, &key) && key == T_ERROR_TOO_MANY_SIGN_INS);
    assert_int_equal(b.d.err.again, 480); /* the first of the sixty was two minutes ago */
    OK(&b.d, knock(&b, "b"));
    OK(&b.d, knock(&b, "")); /* not known from where: counts among all */
    desk_pass(&b.d, 480);
    OK(&b.d, knock(&b, "a"));
    REFUSED(&b.d, ERR_LIMIT, knock(&b, "a"));
    assert_int_equal(b.d.err.again, 60);

    /* Who is let in does not count; a wrong signature does, and is not kept. */
    struct str content = b.s.content;
    OK(&b.d, put(&b, sign(&b, &aidos_auth, content)));
    REFUSED(&b.d, ERR_LIMIT, knock(&b, "a"));
    fetch(&b, &aidos_auth);
    OK(&b.d, knock(&b, "a"));
    OK(&b.d, put(&b, sign(&b, &aidos_auth, STR("{}"))));
    assert_int_equal(b.result.state, FILING_SIGNATURE_REFUSED);
    assert_int_equal(desk_count(&b.d, "SELECT count(*) FROM signature WHERE state = 'refused' AND cms IS NOT NULL"), 0);
    REFUSED(&b.d, ERR_LIMIT, knock(&b, "a"));

    assert_int_equal(desk_count(&b.d, "SELECT count(*) FROM signature WHERE origin IS NOT NULL"), 63);
    desk_pass(&b.d, 600);
    OK(&b.d, filing_timers(b.d.db, &b.d.context, &next, &b.d.err));
    assert_int_equal(desk_count(&b.d, "SELECT count(*) FROM signature WHERE origin IS NOT NULL"), 0);
    desk_pass(&b.d, 3601);
    OK(&b.d, filing_timers(b.d.db, &b.d.context, &next, &b.d.err));
    assert_int_equal(desk_count(&b.d, "SELECT count(*) FROM signature WHERE purpose = 'sign_in'"), 1); /* the good one */
    bench_close(&b);
}

static void nobody_fills_the_table_from_many_addresses(void **state)
{
    static const char many[] =
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000) "
        "INSERT INTO signature (version, purpose, role, subject, content, digest, ocsp_nonce, state, asked_at, until_at, origin) "
        "SELECT 0, 'sign_in', 'citizen', '', x'00', 'digest ' || i, x'00', 'open', %lld + i, %lld, 'from ' || i FROM n";
    struct bench b;
    struct moment next;
    (void)state;
    bench_open(&b);
    long long now = (long long)b.d.context.now.ms;
    OK(&b.d, db_exec(b.d.db, arena_printf(&b.d.arena, many, now, now + 600000).p, &b.d.err));
    desk_pass(&b.d, 10);
    REFUSED(&b.d, ERR_LIMIT, knock(&b, "another"));
    assert_int_equal(b.d.err.again, 591);
    desk_pass(&b.d, 591);
    OK(&b.d, knock(&b, "another"));
    desk_pass(&b.d, 3600);
    OK(&b.d, filing_timers(b.d.db, &b.d.context, &next, &b.d.err));
    assert_int_equal(desk_count(&b.d, "SELECT count(*) FROM signature WHERE purpose = 'sign_in'"), 1);
    bench_close(&b);
}

/* The responder is silent for so long that nobody stands at the door any more. */
static void who_went_away_from_the_door_is_not_asked_about(void **state)
{
    struct bench b;
    struct moment next;
    (void)state;
    bench_open(&b);
    b.answer = NOTHING;
    OK(&b.d, knock(&b, "a"));
    OK(&b.d, put(&b, sign(&b, &aidos_auth, b.s.content)));
    fetch(&b, &aidos_auth);
    desk_pass(&b.d, 600 + 3601);
    OK(&b.d, filing_timers(b.d.db, &b.d.context, &next, &b.d.err));
    assert_int_equal(desk_count(&b.d, "SELECT count(*) FROM signature"), 0);
    assert_int_equal(desk_count(&b.d, "SELECT count(*) FROM signature_fetch"), 0);
    bench_close(&b);
}

static void a_ticket_opens_one_request_only(void **state)
{
    struct bench b;
    (void)state;
    bench_open(&b);
    OK(&b.d, ask(&b, &b.aidos, FILING_SIGN_APPLICATION));
    int64_t mine = b.request;
    ask_to_sign_in(&b, FILING_CITIZEN);
    struct filing_access access = { .ticket = str_from(b.ticket) };
    REFUSED(&b.d, ERR_NOT_FOUND, filing_signature_read(b.d.db, &b.d.context, &access, mine, &b.d.arena, &b.s, &b.d.err));
    access.actor = &b.aidos; /* signed in, with the ticket of another request left over */
    OK(&b.d, filing_signature_read(b.d.db, &b.d.context, &access, mine, &b.d.arena, &b.s, &b.d.err));
    access = (struct filing_access){ .actor = &b.gulnar };
    REFUSED(&b.d, ERR_NOT_FOUND, filing_signature_read(b.d.db, &b.d.context, &access, mine, &b.d.arena, &b.s, &b.d.err));
    REFUSED(&b.d, ERR_FORBIDDEN, ask(&b, &b.gulnar, FILING_SIGN_APPLICATION));
    b.d.context.trust = NULL;
    REFUSED(&b.d, ERR_CONFLICT, ask(&b, &b.aidos, FILING_SIGN_APPLICATION));
    bench_close(&b);
}

static void a_telephone_signs_in_time_and_signs_in_nobody(void **state)
{
    struct bench b;
    char link[FILING_PHONE], token[FILING_PHONE], again[FILING_PHONE], session[44];
    enum filing_role role;
    (void)state;
    bench_open(&b);
    ask_to_sign_in(&b, FILING_CITIZEN);
    const struct filing_access browser = { .ticket = str_from(b.ticket) }, by_link = { .phone = { link, FILING_PHONE - 1 } },
                               by_token = { .phone = { token, FILING_PHONE - 1 } };
    struct filing_access wrong = { .phone = STR("0000000000000000000000000000000000000000000000000000000000000000") };
    OK(&b.d, filing_signature_phone(b.d.db, &b.d.context, &browser, b.request, link, token, &b.d.err));
    OK(&b.d, filing_signature_phone(b.d.db, &b.d.context, &by_link, b.request, again, token, &b.d.err));
    assert_string_equal(link, again); /* a page that is looked at again shows the same code */
    assert_string_not_equal(link, token);
    assert_false(filing_signature_read(b.d.db, &b.d.context, &wrong, b.request, &b.d.arena, &b.s, &b.d.err));
    assert_int_equal(b.d.err.kind, ERR_NOT_FOUND);

    struct moment now = b.d.context.now;
    OK(&b.d, filing_signature_read(b.d.db, &b.d.context, &by_token, b.request, &b.d.arena, &b.s, &b.d.err));
    b.d.context.now.ms = b.s.until.ms + 1000;
    assert_false(filing_signature_phone(b.d.db, &b.d.context, &by_link, b.request, again, token, &b.d.err));
    assert_int_equal(b.d.err.kind, ERR_CONFLICT);
    b.d.context.now = now;

    struct str cms = sign(&b, &aidos_auth, b.s.content);
    OK(&b.d, put_by(&b, &by_token, cms));
    fetch(&b, &aidos_auth);
    assert_false(filing_signature_sign_in(b.d.db, &b.d.context, by_link.phone, LAW_PORTAL, TEXT_KK, session, &role, &b.d.err));
    assert_false(filing_signature_sign_in(b.d.db, &b.d.context, by_token.phone, LAW_PORTAL, TEXT_KK, session, &role, &b.d.err));
    OK(&b.d, filing_signature_sign_in(b.d.db, &b.d.context, browser.ticket, LAW_PORTAL, TEXT_KK, session, &role, &b.d.err));
    bench_close(&b);
}

/* With an external verifier in the profile nothing else is fetched, and its silence holds the case. */
static void an_external_verifier_is_asked_by_the_courier(void **state)
{
    struct bench b;
    struct eds_policy policy = eds_policy_default;
    struct eds_trust *trust;
    struct filing_fetch f;
    int count;
    (void)state;
    bench_open(&b);
    policy.verifier_url = "http://127.0.0.1:14579";
    OK(&b.d, eds_trust_make(EDS_TEST, &authority.root.certificate, 1, &authority.nca.certificate, 1, &policy, &trust, &b.d.err));
    b.d.context.trust = trust;
    OK(&b.d, ask(&b, &b.aidos, FILING_SIGN_APPLICATION));
    OK(&b.d, put(&b, sign(&b, &aidos_key, b.s.content)));
    expect_result(&b, &b.aidos, FILING_SIGNATURE_CHECKING, EDS_VERIFIER_NO_ANSWER);
    OK(&b.d, filing_fetches_take(b.d.db, &b.d.context, 1, 30000, &b.d.arena, &f, &count, &b.d.err));
    assert_int_equal(count, 1);
    assert_int_equal(f.kind, FILING_FETCH_VERDICT);
    assert_true(str_is(f.url, "http://127.0.0.1:14579/cms/verify"));
    OK(&b.d, filing_fetch_done(b.d.db, &b.d.context, &f, (struct str){ NULL, 0 }, STR("no answer in time"), &b.d.err));
    STATE_IS(&b.d, b.id, FILING_SIGNING);
    b.d.context.now.ms += 3600000 / 4;
    OK(&b.d, filing_fetches_take(b.d.db, &b.d.context, 1, 30000, &b.d.arena, &f, &count, &b.d.err));
    assert_int_equal(count, 1);
    struct eds_request request = { .form = EDS_CERTIFICATE, .at = AT };
    struct eds_verdict verdict;
    struct buf der;
    buf_init(&der, 1 << 16);
    OK(&b.d, eds_certificate_write(aidos_key.certificate, &der, &b.d.err));
    request.signature = buf_str(&der);
    eds_verify(trust, &request, &b.d.arena, &verdict);
    struct str answer =
        arena_printf(&b.d.arena,
                     "{\"status\":200,\"valid\":true,\"signers\":[{\"certificates\":[{\"valid\":true,"
                     "\"serialNumber\":\"" STR_FMT "\",\"revocations\":[{\"revoked\":false,\"by\":\"OCSP\"}]}]}]}",
                     STR_ARG(verdict.signer[0].serial));
    OK(&b.d, filing_fetch_done(b.d.db, &b.d.context, &f, answer, STR(""), &b.d.err));
    expect_result(&b, &b.aidos, FILING_SIGNATURE_GOOD, EDS_OK);
    STATE_IS(&b.d, b.id, FILING_CONSENT);
    int64_t records;
    OK(&b.d, filing_records_verify(b.d.db, trust, &records, &b.d.err));
    assert_int_equal(records, 1);
    buf_release(&der);
    b.d.context.trust = authority.trust;
    desk_audit_is_whole(&b.d);
    desk_close(&b.d);
    eds_trust_free(trust);
}

#define FILE_DIGEST "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static struct filing_signing policy_by(const char *author)
{
    return (struct filing_signing){ .purpose = FILING_SIGN_POLICY,
                                    .policy_version = STR("2026-03"),
                                    .policy_digest = STR(FILE_DIGEST),
                                    .policy_author = person(author) };
}

/* Asked for, perhaps changed in the database by somebody (`before`), signed by Gulnar. */
static void approve_policy(struct bench *b, const char *before)
{
    struct filing_signing wanted = policy_by(AIDOS);
    OK(&b->d, filing_signature_ask(b->d.db, &b->d.context, &b->gulnar, &wanted, &b->request, b->ticket, &b->d.err));
    if (before)
        OK(&b->d, db_exec(b->d.db, before, &b->d.err));
    OK(&b->d, filing_signature_find(b->d.db, &b->d.context, str_from(b->ticket), &b->d.arena, &b->s, &b->d.err));
    OK(&b->d, put(b, sign(b, &gulnar_key, b->s.content)));
    fetch(b, &gulnar_key);
    expect_result(b, &b->gulnar, FILING_SIGNATURE_GOOD, EDS_OK);
}

static bool is_approved(struct bench *b, const struct eds_trust *trust)
{
    int64_t signature;
    return filing_policy_approval(b->d.db, trust, STR(FILE_DIGEST), &signature, &b->d.err);
}

static void not_approved(struct bench *b, const char *why)
{
    REFUSED(&b->d, ERR_FORBIDDEN, is_approved(b, authority.trust));
    if (!strstr(b->d.err.text, why))
        fail_msg("%s: %s", why, b->d.err.text);
}

static void a_policy_needs_somebody_else(void **state)
{
    struct filing_signing wanted = policy_by(GULNAR);
    struct bench b;
    (void)state;
    bench_open(&b);
    not_approved(&b, "nobody has signed exactly these bytes");
    REFUSED(&b.d, ERR_INPUT, filing_signature_ask(b.d.db, &b.d.context, &b.gulnar, &wanted, &b.request, b.ticket, &b.d.err));
    wanted = policy_by(AIDOS);
    OK(&b.d, filing_signature_ask(b.d.db, &b.d.context, &b.gulnar, &wanted, &b.request, b.ticket, &b.d.err));
    OK(&b.d, filing_signature_find(b.d.db, &b.d.context, str_from(b.ticket), &b.d.arena, &b.s, &b.d.err));
    assert_non_null(
        strstr(b.s.content.p, "\"policy_sha256\":\"" FILE_DIGEST "\",\"author\":\"" AIDOS "\",\"approver\":\"" GULNAR));
    OK(&b.d, put(&b, sign(&b, &gulnar_key, b.s.content)));
    not_approved(&b, "nobody"); /* whether the certificate was revoked is not known yet */
    fetch(&b, &gulnar_key);
    OK(&b.d, is_approved(&b, authority.trust));
    REFUSED(&b.d, ERR_FORBIDDEN, is_approved(&b, NULL));
    bench_close(&b);
}

/* Whoever can write to the database gets no approval out of that. */
static void an_approval_is_its_evidence(void **state)
{
    struct bench b;
    (void)state;
    bench_open(&b);
    approve_policy(&b, "UPDATE signature SET content = CAST(replace(content, '" AIDOS "', '" GULNAR "') AS BLOB)");
    not_approved(&b, "is the author's own");
    approve_policy(
        &b, "UPDATE signature SET content = CAST(replace(content, '\"author\"', '\"nobody\"') AS BLOB) WHERE state = 'open'");
    not_approved(&b, "does not say who wrote the file");
    approve_policy(&b, "UPDATE signature SET content = CAST(replace(content, '0123', '3210') AS BLOB) WHERE state = 'open'");
    not_approved(&b, "is of other bytes");
    approve_policy(&b, NULL);
    OK(&b.d, is_approved(&b, authority.trust));
    OK(&b.d, db_exec(b.d.db, "UPDATE signature SET record = replace(record, '\"valid\":', ' \"valid\":')", &b.d.err));
    not_approved(&b, "is not the one in the audit");
    OK(&b.d, db_exec(b.d.db, "UPDATE signature SET record = NULL", &b.d.err));
    not_approved(&b, "its evidence is gone");
    desk_audit_is_whole(&b.d);
    desk_close(&b.d);
}

/* The evidence is verified by the trust of today. */
static void an_approval_by_another_authority_does_not_count(void **state)
{
    static struct authority other;
    struct bench b;
    (void)state;
    authority_init(&other, EDS_RSA_SHA256, NULL);
    bench_open(&b);
    approve_policy(&b, NULL);
    REFUSED(&b.d, ERR_FORBIDDEN, is_approved(&b, other.trust));
    assert_non_null(strstr(b.d.err.text, "does not verify"));
    bench_close(&b);
    authority_release(&other);
}

static void evidence_that_was_touched_is_found(void **state)
{
    struct bench b;
    int64_t records;
    (void)state;
    bench_open(&b);
    OK(&b.d, ask(&b, &b.aidos, FILING_SIGN_APPLICATION));
    OK(&b.d, put(&b, sign(&b, &aidos_key, b.s.content)));
    fetch(&b, &aidos_key);
    OK(&b.d, filing_records_verify(b.d.db, authority.trust, &records, &b.d.err));
    assert_int_equal(records, 1);
    OK(&b.d, db_exec(b.d.db, "UPDATE signature SET record = replace(record, 'D1', 'D2')", &b.d.err));
    OK(&b.d, db_exec(b.d.db, "UPDATE signature SET record = record || ' '", &b.d.err));
    REFUSED(&b.d, ERR_INPUT, filing_records_verify(b.d.db, NULL, &records, &b.d.err));
    OK(&b.d, db_exec(b.d.db, "UPDATE signature SET record = NULL", &b.d.err));
    REFUSED(&b.d, ERR_INPUT, filing_records_verify(b.d.db, NULL, &records, &b.d.err));
    desk_close(&b.d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(signed_and_consented_by_signature),
        cmocka_unit_test(wrong_signatures_are_refused_with_their_reason),
        cmocka_unit_test(what_is_no_signature_leaves_the_request_open),
        cmocka_unit_test(a_signature_of_before_does_not_count_again),
        cmocka_unit_test(a_revoked_certificate_is_refused),
        cmocka_unit_test(not_known_holds_until_it_is_known),
        cmocka_unit_test(another_answer_that_came_meanwhile_is_looked_at),
        cmocka_unit_test(another_list_that_came_meanwhile_is_looked_at),
        cmocka_unit_test(what_was_settled_meanwhile_stays_settled),
        cmocka_unit_test(only_what_was_verified_is_put),
        cmocka_unit_test(the_owners_hour_is_kept_by_when_the_signature_came),
        cmocka_unit_test(a_code_is_still_the_other_way),
        cmocka_unit_test(signing_in),
        cmocka_unit_test(the_door_has_room_for_so_many_at_a_time),
        cmocka_unit_test(nobody_fills_the_table_from_many_addresses),
        cmocka_unit_test(who_went_away_from_the_door_is_not_asked_about),
        cmocka_unit_test(a_ticket_opens_one_request_only),
        cmocka_unit_test(a_telephone_signs_in_time_and_signs_in_nobody),
        cmocka_unit_test(an_external_verifier_is_asked_by_the_courier),
        cmocka_unit_test(a_policy_needs_somebody_else),
        cmocka_unit_test(an_approval_is_its_evidence),
        cmocka_unit_test(an_approval_by_another_authority_does_not_count),
        cmocka_unit_test(evidence_that_was_touched_is_found),
    };
    eds_setup();
    authority_init(&authority, EDS_GOST_2015_512, NULL);
    aidos_key = person_key(AIDOS, PERSON_SIGN);
    gulnar_key = person_key(GULNAR, PERSON_SIGN);
    aidos_auth = person_key(AIDOS, "clientAuth,1.2.398.3.3.4.1.1");
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    subscriber_free(&aidos_key);
    subscriber_free(&gulnar_key);
    subscriber_free(&aidos_auth);
    authority_release(&authority);
    return failed;
}
