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

static inline void folder_remove(const struct folder *f)
{
    char path[160];
    for (int file = 0; file < WORLD_FILES; file++) {
        folder_path(f, world_file_name((enum world_file)file), path);
        unlink(path);
    }
    assert_int_equal(rmdir(f->path), 0);
}

/* NULL when it did not load; the errors are in *errors. */
static inline struct world *folder_load(const struct folder *f, struct buf *errors)
{
    struct world *world = NULL;
    buf_init(errors, 1 << 20);
    bool loaded = world_load(f->path, &world, errors);
    assert_int_equal(loaded, errors->n == 0);
    assert_int_equal(loaded, world != NULL);
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
