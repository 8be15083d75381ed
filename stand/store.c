/* SPDX-License-Identifier: Apache-2.0 */
/* Registrations that came in: in memory, and appended and synced to residents-added.csv before they are confirmed. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/csv.h"
#include "base/file.h"
#include "base/log.h"
#include "stand/stand.h"

#define HEADER    "reference,iin,rka,kind,since,until\n"
#define STATE_MAX ((size_t)1 << 30)
#define COLUMNS   6

/* ---- references ---- */

static size_t hash(struct str text)
{
    uint64_t h = UINT64_C(14695981039346656037);
    for (size_t i = 0; i < text.n; i++) {
        h = (h ^ (unsigned char)text.p[i]) * UINT64_C(1099511628211);
    }
    return (size_t)(h ^ h >> 32);
}

static int32_t *slot_of(const struct stand_store *store, struct str reference)
{
    size_t mask = store->slots - 1, i = hash(reference) & mask;
    while (store->slot[i] && !str_is(reference, store->item[store->slot[i] - 1].reference)) {
        i = (i + 1) & mask;
    }
    return &store->slot[i];
}

static void make_room(struct stand_store *store)
{
    if ((store->count + 1) * 2 <= store->slots) {
        return;
    }
    free(store->slot);
    store->slots = store->slots ? store->slots * 2 : 1024;
    store->slot = mem_alloc(store->slots * sizeof *store->slot);
    for (size_t i = 0; i < store->count; i++) {
        *slot_of(store, str_from(store->item[i].reference)) = (int32_t)(i + 1);
    }
}

static const struct stand_registration *find(const struct stand_store *store, struct str reference)
{
    int32_t found = store->slots ? *slot_of(store, reference) : 0;
    return found ? &store->item[found - 1] : NULL;
}

static void remember(struct stand_store *store, const struct registry_question *question)
{
    make_room(store);
    int32_t *slot = slot_of(store, question->reference);
    struct stand_registration *item = MEM_PUSH(store->item, store->count, store->capacity);
    item->question = *question;
    item->question.rka = arena_str(&store->arena, question->rka);
    item->question.reference = arena_str(&store->arena, question->reference);
    item->reference = arena_copy(&store->arena, item->question.reference.p, question->reference.n + 1);
    *slot = (int32_t)store->count;
}

/* ---- the file ---- */

static void write_row(const struct registry_question *question, struct buf *out)
{
    char iin[IIN_TEXT], since[DAY_TEXT], until[DAY_TEXT];
    struct str field[COLUMNS] = { question->reference,
                                  str_from(iin_format(question->person, iin)),
                                  question->rka,
                                  question->kind == WORLD_RESIDENCE ? STR("residence") : STR("temporary"),
                                  str_from(day_format(question->since, since)),
                                  str_from(day_format(question->until, until)) };
    for (int i = 0; i < COLUMNS; i++) {
        if (i > 0) {
            buf_add_char(out, ',');
        }
        csv_write_field(out, field[i]);
    }
    buf_add_char(out, '\n');
}

static bool write_all(int file, struct str bytes)
{
    while (bytes.n > 0) {
        ssize_t n = write(file, bytes.p, bytes.n);
        if (n < 0 && errno != EINTR) {
            return false;
        }
        if (n > 0) {
            bytes = (struct str){ bytes.p + n, bytes.n - (size_t)n };
        }
    }
    return true;
}

/* A row that could not be written whole is taken back, so that the next one does not continue it. */
static bool append(struct stand_store *store, const struct registry_question *question, struct err *err)
{
    if (store->file < 0) {
        return true;
    }
    struct buf row;
    buf_init(&row, 4096);
    write_row(question, &row);
    off_t before = lseek(store->file, 0, SEEK_END);
    bool fine = !row.over && before >= 0 && write_all(store->file, buf_str(&row)) && fdatasync(store->file) == 0;
    if (!fine) {
        err_set(err, ERR_SYSTEM, "residents-added.csv: %s", strerror(errno));
        if (before >= 0 && ftruncate(store->file, before) != 0) {
            log_warn("residents-added.csv: a broken row could not be taken back: %s", strerror(errno));
        }
    }
    buf_release(&row);
    return fine;
}

