/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The generator's parts.  A country is made clan by clan: a clan is a family tree of three or four
 * generations with everybody who married into it, drawn by its own dice, and is written out before
 * the next one begins, so memory does not grow with the number of persons.  Clans meet through rings
 * of recent adults, dwellings and companies: lodgers, landlords, overfilled flats.
 * Only integer arithmetic, no clock and no locale: the same plan gives the same bytes anywhere.
 */
#ifndef WORLD_GENERATE_IMPL_H
#define WORLD_GENERATE_IMPL_H

#include "world/world.h"

#include <stdio.h>

/* ---- dice: splitmix64; one throw a statement, since C leaves the order within one to the compiler ---- */

struct dice {
    uint64_t state;
};

static inline uint64_t dice_next(struct dice *d)
{
    uint64_t z = d->state += UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}
static inline int dice_below(struct dice *d, int n) { return (int)(((dice_next(d) >> 32) * (uint64_t)n) >> 32); }
static inline int dice_between(struct dice *d, int from, int to) { return from + dice_below(d, to - from + 1); }
static inline bool dice_chance(struct dice *d, int per_mille) { return dice_below(d, 1000) < per_mille; }
/* Index into a table of weights that add up to 1000. */
int dice_pick(struct dice *d, const int *per_mille, int count);

/* ---- the clan ---- */

#define CLAN_PERSONS   240
#define CLAN_MARRIAGES 240

struct member {
    struct iin iin;
    struct day born, died;
    enum world_sex sex;
    int mother, father, spouse; /* members, -1; spouse: on the legal day */
    int home, next_at_home;     /* -1 */
    bool of_the_line;           /* marries and has children here; the others married in */
    bool incapable;
    bool has_act, act_names_mother, act_names_father;
    bool exact; /* every field is on record */
    bool russian, patronymic_by_suffix;
    uint8_t surname, name, patronymic, wedding_surname;
};

struct wedding {
    int husband, wife;
    struct day day, divorced; /* DAY_NONE: it was not */
};

struct clan {
    struct member member[CLAN_PERSONS];
    int count;
    struct wedding wedding[CLAN_MARRIAGES];
    int weddings;
    int home_first[CLAN_PERSONS]; /* members by home, linked by next_at_home */
    int homes;
};

/* ---- the country ---- */

#define RING_ADULTS    2048
#define RING_DWELLINGS 256
#define RING_COMPANIES 64
#define IIN_FIRST_YEAR 1880
#define IIN_LAST_YEAR  2026

struct output {
    FILE *stream; /* NULL: no folder is written */
    struct buf text;
};
struct scan_made;

struct country {
    const struct world_plan *plan;
    struct dice dice;
    int64_t left;                   /* persons still to be made */
    struct day legal_day, last_day; /* the day that the hard cases are made for; nothing happens after the last */
    struct day adults_born;         /* that day or before: 18 on the legal day */
    struct output output[WORLD_FILES];
    struct scan_made *made; /* NULL: nobody receives rows */
    struct clan clan;

    uint16_t *iin_serial; /* next serial by day of birth and sex */
    int64_t persons, births, marriages, divorces, dwellings, companies, documents;
    struct iin adult[RING_ADULTS]; /* recent living capable adults with a phone */
    int64_t adults;
    uint64_t dwelling[RING_DWELLINGS];
    int64_t dwelling_ring;
    struct iin company[RING_COMPANIES];
};

/* generate_names.c */
void name_draw(struct country *country, struct member *member);
void name_inherit(struct country *country, struct member *child);
void name_write(const struct country *country, struct buf *out, const struct member *member); /* surname,name,patronymic */
void name_write_company(struct buf *out, int64_t number);

/* generate_places.c */
#define PLACE_NONE (-1)
int place_draw(struct country *country); /* Astana by the share of the plan */
int place_in_astana(struct country *country);
int place_outside(struct country *country);
bool place_is_in_astana(int place);
const char *place_kato(int place);                                                               /* "" for PLACE_NONE */
void place_write_address(struct country *country, struct buf *out, int place);                   /* address_kk,address_ru */
void place_write_school(struct country *country, struct buf *out, bool college, bool in_astana); /* institution,kato */

/* generate_clan.c */
int clan_add(struct country *country, enum world_sex sex, struct day born); /* -1: the clan or the country is full */
int clan_add_child(struct country *country, int mother, int father, enum world_sex sex, struct day born);
int clan_wed(struct country *country, int husband, int wife, struct day day);
void clan_grow(struct country *country);
bool member_is_alive(const struct country *country, const struct member *member); /* on the legal day */
bool member_is_adult(const struct country *country, const struct member *member); /* and alive */
void clan_settle_spouses(struct country *country);
struct day day_after(struct day day, int days);
struct day day_draw(struct country *country, struct day from, struct day to);

/* generate_homes.c */
void clan_house(struct country *country);

/* generate_owners.c */
struct household {
    uint64_t dwelling;
    int home, head; /* head: an adult, or anybody when there is none */
    struct day since;
};
int household_find(const struct country *country, int home, bool (*wanted)(const struct country *, const struct member *));
bool member_is_capable_adult(const struct country *country, const struct member *member);
void household_draw_owners(struct country *country, const struct household *household);
int clan_guardian(const struct country *country, int ward, const char **ret_basis); /* -1: nobody */
struct iin country_some_adult(struct country *country);                             /* none when there is none yet */

/* generate_cases.c */
void clan_make_cases(struct country *country);

/* generate_rows.c: every row of every file */
void row_acts_and_persons(struct country *country);
struct dwelling_plan {
    int place;
    int total_area, useful_area; /* hundredths, -1: not on record */
};
uint64_t row_dwelling(struct country *country, struct dwelling_plan plan);
int32_t row_dwelling_number(struct str rka); /* of a dwelling that row_dwelling made, in the order of making */
void row_owner(struct country *country, uint64_t dwelling, struct iin owner, const char *share);
void row_resident(struct country *country, uint64_t dwelling, struct iin person, enum world_kind kind, struct day since,
                  struct day until);
void row_student(struct country *country, struct iin person, bool college, bool in_astana, enum world_form form, struct day since,
                 struct day until);
void row_incapacity(struct country *country, struct iin person, struct day since, struct day until);
void row_representative(struct country *country, struct iin ward, struct iin representative, const char *basis, struct day since);
struct iin row_company(struct country *country, struct iin head);

/* generate_output.c: `folder` is NULL when there is only a sink */
bool output_open(struct country *country, const char *folder, struct err *err);
bool output_flush(struct country *country, bool all, struct err *err);
bool output_close(struct country *country, const char *folder, struct err *err);
void output_abandon(struct country *country, const char *folder);

#endif
