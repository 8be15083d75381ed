/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/markup.h"

static void tags(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t most;
    } rows[] = {
        { "", 0 },
        { "no tag = at all", 0 },
        { "<a>b = c</a>", 0 },
        { "<a b='1'/>", 1 },
        { "<a b='1' c=\"2\"/><d e=''/>", 2 },
        { "<a b='=' c='>'/>", 2 },
        { "<a b='>' c='>' d='>'>", 3 },
        { "<a b=\"'\" c='\"' d=''>", 3 },
        { "<!-- ' a=1 b=2 --><a b=''/>", 1 },
        { "<![CDATA[ <a b='' c=''> ]]><a b=''/>", 1 },
        { "<?a b=c d=e ?><a b=''/>", 1 },
        { "<!-- a=b c=d", 0 },
        { "<a b=c d=e", 2 },
        { "<a b='", 1 },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct str text = str_from(rows[i].text);
        assert_true(markup_tags_fit(text, rows[i].most));
        assert_true(rows[i].most == 0 || !markup_tags_fit(text, rows[i].most - 1));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(tags) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
