/* SPDX-License-Identifier: Apache-2.0 */
/* Persons, dwellings and marriages by what records call them; room for what is new. */
#include "kin/live_impl.h"

#include "base/arena.h"

/* ---- looking up ---- */

uint32_t kin_live_slot(const struct kin_overlay *o, struct iin person)
{
    const struct kin_person_row *row = kin_mart_row(&o->mart, kin_mart_key(&o->mart, person));
    return row == NULL ? UINT32_MAX : kin_mart_slot(&o->mart, row);
}

/* Of texts that are not sixteen digits; 0: not there. */
static uint64_t irregular_rka(const struct kin_overlay *o, struct str rka)
{
    const uint32_t *text = KIN_ITEMS(&o->mart, KIN_IRREGULAR_RKA, uint32_t);
    uint64_t low = 0, high = o->mart.section[KIN_IRREGULAR_RKA].count;
    while (low < high) {
        uint64_t middle = (low + high) / 2;
        int order = str_compare(kin_mart_text(&o->mart, text[middle]), rka);
        if (order == 0)
            return KIN_RKA_IRREGULAR + middle;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return 0;
}

uint32_t kin_live_dwelling(const struct kin_overlay *o, struct str rka)
{
    uint64_t n = 0, end = o->mart.dwelling_lines + KIN_LINES_SPARE;
    if (rka.n != 16 || !str_to_u64(rka, &n) || n == 0)
        n = irregular_rka(o, rka);
    for (uint64_t line = kin_rka_line_of(n, o->mart.dwelling_lines); n != 0 && line < end; line++) {
        for (int i = 0; i < KIN_LINE_DWELLINGS; i++) {
            uint64_t here = o->dwellings[line].key[i] & ((UINT64_C(1) << KIN_RKA_BITS) - 1);
            if (here == n)
                return (uint32_t)(line * KIN_LINE_DWELLINGS) + (uint32_t)i;
            if (here == 0)
                return UINT32_MAX;
        }
    }
    return UINT32_MAX;
}

bool kin_live_find_marriage(const struct kin_overlay *o, struct iin person, struct str number, struct kin_marriage_act *ret,
                            uint32_t *ret_place)
{
    uint32_t slot = kin_live_slot(o, person);
    struct kin_marriage_walk walk;
    if (slot == UINT32_MAX)
        return false;
    for (walk = kin_marriage_begin(&o->mart, slot); kin_marriage_next(&o->mart, &walk, ret);) {
        *ret_place = walk.place;
        if (ret->day != INT32_MAX && str_equal(kin_mart_text(&o->mart, ret->number), number))
            return true;
    }
    return false;
}

bool kin_live_stays(struct kin_overlay *o, uint32_t slot, uint32_t dwelling_slot)
{
    size_t n = kin_stays_list(o, slot, &o->after, &o->after_room);
    for (size_t i = 0; i < n; i++) {
        if (o->after[i] == dwelling_slot)
            return true;
    }
    return false;
}

/* ---- what grows ---- */

bool kin_live_has_room(const struct kin_overlay *o, uint64_t records)
{
#define ROOM(name, each) ((uint64_t)o->name.room - o->name.used >= (records + 1) * (each))
    return !o->full && ROOM(text, KIN_RECORD_TEXT_MAX + 2) && ROOM(marriage, 1) && ROOM(owner, KIN_RECORD_PERSONS + 1) &&
           ROOM(birth, 1) && ROOM(node, 16) && ROOM(irregular, 0) && o->irregular.used < o->irregular.room;
#undef ROOM
}

uint32_t kin_live_add_text(struct kin_overlay *o, struct str text)
{
    if (text.n == 0)
        return 0;
    if (o->text.room - o->text.used < text.n + 2) {
        o->full = true;
        return 0;
    }
    uint32_t offset = o->text.used;
    char *p = o->text.item + offset;
    if (text.n > 127)
        *p++ = (char)((text.n & 127) | 128);
    *p++ = (char)(text.n > 127 ? text.n >> 7 : text.n);
    memcpy(p, text.p, text.n);
    o->text.used = (uint32_t)(p + text.n - o->text.item);
    return offset;
}

/* The key of a number that may be new. */
uint32_t kin_live_enter_key(struct kin_overlay *o, struct iin iin)
{
    uint32_t key = kin_mart_key(&o->mart, iin);
    if (key != 0 || iin_is_none(iin))
        return key;
    if (o->irregular.used == o->irregular.room) {
        o->full = true;
        return 0;
    }
    o->irregular.item[o->irregular.used] = iin.n;
    __atomic_store_n(&o->irregular.used, o->irregular.used + 1, __ATOMIC_RELEASE);
    return kin_mart_key(&o->mart, iin);
}

/* A free row in his line or behind it; searches end in the last line, so its last row stays free.  UINT32_MAX: none. */
uint32_t kin_live_free_slot(struct kin_overlay *o, uint32_t key)
{
    uint64_t last = o->mart.person_lines + KIN_LINES_SPARE - 1;
    for (uint64_t line = kin_line_of(key, o->mart.person_lines); line < last; line++) {
        for (uint32_t i = 0; i < KIN_LINE_PERSONS; i++) {
            if (o->persons[line].row[i].key == 0)
                return (uint32_t)(line * KIN_LINE_PERSONS) + i;
        }
    }
    o->full = true;
    return UINT32_MAX;
}

/* ---- before a record comes ---- */

static void call_up_lines(const struct kin_overlay *o, const struct kin_record *r)
{
    uint64_t rka;
    for (int i = 0; i < r->persons; i++) {
        uint32_t key = kin_mart_key(&o->mart, r->person[i]);
        __builtin_prefetch(&o->persons[kin_line_of(key, o->mart.person_lines)]);
    }
    if (r->other.n == 16 && str_to_u64(r->other, &rka))
        __builtin_prefetch(&o->dwellings[kin_rka_line_of(rka, o->mart.dwelling_lines)]);
}

static void call_up_slot(const struct kin_overlay *o, uint32_t slot)
{
    __builtin_prefetch(&o->state[slot]);
    __builtin_prefetch(&o->life[slot]);
    __builtin_prefetch(&o->stays_of[slot]);
}

void kin_live_call_up(void *overlay, const struct kin_record *r, enum kin_journal_step step)
{
    const struct kin_overlay *o = overlay;
    if (step == KIN_JOURNAL_SOON) {
        call_up_lines(o, r);
        return;
    }
    for (int i = 0; i < r->persons; i++) {
        uint32_t slot = kin_live_slot(o, r->person[i]);
        if (slot != UINT32_MAX)
            call_up_slot(o, slot);
    }
    uint32_t dwelling = r->other.n == 0 ? UINT32_MAX : kin_live_dwelling(o, r->other);
    if (dwelling != UINT32_MAX)
        __builtin_prefetch(&o->record[dwelling]);
}
