/* SPDX-License-Identifier: Apache-2.0 */
/* The dwelling table and the owners. */
#include "kin/mart_build.h"

#include <stdlib.h>

#define LOAD_NUMERATOR   4 /* four rows of five are filled */
#define LOAD_DENOMINATOR 5

struct dwelling_at {
    struct kin_dwelling_line *line;
    int row;
};

static struct dwelling_at at_slot(const struct kin_builder *b, uint32_t slot)
{
    return (struct dwelling_at){ &b->dwelling_table[slot / KIN_LINE_DWELLINGS], (int)(slot % KIN_LINE_DWELLINGS) };
}

/* ---- irregular RKA: their numbers follow the order of the texts ---- */

struct irregular {
    uint32_t text, place; /* place: in the order of coming */
};

static int compare_texts(const void *a, const void *b, void *texts)
{
    const struct irregular *x = a, *y = b;
    return str_compare(kin_texts_at(texts, x->text), kin_texts_at(texts, y->text));
}

static void settle_irregular(struct kin_builder *b)
{
    size_t count = b->irregular_rka.count;
    if (count == 0)
        return;
    struct irregular *sorted = mem_alloc(count * sizeof *sorted);
    uint32_t *place = mem_alloc(count * sizeof *place);
    for (size_t i = 0; i < count; i++)
        sorted[i] = (struct irregular){ b->irregular_rka.row[i], (uint32_t)i };
    qsort_r(sorted, count, sizeof *sorted, compare_texts, &b->text);
    for (size_t i = 0; i < count; i++) {
        b->irregular_rka.row[i] = sorted[i].text;
        place[sorted[i].place] = (uint32_t)i;
    }
    for (size_t i = 0; i < b->dwelling.count; i++) {
        uint64_t *rka = &b->dwelling.row[i].rka;
        if (*rka >= KIN_RKA_IRREGULAR)
            *rka = KIN_RKA_IRREGULAR + place[*rka - KIN_RKA_IRREGULAR];
    }
    free(sorted);
    free(place);
}

/* ---- the table ---- */

static int filled(const struct kin_dwelling_line *line)
{
    int n = 0;
    while (n < KIN_LINE_DWELLINGS && line->key[n] != 0)
        n++;
    return n;
}

static uint32_t put(struct kin_builder *b, uint64_t line, uint64_t rka)
{
    int n = filled(&b->dwelling_table[line]);
    b->dwelling_table[line].key[n] = rka;
    return (uint32_t)(line * KIN_LINE_DWELLINGS + (uint64_t)n);
}

static bool place_dwellings(struct kin_builder *b, const uint64_t *sorted)
{
    uint32_t *away = mem_alloc_lines((b->dwelling.count + 1) * sizeof *away);
    size_t away_count = 0;
    for (size_t i = 0; i < b->dwelling.count; i++) {
        uint32_t number = (uint32_t)sorted[i];
        uint64_t rka = b->dwelling.row[number].rka, line = kin_rka_line_of(rka, b->dwelling_lines);
        if (filled(&b->dwelling_table[line]) < KIN_LINE_DWELLINGS)
            b->dwelling_slot[number] = put(b, line, rka);
        else
            away[away_count++] = number;
    }
    bool placed = true;
    for (size_t i = 0; i < away_count && placed; i++) {
        uint64_t rka = b->dwelling.row[away[i]].rka, end = b->dwelling_lines + KIN_LINES_SPARE - 1; /* the last one stays free */
        uint64_t line = kin_rka_line_of(rka, b->dwelling_lines) + 1;
        while (line < end && filled(&b->dwelling_table[line]) == KIN_LINE_DWELLINGS)
            line++;
        placed = line < end;
        if (placed)
            b->dwelling_slot[away[i]] = put(b, line, rka);
    }
    free(away);
    return placed;
}

static bool make_table(struct kin_builder *b, const uint64_t *sorted, struct err *err)
{
    b->dwelling_lines = b->dwelling.count * LOAD_DENOMINATOR / (KIN_LINE_DWELLINGS * LOAD_NUMERATOR) + 2;
    for (int tries = 0; tries < 4; tries++, b->dwelling_lines *= 2) {
        free(b->dwelling_table);
        b->dwelling_table = mem_alloc_lines((b->dwelling_lines + KIN_LINES_SPARE) * sizeof *b->dwelling_table);
        if (place_dwellings(b, sorted)) {
            b->dwelling_slots = (b->dwelling_lines + KIN_LINES_SPARE) * KIN_LINE_DWELLINGS;
            if (b->dwelling_slots >= KIN_STATE_DWELLING)
                return err_set(err, ERR_LIMIT, "more dwellings than a state can number");
            return true;
        }
    }
    return err_set(err, ERR_LIMIT, "the address codes all fall into one place of the table");
}

