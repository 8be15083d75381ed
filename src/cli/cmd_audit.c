/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>
#include <stdio.h>

#include "cli/cli.h"
#include "cli/service.h"
#include "filing/filing.h"

static int verify(int argc, char **argv)
{
    struct service_options options = { 0 };
    const struct cli_option table[] = { SERVICE_DATABASE(options) };
    const struct cli_usage usage = {
        .command = "tirkeu audit verify",
        .about = "Walks the chain of digests over the whole audit. Exit status 1: an entry was changed, added or taken out; it "
                 "is named.",
        .option = table,
        .options = 1,
    };
    int status = cli_parse(&usage, argc, argv, NULL);
    if (status != CLI_GO)
        return status;

    struct err err = { 0 };
    if (!service_check_database(options.database, &err))
        return cli_fail(&usage, &err);
    struct db *db;
    if (!service_open_database(options.database, true, &db, &err))
        return cli_fail(&usage, &err);
    int64_t entries = 0;
    bool whole = filing_audit_verify(db, &entries, &err);
    db_close(db);
    if (whole) {
        printf("the audit is whole: %" PRId64 " entries\n", entries);
        return CLI_OK;
    }
    if (err.kind != ERR_INPUT)
        return cli_fail(&usage, &err);
    printf("the audit is not whole: %s\n", err.text);
    return CLI_NO;
}

int cmd_audit(int argc, char **argv)
{
    static const struct cli_command commands[] = { { "verify", verify, "check the chain of digests" } };
    return cli_dispatch("tirkeu audit", commands, 1, argc, argv);
}
