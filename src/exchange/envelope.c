/* SPDX-License-Identifier: Apache-2.0 */
/* SyncChannel v10: SendMessage, SendMessageResponse and the fault.  Everything inside the wrapper is unqualified. */
#include <libxml/parser.h>
#include <stddef.h>
#include <string.h>

#include "exchange/exchange.h"

#define SOAP          "http://schemas.xmlsoap.org/soap/envelope/"
#define TYPES         "http://bip.bee.kz/SyncChannel/v10/Types"
#define FAULT_ELEMENT "SendMessageFault1_SendMessageFault"

/* An element of requestInfo and the like, in the order of the schema.  Dates are text here and parsed at the end. */
struct info {
    const char *group, *element; /* group: an element around it, NULL */
    size_t offset;
    bool needed;
};
#define AT(member) offsetof(struct exchange_message, member)
static const struct info request_info[] = {
    { NULL, "messageId", AT(message_id), true },
    { NULL, "correlationId", AT(correlation_id), false },
    { NULL, "serviceId", AT(service_id), true },
    { NULL, "messageDate", AT(date), true },
    { NULL, "routeId", AT(route_id), false },
    { "sender", "senderId", AT(sender.id), true },
    { "sender", "password", AT(sender.password), false },
    { NULL, "sessionId", AT(session_id), false },
};
static const struct info response_info[] = {
    { NULL, "messageId", AT(message_id), true }, { NULL, "correlationId", AT(correlation_id), false },
    { NULL, "responseDate", AT(date), true },    { "status", "code", AT(code), true },
    { "status", "message", AT(text), false },    { NULL, "sessionId", AT(session_id), false },
};
static const struct info fault_info[] = {
    { NULL, "errorCode", AT(code), true },
    { NULL, "errorMessage", AT(text), true },
    { NULL, "errorDate", AT(date), false },
    { NULL, "sessionId", AT(session_id), false },
};

static const struct {
    const char *wrapper, *inner, *info, *data;
    const struct info *row;
    int rows;
} kinds[] = {
#define ROWS(table) table, (int)(sizeof(table) / sizeof(table)[0])
    [EXCHANGE_REQUEST] = { "SendMessage", "request", "requestInfo", "requestData", ROWS(request_info) },
    [EXCHANGE_RESPONSE] = { "SendMessageResponse", "response", "responseInfo", "responseData", ROWS(response_info) },
    [EXCHANGE_FAULT] = { FAULT_ELEMENT, NULL, NULL, NULL, ROWS(fault_info) },
};

/* ---- out ---- */

static struct str info_text(const struct exchange_message *message, const struct info *row, char room[MOMENT_TEXT])
{
    if (row->offset == AT(date)) {
        return str_from(moment_format(message->date, room));
    }
    return *(const struct str *)(const void *)((const char *)message + row->offset);
}

static void write_info(const struct exchange_message *message, struct buf *out)
{
    const char *open = NULL;
    for (int i = 0; i < kinds[message->kind].rows; i++) {
        const struct info *row = &kinds[message->kind].row[i];
        char room[MOMENT_TEXT];
        struct str text = info_text(message, row, room);
        if (open && (!row->group || strcmp(open, row->group) != 0)) {
            buf_addf(out, "</%s>", open);
            open = NULL;
        }
        if (text.n == 0 && !row->needed) {
            continue;
        }
        if (row->group && !open) {
            buf_addf(out, "<%s>", row->group);
            open = row->group;
        }
        xml_put(out, row->element, text);
    }
    if (open) {
        buf_addf(out, "</%s>", open);
    }
}

static void write_data(const struct exchange_message *message, struct buf *out)
{
    if (message->data.n == 0) {
        return;
    }
    buf_addf(out, "<%s>", kinds[message->kind].data);
    if (message->form == EXCHANGE_TYPED) {
        buf_add_str(out, message->data);
    } else {
        buf_add_text(out, "<data xmlns:xs=\"" XML_SCHEMA "\" xmlns:xsi=\"" XML_SCHEMA_INSTANCE "\" xsi:type=\"xs:string\">");
        xml_escape(out, message->data);
        buf_add_text(out, "</data>");
    }
    buf_addf(out, "</%s>", kinds[message->kind].data);
}

static void write_fault(const struct exchange_message *message, struct buf *out)
{
    buf_add_text(out, "<S:Fault><faultcode>S:Server</faultcode>");
    xml_put(out, "faultstring", message->text);
    buf_add_text(out, "<detail><t:" FAULT_ELEMENT " xmlns:t=\"" TYPES "\">");
    write_info(message, out);
    buf_add_text(out, "</t:" FAULT_ELEMENT "></detail></S:Fault>");
}

void exchange_write(const struct exchange_message *message, struct buf *out)
{
    buf_add_text(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?><S:Envelope xmlns:S=\"" SOAP "\"><S:Body>");
    if (message->kind == EXCHANGE_FAULT) {
        write_fault(message, out);
    } else {
        const char *wrapper = kinds[message->kind].wrapper, *inner = kinds[message->kind].inner,
                   *info = kinds[message->kind].info;
        buf_addf(out, "<t:%s xmlns:t=\"" TYPES "\"><%s><%s>", wrapper, inner, info);
        write_info(message, out);
        buf_addf(out, "</%s>", info);
        write_data(message, out);
        buf_addf(out, "</%s></t:%s>", inner, wrapper);
    }
    buf_add_text(out, "</S:Body></S:Envelope>");
}

