/* SPDX-License-Identifier: Apache-2.0 */
/* arena, err, digest, file */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/digest.h"
#include "base/file.h"

static void test_arena(void **state)
{
    static const unsigned char zero[5000];
    struct arena a;
    char *before = NULL;

    (void)state;
    arena_init(&a, 1024);
    for (int round = 0; round < 3; round++) {
        for (size_t n = 0; n < 5000; n += 37) {
            char *p = arena_alloc(&a, n);

            assert_int_equal((uintptr_t)p % 16, 0);
            assert_memory_equal(p, zero, n);
            memset(p, 0xff, n);
            assert_true(!before || before[0] == 'k');
            before = ARENA_ARRAY(&a, char, 1);
            before[0] = 'k';
        }
        before = NULL;
        arena_reset(&a);
    }
    assert_string_equal(arena_text(&a, STR("abc")), "abc");
    assert_string_equal(arena_text(&a, (struct str){ NULL, 0 }), "");
    assert_string_equal(arena_printf(&a, "%d-%s", 7, "x").p, "7-x");
    assert_memory_equal(arena_copy(&a, "a\0b", 3), "a\0b", 3);
    arena_release(&a);
    arena_release(&a);
}

static void test_push(void **state)
{
    int *items = NULL;
    size_t count = 0, capacity = 0;

    (void)state;
    for (int i = 0; i < 1000; i++)
        *MEM_PUSH(items, count, capacity) = i;
    assert_int_equal(count, 1000);
    for (int i = 0; i < 1000; i++)
        assert_int_equal(items[i], i);
    free(items);
}

static void test_err(void **state)
{
    struct err err = { 0 };
    char large[1000];

    (void)state;
    assert_false(err_set(&err, ERR_INPUT, "column %s: bad", "born"));
    assert_false(err_prefix(&err, "%s:%d", "persons.csv", 7));
    assert_string_equal(err.text, "persons.csv:7: column born: bad");
    err_set(&err, ERR_SYSTEM, "again: %s", err.text);
    assert_string_equal(err.text, "again: persons.csv:7: column born: bad");
    assert_int_equal(err.kind, ERR_SYSTEM);
    err_set(&err, ERR_LIMIT, "too many");
    assert_int_equal(err.again, 0);
    assert_false(err_again(&err, 1001));
    assert_int_equal(err.again, 2);
    err_again(&err, -5); /* the moment has passed meanwhile */
    assert_int_equal(err.again, 1);
    err_set(&err, ERR_SYSTEM, "another");
    assert_int_equal(err.again, 0);
    /* A text that is too long is cut between characters. */
    for (size_t shift = 0; shift < 2; shift++) {
        memset(large, 'x', shift);
        for (size_t i = shift; i + 2 < sizeof large; i += 2)
            memcpy(large + i, "\xd2\x9a", 2);
        large[sizeof large - 2] = 0;
        large[sizeof large - 1] = 0;
        err_set(&err, ERR_INPUT, "%s", large);
        assert_true(strlen(err.text) >= sizeof err.text - 2);
        assert_true(str_is_utf8(str_from(err.text)));
        err_prefix(&err, "p");
        assert_true(str_is_utf8(str_from(err.text)));
    }
}

