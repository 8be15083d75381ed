/* SPDX-License-Identifier: Apache-2.0 */
#include "base/progress.h"

#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#define BAR_WIDTH      40
#define TERMINAL_STEPS 1000 /* a bar is drawn again every thousandth */
#define PLAIN_STEPS    10   /* a plain line every tenth */

static void draw(const struct progress *p, int64_t done)
{
    int filled = p->total > 0 ? (int)((double)done / (double)p->total * BAR_WIDTH) : BAR_WIDTH;
    char bar[BAR_WIDTH + 1];

    if (!p->terminal) {
        fprintf(stderr, "%s: %" PRId64 " of %" PRId64 "\n", p->what, done, p->total);
        return;
    }
    for (int i = 0; i < BAR_WIDTH; i++)
        bar[i] = i < filled ? '#' : '.';
    bar[BAR_WIDTH] = 0;
    fprintf(stderr, "\r%s [%s] %" PRId64 " of %" PRId64, p->what, bar, done, p->total);
    fflush(stderr);
}

void progress_start(struct progress *p, const char *what, int64_t total)
{
    *p = (struct progress){ .what = what, .total = total > 0 ? total : 0, .terminal = isatty(STDERR_FILENO) };
    if (p->terminal)
        draw(p, 0);
}

void progress_step(struct progress *p, int64_t done)
{
    int64_t step = p->total / (p->terminal ? TERMINAL_STEPS : PLAIN_STEPS);

    if (done > p->total)
        done = p->total;
    if (done <= p->shown || (done - p->shown < step && done < p->total))
        return;
    p->shown = done;
    draw(p, done);
}

void progress_done(struct progress *p)
{
    progress_step(p, p->total);
    if (p->terminal)
        fputc('\n', stderr);
}
