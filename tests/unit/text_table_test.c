/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "text/text.h"

static void every_key_is_found_by_its_name(void **state)
{
    (void)state;
    for (int key = 0; key < TEXT_KEYS; key++) {
        enum text_key found = TEXT_KEYS;
        assert_true(text_find(text_key_name((enum text_key)key), &found));
        assert_int_equal(found, key);
        for (int language = 0; language < TEXT_LANGUAGES; language++)
            assert_true(strlen(text_of((enum text_key)key, (enum text_language)language)) > 0);
    }
    enum text_key untouched = T_MONTH_03;
    assert_false(text_find("month.3", &untouched));
    assert_false(text_find("", &untouched));
    assert_int_equal(untouched, T_MONTH_03);
}

static void assert_day(enum text_language language, int year, int month, int day, const char *words)
{
    struct buf out;
    buf_init(&out, 200);
    text_day(&out, year, month, day, language);
    assert_string_equal(out.p, words);
    buf_release(&out);
}

static void days_in_words(void **state)
{
    (void)state;
    assert_day(TEXT_KK, 2026, 3, 2, "2 наурыз 2026 ж.");
    assert_day(TEXT_RU, 2026, 3, 2, "2 марта 2026 г.");
    assert_day(TEXT_EN, 2026, 3, 2, "2 March 2026");
    assert_day(TEXT_RU, 1999, 12, 31, "31 декабря 1999 г.");
    assert_day(TEXT_KK, 2200, 1, 10, "10 қаңтар 2200 ж.");
}

static void plurals(void **state)
{
    static const struct {
        long count;
        int russian, english;
    } rows[] = { { 0, 2, 2 },   { 1, 0, 0 },   { 2, 1, 2 },   { 4, 1, 2 },   { 5, 2, 2 },  { 11, 2, 2 },
                 { 12, 2, 2 },  { 14, 2, 2 },  { 21, 0, 2 },  { 22, 1, 2 },  { 25, 2, 2 }, { 100, 2, 2 },
                 { 101, 0, 2 }, { 111, 2, 2 }, { 112, 2, 2 }, { 122, 1, 2 }, { -1, 0, 0 }, { -3, 1, 2 } };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal(text_plural(TEXT_RU, rows[i].count), rows[i].russian);
        assert_int_equal(text_plural(TEXT_EN, rows[i].count), rows[i].english);
        assert_int_equal(text_plural(TEXT_KK, rows[i].count), 2);
    }
}

static void placeholders_are_filled(void **state)
{
    (void)state;
    struct str arguments[] = { STR("3"), STR("5"), STR("14:05") };
    struct buf out;
    buf_init(&out, 500);
    text_fill(&out, T_CASE_OPEN_SOME, TEXT_EN, 3, arguments);
    assert_string_equal(out.p, "3 of 5 answers are in, waiting since 14:05");
    buf_clear(&out);
    text_fill(&out, T_CASE_OPEN_SOME, TEXT_EN, 1, arguments); /* an argument that is not given leaves nothing */
    assert_string_equal(out.p, "3 of  answers are in, waiting since ");
    buf_release(&out);
}

static void languages(void **state)
{
    (void)state;
    enum text_language language = TEXT_EN;
    assert_true(text_language_parse(STR("kk"), &language));
    assert_int_equal(language, TEXT_KK);
    assert_false(text_language_parse(STR("KK"), &language));
    assert_false(text_language_parse(STR("kaz"), &language));
    assert_int_equal(language, TEXT_KK);
    assert_string_equal(text_language_code(TEXT_RU), "ru");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_key_is_found_by_its_name), cmocka_unit_test(days_in_words), cmocka_unit_test(plurals),
        cmocka_unit_test(placeholders_are_filled),        cmocka_unit_test(languages),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
