/* SPDX-License-Identifier: Apache-2.0 */
/* The live mart from the command line: records into the journal, a new snapshot. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/json.h"
#include "base/lines.h"
#include "cli/cli.h"
#include "cli/kin_live.h"
#include "kin/live.h"

#define LINE_LIMIT  8192
#define OUT_LIMIT   ((size_t)1 << 20)
#define GROUP       256 /* records that share one sync, where so many are waiting */
#define FIELDS_MOST 4

/* ---- one line as a record ---- */

enum form { PERSON, PARENT, SECOND_DAY, DWELLING, MARRIAGE_NUMBER, BEGINS, ACT, OWNERS };
struct field {
    const char *key;
    enum form form;
    int place; /* of a person */
    bool optional;
};

/* What a record has besides type, act_number and day. */
static const struct field fields[KIN_RECORD_TYPES][FIELDS_MOST] = {
    [KIN_RECORD_BIRTH] = { { "child", PERSON, 0, false },
                           { "mother", PARENT, 1, false },
                           { "father", PARENT, 2, false },
                           { "born", SECOND_DAY, 0, true } },
    [KIN_RECORD_MARRIAGE] = { { "husband", PERSON, 0, false }, { "wife", PERSON, 1, false } },
    [KIN_RECORD_DIVORCE] = { { "husband", PERSON, 0, false },
                             { "wife", PERSON, 1, false },
                             { "marriage_act_number", MARRIAGE_NUMBER, 0, true } },
    [KIN_RECORD_DEATH] = { { "person", PERSON, 0, false } },
    [KIN_RECORD_CORRECTION] = { { "child", PERSON, 0, false },
                                { "mother", PARENT, 1, false },
                                { "father", PARENT, 2, false },
                                { "act_day", SECOND_DAY, 0, true } },
    [KIN_RECORD_ANNULMENT] = { { "act", ACT, 0, false }, { "person", PERSON, 0, false } },
    [KIN_RECORD_MOVE_IN] = { { "person", PERSON, 0, false }, { "rka", DWELLING, 0, false } },
    [KIN_RECORD_MOVE_OUT] = { { "person", PERSON, 0, false }, { "rka", DWELLING, 0, false } },
    [KIN_RECORD_OWNERS] = { { "rka", DWELLING, 0, false }, { "owners", OWNERS, 0, false } },
    [KIN_RECORD_STUDENT] = { { "person", PERSON, 0, false }, { "begins", BEGINS, 0, false } },
    [KIN_RECORD_INCAPACITY] = { { "person", PERSON, 0, false }, { "begins", BEGINS, 0, false } },
};

static bool wrong(struct err *err, const char *key, const char *what) { return err_set(err, ERR_INPUT, "%s: %s", key, what); }

static bool text_of(const json_t *value, struct str *ret)
{
    if (!json_is_string(value))
        return false;
    *ret = (struct str){ json_string_value(value), json_string_length(value) };
    return true;
}

static bool read_person(const json_t *value, const char *key, bool or_company, struct iin *ret, struct err *err)
{
    struct str text;
    enum iin_kind kind = text_of(value, &text) ? iin_parse(text, ret) : IIN_BAD;
    if (kind == IIN_PERSON || (kind == IIN_COMPANY && or_company))
        return true;
    return wrong(err, key, or_company ? "holds what is no IIN or BIN" : "is not an IIN: twelve digits with a right check digit");
}

static bool read_owners(const json_t *value, const char *key, struct kin_record *ret, struct err *err)
{
    size_t count = json_array_size(value); /* 0 of what is no array */
    if (!json_is_array(value) || count > KIN_RECORD_PERSONS)
        return err_set(err, ERR_INPUT, "%s: is not a list of at most %d IIN and BIN", key, KIN_RECORD_PERSONS);
    for (size_t i = 0; i < count; i++) {
        if (!read_person(json_array_get(value, i), key, true, &ret->person[i], err))
            return false;
    }
    ret->persons = (int)count;
    return true;
}

