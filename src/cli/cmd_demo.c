/* SPDX-License-Identifier: Apache-2.0 */
/* `tirkeu demo`: world, mart, database, stand, courier and server together on loopback; what ./run starts. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/file.h"
#include "base/log.h"
#include "cli/children.h"
#include "cli/cli.h"
#include "cli/demo_people.h"
#include "cli/service.h"
#include "filing/filing_service.h"
#include "kin/mart.h"
#include "world/world.h"

#define GATEWAY_BIN "123456789021" /* of the stand's certificate */

struct demo {
    const char *folder, *persons, *seed, *listen, *legal_day; /* options */
    struct world_plan plan;
    struct service_address address;
    struct day day;
    /* one folder for each plan, so that another plan loses nothing of this one */
    const char *place, *world, *new_world, *mart, *database, *registers, *wake, *lock, *authority;
    const char *tirkeu, *stand; /* programs */
    struct demo_people people;
    struct children children;
    struct arena arena;
};

static const char about[] =
    "The whole demonstration on this machine: a synthetic country, the stand of its registers, the courier and the\n"
    "server, on loopback addresses only. Runs until Ctrl-C and then stops everything that it started.";

/* ---- where things are ---- */

static const char *inside(struct demo *d, const char *name) { return arena_printf(&d->arena, "%s/%s", d->place, name).p; }

static bool find_programs(struct demo *d, struct err *err)
{
    char self[4096];
    ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);
    if (n < 0)
        return err_set(err, ERR_SYSTEM, "/proc/self/exe: %s", strerror(errno));
    self[n] = '\0';
    d->tirkeu = arena_text(&d->arena, str_from(self));
    d->stand = arena_printf(&d->arena, "%s-stand", self).p;
    if (access(d->stand, X_OK) != 0)
        return err_set(err, ERR_NOT_FOUND, "%s is not there; build it first: make", d->stand);
    return true;
}

/* An extract is a day old: that of the day before the legal date. */
static struct day extract_day(const struct demo *d) { return (struct day){ d->day.n - 1 }; }

static void name_files(struct demo *d)
{
    char day[DAY_TEXT];
    d->place = arena_printf(&d->arena, "%s/%" PRId64 "-%" PRIu64, d->folder, d->plan.persons, d->plan.seed).p;
    d->world = inside(d, "world");
    d->new_world = inside(d, "world.new");
    d->mart = inside(d, arena_printf(&d->arena, "kinship-%s.mart", day_format(extract_day(d), day)).p);
    d->database = inside(d, "tirkeu.db");
    d->registers = inside(d, "registers");
    d->wake = inside(d, "wake");
    d->authority = inside(d, "authority");
    d->lock = inside(d, "lock");
}

