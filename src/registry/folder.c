/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every register answered straight from a world folder (docs/world.md), for
 * the stand and the tests: look-ups by hash only, no copies of texts, memory from the arena alone.
 */
#include <string.h>

#include "registry/folder.h"

void folder_silent(struct registry_answer *ret, enum world_file file)
{
    ret->status = REGISTRY_SILENT;
    ret->trouble = str_from(world_file_name(file));
}

static void refuse(struct registry_answer *ret, const char *message)
{
    ret->done.done = false;
    ret->done.message = str_from(message);
}

/* ---- GBD FL ---- */

static bool in_force(const struct world_resident *row, struct day day)
{
    return day_is_none(day) ? day_is_none(row->until) : day_within(day, row->since, row->until);
}

/* Of several spells the one that began last; an empty start is the earliest of all (DAY_NONE is the least number). */
static void find_residence(struct world *world, const struct registry_question *question, struct registry_person *ret)
{
    struct world_run run = world_residences_of(world, question->person);
    const struct world_resident *found = NULL;
    for (int i = 0; i < run.count; i++) {
        const struct world_resident *row = world_resident_at(world, run.index[i]);
        if (row->kind != WORLD_RESIDENCE || !in_force(row, question->day)) {
            continue;
        }
        if (!found || row->since.n >= found->since.n) {
            found = row;
        }
    }
    if (found) {
        ret->residence_rka = world_dwelling_at(world, found->dwelling)->rka;
        ret->residence_since = found->since;
    }
}

static void ask_person(struct world *world, const struct registry_question *question, struct arena *arena,
                       struct registry_answer *ret)
{
    (void)arena;
    struct registry_person *person = &ret->person;
    person->born = person->died = person->residence_since = DAY_NONE;
    const struct world_person *row = world_person(world, question->person);
    if (!row) {
        return;
    }
    *person = (struct registry_person){ .held = true,
                                        .surname = row->surname,
                                        .name = row->name,
                                        .patronymic = row->patronymic,
                                        .phone = row->phone,
                                        .born = row->born,
                                        .died = row->died,
                                        .sex = row->sex,
                                        .capable = row->capable,
                                        .residence_since = DAY_NONE };
    if (world_holds(world, WORLD_RESIDENTS)) {
        find_residence(world, question, person);
    }
}

static void ask_head_count(struct world *world, const struct registry_question *question, struct arena *arena,
                           struct registry_answer *ret)
{
    (void)arena;
    if (!world_holds(world, WORLD_RESIDENTS)) {
        folder_silent(ret, WORLD_RESIDENTS);
        return;
    }
    const struct world_dwelling *dwelling = world_dwelling(world, question->rka);
    if (dwelling) {
        ret->head_count.registered = world_head_count(world, dwelling, question->day, question->except, false);
        ret->head_count.residence = world_head_count(world, dwelling, question->day, question->except, true);
    }
}

static bool already_listed(const struct registry_residents *list, const struct world_resident *row)
{
    for (int i = 0; i < list->count; i++) {
        if (iin_equal(list->item[i].iin, row->iin) && list->item[i].kind == row->kind) {
            return true;
        }
    }
    return false;
}

/* Like the head count: the living, each person once for each kind. */
static void ask_residents(struct world *world, const struct registry_question *question, struct arena *arena,
                          struct registry_answer *ret)
{
    if (!world_holds(world, WORLD_RESIDENTS)) {
        folder_silent(ret, WORLD_RESIDENTS);
        return;
    }
    const struct world_dwelling *dwelling = world_dwelling(world, question->rka);
    if (!dwelling) {
        return;
    }
    struct world_run run = world_residents_of(world, dwelling);
    ret->residents.item = ARENA_ARRAY(arena, struct registry_resident, run.count);
    for (int i = 0; i < run.count; i++) {
        const struct world_resident *row = world_resident_at(world, run.index[i]);
        const struct world_person *person = world_person(world, row->iin);
        bool counts = day_within(question->day, row->since, row->until) && person && world_alive(person, question->day);
        if (counts && !already_listed(&ret->residents, row)) {
            ret->residents.item[ret->residents.count++] =
                (struct registry_resident){ .iin = row->iin, .kind = row->kind, .since = row->since, .until = row->until };
        }
    }
}

static void ask_register(struct world *world, const struct registry_question *question, struct arena *arena,
                         struct registry_answer *ret)
{
    if (!world_holds(world, WORLD_RESIDENTS)) {
        folder_silent(ret, WORLD_RESIDENTS);
        return;
    }
    const struct world_dwelling *dwelling = world_dwelling(world, question->rka);
    if (!dwelling) {
        refuse(ret, "the dwelling is not on record");
        return;
    }
    if (!world_person(world, question->person)) {
        refuse(ret, "the person is not on record");
        return;
    }
    struct err err;
    ret->done.done = world_register(world, question->person, dwelling, question->kind, question->since, question->until, &err);
    if (!ret->done.done) {
        ret->done.message = arena_str(arena, str_from(err.text));
    }
}

/* ---- acts ---- */

static void collect_births(struct world *world, struct iin person, struct arena *arena, struct registry_family *family)
{
    const struct world_birth *own = world_birth(world, person);
    struct world_run run = world_births_by_parent(world, person);
    if (!own && run.count == 0) {
        return;
    }
    family->birth = ARENA_ARRAY(arena, struct world_birth, run.count + 1);
    if (own) {
        family->birth[family->births++] = *own;
    }
    for (int i = 0; i < run.count; i++) {
        const struct world_birth *row = world_birth_at(world, run.index[i]);
        if (row != own) {
            family->birth[family->births++] = *row;
        }
    }
}

