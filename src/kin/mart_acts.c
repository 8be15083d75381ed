/* SPDX-License-Identifier: Apache-2.0 */
/* The acts of one person as the extract tells of them, dates and all. */
#include "kin/mart_impl.h"

bool kin_mart_holds(const struct kin_mart *mart, int world_file) { return (mart->header->held >> world_file & 1) != 0; }

bool kin_mart_birth(const struct kin_mart *mart, struct iin child, struct kin_birth_entry *ret)
{
    const struct kin_person_row *row = kin_mart_row(mart, kin_mart_key(mart, child));
    if (row == NULL)
        return false;
    const struct kin_birth_act *act = &KIN_ITEMS(mart, KIN_BIRTHS, struct kin_birth_act)[kin_mart_slot(mart, row)];
    if (act->day > mart->header->as_of)
        return false;
    *ret = (struct kin_birth_entry){ .act_number = kin_mart_text(mart, act->number),
                                     .day = { act->day },
                                     .mother = kin_mart_iin(mart, row->mother),
                                     .father = kin_mart_iin(mart, row->father) };
    return true;
}

/* What is dated after the extract's day cannot be in an extract of that day. */
bool kin_mart_marriage(const struct kin_mart *mart, struct iin person, int index, struct kin_marriage_entry *ret)
{
    const struct kin_person_row *row = kin_mart_row(mart, kin_mart_key(mart, person));
    if (row == NULL)
        return false;
    int32_t as_of = mart->header->as_of;
    const uint32_t *start = KIN_ITEMS(mart, KIN_MARRIAGE_START, uint32_t) + kin_mart_slot(mart, row);
    const uint32_t *list = KIN_ITEMS(mart, KIN_MARRIAGE_LIST, uint32_t);
    const struct kin_marriage_act *acts = KIN_ITEMS(mart, KIN_MARRIAGES, struct kin_marriage_act);
    for (uint32_t i = start[0]; i < start[1] && i < mart->section[KIN_MARRIAGE_LIST].count; i++) {
        const struct kin_marriage_act *m = list[i] < mart->section[KIN_MARRIAGES].count ? &acts[list[i]] : NULL;
        if (m == NULL || m->day > as_of || index-- > 0)
            continue;
        *ret = (struct kin_marriage_entry){ .husband = kin_mart_iin(mart, m->husband),
                                            .wife = kin_mart_iin(mart, m->wife),
                                            .act_number = kin_mart_text(mart, m->number),
                                            .day = { m->day },
                                            .ended = m->ended <= as_of ? (struct day){ m->ended } : DAY_NONE };
        return true;
    }
    return false;
}
