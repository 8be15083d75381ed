/* SPDX-License-Identifier: Apache-2.0 */
/* The files of a generated world: written beside their names, and given their names when all are whole. */
#include "world/generate_impl.h"
#include "world/world_impl.h"

#include "base/file.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#define FLUSH_AT     ((size_t)1 << 20)
#define BUFFER_LIMIT ((size_t)256 << 20)
#define PATH_LIMIT   4096

/* false when the path is too long */
static bool file_path(char path[PATH_LIMIT], const char *folder, int file, const char *suffix)
{
    int n = snprintf(path, PATH_LIMIT, "%s/%s%s", folder, world_file_name((enum world_file)file), suffix);
    return n > 0 && n < PATH_LIMIT;
}

static void write_header(struct buf *out, const struct world_layout *layout)
{
    for (int i = 0; i < layout->columns; i++)
        buf_addf(out, "%s%s", i > 0 ? "," : "", layout->column[i].name);
    buf_add_char(out, '\n');
}

static bool open_one(struct output *output, const char *folder, int file, struct err *err)
{
    char path[PATH_LIMIT];
    if (!file_path(path, folder, file, ".part"))
        return err_set(err, ERR_INPUT, "the path of the folder is too long");
    output->stream = fopen(path, "wb");
    if (output->stream == NULL)
        return err_set(err, ERR_SYSTEM, "%s: %s", path, strerror(errno));
    write_header(&output->text, world_layout_of((enum world_file)file));
    return true;
}

bool output_open(struct country *country, const char *folder, struct err *err)
{
    for (int file = 0; file < WORLD_FILES; file++)
        buf_init(&country->output[file].text, BUFFER_LIMIT);
    if (!file_make_folder(folder, err))
        return false;
    for (int file = 0; file < WORLD_FILES; file++)
        if (!open_one(&country->output[file], folder, file, err))
            return false;
    return true;
}

bool output_flush(struct country *country, bool all, struct err *err)
{
    for (int file = 0; file < WORLD_FILES; file++) {
        struct output *o = &country->output[file];
        if (o->text.over)
            BUG("a clan with more than %zu bytes", BUFFER_LIMIT);
        if (o->text.n == 0 || (!all && o->text.n < FLUSH_AT))
            continue;
        if (fwrite(o->text.p, 1, o->text.n, o->stream) != o->text.n)
            return err_set(err, ERR_SYSTEM, "%s: %s", world_file_name((enum world_file)file), strerror(errno));
        buf_clear(&o->text);
    }
    return true;
}

static bool close_one(struct output *output, const char *folder, int file, struct err *err)
{
    char part[PATH_LIMIT], path[PATH_LIMIT];
    FILE *stream = output->stream;
    output->stream = NULL;
    bool written = fclose(stream) == 0;
    if (!written || !file_path(part, folder, file, ".part") || !file_path(path, folder, file, "") || rename(part, path) != 0)
        return err_set(err, ERR_SYSTEM, "%s/%s: %s", folder, world_file_name((enum world_file)file), strerror(errno));
    return true;
}

bool output_close(struct country *country, const char *folder, struct err *err)
{
    if (!output_flush(country, true, err))
        return false;
    for (int file = 0; file < WORLD_FILES; file++)
        if (!close_one(&country->output[file], folder, file, err))
            return false;
    return true;
}

void output_abandon(struct country *country, const char *folder)
{
    char path[PATH_LIMIT];
    for (int file = 0; file < WORLD_FILES; file++) {
        struct output *o = &country->output[file];
        if (o->stream != NULL) {
            fclose(o->stream);
            if (file_path(path, folder, file, ".part"))
                unlink(path);
        }
        buf_release(&o->text);
    }
}
