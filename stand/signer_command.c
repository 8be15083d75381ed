/* SPDX-License-Identifier: Apache-2.0 */
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "base/digest.h"
#include "stand/signer_server.h"
#include "world/world.h"

static const char usage[] = "usage: tirkeu-stand signer --authority DIR [--world DIR] [--listen HOST:PORT]\n";

static const char help[] =
    "\n"
    "Signs as NCALayer does, with keys of the test authority, for whoever is asked for (signerParams.iin). Nobody is asked.\n"
    "\n"
    "  --authority DIR      the folder of `tirkeu-stand authority`; made when it is not there\n"
    "  --world DIR          where names are taken from\n"
    "  --listen HOST:PORT   127.0.0.1:13579 when not given; port 0 takes a free one\n"
    "\n"
    "wss://HOST:PORT/                 kz.gov.pki.knca.basics and kz.gov.pki.knca.commonUtils\n"
    "POST https://HOST:PORT/signer/control   "
    "{\"mode\":\"ok|cancel|error|silent|garbage\",\"iin\":\"...\",\"branch\":\"gost|rsa\",\"old\":true}\n"
    "POST https://HOST:PORT/signer/cms       {\"iin\":\"...\",\"data\":\"base64\",\"encapsulate\":true,\"tsa\":true}\n"
    "old: without kz.gov.pki.knca.basics, as NCALayer was before 2022; then say who signs (iin)\n";

struct options {
    const char *authority, *world, *listen;
    struct str host;
    int port;
};

static bool wrong(const char *name, const char *what, int *ret_exit)
{
    fprintf(stderr, "tirkeu-stand signer: %s: %s\n%s", name, what, usage);
    *ret_exit = 2;
    return false;
}

static bool split_listen(struct options *options, int *ret_exit)
{
    const char *colon = strrchr(options->listen, ':');
    uint64_t port;
    if (!colon || !str_to_u64(str_from(colon + 1), &port) || port > 65535)
        return wrong("--listen", "not HOST:PORT", ret_exit);
    options->host = (struct str){ options->listen, (size_t)(colon - options->listen) };
    options->port = (int)port;
    return true;
}

static bool take(int count, char **argument, struct options *ret, int *ret_exit)
{
    const struct {
        const char *name, **value;
    } rows[] = { { "--authority", &ret->authority }, { "--world", &ret->world }, { "--listen", &ret->listen } };
    for (int i = 0; i < count; i += 2) {
        size_t row = 0;
        if (strcmp(argument[i], "--help") == 0) {
            printf("%s%s", usage, help);
            *ret_exit = 0;
            return false;
        }
        while (row < sizeof rows / sizeof *rows && strcmp(argument[i], rows[row].name) != 0)
            row++;
        if (row == sizeof rows / sizeof *rows)
            return wrong(argument[i], "no such option", ret_exit);
        if (i + 1 == count)
            return wrong(argument[i], "needs a value", ret_exit);
        *rows[row].value = argument[i + 1];
    }
    return ret->authority ? split_listen(ret, ret_exit) : wrong("--authority", "missing", ret_exit);
}

static bool load_world(const char *folder, struct world **ret, struct err *err)
{
    struct buf errors;
    if (!folder)
        return true;
    buf_init(&errors, 1 << 16);
    bool fine = world_load(folder, ret, &errors);
    if (!fine) {
        fwrite(errors.p, 1, errors.n, stderr);
        err_set(err, ERR_INPUT, "%.300s: not a world folder", folder);
    }
    buf_release(&errors);
    return fine;
}

static bool run(struct authority *authority, const struct world *world, const struct options *options, struct err *err)
{
    struct signer *signer = signer_new(authority, world);
    struct signer_server *server;
    sigset_t signals;
    int port, signal_number;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    pthread_sigmask(SIG_BLOCK, &signals, NULL);
    bool fine = signer_server_start(signer, options->host, options->port, &server, &port, err);
    if (fine) {
        printf("ready wss://" STR_FMT ":%d\n", STR_ARG(options->host), port);
        fflush(stdout);
        sigwait(&signals, &signal_number);
        signer_server_stop(server);
    }
    signer_free(signer);
    return fine;
}

int signer_command(int count, char **argument)
{
    struct options options = { .listen = "127.0.0.1:13579" };
    struct authority *authority = NULL;
    struct world *world = NULL;
    struct err err;
    int exit_code;
    if (!take(count, argument, &options, &exit_code))
        return exit_code;
    signal(SIGPIPE, SIG_IGN);
    digest_setup();
    bool fine = load_world(options.world, &world, &err) &&
                authority_open(options.authority, NULL, moment_now(), &authority, &err) && run(authority, world, &options, &err);
    authority_free(authority);
    world_free(world);
    if (!fine)
        fprintf(stderr, "tirkeu-stand signer: %s\n", err.text);
    return fine ? 0 : err_exit_code(err.kind);
}
