/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "cli/cli.h"
#include "cli/service.h"
#include "db/db.h"

int cmd_backup(int argc, char **argv)
{
    struct service_options options = { 0 };
    const struct cli_option table[] = { SERVICE_DATABASE(options) };
    const char *target;
    const struct cli_usage usage = {
        .command = "tirkeu backup",
        .about =
            "Makes a consistent copy of the database in FILE while others go on working, readable by you alone. FILE must not\n"
            "exist yet.",
        .arguments = "FILE",
        .arguments_least = 1,
        .arguments_most = 1,
        .option = table,
        .options = 1,
    };
    int status = cli_parse(&usage, argc, argv, &target);
    if (status != CLI_GO)
        return status;

    struct err err = { 0 };
    struct db *db;
    if (!service_open_database(options.database, true, &db, &err))
        return cli_fail(&usage, &err);
    bool ok = db_backup(db, target, &err);
    db_close(db);
    if (!ok)
        return cli_fail(&usage, &err);
    printf("copied to %s\n", target);
    return CLI_OK;
}
