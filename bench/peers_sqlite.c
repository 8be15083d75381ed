/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The same decision as somebody would write it over a database: tables with the indexes that its
 * queries want, every query prepared once, all in memory, no JSON. Even the end of each marriage
 * is worked out while loading. It is the yardstick that `tirkeu decide` has to beat.
 */
#include <limits.h>
#include <sqlite3.h>
#include <stdlib.h>

#include "peers.h"

#define ALWAYS (-9999999)
#define STILL  9999999

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
    QUERIES
};

static const char schema[] =
    "CREATE TABLE persons(iin INTEGER PRIMARY KEY, born INTEGER, adult INTEGER, died INTEGER, capable INTEGER);"
    "CREATE TABLE births(child INTEGER PRIMARY KEY, day INTEGER, mother INTEGER, father INTEGER);"
    "CREATE TABLE spouses(person INTEGER, spouse INTEGER, day INTEGER, ended INTEGER);"
    "CREATE TABLE dwellings(id INTEGER PRIMARY KEY, rka TEXT UNIQUE, capital INTEGER, area INTEGER);"
    "CREATE TABLE owners(dwelling INTEGER, owner INTEGER, company INTEGER);"
    "CREATE TABLE residents(dwelling INTEGER, iin INTEGER, since INTEGER, until INTEGER);"
    "CREATE TABLE incapacity(iin INTEGER, since INTEGER, until INTEGER);"
    "CREATE TABLE students(iin INTEGER, since INTEGER, until INTEGER);";
static const char indexes[] = "CREATE INDEX spouses_of ON spouses(person, spouse, day, ended);"
                              "CREATE INDEX owners_of ON owners(dwelling, owner, company);"
                              "CREATE INDEX residents_of ON residents(dwelling, iin, since, until);"
                              "CREATE INDEX incapacity_of ON incapacity(iin, since, until);"
                              "CREATE INDEX students_of ON students(iin, since, until);"
                              "ANALYZE;";

/* ?1 dwelling, ?2 applicant, ?3 day everywhere. */
#define NATURAL_OWNERS " FROM owners o WHERE o.dwelling = ?1 AND o.company = 0 AND o.owner <> ?2 "
#define ACT            " FROM births b WHERE b.day <= ?3 AND b.child = "
#define IN_FORCE                                                                                                                 \
    " s.day <= ?3 AND s.ended > ?3 AND EXISTS (SELECT 1 FROM persons p WHERE p.iin = s.person AND p.born <= ?3 AND p.died > ?3)" \
    " AND EXISTS (SELECT 1 FROM persons p WHERE p.iin = s.spouse AND p.born <= ?3 AND p.died > ?3) "
#define TWO_ACTS "SELECT 1" NATURAL_OWNERS "AND EXISTS (SELECT 1 FROM births x JOIN births y ON y.day <= ?3 AND "

