/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tmplc IN.html OUT.c OUT.h: makes C functions that write HTML out of a template (language: src/web/README.md).
 *
 *     %page page_case(struct page *p, const struct filing_view *v)
 *     <h1>{{!case.title v->number}}</h1>
 *     % if (v->has_coupon) {
 *     <a href="/cases/{{v->number}}/coupon">{{!case.coupon}}</a>
 *     % }
 *
 * The translator follows the HTML, so every {{expression}} is escaped for the place where it stands; a place where no
 * escaping helps (script, style, event attributes, unquoted attributes, tag names, comments) is a fault "FILE:LINE: ...".
 */
#include <ctype.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum place { TEXT, TAG_NAME, IN_TAG, ATTRIBUTE_NAME, AFTER_NAME, BEFORE_VALUE, VALUE };

#define NAME_MAX_BYTES 64
#define LITERAL_MAX    2000 /* ISO C promises string literals up to 4095 bytes */

struct text {
    char *p;
    size_t n, room;
};

struct translation {
    const char *file, *name; /* name: of the file, without folder and ".html" */
    int line;
    int faults;
    bool in_page;
    enum place place;
    bool closing; /* in "</tag>" */
    char quote;
    char tag[NAME_MAX_BYTES], attribute[NAME_MAX_BYTES];
    size_t tag_length, attribute_length, value_length;
    struct text literal; /* waits to be written */
    struct text code, header;
};

