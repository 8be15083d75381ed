/* SPDX-License-Identifier: Apache-2.0 */
#include "mart_sql.h"

#include "world/world.h"

#include <unistd.h>

static _Noreturn void fail(sqlite3 *db, const char *what)
{
    fprintf(stderr, "mart_sql: %s: %s\n", what, db == NULL ? "" : sqlite3_errmsg(db));
    exit(2);
}

static void run(sqlite3 *db, const char *sql)
{
    if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
        fail(db, sql);
}

int sql_class(enum kin_degree degree, enum kin_side side)
{
    static const int first[KIN_DEGREES] = { 0, 1, 2, 3, 4, 6, 8, 10 };
    return kin_degree_has_side(degree) ? first[degree] + (side == KIN_FATHER) : first[degree];
}

/* ---- the acts ---- */

struct loading {
    sqlite3 *db;
    sqlite3_stmt *insert[WORLD_FILES];
};

static const char *const inserts[WORLD_FILES] = {
    [WORLD_PERSONS] = "INSERT INTO person_row VALUES (?1, ?2, ?3)",
    [WORLD_BIRTHS] = "INSERT INTO birth_row VALUES (?1, ?2, ?3, ?4)",
    [WORLD_MARRIAGES] = "INSERT INTO marriage_row VALUES (?1, ?2, ?3, ?4)",
    [WORLD_DIVORCES] = "INSERT INTO divorce_row VALUES (?1, ?2, ?3, ?4)",
};

static void begin(void *context, enum world_file file)
{
    struct loading *l = context;
    if (inserts[file] != NULL && sqlite3_prepare_v2(l->db, inserts[file], -1, &l->insert[file], NULL) != SQLITE_OK)
        fail(l->db, inserts[file]);
}

static void bind_iin(sqlite3_stmt *s, int at, struct iin iin)
{
    if (iin_is_none(iin))
        sqlite3_bind_null(s, at);
    else
        sqlite3_bind_int64(s, at, (int64_t)iin.n);
}

static void bind_day(sqlite3_stmt *s, int at, struct day day)
{
    if (day_is_none(day))
        sqlite3_bind_null(s, at);
    else
        sqlite3_bind_int(s, at, day.n);
}

static void bind_text(sqlite3_stmt *s, int at, struct str text)
{
    if (text.n == 0)
        sqlite3_bind_null(s, at);
    else
        sqlite3_bind_text(s, at, text.p, (int)text.n, SQLITE_TRANSIENT);
}

static void bind_row(sqlite3_stmt *s, enum world_file file, const void *row)
{
    if (file == WORLD_PERSONS) {
        const struct world_person *p = row;
        bind_iin(s, 1, p->iin);
        bind_day(s, 2, p->born);
        bind_day(s, 3, p->died);
    } else if (file == WORLD_BIRTHS) {
        const struct world_birth *b = row;
        bind_iin(s, 1, b->child);
        bind_iin(s, 2, b->mother);
        bind_iin(s, 3, b->father);
        bind_day(s, 4, b->act_date);
    } else if (file == WORLD_MARRIAGES) {
        const struct world_marriage *m = row;
        bind_text(s, 1, m->act_number);
        bind_iin(s, 2, m->husband);
        bind_iin(s, 3, m->wife);
        bind_day(s, 4, m->act_date);
    } else {
        const struct world_divorce *d = row;
        bind_text(s, 1, d->marriage_act_number);
        bind_iin(s, 2, d->husband);
        bind_iin(s, 3, d->wife);
        bind_day(s, 4, d->act_date);
    }
}

static void insert_row(void *context, enum world_file file, const void *row)
{
    struct loading *l = context;
    if (l->insert[file] == NULL)
        return;
    bind_row(l->insert[file], file, row);
    if (sqlite3_step(l->insert[file]) != SQLITE_DONE)
        fail(l->db, inserts[file]);
    sqlite3_reset(l->insert[file]);
}

