/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The live state as a mart of its own: its rows go through the builder once more, so that a snapshot is what would have been
 * built from registers that say the same.  A child process does it, from the memory as it was at the fork.
 */
#include "kin/live_impl.h"

#include "kin/mart_build.h"
#include "world/world.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define ANY_COMPANY UINT64_C(40000003) /* 000040000003: the mart keeps of a company only that it is one */
#define KATO_TEXT   12

/* ---- rows of the registers ---- */

static void add(struct kin_builder *b, enum world_file file, const void *row)
{
    struct world_sink sink = kin_builder_sink(b);
    sink.row(sink.context, file, row);
}

static struct kin_person_row row_at(const struct kin_overlay *o, uint64_t slot)
{
    return o->persons[slot / KIN_LINE_PERSONS].row[slot % KIN_LINE_PERSONS];
}

static void add_persons(const struct kin_overlay *o, struct kin_builder *b)
{
    for (uint64_t slot = 0; slot < o->slots; slot++) {
        uint32_t key = row_at(o, slot).key;
        struct world_person p = { .iin = kin_mart_iin(&o->mart, key),
                                  .born = { o->life[slot].born },
                                  .died = { o->life[slot].died },
                                  .capable =
                                      (o->state[slot] & KIN_STATE_INCAPABLE) != 0 ? WORLD_CAPABLE_NO : WORLD_CAPABLE_EMPTY };
        if (key != 0)
            add(b, WORLD_PERSONS, &p);
    }
}

static void add_births(const struct kin_overlay *o, struct kin_builder *b)
{
    for (uint64_t slot = 0; slot < o->slots; slot++) {
        const struct kin_person_row *row = &o->persons[slot / KIN_LINE_PERSONS].row[slot % KIN_LINE_PERSONS];
        struct kin_birth_found f;
        if (row->key == 0 || !kin_birth_on(&o->mart, row, INT32_MAX - 1, &f))
            continue;
        add(b, WORLD_BIRTHS,
            &(struct world_birth){ kin_mart_text(&o->mart, f.number),
                                   { f.day },
                                   kin_mart_iin(&o->mart, row->key),
                                   kin_mart_iin(&o->mart, f.mother),
                                   kin_mart_iin(&o->mart, f.father) });
    }
}

/* Divorces go in with the marriages they ended: by number they could not be told apart where numbers repeat. */
static void add_marriages(const struct kin_overlay *o, struct kin_builder *b)
{
    for (uint32_t i = 0; i < o->marriage.used; i++) {
        const struct kin_marriage_act *m = &o->marriage.item[i];
        if (m->day == INT32_MAX)
            continue;
        add(b, WORLD_MARRIAGES,
            &(struct world_marriage){ kin_mart_text(&o->mart, m->number),
                                      { m->day },
                                      kin_mart_iin(&o->mart, m->husband),
                                      kin_mart_iin(&o->mart, m->wife) });
        b->marriage.row[b->marriage.count - 1].ended = m->ended;
    }
}

static void add_owners(const struct kin_overlay *o, struct kin_builder *b, uint64_t slot, int32_t dwelling)
{
    const struct kin_dwelling_line *line = &o->dwellings[slot / KIN_LINE_DWELLINGS];
    int row = (int)(slot % KIN_LINE_DWELLINGS);
    uint32_t alone[2];
    for (const uint32_t *key = kin_owner_keys(o, slot, alone); *key != 0; key++)
        add(b, WORLD_OWNERS, &(struct world_owner){ .dwelling = dwelling, .owner = kin_mart_iin(&o->mart, *key) });
    if ((line->area[row] & KIN_DWELLING_COMPANY) != 0)
        add(b, WORLD_OWNERS, &(struct world_owner){ .dwelling = dwelling, .owner = { ANY_COMPANY } });
}

/* Returns by slot the number of the dwelling in the order of adding. */
static int32_t *add_dwellings(const struct kin_overlay *o, struct kin_builder *b)
{
    int32_t *number = mem_alloc((o->dwelling_slots + 1) * sizeof *number), count = 0;
    for (uint64_t slot = 0; slot < o->dwelling_slots; slot++) {
        uint64_t rka =
            o->dwellings[slot / KIN_LINE_DWELLINGS].key[slot % KIN_LINE_DWELLINGS] & ((UINT64_C(1) << KIN_RKA_BITS) - 1);
        const struct kin_dwelling_record *record = &o->record[slot];
        char digits[24], kato[KATO_TEXT];
        snprintf(digits, sizeof digits, "%016llu", (unsigned long long)rka);
        snprintf(kato, sizeof kato, "%u", record->kato);
        if (rka == 0)
            continue;
        uint64_t irregular = rka - KIN_RKA_IRREGULAR;
        bool is_text = rka >= KIN_RKA_IRREGULAR && irregular < o->mart.section[KIN_IRREGULAR_RKA].count;
        struct world_dwelling d = { .rka = is_text ? kin_mart_text(&o->mart,
                                                                   KIN_ITEMS(&o->mart, KIN_IRREGULAR_RKA, uint32_t)[irregular])
                                                   : str_from(digits),
                                    .kato = str_from(kato[0] == 0 ? kato : kato + 1),
                                    .total_area = record->total_area,
                                    .useful_area = record->useful_area };
        add(b, WORLD_DWELLINGS, &d);
        number[slot] = count;
        add_owners(o, b, slot, count++);
    }
    return number;
}

