/* SPDX-License-Identifier: Apache-2.0 */
/* One field at a time: its text, its value out of a text, "nothing", sameness. */
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "registry/records.h"

#define TEXT_MAX 8000

static int enum_get(const void *at)
{
    unsigned value; /* all enums of ours are as wide as unsigned */
    memcpy(&value, at, sizeof value);
    return (int)value;
}

static void enum_set(void *at, int value)
{
    unsigned plain = (unsigned)value;
    memcpy(at, &plain, sizeof plain);
}

_Static_assert(sizeof(enum world_kind) == sizeof(unsigned), "enums are read as unsigned");

/* ---- nothing ---- */

static void field_clear(const struct field *field, void *base)
{
    void *at = field_in(field, base);
    switch (field->type) {
    case FIELD_DAY:
    case FIELD_MIDNIGHT: *(struct day *)at = DAY_NONE; break;
    case FIELD_AREA: *(int64_t *)at = DECIMAL_NONE; break;
    default: break; /* zero, by record_init */
    }
}

void record_init(const struct record *record, void *base)
{
    memset(base, 0, record->size);
    for (int i = 0; i < record->fields; i++) {
        field_clear(&record->field[i], base);
    }
}

/* ---- text ---- */

static struct str name_text(const struct field *field, const void *at)
{
    int value = enum_get(at);
    bool known = value > 0 && value < field->names->count;
    return known ? str_from(field->names->row[value].name) : (struct str){ 0 };
}

struct str field_to_text(const struct field *field, const void *at, char room[FIELD_TEXT_ROOM])
{
    room[0] = '\0';
    switch (field->type) {
    case FIELD_TEXT: return *(const struct str *)at;
    case FIELD_IIN: return str_from(iin_format(*(const struct iin *)at, room));
    case FIELD_DAY:
    case FIELD_MIDNIGHT: return str_from(day_format(*(const struct day *)at, room));
    case FIELD_MOMENT:
        return ((const struct moment *)at)->ms == 0 ? (struct str){ 0 }
                                                    : str_from(moment_format(*(const struct moment *)at, room));
    case FIELD_AREA:
        return *(const int64_t *)at == DECIMAL_NONE ? (struct str){ 0 } : str_from(decimal_format(*(const int64_t *)at, room));
    case FIELD_COUNT: snprintf(room, FIELD_TEXT_ROOM, "%d", *(const int *)at); return str_from(room);
    case FIELD_BOOL:
    case FIELD_HELD: return *(const bool *)at ? STR("true") : (field->flags & FIELD_NEEDED) ? STR("false") : (struct str){ 0 };
    case FIELD_NAME:
    case FIELD_CODE: return name_text(field, at);
    case FIELD_FIXED:
    case FIELD_LIST: break;
    }
    BUG("field %s has no text", field->name ? field->name : field->element);
}

/* ---- value out of text ---- */

static bool bool_from(struct str text, bool *ret)
{
    if (str_is(text, "true") || str_is(text, "1")) {
        *ret = true;
    } else if (str_is(text, "false") || str_is(text, "0")) {
        *ret = false;
    } else {
        return false;
    }
    return true;
}

static bool count_from(struct str text, int *ret)
{
    uint64_t value;
    if (!str_to_u64(text, &value) || value > INT_MAX) {
        return false;
    }
    *ret = (int)value;
    return true;
}

/* In XML a dictionary value comes by its code, in JSON and in contracts of our own by its name. */
static bool name_from(const struct field *field, struct str text, void *ret_at)
{
    for (int i = 1; i < field->names->count; i++) {
        if (str_is(text, field->names->row[i].name)) {
            enum_set(ret_at, i);
            return true;
        }
    }
    return false;
}

/* A moment in XML; its own date counts, so only midnight is taken: another time might mean another zone. */
static bool midnight_from(struct str text, struct day *ret)
{
    static const char midnight[] = "T00:00:00";
    if (text.n > 10) {
        struct str rest = { text.p + 10, text.n - 10 };
        if (!str_starts(rest, midnight)) {
            return false;
        }
        rest = (struct str){ rest.p + sizeof midnight - 1, rest.n - (sizeof midnight - 1) };
        for (size_t i = 0; i < rest.n; i++) {
            if (!strchr(".:+-Z0123456789", rest.p[i]) || rest.p[i] == '\0' || rest.n > 16) {
                return false;
            }
        }
        text.n = 10;
    }
    return day_parse(text, ret);
}

