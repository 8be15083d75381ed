/* SPDX-License-Identifier: Apache-2.0 */
/* The answers there are, as a source of facts, and the list of what is still to be asked. */
#include "inquiry/inquiry_impl.h"

static bool about_a_person(enum registry_ask ask)
{
    return ask != REGISTRY_DWELLING && ask != REGISTRY_HEAD_COUNT && ask != REGISTRY_RESIDENTS;
}

const struct registry_answer *inquiry_find(const struct inquiry *q, enum registry_ask ask, struct iin person)
{
    for (int i = q->pairs - 1; i >= 0; i--) {
        const struct registry_question *asked = q->pair[i].question;
        if (asked->ask == ask && (!about_a_person(ask) || iin_equal(asked->person, person)))
            return q->pair[i].answer;
    }
    return NULL;
}

void inquiry_ask(struct inquiry *q, enum registry_ask ask, struct iin person)
{
    struct registry_question question = { .ask = ask, .day = q->application.day, .since = DAY_NONE, .until = DAY_NONE };
    if (about_a_person(ask))
        question.person = person;
    else
        question.rka = q->application.rka;
    if (ask == REGISTRY_HEAD_COUNT)
        question.except = q->application.applicant;
    for (int i = 0; i < q->questions; i++) {
        if (q->question[i].ask == ask && iin_equal(q->question[i].person, question.person))
            return;
    }
    if (q->questions < INQUIRY_QUESTIONS_MAX)
        q->question[q->questions++] = question;
}

void inquiry_answer(struct inquiry *q, const struct registry_question *question, const struct registry_answer *answer)
{
    if (q->pairs == q->pair_room) {
        struct inquiry_pair *old = q->pair;
        q->pair_room = q->pair_room == 0 ? 16 : q->pair_room * 2;
        q->pair = ARENA_ARRAY(q->arena, struct inquiry_pair, q->pair_room);
        for (int i = 0; i < q->pairs; i++)
            q->pair[i] = old[i];
    }
    q->pair[q->pairs++] = (struct inquiry_pair){ question, answer };
}

/* ---- the source ---- */

/* The answer, where the register gave one: KIN_HELD; else why there is none. */
static enum kin_reply reply_to(const struct inquiry *q, enum registry_ask ask, struct iin person,
                               const struct registry_answer **ret)
{
    *ret = inquiry_find(q, ask, person);
    return *ret == NULL ? KIN_UNASKED : (*ret)->status == REGISTRY_SILENT ? KIN_SILENT : KIN_HELD;
}

static enum kin_reply person(const struct inquiry *q, struct iin who, struct inquiry_life *ret)
{
    const struct registry_answer *answer;
    enum kin_reply reply = reply_to(q, REGISTRY_PERSON, who, &answer);
    if (reply != KIN_HELD)
        return reply;
    const struct registry_person *p = &answer->person;
    *ret = (struct inquiry_life){ p->born, p->died, p->capable };
    return p->held ? KIN_HELD : KIN_NOTHING;
}

static enum kin_reply dwelling(const struct inquiry *q, struct inquiry_dwelling *ret)
{
    const struct registry_answer *answer;
    enum kin_reply reply = reply_to(q, REGISTRY_DWELLING, (struct iin){ 0 }, &answer);
    if (reply != KIN_HELD)
        return reply;
    const struct registry_dwelling *d = &answer->dwelling;
    *ret = (struct inquiry_dwelling){ d->kato, d->total_area, d->useful_area, d->owners_silent, d->owners };
    return d->held ? KIN_HELD : KIN_NOTHING;
}

static struct inquiry_owner owner(const struct inquiry *q, int index)
{
    struct iin id = inquiry_find(q, REGISTRY_DWELLING, (struct iin){ 0 })->dwelling.owner[index].id;
    return (struct inquiry_owner){ id, id };
}

static enum kin_reply capacity(const struct inquiry *q, struct iin who, bool *ret_incapable)
{
    const struct registry_answer *answer;
    enum kin_reply reply = reply_to(q, REGISTRY_CAPACITY, who, &answer);
    if (reply == KIN_HELD)
        *ret_incapable = answer->capacity.incapable;
    return reply;
}

static enum kin_reply head_count(const struct inquiry *q, int *ret_registered, int *ret_residence)
{
    const struct registry_answer *answer;
    enum kin_reply reply = reply_to(q, REGISTRY_HEAD_COUNT, (struct iin){ 0 }, &answer);
    if (reply == KIN_HELD) {
        *ret_registered = answer->head_count.registered;
        *ret_residence = answer->head_count.residence;
    }
    return reply;
}

