/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/lines.h"

#define BOM "\xEF\xBB\xBF"

void lines_init(struct lines *l, int fd, size_t limit)
{
    *l = (struct lines){ .fd = fd, .limit = limit };
    l->capacity = 2 * limit + 65536;
    l->buffer = mem_alloc(l->capacity);
}

void lines_release(struct lines *l)
{
    free(l->buffer);
    l->buffer = NULL;
}

/* Reads more behind what is there, moving it to the front first; false at the end of the stream or on an error. */
static bool read_more(struct lines *l, struct err *err)
{
    memmove(l->buffer, l->buffer + l->start, l->end - l->start);
    l->end -= l->start;
    l->start = 0;
    ssize_t n;
    do
        n = read(l->fd, l->buffer + l->end, l->capacity - l->end);
    while (n < 0 && errno == EINTR);
    if (n < 0)
        return err_set(err, ERR_SYSTEM, "cannot read: %s", strerror(errno));
    l->ended = n == 0;
    l->end += (size_t)n;
    return n > 0;
}

static struct str without_ends(struct lines *l, struct str line)
{
    if (line.n > 0 && line.p[line.n - 1] == '\r')
        line.n--;
    if (l->line == 1 && str_starts(line, BOM))
        line = (struct str){ line.p + 3, line.n - 3 };
    return line;
}

bool lines_would_read(const struct lines *l)
{
    return !l->ended && memchr(l->buffer + l->start, '\n', l->end - l->start) == NULL;
}

enum lines_status lines_next(struct lines *l, struct str *ret, struct err *err)
{
    bool skipped = false;
    size_t searched = 0;
    err->kind = ERR_NONE;
    for (;;) {
        char *from = l->buffer + l->start, *newline = memchr(from + searched, '\n', l->end - l->start - searched);
        if (newline == NULL && !l->ended) {
            searched = l->end - l->start;
            if (searched > l->limit + 8) { /* too long already: drop it and look for its end */
                l->start = l->end;
                searched = 0;
                skipped = true;
            }
            if (!read_more(l, err) && err->kind != ERR_NONE)
                return LINES_BAD;
            continue;
        }
        size_t n = newline != NULL ? (size_t)(newline - from) : l->end - l->start;
        if (newline == NULL && n == 0 && !skipped)
            return LINES_END;
        l->start += n + (newline != NULL);
        l->line++;
        *ret = without_ends(l, (struct str){ from, n });
        return skipped || ret->n > l->limit ? LINES_TOO_LONG : LINES_LINE;
    }
}
