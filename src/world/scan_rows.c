/* SPDX-License-Identifier: Apache-2.0 */
/* A chunk of a file to rows and errors, on any thread: windows the fast way, records that it is not sure of by base/csv and
 * world_field_parse, with the same result. */
#include "world/scan_impl.h"

#include <stdlib.h>

static const struct world_column *column_named(const struct world_layout *layout, const char *name)
{
    return name == NULL ? NULL : &layout->column[world_column_find(layout, str_from(name))];
}

static struct scan_plan make_plan(const struct scan_file *file)
{
    const struct world_layout *layout = file->layout;
    struct scan_plan plan = { .child = -1,
                              .since = column_named(layout, layout->since),
                              .until = column_named(layout, layout->until) };
    for (int i = 0; i < layout->columns; i++) {
        const struct world_column *c = &layout->column[i];
        if (c->type == WORLD_RKA)
            plan.rka = c;
        if (c->type == WORLD_TEXT && c->key == WORLD_KEY_UNIQUE && file->file != WORLD_DWELLINGS)
            plan.act = c;
        if (c->type == WORLD_IIN && c->key == WORLD_KEY_UNIQUE)
            plan.child = plan.persons;
        if (c->type == WORLD_IIN || c->type == WORLD_IIN_OR_BIN) {
            if (plan.persons == SCAN_PERSONS_PER_ROW)
                BUG("%s names too many persons", layout->name);
            plan.person[plan.persons++] = c->offset;
        }
    }
    return plan;
}

/* ---- rows ---- */

/* The next row, zeroed; it counts from the moment on when chunk->count does. */
char *scan_new_row(struct scan_reader *r, size_t at, int line)
{
    struct scan_chunk *c = r->chunk;
    c->rows = mem_room(c->rows, c->count, &c->row_capacity, r->file->layout->row_size);
    c->mark = mem_room(c->mark, c->count, &c->mark_capacity, sizeof *c->mark);
    c->mark[c->count].at = at;
    c->mark[c->count].line = line;
    c->mark[c->count].slot = SCAN_NO_SLOT;
    return memset(scan_row_at(r, c->count), 0, r->file->layout->row_size);
}

/* ---- the exact way ---- */

static void add_error(struct scan_reader *r, int line, const char *column, const char *what)
{
    struct scan_chunk *c = r->chunk;
    *MEM_PUSH(c->error, c->errors, c->error_capacity) = (struct scan_error){ c->count, line, column, what };
}

/* Names a column in every message: the first one without a field, or the last before the fields too many. */
static void report_width(struct scan_reader *r, int line)
{
    int count = r->csv.count, width = r->file->width;
    int stands = count < width ? count : width - 1;
    const char *name = r->file->layout->column[0].name;
    for (int i = 0; i < r->file->layout->columns; i++)
        if (r->file->place[i] == stands)
            name = r->file->layout->column[i].name;
    add_error(r, line, name,
              arena_printf(&r->chunk->arena, "%s: the record has %d field%s, the header %d",
                           count < width ? "is missing" : "is followed by too many fields", count, count == 1 ? "" : "s", width)
                  .p);
}

/* A row with an error is kept too, so that rows which refer to it do not count as errors of their own. */
static void read_exactly(struct scan_reader *r, size_t at, int line)
{
    const struct world_layout *layout = r->file->layout;
    if (r->csv.count != r->file->width) {
        report_width(r, line);
        return;
    }
    char *row = scan_new_row(r, at, line);
    for (int i = 0; i < layout->columns; i++) {
        const char *wrong = world_field_parse(r->known, &layout->column[i], r->csv.field[r->file->place[i]], row);
        if (wrong != NULL)
            add_error(r, line, layout->column[i].name, wrong);
    }
    if (scan_spell_ends_early(&r->plan, row))
        add_error(r, line, layout->until, arena_printf(&r->chunk->arena, "is before %s", layout->since).p);
    if (r->file->file == WORLD_DIVORCES) {
        const char *wrong = scan_divorce_wrong(r->known, (const struct world_divorce *)(const void *)row, &r->chunk->arena);
        if (wrong != NULL)
            add_error(r, line, "marriage_act_number", wrong);
    }
    struct scan_mark *mark = &r->chunk->mark[r->chunk->count++];
    if (r->plan.act != NULL)
        mark->hash = scan_text_hash(scan_str_in(row, r->plan.act));
    if (r->plan.child >= 0 && r->known->held[WORLD_PERSONS])
        mark->slot = scan_iins_find(&r->known->persons, scan_iin_in(row, r->plan.person[r->plan.child]));
}

/* One record from chunk->next on, where it is not a blank line.  False: it reached the limit. */
static bool read_record(struct scan_reader *r)
{
    struct scan_chunk *c = r->chunk;
    struct err err;
    r->csv.p = r->file->text.p + c->next;
    r->csv.end = r->file->text.p + c->limit;
    r->csv.line = 0;
    enum csv_status status = csv_next(&r->csv, &err);
    if (r->csv.p == r->csv.end && c->limit < r->file->text.n)
        return false;
    if (status == CSV_BAD)
        add_error(r, c->lines, NULL, arena_text(&c->arena, str_from(err.text)));
    else
        read_exactly(r, c->next, c->lines);
    c->lines += r->csv.line;
    c->next = (size_t)(r->csv.p - r->file->text.p);
    return true;
}

/* ---- chunks ---- */

static void skip_blank_lines(struct scan_reader *r)
{
    struct scan_chunk *c = r->chunk;
    const char *text = r->file->text.p;
    while (c->next < c->end) {
        bool crlf = text[c->next] == '\r' && c->next + 1 < r->file->text.n && text[c->next + 1] == '\n';
        if (text[c->next] != '\n' && !crlf)
            return;
        c->next += 1 + crlf;
        c->lines++;
    }
}

void scan_chunk_read(struct scan_chunk *chunk, const struct scan_file *file, const struct scan_known *known)
{
    struct scan_reader r = { .chunk = chunk, .file = file, .known = known, .plan = make_plan(file), .caution = 1 };
    r.csv.arena = &chunk->arena;
    arena_reset(&chunk->arena);
    chunk->next = chunk->begin;
    chunk->lines = 0;
    chunk->count = chunk->errors = 0;
    chunk->abandoned = false;
    for (;;) {
        skip_blank_lines(&r);
        if (chunk->next >= chunk->end)
            return;
        if (chunk->next >= r.exact_until)
            scan_read_window(&r);
        else if (!read_record(&r)) {
            chunk->abandoned = true;
            return;
        }
    }
}

void scan_chunk_init(struct scan_chunk *chunk)
{
    *chunk = (struct scan_chunk){ 0 };
    arena_init(&chunk->arena, 0);
}

void scan_chunk_release(struct scan_chunk *chunk)
{
    free(chunk->rows);
    free(chunk->mark);
    free(chunk->error);
    free(chunk->index);
    arena_release(&chunk->arena);
}