static bool value_from(const struct field *field, struct str text, void *ret_at)
{
    switch (field->type) {
    case FIELD_TEXT: *(struct str *)ret_at = text; return text.n <= TEXT_MAX;
    case FIELD_IIN: return iin_parse(text, ret_at) != IIN_BAD;
    case FIELD_DAY: return day_parse(text, ret_at);
    case FIELD_MIDNIGHT: return midnight_from(text, ret_at);
    case FIELD_MOMENT: return moment_parse(text, ret_at);
    case FIELD_AREA: return decimal_parse(text, ret_at);
    case FIELD_COUNT: return count_from(text, ret_at);
    case FIELD_BOOL:
    case FIELD_HELD: return bool_from(text, ret_at);
    case FIELD_NAME:
    case FIELD_CODE: return name_from(field, text, ret_at);
    case FIELD_FIXED:
    case FIELD_LIST: break;
    }
    return false;
}

static const char *const wanted[] = {
    [FIELD_TEXT] = "a text of at most 8000 bytes",
    [FIELD_IIN] = "12 digits with a right check digit",
    [FIELD_DAY] = "a date like 2026-03-02",
    [FIELD_MIDNIGHT] = "a date, or a moment at midnight",
    [FIELD_MOMENT] = "a moment like 2026-03-02T10:00:00Z",
    [FIELD_AREA] = "an area like 45.30",
    [FIELD_COUNT] = "a whole number",
    [FIELD_BOOL] = "true or false",
    [FIELD_NAME] = "one of its names",
    [FIELD_CODE] = "one of its codes",
    [FIELD_HELD] = "true or false",
    [FIELD_FIXED] = "",
    [FIELD_LIST] = "a list",
};

/* The value itself is not repeated: it may be personal data and the message goes to the log. */
bool field_from_text(const struct field *field, const char *what, struct str text, void *ret_at, struct err *err)
{
    if (!value_from(field, text, ret_at)) {
        return err_set(err, ERR_INPUT, "%s: not %s", what, wanted[field->type]);
    }
    return true;
}

/* ---- sameness ---- */

/* Compared by bytes; 0: not so simple. */
static const size_t plain_size[] = {
    [FIELD_IIN] = sizeof(struct iin),
    [FIELD_DAY] = sizeof(struct day),
    [FIELD_MIDNIGHT] = sizeof(struct day),
    [FIELD_MOMENT] = sizeof(struct moment),
    [FIELD_AREA] = sizeof(int64_t),
    [FIELD_COUNT] = sizeof(int),
    [FIELD_BOOL] = sizeof(bool),
    [FIELD_HELD] = sizeof(bool),
    [FIELD_NAME] = sizeof(unsigned),
    [FIELD_CODE] = sizeof(unsigned),
    [FIELD_LIST] = 0,
};

static bool list_same(const struct field *field, const void *a, const void *b)
{
    int count = *(const int *)((const char *)a + field->count_offset);
    if (count != *(const int *)((const char *)b + field->count_offset)) {
        return false;
    }
    const char *one = *(char *const *)field_at(field, a), *other = *(char *const *)field_at(field, b);
    for (int i = 0; i < count; i++) {
        if (!record_same(field->item, one + (size_t)i * field->item->size, other + (size_t)i * field->item->size)) {
            return false;
        }
    }
    return true;
}

static bool field_same(const struct field *field, const void *a, const void *b)
{
    const void *one = field_at(field, a), *other = field_at(field, b);
    switch (field->type) {
    case FIELD_FIXED: return true;
    case FIELD_TEXT: return str_equal(*(const struct str *)one, *(const struct str *)other);
    case FIELD_LIST: return list_same(field, a, b);
    default: return memcmp(one, other, plain_size[field->type]) == 0;
    }
}

bool record_same(const struct record *record, const void *a, const void *b)
{
    for (int i = 0; i < record->fields; i++) {
        if (!field_same(&record->field[i], a, b)) {
            return false;
        }
    }
    return true;
}

bool registry_question_same(const struct registry_question *a, const struct registry_question *b)
{
    return a->ask == b->ask && record_same(&question_records[a->ask], a, b);
}
