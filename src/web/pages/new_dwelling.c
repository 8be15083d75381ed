/* SPDX-License-Identifier: Apache-2.0 */
/* Question 2: which dwelling.  The answer becomes a question to the cadastre. */
#include "page_new_dwelling.h"
#include "web/pages/pages.h"

struct dwelling_typed {
    struct str service, months; /* of the draft */
    struct str way, address, rka;
    struct iin owner;
};
static const char *const ways[] = { "mine", "owner", "rka", NULL };
static const struct form_field fields[] = {
    { "service", FORM_TEXT, FORM_AT(struct dwelling_typed, service), .max = 20, .wrong = T_NEW_SERVICE_MISSING },
    { "months", FORM_TEXT, FORM_AT(struct dwelling_typed, months), .max = 2, .wrong = T_NEW_SERVICE_MISSING },
    { "way", FORM_CHOICE, FORM_AT(struct dwelling_typed, way), .required = true, .choice = ways, .missing = T_NEW_WAY_MISSING,
      .wrong = T_NEW_WAY_MISSING },
    { "owner", FORM_OWNER, FORM_AT(struct dwelling_typed, owner), .wrong = T_FORM_IIN_WRONG },
    { "address", FORM_TEXT, FORM_AT(struct dwelling_typed, address), .max = 100, .wrong = T_NEW_ADDRESS_WRONG },
    { "rka", FORM_TEXT, FORM_AT(struct dwelling_typed, rka), .min = 1, .max = 40, .wrong = T_NEW_RKA_MISSING },
};

static void check(const struct form *form, const void *typed, struct form_state *state)
{
    const struct dwelling_typed *t = typed;
    if (str_is(t->way, "owner") && iin_is_none(t->owner))
        form_fail(form, state, "owner", T_NEW_OWNER_MISSING);
    if (str_is(t->way, "rka") && t->rka.n == 0)
        form_fail(form, state, "rka", T_NEW_RKA_MISSING);
}
const struct form new_dwelling_form = FORM_CHECKED(fields, struct dwelling_typed, check);

bool new_draft_run(struct db *db, struct web_request *r, struct err *err)
{
    (void)db;
    (void)err;
    struct web_draft *draft = ARENA_NEW(r->arena, struct web_draft);
    r->data = draft;
    draft_read(r, draft);
    return true;
}

void new_dwelling_show(struct web_request *r) { page_new_dwelling(&r->page, r->data); }

static struct registry_question question_of(const struct web_request *r, const struct dwelling_typed *typed)
{
    struct registry_question question = { .ask = REGISTRY_DWELLINGS_OF, .day = DAY_NONE, .since = DAY_NONE, .until = DAY_NONE };
    if (str_is(typed->way, "rka")) {
        question.ask = REGISTRY_DWELLING;
        question.rka = typed->rka;
    } else if (str_is(typed->way, "owner")) {
        question.person = typed->owner;
        question.text = typed->address;
    } else {
        question.person = r->session.person;
    }
    return question;
}

bool new_dwelling_run(struct db *db, struct web_request *r, struct err *err)
{
    struct web_draft draft;
    int64_t id;
    if (!draft_read(r, &draft))
        return true;
    struct registry_question question = question_of(r, r->typed);
    if (!filing_look_up(db, &r->context, &r->actor, &question, &id, err))
        return false;
    web_redirect(r, "/new/found/%lld?service=%s&months=%d", (long long)id, law_service_name(draft.service), draft.months);
    return true;
}
