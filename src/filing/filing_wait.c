/* SPDX-License-Identifier: Apache-2.0 */
/*
 * While a case waits.  What was silent as a whole is asked again by the outbox itself; here is what has an answer that does
 * not help: silent in a part (asked again soon), or not on record (asked again every five minutes: it may be entered).
 */
#include <string.h>

#include "filing/filing_impl.h"

#define NOT_ON_RECORD_MS (5 * MINUTE_MS)

static bool silent_in_part(const struct registry_answer *a)
{
    switch (a->ask) {
    case REGISTRY_FAMILY:
    case REGISTRY_FAMILY_MART: return a->family.births_silent || a->family.marriages_silent || a->family.divorces_silent;
    case REGISTRY_DWELLING: return a->dwelling.owners_silent;
    default: return false;
    }
}

/* Which record a reason complains about. */
static const struct {
    enum law_reason_code code;
    enum registry_ask ask;
} on_record[] = {
    { LAW_R_NO_OWNER_ON_RECORD, REGISTRY_DWELLING }, { LAW_R_KATO_UNKNOWN, REGISTRY_DWELLING },
    { LAW_R_AREA_UNKNOWN, REGISTRY_DWELLING },       { LAW_R_OWNER_AGE_UNKNOWN, REGISTRY_PERSON },
    { LAW_R_OWNER_LIFE_UNKNOWN, REGISTRY_PERSON },   { LAW_R_OWNER_CAPACITY_UNKNOWN, REGISTRY_PERSON },
};

static bool not_on_record(const struct law_decision *decision, enum registry_ask ask)
{
    for (size_t i = 0; i < sizeof on_record / sizeof *on_record; i++) {
        if (on_record[i].ask == ask && filing_decision_has(decision, on_record[i].code))
            return true;
    }
    return false;
}

static bool is_latest(const struct filing_answers *answers, int index)
{
    for (int i = index + 1; i < answers->count; i++) {
        if (registry_question_same(&answers->item[i].question, &answers->item[index].question))
            return false;
    }
    return true;
}

/* How often the same was asked: the step of the doubling. */
static int times_asked(const struct filing_answers *answers, int index)
{
    int times = 0;
    for (int i = 0; i < answers->count; i++)
        times += registry_question_same(&answers->item[i].question, &answers->item[index].question);
    return times;
}

/* Is there a repetition under way?  Open ones are not among the answers. */
static bool has_repetition(struct filing_work *w, const struct registry_question *question, bool *ret)
{
    static const char select[] = "SELECT question FROM question WHERE filing = $1 AND again = 1 AND state IN ('open', 'silent')";
    struct db_query q;
    *ret = false;
    if (!filing_query(w->db, &q, select, VALUES(v_int(w->c.id.n)), w->err))
        return false;
    while (db_row(&q)) {
        struct registry_question other;
        struct err ignored;
        if (registry_question_read(arena_str(&w->arena, db_str(&q, 0)), &w->arena, &other, &ignored))
            *ret = *ret || registry_question_same(&other, question);
    }
    return db_finish(&q, w->err);
}

bool filing_ask_again_later(struct filing_work *w, const struct filing_answers *answers, const struct law_decision *decision)
{
    for (int i = 0; i < answers->count; i++) {
        const struct filing_stored *s = &answers->item[i];
        bool part = !s->silent && silent_in_part(&s->answer);
        bool missing = !s->silent && not_on_record(decision, s->question.ask);
        bool running;
        if (!(part || missing) || !is_latest(answers, i))
            continue;
        if (!has_repetition(w, &s->question, &running))
            return false;
        int64_t delay = part ? filing_backoff_ms(times_asked(answers, i)) : NOT_ON_RECORD_MS;
        struct filing_post post = { .purpose = "decide", .again = true, .delay_ms = delay };
        if (!running && !filing_post(w, &s->question, &post, NULL))
            return false;
    }
    return true;
}