static bool read_row(const struct csv *csv, struct registry_question *ret, struct err *err)
{
    const struct str *field = csv->field;
    *ret = (struct registry_question){
        .ask = REGISTRY_REGISTER, .reference = field[0], .rka = field[2], .day = DAY_NONE, .since = DAY_NONE, .until = DAY_NONE
    };
    ret->kind = str_is(field[3], "residence")   ? WORLD_RESIDENCE
                : str_is(field[3], "temporary") ? WORLD_TEMPORARY
                                                : WORLD_KIND_EMPTY;
    bool fine = csv->count == COLUMNS && iin_parse(field[1], &ret->person) == IIN_PERSON && ret->kind != WORLD_KIND_EMPTY &&
                day_parse(field[4], &ret->since) && (field[5].n == 0 || day_parse(field[5], &ret->until));
    return fine || err_set(err, ERR_INPUT, "not a row of %.*s", (int)sizeof HEADER - 2, HEADER);
}

static bool replay_row(struct stand_store *store, struct world *world, const struct csv *csv, struct err *err)
{
    struct registry_question question;
    if (!read_row(csv, &question, err)) {
        return false;
    }
    const struct world_dwelling *dwelling = world_dwelling(world, question.rka);
    if (!dwelling || !world_person(world, question.person)) {
        return err_set(err, ERR_INPUT,
                       "the world folder does not know the person or the dwelling; was the state kept for another world?");
    }
    if (!world_register(world, question.person, dwelling, question.kind, question.since, question.until, err)) {
        return false;
    }
    if (!find(store, question.reference)) {
        remember(store, &question);
    }
    return true;
}

static bool replay(struct stand_store *store, struct world *world, struct str text, const char *path, struct err *err)
{
    struct csv csv;
    enum csv_status status;
    csv_init(&csv, text, &store->arena);
    if (csv_next(&csv, err) != CSV_RECORD) {
        return err_set(err, ERR_INPUT, "%s: no header", path);
    }
    while ((status = csv_next(&csv, err)) == CSV_RECORD) {
        if (!replay_row(store, world, &csv, err)) {
            return err_prefix(err, "%s:%d", path, csv.record_line);
        }
    }
    return status == CSV_END || err_prefix(err, "%s:%d", path, csv.record_line);
}

/* Up to the last whole line: what follows was cut off by a crash and never confirmed. */
static struct str whole_lines(struct str text)
{
    while (text.n > 0 && text.p[text.n - 1] != '\n') {
        text.n--;
    }
    return text;
}

static bool start_file(struct stand_store *store, const char *path, struct str lines, struct err *err)
{
    store->file = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_APPEND, 0600);
    if (store->file < 0 || ftruncate(store->file, (off_t)lines.n) != 0) {
        return err_set(err, ERR_SYSTEM, "%s: %s", path, strerror(errno));
    }
    if (lines.n == 0 && (!write_all(store->file, STR(HEADER)) || fsync(store->file) != 0)) {
        return err_set(err, ERR_SYSTEM, "%s: %s", path, strerror(errno));
    }
    return true;
}

bool stand_store_open(struct stand_store *store, struct world *world, const char *folder, struct err *err)
{
    *store = (struct stand_store){ .file = -1 };
    arena_init(&store->arena, 0);
    if (!folder) {
        return true;
    }
    if (!file_make_folder(folder, err)) {
        return false;
    }
    const char *path = arena_printf(&store->arena, "%s/residents-added.csv", folder).p;
    struct str text = { 0 };
    if (!file_read(path, STATE_MAX, &store->arena, &text, err) && err->kind != ERR_NOT_FOUND) {
        return false;
    }
    struct str lines = whole_lines(text);
    if (lines.n < text.n) {
        log_warn("residents-added.csv: a row cut off at the end is dropped");
    }
    return (lines.n == 0 || replay(store, world, lines, path, err)) && start_file(store, path, lines, err);
}

void stand_store_close(struct stand_store *store)
{
    if (store->file >= 0) {
        close(store->file);
    }
    free(store->item);
    free(store->slot);
    arena_release(&store->arena);
}

bool stand_store_register(struct stand_store *store, struct world *world, const struct registry_question *question,
                          struct arena *arena, struct registry_answer *ret, struct err *err)
{
    const struct stand_registration *before = find(store, question->reference);
    if (before) {
        *ret = (struct registry_answer){ .ask = REGISTRY_REGISTER, .as_of = DAY_NONE };
        ret->done.done = registry_question_same(&before->question, question);
        ret->done.message = ret->done.done ? (struct str){ 0 } : STR("the reference belongs to another registration");
        return true;
    }
    registry_folder_ask(world, question, arena, ret);
    if (ret->status == REGISTRY_SILENT || !ret->done.done) {
        return true;
    }
    if (!append(store, question, err)) {
        return false;
    }
    remember(store, question);
    return true;
}
