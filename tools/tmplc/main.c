/* SPDX-License-Identifier: Apache-2.0 */
/* Lines, files, and the program. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tmplc.h"

static void end_page(struct translation *t)
{
    if (!t->in_page)
        return;
    if (t->place != TEXT)
        fault(t, "the page ends inside a tag");
    code_flush(t);
    text_add_string(&t->code, "}\n\n");
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
    text_add_string(&t->header, "void ");
    text_add_string(&t->header, declaration);
    text_add_string(&t->header, ";\n");
    code_line_number(t);
    text_add_string(&t->code, "void ");
    text_add_string(&t->code, declaration);
    text_add_string(&t->code, "\n{\n");
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
        text_add_string(&t->header, "#include ");
        text_add_string(&t->header, s + 8);
        text_add(&t->header, "\n", 1);
    } else if (t->in_page) {
        code_statement(t, "", s, strlen(s), "");
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
            expression_translate(t, s + 2, (size_t)(end - s - 2));
            s = end + 2;
            continue;
        }
        html_step(t, s);
        text_add(&t->literal, s++, 1);
        if (t->literal.n >= LITERAL_MAX)
            code_flush(t);
    }
}

static void translate_line(struct translation *t, char *line)
{
    size_t n = strlen(line);
    while (n > 0 && (html_is_space(line[n - 1]) || line[n - 1] == '\r'))
        line[--n] = '\0';
    const char *s = line + strspn(line, " \t");
    if (*s == '%') {
        translate_code(t, s + 1);
    } else if (*s && !t->in_page) {
        fault(t, "HTML outside of a page; begin one with %%page");
    } else if (*s) {
        translate_html(t, t->place == VALUE ? line : s);
        html_step(t, "\n");
        text_add(&t->literal, "\n", 1);
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
    text_add_string(&out, "/* Made by tmplc. */\n#include \"page_");
    text_add_string(&out, t->name);
    text_add_string(&out, ".h\"\n\n");
    text_add(&out, t->code.p ? t->code.p : "", t->code.n);
    bool ok = write_file(path, &out);
    free(out.p);
    return ok;
}

static bool write_header(const struct translation *t, const char *path)
{
    struct text out = { 0 };
    text_add_string(&out, "/* Made by tmplc. */\n#ifndef PAGE_");
    text_add_string(&out, t->name);
    text_add_string(&out, "_H\n#define PAGE_");
    text_add_string(&out, t->name);
    text_add_string(&out, "_H\n\n#include \"web/page.h\"\n");
    text_add(&out, t->header.p ? t->header.p : "", t->header.n);
    text_add_string(&out, "\n#endif\n");
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
