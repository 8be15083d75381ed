/* SPDX-License-Identifier: Apache-2.0 */
/* A server on a free port over an empty database, and a client: what the tests of web drive.  *state is not used. */
#ifndef TESTS_WEB_SITE_H
#define TESTS_WEB_SITE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "filing/filing_service.h"
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

static inline size_t take(char *bytes, size_t size, size_t n, void *out)
{
    buf_add(out, bytes, size * n);
    return size * n;
}

static inline void go(const char *path)
{
    buf_clear(&head);
    buf_clear(&body);
    curl_easy_setopt(curl, CURLOPT_URL, arena_printf(&arena, "http://127.0.0.1:%u%s", (unsigned)web_port(web), path).p);
    assert_int_equal(curl_easy_perform(curl), CURLE_OK);
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
}

static inline void get(const char *path)
{
    curl_easy_setopt(curl, CURLOPT_HTTPGET, 1L);
    go(path);
}

static inline void post(const char *path, const char *form)
{
    curl_easy_setopt(curl, CURLOPT_POST, 1L);
    curl_easy_setopt(curl, CURLOPT_COPYPOSTFIELDS, form);
    go(path);
}

static inline bool has(const struct buf *text, const char *part) { return text->n > 0 && strstr(text->p, part); }

/* With a header of the request's own. */
static inline void with_header(const char *header, const char *path, const char *form)
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

static inline void forget_cookies(void) { curl_easy_setopt(curl, CURLOPT_COOKIELIST, "ALL"); }

static inline int set_up(void **state)
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

static inline int tear_down(void **state)
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

#endif
