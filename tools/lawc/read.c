/* SPDX-License-Identifier: Apache-2.0 */
/* Reading a file: line by line into blocks, and blocks into sentences. */
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "lawc.h"

enum field { PARAGRAPH = LANGUAGES, IN_FORCE, WHY, FIELDS };
static const char *const field_names[FIELDS] = { "kk", "ru", "en", "paragraph", "in-force", "why" };

/* A header or a sentence while it is read. */
struct block {
    int number; /* 0: the header */
    bool people;
    int line;
    char *field[FIELDS];
};

/* One file while it is read. */
struct reader {
    struct run *run;
    const char *path;
    int line;
    struct block block; /* being filled */
    char paragraph[32];
    int32_t since, until;
    int numbered; /* sentences so far */
};

__attribute__((format(printf, 3, 4))) static void wrong(struct reader *r, int line, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    fprintf(stderr, "%s:%d: ", r->path, line);
    vfprintf(stderr, format, args);
    fputc('\n', stderr);
    va_end(args);
    r->run->errors++;
}

/* Trims, and makes every run of white space one space; in place. */
static char *normalise(char *text)
{
    char *out = text;
    bool space = false;
    for (const char *p = text; *p; p++) {
        if (strchr(" \t\r\n", *p)) {
            space = out > text;
            continue;
        }
        if (space)
            *out++ = ' ';
        space = false;
        *out++ = *p;
    }
    *out = '\0';
    return text;
}

static char *copy(const char *text)
{
    char *c = strdup(text);
    if (!c)
        abort();
    return c;
}

static void header_end(struct reader *r)
{
    struct block *b = &r->block;
    if (!b->field[PARAGRAPH] || !b->field[IN_FORCE] || !b->field[KK] || !b->field[RU] || !b->field[EN])
        wrong(r, r->line, "the header needs paragraph, in-force and the title in kk, ru and en");
    if (b->field[WHY])
        wrong(r, r->line, "`why` belongs to a sentence");
    if (b->field[PARAGRAPH])
        snprintf(r->paragraph, sizeof r->paragraph, "%s", b->field[PARAGRAPH]);
    if (b->field[IN_FORCE] && !span_read(b->field[IN_FORCE], &r->since, &r->until))
        wrong(r, b->line, "in-force must be like 2025-11-11 .. 2026-06-30, or without the second day");
}

static void sentence_end(struct reader *r)
{
    struct block *b = &r->block;
    struct run *run = r->run;
    if (!b->field[KK] || !b->field[RU] || !b->field[EN]) {
        wrong(r, b->line, "sentence %d needs kk, ru and en", b->number);
        return;
    }
    if (b->people != (b->field[WHY] != NULL))
        wrong(r, b->line, "%s", b->people ? "a sentence left to people says why" : "`why` is for sentences left to people");
    if (b->field[PARAGRAPH])
        wrong(r, b->line, "`paragraph` belongs to the header");
    if (b->number != ++r->numbered)
        wrong(r, b->line, "sentence %d where %d was expected", b->number, r->numbered);
    if (run->sentences == SENTENCES_MAX) {
        wrong(r, b->line, "more than %d sentences", SENTENCES_MAX);
        return;
    }
    struct sentence *s = &run->sentence[run->sentences++];
    *s = (struct sentence){ .people = b->people, .file = r->path, .line = b->line, .since = r->since, .until = r->until };
    if (b->field[IN_FORCE] && !span_read(b->field[IN_FORCE], &s->since, &s->until))
        wrong(r, b->line, "in-force must be like 2025-11-11 .. 2026-06-30, or without the second day");
    snprintf(s->number, sizeof s->number, "%s.%d", r->paragraph, b->number);
    snprintf(s->paragraph, sizeof s->paragraph, "%s", r->paragraph);
    char joined[3 * LINE_LIMIT + 3];
    int n = snprintf(joined, sizeof joined, "%s\n%s\n%s", b->field[KK], b->field[RU], b->field[EN]);
    sha_short(joined, (size_t)n, s->digest);
    for (int i = KK; i <= EN; i++)
        s->text[i] = copy(b->field[i]);
}

static void block_end(struct reader *r)
{
    struct block *b = &r->block;
    bool filled = b->number > 0;
    for (int i = 0; i < FIELDS; i++)
        filled = filled || b->field[i];
    if (!filled)
        return;
    if (b->number > 0)
        sentence_end(r);
    else if (r->paragraph[0] == '\0')
        header_end(r);
    else
        wrong(r, b->line, "a sentence begins with its number");
    for (int i = 0; i < FIELDS; i++)
        free(b->field[i]);
    *b = (struct block){ 0 };
}

static void line_read(struct reader *r, char *line)
{
    struct block *b = &r->block;
    char *colon = strchr(line, ':'), *end;
    if (line[0] >= '0' && line[0] <= '9') {
        block_end(r);
        errno = 0;
        *b = (struct block){ .number = (int)strtol(line, &end, 10), .line = r->line };
        b->people = strcmp(end, " people") == 0;
        if (b->number < 1 || (*end != '\0' && !b->people))
            wrong(r, r->line, "a sentence begins with its number, and `people` when it is left to people");
        return;
    }
    for (int i = 0; colon && i < FIELDS; i++) {
        if (strlen(field_names[i]) != (size_t)(colon - line) || strncmp(line, field_names[i], (size_t)(colon - line)) != 0)
            continue;
        char *value = normalise(colon + 1);
        if (*value == '\0' || b->field[i])
            wrong(r, r->line, "`%s` is %s", field_names[i], *value ? "there twice" : "empty");
        else
            b->field[i] = copy(value);
        if (b->line == 0)
            b->line = r->line;
        return;
    }
    wrong(r, r->line, "expected a sentence number or one of paragraph:, in-force:, kk:, ru:, en:, why:");
}

void file_read(struct run *run, const char *path)
{
    struct reader r = { .run = run, .path = path };
    FILE *f = fopen(path, "r");
    if (!f) {
        wrong(&r, 0, "cannot be read: %s", strerror(errno));
        return;
    }
    char line[LINE_LIMIT];
    while (fgets(line, sizeof line, f)) {
        r.line++;
        if (!strchr(line, '\n')) {
            wrong(&r, r.line, "the line is over %d bytes or has no end", LINE_LIMIT - 2);
            break;
        }
        normalise(line);
        if (line[0] == '\0')
            block_end(&r);
        else if (line[0] != '#')
            line_read(&r, line);
    }
    block_end(&r);
    fclose(f);
    if (r.numbered == 0)
        wrong(&r, r.line, "no sentence");
}
