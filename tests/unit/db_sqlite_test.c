/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "db/db.h"

static char folder[] = "/tmp/tirkeu-db-XXXXXX", path[64], copy[64];
static struct err err;

#define OK(call)                                                                                                                 \
    do {                                                                                                                         \
        if (!(call))                                                                                                             \
            fail_msg("%s: %s", #call, err.text);                                                                                 \
    } while (0)

static int make_folder(void **state)
{
    (void)state;
    if (!mkdtemp(folder))
        return -1;
    snprintf(path, sizeof path, "%s/a.db", folder);
    snprintf(copy, sizeof copy, "%s/b.db", folder);
    return 0;
}

static int remove_folder(void **state)
{
    static const char *const names[] = { "a.db", "a.db-wal", "a.db-shm", "b.db", "b.db-wal", "b.db-shm" };
    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char name[80];
        snprintf(name, sizeof name, "%s/%s", folder, names[i]);
        unlink(name);
    }
    return rmdir(folder);
}

static struct db *open_memory(void)
{
    struct db *db;
    OK(db_open("sqlite::memory:", false, &db, &err));
    OK(db_exec(db, "CREATE TABLE t (id INTEGER PRIMARY KEY, a INTEGER, b TEXT, c BLOB) STRICT", &err));
    return db;
}

static int64_t number(struct db *db, const char *sql)
{
    struct db_query q;
    int64_t n = -1;
    OK(db_query(db, &q, sql, &err));
    while (db_row(&q))
        n = db_int(&q, 0);
    OK(db_finish(&q, &err));
    return n;
}

/* $2 stands before $1: the numbers count, not the places. */
static void parameters_by_number(void **state)
{
    (void)state;
    struct db *db = open_memory();
    struct db_query q;
    for (int i = 1; i <= 3; i++) {
        OK(db_query(db, &q, "INSERT INTO t (b, a) VALUES ($2, $1)", &err));
        db_bind_int(&q, 1, i * 10);
        db_bind_str(&q, 2, STR("мәтін"));
        assert_false(db_row(&q));
        OK(db_finish(&q, &err));
        assert_int_equal(db_last_id(db), i);
    }
    OK(db_query(db, &q, "UPDATE t SET a = $2 WHERE a = $1", &err));
    db_bind_int(&q, 2, 7);
    db_bind_int(&q, 1, 20);
    assert_false(db_row(&q));
    OK(db_finish(&q, &err));
    assert_int_equal(db_changes(db), 1);
    assert_int_equal(number(db, "SELECT id FROM t WHERE a = 7"), 2);
    OK(db_query(db, &q, "SELECT b, c FROM t WHERE id = $1", &err));
    db_bind_int(&q, 1, 1);
    assert_true(db_row(&q));
    assert_true(str_is(db_str(&q, 0), "мәтін"));
    assert_true(db_is_null(&q, 1));
    assert_false(db_row(&q));
    OK(db_finish(&q, &err));
    db_close(db);
}

static void bytes_and_empty_text(void **state)
{
    (void)state;
    struct db *db = open_memory();
    struct db_query q;
    OK(db_query(db, &q, "INSERT INTO t (b, c) VALUES ($1, $2)", &err));
    db_bind_str(&q, 1, (struct str){ NULL, 0 });
    db_bind_bytes(&q, 2, (struct str){ "a\0b", 3 });
    db_row(&q);
    OK(db_finish(&q, &err));
    OK(db_query(db, &q, "SELECT b, c FROM t", &err));
    assert_true(db_row(&q));
    assert_false(db_is_null(&q, 0));
    assert_true(str_equal(db_str(&q, 1), (struct str){ "a\0b", 3 }));
    OK(db_finish(&q, &err));
    db_close(db);
}

static void wrong_statements(void **state)
{
    (void)state;
    struct db *db = open_memory();
    struct db_query q;
    assert_false(db_query(db, &q, "SELEKT 1", &err));
    assert_false(db_query(db, &q, "SELECT 1; SELECT 2", &err));
    assert_false(db_query(db, &q, "SELECT ?", &err));
    OK(db_query(db, &q, "SELECT $1", &err));
    db_bind_int(&q, 2, 1); /* there is no $2 */
    assert_false(db_row(&q));
    assert_false(db_finish(&q, &err));
    OK(db_query(db, &q, "INSERT INTO t (a) VALUES ($1)", &err));
    db_bind_str(&q, 1, STR("not a number")); /* STRICT */
    assert_false(db_row(&q));
    assert_false(db_finish(&q, &err));
    assert_int_equal(err.kind, ERR_CONFLICT);
    assert_false(
        db_exec(db, "PRAGMA foreign_keys = ON; CREATE TABLE u (x INTEGER REFERENCES t (id)); INSERT INTO u VALUES (5)", &err));
    assert_false(db_exec(db, "ATTACH '/tmp/x.db' AS x", &err));
    db_close(db);
}