static const char *const texts[QUERIES] = {
    [Q_DWELLING] = "SELECT id, capital, area FROM dwellings WHERE rka = ?1",
    [Q_OWNERS] =
        "SELECT o.company, p.born, p.adult, p.died, p.capable, EXISTS (SELECT 1 FROM incapacity i WHERE i.iin = o.owner"
        " AND i.since <= ?3 AND i.until >= ?3) FROM owners o LEFT JOIN persons p ON p.iin = o.owner WHERE o.dwelling = ?1",
    [Q_HEADS] =
        "SELECT count(DISTINCT r.iin) FROM residents r JOIN persons p ON p.iin = r.iin WHERE r.dwelling = ?1 AND r.iin <> ?2"
        " AND r.since <= ?3 AND r.until >= ?3 AND p.born <= ?3 AND p.died > ?3",
    [Q_IS_OWNER] = "SELECT 1 FROM owners WHERE dwelling = ?1 AND owner = ?2 LIMIT 1",
    [Q_STUDIES] = "SELECT 1 FROM students WHERE iin = ?2 AND since <= ?3 AND until >= ?3 LIMIT 1",
    [Q_CHILD] = "SELECT 1" NATURAL_OWNERS "AND EXISTS (SELECT 1" ACT "?2 AND (b.mother = o.owner OR b.father = o.owner)) LIMIT 1",
    [Q_PARENT] = "SELECT 1" NATURAL_OWNERS "AND EXISTS (SELECT 1" ACT "o.owner AND (b.mother = ?2 OR b.father = ?2)) LIMIT 1",
    [Q_SPOUSE] = "SELECT 1" NATURAL_OWNERS
                 "AND EXISTS (SELECT 1 FROM spouses s WHERE s.person = o.owner AND s.spouse = ?2 AND" IN_FORCE ") LIMIT 1",
    [Q_FULL_SIBLING] =
        TWO_ACTS "y.child = o.owner AND y.mother = x.mother AND y.father = x.father WHERE x.child = ?2 AND x.day <= ?3) LIMIT 1",
    [Q_HALF_SIBLING_MOTHER] = TWO_ACTS "y.child = o.owner AND y.mother = x.mother WHERE x.child = ?2 AND x.day <= ?3) LIMIT 1",
    [Q_HALF_SIBLING_FATHER] = TWO_ACTS "y.child = o.owner AND y.father = x.father WHERE x.child = ?2 AND x.day <= ?3) LIMIT 1",
    [Q_GRANDPARENT_MOTHER] =
        TWO_ACTS "y.child = x.mother WHERE x.child = o.owner AND x.day <= ?3 AND (y.mother = ?2 OR y.father = ?2)) LIMIT 1",
    [Q_GRANDPARENT_FATHER] =
        TWO_ACTS "y.child = x.father WHERE x.child = o.owner AND x.day <= ?3 AND (y.mother = ?2 OR y.father = ?2)) LIMIT 1",
    [Q_GRANDCHILD_MOTHER] =
        TWO_ACTS "y.child = x.mother WHERE x.child = ?2 AND x.day <= ?3 AND (y.mother = o.owner OR y.father = o.owner)) LIMIT 1",
    [Q_GRANDCHILD_FATHER] =
        TWO_ACTS "y.child = x.father WHERE x.child = ?2 AND x.day <= ?3 AND (y.mother = o.owner OR y.father = o.owner)) LIMIT 1",
    /* The spouse's child, parent, sibling with either parent, grandparent, grandchild. */
    [Q_IN_LAW] =
        "SELECT 1 FROM owners o JOIN spouses s ON s.person = o.owner WHERE o.dwelling = ?1 AND o.company = 0 AND o.owner <> ?2"
        " AND s.spouse <> ?2 AND" IN_FORCE "AND (EXISTS (SELECT 1" ACT "?2 AND (b.mother = s.spouse OR b.father = s.spouse))"
        " OR EXISTS (SELECT 1" ACT "s.spouse AND (b.mother = ?2 OR b.father = ?2))"
        " OR EXISTS (SELECT 1 FROM births x JOIN births y ON y.child = s.spouse AND y.day <= ?3 AND (y.mother = x.mother OR "
        "y.father = x.father)"
        " WHERE x.child = ?2 AND x.day <= ?3)"
        " OR EXISTS (SELECT 1 FROM births x JOIN births y ON y.child IN (x.mother, x.father) AND y.day <= ?3"
        " WHERE x.child = s.spouse AND x.day <= ?3 AND (y.mother = ?2 OR y.father = ?2))"
        " OR EXISTS (SELECT 1 FROM births x JOIN births y ON y.child IN (x.mother, x.father) AND y.day <= ?3"
        " WHERE x.child = ?2 AND x.day <= ?3 AND (y.mother = s.spouse OR y.father = s.spouse))) LIMIT 1",
};

struct peers_sqlite {
    sqlite3 *db;
    sqlite3_stmt *query[QUERIES];
};

static void check(struct peers_sqlite *db, int code)
{
    if (code == SQLITE_OK || code == SQLITE_DONE || code == SQLITE_ROW)
        return;
    fprintf(stderr, "decide_peers: SQLite: %s\n", sqlite3_errmsg(db->db));
    exit(2);
}

