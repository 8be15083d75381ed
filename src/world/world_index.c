/* SPDX-License-Identifier: Apache-2.0 */
/* Runs of the rows that concern one person, dwelling, owner or marriage, and the whole index after loading. */
#include "world/world_impl.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

/* ---- companies that own dwellings: they need not be in companies.csv ---- */

static int32_t company_owner_find(const struct world *world, struct iin bin)
{
    uint32_t hash = world_hash_iin(bin);
    size_t at = hash;
    int32_t i;
    while ((i = world_hash_next(&world->company_owner_hash, hash, &at)) >= 0)
        if (iin_equal(world->company_owner[i], bin))
            return i;
    return -1;
}

static void company_owners_collect(struct world *world)
{
    const struct world_owner *owner = world->table[WORLD_OWNERS].rows;
    for (size_t i = 0; i < world->table[WORLD_OWNERS].count; i++) {
        struct iin bin = owner[i].owner;
        if (iin_kind_of(bin) != IIN_COMPANY || company_owner_find(world, bin) >= 0)
            continue;
        world_hash_add(&world->company_owner_hash, world_hash_iin(bin), (int32_t)world->company_owners);
        world->company_owner = mem_room(world->company_owner, world->company_owners, &world->company_owner_capacity, sizeof bin);
        world->company_owner[world->company_owners++] = bin;
    }
}

int32_t world_owner_key(const struct world *world, struct iin owner)
{
    if (iin_kind_of(owner) != IIN_COMPANY)
        return world_person_index(world, owner);
    int32_t company = company_owner_find(world, owner);
    return company < 0 ? -1 : (int32_t)world->table[WORLD_PERSONS].count + company;
}

/* ---- groups ---- */

enum group_key { BY_PERSON, BY_DWELLING, BY_OWNER, BY_MARRIAGE };

static const struct group_layout {
    enum world_file file;
    enum group_key by;
    size_t offset, second; /* second: another person of the row; the same as offset when there is none */
} GROUPS[WORLD_GROUPS] = {
    [WORLD_BIRTHS_BY_PARENT] = { WORLD_BIRTHS, BY_PERSON, offsetof(struct world_birth, mother),
                                 offsetof(struct world_birth, father) },
    [WORLD_MARRIAGES_BY_PERSON] = { WORLD_MARRIAGES, BY_PERSON, offsetof(struct world_marriage, husband),
                                    offsetof(struct world_marriage, wife) },
    [WORLD_DIVORCES_BY_PERSON] = { WORLD_DIVORCES, BY_PERSON, offsetof(struct world_divorce, husband),
                                   offsetof(struct world_divorce, wife) },
#define ALONE(row, member) offsetof(struct row, member), offsetof(struct row, member)
    [WORLD_DIVORCES_BY_MARRIAGE] = { WORLD_DIVORCES, BY_MARRIAGE, ALONE(world_divorce, marriage_act_number) },
    [WORLD_OWNERS_BY_DWELLING] = { WORLD_OWNERS, BY_DWELLING, ALONE(world_owner, dwelling) },
    [WORLD_OWNERS_BY_OWNER] = { WORLD_OWNERS, BY_OWNER, ALONE(world_owner, owner) },
    [WORLD_RESIDENTS_BY_DWELLING] = { WORLD_RESIDENTS, BY_DWELLING, ALONE(world_resident, dwelling) },
    [WORLD_RESIDENTS_BY_PERSON] = { WORLD_RESIDENTS, BY_PERSON, ALONE(world_resident, iin) },
    [WORLD_INCAPACITY_BY_PERSON] = { WORLD_INCAPACITY, BY_PERSON, ALONE(world_incapacity, iin) },
    [WORLD_STUDENTS_BY_PERSON] = { WORLD_STUDENTS, BY_PERSON, ALONE(world_student, iin) },
    [WORLD_REPRESENTATIVES_BY_WARD] = { WORLD_REPRESENTATIVES, BY_PERSON, ALONE(world_representative, ward) },
#undef ALONE
};

static size_t count_keys(const struct world *world, enum group_key by)
{
    size_t persons = world->table[WORLD_PERSONS].count;
    switch (by) {
    case BY_PERSON: return persons;
    case BY_DWELLING: return world->table[WORLD_DWELLINGS].count;
    case BY_OWNER: return persons + world->company_owners;
    case BY_MARRIAGE: return world->table[WORLD_MARRIAGES].count;
    }
    BUG("group key %d", (int)by);
}