/* The same text while it is running gets a statement of its own. */
static void nested_query(void **state)
{
    (void)state;
    struct db *db = open_memory();
    struct db_query outer, inner;
    int rows = 0;
    OK(db_exec(db, "INSERT INTO t (a) VALUES (1), (2), (3)", &err));
    OK(db_query(db, &outer, "SELECT a FROM t", &err));
    while (db_row(&outer)) {
        OK(db_query(db, &inner, "SELECT a FROM t", &err));
        while (db_row(&inner))
            rows++;
        OK(db_finish(&inner, &err));
    }
    OK(db_finish(&outer, &err));
    assert_int_equal(rows, 9);
    db_close(db);
}

static void savepoints(void **state)
{
    (void)state;
    struct db *db = open_memory();
    assert_false(db_in_transaction(db));
    OK(db_begin(db, &err));
    OK(db_exec(db, "INSERT INTO t (a) VALUES (1)", &err));
    OK(db_savepoint(db, &err));
    OK(db_exec(db, "INSERT INTO t (a) VALUES (2)", &err));
    OK(db_savepoint(db, &err));
    OK(db_exec(db, "INSERT INTO t (a) VALUES (3)", &err));
    OK(db_savepoint_release(db, &err));
    db_savepoint_rollback(db);
    OK(db_savepoint(db, &err));
    OK(db_exec(db, "INSERT INTO t (a) VALUES (4)", &err));
    OK(db_savepoint_release(db, &err));
    OK(db_commit(db, &err));
    assert_int_equal(number(db, "SELECT sum(a) FROM t"), 5);
    OK(db_begin(db, &err));
    OK(db_exec(db, "DELETE FROM t", &err));
    db_rollback(db);
    assert_int_equal(number(db, "SELECT count(*) FROM t"), 2);
    db_close(db);
}

/* Names and numbers of everybody are in it. */
static void is_private(const char *file)
{
    struct stat about;
    assert_int_equal(stat(file, &about), 0);
    assert_int_equal(about.st_mode & 0777, 0600);
}

static void readers_and_backup(void **state)
{
    (void)state;
    struct db *writer, *reader, *kept;
    char wal[sizeof path + 8];
    snprintf(wal, sizeof wal, "%s-wal", path);
    umask(022);
    OK(db_open(path, false, &writer, &err));
    OK(db_exec(writer, "CREATE TABLE t (a INTEGER) STRICT; INSERT INTO t VALUES (1)", &err));
    OK(db_open(path, true, &reader, &err));
    assert_true(db_is_read_only(reader) && !db_is_read_only(writer));
    assert_false(db_exec(reader, "INSERT INTO t VALUES (2)", &err));
    OK(db_savepoint(reader, &err)); /* a snapshot */
    assert_int_equal(number(reader, "SELECT count(*) FROM t"), 1);
    OK(db_begin(writer, &err));
    OK(db_exec(writer, "INSERT INTO t VALUES (2)", &err));
    OK(db_commit(writer, &err));
    assert_int_equal(number(reader, "SELECT count(*) FROM t"), 1);
    OK(db_savepoint_release(reader, &err));
    assert_int_equal(number(reader, "SELECT count(*) FROM t"), 2);
    OK(db_begin(writer, &err));
    OK(db_exec(writer, "INSERT INTO t VALUES (3)", &err));
    OK(db_backup(reader, copy, &err)); /* while somebody writes: what is committed */
    OK(db_commit(writer, &err));
    is_private(path);
    is_private(wal);
    is_private(copy);
    assert_false(db_backup(reader, copy, &err)); /* never over something else */
    assert_int_equal(err.kind, ERR_INPUT);
    OK(db_open(copy, true, &kept, &err));
    assert_int_equal(number(kept, "SELECT count(*) FROM t"), 2);
    db_close(kept);
    db_close(reader);
    db_close(writer);
}

static void addresses(void **state)
{
    (void)state;
    struct db *db;
    assert_false(db_open("postgres://localhost/tirkeu", false, &db, &err));
    assert_int_equal(err.kind, ERR_INPUT);
    assert_false(db_open("/nowhere/at/all.db", false, &db, &err));
    assert_int_equal(err.kind, ERR_SYSTEM);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parameters_by_number),
        cmocka_unit_test(bytes_and_empty_text),
        cmocka_unit_test(wrong_statements),
        cmocka_unit_test(nested_query),
        cmocka_unit_test(savepoints),
        cmocka_unit_test(readers_and_backup),
        cmocka_unit_test(addresses),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
