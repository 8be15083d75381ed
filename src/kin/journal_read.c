/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reading the records of a journal.  Some are read before they are given on, so that whoever takes them can have called up the
 * memory that each is about: otherwise a record waits for six or seven lines of it, one after the other.
 */
#include "kin/kin_journal.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define QUEUED 16 /* a power of two */

struct queued {
    struct kin_record record;
    size_t size;
    uint64_t sequence;
};
struct reading {
    const unsigned char *bytes;
    size_t n, at, ahead; /* behind what was given; behind what was queued */
    struct queued queue[QUEUED];
    unsigned first, count;
    bool bad; /* the last one in the queue */
    struct err why;
};

static bool fail(const struct kin_journal *j, struct err *err)
{
    return err_set(err, ERR_SYSTEM, "%s: cannot read: %s", j->plan.path, strerrorname_np(errno));
}

static bool read_rest(struct kin_journal *j, unsigned char **ret, size_t *ret_n, struct err *err)
{
    struct stat about;
    if (fstat(j->fd, &about) != 0)
        return fail(j, err);
    size_t size = about.st_size > j->end ? (size_t)(about.st_size - j->end) : 0, n = 0;
    unsigned char *p = mem_alloc(size + 8);
    while (n < size) {
        ssize_t got = pread(j->fd, p + n, size - n, j->end + (off_t)n);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0) {
            free(p);
            return fail(j, err);
        }
        if (got == 0)
            break;
        n += (size_t)got;
    }
    *ret = p;
    *ret_n = n;
    return true;
}

/* ---- the queue ---- */

static struct queued *queued(struct reading *r, unsigned i) { return &r->queue[(r->first + i) % QUEUED]; }

static void call_up(const struct kin_journal *j, struct reading *r, unsigned i, enum kin_journal_step step)
{
    if (j->plan.ahead != NULL && i < r->count && queued(r, i)->sequence > j->given)
        j->plan.ahead(j->plan.context, &queued(r, i)->record, step);
}

static void fill(const struct kin_journal *j, struct reading *r)
{
    while (r->count < QUEUED && !r->bad) {
        struct queued *q = queued(r, r->count);
        q->size = kin_record_whole(r->bytes + r->ahead, r->n - r->ahead, &q->sequence);
        if (q->size == 0)
            return;
        r->bad = q->sequence > j->given && !kin_record_decode(r->bytes + r->ahead, &q->record, &r->why);
        r->ahead += q->size;
        r->count++;
        if (!r->bad)
            call_up(j, r, r->count - 1, KIN_JOURNAL_SOON);
    }
}

static bool give(struct kin_journal *j, struct reading *r, struct err *err)
{
    const struct queued *q = queued(r, 0);
    unsigned long long sequence = q->sequence;
    if (q->sequence != j->next)
        return err_set(err, ERR_INPUT, "%s: at offset %lld stands record %llu where %llu has to", j->plan.path, (long long)j->end,
                       sequence, (unsigned long long)j->next);
    if (q->sequence > j->given) {
        bool bad = r->bad && r->count == 1;
        if (bad)
            *err = r->why;
        if (bad || !j->plan.each(j->plan.context, &q->record, q->sequence, err))
            return err_prefix(err, "%s: record %llu at offset %lld: ", j->plan.path, sequence, (long long)j->end);
        j->given = q->sequence;
    }
    j->next++;
    j->end += (off_t)q->size;
    r->at += q->size;
    r->first++;
    r->count--;
    return true;
}

/* Behind what is not whole: does anything stand there that was written later? */
static bool whole_behind(const struct kin_journal *j, const unsigned char *p, size_t n)
{
    uint64_t sequence;
    for (size_t at = 8; at + sizeof(struct kin_record_head) <= n; at += 8) {
        if (kin_record_whole(p + at, n - at, &sequence) > 0 && sequence >= j->next)
            return true;
    }
    return false;
}

bool kin_journal_read(struct kin_journal *j, size_t *ret_torn, struct err *err)
{
    unsigned char *bytes = NULL;
    size_t n = 0;
    if (!read_rest(j, &bytes, &n, err))
        return false;
    struct reading *r = mem_alloc(sizeof *r);
    r->bytes = bytes;
    r->n = n;
    bool ok = true;
    for (fill(j, r); ok && r->count > 0; fill(j, r)) {
        call_up(j, r, QUEUED / 2, KIN_JOURNAL_NEXT);
        ok = give(j, r, err);
    }
    if (ok && whole_behind(j, bytes + r->at, n - r->at))
        ok = err_set(err, ERR_INPUT, "%s: the record at offset %lld is damaged, and whole ones stand behind it", j->plan.path,
                     (long long)j->end);
    *ret_torn = n - r->at;
    free(r);
    free(bytes);
    return ok;
}
