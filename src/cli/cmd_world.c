/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/progress.h"
#include "cli/cli.h"
#include "kin/mart.h"
#include "world/world.h"

#define ERRORS_LIMIT ((size_t)4 << 20)

/* "0", "1", "0.08", rounded to thousandths; never through floating point. */
static bool parse_share(const struct cli_usage *usage, const char *text, int *ret)
{
    struct str rest = str_from(text), whole;
    bool point = str_split(&rest, '.', &whole) && rest.n > 0;
    bool good = str_is(whole, "0") || str_is(whole, "1");
    good = good && (point ? str_is_digits(rest) : text[whole.n] == 0);
    int thousandths = str_is(whole, "1");
    for (size_t i = 0; good && i < 3; i++)
        thousandths = thousandths * 10 + (i < rest.n ? rest.p[i] - '0' : 0);
    bool over = false;
    for (size_t i = 0; good && i < rest.n; i++)
        over = over || (str_is(whole, "1") && rest.p[i] != '0');
    if (!good || over) {
        cli_usage_error(usage, "--capital-share %s: must be a fraction from 0 to 1, such as 0.08", text);
        return false;
    }
    *ret = thousandths + (rest.n > 3 && rest.p[3] >= '5');
    return true;
}

/* The country goes into a folder, into a mart, or both. */
static bool generate_into(struct world_plan *plan, const char *folder, const char *mart, struct day day, struct err *err)
{
    struct progress making;
    struct kin_builder *builder = mart == NULL ? NULL : kin_builder_new();
    struct world_sink sink;
    if (builder != NULL) {
        sink = kin_builder_sink(builder);
        plan->sink = &sink;
    }
    bool done = world_generate(plan, folder, err);
    if (done)
        progress_done(plan->progress);
    struct kin_build_options options = { .as_of = day, .progress = &making };
    done = done && (builder == NULL || kin_builder_write(builder, &options, mart, err));
    if (builder != NULL)
        kin_builder_free(builder);
    return done;
}

static int generate(int argc, char **argv)
{
    const char *persons = NULL, *seed = "1", *share = "0.08", *out = NULL, *mart = NULL, *day = NULL;
    const struct cli_option table[] = {
        { "persons", "N", "how many, 10 to 20000000", &persons, NULL, true },
        { "seed", "S", "a number; another seed gives another country; 1 when not given", &seed, NULL, false },
        { "capital-share", "X", "part of the dwellings that lies in Astana, 0 to 1, to a thousandth", &share, NULL, false },
        { "out", "DIR", "the folder to write", &out, NULL, false },
        { "mart", "FILE", "the kinship mart to write, as well as or instead of the folder", &mart, NULL, false },
        { "day", "DAY", "the day of the mart's extract; without it the last day that any record tells of", &day, NULL, false },
    };
    const struct cli_usage usage = {
        .command = "tirkeu world generate",
        .about = "Writes a synthetic country as a world folder, as a kinship mart, or both. The same arguments give the same "
                 "bytes on\n"
                 "any machine. From 2000 persons on it holds every hard case of the order as of 2 March 2026.",
        .option = table,
        .options = sizeof table / sizeof *table,
    };
    int status = cli_parse(&usage, argc, argv, NULL);
    if (status != CLI_GO)
        return status;

    struct progress progress;
    struct world_plan plan = { .progress = &progress };
    struct day as_of = DAY_NONE;
    int64_t number;
    if (out == NULL && mart == NULL)
        return cli_usage_error(&usage, "one of --out and --mart is needed");
    if (!cli_number(&usage, "persons", persons, 10, 20000000, &plan.persons) ||
        !cli_number(&usage, "seed", seed, 0, INT64_MAX, &number) || !parse_share(&usage, share, &plan.capital_share) ||
        (day != NULL && !cli_day(&usage, "day", day, &as_of)))
        return CLI_USAGE;
    plan.seed = (uint64_t)number;
    struct err err = { 0 };
    progress_start(&progress, "persons", plan.persons);
    if (!generate_into(&plan, out, mart, as_of, &err))
        return cli_fail(&usage, &err);
    printf("%s: %" PRId64 " persons\n", out != NULL ? out : mart, plan.persons);
    return CLI_OK;
}

static bool is_folder(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

/* What a scan has seen: whether a file is there, and how many rows it has. */
struct tally {
    bool held[WORLD_FILES];
    size_t rows[WORLD_FILES];
};

static void tally_file(void *context, enum world_file file) { ((struct tally *)context)->held[file] = true; }

static void tally_row(void *context, enum world_file file, const void *row)
{
    (void)row;
    ((struct tally *)context)->rows[file]++;
}

static void print_tally(const struct tally *tally)
{
    for (int file = 0; file < WORLD_FILES; file++)
        if (tally->held[file])
            printf("%-20s %zu\n", world_file_name((enum world_file)file), tally->rows[file]);
    printf("no errors\n");
}

static int check(int argc, char **argv)
{
    const struct cli_usage usage = {
        .command = "tirkeu world check",
        .about = "Reads a world folder and prints every error as FILE:LINE: column NAME: what is wrong.\n"
                 "Exit status 1: there are errors.",
        .arguments = "DIR",
        .arguments_least = 1,
        .arguments_most = 1,
    };
    const char *folder;
    int status = cli_parse(&usage, argc, argv, &folder);
    if (status != CLI_GO)
        return status;
    if (!is_folder(folder))
        return cli_usage_error(&usage, "%s: there is no such folder", folder);

    struct buf errors;
    struct progress progress;
    struct tally tally = { 0 };
    const struct world_sink sink = { &tally, tally_file, tally_row };
    buf_init(&errors, ERRORS_LIMIT);
    bool good = world_scan(folder, &sink, isatty(STDERR_FILENO) ? &progress : NULL, &errors);
    if (good)
        print_tally(&tally);
    else
        fwrite(errors.p, 1, errors.n, stdout);
    buf_release(&errors);
    return good ? CLI_OK : CLI_NO;
}

int cmd_world(int argc, char **argv)
{
    static const struct cli_command commands[] = {
        { "generate", generate, "write a synthetic country" },
        { "check", check, "report every error in a world folder" },
    };
    return cli_dispatch("tirkeu world", commands, sizeof commands / sizeof *commands, argc, argv);
}
