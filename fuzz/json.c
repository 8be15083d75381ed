/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes: what jansson accepts, our writer writes so that jansson reads the same value again; and any UTF-8 as a string. */
#include "base/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

/* Whether the writer can say it: integers only, not nested deeper than it goes, keys without NUL. */
static bool write_value(struct json *j, const json_t *value);

static bool write_array(struct json *j, const json_t *value)
{
    bool ok = true;

    json_open_array(j);
    for (size_t i = 0; ok && i < json_array_size(value); i++)
        ok = write_value(j, json_array_get(value, i));
    json_end(j);
    return ok;
}

static bool write_object(struct json *j, json_t *value)
{
    bool ok = true;

    json_open_object(j);
    for (void *at = json_object_iter(value); ok && at; at = json_object_iter_next(value, at)) {
        json_key(j, json_object_iter_key(at));
        ok = write_value(j, json_object_iter_value(at));
    }
    json_end(j);
    return ok;
}

static bool write_value(struct json *j, const json_t *value)
{
    if (j->depth == sizeof j->closer)
        return false;
    switch (json_typeof(value)) {
    case JSON_OBJECT: return write_object(j, (json_t *)(uintptr_t)value);
    case JSON_ARRAY: return write_array(j, value);
    case JSON_STRING: json_str(j, (struct str){ json_string_value(value), json_string_length(value) }); return true;
    case JSON_INTEGER: json_int(j, json_integer_value(value)); return true;
    case JSON_TRUE: json_bool(j, true); return true;
    case JSON_FALSE: json_bool(j, false); return true;
    case JSON_NULL: json_nil(j); return true;
    case JSON_REAL: return false;
    }
    return false;
}

static void check_value(const json_t *root)
{
    struct buf out;
    struct json j;
    struct err err;
    json_t *again;

    buf_init(&out, SIZE_MAX / 2);
    json_init(&j, &out);
    if (write_value(&j, root)) {
        if (!json_parse(buf_str(&out), &again, &err))
            BUG("%s: " STR_FMT, err.text, STR_ARG(buf_str(&out)));
        if (!json_equal(root, again))
            BUG("reads otherwise: " STR_FMT, STR_ARG(buf_str(&out)));
        json_decref(again);
    }
    buf_release(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct str text = { (const char *)bytes, size };
    struct err err;
    json_t *root;

    if (json_parse(text, &root, &err)) {
        check_value(root);
        json_decref(root);
    }
    if (str_is_utf8(text)) {
        root = json_pack("[s%]", text.n ? text.p : "", text.n);
        if (!root)
            BUG("jansson does not take for UTF-8 what str_is_utf8 does");
        check_value(root);
        json_decref(root);
    }
    return 0;
}
