/* SPDX-License-Identifier: Apache-2.0 */
/* Files that a killed writer left behind: removed are ours that nobody writes, and nothing else. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "base/file.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[] = "/tmp/base_file_test_XXXXXX";

static const char *in_folder(const char *name)
{
    static char path[200];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

static bool is_there(const char *name)
{
    struct stat about;
    return lstat(in_folder(name), &about) == 0;
}

static int make(const char *name)
{
    int fd = open(in_folder(name), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    assert_true(fd >= 0);
    return fd;
}

static void only_ours_that_nobody_writes(void **state)
{
    (void)state;
    static const char *const kept[] = { "a.mart.writing-abcde",   "a.mart.writing-abcdefg",
                                        "a.mart.writing-abc_ef",  "a.mart.backup",
                                        "b.mart.writing-abcdef",  "a.mart.abcdef",
                                        "a.mart.writing-abcde.",  "a.mart",
                                        "xa.mart.writing-abcdef", "a.mart.writing-" };
    const int count = (int)(sizeof kept / sizeof *kept);
    assert_non_null(mkdtemp(folder));
    for (int i = 0; i < count; i++)
        close(make(kept[i]));
    close(make("a.mart.writing-aZ09bc"));
    close(make("a.mart.writing-000000"));
    int locked = make("a.mart.writing-locked");
    assert_int_equal(flock(locked, LOCK_EX), 0);
    assert_int_equal(symlink("b.mart.writing-abcdef", in_folder("a.mart.writing-symlin")), 0);
    file_remove_unfinished(in_folder("a.mart"));
    assert_false(is_there("a.mart.writing-aZ09bc") || is_there("a.mart.writing-000000"));
    for (int i = 0; i < count; i++)
        assert_true(is_there(kept[i]));
    assert_true(is_there("a.mart.writing-locked") && is_there("a.mart.writing-symlin"));
    close(locked); /* its writer ends */
    file_remove_unfinished(in_folder("a.mart"));
    assert_false(is_there("a.mart.writing-locked"));
    unlink(in_folder("a.mart.writing-symlin"));
    for (int i = 0; i < count; i++)
        unlink(in_folder(kept[i]));
    assert_int_equal(rmdir(folder), 0); /* nothing else is left */
}

static void nowhere(void **state)
{
    (void)state;
    file_remove_unfinished("/no/such/folder/a.mart");
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(only_ours_that_nobody_writes), cmocka_unit_test(nowhere) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
