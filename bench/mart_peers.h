/* SPDX-License-Identifier: Apache-2.0 */
/* What a user might take instead of the mart, each tuned as well as we could: see README.md. */
#ifndef BENCH_MART_PEERS_H
#define BENCH_MART_PEERS_H

#include "mart_sql.h"

struct peer {
    const char *name;
    void *state;
    bool wall; /* a server does the work: timed by the clock, not by this thread's processor time */
    void (*check)(void *state, const struct kin_check *checks, size_t count, uint8_t *ret);
};

static inline int64_t peer_number(const char text[12])
{
    struct iin iin = { 0 };
    iin_parse((struct str){ text, 12 }, &iin);
    return (int64_t)iin.n;
}

/* Each is filled from `source`, the database of mart_sql.h, unless it is there already; files go into `folder`. */
struct peer peer_sqlite(sqlite3 *source);
struct peer peer_lmdb(sqlite3 *source, const char *folder);
/* `connection`: a libpq connection string; the server is not ours to start.  256 queries in a pipeline. */
struct peer peer_postgres(sqlite3 *source, const char *connection);

#endif
