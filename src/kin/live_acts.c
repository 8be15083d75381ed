/* SPDX-License-Identifier: Apache-2.0 */
/* Records of civil acts become facts: births and marriages, and what amends, ends or annuls them. */
#include "kin/live_impl.h"

/* ---- births ---- */

/* The act before the row: see kin_birth_on. */
void kin_live_enter_birth(struct kin_overlay *o, uint32_t slot, const struct kin_birth_found *birth)
{
    if (o->birth.used == o->birth.room) {
        o->full = true;
        return;
    }
    struct kin_person_row *row = &o->persons[slot / KIN_LINE_PERSONS].row[slot % KIN_LINE_PERSONS];
    struct kin_birth_act act = { o->birth.used, KIN_BIRTH_LIVE };
    bool in_force = birth->day <= o->day;
    o->birth.item[o->birth.used++] = *birth;
    KIN_STORE_8(&o->birth_act[slot], &act);
    kin_row_store(row,
                  (struct kin_person_row){ row->key, in_force ? birth->mother : 0, in_force ? birth->father : 0, row->spouse });
}

/* Everything about him is there before his key is. */
static uint32_t enter_person(struct kin_overlay *o, struct iin iin, struct day born)
{
    uint32_t key = kin_live_enter_key(o, iin), slot = key == 0 ? UINT32_MAX : kin_live_free_slot(o, key);
    if (slot == UINT32_MAX)
        return slot;
    struct kin_life life = { born.n, INT32_MIN };
    struct kin_birth_act none = { 0, INT32_MAX };
    KIN_STORE_8(&o->life[slot], &life);
    KIN_STORE_8(&o->birth_act[slot], &none);
    o->state[slot] = KIN_STATE_DEAD;
    kin_settle_begin(o, slot);
    kin_settle_end(o, slot);
    kin_live_expect(o, slot);
    kin_row_store(&o->persons[slot / KIN_LINE_PERSONS].row[slot % KIN_LINE_PERSONS], (struct kin_person_row){ .key = key });
    __atomic_store_n(&o->header->persons, o->header->persons + 1, __ATOMIC_RELEASE);
    return slot;
}

void kin_live_birth_act(struct kin_overlay *o, const struct kin_record *r)
{
    struct kin_birth_found found = { kin_live_enter_key(o, r->person[1]), kin_live_enter_key(o, r->person[2]),
                                     kin_live_add_text(o, r->act_number), r->day.n };
    uint32_t slot = kin_live_slot(o, r->person[0]);
    if (slot == UINT32_MAX)
        slot = enter_person(o, r->person[0], day_is_none(r->other_day) ? r->day : r->other_day);
    if (slot != UINT32_MAX)
        kin_live_enter_birth(o, slot, &found);
}

void kin_live_correction(struct kin_overlay *o, const struct kin_record *r)
{
    uint32_t slot = kin_live_slot(o, r->person[0]);
    if (slot == UINT32_MAX)
        return;
    struct kin_birth_found old;
    bool had = kin_birth_on(&o->mart, &o->persons[slot / KIN_LINE_PERSONS].row[slot % KIN_LINE_PERSONS], o->day, &old);
    int32_t day = !day_is_none(r->other_day) ? r->other_day.n : had ? old.day : r->day.n;
    kin_live_enter_birth(o, slot,
                         &(struct kin_birth_found){ kin_live_enter_key(o, r->person[1]), kin_live_enter_key(o, r->person[2]),
                                                    kin_live_add_text(o, r->act_number), day });
}

/* ---- marriages ---- */

static void settle_pair(struct kin_overlay *o, const struct iin person[2])
{
    for (int i = 0; i < 2; i++) {
        uint32_t slot = kin_live_slot(o, person[i]);
        if (slot != UINT32_MAX)
            kin_settle_spouse(o, slot);
    }
}

/* At the end of the person's list, published last. */
static void append_marriage(struct kin_overlay *o, struct iin person, uint32_t place)
{
    uint32_t slot = kin_live_slot(o, person), node = slot == UINT32_MAX ? 0 : kin_new_node(o, place, 0);
    if (node == 0)
        return;
    uint32_t *end = &o->marriages_of[slot];
    while (*end != 0)
        end = &o->node.item[*end].next;
    __atomic_store_n(end, node, __ATOMIC_RELEASE);
}

static bool is_pair(const struct kin_marriage_act *m, uint32_t a, uint32_t b)
{
    return (m->husband == a && m->wife == b) || (m->husband == b && m->wife == a);
}

