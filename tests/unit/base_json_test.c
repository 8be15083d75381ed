/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/json.h"

static void test_shape(void **state)
{
    struct buf out;
    struct json j;

    (void)state;
    buf_init(&out, 1000);
    json_init(&j, &out);
    json_open_object(&j);
    json_put_text(&j, "a", "x");
    json_put_text(&j, "b", NULL);
    json_key(&j, "c");
    json_open_array(&j);
    json_open_object(&j);
    json_end(&j);
    json_open_array(&j);
    json_end(&j);
    json_int(&j, INT64_MIN);
    json_bool(&j, false);
    json_nil(&j);
    json_end(&j);
    json_put_str(&j, "d", STR("y"));
    json_put_int(&j, "e", 5);
    json_put_bool(&j, "f", true);
    json_key(&j, "g");
    json_iin(&j, (struct iin){ UINT64_C(900101300017) });
    json_key(&j, "h");
    json_iin(&j, (struct iin){ 0 });
    json_key(&j, "i");
    json_day(&j, day_of(2026, 3, 2));
    json_key(&j, "j");
    json_day(&j, DAY_NONE);
    json_end(&j);
    assert_string_equal(out.p,
                        "{\"a\":\"x\",\"b\":null,\"c\":[{},[],-9223372036854775808,false,null],\"d\":\"y\",\"e\":5,\"f\":true,"
                        "\"g\":\"900101300017\",\"h\":null,\"i\":\"2026-03-02\",\"j\":null}");
    buf_release(&out);
}

/* Every code point below U+0800, some above, at the start, in the middle and at the end: jansson reads back the same bytes. */
static void test_round_trip(void **state)
{
    struct buf out;

    (void)state;
    buf_init(&out, 100000);
    for (unsigned c = 0; c < 0x800; c++) {
        char text[16];
        size_t n = 0;
        struct json j;
        struct err err;
        json_t *root;

        for (int i = 0; i < 3; i++) {
            if (c >= 0x80)
                text[n++] = (char)(0xc0 | c >> 6);
            text[n++] = (char)(c >= 0x80 ? 0x80 | (c & 63) : c);
            if (i < 2)
                text[n++] = 'z';
        }
        buf_clear(&out);
        json_init(&j, &out);
        json_open_object(&j);
        json_put_str(&j, "k\n\"", (struct str){ text, n });
        json_end(&j);
        assert_true(json_parse(buf_str(&out), &root, &err));
        assert_true(str_equal(json_member(root, "k\n\""), (struct str){ text, n }));
        json_decref(root);
    }
    buf_release(&out);
}

/* Text is looked at eight bytes at a time: every ASCII byte at every place of a longer one, beside Kazakh letters. */
static void test_long_texts(void **state)
{
    struct buf out;

    (void)state;
    buf_init(&out, 1000);
    for (int c = 0; c < 0x80; c++) {
        for (size_t place = 0; place < 24; place++) {
            char text[] = "Астана қаласы, № 7 үй abcdefghijklmnopqrstuvwxyz";
            char *tail = text + sizeof text - 1 - 24;
            struct json j;
            json_t *root;

            tail[place] = (char)c;
            buf_clear(&out);
            json_init(&j, &out);
            json_str(&j, (struct str){ text, sizeof text - 1 });
            root = json_loadb(out.p, out.n, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
            assert_non_null(root);
            assert_int_equal(json_string_length(root), sizeof text - 1);
            assert_memory_equal(json_string_value(root), text, sizeof text - 1);
            json_decref(root);
        }
    }
    buf_release(&out);
}

static void test_parse(void **state)
{
    static const char *const bad[] = {
        "",
        "1",
        "\"a\"",
        "{",
        "{}x",
        "{} {}",
        "{\"a\":1,\"a\":1}",
        "{\"a\":1,\"\\u0061\":1}",
        "[1,]",
        "[01]",
        "[NaN]",
        "['a']",
        "[\"\t\"]",
        "[\"\xff\"]",
        "[\"\\ud800\"]",
        "[9223372036854775808]",
        "[1e999]",
        "\xef\xbb\xbf{}",
        "// x\n{}",
    };
    json_t *root = NULL;
    struct err err;

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_false(json_parse(str_from(bad[i]), &root, &err));
        assert_null(root);
        assert_int_equal(err.kind, ERR_INPUT);
        assert_true(strncmp(err.text, "not JSON at line ", 17) == 0);
    }
    assert_true(json_parse(STR(" {\"a\":\"x\\u0000y\",\"n\":null,\"i\":1} \n"), &root, &err));
    assert_int_equal(json_member(root, "a").n, 3);
    assert_int_equal(json_member(root, "n").n, 0);
    assert_int_equal(json_member(root, "i").n, 0);
    assert_int_equal(json_member(root, "absent").n, 0);
    json_decref(root);
}

static void test_depth(void **state)
{
    char text[8000];
    json_t *root = NULL;
    struct err err;

    (void)state;
    memset(text, '[', 4000);
    memset(text + 4000, ']', 4000);
    assert_false(json_parse((struct str){ text, sizeof text }, &root, &err));
    assert_true(json_parse((struct str){ text + 3000, 2000 }, &root, &err));
    json_decref(root);
}

static void test_limit(void **state)
{
    struct buf out;
    struct json j;

    (void)state;
    buf_init(&out, 8);
    json_init(&j, &out);
    json_open_array(&j);
    json_text(&j, "too long for it");
    json_end(&j);
    assert_true(out.over);
    buf_release(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_shape),      cmocka_unit_test(test_round_trip),
                                        cmocka_unit_test(test_long_texts), cmocka_unit_test(test_parse),
                                        cmocka_unit_test(test_depth),      cmocka_unit_test(test_limit) };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
