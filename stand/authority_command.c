/* SPDX-License-Identifier: Apache-2.0 */
/* `tirkeu-stand authority`: the test authority as a folder, for `tirkeu eds verify --anchors` and for tests. */
#include <stdio.h>
#include <string.h>

#include "base/digest.h"
#include "stand/authority.h"
#include "world/world.h"

static const char usage[] = "usage: tirkeu-stand authority --out DIR [--world DIR] [--persons N] [--url URL]\n";

static const char help[] =
    "\n"
    "Makes a test certification authority, or goes on with the one that is in DIR.\n"
    "\n"
    "  --out DIR      the folder: anchors/, intermediates/, profile (a trust folder in test mode), crl/, keys/\n"
    "  --world DIR    people for whom keys and certificates are made: persons/IIN-gost-sign.p12 and so on, password \"test\"\n"
    "  --persons N    how many of the world's living people and of its companies; 10 when not given\n"
    "  --url URL      where the stand answers about revocation and timestamps; http://127.0.0.1:8590 when not given\n";

struct options {
    const char *out, *world, *url, *persons;
};

static bool take(int count, char **argument, struct options *ret, int *ret_exit)
{
    const struct {
        const char *name, **value;
    } rows[] = { { "--out", &ret->out }, { "--world", &ret->world }, { "--url", &ret->url }, { "--persons", &ret->persons } };
    for (int i = 0; i < count; i++) {
        size_t row = 0;
        if (strcmp(argument[i], "--help") == 0) {
            printf("%s%s", usage, help);
            *ret_exit = 0;
            return false;
        }
        while (row < sizeof rows / sizeof *rows && strcmp(argument[i], rows[row].name) != 0)
            row++;
        if (row == sizeof rows / sizeof *rows || i + 1 == count) {
            fprintf(stderr, "tirkeu-stand authority: %s: %s\n%s", argument[i],
                    i + 1 == count ? "needs a value, or is unknown" : "unknown", usage);
            *ret_exit = 2;
            return false;
        }
        *rows[row].value = argument[++i];
    }
    if (!ret->out)
        fprintf(stderr, "tirkeu-stand authority: --out is needed\n%s", usage);
    *ret_exit = 2;
    return ret->out != NULL;
}

static bool write_people(struct authority *authority, const struct options *options, uint64_t people, struct err *err)
{
    struct world *world;
    struct buf errors;
    if (!options->world)
        return true;
    buf_init(&errors, 1 << 16);
    bool fine = world_load(options->world, &world, &errors);
    if (fine) {
        fine = authority_write_people(authority, world, people, err);
        world_free(world);
    } else {
        fwrite(errors.p, 1, errors.n, stderr);
        err_set(err, ERR_INPUT, "%.300s: not a world folder", options->world);
    }
    buf_release(&errors);
    return fine;
}

int authority_command(int count, char **argument)
{
    struct options options = { .persons = "10" };
    struct authority *authority = NULL;
    struct err err;
    uint64_t people;
    int exit_code;
    if (!take(count, argument, &options, &exit_code))
        return exit_code;
    if (!str_to_u64(str_from(options.persons), &people) || people > 100000) {
        fprintf(stderr, "tirkeu-stand authority: --persons: not a number up to 100000\n%s", usage);
        return 2;
    }
    digest_setup();
    bool fine = authority_open(options.out, options.url, moment_now(), &authority, &err) &&
                authority_write_trust(authority, &err) && write_people(authority, &options, people, &err);
    authority_free(authority);
    if (!fine) {
        fprintf(stderr, "tirkeu-stand authority: %s\n", err.text);
        return err_exit_code(err.kind);
    }
    printf("%s\n", options.out);
    return 0;
}
