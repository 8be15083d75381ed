/* SPDX-License-Identifier: Apache-2.0 */
/* `tirkeu replay`: decides every stored case again, on the answers it was decided on. */
#include <inttypes.h>
#include <stdio.h>

#include "cli/cli.h"
#include "cli/service.h"
#include "filing/filing_service.h"

static const char *paragraph_or_dash(const char *paragraph) { return paragraph ? paragraph : "-"; }

static void print_difference(void *context, const struct filing_replayed *found)
{
    int64_t *differences = context;
    char at[MOMENT_TEXT];
    ++*differences;
    printf("%s  %s  %s %s -> %s %s%s\n", found->number, moment_format(found->decided_at, at), law_outcome_name(found->then),
           paragraph_or_dash(found->then_paragraph), law_outcome_name(found->now), paragraph_or_dash(found->now_paragraph),
           found->reasons_differ ? "  (other reasons)" : "");
    printf("  then, policy %s: " STR_FMT "\n", found->then_policy, STR_ARG(found->then_json));
    printf("  now: " STR_FMT "\n", STR_ARG(found->now_json));
}

static int replay(const struct cli_usage *usage, const char *database, const struct policy *policy, struct day from,
                  bool unchanged)
{
    struct err err = { 0 };
    struct db *db;
    int64_t decisions = 0, differences = 0;
    if (!service_check_database(database, &err) || !service_open_database(database, true, &db, &err))
        return cli_fail(usage, &err);
    bool ok = filing_replay(db, policy, from, print_difference, &differences, &decisions, &err);
    db_close(db);
    if (!ok)
        return cli_fail(usage, &err);
    printf("%" PRId64 " decisions, %" PRId64 " come out differently\n", decisions, differences);
    return differences > 0 && unchanged ? CLI_NO : CLI_OK;
}

int cmd_replay(int argc, char **argv)
{
    struct service_options options = { 0 };
    const char *from_text = NULL;
    const struct cli_option table[] = {
        SERVICE_DATABASE(options),
        SERVICE_POLICY(options),
        { .name = "from", .value = "DAY", .about = "only decisions made on this day or later", .text = &from_text },
    };
    const struct cli_usage usage = {
        .command = "tirkeu replay",
        .about =
            "Decides every stored case again, on the answers it was decided on, and prints what comes out differently and why.\n"
            "Exit status 1: something differs although no other policy was given.",
        .option = table,
        .options = sizeof table / sizeof *table,
    };
    int status = cli_parse(&usage, argc, argv, NULL);
    if (status != CLI_GO)
        return status;

    struct day from = DAY_NONE, no_legal_day;
    struct service_policy policy;
    if (from_text && !cli_day(&usage, "from", from_text, &from))
        return CLI_USAGE;
    struct arena arena;
    arena_init(&arena, 0);
    status = service_setup(&usage, &options, &arena, &policy, &no_legal_day);
    if (status == CLI_GO)
        status = replay(&usage, options.database, policy.policy, from, options.policy == NULL);
    arena_release(&arena);
    return status;
}
