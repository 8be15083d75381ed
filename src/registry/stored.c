/* SPDX-License-Identifier: Apache-2.0 */
/* Questions and answers as they are stored in a case: JSON, the same value always the same bytes. */
#include <string.h>

#include "registry/records.h"

#define LIST_MAX 20000

/* ---- records ---- */

static void write_list(const struct field *field, const void *base, struct json *j)
{
    int count = *(const int *)((const char *)base + field->count_offset);
    if (count == 0) {
        return;
    }
    const char *item = *(char *const *)field_at(field, base);
    json_key(j, field->name);
    json_open_array(j);
    for (int i = 0; i < count; i++) {
        json_open_object(j);
        record_json_write(field->item, item + (size_t)i * field->item->size, j);
        json_end(j);
    }
    json_end(j);
}

static void write_field(const struct field *field, const void *base, struct json *j)
{
    const void *at = field_at(field, base);
    char room[FIELD_TEXT_ROOM];
    struct str text = field_to_text(field, at, room);
    switch (field->type) {
    case FIELD_COUNT: json_put_int(j, field->name, *(const int *)at); break;
    case FIELD_BOOL:
    case FIELD_HELD:
        if (text.n > 0) {
            json_put_bool(j, field->name, *(const bool *)at);
        }
        break;
    default:
        if (text.n > 0 || (field->flags & FIELD_NEEDED)) {
            json_put_str(j, field->name, text);
        }
        break;
    }
}

void record_json_write(const struct record *record, const void *base, struct json *j)
{
    for (int i = 0; i < record->fields; i++) {
        const struct field *field = &record->field[i];
        if (field->type == FIELD_LIST) {
            write_list(field, base, j);
        } else if (field->type != FIELD_FIXED) {
            write_field(field, base, j);
        }
    }
}

static bool read_list(const struct field *field, const json_t *value, struct arena *arena, void *base, struct err *err)
{
    size_t count = json_array_size(value);
    if (!json_is_array(value) || count > LIST_MAX) {
        return err_set(err, ERR_INPUT, "%s: not a list of at most %d", field->name, LIST_MAX);
    }
    char *item = arena_alloc(arena, count * field->item->size);
    for (size_t i = 0; i < count; i++) {
        if (!record_json_read(field->item, json_array_get(value, i), arena, item + i * field->item->size, err)) {
            return err_prefix(err, "%s %zu", field->name, i + 1);
        }
    }
    *(char **)field_in(field, base) = item;
    *(int *)(void *)((char *)base + field->count_offset) = (int)count;
    return true;
}

static bool read_field(const struct field *field, const json_t *value, struct arena *arena, void *base, struct err *err)
{
    char room[FIELD_TEXT_ROOM];
    struct str text = { 0 };
    if (field->type == FIELD_LIST) {
        return read_list(field, value, arena, base, err);
    }
    bool truth = field->type == FIELD_BOOL || field->type == FIELD_HELD;
    if (truth && json_is_boolean(value)) {
        text = json_is_true(value) ? STR("true") : STR("false");
    } else if (field->type == FIELD_COUNT && json_is_integer(value)) {
        struct buf digits = { .p = room, .capacity = sizeof room, .limit = sizeof room - 1 };
        buf_add_int(&digits, json_integer_value(value));
        text = buf_str(&digits);
    } else if (!truth && field->type != FIELD_COUNT && json_is_string(value)) {
        text = arena_str(arena, (struct str){ json_string_value(value), json_string_length(value) });
    } else {
        return err_set(err, ERR_INPUT, "%s: a value of another type", field->name);
    }
    return field_from_text(field, field->name, text, field_in(field, base), err);
}

static const struct field *field_named(const struct record *record, const char *name)
{
    for (int i = 0; i < record->fields; i++) {
        if (record->field[i].name && strcmp(record->field[i].name, name) == 0) {
            return &record->field[i];
        }
    }
    return NULL;
}

static bool read_fields(const struct record *record, const json_t *object, struct arena *arena, void *base, struct err *err)
{
    for (int i = 0; i < record->fields; i++) {
        const struct field *field = &record->field[i];
        const json_t *value = field->name ? json_object_get(object, field->name) : NULL;
        if (!value && field->name && (field->flags & FIELD_NEEDED)) {
            return err_set(err, ERR_INPUT, "%s: missing", field->name);
        }
        if (value && !read_field(field, value, arena, base, err)) {
            return false;
        }
    }
    return true;
}

