/* SPDX-License-Identifier: Apache-2.0 */
/* The enum of keys, and the table. */
#include <stdio.h>

#include "textc.h"

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

bool write_header(const struct table *t, const char *path)
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

bool write_table(const struct table *t, const char *path)
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
