/* SPDX-License-Identifier: Apache-2.0 */
#include "web/pages/desk.h"

bool desk_is_hall(const struct page *p) { return p->request->session.role == FILING_HALL; }
const char *desk_home(const struct page *p) { return desk_is_hall(p) ? "/hall" : "/reception"; }

struct str desk_applicant_name(struct page *p, const struct desk_draft *draft)
{
    const struct registry_person *person = &draft->applicant.answer.person;
    if (draft->applicant.state != FILING_LOOKUP_ANSWERED || !person->held)
        return STR("");
    return str_trim(arena_printf(p->arena, STR_FMT " " STR_FMT " " STR_FMT, STR_ARG(person->surname), STR_ARG(person->name),
                                 STR_ARG(person->patronymic)));
}

const char *desk_state_word(struct page *p, enum filing_state state)
{
    switch (state) {
    case FILING_ASKING: return page_word(p, T_DESK_STATE_ASKING);
    case FILING_WAITING: return page_word(p, T_DESK_STATE_WAITING);
    case FILING_REGISTERING: return page_word(p, T_DESK_STATE_REGISTERING);
    case FILING_REGISTERED: return page_word(p, T_DESK_STATE_REGISTERED);
    case FILING_SENT_TO_HALL: return page_word(p, T_DESK_STATE_SENT_TO_HALL);
    case FILING_SENT_ONLINE: return page_word(p, T_DESK_STATE_SENT_ONLINE);
    case FILING_DOCUMENTS: return page_word(p, T_DESK_STATE_DOCUMENTS);
    case FILING_REFUSED_IN_HALL: return page_word(p, T_DESK_STATE_REFUSED);
    case FILING_CANCELLED: return page_word(p, T_DESK_STATE_CANCELLED);
    default: return page_named(p, "state", filing_state_name(state));
    }
}

const char *desk_tell(struct page *p, const struct filing_view *v)
{
    switch (v->state) {
    case FILING_ASKING: return page_word(p, T_DESK_TELL_ASKING);
    case FILING_WAITING: return page_word(p, T_DESK_TELL_WAITING);
    case FILING_SENT_TO_HALL: return page_word(p, T_DESK_TELL_SENT_TO_HALL);
    case FILING_SENT_ONLINE: return page_word(p, T_DESK_TELL_SENT_ONLINE);
    case FILING_REGISTERED: return page_word(p, T_DESK_TELL_REGISTERED);
    case FILING_REFUSED_IN_HALL: return page_word(p, desk_refused_by_check(v) ? T_DESK_TELL_SENT_ONLINE : T_DESK_TELL_DOCUMENTS);
    default: return NULL;
    }
}

bool desk_refused_by_check(const struct filing_view *v) { return v->state == FILING_REFUSED_IN_HALL && v->refusal.n == 0; }

bool desk_wrong_owner(const struct filing_view *v)
{
    return v->channel == LAW_HALL && v->dwelling_known && !v->entered_owner_is_owner && v->state == FILING_DOCUMENTS;
}

bool desk_may_cancel(enum filing_state state)
{
    return state == FILING_ASKING || state == FILING_WAITING || state == FILING_DOCUMENTS;
}

bool desk_has_slip(enum filing_state state)
{
    return state == FILING_WAITING || state == FILING_SENT_TO_HALL || state == FILING_SENT_ONLINE ||
           state == FILING_REFUSED_IN_HALL || state == FILING_REGISTERED;
}

enum text_key desk_slip_answer(const struct filing_view *v)
{
    switch (v->state) {
    case FILING_SENT_TO_HALL: return T_SLIP_TO_HALL;
    case FILING_SENT_ONLINE: return T_SLIP_TO_ONLINE;
    case FILING_REGISTERED: return T_REGISTERED_TITLE;
    case FILING_REFUSED_IN_HALL: return desk_refused_by_check(v) ? T_SLIP_TO_ONLINE : T_SLIP_REFUSED;
    default: return T_SLIP_WAIT;
    }
}

bool desk_for_company(const struct filing_view *v)
{
    bool company = false;
    for (int i = 0; v->has_decision && i < v->decision.reasons; i++) {
        enum law_reason_code code = v->decision.reason[i].code;
        if (code == LAW_R_OWNER_MINOR || code == LAW_R_OWNER_INCAPABLE)
            return false;
        company |= code == LAW_R_OWNER_COMPANY_TO_HALL;
    }
    return company;
}
