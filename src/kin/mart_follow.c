/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A mart that is replaced while it is read: each file is unmapped when its last reader has given it back.  With a journal it is
 * a live mart, which does the same by itself and only has to be told to look.
 */
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "base/log.h"
#include "kin/live.h"
#include "kin/mart_impl.h"

#define LOOK_EVERY_S 1

struct held {
    struct kin_mart *mart;
    int readers;
    struct held *older; /* still read by somebody */
};

/* By what a file is known: another one under the same name differs in at least one. */
struct stamp {
    dev_t device;
    ino_t inode;
    off_t size;
    struct timespec changed;
};

struct kin_follower {
    char *path, *journal; /* journal NULL: the file alone */
    pthread_mutex_t lock; /* over `held`, `live` and `stopping` */
    pthread_cond_t stop;
    pthread_mutex_t looking; /* one looks at a time; over `tried` */
    struct stamp tried;      /* whether it was taken into use or refused: not looked at again */
    struct held *held;       /* the first is in use, if any */
    struct kin_live *live;   /* NULL: could not be opened yet; then it stays */
    struct day live_day;     /* what was said last: the day of the live mart, or what is wrong; over `looking` */
    struct err trouble;
    pthread_t thread;
    bool stopping;
};

/* ---- readers ---- */

static struct kin_live *live_of(struct kin_follower *f)
{
    pthread_mutex_lock(&f->lock);
    struct kin_live *live = f->live;
    pthread_mutex_unlock(&f->lock);
    return live;
}

static const struct kin_mart *take_live(struct kin_follower *f)
{
    struct kin_live *live = live_of(f);
    return live == NULL ? NULL : kin_live_take(live);
}

const struct kin_mart *kin_follow_take(struct kin_follower *f)
{
    const struct kin_mart *mart = NULL;
    if (f == NULL)
        return NULL;
    if (f->journal != NULL)
        return take_live(f);
    pthread_mutex_lock(&f->lock);
    if (f->held != NULL) {
        f->held->readers++;
        mart = f->held->mart;
    }
    pthread_mutex_unlock(&f->lock);
    return mart;
}

/* Those before the present one that nobody reads any more; under the lock. */
static void close_unread(struct kin_follower *f)
{
    struct held **at = f->held == NULL ? NULL : &f->held->older;
    while (at != NULL && *at != NULL) {
        struct held *old = *at;
        if (old->readers > 0) {
            at = &old->older;
            continue;
        }
        *at = old->older;
        kin_mart_close(old->mart);
        free(old);
    }
}

void kin_follow_give(struct kin_follower *f, const struct kin_mart *mart)
{
    if (mart == NULL)
        return;
    if (f->journal != NULL) {
        kin_live_give(live_of(f), mart);
        return;
    }
    pthread_mutex_lock(&f->lock);
    for (struct held *h = f->held; h != NULL; h = h->older) {
        if (h->mart == mart)
            h->readers--;
    }
    close_unread(f);
    pthread_mutex_unlock(&f->lock);
}

/* ---- the file ---- */

static struct stamp stamp_of(const char *path)
{
    struct stat about;
    if (stat(path, &about) != 0)
        return (struct stamp){ 0 };
    return (struct stamp){ about.st_dev, about.st_ino, about.st_size, about.st_mtim };
}

static bool same_stamp(const struct stamp *a, const struct stamp *b)
{
    return a->device == b->device && a->inode == b->inode && a->size == b->size && a->changed.tv_sec == b->changed.tv_sec &&
           a->changed.tv_nsec == b->changed.tv_nsec;
}

static void take_into_use(struct kin_follower *f, struct kin_mart *mart)
{
    struct held *h = mem_alloc(sizeof *h);
    char day[DAY_TEXT];
    h->mart = mart;
    pthread_mutex_lock(&f->lock);
    h->older = f->held;
    f->held = h;
    close_unread(f);
    pthread_mutex_unlock(&f->lock);
    log_info("mart: %s of %s is in use", f->path, day_format((struct day){ mart->header->as_of }, day));
}

static void refuse(struct kin_follower *f, const char *why)
{
    char day[DAY_TEXT];
    pthread_mutex_lock(&f->lock);
    bool have = f->held != NULL;
    if (have)
        day_format((struct day){ f->held->mart->header->as_of }, day);
    pthread_mutex_unlock(&f->lock);
    if (have)
        log_warn("mart: %s; the one of %s stays in use", why, day);
    else
        log_warn("mart: %s; none is in use", why);
}

