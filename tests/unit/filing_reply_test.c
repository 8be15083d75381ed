/* SPDX-License-Identifier: Apache-2.0 */
/* What requests with a key were answered: whose it is, how long it is kept, and that a table read by others gives nothing away.
 */
#include "filing_desk.h"

#define KEY STR("8e03978e-40d5-43e8-bc93-6894a57f9324")

static struct filing_keyed keyed(const struct filing_actor *actor, struct str key, struct str request)
{
    struct filing_keyed keyed;
    filing_keyed_of(actor, key, request, &keyed);
    return keyed;
}

static bool find(struct desk *d, const struct filing_actor *actor, const struct filing_keyed *with, struct filing_reply *ret)
{
    bool found;
    OK(d, filing_reply_find(d->db, &d->context, actor, with, &d->arena, ret, &found, &d->err));
    return found;
}

static void found_by_its_sender_alone(void **state)
{
    struct desk *d = *state;
    struct filing_actor aidos = citizen(AIDOS), dana = citizen(DANA), hall = clerk(FILING_HALL), same = hall;
    struct filing_id id = desk_begin(d, AIDOS, "D10");
    struct filing_reply kept = { .filing = id, .status = 201, .headers = STR("ETag: \"1\"\n"), .body = STR("{\"a\":\"ә\"}") },
                        got;
    struct filing_keyed one = keyed(&aidos, KEY, STR("POST /a\n{}"));
    assert_false(find(d, &aidos, &one, &got));
    OK(d, filing_reply_keep(d->db, &d->context, &one, &kept, &d->err));
    assert_true(find(d, &aidos, &one, &got));
    assert_int_equal(got.status, 201);
    assert_true(got.filing.n == id.n && str_equal(got.headers, kept.headers) && str_equal(got.body, kept.body));
    assert_int_equal(desk_count(d, "SELECT count(*) FROM audit WHERE action = 'repeat' AND filing > 0"), 1);
    struct filing_keyed other = keyed(&dana, KEY, STR("POST /a\n{}"));
    assert_false(find(d, &dana, &other, &got));
    same.role = FILING_CITIZEN;
    struct filing_keyed at_work = keyed(&hall, KEY, STR("POST /a\n{}")), at_home = keyed(&same, KEY, STR("POST /a\n{}"));
    assert_string_not_equal(at_work.key, at_home.key);
}

static void not_for_another_request(void **state)
{
    struct desk *d = *state;
    struct filing_actor aidos = citizen(AIDOS);
    struct filing_reply kept = { .status = 204, .headers = STR(""), .body = STR("") }, got = { .status = 7 };
    struct filing_keyed one = keyed(&aidos, KEY, STR("POST /a\n{\"code\":\"123456\"}"));
    struct filing_keyed two = keyed(&aidos, KEY, STR("POST /a\n{\"code\":\"123457\"}"));
    enum text_key key = TEXT_KEYS;
    bool found = false;
    OK(d, filing_reply_keep(d->db, &d->context, &one, &kept, &d->err));
    REFUSED(d, ERR_INPUT, filing_reply_find(d->db, &d->context, &aidos, &two, &d->arena, &got, &found, &d->err));
    assert_true(filing_err_key(&d->err, &key) && key == T_ERROR_IDEMPOTENCY_KEY_REUSED);
    assert_int_equal(got.status, 7);
    /* The same request under another key looks different: it cannot be found by trying. */
    struct filing_keyed three = keyed(&aidos, STR("11111111-1111-4111-8111-111111111111"), STR("POST /a\n{\"code\":\"123456\"}"));
    assert_string_not_equal(one.request, three.request);
}

static void kept_for_a_day(void **state)
{
    struct desk *d = *state;
    struct filing_actor aidos = citizen(AIDOS);
    struct filing_reply kept = { .status = 200, .headers = STR(""), .body = STR("{}") }, got;
    struct filing_keyed one = keyed(&aidos, KEY, STR("POST /a\n")), two = keyed(&aidos, KEY, STR("POST /b\n"));
    struct moment next;
    OK(d, filing_reply_keep(d->db, &d->context, &one, &kept, &d->err));
    desk_pass(d, 24 * 3600 - 1);
    OK(d, filing_timers(d->db, &d->context, &next, &d->err));
    assert_true(find(d, &aidos, &one, &got));
    desk_pass(d, 1);
    assert_false(find(d, &aidos, &two, &got)); /* over, also before the timers come to it */
    assert_int_equal(desk_count(d, "SELECT count(*) FROM reply"), 1);
    OK(d, filing_reply_keep(d->db, &d->context, &two, &kept, &d->err));
    assert_true(find(d, &aidos, &two, &got));
    desk_pass(d, 24 * 3600);
    OK(d, filing_timers(d->db, &d->context, &next, &d->err));
    assert_int_equal(desk_count(d, "SELECT count(*) FROM reply"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(found_by_its_sender_alone, desk_setup, desk_teardown_whole),
        cmocka_unit_test_setup_teardown(not_for_another_request, desk_setup, desk_teardown),
        cmocka_unit_test_setup_teardown(kept_for_a_day, desk_setup, desk_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
