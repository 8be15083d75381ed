/* SPDX-License-Identifier: Apache-2.0 */
/* For tests of the mart: a world as a source of acts, written plainly, and small worlds full of trouble. */
#ifndef TESTS_KIN_MART_WORLD_H
#define TESTS_KIN_MART_WORLD_H

#include "world_folder.h"

#include "kin/mart.h"

/* ---- the oracle: acts straight from the rows ---- */

static inline enum kin_reply world_birth_reply(void *context, struct iin child, struct day day, struct kin_birth *ret)
{
    const struct world *world = context;
    if (!world_holds(world, WORLD_BIRTHS))
        return KIN_SILENT;
    const struct world_birth *birth = world_birth(world, child);
    if (birth == NULL || birth->act_date.n > day.n)
        return KIN_NOTHING;
    *ret = (struct kin_birth){ child, birth->mother, birth->father, birth->act_number };
    return KIN_HELD;
}

static inline bool divorce_ends(const struct world_divorce *d, const struct world_marriage *m, struct day day)
{
    if (d->act_date.n > day.n)
        return false;
    if (d->marriage_act_number.n > 0)
        return str_equal(d->marriage_act_number, m->act_number);
    bool whole = !iin_is_none(d->husband) && !iin_is_none(d->wife);
    bool couple = (iin_equal(d->husband, m->husband) && iin_equal(d->wife, m->wife)) ||
                  (iin_equal(d->husband, m->wife) && iin_equal(d->wife, m->husband));
    return whole && couple && m->act_date.n <= d->act_date.n;
}

static inline enum tri marriage_ended(const struct world *world, const struct world_marriage *m, struct day day)
{
    if (!world_holds(world, WORLD_DIVORCES))
        return TRI_UNKNOWN;
    for (size_t i = 0; i < world_count(world, WORLD_DIVORCES); i++)
        if (divorce_ends(world_divorce_at(world, (int32_t)i), m, day))
            return TRI_YES;
    return TRI_NO;
}

static inline enum kin_reply world_marriage_reply(void *context, struct iin person, int index, struct day day,
                                                  struct kin_marriage *ret)
{
    const struct world *world = context;
    if (!world_holds(world, WORLD_MARRIAGES))
        return KIN_SILENT;
    for (size_t i = 0; i < world_count(world, WORLD_MARRIAGES); i++) {
        const struct world_marriage *m = world_marriage_at(world, (int32_t)i);
        bool his = iin_equal(m->husband, person) || iin_equal(m->wife, person);
        if (!his || m->act_date.n > day.n || index-- > 0)
            continue;
        *ret = (struct kin_marriage){ m->husband, m->wife, m->act_number, marriage_ended(world, m, day) };
        return KIN_HELD;
    }
    return KIN_NOTHING;
}

static inline enum tri world_alive_reply(void *context, struct iin person, struct day day, bool *ret_unasked)
{
    const struct world_person *row = world_person(context, person);
    *ret_unasked = false;
    return row == NULL ? TRI_UNKNOWN : tri_of(world_alive(row, day));
}

static inline struct kin_source world_source(struct world *world)
{
    return (struct kin_source){ world, world_birth_reply, world_marriage_reply, world_alive_reply };
}

/* ---- small worlds ---- */

struct chance {
    uint64_t state;
};
static inline unsigned chance_below(struct chance *c, unsigned n)
{
    c->state = c->state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (unsigned)((c->state >> 33) % n);
}

#define TROUBLE_PERSONS 28
struct trouble {
    struct iin person[TROUBLE_PERSONS];
};

/* Some without a date in the number, all different. */
static inline void trouble_persons(struct trouble *t, struct chance *c, struct buf *csv)
{
    buf_add_text(csv, "iin,surname,name,patronymic,sex,born,died,capable,phone\n");
    for (int i = 0; i < TROUBLE_PERSONS;) {
        unsigned month = chance_below(c, 4) == 0 ? 13 + chance_below(c, 80) : 1 + chance_below(c, 12);
        uint64_t eleven =
            ((chance_below(c, 100) * UINT64_C(100) + month) * 100 + 1 + chance_below(c, 39)) * 100000 + chance_below(c, 100000);
        int check = iin_check_digit(eleven);
        if (check < 0)
            continue;
        t->person[i].n = eleven * 10 + (uint64_t)check;
        char text[IIN_TEXT];
        static const char *const died[] = { "", "", "", "2020-05-05", "2030-01-01" };
        buf_addf(csv, "%s,A,B,,M,%s,%s,%s,\n", iin_format(t->person[i], text), chance_below(c, 5) == 0 ? "" : "1990-01-01",
                 died[chance_below(c, 5)], chance_below(c, 6) == 0 ? "no" : "");
        i++;
    }
}

