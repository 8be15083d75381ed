/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Records of every type, also senseless ones, over small cities: after each handful the live columns are those of a mart that is
 * built anew from the same facts, row for row, head for head, decision for decision.
 */
#include "kin_live_world.h"
#include "kin_mart_city.h"

#define PEOPLE_MOST 200
struct town {
    struct city city;
    struct iin person[PEOPLE_MOST];
    int persons;
    uint64_t next_eleven;
    int acts;
    int32_t day;
    int taken[KIN_RECORD_TYPES]; /* records that were not refused */
};

/* ---- random records ---- */

static struct iin newborn(struct town *t, struct chance *c)
{
    int digit;
    do {
        t->next_eleven += 1 + (chance_below(c, 6) == 0 ? UINT64_C(4500000) : 0); /* some with a month that is none */
        digit = iin_check_digit(t->next_eleven);
    } while (digit < 0);
    return (struct iin){ t->next_eleven * 10 + (uint64_t)digit };
}

static struct iin anybody(struct town *t, struct chance *c) { return t->person[chance_below(c, (unsigned)t->persons)]; }

/* Now and then a day passes. */
static struct day today(struct town *t, struct chance *c)
{
    if (chance_below(c, 30) == 0)
        t->day += 1 + (int32_t)chance_below(c, 2) * 200;
    return (struct day){ t->day - (int32_t)chance_below(c, 3) };
}

static char number[24];

static struct kin_record random_record(struct town *t, struct chance *c)
{
    enum kin_record_type type = 1 + chance_below(c, KIN_RECORD_TYPES - 1);
    bool fresh = type == KIN_RECORD_BIRTH && chance_below(c, 2) == 0 && t->persons < PEOPLE_MOST;
    struct kin_record r = record_of(type, number, today(t, c), fresh ? newborn(t, c) : anybody(t, c));
    snprintf(number, sizeof number, "n%d", chance_below(c, 4) == 0 ? (int)chance_below(c, (unsigned)t->acts + 1) : ++t->acts);
    if (type == KIN_RECORD_BIRTH || type == KIN_RECORD_CORRECTION) {
        r.persons = 3;
        for (int i = 1; i < 3; i++)
            r.person[i] = chance_below(c, 4) > 0 ? anybody(t, c) : chance_below(c, 2) > 0 ? newborn(t, c) : (struct iin){ 0 };
        if (chance_below(c, 3) == 0)
            r.other_day = (struct day){ r.day.n - (int32_t)chance_below(c, 20 * 366) };
    }
    if (type == KIN_RECORD_MARRIAGE || type == KIN_RECORD_DIVORCE) {
        r.persons = 2;
        r.person[1] = anybody(t, c);
    }
    if (type == KIN_RECORD_MOVE_IN || type == KIN_RECORD_MOVE_OUT || type == KIN_RECORD_OWNERS)
        r.other = t->city.rka[chance_below(c, CITY_DWELLINGS)];
    if (type == KIN_RECORD_OWNERS) {
        r.persons = (int)chance_below(c, 5);
        for (int i = 0; i < r.persons; i++)
            r.person[i] = chance_below(c, 6) == 0 ? (struct iin){ UINT64_C(120140000017) } : anybody(t, c);
    }
    if (type == KIN_RECORD_ANNULMENT)
        r.annulled = 1 + chance_below(c, 4);
    r.begins = (type == KIN_RECORD_STUDENT || type == KIN_RECORD_INCAPACITY) && chance_below(c, 2) == 0;
    return r;
}

/* Names an act that there is, where the type wants one. */
static void aim(struct town *t, struct chance *c, const struct kin_mart *mart, struct kin_record *r)
{
    struct kin_marriage_entry m;
    struct kin_birth_entry b;
    (void)t;
    if (chance_below(c, 4) == 0)
        return;
    bool married = kin_mart_marriage(mart, r->person[0], (int)chance_below(c, 2), &m);
    if (r->type == KIN_RECORD_DIVORCE && married && !iin_is_none(m.husband) && !iin_is_none(m.wife)) {
        r->person[0] = m.husband;
        r->person[1] = m.wife;
        r->other = chance_below(c, 2) == 0 ? m.act_number : STR("");
    }
    if (r->type == KIN_RECORD_ANNULMENT && r->annulled == KIN_RECORD_BIRTH && kin_mart_birth(mart, r->person[0], &b))
        r->act_number = b.act_number;
    if (r->type == KIN_RECORD_ANNULMENT && married && (r->annulled == KIN_RECORD_MARRIAGE || r->annulled == KIN_RECORD_DIVORCE))
        r->act_number = m.act_number;
}

static void put_some(struct town *t, struct chance *c, struct kin_live *live, int count)
{
    for (int i = 0; i < count; i++) {
        const struct kin_mart *mart = kin_live_take(live);
        struct kin_record r = random_record(t, c);
        uint64_t sequence;
        struct err err;
        aim(t, c, mart, &r);
        kin_live_give(live, mart);
        if (!kin_live_put(live, &r, &sequence, &err)) {
            assert_int_equal(err.kind, ERR_INPUT);
            continue;
        }
        t->taken[r.type]++;
        assert_true(kin_live_wait(live, sequence, &err));
        if (r.type == KIN_RECORD_BIRTH && t->persons < PEOPLE_MOST)
            t->person[t->persons++] = r.person[0];
    }
}

