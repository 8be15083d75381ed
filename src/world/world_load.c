/* SPDX-License-Identifier: Apache-2.0 */
/* A world in memory: the sink that keeps every row, and the index over them. */
#include "world/scan_impl.h"

#include <stdlib.h>

static void begin(void *context, enum world_file file)
{
    struct world *world = context;
    world->table[file].held = true;
}

static void keep(void *context, enum world_file file, const void *row)
{
    struct world_table *table = &((struct world *)context)->table[file];
    size_t size = world_layout_of(file)->row_size;
    table->rows = mem_room(table->rows, table->count, &table->capacity, size);
    memcpy((char *)table->rows + table->count++ * size, row, size);
}

bool world_load(const char *folder, struct world **ret, struct buf *ret_errors)
{
    struct world *world = mem_alloc(sizeof *world);
    const struct world_sink sink = { world, begin, keep };
    struct scan *scan = mem_alloc(sizeof *scan);
    arena_init(&world->arena, 0);
    scan->sink = &sink;
    scan->out = ret_errors;
    scan->keep = &world->arena;
    bool good = scan_folder(scan, folder, NULL);
    free(scan);
    if (!good) {
        world_free(world);
        return false;
    }
    world_index_build(world);
    *ret = world;
    return true;
}
