/* SPDX-License-Identifier: Apache-2.0 */
/* What must not happen: other people's steps, wrong codes, late consents, stale rows, a mended audit. */
#include "filing_desk.h"
#include "filing/filing_impl.h"

static enum text_key key_of(const struct desk *d)
{
    enum text_key key = TEXT_KEYS;
    filing_err_key(&d->err, &key);
    return key;
}

static struct filing_id to_signing(struct desk *d, const char *applicant, const char *rka)
{
    struct filing_actor actor = citizen(applicant);
    struct filing_coupon coupon = desk_coupon();
    struct filing_id id = desk_begin(d, applicant, rka);
    desk_serve(d);
    OK(d, filing_save_coupon(d->db, &d->context, &actor, id, &coupon, &d->err));
    return id;
}

static void five_wrong_codes(void **state)
{
    struct desk *d = *state;
    struct filing_actor aidos = citizen(AIDOS);
    struct filing_id id = to_signing(d, AIDOS, "D10");
    REFUSED(d, ERR_INPUT, filing_sign(d->db, &d->context, &aidos, id, STR("123456"), &d->err));
    OK(d, filing_send_code(d->db, &d->context, &aidos, id, &d->err));
    desk_serve(d);
    assert_true(desk_view(d, &aidos, id).code_sent);
    struct str wrong = str_is(STR("123456"), d->code) ? STR("654321") : STR("123456");
    for (int i = 1; i <= 4; i++) {
        REFUSED(d, ERR_INPUT, filing_sign(d->db, &d->context, &aidos, id, wrong, &d->err));
        assert_int_equal(key_of(d), T_ERROR_CODE_WRONG);
    }
    REFUSED(d, ERR_INPUT, filing_sign(d->db, &d->context, &aidos, id, wrong, &d->err));
    assert_int_equal(key_of(d), T_ERROR_CODE_VOID);
    REFUSED(d, ERR_INPUT, filing_sign(d->db, &d->context, &aidos, id, str_from(d->code), &d->err));
    assert_int_equal(key_of(d), T_ERROR_CODE_VOID);
    STATE_IS(d, id, FILING_SIGNING);
    OK(d, filing_send_code(d->db, &d->context, &aidos, id, &d->err));
    desk_serve(d);
    OK(d, filing_sign(d->db, &d->context, &aidos, id, str_from(d->code), &d->err));
    REFUSED(d, ERR_CONFLICT, filing_sign(d->db, &d->context, &aidos, id, str_from(d->code), &d->err));
    desk_audit_is_whole(d);
}

static void code_runs_out(void **state)
{
    struct desk *d = *state;
    struct filing_actor aidos = citizen(AIDOS);
    struct filing_id id = to_signing(d, AIDOS, "D10");
    OK(d, filing_send_code(d->db, &d->context, &aidos, id, &d->err));
    desk_serve(d);
    desk_pass(d, 601);
    REFUSED(d, ERR_INPUT, filing_sign(d->db, &d->context, &aidos, id, str_from(d->code), &d->err));
    assert_int_equal(key_of(d), T_ERROR_CODE_EXPIRED);
    for (int i = 0; i < 3; i++)
        OK(d, filing_send_code(d->db, &d->context, &aidos, id, &d->err));
    REFUSED(d, ERR_LIMIT, filing_send_code(d->db, &d->context, &aidos, id, &d->err));
    assert_int_equal(key_of(d), T_ERROR_TOO_MANY_CODES);
    assert_int_equal(d->err.again, 600);
    desk_serve(d);
    desk_pass(d, -86400); /* the clock was a day ahead: nobody waits for it to get there again */
    OK(d, filing_send_code(d->db, &d->context, &aidos, id, &d->err));
    desk_pass(d, 86400);
    desk_serve(d);
    /* Only the newest code was sent and counts; none stays readable in the outbox. */
    assert_int_equal(desk_count(d, "SELECT count(*) FROM code WHERE spent = 0"), 1);
    char like[80];
    snprintf(like, sizeof like, "SELECT count(*) FROM question WHERE question LIKE '%%%s%%'", d->code);
    assert_int_equal(desk_count(d, like), 0);
    /* A changed coupon wants a code of its own. */
    struct filing_coupon coupon = desk_coupon();
    OK(d, filing_save_coupon(d->db, &d->context, &aidos, id, &coupon, &d->err));
    REFUSED(d, ERR_INPUT, filing_sign(d->db, &d->context, &aidos, id, str_from(d->code), &d->err));
}

