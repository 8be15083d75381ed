/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "tmplc.h"

void code_line_number(struct translation *t)
{
    char number[32];
    snprintf(number, sizeof number, "#line %d \"", t->line);
    text_add_string(&t->code, number);
    text_add_string(&t->code, t->file);
    text_add_string(&t->code, "\"\n");
}

static void add_literal_byte(struct text *out, char c)
{
    if (c == '\n') {
        text_add_string(out, "\\n");
        return;
    }
    if (c == '"' || c == '\\' || c == '?')
        text_add(out, "\\", 1);
    text_add(out, &c, 1);
}

void code_flush(struct translation *t)
{
    if (t->literal.n == 0)
        return;
    char size[32];
    text_add_string(&t->code, "    page_raw(p, \"");
    for (size_t i = 0; i < t->literal.n; i++)
        add_literal_byte(&t->code, t->literal.p[i]);
    snprintf(size, sizeof size, "\", %zu);\n", t->literal.n);
    text_add_string(&t->code, size);
    t->literal.n = 0;
}

void code_statement(struct translation *t, const char *before, const char *expression, size_t n, const char *after)
{
    code_flush(t);
    code_line_number(t);
    text_add_string(&t->code, "    ");
    text_add_string(&t->code, before);
    text_add(&t->code, expression, n);
    text_add_string(&t->code, after);
    text_add(&t->code, "\n", 1);
}
