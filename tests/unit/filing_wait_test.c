/* SPDX-License-Identifier: Apache-2.0 */
/* Silent registers: the case waits, resumes by itself, and refuses nobody. */
#include "filing_desk.h"

static void waits_and_resumes(void **state)
{
    struct desk *d = *state;
    struct filing_actor aidos = citizen(AIDOS);
    d->silent[REGISTRY_HEAD_COUNT] = true;
    struct filing_id id = desk_begin(d, AIDOS, "D1");
    desk_serve(d);
    struct filing_view v = desk_view(d, &aidos, id);
    assert_int_equal(v.state, FILING_WAITING);
    assert_int_equal(v.decision.reason[0].code, LAW_R_HEAD_COUNT_SILENT);
    assert_int_equal(v.questions_silent, 1);
    int asked = d->asked[REGISTRY_HEAD_COUNT];
    desk_pass(d, 4);
    assert_int_equal(desk_serve(d), 0);
    desk_pass(d, 2); /* after 5 s, then 10 s, then 20 s */
    assert_int_equal(desk_serve(d), 1);
    desk_pass(d, 9);
    assert_int_equal(desk_serve(d), 0);
    desk_pass(d, 2);
    assert_int_equal(desk_serve(d), 1);
    assert_int_equal(d->asked[REGISTRY_HEAD_COUNT], asked + 2);
    /* A wait that goes on is one decision. */
    assert_int_equal(desk_count(d, "SELECT count(*) FROM decision"), 1);
    d->silent[REGISTRY_HEAD_COUNT] = false;
    desk_pass(d, 21);
    desk_serve(d);
    STATE_IS(d, id, FILING_COUPON);
}

static void backs_off_to_five_minutes(void **state)
{
    struct desk *d = *state;
    d->silent[REGISTRY_DWELLING] = true;
    struct filing_id id = desk_begin(d, AIDOS, "D1");
    desk_serve(d);
    STATE_IS(d, id, FILING_WAITING);
    for (int i = 0; i < 10; i++) {
        struct moment next;
        OK(d, filing_jobs_next_due(d->db, &next, &d->err));
        assert_true(next.ms > d->context.now.ms && next.ms - d->context.now.ms <= 300000);
        d->context.now = next;
        assert_true(desk_serve(d) > 0);
    }
    struct moment next;
    OK(d, filing_jobs_next_due(d->db, &next, &d->err));
    assert_int_equal(next.ms - d->context.now.ms, 300000);
}

static void area_not_on_record(void **state)
{
    struct desk *d = *state;
    struct filing_actor aidos = citizen(AIDOS);
    d->silent[REGISTRY_HEAD_COUNT] = true;
    struct filing_id id = desk_begin(d, AIDOS, "D7");
    desk_serve(d);
    struct filing_view v = desk_view(d, &aidos, id);
    assert_int_equal(v.state, FILING_WAITING);
    assert_int_equal(v.decision.reason[0].code, LAW_R_AREA_UNKNOWN);
    int asked = d->asked[REGISTRY_DWELLING];
    d->silent[REGISTRY_HEAD_COUNT] = false; /* decided again, and the dwelling still to be asked once */
    desk_pass(d, 6);
    desk_serve(d);
    assert_int_equal(desk_count(d, "SELECT count(*) FROM question WHERE again = 1"), 1);
    for (int i = 1; i <= 3; i++) {
        desk_pass(d, 301);
        desk_serve(d);
        STATE_IS(d, id, FILING_WAITING);
        assert_int_equal(d->asked[REGISTRY_DWELLING], asked + i);
    }
    assert_int_equal(desk_count(d, "SELECT count(*) FROM filing_event WHERE event = 'wait'"), 1);
}

static void silent_in_part(void **state)
{
    struct desk *d = *state;
    struct filing_id id = desk_begin(d, DANA, "D2");
    desk_serve(d);
    d->no_births = true;
    desk_choose(d, DANA, id, LAW_CHILD);
    STATE_IS(d, id, FILING_WAITING);
    d->no_births = false;
    desk_pass(d, 11);
    desk_serve(d);
    STATE_IS(d, id, FILING_COUPON);
}

