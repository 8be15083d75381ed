/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The writer: one thread with one connection.  It takes all steps that wait into one transaction, a savepoint each, commits
 * once (one sync of the disk for all of them), then tells each step how it went.
 */
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/log.h"
#include "filing/filing_impl.h"

#define BATCH_MAX 256

struct waiting {
    struct filing_step step;
    struct waiting *next;
    bool ok;
    struct err err;
};

struct filing_writer {
    struct db *db;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t more;
    struct waiting *first, **last;
    bool stopping;
    int wake; /* datagram socket, -1: nobody to wake */
    struct sockaddr_un address;
};

/* Takes at most BATCH_MAX steps; NULL when the writer stops and nothing is left. */
static struct waiting *take(struct filing_writer *writer)
{
    pthread_mutex_lock(&writer->lock);
    while (!writer->first && !writer->stopping)
        pthread_cond_wait(&writer->more, &writer->lock);
    struct waiting *batch = writer->first, **end = &writer->first;
    for (int n = 0; *end && n < BATCH_MAX; n++)
        end = &(*end)->next;
    struct waiting *rest = *end;
    *end = NULL;
    writer->first = rest;
    if (!rest)
        writer->last = &writer->first;
    pthread_mutex_unlock(&writer->lock);
    return batch;
}

static void run_one(struct filing_writer *writer, struct waiting *waiting)
{
    struct err *err = &waiting->err;
    if (!db_savepoint(writer->db, err))
        return;
    waiting->ok = waiting->step.run(writer->db, waiting->step.context, err);
    /* Otherwise the step has undone its own work, and what it left is meant to stay (filing.h). */
    if (!waiting->ok && err->kind == ERR_SYSTEM) {
        db_savepoint_rollback(writer->db);
        return;
    }
    struct err failed;
    if (!db_savepoint_release(writer->db, &failed)) {
        db_savepoint_rollback(writer->db);
        waiting->ok = false;
        *err = failed;
    }
}

static int64_t outbox_mark(struct filing_writer *writer)
{
    struct err ignored;
    int64_t mark = 0;
    return filing_number_of(writer->db,
                            "SELECT (SELECT ifnull(max(id), 0) FROM question) + (SELECT ifnull(max(id), 0) FROM signature_fetch)",
                            NULL, 0, 0, &mark, &ignored)
               ? mark
               : 0;
}

/* A hint only: nobody listening, or a full queue, is made good by the courier's own polling. */
static void wake(struct filing_writer *writer)
{
    if (writer->wake >= 0)
        sendto(writer->wake, "w", 1, MSG_DONTWAIT | MSG_NOSIGNAL, (const struct sockaddr *)(const void *)&writer->address,
               sizeof writer->address);
}

static void run_batch(struct filing_writer *writer, struct waiting *batch)
{
    struct err err = { 0 };
    bool ok = db_begin(writer->db, &err);
    int64_t before = ok ? outbox_mark(writer) : 0, after = before;
    for (struct waiting *w = batch; ok && w; w = w->next) {
        run_one(writer, w);
        /* A full disk makes SQLite end the whole transaction by itself. */
        if (!db_in_transaction(writer->db))
            ok = err_set(&err, ERR_SYSTEM, "the transaction was lost: %s", w->err.text);
    }
    if (ok) {
        after = outbox_mark(writer);
        ok = db_commit(writer->db, &err);
    }
    for (struct waiting *w = batch; !ok && w; w = w->next) {
        w->ok = false;
        w->err = err;
        w->err.kind = ERR_SYSTEM;
    }
    if (ok && after > before)
        wake(writer);
    if (!ok)
        log_warn("writer: %s", err.text);
}

static void *work(void *context)
{
    struct filing_writer *writer = context;
    struct waiting *batch;
    while ((batch = take(writer))) {
        run_batch(writer, batch);
        while (batch) {
            struct waiting *next = batch->next;
            batch->step.done(batch->step.context, batch->ok, &batch->err);
            free(batch);
            batch = next;
        }
    }
    return NULL;
}

static bool open_wake(struct filing_writer *writer, const char *path, struct err *err)
{
    writer->wake = -1;
    if (!path || !*path)
        return true;
    if (strlen(path) >= sizeof writer->address.sun_path)
        return err_set(err, ERR_INPUT, "wake socket: the path is over %zu bytes", sizeof writer->address.sun_path - 1);
    writer->address.sun_family = AF_UNIX;
    memcpy(writer->address.sun_path, path, strlen(path) + 1);
    writer->wake = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    return writer->wake >= 0 || err_set(err, ERR_SYSTEM, "wake socket: %s", strerror(errno));
}

static void release(struct filing_writer *writer)
{
    if (writer->wake >= 0)
        close(writer->wake);
    db_close(writer->db);
    pthread_cond_destroy(&writer->more);
    pthread_mutex_destroy(&writer->lock);
    free(writer);
}

bool filing_writer_start(const char *database, const char *wake_socket, struct filing_writer **ret, struct err *err)
{
    struct filing_writer *writer = mem_alloc(sizeof *writer);
    writer->last = &writer->first;
    pthread_mutex_init(&writer->lock, NULL);
    pthread_cond_init(&writer->more, NULL);
    bool ok = open_wake(writer, wake_socket, err) && db_open(database, false, &writer->db, err) &&
              filing_schema_is_current(writer->db, err);
    if (ok && pthread_create(&writer->thread, NULL, work, writer) != 0)
        ok = err_set(err, ERR_SYSTEM, "writer: no thread");
    if (!ok) {
        release(writer);
        return false;
    }
    *ret = writer;
    return true;
}

void filing_writer_submit(struct filing_writer *writer, struct filing_step step)
{
    struct waiting *waiting = mem_alloc(sizeof *waiting);
    waiting->step = step;
    pthread_mutex_lock(&writer->lock);
    *writer->last = waiting;
    writer->last = &waiting->next;
    pthread_cond_signal(&writer->more);
    pthread_mutex_unlock(&writer->lock);
}

void filing_writer_stop(struct filing_writer *writer)
{
    if (!writer)
        return;
    pthread_mutex_lock(&writer->lock);
    writer->stopping = true;
    pthread_cond_signal(&writer->more);
    pthread_mutex_unlock(&writer->lock);
    pthread_join(writer->thread, NULL);
    release(writer);
}
