/* SPDX-License-Identifier: Apache-2.0 */
/* log and progress: what they write on standard error, caught through a pipe */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/log.h"
#include "base/progress.h"

#define CAUGHT 8192

struct capture {
    int saved, reading;
};

static struct capture capture_start(void)
{
    int ends[2];
    struct capture c = { .saved = dup(STDERR_FILENO) };

    assert_int_equal(pipe(ends), 0);
    dup2(ends[1], STDERR_FILENO);
    close(ends[1]);
    c.reading = ends[0];
    return c;
}

/* All that was written fits into the pipe, so nobody has to read meanwhile. */
static void capture_end(struct capture c, char ret[CAUGHT])
{
    size_t n = 0;
    ssize_t got;

    dup2(c.saved, STDERR_FILENO); /* closes the last writing end */
    close(c.saved);
    while (n < CAUGHT - 1 && (got = read(c.reading, ret + n, CAUGHT - 1 - n)) > 0)
        n += (size_t)got;
    close(c.reading);
    ret[n] = 0;
}

static void test_log(void **state)
{
    char caught[CAUGHT];
    struct capture c;

    (void)state;
    unsetenv("TIRKEU_DEBUG");
    log_open("tirkeu test");
    c = capture_start();
    log_warn("filing=%d", 7);
    log_info("state=%s", "waiting");
    log_debug("not shown");
    setenv("TIRKEU_DEBUG", "1", 1);
    log_open("tirkeu test");
    log_debug("shown");
    capture_end(c, caught);
    assert_string_equal(caught, "<4>tirkeu test: filing=7\n<6>tirkeu test: state=waiting\n<7>tirkeu test: shown\n");
}

/* Whatever is in a message, it stays one line: nobody can write a second one into the journal. */
static void test_one_line(void **state)
{
    char caught[CAUGHT], large[5000];
    struct capture c;

    (void)state;
    log_open("t");
    c = capture_start();
    log_info("a%sb", "\n<2>forged\r\x1b[2J");
    capture_end(c, caught);
    assert_string_equal(caught, "<6>t: a <2>forged  [2Jb\n");
    memset(large, 'x', sizeof large);
    large[sizeof large - 1] = 0;
    c = capture_start();
    log_info("%s", large);
    log_info("next");
    capture_end(c, caught);
    assert_true(strlen(caught) < 2100);
    assert_string_equal(strchr(caught, '\n'), "\n<6>t: next\n");
}

static void test_progress(void **state)
{
    char caught[CAUGHT];
    struct progress p;
    struct capture c = capture_start();
    int lines = 0;

    (void)state;
    progress_start(&p, "reading", 1000);
    for (int i = 1; i <= 990; i++)
        progress_step(&p, i);
    progress_step(&p, 5000);
    progress_done(&p);
    progress_start(&p, "nothing", 0);
    progress_done(&p);
    capture_end(c, caught);
    for (const char *at = caught; (at = strchr(at, '\n')); at++)
        lines++;
    assert_int_equal(lines, 10);
    assert_true(strncmp(caught, "reading: 100 of 1000\nreading: 200 of 1000\n", 42) == 0);
    assert_non_null(strstr(caught, "reading: 1000 of 1000\n"));
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_log), cmocka_unit_test(test_one_line),
                                        cmocka_unit_test(test_progress) };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
