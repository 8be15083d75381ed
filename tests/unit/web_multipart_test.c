/* SPDX-License-Identifier: Apache-2.0 */
/* Forms with a file in them: what browsers send, and what nobody should. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "web/multipart.h"

#define TYPE       "multipart/form-data; boundary=----B"
#define PART(name) "Content-Disposition: form-data; name=\"" name "\"\r\n\r\n"
#define FILE_PART                                                                                                                \
    "Content-Disposition: form-data; name=\"file\"; filename=\"a.p7s\"\r\nContent-Type: application/octet-stream\r\n\r\n"

#define TWO_NAMES                                                                                                                \
    "------B\r\nContent-Disposition: form-data; name=\"a\"\r\nContent-Disposition: form-data; name=\"b\"\r\n\r\nx\r\n------B--"

static bool parse(const char *type, struct str body, struct pairs *ret)
{
    struct err err;
    return multipart_parse(str_from(type), body, "file", ret, &err);
}

static void a_file_and_a_field(void **state)
{
    static const char body[] = "------B\r\n" PART("csrf") "abc\r\n------B\r\n" FILE_PART "\x30\0\r\n--\xff\r\n------B--\r\n";
    struct pairs pairs;
    (void)state;
    assert_true(parse(TYPE, (struct str){ body, sizeof body - 1 }, &pairs));
    assert_int_equal(pairs.count, 2);
    assert_true(str_is(pairs_get(&pairs, "csrf"), "abc"));
    assert_int_equal(pairs_get(&pairs, "file").n, 7);
    assert_memory_equal(pairs_get(&pairs, "file").p, "\x30\0\r\n--\xff", 7);
    assert_true(parse("multipart/form-data; charset=utf-8; boundary=\"----B\"", (struct str){ body, sizeof body - 1 }, &pairs));
    assert_true(parse(TYPE, STR("------B--"), &pairs));
    assert_int_equal(pairs.count, 0);
}

static void what_is_refused(void **state)
{
    static const char *const bodies[] = {
        "",
        "------B",
        "------B\r\n",
        "------B\r\n" PART("a") "no end",
        "------B\r\n" PART("a") "\r\n------B",                       /* neither another part nor the end */
        "------B\r\nContent-Type: text/plain\r\n\r\nx\r\n------B--", /* no name */
        "------B\r\nContent-Disposition: attachment; name=\"a\"\r\n\r\nx\r\n------B--",
        "------B\r\n" PART("a") "x\r\n------B\r\n" PART("a") "y\r\n------B--", /* twice */
        "------B\r\n" PART("A B") "x\r\n------B--",                            /* not a name of ours */
        "------B\r\n" PART("a") "\x01\r\n------B--",                           /* bytes where text is wanted */
        "------B\r\n" PART("a") "\xff\r\n------B--",
        "before\r\n------B\r\n" PART("a") "x\r\n------B--",
        TWO_NAMES,
    };
    static const char fine[] = "------B\r\n" PART("a") "x\r\n------B--";
    struct pairs pairs;
    (void)state;
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
        if (parse(TYPE, str_from(bodies[i]), &pairs) || pairs.count != 0)
            fail_msg("taken: %zu", i);
    }
    assert_true(parse(TYPE, str_from(fine), &pairs));
    assert_false(parse("multipart/form-data", str_from(fine), &pairs));
    assert_false(parse("multipart/form-data; boundary=", str_from(fine), &pairs));
    assert_false(parse("text/plain; boundary=----B", str_from(fine), &pairs));
    assert_false(parse("multipart/form-data; boundary=----------------------------------------------------------------------B",
                       str_from(fine), &pairs));
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(a_file_and_a_field), cmocka_unit_test(what_is_refused) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
