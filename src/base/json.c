/* SPDX-License-Identifier: Apache-2.0 */
#include "base/json.h"

#include <string.h>

void json_init(struct json *j, struct buf *out) { *j = (struct json){ .out = out }; }

static void before_value(struct json *j)
{
    if (j->comma)
        buf_add_char(j->out, ',');
    j->comma = true;
}

static void open_level(struct json *j, char opener, char closer)
{
    before_value(j);
    if (j->depth == sizeof j->closer)
        BUG("JSON nested deeper than %u levels", j->depth);
    j->closer[j->depth++] = closer;
    buf_add_char(j->out, opener);
    j->comma = false;
}

void json_open_object(struct json *j) { open_level(j, '{', '}'); }

void json_open_array(struct json *j) { open_level(j, '[', ']'); }

void json_end(struct json *j)
{
    if (j->depth == 0)
        BUG("json_end without an open object or array");
    buf_add_char(j->out, j->closer[--j->depth]);
    j->comma = true;
}

/* The letter after the backslash; 'u' for the control characters that have none; 0 where no escape is needed (RFC 8259). */
static const char escape_of[256] = {
    [0x00] = 'u', [0x01] = 'u', [0x02] = 'u', [0x03] = 'u', [0x04] = 'u', [0x05] = 'u', [0x06] = 'u',  [0x07] = 'u', ['\b'] = 'b',
    ['\t'] = 't', ['\n'] = 'n', [0x0b] = 'u', ['\f'] = 'f', ['\r'] = 'r', [0x0e] = 'u', [0x0f] = 'u',  [0x10] = 'u', [0x11] = 'u',
    [0x12] = 'u', [0x13] = 'u', [0x14] = 'u', [0x15] = 'u', [0x16] = 'u', [0x17] = 'u', [0x18] = 'u',  [0x19] = 'u', [0x1a] = 'u',
    [0x1b] = 'u', [0x1c] = 'u', [0x1d] = 'u', [0x1e] = 'u', [0x1f] = 'u', ['"'] = '"',  ['\\'] = '\\',
};

static void put_escape(struct buf *out, unsigned char c)
{
    static const char hex[] = "0123456789abcdef";
    char text[6] = { '\\', escape_of[c], '0', '0', hex[c >> 4], hex[c & 15] };

    buf_add(out, text, text[1] == 'u' ? 6 : 2);
}

#define EACH_BYTE(b) (UINT64_C(0x0101010101010101) * (b))

/* Has any of these eight bytes to be escaped?  Where a byte is below what is taken off, its top bit comes out set that was not
 * set before; a borrow can set it for a neighbour too, but only where there was one to be escaped anyway. */
static bool any_escape(const char *p)
{
    uint64_t v;

    memcpy(&v, p, sizeof v);
    uint64_t quote = v ^ EACH_BYTE('"'), backslash = v ^ EACH_BYTE('\\');
    return (((v - EACH_BYTE(0x20)) | (quote - EACH_BYTE(1)) | (backslash - EACH_BYTE(1))) & ~v & EACH_BYTE(0x80)) != 0;
}

static size_t plain_bytes(struct str s, size_t from)
{
    while (s.n - from >= 8 && !any_escape(s.p + from))
        from += 8;
    while (from < s.n && !escape_of[(unsigned char)s.p[from]])
        from++;
    return from;
}

static void put_string(struct buf *out, struct str s)
{
    size_t plain = plain_bytes(s, 0);
    if (plain == s.n && buf_room(out, s.n + 2)) {
        char *p = out->p + out->n;
        *p++ = '"';
        if (s.n)
            memcpy(p, s.p, s.n);
        memcpy(p + s.n, "\"", 2);
        out->n += s.n + 2;
        return;
    }
    buf_add_char(out, '"');
    for (size_t from = 0; from < s.n; from = plain + 1) {
        plain = plain_bytes(s, from);
        buf_add(out, s.p + from, plain - from);
        if (plain < s.n)
            put_escape(out, (unsigned char)s.p[plain]);
    }
    buf_add_char(out, '"');
}

void json_key(struct json *j, const char *key)
{
    before_value(j);
    put_string(j->out, str_from(key));
    buf_add_char(j->out, ':');
    j->comma = false;
}

void json_str(struct json *j, struct str value)
{
    before_value(j);
    put_string(j->out, value);
}

void json_text(struct json *j, const char *value)
{
    if (value)
        json_str(j, str_from(value));
    else
        json_nil(j);
}

void json_int(struct json *j, int64_t value)
{
    before_value(j);
    buf_add_int(j->out, value);
}

static void put_literal(struct json *j, struct str literal)
{
    before_value(j);
    buf_add_str(j->out, literal);
}

void json_bool(struct json *j, bool value) { put_literal(j, value ? STR("true") : STR("false")); }

void json_nil(struct json *j) { put_literal(j, STR("null")); }

void json_iin(struct json *j, struct iin value)
{
    char text[IIN_TEXT];

    json_text(j, iin_is_none(value) ? NULL : iin_format(value, text));
}

void json_day(struct json *j, struct day value)
{
    char text[DAY_TEXT];

    json_text(j, day_is_none(value) ? NULL : day_format(value, text));
}

void json_put_text(struct json *j, const char *key, const char *value)
{
    json_key(j, key);
    json_text(j, value);
}

void json_put_str(struct json *j, const char *key, struct str value)
{
    json_key(j, key);
    json_str(j, value);
}

void json_put_int(struct json *j, const char *key, int64_t value)
{
    json_key(j, key);
    json_int(j, value);
}

void json_put_bool(struct json *j, const char *key, bool value)
{
    json_key(j, key);
    json_bool(j, value);
}

bool json_parse(struct str text, json_t **ret_root, struct err *err)
{
    json_error_t why;
    json_t *root = json_loadb(text.n ? text.p : "", text.n, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, &why);

    if (!root)
        return err_set(err, ERR_INPUT, "not JSON at line %d, column %d: %s", why.line, why.column, why.text);
    *ret_root = root;
    return true;
}

struct str json_member(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);

    return json_is_string(value) ? (struct str){ json_string_value(value), json_string_length(value) } : STR("");
}