/* ---- the same columns ---- */

static uint64_t rka_of(const struct kin_mart *mart, uint32_t slot)
{
    return mart->dwellings[slot / KIN_LINE_DWELLINGS].key[slot % KIN_LINE_DWELLINGS] & ((UINT64_C(1) << KIN_RKA_BITS) - 1);
}

static uint32_t dwelling_slot(const struct kin_mart *mart, uint64_t rka)
{
    for (uint32_t slot = 0; slot < mart->section[KIN_DWELLING_RECORD].count; slot++)
        if (rka_of(mart, slot) == rka)
            return slot;
    fail_msg("no dwelling %llu", (unsigned long long)rka);
    return 0;
}

static void same_person(const struct kin_mart *a, const struct kin_mart *b, struct iin person)
{
    const struct kin_person_row *x = kin_mart_row(a, kin_mart_key(a, person)), *y = kin_mart_row(b, kin_mart_key(b, person));
    assert_non_null(x);
    assert_non_null(y);
    uint32_t of_a = kin_mart_slot(a, x), of_b = kin_mart_slot(b, y);
    struct kin_life p = kin_life_of(a, of_a), q = kin_life_of(b, of_b);
    uint32_t s = KIN_ITEMS(a, KIN_STATES, uint32_t)[of_a], u = KIN_ITEMS(b, KIN_STATES, uint32_t)[of_b];
    bool many = x->spouse == KIN_KEY_MANY || y->spouse == KIN_KEY_MANY;
    assert_true(iin_equal(kin_mart_iin(a, x->mother), kin_mart_iin(b, y->mother)));
    assert_true(iin_equal(kin_mart_iin(a, x->father), kin_mart_iin(b, y->father)));
    assert_true(many ? x->spouse == y->spouse : iin_equal(kin_mart_iin(a, x->spouse), kin_mart_iin(b, y->spouse)));
    assert_true(p.born == q.born && p.died == q.died);
    if ((s & ~KIN_STATE_DWELLING) != (u & ~KIN_STATE_DWELLING))
        fail_msg("state of %012llu: %08x, built anew %08x", (unsigned long long)person.n, s, u);
    assert_int_equal((s & KIN_STATE_DWELLING) != 0, (u & KIN_STATE_DWELLING) != 0);
    for (uint32_t d = 0; d < b->section[KIN_DWELLING_RECORD].count; d++)
        if (rka_of(b, d) != 0)
            assert_int_equal(kin_mart_registered(b, of_b, d), kin_mart_registered(a, of_a, dwelling_slot(a, rka_of(b, d))));
}

static struct kin_dwelling_seen seen(const struct kin_mart *mart, uint32_t slot)
{
    return kin_dwelling_load(mart, &mart->dwellings[slot / KIN_LINE_DWELLINGS], (int)(slot % KIN_LINE_DWELLINGS));
}

static void same_dwelling(const struct kin_mart *a, const struct kin_mart *b, uint32_t of_b)
{
    uint32_t of_a = dwelling_slot(a, rka_of(b, of_b));
    struct kin_dwelling_seen x = seen(a, of_a), y = seen(b, of_b);
    const uint32_t *list_a = KIN_ITEMS(a, KIN_OWNER_LIST, uint32_t), *list_b = KIN_ITEMS(b, KIN_OWNER_LIST, uint32_t);
    assert_true(x.key == y.key);
    if (x.area != y.area)
        fail_msg("flags of %llu: %08x, built anew %08x", (unsigned long long)rka_of(b, of_b), x.area, y.area);
    if ((x.area & KIN_DWELLING_LIST) == 0) {
        assert_true(iin_equal(kin_mart_iin(a, x.owner), kin_mart_iin(b, y.owner)));
        return;
    }
    for (uint32_t i = 0; list_a[x.owner + i] != 0 || list_b[y.owner + i] != 0; i++)
        assert_true(iin_equal(kin_mart_iin(a, list_a[x.owner + i]), kin_mart_iin(b, list_b[y.owner + i])));
    assert_int_equal(KIN_ITEMS(a, KIN_DWELLING_RECORD, struct kin_dwelling_record)[of_a].heads,
                     KIN_ITEMS(b, KIN_DWELLING_RECORD, struct kin_dwelling_record)[of_b].heads);
}

