/* SPDX-License-Identifier: Apache-2.0 */
#include "base/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* strerror with a buffer is the GNU one under _GNU_SOURCE: safe among threads. */
static bool fail(struct err *err, const char *path, const char *verb)
{
    char text[128];
    int number = errno;

    return err_set(err, number == ENOENT ? ERR_NOT_FOUND : ERR_SYSTEM, "%s: cannot %s: %s", path, verb,
                   strerror_r(number, text, sizeof text));
}

/* Reads to the end; one byte more than the limit tells a file that is too large. */
static bool read_all(int fd, const char *path, size_t limit, size_t expected, struct arena *arena, struct str *ret,
                     struct err *err)
{
    size_t capacity = expected < limit ? expected + 1 : limit + 1, n = 0;
    char *bytes = arena_alloc(arena, capacity + 1);

    for (;;) {
        ssize_t got = read(fd, bytes + n, capacity - n);

        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return fail(err, path, "read");
        if (got == 0)
            break;
        n += (size_t)got;
        if (n > limit)
            return err_set(err, ERR_LIMIT, "%s: larger than the limit of %zu bytes", path, limit);
        if (n == capacity) {
            size_t grown = capacity < limit / 2 ? capacity * 2 : limit + 1;
            char *larger = arena_alloc(arena, grown + 1);

            memcpy(larger, bytes, n);
            bytes = larger;
            capacity = grown;
        }
    }
    bytes[n] = 0;
    *ret = (struct str){ bytes, n };
    return true;
}

bool file_read(const char *path, size_t limit, struct arena *arena, struct str *ret, struct err *err)
{
    struct stat about;
    bool standard_input = strcmp(path, "-") == 0, ok;
    int fd = standard_input ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);

    if (limit > SIZE_MAX / 4)
        limit = SIZE_MAX / 4;
    if (fd < 0)
        return fail(err, path, "open");
    if (fstat(fd, &about) != 0)
        about.st_size = 0;
    ok = read_all(fd, standard_input ? "standard input" : path, limit, about.st_size > 4096 ? (size_t)about.st_size : 4096, arena,
                  ret, err);
    if (!standard_input)
        close(fd);
    return ok;
}

static void *map_regular(const char *path, size_t limit, size_t *ret_size)
{
    struct stat about;
    void *mapping = MAP_FAILED;
    int fd;

    /* A pipe must be opened only once, and "-" is standard input. */
    if (strcmp(path, "-") == 0 || stat(path, &about) != 0 || !S_ISREG(about.st_mode))
        return NULL;
    fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return NULL;
    if (fstat(fd, &about) == 0 && S_ISREG(about.st_mode) && about.st_size > 0 && (uint64_t)about.st_size <= limit) {
        *ret_size = (size_t)about.st_size;
        mapping = mmap(NULL, *ret_size, PROT_READ, MAP_PRIVATE, fd, 0);
    }
    close(fd);
    return mapping == MAP_FAILED ? NULL : mapping;
}

bool file_map(const char *path, size_t limit, struct arena *arena, struct file_map *ret, struct err *err)
{
    size_t size = 0;
    void *mapping = map_regular(path, limit, &size);

    if (mapping) {
        *ret = (struct file_map){ { mapping, size }, mapping };
        return true;
    }
    ret->mapping = NULL;
    return file_read(path, limit, arena, &ret->text, err);
}

void file_map_forget(const struct file_map *map, size_t from, size_t to)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);

    from = (from + page - 1) / page * page;
    to = to / page * page;
    if (map->mapping && from < to)
        madvise((char *)map->mapping + from, to - from, MADV_DONTNEED);
}

void file_unmap(struct file_map *map)
{
    if (map->mapping)
        munmap(map->mapping, map->text.n);
    *map = (struct file_map){ { NULL, 0 }, NULL };
}

static bool write_all(int fd, struct str bytes)
{
    while (bytes.n) {
        ssize_t put = write(fd, bytes.p, bytes.n);

        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0)
            return false;
        bytes.p += put;
        bytes.n -= (size_t)put;
    }
    return true;
}

static bool write_parts(int fd, const struct str *part, int parts)
{
    for (int i = 0; i < parts; i++) {
        if (!write_all(fd, part[i]))
            return false;
    }
    return fsync(fd) == 0;
}

