/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The same acts in SQLite, and the degrees said once more in SQL: the oracle of the mart (tests/oracle/mart.c) and a peer in its
 * benchmark.  Made from the world folder, not from the mart.
 */
#ifndef BENCH_MART_SQL_H
#define BENCH_MART_SQL_H

#include "mart_bench.h"

#include <sqlite3.h>

/* Classes of checks: a degree with a side. */
#define SQL_CLASSES 11
int sql_class(enum kin_degree degree, enum kin_side side); /* -1: no such class */

/* Reads persons and family acts of a folder into a database (":memory:" or a file that is made anew): tables
 * person(iin, mother, father) and spouse(iin, spouse), as of the day. */
sqlite3 *sql_open(const char *folder, struct day day, const char *database);
/* An older one again; NULL when it is not there. */
sqlite3 *sql_reopen(const char *database);

/* One prepared query for each class, asked with ?1 = applicant and ?2 = owner: a row when it is so. */
struct sql_checks {
    sqlite3_stmt *statement[SQL_CLASSES];
};
const char *sql_one(int class); /* its text */
void sql_prepare(sqlite3 *db, struct sql_checks *ret);
bool sql_check(struct sql_checks *checks, int class, int64_t applicant, int64_t owner);
void sql_finish(struct sql_checks *checks);

/* Every pair of the class: (applicant, owner), once each.  The caller finalizes. */
sqlite3_stmt *sql_all_pairs(sqlite3 *db, int class);

#endif