/* Two demonstrations over one folder would share a database and a wake socket. Held as long as the process lives. */
static bool take_lock(const struct demo *d, struct err *err)
{
    int descriptor = open(d->lock, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (descriptor < 0)
        return err_set(err, ERR_SYSTEM, "%s: %s", d->lock, strerror(errno));
    if (flock(descriptor, LOCK_EX | LOCK_NB) != 0)
        return err_set(err, ERR_CONFLICT, "a demonstration is already running in %s; choose another folder: --folder DIR",
                       d->place);
    return true;
}

/* Said at once rather than after the world has been made. */
static bool check_address(const struct demo *d, struct err *err)
{
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons(d->address.port) };
    int on = 1, probe = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    inet_pton(AF_INET, d->address.host, &address.sin_addr);
    setsockopt(probe, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    bool ok = probe >= 0 && bind(probe, (const struct sockaddr *)&address, sizeof address) == 0;
    if (!ok)
        err_set(err, ERR_CONFLICT, "cannot listen on %s: %s; choose another address: --listen 127.0.0.1:8081", d->listen,
                strerror(errno));
    if (probe >= 0)
        close(probe);
    return ok;
}

/* ---- what it needs ---- */

/* A world that was interrupted while it was made is never taken for a whole one. */
static bool prepare_world(struct demo *d, struct err *err)
{
    if (access(d->world, F_OK) == 0)
        return true;
    fprintf(stderr, "making a synthetic country of %" PRId64 " persons ...\n", d->plan.persons);
    if (!world_generate(&d->plan, d->new_world, err))
        return false;
    if (rename(d->new_world, d->world) != 0)
        return err_set(err, ERR_SYSTEM, "%s: %s", d->world, strerror(errno));
    return true;
}

/* Made by another version of tirkeu, or damaged: it is only made anew. */
static bool mart_is_there(const struct demo *d)
{
    struct kin_mart *mart;
    struct err ignored;
    if (access(d->mart, F_OK) != 0 || !kin_mart_open(d->mart, KIN_MART_MAPPED, &mart, &ignored))
        return false;
    bool whole = kin_mart_verify(mart, &ignored);
    kin_mart_close(mart);
    return whole;
}

static bool prepare_mart(const struct demo *d, struct err *err)
{
    const struct kin_build_options options = { .as_of = extract_day(d) };
    struct world *world;
    struct buf errors;
    if (mart_is_there(d))
        return true;
    buf_init(&errors, 64 * 1024);
    bool ok = world_load(d->world, &world, &errors) || err_set(err, ERR_INPUT, "%s: %s", d->world, errors.p);
    if (ok) {
        ok = kin_mart_build(world, &options, d->mart, err);
        world_free(world);
    }
    buf_release(&errors);
    return ok;
}

static bool add_clerks(const struct demo *d, struct db *db, struct err *err)
{
    const struct filing_context context = {
        .policy = policy_default(), .legal_day = d->day, .now = moment_now(), .demonstration = true
    };
    if (!db_begin(db, err))
        return false;
    bool ok = true;
    for (int i = 0; ok && i < d->people.count; i++) {
        const struct web_demo_person *p = &d->people.person[i];
        ok = p->role == FILING_CITIZEN || filing_account_add(db, &context, p->iin, p->role, err);
    }
    ok = ok && db_commit(db, err);
    if (!ok)
        db_rollback(db);
    return ok;
}

static bool prepare_database(const struct demo *d, struct err *err)
{
    struct db *db;
    if (!db_open(d->database, false, &db, err))
        return false;
    bool ok = filing_migrate(db, err) && add_clerks(d, db, err);
    db_close(db);
    return ok;
}

static bool prepare(struct demo *d, struct err *err)
{
    name_files(d);
    return find_programs(d, err) && check_address(d, err) && file_make_folder(d->place, err) && take_lock(d, err) &&
           prepare_world(d, err) && prepare_mart(d, err) && demo_people_load(d->world, &d->people, err) &&
           prepare_database(d, err);
}

/* ---- the processes ---- */

/* In place of NCALayer: the page of signing connects to where it listens. */
static bool start_signer(struct demo *d, const char **ret_port, struct err *err)
{
    const struct child *signer;
    const char *words[] = {
        d->stand, "signer", "--authority", d->authority, "--world", d->world, "--listen", "127.0.0.1:0", NULL
    };
    if (!children_start(&d->children, "signer", inside(d, "signer.log"), words, &signer, err))
        return false;
    const char *colon = strrchr(signer->url, ':');
    *ret_port = colon ? arena_text(&d->arena, str_from(colon + 1)) : "0";
    return true;
}

static bool start_all(struct demo *d, const struct child **ret_server, struct err *err)
{
    const struct child *stand, *courier;
    const char *signer_port;
    const char *stand_words[] = { d->stand,      "--world",     d->world,     "--state",   d->registers,           "--listen",
                                  "127.0.0.1:0", "--legal-day", d->legal_day, "--log-sms", inside(d, "sms.jsonl"), "--authority",
                                  d->authority,  NULL };
    if (!children_start(&d->children, "stand", inside(d, "stand.log"), stand_words, &stand, err) ||
        !start_signer(d, &signer_port, err))
        return false;
    const char *gateway = arena_printf(&d->arena, "%s/bip-sync-wss-gost/", stand->url).p;
    const char *courier_words[] = { d->tirkeu,
                                    "courier",
                                    "--database",
                                    d->database,
                                    "--gateway",
                                    gateway,
                                    "--mart",
                                    d->mart,
                                    "--wake",
                                    d->wake,
                                    "--legal-day",
                                    d->legal_day,
                                    "--sign-key",
                                    inside(d, "authority/keys/tirkeu.pem"),
                                    "--sign-certificate",
                                    inside(d, "authority/keys/tirkeu.cer"),
                                    "--trust",
                                    d->authority,
                                    "--gateway-bin",
                                    GATEWAY_BIN,
                                    "--demonstration",
                                    NULL };
    if (!children_start(&d->children, "courier", inside(d, "courier.log"), courier_words, &courier, err))
        return false;
    const char *server_words[] = {
        d->tirkeu, "serve",       "--database", d->database,  "--listen",      d->listen,   "--wake",
        d->wake,   "--legal-day", d->legal_day, "--world",    d->world,        "--sms-log", inside(d, "sms.jsonl"),
        "--mart",  d->mart,       "--trust",    d->authority, "--signer-port", signer_port, "--demonstration",
        NULL
    };
    return children_start(&d->children, "server", inside(d, "server.log"), server_words, ret_server, err);
}

static void print_person(const struct demo *d, int i)
{
    const struct web_demo_person *p = &d->people.person[i];
    char owner[IIN_TEXT];
    enum text_key shows;
    struct buf key;
    buf_init(&key, 100);
    buf_addf(&key, "demo.%s", p->key);
    size_t width = str_utf8_length(str_from(p->name));
    printf("  %s%*s %s\n", p->name, width < 40 ? (int)(40 - width) : 0, "",
           text_find(key.p, &shows) ? text_of(shows, TEXT_EN) : p->key);
    if (p->rka) {
        printf("  %40s dwelling %s of %s%s%s%s%s\n", "", p->rka, iin_format(p->owner, owner),
               *d->people.degree[i] ? ", choose " : "", d->people.degree[i], *d->people.side[i] ? " by the " : "",
               d->people.side[i]);
    }
    buf_release(&key);
}

static void print_welcome(const struct demo *d, const struct child *server)
{
    struct buf day;
    int year, month, day_of_month;
    buf_init(&day, 100);
    day_split(d->day, &year, &month, &day_of_month);
    text_day(&day, year, month, day_of_month, TEXT_EN);
    printf("\nTirkeu runs at %s\n\nThe law goes by %s. Nobody here is real: sign in as one of these people.\n", server->url,
           day.p);
    for (int i = 0; i < d->people.count; i++)
        print_person(d, i);
    printf("\nLogs and data: %s    Ctrl-C stops everything.\n", d->place);
    fflush(stdout);
    buf_release(&day);
}

static bool run(struct demo *d, struct err *err)
{
    const struct child *server;
    bool ok = prepare(d, err) && service_stop_descriptor(&d->children.stop, err) && start_all(d, &server, err);
    if (ok) {
        print_welcome(d, server);
        ok = children_watch(&d->children, err);
    }
    children_stop(&d->children);
    if (ok)
        printf("stopped\n");
    return ok;
}

static int read_options(const struct cli_usage *usage, struct demo *d)
{
    int64_t seed;
    if (!cli_number(usage, "persons", d->persons, 1000, 5000000, &d->plan.persons) ||
        !cli_number(usage, "seed", d->seed, 0, INT64_MAX, &seed) || !service_address(usage, "listen", d->listen, &d->address) ||
        !cli_day(usage, "legal-day", d->legal_day, &d->day))
        return CLI_USAGE;
    d->plan.seed = (uint64_t)seed;
    d->plan.capital_share = 500;
    if (!d->address.loopback)
        return cli_usage_error(usage,
                               "everybody who reaches the demonstration may sign in as anybody in it: it listens on a loopback "
                               "address only, like 127.0.0.1:8080");
    return CLI_GO;
}

int cmd_demo(int argc, char **argv)
{
    struct demo d = {
        .folder = "var/demo", .persons = "20000", .seed = "1", .listen = "127.0.0.1:8080", .legal_day = "2026-03-02"
    };
    const struct cli_option table[] = {
        { .name = "folder", .value = "DIR", .about = "where world, database and logs are kept", .text = &d.folder },
        { .name = "persons", .value = "N", .about = "size of the country", .text = &d.persons },
        { .name = "seed", .value = "S", .about = "which country", .text = &d.seed },
        { .name = "listen", .value = "ADDRESS:PORT", .about = "where to listen; port 0: any free one", .text = &d.listen },
        { .name = "legal-day", .value = "DAY", .about = "the day the law goes by", .text = &d.legal_day },
    };
    const struct cli_usage usage = {
        .command = "tirkeu demo", .about = about, .option = table, .options = sizeof table / sizeof *table
    };
    int status = cli_parse(&usage, argc, argv, NULL);
    if (status != CLI_GO || (status = read_options(&usage, &d)) != CLI_GO)
        return status;

    struct err err = { 0 };
    arena_init(&d.arena, 0);
    d.children.stop = -1;
    /* Stopped while it was starting is what was wanted, not a failure. */
    status = run(&d, &err) || d.children.stopped ? CLI_OK : cli_fail(&usage, &err);
    demo_people_release(&d.people);
    arena_release(&d.arena);
    return status;
}
