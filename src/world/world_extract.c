/* SPDX-License-Identifier: Apache-2.0 */
/* Look-ups in the extract of a world. */
#include "world/world_impl.h"

static const struct world_hash *persons_by_iin(const struct world_extract *extract)
{
    return &extract->world->key[WORLD_PERSONS][0];
}
static const struct world_hash *dwellings_by_rka(const struct world_extract *extract)
{
    return &extract->world->key[WORLD_DWELLINGS][0];
}

static int32_t find_person(const struct world_extract *extract, struct iin iin, uint32_t hash)
{
    size_t at = hash;
    int32_t i;
    while ((i = world_hash_next(persons_by_iin(extract), hash, &at)) >= 0)
        if (iin_equal(extract->person[i].iin, iin))
            return i;
    return WORLD_NOBODY;
}

static bool has_rka(const struct world_extract *extract, int32_t row, struct str rka)
{
    const struct world_extract_dwelling *d = &extract->dwelling[row];
    if (rka.n > WORLD_EXTRACT_RKA)
        return str_equal(world_dwelling_at(extract->world, row)->rka, rka);
    return d->rka_length == rka.n && memcmp(d->rka, rka.p, rka.n) == 0;
}

static int32_t find_dwelling(const struct world_extract *extract, struct str rka, uint32_t hash)
{
    size_t at = hash;
    int32_t i;
    while ((i = world_hash_next(dwellings_by_rka(extract), hash, &at)) >= 0)
        if (has_rka(extract, i, rka))
            return i;
    return WORLD_NOWHERE;
}

static void call_slot(const struct world_hash *h, uint32_t hash)
{
    if (h->slot != NULL)
        __builtin_prefetch(&h->slot[hash & h->mask]);
}

/* The first candidate is nearly always the row. */
static int32_t first_candidate(const struct world_hash *h, uint32_t hash)
{
    size_t at = hash;
    return world_hash_next(h, hash, &at);
}

void world_extract_find(const struct world_extract *extract, struct iin iin, struct str rka, int32_t *ret_person,
                        int32_t *ret_dwelling)
{
    uint32_t by_iin = world_hash_iin(iin), by_rka = world_hash_str(rka);
    call_slot(persons_by_iin(extract), by_iin);
    call_slot(dwellings_by_rka(extract), by_rka);
    int32_t person = first_candidate(persons_by_iin(extract), by_iin);
    if (person >= 0)
        __builtin_prefetch(&extract->person[person]);
    *ret_dwelling = find_dwelling(extract, rka, by_rka);
    if (*ret_dwelling >= 0) {
        const struct world_extract_dwelling *d = &extract->dwelling[*ret_dwelling];
        __builtin_prefetch(&extract->owner[d->owners.first]);
        __builtin_prefetch(&extract->resident[d->residents.first]);
    }
    *ret_person = find_person(extract, iin, by_iin);
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
    if ((extract->capacity[person] & WORLD_COURT_ACTS) == 0)
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
