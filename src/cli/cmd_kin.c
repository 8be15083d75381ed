/* SPDX-License-Identifier: Apache-2.0 */
/* The kinship mart from the command line: build it, ask it. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/json.h"
#include "base/lines.h"
#include "base/progress.h"
#include "cli/cli.h"
#include "cli/kin_live.h"
#include "kin/live.h"
#include "law/law.h"
#include "world/world.h"

#define ERRORS_LIMIT ((size_t)4 << 20)
#define LINE_LIMIT   256
#define OUT_LIMIT    ((size_t)1 << 20)

/* ---- tirkeu kin build ---- */

static int build(int argc, char **argv)
{
    const char *folder = NULL, *out = NULL, *day = NULL;
    const struct cli_option table[] = {
        { "world", "DIR", "the world folder", &folder, NULL, true },
        { "out", "FILE", "the mart to write", &out, NULL, true },
        { "day", "DAY", "the day of the extract; without it the last day that any record tells of", &day, NULL, false },
    };
    const struct cli_usage usage = {
        .command = "tirkeu kin build",
        .about = "Makes the kinship mart of a world. The same world gives the same bytes.",
        .option = table,
        .options = sizeof table / sizeof *table,
    };
    struct kin_build_options options = { .as_of = DAY_NONE };
    int status = cli_parse(&usage, argc, argv, NULL);
    if (status != CLI_GO)
        return status;
    if (day != NULL && !cli_day(&usage, "day", day, &options.as_of))
        return CLI_USAGE;
    struct buf errors;
    struct progress progress;
    struct err err;
    struct kin_builder *builder = kin_builder_new();
    struct world_sink sink = kin_builder_sink(builder);
    buf_init(&errors, ERRORS_LIMIT);
    bool read = world_scan(folder, &sink, &progress, &errors);
    if (!read)
        fwrite(errors.p, 1, errors.n, stderr);
    buf_release(&errors);
    options.progress = &progress;
    bool built = read && kin_builder_write(builder, &options, out, &err);
    kin_builder_free(builder);
    return built ? CLI_OK : read ? cli_fail(&usage, &err) : CLI_USAGE;
}

/* ---- asking ---- */

/* The mart, and the day and readings to ask by. */
struct asking {
    struct kin_live *live; /* NULL: the mart alone */
    const struct kin_mart *mart;
    struct kin_mart *file; /* where there is no journal */
    struct kin_source source;
    struct kin_options options;
    struct day day, as_of;
};

static bool open_files(const char *file, const char *journal, struct asking *ret, struct err *err)
{
    ret->live = NULL;
    ret->file = NULL;
    if (journal == NULL) {
        if (!kin_mart_open(file, KIN_MART_MAPPED, &ret->file, err))
            return false;
        ret->mart = ret->file;
        return true;
    }
    if (!kin_live_open(file, journal, KIN_LIVE_READ, &ret->live, err))
        return false;
    ret->mart = kin_live_take(ret->live);
    return true;
}

static void close_files(struct asking *ask)
{
    kin_mart_close(ask->file);
    if (ask->live != NULL)
        kin_live_give(ask->live, ask->mart);
    kin_live_close(ask->live);
}

static int open_mart(const struct cli_usage *usage, const char *file, const char *journal, const char *day, struct asking *ret)
{
    struct err err;
    struct kin_mart_info info;
    if (!open_files(file, journal, ret, &err))
        return cli_fail(usage, &err);
    kin_mart_info(ret->mart, &info);
    ret->as_of = ret->day = info.as_of;
    int status = CLI_GO;
    if (day != NULL && !cli_day(usage, "day", day, &ret->day))
        status = CLI_USAGE;
    else if (!kin_mart_verify(ret->mart, &err))
        status = cli_fail(usage, &err);
    if (status != CLI_GO) {
        close_files(ret);
        return status;
    }
    struct policy_readings readings;
    policy_on(policy_default(), ret->day, &readings);
    ret->options = readings.kin;
    ret->source = kin_mart_source(ret->mart);
    return CLI_GO;
}

struct query {
    struct iin a, b;
    enum kin_degree degree;
    enum kin_side side;
};

static const char *read_person(const struct asking *ask, struct str text, struct iin *ret)
{
    if (iin_parse(text, ret) != IIN_PERSON)
        return "is not an IIN: twelve digits with a right check digit";
    return kin_mart_has(ask->mart, *ret) ? NULL : "is not in the mart";
}

