/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "exchange/breaker.h"

static const struct breaker_rule rule = { .failures = 3, .hold_ms = 1000 };

static void opens_and_tries(void **state)
{
    (void)state;
    struct breaker b = { 0 };
    for (int i = 0; i < 3; i++) {
        assert_true(breaker_admits(&b, &rule, 10));
        breaker_note(&b, &rule, 10, false);
    }
    assert_false(breaker_admits(&b, &rule, 10));
    assert_false(breaker_admits(&b, &rule, 1009));
    assert_true(breaker_admits(&b, &rule, 1010));  /* one tries */
    assert_false(breaker_admits(&b, &rule, 1010)); /* and only one */
    breaker_note(&b, &rule, 1020, false);
    assert_false(breaker_admits(&b, &rule, 2019));
    assert_true(breaker_admits(&b, &rule, 2020));
    breaker_note(&b, &rule, 2030, true);
    assert_true(breaker_admits(&b, &rule, 2030));
    assert_true(breaker_admits(&b, &rule, 2030));
}

static void failures_in_a_row(void **state)
{
    (void)state;
    struct breaker b = { 0 };
    for (int i = 0; i < 10; i++) {
        breaker_note(&b, &rule, 0, i % 3 == 2);
    }
    assert_true(breaker_admits(&b, &rule, 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(opens_and_tries), cmocka_unit_test(failures_in_a_row) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
