/* SPDX-License-Identifier: Apache-2.0 */
/* Form bodies and query strings: what was parsed must encode to something that parses to the same. */
#include <stdlib.h>

#include "web/pairs.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void encode(const struct pairs *pairs, struct buf *out)
{
    for (int i = 0; i < pairs->count; i++) {
        if (i > 0)
            buf_add_char(out, '&');
        buf_add_str(out, pairs->pair[i].name);
        buf_add_char(out, '=');
        pairs_encode(out, pairs->pair[i].value);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena;
    struct buf text;
    struct pairs first, second;
    struct err err;
    arena_init(&arena, 0);
    buf_init(&text, (size_t)1 << 20);
    if (size <= 65536 && pairs_parse((struct str){ (const char *)data, size }, &arena, &first, &err)) {
        encode(&first, &text);
        if (!pairs_parse(buf_str(&text), &arena, &second, &err) || first.count != second.count)
            abort();
        for (int i = 0; i < first.count; i++) {
            if (!str_equal(first.pair[i].name, second.pair[i].name) || !str_equal(first.pair[i].value, second.pair[i].value))
                abort();
        }
    }
    buf_release(&text);
    arena_release(&arena);
    return 0;
}
