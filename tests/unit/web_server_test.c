/* SPDX-License-Identifier: Apache-2.0 */
/* The server over a socket: headers, languages, sign-in, roles, CSRF, forms, limits. Cases themselves: tests of filing, and the
 * journeys. */
#include "web_site.h"
#include "web/http.h"

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
    assert_true(has(&body, "<h1>")); /* a page, not nothing: the reader is told */
    with_header("Transfer-Encoding: chunked", "/sign-in", large);
    assert_int_equal(status, 413);
    free(large);
    large = calloc(1, HTTP_READ_MAX + 2);
    assert_non_null(large);
    memset(large, 'a', HTTP_READ_MAX + 1);
    curl_easy_setopt(curl, CURLOPT_POST, 1L);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, large);
    go("/sign-in"); /* not even read */
    assert_int_equal(status, 413);
    assert_int_equal(body.n, 0);
    free(large);
    with_header("Content-Type: text/plain", "/sign-in", "person=within_norm");
    assert_int_equal(status, 400);
    curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, "TRACE");
    get("/");
    assert_int_equal(status, 501);
    curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, NULL);
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
