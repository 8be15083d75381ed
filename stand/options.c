/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "stand/stand.h"

static const char usage[] =
    "usage: tirkeu-stand --world DIR [--listen HOST:PORT] [--state DIR] [--legal-day DAY] [--delay MS] [--log-sms FILE]\n"
    "                    [--authority DIR]\n"
    "       tirkeu-stand authority --help, tirkeu-stand signer --help\n";

static const char help[] =
    "\n"
    "Answers for the state registers over the gateway's protocol, from a world folder.\n"
    "\n"
    "  --world DIR           the world folder\n"
    "  --listen HOST:PORT    127.0.0.1:8590 when not given; port 0 takes a free one\n"
    "  --state DIR           keeps what was registered in DIR/residents-added.csv; without it, in memory only\n"
    "  --legal-day DAY       YYYY-MM-DD, the registers' today; the real one when not given\n"
    "  --delay MS            waits before every answer\n"
    "  --log-sms FILE        appends every message sent, one JSON object a line\n"
    "  --authority DIR       the test authority in DIR, made when it is not there: replies are signed, requests must be\n"
    "\n"
    "POST /bip-sync-wss-gost/   the registers          POST /stand/faults     "
    "{\"register\":\"egkn\",\"mode\":\"silent\",\"ms\":5000}\n"
    "GET  /stand/messages       messages sent          GET  /stand/health     modes: ok silent error slow garbage\n"
    "with --authority also unsigned, other_key, expired, changed, wrapped; and\n"
    "POST /ocsp/  POST /tsp/  GET /crl/NAME  GET /cert/NAME           the authority\n"
    "POST /ncanode/cms/verify   as an NCANode answers\n"
    "POST /signer/cms           {\"iin\":\"...\",\"data\":\"base64\",\"encapsulate\":true,\"tsa\":true}: signs for anybody\n"
    "POST /stand/authority/faults   {\"service\":\"ocsp\",\"mode\":\"stale\",\"ms\":0}   POST /stand/authority/revoke   "
    "{\"iin\":\"...\"}\n"
    "What is under /stand/ and /signer/ is answered on loopback only.\n";

static bool take_listen(struct stand_options *options, const char *value)
{
    const char *colon = strrchr(value, ':');
    uint64_t port;
    if (!colon || colon == value || !str_to_u64(str_from(colon + 1), &port) || port > 65535) {
        return false;
    }
    options->host = (struct str){ value, (size_t)(colon - value) };
    options->port = (int)port;
    if (options->host.p[0] == '[' && options->host.n > 2) {
        options->host = (struct str){ options->host.p + 1, options->host.n - 2 };
    }
    return true;
}

static bool take_world(struct stand_options *options, const char *value)
{
    options->world = value;
    return *value != '\0';
}

static bool take_state(struct stand_options *options, const char *value)
{
    options->state = value;
    return *value != '\0';
}

static bool take_sms_log(struct stand_options *options, const char *value)
{
    options->sms_log = value;
    return *value != '\0';
}

static bool take_authority(struct stand_options *options, const char *value)
{
    options->authority = value;
    return *value != '\0';
}

static bool take_legal_day(struct stand_options *options, const char *value)
{
    return day_parse(str_from(value), &options->legal_day);
}

static bool take_delay(struct stand_options *options, const char *value)
{
    uint64_t ms;
    if (!str_to_u64(str_from(value), &ms) || ms > 600000) {
        return false;
    }
    options->delay_ms = (int)ms;
    return true;
}

static const struct {
    const char *name;
    bool (*take)(struct stand_options *options, const char *value);
    const char *wanted;
} rows[] = {
    { "--world", take_world, "a folder" },
    { "--listen", take_listen, "HOST:PORT" },
    { "--state", take_state, "a folder" },
    { "--legal-day", take_legal_day, "a day like 2026-03-02" },
    { "--delay", take_delay, "milliseconds, at most 600000" },
    { "--log-sms", take_sms_log, "a file" },
    { "--authority", take_authority, "a folder" },
};
#define ROWS (sizeof rows / sizeof rows[0])

static bool wrong(int *ret_exit, const char *name, const char *what)
{
    fprintf(stderr, "tirkeu-stand: %s: %s\n%s", name, what, usage);
    *ret_exit = 2;
    return false;
}

static bool take_option(const char *name, const char *value, struct stand_options *options, int *ret_exit)
{
    for (size_t i = 0; i < ROWS; i++) {
        if (strcmp(name, rows[i].name) != 0) {
            continue;
        }
        if (!value) {
            return wrong(ret_exit, name, "needs a value");
        }
        if (!rows[i].take(options, value)) {
            char text[80];
            snprintf(text, sizeof text, "not %s", rows[i].wanted);
            return wrong(ret_exit, name, text);
        }
        return true;
    }
    return wrong(ret_exit, name, "no such option");
}

bool stand_options_read(int count, char **argument, struct stand_options *ret, int *ret_exit)
{
    struct stand_options options = { .host = STR("127.0.0.1"), .port = 8590, .legal_day = DAY_NONE };
    for (int i = 1; i < count; i += 2) {
        if (strcmp(argument[i], "--help") == 0) {
            fputs(usage, stdout);
            fputs(help, stdout);
            *ret_exit = 0;
            return false;
        }
        if (!take_option(argument[i], i + 1 < count ? argument[i + 1] : NULL, &options, ret_exit)) {
            return false;
        }
    }
    if (!options.world) {
        return wrong(ret_exit, "--world", "missing");
    }
    *ret = options;
    return true;
}
