/* SPDX-License-Identifier: Apache-2.0 */
#include "db/db.h"

#include <string.h>

#include "db/db_impl.h"

bool db_open(const char *where, bool read_only, struct db **ret, struct err *err)
{
    static const struct db_engine *const engines[] = { &db_sqlite_engine };
    for (size_t i = 0; i < sizeof engines / sizeof *engines; i++) {
        size_t n = strlen(engines[i]->scheme);
        if (strncmp(where, engines[i]->scheme, n) == 0 && where[n] == ':')
            return engines[i]->open(where + n + 1, read_only, ret, err);
    }
    if (strncmp(where, "postgres:", 9) == 0 || strncmp(where, "postgresql:", 11) == 0)
        return err_set(err, ERR_INPUT, "database: this build has no PostgreSQL engine; use sqlite:PATH");
    return db_sqlite_engine.open(where, read_only, ret, err);
}

void db_close(struct db *db)
{
    if (db)
        db->engine->close(db);
}

bool db_is_read_only(const struct db *db) { return db->read_only; }
bool db_in_transaction(struct db *db) { return db->engine->in_transaction(db); }
bool db_exec(struct db *db, const char *sql, struct err *err) { return db->engine->exec(db, sql, err); }
bool db_begin(struct db *db, struct err *err) { return db_exec(db, db->engine->begin, err); }

bool db_commit(struct db *db, struct err *err)
{
    if (db_exec(db, db->engine->commit, err))
        return true;
    db_rollback(db);
    return false;
}

/* A failure here leaves nothing to undo: the engine has rolled back by itself, or the connection is lost. */
void db_rollback(struct db *db)
{
    struct err ignored;
    if (db_in_transaction(db))
        db_exec(db, db->engine->rollback, &ignored);
}

bool db_savepoint(struct db *db, struct err *err) { return db_exec(db, db->engine->savepoint, err); }
bool db_savepoint_release(struct db *db, struct err *err) { return db_exec(db, db->engine->release, err); }

void db_savepoint_rollback(struct db *db)
{
    struct err ignored;
    if (db_in_transaction(db) && db_exec(db, db->engine->rollback_to, &ignored))
        db_exec(db, db->engine->release, &ignored);
}

bool db_backup(struct db *db, const char *path, struct err *err) { return db->engine->backup(db, path, err); }

bool db_query(struct db *db, struct db_query *ret, const char *sql, struct err *err)
{
    struct db_statement *statement = db->engine->prepare(db, sql, err);
    if (!statement)
        return false;
    *ret = (struct db_query){ .db = db, .statement = statement };
    return true;
}

void db_bind_int(struct db_query *q, int parameter, int64_t value)
{
    if (!q->failed)
        q->failed = !q->db->engine->bind_int(q->statement, parameter, value, &q->error);
}

void db_bind_str(struct db_query *q, int parameter, struct str value)
{
    if (!q->failed)
        q->failed = !q->db->engine->bind_bytes(q->statement, parameter, value, true, &q->error);
}

void db_bind_bytes(struct db_query *q, int parameter, struct str value)
{
    if (!q->failed)
        q->failed = !q->db->engine->bind_bytes(q->statement, parameter, value, false, &q->error);
}

void db_bind_null(struct db_query *q, int parameter)
{
    if (!q->failed)
        q->failed = !q->db->engine->bind_null(q->statement, parameter, &q->error);
}

bool db_row(struct db_query *q)
{
    if (q->failed)
        return false;
    enum db_step step = q->db->engine->step(q->statement, &q->error);
    q->failed = step == DB_FAILED;
    return step == DB_ROW;
}

int64_t db_int(struct db_query *q, int column) { return q->db->engine->column_int(q->statement, column); }
struct str db_str(struct db_query *q, int column) { return q->db->engine->column_bytes(q->statement, column); }
bool db_is_null(struct db_query *q, int column) { return q->db->engine->column_is_null(q->statement, column); }

bool db_finish(struct db_query *q, struct err *err)
{
    q->db->engine->finish(q->statement);
    q->statement = NULL;
    if (!q->failed)
        return true;
    *err = q->error;
    return false;
}

int64_t db_changes(struct db *db) { return db->engine->changes(db); }
int64_t db_last_id(struct db *db) { return db->engine->last_id(db); }
