/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Names and values as browsers send them: application/x-www-form-urlencoded bodies and query strings.
 * Strict: well-formed escapes, UTF-8, no control characters but line breaks and tabs, no name twice.
 */
#ifndef WEB_PAIRS_H
#define WEB_PAIRS_H

#include "base/arena.h"
#include "base/err.h"

#define PAIRS_MAX     64
#define PAIR_NAME_MAX 40

struct pair {
    struct str name, value;
};
struct pairs {
    struct pair pair[PAIRS_MAX];
    int count;
};

/* False: ERR_INPUT (ERR_LIMIT for too many) and *ret is empty.  Texts live in the arena. */
bool pairs_parse(struct str text, struct arena *arena, struct pairs *ret, struct err *err);
/* Adds one; false when the name is there already, too long or not [a-z0-9_]+, or when there is no room. */
bool pairs_add(struct pairs *pairs, struct str name, struct str value, struct err *err);
bool pairs_have(const struct pairs *pairs, const char *name);
struct str pairs_get(const struct pairs *pairs, const char *name); /* empty when absent */
/* Decodes %XX (and + when plus_is_space) of one part into the arena; false: a bad escape, bad UTF-8 or a control character. */
bool pairs_decode(struct str text, bool plus_is_space, struct arena *arena, struct str *ret);
/* Appends s with all but unreserved characters escaped. */
void pairs_encode(struct buf *out, struct str s);

#endif