static bool read_value(const struct field *field, const json_t *value, struct kin_record *ret, struct err *err)
{
    struct str text = STR("");
    bool is_text = text_of(value, &text);
    switch (field->form) {
    case PERSON:
    case PARENT:
        ret->persons = field->place >= ret->persons ? field->place + 1 : ret->persons;
        if (field->form == PARENT && json_is_null(value))
            return true;
        return read_person(value, field->key, false, &ret->person[field->place], err);
    case SECOND_DAY:
        return (is_text && day_parse(text, &ret->other_day)) || wrong(err, field->key, "is not a day like 2026-03-02");
    case DWELLING:
    case MARRIAGE_NUMBER: ret->other = text; return (is_text && text.n > 0) || wrong(err, field->key, "is not a text");
    case BEGINS:
        ret->begins = json_is_true(value);
        return json_is_boolean(value) || wrong(err, field->key, "is not true or false");
    case ACT:
        return (is_text && kin_record_parse(text, &ret->annulled) && ret->annulled <= KIN_RECORD_DEATH) ||
               wrong(err, field->key, "is not birth, marriage, divorce or death");
    case OWNERS: return read_owners(value, field->key, ret, err);
    }
    return false;
}

static bool is_known(enum kin_record_type type, const char *key)
{
    bool known = strcmp(key, "type") == 0 || strcmp(key, "act_number") == 0 || strcmp(key, "day") == 0;
    for (int i = 0; i < FIELDS_MOST && fields[type][i].key != NULL; i++)
        known |= strcmp(key, fields[type][i].key) == 0;
    return known;
}

static bool read_fields(const json_t *object, struct kin_record *ret, struct err *err)
{
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)(uintptr_t)object, key, value)
    {
        if (!is_known(ret->type, key))
            return err_set(err, ERR_INPUT, "%.60s: a %s record has no such field", key, kin_record_name(ret->type));
    }
    for (int i = 0; i < FIELDS_MOST && fields[ret->type][i].key != NULL; i++) {
        const struct field *field = &fields[ret->type][i];
        value = json_object_get(object, field->key);
        if (value == NULL && !field->optional)
            return wrong(err, field->key,
                         field->form == PARENT ? "is missing (null where there is none on record)" : "is missing");
        if (value != NULL && !(field->optional && json_is_null(value)) && !read_value(field, value, ret, err))
            return false;
    }
    return true;
}

/* Texts point into the object. */
static bool read_record(const json_t *object, struct kin_record *ret, struct err *err)
{
    struct str day = json_member(object, "day");
    memset(ret, 0, sizeof *ret);
    ret->other_day = DAY_NONE;
    if (!json_is_object(object))
        return err_set(err, ERR_INPUT, "the line is not a JSON object");
    if (!kin_record_parse(json_member(object, "type"), &ret->type))
        return wrong(err, "type", "is missing, or no type of record");
    ret->act_number = json_member(object, "act_number");
    if (ret->act_number.n == 0)
        return wrong(err, "act_number", "is missing or empty");
    if (!day_parse(day, &ret->day))
        return wrong(err, "day", "is missing, or not a day like 2026-03-02");
    return read_fields(object, ret, err);
}

/* ---- tirkeu kin apply ---- */

struct applying {
    struct kin_live *live;
    struct buf out; /* answers to what is in line */
    uint64_t last;  /* in line */
    int waiting;
    bool refused;
};

static bool put_line(struct applying *a, struct str line, uint64_t *ret_sequence, struct err *err)
{
    json_t *object = NULL;
    struct kin_record record;
    if (!json_parse(line, &object, err))
        return false;
    bool put = read_record(object, &record, err) && kin_live_put(a->live, &record, ret_sequence, err);
    json_decref(object);
    return put;
}

/* Nothing is answered before it is durable. */
static bool answer_all(struct applying *a, struct err *err)
{
    if (a->waiting > 0 && !kin_live_wait(a->live, a->last, err))
        return false;
    fwrite(a->out.p, 1, a->out.n, stdout);
    fflush(stdout);
    buf_clear(&a->out);
    a->waiting = 0;
    return true;
}

/* False: the journal takes nothing more. */
static bool apply_line(struct applying *a, struct str line, int64_t number, bool too_long, struct err *err)
{
    struct json j;
    uint64_t sequence = 0;
    bool put = too_long ? err_set(err, ERR_INPUT, "the line is too long") : put_line(a, line, &sequence, err);
    if (!put && err->kind != ERR_INPUT)
        return false;
    json_init(&j, &a->out);
    json_open_object(&j);
    if (put) {
        json_put_int(&j, "sequence", (int64_t)sequence);
        a->last = sequence;
        a->waiting++;
    } else {
        json_put_text(&j, "error", err->text);
        json_put_int(&j, "line", number);
        a->refused = true;
    }
    json_end(&j);
    buf_add_char(&a->out, '\n');
    return true;
}

