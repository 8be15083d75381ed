/* SPDX-License-Identifier: Apache-2.0 */
/* JSON bodies of the API: what is accepted is within the table's limits, and is accepted again when it is written down. */
#include <stdlib.h>

#include "base/json.h"
#include "web/api/body.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct inner {
    struct day day;
    bool flag;
};
struct outer {
    struct str text, digits, choice;
    struct iin person, owner;
    int number;
    const void *inner;
};
static const char *const choices[] = { "a", "b", NULL };
static const struct body_field inner_fields[] = {
    { .name = "day", .type = BODY_DAY, .at = BODY_AT(struct inner, day), .required = true },
    { .name = "flag", .type = BODY_FLAG, .at = BODY_AT(struct inner, flag) },
};
static const struct body inner_body = BODY(inner_fields, struct inner);
static const struct body_field outer_fields[] = {
    { .name = "text", .type = BODY_TEXT, .at = BODY_AT(struct outer, text), .min = 1, .max = 5 },
    { .name = "digits", .type = BODY_DIGITS, .at = BODY_AT(struct outer, digits), .min = 2, .max = 3 },
    { .name = "choice", .type = BODY_CHOICE, .at = BODY_AT(struct outer, choice), .choice = choices },
    { .name = "person", .type = BODY_PERSON, .at = BODY_AT(struct outer, person) },
    { .name = "owner", .type = BODY_OWNER, .at = BODY_AT(struct outer, owner) },
    { .name = "number", .type = BODY_INT, .at = BODY_AT(struct outer, number), .min = -3, .max = 20 },
    { .name = "inner", .type = BODY_OBJECT, .at = BODY_AT(struct outer, inner), .object = &inner_body },
};
static const struct body outer_body = BODY(outer_fields, struct outer);

static void put(struct json *j, const char *key, struct str value)
{
    if (value.n > 0)
        json_put_str(j, key, value);
}

static void put_iin(struct json *j, const char *key, struct iin value)
{
    json_key(j, key);
    json_iin(j, value);
}

static void write(const struct outer *o, struct buf *out)
{
    struct json j;
    json_init(&j, out);
    json_open_object(&j);
    put(&j, "text", o->text);
    put(&j, "digits", o->digits);
    put(&j, "choice", o->choice);
    put_iin(&j, "person", o->person);
    put_iin(&j, "owner", o->owner);
    if (o->number != BODY_INT_NONE)
        json_put_int(&j, "number", o->number);
    if (o->inner) {
        const struct inner *inner = o->inner;
        json_key(&j, "inner");
        json_open_object(&j);
        json_key(&j, "day");
        json_day(&j, inner->day);
        json_put_bool(&j, "flag", inner->flag);
        json_end(&j);
    }
    json_end(&j);
}

static bool same(const struct outer *a, const struct outer *b)
{
    const struct inner *x = a->inner, *y = b->inner;
    if (!x != !y || (x && (x->day.n != y->day.n || x->flag != y->flag)))
        return false;
    return str_equal(a->text, b->text) && str_equal(a->digits, b->digits) && str_equal(a->choice, b->choice) &&
           iin_equal(a->person, b->person) && iin_equal(a->owner, b->owner) && a->number == b->number;
}

static bool within_limits(const struct outer *o)
{
    bool number = o->number == BODY_INT_NONE || (o->number >= -3 && o->number <= 20);
    bool digits = o->digits.n == 0 || (str_is_digits(o->digits) && o->digits.n >= 2 && o->digits.n <= 3);
    return number && digits && str_is_utf8(o->text) && str_utf8_length(o->text) <= 5 &&
           (iin_is_none(o->person) || iin_kind_of(o->person) == IIN_PERSON);
}

static void check_accepted(const struct outer *first, struct arena *arena)
{
    struct body_faults faults;
    const void *again;
    struct buf text;
    buf_init(&text, (size_t)1 << 20);
    write(first, &text);
    if (!within_limits(first) || !body_read(&outer_body, buf_str(&text), arena, &again, &faults) || !same(first, again))
        abort();
    buf_release(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct body_faults faults;
    struct pairs query;
    struct arena arena;
    struct err err;
    const void *typed;
    struct str sent = { (const char *)data, size };
    if (size > 65536)
        return 0;
    arena_init(&arena, 0);
    if (body_read(&outer_body, sent, &arena, &typed, &faults))
        check_accepted(typed, &arena);
    else if (faults.count < 1 || faults.count > BODY_FAULTS_MAX)
        abort();
    for (int i = 0; i < faults.count; i++) {
        if (!str_is_utf8(str_from(faults.item[i].field)) || !body_wrong_name(faults.item[i].wrong))
            abort();
    }
    if (pairs_parse(sent, &arena, &query, &err) && body_read_query(&outer_body, &query, &arena, &typed, &faults))
        check_accepted(typed, &arena);
    arena_release(&arena);
    return 0;
}
