/* SPDX-License-Identifier: Apache-2.0 */
/* The generator's records to a sink: the same reader, so the same rows as from the folder, with nothing to look up. */
#include "world/scan_impl.h"

#include <stdlib.h>

#define SLICE ((size_t)256 << 10)

struct scan_made {
    const struct world_sink *sink;
    struct scan_known known;
    struct scan_file file[WORLD_FILES];
    struct scan_chunk chunk[WORLD_FILES]; /* rows of different files differ in size */
};

struct scan_made *scan_made_new(const struct world_sink *sink, int32_t (*dwelling)(struct str rka))
{
    struct scan_made *made = mem_alloc(sizeof *made);
    made->sink = sink;
    made->known.trusted_dwelling = dwelling;
    for (int i = 0; i < WORLD_FILES; i++) {
        struct scan_file *file = &made->file[i];
        file->file = (enum world_file)i;
        file->layout = world_layout_of(file->file);
        file->width = file->layout->columns;
        for (int k = 0; k < file->width; k++)
            file->place[k] = k;
        scan_chunk_init(&made->chunk[i]);
        sink->begin(sink->context, file->file);
    }
    return made;
}

void scan_made_rows(struct scan_made *made, enum world_file file, struct str text)
{
    struct scan_chunk *chunk = &made->chunk[file];
    made->file[file].text = text;
    chunk->limit = text.n;
    for (size_t at = 0; at < text.n; at = chunk->next) {
        chunk->begin = at;
        chunk->end = text.n - at < SLICE ? text.n : at + SLICE;
        scan_chunk_read(chunk, &made->file[file], &made->known);
        if (chunk->errors > 0)
            BUG("%s: column %s: %s", world_file_name(file), chunk->error[0].column, chunk->error[0].what);
        for (size_t i = 0; i < chunk->count; i++)
            made->sink->row(made->sink->context, file, chunk->rows + i * made->file[file].layout->row_size);
    }
}

void scan_made_free(struct scan_made *made)
{
    if (made == NULL)
        return;
    for (int i = 0; i < WORLD_FILES; i++)
        scan_chunk_release(&made->chunk[i]);
    scan_known_release(&made->known);
    free(made);
}
