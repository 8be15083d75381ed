/* SPDX-License-Identifier: Apache-2.0 */
#include "web/multipart.h"

#include <string.h>
#include <strings.h>

static bool wrong(struct err *err) { return err_set(err, ERR_INPUT, "the form with a file cannot be read"); }

/* The value of name="..." or name=... in a header; empty when it is not there. */
static struct str parameter(struct str header, const char *name)
{
    struct str part;
    while (str_split(&header, ';', &part)) {
        struct str key;
        part = str_trim(part);
        if (!memchr(part.p, '=', part.n) || !str_split(&part, '=', &key) || !str_is(str_trim(key), name))
            continue;
        struct str value = str_trim(part);
        if (value.n >= 2 && value.p[0] == '"' && value.p[value.n - 1] == '"')
            return (struct str){ value.p + 1, value.n - 2 };
        return value;
    }
    return STR("");
}

static struct str find(struct str text, struct str what)
{
    const char *p = text.n > 0 ? memmem(text.p, text.n, what.p, what.n) : NULL;
    return p ? (struct str){ p, text.n - (size_t)(p - text.p) } : (struct str){ NULL, 0 };
}

static struct str skip(struct str s, size_t n) { return (struct str){ s.p + n, s.n - n }; }

/* "form-data; name=..." out of the headers of a part. */
static bool field_of(struct str headers, struct str *ret)
{
    static const char disposition[] = "Content-Disposition:";
    struct str line, found = STR("");
    while (str_split(&headers, '\n', &line)) {
        if (line.n < sizeof disposition - 1 || strncasecmp(line.p, disposition, sizeof disposition - 1) != 0)
            continue;
        line = str_trim(skip(line, sizeof disposition - 1));
        if (found.n > 0 || !str_starts(line, "form-data"))
            return false;
        found = parameter(line, "name");
    }
    *ret = found;
    return found.n > 0;
}

static bool is_text(struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if ((c < 0x20 && c != '\n' && c != '\r' && c != '\t') || c == 0x7f)
            return false;
    }
    return str_is_utf8(s);
}

static bool take_part(struct str part, const char *file, struct pairs *ret, struct err *err)
{
    struct str name, blank = find(part, STR("\r\n\r\n"));
    if (!blank.p || (size_t)(blank.p - part.p) > MULTIPART_HEADERS_MAX)
        return wrong(err);
    struct str headers = { part.p, (size_t)(blank.p - part.p) }, value = skip(blank, 4);
    if (!field_of(headers, &name) || !((file && str_is(name, file)) || is_text(value)))
        return wrong(err);
    return pairs_add(ret, name, value, err);
}

/* Parts between delimiters: CRLF "--" boundary; the first one may stand at the very beginning, the last one ends with "--". */
static bool take_all(struct str boundary, struct str body, const char *file, struct pairs *ret, struct err *err)
{
    char text[MULTIPART_BOUNDARY_MAX + 5] = "\r\n--";
    memcpy(text + 4, boundary.p, boundary.n);
    const struct str delimiter = { text, boundary.n + 4 };
    struct str first = skip(delimiter, 2);
    if (body.n < first.n || memcmp(body.p, first.p, first.n) != 0)
        return wrong(err);
    struct str rest = skip(body, first.n);
    while (!str_starts(rest, "--")) {
        if (!str_starts(rest, "\r\n"))
            return wrong(err);
        rest = skip(rest, 2);
        struct str end = find(rest, delimiter);
        if (!end.p)
            return wrong(err);
        if (!take_part((struct str){ rest.p, (size_t)(end.p - rest.p) }, file, ret, err))
            return false;
        rest = skip(end, delimiter.n);
    }
    return true;
}

bool multipart_parse(struct str content_type, struct str body, const char *file, struct pairs *ret, struct err *err)
{
    struct str boundary = parameter(content_type, "boundary");
    ret->count = 0;
    if (!str_starts(content_type, "multipart/form-data") || boundary.n == 0 || boundary.n > MULTIPART_BOUNDARY_MAX)
        return wrong(err);
    if (take_all(boundary, body, file, ret, err))
        return true;
    ret->count = 0;
    return false;
}