/* "A-IIN B-IIN degree [side]"; false: *out says which word is wrong. */
static bool read_query(const struct asking *ask, struct str line, struct query *ret, struct buf *out)
{
    struct str word[5] = { { NULL, 0 } }, part;
    int words = 0;
    for (struct str rest = line; str_split(&rest, ' ', &part);) {
        if (part.n > 0 && words < 5)
            word[words++] = part;
    }
    const char *wrong;
    ret->side = KIN_SIDE_NONE;
    if (words < 3 || words > 4)
        buf_add_text(out, "a query is: A-IIN B-IIN degree [side]");
    else if ((wrong = read_person(ask, word[0], &ret->a)) != NULL)
        buf_addf(out, "the first number %s", wrong);
    else if ((wrong = read_person(ask, word[1], &ret->b)) != NULL)
        buf_addf(out, "the second number %s", wrong);
    else if (!kin_degree_parse(word[2], &ret->degree))
        buf_add_text(out, "unknown degree");
    else if (words == 4 && !kin_side_parse(word[3], &ret->side))
        buf_add_text(out, "the side is mother or father");
    else if (kin_degree_has_side(ret->degree) != (words == 4))
        buf_add_text(out, words == 4 ? "this degree has no side" : "this degree needs a side, mother or father");
    return out->n == 0;
}

static void answer_query(const struct asking *ask, const struct query *q, struct json *j)
{
    struct kin_answer answer;
    kin_verify(&ask->source, &ask->options, ask->day, q->degree, q->side, q->a, q->b, &answer);
    json_open_object(j);
    json_key(j, "confirmed");
    if (answer.confirmed == TRI_UNKNOWN)
        json_nil(j); /* a register was silent when the extract was made */
    else
        json_bool(j, answer.confirmed == TRI_YES);
    kin_answer_write(&answer, j);
    json_key(j, "as_of");
    json_day(j, ask->as_of);
    json_end(j);
}

static bool is_blank(struct str line) { return str_trim(line).n == 0; }

/* One line in, one line out. */
static void check_line(const struct asking *ask, struct str line, int64_t number, bool too_long, struct buf *out, bool *ret_wrong)
{
    struct buf wrong;
    struct query query;
    struct json j;
    buf_init(&wrong, LINE_LIMIT);
    json_init(&j, out);
    if (too_long)
        buf_add_text(&wrong, "the line is too long");
    if (!too_long && read_query(ask, str_trim(line), &query, &wrong)) {
        answer_query(ask, &query, &j);
    } else {
        json_open_object(&j);
        json_put_str(&j, "error", buf_str(&wrong));
        json_put_int(&j, "line", number);
        json_end(&j);
        *ret_wrong = true;
    }
    buf_add_char(out, '\n');
    buf_release(&wrong);
}

static bool check_all(const struct asking *ask, int fd, bool *ret_wrong, struct err *err)
{
    struct lines lines;
    struct str line;
    struct buf out;
    enum lines_status status;
    lines_init(&lines, fd, LINE_LIMIT);
    buf_init(&out, OUT_LIMIT);
    while ((status = lines_next(&lines, &line, err)) == LINES_LINE || status == LINES_TOO_LONG) {
        if (status == LINES_LINE && is_blank(line))
            continue;
        check_line(ask, line, lines.line, status == LINES_TOO_LONG, &out, ret_wrong);
        fwrite(out.p, 1, out.n, stdout);
        buf_clear(&out);
        if (lines_would_read(&lines))
            fflush(stdout);
    }
    buf_release(&out);
    lines_release(&lines);
    return status == LINES_END;
}

