/* SPDX-License-Identifier: Apache-2.0 */
/* Progress of long work on standard error: a bar on a terminal, one plain line a step elsewhere. */
#ifndef BASE_PROGRESS_H
#define BASE_PROGRESS_H

#include <stdint.h>

struct progress {
    const char *what;
    int64_t total, shown;
    int terminal;
};

void progress_start(struct progress *p, const char *what, int64_t total);
void progress_step(struct progress *p, int64_t done);
void progress_done(struct progress *p);

#endif
