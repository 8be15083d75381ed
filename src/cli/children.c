/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/children.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/date.h"

enum { READY_MS = 120000, STOP_MS = 20000 }; /* a world of millions takes a while to load */

/* In the child, between fork and exec. */
_Noreturn static void become(const char *const *argv, int output, pid_t parent)
{
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    signal(SIGPIPE, SIG_DFL);
    /* Ctrl-C on the terminal reaches the parent alone, which stops its children in order. */
    setpgid(0, 0);
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    int input = open("/dev/null", O_RDONLY | O_CLOEXEC);
    /* The parent may have died before the request to hear of it. */
    if (input < 0 || getppid() != parent)
        _exit(127);
    dup2(input, STDIN_FILENO);
    dup2(output, STDOUT_FILENO);
    dup2(output, STDERR_FILENO);
    /* execv promises not to change the strings; its type is older than const. */
    char *words[32];
    size_t n = 0;
    while (argv[n] && n < sizeof words / sizeof *words - 1)
        n++;
    memcpy(words, argv, n * sizeof *words);
    words[n] = NULL;
    execv(words[0], words);
    dprintf(STDERR_FILENO, "%s: %s\n", words[0], strerror(errno));
    _exit(127);
}

/* "... ready http://127.0.0.1:8080" */
static void read_line(struct child *child)
{
    child->line[child->line_length] = '\0';
    const char *word = strstr(child->line, "ready");
    if (word && !child->ready && (word == child->line || word[-1] == ' ') && (word[5] == ' ' || word[5] == '\0')) {
        child->ready = true;
        snprintf(child->url, sizeof child->url, "%s", word[5] ? word + 6 : "");
    }
    child->line_length = 0;
}

static void keep_tail(struct child *child, const char *bytes, size_t n)
{
    if (n > CHILD_TAIL) {
        bytes += n - CHILD_TAIL;
        n = CHILD_TAIL;
    }
    size_t keep = child->tail_length + n > CHILD_TAIL ? CHILD_TAIL - n : child->tail_length;
    memmove(child->tail, child->tail + child->tail_length - keep, keep);
    memcpy(child->tail + keep, bytes, n);
    child->tail_length = keep + n;
}

/* Reads what the child has said; false: it has ended. */
static bool listen_to(struct child *child)
{
    char bytes[4096];
    ssize_t n = read(child->output, bytes, sizeof bytes);
    if (n < 0)
        return errno == EAGAIN || errno == EINTR;
    if (n == 0)
        return false;
    /* A full disk must not end the demonstration for the sake of its log. */
    ssize_t written = write(child->log, bytes, (size_t)n);
    (void)written;
    keep_tail(child, bytes, (size_t)n);
    for (ssize_t i = 0; i < n; i++) {
        if (bytes[i] == '\n')
            read_line(child);
        else if (child->line_length + 1 < sizeof child->line)
            child->line[child->line_length++] = bytes[i];
    }
    return true;
}

/* Collects a child that has ended. */
static int collect(struct child *child)
{
    int status = 0;
    while (waitpid(child->pid, &status, 0) < 0 && errno == EINTR)
        continue;
    child->pid = 0;
    return status;
}

static bool ended_by_itself(struct child *child, struct err *err)
{
    int status = collect(child);
    if (WIFSIGNALED(status))
        err_set(err, ERR_SYSTEM, "%s was ended by signal %d", child->name, WTERMSIG(status));
    else
        err_set(err, ERR_SYSTEM, "%s ended by itself with status %d", child->name, WEXITSTATUS(status));
    fprintf(stderr, "--- the last words of %s ---\n%.*s---\n", child->name, (int)child->tail_length, child->tail);
    return false;
}

enum heard { HEARD_NOTHING, HEARD_WORDS, HEARD_STOP, HEARD_END };

