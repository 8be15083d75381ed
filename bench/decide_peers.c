/* SPDX-License-Identifier: Apache-2.0 */
/*
 * decide_peers applications WORLD COUNT            applications, one a line, to standard output
 * decide_peers compare WORLD FILE TIRKEU ROUNDS    decisions a second: tirkeu decide, the bare decision, SQLite
 * decide_peers memory TIRKEU WORLD FILE...         peak memory of tirkeu decide over each file
 */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "peers.h"

#define ROUNDS_MAX 99
#define SAMPLE     20000

/* Processor time of this process: on a quiet machine the same as by the clock, on a busy one still true. */
static double seconds_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static _Noreturn void die(const char *what)
{
    fprintf(stderr, "decide_peers: %s\n", what);
    exit(2);
}

static struct world *load(const char *folder)
{
    struct world *world;
    struct buf errors;
    buf_init(&errors, 1 << 20);
    if (!world_load(folder, &world, &errors))
        die(errors.p);
    buf_release(&errors);
    return world;
}

/* ---- tirkeu decide, as a process ---- */

struct run {
    double seconds; /* of processor time, its own and the kernel's for it */
    long peak_kib;
};

static double seconds_of(struct timeval time) { return (double)time.tv_sec + (double)time.tv_usec / 1e6; }

static struct run run_tirkeu(const char *tirkeu, const char *world, const char *file)
{
    pid_t pid = fork();
    if (pid < 0)
        die("no new process");
    if (pid == 0) {
        unsetenv("GLIBC_TUNABLES"); /* set for SQLite: see decide */
        int null = open("/dev/null", O_WRONLY | O_CLOEXEC);
        if (null < 0 || dup2(null, STDOUT_FILENO) < 0)
            _exit(126);
        execl(tirkeu, tirkeu, "decide", "--world", world, file, (char *)NULL);
        _exit(127);
    }
    int status;
    struct rusage usage;
    if (wait4(pid, &status, 0, &usage) != pid || !WIFEXITED(status) || WEXITSTATUS(status) > 1)
        die("tirkeu decide failed");
    return (struct run){ seconds_of(usage.ru_utime) + seconds_of(usage.ru_stime), usage.ru_maxrss };
}

/* ---- the decision without JSON ---- */

struct applications {
    struct inquiry_application *item;
    size_t count, capacity;
};

static void read_applications(const char *path, struct arena *arena, struct applications *ret)
{
    struct err err;
    struct str text, line;
    if (!file_read(path, SIZE_MAX / 2, arena, &text, &err))
        die(err.text);
    while (str_split(&text, '\n', &line)) {
        struct inquiry_application application;
        struct inquiry_fault fault;
        if (line.n != 0 && inquiry_application_read(line, arena, &application, &fault))
            *MEM_PUSH(ret->item, ret->count, ret->capacity) = application;
    }
    if (ret->count == 0)
        die("no applications");
}

static enum law_outcome decide_bare(const struct world_extract *folder, struct arena *arena, struct inquiry *q,
                                    const struct inquiry_application *a)
{
    struct law_decision decision;
    arena_reset(arena);
    inquiry_init(q, arena, policy_default(), a, 0);
    inquiry_decide_folder(q, folder, &decision);
    return decision.outcome;
}

