/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The hard cases that every country of some size must have in Astana on the legal day: families with
 * complete acts whose small flats are full, one where the link between grandmother and grandson is
 * missing, a minor owner, a company, students.  world_demo finds them by searching, as it would find
 * any others.
 */
#include "world/generate_impl.h"

#define FULL_FLAT  3570 /* two may be registered in 35.70 m2 */
#define LARGE_FLAT 12000

enum role {
    GRANDMOTHER,
    GRANDFATHER,
    SON,
    DAUGHTER,
    SONS_WIFE,
    WIFES_FATHER,
    WIFES_MOTHER,
    GRANDSON, /* of SON and SONS_WIFE */
    FIRST_HUSBAND,
    ELDER_HALF, /* of DAUGHTER and FIRST_HUSBAND */
    SECOND_HUSBAND,
    YOUNGER_HALF, /* of DAUGHTER and SECOND_HUSBAND */
    ROLES,
    NOBODY = -1
};

/* Parents come before their children; a wedding makes the couple. */
static const struct {
    enum world_sex sex;
    int year, mother, father;
} CAST[ROLES] = {
    [GRANDMOTHER] = { WORLD_FEMALE, 1951, NOBODY, NOBODY },  [GRANDFATHER] = { WORLD_MALE, 1949, NOBODY, NOBODY },
    [SON] = { WORLD_MALE, 1974, GRANDMOTHER, GRANDFATHER },  [DAUGHTER] = { WORLD_FEMALE, 1977, GRANDMOTHER, GRANDFATHER },
    [SONS_WIFE] = { WORLD_FEMALE, 1976, NOBODY, NOBODY },    [WIFES_FATHER] = { WORLD_MALE, 1950, NOBODY, NOBODY },
    [WIFES_MOTHER] = { WORLD_FEMALE, 1953, NOBODY, NOBODY }, [GRANDSON] = { WORLD_MALE, 2001, SONS_WIFE, SON },
    [FIRST_HUSBAND] = { WORLD_MALE, 1975, NOBODY, NOBODY },  [ELDER_HALF] = { WORLD_MALE, 1998, DAUGHTER, FIRST_HUSBAND },
    [SECOND_HUSBAND] = { WORLD_MALE, 1976, NOBODY, NOBODY }, [YOUNGER_HALF] = { WORLD_MALE, 2005, DAUGHTER, SECOND_HUSBAND },
};

static const struct {
    enum role husband, wife;
    int year, divorced; /* 0: not */
} WEDDINGS[] = {
    { GRANDFATHER, GRANDMOTHER, 1972, 0 },   { WIFES_FATHER, WIFES_MOTHER, 1974, 0 }, { SON, SONS_WIFE, 1999, 0 },
    { FIRST_HUSBAND, DAUGHTER, 1996, 2001 }, { SECOND_HUSBAND, DAUGHTER, 2003, 0 },
};

/* Families: whose flat it is, and who is registered there with or instead of the owner. */
static const struct family_case {
    enum role owner, resident, second;
    bool mothers_act_missing; /* no birth act of DAUGHTER */
} FAMILIES[] = {
    { GRANDMOTHER, GRANDMOTHER, DAUGHTER, false },    /* for the son, a child */
    { SON, SON, GRANDSON, false },                    /* for his mother, a parent */
    { SON, SON, GRANDSON, false },                    /* for his wife, a spouse */
    { DAUGHTER, DAUGHTER, SECOND_HUSBAND, false },    /* for her brother, a full sibling */
    { ELDER_HALF, ELDER_HALF, FIRST_HUSBAND, false }, /* for a half brother by the mother */
    { GRANDSON, GRANDSON, SONS_WIFE, false },         /* for a grandmother by the father */
    { GRANDMOTHER, GRANDMOTHER, GRANDFATHER, false }, /* for a grandson by the mother */
    { SON, SON, GRANDSON, false },                    /* for a father-in-law */
    { GRANDMOTHER, GRANDMOTHER, DAUGHTER, true },     /* for a grandson whose mother's act is missing */
    { GRANDMOTHER, SON, GRANDSON, false },            /* for the owner herself */
};

static struct day in_year(struct country *country, int year)
{
    return day_draw(country, day_of(year, 1, 10), day_of(year, 11, 30));
}

static int settle(struct country *country, enum world_sex sex, int year, int mother, int father)
{
    struct day born = in_year(country, year);
    int member = mother < 0 ? clan_add(country, sex, born) : clan_add_child(country, mother, father, sex, born);
    if (member < 0)
        BUG("no room for the hard cases");
    struct member *m = &country->clan.member[member];
    m->died = DAY_NONE;
    m->exact = true;
    m->has_act = m->act_names_mother = m->act_names_father = mother >= 0;
    return member;
}

static struct iin iin_of(const struct country *country, int member) { return country->clan.member[member].iin; }

