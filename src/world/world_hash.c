/* SPDX-License-Identifier: Apache-2.0 */
/* Hashes over the key columns, and look-ups by them. */
#include "world/world_impl.h"

#include <stdlib.h>

/* A multiplication for every eight bytes, whose high half is stirred into the low one. */
static uint64_t stir(uint64_t h, uint64_t word)
{
    h = (h ^ word) * UINT64_C(0x9E3779B97F4A7C15);
    return h ^ h >> 32;
}

uint32_t world_hash_str(struct str s)
{
    uint64_t h = s.n, word;
    for (; s.n >= sizeof word; s.p += sizeof word, s.n -= sizeof word) {
        memcpy(&word, s.p, sizeof word);
        h = stir(h, word);
    }
    word = 0;
    if (s.n > 0)
        memcpy(&word, s.p, s.n);
    return (uint32_t)stir(h, word);
}

static void put(struct world_hash *h, struct world_slot slot)
{
    size_t at = slot.hash;
    while (h->slot[at & h->mask].next != 0)
        at++;
    h->slot[at & h->mask] = slot;
}

/* Twice the slots keep the older candidates in their order only within a chain, so a repeated key must be looked for before
 * it is added. */
static void make_slots(struct world_hash *h, size_t wanted)
{
    size_t slots = h->slot == NULL ? 0 : h->mask + 1;
    struct world_hash larger = { .count = h->count };
    larger.mask = wanted - 1;
    larger.slot = mem_alloc_lines(wanted * sizeof *larger.slot);
    for (size_t i = 0; i < slots; i++)
        if (h->slot[i].next != 0)
            put(&larger, h->slot[i]);
    free(h->slot);
    *h = larger;
}

/* At most two thirds full. */
static void make_room(struct world_hash *h)
{
    size_t slots = h->slot == NULL ? 0 : h->mask + 1;
    if (h->count * 3 >= slots * 2)
        make_slots(h, slots == 0 ? 64 : slots * 2);
}

void world_hash_reserve(struct world_hash *h, size_t count)
{
    size_t slots = 64;
    while (count * 3 >= slots * 2)
        slots *= 2;
    if (count > 0 && (h->slot == NULL || slots > h->mask + 1))
        make_slots(h, slots);
}

void world_hash_add(struct world_hash *h, uint32_t hash, int32_t index)
{
    make_room(h);
    put(h, (struct world_slot){ hash, index + 1 });
    h->count++;
}

void world_hash_release(struct world_hash *h)
{
    free(h->slot);
    *h = (struct world_hash){ 0 };
}

int32_t world_find_iin(const struct world *world, enum world_file file, int key, size_t offset, struct iin iin)
{
    const struct world_hash *h = &world->key[file][key];
    const char *rows = world->table[file].rows;
    size_t row_size = world_layout_of(file)->row_size;
    uint32_t hash = world_hash_iin(iin);
    size_t at = hash;
    int32_t i;
    while ((i = world_hash_next(h, hash, &at)) >= 0)
        if (iin_equal(*(const struct iin *)(const void *)(rows + (size_t)i * row_size + offset), iin))
            return i;
    return -1;
}

int32_t world_find_str(const struct world *world, enum world_file file, int key, size_t offset, struct str text)
{
    const struct world_hash *h = &world->key[file][key];
    const char *rows = world->table[file].rows;
    size_t row_size = world_layout_of(file)->row_size;
    uint32_t hash = world_hash_str(text);
    size_t at = hash;
    int32_t i;
    while ((i = world_hash_next(h, hash, &at)) >= 0)
        if (str_equal(*(const struct str *)(const void *)(rows + (size_t)i * row_size + offset), text))
            return i;
    return -1;
}

int32_t world_person_index(const struct world *world, struct iin iin)
{
    return world_find_iin(world, WORLD_PERSONS, 0, offsetof(struct world_person, iin), iin);
}

int32_t world_marriage_by_number(const struct world *world, struct str act_number)
{
    return world_find_str(world, WORLD_MARRIAGES, 0, offsetof(struct world_marriage, act_number), act_number);
}