/* ---- loading ---- */

static sqlite3_int64 day_or(struct day day, int empty) { return day_is_none(day) ? empty : day.n; }

static void bind_iin(sqlite3_stmt *statement, int place, struct iin iin)
{
    if (iin_is_none(iin))
        sqlite3_bind_null(statement, place);
    else
        sqlite3_bind_int64(statement, place, (sqlite3_int64)iin.n);
}

static sqlite3_stmt *prepare(struct peers_sqlite *db, const char *text)
{
    sqlite3_stmt *statement;
    check(db, sqlite3_prepare_v3(db->db, text, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL));
    return statement;
}

static void put(struct peers_sqlite *db, sqlite3_stmt *statement)
{
    check(db, sqlite3_step(statement));
    check(db, sqlite3_reset(statement));
}

static void load_persons(struct peers_sqlite *db, struct world *world)
{
    size_t count;
    const struct world_person *persons = world_persons(world, &count);
    sqlite3_stmt *person = prepare(db, "INSERT INTO persons VALUES(?1, ?2, ?3, ?4, ?5)");
    sqlite3_stmt *incapacity = prepare(db, "INSERT INTO incapacity VALUES(?1, ?2, ?3)");
    sqlite3_stmt *student = prepare(db, "INSERT INTO students VALUES(?1, ?2, ?3)");
    for (size_t i = 0; i < count; i++) {
        bind_iin(person, 1, persons[i].iin);
        sqlite3_bind_int64(person, 2, day_or(persons[i].born, ALWAYS));
        if (day_is_none(persons[i].born))
            sqlite3_bind_null(person, 3);
        else
            sqlite3_bind_int64(person, 3, day_add_years(persons[i].born, 18).n);
        sqlite3_bind_int64(person, 4, day_or(persons[i].died, STILL));
        sqlite3_bind_int(person, 5, persons[i].capable != WORLD_CAPABLE_NO);
        put(db, person);
        struct world_run run = world_incapacities_of(world, persons[i].iin);
        for (int k = 0; k < run.count; k++) {
            const struct world_incapacity *row = world_incapacity_at(world, run.index[k]);
            bind_iin(incapacity, 1, row->iin);
            sqlite3_bind_int64(incapacity, 2, day_or(row->since, ALWAYS));
            sqlite3_bind_int64(incapacity, 3, day_or(row->until, STILL));
            put(db, incapacity);
        }
        run = world_studies_of(world, persons[i].iin);
        for (int k = 0; k < run.count; k++) {
            const struct world_student *row = world_student_at(world, run.index[k]);
            if (row->form != WORLD_FULL_TIME || !str_starts(row->kato, "71"))
                continue;
            bind_iin(student, 1, row->iin);
            sqlite3_bind_int64(student, 2, day_or(row->since, ALWAYS));
            sqlite3_bind_int64(student, 3, day_or(row->until, STILL));
            put(db, student);
        }
    }
    sqlite3_finalize(person);
    sqlite3_finalize(incapacity);
    sqlite3_finalize(student);
}

/* The first day on which a divorce act ends the marriage. */
static sqlite3_int64 ended_on(const struct world *world, const struct world_marriage *marriage)
{
    sqlite3_int64 ended = STILL;
    struct world_run run = world_divorces_of(world, marriage->husband);
    for (int i = 0; i < run.count; i++) {
        const struct world_divorce *act = world_divorce_at(world, run.index[i]);
        bool couple = (iin_equal(act->husband, marriage->husband) && iin_equal(act->wife, marriage->wife)) ||
                      (iin_equal(act->husband, marriage->wife) && iin_equal(act->wife, marriage->husband));
        bool ends = act->marriage_act_number.n != 0 ? str_equal(act->marriage_act_number, marriage->act_number)
                                                    : couple && marriage->act_date.n <= act->act_date.n;
        if (ends && act->act_date.n < ended)
            ended = act->act_date.n;
    }
    return ended;
}

