/* SPDX-License-Identifier: Apache-2.0 */
/* Every step and reason that a verdict can have has its text. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "eds/eds.h"
#include "text/text.h"

static void every_step_and_reason_has_its_text(void **state)
{
    (void)state;
    enum text_key key;
    for (int i = 0; i < EDS_STEP_KINDS; i++) {
        if (!text_find(eds_step_text_key((enum eds_step_kind)i), &key))
            fail_msg("no text: %s", eds_step_text_key((enum eds_step_kind)i));
    }
    for (int i = 0; i < EDS_REASON_COUNT; i++) {
        if (!text_find(eds_reason_text_key((enum eds_reason)i), &key))
            fail_msg("no text: %s", eds_reason_text_key((enum eds_reason)i));
    }
    assert_true(str_is(str_from(eds_step_name(EDS_STEP_CHAIN)), "chain"));
    assert_true(str_is(str_from(eds_reason_name(EDS_CHAIN_EXPIRED)), "chain_expired"));
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(every_step_and_reason_has_its_text) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