static void unsent_code_is_forgotten(void **state)
{
    struct desk *d = *state;
    struct filing_actor aidos = citizen(AIDOS);
    struct filing_id id = to_signing(d, AIDOS, "D10");
    struct moment next;
    d->silent[REGISTRY_MESSAGE] = true;
    OK(d, filing_send_code(d->db, &d->context, &aidos, id, &d->err));
    desk_serve(d);
    assert_int_equal(desk_count(d, "SELECT count(*) FROM question WHERE purpose = 'code' AND question LIKE '%text%'"), 1);
    desk_pass(d, 700);
    OK(d, filing_timers(d->db, &d->context, &next, &d->err));
    assert_int_equal(desk_count(d, "SELECT count(*) FROM question WHERE purpose = 'code' AND question LIKE '%text%'"), 0);
    assert_int_equal(desk_serve(d), 0);
}

static void no_phone(void **state)
{
    struct desk *d = *state;
    struct filing_actor nurlan = citizen(NURLAN);
    struct filing_id id = to_signing(d, NURLAN, "D1");
    REFUSED(d, ERR_CONFLICT, filing_send_code(d->db, &d->context, &nurlan, id, &d->err));
    assert_int_equal(key_of(d), T_ERROR_NO_PHONE);
}

static void consent_declined(void **state)
{
    struct desk *d = *state;
    struct filing_actor gulnar = citizen(GULNAR);
    struct filing_id id = desk_begin(d, AIDOS, "D5");
    desk_serve(d);
    desk_sign(d, AIDOS, id);
    desk_serve(d);
    OK(d, filing_consent(d->db, &d->context, &gulnar, id, false, STR(""), &d->err));
    STATE_IS(d, id, FILING_DECLINED);
    struct filing_actor saule = citizen(SAULE);
    REFUSED(d, ERR_CONFLICT, filing_consent(d->db, &d->context, &saule, id, false, STR(""), &d->err));
    desk_serve(d);
    assert_string_equal(d->phone[d->messages - 1], "+77010000001");
}

static void consent_expires(void **state)
{
    struct desk *d = *state;
    struct filing_actor gulnar = citizen(GULNAR);
    struct filing_id id = desk_begin(d, AIDOS, "D1");
    struct moment next;
    desk_serve(d);
    desk_sign(d, AIDOS, id);
    OK(d, filing_timers(d->db, &d->context, &next, &d->err));
    STATE_IS(d, id, FILING_CONSENT);
    desk_pass(d, 3599);
    OK(d, filing_timers(d->db, &d->context, &next, &d->err));
    STATE_IS(d, id, FILING_CONSENT);
    assert_true(next.ms - d->context.now.ms <= 1001);
    desk_pass(d, 2);
    REFUSED(d, ERR_CONFLICT, filing_consent(d->db, &d->context, &gulnar, id, true, STR("000000"), &d->err));
    assert_int_equal(key_of(d), T_ERROR_CONSENT_LATE);
    OK(d, filing_timers(d->db, &d->context, &next, &d->err));
    STATE_IS(d, id, FILING_EXPIRED);
    OK(d, filing_timers(d->db, &d->context, &next, &d->err));
}

