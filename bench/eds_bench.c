/* SPDX-License-Identifier: Apache-2.0 */
/*
 * eds_bench make FOLDER           signed objects of this run, GOST and RSA
 * eds_bench run FOLDER ROUNDS     every contestant in turn, round by round; raw figures, then medians and ratios
 * eds_bench profile FOLDER WORDS  the contestants whose name has WORDS, in this process, for perf
 *
 * A contestant runs in a process of its own, made anew for every round, so that none has the other's provider or engine in it.
 */
#include "eds_messages.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "eds/eds.h"

enum { CONTESTANTS_MAX = 32, ROUNDS_MAX = 64, WARM = OBJECTS };
#define SECONDS 0.3 /* processor time of one contestant in one round */

static struct objects gost, rsa;
static struct contestant all[CONTESTANTS_MAX];
static double rate[CONTESTANTS_MAX][ROUNDS_MAX];
static int contestants;

static double processor_time(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static void call(const struct contestant *c, const struct objects *objects, int i)
{
    if (!c->once(&objects->object[i % OBJECTS]))
        BUG("%s: object %d is not verified", c->name, i % OBJECTS);
}

static double measure(const struct contestant *c, double seconds)
{
    const struct objects *objects = strcmp(c->kind, "rsa") == 0 ? &rsa : &gost;
    c->start(objects);
    for (int i = 0; i < WARM; i++)
        call(c, objects, i);
    double begin = processor_time(), end;
    int done = 0;
    do {
        call(c, objects, done++);
        end = processor_time();
    } while (end - begin < seconds);
    return done / (end - begin);
}

static double measure_apart(const struct contestant *c)
{
    int pipes[2], status;
    double result = 0;
    if (pipe(pipes) != 0)
        BUG("no pipe");
    fflush(stdout);
    pid_t child = fork();
    if (child < 0)
        BUG("no process");
    if (child == 0) {
        result = measure(c, SECONDS);
        _exit(write(pipes[1], &result, sizeof result) == sizeof result ? 0 : 1);
    }
    close(pipes[1]);
    bool got = read(pipes[0], &result, sizeof result) == sizeof result;
    close(pipes[0]);
    waitpid(child, &status, 0);
    if (!got || status != 0)
        BUG("%s: failed", c->name);
    return result;
}

/* ---- the command line tool, for scale ---- */

static const char *tool_folder;

static void tool_start(const struct objects *objects) { (void)objects; }

static double tool_rate(void)
{
    enum { RUNS = 10 };
    char cms[512], trusted[512];
    struct rusage before, after;
    snprintf(trusted, sizeof trusted, "%s/rsa-trusted.pem", tool_folder);
    getrusage(RUSAGE_CHILDREN, &before);
    for (int i = 0; i < RUNS; i++) {
        int status;
        snprintf(cms, sizeof cms, "%s/rsa-%d.cms", tool_folder, i);
        pid_t child = fork();
        if (child == 0) {
            if (!freopen("/dev/null", "w", stderr))
                _exit(126);
            execlp("openssl", "openssl", "cms", "-verify", "-binary", "-inform", "DER", "-in", cms, "-CAfile", trusted,
                   "-no-CApath", "-no-CAstore", "-out", "/dev/null", (char *)NULL);
            _exit(127);
        }
        waitpid(child, &status, 0);
        if (status != 0)
            BUG("openssl cms -verify: status %d", status);
    }
    getrusage(RUSAGE_CHILDREN, &after);
    double used =
        (double)(after.ru_utime.tv_sec - before.ru_utime.tv_sec + after.ru_stime.tv_sec - before.ru_stime.tv_sec) +
        1e-6 * (double)(after.ru_utime.tv_usec - before.ru_utime.tv_usec + after.ru_stime.tv_usec - before.ru_stime.tv_usec);
    return RUNS / used;
}

static const struct contestant tool[] = { { "rsa: openssl cms -verify, a process each", "rsa", tool_start, NULL },
                                          { NULL, NULL, NULL, NULL } };

/* ---- rounds ---- */

static void add(const struct contestant *list)
{
    for (; list->name; list++)
        all[contestants++] = *list;
}

static int by_size(const void *a, const void *b)
{
    const double *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

static double median(const double *of, int n)
{
    double sorted[ROUNDS_MAX];
    memcpy(sorted, of, (size_t)n * sizeof *of);
    qsort(sorted, (size_t)n, sizeof *sorted, by_size);
    return n % 2 ? sorted[n / 2] : (sorted[n / 2 - 1] + sorted[n / 2]) / 2;
}

static int find(const char *name)
{
    for (int i = 0; i < contestants; i++) {
        if (strcmp(all[i].name, name) == 0)
            return i;
    }
    BUG("no contestant %s", name);
}

/* Round by round, for the machine's own speed moves between rounds. */
static void compare(const char *one, const char *other, int rounds)
{
    double ratio[ROUNDS_MAX], least, most;
    int a = find(one), b = find(other);
    for (int i = 0; i < rounds; i++)
        ratio[i] = rate[a][i] / rate[b][i];
    double middle = median(ratio, rounds);
    qsort(ratio, (size_t)rounds, sizeof *ratio, by_size);
    least = ratio[0];
    most = ratio[rounds - 1];
    printf("%5.2f times (%.2f to %.2f)  %s  /  %s\n", middle, least, most, one, other);
}

static const char *const pairs[][2] = {
    { "gost: eds_verify, cached issuers, OCSP answer", "gost: gost-engine, three signatures (object, signer, authority)" },
    { "gost: eds_verify, cached issuers, no answer", "gost: gost-engine, three signatures (object, signer, authority)" },
    { "gost: eds_verify, cached issuers, no answer", "gost: gost-engine, two signatures (object, signer)" },
    { "gost: eds_verify, cold, no answer", "gost: gost-engine, three signatures (object, signer, authority)" },
    { "gost: certificate parsed, one signature", "gost: gost-engine, certificate parsed, one signature" },
    { "rsa: eds_verify, cached issuers, OCSP answer", "rsa: CMS_verify, store kept" },
    { "rsa: eds_verify, cached issuers, no answer", "rsa: CMS_verify, store kept" },
    { "rsa: eds_verify, cached issuers, no answer", "rsa: CMS_verify, store built anew" },
    { "rsa: eds_verify, cold, no answer", "rsa: CMS_verify, store built anew" },
    { "gost: message signed", "gost: gost-engine, one signature made" },
    { "gost: message checked", "gost: gost-engine, three signatures (object, signer, authority)" },
    { "rsa: message signed", "rsa: xmlsec1, message signed" },
    { "rsa: message checked", "rsa: xmlsec1, message checked by a key" },
};

static void run(int rounds)
{
    add(ours);
    add(engine);
    add(plain);
    add(messages);
    add(message_peers);
    add(tool);
    for (int round = 0; round < rounds; round++) {
        for (int i = 0; i < contestants; i++) {
            rate[i][round] = all[i].once ? measure_apart(&all[i]) : tool_rate();
            printf("round %d: %9.1f/s  %s\n", round, rate[i][round], all[i].name);
        }
    }
    printf("\nmedians of %d rounds, a second of one core\n", rounds);
    for (int i = 0; i < contestants; i++)
        printf("%9.0f  %s\n", median(rate[i], rounds), all[i].name);
    printf("\nround by round\n");
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        compare(pairs[i][0], pairs[i][1], rounds);
}

static void profile(const char *words)
{
    const struct contestant *const lists[] = { ours, engine, plain, messages, message_peers };
    for (size_t k = 0; k < sizeof lists / sizeof *lists; k++) {
        for (const struct contestant *c = lists[k]; c->name; c++) {
            if (strstr(c->name, words))
                printf("%9.1f/s  %s\n", measure(c, 1), c->name);
        }
    }
}

int main(int argc, char **argv)
{
    struct arena arena;
    if (argc < 3)
        return 2;
    tool_folder = argv[2];
    if (strcmp(argv[1], "make") == 0) {
        eds_setup();
        objects_make(argv[2], "gost");
        objects_make(argv[2], "rsa");
        messages_make(argv[2]);
        return 0;
    }
    arena_init(&arena, 0);
    objects_read(argv[2], "gost", &arena, &gost);
    objects_read(argv[2], "rsa", &arena, &rsa);
    uint64_t rounds = 0;
    if (argc > 3)
        str_to_u64(str_from(argv[3]), &rounds);
    if (strcmp(argv[1], "profile") == 0 && argc > 3)
        profile(argv[3]);
    else if (rounds > 0 && rounds <= ROUNDS_MAX)
        run((int)rounds);
    arena_release(&arena);
    return 0;
}
