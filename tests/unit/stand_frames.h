/* SPDX-License-Identifier: Apache-2.0 */
/* Frames as a browser sends them. */
#ifndef TESTS_STAND_FRAMES_H
#define TESTS_STAND_FRAMES_H

#include "base/str.h"

/* `first`: FIN and opcode (RFC 6455, 5.2). */
static inline void masked(struct buf *out, unsigned char first, struct str payload)
{
    const unsigned char mask[4] = { 0x37, 0xfa, 0x21, 0x3d };
    buf_add_char(out, (char)first);
    if (payload.n < 126) {
        buf_add_char(out, (char)(0x80 | payload.n));
    } else if (payload.n < 65536) {
        buf_add_char(out, (char)(0x80 | 126));
        buf_add_char(out, (char)(payload.n >> 8));
        buf_add_char(out, (char)payload.n);
    } else {
        buf_add_char(out, (char)(0x80 | 127));
        for (int shift = 56; shift >= 0; shift -= 8)
            buf_add_char(out, (char)((uint64_t)payload.n >> shift));
    }
    buf_add(out, mask, 4);
    for (size_t i = 0; i < payload.n; i++)
        buf_add_char(out, (char)(payload.p[i] ^ mask[i % 4]));
}

#endif
