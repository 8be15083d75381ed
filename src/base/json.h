/* SPDX-License-Identifier: Apache-2.0 */
/*
 * JSON: a small streaming writer of our own for what goes out, jansson (duplicate keys refused)
 * for what comes in.  The names json_object, json_array and json_null are jansson's.
 *
 *     struct json j; json_init(&j, &buf);
 *     json_open_object(&j); json_key(&j, "outcome"); json_text(&j, "waiting"); json_end(&j);
 */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include <jansson.h>

#include "base/date.h"
#include "base/err.h"
#include "base/iin.h"
#include "base/str.h"

struct json {
    struct buf *out;
    bool comma; /* the next item is preceded by a comma */
    unsigned depth;
    char closer[32]; /* stack of '}' and ']' */
};

void json_init(struct json *j, struct buf *out);
void json_open_object(struct json *j);
void json_open_array(struct json *j);
void json_end(struct json *j); /* closes the innermost object or array */
void json_key(struct json *j, const char *key);
void json_str(struct json *j, struct str value);   /* must be UTF-8; control characters are escaped */
void json_text(struct json *j, const char *value); /* NULL writes null */
void json_int(struct json *j, int64_t value);
void json_bool(struct json *j, bool value);
void json_nil(struct json *j);                   /* null */
void json_iin(struct json *j, struct iin value); /* string, null for none */
void json_day(struct json *j, struct day value); /* string, null for none */
/* key and value at once */
void json_put_text(struct json *j, const char *key, const char *value);
void json_put_str(struct json *j, const char *key, struct str value);
void json_put_int(struct json *j, const char *key, int64_t value);
void json_put_bool(struct json *j, const char *key, bool value);

/* Parses one whole JSON value; duplicate keys, trailing bytes and depth over 2048 are errors.  json_decref the result. */
bool json_parse(struct str text, json_t **ret_root, struct err *err);
/* The string member `key`; empty when absent, null or of another type. */
struct str json_member(const json_t *object, const char *key);

#endif