static int check(int argc, char **argv)
{
    const char *file = NULL, *journal = NULL, *day = NULL, *input = NULL;
    const struct cli_option table[] = {
        { "mart", "FILE", "the mart", &file, NULL, true },
        { "journal", "FILE", "what came after it; the day is then the last that the journal tells of", &journal, NULL, false },
        { "day", "DAY", "the day to ask about; without it the day of the extract", &day, NULL, false },
    };
    const struct cli_usage usage = {
        .command = "tirkeu kin check",
        .about = "Checks kinship: one query a line, \"A-IIN B-IIN degree [side]\": is A the degree of B?  One JSON object a line "
                 "comes\n"
                 "back, with the persons and acts of the proof or what is missing.  Exit status 1: some line was wrong.",
        .arguments = "[FILE or -]",
        .arguments_most = 1,
        .option = table,
        .options = sizeof table / sizeof *table,
    };
    struct asking ask;
    struct err err;
    int status = cli_parse(&usage, argc, argv, &input);
    if (status == CLI_GO)
        status = open_mart(&usage, file, journal, day, &ask);
    if (status != CLI_GO)
        return status;
    bool wrong = false, standard = input == NULL || strcmp(input, "-") == 0;
    int fd = standard ? STDIN_FILENO : open(input, O_RDONLY | O_CLOEXEC);
    bool read_all =
        fd >= 0 ? check_all(&ask, fd, &wrong, &err) : err_set(&err, ERR_INPUT, "%s: cannot open: %s", input, strerror(errno));
    if (fd > STDIN_FILENO)
        close(fd);
    close_files(&ask);
    return !read_all ? cli_fail(&usage, &err) : wrong ? CLI_NO : CLI_OK;
}

/* ---- tirkeu kin degrees ---- */

static void print_relation(const struct asking *ask, struct kin_relation relation, struct iin a, struct iin b)
{
    struct buf out;
    struct json j;
    struct kin_answer answer;
    buf_init(&out, OUT_LIMIT);
    json_init(&j, &out);
    kin_verify(&ask->source, &ask->options, ask->day, relation.degree, relation.side, a, b, &answer);
    json_open_object(&j);
    json_put_text(&j, "degree", kin_degree_name(relation.degree));
    if (relation.side != KIN_SIDE_NONE)
        json_put_text(&j, "side", kin_side_name(relation.side));
    kin_answer_write(&answer, &j);
    json_key(&j, "as_of");
    json_day(&j, ask->as_of);
    json_end(&j);
    printf("%s\n", out.p);
    buf_release(&out);
}

static int degrees(int argc, char **argv)
{
    const char *file = NULL, *journal = NULL, *day = NULL, *text[2];
    const struct cli_option table[] = {
        { "mart", "FILE", "the mart", &file, NULL, true },
        { "journal", "FILE", "what came after it; the day is then the last that the journal tells of", &journal, NULL, false },
        { "day", "DAY", "the day to ask about; without it the day of the extract", &day, NULL, false },
    };
    const struct cli_usage usage = {
        .command = "tirkeu kin degrees",
        .about =
            "Every degree, with its side, that the first person is to the second, each with its path: one JSON object a line.\n"
            "Exit status 1: there is none.",
        .arguments = "A-IIN B-IIN",
        .arguments_least = 2,
        .arguments_most = 2,
        .option = table,
        .options = sizeof table / sizeof *table,
    };
    struct asking ask;
    struct iin person[2];
    int status = cli_parse(&usage, argc, argv, text);
    if (status == CLI_GO)
        status = open_mart(&usage, file, journal, day, &ask);
    if (status != CLI_GO)
        return status;
    for (int i = 0; i < 2 && status == CLI_GO; i++) {
        const char *wrong = read_person(&ask, str_from(text[i]), &person[i]);
        if (wrong != NULL)
            status = cli_usage_error(&usage, "%s %s", text[i], wrong);
    }
    if (status == CLI_GO) {
        struct kin_relation relation[KIN_RELATIONS_MAX];
        int count = kin_mart_relations(ask.mart, &ask.options, ask.day, person[0], person[1], relation);
        for (int i = 0; i < count; i++)
            print_relation(&ask, relation[i], person[0], person[1]);
        status = count > 0 ? CLI_OK : CLI_NO;
    }
    close_files(&ask);
    return status;
}

int cmd_kin(int argc, char **argv)
{
    static const struct cli_command commands[] = {
        { "build", build, "make the mart of a world" },
        { "check", check, "is A the degree of B, with the proof" },
        { "degrees", degrees, "everything that A is to B" },
        { "apply", kin_apply, "civil acts and registrations into the journal of a mart" },
        { "snapshot", kin_snapshot, "a new mart of the mart and its journal" },
    };
    return cli_dispatch("tirkeu kin", commands, sizeof commands / sizeof *commands, argc, argv);
}
