/* SPDX-License-Identifier: Apache-2.0 */
/* Look-ups in a loaded world. */
#include "world/world_impl.h"

#include <stdlib.h>

void world_free(struct world *world)
{
    if (world == NULL)
        return;
    for (int file = 0; file < WORLD_FILES; file++) {
        free(world->table[file].rows);
        for (int key = 0; key < WORLD_KEYS_MAX; key++)
            world_hash_release(&world->key[file][key]);
    }
    for (int i = 0; i < WORLD_GROUPS; i++)
        world_group_release(&world->group[i]);
    world_hash_release(&world->company_owner_hash);
    free(world->company_owner);
    arena_release(&world->arena);
    free(world);
}

bool world_holds(const struct world *world, enum world_file file) { return world->table[file].held; }
size_t world_count(const struct world *world, enum world_file file) { return world->table[file].count; }

/* ---- by key ---- */

static const void *row_or_null(const struct world *world, enum world_file file, int32_t index)
{
    return index < 0 ? NULL : world_row(world, file, (size_t)index);
}

const struct world_person *world_person(const struct world *world, struct iin iin)
{
    return row_or_null(world, WORLD_PERSONS, world_person_index(world, iin));
}

const struct world_birth *world_birth(const struct world *world, struct iin child)
{
    return row_or_null(world, WORLD_BIRTHS, world_find_iin(world, WORLD_BIRTHS, 1, offsetof(struct world_birth, child), child));
}

const struct world_dwelling *world_dwelling(const struct world *world, struct str rka)
{
    return row_or_null(world, WORLD_DWELLINGS,
                       world_find_str(world, WORLD_DWELLINGS, 0, offsetof(struct world_dwelling, rka), rka));
}

const struct world_company *world_company(const struct world *world, struct iin bin)
{
    return row_or_null(world, WORLD_COMPANIES,
                       world_find_iin(world, WORLD_COMPANIES, 0, offsetof(struct world_company, bin), bin));
}

int32_t world_dwelling_index(const struct world *world, const struct world_dwelling *dwelling)
{
    return (int32_t)(dwelling - (const struct world_dwelling *)world->table[WORLD_DWELLINGS].rows);
}

/* ---- whole files, and rows by index ---- */

/* clang-format off */
#define ALL_ROWS(function, type, file) \
    const struct type *function(const struct world *world, size_t *ret_count) \
    { *ret_count = world->table[file].count; return world->table[file].rows; }
ALL_ROWS(world_persons, world_person, WORLD_PERSONS)
ALL_ROWS(world_births, world_birth, WORLD_BIRTHS)
ALL_ROWS(world_marriages, world_marriage, WORLD_MARRIAGES)
ALL_ROWS(world_companies, world_company, WORLD_COMPANIES)
ALL_ROWS(world_dwellings, world_dwelling, WORLD_DWELLINGS)

#define ROW_AT(function, type, file) \
    const struct type *function(const struct world *world, int32_t index) \
    { return (const struct type *)world->table[file].rows + index; }
ROW_AT(world_birth_at, world_birth, WORLD_BIRTHS)
ROW_AT(world_marriage_at, world_marriage, WORLD_MARRIAGES)
ROW_AT(world_divorce_at, world_divorce, WORLD_DIVORCES)
ROW_AT(world_dwelling_at, world_dwelling, WORLD_DWELLINGS)
ROW_AT(world_owner_at, world_owner, WORLD_OWNERS)
ROW_AT(world_resident_at, world_resident, WORLD_RESIDENTS)
ROW_AT(world_incapacity_at, world_incapacity, WORLD_INCAPACITY)
ROW_AT(world_student_at, world_student, WORLD_STUDENTS)
ROW_AT(world_representative_at, world_representative, WORLD_REPRESENTATIVES)

/* ---- runs ---- */

#define RUN_OF_PERSON(function, group_name) \
    struct world_run function(const struct world *world, struct iin person) \
    { return world_group_run(&world->group[group_name], world_person_index(world, person)); }
RUN_OF_PERSON(world_births_by_parent, WORLD_BIRTHS_BY_PARENT)
RUN_OF_PERSON(world_marriages_of, WORLD_MARRIAGES_BY_PERSON)
RUN_OF_PERSON(world_divorces_of, WORLD_DIVORCES_BY_PERSON)
RUN_OF_PERSON(world_residences_of, WORLD_RESIDENTS_BY_PERSON)
RUN_OF_PERSON(world_incapacities_of, WORLD_INCAPACITY_BY_PERSON)
RUN_OF_PERSON(world_studies_of, WORLD_STUDENTS_BY_PERSON)
RUN_OF_PERSON(world_representatives_of, WORLD_REPRESENTATIVES_BY_WARD)

#define RUN_OF_DWELLING(function, group_name) \
    struct world_run function(const struct world *world, const struct world_dwelling *dwelling) \
    { return world_group_run(&world->group[group_name], world_dwelling_index(world, dwelling)); }
RUN_OF_DWELLING(world_owners_of, WORLD_OWNERS_BY_DWELLING)
RUN_OF_DWELLING(world_residents_of, WORLD_RESIDENTS_BY_DWELLING)
/* clang-format on */

struct world_run world_dwellings_owned_by(const struct world *world, struct iin owner)
{
    return world_group_run(&world->group[WORLD_OWNERS_BY_OWNER], world_owner_key(world, owner));
}
