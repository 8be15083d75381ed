/* SPDX-License-Identifier: Apache-2.0 */
/* What `serve`, `courier` and `demo` have in common: the clocks and the policy, signals, databases opened with a clear message.
 */
#ifndef CLI_SERVICE_H
#define CLI_SERVICE_H

#include "base/arena.h"
#include "cli/cli.h"
#include "db/db.h"
#include "law/policy.h"

/* The text of each option as given; NULL: not given. */
struct service_options {
    const char *database, *policy, *legal_day, *wake, *trust, *mart, *journal;
};

/* One row each for the table of options. */
#define SERVICE_DATABASE(options)                                                                                                \
    {                                                                                                                            \
        .name = "database", .value = "FILE", .about = "the database", .text = &(options).database, .required = true              \
    }
#define SERVICE_POLICY(options)                                                                                                  \
    {                                                                                                                            \
        .name = "policy", .value = "FILE", .about = "norms and readings other than the built-in ones", .text = &(options).policy \
    }
#define SERVICE_LEGAL_DAY(options)                                                                                               \
    {                                                                                                                            \
        .name = "legal-day", .value = "DAY", .about = "the day the law goes by, fixed; without it: today in Kazakhstan",         \
        .text = &(options).legal_day                                                                                             \
    }
#define SERVICE_WAKE(options)                                                                                                    \
    {                                                                                                                            \
        .name = "wake", .value = "SOCKET", .about = "Unix socket by which the courier hears of new work",                        \
        .text = &(options).wake                                                                                                  \
    }

#define SERVICE_MART(options)                                                                                                    \
    {                                                                                                                            \
        .name = "mart", .value = "FILE",                                                                                         \
        .about = "the kinship mart (tirkeu kin build); a new one is taken into use when it is renamed into its place",           \
        .text = &(options).mart                                                                                                  \
    }

#define SERVICE_JOURNAL(options)                                                                                                 \
    {                                                                                                                            \
        .name = "journal", .value = "FILE",                                                                                      \
        .about = "what came after the extract of the mart; what another process appends to it is read at once",                  \
        .text = &(options).journal                                                                                               \
    }

/* How messages at the state gateway are signed; all NULL: they are not. */
struct service_messages {
    const char *key, *certificate, *gateway_bin;
};
#define SERVICE_MESSAGES(options)                                                                                                \
    { .name = "sign-key",                                                                                                        \
      .value = "FILE",                                                                                                           \
      .about = "our key for messages: PKCS #8, DER or PEM; then also --sign-certificate and --trust",                            \
      .text = &(options).key },                                                                                                  \
        { .name = "sign-certificate",                                                                                            \
          .value = "FILE",                                                                                                       \
          .about = "its certificate, of an information system",                                                                  \
          .text = &(options).certificate },                                                                                      \
    {                                                                                                                            \
        .name = "gateway-bin", .value = "BIN",                                                                                   \
        .about = "what the gateway's certificate has to name; only in the demonstration may it be any system's",                 \
        .text = &(options).gateway_bin                                                                                           \
    }

#define SERVICE_TRUST(options)                                                                                                   \
    {                                                                                                                            \
        .name = "trust", .value = "DIR",                                                                                         \
        .about = "certificates and profile that electronic signatures are verified with (docs/eds.md); without it none are "     \
                 "accepted",                                                                                                     \
        .text = &(options).trust                                                                                                 \
    }

/* The policy of a process: the built-in one when options.policy is NULL, and its bytes are empty then. */
struct service_policy {
    const struct policy *policy;
    struct str bytes; /* of the file, as they were read, once */
};
/* Loads the policy and reads the legal day (DAY_NONE: not fixed); CLI_GO or the exit status. */
int service_setup(const struct cli_usage *usage, const struct service_options *options, struct arena *arena,
                  struct service_policy *ret_policy, struct day *ret_legal_day);

/* ---- policies (service_policy.c) ---- */

/* A policy and the very bytes that it was read from.  Errors go to standard error as they are: each names file and line. */
bool service_read_policy(const char *path, struct arena *arena, const struct policy **ret, struct str *ret_bytes);
/*
 * Whoever decides cases by a policy that says something else than the built-in one needs the signatures of its author and of a
 * second person over exactly these bytes (filing_policy_approval), verified anew at each start: else ERR_FORBIDDEN, and how to
 * get the one that is missing goes to standard error.  In the demonstration its lack is only told to the log.
 */
struct eds_trust;
bool service_check_policy(const struct service_options *options, const struct service_policy *policy, bool demonstration,
                          const struct eds_trust *trust, struct err *err);
/* How to get what is missing of an approval: the commands, to standard error. */
struct filing_approval;
void service_say_approval(const char *database, const char *file, const struct filing_approval *approval);

/* Where to listen: "127.0.0.1:8080", port 0 for any free one.  False: reported as a usage error. */
struct service_address {
    char host[16]; /* IPv4, as text */
    uint16_t port;
    bool loopback; /* only this machine can reach it */
};
bool service_address(const struct cli_usage *usage, const char *option, const char *text, struct service_address *ret);

/* db_open whose error names the file. */
bool service_open_database(const char *database, bool read_only, struct db **ret, struct err *err);

/* Fails unless the database is there and has the current schema, and says what to do about it. */
bool service_check_database(const char *database, struct err *err);

/* What signs messages and checks replies, by the same trust: NULL when no key was given.  Only in the demonstration may the
 * gateway be anybody. */
struct exchange_guard;
bool service_guard(const struct service_messages *options, const struct eds_trust *trust, bool demonstration,
                   struct exchange_guard **ret, struct err *err);

/* Follows the mart, and its journal, where one was given, else *ret is NULL; after service_stop_descriptor, for it starts a
 * thread. */
struct kin_follower;
bool service_follow_mart(const struct service_options *options, struct kin_follower **ret, struct err *err);

/* Opens the trust folder where one was given, else *ret is NULL.  Outside the demonstration only the national authority's own
 * roots are taken, whatever the folder says. */
bool service_open_trust(const struct service_options *options, bool demonstration, struct eds_trust **ret, struct err *err);

/* SIGTERM, SIGINT and SIGHUP become readable on the descriptor returned, SIGPIPE is ignored; before threads. */
bool service_stop_descriptor(int *ret, struct err *err);
void service_wait(int stop_descriptor);

#endif
