/* SPDX-License-Identifier: Apache-2.0 */
/* Chunk after chunk in the order of the file: unique keys, errors in their order, rows to the sink. */
#include "world/scan_impl.h"

#include <stdio.h>
#include <stdlib.h>

#define ROWS_MAX (INT32_MAX / 2)
#define AHEAD    12 /* rows whose slots are fetched before they are needed */

/* ---- errors ---- */

void scan_file_error(struct scan *scan, enum world_file file, const char *what)
{
    if (scan->errors++ < SCAN_ERRORS_SHOWN)
        buf_addf(scan->out, "%s: %s\n", world_file_name(file), what);
}

void scan_record_error(struct scan *scan, enum world_file file, int line, const char *column, const char *what)
{
    if (scan->errors++ >= SCAN_ERRORS_SHOWN)
        return;
    buf_addf(scan->out, "%s:%d: ", world_file_name(file), line);
    if (column != NULL)
        buf_addf(scan->out, "column %s: ", column);
    buf_addf(scan->out, "%s\n", what);
}

/* ---- where a record is ---- */

void scan_file_record(const struct scan_file *file, size_t at, struct arena *arena, struct csv *ret)
{
    struct err err;
    csv_init(ret, (struct str){ file->text.p + at, file->text.n - at }, arena);
    if (csv_next(ret, &err) != CSV_RECORD || ret->count != file->width)
        BUG("%s has changed while it was read", file->layout->name);
}

static int count_lines(const char *p, const char *end)
{
    int lines = 0;
    for (; p < end && (p = memchr(p, '\n', (size_t)(end - p))) != NULL; p++)
        lines++;
    return lines;
}

/* The last start that is not after `at`. */
static const struct scan_start *start_before(const struct scan_file *file, size_t at)
{
    size_t low = 0, high = file->starts;
    while (high - low > 1) {
        size_t middle = (low + high) / 2;
        if (file->start[middle].at <= at)
            low = middle;
        else
            high = middle;
    }
    return &file->start[low];
}

int scan_file_line(const struct scan_file *file, size_t at)
{
    const struct scan_start *start = start_before(file, at);
    return start->line + count_lines(file->text.p + start->at, file->text.p + at);
}

static bool field_is(const struct scan_file *file, const struct world_column *column, const struct csv *csv, const void *key)
{
    struct str field = csv->field[file->place[column - file->layout->column]];
    struct iin iin;
    if (column->type == WORLD_TEXT)
        return str_equal(field, *(const struct str *)key);
    return iin_parse(field, &iin) == IIN_PERSON && iin_equal(iin, *(const struct iin *)key);
}

/* The line of the first record that has the key in its column; it is known to start in the block `place`. */
static int line_in_place(const struct scan_file *file, uint32_t place, const struct world_column *column, const void *key)
{
    struct csv csv;
    struct err err;
    struct arena arena;
    const struct scan_start *start = start_before(file, (size_t)place << SCAN_PLACE_SHIFT);
    enum csv_status status;
    arena_init(&arena, 0);
    csv_init(&csv, (struct str){ file->text.p + start->at, file->text.n - start->at }, &arena);
    csv.line = start->line;
    while ((status = csv_next(&csv, &err)) != CSV_END)
        if (status == CSV_RECORD && csv.count == file->width && field_is(file, column, &csv, key))
            break;
    arena_release(&arena);
    return csv.record_line;
}

/* ---- keys ---- */

/* What a key needs to be told. */
struct keyed {
    struct scan *scan;
    struct scan_file *file;
    const struct world_column *column;
    const struct scan_mark *mark;
    int line; /* of the record */
};

static uint32_t place_of(const struct keyed *k) { return (uint32_t)(k->mark->at >> SCAN_PLACE_SHIFT); }

static void repeated(const struct keyed *k, int first)
{
    char what[48];
    snprintf(what, sizeof what, "the same as in line %d", first);
    scan_record_error(k->scan, k->file->file, k->line, k->column->name, what);
}

static bool shown(const struct keyed *k) { return k->scan->errors < SCAN_ERRORS_SHOWN; }

/* Looking for the line takes its time, so it is done only for what is shown. */
static void repeated_in_place(const struct keyed *k, uint32_t place, const void *key)
{
    repeated(k, shown(k) ? line_in_place(k->file, place, k->column, key) : 0);
}

static void enter_iin(const struct keyed *k, struct scan_iins *set, struct iin iin)
{
    if (!scan_iins_add(set, iin, place_of(k)))
        repeated_in_place(k, scan_iins_place(set, scan_iins_find(set, iin)), &iin);
}

static void enter_child(const struct keyed *k, struct iin iin)
{
    struct scan_iins *persons = &k->scan->known.persons;
    if (k->mark->slot == SCAN_NO_SLOT) {
        enter_iin(k, &k->scan->known.strangers, iin);
        return;
    }
    uint32_t first = scan_iins_place(persons, k->mark->slot);
    if (first == 0)
        scan_iins_set_place(persons, k->mark->slot, place_of(k) + 1);
    else
        repeated_in_place(k, first - 1, &iin);
}

static void enter_rka(const struct keyed *k, struct str rka, int32_t number)
{
    uint32_t first;
    if (!scan_dwellings_add(&k->scan->known.dwellings, rka, number, place_of(k), &first))
        repeated_in_place(k, first, &rka);
}

