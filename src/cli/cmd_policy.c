/* SPDX-License-Identifier: Apache-2.0 */
/* tirkeu policy: check and show; and, for developers, the pages of docs/ that are made out of tables (`make ledger`). */
#include <stdio.h>

#include "cli/cli.h"
#include "cli/policy_pages.h"
#include "cli/policy_sign.h"
#include "law/policy.h"

enum { ERRORS_LIMIT = 1 << 20, SHOW_LIMIT = 1 << 22 };

static int print(const struct cli_usage *usage, struct buf *out)
{
    struct err err;
    bool written = fwrite(out->p, 1, out->n, stdout) == out->n && fflush(stdout) == 0;
    buf_release(out);
    if (written)
        return CLI_OK;
    err_set(&err, ERR_SYSTEM, "cannot write the result");
    return cli_fail(usage, &err);
}

/* Errors go to standard error as they are: each already names file and line. */
static bool load(const char *path, struct arena *arena, const struct policy **ret)
{
    struct buf errors;
    buf_init(&errors, ERRORS_LIMIT);
    bool good = policy_load(path, arena, ret, &errors);
    if (!good)
        fprintf(stderr, "%s%s", errors.p, errors.over ? "... and more\n" : "");
    buf_release(&errors);
    return good;
}

static int check(int argc, char **argv)
{
    static const struct cli_usage usage = {
        .command = "tirkeu policy check",
        .about = "Checks a policy file and prints every error with its line. Exit status 2 when there is any.",
        .arguments = "FILE",
        .arguments_least = 1,
        .arguments_most = 1,
    };
    const char *file;
    int status = cli_parse(&usage, argc, argv, &file);
    if (status != CLI_GO)
        return status;
    struct arena arena;
    const struct policy *policy;
    arena_init(&arena, 0);
    status = load(file, &arena, &policy) ? CLI_OK : CLI_USAGE;
    if (status == CLI_OK)
        printf("%s: ok\n", file);
    arena_release(&arena);
    return status;
}

static int show(int argc, char **argv)
{
    const char *day_text = NULL, *file;
    const struct cli_option options[] = {
        { .name = "day", .value = "DAY", .about = "only what holds on this day, like 2026-03-02", .text = &day_text },
    };
    const struct cli_usage usage = {
        .command = "tirkeu policy show",
        .about = "Prints the effective policy, the file over the compiled-in defaults, in the syntax it is read from.\n"
                 "On a day that no span of a setting covers, what holds then is stated with the days it holds.",
        .arguments = "[FILE]",
        .arguments_most = 1,
        .option = options,
        .options = 1,
    };
    int status = cli_parse(&usage, argc, argv, &file);
    if (status != CLI_GO)
        return status;
    struct day day = DAY_NONE;
    if (day_text && !cli_day(&usage, "day", day_text, &day))
        return CLI_USAGE;
    struct arena arena;
    const struct policy *policy = NULL;
    arena_init(&arena, 0);
    if (!file)
        policy = policy_default();
    if (!policy && !load(file, &arena, &policy)) {
        arena_release(&arena);
        return CLI_USAGE;
    }
    struct buf out;
    buf_init(&out, SHOW_LIMIT);
    policy_write(policy, day, &out);
    arena_release(&arena);
    return print(&usage, &out);
}

static int page(const struct cli_usage *usage, int argc, char **argv, void (*write)(struct buf *out))
{
    int status = cli_parse(usage, argc, argv, NULL);
    if (status != CLI_GO)
        return status;
    struct buf out;
    buf_init(&out, SHOW_LIMIT);
    write(&out);
    return print(usage, &out);
}

static int ledger(int argc, char **argv)
{
    static const struct cli_usage usage = { .command = "tirkeu policy ledger", .about = "Prints docs/readings.md." };
    return page(&usage, argc, argv, policy_ledger_write);
}

static int reasons(int argc, char **argv)
{
    static const struct cli_usage usage = { .command = "tirkeu policy reasons", .about = "Prints docs/reasons.md." };
    return page(&usage, argc, argv, policy_reasons_write);
}

int cmd_policy(int argc, char **argv)
{
    static const struct cli_command commands[] = {
        { "check", check, "check a policy file" },
        { "show", show, "print the effective policy" },
        { "sign-request", policy_sign_request, "ask its author or a second person to sign" },
        { "approve", policy_approve, "take the signature of one of the two" },
        { "approved", policy_approved, "tell whether both have signed" },
        { "ledger", ledger, "print the ledger of readings (docs/readings.md)" },
        { "reasons", reasons, "print the closed list of reasons (docs/reasons.md)" },
    };
    return cli_dispatch("tirkeu policy", commands, (int)(sizeof commands / sizeof *commands), argc, argv);
}