/* ---- in ---- */

static bool needed_single(const xmlNode *parent, const char *name, xmlNode **ret, struct err *err)
{
    if (!xml_single(parent, name, ret, err)) {
        return false;
    }
    return *ret || err_set(err, ERR_INPUT, "%s: missing", name);
}

static bool read_row(const xmlNode *node, const struct info *row, struct arena *arena, struct exchange_message *message,
                     struct err *err)
{
    xmlNode *around = NULL, *found = NULL;
    if (row->group && !xml_single(node, row->group, &around, err)) {
        return false;
    }
    const xmlNode *parent = row->group ? around : node;
    if (parent && !xml_single(parent, row->element, &found, err)) {
        return false;
    }
    if (!found) {
        return !row->needed || err_set(err, ERR_INPUT, "%s: missing", row->element);
    }
    struct str text;
    if (!xml_text(found, arena, &text, err)) {
        return false;
    }
    text = str_trim(text);
    if (row->offset == AT(date)) {
        return moment_parse(text, &message->date) || err_set(err, ERR_INPUT, "%s: not a moment", row->element);
    }
    *(struct str *)(void *)((char *)message + row->offset) = text;
    return true;
}

static bool read_info(const xmlNode *node, struct arena *arena, struct exchange_message *message, struct err *err)
{
    for (int i = 0; i < kinds[message->kind].rows; i++) {
        if (!read_row(node, &kinds[message->kind].row[i], arena, message, err)) {
            return false;
        }
    }
    return true;
}

/* Typed data are elements; a string has none, whatever its xsi:type says. */
static bool is_escaped(const xmlNode *data) { return xml_element(data) == NULL; }

static bool read_data(const xmlNode *inner, struct arena *arena, struct exchange_message *message, struct err *err)
{
    xmlNode *around, *data = NULL;
    if (!xml_single(inner, kinds[message->kind].data, &around, err) || (around && !xml_single(around, "data", &data, err))) {
        return false;
    }
    if (!data) {
        return true;
    }
    message->form = is_escaped(data) ? EXCHANGE_ESCAPED : EXCHANGE_TYPED;
    if (message->form == EXCHANGE_TYPED) {
        return xml_cut_out(data, arena, &message->data, err);
    }
    if (!xml_text(data, arena, &message->data, err)) {
        return false;
    }
    message->data = str_trim(message->data);
    return true;
}

static bool read_fault(const xmlNode *fault, struct arena *arena, struct exchange_message *message, struct err *err)
{
    xmlNode *detail, *text;
    message->kind = EXCHANGE_FAULT;
    if (!xml_single(fault, "detail", &detail, err)) {
        return false;
    }
    const xmlNode *inner = detail ? xml_first(detail, FAULT_ELEMENT) : NULL;
    if (inner) {
        return read_info(inner, arena, message, err);
    }
    if (!needed_single(fault, "faultcode", &text, err) || !xml_text(text, arena, &message->code, err) ||
        !needed_single(fault, "faultstring", &text, err) || !xml_text(text, arena, &message->text, err)) {
        return false;
    }
    message->code = str_trim(message->code);
    return true;
}

static bool read_wrapper(const xmlNode *wrapper, struct arena *arena, struct exchange_message *message, struct err *err)
{
    for (int kind = EXCHANGE_REQUEST; kind <= EXCHANGE_RESPONSE; kind++) {
        xmlNode *inner, *info;
        if (!xml_is(wrapper, kinds[kind].wrapper, TYPES)) {
            continue;
        }
        message->kind = (enum exchange_kind)kind;
        return needed_single(wrapper, kinds[kind].inner, &inner, err) && needed_single(inner, kinds[kind].info, &info, err) &&
               read_info(info, arena, message, err) && read_data(inner, arena, message, err);
    }
    return err_set(err, ERR_INPUT, "Body: neither SendMessage nor SendMessageResponse of SyncChannel v10");
}

static bool read_envelope(const xmlNode *root, struct arena *arena, struct exchange_message *message, struct err *err)
{
    xmlNode *body;
    if (!xml_is(root, "Envelope", SOAP)) {
        return err_set(err, ERR_INPUT, "not a SOAP 1.1 envelope");
    }
    if (!needed_single(root, "Body", &body, err)) {
        return false;
    }
    const xmlNode *wrapper = xml_element(body);
    if (!xml_is(body, "Body", SOAP) || !wrapper || xml_next(wrapper, NULL)) {
        return err_set(err, ERR_INPUT, "Body: not exactly one element in it");
    }
    return xml_is(wrapper, "Fault", SOAP) ? read_fault(wrapper, arena, message, err) : read_wrapper(wrapper, arena, message, err);
}

bool exchange_read(struct str envelope, struct arena *arena, struct exchange_message *ret, struct err *err)
{
    xmlDoc *doc;
    if (!xml_parse(envelope, &doc, err)) {
        return false;
    }
    struct exchange_message message = { 0 };
    bool fine = read_envelope(xmlDocGetRootElement(doc), arena, &message, err);
    xmlFreeDoc(doc);
    if (fine) {
        *ret = message;
    }
    return fine;
}