static int compare_doubles(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

static double median(double *values, int count)
{
    qsort(values, (size_t)count, sizeof *values, compare_doubles);
    return values[count / 2];
}

struct bench {
    struct world *world;
    struct world_extract *folder;
    struct peers_sqlite *db;
    struct applications applications;
    struct arena arena;
    struct inquiry *q;
};

/* Differences over a sample. */
static int verify(struct bench *b)
{
    int differences = 0;
    for (size_t i = 0; i < b->applications.count && i < SAMPLE; i++) {
        const struct inquiry_application *a = &b->applications.item[i];
        enum law_outcome ours = decide_bare(b->folder, &b->arena, b->q, a);
        struct peers_decision theirs;
        peers_sqlite_decide(b->db, a, &theirs);
        if (ours != theirs.outcome && differences++ < 10)
            fprintf(stderr, "decide_peers: " STR_FMT ": ours %s, by SQL %s\n", STR_ARG(a->id), law_outcome_name(ours),
                    law_outcome_name(theirs.outcome));
    }
    return differences;
}

static double time_bare(struct bench *b)
{
    double start = seconds_now();
    for (size_t i = 0; i < b->applications.count; i++)
        decide_bare(b->folder, &b->arena, b->q, &b->applications.item[i]);
    return seconds_now() - start;
}

/* A sample is enough: it is the slow one. */
static double time_sqlite(struct bench *b, size_t count)
{
    double start = seconds_now();
    struct peers_decision decision;
    for (size_t i = 0; i < count; i++)
        peers_sqlite_decide(b->db, &b->applications.item[i], &decision);
    return seconds_now() - start;
}

static int compare(const char *folder, const char *file, const char *tirkeu, int rounds)
{
    struct bench b = { .world = load(folder), .q = mem_alloc(sizeof(struct inquiry)) };
    struct arena texts;
    b.folder = world_extract_make(b.world);
    arena_init(&texts, 1 << 20);
    arena_init(&b.arena, 0);
    read_applications(file, &texts, &b.applications);
    b.db = peers_sqlite_open(b.world);
    int differences = verify(&b);
    printf("same outcomes by SQL over a sample of %d: %d differences\n", SAMPLE, differences);

    size_t count = b.applications.count, sample = count < 100000 ? count : 100000;
    double whole[ROUNDS_MAX], loading[ROUNDS_MAX], bare[ROUNDS_MAX], sql[ROUNDS_MAX], times[ROUNDS_MAX];
    for (int i = 0; i < rounds; i++) {
        loading[i] = run_tirkeu(tirkeu, folder, "/dev/null").seconds;
        whole[i] = run_tirkeu(tirkeu, folder, file).seconds - loading[i];
        bare[i] = time_bare(&b);
        sql[i] = time_sqlite(&b, sample);
        times[i] = sql[i] / (double)sample / (bare[i] / (double)count);
    }
    double json_rate = (double)count / median(whole, rounds), bare_rate = (double)count / median(bare, rounds);
    double sql_rate = (double)sample / median(sql, rounds);
    printf("%zu applications, medians of %d interleaved rounds, processor time of one core\n", count, rounds);
    printf("%-44s %10.0f a second\n", "tirkeu decide, JSON lines to JSON lines", json_rate);
    printf("%-44s %10.0f a second\n", "the bare decision, no JSON", bare_rate);
    printf("%-44s %10.0f a second\n", "prepared SQLite queries, no JSON", sql_rate);
    double typical = median(times, rounds); /* sorts them */
    printf("the bare decision is %.1f times as fast as SQLite (rounds: %.1f to %.1f)\n", typical, times[0], times[rounds - 1]);
    printf("%-44s %10.2f s (not in the figures above)\n", "tirkeu decide, loading the world", median(loading, rounds));

    peers_sqlite_close(b.db);
    world_extract_free(b.folder);
    world_free(b.world);
    arena_release(&b.arena);
    arena_release(&texts);
    free(b.applications.item);
    free(b.q);
    return differences == 0 ? 0 : 1;
}

static long number(const char *text)
{
    uint64_t value;
    if (!str_to_u64(str_from(text), &value) || value == 0 || value > 1000000000)
        die("a count is a number from 1 to 1000000000");
    return (long)value;
}

int main(int argc, char **argv)
{
    if (argc == 4 && strcmp(argv[1], "applications") == 0) {
        struct world *world = load(argv[2]);
        peers_write_applications(world, number(argv[3]), 1, stdout);
        world_free(world);
        return fflush(stdout) == 0 ? 0 : 2;
    }
    if (argc == 6 && strcmp(argv[1], "compare") == 0) {
        long rounds = number(argv[5]);
        return compare(argv[2], argv[3], argv[4], rounds > ROUNDS_MAX ? ROUNDS_MAX : (int)rounds);
    }
    if (argc >= 5 && strcmp(argv[1], "memory") == 0) {
        for (int i = 4; i < argc; i++)
            printf("peak memory of tirkeu decide, %-28s %8.1f MiB\n", strrchr(argv[i], '/') ? strrchr(argv[i], '/') + 1 : argv[i],
                   (double)run_tirkeu(argv[2], argv[3], argv[i]).peak_kib / 1024);
        return 0;
    }
    die("usage: applications WORLD COUNT | compare WORLD FILE TIRKEU ROUNDS | memory TIRKEU WORLD FILE...");
}
