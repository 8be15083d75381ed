/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/date.h"

static struct day day(const char *text)
{
    struct day d = DAY_NONE;

    assert_true(day_parse(str_from(text), &d));
    return d;
}

/* Every day of the range in order, its number one more than the day before. */
static void test_every_day(void **state)
{
    struct day before = DAY_NONE;
    int days = 0;

    (void)state;
    for (int year = DAY_FIRST_YEAR; year <= DAY_LAST_YEAR; year++)
        for (int month = 1; month <= 12; month++)
            for (int n = 1; n <= 31; n++) {
                struct day d = day_of(year, month, n), again;
                int y, m, k;
                char text[DAY_TEXT];

                if (day_is_none(d))
                    continue;
                assert_true(day_is_none(before) || d.n == before.n + 1);
                day_split(d, &y, &m, &k);
                assert_true(y == year && m == month && k == n);
                assert_true(day_parse(str_from(day_format(d, text)), &again) && again.n == d.n);
                before = d;
                days++;
            }
    assert_int_equal(days, 400 * 365 + 97); /* 400 years hold 97 leap days */
    assert_int_equal(day("1970-01-01").n, 0);
    assert_int_equal(day("2000-03-01").n, 11017);
    assert_int_equal(day("1800-01-01").n, -62091);
}

/* The quick split and that of far days, around where they meet too: a day after another, by the calendar's own rule. */
static void test_split_goes_on(void **state)
{
    static const int32_t from[] = { INT32_MIN + 1, -719468 - 800, -800000, 2500000 - 800, INT32_MAX - 800 };
    static const signed char length[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };

    (void)state;
    for (int i = 0; i < 5; i++) {
        int year, month, n;

        day_split((struct day){ from[i] }, &year, &month, &n);
        for (int32_t d = from[i]; d < from[i] + (i == 2 ? 3400000 : 799); d++) {
            int y, m, k, leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

            if (++n > length[month - 1] + (month == 2 && leap)) {
                n = 1;
                month = month % 12 + 1;
                year += month == 1;
            }
            day_split((struct day){ d + 1 }, &y, &m, &k);
            if (y != year || m != month || k != n)
                fail_msg("day %d: %d-%d-%d", d + 1, y, m, k);
        }
    }
}

static void test_bad_days(void **state)
{
    static const char *const rows[] = {
        "",           "2026-1-01",  "2026-01-1",   "2026-13-01", "2026-00-10", "2026-04-31",  "2025-02-29",  "1900-02-29",
        "2100-02-29", "1799-12-31", "2200-01-01",  "2026/01/01", "2026-01-00", " 2026-01-01", "2026-01-01 ", "+026-01-01",
        "2026-01-+1", "20260101",   "2026-01-01T", "-026-01-01", "2026-01-0x",
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct day d = { 7 };

        assert_false(day_parse(str_from(rows[i]), &d));
        assert_int_equal(d.n, 7);
    }
    assert_int_equal(day("2000-02-29").n + 1, day("2000-03-01").n);
    assert_true(day_is_none(day_of(2026, 2, 29)));
    assert_true(day_is_none(day_of(2026, -1, 1)));
}

static void test_add_years(void **state)
{
    static const struct {
        const char *from;
        int years;
        const char *to;
    } rows[] = {
        { "2008-02-29", 18, "2026-03-01" },  { "2008-02-29", 4, "2012-02-29" },   { "2008-02-28", 18, "2026-02-28" },
        { "2008-03-01", 18, "2026-03-01" },  { "2000-02-29", 100, "2100-03-01" }, { "2007-12-31", 18, "2025-12-31" },
        { "2026-03-01", -18, "2008-03-01" },
    };
    char text[DAY_TEXT];

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_string_equal(day_format(day_add_years(day(rows[i].from), rows[i].years), text), rows[i].to);
    assert_true(day_is_none(day_add_years(DAY_NONE, 1)));
    assert_string_equal(day_format(DAY_NONE, text), "");
}

static void test_within(void **state)
{
    struct day d = day("2026-03-02"), before = { d.n - 1 }, after = { d.n + 1 };

    (void)state;
    assert_true(day_within(d, DAY_NONE, DAY_NONE));
    assert_true(day_within(d, d, d));
    assert_true(day_within(d, before, after));
    assert_true(day_within(d, DAY_NONE, d));
    assert_false(day_within(d, after, DAY_NONE));
    assert_false(day_within(d, DAY_NONE, before));
}

static void test_moments(void **state)
{
    static const struct {
        const char *text;
        int64_t ms;
        const char *utc;
    } rows[] = {
        { "1970-01-01T00:00:00Z", 0, "1970-01-01T00:00:00.000Z" },
        { "2026-03-02T09:30:15.250Z", INT64_C(1772443815250), "2026-03-02T09:30:15.250Z" },
        { "2026-03-02t14:30:15.2509999+05:00", INT64_C(1772443815250), "2026-03-02T09:30:15.250Z" },
        { "1969-12-31T23:59:59.999Z", -1, "1969-12-31T23:59:59.999Z" },
        { "2016-12-31T23:59:60Z", INT64_C(1483228800000), "2017-01-01T00:00:00.000Z" },
        { "2026-01-01T00:00:00-23:59", INT64_C(1767311940000), "2026-01-01T23:59:00.000Z" },
    };
    static const char *const bad[] = {
        "",
        "2026-03-02",
        "2026-03-02T09:30:15",
        "2026-03-02 09:30:15Z",
        "2026-03-02T24:00:00Z",
        "2026-03-02T09:60:00Z",
        "2026-03-02T09:00:61Z",
        "2026-03-02T09:00:00.Z",
        "2026-03-02T09:00:00+0500",
        "2026-03-02T09:00:00+24:00",
        "2026-03-02T09:00:00+05:60",
        "2026-03-02T09:00:00ZZ",
        "2026-02-30T09:00:00Z",
        "2026-03-02T0x:00:00Z",
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct moment m = { 0 };
        char text[MOMENT_TEXT];

        assert_true(moment_parse(str_from(rows[i].text), &m));
        assert_int_equal(m.ms, rows[i].ms);
        assert_string_equal(moment_format(m, text), rows[i].utc);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct moment m = { 7 };

        assert_false(moment_parse(str_from(bad[i]), &m));
        assert_int_equal(m.ms, 7);
    }
}

/* The civil day at an offset: one minute to midnight in UTC is the next morning in Kazakhstan. */
static void test_moment_day(void **state)
{
    struct moment m;

    (void)state;
    assert_true(moment_parse(STR("2026-03-01T23:59:00Z"), &m));
    assert_int_equal(moment_day(m, 0).n, day("2026-03-01").n);
    assert_int_equal(moment_day(m, 300).n, day("2026-03-02").n);
    assert_int_equal(moment_day((struct moment){ -1 }, 0).n, -1);
    assert_true(moment_now().ms > INT64_C(1700000000000));
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_every_day), cmocka_unit_test(test_split_goes_on),
                                        cmocka_unit_test(test_bad_days),  cmocka_unit_test(test_add_years),
                                        cmocka_unit_test(test_within),    cmocka_unit_test(test_moments),
                                        cmocka_unit_test(test_moment_day) };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
