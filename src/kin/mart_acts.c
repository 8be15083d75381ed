/* SPDX-License-Identifier: Apache-2.0 */
/* The acts of one person as the extract tells of them, dates and all. */
#include "kin/mart_impl.h"

bool kin_mart_holds(const struct kin_mart *mart, int world_file) { return (mart->header->held >> world_file & 1) != 0; }

bool kin_mart_birth(const struct kin_mart *mart, struct iin child, struct kin_birth_entry *ret)
{
    const struct kin_person_row *row = kin_mart_row(mart, kin_mart_key(mart, child));
    struct kin_birth_found birth;
    if (row == NULL || !kin_birth_on(mart, row, kin_mart_day(mart), &birth))
        return false;
    *ret = (struct kin_birth_entry){ .act_number = kin_mart_text(mart, birth.number),
                                     .day = { birth.day },
                                     .mother = kin_mart_iin(mart, birth.mother),
                                     .father = kin_mart_iin(mart, birth.father) };
    return true;
}

/* What is dated after the extract's day cannot be in an extract of that day. */
bool kin_mart_marriage(const struct kin_mart *mart, struct iin person, int index, struct kin_marriage_entry *ret)
{
    const struct kin_person_row *row = kin_mart_row(mart, kin_mart_key(mart, person));
    if (row == NULL)
        return false;
    int32_t as_of = kin_mart_day(mart);
    struct kin_marriage_walk walk = kin_marriage_begin(mart, kin_mart_slot(mart, row));
    struct kin_marriage_act m;
    while (kin_marriage_next(mart, &walk, &m)) {
        if (m.day > as_of || index-- > 0)
            continue;
        *ret = (struct kin_marriage_entry){ .husband = kin_mart_iin(mart, m.husband),
                                            .wife = kin_mart_iin(mart, m.wife),
                                            .act_number = kin_mart_text(mart, m.number),
                                            .day = { m.day },
                                            .ended = m.ended <= as_of ? (struct day){ m.ended } : DAY_NONE };
        return true;
    }
    return false;
}
