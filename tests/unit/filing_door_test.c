/* SPDX-License-Identifier: Apache-2.0 */
/* Signing in by signature: tickets, how many may knock, and what is asked about whom. */
#include "filing_bench.h"

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
    assert_int_equal(desk_count(&b.d, "SELECT count(*) FROM audit WHERE action = 'signature'"), 0); /* nothing that stays */
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

/* So many that have knocked, a millisecond apart, each address `each` times. */
static void crowd(struct bench *b, int count, int each)
{
    static const char many[] =
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d) "
        "INSERT INTO signature (version, purpose, role, subject, content, digest, ocsp_nonce, state, asked_at, until_at, origin) "
        "SELECT 0, 'sign_in', 'citizen', '', x'00', '%lld ' || i, x'00', 'open', %lld + i, %lld, 'from ' || (i / %d) FROM n";
    long long now = (long long)b->d.context.now.ms;
    OK(&b->d, db_exec(b->d.db, arena_printf(&b->d.arena, many, count, now, now, now + 600000, each).p, &b->d.err));
    desk_pass(&b->d, 20);
}

/* Fifty addresses that do what they may do not shut out the others; whoever comes then gets in if he does not do likewise. */
static void a_few_addresses_shut_nobody_out(void **state)
{
    struct bench b;
    (void)state;
    bench_open(&b);
    crowd(&b, 3000, 60);
    for (int i = 0; i < 6; i++)
        OK(&b.d, knock(&b, "another"));
    REFUSED(&b.d, ERR_LIMIT, knock(&b, "another"));
    assert_int_equal(b.d.err.again, 600);
    REFUSED(&b.d, ERR_LIMIT, knock(&b, "from 7"));
    REFUSED(&b.d, ERR_LIMIT, knock(&b, "")); /* from nowhere: there is no share of it */
    OK(&b.d, knock(&b, "a third"));
    desk_pass(&b.d, -86400); /* the clock was a day ahead: nobody waits for it to get there again */
    OK(&b.d, knock(&b, "another"));
    desk_pass(&b.d, 86400 + 585); /* the crowd has gone */
    OK(&b.d, knock(&b, "another"));
    bench_close(&b);
}

static void nobody_fills_the_table_from_many_addresses(void **state)
{
    struct bench b;
    struct moment next;
    (void)state;
    bench_open(&b);
    crowd(&b, 12000, 1);
    REFUSED(&b.d, ERR_LIMIT, knock(&b, "another"));
    assert_int_equal(b.d.err.again, 581);
    desk_pass(&b.d, 581);
    OK(&b.d, knock(&b, "another"));
    desk_pass(&b.d, 3620);
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

/* Signed, and never entered; the ticket lay about in a browser. */
static void a_ticket_does_not_keep(void **state)
{
    struct bench b;
    struct filing_session session;
    (void)state;
    bench_open(&b);
    ask_to_sign_in(&b, FILING_CITIZEN);
    const struct filing_access browser = { .ticket = str_from(b.ticket) };
    OK(&b.d, put_by(&b, &browser, sign(&b, &aidos_auth, b.s.content)));
    fetch(&b, &aidos_auth);
    b.d.context.now.ms += 3600 * 1000 + 1;
    assert_false(sign_in(&b, FILING_CITIZEN, &session));
    assert_int_equal(b.d.err.kind, ERR_CONFLICT);
    assert_non_null(strstr(b.d.err.text, "error.signature_late"));
    b.d.context.now.ms -= 1;
    OK(&b.d, sign_in(&b, FILING_CITIZEN, &session));
    bench_close(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(signing_in),
        cmocka_unit_test(a_ticket_does_not_keep),
        cmocka_unit_test(the_door_has_room_for_so_many_at_a_time),
        cmocka_unit_test(a_few_addresses_shut_nobody_out),
        cmocka_unit_test(nobody_fills_the_table_from_many_addresses),
        cmocka_unit_test(who_went_away_from_the_door_is_not_asked_about),
        cmocka_unit_test(a_ticket_opens_one_request_only),
        cmocka_unit_test(a_telephone_signs_in_time_and_signs_in_nobody),
    };
    return bench_run(tests, sizeof tests / sizeof *tests);
}
