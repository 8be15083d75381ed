/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A form is a table of fields.  form_read() turns what was sent into a typed struct, or into errors by field;
 * what was typed is kept, so that the page can be shown again with nothing lost.
 *
 *     struct code_typed { struct str code; };
 *     static const struct form_field fields[] = {
 *         { "code", FORM_DIGITS, FORM_AT(struct code_typed, code), .required = true, .min = 6, .max = 6,
 *           .missing = T_CODE_MISSING, .wrong = T_CODE_WRONG },
 *     };
 *     const struct form form_code = FORM(fields, struct code_typed);
 *
 * Bodies of the API are described by tables of their own, api/body.h; a route names them as .json of its form.
 */
#ifndef WEB_FORM_H
#define WEB_FORM_H

#include <stddef.h>

#include "base/date.h"
#include "base/iin.h"
#include "text/text.h"
#include "web/pairs.h"

enum form_type {
    FORM_TEXT,   /* struct str: trimmed, min to max characters */
    FORM_DIGITS, /* struct str: digits only (spaces dropped), min to max of them */
    FORM_CHOICE, /* struct str: one of `choice` */
    FORM_INT,    /* int: min to max; FORM_INT_NONE when left empty */
    FORM_PERSON, /* struct iin: of a person */
    FORM_OWNER,  /* struct iin: of a person or a company */
    FORM_DAY,    /* struct day: YYYY-MM-DD */
    FORM_FILE,   /* struct str: a file's bytes, at most `max`; only in multipart forms */
    FORM_FLAG    /* bool: a check box, "yes" when ticked; required: has to be ticked */
};
#define FORM_INT_NONE   INT32_MIN
#define FORM_FIELDS_MAX 24

struct form_field {
    const char *name;
    enum form_type type;
    size_t offset;
    bool required;
    int min, max;
    const char *const *choice;    /* NULL at its end */
    enum text_key missing, wrong; /* what the page says */
};
#define FORM_AT(type, member) offsetof(type, member)

struct form_state {
    struct str typed[FORM_FIELDS_MAX]; /* in the order of the table */
    bool given[FORM_FIELDS_MAX], failed[FORM_FIELDS_MAX];
    enum text_key error[FORM_FIELDS_MAX];
    int errors;
};
struct body;
struct form {
    const struct body *json; /* API: what the body or query has to be; the rest is not used */
    const struct form_field *field;
    int fields;
    size_t size; /* of the typed struct */
    /* What concerns several fields; called when each by itself is right.  May be NULL. */
    void (*check)(const struct form *form, const void *typed, struct form_state *state);
};
#define FORM(table, type)                                                                                                        \
    {                                                                                                                            \
        .field = (table), .fields = sizeof(table) / sizeof((table)[0]), .size = sizeof(type)                                     \
    }
#define FORM_CHECKED(table, type, function)                                                                                      \
    {                                                                                                                            \
        .field = (table), .fields = sizeof(table) / sizeof((table)[0]), .size = sizeof(type), .check = (function)                \
    }

/* False: a field that the form does not have (*err); errors of fields are in *state and leave it true. */
bool form_read(const struct form *form, const struct pairs *sent, struct arena *arena, struct form_state *state, void *ret_typed,
               struct err *err);
int form_index(const struct form *form, const char *name); /* -1: no such field */
void form_fail(const struct form *form, struct form_state *state, const char *name, enum text_key error);

#endif
