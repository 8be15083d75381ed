/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The live mart: appending with a sync one by one and in groups of 16 and 256, checks in a batch while nobody and while somebody
 * writes, a snapshot, replaying one and thirty days of 12,000 records, and applying one record in memory.
 */
#include "mart_live.h"

#include "base/file.h"
#include "kin/live_impl.h"
#include "mart_bench.h"

#include <pthread.h>
#include <unistd.h>

#define DAY_RECORDS   12000
#define DAYS          30
#define REPLAYS       5
#define CHECKS        16384
#define CHECK_SECONDS 2
#define ROUNDS_MOST   16384

static double seconds(void) { return seconds_of(CLOCK_MONOTONIC); }

static void figure(const char *name, double value, const char *unit)
{
    printf("live: %-34s %12.1f %s\n", name, value, unit);
    fflush(stdout);
}

_Noreturn static void stop(const char *what, const struct err *err)
{
    fprintf(stderr, "live: %s: %s\n", what, err->text);
    exit(1);
}

/* ---- records: corrections, marriages, moves and students among those who are there ---- */

struct people {
    const struct kin_mart *mart;
    uint64_t slots, dwellings, state;
    char number[24], rka[24];
    uint64_t count;
    int32_t ahead; /* days, from the last one on record */
};

static uint64_t chance(struct people *p, uint64_t below)
{
    p->state = p->state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (p->state >> 20) % below;
}

static struct iin somebody(struct people *p)
{
    for (;;) {
        uint64_t slot = chance(p, p->slots);
        uint32_t key = p->mart->persons[slot / KIN_LINE_PERSONS].row[slot % KIN_LINE_PERSONS].key;
        if (key != 0)
            return kin_mart_iin(p->mart, key);
    }
}

static void some_dwelling(struct people *p)
{
    uint64_t rka = 0;
    while (rka == 0 || rka >= KIN_RKA_IRREGULAR) {
        uint64_t slot = chance(p, p->dwellings);
        rka = p->mart->dwellings[slot / KIN_LINE_DWELLINGS].key[slot % KIN_LINE_DWELLINGS] & ((UINT64_C(1) << KIN_RKA_BITS) - 1);
    }
    snprintf(p->rka, sizeof p->rka, "%016llu", (unsigned long long)rka);
}

/* One in six is a civil act, one in ten somebody's legal capacity. */
static struct kin_record record_of(struct people *p)
{
    struct kin_record r = {
        .day = { kin_mart_day(p->mart) + p->ahead }, .other_day = DAY_NONE, .persons = 1, .person = { somebody(p) }
    };
    snprintf(p->number, sizeof p->number, "L-%llu", (unsigned long long)++p->count);
    r.act_number = str_from(p->number);
    r.type = KIN_RECORD_MOVE_IN;
    if (p->count % 6 == 0) {
        r.type = p->count % 12 == 0 ? KIN_RECORD_CORRECTION : KIN_RECORD_MARRIAGE;
        r.persons = r.type == KIN_RECORD_MARRIAGE ? 2 : 3;
        for (int i = 1; i < r.persons; i++) {
            do {
                r.person[i] = somebody(p);
            } while (iin_equal(r.person[i], r.person[0]));
        }
        return r;
    }
    if (p->count % 10 == 1) {
        r.type = KIN_RECORD_INCAPACITY;
        r.begins = p->count % 20 == 1;
        return r;
    }
    some_dwelling(p);
    r.other = str_from(p->rka);
    return r;
}

/* ---- figures ---- */

static void write_groups(struct kin_live *live, struct people *p, uint64_t records, int group)
{
    char name[40];
    struct err err;
    uint64_t sequence = 0, done = 0;
    double begin = seconds();
    while (done < records) {
        for (int i = 0; i < group; i++, done++) {
            struct kin_record r = record_of(p);
            if (!kin_live_put(live, &r, &sequence, &err))
                stop("put", &err);
        }
        if (!kin_live_wait(live, sequence, &err))
            stop("wait", &err);
    }
    snprintf(name, sizeof name, "durable, groups of %d", group);
    figure(name, (double)done / (seconds() - begin), "records/s");
}

static void apply_in_memory(struct kin_live *live, struct people *p, uint64_t records)
{
    struct kin_record *r = mem_alloc(records * sizeof *r);
    char(*text)[2][24] = mem_alloc(records * sizeof *text);
    struct kin_overlay *o = live->now;
    struct err err;
    uint64_t sequence = o->sequence;
    for (uint64_t i = 0; i < records; i++) {
        r[i] = record_of(p);
        memcpy(text[i][0], p->number, 24);
        memcpy(text[i][1], p->rka, 24);
        r[i].act_number = str_from(text[i][0]);
        r[i].other = r[i].type == KIN_RECORD_MOVE_IN ? str_from(text[i][1]) : STR("");
    }
    /* A tenth beforehand: the first one finds who is registered in several dwellings, others touch pages for the first time. */
    double begin = seconds_now();
    for (uint64_t i = 0; i < records; i++) {
        if (i == records / 10)
            begin = seconds_now();
        if (!kin_live_apply(o, &r[i], sequence, &err)) /* not in the journal: under the number that is there */
            stop("apply", &err);
    }
    figure("one record in memory", (seconds_now() - begin) / (double)(records - records / 10) * 1e9, "ns");
    free(r);
    free(text);
}

struct writing {
    struct kin_live *live;
    struct people people;
    bool stop;
    uint64_t written;
};

static void *write_meanwhile(void *context)
{
    struct writing *w = context;
    struct err err;
    while (!__atomic_load_n(&w->stop, __ATOMIC_RELAXED)) {
        uint64_t sequence = 0;
        for (int i = 0; i < 256; i++) {
            struct kin_record r = record_of(&w->people);
            if (!kin_live_put(w->live, &r, &sequence, &err))
                return NULL;
        }
        if (!kin_live_wait(w->live, sequence, &err))
            return NULL;
        w->written += 256;
    }
    return NULL;
}

