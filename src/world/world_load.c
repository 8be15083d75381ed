/* SPDX-License-Identifier: Apache-2.0 */
/* Reads the files of a world folder by the table in world_columns.c and reports every error. */
#include "world/world_impl.h"

#include "base/csv.h"
#include "base/file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FILE_LIMIT   ((size_t)1 << 36)
#define ERRORS_SHOWN 1000
#define ROWS_MAX     (INT32_MAX / 2)

struct loader {
    struct world *world;
    const char *folder;
    struct buf *out;
    int errors;
};

/* The file that is being read. */
struct reading {
    struct loader *loader;
    enum world_file file;
    const struct world_layout *layout;
    struct csv csv;
    int place[WORLD_COLUMNS_MAX]; /* where each column of the layout stands in a record, -1 */
    int width;                    /* fields of the header */
    int *line;                    /* line of each row */
    size_t line_capacity;
};

static bool count_error(struct loader *l) { return l->errors++ < ERRORS_SHOWN; }

static void file_error(struct loader *l, enum world_file file, const char *what)
{
    if (count_error(l))
        buf_addf(l->out, "%s: %s\n", world_file_name(file), what);
}

static void record_error(struct reading *r, const char *what)
{
    if (count_error(r->loader))
        buf_addf(r->loader->out, "%s:%d: %s\n", r->layout->name, r->csv.record_line, what);
}

static void column_error(struct reading *r, const char *column, const char *format, ...) __attribute__((format(printf, 3, 4)));

static void column_error(struct reading *r, const char *column, const char *format, ...)
{
    char what[160];
    va_list args;
    if (!count_error(r->loader))
        return;
    va_start(args, format);
    vsnprintf(what, sizeof what, format, args);
    va_end(args);
    buf_addf(r->loader->out, "%s:%d: column %s: %s\n", r->layout->name, r->csv.record_line, column, what);
}

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

static void read_column_name(struct reading *r, int at)
{
    char shown[48];
    int column = world_column_find(r->layout, r->csv.field[at]);
    if (column < 0)
        column_error(r, shown_name(r->csv.field[at], shown), "unknown column");
    else if (r->place[column] >= 0)
        column_error(r, r->layout->column[column].name, "repeated column");
    else
        r->place[column] = at;
}

static bool read_header(struct reading *r)
{
    struct err err;
    int errors = r->loader->errors;
    enum csv_status status = csv_next(&r->csv, &err);
    if (status == CSV_BAD) {
        record_error(r, err.text);
        return false;
    }
    if (status == CSV_END) {
        file_error(r->loader, r->file, "has no header row");
        return false;
    }
    for (int i = 0; i < r->layout->columns; i++)
        r->place[i] = -1;
    r->width = r->csv.count;
    for (int i = 0; i < r->width; i++)
        read_column_name(r, i);
    for (int i = 0; i < r->layout->columns; i++)
        if (r->place[i] < 0)
            column_error(r, r->layout->column[i].name, "missing column");
    return r->loader->errors == errors;
}

/* ---- rows ---- */

/* Names a column in every message: the first one without a field, or the last before the fields too many. */
static void report_width(struct reading *r)
{
    int stands = r->csv.count < r->width ? r->csv.count : r->width - 1;
    const char *name = r->layout->column[0].name;
    for (int i = 0; i < r->layout->columns; i++)
        if (r->place[i] == stands)
            name = r->layout->column[i].name;
    column_error(r, name, "%s: the record has %d field%s, the header %d",
                 r->csv.count < r->width ? "is missing" : "is followed by too many fields", r->csv.count,
                 r->csv.count == 1 ? "" : "s", r->width);
}

static int32_t find_key(const struct reading *r, int key, const struct world_column *column, const void *row)
{
    const void *at = (const char *)row + column->offset;
    return column->type == WORLD_TEXT ? world_find_str(r->loader->world, r->file, key, column->offset, *(const struct str *)at)
                                      : world_find_iin(r->loader->world, r->file, key, column->offset, *(const struct iin *)at);
}

static uint32_t hash_key(const struct world_column *column, const void *row)
{
    const void *at = (const char *)row + column->offset;
    return column->type == WORLD_TEXT ? world_hash_str(*(const struct str *)at) : world_hash_iin(*(const struct iin *)at);
}

static bool is_empty(const struct world_column *column, const void *row)
{
    const void *at = (const char *)row + column->offset;
    return column->type == WORLD_TEXT ? ((const struct str *)at)->n == 0 : iin_is_none(*(const struct iin *)at);
}

/* Enters the row, which is the last of its table, under its key columns. */
static void enter_keys(struct reading *r, const void *row)
{
    struct world *world = r->loader->world;
    int key = -1;
    for (int i = 0; i < r->layout->columns; i++) {
        const struct world_column *column = &r->layout->column[i];
        if (column->key == WORLD_KEY_NONE)
            continue;
        key++;
        if (is_empty(column, row))
            continue;
        int32_t first = find_key(r, key, column, row);
        if (first < 0) {
            world_hash_add(&world->key[r->file][key], hash_key(column, row), (int32_t)world->table[r->file].count - 1);
        } else if (column->key == WORLD_KEY_UNIQUE) {
            column_error(r, column->name, "the same as in line %d", r->line[first]);
        }
    }
}

