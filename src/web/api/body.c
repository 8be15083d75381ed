/* SPDX-License-Identifier: Apache-2.0 */
#include "web/api/body.h"

#include <stdio.h>
#include <string.h>

#include "base/json.h"

static const struct body nothing = { .size = 1 };

const char *body_wrong_name(enum body_wrong wrong)
{
    static const char *const names[BODY_WRONGS] = {
        [BODY_BAD_JSON] = "bad_json",     [BODY_UNKNOWN] = "unknown_key",   [BODY_REPEATED] = "repeated_key",
        [BODY_MISSING] = "missing_field", [BODY_WRONG_TYPE] = "wrong_type", [BODY_WRONG_VALUE] = "wrong_value",
    };
    return names[wrong];
}

/* Where a reader is: the path of the object that it reads, and where faults go. */
struct place {
    const char *path; /* "" or "coupon" */
    struct arena *arena;
    struct body_faults *faults;
};

/* A name that does not fit, or is not plain, is cut to what may be shown: it came from outside. */
static void fault(const struct place *place, struct str name, enum body_wrong wrong)
{
    struct body_faults *faults = place->faults;
    if (faults->count == BODY_FAULTS_MAX)
        return;
    char *field = faults->item[faults->count].field;
    size_t n = 0;
    for (const char *p = place->path; *p && n < BODY_NAME_MAX - 2; p++)
        field[n++] = *p;
    if (n > 0)
        field[n++] = '.';
    for (size_t i = 0; i < name.n && n < BODY_NAME_MAX - 1; i++) {
        char c = name.p[i];
        bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
        field[n++] = plain ? c : '?';
    }
    field[n] = '\0';
    faults->item[faults->count++].wrong = wrong;
}

/* ---- one reader a type: what it came to ---- */

enum came { RIGHT, OF_ANOTHER_TYPE, OF_WRONG_VALUE };

static enum came came_of(bool right) { return right ? RIGHT : OF_WRONG_VALUE; }

static struct str text_of_value(const json_t *value)
{
    return (struct str){ json_string_value(value), json_string_length(value) };
}

static bool is_one_line(struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        if ((unsigned char)s.p[i] < 0x20 || s.p[i] == 0x7f)
            return false;
    }
    return true;
}

static bool within(size_t n, const struct body_field *field) { return n >= (size_t)field->min && n <= (size_t)field->max; }

static enum came read_text(const struct body_field *field, const json_t *value, const struct place *place, void *out)
{
    struct str text = text_of_value(value);
    if (!is_one_line(text))
        return OF_WRONG_VALUE;
    text = arena_str(place->arena, str_trim(text));
    *(struct str *)out = text;
    return came_of(within(str_utf8_length(text), field));
}

static enum came read_digits(const struct body_field *field, const json_t *value, const struct place *place, void *out)
{
    struct str digits = text_of_value(value);
    *(struct str *)out = arena_str(place->arena, digits);
    return came_of(str_is_digits(digits) && within(digits.n, field));
}

static enum came read_choice(const struct body_field *field, const json_t *value, const struct place *place, void *out)
{
    (void)place;
    for (const char *const *choice = field->choice; *choice; choice++) {
        if (str_is(text_of_value(value), *choice)) {
            *(struct str *)out = str_from(*choice);
            return RIGHT;
        }
    }
    return OF_WRONG_VALUE;
}

static enum came read_int(const struct body_field *field, const json_t *value, const struct place *place, void *out)
{
    (void)place;
    json_int_t n = json_integer_value(value);
    if (n < field->min || n > field->max)
        return OF_WRONG_VALUE;
    *(int *)out = (int)n;
    return RIGHT;
}

static enum came read_flag(const struct body_field *field, const json_t *value, const struct place *place, void *out)
{
    (void)field;
    (void)place;
    *(bool *)out = json_is_true(value);
    return RIGHT;
}

static enum came read_person(const struct body_field *field, const json_t *value, const struct place *place, void *out)
{
    (void)field;
    (void)place;
    return came_of(iin_parse(text_of_value(value), out) == IIN_PERSON);
}

static enum came read_owner(const struct body_field *field, const json_t *value, const struct place *place, void *out)
{
    (void)field;
    (void)place;
    return came_of(iin_parse(text_of_value(value), out) != IIN_BAD);
}

static enum came read_day(const struct body_field *field, const json_t *value, const struct place *place, void *out)
{
    (void)field;
    (void)place;
    return came_of(day_parse(text_of_value(value), out));
}

static const void *read_object(const struct body *body, const json_t *object, const struct place *place);

static enum came read_member_object(const struct body_field *field, const json_t *value, const struct place *place, void *out)
{
    struct place inside = *place;
    inside.path = field->name;
    *(const void **)out = read_object(field->object, value, &inside);
    return RIGHT;
}

