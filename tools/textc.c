/* SPDX-License-Identifier: Apache-2.0 */
/*
 * textc OUT.h OUT.c FILE.text...: makes the text table out of src/text/ *.text (format: src/text/text.h).
 *
 * A section is "[key.name]", then "kk = ", "ru = " and "en = " in any order.  A line that begins with white space
 * continues the value before it (joined by one space); "\n" in a value is a line break; "#" in the first column begins
 * a comment.  Every fault is "FILE:LINE: what is wrong" on standard error and nothing is written.
 */
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { KK, RU, EN, LANGUAGES };
static const char *const codes[LANGUAGES] = { "kk", "ru", "en" };

struct entry {
    char *key;
    const char *file;
    int line;
    char *text[LANGUAGES];
    int text_line[LANGUAGES];
};

struct table {
    struct entry *entry;
    size_t count, capacity;
    int faults;
};

struct place {
    const char *file;
    int line;
};

static void fault(struct table *t, const char *file, int line, const char *format, ...) __attribute__((format(printf, 4, 5)));

static void fault(struct table *t, const char *file, int line, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    fprintf(stderr, "%s:%d: ", file, line);
    vfprintf(stderr, format, list);
    fputc('\n', stderr);
    va_end(list);
    t->faults++;
}

static void *grow(void *p, size_t n)
{
    void *ret = realloc(p, n);
    if (!ret) {
        fputs("textc: out of memory\n", stderr);
        exit(1);
    }
    return ret;
}

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

static void read_file(struct table *t, const char *file)
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

/* The placeholders as bits; -1 for a brace that is not {0} to {9} or a backslash that is not \n. */
static int placeholders(const char *s)
{
    int ret = 0;
    for (; *s; s++) {
        if (*s == '\\' && *++s != 'n')
            return -1;
        if (*s == '}')
            return -1;
        if (*s == '{') {
            if (s[1] < '0' || s[1] > '9' || s[2] != '}')
                return -1;
            ret |= 1 << (s[1] - '0');
            s += 2;
        }
    }
    return ret;
}

static void check_entry(struct table *t, const struct entry *e)
{
    int first = -2;
    for (int language = 0; language < LANGUAGES; language++) {
        const char *text = e->text[language];
        if (!text || !*text) {
            fault(t, e->file, text ? e->text_line[language] : e->line, "[%s] has no %s text", e->key, codes[language]);
            continue;
        }
        int found = placeholders(text);
        if (found < 0)
            fault(t, e->file, e->text_line[language], "[%s] %s: a brace stands only in {0} to {9}, a backslash only in \\n",
                  e->key, codes[language]);
        else if (first >= 0 && found != first)
            fault(t, e->file, e->text_line[language], "[%s] %s has other placeholders than the language before it", e->key,
                  codes[language]);
        if (first < 0)
            first = found;
    }
}

/* The name in the enum; two keys may not share it ("a.b" and "a_b"). */
static void enum_name(const char *key, char *ret, size_t room)
{
    size_t n = 0;
    for (; *key && n + 1 < room; key++)
        ret[n++] = (char)(*key == '.' ? '_' : *key >= 'a' && *key <= 'z' ? *key - 'a' + 'A' : *key);
    ret[n] = '\0';
}

static int by_key(const void *a, const void *b)
{
    const struct entry *x = a, *y = b;
    return strcmp(x->key, y->key);
}

static int by_enum_name(const void *a, const void *b)
{
    const struct entry *const *x = a, *const *y = b;
    char p[256], q[256];
    enum_name((*x)->key, p, sizeof p);
    enum_name((*y)->key, q, sizeof q);
    return strcmp(p, q);
}

static void check_names(struct table *t)
{
    const struct entry **order = grow(NULL, (t->count + 1) * sizeof *order);
    for (size_t i = 0; i < t->count; i++)
        order[i] = &t->entry[i];
    qsort(order, t->count, sizeof *order, by_enum_name);
    for (size_t i = 1; i < t->count; i++) {
        if (by_enum_name(&order[i - 1], &order[i]) == 0)
            fault(t, order[i]->file, order[i]->line, "[%s] is already there as [%s] in %s:%d", order[i]->key, order[i - 1]->key,
                  order[i - 1]->file, order[i - 1]->line);
    }
    free(order);
}

static void write_literal(FILE *f, const char *s)
{
    fputc('"', f);
    for (; *s; s++) {
        if (*s == '"' || *s == '?') /* "?" because of trigraphs */
            fputc('\\', f);
        fputc(*s, f);
    }
    fputc('"', f);
}

static bool write_header(const struct table *t, const char *path)
{
    FILE *f = fopen(path, "w");
    if (!f)
        return false;
    fputs("/* Made by textc. */\n#ifndef TEXT_KEYS_H\n#define TEXT_KEYS_H\n\nenum text_key {\n", f);
    for (size_t i = 0; i < t->count; i++) {
        char name[256];
        enum_name(t->entry[i].key, name, sizeof name);
        fprintf(f, "    T_%s,\n", name);
    }
    fputs("    TEXT_KEYS\n};\n\n#endif\n", f);
    bool bad = ferror(f) != 0;
    return fclose(f) == 0 && !bad;
}

static bool write_table(const struct table *t, const char *path)
{
    FILE *f = fopen(path, "w");
    if (!f)
        return false;
    fputs("/* Made by textc. */\n#include \"text/text_impl.h\"\n\nconst struct text_row text_rows[TEXT_KEYS + 1] = {\n", f);
    for (size_t i = 0; i < t->count; i++) {
        fputs("    { ", f);
        write_literal(f, t->entry[i].key);
        fputs(", {\n", f);
        for (int language = 0; language < LANGUAGES; language++) {
            fputs("        ", f);
            write_literal(f, t->entry[i].text[language]);
            fputs(",\n", f);
        }
        fputs("    } },\n", f);
    }
    fputs("    { 0 },\n};\n", f);
    bool bad = ferror(f) != 0;
    return fclose(f) == 0 && !bad;
}

int main(int argc, char **argv)
{
    if (argc < 3) {
        fputs("usage: textc OUT.h OUT.c FILE.text...\n", stderr);
        return 2;
    }
    struct table t = { 0 };
    for (int i = 3; i < argc; i++)
        read_file(&t, argv[i]);
    for (size_t i = 0; i < t.count; i++)
        check_entry(&t, &t.entry[i]);
    check_names(&t);
    if (t.faults > 0)
        return 1;
    if (t.count > 1)
        qsort(t.entry, t.count, sizeof *t.entry, by_key);
    if (!write_header(&t, argv[1]) || !write_table(&t, argv[2])) {
        fprintf(stderr, "textc: cannot write %s or %s\n", argv[1], argv[2]);
        return 1;
    }
    return 0;
}
