/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/service.h"

#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "exchange/exchange.h"
#include "filing/filing_service.h"
#include "eds/eds.h"
#include "kin/mart.h"

int service_setup(const struct cli_usage *usage, const struct service_options *options, struct arena *arena,
                  struct service_policy *ret_policy, struct day *ret_legal_day)
{
    struct day legal_day = DAY_NONE;
    if (options->journal && !options->mart)
        return cli_usage_error(usage, "--journal belongs to --mart");
    if (options->legal_day && !cli_day(usage, "legal-day", options->legal_day, &legal_day))
        return CLI_USAGE;
    struct service_policy policy = { .policy = policy_default() };
    if (options->policy && !service_read_policy(options->policy, arena, &policy.policy, &policy.bytes))
        return CLI_USAGE;
    *ret_policy = policy;
    *ret_legal_day = legal_day;
    return CLI_GO;
}

bool service_address(const struct cli_usage *usage, const char *option, const char *text, struct service_address *ret)
{
    const char *colon = strrchr(text, ':');
    struct service_address address = { .port = 0 };
    struct in_addr number;
    uint64_t port;
    if (colon && (size_t)(colon - text) < sizeof address.host) {
        memcpy(address.host, text, (size_t)(colon - text));
        if (inet_pton(AF_INET, address.host, &number) == 1 && str_to_u64(str_from(colon + 1), &port) && port <= UINT16_MAX) {
            address.port = (uint16_t)port;
            address.loopback = ntohl(number.s_addr) >> 24 == IN_LOOPBACKNET;
            *ret = address;
            return true;
        }
    }
    cli_usage_error(usage, "option --%s: '%s' is not an address; write it like 127.0.0.1:8080", option, text);
    return false;
}

bool service_open_database(const char *database, bool read_only, struct db **ret, struct err *err)
{
    return db_open(database, read_only, ret, err) || err_prefix(err, "%s", database);
}

bool service_check_database(const char *database, struct err *err)
{
    struct db *db;
    if (!db_open(database, true, &db, err))
        return err_prefix(err, "the database cannot be opened (tirkeu migrate --database %s makes a new one)", database);
    bool ok = filing_schema_is_current(db, err) || err_prefix(err, "%s", database);
    db_close(db);
    return ok;
}

bool service_guard(const struct service_messages *options, const struct eds_trust *trust, bool demonstration,
                   struct exchange_guard **ret, struct err *err)
{
    *ret = NULL;
    if (!options->key && !options->certificate && !options->gateway_bin)
        return true;
    if (!options->key || !options->certificate || !trust)
        return err_set(err, ERR_INPUT, "messages are signed with --sign-key, --sign-certificate and --trust together");
    if (!options->gateway_bin && !demonstration)
        return err_set(err, ERR_INPUT, "--gateway-bin is needed: without it whatever system has a certificate could answer");
    const struct exchange_guard_config config = { .trust = trust, .peer_bin = options->gateway_bin, .clock = moment_now };
    return exchange_guard_load(options->key, options->certificate, &config, ret, err);
}

bool service_follow_mart(const struct service_options *options, struct kin_follower **ret, struct err *err)
{
    *ret = NULL;
    return options->mart == NULL || kin_follow_start(options->mart, options->journal, ret, err);
}

bool service_open_trust(const struct service_options *options, bool demonstration, struct eds_trust **ret, struct err *err)
{
    *ret = NULL;
    return !options->trust || eds_trust_open(options->trust, demonstration ? EDS_TEST : EDS_PRODUCTION, ret, err) ||
           err_prefix(err, "--trust %s", options->trust);
}

bool service_stop_descriptor(int *ret, struct err *err)
{
    sigset_t stop;
    sigemptyset(&stop);
    sigaddset(&stop, SIGTERM);
    sigaddset(&stop, SIGINT);
    sigaddset(&stop, SIGHUP);
    signal(SIGPIPE, SIG_IGN);
    if (sigprocmask(SIG_BLOCK, &stop, NULL) != 0)
        return err_set(err, ERR_SYSTEM, "signals: %s", strerror(errno));
    int descriptor = signalfd(-1, &stop, SFD_CLOEXEC | SFD_NONBLOCK);
    if (descriptor < 0)
        return err_set(err, ERR_SYSTEM, "signalfd: %s", strerror(errno));
    *ret = descriptor;
    return true;
}

void service_wait(int stop_descriptor)
{
    struct pollfd stop = { .fd = stop_descriptor, .events = POLLIN };
    while (poll(&stop, 1, -1) < 0 && errno == EINTR)
        continue;
}
