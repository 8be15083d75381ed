/* SPDX-License-Identifier: Apache-2.0 */
/* Idempotency-Key over a socket: carried out once, also when the answer is lost, when it is sent twice at once, when it fails. */
#include <pthread.h>
#include <semaphore.h>

#include "web/web_impl.h"
#include "web_site.h"

#define FILE_IT "{\"service\":\"residence\",\"rka\":\"1\"}"
static const char *authorization;

static struct curl_slist *headers_with(const char *key)
{
    struct curl_slist *list = curl_slist_append(NULL, "Content-Type: application/json");
    list = curl_slist_append(list, authorization);
    list = curl_slist_append(list, "Accept-Language: en");
    return curl_slist_append(list, arena_printf(&arena, "Idempotency-Key: %s", key).p);
}

static void send_json(const char *key, const char *path, const char *json)
{
    struct curl_slist *list = headers_with(key);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, list);
    post(path, json);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, NULL);
    curl_slist_free_all(list);
}

static void file_it(const char *key) { send_json(key, "/api/v1/applications", FILE_IT); }

static int sign_in(void **state)
{
    if (set_up(state) != 0)
        return -1;
    with_header("Content-Type: application/json", "/api/v1/demo/session", "{\"person\":\"within_norm\"}");
    const char *mark = strstr(body.p, "\"token\":\"");
    if (!mark)
        return -1;
    authorization = arena_printf(&arena, "Authorization: Bearer %.43s", mark + strlen("\"token\":\"")).p;
    return 0;
}

static struct db *open_database(void)
{
    struct err err;
    struct db *db = NULL;
    assert_true(db_open(arena_printf(&arena, "%s/t.db", folder).p, false, &db, &err));
    return db;
}

static int64_t number_of(const char *sql)
{
    struct err err;
    struct db *db = open_database();
    struct db_query q;
    int64_t n = -1;
    assert_true(db_query(db, &q, sql, &err));
    while (db_row(&q))
        n = db_int(&q, 0);
    assert_true(db_finish(&q, &err));
    db_close(db);
    return n;
}

static void execute(const char *sql)
{
    struct err err;
    struct db *db = open_database();
    assert_true(db_exec(db, sql, &err));
    db_close(db);
}

static int64_t filings(void) { return number_of("SELECT count(*) FROM filing"); }

/* Without the header Date. */
static const char *answer(void)
{
    const char *date = strstr(head.p, "Date: ");
    size_t before = date ? (size_t)(date - head.p) : head.n;
    const char *rest = date ? strchr(date, '\n') : "";
    return arena_printf(&arena, "%ld %.*s%s%s", status, (int)before, head.p, rest, body.p).p;
}

static void the_same_answer_again(void **state)
{
    (void)state;
    int64_t before = filings();
    file_it("11111111-1111-4111-8111-111111111111");
    assert_int_equal(status, 201);
    assert_true(has(&head, "ETag: \"1\"") && has(&head, "Location: /api/v1/applications/T-"));
    const char *first = answer();
    file_it("11111111-1111-4111-8111-111111111111");
    assert_string_equal(answer(), first);
    file_it("\"11111111-1111-4111-8111-111111111111\"");
    assert_string_equal(answer(), first);
    assert_int_equal(filings(), before + 1);
    file_it("22222222-2222-4222-8222-222222222222");
    assert_int_equal(status, 201);
    assert_int_equal(filings(), before + 2);
    assert_int_equal(number_of("SELECT count(*) FROM audit WHERE action = 'repeat'"), 2);
}

static void another_request_with_the_key(void **state)
{
    static const char key[] = "33333333-3333-4333-8333-333333333333";
    (void)state;
    file_it(key);
    assert_int_equal(status, 201);
    int64_t before = filings();
    send_json(key, "/api/v1/applications", "{\"service\":\"residence\",\"rka\":\"2\"}");
    assert_int_equal(status, 422);
    assert_true(has(&head, "Content-Type: application/problem+json") && has(&body, "\"code\":\"idempotency_key_reused\""));
    send_json(key, "/api/v1/lookups", FILE_IT);
    assert_int_equal(status, 400); /* the form comes first */
    send_json(key, "/api/v1/lookups", "{\"rka\":\"1\"}");
    assert_int_equal(status, 422);
    file_it(key);
    assert_int_equal(status, 201);
    assert_int_equal(filings(), before);
}

