/* SPDX-License-Identifier: Apache-2.0 */
#include "web/pairs.h"

#include <string.h>

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static bool is_plain(struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if (c == 0x7f || (c < 0x20 && c != '\n' && c != '\r' && c != '\t'))
            return false;
    }
    return str_is_utf8(s);
}

bool pairs_decode(struct str text, bool plus_is_space, struct arena *arena, struct str *ret)
{
    char *out = arena_alloc(arena, text.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < text.n; i++) {
        char c = text.p[i];
        if (c == '+' && plus_is_space) {
            c = ' ';
        } else if (c == '%') {
            if (text.n - i < 3)
                return false;
            int high = hex_value(text.p[i + 1]), low = hex_value(text.p[i + 2]);
            if (high < 0 || low < 0)
                return false;
            c = (char)(high * 16 + low);
            i += 2;
        }
        out[n++] = c;
    }
    struct str decoded = { out, n };
    if (!is_plain(decoded))
        return false;
    *ret = decoded;
    return true;
}

static bool is_name(struct str s)
{
    if (s.n == 0 || s.n > PAIR_NAME_MAX)
        return false;
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && c != '_')
            return false;
    }
    return true;
}

static const struct pair *find(const struct pairs *pairs, struct str name)
{
    for (int i = 0; i < pairs->count; i++) {
        if (str_equal(pairs->pair[i].name, name))
            return &pairs->pair[i];
    }
    return NULL;
}

bool pairs_add(struct pairs *pairs, struct str name, struct str value, struct err *err)
{
    if (!is_name(name))
        return err_set(err, ERR_INPUT, "a field name has to be 1 to %d of a-z, 0-9 and _", PAIR_NAME_MAX);
    if (find(pairs, name))
        return err_set(err, ERR_INPUT, "the field '" STR_FMT "' is there twice", STR_ARG(name));
    if (pairs->count == PAIRS_MAX)
        return err_set(err, ERR_LIMIT, "more than %d fields", PAIRS_MAX);
    pairs->pair[pairs->count++] = (struct pair){ name, value };
    return true;
}

static bool add_part(struct pairs *pairs, struct str part, struct arena *arena, struct err *err)
{
    const char *equals = memchr(part.p, '=', part.n);
    if (!equals)
        return err_set(err, ERR_INPUT, "a field without '='");
    struct str name = { part.p, (size_t)(equals - part.p) };
    struct str value = { equals + 1, part.n - name.n - 1 };
    if (!pairs_decode(value, true, arena, &value))
        return err_set(err, ERR_INPUT, "a field with a bad escape, bad UTF-8 or a control character");
    return pairs_add(pairs, name, value, err);
}

bool pairs_parse(struct str text, struct arena *arena, struct pairs *ret, struct err *err)
{
    struct str part;
    ret->count = 0;
    while (str_split(&text, '&', &part)) {
        if (part.n > 0 && !add_part(ret, part, arena, err)) {
            ret->count = 0;
            return false;
        }
    }
    return true;
}

bool pairs_have(const struct pairs *pairs, const char *name) { return find(pairs, str_from(name)) != NULL; }

struct str pairs_get(const struct pairs *pairs, const char *name)
{
    const struct pair *pair = find(pairs, str_from(name));
    return pair ? pair->value : STR("");
}

void pairs_encode(struct buf *out, struct str s)
{
    static const char digits[] = "0123456789ABCDEF";
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || (c != 0 && strchr("-._~", c));
        if (plain) {
            buf_add_char(out, (char)c);
        } else {
            buf_add_char(out, '%');
            buf_add_char(out, digits[c >> 4]);
            buf_add_char(out, digits[c & 15]);
        }
    }
}
