/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Runs src/law/ *.cases: blocks of facts and the decision expected of them.  The format is in src/law/README.md.
 *
 * A case with `given` facts goes straight to law_decide.  One with lines of registers (person, birth, ...) becomes a world
 * folder and goes through inquiry, so that rules which turn answers into facts are held to the sentences as well.
 * Run from the root of the project.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/digest.h"
#include "base/file.h"
#include "inquiry/inquiry.h"

#include "law_case_facts.h"
#include "law_case_registers.h"

struct tally {
    int cases, wrong;
};

/* ---- reading ---- */

static void line_law(struct law_case *c, struct str text)
{
    struct str number_part = text;
    const char *hash = memchr(text.p, '#', text.n);
    if (!hash)
        broken(c, "law: NUMBER #digest");
    number_part = str_trim((struct str){ text.p, (size_t)(hash - text.p) });
    for (int i = 0; i < law_sentence_count; i++)
        if (str_is(number_part, law_sentences[i].number))
            return;
    broken(c, "there is no sentence '" STR_FMT "'", STR_ARG(number_part));
}

static void line_expect(struct law_case *c, struct str text) { c->expect = text; }
static void line_asks(struct law_case *c, struct str text) { c->asks = text; }
static void line_norm(struct law_case *c, struct str text) { c->norm = text; }
static void line_missing(struct law_case *c, struct str text) { c->missing = text; }
static void line_field(struct law_case *c, struct str text) { c->field = text; }
static void line_readings(struct law_case *c, struct str text) { c->readings = text; }
static void line_application(struct law_case *c, struct str text) { c->application = text; }

static const struct keyword lines[] = {
    { "law", line_law },           { "given", line_given },
    { "policy", line_policy },     { "expect", line_expect },
    { "asks", line_asks },         { "norm", line_norm },
    { "missing", line_missing },   { "field", line_field },
    { "readings", line_readings }, { "application", line_application },
};
static const struct keyword register_lines[] = {
    { "person", line_person },     { "birth", line_birth },   { "marriage", line_marriage }, { "divorce", line_divorce },
    { "dwelling", line_dwelling }, { "owner", line_owner },   { "resident", line_resident }, { "incapable", line_incapable },
    { "student", line_student },   { "silent", line_silent },
};

static void case_line(struct law_case *c, struct str line)
{
    const char *colon = memchr(line.p, ':', line.n);
    if (!colon)
        broken(c, "expected `word: ...`");
    struct str word = { line.p, (size_t)(colon - line.p) };
    struct str text = str_trim((struct str){ colon + 1, line.n - word.n - 1 });
    for (size_t i = 0; i < sizeof register_lines / sizeof *register_lines; i++)
        if (str_is(word, register_lines[i].word)) {
            c->from_registers = true;
            register_lines[i].take(c, text);
            return;
        }
    take(c, lines, sizeof lines / sizeof *lines, word, text);
}

static void case_begin(struct law_case *c, struct str title)
{
    struct law_case fresh = { .file = c->file, .line = c->line, .title = title, .title_line = c->line };
    *c = fresh;
    arena_init(&c->arena, 0);
    buf_init(&c->policy, TEXT_LIMIT);
    for (int i = 0; i < WORLD_FILES; i++)
        buf_init(&c->csv[i], TEXT_LIMIT);
    c->facts = (struct law_facts){ .service = LAW_RESIDENCE,
                                   .channel = LAW_PORTAL,
                                   .day = day_of(2026, 3, 2),
                                   .relation = { LAW_NO_DEGREE, KIN_SIDE_NONE },
                                   .owner = c->owner,
                                   .total_area = DECIMAL_NONE,
                                   .useful_area = DECIMAL_NONE };
    c->facts.applicant = id_of(c, STR("applicant"));
    c->kin = (struct kin_answer){ .confirmed = TRI_UNKNOWN };
}

static void case_release(struct law_case *c)
{
    for (int i = 0; i < WORLD_FILES; i++)
        buf_release(&c->csv[i]);
    buf_release(&c->policy);
    arena_release(&c->arena);
}

