/* SPDX-License-Identifier: Apache-2.0 */
/* str, buf, decimal */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/decimal.h"
#include "base/str.h"

static void test_split(void **state)
{
    static const struct {
        const char *text, *parts;
    } rows[] = {
        { "a,b,c", "<a><b><c>" }, { "a", "<a>" }, { "", "<>" }, { ",", "<><>" }, { "a,", "<a><>" }, { ",,b", "<><><b>" },
    };
    struct buf out;

    (void)state;
    buf_init(&out, 100);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct str rest = str_from(rows[i].text), part;

        buf_clear(&out);
        while (str_split(&rest, ',', &part))
            buf_addf(&out, "<" STR_FMT ">", STR_ARG(part));
        assert_string_equal(out.p, rows[i].parts);
        assert_false(str_split(&rest, ',', &part));
    }
    buf_release(&out);
}

static void test_compare(void **state)
{
    (void)state;
    assert_true(str_equal(STR(""), (struct str){ NULL, 0 }));
    assert_true(str_is(STR("abc"), "abc") && !str_is(STR("abc"), "ab") && !str_is(STR("ab"), "abc"));
    assert_true(str_starts(STR("abc"), "ab") && str_starts(STR("abc"), "") && !str_starts(STR("a"), "ab"));
    assert_true(str_compare(STR("a"), STR("b")) < 0 && str_compare(STR("ab"), STR("a")) > 0);
    assert_true(str_compare(STR("\xff"), STR("a")) > 0 && str_compare(STR(""), STR("")) == 0);
    assert_true(str_is(str_trim(STR(" \t\r\na b\v\f ")), "a b") && str_trim(STR(" \n")).n == 0);
    assert_int_equal(str_from(NULL).n, 0);
}

static void test_digits(void **state)
{
    uint64_t n = 7;

    (void)state;
    assert_true(str_is_digits(STR("0123456789")) && !str_is_digits(STR("")) && !str_is_digits(STR("1a")));
    assert_true(str_to_u64(STR("999999999999999999"), &n) && n == UINT64_C(999999999999999999));
    assert_true(str_to_u64(STR("007"), &n) && n == 7);
    assert_false(str_to_u64(STR("1000000000000000000"), &n) || str_to_u64(STR(""), &n) || str_to_u64(STR("-1"), &n));
    assert_int_equal(n, 7);
}