/* Members that are neither in the record nor in the list `also` (NULL at its end). */
static bool no_unknown(const struct record *record, const json_t *object, const char *const *also, struct err *err)
{
    for (void *i = json_object_iter((json_t *)(uintptr_t)object); i; i = json_object_iter_next((json_t *)(uintptr_t)object, i)) {
        const char *key = json_object_iter_key(i);
        const char *const *other = also;
        while (*other && strcmp(*other, key) != 0) {
            other++;
        }
        if (!*other && !field_named(record, key)) {
            return err_set(err, ERR_INPUT, "unknown member \"%.40s\"", key);
        }
    }
    return true;
}

bool record_json_read(const struct record *record, const json_t *object, struct arena *arena, void *ret_base, struct err *err)
{
    static const char *const none[] = { NULL };
    record_init(record, ret_base);
    if (!json_is_object(object)) {
        return err_set(err, ERR_INPUT, "not an object");
    }
    return read_fields(record, object, arena, ret_base, err) && no_unknown(record, object, none, err);
}

/* ---- questions ---- */

void registry_question_write(const struct registry_question *question, struct buf *out)
{
    struct json j;
    json_init(&j, out);
    json_open_object(&j);
    json_put_text(&j, "ask", registry_ask_name(question->ask));
    record_json_write(&question_records[question->ask], question, &j);
    json_end(&j);
}

static bool read_ask(const json_t *root, enum registry_ask *ret, struct err *err)
{
    if (!registry_ask_parse(json_member(root, "ask"), ret)) {
        return err_set(err, ERR_INPUT, "ask: no such question");
    }
    return true;
}

bool registry_question_read(struct str json, struct arena *arena, struct registry_question *ret, struct err *err)
{
    static const char *const also[] = { "ask", NULL };
    json_t *root;
    if (!json_parse(json, &root, err)) {
        return err_prefix(err, "question");
    }
    /* Days that the question does not have are "none", as in one that was never stored. */
    struct registry_question question = { .day = DAY_NONE, .since = DAY_NONE, .until = DAY_NONE };
    bool fine = read_ask(root, &question.ask, err) && read_fields(&question_records[question.ask], root, arena, &question, err) &&
                no_unknown(&question_records[question.ask], root, also, err);
    json_decref(root);
    if (!fine) {
        return err_prefix(err, "question");
    }
    *ret = question;
    return true;
}

/* ---- answers ---- */

#define A struct registry_answer
static const struct field envelope_fields[] = {
    FIELD(MOMENT, A, asked_at, NULL), FIELD(MOMENT, A, answered_at, NULL), FIELD(DAY, A, as_of, NULL),
    FIELD(TEXT, A, message_id, NULL), FIELD(TEXT, A, trouble, NULL),
};
static const struct record envelope_record = RECORD(A, envelope_fields);
#undef A

void registry_answer_write(const struct registry_answer *answer, struct buf *out)
{
    struct json j;
    json_init(&j, out);
    json_open_object(&j);
    json_put_text(&j, "ask", registry_ask_name(answer->ask));
    json_put_bool(&j, "silent", answer->status == REGISTRY_SILENT);
    record_json_write(&envelope_record, answer, &j);
    if (answer->status == REGISTRY_ANSWERED) {
        json_key(&j, "data");
        json_open_object(&j);
        record_json_write(&answer_records[answer->ask], answer_data_const(answer), &j);
        json_end(&j);
    }
    json_end(&j);
}

static bool read_answer(const json_t *root, struct arena *arena, struct registry_answer *ret, struct err *err)
{
    static const char *const also[] = { "ask", "silent", "data", NULL };
    enum registry_ask ask;
    record_init(&envelope_record, ret);
    if (!read_ask(root, &ask, err) || !read_fields(&envelope_record, root, arena, ret, err) ||
        !no_unknown(&envelope_record, root, also, err)) {
        return false;
    }
    const json_t *silent = json_object_get(root, "silent");
    if (!json_is_boolean(silent)) {
        return err_set(err, ERR_INPUT, "silent: not true or false");
    }
    ret->ask = ask;
    ret->status = json_is_true(silent) ? REGISTRY_SILENT : REGISTRY_ANSWERED;
    record_init(&answer_records[ask], answer_data(ret));
    if (ret->status == REGISTRY_SILENT) {
        return true;
    }
    return record_json_read(&answer_records[ask], json_object_get(root, "data"), arena, answer_data(ret), err) ||
           err_prefix(err, "data");
}

bool registry_answer_read(struct str json, struct arena *arena, struct registry_answer *ret, struct err *err)
{
    json_t *root;
    if (!json_parse(json, &root, err)) {
        return err_prefix(err, "answer");
    }
    struct registry_answer answer;
    bool fine = read_answer(root, arena, &answer, err);
    json_decref(root);
    if (!fine) {
        return err_prefix(err, "answer");
    }
    *ret = answer;
    return true;
}