/* ---- running ---- */

static const struct policy *policy_of(struct law_case *c)
{
    const struct policy *policy = policy_default();
    struct buf errors;
    buf_init(&errors, TEXT_LIMIT);
    if (c->policy.n > 0 && !policy_parse("policy", buf_str(&c->policy), &c->arena, &policy, &errors))
        broken(c, "%s", errors.p);
    buf_release(&errors);
    return policy;
}

static struct world *world_of(struct law_case *c, const char *folder)
{
    struct world *world = NULL;
    struct buf errors;
    for (int i = 0; i < WORLD_FILES; i++) {
        struct err err;
        if (!headers[i] || c->silent[i])
            continue;
        struct str path = arena_printf(&c->arena, "%s/%s", folder, world_file_name((enum world_file)i));
        struct str text = arena_printf(&c->arena, "%s\n" STR_FMT, headers[i], STR_ARG(buf_str(&c->csv[i])));
        if (!file_write(path.p, text, &err))
            broken(c, "%s", err.text);
    }
    buf_init(&errors, TEXT_LIMIT);
    if (!world_load(folder, &world, &errors))
        broken(c, "the registers of this case are wrong: %s", errors.p);
    buf_release(&errors);
    for (int i = 0; i < WORLD_FILES; i++)
        if (headers[i] && !c->silent[i])
            unlink(arena_printf(&c->arena, "%s/%s", folder, world_file_name((enum world_file)i)).p);
    return world;
}

static void decide_from_registers(struct law_case *c, const struct policy *policy, struct inquiry *q, struct law_decision *ret)
{
    char folder[] = "/tmp/law_cases_XXXXXX";
    if (!mkdtemp(folder))
        broken(c, "no folder for the world of a case");
    struct inquiry_application application = { .id = STR("case"),
                                               .service = c->facts.service,
                                               .channel = c->facts.channel,
                                               .day = c->facts.day,
                                               .applicant = c->facts.applicant,
                                               .rka = STR(RKA),
                                               .relation = c->facts.relation };
    struct world *world = world_of(c, folder);
    inquiry_init(q, &c->arena, policy, &application, 0);
    struct world_extract *extract = world_extract_make(world);
    inquiry_decide_folder(q, extract, ret);
    world_extract_free(extract);
    world_free(world);
    rmdir(folder);
}

static void decide_application(struct law_case *c, struct law_decision *ret)
{
    struct inquiry_application application;
    struct inquiry_fault fault;
    if (inquiry_application_read(c->application, &c->arena, &application, &fault))
        broken(c, "this application is in order");
    law_invalid(ret, fault.code, fault.field, NULL);
}

static struct str said(struct law_case *c, const struct law_decision *d)
{
    struct buf out;
    buf_init(&out, TEXT_LIMIT);
    buf_add_text(&out, law_outcome_name(d->outcome));
    buf_add_char(&out, ' ');
    for (const char *p = d->paragraph ? d->paragraph : "-"; *p; p++)
        buf_add_char(&out, *p == ' ' ? '_' : *p);
    for (int i = 0; i < d->reasons; i++)
        buf_addf(&out, " %s", law_reason_name(d->reason[i].code));
    struct str text = arena_str(&c->arena, buf_str(&out));
    buf_release(&out);
    return text;
}

static struct str said_asks(struct law_case *c, const struct law_decision *d)
{
    static const char *const names[] = { "dwelling", "owners", "head_count", "kinship", "study", "strangers", "married_owners" };
    struct str text = { "", 0 };
    for (unsigned i = 0; i < sizeof names / sizeof *names; i++)
        if (d->asks & 1u << i)
            text = arena_printf(&c->arena, STR_FMT "%s%s", STR_ARG(text), text.n ? " " : "", names[i]);
    return text;
}

