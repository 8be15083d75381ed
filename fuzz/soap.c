/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as an envelope: read or refused; what was read is written again, and read again it is the same. */
#include <stdlib.h>

#include "exchange/exchange.h"

int LLVMFuzzerInitialize(int *count, char ***arguments);
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

int LLVMFuzzerInitialize(int *count, char ***arguments)
{
    (void)count;
    (void)arguments;
    exchange_setup();
    return 0;
}

static void check(bool fine)
{
    if (!fine) {
        abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    struct arena arena;
    struct exchange_message message, again;
    struct err err;
    arena_init(&arena, 0);
    if (exchange_read((struct str){ (const char *)bytes, n }, &arena, &message, &err)) {
        struct buf out;
        buf_init(&out, EXCHANGE_ENVELOPE_MAX);
        exchange_write(&message, &out);
        check(out.over || exchange_read(buf_str(&out), &arena, &again, &err));
        if (!out.over) {
            check(again.kind == message.kind && str_equal(again.message_id, message.message_id));
            check(str_equal(again.service_id, message.service_id) && str_equal(again.code, message.code));
            check(str_equal(again.sender.password, message.sender.password) && again.date.ms == message.date.ms);
        }
        buf_release(&out);
    }
    arena_release(&arena);
    return 0;
}
