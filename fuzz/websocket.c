/* SPDX-License-Identifier: Apache-2.0 */
/* Frames of a client in any pieces, and the handshake's key. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "stand/websocket.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct websocket socket;
    struct str payload;
    char accept[WEBSOCKET_ACCEPT];
    size_t step = size > 0 ? data[0] % 17 + 1u : 1;
    websocket_accept((struct str){ (const char *)data, size }, accept);
    websocket_init(&socket, 4096);
    for (size_t at = 1; at < size; at += step) {
        enum websocket_event event;
        buf_add(&socket.in, data + at, size - at < step ? size - at : step);
        while ((event = websocket_next(&socket, &payload)) == WEBSOCKET_MESSAGE || event == WEBSOCKET_CONTROL) {
            if (event == WEBSOCKET_MESSAGE && !str_is_utf8(payload))
                abort();
        }
        if (event != WEBSOCKET_MORE)
            break;
    }
    websocket_release(&socket);
    return 0;
}
