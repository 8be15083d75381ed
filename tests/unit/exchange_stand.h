/* SPDX-License-Identifier: Apache-2.0 */
/* A real tirkeu-stand on loopback, made for each test, and a client of it. */
#ifndef TESTS_EXCHANGE_STAND_H
#define TESTS_EXCHANGE_STAND_H

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

static inline int64_t clock_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* ---- the process: built beside the folder of the tests ---- */

static inline pid_t spawn(const char *const arguments[], int *ret_output)
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

static inline void start_stand(struct stand *stand)
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

static inline void stop_stand(struct stand *stand)
{
    int status;
    kill(stand->process, SIGTERM);
    assert_int_equal(waitpid(stand->process, &status, 0), stand->process);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

static inline size_t take(char *bytes, size_t size, size_t count, void *buf)
{
    buf_add(buf, bytes, size * count);
    return size * count;
}

static inline long call_page(struct fixture *f, const char *page, const char *post, struct buf *out)
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

static inline void script(struct fixture *f, const char *json)
{
    struct buf out;
    buf_init(&out, 1000);
    assert_int_equal(call_page(f, "/stand/faults", json, &out), 200);
    buf_release(&out);
}

/* ---- setup ---- */

static inline void open_exchange(struct fixture *f, struct exchange_config config)
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

static inline int setup(void **state)
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

static inline int teardown(void **state)
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

static inline void send_question(struct fixture *f, int64_t id, const struct registry_question *question, int total_ms)
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

static inline struct exchange_reply wait_reply(struct fixture *f)
{
    struct exchange_reply reply;
    assert_int_equal(exchange_poll(f->exchange, 5000, -1, &reply, 1), 1);
    return reply;
}

static inline struct exchange_reply ask_raw(struct fixture *f, const struct registry_question *question, int total_ms)
{
    send_question(f, 7, question, total_ms);
    struct exchange_reply reply = wait_reply(f);
    assert_int_equal(reply.call, 7);
    return reply;
}

static inline struct registry_answer ask(struct fixture *f, const struct registry_question *question)
{
    struct registry_answer answer;
    struct exchange_reply reply = ask_raw(f, question, 0);
    if (reply.outcome != EXCHANGE_REPLIED) {
        fail_msg("%s", reply.trouble);
    }
    registry_reply(reply.envelope, question, f->message_id, &f->arena, &answer);
    return answer;
}

static inline struct registry_question question_no(int ask)
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

#endif
