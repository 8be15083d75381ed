/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Private to registry/: a service of a register as data.  One question is one service; its business data are two
 * tables, a head (ids, result code) and a body.  gbdfl.c, zags.c, ... hold the tables, wire.c works on any of them.
 */
#ifndef REGISTRY_WIRE_IMPL_H
#define REGISTRY_WIRE_IMPL_H

#include "registry/records.h"

/* What the head of business data can hold. */
struct wire_head {
    struct str message_id, request_id; /* request_id: in a response, the message_id of its request */
    struct moment now;
    struct str sender; /* in a request: who asks; in a response: who asked */
    struct str code;   /* result of a response */
    struct day as_of;
};

struct wire_service {
    enum registry_ask ask;
    const char *service_id;
    const char *name_space; /* of the types named by xsi:type */
    const char *request_type, *response_type;
    enum exchange_form form; /* how we write it; both are read */
    const struct record *request_head, *response_head;
    const struct record *request, *response; /* NULL: question_records, answer_records */
    const char *success;                     /* result code that means: answered */
    /* Where the body of the response is not the answer itself: there and back. */
    void *(*pack)(const struct registry_question *question, const struct registry_answer *answer, struct arena *arena);
    bool (*unpack)(const void *body, const struct registry_question *question, struct registry_answer *ret, struct err *err);
};

/* The heads of contracts of our own. */
extern const struct record wire_own_request, wire_own_response;
#define WIRE_SUCCESS "00000"
#define WIRE_OWN_WITH(question, id, path, ...)                                                                                   \
    {                                                                                                                            \
        .ask = question, .service_id = id, .name_space = "http://tirkeu.kz/registers/" path, .request_type = "Request",          \
        .response_type = "Response", .form = EXCHANGE_TYPED, .request_head = &wire_own_request,                                  \
        .response_head = &wire_own_response, .success = WIRE_SUCCESS, __VA_ARGS__                                                \
    }
#define WIRE_OWN(question, id, path) WIRE_OWN_WITH(question, id, path, .pack = NULL)

/* The tables of elements shared by IS ZAGS and its mart. */
extern const struct record zags_family_record;

struct wire_table {
    const struct wire_service *service;
    int services;
};
#define WIRE_TABLE(rows)                                                                                                         \
    {                                                                                                                            \
        rows, (int)(sizeof(rows) / sizeof(rows)[0])                                                                              \
    }
extern const struct wire_table gbdfl_table, zags_table, ukimet_table, esobes_table, egkn_table, nobd_table, epvo_table, sms_table;

/* ---- records as XML ---- */

#define WIRE_PATH_MAX 8
struct wire_writer {
    struct buf *out;
    struct str open[WIRE_PATH_MAX]; /* the elements that are open */
    int depth;
};
void wire_put(struct wire_writer *writer, const struct record *record, const void *base);
void wire_close(struct wire_writer *writer); /* all that is open */
/* Into a record that is set to "nothing" (record_init).  Elements that the table does not name are passed over: registers add
 * fields without asking. */
bool wire_take(const struct record *record, const xmlNode *node, struct arena *arena, void *ret_base, struct err *err);

#endif
