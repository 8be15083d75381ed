/* SPDX-License-Identifier: Apache-2.0 */
/* What if the norm or a reading were another one: the whole country decided again, against the built-in policy. */
#include <stdio.h>
#include <string.h>

#include "base/decimal.h"
#include "base/file.h"
#include "base/progress.h"
#include "cli/cli.h"
#include "cli/whatif.h"
#include "law/policy.h"
#include "world/world.h"

#define ERRORS_LIMIT ((size_t)1 << 20)
#define OUT_LIMIT    ((size_t)64 << 20)
#define NORM_LEAST   1 /* as in a policy: 0.01 to 1000.00 m2 */
#define NORM_MOST    100000

struct options {
    const char *mart, *policy, *norm, *kato, *svg;
    bool json;
};

/* ---- what is tried ---- */

static bool read_norms(const struct cli_usage *usage, const char *text, struct whatif *w)
{
    struct str rest = str_from(text), part;
    while (str_split(&rest, ',', &part)) {
        int64_t norm;
        if (!decimal_parse(str_trim(part), &norm) || norm < NORM_LEAST || norm > NORM_MOST) {
            cli_usage_error(usage,
                            "option --norm: '" STR_FMT "' is not a norm; write square metres from 0.01 to 1000, like 15 or 13.5",
                            STR_ARG(part));
            return false;
        }
        if (w->norms == KIN_NORMS_MAX) {
            cli_usage_error(usage, "option --norm: more than %d norms", KIN_NORMS_MAX);
            return false;
        }
        w->norm[w->norms++] = norm;
    }
    return true;
}

static bool read_kato(const struct cli_usage *usage, const char *text)
{
    if (str_is_digits(str_from(text)) && strlen(text) <= 9)
        return true;
    cli_usage_error(usage, "option --kato: '%s' is not the beginning of a KATO: at most nine digits", text);
    return false;
}

/* The readings that a policy file states for the day; the built-in ones without a file. */
static int read_policy(const struct cli_usage *usage, const char *path, struct day day, struct policy_readings *ret)
{
    struct arena arena;
    struct buf errors;
    const struct policy *policy = policy_default();
    arena_init(&arena, 0);
    buf_init(&errors, ERRORS_LIMIT);
    bool read = path == NULL || policy_load(path, &arena, &policy, &errors);
    if (read)
        policy_on(policy, day, ret);
    else
        fwrite(errors.p, 1, errors.n, stderr);
    buf_release(&errors);
    arena_release(&arena);
    if (!read)
        return CLI_USAGE;
    if (!ret->residence_only)
        return CLI_GO;
    return cli_usage_error(usage, "%s: registered = residence_only: the mart counts both kinds of registration and cannot tell",
                           path);
}

static struct kin_country_question question_of(const struct policy_readings *readings, const char *kato)
{
    return (struct kin_country_question){ .useful_area = readings->useful_area,
                                          .allowed_at_least_one = readings->allowed_at_least_one,
                                          .reached_above_allowed = readings->reached_above_allowed,
                                          .kin = readings->kin,
                                          .kato = str_from(kato) };
}

/* ---- counting ---- */

static bool count(const struct kin_mart *mart, const struct policy_readings *tried, struct whatif *w, struct err *err)
{
    struct policy_readings built_in;
    struct progress progress;
    policy_on(policy_default(), w->as_of, &built_in);
    struct kin_country_question question = question_of(&built_in, w->kato);
    w->built_in = question.norm[0] = built_in.area_per_person;
    question.norms = 1;
    if (!kin_mart_country(mart, &question, &w->now, err))
        return false;
    question = question_of(tried, w->kato);
    memcpy(question.norm, w->norm, sizeof question.norm);
    question.norms = w->norms;
    question.progress = &progress;
    if (kin_mart_country(mart, &question, &w->tried, err))
        return true;
    kin_country_release(&w->now);
    return false;
}

/* A silent register confirms nothing: whoever reads the figures has to know. */
static void tell_silent(const struct cli_usage *usage, uint32_t held)
{
    for (enum world_file file = WORLD_PERSONS; file <= WORLD_STUDENTS; file++) {
        bool matters = file != WORLD_INCAPACITY && file != WORLD_STUDENTS;
        if (matters && (held >> file & 1) == 0)
            fprintf(stderr, "%s: the extract was made without %s: what it would tell counts as not on record\n", usage->command,
                    world_file_name(file));
    }
}

