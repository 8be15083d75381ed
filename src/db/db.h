/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SQL facade: the only code that knows SQLite (and, later, libpq).  SQL is written with $1, $2, ... and never built by printf.
 *
 *     struct db_query q;
 *     if (!db_query(db, &q, "SELECT state FROM filing WHERE id = $1", err)) return false;
 *     db_bind_int(&q, 1, id.n);
 *     while (db_row(&q)) state = db_int(&q, 0);
 *     if (!db_finish(&q, err)) return false;
 *
 * A statement is prepared once per connection and kept.  One connection belongs to one thread at a time.
 */
#ifndef DB_DB_H
#define DB_DB_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

struct db;
struct db_statement;

/* "sqlite:PATH" or a bare path; a new file is its owner's alone.  "postgres:..." is refused until that backend is there. */
bool db_open(const char *where, bool read_only, struct db **ret, struct err *err);
void db_close(struct db *db);
bool db_is_read_only(const struct db *db);
bool db_in_transaction(struct db *db);
bool db_exec(struct db *db, const char *sql, struct err *err); /* fixed text without results; may hold several statements */
bool db_begin(struct db *db, struct err *err);                 /* BEGIN IMMEDIATE */
bool db_commit(struct db *db, struct err *err);
void db_rollback(struct db *db);
bool db_savepoint(struct db *db, struct err *err);
bool db_savepoint_release(struct db *db, struct err *err);
void db_savepoint_rollback(struct db *db);
/* A consistent copy while others write, readable by its owner alone.  ERR_INPUT: the file is there already. */
bool db_backup(struct db *db, const char *path, struct err *err);

struct db_query {
    struct db *db;
    struct db_statement *statement;
    bool failed;
    struct err error;
};
bool db_query(struct db *db, struct db_query *ret, const char *sql, struct err *err);
void db_bind_int(struct db_query *q, int parameter, int64_t value);
void db_bind_str(struct db_query *q, int parameter, struct str value); /* copied */
void db_bind_bytes(struct db_query *q, int parameter, struct str value);
void db_bind_null(struct db_query *q, int parameter);
bool db_row(struct db_query *q); /* false: no more rows, or an error that db_finish tells */
int64_t db_int(struct db_query *q, int column);
struct str db_str(struct db_query *q, int column); /* valid until the next db_row or db_finish */
bool db_is_null(struct db_query *q, int column);
bool db_finish(struct db_query *q, struct err *err);
int64_t db_changes(struct db *db); /* rows changed by the last statement */
int64_t db_last_id(struct db *db);

#endif
