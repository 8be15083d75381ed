/* SPDX-License-Identifier: Apache-2.0 */
/* Private to the building of a mart: rows as they are collected, and the sections as they come into being. */
#ifndef KIN_MART_BUILD_H
#define KIN_MART_BUILD_H

#include "kin/mart_impl.h"

#include "world/world.h"

/* A number to a number, for the few things that are looked up while rows come in. */
struct kin_map {
    struct kin_map_slot {
        uint64_t key; /* 0: free */
        uint32_t value;
    } * slot;
    size_t mask, count;
};
/* The value of the key, entered as `value` when it was not there. */
uint32_t kin_map_enter(struct kin_map *map, uint64_t key, uint32_t value);
void kin_map_release(struct kin_map *map);

/* Texts one after the other, each its length (LEB128) and its bytes; an offset of 0 is the empty text. */
struct kin_texts {
    char *bytes;
    size_t count, capacity;
};
uint32_t kin_texts_add(struct kin_texts *texts, struct str text);
struct str kin_texts_at(const struct kin_texts *texts, uint32_t offset);
/* Puts `tail` behind; what has to be added to offsets into it, other than 0. */
uint32_t kin_texts_join(struct kin_texts *texts, const struct kin_texts *tail);

struct kin_spell {
    int32_t since, until; /* INT32_MIN: open */
};
struct kin_person_draft {
    uint32_t key;
    int32_t born, died;
    bool incapable; /* by GBD FL */
};
struct kin_birth_draft {
    uint32_t child, mother, father, number;
    int32_t day;
};
struct kin_divorce_draft {
    uint32_t husband, wife, marriage; /* marriage: text of its number, 0: not given */
    int32_t day;
};
struct kin_dwelling_draft {
    uint64_t rka;
    int64_t total_area, useful_area;
    uint32_t kato;
};
struct kin_owner_draft {
    uint32_t dwelling, key; /* 0: a company */
};
struct kin_resident_draft {
    uint32_t dwelling, key;
    struct kin_spell spell;
};
struct kin_spell_draft { /* incapacity, study */
    uint32_t key;
    struct kin_spell spell;
};

#define KIN_ROWS(type, name)                                                                                                     \
    struct {                                                                                                                     \
        type *row;                                                                                                               \
        size_t count, capacity;                                                                                                  \
    } name

struct kin_builder {
    uint32_t held;
    int32_t last_day; /* that any record tells of */
    KIN_ROWS(struct kin_person_draft, person);
    KIN_ROWS(struct kin_birth_draft, birth);
    KIN_ROWS(struct kin_marriage_act, marriage);
    KIN_ROWS(struct kin_divorce_draft, divorce);
    KIN_ROWS(struct kin_dwelling_draft, dwelling);
    KIN_ROWS(struct kin_owner_draft, owner);
    KIN_ROWS(struct kin_resident_draft, resident_draft);
    KIN_ROWS(struct kin_spell_draft, incapacity);
    KIN_ROWS(struct kin_spell_draft, study); /* full-time in the capital */
    KIN_ROWS(uint64_t, irregular_iin);
    KIN_ROWS(uint32_t, irregular_rka); /* texts */
    /* Texts by what they belong to, so that the order of the files does not matter; text: those of the file, joined. */
    struct kin_texts birth_text, marriage_text, divorce_text, rka_text, text;
    struct kin_map irregular_place; /* IIN to its place in irregular_iin */

    /* ---- the sections ---- */
    int32_t as_of;
    uint64_t person_lines, dwelling_lines, living;
    struct kin_person_line *lines;
    uint64_t slots; /* of persons, the spare lines' included */
    uint32_t *state;
    struct kin_life *life;
    struct kin_birth_act *birth_act;
    KIN_ROWS(struct kin_late_birth, late_birth);
    uint32_t *parent_slot[2]; /* by slot, slot + 1; for the family numbers */
    uint32_t *spouse_slot;
    uint32_t *marriage_start, *marriage_list;
    uint64_t marriage_entries;
    struct kin_dwelling_line *dwelling_table;
    uint64_t dwelling_slots;
    uint32_t *dwelling_slot; /* by number of the dwelling */
    struct kin_dwelling_record *record;
    KIN_ROWS(uint32_t, owner_list);
    KIN_ROWS(uint32_t, owner_list_family);
    uint32_t *resident;
    uint64_t residents;
    uint32_t *dwelling_owner;
    struct kin_family_row *family;
    uint32_t *family_slot;
    uint64_t families; /* with number 0 */
};

/* The rows of a file by dwelling, in the order of the file. */
struct kin_groups {
    uint32_t *start; /* by dwelling slot, one more at the end */
    uint32_t *row;   /* number of the row, or its value */
};
/* The first member of each row is the number of the dwelling; NULL values: the numbers of the rows. */
struct kin_groups kin_group(const struct kin_builder *b, const void *rows, size_t count, size_t size, const uint32_t *value);
void kin_groups_release(struct kin_groups *g);

bool kin_in_force(struct kin_spell spell, int32_t day);
/* Stable, by the upper 32 bits. */
void kin_sort_by_high(uint64_t *items, size_t count);
/* UINT32_MAX when the key is not there. */
uint32_t kin_slot_of(const struct kin_builder *b, uint32_t key);
/* Always inline: gcc takes a call of a function that only prefetches for one without effect, and drops it. */
static inline __attribute__((always_inline)) void kin_prefetch_line(const struct kin_builder *b, uint32_t key)
{
    __builtin_prefetch(&b->lines[kin_line_of(key, b->person_lines)]);
}
#define KIN_AHEAD 24 /* rows that a look-up is prefetched ahead */

/* The steps in their order; each fills its sections. */
bool kin_build_persons(struct kin_builder *b, struct err *err);
void kin_build_births(struct kin_builder *b);
void kin_build_marriages(struct kin_builder *b);
bool kin_build_dwellings(struct kin_builder *b, struct err *err);
void kin_build_owners(struct kin_builder *b);
void kin_build_residents(struct kin_builder *b);
void kin_build_families(struct kin_builder *b);

#endif
