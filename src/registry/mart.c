/* SPDX-License-Identifier: Apache-2.0 */
/* Smart Data Ukimet from the mapped mart: the own birth and the marriages of a person, as of the day of the extract. */
#include <string.h>

#include "kin/mart.h"
#include "registry/registry.h"

static void add_birth(const struct kin_mart *mart, struct iin person, struct arena *arena, struct registry_family *family)
{
    struct kin_birth_entry entry;
    if (!kin_mart_birth(mart, person, &entry))
        return;
    family->birth = ARENA_NEW(arena, struct world_birth);
    *family->birth = (struct world_birth){ .act_number = arena_str(arena, entry.act_number),
                                           .act_date = entry.day,
                                           .child = person,
                                           .mother = entry.mother,
                                           .father = entry.father };
    family->births = 1;
}

static void add_marriages(const struct kin_mart *mart, struct iin person, struct arena *arena, struct registry_family *family)
{
    struct kin_marriage_entry entry;
    int count = 0;
    while (kin_mart_marriage(mart, person, count, &entry))
        count++;
    family->marriage = count > 0 ? ARENA_ARRAY(arena, struct world_marriage, count) : NULL;
    family->ending = count > 0 ? ARENA_ARRAY(arena, struct registry_ending, count) : NULL;
    /* A live mart may lose one between the two passes. */
    for (int i = 0; i < count && kin_mart_marriage(mart, person, i, &entry); i++) {
        if (!day_is_none(entry.ended))
            family->ending[family->endings++] = (struct registry_ending){ .marriage = i, .day = entry.ended };
        family->marriage[family->marriages++] = (struct world_marriage){
            .act_number = arena_str(arena, entry.act_number), .act_date = entry.day, .husband = entry.husband, .wife = entry.wife
        };
    }
}

/* An extract without one of these registers could answer only in part; Ukimet itself may know better. */
static bool is_whole(const struct kin_mart *mart)
{
    return kin_mart_holds(mart, WORLD_BIRTHS) && kin_mart_holds(mart, WORLD_MARRIAGES) && kin_mart_holds(mart, WORLD_DIVORCES);
}

static void answer(const struct kin_mart *mart, struct iin person, struct arena *arena, struct registry_answer *ret)
{
    struct kin_mart_info info;
    kin_mart_info(mart, &info);
    memset(ret, 0, sizeof *ret);
    ret->ask = REGISTRY_FAMILY_MART;
    ret->as_of = info.as_of;
    add_birth(mart, person, arena, &ret->family);
    add_marriages(mart, person, arena, &ret->family);
}

bool registry_mart_ask(struct kin_follower *follower, const struct registry_question *question, struct arena *arena,
                       struct registry_answer *ret)
{
    if (question->ask != REGISTRY_FAMILY_MART)
        return false;
    const struct kin_mart *mart = kin_follow_take(follower);
    bool knows = mart != NULL && is_whole(mart) && kin_mart_has(mart, question->person);
    if (knows)
        answer(mart, question->person, arena, ret);
    kin_follow_give(follower, mart);
    return knows;
}
