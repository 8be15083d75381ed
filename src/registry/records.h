/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Private to registry/: a struct described as a table of fields, and what can be done with any such
 * table: write and read it as JSON (a stored case) and as XML (the wire), compare, set to "nothing".
 */
#ifndef REGISTRY_RECORDS_H
#define REGISTRY_RECORDS_H

#include <libxml/tree.h>

#include "registry/registry.h"

enum field_type {
    FIELD_TEXT,     /* struct str */
    FIELD_IIN,      /* struct iin */
    FIELD_DAY,      /* struct day */
    FIELD_MIDNIGHT, /* struct day; xs:dateTime at midnight in XML */
    FIELD_MOMENT,   /* struct moment */
    FIELD_AREA,     /* int64_t hundredths, DECIMAL_NONE */
    FIELD_COUNT,    /* int, not negative */
    FIELD_BOOL,
    FIELD_NAME,  /* enum by its name */
    FIELD_CODE,  /* enum; in XML a dictionary value {code, nameRu, nameKz}, in JSON its name */
    FIELD_HELD,  /* bool; in XML: is the element there?  When it is not, the rest of the record is not either */
    FIELD_FIXED, /* XML only: a text that is always written and never read; a container when it has no text */
    FIELD_LIST   /* pointer to items and int count */
};
enum field_flag { FIELD_NEEDED = 1 }; /* reading fails without it; bool: also written when false */

struct name_row {
    const char *name; /* in JSON and in contracts of our own */
    const char *code, *ru, *kk;
};
struct names { /* by the value of the enum; 0 is "nothing" */
    const struct name_row *row;
    int count;
};

struct record;
struct field {
    const char *name;    /* in JSON */
    const char *element; /* in XML, from the record's own element: "regAddress/arCode" */
    enum field_type type;
    unsigned flags;
    size_t offset, count_offset;
    const struct names *names;
    const struct record *item;
    const char *fixed;
};
struct record {
    const struct field *field;
    int fields;
    size_t size;
};

#define FIELD(kind, in, member, path)                                                                                            \
    {                                                                                                                            \
        .name = #member, .element = path, .type = FIELD_##kind, .offset = offsetof(in, member)                                   \
    }
#define NEEDED(kind, in, member, path)                                                                                           \
    {                                                                                                                            \
        .name = #member, .element = path, .type = FIELD_##kind, .offset = offsetof(in, member), .flags = FIELD_NEEDED            \
    }
#define CODED(kind, in, member, path, table)                                                                                     \
    {                                                                                                                            \
        .name = #member, .element = path, .type = FIELD_##kind, .offset = offsetof(in, member), .names = &(table)                \
    }
#define LISTED(in, member, number, path, of)                                                                                     \
    {                                                                                                                            \
        .name = #member, .element = path, .type = FIELD_LIST, .offset = offsetof(in, member),                                    \
        .count_offset = offsetof(in, number), .item = &(of)                                                                      \
    }
#define FIXED(path, text)                                                                                                        \
    {                                                                                                                            \
        .element = path, .type = FIELD_FIXED, .fixed = text                                                                      \
    }
/* Stands there even when it is empty, so that "nothing on record" is not mistaken for a cut-off answer. */
#define CONTAINER(path)                                                                                                          \
    {                                                                                                                            \
        .element = path, .type = FIELD_FIXED, .flags = FIELD_NEEDED                                                              \
    }
#define RECORD(type, table)                                                                                                      \
    {                                                                                                                            \
        .field = table, .fields = (int)(sizeof(table) / sizeof(table)[0]), .size = sizeof(type)                                  \
    }

extern const struct names names_kind, names_sex, names_capable, names_form;

/* Of struct registry_question, by what is asked; and of the member of registry_answer's union. */
extern const struct record question_records[REGISTRY_ASKS];
extern const struct record answer_records[REGISTRY_ASKS];
/* The union of an answer: all its members begin there. */
static inline void *answer_data(struct registry_answer *answer) { return &answer->person; }
static inline const void *answer_data_const(const struct registry_answer *answer) { return &answer->person; }

/* Sets every field to "nothing". */
void record_init(const struct record *record, void *base);
bool record_same(const struct record *record, const void *a, const void *b);

/* JSON: an object; empty fields are left out. */
void record_json_write(const struct record *record, const void *base, struct json *j);
bool record_json_read(const struct record *record, const json_t *object, struct arena *arena, void *ret_base, struct err *err);
/* One value out of its text; the same rules for JSON and XML.  `what` is for the message. */
bool field_from_text(const struct field *field, const char *what, struct str text, void *ret_at, struct err *err);
/* Empty when the field holds nothing; otherwise its text, in `room` when it has to be made. */
#define FIELD_TEXT_ROOM 48
struct str field_to_text(const struct field *field, const void *at, char room[FIELD_TEXT_ROOM]);

static inline const void *field_at(const struct field *field, const void *base) { return (const char *)base + field->offset; }
static inline void *field_in(const struct field *field, void *base) { return (char *)base + field->offset; }

#endif