static void one_answer_is_enough(void **state)
{
    struct desk *d = *state;
    struct filing_actor desk_clerk = clerk(FILING_RECEPTION);
    struct filing_opening opening = {
        .service = LAW_RESIDENCE, .channel = LAW_RECEPTION, .applicant = person(AIDOS), .rka = STR("D3")
    };
    struct filing_id id;
    d->silent[REGISTRY_CAPACITY] = true; /* the owner is a minor: that E-Sobes is silent does not matter */
    OK(d, filing_open(d->db, &d->context, &desk_clerk, &opening, &id, &d->err));
    desk_serve(d);
    STATE_IS(d, id, FILING_SENT_TO_HALL);
    desk_pass(d, 3600);
    assert_int_equal(desk_serve(d), 0); /* and it is not asked any more */
}

static void registering_is_repeated(void **state)
{
    struct desk *d = *state;
    struct filing_id id = desk_begin(d, AIDOS, "D10");
    desk_serve(d);
    d->silent[REGISTRY_REGISTER] = true;
    desk_sign(d, AIDOS, id);
    desk_serve(d);
    STATE_IS(d, id, FILING_REGISTERING);
    d->silent[REGISTRY_REGISTER] = false;
    desk_pass(d, 6);
    desk_serve(d);
    STATE_IS(d, id, FILING_REGISTERED);
}

static void late_fence(void **state)
{
    struct desk *d = *state;
    struct filing_id id = desk_begin(d, AIDOS, "D1");
    struct filing_job slow[16], quick[16];
    struct registry_answer answer;
    int count;
    OK(d, filing_jobs_take(d->db, &d->context, 16, 1000, &d->arena, slow, &count, &d->err));
    int leased = count;
    assert_true(leased > 0);
    OK(d, filing_jobs_take(d->db, &d->context, 16, 1000, &d->arena, quick, &count, &d->err));
    assert_int_equal(count, 0); /* nobody else gets them while the lease lasts */
    desk_pass(d, 2);
    OK(d, filing_jobs_take(d->db, &d->context, 16, 1000, &d->arena, quick, &count, &d->err));
    assert_int_equal(count, leased);
    desk_answer(d, &slow[0].question, &answer);
    REFUSED(d, ERR_CONFLICT, filing_job_done(d->db, &d->context, &slow[0], &answer, &d->err));
    OK(d, filing_job_done(d->db, &d->context, &quick[0], &answer, &d->err));
    REFUSED(d, ERR_CONFLICT, filing_job_done(d->db, &d->context, &quick[0], &answer, &d->err));
    desk_pass(d, 2);
    desk_serve(d);
    STATE_IS(d, id, FILING_COUPON);
}

static void answer_after_cancel(void **state)
{
    struct desk *d = *state;
    struct filing_actor aidos = citizen(AIDOS);
    struct filing_id id = desk_begin(d, AIDOS, "D1");
    struct filing_job job[16];
    struct registry_answer answer;
    int count;
    OK(d, filing_jobs_take(d->db, &d->context, 16, 1000, &d->arena, job, &count, &d->err));
    OK(d, filing_cancel(d->db, &d->context, &aidos, id, &d->err));
    desk_answer(d, &job[0].question, &answer);
    OK(d, filing_job_done(d->db, &d->context, &job[0], &answer, &d->err));
    STATE_IS(d, id, FILING_CANCELLED);
    assert_int_equal(desk_count(d, "SELECT count(*) FROM question WHERE answer IS NOT NULL"), 0);
}