static bool look_at_file(struct kin_follower *f)
{
    struct kin_mart *mart = NULL;
    struct err err = { 0 };
    struct stamp now = stamp_of(f->path);
    bool fresh = !same_stamp(&now, &f->tried);
    if (fresh) {
        f->tried = now;
        if (kin_mart_open(f->path, KIN_MART_MAPPED, &mart, &err) && !kin_mart_verify(mart, &err)) {
            kin_mart_close(mart);
            mart = NULL;
        }
        if (mart != NULL)
            take_into_use(f, mart);
        else
            refuse(f, err.text);
    }
    return mart != NULL;
}

/* ---- the file and its journal ---- */

static bool open_live(struct kin_follower *f, struct err *err)
{
    struct kin_live *live;
    if (!kin_live_open(f->path, f->journal, KIN_LIVE_READ, &live, err))
        return false;
    pthread_mutex_lock(&f->lock);
    f->live = live;
    pthread_mutex_unlock(&f->lock);
    return true;
}

/* Each day and each trouble is said once, not every second. */
static void say(struct kin_follower *f, bool ok, const struct err *err)
{
    char text[DAY_TEXT];
    if (!ok) {
        if (strcmp(err->text, f->trouble.text) != 0)
            log_warn("mart: %s; %s", err->text, f->live == NULL ? "none is in use" : "what was read before stays in use");
        f->trouble = *err;
        return;
    }
    const struct kin_mart *mart = kin_live_take(f->live);
    struct kin_mart_info info;
    kin_mart_info(mart, &info);
    kin_live_give(f->live, mart);
    if (info.as_of.n != f->live_day.n || f->trouble.kind != ERR_NONE)
        log_info("mart: %s with its journal, up to %s, is in use", f->path, day_format(info.as_of, text));
    f->live_day = info.as_of;
    f->trouble = (struct err){ .kind = ERR_NONE };
}

static bool look_at_journal(struct kin_follower *f)
{
    struct err err = { .kind = ERR_NONE };
    uint64_t before = f->live == NULL ? 0 : kin_live_sequence(f->live);
    bool fresh = f->live == NULL;
    bool ok = fresh ? open_live(f, &err) : kin_live_follow(f->live, &err);
    say(f, ok, &err);
    return ok && (fresh || kin_live_sequence(f->live) != before);
}

/* Nobody waits for this: the one before is in use meanwhile. */
bool kin_follow_look(struct kin_follower *f)
{
    pthread_mutex_lock(&f->looking);
    bool fresh = f->journal != NULL ? look_at_journal(f) : look_at_file(f);
    pthread_mutex_unlock(&f->looking);
    return fresh;
}

/* ---- the thread that looks ---- */

static bool wait_a_moment(struct kin_follower *f)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += LOOK_EVERY_S;
    pthread_mutex_lock(&f->lock);
    for (int status = 0; !f->stopping && status == 0;)
        status = pthread_cond_timedwait(&f->stop, &f->lock, &until);
    bool go_on = !f->stopping;
    pthread_mutex_unlock(&f->lock);
    return go_on;
}

static void *look_again_and_again(void *context)
{
    while (wait_a_moment(context))
        kin_follow_look(context);
    return NULL;
}

static void release(struct kin_follower *f)
{
    while (f->held != NULL) {
        struct held *h = f->held;
        f->held = h->older;
        if (h->readers > 0)
            BUG("a mart is still being read");
        kin_mart_close(h->mart);
        free(h);
    }
    kin_live_close(f->live);
    pthread_mutex_destroy(&f->looking);
    pthread_cond_destroy(&f->stop);
    pthread_mutex_destroy(&f->lock);
    free(f->path);
    free(f->journal);
    free(f);
}

static char *copy_of(const char *text)
{
    return text == NULL ? NULL : memcpy(mem_alloc(strlen(text) + 1), text, strlen(text) + 1);
}

bool kin_follow_start(const char *path, const char *journal, struct kin_follower **ret, struct err *err)
{
    struct kin_follower *f = mem_alloc(sizeof *f);
    pthread_condattr_t monotonic;
    f->path = copy_of(path);
    f->journal = copy_of(journal);
    f->live_day = DAY_NONE;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_mutex_init(&f->lock, NULL);
    pthread_mutex_init(&f->looking, NULL);
    pthread_cond_init(&f->stop, &monotonic);
    pthread_condattr_destroy(&monotonic);
    f->tried.size = -1; /* no file has that: one that is not there is said as well */
    kin_follow_look(f);
    int status = pthread_create(&f->thread, NULL, look_again_and_again, f);
    if (status != 0) {
        release(f);
        return err_set(err, ERR_SYSTEM, "mart: no thread: %s", strerror(status));
    }
    *ret = f;
    return true;
}

void kin_follow_stop(struct kin_follower *f)
{
    if (f == NULL)
        return;
    pthread_mutex_lock(&f->lock);
    f->stopping = true;
    pthread_cond_signal(&f->stop);
    pthread_mutex_unlock(&f->lock);
    pthread_join(f->thread, NULL);
    release(f);
}
