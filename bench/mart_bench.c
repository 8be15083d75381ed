/* SPDX-License-Identifier: Apache-2.0 */
/*
 * mart_bench check MART COUNT ROUNDS     one check: batched, in a loop, isolated; mapped, in large pages, without vectors
 */
#include "mart_bench.h"

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

struct parsed {
    struct iin a, b;
};

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

int main(int argc, char **argv)
{
    if (argc == 5 && strcmp(argv[1], "check") == 0)
        bench_check(argv[2], strtoull(argv[3], NULL, 10), (int)strtol(argv[4], NULL, 10));
    else
        die("see bench/README.md");
    return 0;
}
