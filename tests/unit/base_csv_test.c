/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/csv.h"

#define TEXT(literal)                                                                                                            \
    {                                                                                                                            \
        "" literal, sizeof(literal) - 1                                                                                          \
    }

/* What the reader says about a text: "LINE:field|field;" a record, "LINE!reason;" an error. */
static const char *read_text(struct arena *arena, struct str text)
{
    struct csv c;
    struct err err;
    struct buf out;
    enum csv_status status;
    const char *said;

    buf_init(&out, 100000);
    csv_init(&c, text, arena);
    while ((status = csv_next(&c, &err)) != CSV_END) {
        buf_addf(&out, "%d", c.record_line);
        if (status == CSV_BAD)
            buf_addf(&out, "!%.12s", err.text);
        for (int i = 0; status == CSV_RECORD && i < c.count; i++) {
            buf_add_char(&out, i ? '|' : ':');
            buf_add_str(&out, c.field[i]);
        }
        buf_add_char(&out, ';');
    }
    said = arena_text(arena, buf_str(&out));
    buf_release(&out);
    return said;
}

#define BOM "\xef\xbb\xbf"

static const struct {
    struct str text;
    const char *said;
} table[] = {
    { TEXT(""), "" },
    { TEXT("\n\r\n\n"), "" },
    { TEXT("a,b\nc,d\n"), "1:a|b;2:c|d;" },
    { TEXT("a,b\r\nc,d"), "1:a|b;2:c|d;" },
    { TEXT("\n\r\na\n\n\nb"), "3:a;6:b;" },
    { TEXT(",\n"), "1:|;" },
    { TEXT(" a , b\n"), "1: a | b;" },
    { TEXT(" \n"), "1: ;" },
    { TEXT(BOM "a,b\n"), "1:a|b;" },
    { TEXT(BOM BOM "a"), "1:" BOM "a;" },
    { TEXT(BOM "\"a\""), "1:a;" },
    { TEXT(BOM), "" },
    { TEXT("\"\"\n"), "1:;" },
    { TEXT("\"a,\"\"b\"\"\",c\n"), "1:a,\"b\"|c;" },
    { TEXT("\"\"\"\"\"\""), "1:\"\";" },
    { TEXT("\"a\nb\r\n\",c\nd"), "1:a\nb\r\n|c;4:d;" },
    { TEXT("a\n\"x\n\ny\"\nb"), "1:a;2:x\n\ny;5:b;" },
    { TEXT("a,\"b\""), "1:a|b;" },
    { TEXT("a,"), "1:a|;" },
    /* what is wrong, and that reading goes on with the next line */
    { TEXT("a\rb\nc\n"), "1!a carriage r;2:c;" },
    { TEXT("a\r"), "1!a carriage r;" },
    { TEXT("\r\rb\nc"), "1!a carriage r;2:c;" },
    { TEXT("\"a\rb\"\nc"), "1!a carriage r;2:c;" },
    { TEXT("\"a\n\r\",b\nc"), "1!a carriage r;3:c;" },
    { TEXT("\"a\"\rb\nc"), "1!a carriage r;2:c;" },
    { TEXT("x\na\"b,c\nd"), "1:x;2!a quote insi;3:d;" },
    { TEXT(" \"a\"\nd"), "1!a quote insi;2:d;" },
    { TEXT("\"a\"b\nc"), "1!text after a;2:c;" },
    { TEXT("\"a\" ,b\nc"), "1!text after a;2:c;" },
    { TEXT("\"a\nb\"c\nd"), "1!text after a;3:d;" },
    { TEXT("a\n\n\"b\nc\nd"), "1:a;3!a quote is o;" },
    { TEXT("a\nb,\""), "1:a;2!a quote is o;" },
    { TEXT("\"a\"\""), "1!a quote is o;" },
};

static void test_table(void **state)
{
    struct arena arena;

    (void)state;
    arena_init(&arena, 0);
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        /* A copy of the exact size, so that the address sanitizer sees a step past the end. */
        char *copy = mem_alloc(table[i].text.n);

        for (size_t k = 0; k < table[i].text.n; k++)
            copy[k] = table[i].text.p[k];
        assert_string_equal(read_text(&arena, (struct str){ copy, table[i].text.n }), table[i].said);
        free(copy);
    }
    arena_release(&arena);
}

static void test_field_limit(void **state)
{
    struct arena arena;
    struct csv c;
    struct err err;
    char text[CSV_FIELDS_MAX + 3];

    (void)state;
    arena_init(&arena, 0);
    for (int i = 0; i < CSV_FIELDS_MAX; i++)
        text[i] = ',';
    text[CSV_FIELDS_MAX] = '\n';
    text[CSV_FIELDS_MAX + 1] = 'x';
    csv_init(&c, (struct str){ text + 1, CSV_FIELDS_MAX + 1 }, &arena);
    assert_int_equal(csv_next(&c, &err), CSV_RECORD);
    assert_int_equal(c.count, CSV_FIELDS_MAX);
    csv_init(&c, (struct str){ text, CSV_FIELDS_MAX + 2 }, &arena);
    assert_int_equal(csv_next(&c, &err), CSV_BAD);
    assert_int_equal(err.kind, ERR_INPUT);
    assert_int_equal(csv_next(&c, &err), CSV_RECORD);
    assert_int_equal(c.record_line, 2);
    arena_release(&arena);
}

static void test_write(void **state)
{
    static const struct {
        const char *field, *written;
    } rows[] = {
        { "", "" },
        { "a b", "a b" },
        { "a,b", "\"a,b\"" },
        { "\"a\"", "\"\"\"a\"\"\"" },
        { "a\nb", "\"a\nb\"" },
        { "a\r\nb", "\"a\r\nb\"" },
    };
    struct buf out;

    (void)state;
    buf_init(&out, 1000);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        buf_clear(&out);
        csv_write_field(&out, str_from(rows[i].field));
        assert_string_equal(out.p, rows[i].written);
    }
    buf_release(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_table), cmocka_unit_test(test_field_limit),
                                        cmocka_unit_test(test_write) };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
