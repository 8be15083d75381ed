/* SPDX-License-Identifier: Apache-2.0 */
/* The table in C, and the list. */
#include "lawc.h"

static void write_text(FILE *out, const char *text)
{
    fputc('"', out);
    for (const char *p = text; *p; p++) {
        if (*p == '"' || *p == '\\' || *p == '?')
            fputc('\\', out);
        fputc(*p, out);
    }
    fputc('"', out);
}

void write_table(FILE *out, const struct run *run)
{
    fputs("/* Made by tools/lawc from src/law/ *.law. */\n#include \"law/law.h\"\n\nconst struct law_sentence law_sentences[] = "
          "{\n",
          out);
    for (int i = 0; i < run->sentences; i++) {
        const struct sentence *s = &run->sentence[i];
        fprintf(out, "    { \"%s\", \"%s\", \"%s\", {\n", s->number, s->paragraph, s->digest);
        for (int k = KK; k <= EN; k++) {
            fputs("        ", out);
            write_text(out, s->text[k]);
            fputs(",\n", out);
        }
        fprintf(out, "      }, %s, { %d }, { ", s->people ? "true" : "false", s->since);
        if (s->until == INT32_MIN)
            fputs("INT32_MIN } },\n", out);
        else
            fprintf(out, "%d } },\n", s->until);
    }
    fprintf(out, "};\nconst int law_sentence_count = %d;\n", run->sentences);
}

void write_list(const struct run *run)
{
    for (int i = 0; i < run->sentences; i++) {
        const struct sentence *s = &run->sentence[i];
        printf("%s\t%s\t%s\t%s:%d\t%s\n", s->number, s->digest, s->people ? "people" : "code", s->file, s->line, s->text[EN]);
    }
}
