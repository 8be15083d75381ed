/* SPDX-License-Identifier: Apache-2.0 */
/* `tirkeu serve`: answers people and systems; has no way out to the network (the courier asks). */
#include <unistd.h>

#include "base/log.h"
#include "cli/cli.h"
#include "cli/demo_people.h"
#include "cli/service.h"
#include "eds/eds.h"
#include "filing/filing_service.h"
#include "kin/mart.h"
#include "web/web.h"

struct serving {
    struct service_options common;
    const char *listen, *world, *signer_port;
    bool demonstration;
    struct eds_trust *trust;
    struct service_policy policy;
    struct service_address address;
    struct web_config web;
    struct demo_people people;
    struct arena arena;
};

static const char about[] =
    "Answers people and systems over HTTP, in the foreground, until SIGTERM. Has no way out to the network:\n"
    "what has to be asked goes through the database to `tirkeu courier`. With a mart it tells applicants who chose\n"
    "a wrong degree which one is on record.";

/* Options to configuration; CLI_GO or the exit status. */
static int configure(const struct cli_usage *usage, struct serving *s, struct err *err)
{
    int status = service_setup(usage, &s->common, &s->arena, &s->policy, &s->web.legal_day);
    if (status != CLI_GO)
        return status;
    if (!service_address(usage, "listen", s->listen, &s->address))
        return CLI_USAGE;
    if (s->demonstration != (s->world != NULL))
        return cli_usage_error(usage, "--demonstration and --world belong together");
    if (s->web.sms_log && !s->demonstration)
        return cli_usage_error(usage, "--sms-log is the demonstration's");
    /* Whoever reaches the demonstration may sign in as anybody in it. */
    if (s->demonstration && !s->address.loopback)
        return cli_usage_error(usage, "the demonstration listens on a loopback address only, like 127.0.0.1:8080");
    if (s->demonstration && !demo_people_load(s->world, &s->people, err))
        return cli_fail(usage, err);

    int64_t signer_port;
    if (!cli_number(usage, "signer-port", s->signer_port, 1, UINT16_MAX, &signer_port))
        return CLI_USAGE;
    s->web.signer_port = (uint16_t)signer_port;
    s->web.address = s->address.host;
    s->web.port = s->address.port;
    s->web.policy = s->policy.policy;
    s->web.database = s->common.database;
    s->web.clock = moment_now;
    s->web.demonstration = s->demonstration;
    s->web.secure_cookies = !s->demonstration;
    s->web.person = s->people.person;
    s->web.persons = s->people.count;
    return CLI_GO;
}

static bool open_trust(struct serving *s, struct err *err)
{
    bool ok = service_open_trust(&s->common, s->demonstration, &s->trust, err);
    s->web.trust = s->trust;
    return ok;
}

static bool serve(struct serving *s, int stop, struct err *err)
{
    if (!service_check_database(s->common.database, err) ||
        !service_check_policy(&s->common, &s->policy, s->demonstration, s->trust, err))
        return false;
    if (!filing_writer_start(s->common.database, s->common.wake, &s->web.writer, err))
        return false;
    struct web *web;
    bool ok = web_start(&s->web, &web, err);
    if (ok) {
        log_info("ready http://%s:%u", s->web.address, (unsigned)web_port(web));
        service_wait(stop);
        web_stop(web);
    }
    filing_writer_stop(s->web.writer);
    if (ok)
        log_info("stopped");
    return ok;
}

int cmd_serve(int argc, char **argv)
{
    struct serving s = { .listen = "127.0.0.1:8080", .signer_port = "13579" };
    const struct cli_option table[] = {
        SERVICE_DATABASE(s.common),
        { .name = "listen", .value = "ADDRESS:PORT", .about = "where to listen", .text = &s.listen },
        SERVICE_POLICY(s.common),
        SERVICE_LEGAL_DAY(s.common),
        SERVICE_WAKE(s.common),
        SERVICE_MART(s.common),
        SERVICE_JOURNAL(s.common),
        SERVICE_TRUST(s.common),
        { .name = "signer-port",
          .value = "N",
          .about = "where NCALayer listens on a citizen's computer",
          .text = &s.signer_port },
        { .name = "public-url",
          .value = "URL",
          .about =
              "our address as eGov Mobile reaches it, https://..., allowed by its operator; without it no codes for telephones",
          .text = &s.web.public_url },
        { .name = "organisation-bin",
          .value = "BIN",
          .about = "the organisation that eGov Mobile shows as asking",
          .text = &s.web.organisation_bin },
        { .name = "demonstration", .about = "let everybody sign in as one of the synthetic people", .flag = &s.demonstration },
        { .name = "world", .value = "DIR", .about = "the demonstration's world, read for its list of people", .text = &s.world },
        { .name = "sms-log",
          .value = "FILE",
          .about = "the demonstration's messages, shown on its page of a phone",
          .text = &s.web.sms_log },
    };
    const struct cli_usage usage = {
        .command = "tirkeu serve", .about = about, .option = table, .options = sizeof table / sizeof *table
    };
    int status = cli_parse(&usage, argc, argv, NULL);
    if (status != CLI_GO)
        return status;

    log_open("tirkeu serve");
    struct err err = { 0 };
    int stop = -1;
    arena_init(&s.arena, 0);
    status = configure(&usage, &s, &err);
    if (status == CLI_GO)
        status = open_trust(&s, &err) && service_stop_descriptor(&stop, &err) &&
                         service_follow_mart(&s.common, &s.web.mart, &err) && serve(&s, stop, &err)
                     ? CLI_OK
                     : cli_fail(&usage, &err);
    kin_follow_stop(s.web.mart);
    eds_trust_free(s.trust);
    if (stop >= 0)
        close(stop);
    demo_people_release(&s.people);
    arena_release(&s.arena);
    return status;
}
