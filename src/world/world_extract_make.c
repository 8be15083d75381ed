/* SPDX-License-Identifier: Apache-2.0 */
/* The extract is made in one pass over the persons and one over the dwellings; rows that belong together come to lie together. */
#include <stdlib.h>
#include <string.h>

#include "world/world_impl.h"

_Static_assert(sizeof(struct world_extract_person) == 32 && sizeof(struct world_extract_dwelling) == 64,
               "half a cache line, and one");

struct filler {
    struct world_extract *extract;
    int32_t marriages, owners, residents; /* used so far */
};

static struct world_run run_of(const struct filler *f, enum world_group_name group, int32_t key)
{
    return world_group_run(&f->extract->world->group[group], key);
}

static int32_t person_or_nobody(const struct world *world, struct iin iin)
{
    return iin_is_none(iin) ? WORLD_NOBODY : world_person_index(world, iin);
}

/* ---- persons ---- */

static struct day first_divorce(const struct filler *f, int32_t person, const struct world_marriage *marriage)
{
    struct day first = WORLD_NEVER;
    struct world_run run = run_of(f, WORLD_DIVORCES_BY_PERSON, person);
    for (int i = 0; i < run.count; i++) {
        const struct world_divorce *d = world_divorce_at(f->extract->world, run.index[i]);
        if (world_divorce_ends(d, marriage, first))
            first = d->act_date;
    }
    return first;
}

static void fill_marriages(struct filler *f, int32_t row)
{
    const struct world *world = f->extract->world;
    struct world_extract_person *person = &f->extract->person[row];
    struct world_run run = run_of(f, WORLD_MARRIAGES_BY_PERSON, row);
    person->marriages = f->marriages;
    for (int i = 0; i < run.count; i++) {
        const struct world_marriage *m = world_marriage_at(world, run.index[i]);
        struct iin spouse = iin_equal(m->husband, person->iin) ? m->wife : m->husband;
        f->extract->marriage[f->marriages++] = (struct world_extract_marriage){ .spouse = person_or_nobody(world, spouse),
                                                                                .act = run.index[i],
                                                                                .act_date = m->act_date,
                                                                                .ended = first_divorce(f, row, m) };
    }
}

static void fill_person(struct filler *f, int32_t row, const struct world_person *from)
{
    bool court_acts = run_of(f, WORLD_INCAPACITY_BY_PERSON, row).count > 0;
    f->extract->capacity[row] = (uint8_t)(from->capable | (court_acts ? WORLD_COURT_ACTS : 0));
    f->extract->person[row] = (struct world_extract_person){ .iin = from->iin,
                                                             .born = from->born,
                                                             .died = from->died,
                                                             .birth_date = WORLD_NEVER,
                                                             .mother = WORLD_NOBODY,
                                                             .father = WORLD_NOBODY };
    fill_marriages(f, row);
}

static void fill_births(struct filler *f)
{
    const struct world *world = f->extract->world;
    size_t count;
    const struct world_birth *birth = world_births(world, &count);
    for (size_t i = 0; i < count; i++) {
        int32_t row = person_or_nobody(world, birth[i].child);
        if (row < 0)
            continue;
        struct world_extract_person *child = &f->extract->person[row];
        child->birth_date = birth[i].act_date;
        child->mother = person_or_nobody(world, birth[i].mother);
        child->father = person_or_nobody(world, birth[i].father);
    }
}

/* ---- dwellings ---- */

static void fill_owners(struct filler *f, int32_t row)
{
    const struct world *world = f->extract->world;
    struct world_run run = run_of(f, WORLD_OWNERS_BY_DWELLING, row);
    f->extract->dwelling[row].owners = (struct world_span){ f->owners, run.count };
    for (int i = 0; i < run.count; i++) {
        struct iin id = world_owner_at(world, run.index[i])->owner;
        int32_t person = iin_kind_of(id) == IIN_COMPANY ? WORLD_NOBODY : person_or_nobody(world, id);
        f->extract->owner[f->owners++] = (struct world_extract_owner){ id, person };
    }
}

static int compare_residents(const void *left, const void *right)
{
    const struct world_extract_resident *a = left, *b = right;
    return (a->person > b->person) - (a->person < b->person);
}

static void fill_residents(struct filler *f, int32_t row)
{
    const struct world *world = f->extract->world;
    struct world_run run = run_of(f, WORLD_RESIDENTS_BY_DWELLING, row);
    struct world_extract_resident *first = f->extract->resident + f->residents;
    int32_t count = 0;
    for (int i = 0; i < run.count; i++) {
        const struct world_resident *r = world_resident_at(world, run.index[i]);
        int32_t person = person_or_nobody(world, r->iin);
        if (person >= 0)
            first[count++] = (struct world_extract_resident){ person, r->since, r->until, r->kind };
    }
    if (count > 1)
        qsort(first, (size_t)count, sizeof *first, compare_residents);
    f->extract->dwelling[row].residents = (struct world_span){ f->residents, count };
    f->residents += count;
}

static void fill_dwelling(struct filler *f, int32_t row, const struct world_dwelling *from)
{
    struct world_extract_dwelling *to = &f->extract->dwelling[row];
    to->total_area = from->total_area;
    to->useful_area = from->useful_area;
    to->kato_length = (uint8_t)from->kato.n; /* at most nine digits: world_field.c */
    if (from->kato.n > 0)
        memcpy(to->kato, from->kato.p, from->kato.n);
    if (from->rka.n <= WORLD_EXTRACT_RKA) {
        to->rka_length = (uint8_t)from->rka.n;
        memcpy(to->rka, from->rka.p, from->rka.n);
    }
    fill_owners(f, row);
    fill_residents(f, row);
}

/* ---- all ---- */

static void *table_for(const struct world *world, enum world_file file, size_t each, size_t size)
{
    return mem_alloc_lines((world->table[file].count * each + 1) * size);
}

struct world_extract *world_extract_make(struct world *world)
{
    struct world_extract *e = mem_alloc(sizeof *e);
    e->world = world;
    e->person = table_for(world, WORLD_PERSONS, 1, sizeof *e->person);
    e->capacity = table_for(world, WORLD_PERSONS, 1, sizeof *e->capacity);
    e->dwelling = table_for(world, WORLD_DWELLINGS, 1, sizeof *e->dwelling);
    e->marriage = table_for(world, WORLD_MARRIAGES, 2, sizeof *e->marriage);
    e->owner = table_for(world, WORLD_OWNERS, 1, sizeof *e->owner);
    e->resident = table_for(world, WORLD_RESIDENTS, 1, sizeof *e->resident);

    struct filler f = { .extract = e };
    size_t count;
    const struct world_person *person = world_persons(world, &count);
    for (size_t i = 0; i < count; i++)
        fill_person(&f, (int32_t)i, &person[i]);
    e->person[count].marriages = f.marriages;
    fill_births(&f);
    const struct world_dwelling *dwelling = world_dwellings(world, &count);
    for (size_t i = 0; i < count; i++)
        fill_dwelling(&f, (int32_t)i, &dwelling[i]);
    return e;
}

void world_extract_free(struct world_extract *extract)
{
    if (extract == NULL)
        return;
    free(extract->person);
    free(extract->capacity);
    free(extract->dwelling);
    free(extract->marriage);
    free(extract->owner);
    free(extract->resident);
    free(extract);
}
