/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Memory that lives as long as one request, job or program: many allocations, one release.
 * Running out of memory ends the program with a message; no function here returns NULL.
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include "base/str.h"

#ifdef __cplusplus
extern "C" {
#endif

struct arena_block;
struct arena {
    struct arena_block *block; /* newest first */
    size_t used;               /* bytes used of the newest block */
    size_t block_size;         /* default size of a new block */
};

void arena_init(struct arena *a, size_t block_size); /* 0: 64 KiB */
void arena_release(struct arena *a);
void arena_reset(struct arena *a);            /* keeps one block for reuse */
void *arena_alloc(struct arena *a, size_t n); /* zeroed, aligned to 16 */
void *arena_copy(struct arena *a, const void *bytes, size_t n);
void *arena_array(struct arena *a, size_t count, size_t item_size); /* zeroed; the product may not overflow */
struct str arena_str(struct arena *a, struct str s);                /* a copy, NUL after its end */
const char *arena_text(struct arena *a, struct str s);
struct str arena_printf(struct arena *a, const char *format, ...) __attribute__((format(printf, 2, 3)));
#define ARENA_NEW(arena, type)          ((type *)arena_alloc((arena), sizeof(type)))
#define ARENA_ARRAY(arena, type, count) ((type *)arena_array((arena), (size_t)(count), sizeof(type)))

/* malloc and realloc that die instead of returning NULL; for long-lived growing arrays. */
void *mem_alloc(size_t n); /* zeroed */
/* Zeroed, at the start of a cache line (64 bytes), in pages of 2 MiB where it is that large; free()d like the others. */
void *mem_alloc_lines(size_t n);
void *mem_grow(void *p, size_t n);
/* Makes room for one more item in a growing array: *MEM_PUSH(items, count, capacity) = item; */
void *mem_room(void *items, size_t count, size_t *capacity, size_t item_size);
#define MEM_PUSH(items, count, capacity) ((items) = mem_room((items), (count), &(capacity), sizeof *(items)), &(items)[(count)++])

#ifdef __cplusplus
}
#endif

#endif
