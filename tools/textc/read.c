/* SPDX-License-Identifier: Apache-2.0 */
/* Reading files of texts into the table. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "textc.h"

struct place {
    const char *file;
    int line;
};

static char *copy(const char *s, size_t n)
{
    char *ret = grow(NULL, n + 1);
    memcpy(ret, s, n);
    ret[n] = '\0';
    return ret;
}

static bool is_space(char c) { return c == ' ' || c == '\t'; }

/* Length of the well-formed UTF-8 sequence at s, 0 when it is not one. */
static size_t sequence(const unsigned char *s)
{
    size_t n = s[0] < 0x80                   ? 1
               : s[0] >= 0xc2 && s[0] < 0xe0 ? 2
               : (s[0] & 0xf0) == 0xe0       ? 3
               : s[0] >= 0xf0 && s[0] < 0xf5 ? 4
                                             : 0;
    for (size_t i = 1; i < n; i++) {
        if ((s[i] & 0xc0) != 0x80)
            return 0;
    }
    bool overlong = n == 3 && s[0] == 0xe0 && s[1] < 0xa0;
    bool surrogate = n == 3 && s[0] == 0xed && s[1] >= 0xa0;
    return overlong || surrogate ? 0 : n;
}

static bool is_utf8(const char *text)
{
    for (const unsigned char *s = (const unsigned char *)text; *s;) {
        size_t n = sequence(s);
        if (n == 0)
            return false;
        s += n;
    }
    return true;
}

static bool is_key(const char *s)
{
    bool part = false;
    if (*s < 'a' || *s > 'z')
        return false;
    for (; *s; s++) {
        if (*s == '.' && part)
            part = false;
        else if ((*s >= 'a' && *s <= 'z') || (*s >= '0' && *s <= '9') || *s == '_')
            part = true;
        else
            return false;
    }
    return part;
}

static struct entry *begin_entry(struct table *t, struct place at, char *line)
{
    char *end = strchr(line, ']');
    if (!end || end[1 + strspn(end + 1, " \t")] != '\0') {
        fault(t, at.file, at.line, "a section is [key.name] alone on its line");
        return NULL;
    }
    *end = '\0';
    if (!is_key(line + 1)) {
        fault(t, at.file, at.line, "bad key '%s': small letters, digits and _ in parts separated by points", line + 1);
        return NULL;
    }
    if (t->count == t->capacity) {
        t->capacity = t->capacity ? t->capacity * 2 : 256;
        t->entry = grow(t->entry, t->capacity * sizeof *t->entry);
    }
    struct entry *e = &t->entry[t->count++];
    *e = (struct entry){ .key = copy(line + 1, strlen(line + 1)), .file = at.file, .line = at.line };
    return e;
}

/* "kk = text"; returns the slot that a continuation line adds to, NULL after a fault. */
static char **add_text(struct table *t, struct place at, struct entry *e, const char *line)
{
    const char *equals = strchr(line, '=');
    size_t name = strcspn(line, " \t=");
    for (int language = 0; equals && language < LANGUAGES; language++) {
        if (strlen(codes[language]) != name || memcmp(line, codes[language], name) != 0)
            continue;
        if (line + name + strspn(line + name, " \t") != equals)
            break;
        if (e->text[language]) {
            fault(t, at.file, at.line, "[%s] has %s twice", e->key, codes[language]);
            return NULL;
        }
        const char *value = equals + 1 + strspn(equals + 1, " \t");
        e->text[language] = copy(value, strlen(value));
        e->text_line[language] = at.line;
        return &e->text[language];
    }
    fault(t, at.file, at.line, "expected [key.name], 'kk = ', 'ru = ', 'en = ', a comment or a continuation line");
    return NULL;
}

static void continue_text(char **text, const char *more)
{
    size_t n = strlen(*text);
    *text = grow(*text, n + strlen(more) + 2);
    if (n > 0)
        (*text)[n++] = ' ';
    memcpy(*text + n, more, strlen(more) + 1);
}

static void read_line(struct table *t, struct place at, char *line, bool *in_entry, char ***value)
{
    size_t n = strlen(line);
    while (n > 0 && (line[n - 1] == '\n' || line[n - 1] == '\r' || is_space(line[n - 1])))
        line[--n] = '\0';
    if (n == 0 || line[0] == '#') {
        *value = NULL;
    } else if (is_space(line[0])) {
        if (*value)
            continue_text(*value, line + strspn(line, " \t"));
        else
            fault(t, at.file, at.line, "a continuation line without a value before it");
    } else if (line[0] == '[') {
        *value = NULL;
        *in_entry = begin_entry(t, at, line) != NULL;
    } else if (*in_entry) {
        *value = add_text(t, at, &t->entry[t->count - 1], line);
    } else {
        fault(t, at.file, at.line, "a value outside of a section");
    }
}

void read_file(struct table *t, const char *file)
{
    FILE *f = fopen(file, "r");
    if (!f) {
        fault(t, file, 0, "cannot be read");
        return;
    }
    struct place at = { file, 0 };
    char *line = NULL, **value = NULL;
    size_t room = 0;
    ssize_t got;
    bool in_entry = false;
    while ((got = getline(&line, &room, f)) >= 0) {
        at.line++;
        if (strlen(line) != (size_t)got || !is_utf8(line))
            fault(t, file, at.line, "not UTF-8 text");
        else
            read_line(t, at, line, &in_entry, &value);
    }
    free(line);
    fclose(f);
}
