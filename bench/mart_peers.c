/* SPDX-License-Identifier: Apache-2.0 */
/* SQLite and LMDB as peers: prepared queries and packed values, one long read transaction each. */
#include "mart_peers.h"

#include <lmdb.h>
#include <string.h>
#include <sys/stat.h>

/* ---- SQLite ---- */

static void check_sqlite(void *state, const struct kin_check *checks, size_t count, uint8_t *ret)
{
    for (size_t i = 0; i < count; i++) {
        int class = sql_class((enum kin_degree)checks[i].degree, (enum kin_side)checks[i].side);
        ret[i] = sql_check(state, class, peer_number(checks[i].applicant), peer_number(checks[i].owner));
    }
}

struct peer peer_sqlite(sqlite3 *source)
{
    struct sql_checks *checks = calloc(1, sizeof *checks);
    sql_prepare(source, checks);
    return (struct peer){ "SQLite", checks, false, check_sqlite };
}

/* ---- LMDB: an integer key, the row packed into 32 bytes ---- */

struct row {
    int64_t iin, mother, father, spouse;
};
struct lmdb {
    MDB_env *env;
    MDB_txn *txn;
    MDB_dbi dbi;
};

static void must(int status, const char *what)
{
    if (status != 0) {
        fprintf(stderr, "mart_peers: LMDB: %s: %s\n", what, mdb_strerror(status));
        exit(2);
    }
}

static void fill_lmdb(struct lmdb *l, sqlite3 *source)
{
    sqlite3_stmt *s;
    sqlite3_prepare_v2(source,
                       "SELECT p.iin, p.mother, p.father, (SELECT spouse FROM spouse c WHERE c.iin = p.iin LIMIT 1)"
                       " FROM person p ORDER BY p.iin",
                       -1, &s, NULL);
    while (sqlite3_step(s) == SQLITE_ROW) {
        struct row row = { sqlite3_column_int64(s, 0), sqlite3_column_int64(s, 1), sqlite3_column_int64(s, 2),
                           sqlite3_column_int64(s, 3) };
        MDB_val key = { sizeof row.iin, &row.iin }, value = { sizeof row, &row };
        must(mdb_put(l->txn, l->dbi, &key, &value, MDB_APPEND), "append");
    }
    sqlite3_finalize(s);
}

static struct row get(const struct lmdb *l, int64_t iin)
{
    MDB_val key = { sizeof iin, &iin }, value;
    struct row row = { 0 };
    if (iin != 0 && mdb_get(l->txn, l->dbi, &key, &value) == 0)
        memcpy(&row, value.mv_data, sizeof row);
    return row;
}

static bool child_of(struct row child, int64_t parent)
{
    return parent != 0 && (child.mother == parent || child.father == parent);
}
static int64_t on(struct row row, int side) { return side == KIN_MOTHER ? row.mother : row.father; }
static bool same(int64_t a, int64_t b) { return a != 0 && a == b; }

static bool in_law(const struct lmdb *l, int64_t a, int64_t b)
{
    struct row s = get(l, get(l, b).spouse), x;
    if (s.iin == 0 || s.iin == a)
        return false;
    x = get(l, a);
    return child_of(x, s.iin) || child_of(s, a) || same(x.mother, s.mother) || same(x.father, s.father) ||
           child_of(get(l, s.mother), a) || child_of(get(l, s.father), a) || child_of(get(l, x.mother), s.iin) ||
           child_of(get(l, x.father), s.iin);
}

static bool check_one(const struct lmdb *l, enum kin_degree degree, int side, int64_t a, int64_t b)
{
    struct row x, y;
    switch (degree) {
    case KIN_CHILD: return child_of(get(l, a), b);
    case KIN_PARENT: return child_of(get(l, b), a);
    case KIN_SPOUSE: return same(get(l, b).spouse, a);
    case KIN_FULL_SIBLING: x = get(l, a), y = get(l, b); return same(x.mother, y.mother) && same(x.father, y.father);
    case KIN_HALF_SIBLING: return same(on(get(l, a), side), on(get(l, b), side));
    case KIN_GRANDPARENT: return child_of(get(l, on(get(l, b), side)), a);
    case KIN_GRANDCHILD: return child_of(get(l, on(get(l, a), side)), b);
    default: return in_law(l, a, b);
    }
}

static void check_lmdb(void *state, const struct kin_check *checks, size_t count, uint8_t *ret)
{
    for (size_t i = 0; i < count; i++) {
        int64_t a = peer_number(checks[i].applicant), b = peer_number(checks[i].owner);
        ret[i] = a != b && check_one(state, (enum kin_degree)checks[i].degree, checks[i].side, a, b);
    }
}

static unsigned long long persons_of(sqlite3 *source)
{
    sqlite3_stmt *s;
    sqlite3_prepare_v2(source, "SELECT count(*) FROM person", -1, &s, NULL);
    sqlite3_step(s);
    unsigned long long persons = (unsigned long long)sqlite3_column_int64(s, 0);
    sqlite3_finalize(s);
    return persons;
}

struct peer peer_lmdb(sqlite3 *source, const char *folder)
{
    struct lmdb *l = calloc(1, sizeof *l);
    char file[4096];
    struct stat about;
    snprintf(file, sizeof file, "%s/%llu.lmdb", folder, persons_of(source));
    bool fresh = stat(file, &about) != 0;
    must(mdb_env_create(&l->env), "create");
    must(mdb_env_set_mapsize(l->env, (size_t)8 << 30), "map");
    must(mdb_env_open(l->env, file, MDB_NOSUBDIR | MDB_NOSYNC | MDB_NORDAHEAD, 0600), "open");
    must(mdb_txn_begin(l->env, NULL, fresh ? 0 : MDB_RDONLY, &l->txn), "begin");
    must(mdb_dbi_open(l->txn, NULL, fresh ? MDB_INTEGERKEY | MDB_CREATE : MDB_INTEGERKEY, &l->dbi), "database");
    if (fresh) {
        fill_lmdb(l, source);
        must(mdb_txn_commit(l->txn), "commit");
        must(mdb_txn_begin(l->env, NULL, MDB_RDONLY, &l->txn), "begin");
    }
    return (struct peer){ "LMDB", l, false, check_lmdb };
}
