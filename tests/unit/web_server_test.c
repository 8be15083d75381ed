/* SPDX-License-Identifier: Apache-2.0 */
/* The server over a socket: headers, languages, sign-in, roles, CSRF, forms, limits. Cases themselves: tests of filing, and the
 * journeys. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/digest.h"
#include "web/web.h"

static const struct web_demo_person people[] = {
    { .key = "within_norm", .iin = { 900101300017 }, .role = FILING_CITIZEN, .name = "Тестова <Әсел>" },
};
static char folder[] = "/tmp/tirkeu-web-XXXXXX";
static struct arena arena;
static struct filing_writer *writer;
static struct web *web;
static CURL *curl;
static struct buf head, body;
static long status;

static size_t take(char *bytes, size_t size, size_t n, void *out)
{
    buf_add(out, bytes, size * n);
    return size * n;
}

static void go(const char *path)
{
    buf_clear(&head);
    buf_clear(&body);
    curl_easy_setopt(curl, CURLOPT_URL, arena_printf(&arena, "http://127.0.0.1:%u%s", (unsigned)web_port(web), path).p);
    assert_int_equal(curl_easy_perform(curl), CURLE_OK);
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
}

static void get(const char *path)
{
    curl_easy_setopt(curl, CURLOPT_HTTPGET, 1L);
    go(path);
}

static void post(const char *path, const char *form)
{
    curl_easy_setopt(curl, CURLOPT_POST, 1L);
    curl_easy_setopt(curl, CURLOPT_COPYPOSTFIELDS, form);
    go(path);
}

static bool has(const struct buf *text, const char *part) { return text->n > 0 && strstr(text->p, part); }

/* With a header of the request's own. */
static void with_header(const char *header, const char *path, const char *form)
{
    struct curl_slist *list = curl_slist_append(NULL, header);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, list);
    if (form)
        post(path, form);
    else
        get(path);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, NULL);
    curl_slist_free_all(list);
}

static void forget_cookies(void) { curl_easy_setopt(curl, CURLOPT_COOKIELIST, "ALL"); }

static const char *csrf(void)
{
    get("/new");
    const char *mark = strstr(body.p, "name=\"csrf\" value=\"");
    assert_non_null(mark);
    mark += strlen("name=\"csrf\" value=\"");
    return arena_text(&arena, (struct str){ mark, strcspn(mark, "\"") });
}

static void sign_in(void)
{
    forget_cookies();
    get("/?lang=en");
    post("/sign-in", "person=within_norm&next=");
    assert_int_equal(status, 303);
}

static void every_page_is_safe(void **state)
{
    static const char *const headers[] = {
        "Content-Security-Policy: default-src 'none'; style-src 'self'",
        "X-Content-Type-Options: nosniff",
        "Cache-Control: no-store",
        "Referrer-Policy: same-origin",
        "frame-ancestors 'none'",
    };
    static const char *const paths[] = { "/", "/sign-in", "/nowhere" };
    (void)state;
    for (size_t p = 0; p < sizeof paths / sizeof paths[0]; p++) {
        get(paths[p]);
        for (size_t i = 0; i < sizeof headers / sizeof headers[0]; i++)
            assert_true(has(&head, headers[i]));
        assert_false(has(&body, "<script"));
    }
    assert_int_equal(status, 404);
}

static void assets_may_be_kept(void **state)
{
    (void)state;
    get("/");
    const char *mark = strstr(body.p, "/assets/tirkeu-");
    assert_non_null(mark);
    get(arena_text(&arena, (struct str){ mark, strcspn(mark, "\"") }));
    assert_int_equal(status, 200);
    assert_true(has(&head, "immutable"));
    assert_true(has(&head, "text/css"));
    get("/assets/tirkeu-0000000000000000.css");
    assert_int_equal(status, 404);
}

