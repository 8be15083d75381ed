/* SPDX-License-Identifier: Apache-2.0 */
/*
 * embed OUT.c SYMBOL FILE...
 * Writes the files as a table of base/embedded.h: `const struct base_embedded SYMBOL[]` and `const int SYMBOL_count`.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BYTES_PER_LINE 20

static _Noreturn void die(const char *path)
{
    fprintf(stderr, "embed: %s: %s\n", path, strerror(errno));
    exit(1);
}

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash ? slash + 1 : path;
}

/* Writes one array, NUL after its end; its size without the NUL. */
static size_t write_bytes(FILE *out, int number, const char *path)
{
    FILE *in = fopen(path, "rb");
    size_t n = 0;
    int c;

    if (!in)
        die(path);
    fprintf(out, "static const unsigned char file_%d[] = {", number);
    while ((c = getc(in)) != EOF) {
        fprintf(out, "%s%d,", n % BYTES_PER_LINE ? "" : "\n    ", c);
        n++;
    }
    if (ferror(in))
        die(path);
    fclose(in);
    fputs("\n    0\n};\n", out);
    return n;
}

static void write_name(FILE *out, const char *name)
{
    fputc('"', out);
    for (; *name; name++) {
        if (*name == '"' || *name == '\\')
            fputc('\\', out);
        fputc(*name, out);
    }
    fputc('"', out);
}

static void write_table(FILE *out, const char *symbol, char **paths, int count)
{
    size_t *size = calloc((size_t)count + 1, sizeof *size);

    if (!size)
        die("memory");
    fputs("/* Made by tools/embed. */\n#include \"base/embedded.h\"\n\n", out);
    for (int i = 0; i < count; i++)
        size[i] = write_bytes(out, i, paths[i]);
    fprintf(out, "\nextern const struct base_embedded %s[];\nextern const int %s_count;\n\n", symbol, symbol);
    fprintf(out, "const struct base_embedded %s[] = {\n", symbol);
    for (int i = 0; i < count; i++) {
        fputs("    { ", out);
        write_name(out, base_name(paths[i]));
        fprintf(out, ", file_%d, %zu },\n", i, size[i]);
    }
    /* An array needs a row also where there is no file; it ends every table. */
    fprintf(out, "    { 0, 0, 0 }\n};\nconst int %s_count = %d;\n", symbol, count);
    free(size);
}

int main(int argc, char **argv)
{
    FILE *out;

    if (argc < 3) {
        fputs("usage: embed OUT.c SYMBOL FILE...\n", stderr);
        return 2;
    }
    out = fopen(argv[1], "wb");
    if (!out)
        die(argv[1]);
    write_table(out, argv[2], argv + 3, argc - 3);
    if (ferror(out) || fclose(out) != 0) {
        remove(argv[1]);
        die(argv[1]);
    }
    return 0;
}
