/* SPDX-License-Identifier: Apache-2.0 */
/* JSON bodies: each type, each fault with its path, and the limits of the fault list. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "web/api/body.h"

struct inner {
    struct day day;
};
struct outer {
    struct str text, digits, choice;
    struct iin person;
    int number;
    bool flag;
    const void *inner;
};
static const char *const choices[] = { "red", "green", NULL };
static const struct body_field inner_fields[] = {
    { .name = "day", .type = BODY_DAY, .at = BODY_AT(struct inner, day), .required = true },
};
static const struct body inner_body = BODY(inner_fields, struct inner);
static const struct body_field fields[] = {
    { .name = "text", .type = BODY_TEXT, .at = BODY_AT(struct outer, text), .required = true, .min = 1, .max = 4 },
    { .name = "digits", .type = BODY_DIGITS, .at = BODY_AT(struct outer, digits), .min = 2, .max = 3 },
    { .name = "choice", .type = BODY_CHOICE, .at = BODY_AT(struct outer, choice), .choice = choices },
    { .name = "person", .type = BODY_PERSON, .at = BODY_AT(struct outer, person) },
    { .name = "number", .type = BODY_INT, .at = BODY_AT(struct outer, number), .min = 0, .max = 20 },
    { .name = "flag", .type = BODY_FLAG, .at = BODY_AT(struct outer, flag) },
    { .name = "inner", .type = BODY_OBJECT, .at = BODY_AT(struct outer, inner), .object = &inner_body },
};
static const struct body body = BODY(fields, struct outer);

static void reads_every_type(void **state)
{
    struct body_faults faults;
    struct arena arena;
    const void *typed;
    (void)state;
    arena_init(&arena, 0);
    assert_true(
        body_read(&body,
                  STR("{\"text\":\" \xd2\x9b\xd0\xb0 \",\"digits\":\"01\",\"choice\":\"green\",\"person\":\"981113363553\","
                      "\"number\":20,\"flag\":true,\"inner\":{\"day\":\"2026-03-02\"}}"),
                  &arena, &typed, &faults));
    const struct outer *o = typed;
    const struct inner *inner = o->inner;
    assert_true(str_is(o->text, "\xd2\x9b\xd0\xb0") && str_is(o->digits, "01") && str_is(o->choice, "green"));
    assert_true(o->person.n == UINT64_C(981113363553) && o->number == 20 && o->flag && inner->day.n == day_of(2026, 3, 2).n);
    arena_release(&arena);
}

static void what_is_absent_is_none(void **state)
{
    struct body_faults faults;
    struct arena arena;
    const void *typed;
    (void)state;
    arena_init(&arena, 0);
    assert_true(body_read(&body, STR("{\"text\":\"a\",\"number\":null,\"inner\":null}"), &arena, &typed, &faults));
    const struct outer *o = typed;
    assert_true(o->digits.n == 0 && o->number == BODY_INT_NONE && iin_is_none(o->person) && !o->flag && !o->inner);
    assert_true(body_read(NULL, STR("{}"), &arena, &typed, &faults));
    arena_release(&arena);
}

static void names_each_fault(void **state)
{
    static const struct {
        const char *json, *field;
        enum body_wrong wrong;
    } cases[] = {
        { "", "", BODY_BAD_JSON },
        { "{", "", BODY_BAD_JSON },
        { "{\"text\":\"a\"}x", "", BODY_BAD_JSON },
        { "{\"\xff\":1}", "", BODY_BAD_JSON },
        { "[]", "", BODY_WRONG_TYPE },
        { "{}", "text", BODY_MISSING },
        { "{\"text\":null}", "text", BODY_MISSING },
        { "{\"text\":1}", "text", BODY_WRONG_TYPE },
        { "{\"text\":\"\"}", "text", BODY_WRONG_VALUE },
        { "{\"text\":\"   \"}", "text", BODY_WRONG_VALUE },
        { "{\"text\":\"abcde\"}", "text", BODY_WRONG_VALUE },
        { "{\"text\":\"a\\nb\"}", "text", BODY_WRONG_VALUE },
        { "{\"text\":\"a\\u0000\"}", "text", BODY_WRONG_VALUE },
        { "{\"text\":\"a\",\"text\":\"b\"}", "text", BODY_REPEATED },
        { "{\"text\":\"a\",\"inner\":{\"day\":\"2026-03-02\",\"day\":\"\"}}", "day", BODY_REPEATED },
        { "{\"text\":\"a\",\"q\\u00e9\":1}", "q??", BODY_UNKNOWN },
        { "{\"text\":\"a\",\"digits\":\"1\"}", "digits", BODY_WRONG_VALUE },
        { "{\"text\":\"a\",\"digits\":\"1x\"}", "digits", BODY_WRONG_VALUE },
        { "{\"text\":\"a\",\"digits\":12}", "digits", BODY_WRONG_TYPE },
        { "{\"text\":\"a\",\"choice\":\"blue\"}", "choice", BODY_WRONG_VALUE },
        { "{\"text\":\"a\",\"person\":\"981113363554\"}", "person", BODY_WRONG_VALUE },
        { "{\"text\":\"a\",\"number\":21}", "number", BODY_WRONG_VALUE },
        { "{\"text\":\"a\",\"number\":-1}", "number", BODY_WRONG_VALUE },
        { "{\"text\":\"a\",\"number\":1.0}", "number", BODY_WRONG_TYPE },
        { "{\"text\":\"a\",\"number\":\"1\"}", "number", BODY_WRONG_TYPE },
        { "{\"text\":\"a\",\"flag\":\"yes\"}", "flag", BODY_WRONG_TYPE },
        { "{\"text\":\"a\",\"inner\":[]}", "inner", BODY_WRONG_TYPE },
        { "{\"text\":\"a\",\"inner\":{}}", "inner.day", BODY_MISSING },
        { "{\"text\":\"a\",\"inner\":{\"day\":\"2026-02-29\"}}", "inner.day", BODY_WRONG_VALUE },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct body_faults faults;
        struct arena arena;
        const void *typed = NULL;
        arena_init(&arena, 0);
        assert_false(body_read(&body, str_from(cases[i].json), &arena, &typed, &faults));
        assert_null(typed);
        assert_int_equal(faults.count, 1);
        assert_string_equal(faults.item[0].field, cases[i].field);
        assert_int_equal(faults.item[0].wrong, cases[i].wrong);
        arena_release(&arena);
    }
}

static void keeps_to_its_limits(void **state)
{
    struct body_faults faults;
    struct arena arena;
    const void *typed;
    struct buf json;
    (void)state;
    arena_init(&arena, 0);
    buf_init(&json, 65536);
    buf_add_char(&json, '{');
    for (int i = 0; i < 100; i++)
        buf_addf(&json, "\"a_name_that_is_far_longer_than_any_name_of_ours_and_goes_on_and_on_%d\":1,", i);
    buf_add_text(&json, "\"text\":\"a\"}");
    assert_false(body_read(&body, buf_str(&json), &arena, &typed, &faults));
    assert_int_equal(faults.count, BODY_FAULTS_MAX);
    assert_int_equal(str_from(faults.item[0].field).n, BODY_NAME_MAX - 1);
    buf_release(&json);
    arena_release(&arena);
}

static void reads_queries(void **state)
{
    struct body_faults faults;
    struct arena arena;
    struct pairs query;
    const void *typed;
    struct err err;
    (void)state;
    arena_init(&arena, 0);
    assert_true(pairs_parse(STR("text=a%20b&digits=123"), &arena, &query, &err));
    assert_true(body_read_query(&body, &query, &arena, &typed, &faults));
    assert_true(str_is(((const struct outer *)typed)->text, "a b"));
    assert_true(pairs_parse(STR("text=a&more=1"), &arena, &query, &err));
    assert_false(body_read_query(&body, &query, &arena, &typed, &faults));
    assert_string_equal(faults.item[0].field, "more");
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_every_type),    cmocka_unit_test(what_is_absent_is_none), cmocka_unit_test(names_each_fault),
        cmocka_unit_test(keeps_to_its_limits), cmocka_unit_test(reads_queries),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
