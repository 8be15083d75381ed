/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Chunks of a file on all processors.  Anybody reads the next chunk; the caller's thread uses them in the order of the file,
 * and reads one itself when the next to be used is still under way.  A chunk begins after a newline, which may be one inside
 * quotes: so it counts only when it begins where the records of the chunk before ended, and is read again from there otherwise.
 */
#include "world/scan_impl.h"

#include "base/progress.h"

#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

#define CHUNK        ((size_t)512 << 10)
#define REACH        ((size_t)64 << 10) /* a record may go on so far beyond its chunk */
#define RING         8
#define FORGET_AT    ((size_t)32 << 20)
#define RECORD_LEAST 16 /* bytes */
#define HELPERS_MAX  7

enum state { FREE, TAKEN, READ };

struct crew {
    struct scan *scan;
    struct scan_file *file;
    size_t begin, chunks;
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    size_t taken, used; /* chunks */
    enum state state[RING];
    struct scan_chunk chunk[RING];
};

/* After the first newline at or behind a multiple of CHUNK; the end when there is none. */
static size_t boundary(const struct crew *crew, size_t number)
{
    struct str text = crew->file->text;
    size_t at = crew->begin + number * CHUNK;
    if (number == 0)
        return at;
    const char *newline = at < text.n ? memchr(text.p + at - 1, '\n', text.n - at + 1) : NULL;
    return newline == NULL ? text.n : (size_t)(newline + 1 - text.p);
}

static void read_chunk(struct crew *crew, size_t number)
{
    struct scan_chunk *chunk = &crew->chunk[number % RING];
    size_t n = crew->file->text.n;
    chunk->begin = boundary(crew, number);
    chunk->end = boundary(crew, number + 1);
    chunk->limit = n - chunk->end < REACH ? n : chunk->end + REACH;
    scan_chunk_read(chunk, crew->file, &crew->scan->known);
}

/* With the mutex held: takes and reads the next chunk; false when there is none, or no room for it. */
static bool read_next(struct crew *crew)
{
    if (crew->taken == crew->chunks || crew->taken == crew->used + RING)
        return false;
    size_t number = crew->taken++;
    crew->state[number % RING] = TAKEN;
    pthread_mutex_unlock(&crew->mutex);
    read_chunk(crew, number);
    pthread_mutex_lock(&crew->mutex);
    crew->state[number % RING] = READ;
    pthread_cond_broadcast(&crew->changed);
    return true;
}

static void *help(void *arg)
{
    struct crew *crew = arg;
    pthread_mutex_lock(&crew->mutex);
    while (crew->taken < crew->chunks)
        if (!read_next(crew))
            pthread_cond_wait(&crew->changed, &crew->mutex);
    pthread_mutex_unlock(&crew->mutex);
    return NULL;
}

static struct scan_chunk *wait_for(struct crew *crew, size_t number)
{
    pthread_mutex_lock(&crew->mutex);
    while (crew->state[number % RING] != READ)
        if (!read_next(crew))
            pthread_cond_wait(&crew->changed, &crew->mutex);
    pthread_mutex_unlock(&crew->mutex);
    return &crew->chunk[number % RING];
}

static void let_go(struct crew *crew, size_t number, bool go_on)
{
    pthread_mutex_lock(&crew->mutex);
    crew->state[number % RING] = FREE;
    crew->used = number + 1;
    if (!go_on)
        crew->chunks = crew->taken;
    pthread_cond_broadcast(&crew->changed);
    pthread_mutex_unlock(&crew->mutex);
}

/* `next`: where the records used so far ended.  False when no more rows can be numbered. */
static bool use_chunk(struct crew *crew, struct scan_chunk *chunk, size_t *next, int *line)
{
    if (*next >= chunk->end && *next > chunk->begin)
        return true; /* a record before reached beyond it */
    if (chunk->begin != *next || chunk->abandoned) {
        chunk->begin = *next;
        chunk->limit = crew->file->text.n;
        scan_chunk_read(chunk, crew->file, &crew->scan->known);
    }
    bool go_on = scan_chunk_use(crew->scan, crew->file, chunk, *line);
    *next = chunk->next;
    *line += chunk->lines;
    return go_on;
}

static void use_all(struct crew *crew, int line, struct progress *progress, int64_t before)
{
    size_t next = crew->begin, forgotten = 0;
    bool go_on = true;
    for (size_t number = 0; number < crew->chunks; number++) {
        struct scan_chunk *chunk = wait_for(crew, number);
        go_on = go_on && use_chunk(crew, chunk, &next, &line);
        let_go(crew, number, go_on);
        if (next - forgotten >= FORGET_AT) {
            file_map_forget(&crew->file->map, forgotten, next);
            forgotten = next;
        }
        if (progress != NULL)
            progress_step(progress, before + (int64_t)next);
    }
}

static int count_helpers(size_t chunks)
{
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    size_t most = processors > 1 ? (size_t)processors - 1 : 0;
    most = most > HELPERS_MAX ? HELPERS_MAX : most;
    return (int)(chunks - 1 < most ? chunks - 1 : most);
}

/* Room for the keys of as many records as the file has if all are like the first. */
static void reserve_keys(const struct crew *crew)
{
    struct scan_known *known = &crew->scan->known;
    const struct scan_file *file = crew->file;
    size_t n = file->text.n - crew->begin, sample = n < REACH ? n : REACH, lines = 1;
    for (size_t i = 0; i < sample; i++)
        lines += file->text.p[crew->begin + i] == '\n';
    size_t record = sample / lines < RECORD_LEAST ? RECORD_LEAST : sample / lines, records = n / record;
    switch (file->file) {
    case WORLD_PERSONS: scan_iins_reserve(&known->persons, records); break;
    case WORLD_DWELLINGS: scan_dwellings_reserve(&known->dwellings, records); break;
    case WORLD_BIRTHS:
    case WORLD_MARRIAGES:
    case WORLD_DIVORCES: scan_texts_reserve(&known->acts[file->file], records); break;
    default: break;
    }
}

void scan_file_rows(struct scan *scan, struct scan_file *file, size_t begin, int line, struct progress *progress, int64_t before)
{
    struct crew *crew = mem_alloc(sizeof *crew);
    pthread_t helper[HELPERS_MAX];
    int helpers = 0;
    crew->scan = scan;
    crew->file = file;
    crew->begin = begin;
    crew->chunks = (file->text.n - begin + CHUNK - 1) / CHUNK;
    pthread_mutex_init(&crew->mutex, NULL);
    pthread_cond_init(&crew->changed, NULL);
    for (int i = 0; i < RING; i++)
        scan_chunk_init(&crew->chunk[i]);
    reserve_keys(crew);
    int wanted = crew->chunks > 1 ? count_helpers(crew->chunks) : 0;
    while (helpers < wanted && pthread_create(&helper[helpers], NULL, help, crew) == 0)
        helpers++;
    use_all(crew, line, progress, before);
    for (int i = 0; i < helpers; i++)
        pthread_join(helper[i], NULL);
    for (int i = 0; i < RING; i++)
        scan_chunk_release(&crew->chunk[i]);
    pthread_cond_destroy(&crew->changed);
    pthread_mutex_destroy(&crew->mutex);
    free(crew);
}
