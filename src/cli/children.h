/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The processes of the demonstration: started one after another, each when the one before says "ready", and stopped together.
 * Children get SIGTERM from the kernel when their parent dies in any way, kill -9 included.
 */
#ifndef CLI_CHILDREN_H
#define CLI_CHILDREN_H

#include <sys/types.h>

#include "base/err.h"

#define CHILDREN_MAX 4
#define CHILD_TAIL   1500

struct child {
    const char *name;
    pid_t pid;  /* 0: not running */
    int output; /* reading end of its standard error and output; ends when the child does */
    int log;    /* everything it says is kept there */
    bool ready;
    char url[64];   /* what it said after "ready", "" when it said nothing */
    char line[512]; /* the line that is coming in */
    size_t line_length;
    char tail[CHILD_TAIL]; /* its last words, for the report of an early end */
    size_t tail_length;
};
struct children {
    struct child child[CHILDREN_MAX];
    int count;
    int stop;     /* readable: somebody wants everything stopped (service_stop_descriptor) */
    bool stopped; /* it was wanted */
};

/* Starts argv[0] and waits until it says "ready" on a line.  False with `stopped`: nothing went wrong. */
bool children_start(struct children *c, const char *name, const char *log_path, const char *const *argv, const struct child **ret,
                    struct err *err);
/* Waits until somebody wants everything stopped (true) or a child has ended by itself (false). */
bool children_watch(struct children *c, struct err *err);
/* SIGTERM to each in the reverse order of starting; SIGKILL to one that needs too long. */
void children_stop(struct children *c);

#endif
