/* SPDX-License-Identifier: Apache-2.0 */
/* The live mart: what records make of a smaller world is what a mart of the larger one is, answer for answer. */
#include "kin_live_world.h"

/* ---- acts of a world full of trouble, some of them as records ---- */

#define BASE_DAY "2025-06-01"
#define LIVE_DAY "2026-03-02"

struct act {
    char number[8];
    const char *day;
    struct iin a, b, c;
    bool live;      /* comes as a record */
    struct act *of; /* divorce: the marriage */
};
struct acts {
    struct iin person[TROUBLE_PERSONS];
    const char *died[TROUBLE_PERSONS]; /* by a record; NULL: not */
    struct act birth[TROUBLE_PERSONS], marriage[TROUBLE_PERSONS], divorce[TROUBLE_PERSONS];
    int births, marriages, divorces;
};

static const char *a_day(struct chance *c, bool live)
{
    static const char *const days[] = { "1999-12-31", "2010-06-01", "2026-03-01", LIVE_DAY, "2026-03-03", "2031-01-01" };
    return days[chance_below(c, live ? 4 : 6)];
}

static struct iin somebody(const struct acts *t, struct chance *c, bool or_nobody)
{
    return or_nobody && chance_below(c, 6) == 0 ? (struct iin){ 0 } : t->person[chance_below(c, TROUBLE_PERSONS)];
}

static void make_births(struct acts *t, struct chance *c)
{
    for (int i = 0; i < TROUBLE_PERSONS; i++) {
        if (chance_below(c, 6) == 0)
            continue;
        struct act *act = &t->birth[t->births++];
        act->live = chance_below(c, 2) == 0;
        act->day = a_day(c, act->live);
        act->a = t->person[i];
        act->b = somebody(t, c, true);
        act->c = somebody(t, c, true);
        snprintf(act->number, sizeof act->number, "b%d", i);
    }
}

static void make_marriages(struct acts *t, struct chance *c)
{
    for (int i = 0; i < TROUBLE_PERSONS; i++) {
        struct act *m = &t->marriage[t->marriages++];
        m->live = i >= TROUBLE_PERSONS / 2; /* the register's order is that of coming */
        m->day = a_day(c, m->live);
        m->a = somebody(t, c, !m->live);
        do {
            m->b = somebody(t, c, !m->live);
        } while (m->live && iin_equal(m->a, m->b));
        snprintf(m->number, sizeof m->number, "m%d", i);
        if (chance_below(c, 3) > 0 || iin_is_none(m->a) || iin_is_none(m->b) || day_from(m->day).n > day_from(LIVE_DAY).n)
            continue;
        struct act *d = &t->divorce[t->divorces++];
        *d = *m;
        d->of = m;
        d->live = m->live || chance_below(c, 2) == 0;
        d->day = d->live ? LIVE_DAY : "2031-01-01";
        snprintf(d->number, sizeof d->number, "d%d", i);
    }
}

