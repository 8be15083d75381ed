/* SPDX-License-Identifier: Apache-2.0 */
/* The client against a real tirkeu-stand: answers, faults, deadlines, the circuit breaker, its configuration. */
#include "exchange_stand.h"

/* ---- tests ---- */

static void answers_in_parallel(void **state)
{
    struct fixture *f = *state;
    enum { CALLS = REGISTRY_ASKS * 5 };
    bool seen[CALLS] = { false };
    int count = 0;
    for (int i = 0; i < CALLS; i++) {
        struct registry_question q = question_no(i % REGISTRY_ASKS);
        send_question(f, i, &q, 0);
    }
    assert_int_equal(exchange_in_flight(f->exchange), CALLS);
    while (count < CALLS) {
        struct exchange_reply reply[8];
        int n = exchange_poll(f->exchange, 5000, -1, reply, 8);
        assert_true(n > 0);
        for (int i = 0; i < n; i++, count++) {
            struct registry_answer answer;
            struct registry_question q = question_no((int)reply[i].call % REGISTRY_ASKS);
            assert_false(seen[reply[i].call]);
            seen[reply[i].call] = true;
            registry_reply(reply[i].envelope, &q, f->message_id, &f->arena, &answer);
            if (answer.status == REGISTRY_SILENT) {
                fail_msg("%s", arena_text(&f->arena, answer.trouble));
            }
        }
    }
    assert_int_equal(exchange_in_flight(f->exchange), 0);
}

static void same_as_the_folder(void **state)
{
    struct fixture *f = *state;
    for (int a = 0; a < REGISTRY_ASKS; a++) {
        struct registry_question q = question_no(a);
        struct registry_answer wire = ask(f, &q), folder;
        struct buf one, two;
        buf_init(&one, 1 << 20);
        buf_init(&two, 1 << 20);
        q.day = day_text("2026-03-02");
        registry_folder_ask(f->world, &q, &f->arena, &folder);
        wire.message_id = (struct str){ 0 };
        if (a == REGISTRY_FAMILY_MART) { /* a day old: the divorce of the day is not in it yet */
            assert_int_equal(wire.as_of.n, day_text("2026-03-01").n);
            assert_int_equal(folder.family.divorces - wire.family.divorces, 1);
            folder.as_of = wire.as_of;
            folder.family.divorces = 0;
        }
        registry_answer_write(&wire, &one);
        registry_answer_write(&folder, &two);
        assert_string_equal(one.p, two.p);
        buf_release(&one);
        buf_release(&two);
    }
}

static void silent_and_back(void **state)
{
    struct fixture *f = *state;
    struct registry_question dwelling = question_no(REGISTRY_DWELLING), person = question_no(REGISTRY_PERSON);
    script(f, "{\"register\":\"egkn\",\"mode\":\"silent\",\"ms\":2000}");
    for (int i = 0; i < 3; i++) {
        int64_t began = clock_ms();
        struct exchange_reply reply = ask_raw(f, &dwelling, 100);
        assert_int_equal(reply.outcome, EXCHANGE_TIMED_OUT);
        assert_true(clock_ms() - began < 1000);
        assert_true(reply.trouble[0] != '\0');
    }
    int64_t began = clock_ms();
    assert_int_equal(ask_raw(f, &dwelling, 100).outcome, EXCHANGE_HELD_BACK);
    assert_true(clock_ms() - began < 90);
    assert_int_equal(ask(f, &person).status, REGISTRY_ANSWERED); /* other services are not held back */
    script(f, "{\"register\":\"egkn\",\"mode\":\"ok\"}");
    usleep(350000);
    assert_int_equal(ask(f, &dwelling).status, REGISTRY_ANSWERED);
    assert_int_equal(ask(f, &dwelling).status, REGISTRY_ANSWERED);
}

static void faults(void **state)
{
    struct fixture *f = *state;
    struct registry_question q = question_no(REGISTRY_CAPACITY);
    script(f, "{\"register\":\"esobes\",\"mode\":\"error\"}");
    struct registry_answer answer = ask(f, &q);
    assert_int_equal(answer.status, REGISTRY_SILENT);
    assert_true(str_is(answer.trouble, "esobes: fault SCE909"));
    script(f, "{\"register\":\"all\",\"mode\":\"garbage\"}");
    answer = ask(f, &q);
    assert_true(str_is(answer.trouble, "esobes: XML: not well-formed"));
    script(f, "{\"register\":\"all\",\"mode\":\"slow\",\"ms\":200}");
    int64_t began = clock_ms();
    for (int i = 0; i < 10; i++) {
        send_question(f, i, &q, 0);
    }
    for (int i = 0; i < 10; i++) {
        assert_int_equal(wait_reply(f).outcome, EXCHANGE_REPLIED);
    }
    assert_in_range(clock_ms() - began, 200, 1500);
}

