/* SPDX-License-Identifier: Apache-2.0 */
/* Item 7: the documents of the owner's legal representative, with the arrival coupon; or why they are not in order. */
#include "page_hall_documents.h"
#include "web/pages/coupon_form.h"
#include "web/pages/desk.h"
#include "web/pages/pages.h"

struct documents_typed {
    struct coupon_typed arrival; /* first: coupon_check takes it for the whole */
    struct iin representative;
    struct str basis, number;
    struct day date;
    bool identity_checked, authority_checked, consent_given, presence;
};
#define CHECKED(member, text)                                                                                                    \
    {                                                                                                                            \
#member, FORM_FLAG, FORM_AT(struct documents_typed, member), .required = true, .missing = text, .wrong = text            \
    }
static const char *const bases[] = { "parent", "guardian", "trustee", NULL };
static const struct form_field fields[] = {
    { "basis", FORM_CHOICE, FORM_AT(struct documents_typed, basis), .required = true, .choice = bases,
      .missing = T_HALL_BASIS_MISSING, .wrong = T_HALL_BASIS_MISSING },
    { "representative", FORM_PERSON, FORM_AT(struct documents_typed, representative), .required = true,
      .missing = T_HALL_REPRESENTATIVE_MISSING, .wrong = T_HALL_REPRESENTATIVE_MISSING },
    { "document_number", FORM_TEXT, FORM_AT(struct documents_typed, number), .required = true, .min = 1, .max = 100,
      .missing = T_HALL_NUMBER_MISSING, .wrong = T_HALL_NUMBER_MISSING },
    { "document_date", FORM_DAY, FORM_AT(struct documents_typed, date), .required = true, .missing = T_HALL_DATE_WRONG,
      .wrong = T_HALL_DATE_WRONG },
    CHECKED(presence, T_HALL_CHECK_PRESENCE_MISSING),
    CHECKED(identity_checked, T_HALL_CHECK_IDENTITY_MISSING),
    CHECKED(authority_checked, T_HALL_CHECK_AUTHORITY_MISSING),
    CHECKED(consent_given, T_HALL_CHECK_CONSENT_MISSING),
    COUPON_FIELDS(struct documents_typed, arrival.coupon),
};
_Static_assert(sizeof fields / sizeof *fields <= FORM_FIELDS_MAX, "too many fields for one form");
const struct form hall_documents_form = FORM_CHECKED(fields, struct documents_typed, coupon_check);

struct refuse_typed {
    struct str why;
};
static const struct form_field refuse_fields[] = {
    { "why", FORM_TEXT, FORM_AT(struct refuse_typed, why), .required = true, .min = 5, .max = 500, .missing = T_HALL_WHY_MISSING,
      .wrong = T_HALL_WHY_MISSING },
};
const struct form hall_refuse_form = FORM(refuse_fields, struct refuse_typed);

/* Both pages are there only while the documents are awaited. */
bool hall_documents_read(struct db *db, struct web_request *r, struct err *err)
{
    if (!case_read(db, r, err))
        return false;
    const struct filing_view *view = case_view(r);
    if (view->state != FILING_DOCUMENTS || desk_wrong_owner(view))
        web_redirect(r, "/hall/cases/" STR_FMT, STR_ARG(r->key[0]));
    return true;
}

void hall_documents_show(struct web_request *r) { page_hall_documents(&r->page, case_view(r)); }
void hall_refuse_show(struct web_request *r) { page_hall_refuse(&r->page, case_view(r)); }

/* What the table of fields cannot know: the legal day, and who the owner is. */
static bool check(struct web_request *r, const struct documents_typed *t, const struct filing_view *view)
{
    if (t->date.n > r->context.legal_day.n)
        web_fail_field(r, "document_date", T_HALL_DATE_WRONG);
    if (t->arrival.coupon.arrived.n > r->context.legal_day.n)
        web_fail_field(r, "arrived", T_COUPON_ARRIVED_WRONG);
    if (iin_equal(t->representative, view->entered_owner))
        web_fail_field(r, "representative", T_HALL_REPRESENTATIVE_IS_OWNER);
    return r->form.errors == 0;
}

/* "№ 12-345, 02.03.2026": as such a document is cited, in every language alike. */
static struct str cite(struct arena *arena, const struct documents_typed *t)
{
    int year, month, day;
    day_split(t->date, &year, &month, &day);
    return arena_printf(arena, "№ " STR_FMT ", %02d.%02d.%04d", STR_ARG(t->number), day, month, year);
}

/* Signed with the clerk's own signature, or (demonstration, or where no signatures are in use) without one. */
static bool file(struct db *db, struct web_request *r, bool sign, struct err *err)
{
    const struct documents_typed *t = r->typed;
    struct filing_view *view = ARENA_NEW(r->arena, struct filing_view);
    struct filing_id id;
    if (!web_filing_id(r, 0, &id, err) || !filing_read(db, &r->context, &r->actor, id, r->arena, view, err))
        return false;
    if (!check(r, t, view))
        return true;
    struct filing_documents documents = {
        .representative = t->representative,
        .basis = t->basis,
        .document = cite(r->arena, t),
        .identity_checked = t->identity_checked,
        .authority_checked = t->authority_checked,
        .consent_given = t->consent_given,
        .presence = t->presence,
    };
    if (sign)
        return filing_prepare_documents(db, &r->context, &r->actor, id, &documents, &t->arrival.coupon, err) &&
               signature_ask(db, r, FILING_SIGN_DOCUMENTS, err);
    if (!filing_check_documents(db, &r->context, &r->actor, id, &documents, &t->arrival.coupon, true, STR(""), err))
        return false;
    web_redirect(r, "/hall/cases/" STR_FMT, STR_ARG(r->key[0]));
    return true;
}

bool hall_documents_run(struct db *db, struct web_request *r, struct err *err) { return file(db, r, false, err); }
bool hall_sign_run(struct db *db, struct web_request *r, struct err *err) { return file(db, r, true, err); }

bool hall_refuse_run(struct db *db, struct web_request *r, struct err *err)
{
    const struct refuse_typed *t = r->typed;
    static const struct filing_coupon no_coupon;
    struct filing_documents none = { .basis = STR(""), .document = STR("") };
    struct filing_id id;
    if (!web_filing_id(r, 0, &id, err) ||
        !filing_check_documents(db, &r->context, &r->actor, id, &none, &no_coupon, false, t->why, err))
        return false;
    web_redirect(r, "/hall/cases/" STR_FMT, STR_ARG(r->key[0]));
    return true;
}
