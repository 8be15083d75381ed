/* SPDX-License-Identifier: Apache-2.0 */
/* What a scan remembers of earlier rows: exact, and a few bytes a row.  All tables are open addressing. */
#include "world/scan_impl.h"

#include <endian.h>
#include <stdlib.h>
#include <sys/mman.h>

#define HUGE_PAGE   ((size_t)2 << 20)
#define PLACE_BITS  24
#define PLACE_MASK  ((UINT64_C(1) << PLACE_BITS) - 1)
#define TAG_BITS    28
#define TAG_MASK    ((UINT64_C(1) << TAG_BITS) - 1)
#define SLOTS_LEAST 1024
#define RKA_DIGITS  16
#define GOLDEN      UINT64_C(0x9E3779B97F4A7C15)

/* Zeroed.  Large tables ask for pages of 2 MiB: nearly every access is to another page. */
static void *new_table(size_t slots, size_t slot_size)
{
    size_t bytes = slots * slot_size;
    char *table = mem_alloc(bytes);
    size_t ahead = -(uintptr_t)table & (HUGE_PAGE - 1);
    if (bytes >= 2 * HUGE_PAGE)
        madvise(table + ahead, (bytes - ahead) & ~(HUGE_PAGE - 1), MADV_HUGEPAGE);
    return table;
}

static bool is_full(size_t count, size_t slots) { return count * 4 >= slots * 3; }

/* ---- IINs ---- */

/* Where the IIN is, or the free slot where it belongs. */
static size_t iin_slot(const struct scan_iins *set, struct iin iin)
{
    size_t at = scan_iins_home(set, iin);
    for (;; at = at + 1 == set->slots ? 0 : at + 1) {
        uint64_t slot = __atomic_load_n(&set->slot[at], __ATOMIC_RELAXED);
        if (slot == 0 || slot >> PLACE_BITS == iin.n)
            return at;
    }
}

size_t scan_iins_find(const struct scan_iins *set, struct iin iin)
{
    if (set->slots == 0)
        return SCAN_NO_SLOT;
    size_t at = iin_slot(set, iin);
    return __atomic_load_n(&set->slot[at], __ATOMIC_RELAXED) == 0 ? SCAN_NO_SLOT : at;
}

static size_t slots_for(size_t count)
{
    size_t slots = count + count / 2;
    return slots < SLOTS_LEAST ? SLOTS_LEAST : slots > UINT32_MAX ? UINT32_MAX : slots;
}

void scan_iins_reserve(struct scan_iins *set, size_t count)
{
    struct scan_iins larger = { .slots = slots_for(count), .count = set->count };
    if (larger.slots <= set->slots)
        return;
    larger.slot = new_table(larger.slots, sizeof *larger.slot);
    for (size_t i = 0; i < set->slots; i++)
        if (set->slot[i] != 0)
            larger.slot[iin_slot(&larger, (struct iin){ set->slot[i] >> PLACE_BITS })] = set->slot[i];
    free(set->slot);
    *set = larger;
}

bool scan_iins_add(struct scan_iins *set, struct iin iin, uint32_t place)
{
    if (is_full(set->count, set->slots))
        scan_iins_reserve(set, set->count * 2);
    size_t at = iin_slot(set, iin);
    if (set->slot[at] != 0)
        return false;
    set->slot[at] = iin.n << PLACE_BITS | place;
    set->count++;
    return true;
}

uint32_t scan_iins_place(const struct scan_iins *set, size_t slot) { return (uint32_t)(set->slot[slot] & PLACE_MASK); }

void scan_iins_set_place(struct scan_iins *set, size_t slot, uint32_t place)
{
    uint64_t now = (set->slot[slot] & ~PLACE_MASK) | place;
    __atomic_store_n(&set->slot[slot], now, __ATOMIC_RELAXED);
}

void scan_iins_forget_places(struct scan_iins *set)
{
    for (size_t i = 0; i < set->slots; i++)
        set->slot[i] &= ~PLACE_MASK;
}

void scan_iins_release(struct scan_iins *set)
{
    free(set->slot);
    *set = (struct scan_iins){ 0 };
}

/* ---- texts by place ---- */

static uint64_t stir(uint64_t h) { return (h ^ h >> 32) * GOLDEN; }

uint64_t scan_text_hash(struct str s)
{
    uint64_t h = s.n, word;
    for (; s.n >= sizeof word; s.p += sizeof word, s.n -= sizeof word) {
        memcpy(&word, s.p, sizeof word);
        h = stir(h ^ word);
    }
    word = 0;
    if (s.n > 0)
        memcpy(&word, s.p, s.n);
    h = stir(stir(h ^ word));
    return h ^ h >> 29;
}

