/* SPDX-License-Identifier: Apache-2.0 */
/* Questions and answers as messages of the gateway, by the tables of the services. */
#include <stdio.h>
#include <string.h>

#include "registry/wire_impl.h"

/* ---- heads of contracts of our own ---- */

static const struct field own_request_fields[] = {
    NEEDED(TEXT, struct wire_head, message_id, "messageId"),
    NEEDED(MOMENT, struct wire_head, now, "messageDate"),
};
static const struct field own_response_fields[] = {
    NEEDED(TEXT, struct wire_head, request_id, "requestId"),
    NEEDED(TEXT, struct wire_head, code, "messageResult/code"),
    FIXED("messageResult/nameRu", "Запрос обработан"),
    FIXED("messageResult/nameKz", "Сұрау салу өңделді"),
    FIELD(DAY, struct wire_head, as_of, "asOf"),
};
const struct record wire_own_request = RECORD(struct wire_head, own_request_fields);
const struct record wire_own_response = RECORD(struct wire_head, own_response_fields);

/* ---- which service ---- */

static const struct wire_table *const tables[REGISTRIES] = {
    [REGISTRY_GBDFL] = &gbdfl_table,   [REGISTRY_ZAGS] = &zags_table, [REGISTRY_UKIMET] = &ukimet_table,
    [REGISTRY_ESOBES] = &esobes_table, [REGISTRY_EGKN] = &egkn_table, [REGISTRY_NOBD] = &nobd_table,
    [REGISTRY_EPVO] = &epvo_table,     [REGISTRY_SMS] = &sms_table,
};

static const struct wire_service *service_of(enum registry_ask ask)
{
    const struct wire_table *table = tables[registry_of(ask)];
    for (int i = 0; i < table->services; i++) {
        if (table->service[i].ask == ask) {
            return &table->service[i];
        }
    }
    BUG("no service answers the question %s", registry_ask_name(ask));
}

static const struct record *request_record(const struct wire_service *service)
{
    return service->request ? service->request : &question_records[service->ask];
}

static const struct record *response_record(const struct wire_service *service)
{
    return service->response ? service->response : &answer_records[service->ask];
}

const char *registry_service_id(enum registry_ask ask) { return service_of(ask)->service_id; }

bool registry_service_parse(struct str service_id, enum registry_ask *ret)
{
    for (int ask = 0; ask < REGISTRY_ASKS; ask++) {
        if (str_is(service_id, registry_service_id((enum registry_ask)ask))) {
            *ret = (enum registry_ask)ask;
            return true;
        }
    }
    return false;
}

/* ---- out ---- */

#define DATA_MAX EXCHANGE_ENVELOPE_MAX

static void write_data(const struct wire_service *service, bool request, const struct wire_head *head,
                       const struct record *record, const void *body, struct buf *out)
{
    const char *root = service->form == EXCHANGE_TYPED ? "data" : request ? "request" : "response";
    struct wire_writer writer = { .out = out };
    buf_addf(out, "<%s xmlns:r=\"%s\" xmlns:xsi=\"" XML_SCHEMA_INSTANCE "\" xsi:type=\"r:%s\">", root, service->name_space,
             request ? service->request_type : service->response_type);
    wire_put(&writer, request ? service->request_head : service->response_head, head);
    wire_put(&writer, record, body);
    wire_close(&writer);
    buf_addf(out, "</%s>", root);
}

bool registry_request(const struct registry_question *question, struct exchange_sender sender, const char *message_id,
                      struct moment now, struct buf *ret_envelope)
{
    const struct wire_service *service = service_of(question->ask);
    struct wire_head head = { .message_id = str_from(message_id), .now = now, .sender = sender.id, .as_of = DAY_NONE };
    struct buf data;
    buf_init(&data, DATA_MAX);
    write_data(service, true, &head, request_record(service), question, &data);
    struct exchange_message message = { .kind = EXCHANGE_REQUEST,
                                        .message_id = head.message_id,
                                        .date = now,
                                        .service_id = str_from(service->service_id),
                                        .sender = sender,
                                        .form = service->form,
                                        .data = buf_str(&data) };
    exchange_write(&message, ret_envelope);
    bool fine = !data.over && !ret_envelope->over;
    buf_release(&data);
    return fine;
}

bool registry_response(const struct exchange_message *request, const struct registry_question *question,
                       const struct registry_answer *answer, const char *message_id, struct moment now, struct buf *ret_envelope)
{
    const struct wire_service *service = service_of(question->ask);
    struct wire_head head = { .message_id = str_from(message_id),
                              .request_id = request->message_id,
                              .now = now,
                              .sender = request->sender.id,
                              .code = str_from(service->success),
                              .as_of = answer->as_of };
    struct arena arena;
    struct buf data;
    arena_init(&arena, 0);
    buf_init(&data, DATA_MAX);
    const void *body = service->pack ? service->pack(question, answer, &arena) : answer_data_const(answer);
    write_data(service, false, &head, response_record(service), body, &data);
    struct exchange_message message = { .kind = EXCHANGE_RESPONSE,
                                        .message_id = head.message_id,
                                        .correlation_id = request->message_id,
                                        .date = now,
                                        .code = STR("SCSS001"),
                                        .text = STR("Message has been processed successfully"),
                                        .form = request->form,
                                        .data = buf_str(&data) };
    exchange_write(&message, ret_envelope);
    bool fine = !data.over && !ret_envelope->over;
    buf_release(&data);
    arena_release(&arena);
    return fine;
}

/* ---- in ---- */

