/* SPDX-License-Identifier: Apache-2.0 */
/* Shared by the loading and the deciding half of the SQLite yardstick. */
#ifndef BENCH_PEERS_SQLITE_H
#define BENCH_PEERS_SQLITE_H

#include <sqlite3.h>

#include "peers.h"

enum query {
    Q_DWELLING,
    Q_OWNERS,
    Q_HEADS,
    Q_IS_OWNER,
    Q_STUDIES,
    Q_CHILD,
    Q_PARENT,
    Q_SPOUSE,
    Q_FULL_SIBLING,
    Q_HALF_SIBLING_MOTHER,
    Q_HALF_SIBLING_FATHER,
    Q_GRANDPARENT_MOTHER,
    Q_GRANDPARENT_FATHER,
    Q_GRANDCHILD_MOTHER,
    Q_GRANDCHILD_FATHER,
    Q_IN_LAW,
    Q_BIRTHS_ON_RECORD,
    Q_MARRIAGES_ON_RECORD,
    QUERIES
};

struct peers_sqlite {
    sqlite3 *db;
    sqlite3_stmt *query[QUERIES];
};

/* Ends the program when SQLite reports an error. */
void peers_sqlite_check(struct peers_sqlite *db, int code);
sqlite3_stmt *peers_sqlite_prepare(struct peers_sqlite *db, const char *text);
/* Makes the tables, fills them from the world and indexes them. */
void peers_sqlite_load(struct peers_sqlite *db, struct world *world);

#endif
