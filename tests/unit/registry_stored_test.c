/* SPDX-License-Identifier: Apache-2.0 */
/* Questions and answers as stored in a case: whole round trip, stable bytes, bad input refused. */
#include "registry_world.h"

static struct registry_question full(enum registry_ask ask)
{
    struct registry_question q = ask_of(ask, FATHER, FLAT, "2026-03-02");
    q.except = iin_of(MOTHER);
    q.kind = WORLD_TEMPORARY;
    q.since = day_text("2026-03-02");
    q.until = day_text("2026-09-01");
    q.text = STR("Қош \"келдіңіз\" \\ \n <&>");
    q.phone = STR("+77010000001");
    q.reference = STR("T-000001-1/sms");
    return q;
}

static void questions(void **state)
{
    (void)state;
    struct arena arena;
    struct buf one, two;
    struct err err;
    arena_init(&arena, 0);
    buf_init(&one, 1 << 16);
    buf_init(&two, 1 << 16);
    for (int a = 0; a < REGISTRY_ASKS; a++) {
        struct registry_question q = full((enum registry_ask)a), back;
        buf_clear(&one);
        buf_clear(&two);
        registry_question_write(&q, &one);
        assert_true(registry_question_read(buf_str(&one), &arena, &back, &err));
        assert_true(registry_question_same(&q, &back));
        registry_question_write(&back, &two);
        assert_string_equal(one.p, two.p);
        enum registry_ask named;
        assert_true(registry_ask_parse(str_from(registry_ask_name(q.ask)), &named));
        assert_int_equal(named, a);
    }
    buf_release(&one);
    buf_release(&two);
    arena_release(&arena);
}

static void sameness(void **state)
{
    (void)state;
    struct registry_question a = full(REGISTRY_HEAD_COUNT), b = a;
    assert_true(registry_question_same(&a, &b));
    b.phone = STR("other"); /* not a part of this question */
    assert_true(registry_question_same(&a, &b));
    b.except = (struct iin){ 0 };
    assert_false(registry_question_same(&a, &b));
    b = a;
    b.ask = REGISTRY_RESIDENTS;
    assert_false(registry_question_same(&a, &b));
    b = a;
    b.rka = STR(OFFICE);
    assert_false(registry_question_same(&a, &b));
}

static void answers(void **state)
{
    (void)state;
    static const char *const persons[] = { FATHER, MOTHER, CHILD, STUDENT, GRANDFATHER, WARD, UNKNOWN_PERSON };
    static const char *const dwellings[] = { FLAT, OFFICE, NOWHERE };
    struct arena arena;
    struct buf one, two;
    struct err err;
    arena_init(&arena, 0);
    buf_init(&one, 1 << 16);
    buf_init(&two, 1 << 16);
    struct world *world = world_of_rows(0);
    for (int i = 0; i < REGISTRY_ASKS * 21; i++) {
        struct registry_question q = full((enum registry_ask)(i / 21));
        q.person = iin_of(persons[i % 7]);
        q.rka = str_from(dwellings[i % 21 / 7]);
        q.text = q.ask == REGISTRY_DWELLINGS_OF ? (struct str){ 0 } : q.text;
        struct registry_answer answer, back;
        registry_folder_ask(world, &q, &arena, &answer);
        answer.asked_at = (struct moment){ 1700000000123 };
        answer.answered_at = (struct moment){ 1700000000456 };
        answer.as_of = day_text("2026-03-01");
        answer.message_id = STR("id-1");
        buf_clear(&one);
        buf_clear(&two);
        registry_answer_write(&answer, &one);
        if (!registry_answer_read(buf_str(&one), &arena, &back, &err)) {
            fail_msg("%s: %s", one.p, err.text);
        }
        registry_answer_write(&back, &two);
        assert_string_equal(one.p, two.p);
        assert_int_equal(back.asked_at.ms, answer.asked_at.ms);
        assert_int_equal(back.status, answer.status);
    }
    world_free(world);
    buf_release(&one);
    buf_release(&two);
    arena_release(&arena);
}

static void bytes(void **state)
{
    (void)state;
    struct arena arena;
    struct buf out;
    arena_init(&arena, 0);
    buf_init(&out, 1 << 16);
    struct world *world = world_of_rows(0);
    struct registry_question q = ask_of(REGISTRY_CAPACITY, WARD, NULL, "2026-03-02");
    struct registry_answer answer;
    registry_folder_ask(world, &q, &arena, &answer);
    registry_question_write(&q, &out);
    assert_string_equal(out.p, "{\"ask\":\"capacity\",\"person\":\"" WARD "\",\"day\":\"2026-03-02\"}");
    buf_clear(&out);
    registry_answer_write(&answer, &out);
    assert_string_equal(out.p, "{\"ask\":\"capacity\",\"silent\":false,\"data\":{\"incapable\":true,\"court_act\":\"№ 7\","
                               "\"since\":\"2020-05-05\"}}");
    world_free(world);
    buf_release(&out);
    arena_release(&arena);
}

static void bad_input(void **state)
{
    (void)state;
    static const struct {
        const char *json, *says;
    } rows[] = {
        { "", "question" },
        { "[]", "ask" },
        { "{\"ask\":\"weather\"}", "ask" },
        { "{\"ask\":\"person\"}", "person: missing" },
        { "{\"ask\":\"person\",\"person\":\"800101300104\"}", "person: not 12 digits" },
        { "{\"ask\":\"person\",\"person\":800101300105}", "person: a value of another type" },
        { "{\"ask\":\"person\",\"person\":\"" FATHER "\",\"rka\":\"1\"}", "unknown member" },
        { "{\"ask\":\"person\",\"person\":\"" FATHER "\",\"day\":\"2026-02-30\"}", "day: not a date" },
        { "{\"ask\":\"register\",\"reference\":\"a\",\"person\":\"" FATHER "\",\"rka\":\"1\",\"kind\":\"for ever\"}",
          "kind: not one of" },
    };
    struct arena arena;
    arena_init(&arena, 0);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct registry_question q;
        struct err err;
        assert_false(registry_question_read(str_from(rows[i].json), &arena, &q, &err));
        if (!strstr(err.text, rows[i].says)) {
            fail_msg("%s: %s", rows[i].json, err.text);
        }
    }
    static const char *const answers_bad[] = {
        "{}",
        "{\"ask\":\"capacity\"}",
        "{\"ask\":\"capacity\",\"silent\":false}",
        "{\"ask\":\"capacity\",\"silent\":false,\"data\":{}}",
        "{\"ask\":\"capacity\",\"silent\":false,\"data\":{\"incapable\":\"true\"}}",
        "{\"ask\":\"head_count\",\"silent\":false,\"data\":{\"registered\":-1,\"residence\":0}}",
        "{\"ask\":\"head_count\",\"silent\":false,\"data\":{\"registered\":99999999999,\"residence\":0}}",
        "{\"ask\":\"residents\",\"silent\":false,\"data\":{\"item\":[1]}}",
        "{\"ask\":\"residents\",\"silent\":false,\"data\":{\"item\":{}}}",
        "{\"ask\":\"capacity\",\"silent\":true,\"weather\":1}",
    };
    for (size_t i = 0; i < sizeof answers_bad / sizeof answers_bad[0]; i++) {
        struct registry_answer a;
        struct err err;
        assert_false(registry_answer_read(str_from(answers_bad[i]), &arena, &a, &err));
        assert_true(strncmp(err.text, "answer", 6) == 0);
    }
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(questions), cmocka_unit_test(sameness),  cmocka_unit_test(answers),
        cmocka_unit_test(bytes),     cmocka_unit_test(bad_input),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