static void unreachable(void **state)
{
    struct fixture *f = *state;
    struct registry_question q = question_no(REGISTRY_PERSON);
    open_exchange(f, (struct exchange_config){ .gateway = "http://127.0.0.1:1/x" });
    struct exchange_reply reply = ask_raw(f, &q, 1000);
    assert_int_equal(reply.outcome, EXCHANGE_UNREACHED);
    char url[120];
    snprintf(url, sizeof url, "%s/elsewhere", f->stand.url);
    open_exchange(f, (struct exchange_config){ .endpoint = { [REGISTRY_GBDFL] = url } });
    reply = ask_raw(f, &q, 1000);
    assert_int_equal(reply.outcome, EXCHANGE_UNREACHED);
    assert_int_equal(reply.http_status, 404);
    open_exchange(f, (struct exchange_config){ .reply_limit = 200 });
    reply = ask_raw(f, &q, 1000);
    assert_int_equal(reply.outcome, EXCHANGE_UNREACHED);
    assert_non_null(strstr(reply.trouble, "longer"));
}

/* With one request in flight the rest waits, and its deadline runs. */
static void queue(void **state)
{
    struct fixture *f = *state;
    struct registry_question q = question_no(REGISTRY_CAPACITY);
    open_exchange(f, (struct exchange_config){ .in_flight = 1, .breaker_failures = 100 });
    script(f, "{\"register\":\"esobes\",\"mode\":\"slow\",\"ms\":300}");
    send_question(f, 1, &q, 2000);
    send_question(f, 2, &q, 100);
    struct exchange_reply reply = wait_reply(f);
    assert_int_equal(reply.call, 2);
    assert_int_equal(reply.outcome, EXCHANGE_TIMED_OUT);
    reply = wait_reply(f);
    assert_int_equal(reply.call, 1);
    assert_int_equal(reply.outcome, EXCHANGE_REPLIED);
}

static void wakeup(void **state)
{
    struct fixture *f = *state;
    struct exchange_reply reply;
    int ends[2];
    assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
    int64_t began = clock_ms();
    assert_int_equal(exchange_poll(f->exchange, 100, ends[0], &reply, 1), 0);
    assert_true(clock_ms() - began >= 95);
    assert_int_equal(write(ends[1], "x", 1), 1);
    began = clock_ms();
    assert_int_equal(exchange_poll(f->exchange, 5000, ends[0], &reply, 1), 0);
    assert_true(clock_ms() - began < 1000);
    close(ends[0]);
    close(ends[1]);
}

static void configuration(void **state)
{
    struct fixture *f = *state;
    struct exchange *exchange;
    struct err err;
    struct exchange_config bad = { .gateway = "ftp://127.0.0.1/" };
    assert_false(exchange_open(&bad, &exchange, &err));
    bad = (struct exchange_config){ .endpoint = { [3] = "file:///etc/passwd" } };
    assert_false(exchange_open(&bad, &exchange, &err));
    bad = (struct exchange_config){ .password_file = "/nonexistent/password" };
    assert_false(exchange_open(&bad, &exchange, &err));
    const char *path = arena_printf(&f->arena, "%s/state/password", f->stand.world).p;
    assert_true(file_write(path, STR("s3cret\nrest\n"), &err));
    struct exchange_config good = { .password_file = path, .sender_id = "us" };
    assert_true(exchange_open(&good, &exchange, &err));
    assert_true(str_is(exchange_sender(exchange).password, "s3cret"));
    assert_true(str_is(exchange_sender(exchange).id, "us"));
    struct exchange_call call = { .service_id = "S", .envelope = STR("<x/>") };
    assert_false(exchange_send(exchange, &call, &err)); /* no address at all */
    exchange_close(exchange);
    unlink(path);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(answers_in_parallel),
        TEST(same_as_the_folder),
        TEST(silent_and_back),
        TEST(faults),
        TEST(unreachable),
        TEST(queue),
        TEST(wakeup),
        TEST(configuration),
    };
    digest_setup();
    exchange_setup();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
