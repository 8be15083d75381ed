/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A JSON body described by a table, as forms are: body_read() turns it into a typed struct, or into faults by member.
 * Strict: members that the table does not have, members twice, and values of another type are faults; null counts as absent.
 *
 *     static const struct body_field fields[] = {
 *         { .name = "code", .type = BODY_DIGITS, .at = BODY_AT(struct code, code), .required = true, .min = 6, .max = 6 },
 *     };
 *     static const struct body code_body = BODY(fields, struct code);
 *
 * Queries of a GET are read by the same tables, every value a text.
 */
#ifndef WEB_API_BODY_H
#define WEB_API_BODY_H

#include <stddef.h>

#include "base/arena.h"
#include "base/date.h"
#include "base/err.h"
#include "base/iin.h"
#include "web/pairs.h"

enum body_type {
    BODY_TEXT,   /* struct str: one line of min to max characters, none of them a control character */
    BODY_DIGITS, /* struct str: min to max ASCII digits */
    BODY_CHOICE, /* struct str: one of `choice`, static */
    BODY_INT,    /* int: min to max; BODY_INT_NONE when absent */
    BODY_FLAG,   /* bool */
    BODY_PERSON, /* struct iin: of a person */
    BODY_OWNER,  /* struct iin: of a person or a company */
    BODY_DAY,    /* struct day: YYYY-MM-DD; DAY_NONE when absent */
    BODY_OBJECT  /* const void *: the struct of `object` in the arena; NULL when absent */
};
#define BODY_INT_NONE   INT32_MIN
#define BODY_FAULTS_MAX 24
#define BODY_NAME_MAX   64

struct body;
struct body_field {
    const char *name;
    enum body_type type;
    size_t at;
    bool required;
    int min, max;
    const char *const *choice; /* NULL at its end */
    const struct body *object;
};
struct body {
    const struct body_field *field;
    int fields;
    size_t size; /* of the typed struct */
};
#define BODY_AT(type, member) offsetof(type, member)
#define BODY(table, type)                                                                                                        \
    {                                                                                                                            \
        .field = (table), .fields = sizeof(table) / sizeof((table)[0]), .size = sizeof(type)                                     \
    }

enum body_wrong { BODY_BAD_JSON, BODY_UNKNOWN, BODY_REPEATED, BODY_MISSING, BODY_WRONG_TYPE, BODY_WRONG_VALUE, BODY_WRONGS };
const char *body_wrong_name(enum body_wrong wrong); /* "unknown_key", ...: those of tirkeu decide */

struct body_faults {
    struct {
        char field[BODY_NAME_MAX]; /* "coupon.arrived"; empty: the body as a whole */
        enum body_wrong wrong;
    } item[BODY_FAULTS_MAX];
    int count;
};

/* False: at least one fault.  The struct and its texts live in the arena.  `body` NULL: no members are taken. */
bool body_read(const struct body *body, struct str json, struct arena *arena, const void **ret_typed,
               struct body_faults *ret_faults);
bool body_read_query(const struct body *body, const struct pairs *query, struct arena *arena, const void **ret_typed,
                     struct body_faults *ret_faults);

#endif
