/* SPDX-License-Identifier: Apache-2.0 */
/* Who is registered where, and the family numbers that follow the dwellings. */
#include "kin/mart_build.h"

#include <stdlib.h>

/* ---- a file by dwelling ---- */

struct kin_groups kin_group(const struct kin_builder *b, const void *rows, size_t count, size_t size, const uint32_t *value)
{
    struct kin_groups g = { mem_alloc_lines((b->dwelling_slots + 2) * sizeof(uint32_t)),
                            mem_alloc_lines((count + 1) * sizeof(uint32_t)) };
    uint32_t *next = g.start + 1;
    const char *bytes = rows;
    for (size_t i = 0; i < count; i++)
        next[b->dwelling_slot[*(const uint32_t *)(const void *)(bytes + i * size)]]++;
    uint32_t sum = 0;
    for (uint64_t slot = 0; slot <= b->dwelling_slots; slot++) {
        uint32_t n = next[slot];
        next[slot] = sum;
        sum += n;
    }
    for (size_t i = 0; i < count; i++)
        g.row[next[b->dwelling_slot[*(const uint32_t *)(const void *)(bytes + i * size)]]++] =
            value == NULL ? (uint32_t)i : value[i];
    return g;
}

void kin_groups_release(struct kin_groups *g)
{
    free(g->start);
    free(g->row);
}

/* ---- who is registered on the day of the extract ---- */

static int compare_u32(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

/* Who each row is about, by slot; UINT32_MAX where it is not in force or the person is dead. */
static uint32_t *find_residents(const struct kin_builder *b)
{
    const struct kin_resident_draft *row = b->resident_draft.row;
    size_t count = b->resident_draft.count;
    uint32_t *person = mem_alloc_lines((count + 1) * sizeof *person);
    for (size_t i = 0; i < count; i++) {
        if (i + KIN_AHEAD < count)
            kin_prefetch_line(b, row[i + KIN_AHEAD].key);
        person[i] = kin_in_force(row[i].spell, b->as_of) ? kin_slot_of(b, row[i].key) : UINT32_MAX;
        if (person[i] != UINT32_MAX && (b->state[person[i]] & KIN_STATE_DEAD) != 0)
            person[i] = UINT32_MAX;
    }
    return person;
}

/* Each once, by slot, at the end of b->resident; returns how many. */
static uint32_t list_residents(struct kin_builder *b, const struct kin_groups *g, uint64_t slot)
{
    uint32_t *list = b->resident + b->residents, n = 0, kept = 0;
    for (uint32_t i = g->start[slot]; i < g->start[slot + 1]; i++) {
        if (g->row[i] != UINT32_MAX)
            list[n++] = g->row[i];
    }
    if (n > 1)
        qsort(list, n, sizeof *list, compare_u32);
    for (uint32_t i = 0; i < n; i++) {
        if (kept == 0 || list[kept - 1] != list[i])
            list[kept++] = list[i];
    }
    return kept;
}

static void settle(struct kin_builder *b, uint32_t person, uint64_t dwelling)
{
    if ((b->state[person] & KIN_STATE_DWELLING) == 0)
        b->state[person] |= (uint32_t)dwelling + 1;
    else
        b->state[person] |= KIN_STATE_ELSEWHERE;
}

void kin_build_residents(struct kin_builder *b)
{
    uint32_t *person = find_residents(b);
    struct kin_groups g = kin_group(b, b->resident_draft.row, b->resident_draft.count, sizeof *b->resident_draft.row, person);
    free(person);
    b->resident = mem_alloc_lines((b->resident_draft.count + 1) * sizeof *b->resident);
    for (uint64_t slot = 0; slot < b->dwelling_slots; slot++) {
        struct kin_dwelling_line *line = &b->dwelling_table[slot / KIN_LINE_DWELLINGS];
        int row = (int)(slot % KIN_LINE_DWELLINGS);
        if (line->key[row] == 0)
            continue;
        uint32_t heads = list_residents(b, &g, slot);
        line->resident[row] = (uint32_t)b->residents;
        line->key[row] |= (uint64_t)(heads < KIN_HEADS_MANY ? heads : KIN_HEADS_MANY) << KIN_RKA_BITS;
        b->record[slot].heads = heads;
        for (uint32_t i = 0; i < heads; i++)
            settle(b, b->resident[b->residents + i], slot);
        b->residents += heads;
    }
    kin_groups_release(&g);
}

/* ---- family numbers ---- */

/* Those registered in one dwelling side by side, everybody else behind them by slot. */
static uint32_t *number_families(struct kin_builder *b)
{
    uint32_t *number = mem_alloc_lines(b->slots * sizeof *number);
    b->family_slot = mem_alloc_lines((b->person.count + 1) * sizeof *b->family_slot);
    b->families = 1;
    for (uint64_t i = 0; i < b->residents; i++) {
        uint32_t slot = b->resident[i];
        if (number[slot] == 0) {
            b->family_slot[b->families] = slot;
            number[slot] = (uint32_t)b->families++;
        }
        b->resident[i] = number[slot];
    }
    for (uint64_t slot = 0; slot < b->slots; slot++) {
        if (number[slot] == 0 && b->lines[slot / KIN_LINE_PERSONS].row[slot % KIN_LINE_PERSONS].key != 0) {
            b->family_slot[b->families] = (uint32_t)slot;
            number[slot] = (uint32_t)b->families++;
        }
    }
    return number;
}

static uint32_t number_at(const uint32_t *number, uint32_t slot_and_one)
{
    return slot_and_one == 0 || slot_and_one == KIN_KEY_MANY ? slot_and_one : number[slot_and_one - 1];
}

static uint32_t number_of_key(const struct kin_builder *b, const uint32_t *number, uint32_t key)
{
    uint32_t slot = kin_slot_of(b, key);
    return slot == UINT32_MAX ? 0 : number[slot];
}

static void number_owners(struct kin_builder *b, const uint32_t *number)
{
    b->dwelling_owner = mem_alloc_lines((b->dwelling_slots + 1) * sizeof *b->dwelling_owner);
    for (uint64_t slot = 0; slot < b->dwelling_slots; slot++) {
        const struct kin_dwelling_line *line = &b->dwelling_table[slot / KIN_LINE_DWELLINGS];
        int row = (int)(slot % KIN_LINE_DWELLINGS);
        bool list = (line->area[row] & KIN_DWELLING_LIST) != 0;
        b->dwelling_owner[slot] = list ? line->owner[row] : number_of_key(b, number, line->owner[row]);
    }
    for (size_t i = 0; i < b->owner_list.count; i++)
        *MEM_PUSH(b->owner_list_family.row, b->owner_list_family.count, b->owner_list_family.capacity) =
            number_of_key(b, number, b->owner_list.row[i]);
}

void kin_build_families(struct kin_builder *b)
{
    uint32_t *number = number_families(b);
    b->family = mem_alloc_lines(b->families * sizeof *b->family);
    for (uint64_t i = 1; i < b->families; i++) {
        uint32_t slot = b->family_slot[i];
        b->family[i] =
            (struct kin_family_row){ number_at(number, b->parent_slot[0][slot]), number_at(number, b->parent_slot[1][slot]),
                                     number_at(number, b->spouse_slot[slot]) };
    }
    number_owners(b, number);
    free(number);
}