static int32_t key_at(const struct world *world, enum group_key by, const void *field)
{
    switch (by) {
    case BY_PERSON: return iin_is_none(*(const struct iin *)field) ? -1 : world_person_index(world, *(const struct iin *)field);
    case BY_DWELLING: return *(const int32_t *)field;
    case BY_OWNER: return world_owner_key(world, *(const struct iin *)field);
    case BY_MARRIAGE: return world_marriage_by_number(world, *(const struct str *)field);
    }
    BUG("group key %d", (int)by);
}

/* ---- look-ups of many rows: what one needs is fetched while others are under way ---- */

#define AHEAD 16 /* rows; twice as many for the slot, which says which row */

/* The hash that a key is looked up in, NULL when it needs none. */
static const struct world_hash *hash_for(const struct world *world, enum group_key by, const void *field, uint32_t *ret_hash)
{
    if (by == BY_DWELLING)
        return NULL;
    if (by == BY_MARRIAGE) {
        *ret_hash = world_hash_str(*(const struct str *)field);
        return &world->key[WORLD_MARRIAGES][0];
    }
    *ret_hash = world_hash_iin(*(const struct iin *)field);
    return &world->key[WORLD_PERSONS][0];
}

static inline __attribute__((always_inline)) void fetch_slot(const struct world *world, enum group_key by, const void *field)
{
    uint32_t hash;
    const struct world_hash *h = hash_for(world, by, field, &hash);
    if (h != NULL && h->slot != NULL)
        __builtin_prefetch(&h->slot[hash & h->mask]);
}

static inline __attribute__((always_inline)) void fetch_row(const struct world *world, enum group_key by, const void *field)
{
    uint32_t hash;
    const struct world_hash *h = hash_for(world, by, field, &hash);
    if (h == NULL || h->slot == NULL || h->slot[hash & h->mask].next == 0)
        return;
    size_t row = (size_t)h->slot[hash & h->mask].next - 1;
    __builtin_prefetch(world_row(world, by == BY_MARRIAGE ? WORLD_MARRIAGES : WORLD_PERSONS, row));
}

static void fetch_ahead(const struct world *world, const struct group_layout *layout, size_t i, size_t rows)
{
    for (int k = 0; k < (layout->second == layout->offset ? 1 : 2); k++) {
        size_t offset = k == 0 ? layout->offset : layout->second;
        if (i + 2 * AHEAD < rows)
            fetch_slot(world, layout->by, (const char *)world_row(world, layout->file, i + 2 * AHEAD) + offset);
        if (i + AHEAD < rows)
            fetch_row(world, layout->by, (const char *)world_row(world, layout->file, i + AHEAD) + offset);
    }
}

/* The keys of all rows, two a row: the look-ups are the dear part and are made once. */
static int32_t *collect_keys(const struct world *world, const struct group_layout *layout)
{
    size_t rows = world->table[layout->file].count;
    int32_t *key = mem_alloc(rows * 2 * sizeof *key);
    for (size_t i = 0; i < rows; i++) {
        const char *row = world_row(world, layout->file, i);
        fetch_ahead(world, layout, i, rows);
        key[2 * i] = key_at(world, layout->by, row + layout->offset);
        key[2 * i + 1] = layout->second == layout->offset ? -1 : key_at(world, layout->by, row + layout->second);
        if (key[2 * i + 1] == key[2 * i])
            key[2 * i + 1] = -1;
    }
    return key;
}

static void lay_out_runs(struct world_group *group, const int32_t *key, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (key[i] >= 0)
            group->start[key[i]]++;
    size_t used = 1;
    for (size_t k = 0; k < group->keys; k++) {
        size_t count = group->start[k];
        if (count == 0)
            continue;
        group->start[k] = (uint32_t)used;
        used += count + 1;
    }
    group->used = group->capacity = used;
}

