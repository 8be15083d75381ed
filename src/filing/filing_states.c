/* SPDX-License-Identifier: Apache-2.0 */
/* The life of a case as a table: event, from, to, who may.  What is not here does not happen. */
#include "filing/filing_impl.h"

#define IN(state)          (1U << FILING_##state)
#define BY(role)           (1U << FILING_##role)
#define ASKED              (IN(ASKING) | IN(WAITING))
#define BY_PERSONS         (BY(CITIZEN) | BY(RECEPTION) | BY(HALL))
#define BEFORE_REGISTERING (ASKED | IN(CHOOSING) | IN(NOT_CONFIRMED) | IN(COUPON) | IN(SIGNING) | IN(CONSENT) | IN(DOCUMENTS))

static const struct {
    const char *name;
    unsigned from, who;
    enum filing_state to;
} events[FILING_EVENTS] = {
    /* clang-format off */
    [EVENT_OPEN]               = { "open",               IN(ASKING),                  BY_PERSONS,  FILING_ASKING },
    [EVENT_ASK]                = { "ask",                ASKED,                       BY(SYSTEM),  FILING_ASKING },
    [EVENT_WAIT]               = { "wait",               ASKED,                       BY(SYSTEM),  FILING_WAITING },
    [EVENT_CHOICE_WANTED]      = { "choice_wanted",      ASKED,                       BY(SYSTEM),  FILING_CHOOSING },
    [EVENT_NOT_CONFIRMED]      = { "not_confirmed",      ASKED,                       BY(SYSTEM),  FILING_NOT_CONFIRMED },
    [EVENT_TO_COUPON]          = { "to_coupon",          ASKED,                       BY(SYSTEM),  FILING_COUPON },
    [EVENT_TO_HALL]            = { "to_hall",            ASKED,                       BY(SYSTEM),  FILING_SENT_TO_HALL },
    [EVENT_TO_ONLINE]          = { "to_online",          ASKED,                       BY(SYSTEM),  FILING_SENT_ONLINE },
    [EVENT_TO_DOCUMENTS]       = { "to_documents",       ASKED,                       BY(SYSTEM),  FILING_DOCUMENTS },
    [EVENT_HALL_REFUSES]       = { "hall_refuses",       ASKED,                       BY(SYSTEM),  FILING_REFUSED_IN_HALL },
    [EVENT_INVALID]            = { "invalid",            ASKED,                       BY(SYSTEM),  FILING_INVALID },
    [EVENT_CHOOSE]             = { "choose",             IN(CHOOSING),                BY(CITIZEN), FILING_ASKING },
    [EVENT_ASK_AGAIN]          = { "ask_again",          IN(NOT_CONFIRMED),           BY(CITIZEN), FILING_ASKING },
    [EVENT_CHOOSE_OTHER]       = { "choose_other",       IN(NOT_CONFIRMED),           BY(CITIZEN), FILING_CHOOSING },
    [EVENT_SAVE_COUPON]        = { "save_coupon",        IN(COUPON) | IN(SIGNING),    BY(CITIZEN), FILING_SIGNING },
    [EVENT_SIGN_FOR_CONSENT]   = { "sign_for_consent",   IN(SIGNING),                 BY(CITIZEN), FILING_CONSENT },
    [EVENT_SIGN]               = { "sign",               IN(SIGNING),                 BY(CITIZEN), FILING_REGISTERING },
    [EVENT_ALL_AGREED]         = { "all_agreed",         IN(CONSENT),                 BY(CITIZEN), FILING_REGISTERING },
    [EVENT_DECLINE]            = { "decline",            IN(CONSENT),                 BY(CITIZEN), FILING_DECLINED },
    [EVENT_EXPIRE]             = { "expire",             IN(CONSENT),                 BY(SYSTEM),  FILING_EXPIRED },
    [EVENT_DOCUMENTS_IN_ORDER] = { "documents_in_order", IN(DOCUMENTS),               BY(HALL),    FILING_REGISTERING },
    [EVENT_DOCUMENTS_REFUSED]  = { "documents_refused",  IN(DOCUMENTS),               BY(HALL),    FILING_REFUSED_IN_HALL },
    [EVENT_NORM_REACHED]       = { "norm_reached",       IN(REGISTERING),             BY(SYSTEM),  FILING_CHOOSING },
    [EVENT_REGISTERED]         = { "registered",         IN(REGISTERING),             BY(SYSTEM),  FILING_REGISTERED },
    [EVENT_REGISTER_REFUSED]   = { "register_refused",   IN(REGISTERING),             BY(SYSTEM),  FILING_INVALID },
    [EVENT_CANCEL]             = { "cancel",             BEFORE_REGISTERING,          BY_PERSONS,  FILING_CANCELLED },
    /* clang-format on */
};

const char *filing_event_name(enum filing_event event) { return events[event].name; }

bool filing_event_allowed(const struct filing_case *c, enum filing_event event, enum filing_role role, enum filing_state *ret_to,
                          struct err *err)
{
    if (!(events[event].who & 1U << role))
        return err_set(err, ERR_FORBIDDEN, "error.not_yours: %s: `%s` is not for the role %s", c->number, events[event].name,
                       filing_role_name(role));
    if (!(events[event].from & 1U << c->state))
        return err_set(err, ERR_CONFLICT, "error.step_not_possible: %s: `%s` is not possible in the state %s", c->number,
                       events[event].name, filing_state_name(c->state));
    *ret_to = events[event].to;
    return true;
}

static bool move(struct filing_work *w, enum filing_event event, const char *detail, const struct filing_actor *by)
{
    static const char insert[] = "INSERT INTO filing_event (filing, at, event, state, role) VALUES ($1, $2, $3, $4, $5)";
    const struct filing_actor *actor = w->actor;
    enum filing_state to;
    if (!filing_event_allowed(&w->c, event, by->role, &to, w->err))
        return false;
    w->c.state = to;
    w->c.changed_at = w->context->now;
    if (!filing_update_case(w))
        return false;
    if (!filing_run(w->db, insert,
                    VALUES(v_int(w->c.id.n), v_at(w->context->now), v_text(events[event].name), v_text(filing_state_name(to)),
                           v_text(filing_role_name(by->role))),
                    w->err))
        return false;
    struct str text =
        arena_printf(&w->arena, "%s -> %s%s%s", events[event].name, filing_state_name(to), *detail ? " " : "", detail);
    w->actor = by;
    bool ok = filing_audit(w, "step", filing_purpose_of(w), text.p);
    w->actor = actor;
    return ok;
}

bool filing_move(struct filing_work *w, enum filing_event event, const char *detail) { return move(w, event, detail, w->actor); }

bool filing_move_by_system(struct filing_work *w, enum filing_event event, const char *detail)
{
    return move(w, event, detail, &filing_system_actor);
}