static void fill_dwellings(struct kin_builder *b)
{
    b->record = mem_alloc_lines(b->dwelling_slots * sizeof *b->record);
    for (size_t i = 0; i < b->dwelling.count; i++) {
        const struct kin_dwelling_draft *d = &b->dwelling.row[i];
        struct dwelling_at at = at_slot(b, b->dwelling_slot[i]);
        bool fits = d->total_area >= 0 && d->total_area < KIN_AREA_OTHER;
        uint32_t flags = d->kato == 1 ? KIN_DWELLING_NO_KATO : 0, first_two = d->kato;
        while (first_two >= 1000)
            first_two /= 10;
        if (first_two == 171)
            flags |= KIN_DWELLING_CAPITAL;
        at.line->area[at.row] = (fits ? (uint32_t)d->total_area : KIN_AREA_OTHER) | flags;
        b->record[b->dwelling_slot[i]] = (struct kin_dwelling_record){ d->total_area, d->useful_area, d->kato, 0 };
    }
}

bool kin_build_dwellings(struct kin_builder *b, struct err *err)
{
    settle_irregular(b);
    uint64_t *sorted = mem_alloc_lines((b->dwelling.count + 1) * sizeof *sorted);
    b->dwelling_slot = mem_alloc_lines((b->dwelling.count + 1) * sizeof *b->dwelling_slot);
    for (size_t i = 0; i < b->dwelling.count; i++)
        sorted[i] = (kin_rka_line_of(b->dwelling.row[i].rka, UINT64_C(1) << 32) << 32) | i;
    kin_sort_by_high(sorted, b->dwelling.count);
    bool made = make_table(b, sorted, err);
    free(sorted);
    if (made)
        fill_dwellings(b);
    return made;
}

/* ---- owners ---- */

/* Natural owners of one dwelling, each once, in the order of the register; returns how many, at the end of the list. */
static uint32_t list_owners(struct kin_builder *b, const struct kin_groups *g, uint64_t slot, uint32_t *ret_flags)
{
    size_t first = b->owner_list.count;
    for (uint32_t i = g->start[slot]; i < g->start[slot + 1]; i++) {
        uint32_t key = b->owner.row[g->row[i]].key;
        bool seen = false;
        if (key == 0)
            *ret_flags |= KIN_DWELLING_COMPANY;
        for (size_t k = first; k < b->owner_list.count && !seen; k++)
            seen = b->owner_list.row[k] == key;
        if (key != 0 && !seen)
            *MEM_PUSH(b->owner_list.row, b->owner_list.count, b->owner_list.capacity) = key;
    }
    if (g->start[slot] == g->start[slot + 1])
        *ret_flags |= KIN_DWELLING_NOBODY;
    return (uint32_t)(b->owner_list.count - first);
}

/* The row soon, the line of its owner sooner. */
static inline __attribute__((always_inline)) void prefetch_owners(const struct kin_builder *b, const struct kin_groups *g,
                                                                  uint32_t at)
{
    if (at + 2 * KIN_AHEAD >= b->owner.count)
        return;
    __builtin_prefetch(&b->owner.row[g->row[at + 2 * KIN_AHEAD]]);
    kin_prefetch_line(b, b->owner.row[g->row[at + KIN_AHEAD]].key);
}

static uint32_t flags_of_owner(const struct kin_builder *b, uint32_t key)
{
    uint32_t slot = kin_slot_of(b, key);
    if (slot == UINT32_MAX || (b->state[slot] & KIN_STATE_DEAD) != 0)
        return 0;
    return ((b->state[slot] & KIN_STATE_OFFICE) != 0 ? KIN_DWELLING_OFFICE : 0) |
           ((b->state[slot] & KIN_STATE_DOUBT) != 0 ? KIN_DWELLING_DOUBT : 0);
}

void kin_build_owners(struct kin_builder *b)
{
    struct kin_groups g = kin_group(b, b->owner.row, b->owner.count, sizeof *b->owner.row, NULL);
    for (uint64_t slot = 0; slot < b->dwelling_slots; slot++) {
        struct dwelling_at at = at_slot(b, (uint32_t)slot);
        if (at.line->key[at.row] == 0)
            continue;
        prefetch_owners(b, &g, g.start[slot]);
        uint32_t flags = 0, first = (uint32_t)b->owner_list.count, owners = list_owners(b, &g, slot, &flags);
        for (uint32_t i = 0; i < owners; i++)
            flags |= flags_of_owner(b, b->owner_list.row[first + i]);
        if (owners < 2) {
            at.line->owner[at.row] = owners == 1 ? b->owner_list.row[first] : 0;
            b->owner_list.count = first;
        } else {
            at.line->owner[at.row] = first;
            flags |= KIN_DWELLING_LIST;
            *MEM_PUSH(b->owner_list.row, b->owner_list.count, b->owner_list.capacity) = 0;
        }
        at.line->area[at.row] |= flags;
    }
    kin_groups_release(&g);
}