static void test_err_kinds(void **state)
{
    static const struct {
        enum err_kind kind;
        int http, exit_code;
    } rows[] = {
        { ERR_NONE, 200, 0 },     { ERR_INPUT, 400, 2 }, { ERR_NOT_FOUND, 404, 1 }, { ERR_FORBIDDEN, 403, 1 },
        { ERR_CONFLICT, 409, 1 }, { ERR_LIMIT, 429, 1 }, { ERR_SILENT, 503, 1 },    { ERR_SYSTEM, 500, 1 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_int_equal(err_http_status(rows[i].kind), rows[i].http);
        assert_int_equal(err_exit_code(rows[i].kind), rows[i].exit_code);
    }
}

static void test_digest(void **state)
{
    char hex[DIGEST_HEX], token[DIGEST_TOKEN], other[DIGEST_TOKEN], uuid[DIGEST_UUID];

    (void)state;
    digest_setup();
    digest_setup();
    /* FIPS 180-2, appendix B.1 */
    assert_string_equal(digest_hex(STR("abc"), hex), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assert_string_equal(digest_hex((struct str){ NULL, 0 }, hex),
                        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    assert_int_equal(strlen(digest_token(token)), 43);
    assert_int_equal(strspn(token, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"), 43);
    assert_string_not_equal(token, digest_token(other));
    assert_int_equal(strlen(digest_uuid(uuid)), 36);
    assert_true(uuid[8] == '-' && uuid[13] == '-' && uuid[14] == '4' && uuid[18] == '-' && uuid[23] == '-');
    assert_non_null(strchr("89ab", uuid[19]));
    assert_true(digest_equal(STR("ab"), STR("ab")) && !digest_equal(STR("ab"), STR("ac")) && !digest_equal(STR("a"), STR("ab")));
}

static void test_file(void **state)
{
    char folder[] = "/tmp/tirkeu-base-XXXXXX";
    struct arena a;
    struct str deep, path, text;
    struct err err;
    struct stat about;

    (void)state;
    assert_non_null(mkdtemp(folder));
    arena_init(&a, 0);
    deep = arena_printf(&a, "%s/a/b//c/", folder);
    path = arena_printf(&a, "%sfile", deep.p);
    assert_false(file_write(path.p, STR("x"), &err));
    assert_int_equal(err.kind, ERR_NOT_FOUND);
    assert_false(file_read(path.p, 10, &a, &text, &err));
    assert_int_equal(err.kind, ERR_NOT_FOUND);
    assert_true(file_make_folder(deep.p, &err) && file_make_folder(deep.p, &err));
    assert_true(file_write(path.p, STR("first, and longer"), &err) && file_write(path.p, STR("second"), &err));
    assert_true(file_read(path.p, 6, &a, &text, &err));
    assert_true(str_is(text, "second") && text.p[6] == 0);
    assert_false(file_read(path.p, 5, &a, &text, &err));
    assert_int_equal(err.kind, ERR_LIMIT);
    assert_false(file_make_folder(path.p, &err));
    assert_int_equal(err.kind, ERR_SYSTEM);
    assert_false(file_read(folder, 100, &a, &text, &err));
    assert_int_equal(err.kind, ERR_SYSTEM);
    /* no temporary name is left beside it: the folder has no other entry and can go */
    assert_int_equal(stat(path.p, &about), 0);
    assert_true(unlink(path.p) == 0 && rmdir(deep.p) == 0);
    assert_int_equal(rmdir(arena_printf(&a, "%s/a/b", folder).p), 0);
    assert_int_equal(rmdir(arena_printf(&a, "%s/a", folder).p), 0);
    assert_int_equal(rmdir(folder), 0);
    arena_release(&a);
}

static void test_large_file(void **state)
{
    char name[] = "/tmp/tirkeu-base-XXXXXX";
    int fd = mkstemp(name);
    char *large = mem_alloc(3000000);
    struct arena a;
    struct file_map map;
    struct str text;
    struct err err;

    (void)state;
    assert_true(fd >= 0);
    close(fd);
    arena_init(&a, 0);
    memset(large, 'x', 3000000);
    assert_true(file_write(name, (struct str){ large, 3000000 }, &err));
    assert_true(file_read(name, SIZE_MAX, &a, &text, &err));
    assert_int_equal(text.n, 3000000);
    assert_memory_equal(text.p, large, text.n);
    assert_true(file_map(name, SIZE_MAX, &a, &map, &err));
    file_map_forget(&map, 0, 100);
    file_map_forget(&map, 5000, 2999999);
    assert_true(map.text.n == 3000000 && memcmp(map.text.p, large, map.text.n) == 0);
    file_unmap(&map);
    /* a file that says it has no size and has bytes all the same */
    assert_true(file_read("/proc/self/status", 100000, &a, &text, &err) && text.n > 100);
    unlink(name);
    free(large);
    arena_release(&a);
}

/* Mapped or read, the bytes and the errors are those of file_read. */
static void test_map(void **state)
{
    static const char *const names[] = { "/tmp/tirkeu-base-absent", "/tmp" };
    char name[] = "/tmp/tirkeu-base-XXXXXX";
    int fd = mkstemp(name);
    struct arena a;
    struct file_map map;
    struct str text;
    struct err mapped, read;

    (void)state;
    assert_true(fd >= 0);
    close(fd);
    arena_init(&a, 0);
    assert_true(file_map(name, 10, &a, &map, &mapped) && map.text.n == 0);
    file_unmap(&map);
    assert_true(file_write(name, STR("ten bytes."), &mapped));
    assert_true(file_map(name, 10, &a, &map, &mapped));
    file_map_forget(&map, 0, 10);
    assert_true(str_is(map.text, "ten bytes.") && map.mapping);
    file_unmap(&map);
    assert_null(map.mapping);
    assert_false(file_map(name, 9, &a, &map, &mapped) || file_read(name, 9, &a, &text, &read));
    assert_string_equal(mapped.text, read.text);
    for (int i = 0; i < 2; i++) {
        assert_false(file_map(names[i], 10, &a, &map, &mapped) || file_read(names[i], 10, &a, &text, &read));
        assert_int_equal(mapped.kind, read.kind);
        assert_string_equal(mapped.text, read.text);
    }
    assert_true(file_map("/proc/self/status", 100000, &a, &map, &mapped) && map.text.n > 100 && !map.mapping);
    file_unmap(&map);
    unlink(name);
    arena_release(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_arena),      cmocka_unit_test(test_push),
                                        cmocka_unit_test(test_err),        cmocka_unit_test(test_err_kinds),
                                        cmocka_unit_test(test_digest),     cmocka_unit_test(test_file),
                                        cmocka_unit_test(test_large_file), cmocka_unit_test(test_map) };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
