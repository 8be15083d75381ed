/* SPDX-License-Identifier: Apache-2.0 */
/* Texts of a mart that is being built. */
#include "kin/mart_build.h"

static void add_byte(struct kin_texts *t, char c) { *MEM_PUSH(t->bytes, t->count, t->capacity) = c; }

uint32_t kin_texts_add(struct kin_texts *t, struct str text)
{
    if (text.n == 0)
        return 0;
    if (t->count == 0)
        add_byte(t, 0); /* the empty text */
    size_t offset = t->count;
    if (offset > UINT32_MAX - text.n - 16)
        BUG("more than four gigabytes of texts");
    for (size_t n = text.n;; n >>= 7) {
        add_byte(t, (char)(n > 127 ? (n & 127) | 128 : n));
        if (n <= 127)
            break;
    }
    while (t->capacity < t->count + text.n)
        t->bytes = mem_room(t->bytes, t->capacity, &t->capacity, 1);
    memcpy(t->bytes + t->count, text.p, text.n);
    t->count += text.n;
    return (uint32_t)offset;
}

struct str kin_texts_at(const struct kin_texts *t, uint32_t offset)
{
    if (offset == 0)
        return STR("");
    size_t n = 0, at = offset;
    for (int shift = 0;; shift += 7) {
        unsigned char byte = (unsigned char)t->bytes[at++];
        n |= (size_t)(byte & 127) << shift;
        if (byte < 128)
            return (struct str){ t->bytes + at, n };
    }
}

uint32_t kin_texts_join(struct kin_texts *t, const struct kin_texts *tail)
{
    if (t->count == 0)
        add_byte(t, 0);
    if (tail->count == 0)
        return 0;
    size_t more = tail->count - 1, before = t->count; /* the tail's own empty text stays behind */
    if (before > UINT32_MAX - more)
        BUG("more than four gigabytes of texts");
    t->bytes = mem_grow(t->bytes, before + more + 1);
    t->capacity = before + more + 1;
    memcpy(t->bytes + before, tail->bytes + 1, more);
    t->count += more;
    return (uint32_t)before - 1;
}
