/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The same decision as somebody would write it over a database: every query prepared once, all in
 * memory, no JSON. Like ours it comes with its figures, and with the persons and acts of the proof
 * or what is missing. It is the yardstick that `tirkeu decide` has to beat.
 */
#include <stdlib.h>

#include "peers_sqlite.h"

/* ?1 dwelling, ?2 applicant, ?3 day everywhere; a proof is the owner, the persons between, and the acts' numbers. */
#define OWNERS  " FROM owners o "
#define NATURAL " WHERE o.dwelling = ?1 AND o.company = 0 AND o.owner <> ?2 "
#define ACT(x)  " JOIN births " x " ON " x ".day <= ?3 AND " x ".child = "
#define SPOUSE  " JOIN spouses s ON s.person = o.owner "
#define ONE     " LIMIT 1"
#define IN_FORCE                                                                                                                 \
    " AND s.day <= ?3 AND s.ended > ?3 AND EXISTS (SELECT 1 FROM persons p WHERE p.iin = s.person AND p.born <= ?3 AND p.died "  \
    "> ?3)"                                                                                                                      \
    " AND EXISTS (SELECT 1 FROM persons p WHERE p.iin = s.spouse AND p.born <= ?3 AND p.died > ?3) "
#define IS_PARENT(elder, x)  " AND (" x ".mother = " elder " OR " x ".father = " elder ") "
#define IN_LAW_HEAD(columns) "SELECT o.owner, s.spouse, " columns OWNERS SPOUSE
#define IN_LAW_TAIL          NATURAL IN_FORCE " AND s.spouse <> ?2 "

