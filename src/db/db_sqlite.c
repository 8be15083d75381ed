/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SQLite behind the facade: write-ahead log, synchronous FULL, foreign keys on, defensive.
 *
 * $1 is looked up by its name: SQLite numbers parameters in the order in which they appear, so that in
 * "SET a = $2 WHERE b = $1" its own index of $2 is 1.
 */
#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "db/db_impl.h"

#define PARAMETERS_MAX  32
#define CACHE_SLOTS     512 /* the program has some hundred texts; more are prepared and dropped */
#define BUSY_TIMEOUT_MS 10000

struct db_statement {
    struct sqlite *owner;
    sqlite3_stmt *stmt;
    char *sql;
    int index[PARAMETERS_MAX + 1]; /* SQLite's index of $n; 0: the text has no $n */
    bool busy, cached;
};

struct sqlite {
    struct db db;
    sqlite3 *handle;
    struct db_statement *cache[CACHE_SLOTS];
    int cached;
};

static struct sqlite *sqlite_of(struct db *db) { return (struct sqlite *)(void *)db; }

/* Constraint and lock codes become conflicts: the caller may try again or tell the user; the rest is the system's. */
static bool failed(struct sqlite *s, const char *what, struct err *err)
{
    int code = sqlite3_errcode(s->handle) & 0xff;
    bool conflict = code == SQLITE_BUSY || code == SQLITE_LOCKED || code == SQLITE_CONSTRAINT;
    return err_set(err, conflict ? ERR_CONFLICT : ERR_SYSTEM, "database: %s: %s", what, sqlite3_errmsg(s->handle));
}

static bool sqlite_exec(struct db *db, const char *sql, struct err *err)
{
    struct sqlite *s = sqlite_of(db);
    if (sqlite3_exec(s->handle, sql, NULL, NULL, NULL) == SQLITE_OK)
        return true;
    return failed(s, "exec", err);
}

static bool sqlite_in_transaction(struct db *db) { return sqlite3_get_autocommit(sqlite_of(db)->handle) == 0; }

