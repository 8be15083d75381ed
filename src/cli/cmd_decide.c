/* SPDX-License-Identifier: Apache-2.0 */
/* tirkeu decide: applications in, decisions out, one JSON object a line, in the same order. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/lines.h"
#include "cli/cli.h"
#include "inquiry/inquiry.h"
#include "law/law.h"
#include "world/world.h"

#define LINE_LIMIT   65536 /* bytes of one application */
#define FLUSH_AT     (256 * 1024)
#define OUTPUT_LIMIT (FLUSH_AT + 1024 * 1024)
#define ERRORS_LIMIT (16 * 1024 * 1024)

struct decider {
    struct world *world;
    struct world_extract *folder;
    const struct policy *policy;
    struct arena arena; /* one application */
    struct inquiry inquiry;
    struct buf out;
    bool any_invalid;
};

/*
 * jansson takes its memory with functions that know no context.  Here, where one thread reads one application at a time, they
 * take it from that application's arena and give nothing back: a third of the time of reading was malloc and free.
 */
static struct arena *json_memory;
static void *json_take(size_t n) { return arena_alloc(json_memory, n); }
static void json_give(void *p) { (void)p; }

static const char *edition_on(const struct decider *d, struct day day)
{
    struct policy_readings readings;
    if (day_is_none(day))
        return NULL;
    policy_on(d->policy, day, &readings);
    return readings.edition;
}

static void write_decision(struct decider *d, struct str id, int64_t line, const struct law_decision *decision)
{
    struct json j;
    json_init(&j, &d->out);
    json_open_object(&j);
    json_key(&j, "id");
    if (id.p != NULL)
        json_str(&j, id);
    else
        json_nil(&j);
    law_decision_write(decision, &j);
    if (decision->outcome == LAW_INVALID)
        json_put_int(&j, "line", line);
    json_end(&j);
    buf_add_char(&d->out, '\n');
    d->any_invalid |= decision->outcome == LAW_INVALID;
}

static bool is_blank(struct str line) { return str_trim(line).n == 0; }

static void decide_line(struct decider *d, struct str line, int64_t number, bool too_long)
{
    struct inquiry_application application;
    struct inquiry_fault fault = { LAW_R_LINE_TOO_LONG, NULL };
    struct law_decision decision;
    if (!too_long && inquiry_application_read(line, &d->arena, &application, &fault)) {
        inquiry_init(&d->inquiry, &d->arena, d->policy, &application, 0);
        inquiry_decide_folder(&d->inquiry, d->folder, &decision);
    } else {
        if (too_long)
            application = (struct inquiry_application){ .day = DAY_NONE };
        law_invalid(&decision, fault.code, fault.field, edition_on(d, application.day));
    }
    write_decision(d, application.id, number, &decision);
    arena_reset(&d->arena);
}

static bool flush(struct buf *out, size_t at, struct err *err)
{
    if (out->over)
        return err_set(err, ERR_LIMIT, "a decision longer than %d bytes", OUTPUT_LIMIT);
    if (out->n < at)
        return true;
    for (size_t done = 0; done < out->n;) {
        ssize_t n = write(STDOUT_FILENO, out->p + done, out->n - done);
        if (n < 0)
            return err_set(err, ERR_SYSTEM, "cannot write the decisions: %s", strerror(errno));
        done += (size_t)n;
    }
    buf_clear(out);
    return true;
}

static bool decide_all(struct decider *d, int fd, struct err *err)
{
    struct lines lines;
    struct str line;
    enum lines_status status;
    bool ok = true;
    lines_init(&lines, fd, LINE_LIMIT);
    while (ok && (status = lines_next(&lines, &line, err)) != LINES_END) {
        if (status == LINES_BAD)
            ok = false;
        else if (status == LINES_TOO_LONG || !is_blank(line)) {
            decide_line(d, line, lines.line, status == LINES_TOO_LONG);
            ok = flush(&d->out, lines_would_read(&lines) ? 0 : FLUSH_AT, err);
        }
    }
    lines_release(&lines);
    return ok && flush(&d->out, 0, err);
}

static bool load(struct decider *d, const char *folder, const char *policy, struct arena *arena)
{
    struct buf errors;
    buf_init(&errors, ERRORS_LIMIT);
    d->policy = policy_default();
    bool ok = world_load(folder, &d->world, &errors) && (policy == NULL || policy_load(policy, arena, &d->policy, &errors));
    if (!ok)
        (void)!write(STDERR_FILENO, errors.p, errors.n);
    buf_release(&errors);
    return ok;
}

static int run(const struct cli_usage *usage, struct decider *d, const char *file)
{
    struct err err;
    int fd = file == NULL || strcmp(file, "-") == 0 ? STDIN_FILENO : open(file, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        err_set(&err, ERR_INPUT, "%s: cannot open: %s", file, strerror(errno));
        return cli_fail(usage, &err);
    }
    bool ok = decide_all(d, fd, &err);
    if (fd != STDIN_FILENO)
        close(fd);
    if (!ok) {
        cli_fail(usage, &err);
        return CLI_USAGE;
    }
    return d->any_invalid ? CLI_NO : CLI_OK;
}

int cmd_decide(int argc, char **argv)
{
    const char *folder = NULL, *policy = NULL, *file = NULL;
    const struct cli_option options[] = {
        { .name = "world",
          .value = "DIR",
          .about = "the world folder that answers for the registers",
          .text = &folder,
          .required = true },
        { .name = "policy", .value = "FILE", .about = "readings and norms other than the defaults", .text = &policy },
    };
    const struct cli_usage usage = {
        .command = "tirkeu decide",
        .about = "Decides applications (one JSON object a line) by the order and writes one decision a line.\n"
                 "Exit status: 0 all decided, 1 some application was invalid, 2 wrong usage, world or policy.",
        .arguments = "[FILE or -]",
        .arguments_most = 1,
        .option = options,
        .options = sizeof options / sizeof options[0],
    };
    int status = cli_parse(&usage, argc, argv, &file);
    if (status != CLI_GO)
        return status;
    struct arena arena;
    struct decider *d = mem_alloc(sizeof *d);
    arena_init(&arena, 0);
    arena_init(&d->arena, 0);
    buf_init(&d->out, OUTPUT_LIMIT);
    json_memory = &d->arena;
    json_set_alloc_funcs(json_take, json_give);
    status = CLI_USAGE;
    if (load(d, folder, policy, &arena)) {
        d->folder = world_extract_make(d->world);
        status = run(&usage, d, file);
        world_extract_free(d->folder);
        world_free(d->world);
    }
    buf_release(&d->out);
    arena_release(&d->arena);
    arena_release(&arena);
    free(d);
    return status;
}