/* On the list of either of them, in case the other is not in the mart. */
static bool find_of_couple(const struct kin_overlay *o, const struct kin_record *r, struct str number, uint32_t *ret_place)
{
    uint32_t a = kin_mart_key(&o->mart, r->person[0]), b = kin_mart_key(&o->mart, r->person[1]);
    struct kin_marriage_act m;
    for (int i = 0; i < 2; i++) {
        uint32_t slot = kin_live_slot(o, r->person[i]);
        if (slot == UINT32_MAX)
            continue;
        for (struct kin_marriage_walk walk = kin_marriage_begin(&o->mart, slot); kin_marriage_next(&o->mart, &walk, &m);) {
            *ret_place = walk.place;
            if (is_pair(&m, a, b) && m.day != INT32_MAX && str_equal(kin_mart_text(&o->mart, m.number), number))
                return true;
        }
    }
    return false;
}

void kin_live_marriage(struct kin_overlay *o, const struct kin_record *r)
{
    struct kin_marriage_act m = { kin_live_enter_key(o, r->person[0]), kin_live_enter_key(o, r->person[1]), 0, r->day.n,
                                  INT32_MAX };
    uint32_t place;
    bool there = find_of_couple(o, r, r->act_number, &place);
    if (there || o->marriage.used == o->marriage.room) {
        o->full |= !there;
        return;
    }
    m.number = kin_live_add_text(o, r->act_number);
    place = o->marriage.used++;
    o->marriage.item[place] = m;
    append_marriage(o, r->person[0], place);
    append_marriage(o, r->person[1], place);
    settle_pair(o, r->person);
}

static void end_on(struct kin_overlay *o, uint32_t place, int32_t day)
{
    if (day < o->marriage.item[place].ended)
        __atomic_store_n(&o->marriage.item[place].ended, day, __ATOMIC_RELEASE);
}

/* Without a number: every marriage of the couple of that day or before. */
static void end_of_couple(struct kin_overlay *o, const struct kin_record *r, struct iin person)
{
    uint32_t slot = kin_live_slot(o, person), a = kin_mart_key(&o->mart, r->person[0]), b = kin_mart_key(&o->mart, r->person[1]);
    struct kin_marriage_walk walk;
    struct kin_marriage_act m;
    if (slot == UINT32_MAX)
        return;
    for (walk = kin_marriage_begin(&o->mart, slot); kin_marriage_next(&o->mart, &walk, &m);) {
        if (is_pair(&m, a, b) && m.day <= r->day.n)
            end_on(o, walk.place, r->day.n);
    }
}

void kin_live_divorce(struct kin_overlay *o, const struct kin_record *r)
{
    uint32_t place;
    if (r->other.n == 0) {
        end_of_couple(o, r, r->person[0]);
        end_of_couple(o, r, r->person[1]);
    } else if (find_of_couple(o, r, r->other, &place)) {
        end_on(o, place, r->day.n);
    }
    settle_pair(o, r->person);
}

/* ---- annulments ---- */

static void annul_birth(struct kin_overlay *o, const struct kin_record *r)
{
    uint32_t slot = kin_live_slot(o, r->person[0]);
    struct kin_birth_act none = { 0, INT32_MAX };
    if (slot == UINT32_MAX)
        return;
    struct kin_person_row *row = &o->persons[slot / KIN_LINE_PERSONS].row[slot % KIN_LINE_PERSONS];
    KIN_STORE_8(&o->birth_act[slot], &none);
    kin_row_store(row, (struct kin_person_row){ row->key, 0, 0, row->spouse });
    for (uint64_t i = 0; i < o->late_births; i++) {
        if (o->late_birth[i].slot == slot)
            __atomic_store_n(&o->late_birth[i].day, INT32_MAX, __ATOMIC_RELEASE);
    }
}

static void settle_both(struct kin_overlay *o, uint32_t place)
{
    struct kin_marriage_act m = o->marriage.item[place];
    settle_pair(o, (const struct iin[2]){ kin_mart_iin(&o->mart, m.husband), kin_mart_iin(&o->mart, m.wife) });
}

static void annul_marriage(struct kin_overlay *o, const struct kin_record *r)
{
    struct kin_marriage_act m;
    uint32_t place;
    if (!kin_live_find_marriage(o, r->person[0], r->act_number, &m, &place))
        return;
    __atomic_store_n(&o->marriage.item[place].day, INT32_MAX, __ATOMIC_RELEASE);
    settle_both(o, place);
}

static void annul_divorce(struct kin_overlay *o, const struct kin_record *r)
{
    struct kin_marriage_act m;
    uint32_t place;
    if (!kin_live_find_marriage(o, r->person[0], r->act_number, &m, &place))
        return;
    __atomic_store_n(&o->marriage.item[place].ended, INT32_MAX, __ATOMIC_RELEASE);
    settle_both(o, place);
}

void kin_live_annulment(struct kin_overlay *o, const struct kin_record *r)
{
    static void (*const annul[])(struct kin_overlay *, const struct kin_record *) = {
        [KIN_RECORD_BIRTH] = annul_birth,
        [KIN_RECORD_MARRIAGE] = annul_marriage,
        [KIN_RECORD_DIVORCE] = annul_divorce,
        [KIN_RECORD_DEATH] = kin_live_annul_death,
    };
    annul[r->annulled](o, r);
}