static void add_resident(const struct kin_overlay *o, struct kin_builder *b, uint64_t person, int32_t dwelling)
{
    add(b, WORLD_RESIDENTS,
        &(struct world_resident){
            .dwelling = dwelling, .iin = kin_mart_iin(&o->mart, row_at(o, person).key), .since = DAY_NONE, .until = DAY_NONE });
}

/* Registrations end with the life of who had them, as in an extract of that day. */
static void add_residents(struct kin_overlay *o, struct kin_builder *b, const int32_t *number)
{
    for (uint64_t slot = 0; slot < o->slots; slot++) {
        if (row_at(o, slot).key == 0)
            continue;
        size_t n = kin_stays_list(o, (uint32_t)slot, &o->after, &o->after_room);
        for (size_t i = 0; i < n; i++) {
            if (o->after[i] < o->dwelling_slots)
                add_resident(o, b, slot, number[o->after[i]]);
        }
    }
}

static void add_students(const struct kin_overlay *o, struct kin_builder *b)
{
    for (uint64_t slot = 0; slot < o->slots; slot++) {
        if (row_at(o, slot).key != 0 && (o->state[slot] & KIN_STATE_STUDENT) != 0)
            add(b, WORLD_STUDENTS,
                &(struct world_student){ .iin = kin_mart_iin(&o->mart, row_at(o, slot).key),
                                         .form = WORLD_FULL_TIME,
                                         .kato = STR("71"),
                                         .since = DAY_NONE,
                                         .until = DAY_NONE });
    }
}

bool kin_overlay_write(struct kin_overlay *o, const char *path, struct err *err)
{
    struct kin_builder *b = kin_builder_new();
    struct world_sink sink = kin_builder_sink(b);
    for (enum world_file file = 0; file < WORLD_FILES; file++) {
        if (kin_mart_held(&o->mart, (int)file))
            sink.begin(sink.context, file);
    }
    add_persons(o, b);
    add_births(o, b);
    add_marriages(o, b);
    int32_t *number = add_dwellings(o, b);
    add_residents(o, b, number);
    free(number);
    add_students(o, b);
    struct kin_build_options options = { .as_of = { o->day }, .sequence = o->sequence, .lineage = kin_lineage(o->header) };
    bool written = kin_builder_write(b, &options, path, err);
    kin_builder_free(b);
    return written;
}

/* ---- the child ---- */

struct outcome {
    bool written;
    struct err err;
};

/* It keeps the lock on the journal and ends with its parent: no snapshot comes late, after another writer has cut the journal. */
_Noreturn static void write_in_child(struct kin_live *live, pid_t parent, int pipe_end)
{
    struct outcome outcome;
    memset(&outcome, 0, sizeof outcome);
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || getppid() != parent)
        _exit(1);
    outcome.written = kin_overlay_write(live->now, live->mart_path, &outcome.err);
    ssize_t put = write(pipe_end, &outcome, sizeof outcome);
    _exit(put == (ssize_t)sizeof outcome ? 0 : 1);
}

/* Nobody writes while the memory is being copied; what is in line then is neither in it nor in the number. */
static pid_t fork_now(struct kin_live *live, int pipe_end[2], uint64_t *ret_sequence)
{
    pthread_mutex_lock(&live->lock);
    *ret_sequence = live->now->sequence;
    pid_t parent = getpid(), child = fork();
    if (child == 0) {
        close(pipe_end[0]);
        write_in_child(live, parent, pipe_end[1]);
    }
    pthread_mutex_unlock(&live->lock);
    return child;
}

static bool hear(pid_t child, int pipe_end, struct err *err)
{
    struct outcome outcome;
    size_t n = 0;
    ssize_t got;
    memset(&outcome, 0, sizeof outcome);
    while (n < sizeof outcome && ((got = read(pipe_end, (char *)&outcome + n, sizeof outcome - n)) > 0 || errno == EINTR)) {
        if (got == 0)
            break;
        n += got > 0 ? (size_t)got : 0;
    }
    while (waitpid(child, NULL, 0) < 0 && errno == EINTR)
        ;
    if (n < sizeof outcome)
        return err_set(err, ERR_SYSTEM, "the process that wrote the snapshot ended before it was done");
    if (!outcome.written)
        *err = outcome.err;
    return outcome.written;
}

/* The snapshot is in place before the journal is cut: in between, the journal tells what the snapshot knows already. */
static bool take_snapshot(struct kin_live *live, uint64_t *ret_sequence, struct err *err)
{
    int pipe_end[2];
    uint64_t sequence;
    if (pipe2(pipe_end, O_CLOEXEC) != 0)
        return err_set(err, ERR_SYSTEM, "cannot make a pipe: %s", strerrorname_np(errno));
    pid_t child = fork_now(live, pipe_end, &sequence);
    close(pipe_end[1]);
    bool ok = child > 0 ? hear(child, pipe_end[0], err) : err_set(err, ERR_SYSTEM, "cannot fork: %s", strerrorname_np(errno));
    close(pipe_end[0]);
    if (!ok || !kin_journal_drop(live->journal, sequence, err))
        return false;
    *ret_sequence = sequence;
    return true;
}

bool kin_live_snapshot(struct kin_live *live, uint64_t *ret_sequence, struct err *err)
{
    if (live->mode != KIN_LIVE_WRITE)
        return err_set(err, ERR_FORBIDDEN, "the mart was opened for reading");
    pthread_mutex_lock(&live->snapshotting);
    bool ok = take_snapshot(live, ret_sequence, err);
    pthread_mutex_unlock(&live->snapshotting);
    return ok;
}