static void enter_act(const struct keyed *k, struct str act_number)
{
    struct scan_texts *texts = &k->scan->known.acts[k->file->file];
    struct scan_probe probe = { 0 };
    struct arena arena;
    size_t at;
    arena_init(&arena, 0);
    while ((at = scan_texts_next(texts, k->mark->hash, &probe)) != 0) {
        struct csv csv;
        scan_file_record(k->file, at, &arena, &csv);
        if (field_is(k->file, k->column, &csv, &act_number))
            break;
    }
    if (at == 0)
        scan_texts_add(texts, k->mark->hash, k->mark->at);
    else
        repeated(k, shown(k) ? scan_file_line(k->file, at) : 0);
    arena_release(&arena);
}

static void enter_key(const struct keyed *k, const char *row, int32_t number)
{
    const void *at = row + k->column->offset;
    if (k->column->type == WORLD_TEXT) {
        struct str text = *(const struct str *)at;
        if (text.n == 0)
            return;
        if (k->file->file == WORLD_DWELLINGS)
            enter_rka(k, text, number);
        else
            enter_act(k, text);
        return;
    }
    struct iin iin = *(const struct iin *)at;
    if (iin_is_none(iin))
        return;
    if (k->column->type == WORLD_PERSON_IIN)
        enter_iin(k, &k->scan->known.persons, iin);
    else
        enter_child(k, iin);
}

/* ---- a chunk ---- */

struct use {
    struct scan *scan;
    struct scan_file *file;
    struct scan_chunk *chunk;
    int line;
    size_t error;
    const struct world_column *key[WORLD_KEYS_MAX];
    int keys;
};

static void find_keys(struct use *u)
{
    for (int i = 0; i < u->file->layout->columns; i++)
        if (u->file->layout->column[i].key == WORLD_KEY_UNIQUE)
            u->key[u->keys++] = &u->file->layout->column[i];
}

static const char *row_of(const struct use *u, size_t i) { return u->chunk->rows + i * u->file->layout->row_size; }

static void fetch_ahead(const struct use *u, size_t i)
{
    if (i >= u->chunk->count)
        return;
    for (int k = 0; k < u->keys; k++) {
        const void *at = row_of(u, i) + u->key[k]->offset;
        if (u->key[k]->type == WORLD_PERSON_IIN)
            scan_iins_prefetch(&u->scan->known.persons, *(const struct iin *)at);
        else if (u->key[k]->type == WORLD_IIN && u->chunk->mark[i].slot != SCAN_NO_SLOT)
            __builtin_prefetch(&u->scan->known.persons.slot[u->chunk->mark[i].slot], 1);
        else if (u->file->file == WORLD_DWELLINGS)
            scan_dwellings_prefetch(&u->scan->known.dwellings, scan_rka_code(*(const struct str *)at));
        else
            scan_texts_prefetch(&u->scan->known.acts[u->file->file], u->chunk->mark[i].hash);
    }
}

static void report_up_to(struct use *u, size_t row)
{
    const struct scan_chunk *c = u->chunk;
    for (; u->error < c->errors && c->error[u->error].row <= row; u->error++) {
        const struct scan_error *e = &c->error[u->error];
        scan_record_error(u->scan, u->file->file, u->line + e->line, e->column, e->what);
    }
}

/* Texts that do not lie in the file's bytes (they had doubled quotes) move to where they last. */
static void keep_texts(const struct use *u, char *row)
{
    const struct world_layout *layout = u->file->layout;
    for (int i = 0; i < layout->columns; i++) {
        enum world_type type = layout->column[i].type;
        if (type != WORLD_TEXT && type != WORLD_KATO && type != WORLD_SHARE && type != WORLD_WORD_TEXT)
            continue;
        struct str *text = (struct str *)(void *)(row + layout->column[i].offset);
        if (text->n > 0 && (text->p < u->file->text.p || text->p >= u->file->text.p + u->file->text.n))
            *text = arena_str(u->scan->keep, *text);
    }
}

static void use_row(struct use *u, size_t i)
{
    char *row = u->chunk->rows + i * u->file->layout->row_size;
    const struct scan_mark *mark = &u->chunk->mark[i];
    for (int k = 0; k < u->keys; k++) {
        const struct keyed keyed = { u->scan, u->file, u->key[k], mark, u->line + mark->line };
        enter_key(&keyed, row, u->scan->rows);
    }
    u->scan->rows++;
    if (u->scan->errors > 0)
        return;
    if (u->scan->keep != NULL)
        keep_texts(u, row);
    u->scan->sink->row(u->scan->sink->context, u->file->file, row);
}

bool scan_chunk_use(struct scan *scan, struct scan_file *file, struct scan_chunk *chunk, int line)
{
    struct use u = { .scan = scan, .file = file, .chunk = chunk, .line = line };
    find_keys(&u);
    *MEM_PUSH(file->start, file->starts, file->start_capacity) = (struct scan_start){ chunk->begin, line };
    for (size_t i = 0; i < AHEAD; i++)
        fetch_ahead(&u, i);
    for (size_t i = 0; i < chunk->count; i++) {
        if (scan->rows >= ROWS_MAX) {
            scan_file_error(scan, file->file, "has more rows than this program can number");
            return false;
        }
        fetch_ahead(&u, i + AHEAD);
        report_up_to(&u, i);
        use_row(&u, i);
    }
    report_up_to(&u, SIZE_MAX);
    return true;
}
