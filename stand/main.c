/* SPDX-License-Identifier: Apache-2.0 */
/* tirkeu-stand: the state registers on a laptop. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/digest.h"
#include "base/log.h"
#include "stand/signer.h"
#include "stand/stand.h"

static const struct {
    const char *name;
    int (*run)(int count, char **argument); /* without the command's name */
} commands[] = {
    { "authority", authority_command },
    { "signer", signer_command },
};

static int run(struct stand *stand)
{
    struct stand_http *http;
    struct err err;
    int port, signal_number;
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    pthread_sigmask(SIG_BLOCK, &signals, NULL);
    if (!stand_http_start(stand, &http, &port, &err)) {
        fprintf(stderr, "tirkeu-stand: %s\n", err.text);
        return err_exit_code(err.kind);
    }
    char url[160];
    bool six = memchr(stand->options.host.p, ':', stand->options.host.n) != NULL;
    snprintf(url, sizeof url, "http://%s" STR_FMT "%s:%d", six ? "[" : "", STR_ARG(stand->options.host), six ? "]" : "", port);
    if (!stand_seal(stand, url, &err)) {
        fprintf(stderr, "tirkeu-stand: %s\n", err.text);
        stand_stop(stand);
        stand_http_stop(http);
        return err_exit_code(err.kind);
    }
    printf("ready %s\n", url);
    fflush(stdout);
    sigwait(&signals, &signal_number);
    stand_stop(stand);
    stand_http_stop(http);
    return 0;
}

int main(int count, char **argument)
{
    struct stand_options options;
    struct err err;
    int exit_code;
    for (size_t i = 0; count > 1 && i < sizeof commands / sizeof commands[0]; i++) {
        if (strcmp(argument[1], commands[i].name) == 0) {
            return commands[i].run(count - 2, argument + 2);
        }
    }
    if (!stand_options_read(count, argument, &options, &exit_code)) {
        return exit_code;
    }
    log_open("tirkeu-stand");
    signal(SIGPIPE, SIG_IGN);
    digest_setup();
    exchange_setup();
    struct stand *stand = mem_alloc(sizeof *stand);
    if (!stand_open(&options, stand, &err)) {
        fprintf(stderr, "tirkeu-stand: %s\n", err.text);
        free(stand);
        return err_exit_code(err.kind);
    }
    exit_code = run(stand);
    stand_close(stand);
    free(stand);
    return exit_code;
}