/* What holds on the day, in SQL. */
static void derive(sqlite3 *db, struct day day)
{
    char sql[3000];
    snprintf(sql, sizeof sql,
             "CREATE TABLE person (iin INTEGER PRIMARY KEY, mother INTEGER, father INTEGER);"
             "INSERT INTO person SELECT p.iin, b.mother, b.father FROM person_row p LEFT JOIN birth_row b"
             "  ON b.child = p.iin AND b.day <= %d ORDER BY p.iin;"
             "CREATE TEMP TABLE alive AS SELECT iin FROM person_row WHERE (born IS NULL OR born <= %d)"
             "  AND (died IS NULL OR died > %d);"
             "CREATE UNIQUE INDEX temp.alive_iin ON alive (iin);"
             "CREATE INDEX divorce_number ON divorce_row (marriage); CREATE INDEX divorce_couple ON divorce_row (husband, wife);"
             "CREATE TEMP TABLE present AS SELECT husband, wife FROM marriage_row m WHERE day <= %d AND husband <> wife"
             "  AND husband IN (SELECT iin FROM alive) AND wife IN (SELECT iin FROM alive)"
             "  AND NOT EXISTS (SELECT 1 FROM divorce_row d WHERE d.marriage = m.number AND d.day <= %d)"
             "  AND NOT EXISTS (SELECT 1 FROM divorce_row d WHERE d.marriage IS NULL AND d.day <= %d AND d.day >= m.day"
             "    AND d.husband = m.husband AND d.wife = m.wife)"
             "  AND NOT EXISTS (SELECT 1 FROM divorce_row d WHERE d.marriage IS NULL AND d.day <= %d AND d.day >= m.day"
             "    AND d.husband = m.wife AND d.wife = m.husband);"
             "CREATE TABLE spouse (iin INTEGER, spouse INTEGER, PRIMARY KEY (iin, spouse)) WITHOUT ROWID;"
             "INSERT OR IGNORE INTO spouse SELECT husband, wife FROM present UNION SELECT wife, husband FROM present ORDER BY 1;"
             "DROP TABLE person_row; DROP TABLE birth_row; DROP TABLE marriage_row; DROP TABLE divorce_row;"
             "CREATE INDEX person_mother ON person (mother); CREATE INDEX person_father ON person (father);",
             day.n, day.n, day.n, day.n, day.n, day.n, day.n);
    run(db, sql);
}

static void tune(sqlite3 *db)
{
    run(db, "PRAGMA mmap_size = 8589934592; PRAGMA cache_size = -4000000; PRAGMA temp_store = MEMORY;");
}

sqlite3 *sql_open(const char *folder, struct day day, const char *database)
{
    struct loading l = { 0 };
    struct buf errors;
    struct progress *silent = NULL;
    unlink(database);
    if (sqlite3_open(database, &l.db) != SQLITE_OK)
        fail(l.db, database);
    run(l.db, "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE;"
              "CREATE TABLE person_row (iin INTEGER PRIMARY KEY, born INTEGER, died INTEGER);"
              "CREATE TABLE birth_row (child INTEGER PRIMARY KEY, mother INTEGER, father INTEGER, day INTEGER);"
              "CREATE TABLE marriage_row (number TEXT, husband INTEGER, wife INTEGER, day INTEGER);"
              "CREATE TABLE divorce_row (marriage TEXT, husband INTEGER, wife INTEGER, day INTEGER); BEGIN");
    tune(l.db);
    struct world_sink sink = { &l, begin, insert_row };
    buf_init(&errors, 1 << 20);
    if (!world_scan(folder, &sink, silent, &errors)) {
        fwrite(errors.p, 1, errors.n, stderr);
        exit(2);
    }
    buf_release(&errors);
    for (int i = 0; i < WORLD_FILES; i++)
        sqlite3_finalize(l.insert[i]);
    run(l.db, "COMMIT");
    derive(l.db, day);
    run(l.db, "ANALYZE");
    return l.db;
}

