/* SPDX-License-Identifier: Apache-2.0 */
/* Where a request comes from: what the proxy on this machine says, and nothing that whoever stands before the proxy says. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <curl/curl.h>
#include <string.h>

#include "base/digest.h"
#include "web/http.h"
#include "web/request.h"

static struct http_server *server;
static struct arena arena;

/* Answers with the origin. */
static void serve(void *context, struct http_request *http)
{
    struct web_request r = { .http = http, .arena = &http->arena };
    (void)context;
    buf_add_str(&http->out, web_origin(&r));
    http_answer(http, 200);
}

static size_t take(char *bytes, size_t size, size_t n, void *out)
{
    buf_add(out, bytes, size * n);
    return size * n;
}

/* What the server makes of a request with these headers; NULL: none. */
static const char *origin(const char *first, const char *second)
{
    struct curl_slist *list = NULL;
    struct buf body;
    CURL *curl = curl_easy_init();
    buf_init(&body, 1024);
    list = first ? curl_slist_append(list, first) : list;
    list = second ? curl_slist_append(list, second) : list;
    curl_easy_setopt(curl, CURLOPT_NOPROXY, "*");
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, list);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, &body);
    curl_easy_setopt(curl, CURLOPT_URL, arena_printf(&arena, "http://127.0.0.1:%u/", (unsigned)http_port(server)).p);
    assert_int_equal(curl_easy_perform(curl), CURLE_OK);
    const char *text = arena_text(&arena, buf_str(&body));
    assert_int_equal(strlen(text), DIGEST_HEX - 1);
    curl_easy_cleanup(curl);
    curl_slist_free_all(list);
    buf_release(&body);
    return text;
}

static void only_the_proxys_own_word_counts(void **state)
{
    static const char his[] = "X-Forwarded-For: 203.0.113.7", lie[] = "X-Forwarded-For: 198.51.100.1";
    (void)state;
    const char *is = origin(his, NULL);
    assert_string_not_equal(is, origin(lie, NULL));
    assert_string_not_equal(is, origin(NULL, NULL));
    assert_string_equal(is, origin("X-Forwarded-For: 198.51.100.1, 203.0.113.7", NULL));
    /* Some proxies add a line of their own below whatever came: a repeated header is one list (RFC 9110, 5.3). */
    assert_string_equal(is, origin(lie, his));
    assert_string_equal(origin(NULL, NULL), origin("X-Forwarded-For: nonsense", NULL));
}

static void a_household_is_one(void **state)
{
    (void)state;
    const char *is = origin("X-Forwarded-For: 2001:db8:0:7::1", NULL);
    assert_string_equal(is, origin("X-Forwarded-For: 2001:db8:0:f7:ffff::2", NULL));
    assert_string_not_equal(is, origin("X-Forwarded-For: 2001:db8:0:107::1", NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_the_proxys_own_word_counts),
        cmocka_unit_test(a_household_is_one),
    };
    const struct http_config config = { .address = "127.0.0.1", .threads = 1, .serve = serve };
    struct err err;
    digest_setup();
    arena_init(&arena, 0);
    if (!http_start(&config, &server, &err))
        return 1;
    int failed = cmocka_run_group_tests_name("origin", tests, NULL, NULL);
    http_stop(server);
    arena_release(&arena);
    return failed;
}
