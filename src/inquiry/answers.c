/* SPDX-License-Identifier: Apache-2.0 */
/* The answers there are, and the list of what is still to be asked. */
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
