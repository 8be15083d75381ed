/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/cli.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const struct cli_command commands[] = {
    { "serve", cmd_serve, "answer people and systems over HTTP" },
    { "courier", cmd_courier, "ask the state registers and send messages" },
    { "demo", cmd_demo, "the whole demonstration on this machine" },
    { "decide", cmd_decide, "decide applications, one JSON line each, over a world folder" },
    { "world", cmd_world, "generate and check world folders" },
    { "kin", cmd_kin, "build and ask the kinship mart" },
    { "whatif", cmd_whatif, "the whole country against other norms and readings" },
    { "policy", cmd_policy, "check and show norms and readings" },
    { "eds", cmd_eds, "verify electronic signatures and certificates" },
    { "replay", cmd_replay, "decide every stored case again and show what differs" },
    { "audit", cmd_audit, "verify that the audit is whole" },
    { "migrate", cmd_migrate, "bring a database to the current schema" },
    { "backup", cmd_backup, "make a consistent copy of a database" },
};

int cli_main(int argc, char **argv)
{
    return cli_dispatch("tirkeu", commands, (int)(sizeof commands / sizeof *commands), argc, argv);
}

static void list_commands(FILE *out, const char *program, const struct cli_command *list, int count)
{
    fprintf(out, "usage: %s COMMAND [options] [arguments]\n\ncommands:\n", program);
    for (int i = 0; i < count; i++)
        fprintf(out, "  %-10s %s\n", list[i].name, list[i].about);
    fprintf(out, "\nMore on one of them: %s COMMAND --help\n", program);
}

int cli_dispatch(const char *program, const struct cli_command *list, int count, int argc, char **argv)
{
    if (argc < 2) {
        list_commands(stderr, program, list, count);
        return CLI_USAGE;
    }
    if (strcmp(argv[1], "--help") == 0) {
        list_commands(stdout, program, list, count);
        return CLI_OK;
    }
    for (int i = 0; i < count; i++) {
        if (strcmp(argv[1], list[i].name) == 0)
            return list[i].run(argc - 1, argv + 1);
    }
    fprintf(stderr, "%s: there is no command '%s'; see: %s --help\n", program, argv[1], program);
    return CLI_USAGE;
}

__attribute__((format(printf, 2, 0))) static void report(const struct cli_usage *usage, const char *format, va_list arguments)
{
    char text[600];
    vsnprintf(text, sizeof text, format, arguments);
    fprintf(stderr, "%s: %s\n", usage->command, text);
}

int cli_usage_error(const struct cli_usage *usage, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    report(usage, format, arguments);
    va_end(arguments);
    fprintf(stderr, "see: %s --help\n", usage->command);
    return CLI_USAGE;
}

int cli_fail(const struct cli_usage *usage, const struct err *err)
{
    fprintf(stderr, "%s: %s\n", usage->command, err->text);
    return err_exit_code(err->kind);
}

static void print_help(const struct cli_usage *usage)
{
    printf("usage: %s%s%s%s\n\n%s\n", usage->command, usage->options > 0 ? " [options]" : "", usage->arguments ? " " : "",
           usage->arguments ? usage->arguments : "", usage->about);
    if (usage->options > 0)
        printf("\noptions:\n");
    for (int i = 0; i < usage->options; i++) {
        const struct cli_option *o = &usage->option[i];
        char left[48];
        snprintf(left, sizeof left, "--%s%s%s", o->name, o->value ? " " : "", o->value ? o->value : "");
        printf("  %-26s %s", left, o->about);
        if (o->required)
            printf(" (required)");
        else if (o->value && *o->text)
            printf(" (default: %s)", *o->text);
        printf("\n");
    }
}

/* Index of the option that `--name` or `--name=value` names, -1: none; *ret_inline is what follows the '=' or NULL. */
static int find_option(const struct cli_usage *usage, const char *argument, const char **ret_inline)
{
    const char *name = argument + 2, *equals = strchr(name, '=');
    size_t n = equals ? (size_t)(equals - name) : strlen(name);
    for (int i = 0; i < usage->options; i++) {
        if (strlen(usage->option[i].name) == n && memcmp(usage->option[i].name, name, n) == 0) {
            *ret_inline = equals ? equals + 1 : NULL;
            return i;
        }
    }
    return -1;
}

