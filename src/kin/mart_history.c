/* SPDX-License-Identifier: Apache-2.0 */
/* The cold data of one person: birth act, marriages, life, registrations; as in the file, and as the journal changed it. */
#include "kin/live_impl.h"

/* ---- births ---- */

static const struct kin_late_birth *late_birth(const struct kin_mart *mart, uint32_t slot)
{
    const struct kin_late_birth *list = KIN_ITEMS(mart, KIN_LATE_BIRTHS, struct kin_late_birth);
    uint64_t low = 0, high = mart->section[KIN_LATE_BIRTHS].count;
    while (low < high) {
        uint64_t middle = (low + high) / 2;
        if (list[middle].slot < slot)
            low = middle + 1;
        else
            high = middle;
    }
    return low < mart->section[KIN_LATE_BIRTHS].count && list[low].slot == slot ? &list[low] : NULL;
}

/* The row is read before the act, and a writer changes the act before the row: an act that is still the old one had its parents
 * there.  An act from the journal brings its parents along. */
bool kin_birth_on(const struct kin_mart *mart, const struct kin_person_row *row, int32_t day, struct kin_birth_found *ret)
{
    struct kin_person_row parents = kin_row_load(row);
    uint32_t slot = kin_mart_slot(mart, row);
    struct kin_birth_act act;
    KIN_LOAD_8(&KIN_ITEMS(mart, KIN_BIRTHS, struct kin_birth_act)[slot], &act);
    if (act.day == KIN_BIRTH_LIVE)
        return mart->live != NULL && kin_live_birth(mart->live, act.number, ret) && ret->day <= day;
    if (act.day != INT32_MAX && act.day <= day) {
        *ret = (struct kin_birth_found){ parents.mother, parents.father, act.number, act.day };
        return true;
    }
    const struct kin_late_birth *late = day > kin_mart_day(mart) ? late_birth(mart, slot) : NULL;
    int32_t late_day = late == NULL ? INT32_MAX : __atomic_load_n(&late->day, __ATOMIC_ACQUIRE);
    if (late_day == INT32_MAX || late_day > day)
        return false;
    *ret = (struct kin_birth_found){ late->mother, late->father, late->number, late_day };
    return true;
}

/* ---- marriages ---- */

struct kin_marriage_walk kin_marriage_begin(const struct kin_mart *mart, uint32_t slot)
{
    const uint32_t *start = KIN_ITEMS(mart, KIN_MARRIAGE_START, uint32_t) + slot;
    return (struct kin_marriage_walk){ start[0], start[1], mart->live == NULL ? 0 : kin_live_first_marriage(mart->live, slot),
                                       0 };
}

bool kin_marriage_next(const struct kin_mart *mart, struct kin_marriage_walk *walk, struct kin_marriage_act *ret)
{
    const uint32_t *list = KIN_ITEMS(mart, KIN_MARRIAGE_LIST, uint32_t);
    for (;;) {
        if (walk->at < walk->end && walk->at < mart->section[KIN_MARRIAGE_LIST].count)
            walk->place = list[walk->at++];
        else if (walk->node == 0 || !kin_live_marriage_node(mart->live, &walk->node, &walk->place))
            return false;
        if (walk->place >= mart->section[KIN_MARRIAGES].count)
            continue;
        const struct kin_marriage_act *m = &KIN_ITEMS(mart, KIN_MARRIAGES, struct kin_marriage_act)[walk->place];
        *ret = (struct kin_marriage_act){ m->husband, m->wife, m->number, __atomic_load_n(&m->day, __ATOMIC_ACQUIRE),
                                          __atomic_load_n(&m->ended, __ATOMIC_ACQUIRE) };
        return true;
    }
}

/* ---- life ---- */

struct kin_life kin_life_of(const struct kin_mart *mart, uint32_t slot)
{
    struct kin_life life;
    KIN_LOAD_8(&KIN_ITEMS(mart, KIN_LIFE, struct kin_life)[slot], &life);
    return life;
}

/* ---- registrations ---- */

/* Dwellings that are there stand in the order of their slots, and so do the runs of their residents. */
void kin_residents_run(const struct kin_mart *mart, uint64_t dwelling_slot, uint64_t *ret_first, uint64_t *ret_end)
{
    uint64_t slots = mart->section[KIN_DWELLINGS].count * KIN_LINE_DWELLINGS, count = mart->section[KIN_RESIDENTS].count;
    uint64_t first = mart->dwellings[dwelling_slot / KIN_LINE_DWELLINGS].resident[dwelling_slot % KIN_LINE_DWELLINGS],
             end = count;
    for (uint64_t slot = dwelling_slot + 1; slot < slots; slot++) {
        const struct kin_dwelling_line *line = &mart->dwellings[slot / KIN_LINE_DWELLINGS];
        if (line->key[slot % KIN_LINE_DWELLINGS] != 0) {
            end = line->resident[slot % KIN_LINE_DWELLINGS];
            break;
        }
    }
    *ret_end = end < count ? end : count;
    *ret_first = first < *ret_end ? first : *ret_end;
}

static bool in_run(const struct kin_mart *mart, uint32_t slot, uint32_t dwelling_slot)
{
    const uint32_t *resident = KIN_ITEMS(mart, KIN_RESIDENTS, uint32_t), *slot_of = KIN_ITEMS(mart, KIN_FAMILY_SLOT, uint32_t);
    uint64_t at, end;
    for (kin_residents_run(mart, dwelling_slot, &at, &end); at < end; at++) {
        if (resident[at] < mart->section[KIN_FAMILY_SLOT].count && slot_of[resident[at]] == slot)
            return true;
    }
    return false;
}

bool kin_mart_registered(const struct kin_mart *mart, uint32_t slot, uint32_t dwelling_slot)
{
    uint32_t state = __atomic_load_n(&KIN_ITEMS(mart, KIN_STATES, uint32_t)[slot], __ATOMIC_ACQUIRE);
    if ((state & KIN_STATE_DWELLING) == dwelling_slot + 1)
        return true;
    if ((state & KIN_STATE_ELSEWHERE) == 0)
        return false;
    uint32_t node = mart->live == NULL ? 0 : kin_live_first_stay(mart->live, slot), dwelling;
    if (node == 0)
        return in_run(mart, slot, dwelling_slot);
    while (node != 0 && kin_live_stay_node(mart->live, &node, &dwelling)) {
        if (dwelling == dwelling_slot)
            return true;
    }
    return false;
}