static int show(const struct cli_usage *usage, const struct options *o, const struct whatif *w)
{
    struct buf out;
    struct err err;
    buf_init(&out, OUT_LIMIT);
    if (o->svg != NULL)
        whatif_chart_write(w, &out);
    else if (o->json)
        whatif_json_write(w, &out);
    else
        whatif_table_write(w, &out);
    bool written;
    if (out.over)
        written = err_set(&err, ERR_LIMIT, "more than %zu bytes of result", OUT_LIMIT);
    else if (o->svg != NULL)
        written = file_write(o->svg, buf_str(&out), &err);
    else
        written = (fwrite(out.p, 1, out.n, stdout) == out.n && fflush(stdout) == 0) ||
                  err_set(&err, ERR_SYSTEM, "cannot write the result");
    buf_release(&out);
    return written ? CLI_OK : cli_fail(usage, &err);
}

static int run(const struct cli_usage *usage, const struct options *o, const struct kin_mart *mart, struct whatif *w)
{
    struct err err;
    struct kin_mart_info info;
    struct policy_readings tried;
    kin_mart_info(mart, &info);
    w->as_of = info.as_of;
    int status = read_policy(usage, o->policy, w->as_of, &tried);
    if (status != CLI_GO)
        return status;
    if (w->norms == 0)
        w->norm[w->norms++] = tried.area_per_person;
    if (!kin_mart_verify(mart, &err) || !count(mart, &tried, w, &err))
        return cli_fail(usage, &err);
    tell_silent(usage, info.held);
    status = show(usage, o, w);
    kin_country_release(&w->now);
    kin_country_release(&w->tried);
    return status;
}

int cmd_whatif(int argc, char **argv)
{
    struct options o = { .mart = NULL };
    const struct cli_option table[] = {
        { "mart", "FILE", "the kinship mart (tirkeu kin build)", &o.mart, NULL, true },
        { "policy", "FILE", "norms and readings to try, on the day of the extract", &o.policy, NULL, false },
        { "norm", "A,B,C", "norms to try instead of the policy's, m2 a person", &o.norm, NULL, false },
        { "kato", "PREFIX", "only dwellings whose KATO begins with this, like 71", &o.kato, NULL, false },
        { "json", NULL, "one JSON object instead of a table", NULL, &o.json, false },
        { "svg", "FILE", "a bar chart into this file instead of a table", &o.svg, NULL, false },
    };
    const struct cli_usage usage = {
        .command = "tirkeu whatif",
        .about =
            "Every dwelling on the day of the extract against the norm, and everybody registered in one over it against its "
            "owners;\n"
            "what would change from the built-in policy.  An unchanged policy changes nothing.\n\n"
            "  district    the first four digits of the KATO; \"-\" where none is on record\n"
            "  reached     dwellings where the next person would have to name a relation: registered >= allowed\n"
            "  over        dwellings where more are registered than allowed; the columns behind it count the persons there:\n"
            "              owners themselves, kin to an owner by any degree, and neither\n"
            "  change      against the built-in policy of that day\n\n"
            "Readings of the policy that count: norm.area_per_person, norm.area_kind, allowed, reached, and those of kinship.\n"
            "The norm is applied wherever a dwelling lies; a dwelling without area on record is compared with none.",
        .option = table,
        .options = sizeof table / sizeof *table,
    };
    struct whatif w = { .norms = 0 };
    struct kin_mart *mart;
    struct err err;
    int status = cli_parse(&usage, argc, argv, NULL);
    if (status != CLI_GO)
        return status;
    if (o.json && o.svg != NULL)
        return cli_usage_error(&usage, "--json and --svg exclude each other");
    if ((o.norm != NULL && !read_norms(&usage, o.norm, &w)) || (o.kato != NULL && !read_kato(&usage, o.kato)))
        return CLI_USAGE;
    w.kato = o.kato != NULL ? o.kato : "";
    if (!kin_mart_open(o.mart, KIN_MART_MAPPED, &mart, &err))
        return cli_fail(&usage, &err);
    status = run(&usage, &o, mart, &w);
    kin_mart_close(mart);
    return status;
}
