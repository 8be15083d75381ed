/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as one file of a world folder (the first byte says which): it loads or tells why, and the look-ups hold. */
#include "fuzz/fuzz_folder.h"
#include "world/world.h"

#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static const struct {
    const char *file, *content;
} GOOD[] = {
    { "persons.csv", "iin,surname,name,patronymic,sex,born,died,capable,phone\n800101300006,,,,M,1980-01-01,,yes,\n"
                     "810101400004,,,,F,1981-01-01,,,\n100101500002,,,,,2010-01-01,,,\n" },
    { "dwellings.csv", "rka,cadastral_number,kato,address_kk,address_ru,total_area,useful_area\nR1,,711110000,,,35.7,30\n" },
    { "marriages.csv", "act_number,act_date,husband_iin,wife_iin\nM1,2001-01-01,800101300006,810101400004\n" },
    { "residents.csv", "rka,iin,kind,since,until\nR1,800101300006,residence,,\n" },
};

static const char *folder;

static void put(const char *file, const void *bytes, size_t size)
{
    char path[128];
    snprintf(path, sizeof path, "%s/%s", folder, file);
    FILE *stream = fopen(path, "wb");
    if (stream == NULL || fwrite(bytes, 1, size, stream) != size || fclose(stream) != 0)
        abort();
}

static void put_good(void)
{
    for (size_t i = 0; i < sizeof GOOD / sizeof *GOOD; i++) {
        struct str content = str_from(GOOD[i].content);
        put(GOOD[i].file, content.p, content.n);
    }
}

static void drop(const char *file)
{
    char path[128];
    snprintf(path, sizeof path, "%s/%s", folder, file);
    remove(path);
}

static void look_up_everything(const struct world *world)
{
    struct day day = day_of(2026, 3, 2);
    size_t count;
    const struct world_dwelling *d = world_dwellings(world, &count);
    for (size_t i = 0; i < count; i++) {
        int heads = world_head_count(world, &d[i], day, (struct iin){ 0 }, false);
        if (world_dwelling(world, d[i].rka) != &d[i] || heads < 0 || heads > world_residents_of(world, &d[i]).count)
            abort();
    }
    const struct world_person *p = world_persons(world, &count);
    for (size_t i = 0; i < count; i++)
        if (world_person(world, p[i].iin) != &p[i])
            abort();
    const struct world_marriage *m = world_marriages(world, &count);
    for (size_t i = 0; i < count; i++)
        if ((world_marriage_ended(world, &m[i], day) == TRI_UNKNOWN) == world_holds(world, WORLD_DIVORCES))
            abort();
}

static void scan_begin(void *context, enum world_file file) { (void)context, (void)file; }
static void scan_row(void *context, enum world_file file, const void *row) { ((size_t *)context)[file] += row != NULL; }

/* Scanning says the same as loading. */
static void scan_like(const struct world *world, const struct buf *errors)
{
    size_t rows[WORLD_FILES] = { 0 };
    const struct world_sink sink = { rows, scan_begin, scan_row };
    struct buf scanned;
    buf_init(&scanned, 1 << 20);
    if (world_scan(folder, &sink, NULL, &scanned) != (world != NULL) || !str_equal(buf_str(&scanned), buf_str(errors)))
        abort();
    for (int file = 0; world != NULL && file < WORLD_FILES; file++)
        if (rows[file] != world_count(world, (enum world_file)file))
            abort();
    buf_release(&scanned);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct world *world = NULL;
    struct buf errors;
    if (size == 0)
        return 0;
    folder = fuzz_folder();
    const char *file = world_file_name((enum world_file)(bytes[0] % WORLD_FILES));
    put_good();
    put(file, bytes + 1, size - 1);
    buf_init(&errors, 1 << 20);
    bool loaded = world_load(folder, &world, &errors);
    if (loaded != (errors.n == 0))
        abort();
    if (loaded)
        look_up_everything(world);
    scan_like(world, &errors);
    world_free(world);
    buf_release(&errors);
    drop(file);
    return 0;
}