static void load_acts(struct peers_sqlite *db, struct world *world)
{
    size_t count;
    const struct world_birth *births = world_births(world, &count);
    sqlite3_stmt *birth = prepare(db, "INSERT INTO births VALUES(?1, ?2, ?3, ?4)");
    for (size_t i = 0; i < count; i++) {
        bind_iin(birth, 1, births[i].child);
        sqlite3_bind_int64(birth, 2, births[i].act_date.n);
        bind_iin(birth, 3, births[i].mother);
        bind_iin(birth, 4, births[i].father);
        put(db, birth);
    }
    sqlite3_finalize(birth);
    const struct world_marriage *marriages = world_marriages(world, &count);
    sqlite3_stmt *spouse = prepare(db, "INSERT INTO spouses VALUES(?1, ?2, ?3, ?4)");
    for (size_t i = 0; i < 2 * count; i++) {
        const struct world_marriage *act = &marriages[i / 2];
        bind_iin(spouse, 1, i % 2 == 0 ? act->husband : act->wife);
        bind_iin(spouse, 2, i % 2 == 0 ? act->wife : act->husband);
        sqlite3_bind_int64(spouse, 3, act->act_date.n);
        sqlite3_bind_int64(spouse, 4, ended_on(world, act));
        put(db, spouse);
    }
    sqlite3_finalize(spouse);
}

static void load_dwellings(struct peers_sqlite *db, struct world *world)
{
    size_t count;
    const struct world_dwelling *dwellings = world_dwellings(world, &count);
    sqlite3_stmt *dwelling = prepare(db, "INSERT INTO dwellings VALUES(?1, ?2, ?3, ?4)");
    sqlite3_stmt *owner = prepare(db, "INSERT INTO owners VALUES(?1, ?2, ?3)");
    sqlite3_stmt *resident = prepare(db, "INSERT INTO residents VALUES(?1, ?2, ?3, ?4)");
    for (size_t i = 0; i < count; i++) {
        const struct world_dwelling *d = &dwellings[i];
        sqlite3_bind_int64(dwelling, 1, (sqlite3_int64)i);
        sqlite3_bind_text(dwelling, 2, d->rka.p, (int)d->rka.n, SQLITE_STATIC);
        if (d->kato.n == 0)
            sqlite3_bind_null(dwelling, 3);
        else
            sqlite3_bind_int(dwelling, 3, str_starts(d->kato, "71"));
        sqlite3_bind_int64(dwelling, 4, d->total_area);
        put(db, dwelling);
        struct world_run run = world_owners_of(world, d);
        for (int k = 0; k < run.count; k++) {
            struct iin iin = world_owner_at(world, run.index[k])->owner;
            sqlite3_bind_int64(owner, 1, (sqlite3_int64)i);
            bind_iin(owner, 2, iin);
            sqlite3_bind_int(owner, 3, iin_kind_of(iin) == IIN_COMPANY);
            put(db, owner);
        }
        run = world_residents_of(world, d);
        for (int k = 0; k < run.count; k++) {
            const struct world_resident *row = world_resident_at(world, run.index[k]);
            sqlite3_bind_int64(resident, 1, (sqlite3_int64)i);
            bind_iin(resident, 2, row->iin);
            sqlite3_bind_int64(resident, 3, day_or(row->since, ALWAYS));
            sqlite3_bind_int64(resident, 4, day_or(row->until, STILL));
            put(db, resident);
        }
    }
    sqlite3_finalize(dwelling);
    sqlite3_finalize(owner);
    sqlite3_finalize(resident);
}

struct peers_sqlite *peers_sqlite_open(struct world *world)
{
    struct peers_sqlite *db = mem_alloc(sizeof *db);
    check(db, sqlite3_open(":memory:", &db->db));
    check(db, sqlite3_exec(db->db, schema, NULL, NULL, NULL));
    check(db, sqlite3_exec(db->db, "BEGIN", NULL, NULL, NULL));
    load_persons(db, world);
    load_acts(db, world);
    load_dwellings(db, world);
    check(db, sqlite3_exec(db->db, "COMMIT", NULL, NULL, NULL));
    check(db, sqlite3_exec(db->db, indexes, NULL, NULL, NULL));
    for (int i = 0; i < QUERIES; i++)
        db->query[i] = prepare(db, texts[i]);
    return db;
}