static void new_text_table(struct scan_texts *texts, size_t slots)
{
    if (texts->tables == SCAN_TABLES)
        BUG("more texts than a file can hold");
    texts->table[texts->tables].slots = slots;
    texts->table[texts->tables++].slot = new_table(slots, sizeof(uint64_t));
}

void scan_texts_reserve(struct scan_texts *texts, size_t records) { new_text_table(texts, slots_for(records)); }

void scan_texts_add(struct scan_texts *texts, uint64_t hash, size_t offset)
{
    int last = texts->tables - 1;
    if (last < 0 || is_full(texts->table[last].count, texts->table[last].slots)) {
        scan_texts_reserve(texts, last < 0 ? SLOTS_LEAST : texts->table[last].slots);
        last++;
    }
    size_t slots = texts->table[last].slots, at = scan_home(hash, slots);
    uint64_t *slot = texts->table[last].slot;
    while (slot[at] != 0)
        at = at + 1 == slots ? 0 : at + 1;
    slot[at] = (uint64_t)offset << TAG_BITS | (hash & TAG_MASK);
    texts->table[last].count++;
}

void scan_texts_prefetch(const struct scan_texts *texts, uint64_t hash)
{
    for (int i = 0; i < texts->tables; i++)
        __builtin_prefetch(&texts->table[i].slot[scan_home(hash, texts->table[i].slots)]);
}

size_t scan_texts_next(const struct scan_texts *texts, uint64_t hash, struct scan_probe *probe)
{
    for (; probe->table < texts->tables; probe->table++, probe->step = 0) {
        size_t slots = texts->table[probe->table].slots;
        size_t at = scan_home(hash, slots) + probe->step;
        for (;; at++) {
            uint64_t slot = texts->table[probe->table].slot[at < slots ? at : at - slots];
            if (slot == 0)
                break;
            probe->step++;
            if ((slot & TAG_MASK) == (hash & TAG_MASK))
                return (size_t)(slot >> TAG_BITS);
        }
    }
    return 0;
}

void scan_texts_release(struct scan_texts *texts)
{
    for (int i = 0; i < texts->tables; i++)
        free(texts->table[i].slot);
    *texts = (struct scan_texts){ 0 };
}

/* ---- dwellings ---- */

/* Eight digits to their value, all at once: pairs, fours, all; UINT64_MAX when one is not a digit. */
static uint64_t eight_digits(const char *p)
{
    uint64_t v;
    memcpy(&v, p, sizeof v);
    v = le64toh(v) ^ UINT64_C(0x3030303030303030);
    if (((v + UINT64_C(0x7676767676767676)) | v) & UINT64_C(0x8080808080808080))
        return UINT64_MAX;
    v = (v * 10 + (v >> 8)) & UINT64_C(0x00ff00ff00ff00ff);
    v = (v * 100 + (v >> 16)) & UINT64_C(0x0000ffff0000ffff);
    return (v * 10000 + (v >> 32)) & UINT32_MAX;
}

uint64_t scan_rka_code(struct str rka)
{
    if (rka.n != RKA_DIGITS)
        return 0;
    uint64_t high = eight_digits(rka.p), low = eight_digits(rka.p + 8);
    return high == UINT64_MAX || low == UINT64_MAX ? 0 : high * 100000000 + low + 1;
}

static size_t dwelling_home(const struct scan_dwellings *d, uint64_t code) { return scan_home(code * GOLDEN, d->slots); }

void scan_dwellings_prefetch(const struct scan_dwellings *d, uint64_t code)
{
    if (d->slots > 0)
        __builtin_prefetch(&d->slot[dwelling_home(d, code)]);
}

static struct scan_dwelling *dwelling_slot(const struct scan_dwellings *d, uint64_t code)
{
    size_t at = dwelling_home(d, code);
    while (d->slot[at].code != 0 && d->slot[at].code != code)
        at = at + 1 == d->slots ? 0 : at + 1;
    return &d->slot[at];
}

static const struct scan_odd_dwelling *find_odd(const struct scan_dwellings *d, struct str rka)
{
    uint32_t hash = world_hash_str(rka);
    size_t at = hash;
    int32_t i;
    while ((i = world_hash_next(&d->odd_hash, hash, &at)) >= 0)
        if (str_equal(d->odd[i].rka, rka))
            return &d->odd[i];
    return NULL;
}

