/* SPDX-License-Identifier: Apache-2.0 */
/*
 * mart_bench decide MART COUNT           whole decisions
 * mart_bench country MART ROUNDS         the batch over the country
 * mart_bench live MART FOLDER RECORDS    the live mart: journal, replay, snapshot
 * mart_bench open MART                   the first answer
 * mart_bench database WORLD DAY FILE                             SQLite's database of the same acts
 * mart_bench peers MART DATABASE FOLDER POSTGRES COUNT ROUNDS    the same checks by SQLite, LMDB and PostgreSQL, in turn
 * mart_bench check MART COUNT ROUNDS     one check: batched, in a loop, isolated; mapped, in large pages, without vectors
 */
#include "mart_country.h"
#include "mart_live.h"
#include "mart_peers.h"

#include <string.h>

static _Noreturn void die(const char *what)
{
    fprintf(stderr, "mart_bench: %s\n", what);
    exit(2);
}

static struct kin_mart *open_mart(const char *path, enum kin_mart_mode mode)
{
    struct err err;
    struct kin_mart *mart;
    if (!kin_mart_open(path, mode, &mart, &err))
        die(err.text);
    return mart;
}

/* ---- checks ---- */

/* One way to answer a chunk. */
struct way {
    const char *name;
    const struct kin_mart *mart;
    void (*run)(const struct kin_mart *mart, const struct kin_check *checks, size_t count, uint8_t *ret);
    struct series ns; /* a check, one value a chunk */
    uint64_t yes;
};

static void batched(const struct kin_mart *mart, const struct kin_check *checks, size_t count, uint8_t *ret)
{
    kin_mart_check_batch(mart, KIN_SCOPE_ALL, checks, count, ret);
}

static void looped(const struct kin_mart *mart, const struct kin_check *checks, size_t count, uint8_t *ret)
{
    for (size_t i = 0; i < count; i++) {
        struct iin a, b;
        iin_parse((struct str){ checks[i].applicant, 12 }, &a);
        iin_parse((struct str){ checks[i].owner, 12 }, &b);
        ret[i] = kin_mart_check(mart, KIN_SCOPE_ALL, (enum kin_degree)checks[i].degree, (enum kin_side)checks[i].side, a, b);
    }
}

static void time_ways(struct way *way, int ways, const struct kin_check *checks, size_t count, int rounds)
{
    uint8_t *ret = malloc(CHUNK);
    for (int round = 0; round < rounds; round++) {
        for (size_t at = 0; at + CHUNK <= count; at += CHUNK) {
            for (int w = 0; w < ways; w++) {
                double start = seconds_now();
                way[w].run(way[w].mart, checks + at, CHUNK, ret);
                series_add(&way[w].ns, (seconds_now() - start) / CHUNK * 1e9);
                for (int i = 0; round == 0 && i < CHUNK; i++)
                    way[w].yes += ret[i];
            }
        }
    }
    free(ret);
}

/* ---- one call with cold caches: fenced on both sides, by the processor's counter ---- */

static inline uint64_t ticks(void)
{
#if defined(__x86_64__)
    unsigned aux;
    __builtin_ia32_lfence();
    uint64_t t = __builtin_ia32_rdtscp(&aux);
    __builtin_ia32_lfence();
    return t;
#else
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
#endif
}

static double ticks_a_second(void)
{
    double start = seconds_of(CLOCK_MONOTONIC);
    uint64_t first = ticks();
    while (seconds_of(CLOCK_MONOTONIC) - start < 0.2)
        ;
    return (double)(ticks() - first) / (seconds_of(CLOCK_MONOTONIC) - start);
}

static void isolated(const struct kin_mart *mart, const char *name, const struct kin_check *checks, size_t count)
{
    struct series ns = { 0 };
    double scale = 1e9 / ticks_a_second();
    uint64_t yes = 0;
    for (size_t i = 0; i < count; i++) {
        struct iin a, b;
        iin_parse((struct str){ checks[i].applicant, 12 }, &a);
        iin_parse((struct str){ checks[i].owner, 12 }, &b);
        uint64_t start = ticks();
        yes += kin_mart_check(mart, KIN_SCOPE_ALL, (enum kin_degree)checks[i].degree, (enum kin_side)checks[i].side, a, b);
        series_add(&ns, (double)(ticks() - start) * scale);
    }
    printf("%-28s %8.0f ns p50 %8.0f ns p99   (%llu yes)\n", name, series_at(&ns, 0.5), series_at(&ns, 0.99),
           (unsigned long long)yes);
}

