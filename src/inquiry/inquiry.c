/* SPDX-License-Identifier: Apache-2.0 */
/* The decide-ask-decide loop. */
#include "inquiry/inquiry_impl.h"

void inquiry_init(struct inquiry *q, struct arena *arena, const struct policy *policy,
                  const struct inquiry_application *application, unsigned flags)
{
    q->source = &inquiry_answers;
    q->folder = NULL;
    q->application = *application;
    q->who = application->applicant;
    q->flags = flags;
    q->arena = arena;
    q->pair = NULL;
    q->pairs = q->pair_room = q->questions = 0;
    q->owner = NULL;
    q->owner_who = NULL;
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
    struct inquiry_life life;
    struct inquiry_dwelling dwelling;
    enum kin_reply person = q->source->person(q, q->who, &life);
    if (person == KIN_NOTHING)
        law_invalid(ret, LAW_R_UNKNOWN_PERSON, "applicant", q->readings.edition);
    else if (person == KIN_HELD && !world_alive_between(life.born, life.died, a->day))
        law_invalid(ret, LAW_R_NOT_ALIVE, "applicant", q->readings.edition);
    else if (q->source->dwelling(q, &dwelling) == KIN_NOTHING)
        law_invalid(ret, LAW_R_UNKNOWN_DWELLING, "dwelling", q->readings.edition);
    else if (a->relation.degree != LAW_NO_DEGREE && !law_degree_offered(a->relation.degree, &q->readings))
        law_invalid(ret, LAW_R_DEGREE_NOT_OFFERED, "relation", q->readings.edition);
    else {
        if (person == KIN_UNASKED)
            inquiry_ask(q, REGISTRY_PERSON, q->who);
        return true;
    }
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
    inquiry_fact_dwelling(q); /* who owns it is wanted for consents even where the law does not ask */
    do
        law_decide(&q->facts, &q->readings, ret);
    while (ret->asks != 0 && fill(q, q->source->at_once ? ret->asks | ret->foresees : ret->asks));
    if (ret->asks != 0 && (q->flags & INQUIRY_FORESEE) != 0)
        fill(q, ret->foresees);
}