static bool set_up(struct sqlite *s, bool read_only, struct err *err)
{
    sqlite3_extended_result_codes(s->handle, 1);
    sqlite3_busy_timeout(s->handle, BUSY_TIMEOUT_MS);
    sqlite3_db_config(s->handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(s->handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    sqlite3_db_config(s->handle, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, NULL);
    sqlite3_limit(s->handle, SQLITE_LIMIT_ATTACHED, 0);
    if (!sqlite_exec(&s->db, "PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -16384", err))
        return false;
    return read_only ||
           sqlite_exec(&s->db, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = FAST", err);
}

static void sqlite_close(struct db *db)
{
    struct sqlite *s = sqlite_of(db);
    for (int i = 0; i < CACHE_SLOTS; i++) {
        if (s->cache[i]) {
            sqlite3_finalize(s->cache[i]->stmt);
            free(s->cache[i]->sql);
            free(s->cache[i]);
        }
    }
    sqlite3_close(s->handle);
    free(s);
}

/* A new file is nobody else's to read, whatever the umask; SQLite gives the files beside it the same mode.  -1: errno says why.
 */
static int make_private(const char *path, int flags)
{
    int file = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | flags, 0600);
    return file < 0 ? -1 : close(file);
}

static bool sqlite_open(const char *path, bool read_only, struct db **ret, struct err *err)
{
    struct sqlite *s = mem_alloc(sizeof *s);
    s->db = (struct db){ .engine = &db_sqlite_engine, .read_only = read_only };
    /* One connection belongs to one thread at a time, so SQLite's own mutexes are not needed. */
    int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE |
                (read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
    if (!read_only && path[0] != ':')
        make_private(path, 0); /* what is wrong with the path SQLite says itself */
    if (sqlite3_open_v2(path, &s->handle, flags, NULL) != SQLITE_OK) {
        failed(s, path, err);
        err->kind = ERR_SYSTEM;
        sqlite_close(&s->db);
        return false;
    }
    if (!set_up(s, read_only, err)) {
        sqlite_close(&s->db);
        return false;
    }
    *ret = &s->db;
    return true;
}

static bool sqlite_backup(struct db *db, const char *path, struct err *err)
{
    struct sqlite *s = sqlite_of(db);
    sqlite3 *copy = NULL;
    if (make_private(path, O_EXCL) != 0)
        return errno == EEXIST ? err_set(err, ERR_INPUT, "%s is already there; a copy never overwrites", path)
                               : err_set(err, ERR_SYSTEM, "%s: %s", path, strerror(errno));
    int code = sqlite3_open_v2(path, &copy, SQLITE_OPEN_READWRITE, NULL);
    sqlite3_backup *backup = code == SQLITE_OK ? sqlite3_backup_init(copy, "main", s->handle, "main") : NULL;
    if (backup) {
        /* All pages in one step: a copy in pieces would begin anew whenever somebody writes in between. */
        do {
            code = sqlite3_backup_step(backup, -1);
            if (code == SQLITE_BUSY || code == SQLITE_LOCKED)
                sqlite3_sleep(20);
        } while (code == SQLITE_OK || code == SQLITE_BUSY || code == SQLITE_LOCKED);
        sqlite3_backup_finish(backup);
    }
    bool ok = code == SQLITE_DONE;
    if (!ok)
        err_set(err, ERR_SYSTEM, "database: backup to %s: %s", path, copy ? sqlite3_errmsg(copy) : "out of memory");
    sqlite3_close(copy);
    if (!ok)
        unlink(path); /* a part of a copy must not be taken for one */
    return ok;
}

/* ---- statements ---- */

static uint32_t slot_of(const char *sql)
{
    uint32_t hash = 2166136261U; /* FNV-1a */
    for (; *sql; sql++)
        hash = (hash ^ (unsigned char)*sql) * 16777619U;
    return hash % CACHE_SLOTS;
}

static bool fill_indexes(struct db_statement *statement, struct err *err)
{
    int count = sqlite3_bind_parameter_count(statement->stmt);
    for (int i = 1; i <= count; i++) {
        const char *name = sqlite3_bind_parameter_name(statement->stmt, i);
        uint64_t n;
        if (!name || name[0] != '$' || !str_to_u64(str_from(name + 1), &n) || n == 0 || n > PARAMETERS_MAX)
            return err_set(err, ERR_SYSTEM, "database: parameter %d of a statement is not $1 to $%d: %.200s", i, PARAMETERS_MAX,
                           statement->sql);
        statement->index[n] = i;
    }
    return true;
}

static void drop(struct db_statement *statement)
{
    sqlite3_finalize(statement->stmt);
    free(statement->sql);
    free(statement);
}

static struct db_statement *prepare_new(struct sqlite *s, const char *sql, struct err *err)
{
    struct db_statement *statement = mem_alloc(sizeof *statement);
    size_t n = strlen(sql);
    statement->owner = s;
    statement->sql = mem_alloc(n + 1);
    memcpy(statement->sql, sql, n + 1);
    const char *rest = NULL;
    if (sqlite3_prepare_v3(s->handle, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement->stmt, &rest) != SQLITE_OK) {
        failed(s, sql, err);
        err->kind = ERR_SYSTEM;
    } else if (!statement->stmt || str_trim(str_from(rest)).n != 0) {
        err_set(err, ERR_SYSTEM, "database: db_query takes exactly one statement: %.200s", sql);
    } else if (fill_indexes(statement, err)) {
        return statement;
    }
    drop(statement);
    return NULL;
}

static struct db_statement *sqlite_prepare(struct db *db, const char *sql, struct err *err)
{
    struct sqlite *s = sqlite_of(db);
    uint32_t slot = slot_of(sql);
    while (s->cache[slot] && strcmp(s->cache[slot]->sql, sql) != 0)
        slot = (slot + 1) % CACHE_SLOTS;
    struct db_statement *statement = s->cache[slot];
    if (!statement || statement->busy) {
        bool room = !statement && s->cached < CACHE_SLOTS / 2;
        statement = prepare_new(s, sql, err);
        if (statement && room) {
            s->cache[slot] = statement;
            s->cached++;
            statement->cached = true;
        }
    }
    if (statement)
        statement->busy = true;
    return statement;
}

static bool bound(struct db_statement *statement, int code, int parameter, struct err *err)
{
    if (code == SQLITE_OK)
        return true;
    return err_set(err, ERR_SYSTEM, "database: $%d: %s: %.200s", parameter, sqlite3_errstr(code), statement->sql);
}

static int index_of(const struct db_statement *statement, int parameter)
{
    return parameter >= 1 && parameter <= PARAMETERS_MAX ? statement->index[parameter] : 0;
}

static bool sqlite_bind_int(struct db_statement *statement, int parameter, int64_t value, struct err *err)
{
    return bound(statement, sqlite3_bind_int64(statement->stmt, index_of(statement, parameter), value), parameter, err);
}

static bool sqlite_bind_bytes(struct db_statement *statement, int parameter, struct str value, bool text, struct err *err)
{
    int index = index_of(statement, parameter);
    const char *p = value.p ? value.p : ""; /* a NULL pointer would bind NULL instead of the empty text */
    int code = text ? sqlite3_bind_text64(statement->stmt, index, p, value.n, SQLITE_TRANSIENT, SQLITE_UTF8)
                    : sqlite3_bind_blob64(statement->stmt, index, p, value.n, SQLITE_TRANSIENT);
    return bound(statement, code, parameter, err);
}

static bool sqlite_bind_null(struct db_statement *statement, int parameter, struct err *err)
{
    return bound(statement, sqlite3_bind_null(statement->stmt, index_of(statement, parameter)), parameter, err);
}

static enum db_step sqlite_step(struct db_statement *statement, struct err *err)
{
    int code = sqlite3_step(statement->stmt);
    if (code == SQLITE_ROW)
        return DB_ROW;
    if (code == SQLITE_DONE)
        return DB_END;
    char what[120];
    snprintf(what, sizeof what, "%.100s", statement->sql);
    failed(statement->owner, what, err);
    return DB_FAILED;
}

static int64_t sqlite_column_int(struct db_statement *statement, int column)
{
    return sqlite3_column_int64(statement->stmt, column);
}

static struct str sqlite_column_bytes(struct db_statement *statement, int column)
{
    const char *p = sqlite3_column_blob(statement->stmt, column);
    int n = sqlite3_column_bytes(statement->stmt, column);
    return p ? (struct str){ p, (size_t)n } : STR("");
}

static bool sqlite_column_is_null(struct db_statement *statement, int column)
{
    return sqlite3_column_type(statement->stmt, column) == SQLITE_NULL;
}

static void sqlite_finish(struct db_statement *statement)
{
    if (!statement->cached) {
        drop(statement);
        return;
    }
    sqlite3_reset(statement->stmt);
    sqlite3_clear_bindings(statement->stmt);
    statement->busy = false;
}

static int64_t sqlite_changes(struct db *db) { return sqlite3_changes64(sqlite_of(db)->handle); }
static int64_t sqlite_last_id(struct db *db) { return sqlite3_last_insert_rowid(sqlite_of(db)->handle); }

const struct db_engine db_sqlite_engine = {
    .scheme = "sqlite",
    .open = sqlite_open,
    .close = sqlite_close,
    .exec = sqlite_exec,
    .in_transaction = sqlite_in_transaction,
    .backup = sqlite_backup,
    .prepare = sqlite_prepare,
    .bind_int = sqlite_bind_int,
    .bind_bytes = sqlite_bind_bytes,
    .bind_null = sqlite_bind_null,
    .step = sqlite_step,
    .column_int = sqlite_column_int,
    .column_bytes = sqlite_column_bytes,
    .column_is_null = sqlite_column_is_null,
    .finish = sqlite_finish,
    .changes = sqlite_changes,
    .last_id = sqlite_last_id,
    .begin = "BEGIN IMMEDIATE",
    .commit = "COMMIT",
    .rollback = "ROLLBACK",
    /* Savepoints nest by the same name: SQLite means the newest one. */
    .savepoint = "SAVEPOINT step",
    .release = "RELEASE step",
    .rollback_to = "ROLLBACK TO step",
};
