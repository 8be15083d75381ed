/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "web/pairs.h"

static struct arena arena;

static void good(const char *text, const char *names_and_values)
{
    struct pairs pairs;
    struct err err;
    struct buf out;
    buf_init(&out, 10000);
    assert_true(pairs_parse(str_from(text), &arena, &pairs, &err));
    for (int i = 0; i < pairs.count; i++)
        buf_addf(&out, STR_FMT "=" STR_FMT ";", STR_ARG(pairs.pair[i].name), STR_ARG(pairs.pair[i].value));
    assert_string_equal(out.n ? out.p : "", names_and_values);
    buf_release(&out);
}

static void bad(const char *text, enum err_kind kind)
{
    struct pairs pairs;
    struct err err;
    assert_false(pairs_parse(str_from(text), &arena, &pairs, &err));
    assert_int_equal(err.kind, kind);
    assert_int_equal(pairs.count, 0);
}

static void what_is_taken(void **state)
{
    (void)state;
    good("", "");
    good("a=", "a=;");
    good("a=1&b=2", "a=1;b=2;");
    good("a=1&&b=2&", "a=1;b=2;");
    good("name=%D0%90%D0%B9+%2B", "name=Ай +;");
    good("text=one%0D%0Atwo%09", "text=one\r\ntwo\t;");
    good("a=b=c", "a=b=c;");
}

static void what_is_refused(void **state)
{
    (void)state;
    bad("a", ERR_INPUT);
    bad("=1", ERR_INPUT);
    bad("a=1&a=2", ERR_INPUT);
    bad("A=1", ERR_INPUT);
    bad("a%61=1", ERR_INPUT);
    bad("a=%", ERR_INPUT);
    bad("a=%4", ERR_INPUT);
    bad("a=%4g", ERR_INPUT);
    bad("a=%00", ERR_INPUT);
    bad("a=%1F", ERR_INPUT);
    bad("a=%7F", ERR_INPUT);
    bad("a=%FF", ERR_INPUT);
    bad("a=%C0%80", ERR_INPUT);
    bad("a=%ED%A0%80", ERR_INPUT);
    bad("abcdefghijklmnopqrstuvwxyzabcdefghijklmnop=1", ERR_INPUT);
}

static void too_many(void **state)
{
    (void)state;
    struct buf text;
    buf_init(&text, 10000);
    for (int i = 0; i <= PAIRS_MAX; i++)
        buf_addf(&text, "f%d=%d&", i, i);
    bad(text.p, ERR_LIMIT);
    buf_release(&text);
}

static void encoding(void **state)
{
    (void)state;
    struct buf out;
    buf_init(&out, 1000);
    pairs_encode(&out, STR("Aa-9._~ /?&=+\"<ә"));
    assert_string_equal(out.p, "Aa-9._~%20%2F%3F%26%3D%2B%22%3C%D3%99");
    buf_release(&out);
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
        cmocka_unit_test(what_is_taken),
        cmocka_unit_test(what_is_refused),
        cmocka_unit_test(too_many),
        cmocka_unit_test(encoding),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