int32_t scan_dwellings_find(const struct scan_dwellings *d, struct str rka, uint64_t code)
{
    if (code == 0) {
        const struct scan_odd_dwelling *odd = find_odd(d, rka);
        return odd == NULL ? -1 : odd->number;
    }
    if (d->slots == 0)
        return -1;
    const struct scan_dwelling *slot = dwelling_slot(d, code);
    return slot->code == 0 ? -1 : slot->number;
}

void scan_dwellings_reserve(struct scan_dwellings *d, size_t count)
{
    struct scan_dwelling *old = d->slot;
    size_t slots = d->slots;
    if (slots_for(count) <= slots)
        return;
    d->slots = slots_for(count);
    d->slot = new_table(d->slots, sizeof *d->slot);
    for (size_t i = 0; i < slots; i++)
        if (old[i].code != 0)
            *dwelling_slot(d, old[i].code) = old[i];
    free(old);
}

static bool add_odd(struct scan_dwellings *d, struct str rka, int32_t number, uint32_t place, uint32_t *ret_place)
{
    const struct scan_odd_dwelling *first = find_odd(d, rka);
    if (first != NULL) {
        *ret_place = first->place;
        return false;
    }
    world_hash_add(&d->odd_hash, world_hash_str(rka), (int32_t)d->odds);
    *MEM_PUSH(d->odd, d->odds, d->odd_capacity) = (struct scan_odd_dwelling){ arena_str(&d->arena, rka), number, place };
    return true;
}

bool scan_dwellings_add(struct scan_dwellings *d, struct str rka, int32_t number, uint32_t place, uint32_t *ret_place)
{
    uint64_t code = scan_rka_code(rka);
    if (code == 0)
        return add_odd(d, rka, number, place, ret_place);
    if (is_full(d->count, d->slots))
        scan_dwellings_reserve(d, d->count * 2);
    struct scan_dwelling *slot = dwelling_slot(d, code);
    if (slot->code != 0) {
        *ret_place = slot->place;
        return false;
    }
    *slot = (struct scan_dwelling){ code, number, place };
    d->count++;
    return true;
}

void scan_dwellings_release(struct scan_dwellings *d)
{
    free(d->slot);
    free(d->odd);
    world_hash_release(&d->odd_hash);
    arena_release(&d->arena);
    *d = (struct scan_dwellings){ 0 };
}

/* ---- all of it ---- */

void scan_known_release(struct scan_known *known)
{
    scan_iins_release(&known->persons);
    scan_iins_release(&known->strangers);
    scan_dwellings_release(&known->dwellings);
    for (int file = 0; file < WORLD_FILES; file++)
        scan_texts_release(&known->acts[file]);
}

static bool same_or_empty(struct iin a, struct iin b) { return iin_is_none(a) || iin_is_none(b) || iin_equal(a, b); }

static bool same_couple(const struct world_divorce *d, const struct world_marriage *m)
{
    return (same_or_empty(d->husband, m->husband) && same_or_empty(d->wife, m->wife)) ||
           (same_or_empty(d->husband, m->wife) && same_or_empty(d->wife, m->husband));
}

/* The marriage as its row was, also one with errors. */
static void read_marriage(const struct scan_known *known, size_t at, struct arena *arena, struct world_marriage *ret)
{
    struct csv csv;
    const struct scan_file *file = known->marriages;
    scan_file_record(file, at, arena, &csv);
    *ret = (struct world_marriage){ 0 };
    for (int i = 0; i < file->layout->columns; i++)
        world_field_parse(known, &file->layout->column[i], csv.field[file->place[i]], ret);
}

const char *scan_divorce_wrong(const struct scan_known *known, const struct world_divorce *divorce, struct arena *arena)
{
    if (divorce->marriage_act_number.n == 0 || !known->held[WORLD_MARRIAGES])
        return NULL;
    uint64_t hash = scan_text_hash(divorce->marriage_act_number);
    struct scan_probe probe = { 0 };
    size_t at;
    while ((at = scan_texts_next(&known->acts[WORLD_MARRIAGES], hash, &probe)) != 0) {
        struct world_marriage marriage;
        read_marriage(known, at, arena, &marriage);
        if (str_equal(marriage.act_number, divorce->marriage_act_number))
            return same_couple(divorce, &marriage) ? NULL : "the act in marriages.csv is of another couple";
    }
    return "no such act in marriages.csv";
}
