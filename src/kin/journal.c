/* SPDX-License-Identifier: Apache-2.0 */
/* Opening and reading the journal: what is whole is given on, what is torn is cut off, what is damaged is told. */
#include "kin/kin_journal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define HEADER ((off_t)sizeof(struct kin_journal_header))

uint64_t kin_lineage(const struct kin_file_header *header)
{
    if (header->lineage != 0)
        return header->lineage;
    return ((uint64_t)header->crc << 32 | header->section[KIN_PERSONS].crc) | 1;
}

static bool fail(const struct kin_journal *j, const char *what, struct err *err)
{
    return err_set(err, ERR_SYSTEM, "%s: cannot %s: %s", j->plan.path, what, strerrorname_np(errno));
}

/* ---- the header ---- */

struct kin_journal_header kin_journal_header_of(uint64_t lineage, uint64_t sequence)
{
    struct kin_journal_header h = { .version = KIN_JOURNAL_VERSION, .bytes = sizeof h, .lineage = lineage, .sequence = sequence };
    memcpy(h.magic, KIN_JOURNAL_MAGIC, sizeof h.magic);
    h.crc = kin_crc32c(0, &h, sizeof h - sizeof h.crc);
    return h;
}

static bool check_header(struct kin_journal *j, const struct kin_journal_header *h, struct err *err)
{
    const char *path = j->plan.path;
    if (memcmp(h->magic, KIN_JOURNAL_MAGIC, sizeof h->magic) != 0)
        return err_set(err, ERR_INPUT, "%s: is not a journal of the kinship mart", path);
    if (h->version != KIN_JOURNAL_VERSION || h->bytes != sizeof *h)
        return err_set(err, ERR_INPUT, "%s: the journal has version %u, this program reads version %d", path, h->version,
                       KIN_JOURNAL_VERSION);
    if (h->crc != kin_crc32c(0, h, sizeof *h - sizeof h->crc))
        return err_set(err, ERR_INPUT, "%s: the header is damaged", path);
    if (h->lineage != j->plan.lineage)
        return err_set(err, ERR_INPUT, "%s: the journal belongs to another mart", path);
    if (h->sequence > j->plan.sequence)
        return err_set(err, ERR_INPUT, "%s: the journal begins behind record %llu, but the mart ends with record %llu", path,
                       (unsigned long long)h->sequence, (unsigned long long)j->plan.sequence);
    j->next = h->sequence + 1;
    j->end = HEADER;
    return true;
}

static bool sync_folder_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    struct buf folder;
    buf_init(&folder, 1 << 16);
    buf_add(&folder, slash == NULL ? "." : path, slash == NULL ? 1 : slash == path ? 1 : (size_t)(slash - path));
    int fd = folder.over ? -1 : open(folder.p, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool ok = fd >= 0 && fsync(fd) == 0;
    if (fd >= 0)
        close(fd);
    buf_release(&folder);
    return ok;
}

/* A journal that is being made: nothing was acknowledged yet, so what there is of a header is written again. */
static bool make_header(struct kin_journal *j, struct err *err)
{
    struct kin_journal_header h = kin_journal_header_of(j->plan.lineage, j->plan.sequence);
    bool written = ftruncate(j->fd, 0) == 0 && pwrite(j->fd, &h, sizeof h, 0) == (ssize_t)sizeof h && fsync(j->fd) == 0 &&
                   sync_folder_of(j->plan.path);
    if (!written)
        return fail(j, "write", err);
    return check_header(j, &h, err);
}

static bool read_header(struct kin_journal *j, struct err *err)
{
    struct kin_journal_header h;
    memset(&h, 0, sizeof h);
    ssize_t n = pread(j->fd, &h, sizeof h, 0);
    if (n < 0)
        return fail(j, "read", err);
    if (n == (ssize_t)sizeof h)
        return check_header(j, &h, err);
    if (memcmp(&h, KIN_JOURNAL_MAGIC, n < 8 ? (size_t)n : 8) != 0)
        return err_set(err, ERR_INPUT, "%s: is not a journal of the kinship mart", j->plan.path);
    if (j->plan.write)
        return make_header(j, err);
    j->end = 0; /* somebody is making it */
    return true;
}

/* ---- opening ---- */

static bool same_file(int fd, const char *path)
{
    struct stat here, there;
    return fstat(fd, &here) == 0 && stat(path, &there) == 0 && here.st_dev == there.st_dev && here.st_ino == there.st_ino;
}

