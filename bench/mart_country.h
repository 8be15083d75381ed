/* SPDX-License-Identifier: Apache-2.0 */
/* Timings of whole decisions and of the batch over the country, from a mart alone. */
#ifndef BENCH_MART_COUNTRY_H
#define BENCH_MART_COUNTRY_H

#include "kin/mart.h"

/* `count` applications for dwellings of the capital, three in four of them over the norm (hundredths of m2 a person); half of
 * the degrees chosen are true, as far as the rows of the mart lead from an owner to a relative.  The same seed, the same
 * applications. */
void mart_bench_applications(const struct kin_mart *mart, int64_t norm, uint64_t seed, struct kin_application *ret, size_t count);

struct mart_bench_times {
    double p10, median, p99; /* nanoseconds a decision */
    size_t outcomes[KIN_OUTCOMES];
};
/* In chunks of 16,384; processor time of this thread. */
void mart_bench_decide(const struct kin_mart *mart, int64_t norm, const struct kin_application *applications, size_t count,
                       struct mart_bench_times *ret);
/* One call a decision, by the clock: asking for processor time takes longer than a decision. */
void mart_bench_decide_alone(const struct kin_mart *mart, int64_t norm, const struct kin_application *applications, size_t count,
                             struct mart_bench_times *ret);

struct mart_bench_country {
    double seconds, processor;          /* the median of the rounds by the clock; processor time of all threads in that round */
    uint64_t over, over_residents, kin; /* so that two engines can be seen to have done the same */
};
/* Occupancy of every dwelling and kinship of everybody over the norm, on so many threads. */
void mart_bench_country(const struct kin_mart *mart, int64_t norm, int threads, int rounds, struct mart_bench_country *ret);

#endif
