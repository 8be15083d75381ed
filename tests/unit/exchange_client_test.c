/* SPDX-License-Identifier: Apache-2.0 */
/* The client against a real tirkeu-stand on loopback: answers, faults, deadlines, the circuit breaker, what is kept. */
#include "registry_world.h"

#include <curl/curl.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>

#include "base/digest.h"

struct stand {
    char world[64], state[80], sms_log[80], url[80];
    pid_t process;
};

struct fixture {
    struct stand stand;
    struct world *world;
    struct arena arena;
    struct exchange *exchange;
    char message_id[DIGEST_UUID];
};

static int64_t clock_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* ---- the process: built beside the folder of the tests ---- */

static pid_t spawn(const char *const arguments[], int *ret_output)
{
    char path[PATH_MAX];
    int ends[2];
    ssize_t n = readlink("/proc/self/exe", path, sizeof path - 32);
    assert_true(n > 0);
    path[n] = '\0';
    *strrchr(path, '/') = '\0';
    char *slash = strrchr(path, '/');
    snprintf(slash, 32, "/tirkeu-stand");
    assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
    pid_t process = fork();
    if (process == 0) {
        prctl(PR_SET_PDEATHSIG, SIGTERM);
        dup2(ends[1], 1);
        dup2(ends[1], 2);
        execv(path, (char *const *)(uintptr_t)arguments);
        _exit(127);
    }
    close(ends[1]);
    *ret_output = ends[0];
    return process;
}

static void start_stand(struct stand *stand)
{
    char line[256] = "";
    const char *const arguments[] = { "tirkeu-stand", "--world",     stand->world, "--listen",  "127.0.0.1:0",  "--state",
                                      stand->state,   "--legal-day", "2026-03-02", "--log-sms", stand->sms_log, NULL };
    int output;
    stand->process = spawn(arguments, &output);
    do { /* past what it logs */
        size_t n = 0;
        while (n < sizeof line - 1 && read(output, line + n, 1) == 1 && line[n] != '\n') {
            n++;
        }
        line[n] = '\0';
    } while (line[0] == '<');
    close(output);
    if (strncmp(line, "ready http://", 13) != 0) {
        fail_msg("the stand says: %s", line);
    }
    snprintf(stand->url, sizeof stand->url, "%.60s", line + 6);
}

static void stop_stand(struct stand *stand)
{
    int status;
    kill(stand->process, SIGTERM);
    assert_int_equal(waitpid(stand->process, &status, 0), stand->process);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

static size_t take(char *bytes, size_t size, size_t count, void *buf)
{
    buf_add(buf, bytes, size * count);
    return size * count;
}

static long call_page(struct fixture *f, const char *page, const char *post, struct buf *out)
{
    char url[160];
    long status = 0;
    snprintf(url, sizeof url, "%s%s", f->stand.url, page);
    CURL *easy = curl_easy_init();
    curl_easy_setopt(easy, CURLOPT_URL, url);
    curl_easy_setopt(easy, CURLOPT_PROXY, "");
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, out);
    if (post) {
        curl_easy_setopt(easy, CURLOPT_POSTFIELDS, post);
    }
    assert_int_equal(curl_easy_perform(easy), CURLE_OK);
    curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_cleanup(easy);
    return status;
}

static void script(struct fixture *f, const char *json)
{
    struct buf out;
    buf_init(&out, 1000);
    assert_int_equal(call_page(f, "/stand/faults", json, &out), 200);
    buf_release(&out);
}

/* ---- setup ---- */

static void open_exchange(struct fixture *f, struct exchange_config config)
{
    struct err err;
    char gateway[120];
    snprintf(gateway, sizeof gateway, "%s/bip-sync-wss-gost/", f->stand.url);
    config.gateway = config.gateway ? config.gateway : gateway;
    if (f->exchange) {
        exchange_close(f->exchange);
        f->exchange = NULL;
    }
    assert_true(exchange_open(&config, &f->exchange, &err));
}

static int setup(void **state)
{
    struct fixture *f = *state = mem_alloc(sizeof *f);
    arena_init(&f->arena, 0);
    world_folder(f->stand.world, 0);
    snprintf(f->stand.state, sizeof f->stand.state, "%s/state", f->stand.world);
    snprintf(f->stand.sms_log, sizeof f->stand.sms_log, "%s/sms.jsonl", f->stand.world);
    f->world = world_of_rows(0);
    digest_uuid(f->message_id);
    start_stand(&f->stand);
    open_exchange(f, (struct exchange_config){ .breaker_failures = 3, .breaker_ms = 300 });
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;
    char path[128];
    exchange_close(f->exchange);
    stop_stand(&f->stand);
    snprintf(path, sizeof path, "%s/residents-added.csv", f->stand.state);
    unlink(path);
    rmdir(f->stand.state);
    unlink(f->stand.sms_log);
    remove_folder(f->stand.world);
    world_free(f->world);
    arena_release(&f->arena);
    free(f);
    return 0;
}

/* ---- asking ---- */

static void send_question(struct fixture *f, int64_t id, const struct registry_question *question, int total_ms)
{
    struct buf envelope;
    struct err err;
    buf_init(&envelope, EXCHANGE_ENVELOPE_MAX);
    assert_true(registry_request(question, exchange_sender(f->exchange), f->message_id, moment_now(), &envelope));
    struct exchange_call call = { .id = id,
                                  .endpoint = (int)registry_of(question->ask),
                                  .service_id = registry_service_id(question->ask),
                                  .envelope = buf_str(&envelope),
                                  .total_ms = total_ms };
    if (!exchange_send(f->exchange, &call, &err)) {
        fail_msg("%s", err.text);
    }
    buf_release(&envelope);
}

static struct exchange_reply wait_reply(struct fixture *f)
{
    struct exchange_reply reply;
    assert_int_equal(exchange_poll(f->exchange, 5000, -1, &reply, 1), 1);
    return reply;
}

static struct exchange_reply ask_raw(struct fixture *f, const struct registry_question *question, int total_ms)
{
    send_question(f, 7, question, total_ms);
    struct exchange_reply reply = wait_reply(f);
    assert_int_equal(reply.call, 7);
    return reply;
}

static struct registry_answer ask(struct fixture *f, const struct registry_question *question)
{
    struct registry_answer answer;
    struct exchange_reply reply = ask_raw(f, question, 0);
    if (reply.outcome != EXCHANGE_REPLIED) {
        fail_msg("%s", reply.trouble);
    }
    registry_reply(reply.envelope, question, f->message_id, &f->arena, &answer);
    return answer;
}

static struct registry_question question_no(int ask)
{
    struct registry_question q = ask_of((enum registry_ask)ask, ask == REGISTRY_CAPACITY ? WARD : FATHER, FLAT, NULL);
    q.day = ask == REGISTRY_PERSON ? DAY_NONE : day_text("2026-03-02");
    q.text = ask == REGISTRY_MESSAGE ? STR("Код: 123456") : STR("ЕЛ");
    q.phone = STR("+77010000001");
    q.reference = STR("T-000001-1");
    q.kind = WORLD_RESIDENCE;
    q.since = day_text("2026-03-02");
    return q;
}

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
        TEST(answers_in_parallel),
        TEST(same_as_the_folder),
        TEST(silent_and_back),
        TEST(faults),
        TEST(unreachable),
        TEST(queue),
        TEST(wakeup),
        TEST(kept),
        TEST(messages),
        TEST(configuration),
        TEST(usage),
    };
    digest_setup();
    exchange_setup();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
