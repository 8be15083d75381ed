/* SPDX-License-Identifier: Apache-2.0 */
/* tirkeu audit: the chain of digests, and the evidence of signatures. */
#include <inttypes.h>
#include <stdio.h>

#include "cli/cli.h"
#include "cli/service.h"
#include "eds/eds.h"
#include "filing/filing_service.h"
#include "filing/filing_signature.h"

/* What is not whole is a result, exit status 1; what could not be looked at, an error. */
static int not_whole(const struct cli_usage *usage, const char *what, const struct err *err)
{
    if (err->kind != ERR_INPUT)
        return cli_fail(usage, err);
    printf("%s not whole: %s\n", what, err->text);
    return CLI_NO;
}

static int verify_all(const struct cli_usage *usage, struct db *db, const struct eds_trust *trust)
{
    struct err err = { 0 };
    int64_t entries = 0, records = 0;
    if (!filing_audit_verify(db, &entries, &err))
        return not_whole(usage, "the audit is", &err);
    printf("the audit is whole: %" PRId64 " entries\n", entries);
    if (!filing_records_verify(db, trust, &records, &err))
        return not_whole(usage, "the evidence is", &err);
    if (records > 0)
        printf("the evidence of signatures is whole: %" PRId64 " records, %s\n", records,
               trust ? "each verified again" : "not verified again (--trust DIR)");
    return CLI_OK;
}

static int verify(int argc, char **argv)
{
    struct service_options options = { 0 };
    const struct cli_option table[] = { SERVICE_DATABASE(options),
                                        { .name = "trust",
                                          .value = "DIR",
                                          .about = "verify the evidence of every signature again with these certificates",
                                          .text = &options.trust } };
    const struct cli_usage usage = {
        .command = "tirkeu audit verify",
        .about = "Walks the chain of digests over the whole audit, and holds the evidence of every signature against it.\n"
                 "Exit status 1: something was changed, added or taken out, or a signature does not hold; it is named.",
        .option = table,
        .options = 2,
    };
    int status = cli_parse(&usage, argc, argv, NULL);
    if (status != CLI_GO)
        return status;

    struct err err = { 0 };
    struct eds_trust *trust = NULL;
    struct db *db;
    if (!service_check_database(options.database, &err) || !service_open_trust(&options, true, &trust, &err))
        return cli_fail(&usage, &err);
    if (service_open_database(options.database, true, &db, &err)) {
        status = verify_all(&usage, db, trust);
        db_close(db);
    } else {
        status = cli_fail(&usage, &err);
    }
    eds_trust_free(trust);
    return status;
}

static int print_record(const struct cli_usage *usage, struct db *db, int64_t id)
{
    static const struct filing_actor system = { .role = FILING_SYSTEM };
    const struct filing_access access = { .actor = &system };
    const struct filing_context context = { .now = moment_now() };
    struct arena arena;
    struct err err = { 0 };
    struct str record;
    arena_init(&arena, 0);
    bool ok = filing_signature_record(db, &context, &access, id, &arena, &record, &err) &&
              ((fwrite(record.p, 1, record.n, stdout) == record.n && putchar('\n') != EOF && fflush(stdout) == 0) ||
               err_set(&err, ERR_SYSTEM, "cannot write the record"));
    arena_release(&arena);
    return ok ? CLI_OK : cli_fail(usage, &err);
}

static int record(int argc, char **argv)
{
    struct service_options options = { 0 };
    const char *number;
    int64_t id;
    const struct cli_option table[] = { SERVICE_DATABASE(options) };
    const struct cli_usage usage = {
        .command = "tirkeu audit record",
        .about = "Prints the evidence record of a signature, for tirkeu eds verify --form record.",
        .arguments = "SIGNATURE",
        .arguments_least = 1,
        .arguments_most = 1,
        .option = table,
        .options = 1,
    };
    int status = cli_parse(&usage, argc, argv, &number);
    if (status != CLI_GO)
        return status;
    if (!cli_number(&usage, "SIGNATURE", number, 1, INT64_MAX, &id))
        return CLI_USAGE;
    struct err err = { 0 };
    struct db *db;
    if (!service_check_database(options.database, &err) || !service_open_database(options.database, true, &db, &err))
        return cli_fail(&usage, &err);
    status = print_record(&usage, db, id);
    db_close(db);
    return status;
}

int cmd_audit(int argc, char **argv)
{
    static const struct cli_command commands[] = { { "verify", verify,
                                                     "check the chain of digests and the evidence of signatures" },
                                                   { "record", record, "print the evidence of a signature" } };
    return cli_dispatch("tirkeu audit", commands, 2, argc, argv);
}