static void other_peoples_cases(void **state)
{
    struct desk *d = *state;
    struct filing_actor gulnar = citizen(GULNAR), dana = citizen(DANA), hall = clerk(FILING_HALL),
                        desk_clerk = clerk(FILING_RECEPTION);
    struct filing_actor aidos = citizen(AIDOS);
    struct filing_coupon coupon = desk_coupon();
    struct filing_view v;
    struct filing_id id = desk_begin(d, AIDOS, "D1");
    desk_serve(d);
    const struct filing_actor *const others[] = { &gulnar, &dana, &hall, &desk_clerk };
    for (int i = 0; i < 4; i++) {
        REFUSED(d, ERR_FORBIDDEN, filing_read(d->db, &d->context, others[i], id, &d->arena, &v, &d->err));
        REFUSED(d, ERR_FORBIDDEN, filing_read_letter(d->db, &d->context, others[i], id, &d->arena, &v, &d->err));
        REFUSED(d, ERR_FORBIDDEN, filing_save_coupon(d->db, &d->context, others[i], id, &coupon, &d->err));
        REFUSED(d, ERR_FORBIDDEN, filing_cancel(d->db, &d->context, others[i], id, &d->err));
        REFUSED(d, ERR_FORBIDDEN, filing_consent(d->db, &d->context, others[i], id, true, STR("123456"), &d->err));
    }
    assert_int_equal(desk_count(d, "SELECT count(*) FROM audit WHERE action = 'refused'"), 20);
    desk_sign(d, AIDOS, id);
    v = desk_view(d, &gulnar, id); /* her consent is wanted: now she sees it, and that is on record */
    assert_int_equal(v.state, FILING_CONSENT);
    assert_int_equal(desk_count(d, "SELECT count(*) FROM audit WHERE action = 'read' AND purpose = 'owner'"), 1);
    REFUSED(d, ERR_FORBIDDEN, filing_read_letter(d->db, &d->context, &gulnar, id, &d->arena, &v, &d->err));
    OK(d, filing_read_letter(d->db, &d->context, &aidos, id, &d->arena, &v, &d->err));
    assert_int_equal(desk_count(d, "SELECT count(*) FROM audit WHERE action = 'letter' AND purpose = 'applicant'"), 1);
    REFUSED(d, ERR_FORBIDDEN, filing_read(d->db, &d->context, &dana, id, &d->arena, &v, &d->err));
    REFUSED(d, ERR_FORBIDDEN, filing_sign(d->db, &d->context, &gulnar, id, str_from(d->code), &d->err));
    struct filing_row *rows;
    int count;
    OK(d, filing_list_mine(d->db, person(GULNAR), &d->arena, &rows, &count, &d->err));
    assert_int_equal(count, 1);
    assert_true(rows[0].my_consent_wanted);
    OK(d, filing_list_mine(d->db, person(AIDOS), &d->arena, &rows, &count, &d->err));
    assert_false(count != 1 || rows[0].my_consent_wanted);
    struct filing_opening opening = {
        .service = LAW_RESIDENCE, .channel = LAW_PORTAL, .applicant = person(DANA), .rka = STR("D1")
    };
    REFUSED(d, ERR_FORBIDDEN, filing_open(d->db, &d->context, &aidos, &opening, &id, &d->err));
    opening.channel = LAW_HALL;
    REFUSED(d, ERR_FORBIDDEN, filing_open(d->db, &d->context, &desk_clerk, &opening, &id, &d->err));
    REFUSED(d, ERR_NOT_FOUND, filing_read(d->db, &d->context, &aidos, (struct filing_id){ 999 }, &d->arena, &v, &d->err));
}

static void impossible_steps(void **state)
{
    struct desk *d = *state;
    struct filing_actor aidos = citizen(AIDOS);
    struct filing_coupon coupon = desk_coupon();
    struct law_relation child = { .degree = LAW_CHILD }, half = { .degree = LAW_HALF_SIBLING };
    struct filing_id id = desk_begin(d, AIDOS, "D1");
    REFUSED(d, ERR_CONFLICT, filing_save_coupon(d->db, &d->context, &aidos, id, &coupon, &d->err));
    REFUSED(d, ERR_CONFLICT, filing_choose_relation(d->db, &d->context, &aidos, id, child, &d->err));
    REFUSED(d, ERR_CONFLICT, filing_send_code(d->db, &d->context, &aidos, id, &d->err));
    assert_int_equal(key_of(d), T_ERROR_STEP_NOT_POSSIBLE);
    desk_serve(d);
    coupon.reason = STR("holiday");
    REFUSED(d, ERR_INPUT, filing_save_coupon(d->db, &d->context, &aidos, id, &coupon, &d->err));
    assert_non_null(strstr(d->err.text, "coupon.reason"));
    coupon = desk_coupon();
    coupon.arrived = day_of(2026, 3, 3);
    REFUSED(d, ERR_INPUT, filing_save_coupon(d->db, &d->context, &aidos, id, &coupon, &d->err));
    STATE_IS(d, id, FILING_COUPON);
    id = desk_begin(d, AIDOS, "D2");
    desk_serve(d);
    REFUSED(d, ERR_INPUT, filing_choose_relation(d->db, &d->context, &aidos, id, half, &d->err));
    STATE_IS(d, id, FILING_CHOOSING);
    struct filing_opening opening = {
        .service = LAW_TEMPORARY, .channel = LAW_PORTAL, .applicant = person(AIDOS), .rka = STR("D1"), .months = 13
    };
    REFUSED(d, ERR_INPUT, filing_open(d->db, &d->context, &aidos, &opening, &id, &d->err));
    opening.months = 1;
    opening.rka = STR("D 1");
    REFUSED(d, ERR_INPUT, filing_open(d->db, &d->context, &aidos, &opening, &id, &d->err));
}

