/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a person owns.  The file says of a dwelling who owns it; the way back is made in one pass the first time that somebody's
 * state changes what a dwelling says of its owners, and carried on from there.  A list holds whatever was owned by any person of
 * one line: the flags of a dwelling follow from its owners of now, so one too many is settled to no effect.
 */
#include "kin/live_impl.h"

#include "base/arena.h"

#define NONE 0 /* item 0 of o->owned */

static void enter(struct kin_overlay *o, uint32_t key, uint32_t dwelling)
{
    uint32_t *first = &o->owned_first[kin_line_of(key, o->mart.person_lines)];
    *MEM_PUSH(o->owned, o->owneds, o->owned_room) = (struct kin_node){ dwelling, *first };
    *first = (uint32_t)(o->owneds - 1);
}

void kin_owned_enter(struct kin_overlay *o, uint32_t key, uint32_t dwelling)
{
    if (o->owned_first != NULL && key != 0)
        enter(o, key, dwelling);
}

/* One owner in `alone`, several in the list; behind the last list of the section is zeroed room. */
const uint32_t *kin_owner_keys(const struct kin_overlay *o, uint64_t dwelling, uint32_t alone[2])
{
    const struct kin_dwelling_line *line = &o->dwellings[dwelling / KIN_LINE_DWELLINGS];
    int row = (int)(dwelling % KIN_LINE_DWELLINGS);
    bool list = (line->area[row] & KIN_DWELLING_LIST) != 0;
    alone[0] = list ? 0 : line->owner[row];
    alone[1] = 0;
    return list && line->owner[row] < o->owner.used ? &o->owner.item[line->owner[row]] : alone;
}

static void make(struct kin_overlay *o)
{
    o->owned_first = mem_alloc((o->mart.person_lines + KIN_LINES_SPARE) * sizeof *o->owned_first);
    *MEM_PUSH(o->owned, o->owneds, o->owned_room) = (struct kin_node){ 0, NONE };
    for (uint64_t dwelling = 0; dwelling < o->dwelling_slots; dwelling++) {
        uint32_t alone[2];
        if (o->dwellings[dwelling / KIN_LINE_DWELLINGS].key[dwelling % KIN_LINE_DWELLINGS] == 0)
            continue;
        for (const uint32_t *key = kin_owner_keys(o, dwelling, alone); *key != 0; key++)
            enter(o, *key, (uint32_t)dwelling);
    }
}

/* Readers see the flags of a dwelling change by one store each. */
static void settle(struct kin_overlay *o, uint32_t dwelling)
{
    struct kin_dwelling_line *line = &o->dwellings[dwelling / KIN_LINE_DWELLINGS];
    uint32_t *area = &line->area[dwelling % KIN_LINE_DWELLINGS], flags = *area & ~(KIN_DWELLING_OFFICE | KIN_DWELLING_DOUBT);
    uint32_t alone[2];
    for (const uint32_t *key = kin_owner_keys(o, dwelling, alone); *key != 0; key++)
        flags |= kin_owner_flags(o, *key);
    if (flags != *area)
        __atomic_store_n(area, flags, __ATOMIC_RELEASE);
}

void kin_settle_owners(struct kin_overlay *o)
{
    if (o->dirty_owners > 0 && o->owned_first == NULL)
        make(o);
    for (size_t i = 0; i < o->dirty_owners; i++) {
        uint32_t at = o->owned_first[kin_line_of(o->dirty_owner[i], o->mart.person_lines)];
        for (; at != NONE; at = o->owned[at].next)
            settle(o, o->owned[at].what);
    }
    o->dirty_owners = 0;
}
