/* SPDX-License-Identifier: Apache-2.0 */
/* A live mart as a whole: opened, written to, taken by readers, followed. */
#include "kin/live_impl.h"

#include "base/arena.h"

#include <stdlib.h>

/* ---- opening ---- */

static uint64_t size_of(const char *path)
{
    struct stat about;
    return stat(path, &about) == 0 && about.st_size > 0 ? (uint64_t)about.st_size : 0;
}

static bool give(void *context, const struct kin_record *record, uint64_t sequence, struct err *err)
{
    struct kin_live *live = context;
    pthread_mutex_lock(&live->lock);
    bool ok = kin_live_apply(live->now, record, sequence, err);
    pthread_mutex_unlock(&live->lock);
    return ok;
}

/* While nobody else has it: without the lock, and what is settled once for all records comes at the end. */
static bool replay(void *context, const struct kin_record *record, uint64_t sequence, struct err *err)
{
    return kin_live_apply(context, record, sequence, err);
}

static bool open_journal(struct kin_live *live, struct kin_overlay *o, struct kin_journal **ret, struct err *err)
{
    const struct kin_journal_plan plan = { .path = live->journal_path,
                                           .lineage = kin_lineage(o->header),
                                           .sequence = o->sequence,
                                           .write = live->mode == KIN_LIVE_WRITE,
                                           .each = replay,
                                           .ahead = kin_live_call_up,
                                           .context = o };
    o->replaying = true;
    if (!kin_journal_open(&plan, ret, err))
        return false;
    o->replaying = false;
    kin_settle_owners(o);
    (*ret)->plan.each = give;
    (*ret)->plan.ahead = NULL;
    (*ret)->plan.context = live;
    return true;
}

/* Between looking at the one file and at the other, a writer may have put new ones in place: then both are opened again. */
static bool load(struct kin_live *live, struct kin_overlay **ret, struct kin_journal **ret_journal, struct err *err)
{
    for (int tries = 0;; tries++) {
        struct stat about;
        if (!kin_overlay_open(live->mart_path, size_of(live->journal_path), ret, err))
            return false;
        if (open_journal(live, *ret, ret_journal, err))
            return true;
        bool replaced = stat(live->mart_path, &about) == 0 && (about.st_ino != (*ret)->inode || about.st_dev != (*ret)->device);
        kin_overlay_close(*ret);
        if (!replaced || tries == 3)
            return false;
    }
}

bool kin_live_open(const char *mart, const char *journal, enum kin_live_mode mode, struct kin_live **ret, struct err *err)
{
    struct kin_live *live = mem_alloc(sizeof *live);
    live->mart_path = memcpy(mem_alloc(strlen(mart) + 1), mart, strlen(mart));
    live->journal_path = memcpy(mem_alloc(strlen(journal) + 1), journal, strlen(journal));
    live->mode = mode;
    pthread_mutex_init(&live->lock, NULL);
    pthread_mutex_init(&live->take, NULL);
    pthread_mutex_init(&live->snapshotting, NULL);
    if (!load(live, &live->now, &live->journal, err)) {
        live->now = NULL;
        live->journal = NULL;
        kin_live_close(live);
        return false;
    }
    *ret = live;
    return true;
}

void kin_live_close(struct kin_live *live)
{
    if (live == NULL)
        return;
    kin_journal_close(live->journal);
    for (struct kin_overlay *o = live->now, *older; o != NULL; o = older) {
        older = o->older;
        kin_overlay_close(o);
    }
    pthread_mutex_destroy(&live->lock);
    pthread_mutex_destroy(&live->take);
    pthread_mutex_destroy(&live->snapshotting);
    free(live->mart_path);
    free(live->journal_path);
    free(live);
}

/* ---- readers ---- */

const struct kin_mart *kin_live_take(struct kin_live *live)
{
    pthread_mutex_lock(&live->take);
    struct kin_overlay *o = live->now;
    o->readers++;
    pthread_mutex_unlock(&live->take);
    return &o->mart;
}

/* Those that another has replaced and nobody reads any more. */
static void close_unread(struct kin_live *live)
{
    struct kin_overlay **at = &live->now->older;
    while (*at != NULL) {
        struct kin_overlay *old = *at;
        if (old->readers > 0) {
            at = &old->older;
            continue;
        }
        *at = old->older;
        kin_overlay_close(old);
    }
}

void kin_live_give(struct kin_live *live, const struct kin_mart *mart)
{
    pthread_mutex_lock(&live->take);
    mart->live->readers--;
    close_unread(live);
    pthread_mutex_unlock(&live->take);
}

uint64_t kin_live_sequence(struct kin_live *live)
{
    pthread_mutex_lock(&live->take);
    uint64_t sequence = __atomic_load_n(&live->now->header->sequence, __ATOMIC_ACQUIRE);
    pthread_mutex_unlock(&live->take);
    return sequence;
}

/* ---- writing ---- */

static bool try_put(struct kin_live *live, const struct kin_record *record, uint64_t *ret_sequence, uint64_t *ret_waiting,
                    struct err *err)
{
    pthread_mutex_lock(&live->lock);
    uint64_t put = live->journal->put, waiting = put - live->now->sequence;
    *ret_waiting = waiting > 0 ? put : 0;
    bool ok = !kin_live_refuses(live->now, record, err);
    if (ok && !kin_live_has_room(live->now, waiting + 1))
        ok = err_set(err, ERR_LIMIT, "no room for more records: a snapshot has to be taken");
    if (ok)
        *ret_sequence = kin_journal_put(live->journal, record);
    pthread_mutex_unlock(&live->lock);
    return ok;
}

/* What a record needs may stand in line before it: then it is asked again when that is in memory. */
bool kin_live_put(struct kin_live *live, const struct kin_record *record, uint64_t *ret_sequence, struct err *err)
{
    uint64_t waiting;
    struct err ignored;
    if (live->mode != KIN_LIVE_WRITE)
        return err_set(err, ERR_FORBIDDEN, "the mart was opened for reading");
    if (kin_record_refuses(record, err))
        return false;
    if (try_put(live, record, ret_sequence, &waiting, err))
        return true;
    return waiting > 0 && kin_journal_wait(live->journal, waiting, &ignored) &&
           try_put(live, record, ret_sequence, &waiting, err);
}

bool kin_live_wait(struct kin_live *live, uint64_t sequence, struct err *err)
{
    return kin_journal_wait(live->journal, sequence, err);
}

/* ---- following ---- */

static bool switch_over(struct kin_live *live, struct err *err)
{
    struct kin_overlay *fresh = NULL;
    struct kin_journal *journal = NULL;
    if (!load(live, &fresh, &journal, err))
        return false;
    pthread_mutex_lock(&live->take);
    fresh->older = live->now;
    live->now = fresh;
    kin_journal_close(live->journal);
    live->journal = journal;
    close_unread(live);
    pthread_mutex_unlock(&live->take);
    return true;
}

bool kin_live_follow(struct kin_live *live, struct err *err)
{
    struct stat about;
    bool anew = false;
    if (live->mode != KIN_LIVE_READ)
        return true;
    if (stat(live->mart_path, &about) == 0 && (about.st_ino != live->now->inode || about.st_dev != live->now->device))
        return switch_over(live, err);
    if (!kin_journal_follow(live->journal, &anew, err))
        return false;
    return !anew || switch_over(live, err);
}
