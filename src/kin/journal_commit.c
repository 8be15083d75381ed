/* SPDX-License-Identifier: Apache-2.0 */
/* Group commit: whoever waits first writes and syncs what all have put; the others wait for him. */
#include "kin/kin_journal.h"

#include "base/file.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

uint64_t kin_journal_put(struct kin_journal *j, const struct kin_record *record)
{
    pthread_mutex_lock(&j->lock);
    if (j->pending_room < j->pending_size + KIN_RECORD_BYTES_MAX) {
        j->pending_room = j->pending_room * 2 + 16 * (size_t)KIN_RECORD_BYTES_MAX;
        j->pending = mem_grow(j->pending, j->pending_room);
    }
    uint64_t sequence = ++j->put;
    j->pending_size += kin_record_encode(record, sequence, j->pending + j->pending_size);
    pthread_mutex_unlock(&j->lock);
    return sequence;
}

static bool write_all(int fd, const unsigned char *p, size_t n, off_t at)
{
    while (n > 0) {
        ssize_t put = pwrite(fd, p, n, at);
        if (put < 0 && errno == EINTR)
            continue;
        if (put <= 0)
            return false;
        p += put;
        at += put;
        n -= (size_t)put;
    }
    return true;
}

static bool give_all(struct kin_journal *j, const unsigned char *p, size_t n, struct err *err)
{
    struct kin_record record;
    uint64_t sequence;
    for (size_t at = 0, size; at < n; at += size) {
        size = kin_record_whole(p + at, n - at, &sequence);
        if (size == 0 || !kin_record_decode(p + at, &record, err))
            BUG("a record that was put reads otherwise");
        if (!j->plan.each(j->plan.context, &record, sequence, err))
            return false;
    }
    return true;
}

/* Called and left with the lock; without it in between, so that others put their records meanwhile. */
static void write_for_all(struct kin_journal *j)
{
    unsigned char *batch = j->pending;
    size_t n = j->pending_size;
    uint64_t last = j->put;
    struct err err = { 0 };
    j->pending = NULL;
    j->pending_size = j->pending_room = 0;
    j->writing = true;
    pthread_mutex_unlock(&j->lock);
    bool durable = write_all(j->fd, batch, n, j->end) && fdatasync(j->fd) == 0;
    if (!durable)
        err_set(&err, ERR_SYSTEM, "%s: cannot write: %s", j->plan.path, strerrorname_np(errno));
    bool given = durable && give_all(j, batch, n, &err);
    free(batch);
    pthread_mutex_lock(&j->lock);
    j->writing = false;
    if (durable) {
        j->end += (off_t)n;
        j->next = last + 1;
    } else if (ftruncate(j->fd, j->end) != 0) {
        err_prefix(&err, "the journal has a torn tail; ");
    }
    if (given) {
        j->given = j->done = last;
    } else {
        j->failed = true;
        j->failure = err;
    }
    pthread_cond_broadcast(&j->moved);
}

bool kin_journal_wait(struct kin_journal *j, uint64_t sequence, struct err *err)
{
    pthread_mutex_lock(&j->lock);
    while (j->done < sequence && !j->failed) {
        if (j->writing)
            pthread_cond_wait(&j->moved, &j->lock);
        else
            write_for_all(j);
    }
    bool durable = j->done >= sequence;
    if (!durable)
        *err = j->failure;
    pthread_mutex_unlock(&j->lock);
    return durable;
}

/* ---- dropping what is in a snapshot ---- */

/* Where the first record behind `sequence` begins, in the bytes of the records. */
static size_t behind(const unsigned char *p, size_t n, uint64_t sequence)
{
    uint64_t here;
    size_t at = 0, size;
    while ((size = kin_record_whole(p + at, n - at, &here)) > 0 && here <= sequence)
        at += size;
    return at;
}

static bool read_all(int fd, unsigned char *p, size_t n, off_t at)
{
    while (n > 0) {
        ssize_t got = pread(fd, p, n, at);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return false;
        p += got;
        at += got;
        n -= (size_t)got;
    }
    return true;
}

/* The new file is whole and synced before it takes the name. */
static bool write_anew(struct kin_journal *j, const unsigned char *records, size_t n, uint64_t sequence, struct err *err)
{
    struct kin_journal_header h = kin_journal_header_of(j->plan.lineage, sequence);
    size_t from = behind(records, n, sequence);
    const struct str part[] = { { (const char *)&h, sizeof h }, { (const char *)records + from, n - from } };
    file_remove_unfinished(j->plan.path);
    if (!file_write_parts(j->plan.path, part, 2, err))
        return false;
    struct kin_journal fresh = { .plan = j->plan };
    if (!kin_journal_lock(&fresh, err))
        return false;
    close(j->fd);
    j->fd = fresh.fd;
    j->end = (off_t)(sizeof h + n - from);
    return true;
}

bool kin_journal_drop(struct kin_journal *j, uint64_t sequence, struct err *err)
{
    pthread_mutex_lock(&j->lock);
    while (j->writing)
        pthread_cond_wait(&j->moved, &j->lock);
    size_t n = (size_t)j->end - sizeof(struct kin_journal_header);
    unsigned char *records = mem_alloc(n + 1);
    bool ok = read_all(j->fd, records, n, (off_t)sizeof(struct kin_journal_header))
                  ? write_anew(j, records, n, sequence, err)
                  : err_set(err, ERR_SYSTEM, "%s: cannot read: %s", j->plan.path, strerrorname_np(errno));
    if (!ok && err->kind == ERR_CONFLICT) {
        j->failed = true; /* somebody else took the new file over */
        j->failure = *err;
    }
    free(records);
    pthread_mutex_unlock(&j->lock);
    return ok;
}