static struct day day_column(const struct reading *r, const char *name, const void *row)
{
    int column = world_column_find(r->layout, str_from(name));
    return *(const struct day *)(const void *)((const char *)row + r->layout->column[column].offset);
}

static void check_spell(struct reading *r, const void *row)
{
    if (r->layout->since == NULL)
        return;
    struct day since = day_column(r, r->layout->since, row), until = day_column(r, r->layout->until, row);
    if (day_is_none(since) || day_is_none(until) || until.n >= since.n)
        return;
    column_error(r, r->layout->until, "is before %s", r->layout->since);
}

static bool same_or_empty(struct iin a, struct iin b) { return iin_is_none(a) || iin_is_none(b) || iin_equal(a, b); }

static bool same_couple(const struct world_divorce *d, const struct world_marriage *m)
{
    return (same_or_empty(d->husband, m->husband) && same_or_empty(d->wife, m->wife)) ||
           (same_or_empty(d->husband, m->wife) && same_or_empty(d->wife, m->husband));
}

static void check_divorce(struct reading *r, const struct world_divorce *divorce)
{
    struct world *world = r->loader->world;
    if (r->file != WORLD_DIVORCES || divorce->marriage_act_number.n == 0 || !world->table[WORLD_MARRIAGES].held)
        return;
    int32_t marriage = world_marriage_by_number(world, divorce->marriage_act_number);
    if (marriage < 0)
        column_error(r, "marriage_act_number", "no such act in marriages.csv");
    else if (!same_couple(divorce, world_row(world, WORLD_MARRIAGES, (size_t)marriage)))
        column_error(r, "marriage_act_number", "the act in marriages.csv is of another couple");
}

static void *new_row(struct reading *r)
{
    struct world_table *table = &r->loader->world->table[r->file];
    table->rows = mem_room(table->rows, table->count, &table->capacity, r->layout->row_size);
    r->line = mem_room(r->line, table->count, &r->line_capacity, sizeof *r->line);
    r->line[table->count] = r->csv.record_line;
    void *row = world_row(r->loader->world, r->file, table->count++);
    return memset(row, 0, r->layout->row_size);
}

/* A row with an error is kept too, so that rows which refer to it do not count as errors of their own. */
static void read_row(struct reading *r)
{
    if (r->csv.count != r->width) {
        report_width(r);
        return;
    }
    void *row = new_row(r);
    for (int i = 0; i < r->layout->columns; i++) {
        const struct world_column *column = &r->layout->column[i];
        const char *wrong = world_field_parse(r->loader->world, column, r->csv.field[r->place[i]], row);
        if (wrong != NULL)
            column_error(r, column->name, "%s", wrong);
    }
    check_spell(r, row);
    check_divorce(r, row);
    enter_keys(r, row);
}

static void read_rows(struct reading *r)
{
    struct err err;
    enum csv_status status;
    while ((status = csv_next(&r->csv, &err)) != CSV_END) {
        if (r->loader->world->table[r->file].count >= ROWS_MAX) {
            file_error(r->loader, r->file, "has more rows than this program can number");
            return;
        }
        if (status == CSV_BAD)
            record_error(r, err.text);
        else
            read_row(r);
    }
}

/* ---- files ---- */

/* False when there is nothing to read: the file is absent or of zero bytes, which is reported where it is an error. */
static bool open_file(struct loader *l, enum world_file file, struct str *ret_text)
{
    struct err err;
    struct buf path;
    buf_init(&path, 4096);
    buf_addf(&path, "%s/%s", l->folder, world_file_name(file));
    bool there = !path.over && file_read(path.p, FILE_LIMIT, &l->world->arena, ret_text, &err);
    bool absent = !path.over && !there && err.kind == ERR_NOT_FOUND;
    if (path.over)
        file_error(l, file, "the path of the folder is too long");
    else if (absent && world_layout_of(file)->required)
        file_error(l, file, "is not there; a world needs at least persons.csv and dwellings.csv");
    else if (!there && !absent)
        file_error(l, file, err.text);
    else if (there && ret_text->n == 0)
        file_error(l, file, "has zero bytes; a register with nothing on record has a header row");
    buf_release(&path);
    return there && ret_text->n > 0;
}

static void load_file(struct loader *l, enum world_file file)
{
    struct str text;
    if (!open_file(l, file, &text))
        return;
    struct reading r = { .loader = l, .file = file, .layout = world_layout_of(file) };
    csv_init(&r.csv, text, &l->world->arena);
    if (read_header(&r)) {
        l->world->table[file].held = true;
        read_rows(&r);
    }
    free(r.line);
}

bool world_load(const char *folder, struct world **ret, struct buf *ret_errors)
{
    struct world *world = mem_alloc(sizeof *world);
    struct loader loader = { .world = world, .folder = folder, .out = ret_errors };
    arena_init(&world->arena, 0);
    /* In the order of the enumeration a file comes after those that it refers to. */
    for (int file = 0; file < WORLD_FILES; file++)
        load_file(&loader, (enum world_file)file);
    if (loader.errors > ERRORS_SHOWN)
        buf_addf(ret_errors, "and %d more\n", loader.errors - ERRORS_SHOWN);
    if (loader.errors > 0) {
        world_free(world);
        return false;
    }
    world_index_build(world);
    *ret = world;
    return true;
}
