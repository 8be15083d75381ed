/* SPDX-License-Identifier: Apache-2.0 */
/* The person table, and what hangs on a person's slot: life, states, birth acts. */
#include "kin/mart_build.h"

#include "base/date.h"

#include <stdlib.h>

#define LOAD_NUMERATOR   3 /* three rows of four are filled */
#define LOAD_DENOMINATOR 4
#define ADULT_YEARS      18

/* ---- sorting ---- */

#define DIGIT_BITS     11
#define DIGITS         3
#define DIGIT(item, d) ((size_t)((item) >> (32 + DIGIT_BITS * (d))) & ((1u << DIGIT_BITS) - 1))

void kin_sort_by_high(uint64_t *items, size_t count)
{
    uint64_t *other = mem_alloc_lines((count + 1) * sizeof *other), *from = items, *to = other;
    for (int d = 0; d < DIGITS; d++) {
        size_t start[1u << DIGIT_BITS] = { 0 }, sum = 0;
        for (size_t i = 0; i < count; i++)
            start[DIGIT(from[i], d)]++;
        for (size_t i = 0; i < 1u << DIGIT_BITS; i++) {
            size_t n = start[i];
            start[i] = sum;
            sum += n;
        }
        for (size_t i = 0; i < count; i++)
            to[start[DIGIT(from[i], d)]++] = from[i];
        uint64_t *swap = from;
        from = to;
        to = swap;
    }
    memcpy(items, from, count * sizeof *items); /* an odd number of passes ends in the other array */
    free(other);
}

/* ---- irregular numbers: their keys follow the order of the numbers ---- */

