/* SPDX-License-Identifier: Apache-2.0 */
/* The start page of a desk: who has come, which dwelling; and the cases of today. */
#include <inttypes.h>

#include "page_desk_start.h"
#include "web/pages/desk.h"
#include "web/pages/pages.h"

#define KAZAKHSTAN_MINUTES 300

struct start_typed {
    struct str service;
    int months;
    struct iin applicant, owner;
    struct str rka, address;
};
static const char *const services[] = { "residence", "temporary", NULL };

/* Item 6: in the hall the owner's IIN is always entered. */
/* clang-format off */
#define FIELDS(owner_required)                                                                                                  \
    {                                                                                                                           \
        { "applicant", FORM_PERSON, FORM_AT(struct start_typed, applicant), .required = true,                                   \
          .missing = T_DESK_APPLICANT_MISSING, .wrong = T_DESK_APPLICANT_WRONG },                                               \
        { "service", FORM_CHOICE, FORM_AT(struct start_typed, service), .required = true, .choice = services,                   \
          .missing = T_NEW_SERVICE_MISSING, .wrong = T_NEW_SERVICE_MISSING },                                                   \
        { "months", FORM_INT, FORM_AT(struct start_typed, months), .min = 1, .max = 12,                                         \
          .missing = T_NEW_MONTHS_MISSING, .wrong = T_NEW_MONTHS_MISSING },                                                     \
        { "owner", FORM_OWNER, FORM_AT(struct start_typed, owner), .required = owner_required,                                  \
          .missing = T_DESK_OWNER_MISSING, .wrong = T_FORM_IIN_WRONG },                                                         \
        { "rka", FORM_TEXT, FORM_AT(struct start_typed, rka), .min = 1, .max = 64, .wrong = T_DESK_DWELLING_MISSING },          \
        { "address", FORM_TEXT, FORM_AT(struct start_typed, address), .max = 100, .wrong = T_NEW_ADDRESS_WRONG },               \
    }
/* clang-format on */
static const struct form_field reception_fields[] = FIELDS(false);
static const struct form_field hall_fields[] = FIELDS(true);

static void check_months(const struct form *form, const struct start_typed *t, struct form_state *state)
{
    if (str_is(t->service, "temporary") && t->months == FORM_INT_NONE)
        form_fail(form, state, "months", T_NEW_MONTHS_MISSING);
}

static void check_reception(const struct form *form, const void *typed, struct form_state *state)
{
    const struct start_typed *t = typed;
    check_months(form, t, state);
    if (t->rka.n == 0 && iin_is_none(t->owner))
        form_fail(form, state, "rka", T_DESK_DWELLING_MISSING);
}

static void check_hall(const struct form *form, const void *typed, struct form_state *state) { check_months(form, typed, state); }

const struct form reception_form = FORM_CHECKED(reception_fields, struct start_typed, check_reception);
const struct form hall_form = FORM_CHECKED(hall_fields, struct start_typed, check_hall);

/* ---- the page ---- */

static bool is_of_today(const struct web_request *r, struct moment at)
{
    return moment_day(at, KAZAKHSTAN_MINUTES).n == moment_day(r->context.now, KAZAKHSTAN_MINUTES).n;
}

static bool read_rows(struct db *db, struct web_request *r, struct desk_start *start, struct err *err)
{
    int count, kept = 0;
    if (!filing_list_desk(db, r->session.channel, r->arena, &start->row, &count, err))
        return false;
    for (int i = 0; i < count; i++) {
        if (is_of_today(r, start->row[i].changed_at))
            start->row[kept++] = start->row[i];
    }
    start->rows = kept;
    return true;
}

/* A look-up that a query names; what is not this clerk's is as good as absent. */
static bool named_lookup(struct db *db, struct web_request *r, const char *name, enum registry_ask ask, struct filing_lookup *ret)
{
    struct err ignored;
    uint64_t id;
    return str_to_u64(pairs_get(&r->query, name), &id) && id <= INT64_MAX &&
           filing_lookup_read(db, &r->actor, (int64_t)id, r->arena, ret, &ignored) && ret->question.ask == ask;
}

/* "Correct what was entered" leads here with the look-ups it was made of. */
static void read_entry(struct db *db, struct web_request *r, struct desk_entry *entry)
{
    struct filing_lookup lookup;
    entry->service = pairs_get(&r->query, "service");
    entry->months = pairs_get(&r->query, "months");
    if (named_lookup(db, r, "applicant", REGISTRY_PERSON, &lookup))
        entry->applicant = page_iin(&r->page, lookup.question.person);
    if (named_lookup(db, r, "dwelling", REGISTRY_DWELLING, &lookup))
        entry->rka = lookup.question.rka;
    if (named_lookup(db, r, "dwelling", REGISTRY_DWELLINGS_OF, &lookup) ||
        named_lookup(db, r, "owner", REGISTRY_DWELLINGS_OF, &lookup)) {
        entry->owner = page_iin(&r->page, lookup.question.person);
        entry->address = lookup.question.text;
    }
}

bool desk_start_read(struct db *db, struct web_request *r, struct err *err)
{
    struct desk_start *start = ARENA_NEW(r->arena, struct desk_start);
    r->data = start;
    read_entry(db, r, &start->entry);
    return read_rows(db, r, start, err);
}

void desk_start_show(struct web_request *r) { page_desk_start(&r->page, r->data); }

/* ---- what was entered becomes questions ---- */

static bool look_up(struct db *db, struct web_request *r, struct registry_question question, int64_t *ret, struct err *err)
{
    question.day = question.since = question.until = DAY_NONE;
    return filing_look_up(db, &r->context, &r->actor, &question, ret, err);
}

bool desk_start_run(struct db *db, struct web_request *r, struct err *err)
{
    const struct start_typed *t = r->typed;
    struct registry_question person = { .ask = REGISTRY_PERSON, .person = t->applicant };
    struct registry_question dwelling = { .ask = REGISTRY_DWELLING, .rka = t->rka };
    struct registry_question dwellings = { .ask = REGISTRY_DWELLINGS_OF, .person = t->owner, .text = t->address };
    bool by_rka = t->rka.n > 0, hall = desk_is_hall(&r->page);
    int64_t applicant, found = 0, owner = 0;
    if (!look_up(db, r, person, &applicant, err))
        return false;
    if ((hall || !by_rka) && !look_up(db, r, dwellings, &owner, err))
        return false;
    if (by_rka && !look_up(db, r, dwelling, &found, err))
        return false;
    int months = str_is(t->service, "temporary") ? t->months : 0;
    web_redirect(r, "%s/found/%" PRId64 "?service=" STR_FMT "&months=%d&applicant=%" PRId64 "&owner=%" PRId64,
                 desk_home(&r->page), by_rka ? found : owner, STR_ARG(t->service), months, applicant, hall ? owner : 0);
    return true;
}
