/* SPDX-License-Identifier: Apache-2.0 */
/* The rows of a world as tables with the indexes that the queries want; even the end of each marriage is worked out here. */
#include "peers_sqlite.h"

#define ALWAYS (-9999999)
#define STILL  9999999

static const char schema[] =
    "CREATE TABLE persons(iin INTEGER PRIMARY KEY, born INTEGER, adult INTEGER, died INTEGER, capable INTEGER);"
    "CREATE TABLE births(child INTEGER PRIMARY KEY, day INTEGER, mother INTEGER, father INTEGER, number TEXT);"
    "CREATE TABLE spouses(person INTEGER, spouse INTEGER, day INTEGER, ended INTEGER, number TEXT);"
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

static sqlite3_int64 day_or(struct day day, int empty) { return day_is_none(day) ? empty : day.n; }

static void bind_iin(sqlite3_stmt *statement, int place, struct iin iin)
{
    if (iin_is_none(iin))
        sqlite3_bind_null(statement, place);
    else
        sqlite3_bind_int64(statement, place, (sqlite3_int64)iin.n);
}

static void bind_text(sqlite3_stmt *statement, int place, struct str text)
{
    sqlite3_bind_text(statement, place, text.p, (int)text.n, SQLITE_STATIC);
}

static void put(struct peers_sqlite *db, sqlite3_stmt *statement)
{
    peers_sqlite_check(db, sqlite3_step(statement));
    peers_sqlite_check(db, sqlite3_reset(statement));
}

static void load_persons(struct peers_sqlite *db, struct world *world)
{
    size_t count;
    const struct world_person *persons = world_persons(world, &count);
    sqlite3_stmt *person = peers_sqlite_prepare(db, "INSERT INTO persons VALUES(?1, ?2, ?3, ?4, ?5)");
    sqlite3_stmt *incapacity = peers_sqlite_prepare(db, "INSERT INTO incapacity VALUES(?1, ?2, ?3)");
    sqlite3_stmt *student = peers_sqlite_prepare(db, "INSERT INTO students VALUES(?1, ?2, ?3)");
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
    sqlite3_stmt *birth = peers_sqlite_prepare(db, "INSERT INTO births VALUES(?1, ?2, ?3, ?4, ?5)");
    for (size_t i = 0; i < count; i++) {
        bind_iin(birth, 1, births[i].child);
        sqlite3_bind_int64(birth, 2, births[i].act_date.n);
        bind_iin(birth, 3, births[i].mother);
        bind_iin(birth, 4, births[i].father);
        bind_text(birth, 5, births[i].act_number);
        put(db, birth);
    }
    sqlite3_finalize(birth);
    const struct world_marriage *marriages = world_marriages(world, &count);
    sqlite3_stmt *spouse = peers_sqlite_prepare(db, "INSERT INTO spouses VALUES(?1, ?2, ?3, ?4, ?5)");
    for (size_t i = 0; i < 2 * count; i++) {
        const struct world_marriage *act = &marriages[i / 2];
        bind_iin(spouse, 1, i % 2 == 0 ? act->husband : act->wife);
        bind_iin(spouse, 2, i % 2 == 0 ? act->wife : act->husband);
        sqlite3_bind_int64(spouse, 3, act->act_date.n);
        sqlite3_bind_int64(spouse, 4, ended_on(world, act));
        bind_text(spouse, 5, act->act_number);
        put(db, spouse);
    }
    sqlite3_finalize(spouse);
}

static void load_dwellings(struct peers_sqlite *db, struct world *world)
{
    size_t count;
    const struct world_dwelling *dwellings = world_dwellings(world, &count);
    sqlite3_stmt *dwelling = peers_sqlite_prepare(db, "INSERT INTO dwellings VALUES(?1, ?2, ?3, ?4)");
    sqlite3_stmt *owner = peers_sqlite_prepare(db, "INSERT INTO owners VALUES(?1, ?2, ?3)");
    sqlite3_stmt *resident = peers_sqlite_prepare(db, "INSERT INTO residents VALUES(?1, ?2, ?3, ?4)");
    for (size_t i = 0; i < count; i++) {
        const struct world_dwelling *d = &dwellings[i];
        sqlite3_bind_int64(dwelling, 1, (sqlite3_int64)i);
        bind_text(dwelling, 2, d->rka);
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

void peers_sqlite_load(struct peers_sqlite *db, struct world *world)
{
    peers_sqlite_check(db, sqlite3_exec(db->db, schema, NULL, NULL, NULL));
    peers_sqlite_check(db, sqlite3_exec(db->db, "BEGIN", NULL, NULL, NULL));
    load_persons(db, world);
    load_acts(db, world);
    load_dwellings(db, world);
    peers_sqlite_check(db, sqlite3_exec(db->db, "COMMIT", NULL, NULL, NULL));
    peers_sqlite_check(db, sqlite3_exec(db->db, indexes, NULL, NULL, NULL));
}
