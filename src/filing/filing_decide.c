/* SPDX-License-Identifier: Apache-2.0 */
/* From the stored answers to the next questions or the next state. */
#include <string.h>

#include "filing/filing_impl.h"

/* What an outcome means for the case. */
static const enum filing_event event_of[LAW_OUTCOMES] = {
    [LAW_TO_OPERATIONS_HALL] = EVENT_TO_HALL,
    [LAW_TO_ONLINE] = EVENT_TO_ONLINE,
    [LAW_ACCEPT_IN_HALL] = EVENT_TO_DOCUMENTS,
    [LAW_REFUSE_USE_ONLINE] = EVENT_HALL_REFUSES,
    [LAW_TO_COUPON] = EVENT_TO_COUPON,
    [LAW_CHOOSE_RELATION] = EVENT_CHOICE_WANTED,
    [LAW_KINSHIP_NOT_CONFIRMED] = EVENT_NOT_CONFIRMED,
    [LAW_STUDY_NOT_CONFIRMED] = EVENT_NOT_CONFIRMED,
    [LAW_PILOT_NOT_IN_FORCE] = EVENT_TO_COUPON, /* never by this table: filing_advance_ordinary */
    [LAW_WAITING] = EVENT_WAIT,
    [LAW_INVALID] = EVENT_INVALID,
};

void filing_inquire(struct filing_work *w, const struct filing_answers *answers, struct law_relation relation, struct inquiry *q,
                    struct law_decision *ret)
{
    struct inquiry_application application = { .id = str_from(w->c.number),
                                               .service = w->c.service,
                                               .channel = w->c.channel,
                                               .day = w->c.legal_day,
                                               .applicant = w->c.applicant,
                                               .rka = w->c.rka,
                                               .relation = relation };
    inquiry_init(q, &w->arena, w->context->policy, &application, INQUIRY_MART_FIRST | INQUIRY_FORESEE);
    for (int i = 0; i < answers->count; i++)
        inquiry_answer(q, &answers->item[i].question, &answers->item[i].answer);
    inquiry_decide(q, ret);
}

/* Puts what is new into the outbox. */
static bool post_new(struct filing_work *w, const struct filing_answers *answers, const struct inquiry *q, int *ret_posted)
{
    static const struct filing_post post = { .purpose = "decide" };
    *ret_posted = 0;
    for (int i = 0; i < q->questions; i++) {
        if (filing_is_asked(answers, &q->question[i]))
            continue;
        if (!filing_post(w, &q->question[i], &post, NULL))
            return false;
        ++*ret_posted;
    }
    return true;
}

static bool same_as_last(struct filing_work *w, const struct law_decision *decision, bool *ret)
{
    static const char select[] = "SELECT decision FROM decision WHERE id = $1";
    struct db_query q;
    struct buf json;
    *ret = false;
    buf_init(&json, 1 << 20);
    filing_decision_write(decision, &json);
    bool ok = filing_query(w->db, &q, select, VALUES(v_int(w->c.decision)), w->err);
    if (ok) {
        while (db_row(&q))
            *ret = str_equal(db_str(&q, 0), buf_str(&json));
        ok = db_finish(&q, w->err);
    }
    buf_release(&json);
    return ok;
}

/* A wait that goes on for the same reasons is not a new decision. */
static bool keep_waiting(struct filing_work *w, const struct filing_answers *answers, const struct law_decision *decision)
{
    bool same;
    if (!same_as_last(w, decision, &same))
        return false;
    if (!(same && w->c.state == FILING_WAITING) &&
        !(filing_store_decision(w, answers, w->c.relation, decision) && filing_move_by_system(w, EVENT_WAIT, "")))
        return false;
    return filing_ask_again_later(w, answers, decision);
}

static bool settle(struct filing_work *w, const struct filing_answers *answers, const struct law_decision *decision)
{
    int asked;
    if (!filing_store_decision(w, answers, w->c.relation, decision) || !filing_withdraw(w, "decide") ||
        !filing_move_by_system(w, event_of[decision->outcome], law_outcome_name(decision->outcome)) ||
        !filing_look_for_other(w, answers, decision))
        return false;
    return w->c.state != FILING_COUPON ||
           (filing_people_ask(w, answers, "people", &asked) && filing_ask_previous_place(w, answers));
}

bool filing_advance(struct filing_work *w)
{
    struct filing_answers answers;
    if (!filing_answers_load(w, &answers))
        return false;
    if (answers.open > 0)
        return true;
    struct inquiry *q = ARENA_NEW(&w->arena, struct inquiry);
    struct law_decision decision;
    int posted;
    filing_inquire(w, &answers, w->c.relation, q, &decision);
    if (!post_new(w, &answers, q, &posted))
        return false;
    if (posted > 0)
        return w->c.state == FILING_ASKING || filing_move_by_system(w, EVENT_ASK, "");
    if (decision.outcome == LAW_PILOT_NOT_IN_FORCE)
        return filing_advance_ordinary(w, &answers, &decision);
    return decision.outcome == LAW_WAITING ? keep_waiting(w, &answers, &decision) : settle(w, &answers, &decision);
}

/* ---- the ordinary procedure: no office routing, no norm, no choice of relation ---- */

static bool wait_ordinary(struct filing_work *w)
{
    return w->c.state == FILING_WAITING || filing_move_by_system(w, EVENT_WAIT, "ordinary procedure");
}

/* Owners matter for their consent only: online. */
static bool ask_owners(struct filing_work *w, const struct filing_answers *answers, int *ret_asked)
{
    bool online = w->c.channel == LAW_PORTAL || w->c.channel == LAW_MOBILE;
    *ret_asked = 0;
    return !online || filing_people_ask(w, answers, "decide", ret_asked);
}

bool filing_advance_ordinary(struct filing_work *w, const struct filing_answers *answers, const struct law_decision *decision)
{
    static const enum filing_event channel_event[LAW_CHANNELS] = { [LAW_RECEPTION] = EVENT_TO_ONLINE,
                                                                   [LAW_HALL] = EVENT_TO_DOCUMENTS,
                                                                   [LAW_PORTAL] = EVENT_TO_COUPON,
                                                                   [LAW_MOBILE] = EVENT_TO_COUPON };
    const struct registry_dwelling *dwelling = filing_dwelling_of(answers, w->c.rka);
    int asked;
    w->c.ordinary = true;
    if (!filing_person_of(answers, w->c.applicant) || !dwelling || dwelling->owners_silent)
        return wait_ordinary(w) && filing_ask_again_later(w, answers, decision);
    if (!ask_owners(w, answers, &asked))
        return false;
    if (asked > 0)
        return w->c.state == FILING_ASKING || filing_move_by_system(w, EVENT_ASK, "ordinary procedure");
    struct filing_people people;
    filing_people_find(&w->c, answers, &people);
    if (people.unknown && (w->c.channel == LAW_PORTAL || w->c.channel == LAW_MOBILE))
        return wait_ordinary(w);
    return filing_store_decision(w, answers, w->c.relation, decision) && filing_withdraw(w, "decide") &&
           filing_move_by_system(w, channel_event[w->c.channel], "ordinary procedure") &&
           (w->c.state != FILING_COUPON || filing_ask_previous_place(w, answers));
}
