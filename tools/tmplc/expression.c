/* SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tmplc.h"

static size_t trim(const char **s, size_t n)
{
    while (n > 0 && html_is_space(**s)) {
        (*s)++;
        n--;
    }
    while (n > 0 && html_is_space((*s)[n - 1]))
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
    if (html_is_closed(t->attribute)) {
        fault(t, "no expression may stand in the attribute '%s'", t->attribute);
        return NULL;
    }
    if (!html_is_url(t->attribute))
        return "page_text(p, ";
    return t->value_length == 0 ? "page_url(p, " : "page_url_part(p, ";
}

/* The first word of an expression, as a C string. */
static size_t take_word(const char *s, size_t n, char word[NAME_MAX_BYTES])
{
    size_t length = 0;
    while (length < n && length + 1 < NAME_MAX_BYTES && !html_is_space(s[length])) {
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
    if (t->place != IN_TAG || !html_is_flag(name)) {
        fault(t, "{{?name condition}} stands between attributes and names one without a value, such as checked");
        return;
    }
    snprintf(before, sizeof before, "page_flag(p, \"%s\", ", name);
    code_statement(t, before, s + length, n - length, ");");
}

static bool is_plain_attribute(const char *name)
{
    bool dangerous = strncmp(name, "on", 2) == 0 || strcmp(name, "style") == 0 || html_is_url(name) || html_is_closed(name);
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
    code_statement(t, before, s + length, n - length, "));");
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
        text_add_string(&list, count++ ? ", page_str(p, " : "page_str(p, ");
        text_add(&list, s, length);
        text_add(&list, ")", 1);
        s += length;
        n -= length;
        if (n > 0) {
            s++;
            n--;
        }
    }
    char head[64];
    snprintf(head, sizeof head, ", %d, (const struct str[]){ ", count);
    text_add_string(&t->code, head);
    text_add(&t->code, list.p, list.n);
    text_add_string(&t->code, " }");
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
    code_flush(t);
    code_line_number(t);
    text_add_string(&t->code, "    page_say(p, T_");
    while (n > 0 && (isalnum((unsigned char)*s) || *s == '_' || *s == '.')) {
        char c = (char)(*s == '.' ? '_' : toupper((unsigned char)*s));
        text_add(&t->code, &c, 1);
        s++;
        n--;
    }
    n = trim(&s, n);
    if (n > 0)
        add_arguments(t, s, n);
    else
        text_add_string(&t->code, ", 0, NULL");
    text_add_string(&t->code, ");\n");
}

void expression_translate(struct translation *t, const char *s, size_t n)
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
            code_statement(t, "page_html(p, ", s, n, ");");
        else
            fault(t, "{{=html}} may stand in text only");
    } else {
        const char *escape = escape_of(t);
        if (escape)
            code_statement(t, escape, s, n, ");");
    }
    if (t->place == VALUE)
        t->value_length++;
}
