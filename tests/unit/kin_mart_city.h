/* SPDX-License-Identifier: Apache-2.0 */
/* Small worlds with dwellings, owners, registrations and students, all of them full of trouble. */
#ifndef TESTS_KIN_MART_CITY_H
#define TESTS_KIN_MART_CITY_H

#include "kin_mart_world.h"

#define CITY_DWELLINGS 18
struct city {
    struct trouble people;
    struct str rka[CITY_DWELLINGS];
    char text[CITY_DWELLINGS][24];
    bool irregular[CITY_DWELLINGS]; /* not sixteen characters: no application in the form of the batch */
};

static inline const char *city_pick(struct chance *c, const char *const *words, unsigned count)
{
    return words[chance_below(c, count)];
}
#define CITY_PICK(c, ...)                                                                                                        \
    city_pick((c), (const char *const[]){ __VA_ARGS__ }, sizeof((const char *const[]){ __VA_ARGS__ }) / sizeof(const char *))

/* Not born yet, minors to the day, without birth date, dead and about to die, incapable, limited. */
static inline void city_persons(struct city *city, struct chance *c, const struct folder *f)
{
    struct buf csv;
    buf_init(&csv, 1 << 20);
    trouble_persons(&city->people, c, &csv); /* for the numbers; the rows are written anew */
    buf_clear(&csv);
    buf_add_text(&csv, "iin,surname,name,patronymic,sex,born,died,capable,phone\n");
    for (int i = 0; i < TROUBLE_PERSONS; i++) {
        char text[IIN_TEXT];
        const char *born =
            chance_below(c, 5) > 0
                ? CITY_PICK(c, "1990-01-01", "1960-02-29", "1985-05-05", "1970-07-07", "1999-09-09")
                : CITY_PICK(c, "2008-03-02", "2008-03-03", "2008-02-29", "2015-01-01", "2026-03-02", "2026-03-03", "");
        const char *died = CITY_PICK(c, "", "", "", "", "", "", "2026-03-02", "2026-03-03", "2031-01-01");
        buf_addf(&csv, "%s,A,B,,M,%s,%s,%s,\n", iin_format(city->people.person[i], text), born,
                 strncmp(born, "2026", 4) == 0 ? "" : died, chance_below(c, 20) == 0 ? "no" : CITY_PICK(c, "", "yes", "limited"));
    }
    folder_put(f, "persons.csv", buf_str(&csv));
    buf_release(&csv);
}

static inline void city_dwellings(struct city *city, struct chance *c, const struct folder *f)
{
    struct buf csv;
    buf_init(&csv, 1 << 20);
    buf_add_text(&csv, "rka,cadastral_number,kato,address_kk,address_ru,total_area,useful_area\n");
    for (int i = 0; i < CITY_DWELLINGS; i++) {
        static const char *const odd[] = { "0000000000000000", "R-00000000000001", "9999999999999999", "R-1",
                                           "12345678901234567" };
        if (i < 5)
            snprintf(city->text[i], sizeof city->text[i], "%s", odd[i]);
        else
            snprintf(city->text[i], sizeof city->text[i], "%08u%08u", chance_below(c, 100000000), 10000000 + (unsigned)i);
        city->rka[i] = str_from(city->text[i]);
        city->irregular[i] = city->rka[i].n != 16;
        buf_addf(&csv, "%s,,%s,A,A,%s,%s\n", city->text[i],
                 CITY_PICK(c, "711310000", "711310000", "711210000", "711210000", "711110000", "71", "7", "751110000",
                           "007110000", ""),
                 CITY_PICK(c, "0", "14.99", "15", "29.99", "30", "45.3", "60.01", "", "167772.14", "167772.15", "999999999.99"),
                 CITY_PICK(c, "", "12", "29.99", "31"));
    }
    folder_put(f, "dwellings.csv", buf_str(&csv));
    buf_release(&csv);
}

static inline bool city_silent(struct chance *c) { return chance_below(c, 12) == 0; }

