/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "web/form.h"

struct typed {
    struct str name, code, colour;
    int count;
    struct iin person, owner;
    struct day day;
    bool agreed;
};
static const char *const colours[] = { "teal", "sand", NULL };
static const struct form_field fields[] = {
    { "name", FORM_TEXT, FORM_AT(struct typed, name), .required = true, .min = 2, .max = 5, .missing = T_FORM_CHOOSE,
      .wrong = T_FORM_BACK },
    { "code", FORM_DIGITS, FORM_AT(struct typed, code), .min = 4, .max = 6, .wrong = T_CODE_SHAPE },
    { "colour", FORM_CHOICE, FORM_AT(struct typed, colour), .choice = colours, .wrong = T_FORM_CHOOSE },
    { "count", FORM_INT, FORM_AT(struct typed, count), .min = 1, .max = 12, .wrong = T_FORM_CHOOSE },
    { "person", FORM_PERSON, FORM_AT(struct typed, person), .wrong = T_FORM_IIN_WRONG },
    { "owner", FORM_OWNER, FORM_AT(struct typed, owner), .wrong = T_FORM_IIN_WRONG },
    { "day", FORM_DAY, FORM_AT(struct typed, day), .wrong = T_FORM_CHOOSE },
    { "agreed", FORM_FLAG, FORM_AT(struct typed, agreed), .wrong = T_FORM_CHOOSE },
};

static void check(const struct form *form, const void *typed, struct form_state *state)
{
    const struct typed *t = typed;
    if (t->agreed && t->count == FORM_INT_NONE)
        form_fail(form, state, "count", T_NEW_MONTHS_MISSING);
}
static const struct form form = FORM_CHECKED(fields, struct typed, check);

static struct arena arena;

static bool read_form(const char *text, struct typed *typed, struct form_state *state)
{
    struct pairs pairs;
    struct err err;
    assert_true(pairs_parse(str_from(text), &arena, &pairs, &err));
    return form_read(&form, &pairs, &arena, state, typed, &err);
}

static void everything_right(void **state)
{
    (void)state;
    struct typed t;
    struct form_state s;
    assert_true(
        read_form("name=+%D3%98%D1%81%D0%B5%D0%BB+&code=12+34&colour=sand&count=12&person=900101+300017&owner=900101300017&"
                  "day=2026-03-02&agreed=yes",
                  &t, &s));
    assert_int_equal(s.errors, 0);
    assert_true(str_is(t.name, "Әсел"));
    assert_true(str_is(t.code, "1234"));
    assert_true(str_is(t.colour, "sand"));
    assert_int_equal(t.count, 12);
    assert_int_equal(t.person.n, 900101300017);
    assert_int_equal(t.day.n, day_of(2026, 3, 2).n);
    assert_true(t.agreed);
}

static void what_is_left_out(void **state)
{
    (void)state;
    struct typed t;
    struct form_state s;
    assert_true(read_form("name=ab&count=", &t, &s));
    assert_int_equal(s.errors, 0);
    assert_int_equal(t.count, FORM_INT_NONE);
    assert_true(day_is_none(t.day));
    assert_true(iin_is_none(t.owner));
    assert_false(t.agreed);
    assert_int_equal(t.colour.n, 0);
}

static void errors_by_field(void **state)
{
    static const struct {
        const char *text, *field;
        enum text_key error;
    } rows[] = {
        { "", "name", T_FORM_CHOOSE },
        { "name=+++", "name", T_FORM_CHOOSE },
        { "name=a", "name", T_FORM_BACK },
        { "name=abcdef", "name", T_FORM_BACK },
        { "name=ab&code=12a4", "code", T_CODE_SHAPE },
        { "name=ab&code=123", "code", T_CODE_SHAPE },
        { "name=ab&colour=red", "colour", T_FORM_CHOOSE },
        { "name=ab&count=0", "count", T_FORM_CHOOSE },
        { "name=ab&count=13", "count", T_FORM_CHOOSE },
        { "name=ab&count=99999999999", "count", T_FORM_CHOOSE },
        { "name=ab&count=-1", "count", T_FORM_CHOOSE },
        { "name=ab&person=900101300018", "person", T_FORM_IIN_WRONG },
        { "name=ab&owner=90010130001", "owner", T_FORM_IIN_WRONG },
        { "name=ab&day=2026-02-30", "day", T_FORM_CHOOSE },
        { "name=ab&day=02.03.2026", "day", T_FORM_CHOOSE },
        { "name=ab&agreed=on", "agreed", T_FORM_CHOOSE },
        { "name=ab&agreed=yes", "count", T_NEW_MONTHS_MISSING },
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct typed t;
        struct form_state s;
        assert_true(read_form(rows[i].text, &t, &s));
        int field = form_index(&form, rows[i].field);
        assert_int_equal(s.errors, 1);
        assert_true(s.failed[field]);
        assert_int_equal(s.error[field], rows[i].error);
    }
}

static void nothing_typed_is_lost(void **state)
{
    (void)state;
    struct typed t;
    struct form_state s;
    assert_true(read_form("name=abcdef&count=many&day=tomorrow", &t, &s));
    assert_int_equal(s.errors, 3);
    assert_true(str_is(s.typed[form_index(&form, "count")], "many"));
    assert_true(str_is(s.typed[form_index(&form, "day")], "tomorrow"));
}

static void an_unknown_field_is_refused(void **state)
{
    (void)state;
    struct typed t;
    struct form_state s;
    assert_false(read_form("name=ab&role=hall", &t, &s));
}

static int set_up(void **state)
{
    (void)state;
    arena_init(&arena, 0);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(everything_right),
        cmocka_unit_test(what_is_left_out),
        cmocka_unit_test(errors_by_field),
        cmocka_unit_test(nothing_typed_is_lost),
        cmocka_unit_test(an_unknown_field_is_refused),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
