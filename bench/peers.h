/* SPDX-License-Identifier: Apache-2.0 */
/* What the parts of the decision benchmark share: see README.md. */
#ifndef BENCH_PEERS_H
#define BENCH_PEERS_H

#include <stdio.h>

#include "inquiry/inquiry.h"
#include "world/world.h"

/* Writes `count` plausible applications over the world, one JSON object a line; the same seed gives the same bytes. */
void peers_write_applications(const struct world *world, long count, uint64_t seed, FILE *out);

/* The decision by prepared queries over the same rows, in memory. Knows the default readings only. */
struct peers_sqlite;
struct peers_sqlite *peers_sqlite_open(struct world *world);
void peers_sqlite_close(struct peers_sqlite *db);
enum law_outcome peers_sqlite_decide(struct peers_sqlite *db, const struct inquiry_application *application);

#endif
