/* SPDX-License-Identifier: Apache-2.0 */
/* What the parts of the mart's benchmark share: see README.md. */
#ifndef BENCH_MART_BENCH_H
#define BENCH_MART_BENCH_H

#include "kin/mart_impl.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define CHUNK 16384 /* queries in one timing */

static inline double seconds_of(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}
/* Of this thread: the same as by the clock on a quiet machine, and still true on a busy one. */
static inline double seconds_now(void) { return seconds_of(CLOCK_THREAD_CPUTIME_ID); }

struct bench_dice {
    uint64_t state;
};
static inline uint64_t bench_dice_next(struct bench_dice *d)
{
    uint64_t z = d->state += UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}
static inline uint64_t bench_dice_below(struct bench_dice *d, uint64_t n)
{
    return (uint64_t)(__extension__((unsigned __int128)bench_dice_next(d) * n) >> 64);
}

/* Eight degrees in equal parts, half of the checks true; of the false ones half are near misses: true relatives with another
 * degree or side.  The same mart and seed give the same queries. */
struct kin_check *bench_queries(const struct kin_mart *mart, size_t count, uint64_t seed);

/* Numbers of a series, in the same order every time. */
struct series {
    double *value;
    int count, room;
};
static inline void series_add(struct series *s, double value)
{
    if (s->count == s->room) {
        s->room = s->room * 2 + 64;
        s->value = realloc(s->value, (size_t)s->room * sizeof *s->value);
    }
    s->value[s->count++] = value;
}
/* Sorts the series: 0 is the least, 0.5 the median. */
double series_at(struct series *s, double part);

#endif
