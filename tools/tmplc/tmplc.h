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
#ifndef TMPLC_H
#define TMPLC_H

#include <stdbool.h>
#include <stddef.h>

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

/* text.c */
void fault(struct translation *t, const char *format, ...) __attribute__((format(printf, 2, 3))); /* "FILE:LINE: ..." */
void text_add(struct text *out, const char *bytes, size_t n);
void text_add_string(struct text *out, const char *s);

/* html.c: follows the HTML, so that the place of every expression is known */
bool html_is_space(char c);
bool html_is_url(const char *attribute);              /* its value is an address */
bool html_is_closed(const char *attribute);           /* no expression may stand in it */
bool html_is_flag(const char *attribute);             /* has no value: {{?name condition}} */
void html_step(struct translation *t, const char *s); /* one byte on */

/* code.c: the C that is made */
void code_line_number(struct translation *t);
void code_flush(struct translation *t); /* writes the literal out */
void code_statement(struct translation *t, const char *before, const char *expression, size_t n, const char *after);

/* expression.c: what stands in {{ }}, n bytes */
void expression_translate(struct translation *t, const char *s, size_t n);

#endif
