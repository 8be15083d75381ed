/* SPDX-License-Identifier: Apache-2.0 */
#include "base/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LOG_LINE 2048

/* Set once by log_open before any thread is started, read only afterwards. */
static struct {
    const char *program;
    int debug;
} log_state = { .program = "tirkeu" };

void log_open(const char *program)
{
    const char *debug = getenv("TIRKEU_DEBUG");

    log_state.program = program;
    log_state.debug = debug && *debug;
}

/* A line break or another control character out of a message would forge a second log line. */
static void flatten(char *line, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if ((unsigned char)line[i] < ' ' || line[i] == 0x7f)
            line[i] = ' ';
}

/* One write a line, so that lines of several threads and processes do not mix. */
static void __attribute__((format(printf, 2, 0))) put_line(int priority, const char *format, va_list args)
{
    char line[LOG_LINE];
    int n = snprintf(line, sizeof line, "<%d>%s: ", priority, log_state.program);
    size_t used;

    vsnprintf(line + n, sizeof line - (size_t)n, format, args);
    used = strnlen(line, sizeof line - 2);
    flatten(line, used);
    line[used++] = '\n';
    if (write(STDERR_FILENO, line, used) < 0)
        return; /* there is nowhere left to say so */
}

void log_warn(const char *format, ...)
{
    va_list args;

    va_start(args, format);
    put_line(4, format, args);
    va_end(args);
}

void log_info(const char *format, ...)
{
    va_list args;

    va_start(args, format);
    put_line(6, format, args);
    va_end(args);
}

void log_debug(const char *format, ...)
{
    va_list args;

    if (!log_state.debug)
        return;
    va_start(args, format);
    put_line(7, format, args);
    va_end(args);
}