static void test_utf8(void **state)
{
    static const struct {
        struct str text;
        bool well;
    } rows[] = {
        { { "", 0 }, true },
        { { "\xd2\x9a\xd0\xb0\xd0\xb7\xd0\xb0\xd2\x9b", 10 }, true },
        { { "a\0b", 3 }, true },
        { { "12345678\xc3\xa9", 10 }, true },
        { { "\xe0\xa0\x80\xed\x9f\xbf\xee\x80\x80\xef\xbf\xbf", 12 }, true },
        { { "\xf0\x90\x80\x80\xf4\x8f\xbf\xbf", 8 }, true },
        { { "\x80", 1 }, false },
        { { "\xc0\x80", 2 }, false }, /* overlong NUL */
        { { "\xc1\xbf", 2 }, false },
        { { "\xc3", 1 }, false },
        { { "1234567\xc3", 8 }, false },
        { { "\xe0\x9f\xbf", 3 }, false }, /* overlong */
        { { "\xed\xa0\x80", 3 }, false }, /* surrogate */
        { { "\xf0\x8f\xbf\xbf", 4 }, false },
        { { "\xf4\x90\x80\x80", 4 }, false }, /* beyond U+10FFFF */
        { { "\xf5\x80\x80\x80", 4 }, false },
        { { "\xe1\x80"
            "a",
            3 },
          false },
        { { "\xf1\x80\x80", 3 }, false },
        { { "\xff", 1 }, false },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_true(str_is_utf8(rows[i].text) == rows[i].well);
    assert_int_equal(str_utf8_length(rows[1].text), 5);
    assert_int_equal(str_utf8_length(rows[5].text), 2);
}

static void test_buf_limit(void **state)
{
    struct buf b;

    (void)state;
    buf_init(&b, 10);
    assert_string_equal(b.p, "");
    buf_add_text(&b, "12345");
    buf_addf(&b, "%s", "67890");
    assert_string_equal(b.p, "1234567890");
    assert_false(b.over);
    buf_add_char(&b, 'x');
    assert_true(b.over);
    assert_string_equal(b.p, "1234567890");
    buf_clear(&b);
    buf_addf(&b, "%s", "12345678901");
    assert_true(b.over);
    assert_string_equal(b.p, "");
    buf_add_char(&b, 'x'); /* after a dropped write nothing more: no text with a hole */
    assert_int_equal(b.n, 0);
    buf_clear(&b);
    buf_add_int(&b, -42);
    assert_true(str_is(buf_str(&b), "-42") && !b.over);
    buf_release(&b);
    assert_int_equal(buf_str(&b).n, 0);
}

static void test_buf_growth(void **state)
{
    struct buf b;

    (void)state;
    buf_init(&b, 1 << 20);
    for (int i = 0; i < 5000; i++)
        buf_addf(&b, "%04d|", i);
    for (int i = 0; i < 5000; i++)
        buf_add_char(&b, 'y');
    assert_int_equal(b.n, 30000);
    assert_int_equal(strlen(b.p), b.n);
    assert_true(strncmp(b.p + 5 * 4999, "4999|y", 6) == 0);
    buf_clear(&b);
    buf_add_int(&b, INT64_MIN);
    buf_add_int(&b, INT64_MAX);
    buf_add_int(&b, 0);
    assert_string_equal(b.p, "-922337203685477580892233720368547758070");
    buf_release(&b);
    buf_init(&b, 0);
    buf_add(&b, "", 0);
    assert_false(b.over);
    buf_add_char(&b, 'x');
    assert_true(b.over);
    buf_release(&b);
}

static void test_decimal(void **state)
{
    static const struct {
        const char *text;
        int64_t hundredths;
        const char *full, *brief;
    } rows[] = {
        { "0", 0, "0.00", "0" },
        { "35", 3500, "35.00", "35" },
        { "35.7", 3570, "35.70", "35.7" },
        { "35.70", 3570, "35.70", "35.7" },
        { "13.05", 1305, "13.05", "13.05" },
        { "007", 700, "7.00", "7" },
        { "999999999.99", INT64_C(99999999999), "999999999.99", "999999999.99" },
    };
    static const char *const bad[] = {
        "", ".5", "5.", "5.123", "1000000000", "-1", "+1", " 1", "1 ", "1,5", "1e3", "1.-5", "0x1"
    };
    char text[DECIMAL_TEXT];

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int64_t value = -7;

        assert_true(decimal_parse(str_from(rows[i].text), &value));
        assert_int_equal(value, rows[i].hundredths);
        assert_string_equal(decimal_format(value, text), rows[i].full);
        assert_string_equal(decimal_format_short(value, text), rows[i].brief);
    }
    assert_string_equal(decimal_format(5, text), "0.05");
    assert_string_equal(decimal_format(-5, text), "-0.05");
    assert_string_equal(decimal_format(-3570, text), "-35.70");
    assert_string_equal(decimal_format(INT64_MAX, text), "92233720368547758.07");
    assert_string_equal(decimal_format(INT64_MIN, text), "-92233720368547758.08");
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        int64_t value = -7;

        assert_false(decimal_parse(str_from(bad[i]), &value));
        assert_int_equal(value, -7);
    }
    assert_string_equal(decimal_format(-5, text), "-0.05");
    assert_string_equal(decimal_format(INT64_MIN, text), "-92233720368547758.08");
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_split),     cmocka_unit_test(test_compare),
                                        cmocka_unit_test(test_digits),    cmocka_unit_test(test_utf8),
                                        cmocka_unit_test(test_buf_limit), cmocka_unit_test(test_buf_growth),
                                        cmocka_unit_test(test_decimal) };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
