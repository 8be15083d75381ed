/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A world folder as a source of facts, straight from its extract: no questions, no answers, no look-up by IIN but the
 * applicant's.
 *
 * A person goes by his row + 1, his birth act by the bytes of his IIN and a marriage act by those of its row number, so that
 * kin_verify touches nothing but the lines of the persons it walks over; names are put on what is left in the end.
 */
#include <string.h>

#include "inquiry/inquiry_impl.h"

static struct iin who_of(int32_t row) { return (struct iin){ (uint64_t)(row + 1) }; }
static int32_t row_of(struct iin who) { return (int32_t)who.n - 1; }
static const struct world_extract_person *person_of(const struct inquiry *q, struct iin who)
{
    return &q->folder->person[row_of(who)];
}
static struct str bytes_of(const void *p, size_t n) { return (struct str){ p, n }; }

static enum kin_reply person(const struct inquiry *q, struct iin who, struct inquiry_life *ret)
{
    if (iin_is_none(who))
        return KIN_NOTHING;
    const struct world_extract_person *p = person_of(q, who);
    *ret = (struct inquiry_life){ p->born, p->died, (enum world_capable)(q->folder->capacity[row_of(who)] & ~WORLD_COURT_ACTS) };
    return KIN_HELD;
}

static enum kin_reply dwelling(const struct inquiry *q, struct inquiry_dwelling *ret)
{
    if (q->dwelling < 0)
        return KIN_NOTHING;
    const struct world_extract_dwelling *d = &q->folder->dwelling[q->dwelling];
    *ret = (struct inquiry_dwelling){ .kato = { d->kato, d->kato_length },
                                      .total_area = d->total_area,
                                      .useful_area = d->useful_area,
                                      .owners_silent = !world_holds(q->folder->world, WORLD_OWNERS),
                                      .owners = d->owners.count };
    return KIN_HELD;
}

static struct inquiry_owner owner(const struct inquiry *q, int index)
{
    const struct world_extract_owner *o = &q->folder->owner[q->folder->dwelling[q->dwelling].owners.first + index];
    if (o->person >= 0)
        __builtin_prefetch(&q->folder->person[o->person]);
    return (struct inquiry_owner){ o->id, who_of(o->person) };
}

static enum kin_reply capacity(const struct inquiry *q, struct iin who, bool *ret_incapable)
{
    if (!world_holds(q->folder->world, WORLD_INCAPACITY))
        return KIN_SILENT;
    *ret_incapable = !iin_is_none(who) && world_extract_incapable(q->folder, row_of(who), q->application.day);
    return KIN_HELD;
}

static enum kin_reply head_count(const struct inquiry *q, int *ret_registered, int *ret_residence)
{
    if (!world_holds(q->folder->world, WORLD_RESIDENTS))
        return KIN_SILENT;
    world_extract_head_count(q->folder, q->dwelling, q->application.day, row_of(q->who), ret_registered, ret_residence);
    return KIN_HELD;
}

static enum kin_reply resident(const struct inquiry *q, int *at, struct iin *ret_who)
{
    if (!world_holds(q->folder->world, WORLD_RESIDENTS))
        return KIN_SILENT;
    struct world_span span = q->folder->dwelling[q->dwelling].residents;
    while (*at < span.count) {
        const struct world_extract_resident *r = &q->folder->resident[span.first + (*at)++];
        if (!day_within(q->application.day, r->since, r->until))
            continue;
        *ret_who = who_of(r->person);
        return KIN_HELD;
    }
    return KIN_NOTHING;
}

static enum kin_reply study(const struct inquiry *q, enum registry_ask ask, struct iin who, int *at, struct registry_study *ret)
{
    if (!world_holds(q->folder->world, WORLD_STUDENTS))
        return KIN_SILENT;
    enum world_study_register wanted = ask == REGISTRY_STUDY_NOBD ? WORLD_NOBD : WORLD_EPVO;
    struct world_run run = world_extract_studies(q->folder, row_of(who));
    while (*at < run.count) {
        const struct world_student *s = world_student_at(q->folder->world, run.index[(*at)++]);
        if (s->in_register != wanted)
            continue;
        *ret = (struct registry_study){ s->institution, s->kato, s->form, s->since, s->until };
        return KIN_HELD;
    }
    return KIN_NOTHING;
}

