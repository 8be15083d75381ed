/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The statement of the law, from src/law/ *.law to a C table:
 *
 *     lawc OUT.c FILE.law...      writes law_sentences[] (declared in law/law.h)
 *     lawc --list FILE.law...     prints number, digest, "code" or "people", FILE:LINE and the English text, by tabs
 *
 * A .law file states one paragraph.  Header: paragraph, in-force (FROM .. TO, TO may be empty) and the title in kk, ru and
 * en.  Then, after blank lines, one block a sentence: its number (1, 2, ... in order), " people" after it when it is left
 * to people (then `why:` says the reason), an in-force of its own where it differs, and kk:, ru:, en:.  `#` begins a
 * comment line.  The digest is the first 8 hexadecimal digits of the SHA-256 of the three texts, joined by newlines,
 * white space normalised: whoever amends a text makes every citation of it stale.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LINE_LIMIT = 4000, SENTENCES_MAX = 512, FILES_MAX = 64 };
enum field { KK, RU, EN, PARAGRAPH, IN_FORCE, WHY, FIELDS };
static const char *const field_names[FIELDS] = { "kk", "ru", "en", "paragraph", "in-force", "why" };

/* A header or a sentence while it is read. */
struct block {
    int number; /* 0: the header */
    bool people;
    int line;
    char *field[FIELDS];
};

struct sentence {
    char number[40], paragraph[32], digest[9];
    char *text[3];
    bool people;
    int32_t since, until;
    const char *file;
    int line;
};

/* One run of the tool: what was read, and whether anything was wrong. */
struct run {
    struct sentence sentence[SENTENCES_MAX];
    int sentences;
    int errors;
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

/* ---- SHA-256 (FIPS 180-4), enough for short texts ---- */

static uint32_t rotate(uint32_t x, unsigned n) { return (x >> n) | (x << (32 - n)); }

/* The first 32 bits of the fractional parts of the cube roots of the first 64 primes. */
static const uint32_t sha_k[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01,
    0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc,
    0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147,
    0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116, 0x1e376c08,
    0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208,
    0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2
};

static void sha_block(uint32_t h[8], const unsigned char *p)
{
    uint32_t w[64], v[8];
    for (int i = 0; i < 16; i++)
        w[i] = (uint32_t)p[4 * i] << 24 | (uint32_t)p[4 * i + 1] << 16 | (uint32_t)p[4 * i + 2] << 8 | p[4 * i + 3];
    for (int i = 16; i < 64; i++) {
        uint32_t a = rotate(w[i - 15], 7) ^ rotate(w[i - 15], 18) ^ (w[i - 15] >> 3);
        uint32_t b = rotate(w[i - 2], 17) ^ rotate(w[i - 2], 19) ^ (w[i - 2] >> 10);
        w[i] = w[i - 16] + a + w[i - 7] + b;
    }
    memcpy(v, h, sizeof v);
    for (int i = 0; i < 64; i++) {
        uint32_t s1 = rotate(v[4], 6) ^ rotate(v[4], 11) ^ rotate(v[4], 25);
        uint32_t t1 = v[7] + s1 + ((v[4] & v[5]) ^ (~v[4] & v[6])) + sha_k[i] + w[i];
        uint32_t s0 = rotate(v[0], 2) ^ rotate(v[0], 13) ^ rotate(v[0], 22);
        uint32_t t2 = s0 + ((v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2]));
        memmove(v + 1, v, 7 * sizeof v[0]);
        v[4] += t1;
        v[0] = t1 + t2;
    }
    for (int i = 0; i < 8; i++)
        h[i] += v[i];
}

/* The first 32 bits, as 8 hexadecimal digits. */
static void sha_short(const char *text, size_t n, char ret[9])
{
    uint32_t h[8] = { 0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19 };
    size_t total = (n + 9 + 63) / 64 * 64;
    unsigned char *p = calloc(1, total);
    if (!p)
        abort();
    memcpy(p, text, n);
    p[n] = 0x80;
    for (int i = 0; i < 8; i++)
        p[total - 1 - (size_t)i] = (unsigned char)((uint64_t)n * 8 >> (8 * i));
    for (size_t at = 0; at < total; at += 64)
        sha_block(h, p + at);
    free(p);
    snprintf(ret, 9, "%08x", h[0]);
}