static void stale_row(void **state)
{
    struct desk *d = *state;
    struct filing_actor aidos = citizen(AIDOS);
    struct filing_work w;
    struct filing_id id = desk_begin(d, AIDOS, "D1");
    desk_serve(d);
    OK(d, filing_work_begin(&w, d->db, &d->context, &aidos, id, &d->err));
    w.c.version--; /* read before somebody else's change */
    assert_false(filing_work_end(&w, filing_move(&w, EVENT_CANCEL, "")));
    assert_int_equal(d->err.kind, ERR_CONFLICT);
    assert_int_equal(key_of(d), T_ERROR_CHANGED_MEANWHILE);
    STATE_IS(d, id, FILING_COUPON);
}

static void audit_shows_changes(void **state)
{
    struct desk *d = *state;
    int64_t entries;
    desk_begin(d, AIDOS, "D1");
    desk_serve(d);
    desk_audit_is_whole(d);
    assert_false(db_exec(d->db, "UPDATE audit SET person = '' WHERE id = 2", &d->err));
    assert_false(db_exec(d->db, "DELETE FROM audit WHERE id = 2", &d->err));
    OK(d, db_exec(d->db, "DROP TRIGGER audit_no_update; DROP TRIGGER audit_no_delete", &d->err));
    OK(d, db_exec(d->db, "UPDATE audit SET detail = detail || '!' WHERE id = 2", &d->err));
    REFUSED(d, ERR_INPUT, filing_audit_verify(d->db, &entries, &d->err));
    assert_non_null(strstr(d->err.text, "entry 2"));
    OK(d, db_exec(d->db, "UPDATE audit SET detail = rtrim(detail, '!') WHERE id = 2", &d->err));
    OK(d, filing_audit_verify(d->db, &entries, &d->err));
    OK(d, db_exec(d->db, "DELETE FROM audit WHERE id = 3", &d->err));
    REFUSED(d, ERR_INPUT, filing_audit_verify(d->db, &entries, &d->err));
    assert_non_null(strstr(d->err.text, "entry 3 is missing"));
}

static void sessions(void **state)
{
    struct desk *d = *state;
    char token[44];
    struct filing_session session;
    REFUSED(d, ERR_FORBIDDEN,
            filing_session_open(d->db, &d->context, person(CLERK2), FILING_HALL, LAW_HALL, TEXT_KK, token, &d->err));
    OK(d, filing_account_add(d->db, &d->context, person(CLERK2), FILING_HALL, &d->err));
    OK(d, filing_account_add(d->db, &d->context, person(CLERK2), FILING_HALL, &d->err));
    OK(d, filing_session_open(d->db, &d->context, person(CLERK2), FILING_HALL, LAW_HALL, TEXT_RU, token, &d->err));
    OK(d, filing_session_find(d->db, &d->context, str_from(token), &session, &d->err));
    assert_int_equal(session.role, FILING_HALL);
    assert_int_equal(session.language, TEXT_RU);
    assert_int_equal(strlen(session.csrf), 43);
    for (int i = 0; i < 24; i++) { /* in use: twelve hours, then over */
        desk_pass(d, 29 * 60);
        OK(d, filing_session_find(d->db, &d->context, str_from(token), &session, &d->err));
    }
    desk_pass(d, 29 * 60);
    REFUSED(d, ERR_NOT_FOUND, filing_session_find(d->db, &d->context, str_from(token), &session, &d->err));
    OK(d, filing_session_open(d->db, &d->context, person(AIDOS), FILING_CITIZEN, LAW_PORTAL, TEXT_EN, token, &d->err));
    desk_pass(d, 31 * 60);
    REFUSED(d, ERR_NOT_FOUND, filing_session_find(d->db, &d->context, str_from(token), &session, &d->err));
    OK(d, filing_session_open(d->db, &d->context, person(AIDOS), FILING_CITIZEN, LAW_PORTAL, TEXT_EN, token, &d->err));
    OK(d, filing_session_close(d->db, &d->context, str_from(token), &d->err));
    REFUSED(d, ERR_NOT_FOUND, filing_session_find(d->db, &d->context, str_from(token), &session, &d->err));
    REFUSED(d, ERR_NOT_FOUND, filing_session_find(d->db, &d->context, STR("nonsense"), &session, &d->err));
    char like[160];
    snprintf(like, sizeof like, "SELECT count(*) FROM session WHERE digest LIKE '%%%s%%' OR csrf = '%s'", token, token);
    assert_int_equal(desk_count(d, like), 0);
}