sqlite3 *sql_reopen(const char *database)
{
    sqlite3 *db;
    if (access(database, R_OK) != 0)
        return NULL;
    if (sqlite3_open_v2(database, &db, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK)
        fail(db, database);
    tune(db);
    return db;
}

/* ---- the degrees ---- */

#define BLOOD_OF(a, s)                                                                                                           \
    a ".mother = " s ".iin OR " a ".father = " s ".iin OR " s ".mother = " a ".iin OR " s ".father = " a ".iin OR " a            \
      ".mother = " s ".mother OR " a ".father = " s ".father"                                                                    \
      " OR EXISTS (SELECT 1 FROM person p WHERE p.iin IN (" s ".mother, " s ".father) AND (p.mother = " a                        \
      ".iin OR p.father = " a ".iin))"                                                                                           \
      " OR EXISTS (SELECT 1 FROM person p WHERE p.iin IN (" a ".mother, " a ".father) AND (p.mother = " s                        \
      ".iin OR p.father = " s ".iin))"

static const char *const one[SQL_CLASSES] = {
    "SELECT 1 FROM person WHERE iin = ?1 AND (mother = ?2 OR father = ?2)",
    "SELECT 1 FROM person WHERE iin = ?2 AND (mother = ?1 OR father = ?1)",
    "SELECT 1 FROM spouse WHERE iin = ?2 AND spouse = ?1",
    "SELECT 1 FROM person x, person y WHERE x.iin = ?1 AND y.iin = ?2 AND x.mother = y.mother AND x.father = y.father",
    "SELECT 1 FROM person x, person y WHERE x.iin = ?1 AND y.iin = ?2 AND x.mother = y.mother",
    "SELECT 1 FROM person x, person y WHERE x.iin = ?1 AND y.iin = ?2 AND x.father = y.father",
    "SELECT 1 FROM person y JOIN person p ON p.iin = y.mother WHERE y.iin = ?2 AND (p.mother = ?1 OR p.father = ?1)",
    "SELECT 1 FROM person y JOIN person p ON p.iin = y.father WHERE y.iin = ?2 AND (p.mother = ?1 OR p.father = ?1)",
    "SELECT 1 FROM person x JOIN person p ON p.iin = x.mother WHERE x.iin = ?1 AND (p.mother = ?2 OR p.father = ?2)",
    "SELECT 1 FROM person x JOIN person p ON p.iin = x.father WHERE x.iin = ?1 AND (p.mother = ?2 OR p.father = ?2)",
    "SELECT 1 FROM spouse c JOIN person s ON s.iin = c.spouse JOIN person a ON a.iin = ?1"
    " WHERE c.iin = ?2 AND s.iin <> ?1 AND (" BLOOD_OF("a", "s") ") LIMIT 1",
};

const char *sql_one(int class) { return one[class]; }

void sql_prepare(sqlite3 *db, struct sql_checks *ret)
{
    for (int i = 0; i < SQL_CLASSES; i++) {
        if (sqlite3_prepare_v3(db, one[i], -1, SQLITE_PREPARE_PERSISTENT, &ret->statement[i], NULL) != SQLITE_OK)
            fail(db, one[i]);
    }
    run(db, "BEGIN; SELECT 1 FROM person LIMIT 1"); /* one long read transaction */
}

bool sql_check(struct sql_checks *checks, int class, int64_t applicant, int64_t owner)
{
    sqlite3_stmt *s = checks->statement[class];
    sqlite3_bind_int64(s, 1, applicant);
    sqlite3_bind_int64(s, 2, owner);
    bool yes = sqlite3_step(s) == SQLITE_ROW;
    sqlite3_reset(s);
    return yes && applicant != owner; /* nobody is kin to himself */
}

void sql_finish(struct sql_checks *checks)
{
    for (int i = 0; i < SQL_CLASSES; i++)
        sqlite3_finalize(checks->statement[i]);
}

/* ---- every pair ---- */

/* Relatives along one step, so that joins stay small: parent(child, parent), and blood relations of all kinds. */
/* clang-format off */
#define PARENT                                                                                                                   \
    "(SELECT iin AS child, mother AS parent FROM person WHERE mother IS NOT NULL"                                                \
    " UNION SELECT iin, father FROM person WHERE father IS NOT NULL)"
#define SIBLING                                                                                                                  \
    "(SELECT x.iin AS a, y.iin AS b FROM person x JOIN person y ON x.mother = y.mother"                                          \
    " UNION SELECT x.iin, y.iin FROM person x JOIN person y ON x.father = y.father)"
#define GRAND                                                                                                                    \
    "(SELECT p1.child AS grandchild, p2.parent AS grandparent FROM " PARENT " p1 JOIN " PARENT " p2 ON p2.child = p1.parent)"
/* clang-format on */

static const char *const all[SQL_CLASSES] = {
    "SELECT child, parent FROM " PARENT,
    "SELECT parent, child FROM " PARENT,
    "SELECT spouse, iin FROM spouse",
    "SELECT x.iin, y.iin FROM person x JOIN person y ON x.mother = y.mother AND x.father = y.father",
    "SELECT x.iin, y.iin FROM person x JOIN person y ON x.mother = y.mother",
    "SELECT x.iin, y.iin FROM person x JOIN person y ON x.father = y.father",
    "SELECT g.parent, y.iin FROM person y JOIN " PARENT " g ON g.child = y.mother",
    "SELECT g.parent, y.iin FROM person y JOIN " PARENT " g ON g.child = y.father",
    "SELECT x.iin, g.parent FROM person x JOIN " PARENT " g ON g.child = x.mother",
    "SELECT x.iin, g.parent FROM person x JOIN " PARENT " g ON g.child = x.father",
    "SELECT DISTINCT r.a, c.iin FROM spouse c JOIN ("
    " SELECT child AS a, parent AS s FROM " PARENT " UNION SELECT parent, child FROM " PARENT " UNION SELECT a, b FROM " SIBLING
    " UNION SELECT grandchild, grandparent FROM " GRAND " UNION SELECT grandparent, grandchild FROM " GRAND
    ") r ON r.s = c.spouse WHERE r.a <> c.spouse",
};

sqlite3_stmt *sql_all_pairs(sqlite3 *db, int class)
{
    sqlite3_stmt *s;
    char sql[4000];
    snprintf(sql, sizeof sql, "SELECT DISTINCT * FROM (%s) WHERE 1", all[class]);
    if (sqlite3_prepare_v2(db, sql, -1, &s, NULL) != SQLITE_OK)
        fail(db, sql);
    return s;
}
