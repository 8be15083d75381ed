/* SPDX-License-Identifier: Apache-2.0 */
#include "stand/websocket.h"

#include <openssl/evp.h>
#include <stdio.h>

enum { HEAD_MAX = 14, MASK = 4, CONTROL_MAX = 125, KEY_TEXT = 24 };

void websocket_init(struct websocket *socket, size_t limit)
{
    *socket = (struct websocket){ 0 };
    buf_init(&socket->in, limit + (1 << 16));
    buf_init(&socket->message, limit);
}

void websocket_release(struct websocket *socket)
{
    buf_release(&socket->in);
    buf_release(&socket->message);
}

struct frame {
    bool final;
    enum websocket_opcode opcode;
    size_t head; /* bytes before the payload */
    uint64_t length;
};

/* RFC 6455, 5.2.  0: more bytes are needed; -1: not a frame that a client may send. */
static int read_head(const struct buf *in, struct frame *ret)
{
    const unsigned char *p = (const unsigned char *)in->p;
    if (in->n < 2)
        return 0;
    unsigned short_length = p[1] & 0x7f;
    size_t wide = short_length == 126 ? 2 : short_length == 127 ? 8 : 0;
    if ((p[0] & 0x70) || !(p[1] & 0x80))
        return -1;
    if (in->n < 2 + wide + MASK)
        return 0;
    *ret =
        (struct frame){ .final = p[0] & 0x80, .opcode = p[0] & 0x0f, .head = 2 + wide + MASK, .length = wide ? 0 : short_length };
    for (size_t i = 0; i < wide; i++)
        ret->length = ret->length << 8 | p[2 + i];
    bool control = ret->opcode >= WEBSOCKET_CLOSE;
    if ((wide == 2 && ret->length < 126) || (wide == 8 && ret->length <= UINT16_MAX) ||
        (control && (!ret->final || ret->length > CONTROL_MAX)))
        return -1;
    return ret->length > in->limit - HEAD_MAX ? -1 : in->n >= ret->head + ret->length;
}

static void unmask(char *head_end, size_t n)
{
    for (size_t i = 0; i < n; i++)
        head_end[i] = (char)(head_end[i] ^ (head_end - MASK)[i % MASK]);
}

static void drop(struct buf *in, size_t n)
{
    memmove(in->p, in->p + n, in->n - n);
    in->n -= n;
    in->p[in->n] = '\0';
}

static enum websocket_event take_text(struct websocket *socket, const struct frame *frame, struct str part, struct str *ret)
{
    if ((frame->opcode == WEBSOCKET_TEXT) == socket->in_message)
        return WEBSOCKET_BAD; /* a new one inside of another, or the rest of none */
    if (!socket->in_message)
        buf_clear(&socket->message);
    buf_add_str(&socket->message, part);
    socket->in_message = !frame->final;
    if (socket->message.over)
        return WEBSOCKET_BAD;
    if (!frame->final)
        return WEBSOCKET_MORE;
    *ret = buf_str(&socket->message);
    return str_is_utf8(*ret) ? WEBSOCKET_MESSAGE : WEBSOCKET_BAD;
}

enum websocket_event websocket_next(struct websocket *socket, struct str *ret_payload)
{
    for (;;) {
        struct frame frame = { 0 };
        char kept[CONTROL_MAX + 1];
        int whole = read_head(&socket->in, &frame);
        if (whole <= 0)
            return whole < 0 || socket->in.over ? WEBSOCKET_BAD : WEBSOCKET_MORE;
        char *payload = socket->in.p + frame.head;
        size_t n = (size_t)frame.length;
        enum websocket_event event = WEBSOCKET_BAD;
        unmask(payload, n);
        if (frame.opcode == WEBSOCKET_TEXT || frame.opcode == WEBSOCKET_CONTINUATION) {
            event = take_text(socket, &frame, (struct str){ payload, n }, ret_payload);
        } else if (frame.opcode == WEBSOCKET_CLOSE) {
            event = WEBSOCKET_CLOSED;
        } else if (frame.opcode == WEBSOCKET_PING && !socket->in_message) {
            memcpy(kept, payload, n);
            buf_clear(&socket->message);
            buf_add(&socket->message, kept, n);
            *ret_payload = buf_str(&socket->message);
            event = WEBSOCKET_CONTROL;
        } else if (frame.opcode == WEBSOCKET_PONG || frame.opcode == WEBSOCKET_PING) {
            event = WEBSOCKET_MORE; /* a pong, or a ping amidst a message: passed over */
        }
        drop(&socket->in, frame.head + n);
        if (event != WEBSOCKET_MORE)
            return event;
    }
}

void websocket_write(struct buf *out, enum websocket_opcode opcode, struct str payload)
{
    unsigned char head[10] = { (unsigned char)(0x80 | opcode) };
    size_t wide = payload.n < 126 ? 0 : payload.n <= UINT16_MAX ? 2 : 8;
    head[1] = (unsigned char)(wide == 0 ? payload.n : wide == 2 ? 126 : 127);
    for (size_t i = 0; i < wide; i++)
        head[2 + i] = (unsigned char)((uint64_t)payload.n >> (8 * (wide - 1 - i)));
    buf_add(out, head, 2 + wide);
    buf_add_str(out, payload);
}

bool websocket_accept(struct str key, char ret[WEBSOCKET_ACCEPT])
{
    static const char guid[] = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    char text[KEY_TEXT + sizeof guid];
    unsigned char raw[KEY_TEXT], digest[EVP_MAX_MD_SIZE];
    unsigned n = 0;
    if (key.n != KEY_TEXT || EVP_DecodeBlock(raw, (const unsigned char *)key.p, KEY_TEXT) != 18)
        return false;
    snprintf(text, sizeof text, STR_FMT "%s", STR_ARG(key), guid);
    return EVP_Digest(text, sizeof text - 1, digest, &n, EVP_sha1(), NULL) == 1 &&
           EVP_EncodeBlock((unsigned char *)ret, digest, (int)n) == WEBSOCKET_ACCEPT - 1;
}
