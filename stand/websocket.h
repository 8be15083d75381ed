/* SPDX-License-Identifier: Apache-2.0 */
/* The server's side of WebSocket (RFC 6455): the handshake's key and frames, no input and output of its own. */
#ifndef STAND_WEBSOCKET_H
#define STAND_WEBSOCKET_H

#include "base/str.h"

enum websocket_opcode {
    WEBSOCKET_CONTINUATION = 0,
    WEBSOCKET_TEXT = 1,
    WEBSOCKET_BINARY = 2,
    WEBSOCKET_CLOSE = 8,
    WEBSOCKET_PING = 9,
    WEBSOCKET_PONG = 10
};

/* What has been received: frames come in any pieces, messages in any number of frames, control frames between them. */
struct websocket {
    struct buf in;      /* bytes not yet taken */
    struct buf message; /* text so far */
    bool in_message;
};

enum websocket_event {
    WEBSOCKET_MORE,    /* nothing whole yet */
    WEBSOCKET_MESSAGE, /* *ret_payload is a text, UTF-8, until the next call */
    WEBSOCKET_CONTROL, /* *ret_payload is of a ping; answer with a pong */
    WEBSOCKET_CLOSED,
    WEBSOCKET_BAD /* hang up: not masked, reserved bits, binary, too long, not UTF-8 */
};

void websocket_init(struct websocket *socket, size_t limit); /* bytes of the longest message */
void websocket_release(struct websocket *socket);
/* Add what came to socket->in, then call this until it wants more. */
enum websocket_event websocket_next(struct websocket *socket, struct str *ret_payload);
void websocket_write(struct buf *out, enum websocket_opcode opcode, struct str payload);

#define WEBSOCKET_ACCEPT 29 /* Sec-WebSocket-Accept and NUL */
/* False: not a key of 16 bytes in base64. */
bool websocket_accept(struct str key, char ret[WEBSOCKET_ACCEPT]);

#endif