static const char *const texts[QUERIES] = {
    [Q_DWELLING] = "SELECT id, capital, area FROM dwellings WHERE rka = ?1",
    [Q_OWNERS] =
        "SELECT o.company, p.born, p.adult, p.died, p.capable, EXISTS (SELECT 1 FROM incapacity i WHERE i.iin = o.owner"
        " AND i.since <= ?3 AND i.until >= ?3) FROM owners o LEFT JOIN persons p ON p.iin = o.owner WHERE o.dwelling = ?1",
    [Q_HEADS] =
        "SELECT count(DISTINCT r.iin) FROM residents r JOIN persons p ON p.iin = r.iin WHERE r.dwelling = ?1 AND r.iin <> ?2"
        " AND r.since <= ?3 AND r.until >= ?3 AND p.born <= ?3 AND p.died > ?3",
    [Q_IS_OWNER] = "SELECT owner FROM owners WHERE dwelling = ?1 AND owner = ?2 LIMIT 1",
    [Q_STUDIES] = "SELECT 1 FROM students WHERE iin = ?2 AND since <= ?3 AND until >= ?3 LIMIT 1",
    [Q_CHILD] = "SELECT o.owner, x.number" OWNERS ACT("x") "?2" NATURAL IS_PARENT("o.owner", "x") ONE,
    [Q_PARENT] = "SELECT o.owner, x.number" OWNERS ACT("x") "o.owner" NATURAL IS_PARENT("?2", "x") ONE,
    [Q_SPOUSE] = "SELECT o.owner, s.number" OWNERS SPOUSE NATURAL "AND s.spouse = ?2" IN_FORCE ONE,
    [Q_FULL_SIBLING] = "SELECT o.owner, x.mother, x.father, x.number, y.number" OWNERS ACT("x") "?2" ACT(
        "y") "o.owner" NATURAL "AND y.mother = x.mother AND y.father = x.father" ONE,
    [Q_HALF_SIBLING_MOTHER] = "SELECT o.owner, x.mother, x.number, y.number" OWNERS ACT("x") "?2" ACT(
        "y") "o.owner" NATURAL "AND y.mother = x.mother" ONE,
    [Q_HALF_SIBLING_FATHER] = "SELECT o.owner, x.father, x.number, y.number" OWNERS ACT("x") "?2" ACT(
        "y") "o.owner" NATURAL "AND y.father = x.father" ONE,
    [Q_GRANDPARENT_MOTHER] = "SELECT o.owner, x.mother, x.number, y.number" OWNERS ACT("x") "o.owner" ACT(
        "y") "x.mother" NATURAL IS_PARENT("?2", "y") ONE,
    [Q_GRANDPARENT_FATHER] = "SELECT o.owner, x.father, x.number, y.number" OWNERS ACT("x") "o.owner" ACT(
        "y") "x.father" NATURAL IS_PARENT("?2", "y") ONE,
    [Q_GRANDCHILD_MOTHER] = "SELECT o.owner, x.mother, x.number, y.number" OWNERS ACT("x") "?2" ACT(
        "y") "x.mother" NATURAL IS_PARENT("o.owner", "y") ONE,
    [Q_GRANDCHILD_FATHER] = "SELECT o.owner, x.father, x.number, y.number" OWNERS ACT("x") "?2" ACT(
        "y") "x.father" NATURAL IS_PARENT("o.owner", "y") ONE,
    /* The spouse's child, parent, sibling with either parent, grandparent, grandchild. */
    [Q_IN_LAW] = IN_LAW_HEAD("s.number, x.number, NULL")
        ACT("x") "?2" IN_LAW_TAIL IS_PARENT("s.spouse", "x") " UNION ALL " IN_LAW_HEAD("s.number, x.number, NULL")
            ACT("x") "s.spouse" IN_LAW_TAIL IS_PARENT("?2", "x") " UNION ALL " IN_LAW_HEAD("s.number, x.number, y.number")
                ACT("x") "?2" ACT("y") "s.spouse" IN_LAW_TAIL "AND (y.mother = x.mother OR y.father = x.father)"
                                       " UNION ALL " IN_LAW_HEAD("s.number, x.number, y.number")
                                           ACT("x") "s.spouse" ACT("y") "x.mother" IN_LAW_TAIL IS_PARENT(
                                               "?2", "y") " UNION ALL " IN_LAW_HEAD("s.number, x.number, y.number")
                                               ACT("x") "s.spouse" ACT("y") "x.father" IN_LAW_TAIL IS_PARENT(
                                                   "?2", "y") " UNION ALL " IN_LAW_HEAD("s.number, x.number, y.number")
                                                   ACT("x") "?2" ACT("y") "x.mother" IN_LAW_TAIL IS_PARENT(
                                                       "s.spouse", "y") " UNION ALL " IN_LAW_HEAD("s.number, x.number, y.number")
                                                       ACT("x") "?2" ACT("y") "x.father" IN_LAW_TAIL IS_PARENT("s.spouse", "y")
                                                           ONE,
    /* What a refusal has to name: the acts of the applicant and of each owner, as far as they are there. */
    [Q_BIRTHS_ON_RECORD] =
        "SELECT o.owner, x.number, x.mother, x.father, y.number, y.mother, y.father" OWNERS
        " LEFT JOIN births x ON x.child = o.owner AND x.day <= ?3 LEFT JOIN births y ON y.child = ?2 AND y.day <= ?3" NATURAL,
    [Q_MARRIAGES_ON_RECORD] =
        "SELECT o.owner, s.spouse, s.ended, p.died" OWNERS
        " LEFT JOIN spouses s ON s.person = o.owner AND s.day <= ?3 LEFT JOIN persons p ON p.iin = s.spouse" NATURAL,
};

void peers_sqlite_check(struct peers_sqlite *db, int code)
{
    if (code == SQLITE_OK || code == SQLITE_DONE || code == SQLITE_ROW)
        return;
    fprintf(stderr, "decide_peers: SQLite: %s\n", sqlite3_errmsg(db->db));
    exit(2);
}

sqlite3_stmt *peers_sqlite_prepare(struct peers_sqlite *db, const char *text)
{
    sqlite3_stmt *statement;
    peers_sqlite_check(db, sqlite3_prepare_v3(db->db, text, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL));
    return statement;
}

