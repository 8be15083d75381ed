/* SPDX-License-Identifier: Apache-2.0 */
/* What the registers say to the entry; then the case is opened. */
#include "page_desk_found.h"
#include "web/pages/desk.h"
#include "web/pages/pages.h"

struct found_typed {
    struct str service, months, applicant, owner, dwelling;
};
#define CARRIED(member, length)                                                                                                  \
    {                                                                                                                            \
#member, FORM_TEXT, FORM_AT(struct found_typed, member), .max = length, .wrong = T_DESK_DWELLING_MISSING                 \
    }
static const struct form_field fields[] = {
    CARRIED(service, 20),
    CARRIED(months, 2),
    CARRIED(applicant, 20),
    CARRIED(owner, 20),
    { "dwelling", FORM_TEXT, FORM_AT(struct found_typed, dwelling), .required = true, .min = 1, .max = 64,
      .missing = T_NEW_DWELLING_MISSING, .wrong = T_NEW_DWELLING_MISSING },
};
const struct form desk_found_form = FORM(fields, struct found_typed);

static bool lookup_of(struct db *db, struct web_request *r, struct str number, enum registry_ask ask, struct filing_lookup *ret,
                      struct err *err)
{
    uint64_t id;
    if (!str_to_u64(number, &id) || id > INT64_MAX)
        return err_set(err, ERR_NOT_FOUND, "there is no such look-up");
    if (!filing_lookup_read(db, &r->actor, (int64_t)id, r->arena, ret, err))
        return false;
    return ret->question.ask == ask || err_set(err, ERR_NOT_FOUND, "there is no such look-up");
}

bool desk_draft_read(struct db *db, struct web_request *r, struct desk_draft *ret, struct err *err)
{
    uint64_t months;
    int64_t id;
    struct str owner = pairs_get(&r->fields, "owner");
    *ret = (struct desk_draft){ .has_owner = desk_is_hall(&r->page) };
    if (!law_service_parse(pairs_get(&r->fields, "service"), &ret->service) ||
        !str_to_u64(pairs_get(&r->fields, "months"), &months) || months > 12 || !draft_is_right(ret->service, (int)months))
        return err_set(err, ERR_NOT_FOUND, "neither service nor term");
    ret->months = (int)months;
    return web_id(r, 0, &id, err) && filing_lookup_read(db, &r->actor, id, r->arena, &ret->found, err) &&
           lookup_of(db, r, pairs_get(&r->fields, "applicant"), REGISTRY_PERSON, &ret->applicant, err) &&
           (!ret->has_owner || lookup_of(db, r, owner, REGISTRY_DWELLINGS_OF, &ret->owner, err));
}

static bool is_owner(const struct registry_dwelling *dwelling, struct iin person)
{
    for (int i = 0; i < dwelling->owners; i++) {
        if (iin_equal(dwelling->owner[i].id, person))
            return true;
    }
    return false;
}

/* Found by its code, so that its owners are known here; the search of an owner finds nobody else's. */
static bool is_of_another(const struct desk_draft *draft)
{
    const struct registry_dwelling *dwelling = &draft->found.answer.dwelling;
    return draft->has_owner && draft->found.question.ask == REGISTRY_DWELLING && !dwelling->owners_silent &&
           !is_owner(dwelling, draft->owner.question.person);
}

enum desk_finding desk_finding_of(const struct desk_draft *draft)
{
    int count;
    if (draft->found.state == FILING_LOOKUP_OPEN || draft->applicant.state == FILING_LOOKUP_OPEN)
        return DESK_ASKING;
    if (draft->applicant.state == FILING_LOOKUP_ANSWERED && !draft->applicant.answer.person.held)
        return DESK_NO_PERSON;
    if (draft->found.state == FILING_LOOKUP_SILENT)
        return DESK_SILENT;
    draft_dwellings(&draft->found, &count);
    if (count == 0)
        return DESK_NO_DWELLING;
    return is_of_another(draft) ? DESK_NOT_OWNER : DESK_CHOICE;
}

bool desk_found_read(struct db *db, struct web_request *r, struct err *err)
{
    struct desk_draft *draft = ARENA_NEW(r->arena, struct desk_draft);
    r->data = draft;
    return desk_draft_read(db, r, draft, err);
}

void desk_found_show(struct web_request *r)
{
    static const int seconds[] = { [DESK_ASKING] = 2, [DESK_SILENT] = 5, [DESK_CHOICE] = 0 };
    r->page.refresh = seconds[desk_finding_of(r->data)];
    page_desk_found(&r->page, r->data);
}

bool desk_found_run(struct db *db, struct web_request *r, struct err *err)
{
    const struct found_typed *typed = r->typed;
    struct desk_draft draft;
    struct filing_id id;
    char number[FILING_NUMBER];
    if (!desk_draft_read(db, r, &draft, err))
        return false;
    if (desk_finding_of(&draft) != DESK_CHOICE || !draft_dwelling_of(&draft.found, typed->dwelling)) {
        web_fail_field(r, "dwelling", T_NEW_DWELLING_MISSING);
        return true;
    }
    struct filing_opening opening = {
        .service = draft.service,
        .channel = r->session.channel,
        .applicant = draft.applicant.question.person,
        .rka = typed->dwelling,
        .months = draft.months,
    };
    if (draft.has_owner)
        opening.entered_owner = draft.owner.question.person;
    if (!filing_open(db, &r->context, &r->actor, &opening, &id, err))
        return false;
    web_redirect(r, "%s/cases/%s", desk_home(&r->page), filing_number(id, number));
    return true;
}