#define OPTIONS_MAX 32
struct reading {
    const struct cli_usage *usage;
    bool given[OPTIONS_MAX];
    int arguments;
    const char **argument;
};

/* Takes the option at argv[*i], and its value; CLI_GO or the exit status. */
static int take_option(struct reading *r, char **argv, int *i)
{
    const char *value;
    int found = find_option(r->usage, argv[*i], &value);
    if (found < 0)
        return cli_usage_error(r->usage, "unknown option '%s'", argv[*i]);
    const struct cli_option *o = &r->usage->option[found];
    if (r->given[found])
        return cli_usage_error(r->usage, "option --%s is given twice", o->name);
    r->given[found] = true;
    if (!o->value) {
        if (value)
            return cli_usage_error(r->usage, "option --%s takes no value", o->name);
        *o->flag = true;
        return CLI_GO;
    }
    if (!value)
        value = argv[++*i];
    if (!value)
        return cli_usage_error(r->usage, "option --%s needs a value: --%s %s", o->name, o->name, o->value);
    *o->text = value;
    return CLI_GO;
}

static int take_argument(struct reading *r, const char *text)
{
    if (r->arguments >= r->usage->arguments_most)
        return cli_usage_error(r->usage, "unexpected argument '%s'", text);
    r->argument[r->arguments++] = text;
    return CLI_GO;
}

static int check_complete(const struct reading *r)
{
    for (int i = 0; i < r->usage->options; i++) {
        const struct cli_option *o = &r->usage->option[i];
        if (o->required && !r->given[i])
            return cli_usage_error(r->usage, "option --%s is required: --%s %s", o->name, o->name, o->value);
    }
    if (r->arguments < r->usage->arguments_least)
        return cli_usage_error(r->usage, "expected: %s", r->usage->arguments);
    return CLI_GO;
}

int cli_parse(const struct cli_usage *usage, int argc, char **argv, const char **ret_argument)
{
    struct reading r = { .usage = usage, .argument = ret_argument };
    if (usage->options > OPTIONS_MAX)
        BUG("%s has more than %d options", usage->command, OPTIONS_MAX);
    for (int i = 0; i < usage->arguments_most; i++)
        ret_argument[i] = NULL;

    bool options_over = false;
    for (int i = 1; i < argc; i++) {
        int status;
        if (!options_over && strcmp(argv[i], "--") == 0) {
            options_over = true;
            continue;
        }
        if (!options_over && strcmp(argv[i], "--help") == 0) {
            print_help(usage);
            return CLI_OK;
        }
        if (!options_over && argv[i][0] == '-' && argv[i][1] != '\0')
            status = argv[i][1] == '-' ? take_option(&r, argv, &i) : cli_usage_error(usage, "unknown option '%s'", argv[i]);
        else
            status = take_argument(&r, argv[i]);
        if (status != CLI_GO)
            return status;
    }
    return check_complete(&r);
}

bool cli_day(const struct cli_usage *usage, const char *option, const char *text, struct day *ret)
{
    if (day_parse(str_from(text), ret))
        return true;
    cli_usage_error(usage, "option --%s: '%s' is not a day; write it like 2026-03-02 (1800 to 2199)", option, text);
    return false;
}

bool cli_number(const struct cli_usage *usage, const char *option, const char *text, int64_t least, int64_t most, int64_t *ret)
{
    uint64_t n;
    if (str_to_u64(str_from(text), &n) && (int64_t)n >= least && (int64_t)n <= most) {
        *ret = (int64_t)n;
        return true;
    }
    cli_usage_error(usage, "option --%s: '%s' is not a whole number from %" PRId64 " to %" PRId64, option, text, least, most);
    return false;
}