/* ---- acts ---- */

/* LAW 10.5.13 #43dac44d */
static enum kin_reply birth_of(void *context, struct iin child, struct day day, struct kin_birth *ret)
{
    const struct inquiry *q = ((const struct inquiry_acts *)context)->q;
    if (!world_holds(q->folder->world, WORLD_BIRTHS))
        return KIN_SILENT;
    const struct world_extract_person *p = person_of(q, child);
    if (p->birth_date.n > day.n)
        return KIN_NOTHING;
    *ret = (struct kin_birth){ child, who_of(p->mother), who_of(p->father), bytes_of(&p->iin, sizeof p->iin) };
    return KIN_HELD;
}

static enum kin_reply marriage_of(void *context, struct iin who, int index, struct day day, struct kin_marriage *ret)
{
    const struct inquiry *q = ((const struct inquiry_acts *)context)->q;
    if (!world_holds(q->folder->world, WORLD_MARRIAGES))
        return KIN_SILENT;
    struct world_span span = world_extract_marriages(q->folder, row_of(who));
    for (int32_t i = 0; i < span.count; i++) {
        const struct world_extract_marriage *m = &q->folder->marriage[span.first + i];
        if (m->act_date.n > day.n || index-- > 0)
            continue;
        enum tri ended = world_holds(q->folder->world, WORLD_DIVORCES) ? tri_of(m->ended.n <= day.n) : TRI_UNKNOWN;
        *ret = (struct kin_marriage){ who, who_of(m->spouse), bytes_of(&m->act, sizeof m->act), ended };
        return KIN_HELD;
    }
    return KIN_NOTHING;
}

static enum tri alive_on(void *context, struct iin who, struct day day, bool *ret_unasked)
{
    const struct world_extract_person *p = person_of(((const struct inquiry_acts *)context)->q, who);
    *ret_unasked = false;
    return tri_of(world_alive_between(p->born, p->died, day));
}

/* ---- names ---- */

static void name_person(const struct inquiry *q, struct iin *who)
{
    if (!iin_is_none(*who))
        *who = person_of(q, *who)->iin;
}

static struct str name_of_act(const struct inquiry *q, const struct kin_act *act)
{
    struct iin child;
    int32_t row;
    if (act->kind == KIN_ACT_BIRTH) {
        memcpy(&child, act->number.p, sizeof child);
        return world_birth(q->folder->world, child)->act_number;
    }
    memcpy(&row, act->number.p, sizeof row);
    return world_marriage_at(q->folder->world, row)->act_number;
}

static void name_all(const struct inquiry *q, struct kin_answer *answer)
{
    for (int i = 0; i < answer->persons; i++)
        name_person(q, &answer->person[i]);
    for (int i = 0; i < answer->acts; i++)
        answer->act[i].number = name_of_act(q, &answer->act[i]);
    for (int i = 0; i < answer->missings; i++)
        name_person(q, &answer->missing[i].person);
}

const struct inquiry_source inquiry_folder = {
    .at_once = true,
    .person = person,
    .dwelling = dwelling,
    .owner = owner,
    .capacity = capacity,
    .head_count = head_count,
    .resident = resident,
    .study = study,
    .acts = { .birth = birth_of, .marriage = marriage_of, .alive = alive_on },
    .name = name_all,
};

void inquiry_decide_folder(struct inquiry *q, const struct world_extract *folder, struct law_decision *ret)
{
    q->source = &inquiry_folder;
    q->folder = folder;
    int32_t person;
    world_extract_find(folder, q->application.applicant, q->application.rka, &person, &q->dwelling);
    q->who = who_of(person);
    inquiry_decide(q, ret);
}
