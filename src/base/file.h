/* SPDX-License-Identifier: Apache-2.0 */
/* Whole files: read or mapped with a limit, written by a temporary name, sync and rename. */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include "base/arena.h"
#include "base/err.h"

/* Reads all of `path` ("-" is standard input) into the arena, NUL after its end.  ERR_NOT_FOUND when it is absent. */
bool file_read(const char *path, size_t limit, struct arena *arena, struct str *ret, struct err *err);
/* The bytes of a file in place: mapped when it is a regular file, otherwise read.  Nobody may cut the file short meanwhile. */
struct file_map {
    struct str text;
    void *mapping; /* NULL: not mapped */
};
/* The same limits and errors as file_read, which serves what cannot be mapped; the arena is used only then. */
bool file_map(const char *path, size_t limit, struct arena *arena, struct file_map *ret, struct err *err);
/* Bytes that will hardly be needed again leave this process's memory; reading them brings them back. */
void file_map_forget(const struct file_map *map, size_t from, size_t to);
void file_unmap(struct file_map *map);
bool file_write(const char *path, struct str bytes, struct err *err);
/* Several texts one after the other, as one file. */
bool file_write_parts(const char *path, const struct str *part, int parts, struct err *err);
/* A writer that was killed leaves "PATH.writing-" and six letters or digits: those that nobody is writing (they are locked while
 * they are written) and that belong to this user go away.  For large files that are written often. */
void file_remove_unfinished(const char *path);
bool file_make_folder(const char *path, struct err *err); /* and its parents; fine when it exists */

#endif