static void look_ups(void **state)
{
    struct desk *d = *state;
    struct filing_actor aidos = citizen(AIDOS), gulnar = citizen(GULNAR);
    struct registry_question question = {
        .ask = REGISTRY_DWELLINGS_OF, .person = person(GULNAR), .day = DAY_NONE, .since = DAY_NONE, .until = DAY_NONE
    };
    struct filing_lookup lookup;
    int64_t one, two;
    OK(d, filing_look_up(d->db, &d->context, &aidos, &question, &one, &d->err));
    OK(d, filing_look_up(d->db, &d->context, &aidos, &question, &two, &d->err));
    assert_int_equal(one, two);
    desk_serve(d);
    OK(d, filing_lookup_read(d->db, &aidos, one, &d->arena, &lookup, &d->err));
    assert_int_equal(lookup.state, FILING_LOOKUP_ANSWERED);
    assert_true(lookup.answer.dwellings.count >= 5);
    REFUSED(d, ERR_NOT_FOUND, filing_lookup_read(d->db, &gulnar, one, &d->arena, &lookup, &d->err));
    desk_pass(d, 301);
    d->silent[REGISTRY_DWELLINGS_OF] = true;
    OK(d, filing_look_up(d->db, &d->context, &aidos, &question, &two, &d->err));
    assert_int_not_equal(one, two);
    desk_serve(d);
    OK(d, filing_lookup_read(d->db, &aidos, two, &d->arena, &lookup, &d->err));
    assert_int_equal(lookup.state, FILING_LOOKUP_SILENT);
    /* Asked again while the person may be at the page, then no more. */
    desk_pass(d, 6);
    assert_int_equal(desk_serve(d), 1);
    desk_pass(d, 3600);
    desk_serve(d);
    desk_pass(d, 3600);
    assert_int_equal(desk_serve(d), 0);
    question = (struct registry_question){
        .ask = REGISTRY_PERSON, .person = person(GULNAR), .day = DAY_NONE, .since = DAY_NONE, .until = DAY_NONE
    };
    REFUSED(d, ERR_FORBIDDEN, filing_look_up(d->db, &d->context, &aidos, &question, &two, &d->err));
    OK(d, filing_look_up(d->db, &d->context, &gulnar, &question, &two, &d->err));
}

static void count_difference(void *context, const struct filing_replayed *found)
{
    assert_int_equal(found->then, LAW_TO_COUPON);
    assert_true(found->then_json.n > 0 && found->now_json.n > 0);
    ++*(int *)context;
}

static void replay(void **state)
{
    struct desk *d = *state;
    d->silent[REGISTRY_HEAD_COUNT] = true;
    struct filing_id id = desk_begin(d, AIDOS, "D1");
    desk_serve(d);
    d->silent[REGISTRY_HEAD_COUNT] = false;
    desk_pass(d, 60);
    desk_serve(d);
    STATE_IS(d, id, FILING_COUPON);
    desk_begin(d, DANA, "D2");
    desk_serve(d);
    int differences = 0;
    int64_t decisions;
    OK(d, filing_replay(d->db, policy_default(), DAY_NONE, count_difference, &differences, &decisions, &d->err));
    assert_int_equal(decisions, 3); /* the wait, the coupon, the choice */
    assert_int_equal(differences, 0);
    static const char larger[] = "[norm.area_per_person]\nvalue = 40\nfrom = 2025-12-26\n";
    const struct policy *policy;
    struct buf errors;
    buf_init(&errors, 4096);
    assert_true(policy_parse("test", str_from(larger), &d->arena, &policy, &errors));
    buf_release(&errors);
    OK(d, filing_replay(d->db, policy, DAY_NONE, count_difference, &differences, &decisions, &d->err));
    assert_int_equal(differences, 1); /* one place instead of three: reached */
    OK(d, filing_replay(d->db, policy, day_of(2027, 1, 1), count_difference, &differences, &decisions, &d->err));
    assert_int_equal(decisions, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(waits_and_resumes, desk_setup, desk_teardown_whole),
        cmocka_unit_test_setup_teardown(backs_off_to_five_minutes, desk_setup, desk_teardown_whole),
        cmocka_unit_test_setup_teardown(area_not_on_record, desk_setup, desk_teardown_whole),
        cmocka_unit_test_setup_teardown(silent_in_part, desk_setup, desk_teardown_whole),
        cmocka_unit_test_setup_teardown(one_answer_is_enough, desk_setup, desk_teardown_whole),
        cmocka_unit_test_setup_teardown(registering_is_repeated, desk_setup, desk_teardown_whole),
        cmocka_unit_test_setup_teardown(late_fence, desk_setup, desk_teardown_whole),
        cmocka_unit_test_setup_teardown(answer_after_cancel, desk_setup, desk_teardown_whole),
        cmocka_unit_test_setup_teardown(look_ups, desk_setup, desk_teardown_whole),
        cmocka_unit_test_setup_teardown(replay, desk_setup, desk_teardown_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
