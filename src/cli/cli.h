/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The command line: `tirkeu COMMAND [options] [arguments]`, one file per command.
 *
 * Exit status: 0 done, 1 the answer is no (an error in a world, a broken audit, ...), 2 wrong usage or wrong input;
 * of `eds verify` also 3: not known.
 * Results go to standard output, everything else to standard error.
 */
#ifndef CLI_CLI_H
#define CLI_CLI_H

#include "base/date.h"
#include "base/err.h"

enum { CLI_OK = 0, CLI_NO = 1, CLI_USAGE = 2 };

/* argv[0] is the command's name, argv[argc] is NULL; returns the exit status. */
typedef int cli_function(int argc, char **argv);

struct cli_command {
    const char *name;
    cli_function *run;
    const char *about; /* one line for the list of commands */
};

cli_function cmd_audit;
cli_function cmd_backup;
cli_function cmd_courier;
cli_function cmd_decide;
cli_function cmd_demo;
cli_function cmd_eds;
cli_function cmd_kin;
cli_function cmd_migrate;
cli_function cmd_policy;
cli_function cmd_replay;
cli_function cmd_serve;
cli_function cmd_whatif;
cli_function cmd_world;

/* Runs the command that argv[1] names; the whole program, and commands that have commands of their own ("world check").
 * `program` is what came before ("tirkeu", "tirkeu world"). */
int cli_dispatch(const char *program, const struct cli_command *commands, int count, int argc, char **argv);
/* All of tirkeu. */
int cli_main(int argc, char **argv);

/* ---- options of one command ---- */

struct cli_option {
    const char *name;  /* "world" for --world */
    const char *value; /* what stands for the value in the help: "DIR"; NULL: a flag */
    const char *about;
    const char **text; /* value: where it goes; preset it to the default */
    bool *flag;        /* flag: set when given */
    bool required;
};
struct cli_usage {
    const char *command;   /* "tirkeu world generate" */
    const char *about;     /* what it does, one or more lines */
    const char *arguments; /* "[FILE or -]"; NULL: none are taken */
    int arguments_least, arguments_most;
    const struct cli_option *option;
    int options;
};

#define CLI_GO (-1)
/* Reads `--name VALUE`, `--name=VALUE`, `--flag`, `--help` and arguments (in any order; `--` ends the options, `-` is an
 * argument). CLI_GO: go on; anything else is the exit status: --help was printed (0), or the usage was wrong and has been
 * reported (2): an option that is unknown, repeated, without its value or missing.  ret_argument (room for arguments_most, or
 * NULL) gets the arguments in order, NULL for those not given. */
int cli_parse(const struct cli_usage *usage, int argc, char **argv, const char **ret_argument);

/* "tirkeu x: WHAT", "see: tirkeu x --help" on standard error; returns CLI_USAGE. */
int cli_usage_error(const struct cli_usage *usage, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* "tirkeu x: what happened" on standard error; returns the exit status of its kind. */
int cli_fail(const struct cli_usage *usage, const struct err *err);

/* Values of options; false: reported as a usage error. */
bool cli_day(const struct cli_usage *usage, const char *option, const char *text, struct day *ret);
bool cli_number(const struct cli_usage *usage, const char *option, const char *text, int64_t least, int64_t most, int64_t *ret);

#endif