/* ---- days ---- */

/* `n` digits at *p, which moves past them; -1 when they are not all digits. */
static int digits(const char **p, int n)
{
    int value = 0;
    for (; n > 0; n--, (*p)++) {
        if (**p < '0' || **p > '9')
            return -1;
        value = value * 10 + (**p - '0');
    }
    return value;
}

/* Takes YYYY-MM-DD off *p. */
static bool date_take(const char **p, int *y, int *m, int *d)
{
    *y = digits(p, 4);
    if (*y < 0 || *(*p)++ != '-')
        return false;
    *m = digits(p, 2);
    if (*m < 0 || *(*p)++ != '-')
        return false;
    *d = digits(p, 2);
    return *d >= 0;
}

/* Takes a day off *p as the number of days since 1970-01-01; false when there is no such day. */
static bool day_take(const char **p, int32_t *ret)
{
    static const int lengths[12] = { 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    int y, m, d;
    if (!date_take(p, &y, &m, &d))
        return false;
    bool leap = (y % 4 == 0 && y % 100 != 0) || y % 400 == 0;
    if (y < 1800 || y > 2199 || m < 1 || m > 12 || d < 1 || d > lengths[m - 1] - (m == 2 && !leap))
        return false;
    int32_t days = d - 1;
    for (int i = 0; i < m - 1; i++)
        days += lengths[i] - (i == 1 && !leap);
    int32_t before = y - 1;
    *ret = days + 365 * before + before / 4 - before / 100 + before / 400 - 719162;
    return true;
}

/* "2025-11-11 .. 2026-06-30" or "2025-11-11 .." */
static bool span_read(const char *text, int32_t *ret_since, int32_t *ret_until)
{
    *ret_until = INT32_MIN;
    if (!day_take(&text, ret_since) || strncmp(text, " ..", 3) != 0)
        return false;
    text += 3;
    if (*text == '\0')
        return true;
    return *text++ == ' ' && day_take(&text, ret_until) && *text == '\0' && *ret_until >= *ret_since;
}

/* ---- reading ---- */

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

static void file_read(struct run *run, const char *path)
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

/* A number may stand in one file only. */
static void numbers_check(struct run *run)
{
    for (int i = 0; i < run->sentences; i++)
        for (int j = 0; j < i; j++)
            if (strcmp(run->sentence[i].number, run->sentence[j].number) == 0) {
                fprintf(stderr, "%s:%d: sentence %s is already in %s:%d\n", run->sentence[i].file, run->sentence[i].line,
                        run->sentence[i].number, run->sentence[j].file, run->sentence[j].line);
                run->errors++;
            }
}

/* ---- writing ---- */

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

static void write_table(FILE *out, const struct run *run)
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

static void write_list(const struct run *run)
{
    for (int i = 0; i < run->sentences; i++) {
        const struct sentence *s = &run->sentence[i];
        printf("%s\t%s\t%s\t%s:%d\t%s\n", s->number, s->digest, s->people ? "people" : "code", s->file, s->line, s->text[EN]);
    }
}

int main(int argc, char **argv)
{
    static struct run run;
    if (argc < 3 || argc - 2 > FILES_MAX) {
        fprintf(stderr, "usage: lawc OUT.c FILE.law...\n       lawc --list FILE.law...\n");
        return 2;
    }
    for (int i = 2; i < argc; i++)
        file_read(&run, argv[i]);
    numbers_check(&run);
    if (run.errors > 0)
        return 1;
    if (strcmp(argv[1], "--list") == 0) {
        write_list(&run);
        return fflush(stdout) == 0 ? 0 : 1;
    }
    FILE *out = fopen(argv[1], "w");
    if (!out) {
        fprintf(stderr, "%s: %s\n", argv[1], strerror(errno));
        return 1;
    }
    write_table(out, &run);
    return fclose(out) == 0 ? 0 : 1;
}