static void same_decisions(const struct town *t, const struct kin_mart *a, const struct kin_mart *b)
{
    size_t count = 0, room = (size_t)t->persons * CITY_DWELLINGS * 3;
    struct kin_application *application = calloc(room, sizeof *application);
    struct kin_decision *x = calloc(room, sizeof *x), *y = calloc(room, sizeof *y);
    for (int p = 0; p < t->persons; p++)
        for (int d = 0; d < CITY_DWELLINGS; d++)
            for (int k = 0; k < 3 && !t->city.irregular[d]; k++) {
                static const uint8_t choices[3] = { KIN_SPOUSE, KIN_CHOICE_STUDENT, KIN_CHOICE_OWNER };
                char text[IIN_TEXT];
                application[count].choice = (p + d) % 4 == 0 ? KIN_CHILD : choices[k];
                memcpy(application[count].applicant, iin_format(t->person[p], text), 12);
                memcpy(application[count++].rka, t->city.text[d], 16);
            }
    kin_mart_decide_batch(a, 1500, application, count, x);
    kin_mart_decide_batch(b, 1500, application, count, y);
    for (size_t i = 0; i < count; i++)
        if (x[i].outcome != y[i].outcome || x[i].registered != y[i].registered || x[i].allowed != y[i].allowed)
            fail_msg("%.12s into %.16s: %d with %u, built anew %d with %u", application[i].applicant, application[i].rka,
                     x[i].outcome, x[i].registered, y[i].outcome, y[i].registered);
    free(application);
    free(x);
    free(y);
}

static void same_acts(const struct kin_mart *a, const struct kin_mart *b, struct iin person)
{
    struct kin_birth_entry x, y;
    struct kin_marriage_entry m, n;
    bool born = kin_mart_birth(a, person, &x);
    assert_int_equal(born, kin_mart_birth(b, person, &y));
    if (born)
        assert_true(iin_equal(x.mother, y.mother) && iin_equal(x.father, y.father) && x.day.n == y.day.n &&
                    str_equal(x.act_number, y.act_number));
    for (int i = 0;; i++) {
        bool there = kin_mart_marriage(a, person, i, &m);
        assert_int_equal(there, kin_mart_marriage(b, person, i, &n));
        if (!there)
            break;
        assert_true(iin_equal(m.husband, n.husband) && iin_equal(m.wife, n.wife) && m.day.n == n.day.n &&
                    m.ended.n == n.ended.n && str_equal(m.act_number, n.act_number));
    }
}

static void same_marts(const struct town *t, const struct kin_mart *a, const struct kin_mart *b)
{
    struct kin_mart_info x, y;
    kin_mart_info(a, &x);
    kin_mart_info(b, &y);
    assert_int_equal(x.as_of.n, y.as_of.n);
    assert_true(x.persons == y.persons && x.living == y.living && x.dwellings == y.dwellings && x.sequence == y.sequence);
    for (int i = 0; i < t->persons; i++) {
        same_person(a, b, t->person[i]);
        same_acts(a, b, t->person[i]);
    }
    for (uint32_t d = 0; d < b->section[KIN_DWELLING_RECORD].count; d++)
        if (rka_of(b, d) != 0)
            same_dwelling(a, b, d);
    same_decisions(t, a, b);
}

/* What a child process would write, here without one. */
static void hold_against_anew(const struct town *t, struct kin_live *live, const struct live_files *f)
{
    char path[80];
    struct kin_mart *anew = NULL;
    struct err err;
    snprintf(path, sizeof path, "%s/anew", f->folder);
    const struct kin_mart *mart = kin_live_take(live);
    if (!kin_overlay_write(mart->live, path, &err) || !kin_mart_open(path, KIN_MART_FAST, &anew, &err))
        fail_msg("%s", err.text);
    assert_true(kin_mart_verify(anew, &err));
    same_marts(t, mart, anew);
    kin_mart_close(anew);
    kin_live_give(live, mart);
}

static void cities_that_change(void **state)
{
    (void)state;
    int taken[KIN_RECORD_TYPES] = { 0 };
    for (uint64_t seed = 0; seed < 14; seed++) {
        struct town t = { .persons = TROUBLE_PERSONS, .next_eleven = UINT64_C(26010160000), .day = day_from("2026-03-02").n };
        struct chance c = { seed * 977 + 5 };
        struct folder folder;
        struct live_files f;
        struct err err;
        uint64_t sequence;
        struct world *world = city_world(&t.city, &folder, seed);
        memcpy(t.person, t.city.people.person, sizeof t.city.people.person);
        live_files_init(&f);
        live_build(world, "2026-03-02", f.mart);
        struct kin_live *live = live_open(&f, KIN_LIVE_WRITE);
        for (int round = 0; round < 6; round++) {
            put_some(&t, &c, live, 40);
            hold_against_anew(&t, live, &f);
            if (round == 2) { /* replayed, in one go */
                kin_live_close(live);
                live = live_open(&f, KIN_LIVE_WRITE);
                hold_against_anew(&t, live, &f);
            }
            if (round == 3)
                assert_true(kin_live_snapshot(live, &sequence, &err));
        }
        kin_live_close(live);
        live = live_open(&f, KIN_LIVE_READ); /* the snapshot of round 3 and what came after */
        hold_against_anew(&t, live, &f);
        kin_live_close(live);
        for (int i = 0; i < KIN_RECORD_TYPES; i++)
            taken[i] += t.taken[i];
        live_files_remove(&f);
        world_free(world);
        folder_remove(&folder);
    }
    for (int i = 1; i < KIN_RECORD_TYPES; i++)
        if (taken[i] < 20)
            fail_msg("only %d of %s", taken[i], kin_record_name((enum kin_record_type)i));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cities_that_change),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