static void bench_check(const char *path, size_t count, int rounds)
{
    struct kin_mart *fast = open_mart(path, KIN_MART_FAST), *mapped = open_mart(path, KIN_MART_MAPPED);
    struct kin_mart plain = *fast;
    struct kin_mart_info info;
    plain.vectors = false;
    kin_mart_info(fast, &info);
    double n = (double)info.persons;
    printf("%llu persons; bytes a person: kinship %.1f, everything hot %.1f, the batch besides %.1f, history %.1f\n",
           (unsigned long long)info.persons, (double)info.bytes_kinship / n,
           (double)(info.bytes_kinship + info.bytes_decision) / n, (double)info.bytes_batch / n, (double)info.bytes_history / n);
    struct kin_check *checks = bench_queries(fast, count, 1);
    struct way way[] = { { "batched, large pages", fast, batched, { 0 }, 0 },
                         { "batched, mapped", mapped, batched, { 0 }, 0 },
                         { "batched, without vectors", &plain, batched, { 0 }, 0 },
                         { "loop, large pages", fast, looped, { 0 }, 0 },
                         { "loop, mapped", mapped, looped, { 0 }, 0 } };
    int ways = sizeof way / sizeof *way;
    time_ways(way, ways, checks, count, rounds);
    for (int w = 0; w < ways; w++) {
        printf("%-28s %8.1f ns p10 %8.1f ns p50   (%llu yes)\n", way[w].name, series_at(&way[w].ns, 0.1),
               series_at(&way[w].ns, 0.5), (unsigned long long)way[w].yes);
        if (way[w].yes != way[0].yes)
            die("the ways differ");
    }
    isolated(fast, "isolated, large pages", checks, count < 400000 ? count : 400000);
    isolated(mapped, "isolated, mapped", checks, count < 400000 ? count : 400000);
    free(checks);
    kin_mart_close(fast);
    kin_mart_close(mapped);
}

/* ---- whole decisions, and the country ---- */

#define NORM 1500 /* hundredths of m2 a person */

static void print_decisions(const char *name, const struct mart_bench_times *t)
{
    printf("%-28s %8.1f ns p10 %8.1f ns p50 %8.0f ns p99\n", name, t->p10, t->median, t->p99);
}

static void bench_decide(const char *path, size_t count)
{
    struct kin_mart *fast = open_mart(path, KIN_MART_FAST), *mapped = open_mart(path, KIN_MART_MAPPED);
    struct kin_application *applications = malloc(count * sizeof *applications);
    struct mart_bench_times times;
    mart_bench_applications(fast, NORM, 1, applications, count);
    mart_bench_decide(fast, NORM, applications, count, &times);
    print_decisions("decision, large pages", &times);
    mart_bench_decide(mapped, NORM, applications, count, &times);
    print_decisions("decision, mapped", &times);
    mart_bench_decide_alone(fast, NORM, applications, count, &times);
    print_decisions("decision, one at a time", &times);
    kin_mart_close(fast);
    kin_mart_close(mapped);
    free(applications);
}

static void bench_country(const char *path, int rounds)
{
    struct kin_mart *mart = open_mart(path, KIN_MART_FAST);
    for (int threads = 1; threads <= 2; threads++) {
        struct mart_bench_country c;
        mart_bench_country(mart, NORM, threads, rounds, &c);
        printf("country, %d thread%s            %8.3f s, %.3f s of processor time (%llu over, %llu residents, %llu kin)\n",
               threads, threads > 1 ? "s" : " ", c.seconds, c.processor, (unsigned long long)c.over,
               (unsigned long long)c.over_residents, (unsigned long long)c.kin);
    }
    kin_mart_close(mart);
}

/* The first answer after opening, by the clock: header, sizes and one check, nothing read ahead. */
static void bench_open(const char *path)
{
    struct series first = { 0 }, fast = { 0 };
    for (int i = 0; i < 20; i++) {
        double start = seconds_of(CLOCK_MONOTONIC);
        struct kin_mart *mart = open_mart(path, KIN_MART_MAPPED);
        struct iin nobody = { UINT64_C(981003348383) };
        kin_mart_check(mart, KIN_SCOPE_ALL, KIN_CHILD, KIN_SIDE_NONE, nobody, (struct iin){ UINT64_C(890605387791) });
        series_add(&first, (seconds_of(CLOCK_MONOTONIC) - start) * 1e3);
        kin_mart_close(mart);
    }
    for (int i = 0; i < 3; i++) {
        double start = seconds_of(CLOCK_MONOTONIC);
        kin_mart_close(open_mart(path, KIN_MART_FAST));
        series_add(&fast, seconds_of(CLOCK_MONOTONIC) - start);
    }
    printf("%-28s %8.3f ms; copied to large pages and verified %.2f s\n", "first answer after open", series_at(&first, 0.5),
           series_at(&fast, 0.5));
}