static int compare_doubles(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void check_batches(const struct kin_mart *mart, struct people *p, const char *name)
{
    static struct kin_check check[CHECKS];
    static uint8_t ret[CHECKS];
    static double took[ROUNDS_MOST];
    int rounds = 0;
    for (int i = 0; i < CHECKS; i++) {
        char text[IIN_TEXT];
        memcpy(check[i].applicant, iin_format(somebody(p), text), 12);
        memcpy(check[i].owner, iin_format(somebody(p), text), 12);
        check[i].degree = (uint8_t)(i % KIN_DEGREES);
        check[i].side = kin_degree_has_side((enum kin_degree)check[i].degree) ? KIN_MOTHER : KIN_SIDE_NONE;
    }
    for (double until = seconds() + CHECK_SECONDS; rounds < ROUNDS_MOST && (rounds == 0 || seconds() < until); rounds++) {
        double begin = seconds_now();
        kin_mart_check_batch(mart, KIN_SCOPE_ALL, check, CHECKS, ret);
        took[rounds] = (seconds_now() - begin) / CHECKS * 1e9;
    }
    qsort(took, (size_t)rounds, sizeof *took, compare_doubles);
    figure(name, took[rounds / 2], "ns");
}

static void check_while_writing(struct kin_live *live, struct people *p)
{
    struct writing w = { .live = live, .people = *p };
    pthread_t thread;
    const struct kin_mart *mart = kin_live_take(live);
    check_batches(mart, p, "batched check, nobody writes");
    double begin = seconds();
    if (pthread_create(&thread, NULL, write_meanwhile, &w) != 0)
        exit(1);
    check_batches(mart, p, "batched check, somebody writes");
    __atomic_store_n(&w.stop, true, __ATOMIC_RELAXED);
    pthread_join(thread, NULL);
    figure("  records written meanwhile", (double)w.written / (seconds() - begin), "records/s");
    p->count = w.people.count;
    kin_live_give(live, mart);
}

static void copy(const char *from, const char *to)
{
    struct arena arena;
    struct str bytes;
    struct err err;
    arena_init(&arena, 0);
    if (!file_read(from, (size_t)8 << 30, &arena, &bytes, &err) || !file_write(to, bytes, &err))
        stop("copy", &err);
    arena_release(&arena);
}

static struct kin_live *open_timed(const char *mart, const char *journal, enum kin_live_mode mode, double *ret_seconds)
{
    struct kin_live *live;
    struct err err;
    double begin = seconds_now();
    if (!kin_live_open(mart, journal, mode, &live, &err))
        stop("open", &err);
    if (ret_seconds != NULL)
        *ret_seconds = seconds_now() - begin;
    return live;
}

static double open_median(const char *mart, const char *journal)
{
    double took[REPLAYS];
    for (int i = 0; i < REPLAYS; i++)
        kin_live_close(open_timed(mart, journal, KIN_LIVE_READ, &took[i]));
    qsort(took, REPLAYS, sizeof *took, compare_doubles);
    return took[REPLAYS / 2];
}

/* What opening takes with a journal of so many days, less what it takes with none; some are in the journal already. */
static void replay_days(const char *mart, const char *journal, int had, int days, struct people *p)
{
    struct err err;
    char name[40];
    uint64_t sequence = 0;
    struct kin_live *live = open_timed(mart, journal, KIN_LIVE_WRITE, NULL);
    p->mart = &live->now->mart;
    for (int day = had; day < days; day++) {
        for (int i = 0; i < DAY_RECORDS; i++) {
            p->ahead = i == 0 ? 1 : 0;
            struct kin_record r = record_of(p);
            if (!kin_live_put(live, &r, &sequence, &err))
                stop("put", &err);
        }
        if (!kin_live_wait(live, sequence, &err))
            stop("wait", &err);
    }
    kin_live_close(live);
    double bare = open_median(mart, "/nonexistent/journal");
    figure("open, no journal", bare * 1e3, "ms");
    snprintf(name, sizeof name, "replay, %d days of %d", days, DAY_RECORDS);
    figure(name, (open_median(mart, journal) - bare) * 1e3, "ms");
}

void mart_bench_live(const char *path, const char *folder, uint64_t records)
{
    uint64_t sequence;
    char mart[512], journal[512];
    struct err err;
    snprintf(mart, sizeof mart, "%s/live.mart", folder);
    snprintf(journal, sizeof journal, "%s/live.journal", folder);
    unlink(journal); /* of a run that was stopped */
    copy(path, mart);
    struct kin_live *live = open_timed(mart, journal, KIN_LIVE_WRITE, NULL);
    struct people p = { .mart = &live->now->mart, .slots = live->now->slots, .dwellings = live->now->dwelling_slots, .state = 7 };
    write_groups(live, &p, records / 20, 1);
    write_groups(live, &p, records, 16);
    write_groups(live, &p, records, 256);
    check_while_writing(live, &p);
    double begin = seconds();
    if (!kin_live_snapshot(live, &sequence, &err))
        stop("snapshot", &err);
    figure("snapshot", seconds() - begin, "s");
    kin_live_close(live);
    replay_days(mart, journal, 0, 1, &p);
    replay_days(mart, journal, 1, DAYS, &p);
    live = open_timed(mart, "/nonexistent/journal", KIN_LIVE_READ, NULL);
    p.mart = &live->now->mart;
    apply_in_memory(live, &p, records);
    kin_live_close(live);
    unlink(mart);
    unlink(journal);
}