static void write_acts(const struct acts *t, const struct folder *f, bool whole)
{
    char a[IIN_TEXT], b[IIN_TEXT], c[IIN_TEXT];
    struct buf csv;
    buf_init(&csv, 1 << 20);
#define EACH(list)                                                                                                               \
    for (const struct act *x = t->list; x < t->list + t->list##s; x++)                                                           \
        if (whole || !x->live)
    buf_add_text(&csv, "act_number,act_date,child_iin,mother_iin,father_iin\n");
    EACH(birth)
    buf_addf(&csv, "%s,%s,%s,%s,%s\n", x->number, x->day, iin_format(x->a, a), iin_format(x->b, b), iin_format(x->c, c));
    folder_put(f, "births.csv", buf_str(&csv));
    buf_clear(&csv);
    buf_add_text(&csv, "act_number,act_date,husband_iin,wife_iin\n");
    EACH(marriage)
    buf_addf(&csv, "%s,%s,%s,%s\n", x->number, x->day, iin_format(x->a, a), iin_format(x->b, b));
    folder_put(f, "marriages.csv", buf_str(&csv));
    buf_clear(&csv);
    buf_add_text(&csv, "act_number,act_date,husband_iin,wife_iin,marriage_act_number\n");
    EACH(divorce)
    buf_addf(&csv, "%s,%s,%s,%s,%s\n", x->number, x->day, iin_format(x->a, a), iin_format(x->b, b), x->of->number);
    folder_put(f, "divorces.csv", buf_str(&csv));
    buf_release(&csv);
#undef EACH
}

static void write_persons(struct acts *t, const struct folder *f, uint64_t seed, bool whole)
{
    static const char *const died[] = { "", "", "", "", "2020-05-05", "2030-01-01" };
    struct chance c = { seed };
    char text[IIN_TEXT];
    struct buf csv;
    buf_init(&csv, 1 << 20);
    buf_add_text(&csv, "iin,surname,name,patronymic,sex,born,died,capable,phone\n");
    for (int i = 0; i < TROUBLE_PERSONS; i++) {
        const char *born = chance_below(&c, 5) == 0 ? "" : chance_below(&c, 4) == 0 ? "2007-09-01" : "1990-01-01";
        const char *dead = died[chance_below(&c, 6)];
        t->died[i] = dead[0] == 0 && chance_below(&c, 4) == 0 ? "2026-03-01" : NULL;
        if (whole && t->died[i] != NULL)
            dead = t->died[i];
        buf_addf(&csv, "%s,A,B,,M,%s,%s,%s,\n", iin_format(t->person[i], text), born, dead, chance_below(&c, 6) == 0 ? "no" : "");
    }
    folder_put(f, "persons.csv", buf_str(&csv));
    folder_put(f, "dwellings.csv", STR("rka,cadastral_number,kato,address_kk,address_ru,total_area,useful_area\n"));
    folder_put(f, "incapacity.csv", STR("iin,since,until,court_act\n"));
    buf_release(&csv);
}

static struct world *write_world(struct acts *t, struct folder *f, uint64_t seed, bool whole)
{
    struct buf errors;
    folder_init(f);
    write_persons(t, f, seed, whole);
    write_acts(t, f, whole);
    struct world *world = folder_load(f, &errors);
    if (world == NULL)
        fail_msg("%.400s", errors.p);
    buf_release(&errors);
    return world;
}

/* Births and marriages before what refers to them; the last record is of the last day. */
static void put_acts(const struct acts *t, struct kin_live *live)
{
    for (int i = 0; i < t->births; i++) {
        const struct act *x = &t->birth[i];
        struct kin_record r = record_of_birth(x->number, day_from(x->day), x->a, x->b, x->c);
        if (x->live)
            live_put(live, &r);
    }
    for (int i = 0; i < t->marriages; i++) {
        const struct act *x = &t->marriage[i];
        struct kin_record r = record_of_two(KIN_RECORD_MARRIAGE, x->number, day_from(x->day), x->a, x->b);
        if (x->live)
            live_put(live, &r);
    }
    for (int i = 0; i < t->divorces; i++) {
        const struct act *x = &t->divorce[i];
        struct kin_record r = record_of_two(KIN_RECORD_DIVORCE, x->number, day_from(x->day), x->a, x->b);
        r.other = str_from(x->of->number);
        if (x->live)
            live_put(live, &r);
    }
    for (int i = 0; i < TROUBLE_PERSONS; i++) {
        if (t->died[i] != NULL) {
            struct kin_record r = record_of(KIN_RECORD_DEATH, "x", day_from(t->died[i]), t->person[i]);
            live_put(live, &r);
        }
    }
    struct kin_record last = record_of(KIN_RECORD_STUDENT, "s", day_from(LIVE_DAY), t->person[0]);
    live_put(live, &last);
}

static void hold(struct kin_live *live, struct world *world, const struct acts *t)
{
    const struct kin_mart *mart = kin_live_take(live);
    assert_int_equal(kin_mart_day(mart), day_from(LIVE_DAY).n);
    hold_live(mart, world, t->person, TROUBLE_PERSONS);
    kin_live_give(live, mart);
}

static void a_world_that_grew(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 5; seed++) {
        struct chance c = { seed * UINT64_C(0x9E3779B97F4A7C15) };
        struct acts t = { 0 };
        struct trouble some;
        struct buf ignored;
        struct folder small, large;
        struct live_files files;
        struct err err;
        uint64_t sequence;
        buf_init(&ignored, 1 << 20);
        trouble_persons(&some, &c, &ignored);
        buf_release(&ignored);
        memcpy(t.person, some.person, sizeof t.person);
        make_births(&t, &c);
        make_marriages(&t, &c);
        struct world *before = write_world(&t, &small, seed, false), *after = write_world(&t, &large, seed, true);
        live_files_init(&files);
        live_build(before, BASE_DAY, files.mart);
        struct kin_live *live = live_open(&files, KIN_LIVE_WRITE), *other = live_open(&files, KIN_LIVE_READ);
        put_acts(&t, live);
        hold(live, after, &t);
        assert_true(kin_live_follow(other, &err));
        hold(other, after, &t);
        kin_live_close(live);
        live = live_open(&files, KIN_LIVE_WRITE); /* replayed */
        hold(live, after, &t);
        assert_true(kin_live_snapshot(live, &sequence, &err));
        hold(live, after, &t);
        kin_live_close(live);
        live = live_open(&files, KIN_LIVE_WRITE); /* by the snapshot alone */
        assert_int_equal(kin_live_sequence(live), sequence);
        hold(live, after, &t);
        kin_live_close(live);
        assert_true(kin_live_follow(other, &err));
        hold(other, after, &t);
        kin_live_close(other);
        live_files_remove(&files);
        world_free(before);
        world_free(after);
        folder_remove(&small);
        folder_remove(&large);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_world_that_grew),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