static const struct {
    enum came (*read)(const struct body_field *field, const json_t *value, const struct place *place, void *out);
    json_type type;
} readers[] = {
    [BODY_TEXT] = { read_text, JSON_STRING },
    [BODY_DIGITS] = { read_digits, JSON_STRING },
    [BODY_CHOICE] = { read_choice, JSON_STRING },
    [BODY_INT] = { read_int, JSON_INTEGER },
    [BODY_FLAG] = { read_flag, JSON_TRUE },
    [BODY_PERSON] = { read_person, JSON_STRING },
    [BODY_OWNER] = { read_owner, JSON_STRING },
    [BODY_DAY] = { read_day, JSON_STRING },
    [BODY_OBJECT] = { read_member_object, JSON_OBJECT },
};

static bool type_fits(enum body_type type, const json_t *value)
{
    return type == BODY_FLAG ? json_is_boolean(value) : json_typeof(value) == readers[type].type;
}

static void read_nothing(const struct body_field *field, void *out)
{
    if (field->type == BODY_INT)
        *(int *)out = BODY_INT_NONE;
    if (field->type == BODY_DAY)
        *(struct day *)out = DAY_NONE;
    if (field->type == BODY_TEXT || field->type == BODY_DIGITS || field->type == BODY_CHOICE)
        *(struct str *)out = STR("");
}

static void read_field(const struct body_field *field, const json_t *object, const struct place *place, unsigned char *typed)
{
    const json_t *value = json_object_get(object, field->name);
    void *out = typed + field->at;
    struct str name = str_from(field->name);
    read_nothing(field, out);
    if (!value || json_is_null(value)) {
        if (field->required)
            fault(place, name, BODY_MISSING);
        return;
    }
    enum came came = type_fits(field->type, value) ? readers[field->type].read(field, value, place, out) : OF_ANOTHER_TYPE;
    if (came != RIGHT)
        fault(place, name, came == OF_ANOTHER_TYPE ? BODY_WRONG_TYPE : BODY_WRONG_VALUE);
}

static bool has_field(const struct body *body, const char *name)
{
    for (int i = 0; i < body->fields; i++) {
        if (strcmp(body->field[i].name, name) == 0)
            return true;
    }
    return false;
}

static const void *read_object(const struct body *body, const json_t *object, const struct place *place)
{
    unsigned char *typed = arena_alloc(place->arena, body->size);
    /* jansson iterates over what it does not change, but takes no const. */
    json_t *members = (json_t *)(uintptr_t)object;
    for (void *at = json_object_iter(members); at; at = json_object_iter_next(members, at)) {
        const char *name = json_object_iter_key(at);
        if (!has_field(body, name))
            fault(place, str_from(name), BODY_UNKNOWN);
    }
    for (int i = 0; i < body->fields; i++)
        read_field(&body->field[i], object, place, typed);
    return typed;
}

/* ---- whole bodies and queries ---- */

/* jansson names the repeated key in its message only: duplicate object key near '"a"'. */
static struct str repeated_key(const char *message)
{
    const char *begin = strchr(message, '"');
    const char *end = begin ? strchr(begin + 1, '"') : NULL;
    return end ? (struct str){ begin + 1, (size_t)(end - begin - 1) } : STR("");
}

static json_t *parse(struct str text, const struct place *place)
{
    json_error_t why;
    json_t *root = json_loadb(text.n ? text.p : "", text.n, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, &why);
    if (!root) {
        bool repeated = json_error_code(&why) == json_error_duplicate_key;
        fault(place, repeated ? repeated_key(why.text) : STR(""), repeated ? BODY_REPEATED : BODY_BAD_JSON);
    } else if (!json_is_object(root)) {
        fault(place, STR(""), BODY_WRONG_TYPE);
    }
    return root;
}

bool body_read(const struct body *body, struct str json, struct arena *arena, const void **ret_typed,
               struct body_faults *ret_faults)
{
    struct place place = { .path = "", .arena = arena, .faults = ret_faults };
    ret_faults->count = 0;
    json_t *root = parse(json, &place);
    const void *typed = ret_faults->count == 0 ? read_object(body ? body : &nothing, root, &place) : NULL;
    json_decref(root);
    if (ret_faults->count > 0)
        return false;
    *ret_typed = typed;
    return true;
}

bool body_read_query(const struct body *body, const struct pairs *query, struct arena *arena, const void **ret_typed,
                     struct body_faults *ret_faults)
{
    struct place place = { .path = "", .arena = arena, .faults = ret_faults };
    json_t *root = json_object();
    ret_faults->count = 0;
    for (int i = 0; i < query->count; i++) {
        const char *name = arena_text(arena, query->pair[i].name);
        json_object_set_new(root, name,
                            json_stringn(query->pair[i].value.p ? query->pair[i].value.p : "", query->pair[i].value.n));
    }
    const void *typed = read_object(body ? body : &nothing, root, &place);
    json_decref(root);
    if (ret_faults->count > 0)
        return false;
    *ret_typed = typed;
    return true;
}