static int compare_u64(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

static void renumber(uint32_t *key, const uint32_t *place)
{
    if (*key >= KIN_KEY_IRREGULAR && *key != KIN_KEY_MANY)
        *key = KIN_KEY_IRREGULAR + place[*key - KIN_KEY_IRREGULAR];
}

static void settle_irregular(struct kin_builder *b)
{
    size_t count = b->irregular_iin.count;
    if (count == 0)
        return;
    uint32_t *place = mem_alloc(count * sizeof *place);
    qsort(b->irregular_iin.row, count, sizeof(uint64_t), compare_u64);
    for (size_t i = 0; i < count; i++)
        place[kin_map_enter(&b->irregular_place, b->irregular_iin.row[i], 0)] = (uint32_t)i;
    for (size_t i = 0; i < b->person.count; i++)
        renumber(&b->person.row[i].key, place);
    for (size_t i = 0; i < b->birth.count; i++) {
        renumber(&b->birth.row[i].child, place);
        renumber(&b->birth.row[i].mother, place);
        renumber(&b->birth.row[i].father, place);
    }
    for (size_t i = 0; i < b->marriage.count; i++) {
        renumber(&b->marriage.row[i].husband, place);
        renumber(&b->marriage.row[i].wife, place);
    }
    for (size_t i = 0; i < b->divorce.count; i++) {
        renumber(&b->divorce.row[i].husband, place);
        renumber(&b->divorce.row[i].wife, place);
    }
    for (size_t i = 0; i < b->owner.count; i++)
        renumber(&b->owner.row[i].key, place);
    for (size_t i = 0; i < b->resident_draft.count; i++)
        renumber(&b->resident_draft.row[i].key, place);
    for (size_t i = 0; i < b->incapacity.count; i++)
        renumber(&b->incapacity.row[i].key, place);
    for (size_t i = 0; i < b->study.count; i++)
        renumber(&b->study.row[i].key, place);
    free(place);
}

/* ---- the table ---- */

static int filled(const struct kin_person_line *line)
{
    int n = 0;
    while (n < KIN_LINE_PERSONS && line->row[n].key != 0)
        n++;
    return n;
}

/* First everybody who finds room at home, then the others into the next free row: as few as can be are away from home.
 * False: the last lines overflow. */
static bool place_persons(struct kin_builder *b, const uint64_t *sorted)
{
    uint64_t *away = mem_alloc_lines((b->person.count + 1) * sizeof *away);
    size_t away_count = 0;
    for (size_t i = 0; i < b->person.count; i++) {
        uint32_t key = b->person.row[(uint32_t)sorted[i]].key;
        uint64_t line = kin_line_of(key, b->person_lines);
        int n = filled(&b->lines[line]);
        if (n < KIN_LINE_PERSONS)
            b->lines[line].row[n].key = key;
        else
            away[away_count++] = (uint64_t)key;
    }
    bool placed = true;
    uint64_t line = 0;
    for (size_t i = 0; i < away_count && placed; i++) {
        uint64_t home = kin_line_of((uint32_t)away[i], b->person_lines);
        for (line = home + 1; line < b->person_lines + KIN_LINES_SPARE - 1 && filled(&b->lines[line]) == KIN_LINE_PERSONS;)
            line++;
        placed = line < b->person_lines + KIN_LINES_SPARE - 1; /* the last one stays free: searches end there */
        if (placed)
            b->lines[line].row[filled(&b->lines[line])].key = (uint32_t)away[i];
    }
    free(away);
    return placed;
}

static bool make_table(struct kin_builder *b, const uint64_t *sorted, struct err *err)
{
    b->person_lines = b->person.count * LOAD_DENOMINATOR / (KIN_LINE_PERSONS * LOAD_NUMERATOR) + 2;
    for (int tries = 0; tries < 4; tries++, b->person_lines *= 2) {
        free(b->lines);
        b->lines = mem_alloc_lines((b->person_lines + KIN_LINES_SPARE) * sizeof *b->lines);
        if (place_persons(b, sorted)) {
            b->slots = (b->person_lines + KIN_LINES_SPARE) * KIN_LINE_PERSONS;
            return true;
        }
    }
    return err_set(err, ERR_LIMIT, "the numbers of the persons all fall into one place of the table");
}

uint32_t kin_slot_of(const struct kin_builder *b, uint32_t key)
{
    for (uint64_t line = kin_line_of(key, b->person_lines); key != 0; line++) {
        uint64_t place = (uint64_t)kin_line_place(&b->lines[line], key);
        if (b->lines[line].row[place].key == key)
            return (uint32_t)(line * KIN_LINE_PERSONS + place);
        if (b->lines[line].row[KIN_LINE_PERSONS - 1].key == 0)
            break;
    }
    return UINT32_MAX;
}

/* ---- life and states ---- */

static bool alive_on(const struct kin_person_draft *p, int32_t day)
{
    return world_alive_between((struct day){ p->born }, (struct day){ p->died }, (struct day){ day });
}

static uint32_t state_of(const struct kin_builder *b, const struct kin_person_draft *p)
{
    uint32_t state = alive_on(p, b->as_of) ? 0 : KIN_STATE_DEAD;
    struct day born = { p->born };
    if (p->incapable)
        state |= KIN_STATE_INCAPABLE;
    if (p->incapable || (!day_is_none(born) && b->as_of < day_add_years(born, ADULT_YEARS).n))
        state |= KIN_STATE_OFFICE;
    if (day_is_none(born) || (b->held >> WORLD_INCAPACITY & 1) == 0)
        state |= KIN_STATE_DOUBT;
    return state;
}

static void mark_spells(struct kin_builder *b, const struct kin_spell_draft *spell, size_t count, uint32_t state)
{
    for (size_t i = 0; i < count; i++) {
        uint32_t slot = kin_slot_of(b, spell[i].key);
        if (slot != UINT32_MAX && kin_in_force(spell[i].spell, b->as_of))
            b->state[slot] |= state;
    }
}

static void fill_lives(struct kin_builder *b)
{
    b->state = mem_alloc_lines(b->slots * sizeof *b->state);
    b->life = mem_alloc_lines(b->slots * sizeof *b->life);
    for (uint64_t slot = 0; slot < b->slots; slot++)
        b->life[slot] = (struct kin_life){ INT32_MIN, INT32_MIN };
    for (size_t i = 0; i < b->person.count; i++) {
        const struct kin_person_draft *p = &b->person.row[i];
        if (i + KIN_AHEAD < b->person.count)
            kin_prefetch_line(b, p[KIN_AHEAD].key);
        uint32_t slot = kin_slot_of(b, p->key);
        b->life[slot] = (struct kin_life){ p->born, p->died };
        b->state[slot] = state_of(b, p);
        b->living += (b->state[slot] & KIN_STATE_DEAD) == 0;
    }
    mark_spells(b, b->incapacity.row, b->incapacity.count, KIN_STATE_OFFICE | KIN_STATE_INCAPABLE);
    mark_spells(b, b->study.row, b->study.count, KIN_STATE_STUDENT);
}

bool kin_build_persons(struct kin_builder *b, struct err *err)
{
    settle_irregular(b);
    uint64_t *sorted = mem_alloc_lines((b->person.count + 1) * sizeof *sorted);
    for (size_t i = 0; i < b->person.count; i++)
        sorted[i] = (uint64_t)kin_mix(b->person.row[i].key) << 32 | i;
    kin_sort_by_high(sorted, b->person.count);
    bool made = make_table(b, sorted, err);
    free(sorted);
    if (made)
        fill_lives(b);
    return made;
}

/* ---- birth acts ---- */

static void enter_birth(struct kin_builder *b, const struct kin_birth_draft *birth, uint32_t slot)
{
    if (birth->day > b->as_of) {
        *MEM_PUSH(b->late_birth.row, b->late_birth.count, b->late_birth.capacity) =
            (struct kin_late_birth){ slot, birth->mother, birth->father, birth->number, birth->day };
        return;
    }
    struct kin_person_row *row = &b->lines[slot / KIN_LINE_PERSONS].row[slot % KIN_LINE_PERSONS];
    row->mother = birth->mother;
    row->father = birth->father;
    b->birth_act[slot] = (struct kin_birth_act){ birth->number, birth->day };
    b->parent_slot[0][slot] = kin_slot_of(b, birth->mother) + 1; /* none: UINT32_MAX + 1 is 0 */
    b->parent_slot[1][slot] = kin_slot_of(b, birth->father) + 1;
}

static int compare_late(const void *a, const void *b)
{
    const struct kin_late_birth *x = a, *y = b;
    return (x->slot > y->slot) - (x->slot < y->slot);
}

void kin_build_births(struct kin_builder *b)
{
    b->birth_act = mem_alloc_lines(b->slots * sizeof *b->birth_act);
    b->parent_slot[0] = mem_alloc_lines(b->slots * sizeof(uint32_t));
    b->parent_slot[1] = mem_alloc_lines(b->slots * sizeof(uint32_t));
    for (uint64_t slot = 0; slot < b->slots; slot++)
        b->birth_act[slot].day = INT32_MAX;
    for (size_t i = 0; i < b->birth.count; i++) {
        if (i + KIN_AHEAD < b->birth.count) {
            const struct kin_birth_draft *ahead = &b->birth.row[i + KIN_AHEAD];
            kin_prefetch_line(b, ahead->child);
            kin_prefetch_line(b, ahead->mother);
            kin_prefetch_line(b, ahead->father);
        }
        uint32_t slot = kin_slot_of(b, b->birth.row[i].child);
        if (slot != UINT32_MAX)
            enter_birth(b, &b->birth.row[i], slot);
    }
    if (b->late_birth.count > 0)
        qsort(b->late_birth.row, b->late_birth.count, sizeof(struct kin_late_birth), compare_late);
}