static enum kin_reply resident(const struct inquiry *q, int *at, struct iin *ret_who)
{
    const struct registry_answer *answer;
    enum kin_reply reply = reply_to(q, REGISTRY_RESIDENTS, (struct iin){ 0 }, &answer);
    if (reply != KIN_HELD)
        return reply;
    if (*at == answer->residents.count)
        return KIN_NOTHING;
    *ret_who = answer->residents.item[(*at)++].iin;
    return KIN_HELD;
}

static enum kin_reply study(const struct inquiry *q, enum registry_ask ask, struct iin who, int *at, struct registry_study *ret)
{
    const struct registry_answer *answer;
    enum kin_reply reply = reply_to(q, ask, who, &answer);
    if (reply != KIN_HELD)
        return reply;
    if (*at == answer->studies.count)
        return KIN_NOTHING;
    *ret = answer->studies.item[(*at)++];
    return KIN_HELD;
}

/* ---- acts ---- */

/* The family answer to go by; NULL with KIN_UNASKED or KIN_SILENT in *ret_reply. */
static const struct registry_family *family_of(const struct inquiry_acts *acts, struct iin who, enum kin_reply *ret_reply)
{
    const struct registry_answer *live = inquiry_find(acts->q, REGISTRY_FAMILY, who);
    const struct registry_answer *mart = acts->live_only ? NULL : inquiry_find(acts->q, REGISTRY_FAMILY_MART, who);
    const struct registry_answer *best = live != NULL && live->status == REGISTRY_ANSWERED   ? live
                                         : mart != NULL && mart->status == REGISTRY_ANSWERED ? mart
                                                                                             : live;
    *ret_reply = best == NULL ? KIN_UNASKED : KIN_SILENT;
    return best != NULL && best->status == REGISTRY_ANSWERED ? &best->family : NULL;
}

/* LAW 10.5.13 #43dac44d */
static enum kin_reply birth_of(void *context, struct iin child, struct day day, struct kin_birth *ret)
{
    enum kin_reply reply;
    const struct registry_family *family = family_of(context, child, &reply);
    if (family == NULL)
        return reply;
    if (family->births_silent)
        return KIN_SILENT;
    for (int i = 0; i < family->births; i++) {
        const struct world_birth *birth = &family->birth[i];
        if (iin_equal(birth->child, child) && birth->act_date.n <= day.n) {
            *ret = (struct kin_birth){ birth->child, birth->mother, birth->father, birth->act_number };
            return KIN_HELD;
        }
    }
    return KIN_NOTHING;
}

static enum tri ended_on(const struct registry_family *family, const struct world_marriage *m, struct day day)
{
    if (family->divorces_silent)
        return TRI_UNKNOWN;
    for (int i = 0; i < family->endings; i++) {
        if (family->ending[i].marriage == m - family->marriage && family->ending[i].day.n <= day.n)
            return TRI_YES;
    }
    for (int i = 0; i < family->divorces; i++) {
        if (world_divorce_ends(&family->divorce[i], m, day))
            return TRI_YES;
    }
    return TRI_NO;
}

static enum kin_reply marriage_of(void *context, struct iin person, int index, struct day day, struct kin_marriage *ret)
{
    enum kin_reply reply;
    const struct registry_family *family = family_of(context, person, &reply);
    if (family == NULL)
        return reply;
    if (family->marriages_silent)
        return KIN_SILENT;
    for (int i = 0; i < family->marriages; i++) {
        const struct world_marriage *m = &family->marriage[i];
        if (m->act_date.n > day.n || index-- > 0)
            continue;
        *ret = (struct kin_marriage){ m->husband, m->wife, m->act_number, ended_on(family, m, day) };
        return KIN_HELD;
    }
    return KIN_NOTHING;
}

static enum tri alive_on(void *context, struct iin who, struct day day, bool *ret_unasked)
{
    const struct inquiry_acts *acts = context;
    (void)day;
    return inquiry_alive(acts->q, who, ret_unasked);
}

const struct inquiry_source inquiry_answers = {
    .person = person,
    .dwelling = dwelling,
    .owner = owner,
    .capacity = capacity,
    .head_count = head_count,
    .resident = resident,
    .study = study,
    .acts = { .birth = birth_of, .marriage = marriage_of, .alive = alive_on },
};
