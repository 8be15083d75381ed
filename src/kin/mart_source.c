/* SPDX-License-Identifier: Apache-2.0 */
/* The mart as a source of acts on any day, for kin_verify; looking persons up. */
#include "kin/mart_impl.h"

#include "world/world.h"

const struct kin_person_row kin_no_person;

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

static bool holds(const struct kin_mart *mart, enum world_file file) { return (mart->header->held >> file & 1) != 0; }

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

static enum kin_reply birth_of(void *context, struct iin child, struct day day, struct kin_birth *ret)
{
    const struct kin_mart *mart = context;
    if (!holds(mart, WORLD_BIRTHS))
        return KIN_SILENT;
    const struct kin_person_row *row = kin_mart_row(mart, kin_mart_key(mart, child));
    if (row == NULL)
        return KIN_NOTHING;
    uint32_t slot = kin_mart_slot(mart, row);
    const struct kin_birth_act *act = &KIN_ITEMS(mart, KIN_BIRTHS, struct kin_birth_act)[slot];
    if (act->day != INT32_MAX && act->day <= day.n) {
        *ret = (struct kin_birth){ child, kin_mart_iin(mart, row->mother), kin_mart_iin(mart, row->father),
                                   kin_mart_text(mart, act->number) };
        return KIN_HELD;
    }
    const struct kin_late_birth *late = day.n > mart->header->as_of ? late_birth(mart, slot) : NULL;
    if (late == NULL || late->day > day.n)
        return KIN_NOTHING;
    *ret = (struct kin_birth){ child, kin_mart_iin(mart, late->mother), kin_mart_iin(mart, late->father),
                               kin_mart_text(mart, late->number) };
    return KIN_HELD;
}

/* ---- marriages ---- */

static enum tri ended_on(const struct kin_mart *mart, const struct kin_marriage_act *m, struct day day)
{
    return holds(mart, WORLD_DIVORCES) ? tri_of(m->ended <= day.n) : TRI_UNKNOWN;
}

static enum kin_reply marriage_of(void *context, struct iin person, int index, struct day day, struct kin_marriage *ret)
{
    const struct kin_mart *mart = context;
    if (!holds(mart, WORLD_MARRIAGES))
        return KIN_SILENT;
    const struct kin_person_row *row = kin_mart_row(mart, kin_mart_key(mart, person));
    if (row == NULL)
        return KIN_NOTHING;
    const uint32_t *start = KIN_ITEMS(mart, KIN_MARRIAGE_START, uint32_t) + kin_mart_slot(mart, row);
    const uint32_t *list = KIN_ITEMS(mart, KIN_MARRIAGE_LIST, uint32_t);
    const struct kin_marriage_act *acts = KIN_ITEMS(mart, KIN_MARRIAGES, struct kin_marriage_act);
    for (uint32_t i = start[0]; i < start[1] && i < mart->section[KIN_MARRIAGE_LIST].count; i++) {
        const struct kin_marriage_act *m = list[i] < mart->section[KIN_MARRIAGES].count ? &acts[list[i]] : NULL;
        if (m == NULL || m->day > day.n || index-- > 0)
            continue;
        *ret = (struct kin_marriage){ kin_mart_iin(mart, m->husband), kin_mart_iin(mart, m->wife), kin_mart_text(mart, m->number),
                                      ended_on(mart, m, day) };
        return KIN_HELD;
    }
    return KIN_NOTHING;
}

/* ---- life ---- */

static enum tri alive_on(void *context, struct iin person, struct day day, bool *ret_unasked)
{
    const struct kin_mart *mart = context;
    *ret_unasked = false;
    const struct kin_person_row *row = kin_mart_row(mart, kin_mart_key(mart, person));
    if (row == NULL)
        return TRI_UNKNOWN;
    const struct kin_life *life = &KIN_ITEMS(mart, KIN_LIFE, struct kin_life)[kin_mart_slot(mart, row)];
    return tri_of(world_alive_between((struct day){ life->born }, (struct day){ life->died }, day));
}

struct kin_source kin_mart_source(const struct kin_mart *mart)
{
    return (struct kin_source){ (void *)(uintptr_t)mart, birth_of, marriage_of, alive_on };
}

bool kin_mart_is_fast_for(const struct kin_mart *mart, const struct kin_options *o, struct day day)
{
    return day.n == mart->header->as_of && !o->in_law_both_ways && !o->extended && !o->full_sibling_known_parents &&
           !o->half_sibling_only_half && !o->either_side && !o->spouse_single;
}
