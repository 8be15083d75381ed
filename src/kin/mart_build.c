/* SPDX-License-Identifier: Apache-2.0 */
/* From the rows of the registers to the sections of the file, step by step. */
#include "kin/mart_build.h"

#include "base/date.h"
#include "base/progress.h"

#include <stdlib.h>

void kin_builder_free(struct kin_builder *b)
{
    void *all[] = { b->person.row,
                    b->birth.row,
                    b->marriage.row,
                    b->divorce.row,
                    b->dwelling.row,
                    b->owner.row,
                    b->resident_draft.row,
                    b->incapacity.row,
                    b->study.row,
                    b->irregular_iin.row,
                    b->irregular_rka.row,
                    b->text.bytes,
                    b->birth_text.bytes,
                    b->marriage_text.bytes,
                    b->divorce_text.bytes,
                    b->rka_text.bytes,
                    b->lines,
                    b->state,
                    b->life,
                    b->birth_act,
                    b->late_birth.row,
                    b->parent_slot[0],
                    b->parent_slot[1],
                    b->spouse_slot,
                    b->marriage_start,
                    b->marriage_list,
                    b->dwelling_table,
                    b->dwelling_slot,
                    b->record,
                    b->owner_list.row,
                    b->owner_list_family.row,
                    b->resident,
                    b->dwelling_owner,
                    b->family,
                    b->family_slot };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        free(all[i]);
    kin_map_release(&b->irregular_place);
    free(b);
}

/* Where each section lies in memory. */
static void gather(const struct kin_builder *b, struct kin_file_part part[KIN_SECTIONS])
{
#define PART(name, pointer, items) part[name] = (struct kin_file_part){ (pointer), (uint64_t)(items) * sizeof *(pointer) }
    PART(KIN_PERSONS, b->lines, b->person_lines + KIN_LINES_SPARE);
    PART(KIN_STATES, b->state, b->slots);
    PART(KIN_DWELLINGS, b->dwelling_table, b->dwelling_lines + KIN_LINES_SPARE);
    PART(KIN_OWNER_LIST, b->owner_list.row, b->owner_list.count);
    PART(KIN_RESIDENTS, b->resident, b->residents);
    PART(KIN_FAMILY, b->family, b->families);
    PART(KIN_DWELLING_OWNER, b->dwelling_owner, b->dwelling_slots);
    PART(KIN_OWNER_LIST_FAMILY, b->owner_list_family.row, b->owner_list_family.count);
    PART(KIN_FAMILY_SLOT, b->family_slot, b->families);
    PART(KIN_LIFE, b->life, b->slots);
    PART(KIN_BIRTHS, b->birth_act, b->slots);
    PART(KIN_LATE_BIRTHS, b->late_birth.row, b->late_birth.count);
    PART(KIN_MARRIAGE_START, b->marriage_start, b->slots + 1);
    PART(KIN_MARRIAGE_LIST, b->marriage_list, b->marriage_entries);
    PART(KIN_MARRIAGES, b->marriage.row, b->marriage.count);
    PART(KIN_DWELLING_RECORD, b->record, b->dwelling_slots);
    PART(KIN_IRREGULAR_RKA, b->irregular_rka.row, b->irregular_rka.count);
    PART(KIN_IRREGULAR_IIN, b->irregular_iin.row, b->irregular_iin.count);
    PART(KIN_TEXT, b->text.bytes, b->text.count);
#undef PART
}

/* The texts of the file in one piece: births, marriages, address codes. */
static void join_texts(struct kin_builder *b)
{
    uint32_t births = kin_texts_join(&b->text, &b->birth_text), marriages = kin_texts_join(&b->text, &b->marriage_text);
    uint32_t codes = kin_texts_join(&b->text, &b->rka_text);
    for (size_t i = 0; i < b->birth.count; i++)
        b->birth.row[i].number += b->birth.row[i].number != 0 ? births : 0;
    for (size_t i = 0; i < b->marriage.count; i++)
        b->marriage.row[i].number += b->marriage.row[i].number != 0 ? marriages : 0;
    for (size_t i = 0; i < b->irregular_rka.count; i++)
        b->irregular_rka.row[i] += b->irregular_rka.row[i] != 0 ? codes : 0;
}

static void step(struct progress *progress, int done)
{
    if (progress != NULL)
        progress_step(progress, done);
}

bool kin_builder_write(struct kin_builder *b, const struct kin_build_options *options, const char *path, struct err *err)
{
    struct progress *progress = options->progress;
    if (progress != NULL)
        progress_start(progress, "kinship mart", 8);
    /* A world that tells of no day at all was the same on all of them. */
    b->as_of = !day_is_none(options->as_of) ? options->as_of.n : b->last_day != INT32_MIN ? b->last_day : 0;
    join_texts(b);
    if (!kin_build_persons(b, err))
        return false;
    step(progress, 1);
    kin_build_births(b);
    step(progress, 2);
    kin_build_marriages(b);
    step(progress, 3);
    if (!kin_build_dwellings(b, err))
        return false;
    step(progress, 4);
    kin_build_owners(b);
    kin_build_residents(b);
    step(progress, 5);
    kin_build_families(b);
    step(progress, 6);
    struct kin_file_part part[KIN_SECTIONS];
    gather(b, part);
    struct kin_file_header header = { .as_of = b->as_of,
                                      .held = b->held,
                                      .sequence = options->sequence,
                                      .lineage = options->lineage,
                                      .persons = b->person.count,
                                      .living = b->living,
                                      .dwellings = b->dwelling.count,
                                      .person_lines = b->person_lines,
                                      .dwelling_lines = b->dwelling_lines };
    bool written = kin_file_write(path, &header, part, err);
    if (progress != NULL && written)
        progress_done(progress);
    return written;
}

/* ---- from a world in memory ---- */

static const void *row_of(const struct world *world, enum world_file file, int32_t i)
{
    switch (file) {
    case WORLD_PERSONS: {
        size_t count;
        return world_persons(world, &count) + i;
    }
    case WORLD_BIRTHS: return world_birth_at(world, i);
    case WORLD_MARRIAGES: return world_marriage_at(world, i);
    case WORLD_DIVORCES: return world_divorce_at(world, i);
    case WORLD_DWELLINGS: return world_dwelling_at(world, i);
    case WORLD_OWNERS: return world_owner_at(world, i);
    case WORLD_RESIDENTS: return world_resident_at(world, i);
    case WORLD_INCAPACITY: return world_incapacity_at(world, i);
    case WORLD_STUDENTS: return world_student_at(world, i);
    default: return NULL;
    }
}

bool kin_mart_build(const struct world *world, const struct kin_build_options *options, const char *path, struct err *err)
{
    struct kin_builder *b = kin_builder_new();
    struct world_sink sink = kin_builder_sink(b);
    for (enum world_file file = WORLD_PERSONS; file <= WORLD_STUDENTS; file++) {
        if (!world_holds(world, file))
            continue;
        sink.begin(b, file);
        for (size_t i = 0; i < world_count(world, file); i++)
            sink.row(b, file, row_of(world, file, (int32_t)i));
    }
    bool written = kin_builder_write(b, options, path, err);
    kin_builder_free(b);
    return written;
}
