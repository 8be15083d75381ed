/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a storage engine has to give: one table of functions, one file per engine (db_sqlite.c).
 * An engine's own structs begin with struct db and struct db_statement.
 */
#ifndef DB_DB_IMPL_H
#define DB_DB_IMPL_H

#include "db/db.h"

struct db_engine {
    const char *scheme; /* "sqlite": what stands before the colon of db_open's address */
    bool (*open)(const char *path, bool read_only, struct db **ret, struct err *err);
    void (*close)(struct db *db);
    bool (*exec)(struct db *db, const char *sql, struct err *err);
    bool (*in_transaction)(struct db *db);
    bool (*backup)(struct db *db, const char *path, struct err *err);
    /* A statement ready for binding: from the connection's cache, or prepared for this use when the cached one is running. */
    struct db_statement *(*prepare)(struct db *db, const char *sql, struct err *err);
    bool (*bind_int)(struct db_statement *statement, int parameter, int64_t value, struct err *err);
    bool (*bind_bytes)(struct db_statement *statement, int parameter, struct str value, bool text, struct err *err);
    bool (*bind_null)(struct db_statement *statement, int parameter, struct err *err);
    enum db_step { DB_ROW, DB_END, DB_FAILED } (*step)(struct db_statement *statement, struct err *err);
    int64_t (*column_int)(struct db_statement *statement, int column);
    struct str (*column_bytes)(struct db_statement *statement, int column);
    bool (*column_is_null)(struct db_statement *statement, int column);
    void (*finish)(struct db_statement *statement); /* back to the cache */
    int64_t (*changes)(struct db *db);
    int64_t (*last_id)(struct db *db);
    const char *begin, *commit, *rollback, *savepoint, *release, *rollback_to;
};

struct db {
    const struct db_engine *engine;
    bool read_only;
};

extern const struct db_engine db_sqlite_engine;

#endif