static void the_language_keeps_the_page(void **state)
{
    (void)state;
    forget_cookies();
    get("/sign-in?next=%2Fnew&lang=ru");
    assert_int_equal(status, 303);
    assert_true(has(&head, "Location: /sign-in?next=%2Fnew\r\n"));
    get("/sign-in");
    assert_true(has(&body, "<html lang=\"ru\">"));
    forget_cookies();
    with_header("Accept-Language: de, en;q=0.8", "/", NULL);
    assert_true(has(&body, "<html lang=\"en\">"));
    get("/");
    assert_true(has(&body, "<html lang=\"kk\">"));
}

static void signing_in_and_out(void **state)
{
    (void)state;
    forget_cookies();
    get("/applications");
    assert_int_equal(status, 303);
    assert_true(has(&head, "Location: /sign-in?next=%2Fapplications"));
    post("/sign-in", "person=within_norm&next=%2Fnew");
    assert_true(has(&head, "Location: /new\r\n"));
    assert_true(has(&head, "HttpOnly; SameSite=Lax"));
    get("/applications");
    assert_int_equal(status, 200);
    assert_true(has(&body, "Тестова &lt;Әсел&gt;"));
    post("/sign-out", arena_printf(&arena, "csrf=%s", csrf()).p);
    assert_int_equal(status, 303);
    get("/applications");
    assert_int_equal(status, 303);
}

static void a_foreign_next_is_not_followed(void **state)
{
    (void)state;
    static const char *const next[] = { "%2F%2Fevil.example", "https%3A%2F%2Fevil.example", "%2F%5Cevil.example", "x" };
    for (size_t i = 0; i < sizeof next / sizeof next[0]; i++) {
        forget_cookies();
        post("/sign-in", arena_printf(&arena, "person=within_norm&next=%s", next[i]).p);
        assert_true(has(&head, "Location: /applications\r\n"));
    }
    post("/sign-in", "person=nobody&next=");
    assert_int_equal(status, 422);
}

static void forged_forms_are_refused(void **state)
{
    (void)state;
    sign_in();
    post("/new", "service=residence&months=");
    assert_int_equal(status, 403);
    post("/new", "csrf=wrong&service=residence&months=");
    assert_int_equal(status, 403);
    const char *form = arena_printf(&arena, "csrf=%s&service=residence&months=", csrf()).p;
    with_header("Origin: https://evil.example", "/new", form);
    assert_int_equal(status, 403);
    with_header("Origin: null", "/new", form);
    assert_int_equal(status, 403);
    post("/new", form);
    assert_int_equal(status, 303);
    assert_true(has(&head, "Location: /new/dwelling?service=residence&months=0\r\n"));
}

static void errors_keep_what_was_typed(void **state)
{
    (void)state;
    sign_in();
    post("/new/dwelling",
         arena_printf(&arena, "csrf=%s&service=temporary&months=6&way=owner&owner=123&address=%%3Cb%%3E&rka=", csrf()).p);
    assert_int_equal(status, 422);
    assert_true(has(&body, "<a href=\"#owner\">"));
    assert_true(has(&body, "id=\"owner-error\""));
    assert_true(has(&body, "value=\"123\""));
    assert_true(has(&body, "value=\"&lt;b&gt;\""));
    assert_true(has(&body, "name=\"months\" value=\"6\""));
    post("/new/dwelling", arena_printf(&arena, "csrf=%s&service=residence&months=0&way=mine&other=1", csrf()).p);
    assert_int_equal(status, 400);
    post("/new/dwelling", arena_printf(&arena, "csrf=%s&way=mine&way=rka", csrf()).p);
    assert_int_equal(status, 400);
}

static void what_does_not_exist(void **state)
{
    (void)state;
    sign_in();
    static const char *const paths[] = { "/applications/T-000001-7",
                                         "/applications/1",
                                         "/applications/",
                                         "/new//dwelling",
                                         "/new/..%2F",
                                         "/%",
                                         "/%ff",
                                         "/new/found/x?service=residence&months=0" };
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
        get(paths[i]);
        assert_int_equal(status, 404);
    }
    get("/sign-out");
    assert_int_equal(status, 405);
    get("/?a=1&a=2");
    assert_int_equal(status, 400);
}

