/* SPDX-License-Identifier: Apache-2.0 */
/* What holds on a day, and the stand's register of residence. */
#include "world/world_impl.h"

bool world_alive(const struct world_person *person, struct day day)
{
    return world_alive_between(person->born, person->died, day);
}

/* ---- divorces ---- */

static bool named_divorce(const struct world *world, int32_t marriage, struct day day)
{
    struct world_run run = world_group_run(&world->group[WORLD_DIVORCES_BY_MARRIAGE], marriage);
    for (int i = 0; i < run.count; i++)
        if (world_divorce_at(world, run.index[i])->act_date.n <= day.n)
            return true;
    return false;
}

/* Both spouses have to be on both acts: an act with one spouse does not say which couple it is of. */
static bool is_of_couple(const struct world_divorce *d, const struct world_marriage *m)
{
    return !iin_is_none(d->husband) && !iin_is_none(d->wife) &&
           ((iin_equal(d->husband, m->husband) && iin_equal(d->wife, m->wife)) ||
            (iin_equal(d->husband, m->wife) && iin_equal(d->wife, m->husband)));
}

bool world_divorce_ends(const struct world_divorce *d, const struct world_marriage *m, struct day day)
{
    if (d->act_date.n > day.n)
        return false;
    if (d->marriage_act_number.n != 0)
        return str_equal(d->marriage_act_number, m->act_number);
    return m->act_date.n <= d->act_date.n && is_of_couple(d, m);
}

static bool nameless_divorce(const struct world *world, const struct world_marriage *marriage, struct day day)
{
    struct world_run run = world_divorces_of(world, marriage->husband);
    for (int i = 0; i < run.count; i++) {
        const struct world_divorce *d = world_divorce_at(world, run.index[i]);
        if (d->marriage_act_number.n == 0 && world_divorce_ends(d, marriage, day))
            return true;
    }
    return false;
}

enum tri world_marriage_ended(const struct world *world, const struct world_marriage *marriage, struct day day)
{
    if (!world_holds(world, WORLD_DIVORCES))
        return TRI_UNKNOWN;
    int32_t index = (int32_t)(marriage - (const struct world_marriage *)world->table[WORLD_MARRIAGES].rows);
    return tri_of(named_divorce(world, index, day) || nameless_divorce(world, marriage, day));
}

/* ---- who is registered ---- */

struct head_count {
    const struct world *world;
    int32_t dwelling;
    struct day day;
    bool residence_only;
};

static bool is_in_force(const struct head_count *h, const struct world_resident *r)
{
    return r->dwelling == h->dwelling && day_within(h->day, r->since, r->until) &&
           (!h->residence_only || r->kind == WORLD_RESIDENCE);
}

/* A person may be registered in one dwelling by several rows; the first in force stands for him. */
static bool is_first_of_person(const struct head_count *h, int32_t row, int32_t person)
{
    struct world_run own = world_group_run(&h->world->group[WORLD_RESIDENTS_BY_PERSON], person);
    for (int i = 0; i < own.count; i++)
        if (is_in_force(h, world_resident_at(h->world, own.index[i])))
            return own.index[i] == row;
    return false;
}

int world_head_count(const struct world *world, const struct world_dwelling *dwelling, struct day day, struct iin except,
                     bool residence_only)
{
    struct head_count h = { world, world_dwelling_index(world, dwelling), day, residence_only };
    const struct world_person *persons = world->table[WORLD_PERSONS].rows;
    struct world_run run = world_residents_of(world, dwelling);
    int count = 0;
    for (int i = 0; i < run.count; i++) {
        const struct world_resident *r = world_resident_at(world, run.index[i]);
        if (iin_equal(r->iin, except) || !is_in_force(&h, r))
            continue;
        int32_t person = world_person_index(world, r->iin);
        if (person >= 0 && world_alive(&persons[person], day) && is_first_of_person(&h, run.index[i], person))
            count++;
    }
    return count;
}

/* ---- the stand ---- */

/* A repeated message: the spell may have been ended by a later one since. */
static bool is_same_spell(const struct world_resident *r, int32_t dwelling, enum world_kind kind, struct day since)
{
    return r->dwelling == dwelling && r->kind == kind && r->since.n == since.n;
}

/* Ends the residence registrations that still run at `since`.  One that begins on that day or later is left
 * with an end before its start: it is in force on no day. */
static void end_residences(struct world *world, struct iin person, struct day since)
{
    struct world_run run = world_residences_of(world, person);
    for (int i = 0; i < run.count; i++) {
        struct world_resident *r = world_row(world, WORLD_RESIDENTS, (size_t)run.index[i]);
        if (r->kind == WORLD_RESIDENCE && (day_is_none(r->until) || r->until.n >= since.n))
            r->until.n = since.n - 1;
    }
}

bool world_register(struct world *world, struct iin person, const struct world_dwelling *dwelling, enum world_kind kind,
                    struct day since, struct day until, struct err *err)
{
    int32_t who = world_person_index(world, person), where = world_dwelling_index(world, dwelling);
    if (who < 0)
        return err_set(err, ERR_NOT_FOUND, "no such person");
    if (day_is_none(since) || (!day_is_none(until) && until.n < since.n))
        return err_set(err, ERR_INPUT, "the registration must have a first day, and its end must not be before it");
    if (!world_holds(world, WORLD_RESIDENTS))
        return err_set(err, ERR_SILENT, "the register of residence is not there");
    struct world_run run = world_residences_of(world, person);
    for (int i = 0; i < run.count; i++)
        if (is_same_spell(world_resident_at(world, run.index[i]), where, kind, since))
            return true;
    if (kind == WORLD_RESIDENCE)
        end_residences(world, person, since);
    struct world_table *table = &world->table[WORLD_RESIDENTS];
    table->rows = mem_room(table->rows, table->count, &table->capacity, sizeof(struct world_resident));
    struct world_resident *row = world_row(world, WORLD_RESIDENTS, table->count);
    *row = (struct world_resident){ .dwelling = where, .iin = person, .kind = kind, .since = since, .until = until };
    world_group_append(&world->group[WORLD_RESIDENTS_BY_PERSON], who, (int32_t)table->count);
    world_group_append(&world->group[WORLD_RESIDENTS_BY_DWELLING], where, (int32_t)table->count);
    table->count++;
    return true;
}