/* Waits for words of any child, or for the wish to stop.  HEARD_END: *ret_ended has ended. */
static enum heard hear(struct children *c, int timeout_ms, struct child **ret_ended)
{
    struct pollfd fd[CHILDREN_MAX + 1] = { { .fd = c->stop, .events = POLLIN } };
    for (int i = 0; i < c->count; i++)
        fd[i + 1] = (struct pollfd){ .fd = c->child[i].pid ? c->child[i].output : -1, .events = POLLIN };
    if (poll(fd, (nfds_t)c->count + 1, timeout_ms) <= 0)
        return HEARD_NOTHING;
    for (int i = 0; i < c->count; i++) {
        if (fd[i + 1].revents != 0 && !listen_to(&c->child[i])) {
            *ret_ended = &c->child[i];
            return HEARD_END;
        }
    }
    struct signalfd_siginfo signal_seen;
    if (fd[0].revents != 0 && read(c->stop, &signal_seen, sizeof signal_seen) > 0) {
        c->stopped = true;
        return HEARD_STOP;
    }
    return HEARD_WORDS;
}

static bool spawn(struct child *child, const char *log_path, const char *const *argv, struct err *err)
{
    int pipe_ends[2];
    child->log = open(log_path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (child->log < 0)
        return err_set(err, ERR_SYSTEM, "%s: %s", log_path, strerror(errno));
    if (pipe2(pipe_ends, O_CLOEXEC) != 0) {
        close(child->log);
        return err_set(err, ERR_SYSTEM, "pipe: %s", strerror(errno));
    }
    pid_t parent = getpid(), pid = fork();
    if (pid == 0)
        become(argv, pipe_ends[1], parent);
    close(pipe_ends[1]);
    if (pid < 0) {
        close(pipe_ends[0]);
        close(child->log);
        return err_set(err, ERR_SYSTEM, "fork: %s", strerror(errno));
    }
    fcntl(pipe_ends[0], F_SETFL, O_NONBLOCK);
    child->output = pipe_ends[0];
    child->pid = pid;
    return true;
}

bool children_start(struct children *c, const char *name, const char *log_path, const char *const *argv, const struct child **ret,
                    struct err *err)
{
    if (c->count == CHILDREN_MAX)
        BUG("more than %d children", CHILDREN_MAX);
    struct child *child = &c->child[c->count];
    *child = (struct child){ .name = name };
    if (!spawn(child, log_path, argv, err))
        return false;
    c->count++;
    int64_t until = moment_now().ms + READY_MS;
    while (!child->ready) {
        int64_t left = until - moment_now().ms;
        struct child *ended;
        switch (hear(c, left > 0 ? (int)left : 0, &ended)) {
        case HEARD_NOTHING:
            if (left <= 0)
                return err_set(err, ERR_SYSTEM, "%s is not ready after %d seconds; see %s", name, READY_MS / 1000, log_path);
            break;
        case HEARD_WORDS: break;
        case HEARD_STOP: return err_set(err, ERR_CONFLICT, "stopped");
        case HEARD_END: return ended_by_itself(ended, err);
        }
    }
    *ret = child;
    return true;
}

bool children_watch(struct children *c, struct err *err)
{
    struct child *ended;
    for (;;) {
        enum heard heard = hear(c, -1, &ended);
        if (heard == HEARD_STOP)
            return true;
        if (heard == HEARD_END)
            return ended_by_itself(ended, err);
    }
}

static void stop_child(struct children *c, struct child *child)
{
    int64_t until = moment_now().ms + STOP_MS;
    kill(child->pid, SIGTERM);
    while (child->pid) {
        struct child *ended = NULL;
        int64_t left = until - moment_now().ms;
        enum heard heard = hear(c, left > 0 ? (int)left : 0, &ended);
        /* A second Ctrl-C, or too slow. */
        if (heard == HEARD_STOP || left <= 0) {
            kill(child->pid, SIGKILL);
            until = moment_now().ms + STOP_MS;
        }
        if (heard == HEARD_END)
            collect(ended);
    }
}

void children_stop(struct children *c)
{
    for (int i = c->count - 1; i >= 0; i--) {
        if (c->child[i].pid)
            stop_child(c, &c->child[i]);
        close(c->child[i].output);
        c->child[i].output = -1;
        close(c->child[i].log);
    }
    c->count = 0;
}
