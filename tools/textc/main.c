/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "textc.h"

static int by_key(const void *a, const void *b)
{
    const struct entry *x = a, *y = b;
    return strcmp(x->key, y->key);
}

int main(int argc, char **argv)
{
    if (argc < 3) {
        fputs("usage: textc OUT.h OUT.c FILE.text...\n", stderr);
        return 2;
    }
    struct table t = { 0 };
    for (int i = 3; i < argc; i++)
        read_file(&t, argv[i]);
    check_table(&t);
    if (t.faults > 0)
        return 1;
    if (t.count > 1)
        qsort(t.entry, t.count, sizeof *t.entry, by_key);
    if (!write_header(&t, argv[1]) || !write_table(&t, argv[2])) {
        fprintf(stderr, "textc: cannot write %s or %s\n", argv[1], argv[2]);
        return 1;
    }
    return 0;
}