static void numbers(void **state)
{
    (void)state;
    char text[FILING_NUMBER];
    struct filing_id id;
    for (int64_t n = 1; n < 100000; n += 37) {
        filing_number((struct filing_id){ n }, text);
        assert_true(filing_number_parse(str_from(text), &id) && id.n == n);
        for (size_t i = 2; text[i]; i++) { /* every wrong digit is found */
            char good = text[i];
            if (good == '-')
                continue;
            text[i] = (char)('0' + (good - '0' + 1 + (int)(n % 9)) % 10);
            assert_false(filing_number_parse(str_from(text), &id));
            text[i] = good;
        }
    }
    assert_false(filing_number_parse(STR("T-1-7"), &id));
    assert_false(filing_number_parse(STR("000001-7"), &id));
    assert_false(filing_number_parse(STR(""), &id));
}

static void last_days(void **state)
{
    (void)state;
    assert_int_equal(filing_last_day(day_of(2026, 3, 2), 3).n, day_of(2026, 6, 2).n);
    assert_int_equal(filing_last_day(day_of(2026, 1, 31), 1).n, day_of(2026, 2, 28).n);
    assert_int_equal(filing_last_day(day_of(2026, 12, 31), 2).n, day_of(2027, 2, 28).n);
    assert_int_equal(filing_last_day(day_of(2027, 8, 31), 6).n, day_of(2028, 2, 29).n);
    assert_int_equal(filing_last_day(day_of(2026, 12, 15), 12).n, day_of(2027, 12, 15).n);
}

/* One SMS has 70 characters, a part of a longer one 67. */
static void messages_are_short(void **state)
{
    (void)state;
    static const enum text_key keys[] = { T_SMS_CODE_SIGN,     T_SMS_CODE_CONSENT, T_SMS_CONSENT_WANTED,
                                          T_SMS_CONSENT_GIVEN, T_SMS_DECLINED,     T_SMS_EXPIRED,
                                          T_SMS_NORM_REACHED,  T_SMS_REGISTERED,   T_SMS_REGISTERED_OWNER };
    struct str arguments[] = { STR("T-000123-7"), STR("123456") };
    struct buf text;
    buf_init(&text, 1024);
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        for (int language = 0; language < TEXT_LANGUAGES; language++) {
            buf_clear(&text);
            text_fill(&text, keys[i], (enum text_language)language, 2, arguments);
            if (str_utf8_length(buf_str(&text)) > 67)
                fail_msg("%zu: %s", str_utf8_length(buf_str(&text)), text.p);
        }
    }
    buf_release(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(five_wrong_codes, desk_setup, desk_teardown),
        cmocka_unit_test_setup_teardown(code_runs_out, desk_setup, desk_teardown),
        cmocka_unit_test_setup_teardown(unsent_code_is_forgotten, desk_setup, desk_teardown),
        cmocka_unit_test_setup_teardown(no_phone, desk_setup, desk_teardown),
        cmocka_unit_test_setup_teardown(consent_declined, desk_setup, desk_teardown),
        cmocka_unit_test_setup_teardown(consent_expires, desk_setup, desk_teardown),
        cmocka_unit_test_setup_teardown(other_peoples_cases, desk_setup, desk_teardown),
        cmocka_unit_test_setup_teardown(impossible_steps, desk_setup, desk_teardown),
        cmocka_unit_test_setup_teardown(stale_row, desk_setup, desk_teardown),
        cmocka_unit_test_setup_teardown(audit_shows_changes, desk_setup, desk_teardown),
        cmocka_unit_test_setup_teardown(sessions, desk_setup, desk_teardown),
        cmocka_unit_test(numbers),
        cmocka_unit_test(last_days),
        cmocka_unit_test(messages_are_short),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