static bool apply_all(struct applying *a, int fd, struct err *err)
{
    struct lines lines;
    struct str line;
    enum lines_status status;
    bool ok = true;
    lines_init(&lines, fd, LINE_LIMIT);
    while (ok && ((status = lines_next(&lines, &line, err)) == LINES_LINE || status == LINES_TOO_LONG)) {
        if (status == LINES_TOO_LONG || str_trim(line).n > 0)
            ok = apply_line(a, line, lines.line, status == LINES_TOO_LONG, err);
        if (ok && (a->waiting >= GROUP || a->out.n > OUT_LIMIT / 2 || lines_would_read(&lines)))
            ok = answer_all(a, err);
    }
    ok = ok && status == LINES_END;
    if (!ok) { /* what was put before is answered all the same */
        struct err ignored;
        answer_all(a, &ignored);
    }
    lines_release(&lines);
    return ok && answer_all(a, err);
}

int kin_apply(int argc, char **argv)
{
    const char *mart = NULL, *journal = NULL, *input = NULL;
    const struct cli_option table[] = {
        { "mart", "FILE", "the mart, a snapshot", &mart, NULL, true },
        { "journal", "FILE", "its journal; made when it is absent", &journal, NULL, true },
    };
    const struct cli_usage usage = {
        .command = "tirkeu kin apply",
        .about = "Writes civil acts and registrations into the journal of a mart: one JSON object a line, each answered with\n"
                 "{\"sequence\":N} when it is durable, or {\"error\":\"...\",\"line\":N}.  Every record has type, act_number and "
                 "day, and:\n"
                 "  birth       child, mother, father (IIN or null), born (without it the day of the act)\n"
                 "  marriage    husband, wife\n"
                 "  divorce     husband, wife, marriage_act_number (without it: all their marriages of that day or before)\n"
                 "  death       person\n"
                 "  correction  child, mother, father, act_day: what the birth act, entered or amended late, says\n"
                 "  annulment   act (birth, marriage, divorce, death), person; act_number is that of the birth or marriage\n"
                 "  move_in, move_out     person, rka\n"
                 "  owners                rka, owners: all of them from now on, IIN or BIN\n"
                 "  student, incapacity   person, begins (true or false)\n"
                 "Exit status 1: some line was refused.",
        .arguments = "[FILE or -]",
        .arguments_most = 1,
        .option = table,
        .options = sizeof table / sizeof *table,
    };
    struct applying a = { 0 };
    struct err err;
    int status = cli_parse(&usage, argc, argv, &input);
    if (status != CLI_GO)
        return status;
    if (!kin_live_open(mart, journal, KIN_LIVE_WRITE, &a.live, &err))
        return cli_fail(&usage, &err);
    int fd = input == NULL || strcmp(input, "-") == 0 ? STDIN_FILENO : open(input, O_RDONLY | O_CLOEXEC);
    buf_init(&a.out, OUT_LIMIT);
    bool ok = fd >= 0 ? apply_all(&a, fd, &err) : err_set(&err, ERR_INPUT, "%s: cannot open: %s", input, strerrorname_np(errno));
    if (fd > STDIN_FILENO)
        close(fd);
    buf_release(&a.out);
    kin_live_close(a.live);
    return !ok ? cli_fail(&usage, &err) : a.refused ? CLI_NO : CLI_OK;
}

/* ---- tirkeu kin snapshot ---- */

int kin_snapshot(int argc, char **argv)
{
    const char *mart = NULL, *journal = NULL;
    const struct cli_option table[] = {
        { "mart", "FILE", "the mart; the new one takes its place", &mart, NULL, true },
        { "journal", "FILE", "its journal", &journal, NULL, true },
    };
    const struct cli_usage usage = {
        .command = "tirkeu kin snapshot",
        .about = "Writes the mart anew with all that its journal tells, and drops that from the journal.",
        .option = table,
        .options = sizeof table / sizeof *table,
    };
    struct kin_live *live;
    struct err err;
    uint64_t sequence;
    int status = cli_parse(&usage, argc, argv, NULL);
    if (status != CLI_GO)
        return status;
    if (!kin_live_open(mart, journal, KIN_LIVE_WRITE, &live, &err))
        return cli_fail(&usage, &err);
    bool written = kin_live_snapshot(live, &sequence, &err);
    kin_live_close(live);
    if (!written)
        return cli_fail(&usage, &err);
    printf("{\"sequence\":%llu}\n", (unsigned long long)sequence);
    return CLI_OK;
}
