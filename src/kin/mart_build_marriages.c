/* SPDX-License-Identifier: Apache-2.0 */
/* Marriages with the day that ended them, by person, and the present spouse in the person table. */
#include "kin/mart_build.h"

#include <stdlib.h>

/* ---- divorces: the first that ends each marriage ---- */

static uint64_t hash_text(struct str s)
{
    uint64_t h = UINT64_C(0xcbf29ce484222325);
    for (size_t i = 0; i < s.n; i++)
        h = (h ^ (unsigned char)s.p[i]) * UINT64_C(0x100000001b3);
    return h ^ h >> 29;
}

/* Marriages by act number: open addressing over marriage + 1. */
struct by_number {
    uint32_t *slot;
    size_t mask;
};

static struct by_number index_numbers(const struct kin_builder *b)
{
    size_t size = 16;
    while (size < b->marriage.count * 2)
        size *= 2;
    struct by_number index = { mem_alloc_lines(size * sizeof(uint32_t)), size - 1 };
    for (size_t i = 0; i < b->marriage.count; i++) {
        size_t at = hash_text(kin_texts_at(&b->text, b->marriage.row[i].number)) & index.mask;
        while (index.slot[at] != 0)
            at = (at + 1) & index.mask;
        index.slot[at] = (uint32_t)i + 1;
    }
    return index;
}

static struct kin_marriage_act *find_number(const struct kin_builder *b, const struct by_number *index, struct str number)
{
    for (size_t at = hash_text(number) & index->mask; index->slot[at] != 0; at = (at + 1) & index->mask) {
        struct kin_marriage_act *m = &b->marriage.row[index->slot[at] - 1];
        if (str_equal(kin_texts_at(&b->text, m->number), number))
            return m;
    }
    return NULL;
}

static void end_on(struct kin_marriage_act *m, int32_t day)
{
    if (day < m->ended)
        m->ended = day;
}

/* Without a number a divorce ends the marriages of the couple, both of whom it must name, dated that day or before. */
static void end_of_couple(struct kin_builder *b, const struct kin_divorce_draft *d)
{
    uint32_t slot = kin_slot_of(b, d->husband);
    if (slot == UINT32_MAX || d->wife == 0)
        return;
    for (uint32_t i = b->marriage_start[slot]; i < b->marriage_start[slot + 1]; i++) {
        struct kin_marriage_act *m = &b->marriage.row[b->marriage_list[i]];
        bool couple = (m->husband == d->husband && m->wife == d->wife) || (m->husband == d->wife && m->wife == d->husband);
        if (couple && m->day <= d->day)
            end_on(m, d->day);
    }
}

static void end_marriages(struct kin_builder *b)
{
    struct by_number index = index_numbers(b);
    for (size_t i = 0; i < b->divorce.count; i++) {
        const struct kin_divorce_draft *d = &b->divorce.row[i];
        if (d->marriage == 0) {
            end_of_couple(b, d);
            continue;
        }
        struct kin_marriage_act *m = find_number(b, &index, kin_texts_at(&b->divorce_text, d->marriage));
        if (m != NULL)
            end_on(m, d->day);
    }
    free(index.slot);
}

/* ---- by person ---- */

/* Slots of both spouses of a marriage, each once; UINT32_MAX where there is nobody. */
static void slots_of(const struct kin_builder *b, const struct kin_marriage_act *m, uint32_t ret[2])
{
    ret[0] = kin_slot_of(b, m->husband);
    ret[1] = m->wife == m->husband ? UINT32_MAX : kin_slot_of(b, m->wife);
}

static void list_by_person(struct kin_builder *b, const uint32_t (*slots)[2])
{
    uint32_t *start = mem_alloc_lines((b->slots + 2) * sizeof *start), *next = start + 1, sum = 0;
    for (size_t i = 0; i < b->marriage.count; i++) {
        for (int k = 0; k < 2; k++) {
            if (slots[i][k] != UINT32_MAX)
                next[slots[i][k]]++;
        }
    }
    for (uint64_t slot = 0; slot <= b->slots; slot++) {
        uint32_t n = next[slot];
        next[slot] = sum;
        sum += n;
    }
    b->marriage_entries = sum;
    b->marriage_list = mem_alloc_lines((sum + 1) * sizeof(uint32_t));
    for (size_t i = 0; i < b->marriage.count; i++) {
        for (int k = 0; k < 2; k++) {
            if (slots[i][k] != UINT32_MAX)
                b->marriage_list[next[slots[i][k]]++] = (uint32_t)i; /* in the end next[slot] is start[slot + 1] */
        }
    }
    b->marriage_start = start;
}

static void marry(struct kin_builder *b, uint32_t slot, uint32_t spouse_slot, uint32_t spouse)
{
    struct kin_person_row *row = &b->lines[slot / KIN_LINE_PERSONS].row[slot % KIN_LINE_PERSONS];
    bool other = row->spouse != 0 && row->spouse != spouse;
    row->spouse = other ? KIN_KEY_MANY : spouse;
    b->spouse_slot[slot] = other ? KIN_KEY_MANY : spouse_slot + 1;
}

static void marry_present(struct kin_builder *b, const uint32_t (*slots)[2])
{
    for (size_t i = 0; i < b->marriage.count; i++) {
        const struct kin_marriage_act *m = &b->marriage.row[i];
        const uint32_t *slot = slots[i];
        if (slot[0] == UINT32_MAX || slot[1] == UINT32_MAX || m->day > b->as_of || m->ended <= b->as_of)
            continue;
        if (((b->state[slot[0]] | b->state[slot[1]]) & KIN_STATE_DEAD) != 0)
            continue;
        marry(b, slot[0], slot[1], m->wife);
        marry(b, slot[1], slot[0], m->husband);
    }
}

void kin_build_marriages(struct kin_builder *b)
{
    uint32_t(*slots)[2] = mem_alloc_lines((b->marriage.count + 1) * sizeof *slots);
    for (size_t i = 0; i < b->marriage.count; i++) {
        if (i + KIN_AHEAD < b->marriage.count) {
            kin_prefetch_line(b, b->marriage.row[i + KIN_AHEAD].husband);
            kin_prefetch_line(b, b->marriage.row[i + KIN_AHEAD].wife);
        }
        slots_of(b, &b->marriage.row[i], slots[i]);
    }
    list_by_person(b, (const uint32_t(*)[2])slots);
    end_marriages(b);
    b->spouse_slot = mem_alloc_lines(b->slots * sizeof(uint32_t));
    /* Where the register of divorces is silent no marriage is known to be in force. */
    if ((b->held >> WORLD_DIVORCES & 1) != 0)
        marry_present(b, (const uint32_t(*)[2])slots);
    free(slots);
}