static void collect_marriages(struct world *world, struct iin person, struct arena *arena, struct registry_family *family)
{
    struct world_run run = world_marriages_of(world, person);
    family->marriage = run.count ? ARENA_ARRAY(arena, struct world_marriage, run.count) : NULL;
    for (int i = 0; i < run.count; i++) {
        family->marriage[family->marriages++] = *world_marriage_at(world, run.index[i]);
    }
}

static void collect_divorces(struct world *world, struct iin person, struct arena *arena, struct registry_family *family)
{
    struct world_run run = world_divorces_of(world, person);
    family->divorce = run.count ? ARENA_ARRAY(arena, struct world_divorce, run.count) : NULL;
    for (int i = 0; i < run.count; i++) {
        family->divorce[family->divorces++] = *world_divorce_at(world, run.index[i]);
    }
}

/* All acts, whatever their date: the caller takes those of the day it decides for. */
static void ask_family(struct world *world, const struct registry_question *question, struct arena *arena,
                       struct registry_answer *ret)
{
    struct registry_family *family = &ret->family;
    family->births_silent = !world_holds(world, WORLD_BIRTHS);
    family->marriages_silent = !world_holds(world, WORLD_MARRIAGES);
    family->divorces_silent = !world_holds(world, WORLD_DIVORCES);
    if (family->births_silent && family->marriages_silent && family->divorces_silent) {
        folder_silent(ret, WORLD_BIRTHS);
        return;
    }
    if (!family->births_silent) {
        collect_births(world, question->person, arena, family);
    }
    if (!family->marriages_silent) {
        collect_marriages(world, question->person, arena, family);
    }
    if (!family->divorces_silent) {
        collect_divorces(world, question->person, arena, family);
    }
}

/* ---- E-Sobes ---- */

static void ask_capacity(struct world *world, const struct registry_question *question, struct arena *arena,
                         struct registry_answer *ret)
{
    (void)arena;
    ret->capacity.since = ret->capacity.until = DAY_NONE;
    if (!world_holds(world, WORLD_INCAPACITY)) {
        folder_silent(ret, WORLD_INCAPACITY);
        return;
    }
    struct world_run run = world_incapacities_of(world, question->person);
    for (int i = 0; i < run.count; i++) {
        const struct world_incapacity *row = world_incapacity_at(world, run.index[i]);
        if (day_within(question->day, row->since, row->until)) {
            ret->capacity = (struct registry_capacity){
                .incapable = true, .court_act = row->court_act, .since = row->since, .until = row->until
            };
            return;
        }
    }
}

/* ---- NOBD, EPVO ---- */

static void ask_study(struct world *world, const struct registry_question *question, struct arena *arena,
                      struct registry_answer *ret)
{
    if (!world_holds(world, WORLD_STUDENTS)) {
        folder_silent(ret, WORLD_STUDENTS);
        return;
    }
    enum world_study_register wanted = question->ask == REGISTRY_STUDY_NOBD ? WORLD_NOBD : WORLD_EPVO;
    struct world_run run = world_studies_of(world, question->person);
    ret->studies.item = run.count ? ARENA_ARRAY(arena, struct registry_study, run.count) : NULL;
    for (int i = 0; i < run.count; i++) {
        const struct world_student *row = world_student_at(world, run.index[i]);
        if (row->in_register == wanted && day_within(question->day, row->since, row->until)) {
            ret->studies.item[ret->studies.count++] = (struct registry_study){
                .institution = row->institution, .kato = row->kato, .form = row->form, .since = row->since, .until = row->until
            };
        }
    }
}

static void ask_message(struct world *world, const struct registry_question *question, struct arena *arena,
                        struct registry_answer *ret)
{
    (void)world;
    (void)question;
    (void)arena;
    ret->done.done = true;
}

static folder_ask *const askers[REGISTRY_ASKS] = {
    [REGISTRY_PERSON] = ask_person,
    [REGISTRY_HEAD_COUNT] = ask_head_count,
    [REGISTRY_RESIDENTS] = ask_residents,
    [REGISTRY_REGISTER] = ask_register,
    [REGISTRY_FAMILY] = ask_family,
    [REGISTRY_FAMILY_MART] = ask_family,
    [REGISTRY_CAPACITY] = ask_capacity,
    [REGISTRY_DWELLING] = folder_ask_dwelling,
    [REGISTRY_DWELLINGS_OF] = folder_ask_dwellings_of,
    [REGISTRY_STUDY_NOBD] = ask_study,
    [REGISTRY_STUDY_EPVO] = ask_study,
    [REGISTRY_MESSAGE] = ask_message,
};

void registry_folder_ask(struct world *world, const struct registry_question *question, struct arena *arena,
                         struct registry_answer *ret)
{
    memset(ret, 0, sizeof *ret);
    ret->ask = question->ask;
    ret->as_of = DAY_NONE;
    askers[question->ask](world, question, arena, ret);
    if (ret->status == REGISTRY_SILENT) {
        ret->trouble = arena_printf(arena, STR_FMT " is absent from the world folder", STR_ARG(ret->trouble));
    }
}
