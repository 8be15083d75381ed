/* SPDX-License-Identifier: Apache-2.0 */
/* Opening a case, the choice of a relation, giving up. */
#include "filing/filing_impl.h"

#define RKA_MAX    64
#define MONTHS_MAX 12

static bool may_open(const struct filing_actor *actor, const struct filing_opening *opening)
{
    switch (opening->channel) {
    case LAW_PORTAL:
    case LAW_MOBILE: return actor->role == FILING_CITIZEN && iin_equal(actor->person, opening->applicant);
    case LAW_RECEPTION: return actor->role == FILING_RECEPTION;
    case LAW_HALL: return actor->role == FILING_HALL;
    case LAW_CHANNELS: break;
    }
    return false;
}

static bool check_rka(struct str rka, struct err *err)
{
    bool printable = str_is_utf8(rka);
    for (size_t i = 0; printable && i < rka.n; i++)
        printable = (unsigned char)rka.p[i] > 0x20 && rka.p[i] != 0x7f;
    if (rka.n == 0 || rka.n > RKA_MAX || !printable)
        return err_set(err, ERR_INPUT, "dwelling: not an address code of 1 to %d characters", RKA_MAX);
    return true;
}

static bool check_opening(const struct filing_opening *opening, struct err *err)
{
    if (iin_is_none(opening->applicant) || iin_kind_of(opening->applicant) != IIN_PERSON)
        return err_set(err, ERR_INPUT, "applicant: not the IIN of a person");
    if (opening->service == LAW_RESIDENCE && opening->months != 0)
        return err_set(err, ERR_INPUT, "months: only a temporary registration has a term");
    if (opening->service == LAW_TEMPORARY && (opening->months < 1 || opening->months > MONTHS_MAX))
        return err_set(err, ERR_INPUT, "months: not 1 to %d", MONTHS_MAX);
    if (opening->channel == LAW_HALL && iin_is_none(opening->entered_owner))
        return err_set(err, ERR_INPUT, "entered_owner: the owner's IIN is missing");
    return check_rka(opening->rka, err);
}

bool filing_open(struct db *db, const struct filing_context *context, const struct filing_actor *actor,
                 const struct filing_opening *opening, struct filing_id *ret, struct err *err)
{
    struct filing_work w;
    if (!may_open(actor, opening))
        return err_set(err, ERR_FORBIDDEN, "error.not_yours: this role may not open a case of this applicant and channel");
    /* Who files an application must not be whom it benefits. */
    if (opening->channel == LAW_HALL && iin_equal(actor->person, opening->applicant))
        return err_set(err, ERR_FORBIDDEN, "error.own_case: a clerk may not file the own application");
    if (!check_opening(opening, err) || !filing_work_begin(&w, db, context, actor, (struct filing_id){ 0 }, err))
        return false;
    bool ok = filing_insert_case(&w, opening) && filing_advance(&w);
    struct filing_id id = w.c.id;
    if (!filing_work_end(&w, ok))
        return false;
    *ret = id;
    return true;
}

static bool check_relation(const struct filing_work *w, struct law_relation relation)
{
    struct policy_readings readings;
    policy_on(w->context->policy, w->c.legal_day, &readings);
    if (relation.degree >= LAW_NO_DEGREE || !law_degree_offered(relation.degree, &readings))
        return err_set(w->err, ERR_INPUT, "error.degree_not_offered: %s: this relation is not among those offered", w->c.number);
    if (law_degree_has_side(relation.degree) != (relation.side != KIN_SIDE_NONE))
        return err_set(w->err, ERR_INPUT, "relation.side: %s",
                       relation.side == KIN_SIDE_NONE ? "missing" : "not allowed with this degree");
    return true;
}

bool filing_choose_relation(struct db *db, const struct filing_context *context, const struct filing_actor *actor,
                            struct filing_id id, struct law_relation relation, struct err *err)
{
    struct filing_work w;
    enum filing_state to;
    if (!filing_work_begin(&w, db, context, actor, id, err))
        return false;
    bool ok =
        filing_may_act(&w) && filing_event_allowed(&w.c, EVENT_CHOOSE, actor->role, &to, err) && check_relation(&w, relation);
    w.c.relation = relation;
    return filing_work_end(&w, ok && filing_move(&w, EVENT_CHOOSE, law_degree_name(relation.degree)) && filing_advance(&w));
}

bool filing_ask_again(struct db *db, const struct filing_context *context, const struct filing_actor *actor, struct filing_id id,
                      struct err *err)
{
    static const char supersede[] = "UPDATE question SET superseded = 1 WHERE filing = $1 "
                                    "AND ask IN ('family', 'family_mart', 'study_nobd', 'study_epvo')";
    struct filing_work w;
    if (!filing_work_begin(&w, db, context, actor, id, err))
        return false;
    return filing_work_end(&w, filing_may_act(&w) && filing_move(&w, EVENT_ASK_AGAIN, "") &&
                                   filing_run(db, supersede, VALUES(v_int(id.n)), err) && filing_advance(&w));
}

static bool back_to_choosing(struct filing_work *w)
{
    w->c.relation = (struct law_relation){ .degree = LAW_NO_DEGREE };
    return filing_move(w, EVENT_CHOOSE_OTHER, "");
}

bool filing_choose_other(struct db *db, const struct filing_context *context, const struct filing_actor *actor,
                         struct filing_id id, struct err *err)
{
    struct filing_work w;
    if (!filing_work_begin(&w, db, context, actor, id, err))
        return false;
    return filing_work_end(&w, filing_may_act(&w) && filing_look_for_other_now(&w) && back_to_choosing(&w));
}

static bool choose_on_record(struct filing_work *w)
{
    struct law_relation other;
    struct day as_of;
    enum filing_state to;
    if (!filing_may_act(w) || !filing_other_load(w, &other, &as_of))
        return false;
    if (other.degree == LAW_NO_DEGREE)
        return err_set(w->err, ERR_CONFLICT, "error.step_not_possible: %s: no other degree was told", w->c.number);
    if (w->c.state == FILING_NOT_CONFIRMED && !back_to_choosing(w))
        return false;
    if (!filing_event_allowed(&w->c, EVENT_CHOOSE, w->actor->role, &to, w->err) || !check_relation(w, other))
        return false;
    w->c.relation = other;
    return filing_move(w, EVENT_CHOOSE, law_degree_name(other.degree)) && filing_advance(w);
}

bool filing_choose_on_record(struct db *db, const struct filing_context *context, const struct filing_actor *actor,
                             struct filing_id id, struct err *err)
{
    struct filing_work w;
    return filing_work_begin(&w, db, context, actor, id, err) && filing_work_end(&w, choose_on_record(&w));
}

bool filing_cancel(struct db *db, const struct filing_context *context, const struct filing_actor *actor, struct filing_id id,
                   struct err *err)
{
    struct filing_work w;
    if (!filing_work_begin(&w, db, context, actor, id, err))
        return false;
    return filing_work_end(&w, filing_may_act(&w) && filing_move(&w, EVENT_CANCEL, "") && filing_withdraw_all(&w));
}
