/* SPDX-License-Identifier: Apache-2.0 */
#include "web/web_impl.h"

#include <stdlib.h>
#include <unistd.h>

static int thread_count(int wanted)
{
    long n = wanted > 0 ? wanted : sysconf(_SC_NPROCESSORS_ONLN);
    return n < 1 ? 1 : n > WEB_THREADS_MAX ? WEB_THREADS_MAX : (int)n;
}

static void release(struct web *web)
{
    while (web->readers > 0)
        db_close(web->reader[--web->readers]);
    pthread_mutex_destroy(&web->lock);
    free(web);
}

bool web_start(const struct web_config *config, struct web **ret, struct err *err)
{
    struct web *web = mem_alloc(sizeof *web);
    int threads = thread_count(config->threads);
    web->config = *config;
    pthread_mutex_init(&web->lock, NULL);
    web_assets_open(web);
    bool ok = true;
    while (ok && web->readers < threads) {
        ok = db_open(config->database, true, &web->reader[web->readers], err);
        web->readers += ok;
    }
    struct http_config http = {
        .address = config->address,
        .port = config->port,
        .threads = threads,
        .serve = web_serve,
        .context = web,
    };
    if (!ok || !http_start(&http, &web->http, err)) {
        release(web);
        return false;
    }
    *ret = web;
    return true;
}

uint16_t web_port(const struct web *web) { return http_port(web->http); }

void web_stop(struct web *web)
{
    http_stop(web->http);
    release(web);
}

struct db *web_reader_take(struct web *web)
{
    pthread_mutex_lock(&web->lock);
    if (web->readers == 0)
        BUG("more threads at work than read connections");
    struct db *db = web->reader[--web->readers];
    pthread_mutex_unlock(&web->lock);
    return db;
}

void web_reader_give(struct web *web, struct db *db)
{
    pthread_mutex_lock(&web->lock);
    web->reader[web->readers++] = db;
    pthread_mutex_unlock(&web->lock);
}
