/* SPDX-License-Identifier: Apache-2.0 */
/* A world folder for a test: some files, made under the system's folder for temporary ones. */
#ifndef TESTS_WORLD_FOLDER_H
#define TESTS_WORLD_FOLDER_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "world/world.h"

struct folder {
    char path[64];
};

static inline void folder_path(const struct folder *f, const char *file, char ret[160])
{
    assert_true(snprintf(ret, 160, "%s/%s", f->path, file) < 160);
}

static inline void folder_init(struct folder *f)
{
    snprintf(f->path, sizeof f->path, "/tmp/world_test_XXXXXX");
    assert_non_null(mkdtemp(f->path));
}

static inline void folder_put(const struct folder *f, const char *file, struct str content)
{
    char path[160];
    folder_path(f, file, path);
    FILE *stream = fopen(path, "wb");
    assert_non_null(stream);
    assert_int_equal(fwrite(content.p, 1, content.n, stream), content.n);
    assert_int_equal(fclose(stream), 0);
}

static inline struct str folder_read(const struct folder *f, int file, struct arena *arena)
{
    char path[160];
    struct str text;
    struct err err;
    folder_path(f, world_file_name((enum world_file)file), path);
    assert_true(file_read(path, (size_t)1 << 30, arena, &text, &err));
    return text;
}

static inline void folder_remove(const struct folder *f)
{
    char path[160];
    for (int file = 0; file < WORLD_FILES; file++) {
        folder_path(f, world_file_name((enum world_file)file), path);
        unlink(path);
    }
    assert_int_equal(rmdir(f->path), 0);
}

/* Rows by file; -1: never begun. */
struct folder_tally {
    int64_t rows[WORLD_FILES];
};

static inline void folder_tally_begin(void *context, enum world_file file)
{
    struct folder_tally *tally = context;
    assert_int_equal(tally->rows[file], -1);
    tally->rows[file] = 0;
}

static inline void folder_tally_row(void *context, enum world_file file, const void *row)
{
    struct folder_tally *tally = context;
    assert_non_null(row);
    assert_true(tally->rows[file] >= 0);
    tally->rows[file]++;
}

/* Scanning tells the same of a folder as loading, to the byte. */
static inline void folder_scan_like(const struct folder *f, const struct world *world, const struct buf *errors)
{
    struct folder_tally tally;
    struct buf scanned;
    for (int file = 0; file < WORLD_FILES; file++)
        tally.rows[file] = -1;
    const struct world_sink sink = { &tally, folder_tally_begin, folder_tally_row };
    buf_init(&scanned, 1 << 20);
    assert_int_equal(world_scan(f->path, &sink, NULL, &scanned), world != NULL);
    assert_string_equal(scanned.p == NULL ? "" : scanned.p, errors->p == NULL ? "" : errors->p);
    for (int file = 0; world != NULL && file < WORLD_FILES; file++)
        assert_int_equal(tally.rows[file],
                         world_holds(world, (enum world_file)file) ? (int64_t)world_count(world, (enum world_file)file) : -1);
    buf_release(&scanned);
}

/* NULL when it did not load; the errors are in *errors. */
static inline struct world *folder_load(const struct folder *f, struct buf *errors)
{
    struct world *world = NULL;
    buf_init(errors, 1 << 20);
    bool loaded = world_load(f->path, &world, errors);
    assert_int_equal(loaded, errors->n == 0);
    assert_int_equal(loaded, world != NULL);
    folder_scan_like(f, world, errors);
    return world;
}

static inline struct iin iin_of(const char *text)
{
    struct iin iin = { 0 };
    assert_true(iin_parse(str_from(text), &iin) != IIN_BAD);
    return iin;
}

static inline struct day day_from(const char *text)
{
    struct day day = DAY_NONE;
    assert_true(day_parse(str_from(text), &day));
    return day;
}

#endif
