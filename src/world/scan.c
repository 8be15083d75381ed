/* SPDX-License-Identifier: Apache-2.0 */
/* The files of a world folder one after another: bytes, header, rows. */
#include "world/scan_impl.h"

#include "base/progress.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

/* ---- the header ---- */

/* A name out of the file as it can be shown: at most 40 bytes, anything but printable ASCII as '?'. */
static const char *shown_name(struct str name, char ret[48])
{
    size_t n = name.n < 40 ? name.n : 40;
    for (size_t i = 0; i < n; i++)
        ret[i] = name.p[i] > ' ' && name.p[i] < 0x7f ? name.p[i] : '?';
    memcpy(ret + n, name.n > n ? "..." : "", name.n > n ? 4 : 1);
    return n == 0 ? "(without a name)" : ret;
}

static void read_column_name(struct scan *scan, struct scan_file *file, const struct csv *csv, int at)
{
    char shown[48];
    int column = world_column_find(file->layout, csv->field[at]);
    if (column < 0)
        scan_record_error(scan, file->file, csv->record_line, shown_name(csv->field[at], shown), "unknown column");
    else if (file->place[column] >= 0)
        scan_record_error(scan, file->file, csv->record_line, file->layout->column[column].name, "repeated column");
    else
        file->place[column] = at;
}

static bool read_header(struct scan *scan, struct scan_file *file, struct csv *csv)
{
    struct err err;
    int errors = scan->errors;
    enum csv_status status = csv_next(csv, &err);
    if (status == CSV_BAD)
        scan_record_error(scan, file->file, csv->record_line, NULL, err.text);
    if (status == CSV_END)
        scan_file_error(scan, file->file, "has no header row");
    if (status != CSV_RECORD)
        return false;
    for (int i = 0; i < file->layout->columns; i++)
        file->place[i] = -1;
    file->width = csv->count;
    for (int i = 0; i < file->width; i++)
        read_column_name(scan, file, csv, i);
    for (int i = 0; i < file->layout->columns; i++)
        if (file->place[i] < 0)
            scan_record_error(scan, file->file, csv->record_line, file->layout->column[i].name, "missing column");
    return scan->errors == errors;
}

/* ---- files ---- */

/* With `keep` the texts of rows outlive the file: it is read, not mapped. */
static bool open_bytes(struct scan *scan, struct scan_file *file, const char *path, struct err *err)
{
    bool there = scan->keep != NULL ? file_read(path, SCAN_FILE_LIMIT, scan->keep, &file->map.text, err)
                                    : file_map(path, SCAN_FILE_LIMIT, &scan->unmapped, &file->map, err);
    file->text = file->map.text;
    return there;
}

/* False when there is nothing to read: the file is absent or of zero bytes, which is reported where it is an error. */
static bool open_file(struct scan *scan, struct scan_file *file, const char *folder)
{
    struct err err;
    struct buf path;
    buf_init(&path, 4096);
    buf_addf(&path, "%s/%s", folder, file->layout->name);
    bool there = !path.over && open_bytes(scan, file, path.p, &err);
    bool absent = !path.over && !there && err.kind == ERR_NOT_FOUND;
    if (path.over)
        scan_file_error(scan, file->file, "the path of the folder is too long");
    else if (absent && file->layout->required)
        scan_file_error(scan, file->file, "is not there; a world needs at least persons.csv and dwellings.csv");
    else if (!there && !absent)
        scan_file_error(scan, file->file, err.text);
    else if (there && file->text.n == 0)
        scan_file_error(scan, file->file, "has zero bytes; a register with nothing on record has a header row");
    buf_release(&path);
    return there && file->text.n > 0;
}

static void close_file(struct scan *scan, enum world_file file)
{
    free(scan->file[file].start);
    scan->file[file].start = NULL;
    file_unmap(&scan->file[file].map);
    if (file != WORLD_MARRIAGES)
        scan_texts_release(&scan->known.acts[file]);
}

static void read_file(struct scan *scan, struct scan_file *file, struct progress *progress, int64_t before)
{
    struct csv csv;
    struct arena arena;
    arena_init(&arena, 0);
    csv_init(&csv, file->text, &arena);
    if (read_header(scan, file, &csv)) {
        scan->known.held[file->file] = true;
        scan->rows = 0;
        if (scan->errors == 0)
            scan->sink->begin(scan->sink->context, file->file);
        scan_file_rows(scan, file, (size_t)(csv.p - file->text.p), csv.line, progress, before);
    }
    arena_release(&arena);
}

static int64_t folder_size(const char *folder)
{
    int64_t size = 0;
    for (int file = 0; file < WORLD_FILES; file++) {
        char path[4096];
        struct stat about;
        int n = snprintf(path, sizeof path, "%s/%s", folder, world_file_name((enum world_file)file));
        if (n < (int)sizeof path && stat(path, &about) == 0)
            size += about.st_size;
    }
    return size;
}

/* In the order of the enumeration a file comes after those that it refers to. */
static void read_files(struct scan *scan, const char *folder, struct progress *progress)
{
    int64_t before = 0;
    for (int i = 0; i < WORLD_FILES; i++) {
        struct scan_file *file = &scan->file[i];
        file->file = (enum world_file)i;
        file->layout = world_layout_of(file->file);
        if (open_file(scan, file, folder))
            read_file(scan, file, progress, before);
        before += (int64_t)file->text.n;
        if (i == WORLD_PERSONS)
            scan_iins_forget_places(&scan->known.persons);
        /* Divorces look into the marriages. */
        if (i != WORLD_MARRIAGES)
            close_file(scan, file->file);
        if (i == WORLD_DIVORCES)
            close_file(scan, WORLD_MARRIAGES);
    }
}

bool scan_folder(struct scan *scan, const char *folder, struct progress *progress)
{
    arena_init(&scan->unmapped, 0);
    arena_init(&scan->known.dwellings.arena, 0);
    scan->known.marriages = &scan->file[WORLD_MARRIAGES];
    if (progress != NULL)
        progress_start(progress, "bytes", folder_size(folder));
    read_files(scan, folder, progress);
    if (progress != NULL)
        progress_done(progress);
    if (scan->errors > SCAN_ERRORS_SHOWN)
        buf_addf(scan->out, "and %d more\n", scan->errors - SCAN_ERRORS_SHOWN);
    scan_known_release(&scan->known);
    arena_release(&scan->unmapped);
    return scan->errors == 0;
}

bool world_scan(const char *folder, const struct world_sink *sink, struct progress *progress, struct buf *ret_errors)
{
    struct scan *scan = mem_alloc(sizeof *scan);
    scan->sink = sink;
    scan->out = ret_errors;
    bool good = scan_folder(scan, folder, progress);
    free(scan);
    return good;
}