static int make_family(struct country *country, const struct family_case *c)
{
    int base = country->clan.count;
    for (int role = 0; role < ROLES; role++)
        settle(country, CAST[role].sex, CAST[role].year, CAST[role].mother < 0 ? -1 : base + CAST[role].mother,
               CAST[role].father < 0 ? -1 : base + CAST[role].father);
    struct member *wife = &country->clan.member[base + SONS_WIFE];
    wife->father = base + WIFES_FATHER;
    wife->mother = base + WIFES_MOTHER;
    name_inherit(country, wife);
    wife->has_act = wife->act_names_father = wife->act_names_mother = true;
    if (c->mothers_act_missing)
        country->clan.member[base + DAUGHTER].has_act = false;
    for (size_t i = 0; i < sizeof WEDDINGS / sizeof *WEDDINGS; i++) {
        int w =
            clan_wed(country, base + (int)WEDDINGS[i].husband, base + (int)WEDDINGS[i].wife, in_year(country, WEDDINGS[i].year));
        if (WEDDINGS[i].divorced > 0)
            country->clan.wedding[w].divorced = in_year(country, WEDDINGS[i].divorced);
    }
    return base;
}

static struct dwelling_plan flat(int place, int area) { return (struct dwelling_plan){ place, area, area / 100 * 90 }; }

static void register_there(struct country *country, uint64_t dwelling, int member)
{
    struct day since = day_draw(country, day_of(2010, 1, 1), day_of(2024, 12, 31));
    row_resident(country, dwelling, iin_of(country, member), WORLD_RESIDENCE, since, DAY_NONE);
}

/* The full flat, and a large one where the rest of the family is registered. */
static void house_family(struct country *country, const struct family_case *c, int base)
{
    uint64_t small = row_dwelling(country, flat(place_in_astana(country), FULL_FLAT));
    row_owner(country, small, iin_of(country, base + (int)c->owner), "");
    register_there(country, small, base + (int)c->resident);
    register_there(country, small, base + (int)c->second);
    uint64_t large = row_dwelling(country, flat(place_outside(country), LARGE_FLAT));
    row_owner(country, large, iin_of(country, base + GRANDFATHER), "1/1");
    for (int role = 0; role < ROLES; role++)
        if (role != (int)c->resident && role != (int)c->second)
            register_there(country, large, base + role);
}

/* ---- single people and their dwellings ---- */

static const struct single_case {
    int owner_year, tenants, area;
    bool in_astana, minor_owner, company, student;
} SINGLES[] = {
    { 1980, 1, 6000, true, false, false, false },                                                   /* within the norm */
    { 1983, 1, 7500, true, false, false, false },      { 2015, 2, 8000, true, true, false, false }, /* the owner is a minor */
    { 1979, 2, 9000, true, false, true, false },       /* a company's, within the norm */
    { 1985, 1, 5500, false, false, false, false },     /* outside Astana */
    { 1986, 3, FULL_FLAT, true, false, false, true },  /* full; somebody studies in Astana */
    { 1982, 4, FULL_FLAT, true, false, false, false }, /* full, for a stranger */
};

static void own_single(struct country *country, const struct single_case *c, uint64_t dwelling, int owner)
{
    if (c->company) {
        row_owner(country, dwelling, row_company(country, iin_of(country, owner)), "1/1");
        return;
    }
    row_owner(country, dwelling, iin_of(country, owner), "");
    if (!c->minor_owner)
        return;
    int mother = settle(country, WORLD_FEMALE, 1987, -1, -1);
    struct member *ward = &country->clan.member[owner];
    ward->mother = mother;
    ward->has_act = ward->act_names_mother = true;
    row_representative(country, ward->iin, iin_of(country, mother), "parent", ward->born);
    register_there(country, dwelling, mother);
}

static void make_single(struct country *country, const struct single_case *c)
{
    int place = c->in_astana ? place_in_astana(country) : place_outside(country);
    uint64_t dwelling = row_dwelling(country, flat(place, c->area));
    int owner = settle(country, WORLD_FEMALE, c->owner_year, -1, -1);
    own_single(country, c, dwelling, owner);
    for (int i = 0; i < c->tenants; i++)
        row_resident(country, dwelling, iin_of(country, settle(country, WORLD_MALE, 1990 + i, -1, -1)), WORLD_TEMPORARY,
                     day_of(2025, 9, 1 + i), day_of(2026, 8, 31));
    /* Somebody from elsewhere who will want to come here. */
    int applicant = settle(country, WORLD_MALE, c->student ? 2006 : 1995, -1, -1);
    uint64_t elsewhere = row_dwelling(country, flat(place_outside(country), LARGE_FLAT));
    row_owner(country, elsewhere, iin_of(country, owner), "");
    register_there(country, elsewhere, applicant);
    if (c->student)
        row_student(country, iin_of(country, applicant), false, true, WORLD_FULL_TIME, day_of(2024, 9, 1), day_of(2028, 6, 30));
}

void clan_make_cases(struct country *country)
{
    country->clan.count = country->clan.weddings = country->clan.homes = 0;
    for (size_t i = 0; i < sizeof FAMILIES / sizeof *FAMILIES; i++)
        house_family(country, &FAMILIES[i], make_family(country, &FAMILIES[i]));
    for (size_t i = 0; i < sizeof SINGLES / sizeof *SINGLES; i++)
        make_single(country, &SINGLES[i]);
    row_acts_and_persons(country);
}
