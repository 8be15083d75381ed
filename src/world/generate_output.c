/* SPDX-License-Identifier: Apache-2.0 */
/* The rows of a generated world: into files, written beside their names and given their names when all are whole, and to a sink.
 */
#include "world/generate_impl.h"
#include "world/scan_impl.h"

#include "base/file.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#define FLUSH_AT     ((size_t)1 << 20) /* of all files together */
#define BUFFER_LIMIT ((size_t)256 << 20)
#define PATH_LIMIT   4096

/* false when the path is too long */
static bool file_path(char path[PATH_LIMIT], const char *folder, int file, const char *suffix)
{
    int n = snprintf(path, PATH_LIMIT, "%s/%s%s", folder, world_file_name((enum world_file)file), suffix);
    return n > 0 && n < PATH_LIMIT;
}

static bool write_header(FILE *stream, const struct world_layout *layout)
{
    for (int i = 0; i < layout->columns; i++)
        if (fprintf(stream, "%s%s", i > 0 ? "," : "", layout->column[i].name) < 0)
            return false;
    return fputc('\n', stream) != EOF;
}

static bool open_one(struct output *output, const char *folder, int file, struct err *err)
{
    char path[PATH_LIMIT];
    if (!file_path(path, folder, file, ".part"))
        return err_set(err, ERR_INPUT, "the path of the folder is too long");
    output->stream = fopen(path, "wb");
    if (output->stream == NULL || !write_header(output->stream, world_layout_of((enum world_file)file)))
        return err_set(err, ERR_SYSTEM, "%s: %s", path, strerror(errno));
    return true;
}

bool output_open(struct country *country, const char *folder, struct err *err)
{
    for (int file = 0; file < WORLD_FILES; file++)
        buf_init(&country->output[file].text, BUFFER_LIMIT);
    if (country->plan->sink != NULL)
        country->made = scan_made_new(country->plan->sink, row_dwelling_number);
    if (folder == NULL)
        return true;
    if (!file_make_folder(folder, err))
        return false;
    for (int file = 0; file < WORLD_FILES; file++)
        if (!open_one(&country->output[file], folder, file, err))
            return false;
    return true;
}

static bool flush_one(struct country *country, int file, struct err *err)
{
    struct output *o = &country->output[file];
    if (country->made != NULL)
        scan_made_rows(country->made, (enum world_file)file, buf_str(&o->text));
    if (o->stream != NULL && fwrite(o->text.p, 1, o->text.n, o->stream) != o->text.n)
        return err_set(err, ERR_SYSTEM, "%s: %s", world_file_name((enum world_file)file), strerror(errno));
    buf_clear(&o->text);
    return true;
}

/* All files at once, in their order: so the sink has persons and dwellings before the rows that name them. */
bool output_flush(struct country *country, bool all, struct err *err)
{
    size_t waiting = 0;
    for (int file = 0; file < WORLD_FILES; file++) {
        if (country->output[file].text.over)
            BUG("a clan with more than %zu bytes", BUFFER_LIMIT);
        waiting += country->output[file].text.n;
    }
    for (int file = 0; (all || waiting >= FLUSH_AT) && file < WORLD_FILES; file++)
        if (country->output[file].text.n > 0 && !flush_one(country, file, err))
            return false;
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
    for (int file = 0; folder != NULL && file < WORLD_FILES; file++)
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
    scan_made_free(country->made);
}