void world_group_build(struct world *world, enum world_group_name name)
{
    const struct group_layout *layout = &GROUPS[name];
    struct world_group *group = &world->group[name];
    size_t n = world->table[layout->file].count * 2;
    int32_t *key = collect_keys(world, layout);

    group->keys = count_keys(world, layout->by);
    group->start = mem_alloc(group->keys * sizeof *group->start);
    lay_out_runs(group, key, n);
    group->pool = mem_alloc(group->used * sizeof *group->pool);
    for (size_t i = 0; i < n; i++) {
        if (key[i] < 0)
            continue;
        int32_t *run = group->pool + group->start[key[i]];
        run[++run[0]] = (int32_t)(i / 2);
    }
    free(key);
}

void world_group_append(struct world_group *group, int32_t key, int32_t row)
{
    struct world_run old = world_group_run(group, key);
    size_t from = old.count > 0 ? group->start[key] : 0, at = group->used;
    size_t wanted = at + (size_t)old.count + 2;
    if (wanted > UINT32_MAX)
        BUG("too many rows in one index");
    if (wanted > group->capacity) {
        group->capacity = wanted + wanted / 4;
        group->pool = mem_grow(group->pool, group->capacity * sizeof *group->pool);
    }
    group->pool[at] = old.count + 1;
    memcpy(group->pool + at + 1, group->pool + from + 1, (size_t)old.count * sizeof *group->pool);
    group->pool[at + 1 + (size_t)old.count] = row;
    group->start[key] = (uint32_t)at;
    group->used = wanted;
}

void world_group_release(struct world_group *group)
{
    free(group->start);
    free(group->pool);
    *group = (struct world_group){ 0 };
}

/* ---- keys ---- */

static uint32_t hash_of(const struct world_column *column, const void *at)
{
    return column->type == WORLD_TEXT ? world_hash_str(*(const struct str *)at) : world_hash_iin(*(const struct iin *)at);
}

/* Of repeated rows the first serves; unique keys have been checked. */
static bool is_repeated(const struct world *world, enum world_file file, int key, const struct world_column *column,
                        const void *at)
{
    return column->key == WORLD_KEY_FIRST && world_find_iin(world, file, key, column->offset, *(const struct iin *)at) >= 0;
}

static const struct world_slot *slot_of(const struct world_hash *h, uint32_t hash) { return &h->slot[hash & h->mask]; }

static void enter_keys(struct world *world, enum world_file file, int key, const struct world_column *column)
{
    const char *rows = world->table[file].rows;
    size_t row_size = world_layout_of(file)->row_size, count = world->table[file].count;
    world_hash_reserve(&world->key[file][key], count);
    for (size_t i = 0; i < count; i++) {
        const void *at = rows + i * row_size + column->offset;
        if (i + AHEAD < count)
            __builtin_prefetch(slot_of(&world->key[file][key], hash_of(column, rows + (i + AHEAD) * row_size + column->offset)),
                               1);
        if (!is_repeated(world, file, key, column, at))
            world_hash_add(&world->key[file][key], hash_of(column, at), (int32_t)i);
    }
}

static void build_keys(struct world *world, int file)
{
    const struct world_layout *layout = world_layout_of((enum world_file)file);
    int key = 0;
    for (int i = 0; i < layout->columns; i++)
        if (layout->column[i].key != WORLD_KEY_NONE)
            enter_keys(world, (enum world_file)file, key++, &layout->column[i]);
}

static void build_group(struct world *world, int name) { world_group_build(world, (enum world_group_name)name); }

/* ---- pieces of the index, which do not touch each other, on two threads ---- */

#define WORTH_A_THREAD 50000 /* persons */

struct pieces {
    struct world *world;
    void (*build)(struct world *world, int piece);
    int count;
    atomic_int next;
};

static void *build_pieces(void *arg)
{
    struct pieces *p = arg;
    int piece;
    while ((piece = atomic_fetch_add(&p->next, 1)) < p->count)
        p->build(p->world, piece);
    return NULL;
}

static void build_all(struct world *world, void (*build)(struct world *world, int piece), int count)
{
    struct pieces pieces = { .world = world, .build = build, .count = count };
    pthread_t helper;
    bool helped =
        world->table[WORLD_PERSONS].count >= WORTH_A_THREAD && pthread_create(&helper, NULL, build_pieces, &pieces) == 0;
    build_pieces(&pieces);
    if (helped)
        pthread_join(helper, NULL);
}

void world_index_build(struct world *world)
{
    build_all(world, build_keys, WORLD_FILES);
    company_owners_collect(world);
    build_all(world, build_group, WORLD_GROUPS);
}
