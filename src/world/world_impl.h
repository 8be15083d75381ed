/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of this folder share; nobody else includes it. */
#ifndef WORLD_WORLD_IMPL_H
#define WORLD_WORLD_IMPL_H

#include "world/world.h"

#include <stddef.h>

/* ---- the layout of the folder: files, columns, where a column goes (world_columns.c) ---- */

enum world_type {
    WORLD_TEXT,
    WORLD_PERSON_IIN, /* of persons.csv itself */
    WORLD_IIN,        /* must be in persons.csv */
    WORLD_IIN_OR_BIN,
    WORLD_BIN,
    WORLD_DAY,
    WORLD_AREA,
    WORLD_KATO,
    WORLD_SHARE,
    WORLD_RKA,       /* must be in dwellings.csv; becomes its index */
    WORLD_WORD,      /* one of `words`; becomes their number, 0 for an empty field */
    WORLD_WORD_TEXT, /* one of `words`; stays text */
    WORLD_TYPES
};

enum world_key {
    WORLD_KEY_NONE,
    WORLD_KEY_UNIQUE,
    WORLD_KEY_FIRST /* looked up by this column; of repeated rows the first serves */
};

struct world_words {
    const char *must; /* what is wrong with any other word */
    struct {
        struct str text;
        int value;
    } word[4]; /* the last text is empty */
};

struct world_column {
    const char *name;
    enum world_type type;
    bool required;
    enum world_key key;
    size_t offset;
    const struct world_words *words;
};

#define WORLD_COLUMNS_MAX 9
#define WORLD_KEYS_MAX    2

struct world_layout {
    const char *name;
    bool required;
    size_t row_size;
    int columns;
    struct world_column column[WORLD_COLUMNS_MAX];
    const char *since, *until; /* columns of a spell: `until` must not be before `since` */
};

const struct world_layout *world_layout_of(enum world_file file);
/* Column by name, -1 when there is none. */
int world_column_find(const struct world_layout *layout, struct str name);
/* Index of the word, -1 when it is none of them. */
int world_word_find(const struct world_words *words, struct str field);

/* ---- hashes: open addressing, the caller compares rows ---- */

struct world_slot {
    uint32_t hash;
    int32_t next; /* row index + 1; 0 for a free slot */
};
struct world_hash {
    struct world_slot *slot;
    size_t mask, count; /* mask + 1 slots when slot is not NULL */
};

static inline uint32_t world_hash_iin(struct iin iin) { return (uint32_t)((iin.n * UINT64_C(0x9E3779B97F4A7C15)) >> 32); }
uint32_t world_hash_str(struct str s);
void world_hash_reserve(struct world_hash *h, size_t count); /* room for so many at once */
void world_hash_add(struct world_hash *h, uint32_t hash, int32_t index);
void world_hash_release(struct world_hash *h);
/* Candidates one after another: size_t at = hash; while ((i = world_hash_next(h, hash, &at)) >= 0) compare row i. */
static inline int32_t world_hash_next(const struct world_hash *h, uint32_t hash, size_t *at)
{
    if (h->slot == NULL)
        return -1;
    for (;;) {
        const struct world_slot *s = &h->slot[(*at)++ & h->mask];
        if (s->next == 0)
            return -1;
        if (s->hash == hash)
            return s->next - 1;
    }
}

/* ---- groups: rows of one file by person, dwelling, owner or marriage ---- */

enum world_group_name {
    WORLD_BIRTHS_BY_PARENT,
    WORLD_MARRIAGES_BY_PERSON,
    WORLD_DIVORCES_BY_PERSON,
    WORLD_DIVORCES_BY_MARRIAGE,
    WORLD_OWNERS_BY_DWELLING,
    WORLD_OWNERS_BY_OWNER,
    WORLD_RESIDENTS_BY_DWELLING,
    WORLD_RESIDENTS_BY_PERSON,
    WORLD_INCAPACITY_BY_PERSON,
    WORLD_STUDENTS_BY_PERSON,
    WORLD_REPRESENTATIVES_BY_WARD,
    WORLD_GROUPS
};

/* A run lies in the pool as its count and its rows; start[key] is where the count is, 0 for an empty run
 * (pool[0] is not used).  A run that grows moves to the end of the pool. */
struct world_group {
    uint32_t *start;
    size_t keys;
    int32_t *pool;
    size_t used, capacity;
};

void world_group_build(struct world *world, enum world_group_name name);
void world_group_append(struct world_group *group, int32_t key, int32_t row);
void world_group_release(struct world_group *group);
static inline struct world_run world_group_run(const struct world_group *group, int32_t key)
{
    if (key < 0 || (size_t)key >= group->keys || group->start[key] == 0)
        return (struct world_run){ NULL, 0 };
    const int32_t *run = group->pool + group->start[key];
    return (struct world_run){ run + 1, run[0] };
}

/* ---- the world ---- */

struct world_table {
    void *rows;
    size_t count, capacity;
    bool held;
};

struct world {
    struct arena arena; /* bytes of the files */
    struct world_table table[WORLD_FILES];
    struct world_hash key[WORLD_FILES][WORLD_KEYS_MAX]; /* in the order of the key columns of the layout */
    struct world_group group[WORLD_GROUPS];
    struct iin *company_owner; /* companies in owners.csv; group key: persons + index */
    size_t company_owners, company_owner_capacity;
    struct world_hash company_owner_hash;
};

static inline void *world_row(const struct world *world, enum world_file file, size_t index)
{
    return (char *)world->table[file].rows + index * world_layout_of(file)->row_size;
}

/* Row index by the key column number `key` of the file, -1 when there is none. */
int32_t world_find_iin(const struct world *world, enum world_file file, int key, size_t offset, struct iin iin);
int32_t world_find_str(const struct world *world, enum world_file file, int key, size_t offset, struct str text);
int32_t world_person_index(const struct world *world, struct iin iin);
int32_t world_marriage_by_number(const struct world *world, struct str act_number);
/* The group key of an owner: the person's index, or persons + index of the company; -1 when unknown. */
int32_t world_owner_key(const struct world *world, struct iin owner);
void world_index_build(struct world *world);

/* ---- fields (world_field.c) ---- */

struct scan_known;
/* Parses a field into the row, which comes zeroed, and holds it against what is known; NULL, or what is wrong with it. */
const char *world_field_parse(const struct scan_known *known, const struct world_column *column, struct str field, void *row);

#endif
