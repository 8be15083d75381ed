/* SPDX-License-Identifier: Apache-2.0 */
/* What tirkeu-stand keeps over its end, what its pages say, and how it is called. */
#include "exchange_stand.h"

static int heads_in(struct fixture *f, const char *rka)
{
    struct registry_question q = ask_of(REGISTRY_HEAD_COUNT, NULL, rka, "2026-03-02");
    struct registry_answer answer = ask(f, &q);
    assert_int_equal(answer.status, REGISTRY_ANSWERED);
    return answer.head_count.registered;
}

static void kept(void **state)
{
    struct fixture *f = *state;
    struct registry_question q = ask_of(REGISTRY_REGISTER, FATHER, OFFICE, NULL);
    q.kind = WORLD_RESIDENCE;
    q.since = day_text("2026-03-02");
    q.reference = STR("T-1, \"first\"");
    assert_int_equal(heads_in(f, OFFICE), 0);
    assert_true(ask(f, &q).done.done);
    assert_true(ask(f, &q).done.done);
    assert_int_equal(heads_in(f, OFFICE), 1);
    struct registry_question other = q;
    other.person = iin_of(MOTHER);
    struct registry_answer answer = ask(f, &other);
    assert_false(answer.done.done);
    assert_int_equal(answer.status, REGISTRY_ANSWERED);
    /* cut off in the middle of a row, as by a crash */
    stop_stand(&f->stand);
    int file = open(arena_printf(&f->arena, "%s/residents-added.csv", f->stand.state).p, O_WRONLY | O_APPEND);
    assert_int_equal(write(file, "T-2,8001", 8), 8);
    close(file);
    start_stand(&f->stand);
    open_exchange(f, (struct exchange_config){ 0 });
    assert_int_equal(heads_in(f, OFFICE), 1);
    assert_true(ask(f, &q).done.done);
    other.reference = STR("T-2");
    assert_true(ask(f, &other).done.done);
    assert_int_equal(heads_in(f, OFFICE), 2);
    stop_stand(&f->stand);
    start_stand(&f->stand);
    open_exchange(f, (struct exchange_config){ 0 });
    assert_int_equal(heads_in(f, OFFICE), 2);
}

static void messages(void **state)
{
    struct fixture *f = *state;
    struct registry_question q = question_no(REGISTRY_MESSAGE);
    struct buf out;
    buf_init(&out, 1 << 16);
    assert_true(ask(f, &q).done.done);
    assert_true(ask(f, &q).done.done);
    q.reference = STR("T-2");
    q.text = STR("екінші");
    assert_true(ask(f, &q).done.done);
    assert_int_equal(call_page(f, "/stand/messages", NULL, &out), 200);
    json_t *list = json_loadb(out.p, out.n, 0, NULL);
    assert_int_equal(json_array_size(list), 2);
    assert_string_equal(json_string_value(json_object_get(json_array_get(list, 1), "text")), "екінші");
    assert_string_equal(json_string_value(json_object_get(json_array_get(list, 0), "phone")), "+77010000001");
    json_decref(list);
    buf_clear(&out);
    assert_int_equal(call_page(f, "/stand/health", NULL, &out), 200);
    assert_int_equal(call_page(f, "/stand/health", "x", &out), 405);
    assert_int_equal(call_page(f, "/stand", NULL, &out), 404);
    assert_int_equal(call_page(f, "/stand/faults", "{\"register\":\"moon\",\"mode\":\"ok\"}", &out), 400);
    assert_int_equal(call_page(f, "/stand/faults", "{\"register\":\"egkn\",\"mode\":\"slow\",\"ms\":-1}", &out), 400);
    buf_clear(&out);
    assert_int_equal(call_page(f, "/bip-sync-wss-gost/", "<x/>", &out), 500);
    assert_non_null(strstr(out.p, "SCE001"));
    buf_release(&out);
}

static int run_stand(const char *const arguments[])
{
    int status, output;
    pid_t process = spawn(arguments, &output);
    char bytes[4096];
    while (read(output, bytes, sizeof bytes) > 0) {
    }
    close(output);
    waitpid(process, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void usage(void **state)
{
    struct fixture *f = *state;
    const char *const rows[][6] = {
        { "s", NULL },
        { "s", "--world", NULL },
        { "s", "--world", "/nonexistent", NULL },
        { "s", "--world", f->stand.world, "--listen", "nowhere", NULL },
        { "s", "--world", f->stand.world, "--listen", "127.0.0.1:99999", NULL },
        { "s", "--world", f->stand.world, "--legal-day", "2026-02-30", NULL },
        { "s", "--world", f->stand.world, "--delay", "-1", NULL },
        { "s", "--weather", "fine", NULL },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal(run_stand(rows[i]), 2);
    }
    const char *const help[] = { "s", "--help", NULL };
    assert_int_equal(run_stand(help), 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(kept),
        TEST(messages),
        TEST(usage),
    };
    digest_setup();
    exchange_setup();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
