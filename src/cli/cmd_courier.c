/* SPDX-License-Identifier: Apache-2.0 */
/* `tirkeu courier`: asks the state registers through the gateway; the only process with a way out to the network. */
#include <unistd.h>

#include "base/log.h"
#include "cli/cli.h"
#include "cli/service.h"
#include "courier/courier.h"
#include "eds/eds.h"
#include "kin/mart.h"

static const char about[] =
    "Asks the state registers and sends messages for the cases of a database, in the foreground, until SIGTERM.\n"
    "Several may work on one database. One that is killed loses nothing: its questions are asked again.\n"
    "With a mart, what Smart Data Ukimet is asked about civil acts is answered from that file, without the network;\n"
    "it may confirm, only IS ZAGS refuses.";

int cmd_courier(int argc, char **argv)
{
    struct service_options common = { 0 };
    struct service_messages messages = { 0 };
    struct service_policy policy = { 0 };
    struct eds_trust *trust = NULL;
    struct exchange_config exchange = { .sender_id = "tirkeu" };
    struct courier_config courier = { .exchange = &exchange, .clock = moment_now, .stop = -1 };
    const struct cli_option table[] = {
        SERVICE_DATABASE(common),
        { .name = "gateway",
          .value = "URL",
          .about = "the state gateway, or the stand",
          .text = &exchange.gateway,
          .required = true },
        { .name = "sender", .value = "ID", .about = "our name at the gateway", .text = &exchange.sender_id },
        { .name = "password-file",
          .value = "FILE",
          .about = "first line: our password at the gateway",
          .text = &exchange.password_file },
        { .name = "ca-file",
          .value = "FILE",
          .about = "whom to trust for https; without it: whom the system trusts",
          .text = &exchange.ca_file },
        { .name = "proxy", .value = "URL", .about = "HTTP proxy on the way to the gateway", .text = &exchange.proxy },
        SERVICE_MESSAGES(messages),
        SERVICE_POLICY(common),
        SERVICE_LEGAL_DAY(common),
        SERVICE_WAKE(common),
        SERVICE_MART(common),
        SERVICE_JOURNAL(common),
        SERVICE_TRUST(common),
        { .name = "demonstration", .about = "the registers are the demonstration's stand", .flag = &courier.demonstration },
    };
    const struct cli_usage usage = {
        .command = "tirkeu courier", .about = about, .option = table, .options = sizeof table / sizeof *table
    };
    int status = cli_parse(&usage, argc, argv, NULL);
    if (status != CLI_GO)
        return status;

    log_open("tirkeu courier");
    struct err err = { 0 };
    struct arena arena;
    arena_init(&arena, 0);
    status = service_setup(&usage, &common, &arena, &policy, &courier.legal_day);
    if (status == CLI_GO) {
        courier.policy = policy.policy;
        courier.database = common.database;
        courier.wake_socket = common.wake;
        bool ok = service_check_database(common.database, &err) &&
                  service_open_trust(&common, courier.demonstration, &trust, &err) &&
                  service_check_policy(&common, &policy, courier.demonstration, trust, &err) &&
                  service_stop_descriptor(&courier.stop, &err) &&
                  service_guard(&messages, trust, courier.demonstration, &exchange.guard, &err) &&
                  service_follow_mart(&common, &courier.mart, &err);
        courier.trust = trust;
        ok = ok && courier_run(&courier, &err);
        status = ok ? CLI_OK : cli_fail(&usage, &err);
    }
    kin_follow_stop(courier.mart);
    exchange_guard_close(exchange.guard);
    eds_trust_free(trust);
    if (courier.stop >= 0)
        close(courier.stop);
    arena_release(&arena);
    return status;
}
