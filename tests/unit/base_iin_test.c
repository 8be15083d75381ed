/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/iin.h"

static void test_check_digit(void **state)
{
    (void)state;
    assert_int_equal(iin_check_digit(UINT64_C(90010130001)), 7);
    assert_int_equal(iin_check_digit(UINT64_C(90010130081)), 1);   /* second pass */
    assert_int_equal(iin_check_digit(UINT64_C(90010130080)), -1);  /* no such number */
    assert_int_equal(iin_check_digit(UINT64_C(100000000000)), -1); /* twelve digits */
}

static void test_parse(void **state)
{
    static const struct {
        const char *text;
        enum iin_kind kind;
        uint64_t n;
    } rows[] = {
        { "900101300017", IIN_PERSON, UINT64_C(900101300017) },
        { "900101300811", IIN_PERSON, UINT64_C(900101300811) },
        { "900101300018", IIN_BAD, 0 },
        { "900101300800", IIN_BAD, 0 },
        { "90010130001", IIN_BAD, 0 },
        { "9001013000170", IIN_BAD, 0 },
        { "90010130001\xd9", IIN_BAD, 0 },
        { " 00101300017", IIN_BAD, 0 },
        { "90010130001/", IIN_BAD, 0 },
        { "90010130001:", IIN_BAD, 0 },
        { "000000000000", IIN_BAD, 0 },
        { "", IIN_BAD, 0 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct iin iin = { 42 };

        assert_int_equal(iin_parse(str_from(rows[i].text), &iin), rows[i].kind);
        assert_int_equal(iin.n, rows[i].kind == IIN_BAD ? 42 : rows[i].n);
    }
}

/* The fifth digit alone tells persons and companies apart; text and number go into each other. */
static void test_kinds(void **state)
{
    static const enum iin_kind kinds[10] = { IIN_PERSON,  IIN_PERSON,  IIN_PERSON, IIN_PERSON, IIN_COMPANY,
                                             IIN_COMPANY, IIN_COMPANY, IIN_BAD,    IIN_BAD,    IIN_BAD };
    int seen = 0;

    (void)state;
    for (uint64_t fifth = 0; fifth < 10; fifth++)
        for (uint64_t last = 0; last < 100; last++) {
            uint64_t prefix = UINT64_C(1240000000) + fifth * UINT64_C(1000000) + last;
            int digit = iin_check_digit(prefix);
            struct iin iin = { prefix * 10 + (uint64_t)(digit < 0 ? 0 : digit) }, parsed = { 0 };
            char text[IIN_TEXT];

            iin_format(iin, text);
            assert_int_equal(iin_parse(str_from(text), &parsed), digit < 0 ? IIN_BAD : kinds[fifth]);
            if (parsed.n) {
                assert_true(iin_equal(parsed, iin));
                assert_int_equal(iin_kind_of(parsed), kinds[fifth]);
                seen++;
            }
        }
    assert_true(seen > 600);
    assert_int_equal(iin_kind_of((struct iin){ 0 }), IIN_BAD);
}

/* Parsing works on all digits at once; the check digit is computed here as the rule is written. */
static void test_against_the_rule(void **state)
{
    uint64_t prefix = 1;

    (void)state;
    for (int i = 0; i < 100000; i++) {
        struct iin iin, parsed;
        char text[IIN_TEXT];
        unsigned sum = 0, again = 0;

        prefix = (prefix * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407)) % UINT64_C(70000000000);
        iin.n = (UINT64_C(10000000000) + prefix) * 10;
        iin_format(iin, text);
        for (unsigned k = 0; k < 11; k++) {
            sum += (unsigned)(text[k] - '0') * (k + 1);
            again += (unsigned)(text[k] - '0') * ((k + 2) % 11 + 1);
        }
        sum = sum % 11 == 10 ? again % 11 : sum % 11;
        for (unsigned digit = 0; digit < 10; digit++) {
            bool right = digit == sum && text[4] <= '6';

            text[11] = (char)('0' + digit);
            parsed.n = 0;
            assert_int_equal(iin_parse(str_from(text), &parsed) != IIN_BAD, right);
            assert_int_equal(parsed.n, right ? iin.n + digit : 0);
        }
    }
}

/* Every byte at every place but a digit is refused. */
static void test_bytes(void **state)
{
    (void)state;
    for (size_t place = 0; place < 12; place++)
        for (int byte = 0; byte < 256; byte++) {
            char text[] = "900101300017";
            struct iin iin = { 0 };

            text[place] = (char)byte;
            if (byte < '0' || byte > '9')
                assert_int_equal(iin_parse((struct str){ text, 12 }, &iin), IIN_BAD);
        }
}

static void test_format(void **state)
{
    char text[IIN_TEXT];

    (void)state;
    assert_string_equal(iin_format((struct iin){ 0 }, text), "");
    assert_string_equal(iin_format((struct iin){ 10203 }, text), "000000010203");
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_check_digit), cmocka_unit_test(test_parse),
                                        cmocka_unit_test(test_kinds),       cmocka_unit_test(test_against_the_rule),
                                        cmocka_unit_test(test_bytes),       cmocka_unit_test(test_format) };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
