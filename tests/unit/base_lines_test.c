/* SPDX-License-Identifier: Apache-2.0 */
/* Lines of a stream: every length around the limit, both line ends, however the bytes arrive. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/lines.h"

#define LIMIT 32

/* A child writes `text` in pieces of `piece` bytes; the parent reads lines and joins them with '|', '!' for one too long. */
static void read_back(const char *text, size_t n, size_t piece, char *ret, size_t room)
{
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    if (child == 0) {
        close(ends[0]);
        for (size_t at = 0; at < n; at += piece)
            (void)!write(ends[1], text + at, n - at < piece ? n - at : piece);
        _exit(0);
    }
    close(ends[1]);
    struct lines l;
    struct str line;
    struct err err;
    enum lines_status status;
    struct buf out;
    buf_init(&out, room - 1);
    lines_init(&l, ends[0], LIMIT);
    while ((status = lines_next(&l, &line, &err)) != LINES_END) {
        assert_int_not_equal(status, LINES_BAD);
        if (status == LINES_TOO_LONG)
            buf_add_char(&out, '!');
        else
            buf_add_str(&out, line);
        buf_add_char(&out, '|');
    }
    memcpy(ret, out.p, out.n + 1);
    buf_release(&out);
    lines_release(&l);
    close(ends[0]);
    waitpid(child, NULL, 0);
}

static void test_rows(void **state)
{
    (void)state;
    static const struct {
        const char *text, *expected;
    } rows[] = {
        { "", "" },
        { "a", "a|" },
        { "a\n", "a|" },
        { "a\r\nb\r\n", "a|b|" },
        { "\n\na", "||a|" },
        { "\xEF\xBB\xBF"
          "a\n\xEF\xBB\xBF"
          "b",
          "a|\xEF\xBB\xBF"
          "b|" },
        { "12345678901234567890123456789012\nx\n", "12345678901234567890123456789012|x|" },
        { "123456789012345678901234567890123\nx\n", "!|x|" },
        { "12345678901234567890123456789012\r\nx", "12345678901234567890123456789012|x|" },
        { "1234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890", "!|" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        for (size_t piece = 1; piece < 64; piece += 7) {
            char got[512];
            read_back(rows[i].text, strlen(rows[i].text), piece, got, sizeof got);
            assert_string_equal(got, rows[i].expected);
        }
    }
}

/* Far more than the buffer: the memory stays what it is and the next line is found. */
static void test_very_long(void **state)
{
    (void)state;
    size_t n = 500000;
    char *text = malloc(n + 3), got[64];
    memset(text, 'x', n);
    memcpy(text + n, "\ny\n", 3);
    read_back(text, n + 3, 4096, got, sizeof got);
    assert_string_equal(got, "!|y|");
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_rows), cmocka_unit_test(test_very_long) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
