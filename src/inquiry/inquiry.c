/* SPDX-License-Identifier: Apache-2.0 */
/* The decide-ask-decide loop. */
#include "inquiry/inquiry_impl.h"

void inquiry_init(struct inquiry *q, struct arena *arena, const struct policy *policy,
                  const struct inquiry_application *application, unsigned flags)
{
    q->application = *application;
    q->flags = flags;
    q->arena = arena;
    q->pair = NULL;
    q->pairs = q->pair_room = q->questions = 0;
    q->owner = NULL;
    policy_on(policy, application->day, &q->readings);
}

static void begin_facts(struct inquiry *q)
{
    const struct inquiry_application *a = &q->application;
    q->facts = (struct law_facts){ .service = a->service,
                                   .channel = a->channel,
                                   .day = a->day,
                                   .applicant = a->applicant,
                                   .relation = a->relation,
                                   .total_area = DECIMAL_NONE,
                                   .useful_area = DECIMAL_NONE };
}

/* The registers must know the applicant, alive, and the dwelling; a register that is silent about them refuses nobody. */
static bool check_application(struct inquiry *q, struct law_decision *ret)
{
    const struct inquiry_application *a = &q->application;
    const struct registry_answer *person = inquiry_find(q, REGISTRY_PERSON, a->applicant);
    const struct registry_answer *dwelling = inquiry_find(q, REGISTRY_DWELLING, (struct iin){ 0 });
    bool unasked;
    if (person != NULL && person->status == REGISTRY_ANSWERED && !person->person.held)
        law_invalid(ret, LAW_R_UNKNOWN_PERSON, "applicant", q->readings.edition);
    else if (person != NULL && inquiry_alive(q, a->applicant, &unasked) == TRI_NO)
        law_invalid(ret, LAW_R_NOT_ALIVE, "applicant", q->readings.edition);
    else if (dwelling != NULL && dwelling->status == REGISTRY_ANSWERED && !dwelling->dwelling.held)
        law_invalid(ret, LAW_R_UNKNOWN_DWELLING, "dwelling", q->readings.edition);
    else if (a->relation.degree != LAW_NO_DEGREE && !law_degree_offered(a->relation.degree, &q->readings))
        law_invalid(ret, LAW_R_DEGREE_NOT_OFFERED, "relation", q->readings.edition);
    else
        return true;
    return false;
}

static const struct {
    enum law_ask ask;
    bool (*fill)(struct inquiry *q);
} fillers[] = {
    { LAW_ASK_DWELLING, inquiry_fact_dwelling },
    { LAW_ASK_OWNERS, inquiry_fact_owners },
    { LAW_ASK_HEAD_COUNT, inquiry_fact_head_count },
    { LAW_ASK_KINSHIP, inquiry_fact_kinship },
    { LAW_ASK_STUDY, inquiry_fact_study },
    { LAW_ASK_STRANGERS, inquiry_fact_strangers },
    { LAW_ASK_MARRIED_OWNERS, inquiry_fact_married_owners },
};

/* Fills every fact that was asked for; false when something has to be asked first. */
static bool fill(struct inquiry *q, unsigned asks)
{
    bool complete = true;
    for (size_t i = 0; i < sizeof fillers / sizeof fillers[0]; i++) {
        if ((asks & fillers[i].ask) != 0)
            complete &= fillers[i].fill(q);
    }
    return complete;
}

void inquiry_decide(struct inquiry *q, struct law_decision *ret)
{
    q->questions = 0;
    begin_facts(q);
    if (!check_application(q, ret))
        return;
    if (inquiry_find(q, REGISTRY_PERSON, q->application.applicant) == NULL)
        inquiry_ask(q, REGISTRY_PERSON, q->application.applicant);
    if (inquiry_find(q, REGISTRY_DWELLING, (struct iin){ 0 }) == NULL)
        inquiry_ask(q, REGISTRY_DWELLING, (struct iin){ 0 });
    else
        inquiry_fact_dwelling(q); /* who owns it is wanted for consents even where the law does not ask */
    do
        law_decide(&q->facts, &q->readings, ret);
    while (ret->asks != 0 && fill(q, ret->asks));
    if (ret->asks != 0 && (q->flags & INQUIRY_FORESEE) != 0)
        fill(q, ret->foresees);
}

void inquiry_run_folder(struct inquiry *q, struct world *world, struct law_decision *ret)
{
    for (;;) {
        inquiry_decide(q, ret);
        if (q->questions == 0)
            return;
        for (int i = 0; i < q->questions; i++) {
            struct registry_question *question = arena_copy(q->arena, &q->question[i], sizeof *question);
            question->brief = true;
            struct registry_answer *answer = ARENA_NEW(q->arena, struct registry_answer);
            registry_folder_ask(world, question, q->arena, answer);
            inquiry_answer(q, question, answer);
        }
    }
}