void peers_sqlite_close(struct peers_sqlite *db)
{
    for (int i = 0; i < QUERIES; i++)
        sqlite3_finalize(db->query[i]);
    sqlite3_close(db->db);
    free(db);
}

/* ---- deciding ---- */

static sqlite3_stmt *ask(struct peers_sqlite *db, enum query query, sqlite3_int64 dwelling, const struct inquiry_application *a)
{
    sqlite3_stmt *statement = db->query[query];
    sqlite3_bind_int64(statement, 1, dwelling);
    sqlite3_bind_int64(statement, 2, (sqlite3_int64)a->applicant.n);
    sqlite3_bind_int64(statement, 3, a->day.n);
    return statement;
}

static bool holds(struct peers_sqlite *db, enum query query, sqlite3_int64 dwelling, const struct inquiry_application *a)
{
    sqlite3_stmt *statement = ask(db, query, dwelling, a);
    int code = sqlite3_step(statement);
    check(db, code);
    sqlite3_reset(statement);
    return code == SQLITE_ROW;
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
    check(db, code);
    sqlite3_reset(statement);
    return value;
}

static enum law_outcome relation_outcome(struct peers_sqlite *db, sqlite3_int64 dwelling, const struct inquiry_application *a)
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
    if (a->relation.degree == LAW_NO_DEGREE)
        return LAW_CHOOSE_RELATION;
    if (holds(db, by_degree[a->relation.degree], dwelling, a))
        return LAW_TO_COUPON;
    return a->relation.degree == LAW_STUDENT ? LAW_STUDY_NOT_CONFIRMED : LAW_KINSHIP_NOT_CONFIRMED;
}

enum law_outcome peers_sqlite_decide(struct peers_sqlite *db, const struct inquiry_application *a)
{
    struct policy_readings readings;
    policy_on(policy_default(), a->day, &readings);
    if (!readings.pilot_in_force)
        return LAW_PILOT_NOT_IN_FORCE;
    sqlite3_stmt *statement = db->query[Q_DWELLING];
    sqlite3_bind_text(statement, 1, a->rka.p, (int)a->rka.n, SQLITE_STATIC);
    int code = sqlite3_step(statement);
    check(db, code);
    if (code != SQLITE_ROW)
        return LAW_INVALID;
    sqlite3_int64 dwelling = sqlite3_column_int64(statement, 0), area = sqlite3_column_int64(statement, 2);
    bool kato_known = sqlite3_column_type(statement, 1) != SQLITE_NULL, capital = sqlite3_column_int(statement, 1) != 0;
    sqlite3_reset(statement);

    bool any_owner;
    enum tri protected_owner = owners_protected(db, dwelling, a, &any_owner);
    if (!any_owner || protected_owner == TRI_UNKNOWN)
        return LAW_WAITING;
    if (a->channel == LAW_HALL)
        return protected_owner == TRI_YES ? LAW_ACCEPT_IN_HALL : LAW_REFUSE_USE_ONLINE;
    if (protected_owner == TRI_YES)
        return LAW_TO_OPERATIONS_HALL;
    if (a->channel == LAW_RECEPTION)
        return LAW_TO_ONLINE;
    if (!kato_known)
        return LAW_WAITING;
    if (!capital || readings.area_per_person == DECIMAL_NONE)
        return LAW_TO_COUPON;
    if (area == DECIMAL_NONE)
        return LAW_WAITING;
    statement = ask(db, Q_HEADS, dwelling, a);
    check(db, sqlite3_step(statement));
    sqlite3_int64 heads = sqlite3_column_int64(statement, 0);
    sqlite3_reset(statement);
    if (heads < area / readings.area_per_person)
        return LAW_TO_COUPON;
    return relation_outcome(db, dwelling, a);
}
