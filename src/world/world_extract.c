/* SPDX-License-Identifier: Apache-2.0 */
/* Look-ups in the extract of a world. */
#include "world/world_impl.h"

int32_t world_extract_find_person(const struct world_extract *extract, struct iin iin)
{
    uint32_t hash = world_hash_iin(iin);
    size_t at = hash;
    int32_t i;
    while ((i = world_hash_next(&extract->world->key[WORLD_PERSONS][0], hash, &at)) >= 0)
        if (iin_equal(extract->person[i].iin, iin))
            return i;
    return -1;
}

static bool has_rka(const struct world_extract *extract, int32_t row, struct str rka)
{
    const struct world_extract_dwelling *d = &extract->dwelling[row];
    if (rka.n > WORLD_EXTRACT_RKA)
        return str_equal(world_dwelling_at(extract->world, row)->rka, rka);
    return d->rka_length == rka.n && memcmp(d->rka, rka.p, rka.n) == 0;
}

int32_t world_extract_find_dwelling(const struct world_extract *extract, struct str rka)
{
    uint32_t hash = world_hash_str(rka);
    size_t at = hash;
    int32_t i;
    while ((i = world_hash_next(&extract->world->key[WORLD_DWELLINGS][0], hash, &at)) >= 0)
        if (has_rka(extract, i, rka))
            return i;
    return -1;
}

/* A person may be registered there by several rows, which are neighbours: he is counted at the first in force. */
void world_extract_head_count(const struct world_extract *extract, int32_t dwelling, struct day day, int32_t except,
                              int *ret_registered, int *ret_residence)
{
    struct world_span span = extract->dwelling[dwelling].residents;
    const struct world_extract_resident *resident = extract->resident + span.first;
    int registered = 0, residence = 0;
    int32_t counted = WORLD_NOBODY, counted_residence = WORLD_NOBODY;
    for (int32_t i = 0; i < span.count; i++) {
        const struct world_extract_resident *r = &resident[i];
        if (r->person == except || !day_within(day, r->since, r->until))
            continue;
        const struct world_extract_person *person = &extract->person[r->person];
        if (!world_alive_between(person->born, person->died, day))
            continue;
        registered += r->person != counted;
        counted = r->person;
        if (r->kind != WORLD_RESIDENCE)
            continue;
        residence += r->person != counted_residence;
        counted_residence = r->person;
    }
    *ret_registered = registered;
    *ret_residence = residence;
}

bool world_extract_incapable(const struct world_extract *extract, int32_t person, struct day day)
{
    if (!extract->person[person].court_acts)
        return false;
    struct world_run run = world_group_run(&extract->world->group[WORLD_INCAPACITY_BY_PERSON], person);
    for (int i = 0; i < run.count; i++) {
        const struct world_incapacity *row = world_incapacity_at(extract->world, run.index[i]);
        if (day_within(day, row->since, row->until))
            return true;
    }
    return false;
}

struct world_run world_extract_studies(const struct world_extract *extract, int32_t person)
{
    return world_group_run(&extract->world->group[WORLD_STUDENTS_BY_PERSON], person);
}
