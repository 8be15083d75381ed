/* SPDX-License-Identifier: Apache-2.0 */
#include "web/form.h"

#include <string.h>

int form_index(const struct form *form, const char *name)
{
    for (int i = 0; i < form->fields; i++) {
        if (strcmp(form->field[i].name, name) == 0)
            return i;
    }
    return -1;
}

void form_fail(const struct form *form, struct form_state *state, const char *name, enum text_key error)
{
    int i = form_index(form, name);
    if (i < 0)
        BUG("the form has no field '%s'", name);
    if (state->failed[i])
        return;
    state->failed[i] = true;
    state->error[i] = error;
    state->errors++;
}

/* ---- one reader a type: false when the value is wrong; `out` points into the typed struct ---- */

struct reading {
    const struct form_field *field;
    struct str typed;
    struct arena *arena;
    void *out;
};

static bool read_text(const struct reading *r)
{
    size_t length = str_utf8_length(r->typed);
    *(struct str *)r->out = r->typed;
    return length >= (size_t)r->field->min && length <= (size_t)r->field->max;
}

/* People group long numbers with spaces. */
static struct str without_spaces(struct arena *arena, struct str s)
{
    char *p = arena_alloc(arena, s.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] != ' ')
            p[n++] = s.p[i];
    }
    return (struct str){ p, n };
}

static bool read_digits(const struct reading *r)
{
    struct str digits = without_spaces(r->arena, r->typed);
    *(struct str *)r->out = digits;
    return str_is_digits(digits) && digits.n >= (size_t)r->field->min && digits.n <= (size_t)r->field->max;
}

static bool read_choice(const struct reading *r)
{
    for (const char *const *choice = r->field->choice; *choice; choice++) {
        if (str_is(r->typed, *choice)) {
            *(struct str *)r->out = str_from(*choice);
            return true;
        }
    }
    return false;
}

static bool read_int(const struct reading *r)
{
    uint64_t value;
    if (!str_to_u64(r->typed, &value) || value > INT32_MAX)
        return false;
    *(int *)r->out = (int)value;
    return (int)value >= r->field->min && (int)value <= r->field->max;
}

static bool read_person(const struct reading *r)
{
    return iin_parse(without_spaces(r->arena, r->typed), (struct iin *)r->out) == IIN_PERSON;
}

static bool read_owner(const struct reading *r)
{
    return iin_parse(without_spaces(r->arena, r->typed), (struct iin *)r->out) != IIN_BAD;
}

static bool read_day(const struct reading *r) { return day_parse(r->typed, (struct day *)r->out); }

static bool read_flag(const struct reading *r)
{
    *(bool *)r->out = true;
    return str_is(r->typed, "yes");
}

static bool read_file(const struct reading *r)
{
    *(struct str *)r->out = r->typed;
    return r->typed.n <= (size_t)r->field->max;
}

static bool (*const readers[])(const struct reading *) = {
    [FORM_TEXT] = read_text, [FORM_DIGITS] = read_digits, [FORM_CHOICE] = read_choice,
    [FORM_INT] = read_int,   [FORM_PERSON] = read_person, [FORM_OWNER] = read_owner,
    [FORM_DAY] = read_day,   [FORM_FLAG] = read_flag,     [FORM_FILE] = read_file,
};

static void read_nothing(const struct form_field *field, void *out)
{
    if (field->type == FORM_INT)
        *(int *)out = FORM_INT_NONE;
    if (field->type == FORM_DAY)
        *(struct day *)out = DAY_NONE;
    if (field->type == FORM_TEXT || field->type == FORM_DIGITS || field->type == FORM_CHOICE || field->type == FORM_FILE)
        *(struct str *)out = STR("");
}

static void read_field(const struct form *form, int i, const struct pairs *sent, struct arena *arena, struct form_state *state,
                       unsigned char *typed)
{
    const struct form_field *field = &form->field[i];
    struct str given = pairs_get(sent, field->name);
    bool file = field->type == FORM_FILE;
    struct reading reading = { field, file ? given : str_trim(given), arena, typed + field->offset };
    state->given[i] = pairs_have(sent, field->name);
    state->typed[i] = file ? STR("") : reading.typed; /* no browser takes a file back */
    if (reading.typed.n == 0) {
        read_nothing(field, reading.out);
        if (field->required)
            form_fail(form, state, field->name, field->missing);
    } else if (!readers[field->type](&reading)) {
        form_fail(form, state, field->name, field->wrong);
    }
}

bool form_read(const struct form *form, const struct pairs *sent, struct arena *arena, struct form_state *state, void *ret_typed,
               struct err *err)
{
    *state = (struct form_state){ 0 };
    for (int i = 0; i < sent->count; i++) {
        char name[PAIR_NAME_MAX + 1] = { 0 };
        memcpy(name, sent->pair[i].name.p, sent->pair[i].name.n);
        if (form_index(form, name) < 0)
            return err_set(err, ERR_INPUT, "the field '%s' does not belong to this form", name);
    }
    memset(ret_typed, 0, form->size);
    for (int i = 0; i < form->fields; i++)
        read_field(form, i, sent, arena, state, ret_typed);
    if (state->errors == 0 && form->check)
        form->check(form, ret_typed, state);
    return true;
}
