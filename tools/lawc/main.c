/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <string.h>

#include "lawc.h"

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
