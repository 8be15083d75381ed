/* SPDX-License-Identifier: Apache-2.0 */
/* What the parts of the decision benchmark share: see README.md. */
#ifndef BENCH_PEERS_H
#define BENCH_PEERS_H

#include <stdio.h>

#include "inquiry/inquiry.h"
#include "world/world.h"

/* Writes `count` plausible applications over the world, one JSON object a line; the same seed gives the same bytes. */
void peers_write_applications(const struct world *world, long count, uint64_t seed, FILE *out);

/* The decision by prepared queries over the same rows, in memory. Knows the default readings only; the application is valid. */
#define PEERS_ITEMS_MAX 32
#define PEERS_ACT_TEXT  32
struct peers_decision {
    enum law_outcome outcome;
    int64_t area, allowed, registered;
    int64_t person[PEERS_ITEMS_MAX]; /* of the proof, or of what a refusal names */
    int persons;
    char act[PEERS_ITEMS_MAX][PEERS_ACT_TEXT];
    int acts;
};
struct peers_sqlite;
struct peers_sqlite *peers_sqlite_open(struct world *world);
void peers_sqlite_close(struct peers_sqlite *db);
void peers_sqlite_decide(struct peers_sqlite *db, const struct inquiry_application *application, struct peers_decision *ret);

#endif
