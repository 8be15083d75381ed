/* SPDX-License-Identifier: Apache-2.0 */
/* What the files mart_*.c share: keys, lines, sections. */
#ifndef KIN_MART_IMPL_H
#define KIN_MART_IMPL_H

#include "kin/kin_file.h"
#include "kin/mart.h"
#include "kin/mart_row.h"

#include <stddef.h>

/* ---- keys (mart_key.c) ---- */

/*
 * YYMMDD, the digit of century and sex, and the serial make fewer than 2^32 combinations; the check digit follows from them.
 * So key = (((YY*12 + MM-1)*31 + DD-1)*10 + G)*10000 + NNNN names a person without any table.  What has no such key (month 13,
 * or the one number whose key would be 0) is irregular: KIN_KEY_IRREGULAR + its place in a sorted list.
 */
#define KIN_KEY_REGULAR   UINT32_C(3720000000) /* 100 * 12 * 31 * 10 * 10000 */
#define KIN_KEY_IRREGULAR KIN_KEY_REGULAR
#define KIN_IRREGULAR_MAX (UINT32_MAX - KIN_KEY_IRREGULAR - 1)
/* 0: irregular. */
uint32_t kin_key_of(struct iin iin);
struct iin kin_key_iin(uint32_t key); /* of a regular key */
/* By the list of the mart as well; 0: no such person can be in this mart. */
uint32_t kin_mart_key(const struct kin_mart *mart, struct iin iin);
struct iin kin_mart_iin(const struct kin_mart *mart, uint32_t key);

/* ---- lines ---- */

/* A multiplication by an odd number is a bijection; its upper bits are scaled to any number of lines. */
static inline uint32_t kin_mix(uint32_t key) { return key * UINT32_C(0x9E3779B1); }
/* Line 0 stays empty: there key 0 finds a row of zeros, and nobody needs a branch for an unknown parent. */
static inline uint64_t kin_line_of(uint32_t key, uint64_t lines) { return (((uint64_t)kin_mix(key) * lines) >> 32) + (key != 0); }
static inline uint64_t kin_rka_line_of(uint64_t rka, uint64_t lines)
{
    return ((rka * UINT64_C(0x9E3779B97F4A7C15) >> 32) * lines) >> 32;
}
/* RKA that are not sixteen digits: this + their place in a sorted list. */
#define KIN_RKA_IRREGULAR UINT64_C(10000000000000000)
/* Lines besides those by hash: the empty first one, those behind for overflow, and an empty last one where searches end. */
#define KIN_LINES_SPARE 64

/* The place of a key in its line, without a branch that depends on the data; any place when it is not
 * there.  Key 0 in an empty line is in all of them: or, not plus, stays inside. */
static inline int kin_line_place(const struct kin_person_line *line, uint32_t key)
{
    return (line->row[1].key == key) | 2 * (line->row[2].key == key) | 3 * (line->row[3].key == key);
}
/* A row of zeros. */
extern const struct kin_person_row kin_no_person;

/* ---- the mart ---- */

struct kin_section_view {
    const unsigned char *p;
    uint64_t bytes, count; /* count: items */
};
struct kin_mart {
    struct kin_section_view section[KIN_SECTIONS];
    const struct kin_person_line *persons; /* = section[KIN_PERSONS].p, and so on: what the fast path uses */
    const struct kin_dwelling_line *dwellings;
    uint64_t person_lines, dwelling_lines; /* by hash, without the spare ones */
    const struct kin_file_header *header;
    void *memory; /* the mapping, or the copy in large pages */
    size_t memory_size;
    struct kin_overlay *live; /* what changes it (live.h); NULL: nothing does */
    bool vectors;             /* the processor has AVX2 (and nobody asked for the plain way) */
};