static void fault(struct translation *t, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void fault(struct translation *t, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    fprintf(stderr, "%s:%d: ", t->file, t->line);
    vfprintf(stderr, format, list);
    fputc('\n', stderr);
    va_end(list);
    t->faults++;
}

static void add(struct text *out, const char *bytes, size_t n)
{
    if (out->n + n + 1 > out->room) {
        out->room = (out->n + n + 1) * 2;
        out->p = realloc(out->p, out->room);
        if (!out->p) {
            fputs("tmplc: out of memory\n", stderr);
            exit(1);
        }
    }
    memcpy(out->p + out->n, bytes, n);
    out->n += n;
    out->p[out->n] = '\0';
}

static void add_text(struct text *out, const char *s) { add(out, s, strlen(s)); }

/* ---- what stands where: tables ---- */

static bool listed(const char *const *list, const char *name)
{
    for (; *list; list++) {
        if (strcmp(*list, name) == 0)
            return true;
    }
    return false;
}

static const char *const forbidden_tags[] = { "script", "style", "iframe", "object", "embed", "base", "plaintext", "xmp", NULL };
static const char *const url_attributes[] = { "href", "src", "action", "formaction", "cite", "poster", NULL };
static const char *const closed_attributes[] = { "srcset", "srcdoc", "content", "http-equiv", "ping", "target", NULL };
static const char *const flag_attributes[] = { "checked", "selected",  "disabled", "required", "open",
                                               "hidden",  "autofocus", "readonly", NULL };

/* ---- following the HTML ---- */

static void check_tag(struct translation *t)
{
    if (listed(forbidden_tags, t->tag))
        fault(t, "<%s> is not allowed on our pages", t->tag);
}

static void check_attribute(struct translation *t)
{
    if (strncmp(t->attribute, "on", 2) == 0)
        fault(t, "event attribute '%s': pages work without scripts", t->attribute);
    if (strcmp(t->attribute, "style") == 0)
        fault(t, "attribute 'style' is refused by the content security policy; use a class");
}

static bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n'; }

static void grow_name(struct translation *t, char *name, size_t *n, char c)
{
    if (*n + 1 >= NAME_MAX_BYTES) {
        fault(t, "a tag or attribute name longer than %d bytes", NAME_MAX_BYTES - 1);
        return;
    }
    name[(*n)++] = (char)tolower((unsigned char)c);
    name[*n] = '\0';
}

static void begin_attribute(struct translation *t, char c)
{
    t->attribute_length = 0;
    t->place = ATTRIBUTE_NAME;
    if (!isalpha((unsigned char)c))
        fault(t, "'%c' cannot begin an attribute", c);
    grow_name(t, t->attribute, &t->attribute_length, c);
}

static void step_in_tag(struct translation *t, char c)
{
    if (c == '>')
        t->place = TEXT;
    else if (!is_space(c) && c != '/')
        begin_attribute(t, c);
}

static void step_text(struct translation *t, const char *s)
{
    if (*s != '<')
        return;
    if (s[1] == '!' && strncmp(s, "<!doctype html>", 15) != 0 && strncmp(s, "<!DOCTYPE html>", 15) != 0)
        fault(t, "comments are not sent to readers; write %%# at the beginning of a line");
    else if (s[1] != '!' && s[1] != '/' && !isalpha((unsigned char)s[1]))
        fault(t, "'<' that begins no tag; write &lt;");
    t->place = TAG_NAME;
    t->tag_length = 0;
    t->tag[0] = '\0';
    t->closing = s[1] == '/';
}

static void step_tag_name(struct translation *t, char c)
{
    if (c == '/' && t->tag_length == 0)
        return;
    if (c != '>' && c != '/' && !is_space(c)) {
        grow_name(t, t->tag, &t->tag_length, c);
        return;
    }
    check_tag(t);
    t->place = c == '>' ? TEXT : IN_TAG;
}

static void step_attribute_name(struct translation *t, char c)
{
    if (c != '=' && c != '>' && c != '/' && !is_space(c)) {
        grow_name(t, t->attribute, &t->attribute_length, c);
        return;
    }
    check_attribute(t);
    t->place = c == '=' ? BEFORE_VALUE : c == '>' ? TEXT : is_space(c) ? AFTER_NAME : IN_TAG;
}

static void step_after_name(struct translation *t, char c)
{
    if (c == '=')
        t->place = BEFORE_VALUE;
    else if (!is_space(c)) {
        t->place = IN_TAG;
        step_in_tag(t, c);
    }
}

static void step_before_value(struct translation *t, char c)
{
    if (is_space(c))
        return;
    if (c != '"' && c != '\'')
        fault(t, "the value of '%s' has to be quoted", t->attribute);
    t->quote = c;
    t->value_length = 0;
    t->place = VALUE;
}

static void step(struct translation *t, const char *s)
{
    switch (t->place) {
    case TEXT: step_text(t, s); break;
    case TAG_NAME: step_tag_name(t, *s); break;
    case IN_TAG: step_in_tag(t, *s); break;
    case ATTRIBUTE_NAME: step_attribute_name(t, *s); break;
    case AFTER_NAME: step_after_name(t, *s); break;
    case BEFORE_VALUE: step_before_value(t, *s); break;
    case VALUE:
        t->value_length++;
        if (*s == t->quote)
            t->place = IN_TAG;
        break;
    }
}

/* ---- writing C ---- */

static void add_line_number(struct translation *t)
{
    char number[32];
    snprintf(number, sizeof number, "#line %d \"", t->line);
    add_text(&t->code, number);
    add_text(&t->code, t->file);
    add_text(&t->code, "\"\n");
}

static void add_literal_byte(struct text *out, char c)
{
    if (c == '\n') {
        add_text(out, "\\n");
        return;
    }
    if (c == '"' || c == '\\' || c == '?')
        add(out, "\\", 1);
    add(out, &c, 1);
}

static void flush(struct translation *t)
{
    if (t->literal.n == 0)
        return;
    char size[32];
    add_text(&t->code, "    page_raw(p, \"");
    for (size_t i = 0; i < t->literal.n; i++)
        add_literal_byte(&t->code, t->literal.p[i]);
    snprintf(size, sizeof size, "\", %zu);\n", t->literal.n);
    add_text(&t->code, size);
    t->literal.n = 0;
}

static void add_statement(struct translation *t, const char *before, const char *expression, size_t n, const char *after)
{
    flush(t);
    add_line_number(t);
    add_text(&t->code, "    ");
    add_text(&t->code, before);
    add(&t->code, expression, n);
    add_text(&t->code, after);
    add(&t->code, "\n", 1);
}

static size_t trim(const char **s, size_t n)
{
    while (n > 0 && is_space(**s)) {
        (*s)++;
        n--;
    }
    while (n > 0 && is_space((*s)[n - 1]))
        n--;
    return n;
}

/* The function that escapes for this place; NULL after a fault. */
static const char *escape_of(struct translation *t)
{
    if (t->place == TEXT)
        return "page_text(p, ";
    if (t->place != VALUE) {
        fault(t, "an expression may stand in text and in quoted attribute values only");
        return NULL;
    }
    if (listed(closed_attributes, t->attribute)) {
        fault(t, "no expression may stand in the attribute '%s'", t->attribute);
        return NULL;
    }
    if (!listed(url_attributes, t->attribute))
        return "page_text(p, ";
    return t->value_length == 0 ? "page_url(p, " : "page_url_part(p, ";
}

/* The first word of an expression, as a C string. */
static size_t take_word(const char *s, size_t n, char word[NAME_MAX_BYTES])
{
    size_t length = 0;
    while (length < n && length + 1 < NAME_MAX_BYTES && !is_space(s[length])) {
        word[length] = s[length];
        length++;
    }
    word[length] = '\0';
    return length;
}

static void translate_flag(struct translation *t, const char *s, size_t n)
{
    char name[NAME_MAX_BYTES], before[NAME_MAX_BYTES + 32];
    size_t length = take_word(s, n, name);
    if (t->place != IN_TAG || !listed(flag_attributes, name)) {
        fault(t, "{{?name condition}} stands between attributes and names one without a value, such as checked");
        return;
    }
    snprintf(before, sizeof before, "page_flag(p, \"%s\", ", name);
    add_statement(t, before, s + length, n - length, ");");
}

static bool is_plain_attribute(const char *name)
{
    bool dangerous = strncmp(name, "on", 2) == 0 || strcmp(name, "style") == 0 || listed(url_attributes, name) ||
                     listed(closed_attributes, name);
    return *name && !dangerous && name[strspn(name, "abcdefghijklmnopqrstuvwxyz-")] == '\0';
}

static void translate_attribute(struct translation *t, const char *s, size_t n)
{
    char name[NAME_MAX_BYTES], before[NAME_MAX_BYTES + 48];
    size_t length = take_word(s, n, name);
    if (t->place != IN_TAG || !is_plain_attribute(name)) {
        fault(t, "{{@name text}} stands between attributes and names one that holds plain text, such as aria-describedby");
        return;
    }
    snprintf(before, sizeof before, "page_attribute(p, \"%s\", page_str(p, ", name);
    add_statement(t, before, s + length, n - length, "));");
}

/* One argument of a message: up to a comma outside of brackets and quotes. */
static size_t argument_length(const char *s, size_t n)
{
    int depth = 0;
    char quote = '\0';
    for (size_t i = 0; i < n; i++) {
        if (quote) {
            if (s[i] == '\\')
                i++;
            else if (s[i] == quote)
                quote = '\0';
        } else if (s[i] == '"' || s[i] == '\'') {
            quote = s[i];
        } else if (strchr("([{", s[i])) {
            depth++;
        } else if (strchr(")]}", s[i])) {
            depth--;
        } else if (s[i] == ',' && depth == 0) {
            return i;
        }
    }
    return n;
}

static void add_arguments(struct translation *t, const char *s, size_t n)
{
    int count = 0;
    struct text list = { 0 };
    while (n > 0) {
        size_t length = argument_length(s, n);
        add_text(&list, count++ ? ", page_str(p, " : "page_str(p, ");
        add(&list, s, length);
        add(&list, ")", 1);
        s += length;
        n -= length;
        if (n > 0) {
            s++;
            n--;
        }
    }
    char head[64];
    snprintf(head, sizeof head, ", %d, (const struct str[]){ ", count);
    add_text(&t->code, head);
    add(&t->code, list.p, list.n);
    add_text(&t->code, " }");
    free(list.p);
}

static void translate_message(struct translation *t, const char *s, size_t n)
{
    const char *escape = escape_of(t);
    if (!escape)
        return;
    if (strncmp(escape, "page_url", 8) == 0) {
        fault(t, "a message cannot be an address");
        return;
    }
    flush(t);
    add_line_number(t);
    add_text(&t->code, "    page_say(p, T_");
    while (n > 0 && (isalnum((unsigned char)*s) || *s == '_' || *s == '.')) {
        char c = (char)(*s == '.' ? '_' : toupper((unsigned char)*s));
        add(&t->code, &c, 1);
        s++;
        n--;
    }
    n = trim(&s, n);
    if (n > 0)
        add_arguments(t, s, n);
    else
        add_text(&t->code, ", 0, NULL");
    add_text(&t->code, ");\n");
}

static void translate_expression(struct translation *t, const char *s, size_t n)
{
    char kind = n > 0 && strchr("=!?@", *s) ? *s : '\0';
    if (kind) {
        s++;
        n--;
    }
    n = trim(&s, n);
    if (n == 0) {
        fault(t, "empty {{ }}");
    } else if (kind == '?') {
        translate_flag(t, s, n);
    } else if (kind == '@') {
        translate_attribute(t, s, n);
    } else if (kind == '!') {
        translate_message(t, s, n);
    } else if (kind == '=') {
        if (t->place == TEXT)
            add_statement(t, "page_html(p, ", s, n, ");");
        else
            fault(t, "{{=html}} may stand in text only");
    } else {
        const char *escape = escape_of(t);
        if (escape)
            add_statement(t, escape, s, n, ");");
    }
    if (t->place == VALUE)
        t->value_length++;
}

/* ---- lines ---- */

static void end_page(struct translation *t)
{
    if (!t->in_page)
        return;
    if (t->place != TEXT)
        fault(t, "the page ends inside a tag");
    flush(t);
    add_text(&t->code, "}\n\n");
    t->in_page = false;
}

static void begin_page(struct translation *t, const char *declaration)
{
    const char *first = strchr(declaration, '(');
    if (!first || strncmp(first, "(struct page *p", 15) != 0) {
        fault(t, "a page is declared as %%page name(struct page *p, ...)");
        return;
    }
    end_page(t);
    add_text(&t->header, "void ");
    add_text(&t->header, declaration);
    add_text(&t->header, ";\n");
    add_line_number(t);
    add_text(&t->code, "void ");
    add_text(&t->code, declaration);
    add_text(&t->code, "\n{\n");
    t->in_page = true;
    t->place = TEXT;
}

/* What comes after "%": a directive or a line of C. */
static void translate_code(struct translation *t, const char *s)
{
    if (t->place != TEXT)
        fault(t, "a %%-line inside a tag");
    if (*s == '#')
        return;
    if (strncmp(s, "page ", 5) == 0) {
        begin_page(t, s + 5);
    } else if (strncmp(s, "include ", 8) == 0) {
        add_text(&t->header, "#include ");
        add_text(&t->header, s + 8);
        add(&t->header, "\n", 1);
    } else if (t->in_page) {
        add_statement(t, "", s, strlen(s), "");
    } else {
        fault(t, "C outside of a page; begin one with %%page");
    }
}

static void translate_html(struct translation *t, const char *s)
{
    while (*s) {
        if (strncmp(s, "{{", 2) == 0) {
            const char *end = strstr(s + 2, "}}");
            if (!end) {
                fault(t, "{{ without }} on the same line");
                return;
            }
            translate_expression(t, s + 2, (size_t)(end - s - 2));
            s = end + 2;
            continue;
        }
        step(t, s);
        add(&t->literal, s++, 1);
        if (t->literal.n >= LITERAL_MAX)
            flush(t);
    }
}

static void translate_line(struct translation *t, char *line)
{
    size_t n = strlen(line);
    while (n > 0 && (is_space(line[n - 1]) || line[n - 1] == '\r'))
        line[--n] = '\0';
    const char *s = line + strspn(line, " \t");
    if (*s == '%') {
        translate_code(t, s + 1);
    } else if (*s && !t->in_page) {
        fault(t, "HTML outside of a page; begin one with %%page");
    } else if (*s) {
        translate_html(t, t->place == VALUE ? line : s);
        step(t, "\n");
        add(&t->literal, "\n", 1);
    }
}

static bool write_file(const char *path, const struct text *body)
{
    FILE *f = fopen(path, "w");
    if (!f)
        return false;
    fwrite(body->p, 1, body->n, f);
    bool bad = ferror(f) != 0;
    return fclose(f) == 0 && !bad;
}

static bool write_code(const struct translation *t, const char *path)
{
    struct text out = { 0 };
    add_text(&out, "/* Made by tmplc. */\n#include \"page_");
    add_text(&out, t->name);
    add_text(&out, ".h\"\n\n");
    add(&out, t->code.p ? t->code.p : "", t->code.n);
    bool ok = write_file(path, &out);
    free(out.p);
    return ok;
}

static bool write_header(const struct translation *t, const char *path)
{
    struct text out = { 0 };
    add_text(&out, "/* Made by tmplc. */\n#ifndef PAGE_");
    add_text(&out, t->name);
    add_text(&out, "_H\n#define PAGE_");
    add_text(&out, t->name);
    add_text(&out, "_H\n\n#include \"web/page.h\"\n");
    add(&out, t->header.p ? t->header.p : "", t->header.n);
    add_text(&out, "\n#endif\n");
    bool ok = write_file(path, &out);
    free(out.p);
    return ok;
}

static bool read_template(struct translation *t)
{
    FILE *f = fopen(t->file, "r");
    if (!f) {
        fprintf(stderr, "%s: cannot be read\n", t->file);
        return false;
    }
    char *line = NULL;
    size_t room = 0;
    while (getline(&line, &room, f) >= 0) {
        t->line++;
        translate_line(t, line);
    }
    free(line);
    fclose(f);
    end_page(t);
    return t->faults == 0;
}

int main(int argc, char **argv)
{
    if (argc != 4) {
        fputs("usage: tmplc IN.html OUT.c OUT.h\n", stderr);
        return 2;
    }
    const char *slash = strrchr(argv[1], '/');
    char name[NAME_MAX_BYTES];
    snprintf(name, sizeof name, "%s", slash ? slash + 1 : argv[1]);
    name[strcspn(name, ".")] = '\0';
    struct translation t = { .file = argv[1], .name = name };
    if (!read_template(&t))
        return 1;
    bool ok = write_code(&t, argv[2]) && write_header(&t, argv[3]);
    if (!ok)
        fprintf(stderr, "tmplc: cannot write %s or %s\n", argv[2], argv[3]);
    return ok ? 0 : 1;
}