static void keys_have_limits(void **state)
{
    static const char *const wrong[] = {
        "111111111111111",                                                   /* 15 */
        "1111111111111111 1",                                                /* a blank */
        "\"1111111111111111",                                                /* one quotation mark */
        "1111111111111111\xd3\x99",                                          /* not ASCII */
        "11111111111111111111111111111111111111111111111111111111111111111", /* 65 */
    };
    (void)state;
    int64_t before = filings();
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        file_it(wrong[i]);
        assert_int_equal(status, 400);
        assert_true(has(&body, "\"code\":\"idempotency_key_wrong\""));
    }
    assert_int_equal(filings(), before);
    file_it("A.b:c-d_89012345");
    assert_int_equal(status, 201);
    file_it("1111111111111111111111111111111111111111111111111111111111111111"); /* 64 */
    assert_int_equal(status, 201);
}

static void a_refusal_is_kept(void **state)
{
    static const char key[] = "44444444-4444-4444-8444-444444444444";
    (void)state;
    send_json(key, "/api/v1/applications/T-999999-7/cancellation", "");
    const char *first = answer();
    assert_int_equal(status, 404);
    send_json(key, "/api/v1/applications/T-999999-7/cancellation", "");
    assert_string_equal(answer(), first);
    send_json(key, "/api/v1/applications/T-999998-9/cancellation", "");
    assert_int_equal(status, 422);
}

static void without_its_answer_there_is_no_step(void **state)
{
    static const char key[] = "55555555-5555-4555-8555-555555555555";
    (void)state;
    int64_t before = filings();
    execute("CREATE TRIGGER full BEFORE INSERT ON reply BEGIN SELECT RAISE (ABORT, 'full'); END");
    file_it(key);
    assert_int_equal(status, 500);
    assert_true(has(&body, "\"code\":\"internal_error\"") && !has(&head, "Location:"));
    execute("DROP TRIGGER full");
    assert_int_equal(filings(), before);
    file_it(key);
    assert_int_equal(status, 201);
    assert_int_equal(filings(), before + 1);
}

/* ---- twice at once ---- */

static bool hold(struct db *db, void *context, struct err *err)
{
    (void)db;
    (void)err;
    return sem_wait(context) == 0;
}
static void held(void *context, bool ok, const struct err *err) { (void)context, (void)ok, (void)err; }

static size_t drop(char *bytes, size_t size, size_t n, void *out)
{
    (void)bytes;
    (void)out;
    return size * n;
}

struct first {
    CURL *curl;
    struct curl_slist *headers;
    long status;
};
static void *send_first(void *context)
{
    struct first *first = context;
    if (curl_easy_perform(first->curl) == CURLE_OK)
        curl_easy_getinfo(first->curl, CURLINFO_RESPONSE_CODE, &first->status);
    return NULL;
}

static void prepare(struct first *first, const char *key)
{
    first->curl = curl_easy_init();
    first->headers = headers_with(key);
    curl_easy_setopt(first->curl, CURLOPT_NOPROXY, "*");
    curl_easy_setopt(first->curl, CURLOPT_WRITEFUNCTION, drop);
    curl_easy_setopt(first->curl, CURLOPT_HTTPHEADER, first->headers);
    curl_easy_setopt(first->curl, CURLOPT_COPYPOSTFIELDS, FILE_IT);
    curl_easy_setopt(first->curl, CURLOPT_URL,
                     arena_printf(&arena, "http://127.0.0.1:%u/api/v1/applications", (unsigned)web_port(web)).p);
}

static void wait_until_one_is_running(void)
{
    for (bool running = false; !running; usleep(1000)) {
        pthread_mutex_lock(&web->lock);
        running = web->keyed;
        pthread_mutex_unlock(&web->lock);
    }
}

static void the_second_while_the_first_is_running(void **state)
{
    static const char key[] = "66666666-6666-4666-8666-666666666666";
    struct first first = { 0 };
    pthread_t thread;
    sem_t go_on;
    (void)state;
    int64_t before = filings();
    sem_init(&go_on, 0, 0);
    filing_writer_submit(writer, (struct filing_step){ hold, held, &go_on });
    prepare(&first, key);
    assert_int_equal(pthread_create(&thread, NULL, send_first, &first), 0);
    wait_until_one_is_running();
    file_it(key);
    assert_int_equal(status, 409);
    assert_true(has(&head, "Retry-After: 1") && has(&body, "\"code\":\"idempotency_key_busy\""));
    sem_post(&go_on);
    pthread_join(thread, NULL);
    assert_int_equal(first.status, 201);
    file_it(key);
    assert_int_equal(status, 201);
    assert_int_equal(filings(), before + 1);
    curl_slist_free_all(first.headers);
    curl_easy_cleanup(first.curl);
    sem_destroy(&go_on);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_answer_again),
        cmocka_unit_test(another_request_with_the_key),
        cmocka_unit_test(keys_have_limits),
        cmocka_unit_test(a_refusal_is_kept),
        cmocka_unit_test(without_its_answer_there_is_no_step),
        cmocka_unit_test(the_second_while_the_first_is_running),
    };
    return cmocka_run_group_tests(tests, sign_in, tear_down);
}
