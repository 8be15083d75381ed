/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The registration itself.  Registrations at one dwelling go one after the other: the head count is asked anew, decided
 * again, and only then written, so that two applicants cannot take the same free place.
 */
#include <inttypes.h>

#include "filing/filing_impl.h"

#define RECHECK_MS (5 * MINUTE_MS)

struct day filing_last_day(struct day since, int months)
{
    int year, month, day;
    day_split(since, &year, &month, &day);
    int index = year * 12 + month - 1 + months;
    /* Where the month has no such day the term ends with its last day (Civil Code, terms in months). */
    for (; day > 28; day--) {
        struct day found = day_of(index / 12, index % 12 + 1, day);
        if (!day_is_none(found))
            return found;
    }
    return day_of(index / 12, index % 12 + 1, day);
}

static bool post_register(struct filing_work *w)
{
    bool temporary = w->c.service == LAW_TEMPORARY;
    struct day since = w->context->legal_day;
    struct registry_question question = { .ask = REGISTRY_REGISTER,
                                          .person = w->c.applicant,
                                          .rka = w->c.rka,
                                          .day = DAY_NONE,
                                          .kind = temporary ? WORLD_TEMPORARY : WORLD_RESIDENCE,
                                          .since = since,
                                          .until = temporary ? filing_last_day(since, w->c.months) : DAY_NONE,
                                          .reference = str_from(w->c.number) };
    static const struct filing_post post = { .purpose = "register" };
    return filing_post(w, &question, &post, NULL);
}

/* The head count as the case asked it before, with its old answers set aside. */
static bool post_recheck(struct filing_work *w, int64_t delay_ms)
{
    static const char supersede[] = "UPDATE question SET superseded = 1 WHERE filing = $1 AND ask = 'head_count'";
    struct filing_answers answers;
    struct filing_post post = { .purpose = "recheck", .delay_ms = delay_ms };
    if (!filing_answers_load(w, &answers))
        return false;
    for (int i = answers.count - 1; i >= 0; i--) {
        const struct filing_stored *s = &answers.item[i];
        if (s->question.ask == REGISTRY_HEAD_COUNT)
            return filing_run(w->db, supersede, VALUES(v_int(w->c.id.n)), w->err) && filing_post(w, &s->question, &post, NULL);
    }
    return err_set(w->err, ERR_SYSTEM, "%s: decided by the norm without a head count", w->c.number);
}

static bool start(struct filing_work *w)
{
    struct law_decision decision;
    if (!filing_decision_load(w, &decision))
        return false;
    bool within = !w->c.ordinary && filing_decision_has(&decision, LAW_R_NORM_NOT_REACHED);
    return within ? post_recheck(w, 0) : post_register(w);
}

/* Starts the first of the cases at this dwelling that are to be registered, unless one is under way. */
static bool start_next(struct filing_work *w, struct str rka)
{
    static const char under_way[] =
        "SELECT count(*) FROM filing f JOIN question q ON q.filing = f.id WHERE f.rka = $1 AND f.state = 'registering' "
        "AND q.purpose IN ('recheck', 'register') AND q.state IN ('open', 'silent')";
    static const char first[] = "SELECT f.id FROM filing f JOIN filing_event e ON e.filing = f.id AND e.state = 'registering' "
                                "WHERE f.rka = $1 AND f.state = 'registering' GROUP BY f.id ORDER BY max(e.id) LIMIT 1";
    int64_t busy, next;
    if (!filing_number_of(w->db, under_way, VALUES(v_str(rka)), 0, &busy, w->err))
        return false;
    if (busy > 0)
        return true;
    if (!filing_number_of(w->db, first, VALUES(v_str(rka)), 0, &next, w->err))
        return false;
    return next == 0 || (filing_case_load(w, (struct filing_id){ next }) && start(w));
}

bool filing_enter_registering(struct filing_work *w, enum filing_event event)
{
    struct filing_id id = w->c.id;
    return filing_move(w, event, "") && start_next(w, w->c.rka) && filing_case_load(w, id);
}

/* ---- answers ---- */

static bool norm_reached(struct filing_work *w, const struct filing_answers *answers, const struct law_decision *decision)
{
    struct str rka = w->c.rka;
    w->c.relation = (struct law_relation){ .degree = LAW_NO_DEGREE };
    return filing_store_decision(w, answers, w->c.relation, decision) &&
           filing_move_by_system(w, EVENT_NORM_REACHED, law_outcome_name(decision->outcome)) &&
           filing_tell(w, answers, w->c.applicant, T_SMS_NORM_REACHED, STR("")) && start_next(w, rka);
}

bool filing_recheck_answered(struct filing_work *w)
{
    struct filing_answers answers;
    struct law_decision before, now;
    struct inquiry *q = ARENA_NEW(&w->arena, struct inquiry);
    /* Without a relation: whether there is room is all that is in question. */
    struct law_relation none = { .degree = LAW_NO_DEGREE };
    if (!filing_answers_load(w, &answers) || !filing_decision_load(w, &before))
        return false;
    filing_inquire(w, &answers, none, q, &now);
    if (now.outcome == before.outcome)
        return filing_store_decision(w, &answers, none, &now) && filing_update_case(w) && post_register(w);
    if (now.outcome == LAW_CHOOSE_RELATION)
        return norm_reached(w, &answers, &now);
    return post_recheck(w, RECHECK_MS);
}

static bool tell_registered(struct filing_work *w)
{
    struct filing_answers answers;
    struct filing_people people;
    if (!filing_answers_load(w, &answers))
        return false;
    filing_people_find(&w->c, &answers, &people);
    struct str who = filing_initials(&w->arena, filing_person_of(&answers, w->c.applicant));
    bool ok = filing_tell(w, &answers, w->c.applicant, T_SMS_REGISTERED, STR(""));
    for (int i = 0; ok && i < people.count; i++)
        ok = filing_tell(w, &answers, people.consenter[i].person, T_SMS_REGISTERED_OWNER, who);
    return ok;
}

bool filing_register_answered(struct filing_work *w, const struct registry_question *question,
                              const struct registry_answer *answer)
{
    struct str rka = w->c.rka;
    if (answer->done.done) {
        w->c.registered_since = question->since;
        w->c.registered_until = question->until;
        return filing_move_by_system(w, EVENT_REGISTERED, "") && tell_registered(w) && start_next(w, rka);
    }
    w->c.refusal = arena_str(&w->arena, answer->done.message);
    return filing_move_by_system(w, EVENT_REGISTER_REFUSED, "") && start_next(w, rka);
}
