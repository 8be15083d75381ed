/* SPDX-License-Identifier: Apache-2.0 */
#include "base/arena.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "base/err.h"

#define ARENA_ALIGN 16
#define LARGE_PAGE  ((size_t)2 << 20)
#define CACHE_LINE  64
#define ARENA_BLOCK (64 * 1024)

struct arena_block {
    struct arena_block *next;
    size_t size; /* bytes after the head */
    _Alignas(ARENA_ALIGN) unsigned char bytes[];
};

static _Noreturn void out_of_memory(size_t n)
{
    fprintf(stderr, "<2>out of memory: %zu bytes were asked for\n", n);
    exit(71); /* EX_OSERR of sysexits.h */
}

void *mem_alloc(size_t n)
{
    void *p = calloc(1, n ? n : 1);

    if (!p)
        out_of_memory(n);
    return p;
}

void *mem_alloc_lines(size_t n)
{
    size_t unit = n < LARGE_PAGE ? CACHE_LINE : LARGE_PAGE;
    size_t whole = (n / unit + 1) * unit;
    void *p = aligned_alloc(unit, whole);

    if (!p)
        out_of_memory(n);
    if (unit == LARGE_PAGE)
        madvise(p, whole, MADV_HUGEPAGE); /* a wish: without it everything is the same, only slower */
    return memset(p, 0, whole);
}

void *mem_grow(void *p, size_t n)
{
    void *grown = realloc(p, n ? n : 1);

    if (!grown)
        out_of_memory(n);
    return grown;
}

void *mem_room(void *items, size_t count, size_t *capacity, size_t item_size)
{
    size_t wanted;

    if (count < *capacity)
        return items;
    wanted = *capacity < 8 ? 16 : *capacity + *capacity / 2;
    if (wanted <= count)
        wanted = count + 1;
    if (wanted > SIZE_MAX / item_size)
        out_of_memory(SIZE_MAX);
    items = mem_grow(items, wanted * item_size);
    *capacity = wanted;
    return items;
}

void arena_init(struct arena *a, size_t block_size)
{
    *a = (struct arena){ .block_size = block_size ? block_size : ARENA_BLOCK };
}

static void free_blocks(struct arena_block *block)
{
    while (block) {
        struct arena_block *next = block->next;

        free(block);
        block = next;
    }
}

void arena_release(struct arena *a)
{
    free_blocks(a->block);
    a->block = NULL;
    a->used = 0;
}

void arena_reset(struct arena *a)
{
    a->used = 0;
    if (!a->block)
        return;
    free_blocks(a->block->next);
    a->block->next = NULL;
    /* A single giant must not stay for the life of a worker thread. */
    if (a->block->size > a->block_size)
        arena_release(a);
}

static struct arena_block *new_block(size_t size)
{
    struct arena_block *block = mem_alloc(sizeof *block + size);

    block->size = size;
    return block;
}

void *arena_alloc(struct arena *a, size_t n)
{
    struct arena_block *block = a->block;
    size_t size;
    void *p;

    if (n > SIZE_MAX / 2)
        out_of_memory(n);
    size = (n + ARENA_ALIGN - 1) / ARENA_ALIGN * ARENA_ALIGN;
    if (block && size <= block->size - a->used) {
        p = block->bytes + a->used;
        a->used += size;
        return memset(p, 0, n);
    }
    block = new_block(size > a->block_size / 4 ? size : a->block_size);
    if (a->block && block->size == size) {
        /* A large piece gets a block of its own behind the newest, whose rest stays in use. */
        block->next = a->block->next;
        a->block->next = block;
        return block->bytes;
    }
    block->next = a->block;
    a->block = block;
    a->used = size;
    return block->bytes;
}

void *arena_array(struct arena *a, size_t count, size_t item_size)
{
    if (count > SIZE_MAX / 2 / item_size)
        out_of_memory(SIZE_MAX);
    return arena_alloc(a, count * item_size);
}

void *arena_copy(struct arena *a, const void *bytes, size_t n)
{
    void *p = arena_alloc(a, n);

    return n ? memcpy(p, bytes, n) : p;
}

struct str arena_str(struct arena *a, struct str s)
{
    char *p = arena_alloc(a, s.n + 1);

    if (s.n)
        memcpy(p, s.p, s.n);
    return (struct str){ p, s.n };
}

const char *arena_text(struct arena *a, struct str s) { return arena_str(a, s).p; }

struct str arena_printf(struct arena *a, const char *format, ...)
{
    va_list args, again;
    char *p;
    int n;

    va_start(args, format);
    va_copy(again, args);
    n = vsnprintf(NULL, 0, format, args);
    if (n < 0)
        BUG("format %s", format);
    p = arena_alloc(a, (size_t)n + 1);
    vsnprintf(p, (size_t)n + 1, format, again);
    va_end(again);
    va_end(args);
    return (struct str){ p, (size_t)n };
}