/* Nobody, a company, one or several, some repeated. */
static inline void city_owners(struct city *city, struct chance *c, const struct folder *f)
{
    struct buf csv;
    char text[IIN_TEXT];
    buf_init(&csv, 1 << 20);
    buf_add_text(&csv, "rka,owner,share\n");
    for (int i = 0; i < CITY_DWELLINGS * 3 / 2; i++) {
        struct iin owner = city->people.person[chance_below(c, TROUBLE_PERSONS)];
        bool company = chance_below(c, 8) == 0;
        for (unsigned times = 1 + (chance_below(c, 8) == 0); times > 0; times--)
            buf_addf(&csv, "%s,%s,\n", city->text[chance_below(c, CITY_DWELLINGS)],
                     company ? "120140000017" : iin_format(owner, text));
    }
    if (!city_silent(c))
        folder_put(f, "owners.csv", buf_str(&csv));
    buf_release(&csv);
}

/* Both kinds, repeated, ended, to come, in several dwellings. */
static inline void city_residents(struct city *city, struct chance *c, const struct folder *f)
{
    struct buf csv;
    char text[IIN_TEXT];
    buf_init(&csv, 1 << 20);
    buf_add_text(&csv, "rka,iin,kind,since,until\n");
    for (int i = 0; i < TROUBLE_PERSONS * 2; i++) {
        const char *iin = iin_format(city->people.person[chance_below(c, TROUBLE_PERSONS)], text);
        const char *since = CITY_PICK(c, "", "2010-01-01", "2010-01-01", "2026-03-02", "2026-03-03");
        const char *until = CITY_PICK(c, "", "", "", "2026-03-03", "2040-01-01");
        bool ended = since[0] == 0 && chance_below(c, 3) == 0;
        buf_addf(&csv, "%s,%s,%s,%s,%s\n", city->text[chance_below(c, CITY_DWELLINGS)], iin,
                 CITY_PICK(c, "residence", "temporary"), since, ended ? CITY_PICK(c, "2026-03-01", "2026-03-02") : until);
    }
    if (!city_silent(c))
        folder_put(f, "residents.csv", buf_str(&csv));
    buf_release(&csv);
}

static inline void city_spells(struct city *city, struct chance *c, const struct folder *f)
{
    struct buf incapacity, students;
    char text[IIN_TEXT];
    buf_init(&incapacity, 1 << 20);
    buf_init(&students, 1 << 20);
    buf_add_text(&incapacity, "iin,since,until,court_act\n");
    buf_add_text(&students, "iin,register,institution,kato,form,since,until\n");
    for (int i = 0; i < TROUBLE_PERSONS / 4; i++) {
        buf_addf(&incapacity, "%s,%s,%s,1\n", iin_format(city->people.person[chance_below(c, TROUBLE_PERSONS)], text),
                 CITY_PICK(c, "", "2010-01-01"), CITY_PICK(c, "2026-03-01", "2026-03-02", "2030-01-01"));
        buf_addf(&students, "%s,%s,A,%s,%s,%s,%s\n", iin_format(city->people.person[chance_below(c, TROUBLE_PERSONS)], text),
                 CITY_PICK(c, "nobd", "epvo"), CITY_PICK(c, "711210000", "711210000", "751110000", ""),
                 CITY_PICK(c, "full_time", "full_time", "part_time", "distance"), CITY_PICK(c, "", "2025-09-01", "2026-03-03"),
                 CITY_PICK(c, "", "2026-03-03"));
    }
    if (!city_silent(c))
        folder_put(f, "incapacity.csv", buf_str(&incapacity));
    if (!city_silent(c))
        folder_put(f, "students.csv", buf_str(&students));
    buf_release(&incapacity);
    buf_release(&students);
}

static inline struct world *city_world(struct city *city, struct folder *f, uint64_t seed)
{
    struct chance c = { seed * UINT64_C(0x9E3779B97F4A7C15) + 77 };
    struct buf errors;
    folder_init(f);
    city_persons(city, &c, f);
    city_dwellings(city, &c, f);
    trouble_acts(&city->people, &c, f);
    city_owners(city, &c, f);
    city_residents(city, &c, f);
    city_spells(city, &c, f);
    struct world *world = folder_load(f, &errors);
    if (world == NULL)
        fail_msg("%.400s", errors.p);
    buf_release(&errors);
    return world;
}

static inline struct world *generated_world(struct folder *folder, int64_t persons, uint64_t seed)
{
    struct err err;
    struct buf errors;
    const struct world_plan plan = { .persons = persons, .seed = seed, .capital_share = 500 };
    folder_init(folder);
    if (!world_generate(&plan, folder->path, &err))
        fail_msg("%s", err.text);
    struct world *world = folder_load(folder, &errors);
    buf_release(&errors);
    assert_non_null(world);
    return world;
}

#endif
