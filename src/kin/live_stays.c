/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where a person is registered.  One registration is in his state; several are a list.  Of those who had several by the
 * snapshot only the residents of the dwellings tell where: all of them get their lists the first time that one is needed.
 */
#include "kin/live_impl.h"

#include "base/arena.h"

#include <stdlib.h>

#define EMPTY_LIST 1

uint32_t kin_new_node(struct kin_overlay *o, uint32_t what, uint32_t next)
{
    if (o->node.used >= o->node.room) {
        o->full = true;
        return 0;
    }
    o->node.item[o->node.used] = (struct kin_node){ what, next };
    return o->node.used++;
}

/* ---- those who had several by the snapshot ---- */

/* A bit a slot: few lines, where the states of all residents would be many.  Whoever has a list of his own already keeps it: it
 * says where he is now. */
static uint64_t *find_wanted(const struct kin_overlay *o)
{
    uint64_t *wanted = mem_alloc((o->slots / 64 + 1) * sizeof *wanted);
    for (uint64_t slot = 0; slot < o->slots; slot++) {
        if ((o->state[slot] & KIN_STATE_ELSEWHERE) != 0 && o->stays_of[slot] == 0)
            wanted[slot / 64] |= UINT64_C(1) << slot % 64;
    }
    return wanted;
}

static void collect(struct kin_overlay *o, uint32_t dwelling_slot, const uint64_t *wanted, uint32_t *first)
{
    const uint32_t *resident = KIN_ITEMS(&o->mart, KIN_RESIDENTS, uint32_t),
                   *slot_of = KIN_ITEMS(&o->mart, KIN_FAMILY_SLOT, uint32_t);
    uint64_t at, end;
    for (kin_residents_run(&o->mart, dwelling_slot, &at, &end); at < end; at++) {
        uint32_t slot = resident[at] < o->mart.section[KIN_FAMILY_SLOT].count ? slot_of[resident[at]] : UINT32_MAX;
        if (slot < o->slots && (wanted[slot / 64] >> slot % 64 & 1) != 0)
            first[slot] = kin_new_node(o, dwelling_slot + 1, first[slot]);
    }
}

/* Seen by readers when all lists are whole. */
static void list_all(struct kin_overlay *o)
{
    uint64_t *wanted = find_wanted(o);
    uint32_t *first = mem_alloc((o->slots + 1) * sizeof *first);
    o->stays_listed = true;
    for (uint64_t slot = 0; slot < o->dwelling_slots; slot++) {
        if (o->dwellings[slot / KIN_LINE_DWELLINGS].key[slot % KIN_LINE_DWELLINGS] != 0)
            collect(o, (uint32_t)slot, wanted, first);
    }
    for (uint64_t slot = 0; slot < o->slots && !o->full; slot++) {
        if (first[slot] != 0)
            __atomic_store_n(&o->stays_of[slot], first[slot], __ATOMIC_RELEASE);
    }
    free(first);
    free(wanted);
}

/* ---- lists ---- */

static void publish(struct kin_overlay *o, uint32_t slot, const uint32_t *list, size_t n)
{
    uint32_t first = n == 0 ? EMPTY_LIST : 0;
    for (size_t i = n; i-- > 0 && !o->full;)
        first = kin_new_node(o, list[i] + 1, first);
    if (!o->full)
        __atomic_store_n(&o->stays_of[slot], first, __ATOMIC_RELEASE);
}

size_t kin_stays_list(struct kin_overlay *o, uint32_t slot, uint32_t **list, size_t *room)
{
    size_t n = 0;
    if ((o->state[slot] & KIN_STATE_ELSEWHERE) != 0 && !o->stays_listed)
        list_all(o);
    uint32_t node = o->stays_of[slot], first = o->state[slot] & KIN_STATE_DWELLING, dwelling;
    if (node == 0 && first != 0)
        *MEM_PUSH(*list, n, *room) = first - 1;
    while (kin_live_stay_node(o, &node, &dwelling))
        *MEM_PUSH(*list, n, *room) = dwelling;
    return n;
}

void kin_stays_own(struct kin_overlay *o, uint32_t slot)
{
    size_t n = o->stays_of[slot] != 0 ? 0 : kin_stays_list(o, slot, &o->stays, &o->stays_room);
    if (n > 0 && o->stays_of[slot] == 0)
        publish(o, slot, o->stays, n);
}

void kin_stays_change(struct kin_overlay *o, uint32_t slot, uint32_t dwelling_slot, bool add)
{
    size_t n = kin_stays_list(o, slot, &o->stays, &o->stays_room), kept = 0;
    bool there = false;
    for (size_t i = 0; i < n; i++) {
        there |= o->stays[i] == dwelling_slot;
        if (add || o->stays[i] != dwelling_slot)
            o->stays[kept++] = o->stays[i];
    }
    if (add && !there)
        *MEM_PUSH(o->stays, kept, o->stays_room) = dwelling_slot;
    if (add != there)
        publish(o, slot, o->stays, kept);
}
