/* SPDX-License-Identifier: Apache-2.0 */
/* For fuzzers of what is read out of files: a folder for the run, removed with all that is in it when the fuzzer ends. */
#ifndef FUZZ_FUZZ_FOLDER_H
#define FUZZ_FUZZ_FOLDER_H

#include <ftw.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

static char fuzz_folder_path[] = "/dev/shm/tirkeu_fuzz_XXXXXX";

static inline int fuzz_folder_remove_one(const char *path, const struct stat *about, int type, struct FTW *where)
{
    (void)about, (void)type, (void)where;
    return remove(path);
}

static inline void fuzz_folder_remove(void) { nftw(fuzz_folder_path, fuzz_folder_remove_one, 8, FTW_DEPTH | FTW_PHYS); }

static inline const char *fuzz_folder(void)
{
    static bool made; /* the name cannot tell: what is put in the place of the last X may be an X */
    if (!made && (mkdtemp(fuzz_folder_path) == NULL || atexit(fuzz_folder_remove) != 0))
        abort();
    made = true;
    return fuzz_folder_path;
}

#endif
