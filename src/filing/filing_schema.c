/* SPDX-License-Identifier: Apache-2.0 */
/* Migrations: the files of schema/ in the order of their numbers, each in one transaction. */
#include <inttypes.h>
#include <stdio.h>

#include "base/embedded.h"
#include "filing/filing_impl.h"

extern const struct base_embedded filing_schema[];
extern const int filing_schema_count;

static bool version_of(struct db *db, int64_t *ret, struct err *err)
{
    static const char table[] = "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = 'meta'";
    static const char version[] = "SELECT CAST(value AS INTEGER) FROM meta WHERE name = 'schema'";
    int64_t tables;
    if (!filing_number_of(db, table, NULL, 0, 0, &tables, err))
        return false;
    *ret = 0;
    return tables == 0 || filing_number_of(db, version, NULL, 0, 0, ret, err);
}

static bool apply(struct db *db, int64_t number, struct err *err)
{
    static const char record[] =
        "INSERT INTO meta (name, value) VALUES ('schema', $1) ON CONFLICT (name) DO UPDATE SET value = excluded.value";
    char text[24];
    snprintf(text, sizeof text, "%" PRId64, number);
    return db_exec(db, (const char *)filing_schema[number - 1].bytes, err) && filing_run(db, record, VALUES(v_text(text)), err);
}

bool filing_migrate(struct db *db, struct err *err)
{
    static const char meta[] = "CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT";
    int64_t version = 0;
    if (!db_begin(db, err))
        return false;
    /* Read inside the transaction: another process may be migrating as well. */
    bool ok = db_exec(db, meta, err) && version_of(db, &version, err);
    if (ok && version > filing_schema_count)
        ok = err_set(err, ERR_INPUT, "the database has schema %" PRId64 ", this program knows %d: it is too old for it", version,
                     filing_schema_count);
    for (int64_t n = version + 1; ok && n <= filing_schema_count; n++)
        ok = apply(db, n, err) || err_prefix(err, "schema %s", filing_schema[n - 1].name);
    if (ok)
        return db_commit(db, err);
    db_rollback(db);
    return false;
}

bool filing_schema_is_current(struct db *db, struct err *err)
{
    int64_t version;
    if (!version_of(db, &version, err))
        return false;
    if (version == filing_schema_count)
        return true;
    return err_set(err, ERR_INPUT, "the database has schema %" PRId64 ", this program needs %d: run `tirkeu migrate`", version,
                   filing_schema_count);
}
