/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "peers.h"

struct dice {
    uint64_t state;
};

/* xorshift64*: any seed but 0. */
static uint32_t dice_below(struct dice *dice, uint32_t below)
{
    dice->state ^= dice->state >> 12;
    dice->state ^= dice->state << 25;
    dice->state ^= dice->state >> 27;
    return (uint32_t)(((dice->state * UINT64_C(2685821657736338717)) >> 33) % below);
}

struct step {
    enum law_degree degree;
    struct iin person;
};

/* One step along an act from a person; the degree is what the new person is to the old. */
static struct step step_from(const struct world *world, struct dice *dice, struct iin person)
{
    struct step none = { LAW_NO_DEGREE, person };
    switch (dice_below(dice, 4)) {
    case 0: {
        struct world_run children = world_births_by_parent(world, person);
        if (children.count == 0)
            return none;
        int which = (int)dice_below(dice, (uint32_t)children.count);
        return (struct step){ LAW_CHILD, world_birth_at(world, children.index[which])->child };
    }
    case 1: {
        struct world_run marriages = world_marriages_of(world, person);
        if (marriages.count == 0)
            return none;
        const struct world_marriage *act = world_marriage_at(world, marriages.index[dice_below(dice, (uint32_t)marriages.count)]);
        return (struct step){ LAW_SPOUSE, iin_equal(act->husband, person) ? act->wife : act->husband };
    }
    default: {
        const struct world_birth *act = world_birth(world, person);
        if (act == NULL)
            return none;
        struct iin parent = dice_below(dice, 2) == 0 ? act->mother : act->father;
        return iin_is_none(parent) ? none : (struct step){ LAW_PARENT, parent };
    }
    }
}

/* What two steps make of somebody, where they make a degree that the list has. */
static enum law_degree degree_of(enum law_degree first, enum law_degree second)
{
    if (second == LAW_NO_DEGREE)
        return first;
    if (first == LAW_CHILD && second == LAW_CHILD)
        return LAW_GRANDCHILD;
    if (first == LAW_PARENT && second == LAW_PARENT)
        return LAW_GRANDPARENT;
    if (first == LAW_PARENT && second == LAW_CHILD)
        return LAW_HALF_SIBLING;
    return LAW_IN_LAW;
}

static struct iin any_living(const struct world *world, struct dice *dice, struct day day)
{
    size_t count;
    const struct world_person *persons = world_persons(world, &count);
    for (;;) {
        const struct world_person *person = &persons[dice_below(dice, (uint32_t)count)];
        if (world_alive(person, day))
            return person->iin;
    }
}

/* Four in five in the capital, where item 10 has work to do. */
static const struct world_dwelling *any_dwelling(const struct world *world, struct dice *dice)
{
    size_t count;
    const struct world_dwelling *dwellings = world_dwellings(world, &count);
    bool capital = dice_below(dice, 5) != 0;
    for (int tries = 0;; tries++) {
        const struct world_dwelling *dwelling = &dwellings[dice_below(dice, (uint32_t)count)];
        if (!capital || tries > 1000 || str_starts(dwelling->kato, "71"))
            return dwelling;
    }
}

static void choose(const struct world *world, const struct world_dwelling *dwelling, struct dice *dice, struct day day,
                   struct iin *ret_applicant, enum law_degree *ret_degree)
{
    struct world_run owners = world_owners_of(world, dwelling);
    *ret_applicant = any_living(world, dice, day);
    *ret_degree = (enum law_degree)dice_below(dice, LAW_DEGREES);
    if (owners.count == 0 || dice_below(dice, 10) == 0)
        return;
    struct iin owner = world_owner_at(world, owners.index[dice_below(dice, (uint32_t)owners.count)])->owner;
    if (iin_kind_of(owner) != IIN_PERSON)
        return;
    struct step first = step_from(world, dice, owner);
    struct step second = { LAW_NO_DEGREE, first.person };
    if (first.degree != LAW_NO_DEGREE && dice_below(dice, 2) == 0)
        second = step_from(world, dice, first.person);
    const struct world_person *applicant = world_person(world, second.person);
    if (iin_equal(second.person, owner) || applicant == NULL || !world_alive(applicant, day))
        return;
    *ret_applicant = second.person;
    if (dice_below(dice, 3) != 0)
        *ret_degree = degree_of(first.degree, second.degree);
}

void peers_write_applications(const struct world *world, long count, uint64_t seed, FILE *out)
{
    struct dice dice = { seed * 2 + 1 };
    static const char *const channels[] = { "portal", "portal", "portal", "portal",    "mobile",
                                            "mobile", "mobile", "mobile", "reception", "hall" };
    for (long number = 1; number <= count; number++) {
        const struct world_dwelling *dwelling = any_dwelling(world, &dice);
        struct day day = { day_of(2025, 12, 20).n + (int32_t)dice_below(&dice, 190) };
        struct iin applicant;
        enum law_degree degree;
        choose(world, dwelling, &dice, day, &applicant, &degree);
        char iin[IIN_TEXT], date[DAY_TEXT], relation[80] = "null";
        const char *side = dice_below(&dice, 2) == 0 ? "mother" : "father";
        if (degree < LAW_DEGREES && law_degree_has_side(degree))
            snprintf(relation, sizeof relation, "{\"degree\":\"%s\",\"side\":\"%s\"}", law_degree_name(degree), side);
        else if (degree < LAW_DEGREES)
            snprintf(relation, sizeof relation, "{\"degree\":\"%s\"}", law_degree_name(degree));
        fprintf(
            out,
            "{\"id\":\"a%ld\",\"service\":\"%s\",\"channel\":\"%s\",\"day\":\"%s\",\"applicant\":\"%s\",\"dwelling\":\"" STR_FMT
            "\",\"relation\":%s}\n",
            number, dice_below(&dice, 2) == 0 ? "residence" : "temporary", channels[dice_below(&dice, 10)], day_format(day, date),
            iin_format(applicant, iin), STR_ARG(dwelling->rka), relation);
    }
}
