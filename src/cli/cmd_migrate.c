/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "cli/cli.h"
#include "cli/service.h"
#include "filing/filing_service.h"

int cmd_migrate(int argc, char **argv)
{
    struct service_options options = { 0 };
    const struct cli_option table[] = { SERVICE_DATABASE(options) };
    const struct cli_usage usage = {
        .command = "tirkeu migrate",
        .about =
            "Brings the database to the current schema, or makes a new one. Nothing is lost; running it again changes nothing.",
        .option = table,
        .options = 1,
    };
    int status = cli_parse(&usage, argc, argv, NULL);
    if (status != CLI_GO)
        return status;

    struct err err = { 0 };
    struct db *db;
    if (!service_open_database(options.database, false, &db, &err))
        return cli_fail(&usage, &err);
    bool ok = filing_migrate(db, &err) || err_prefix(&err, "%s", options.database);
    db_close(db);
    if (!ok)
        return cli_fail(&usage, &err);
    printf("the schema is current\n");
    return CLI_OK;
}