struct peers_sqlite *peers_sqlite_open(struct world *world)
{
    struct peers_sqlite *db = mem_alloc(sizeof *db);
    sqlite3_config(SQLITE_CONFIG_SINGLETHREAD);
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    peers_sqlite_check(db, sqlite3_open(":memory:", &db->db));
    peers_sqlite_load(db, world);
    peers_sqlite_check(db, sqlite3_exec(db->db, "BEGIN", NULL, NULL, NULL)); /* one, so that no query begins its own */
    for (int i = 0; i < QUERIES; i++)
        db->query[i] = peers_sqlite_prepare(db, texts[i]);
    return db;
}

void peers_sqlite_close(struct peers_sqlite *db)
{
    for (int i = 0; i < QUERIES; i++)
        sqlite3_finalize(db->query[i]);
    sqlite3_close(db->db);
    free(db);
}

static sqlite3_stmt *ask(struct peers_sqlite *db, enum query query, sqlite3_int64 dwelling, const struct inquiry_application *a)
{
    sqlite3_stmt *statement = db->query[query];
    sqlite3_bind_int64(statement, 1, dwelling);
    sqlite3_bind_int64(statement, 2, (sqlite3_int64)a->applicant.n);
    sqlite3_bind_int64(statement, 3, a->day.n);
    return statement;
}

/* Adds a row's figures and texts to what the decision holds. */
static void keep(sqlite3_stmt *statement, struct peers_decision *ret)
{
    for (int i = 0; i < sqlite3_column_count(statement); i++) {
        int type = sqlite3_column_type(statement, i);
        if (type == SQLITE_INTEGER && ret->persons < PEERS_ITEMS_MAX)
            ret->person[ret->persons++] = sqlite3_column_int64(statement, i);
        if (type == SQLITE_TEXT && ret->acts < PEERS_ITEMS_MAX)
            snprintf(ret->act[ret->acts++], PEERS_ACT_TEXT, "%s", (const char *)sqlite3_column_text(statement, i));
    }
}

/* Whether there is any row; all of them are kept. */
static bool holds(struct peers_sqlite *db, enum query query, sqlite3_int64 dwelling, const struct inquiry_application *a,
                  struct peers_decision *ret)
{
    sqlite3_stmt *statement = ask(db, query, dwelling, a);
    bool any = false;
    int code;
    for (; (code = sqlite3_step(statement)) == SQLITE_ROW; any = true)
        keep(statement, ret);
    peers_sqlite_check(db, code);
    sqlite3_reset(statement);
    return any;
}

/* Is a living owner a minor or incapable? *ret_any: whether any owner is on record. */
static enum tri owners_protected(struct peers_sqlite *db, sqlite3_int64 dwelling, const struct inquiry_application *a,
                                 bool *ret_any)
{
    sqlite3_stmt *statement = db->query[Q_OWNERS];
    sqlite3_bind_int64(statement, 1, dwelling);
    sqlite3_bind_int64(statement, 3, a->day.n);
    enum tri value = TRI_NO;
    *ret_any = false;
    int code;
    while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
        *ret_any = true;
        bool alive = sqlite3_column_int64(statement, 1) <= a->day.n && sqlite3_column_int64(statement, 3) > a->day.n;
        if (sqlite3_column_int(statement, 0) != 0 || !alive)
            continue;
        bool born = sqlite3_column_type(statement, 2) != SQLITE_NULL;
        enum tri minor = born ? tri_of(a->day.n < sqlite3_column_int64(statement, 2)) : TRI_UNKNOWN;
        bool incapable = sqlite3_column_int(statement, 4) == 0 || sqlite3_column_int(statement, 5) != 0;
        value = tri_or(value, tri_or(minor, tri_of(incapable)));
    }
    peers_sqlite_check(db, code);
    sqlite3_reset(statement);
    return value;
}

