/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes: the reader ends, stays inside its text, counts lines right, and reads back what it has written. */
#include "base/csv.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void write_record(struct buf *out, const struct csv *c)
{
    for (int i = 0; i < c->count; i++) {
        if (i)
            buf_add_char(out, ',');
        csv_write_field(out, c->field[i]);
    }
    /* A single empty field is written as a blank line, which a reader skips. */
    if (c->count == 1 && c->field[0].n == 0)
        buf_add_text(out, "\"\"");
    buf_add_char(out, '\n');
}

static void check_again(const struct csv *c, struct arena *arena)
{
    struct buf out;
    struct csv again;
    struct err err;

    /* A record that begins with a byte-order mark of its own is not one that our files have. */
    buf_init(&out, SIZE_MAX / 2);
    buf_add_char(&out, '\n');
    write_record(&out, c);
    csv_init(&again, buf_str(&out), arena);
    if (csv_next(&again, &err) != CSV_RECORD || again.count != c->count || again.record_line != 2)
        BUG("a written record reads otherwise");
    for (int i = 0; i < c->count; i++)
        if (!str_equal(again.field[i], c->field[i]))
            BUG("field %d reads otherwise", i);
    if (csv_next(&again, &err) != CSV_END)
        BUG("a written record is not the last");
    buf_release(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct arena arena;
    struct csv c;
    struct err err;
    enum csv_status status;
    int lines = 1, last = 0;

    for (size_t i = 0; i < size; i++)
        lines += bytes[i] == '\n';
    arena_init(&arena, 0);
    csv_init(&c, (struct str){ (const char *)bytes, size }, &arena);
    while ((status = csv_next(&c, &err)) != CSV_END) {
        if (c.record_line <= last || c.line > lines)
            BUG("line %d after %d of %d", c.record_line, last, lines);
        last = c.record_line;
        if (status == CSV_RECORD)
            check_again(&c, &arena);
    }
    if (c.line > lines || c.p != c.end)
        BUG("the reader ended early, in line %d of %d", c.line, lines);
    arena_release(&arena);
    return 0;
}
