/* SPDX-License-Identifier: Apache-2.0 */
/* The mart as a source of acts on any day, for kin_verify; looking persons up. */
#include "kin/mart_impl.h"

#include "world/world.h"

_Alignas(16) const struct kin_person_row kin_no_person; /* read like a row of the table */
uint32_t kin_row_counter[KIN_ROW_COUNTERS];

const struct kin_person_row *kin_mart_row(const struct kin_mart *mart, uint32_t key)
{
    uint64_t end = mart->person_lines + KIN_LINES_SPARE;
    for (uint64_t line = kin_line_of(key, mart->person_lines); key != 0 && line < end; line++) {
        const struct kin_person_row *row = &mart->persons[line].row[kin_line_place(&mart->persons[line], key)];
        if (row->key == key)
            return row;
        if (mart->persons[line].row[KIN_LINE_PERSONS - 1].key == 0)
            return NULL;
    }
    return NULL;
}

uint32_t kin_mart_slot(const struct kin_mart *mart, const struct kin_person_row *row)
{
    return (uint32_t)(row - mart->persons[0].row);
}

bool kin_mart_has(const struct kin_mart *mart, struct iin person)
{
    return kin_mart_row(mart, kin_mart_key(mart, person)) != NULL;
}

struct str kin_mart_text(const struct kin_mart *mart, uint32_t offset)
{
    const struct kin_section_view *text = &mart->section[KIN_TEXT];
    uint64_t n = 0, at = offset;
    for (int shift = 0; at < text->count && shift < 32; shift += 7) {
        unsigned char byte = text->p[at++];
        n |= (uint64_t)(byte & 127) << shift;
        if (byte < 128)
            return n <= text->count - at ? (struct str){ (const char *)text->p + at, n } : STR("");
    }
    return STR("");
}

static enum kin_reply birth_of(void *context, struct iin child, struct day day, struct kin_birth *ret)
{
    const struct kin_mart *mart = context;
    struct kin_birth_found birth;
    if (!kin_mart_held(mart, WORLD_BIRTHS))
        return KIN_SILENT;
    const struct kin_person_row *row = kin_mart_row(mart, kin_mart_key(mart, child));
    if (row == NULL || !kin_birth_on(mart, row, day.n, &birth))
        return KIN_NOTHING;
    *ret = (struct kin_birth){ child, kin_mart_iin(mart, birth.mother), kin_mart_iin(mart, birth.father),
                               kin_mart_text(mart, birth.number) };
    return KIN_HELD;
}

static enum tri ended_on(const struct kin_mart *mart, const struct kin_marriage_act *m, struct day day)
{
    return kin_mart_held(mart, WORLD_DIVORCES) ? tri_of(m->ended <= day.n) : TRI_UNKNOWN;
}

static enum kin_reply marriage_of(void *context, struct iin person, int index, struct day day, struct kin_marriage *ret)
{
    const struct kin_mart *mart = context;
    struct kin_marriage_act m;
    if (!kin_mart_held(mart, WORLD_MARRIAGES))
        return KIN_SILENT;
    const struct kin_person_row *row = kin_mart_row(mart, kin_mart_key(mart, person));
    if (row == NULL)
        return KIN_NOTHING;
    struct kin_marriage_walk walk = kin_marriage_begin(mart, kin_mart_slot(mart, row));
    while (kin_marriage_next(mart, &walk, &m)) {
        if (m.day > day.n || index-- > 0)
            continue;
        *ret = (struct kin_marriage){ kin_mart_iin(mart, m.husband), kin_mart_iin(mart, m.wife), kin_mart_text(mart, m.number),
                                      ended_on(mart, &m, day) };
        return KIN_HELD;
    }
    return KIN_NOTHING;
}

static enum tri alive_on(void *context, struct iin person, struct day day, bool *ret_unasked)
{
    const struct kin_mart *mart = context;
    *ret_unasked = false;
    const struct kin_person_row *row = kin_mart_row(mart, kin_mart_key(mart, person));
    if (row == NULL)
        return TRI_UNKNOWN;
    struct kin_life life = kin_life_of(mart, kin_mart_slot(mart, row));
    return tri_of(world_alive_between((struct day){ life.born }, (struct day){ life.died }, day));
}

struct kin_source kin_mart_source(const struct kin_mart *mart)
{
    return (struct kin_source){ (void *)(uintptr_t)mart, birth_of, marriage_of, alive_on };
}

bool kin_mart_is_fast_for(const struct kin_mart *mart, const struct kin_options *o, struct day day)
{
    return day.n == kin_mart_day(mart) && !o->in_law_both_ways && !o->extended && !o->full_sibling_known_parents &&
           !o->half_sibling_only_half && !o->either_side && !o->spouse_single;
}