static struct str said_norm(struct law_case *c, const struct law_decision *d)
{
    char area[DECIMAL_TEXT], per_person[DECIMAL_TEXT];
    if (!d->has_norm)
        return STR("none");
    if (d->per_person == DECIMAL_NONE)
        return STR("not_in_force");
    return arena_printf(&c->arena, "area=%s per_person=%s allowed=%lld registered=%d reached=%s", decimal_format(d->area, area),
                        decimal_format_short(d->per_person, per_person), (long long)d->allowed, d->registered,
                        d->reached ? "yes" : "no");
}

static struct str said_missing(struct law_case *c, const struct law_decision *d)
{
    struct str text = { "", 0 };
    for (int i = 0; d->kin && i < d->kin->missings; i++)
        text =
            arena_printf(&c->arena, STR_FMT "%s%s", STR_ARG(text), text.n ? " " : "", kin_missing_name(d->kin->missing[i].code));
    return text;
}

static struct str said_readings(struct law_case *c, const struct law_decision *d)
{
    struct str text = { "", 0 };
    for (int i = 0; i < POLICY_SETTINGS; i++)
        if (d->readings & UINT32_C(1) << i)
            text = arena_printf(&c->arena, STR_FMT "%s%s", STR_ARG(text), text.n ? " " : "",
                                policy_setting_name((enum policy_setting)i));
    return text;
}

static void compare(struct law_case *c, struct tally *tally, const char *what, struct str expected, struct str actual)
{
    if (!expected.p || str_equal(expected, actual))
        return;
    fprintf(stderr, "%s:%d: case '" STR_FMT "': %s is '" STR_FMT "', expected '" STR_FMT "'\n", c->file, c->title_line,
            STR_ARG(c->title), what, STR_ARG(actual), STR_ARG(expected));
    tally->wrong++;
}

static void run_case(struct law_case *c, struct tally *tally)
{
    struct law_decision decision;
    static struct inquiry q;
    if (!c->title.p)
        return;
    if (!c->expect.p)
        broken(c, "the case says nothing to expect");
    tally->cases++;
    if (c->application.p) {
        decide_application(c, &decision);
    } else if (c->from_registers) {
        decide_from_registers(c, policy_of(c), &q, &decision);
    } else {
        struct policy_readings readings;
        policy_on(policy_of(c), c->facts.day, &readings);
        law_decide(&c->facts, &readings, &decision);
    }
    compare(c, tally, "the decision", c->expect, said(c, &decision));
    compare(c, tally, "what it asks", c->asks.p ? c->asks : STR(""), said_asks(c, &decision));
    compare(c, tally, "the norm", c->norm, said_norm(c, &decision));
    compare(c, tally, "what is missing", c->missing, said_missing(c, &decision));
    compare(c, tally, "the readings", c->readings, said_readings(c, &decision));
    compare(c, tally, "the field", c->field, str_from(decision.reason[0].field ? decision.reason[0].field : "-"));
    case_release(c);
}

static void run_file(const char *path, struct tally *tally)
{
    static struct law_case c;
    struct arena arena;
    struct str text, line;
    struct err err;
    arena_init(&arena, 0);
    c = (struct law_case){ .file = path };
    if (!file_read(path, FILE_LIMIT, &arena, &text, &err))
        broken(&c, "%s", err.text);
    while (str_split(&text, '\n', &line)) {
        c.line++;
        line = str_trim(line);
        if (line.n == 0 || line.p[0] == '#')
            continue;
        if (str_starts(line, "case:")) {
            run_case(&c, tally);
            case_begin(&c, str_trim((struct str){ line.p + 5, line.n - 5 }));
        } else if (!c.title.p) {
            broken(&c, "a case begins with `case: title`");
        } else {
            case_line(&c, line);
        }
    }
    run_case(&c, tally);
    arena_release(&arena);
}

static void cases_hold(void **state)
{
    (void)state;
    struct tally tally = { 0, 0 };
    glob_t files;
    assert_int_equal(glob("src/law/*.cases", 0, NULL, &files), 0);
    for (size_t i = 0; i < files.gl_pathc; i++)
        run_file(files.gl_pathv[i], &tally);
    globfree(&files);
    assert_int_equal(tally.wrong, 0);
    assert_true(tally.cases >= 120);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(cases_hold) };
    digest_setup();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