/* ---- peers ---- */

static void bench_database(const char *folder, const char *day_text, const char *file)
{
    struct day day;
    if (!day_parse(str_from(day_text), &day))
        die("a day is YYYY-MM-DD");
    sqlite3_close(sql_open(folder, day, file));
}

/* A turn: chunks for SLICE seconds, so that what a quick peer reads is not always cold from the slow ones' turns. */
#define SLICE 0.4
struct turns {
    struct series ns; /* a check, one value a chunk */
    size_t next;      /* the chunk that comes next */
};

static void take_turn(struct peer *peer, struct turns *t, const struct kin_check *checks, size_t chunks, const uint8_t *expected)
{
    clockid_t clock = peer->wall ? CLOCK_MONOTONIC : CLOCK_THREAD_CPUTIME_ID;
    double begin = seconds_of(CLOCK_MONOTONIC);
    uint8_t *ret = malloc(CHUNK);
    do {
        size_t at = t->next++ % chunks * CHUNK;
        double start = seconds_of(clock);
        peer->check(peer->state, checks + at, CHUNK, ret);
        series_add(&t->ns, (seconds_of(clock) - start) / CHUNK * 1e9);
        if (memcmp(expected + at, ret, CHUNK) != 0)
            die("the peers differ");
    } while (seconds_of(CLOCK_MONOTONIC) - begin < SLICE);
    free(ret);
}

static void mart_batched(void *mart, const struct kin_check *checks, size_t count, uint8_t *ret)
{
    batched(mart, checks, count, ret);
}
static void mart_looped(void *mart, const struct kin_check *checks, size_t count, uint8_t *ret)
{
    looped(mart, checks, count, ret);
}

static void bench_peers(char **argv)
{
    struct kin_mart *mart = open_mart(argv[2], KIN_MART_FAST);
    sqlite3 *db = sql_reopen(argv[3]);
    if (db == NULL)
        die("the database is not there");
    size_t count = strtoull(argv[6], NULL, 10);
    long rounds = strtol(argv[7], NULL, 10);
    struct kin_check *checks = bench_queries(mart, count, 2);
    struct peer peer[] = { { "mart, batched", mart, false, mart_batched },
                           { "mart, in a loop", mart, false, mart_looped },
                           peer_sqlite(db),
                           peer_lmdb(db, argv[4]),
                           peer_postgres(db, argv[5]) };
    enum { PEERS = sizeof peer / sizeof *peer };
    struct turns turns[PEERS] = { { { 0 }, 0 } };
    uint8_t *expected = malloc(count);
    batched(mart, checks, count, expected);
    for (long round = 0; round < rounds; round++) {
        for (int p = 0; p < PEERS; p++)
            take_turn(&peer[p], &turns[p], checks, count / CHUNK, expected);
    }
    double batch = series_at(&turns[0].ns, 0.5);
    for (int p = 0; p < PEERS; p++)
        printf("%-28s %9.1f ns p10 %9.1f ns p50 %8.1f times the batch  (%d chunks)\n", peer[p].name, series_at(&turns[p].ns, 0.1),
               series_at(&turns[p].ns, 0.5), series_at(&turns[p].ns, 0.5) / batch, turns[p].ns.count);
    free(expected);
    free(checks);
    kin_mart_close(mart);
}

int main(int argc, char **argv)
{
    if (argc == 5 && strcmp(argv[1], "check") == 0)
        bench_check(argv[2], strtoull(argv[3], NULL, 10), (int)strtol(argv[4], NULL, 10));
    else if (argc == 4 && strcmp(argv[1], "decide") == 0)
        bench_decide(argv[2], strtoull(argv[3], NULL, 10));
    else if (argc == 4 && strcmp(argv[1], "country") == 0)
        bench_country(argv[2], (int)strtol(argv[3], NULL, 10));
    else if (argc == 5 && strcmp(argv[1], "live") == 0)
        mart_bench_live(argv[2], argv[3], strtoull(argv[4], NULL, 10));
    else if (argc == 3 && strcmp(argv[1], "open") == 0)
        bench_open(argv[2]);
    else if (argc == 8 && strcmp(argv[1], "peers") == 0)
        bench_peers(argv);
    else if (argc == 5 && strcmp(argv[1], "database") == 0)
        bench_database(argv[2], argv[3], argv[4]);
    else
        die("see bench/README.md");
    return 0;
}