static void a_look_up_waits_for_its_answer(void **state)
{
    (void)state;
    sign_in();
    post("/new/dwelling", arena_printf(&arena, "csrf=%s&service=residence&months=0&way=mine&owner=&address=&rka=", csrf()).p);
    assert_int_equal(status, 303);
    const char *mark = strstr(head.p, "Location: ");
    assert_non_null(mark);
    mark += strlen("Location: ");
    const char *path = arena_text(&arena, (struct str){ mark, strcspn(mark, "\r") });
    get(path);
    assert_int_equal(status, 200);
    assert_true(has(&head, "Refresh: 2"));
    get(arena_printf(&arena, "%s&still=1", path).p);
    assert_false(has(&head, "Refresh:"));
}

static void limits(void **state)
{
    (void)state;
    char *large = calloc(1, 70001);
    assert_non_null(large);
    memset(large, 'a', 70000);
    post("/sign-in", large);
    assert_int_equal(status, 413);
    with_header("Transfer-Encoding: chunked", "/sign-in", large);
    assert_int_equal(status, 413);
    free(large);
    with_header("Content-Type: text/plain", "/sign-in", "person=within_norm");
    assert_int_equal(status, 400);
    curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, "TRACE");
    get("/");
    assert_int_equal(status, 501);
    curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, NULL);
}

static int set_up(void **state)
{
    struct err err = { 0 };
    struct db *db;
    (void)state;
    digest_setup();
    arena_init(&arena, 0);
    buf_init(&head, 1 << 20);
    buf_init(&body, 1 << 20);
    if (!mkdtemp(folder))
        return -1;
    const char *database = arena_printf(&arena, "%s/t.db", folder).p;
    if (!db_open(database, false, &db, &err) || !filing_migrate(db, &err))
        return -1;
    db_close(db);
    struct web_config config = {
        .address = "127.0.0.1",
        .threads = 2,
        .database = database,
        .policy = policy_default(),
        .legal_day = day_of(2026, 3, 2),
        .clock = moment_now,
        .demonstration = true,
        .person = people,
        .persons = 1,
    };
    if (!filing_writer_start(database, NULL, &writer, &err))
        return -1;
    config.writer = writer;
    curl = curl_easy_init();
    curl_easy_setopt(curl, CURLOPT_COOKIEFILE, "");
    curl_easy_setopt(curl, CURLOPT_NOPROXY, "*");
    curl_easy_setopt(curl, CURLOPT_PATH_AS_IS, 1L);
    curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, take);
    curl_easy_setopt(curl, CURLOPT_HEADERDATA, &head);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, &body);
    return curl && web_start(&config, &web, &err) ? 0 : -1;
}

static int tear_down(void **state)
{
    static const char *const files[] = { "t.db", "t.db-wal", "t.db-shm" };
    (void)state;
    curl_easy_cleanup(curl);
    web_stop(web);
    filing_writer_stop(writer);
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++)
        unlink(arena_printf(&arena, "%s/%s", folder, files[i]).p);
    rmdir(folder);
    buf_release(&head);
    buf_release(&body);
    arena_release(&arena);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_page_is_safe),
        cmocka_unit_test(assets_may_be_kept),
        cmocka_unit_test(the_language_keeps_the_page),
        cmocka_unit_test(signing_in_and_out),
        cmocka_unit_test(a_foreign_next_is_not_followed),
        cmocka_unit_test(forged_forms_are_refused),
        cmocka_unit_test(errors_keep_what_was_typed),
        cmocka_unit_test(what_does_not_exist),
        cmocka_unit_test(a_look_up_waits_for_its_answer),
        cmocka_unit_test(limits),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
