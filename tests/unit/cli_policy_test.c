/* SPDX-License-Identifier: Apache-2.0 */
/* Run from the root of the project: the list of reasons is compared with docs/reasons.md. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/digest.h"
#include "base/file.h"
#include "cli/policy_pages.h"

enum { TEXT_LIMIT = 1 << 20 };

static void the_list_of_reasons_is_up_to_date(void **state)
{
    (void)state;
    struct arena arena;
    struct buf list;
    struct str file;
    struct err err;
    arena_init(&arena, 0);
    buf_init(&list, TEXT_LIMIT);
    policy_reasons_write(&list);
    if (!file_read("docs/reasons.md", TEXT_LIMIT, &arena, &file, &err))
        fail_msg("%s", err.text);
    if (!str_equal(file, buf_str(&list)))
        fail_msg("docs/reasons.md differs from the names and texts: make ledger");
    buf_release(&list);
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(the_list_of_reasons_is_up_to_date) };
    digest_setup();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