static inline const char *trouble_someone(const struct trouble *t, struct chance *c, char ret[IIN_TEXT])
{
    return chance_below(c, 6) == 0 ? "" : iin_format(t->person[chance_below(c, TROUBLE_PERSONS)], ret);
}

static inline const char *trouble_day(struct chance *c)
{
    static const char *const days[] = { "1999-12-31", "2010-06-01", "2026-03-01", "2026-03-02", "2026-03-03", "2031-01-01" };
    return days[chance_below(c, 6)];
}

static inline void trouble_acts(const struct trouble *t, struct chance *c, const struct folder *f)
{
    char a[IIN_TEXT], b[IIN_TEXT];
    struct buf csv;
    buf_init(&csv, 1 << 20);
    buf_add_text(&csv, "act_number,act_date,child_iin,mother_iin,father_iin\n");
    for (int i = 0; i < TROUBLE_PERSONS; i++) {
        char child[IIN_TEXT];
        if (chance_below(c, 5) > 0)
            buf_addf(&csv, "b%d,%s,%s,%s,%s\n", i, trouble_day(c), iin_format(t->person[i], child), trouble_someone(t, c, a),
                     trouble_someone(t, c, b));
    }
    if (chance_below(c, 10) > 0)
        folder_put(f, "births.csv", buf_str(&csv));
    buf_clear(&csv);
    buf_add_text(&csv, "act_number,act_date,husband_iin,wife_iin\n");
    struct buf divorces;
    buf_init(&divorces, 1 << 20);
    buf_add_text(&divorces, "act_number,act_date,husband_iin,wife_iin,marriage_act_number\n");
    for (int i = 0; i < TROUBLE_PERSONS; i++) {
        const char *husband = trouble_someone(t, c, a), *wife = trouble_someone(t, c, b);
        buf_addf(&csv, "m%d,%s,%s,%s\n", i, trouble_day(c), husband, wife);
        if (chance_below(c, 4) == 0)
            buf_addf(&divorces, "d%d,%s,%s,%s,", i, trouble_day(c), husband, wife);
        else
            continue;
        if (chance_below(c, 2) == 0)
            buf_addf(&divorces, "m%d", i);
        buf_add_text(&divorces, "\n");
    }
    folder_put(f, "marriages.csv", buf_str(&csv));
    if (chance_below(c, 10) > 0)
        folder_put(f, "divorces.csv", buf_str(&divorces));
    buf_release(&csv);
    buf_release(&divorces);
}

/* Acts of all kinds, also impossible ones: own parents, marriages with oneself, acts of the future, silent registers. */
static inline struct world *trouble_world(struct trouble *t, struct folder *f, uint64_t seed)
{
    struct chance c = { seed * UINT64_C(0x9E3779B97F4A7C15) + 1 };
    struct buf csv, errors;
    folder_init(f);
    buf_init(&csv, 1 << 20);
    trouble_persons(t, &c, &csv);
    folder_put(f, "persons.csv", buf_str(&csv));
    folder_put(f, "dwellings.csv",
               STR("rka,cadastral_number,kato,address_kk,address_ru,total_area,useful_area\n"
                   "0201300007777777,,711310000,A,A,35.70,\nR-1,,,A,A,,\n"));
    trouble_acts(t, &c, f);
    buf_release(&csv);
    struct world *world = folder_load(f, &errors);
    if (world == NULL)
        fail_msg("%.400s", errors.p);
    buf_release(&errors);
    return world;
}

static inline struct kin_mart *mart_of_world(const struct world *world, struct day as_of, enum kin_mart_mode mode)
{
    char path[] = "/tmp/kin_mart_test_XXXXXX";
    struct err err;
    struct kin_mart *mart = NULL;
    close(mkstemp(path));
    if (!kin_mart_build(world, &(struct kin_build_options){ .as_of = as_of }, path, &err) ||
        !kin_mart_open(path, mode, &mart, &err))
        fail_msg("%s", err.text);
    unlink(path);
    return mart;
}

static inline bool same_answer(const struct kin_answer *a, const struct kin_answer *b)
{
    bool same = a->confirmed == b->confirmed && a->persons == b->persons && a->acts == b->acts && a->missings == b->missings;
    for (int i = 0; same && i < a->persons; i++)
        same = iin_equal(a->person[i], b->person[i]);
    for (int i = 0; same && i < a->acts; i++)
        same = a->act[i].kind == b->act[i].kind && str_equal(a->act[i].number, b->act[i].number);
    for (int i = 0; same && i < a->missings; i++)
        same = a->missing[i].code == b->missing[i].code && iin_equal(a->missing[i].person, b->missing[i].person) &&
               a->missing[i].whom == b->missing[i].whom;
    return same;
}

#endif