/* A new name is on disk only when its folder is. */
static bool sync_folder(struct arena *arena, const char *path)
{
    const char *slash = strrchr(path, '/');
    struct str name = slash ? (struct str){ path, slash == path ? 1 : (size_t)(slash - path) } : STR(".");
    int fd = open(arena_text(arena, name), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool ok = fd >= 0 && fsync(fd) == 0;

    if (fd >= 0)
        close(fd);
    return ok;
}

/* ---- what a file is called while it is written ---- */

#define WRITING ".writing-"
#define DIGITS  6 /* of mkostemp: they keep two writers of one file apart; the last one to rename wins as a whole */
#define ALNUM   "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"

static bool is_at(int fd, const char *path)
{
    struct stat here, there;

    return fstat(fd, &here) == 0 && stat(path, &there) == 0 && here.st_dev == there.st_dev && here.st_ino == there.st_ino;
}

static bool lock(int fd)
{
    while (flock(fd, LOCK_EX) != 0) {
        if (errno != EINTR)
            return false;
    }
    return true;
}

/* Locked as long as it is written.  One that was removed before it was locked is made again. */
static int make_beside(struct arena *arena, const char *path, char **ret)
{
    for (;;) {
        struct str name = arena_printf(arena, "%s" WRITING "XXXXXX", path);
        int fd;

        *ret = arena_copy(arena, name.p, name.n + 1);
        fd = mkostemp(*ret, O_CLOEXEC);
        if (fd < 0 || !lock(fd) || is_at(fd, *ret)) /* where nothing can be locked, nothing is removed */
            return fd;
        close(fd);
    }
}

static bool write_beside(struct arena *arena, const char *path, const struct str *part, int parts, struct err *err)
{
    char *temporary;
    int fd = make_beside(arena, path, &temporary);
    mode_t mask;
    bool ok;

    if (fd < 0)
        return fail(err, path, "create a file beside it");
    mask = umask(0);
    umask(mask);
    ok = write_parts(fd, part, parts) && fchmod(fd, 0666 & ~mask) == 0;
    if (!ok)
        fail(err, path, "write");
    if (ok && rename(temporary, path) != 0)
        ok = fail(err, path, "rename to it");
    if (!ok)
        unlink(temporary);
    close(fd);
    return ok && (sync_folder(arena, path) || fail(err, path, "sync its folder"));
}

static bool is_temporary_of(const char *base, const char *name)
{
    size_t n = strlen(base), m = n + strlen(WRITING);

    return strncmp(name, base, n) == 0 && strncmp(name + n, WRITING, m - n) == 0 && strspn(name + m, ALNUM) == DIGITS &&
           name[m + DIGITS] == 0;
}

static void remove_unlocked(int folder, const char *name)
{
    struct stat about;
    int fd = openat(folder, name, O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);

    if (fd < 0)
        return;
    if (fstat(fd, &about) == 0 && S_ISREG(about.st_mode) && about.st_uid == geteuid() && flock(fd, LOCK_EX | LOCK_NB) == 0)
        unlinkat(folder, name, 0);
    close(fd);
}

void file_remove_unfinished(const char *path)
{
    const char *slash = strrchr(path, '/'), *base = slash ? slash + 1 : path;
    struct arena arena;
    DIR *folder;

    arena_init(&arena, 0);
    folder = opendir(!slash ? "." : slash == path ? "/" : arena_text(&arena, (struct str){ path, (size_t)(slash - path) }));
    arena_release(&arena);
    if (folder == NULL)
        return;
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        if (is_temporary_of(base, entry->d_name))
            remove_unlocked(dirfd(folder), entry->d_name);
    }
    closedir(folder);
}

bool file_write_parts(const char *path, const struct str *part, int parts, struct err *err)
{
    struct arena arena;
    bool ok;

    arena_init(&arena, 4096);
    ok = write_beside(&arena, path, part, parts, err);
    arena_release(&arena);
    return ok;
}

bool file_write(const char *path, struct str bytes, struct err *err) { return file_write_parts(path, &bytes, 1, err); }

static bool make_one(const char *path, struct err *err)
{
    struct stat about;

    if (mkdir(path, 0777) == 0)
        return true;
    if (errno == EEXIST && stat(path, &about) == 0) {
        if (S_ISDIR(about.st_mode))
            return true;
        errno = ENOTDIR;
    }
    return fail(err, path, "make the folder");
}

bool file_make_folder(const char *path, struct err *err)
{
    struct arena arena;
    bool ok = true;

    arena_init(&arena, 4096);
    for (const char *p = path; ok && (p = strchr(p, '/')); p++)
        if (p > path)
            ok = make_one(arena_text(&arena, (struct str){ path, (size_t)(p - path) }), err);
    arena_release(&arena);
    return ok && make_one(path, err);
}