/* A writer that was killed may have left a child behind, for a moment. */
#define LOCK_TRIES    20
#define LOCK_PAUSE_NS 50000000L

static bool wait_for_lock(int fd)
{
    const struct timespec pause = { .tv_nsec = LOCK_PAUSE_NS };
    for (int tries = 0; tries < LOCK_TRIES; tries++) {
        if (flock(fd, LOCK_EX | LOCK_NB) == 0)
            return true;
        nanosleep(&pause, NULL);
    }
    return false;
}

/* The lock goes with the file, and a writer may be putting another one in its place: looked at again once it is locked. */
bool kin_journal_lock(struct kin_journal *j, struct err *err)
{
    for (int tries = 0; tries < LOCK_TRIES; tries++) {
        j->fd = open(j->plan.path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
        if (j->fd < 0)
            return fail(j, "open", err);
        bool locked = wait_for_lock(j->fd);
        if (locked && same_file(j->fd, j->plan.path))
            return true;
        close(j->fd);
        j->fd = -1;
        if (!locked)
            return err_set(err, ERR_CONFLICT, "%s: another process writes this journal", j->plan.path);
    }
    return err_set(err, ERR_CONFLICT, "%s: another process keeps replacing this journal", j->plan.path);
}

static bool open_file(struct kin_journal *j, struct err *err)
{
    struct stat about;
    if (j->plan.write) {
        if (!kin_journal_lock(j, err))
            return false;
    } else {
        j->fd = open(j->plan.path, O_RDONLY | O_CLOEXEC);
        if (j->fd < 0)
            return errno == ENOENT || fail(j, "open", err);
    }
    if (fstat(j->fd, &about) != 0 || !S_ISREG(about.st_mode))
        return err_set(err, ERR_INPUT, "%s: is not a journal of the kinship mart", j->plan.path);
    j->device = about.st_dev;
    j->inode = about.st_ino;
    return read_header(j, err);
}

/* ---- all of it ---- */

static bool cut_tail(struct kin_journal *j, struct err *err)
{
    return (ftruncate(j->fd, j->end) == 0 && fsync(j->fd) == 0) || fail(j, "cut the torn tail off", err);
}

bool kin_journal_open(const struct kin_journal_plan *plan, struct kin_journal **ret, struct err *err)
{
    struct kin_journal *j = mem_alloc(sizeof *j);
    size_t torn = 0;
    j->plan = *plan;
    j->plan.path = memcpy(mem_alloc(strlen(plan->path) + 1), plan->path, strlen(plan->path));
    j->fd = -1;
    j->given = plan->sequence;
    pthread_mutex_init(&j->lock, NULL);
    pthread_cond_init(&j->moved, NULL);
    bool ok = open_file(j, err);
    if (ok && j->end > 0)
        ok = kin_journal_read(j, &torn, err) && (torn == 0 || !plan->write || cut_tail(j, err));
    if (ok && plan->write && j->next <= plan->sequence)
        ok = err_set(err, ERR_INPUT, "%s: the journal ends with record %llu, the mart with record %llu", plan->path,
                     (unsigned long long)j->next - 1, (unsigned long long)plan->sequence);
    if (!ok) {
        kin_journal_close(j);
        return false;
    }
    j->put = j->done = j->given;
    *ret = j;
    return true;
}

void kin_journal_close(struct kin_journal *j)
{
    if (j == NULL)
        return;
    if (j->fd >= 0)
        close(j->fd);
    pthread_cond_destroy(&j->moved);
    pthread_mutex_destroy(&j->lock);
    free(j->pending);
    free((void *)(uintptr_t)j->plan.path);
    free(j);
}

uint64_t kin_journal_sequence(const struct kin_journal *j) { return j->given; }

/* ---- following ---- */

/* A tail that is not whole is being written: it will be whole the next time. */
bool kin_journal_follow(struct kin_journal *j, bool *ret_anew, struct err *err)
{
    struct stat about;
    size_t torn;
    *ret_anew = true;
    if (j->fd < 0 || j->end == 0) {
        if (stat(j->plan.path, &about) != 0)
            *ret_anew = false;
        return true;
    }
    if (fstat(j->fd, &about) != 0 || about.st_size < j->end)
        return true;
    if (!same_file(j->fd, j->plan.path))
        return true;
    *ret_anew = false;
    return about.st_size == j->end || kin_journal_read(j, &torn, err);
}
