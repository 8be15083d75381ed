/* SPDX-License-Identifier: Apache-2.0 */
#include "eds/eds_impl.h"

#include <openssl/evp.h>

static bool is_space(char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; }

static int base64_value(char c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    return c == '+' ? 62 : c == '/' ? 63 : -1;
}

/* Groups of four; "=" only at the end; the bits that padding leaves over are zero. */
bool base64_strict(struct str text, struct arena *arena, struct str *ret)
{
    unsigned char *out = arena_alloc(arena, text.n / 4 * 3 + 4);
    size_t n = 0, digits = 0, pads = 0;
    uint32_t group = 0;
    for (size_t i = 0; i < text.n; i++) {
        char c = text.p[i];
        if (is_space(c))
            continue;
        if (c == '=') {
            if (++pads > 2)
                return false;
            continue;
        }
        int value = base64_value(c);
        if (value < 0 || pads > 0)
            return false;
        group = group << 6 | (uint32_t)value;
        if (++digits % 4 == 0) {
            out[n++] = (unsigned char)(group >> 16);
            out[n++] = (unsigned char)(group >> 8);
            out[n++] = (unsigned char)group;
            group = 0;
        }
    }
    size_t over = digits % 4;
    if (over == 1 || (over + pads) % 4 != 0 || (over == 0 && pads != 0))
        return false;
    if (over > 0) {
        group <<= 6 * (4 - over);
        out[n++] = (unsigned char)(group >> 16);
        if (over == 3)
            out[n++] = (unsigned char)(group >> 8);
        if ((over == 2 && (group & 0xffff)) || (over == 3 && (group & 0xff)))
            return false;
    }
    *ret = (struct str){ (const char *)out, n };
    return n > 0;
}

void base64_add(struct buf *out, struct str bytes)
{
    enum { CHUNK = 3 * 1024 };
    char text[CHUNK / 3 * 4 + 1];
    for (size_t at = 0; at < bytes.n; at += CHUNK) {
        size_t n = bytes.n - at < CHUNK ? bytes.n - at : CHUNK;
        int length = EVP_EncodeBlock((unsigned char *)text, (const unsigned char *)bytes.p + at, (int)n);
        buf_add(out, text, (size_t)length);
    }
}

static struct str marker(const char *word, struct str label, char room[64])
{
    int n = snprintf(room, 64, "-----%s " STR_FMT "-----", word, STR_ARG(label));
    return (struct str){ room, (size_t)n };
}

/* Exactly one armour, with nothing before or after it. */
static bool armoured(struct str text, struct str label, struct arena *arena, struct str *ret)
{
    char begin_room[64], end_room[64];
    struct str begin = marker("BEGIN", label, begin_room), end = marker("END", label, end_room);
    if (text.n < begin.n + end.n || memcmp(text.p, begin.p, begin.n) != 0 || memcmp(text.p + text.n - end.n, end.p, end.n) != 0)
        return false;
    return base64_strict((struct str){ text.p + begin.n, text.n - begin.n - end.n }, arena, ret);
}

bool input_bytes(struct str given, const char *labels, struct arena *arena, struct str *ret)
{
    if (given.n == 0)
        return false;
    if (given.p[0] == DER_SEQUENCE && given.n > 1 && ((unsigned char)given.p[1] >= 0x80 || (size_t)given.p[1] + 2 == given.n)) {
        *ret = given;
        return true;
    }
    struct str text = str_trim(given), rest = str_from(labels), label;
    if (!str_starts(text, "-----"))
        return base64_strict(text, arena, ret);
    while (str_split(&rest, ',', &label)) {
        if (armoured(text, label, arena, ret))
            return true;
    }
    return false;
}
