/* SPDX-License-Identifier: Apache-2.0 */
/* Lines of a stream of any length, in a fixed amount of memory: LF or CRLF, one byte-order mark allowed at the beginning. */
#ifndef BASE_LINES_H
#define BASE_LINES_H

#include "base/err.h"
#include "base/str.h"

struct lines {
    int fd;
    size_t limit; /* bytes of the longest line, without its end */
    char *buffer;
    size_t start, end, capacity; /* what has been read and not yet taken */
    int64_t line;                /* number of the line just taken, from 1 */
    bool ended;
};

enum lines_status { LINES_LINE, LINES_TOO_LONG, LINES_END, LINES_BAD };

/* Does not own fd. */
void lines_init(struct lines *l, int fd, size_t limit);
void lines_release(struct lines *l);
/* The next line without its end; it lives until the next call.  LINES_TOO_LONG: the line was over the limit and has been
 * skipped.  LINES_BAD: reading failed, *err says why. */
enum lines_status lines_next(struct lines *l, struct str *ret, struct err *err);
/* No whole line is left in memory: the next call reads, and may wait for whoever writes. */
bool lines_would_read(const struct lines *l);

#endif