#define KIN_ITEMS(mart, name, type) ((const type *)(const void *)(mart)->section[name].p)
const char *kin_section_name(enum kin_section section);
uint32_t kin_section_item(enum kin_section section);
uint32_t kin_crc32c(uint32_t crc, const void *bytes, size_t n);
/* The text at an offset of KIN_TEXT; empty when it does not lie inside. */
struct str kin_mart_text(const struct kin_mart *mart, uint32_t offset);

/* The day of the extract; of a live mart, the last that the journal tells of. */
static inline int32_t kin_mart_day(const struct kin_mart *mart)
{
    return __atomic_load_n(&mart->header->as_of, __ATOMIC_ACQUIRE);
}
static inline bool kin_mart_held(const struct kin_mart *mart, int world_file)
{
    return (mart->header->held >> world_file & 1) != 0;
}

/* ---- cold data, live or not (mart_history.c) ---- */

struct kin_birth_found {
    uint32_t mother, father, number; /* keys, text */
    int32_t day;
};
/* The birth act in force on the day, its parents and its number of one piece. */
bool kin_birth_on(const struct kin_mart *mart, const struct kin_person_row *row, int32_t day, struct kin_birth_found *ret);

/* All marriages of a person in the order of the register; those that are annulled have the day INT32_MAX. */
struct kin_marriage_walk {
    uint32_t at, end; /* in KIN_MARRIAGE_LIST */
    uint32_t node;    /* what the journal added */
    uint32_t place;   /* in KIN_MARRIAGES, of the one just returned */
};
struct kin_marriage_walk kin_marriage_begin(const struct kin_mart *mart, uint32_t slot);
bool kin_marriage_next(const struct kin_mart *mart, struct kin_marriage_walk *walk, struct kin_marriage_act *ret);
struct kin_life kin_life_of(const struct kin_mart *mart, uint32_t slot);

/* A dwelling whose owners may be changing: what is read belongs together. */
struct kin_dwelling_seen {
    uint64_t key;
    uint32_t area, owner, resident;
};
static inline struct kin_dwelling_seen kin_dwelling_load(const struct kin_mart *mart, const struct kin_dwelling_line *line,
                                                         int row)
{
    for (;;) {
        uint32_t before = __atomic_load_n(&line->change, __ATOMIC_ACQUIRE);
        struct kin_dwelling_seen seen = { __atomic_load_n(&line->key[row], __ATOMIC_ACQUIRE),
                                          __atomic_load_n(&line->area[row], __ATOMIC_ACQUIRE),
                                          __atomic_load_n(&line->owner[row], __ATOMIC_ACQUIRE), line->resident[row] };
        if (mart->live == NULL || ((before & 1) == 0 && __atomic_load_n(&line->change, __ATOMIC_RELAXED) == before))
            return seen;
    }
}
/* Is the person registered in the dwelling (by its slot) on the day of the extract? */
bool kin_mart_registered(const struct kin_mart *mart, uint32_t slot, uint32_t dwelling_slot);
/* Those registered in the dwelling by the extract: a run of KIN_RESIDENTS, whatever the journal told since. */
void kin_residents_run(const struct kin_mart *mart, uint64_t dwelling_slot, uint64_t *ret_first, uint64_t *ret_end);

/* Memory in pages of 2 MiB where the system gives them; NULL: there is none. */
void *kin_large_pages(size_t size);
bool kin_mart_verify_sections(const struct kin_mart *mart, const char *path, struct err *err);

/* NULL when the key is not there. */
const struct kin_person_row *kin_mart_row(const struct kin_mart *mart, uint32_t key);
uint32_t kin_mart_slot(const struct kin_mart *mart, const struct kin_person_row *row);

/* ---- writing (mart_write.c) ---- */

struct kin_file_part {
    const void *bytes;
    uint64_t size;
};
/* Fills in offsets, sizes and checksums, and writes the file. */
bool kin_file_write(const char *path, struct kin_file_header *header, const struct kin_file_part part[KIN_SECTIONS],
                    struct err *err);

#endif