/* Head and body out of the business data. */
static bool read_data(struct str data, const struct record *head_record, struct wire_head *head, const struct record *record,
                      struct arena *arena, void *body, struct err *err)
{
    xmlDoc *doc;
    if (data.n == 0) {
        return err_set(err, ERR_INPUT, "no business data");
    }
    if (!xml_parse(data, &doc, err)) {
        return false;
    }
    const xmlNode *root = xmlDocGetRootElement(doc);
    record_init(head_record, head);
    head->as_of = DAY_NONE; /* the public schemas have no such element */
    bool fine = wire_take(head_record, root, arena, head, err) && (!body || wire_take(record, root, arena, body, err));
    xmlFreeDoc(doc);
    return fine;
}

bool registry_request_read(const struct exchange_message *request, struct arena *arena, struct registry_question *ret,
                           struct err *err)
{
    enum registry_ask ask;
    struct wire_head head;
    if (!registry_service_parse(request->service_id, &ask)) {
        return err_set(err, ERR_NOT_FOUND, "serviceId: no such service");
    }
    const struct wire_service *service = service_of(ask);
    struct registry_question question = { .ask = ask, .day = DAY_NONE, .since = DAY_NONE, .until = DAY_NONE };
    if (!read_data(request->data, service->request_head, &head, request_record(service), arena, &question, err)) {
        return false;
    }
    *ret = question;
    return true;
}

/* A code comes from outside and goes into the log: only what can be no more than a code. */
static const char *shown(struct str code, struct arena *arena)
{
    int digits = 0;
    bool fine = code.n > 0 && code.n <= 20;
    for (size_t i = 0; fine && i < code.n; i++) {
        char c = code.p[i];
        bool digit = c >= '0' && c <= '9';
        digits = digit ? digits + 1 : 0;
        fine = digits < 8 &&
               (digit || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-' || c == '_' || c == ':' || c == '.');
    }
    return fine ? arena_text(arena, code) : "that is not a code";
}

/* An answer says which message it answers, in one place at least: a signature alone does not tell it from that of yesterday, or
 * about somebody else. */
static bool answers_this(struct str correlation_id, struct str request_id, const char *message_id, struct err *err)
{
    if (correlation_id.n > 0 && !str_is(correlation_id, message_id)) {
        return err_set(err, ERR_SILENT, "correlationId: the answer to another message");
    }
    if (request_id.n > 0 && !str_is(request_id, message_id)) {
        return err_set(err, ERR_SILENT, "requestId: the answer to another message");
    }
    return correlation_id.n > 0 || request_id.n > 0 ||
           err_set(err, ERR_SILENT, "neither correlationId nor requestId: which message this answers is not said");
}

static bool read_answer(const struct exchange_message *message, const struct registry_question *question, const char *message_id,
                        struct arena *arena, struct registry_answer *ret, struct err *err)
{
    const struct wire_service *service = service_of(question->ask);
    struct str data = message->data;
    struct wire_head head;
    const struct record *record = response_record(service);
    void *body = arena_alloc(arena, record->size);
    /* The head first: with another code than success the body need not be there. */
    if (!read_data(data, service->response_head, &head, NULL, arena, NULL, err)) {
        return false;
    }
    if (!str_is(head.code, service->success)) {
        return err_set(err, ERR_SILENT, "result code %s", shown(head.code, arena));
    }
    if (!answers_this(message->correlation_id, head.request_id, message_id, err)) {
        return false;
    }
    record_init(record, body);
    if (!read_data(data, service->response_head, &head, record, arena, body, err)) {
        return false;
    }
    ret->as_of = head.as_of;
    if (service->unpack) {
        return service->unpack(body, question, ret, err);
    }
    memcpy(answer_data(ret), body, record->size);
    return true;
}

/* SCSS001 by the gateway's book, Success in its samples; whatever else is not a success. */
static bool status_fine(struct str code) { return str_is(code, "SCSS001") || str_is(code, "Success"); }

static bool read_reply(struct str envelope, const struct registry_question *question, const char *message_id, struct arena *arena,
                       struct registry_answer *ret, struct err *err)
{
    struct exchange_message message;
    if (!exchange_read(envelope, arena, &message, err)) {
        return false;
    }
    if (message.kind == EXCHANGE_FAULT) {
        return err_set(err, ERR_SILENT, "fault %s", shown(message.code, arena));
    }
    if (message.kind != EXCHANGE_RESPONSE) {
        return err_set(err, ERR_SILENT, "a request came instead of a response");
    }
    if (!status_fine(message.code)) {
        return err_set(err, ERR_SILENT, "status %s", shown(message.code, arena));
    }
    return read_answer(&message, question, message_id, arena, ret, err);
}

static struct registry_answer blank(const struct registry_question *question, const char *message_id, struct arena *arena)
{
    struct registry_answer answer;
    memset(&answer, 0, sizeof answer);
    answer.ask = question->ask;
    answer.as_of = DAY_NONE;
    answer.message_id = arena_str(arena, str_from(message_id));
    record_init(&answer_records[question->ask], answer_data(&answer));
    return answer;
}

void registry_reply(struct str envelope, const struct registry_question *question, const char *message_id, struct arena *arena,
                    struct registry_answer *ret)
{
    struct err err;
    *ret = blank(question, message_id, arena);
    if (!read_reply(envelope, question, message_id, arena, ret, &err)) {
        registry_reply_silent(question, message_id, err.text, arena, ret);
    }
}

void registry_reply_silent(const struct registry_question *question, const char *message_id, const char *trouble,
                           struct arena *arena, struct registry_answer *ret)
{
    *ret = blank(question, message_id, arena);
    ret->status = REGISTRY_SILENT;
    ret->trouble = arena_printf(arena, "%s: %s", registry_name(registry_of(question->ask)), trouble);
}
