/* SPDX-License-Identifier: Apache-2.0 */
/* Timings of the live mart: journal, replay, snapshot, checks beside a writer. */
#ifndef BENCH_MART_LIVE_H
#define BENCH_MART_LIVE_H

#include <stdint.h>

/* The mart is copied into the folder and not changed; the copy and its journal are removed.  Syncs and the snapshot by the clock,
 * all else in processor time of one thread.  One line a figure. */
void mart_bench_live(const char *mart, const char *folder, uint64_t records);

#endif