static void decide_relation(struct peers_sqlite *db, sqlite3_int64 dwelling, const struct inquiry_application *a,
                            struct peers_decision *ret)
{
    bool mother = a->relation.side == KIN_MOTHER;
    const enum query by_degree[LAW_DEGREES] = {
        [LAW_CHILD] = Q_CHILD,
        [LAW_PARENT] = Q_PARENT,
        [LAW_SPOUSE] = Q_SPOUSE,
        [LAW_FULL_SIBLING] = Q_FULL_SIBLING,
        [LAW_HALF_SIBLING] = mother ? Q_HALF_SIBLING_MOTHER : Q_HALF_SIBLING_FATHER,
        [LAW_GRANDPARENT] = mother ? Q_GRANDPARENT_MOTHER : Q_GRANDPARENT_FATHER,
        [LAW_GRANDCHILD] = mother ? Q_GRANDCHILD_MOTHER : Q_GRANDCHILD_FATHER,
        [LAW_IN_LAW] = Q_IN_LAW,
        [LAW_OWNER] = Q_IS_OWNER,
        [LAW_STUDENT] = Q_STUDIES,
    };
    enum law_degree degree = a->relation.degree;
    if (degree == LAW_NO_DEGREE) {
        ret->outcome = LAW_CHOOSE_RELATION;
    } else if (holds(db, by_degree[degree], dwelling, a, ret)) {
        ret->outcome = LAW_TO_COUPON;
    } else if (degree == LAW_STUDENT) {
        ret->outcome = LAW_STUDY_NOT_CONFIRMED;
    } else {
        ret->outcome = LAW_KINSHIP_NOT_CONFIRMED;
        if (degree == LAW_SPOUSE || degree == LAW_IN_LAW)
            holds(db, Q_MARRIAGES_ON_RECORD, dwelling, a, ret);
        if (degree != LAW_SPOUSE && degree != LAW_OWNER)
            holds(db, Q_BIRTHS_ON_RECORD, dwelling, a, ret);
    }
}

/* False: decided already, at or before the norm. */
static bool norm_reached(struct peers_sqlite *db, sqlite3_int64 dwelling, const struct policy_readings *readings,
                         const struct inquiry_application *a, struct peers_decision *ret)
{
    ret->outcome = LAW_TO_COUPON;
    if (readings->area_per_person == DECIMAL_NONE)
        return false;
    if (ret->area == DECIMAL_NONE) {
        ret->outcome = LAW_WAITING;
        return false;
    }
    sqlite3_stmt *statement = ask(db, Q_HEADS, dwelling, a);
    peers_sqlite_check(db, sqlite3_step(statement));
    ret->registered = sqlite3_column_int64(statement, 0);
    sqlite3_reset(statement);
    ret->allowed = ret->area / readings->area_per_person;
    return ret->registered >= ret->allowed;
}

void peers_sqlite_decide(struct peers_sqlite *db, const struct inquiry_application *a, struct peers_decision *ret)
{
    struct policy_readings readings;
    ret->persons = ret->acts = 0;
    ret->outcome = LAW_PILOT_NOT_IN_FORCE;
    policy_on(policy_default(), a->day, &readings);
    if (!readings.pilot_in_force)
        return;
    sqlite3_stmt *statement = db->query[Q_DWELLING];
    sqlite3_bind_text(statement, 1, a->rka.p, (int)a->rka.n, SQLITE_STATIC);
    int code = sqlite3_step(statement);
    peers_sqlite_check(db, code);
    sqlite3_int64 dwelling = sqlite3_column_int64(statement, 0);
    bool kato_known = sqlite3_column_type(statement, 1) != SQLITE_NULL, capital = sqlite3_column_int(statement, 1) != 0;
    ret->area = sqlite3_column_int64(statement, 2);
    sqlite3_reset(statement);

    bool any_owner;
    enum tri protected_owner = owners_protected(db, dwelling, a, &any_owner);
    if (!any_owner || protected_owner == TRI_UNKNOWN)
        ret->outcome = LAW_WAITING;
    else if (a->channel == LAW_HALL)
        ret->outcome = protected_owner == TRI_YES ? LAW_ACCEPT_IN_HALL : LAW_REFUSE_USE_ONLINE;
    else if (protected_owner == TRI_YES)
        ret->outcome = LAW_TO_OPERATIONS_HALL;
    else if (a->channel == LAW_RECEPTION)
        ret->outcome = LAW_TO_ONLINE;
    else if (!kato_known)
        ret->outcome = LAW_WAITING;
    else if (!capital)
        ret->outcome = LAW_TO_COUPON;
    else if (norm_reached(db, dwelling, &readings, a, ret))
        decide_relation(db, dwelling, a, ret);
}
