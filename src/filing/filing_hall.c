/* SPDX-License-Identifier: Apache-2.0 */
/* Item 7: the hall clerk checks the documents of the owner's legal representative. */
#include "filing/filing_impl.h"

#define DOCUMENT_MAX 200
#define WHY_NOT_MAX  500

static const char *const bases[] = { "parent", "guardian", "trustee" };

static bool is_line(struct str s, size_t max) { return s.n > 0 && str_is_utf8(s) && str_utf8_length(s) <= max; }

static bool check_basis(struct str basis, struct err *err)
{
    for (size_t i = 0; i < sizeof bases / sizeof *bases; i++) {
        if (str_is(basis, bases[i]))
            return true;
    }
    return err_set(err, ERR_INPUT, "documents.basis: not parent, guardian or trustee");
}

/* What is in order is complete; a refusal needs its reason only. */
static bool check(const struct filing_documents *d, bool in_order, struct str why_not, struct err *err)
{
    if (!in_order)
        return is_line(why_not, WHY_NOT_MAX) ||
               err_set(err, ERR_INPUT, "documents.why_not: the reason is missing or over %d characters", WHY_NOT_MAX);
    if (iin_is_none(d->representative) || iin_kind_of(d->representative) != IIN_PERSON)
        return err_set(err, ERR_INPUT, "documents.representative: not the IIN of a person");
    if (!is_line(d->document, DOCUMENT_MAX))
        return err_set(err, ERR_INPUT, "documents.document: missing or over %d characters", DOCUMENT_MAX);
    if (!(d->identity_checked && d->authority_checked && d->consent_given && d->presence))
        return err_set(err, ERR_INPUT, "documents.checklist: every check has to be made before the documents are in order");
    return check_basis(d->basis, err);
}

/* Nor did a colleague only open what the applicant then decides as a clerk. */
static bool is_another_than_the_applicant(struct filing_work *w)
{
    return !iin_equal(w->actor->person, w->c.applicant) ||
           err_set(w->err, ERR_FORBIDDEN, "error.own_case: %s: the clerk who checks the documents is the applicant", w->c.number);
}

static bool is_not_the_clerk(const struct filing_actor *actor, const struct filing_documents *d, struct err *err)
{
    return !iin_equal(d->representative, actor->person) ||
           err_set(err, ERR_FORBIDDEN, "error.own_case: the clerk who checks the documents is the representative");
}

static bool store(struct filing_work *w, const struct filing_documents *d, bool in_order)
{
    static const char insert[] =
        "INSERT OR REPLACE INTO document (filing, representative, basis, document, identity_checked, authority_checked, "
        "consent_given, presence, in_order, checked_by, checked_at) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
    char representative[IIN_TEXT];
    return filing_run(w->db, insert,
                      VALUES(v_int(w->c.id.n), v_text(iin_format(d->representative, representative)), v_str(d->basis),
                             v_str(d->document), v_int(d->identity_checked), v_int(d->authority_checked), v_int(d->consent_given),
                             v_int(d->presence), v_int(in_order), v_iin(w->actor->person), v_at(w->context->now)),
                      w->err);
}

/* The IIN that the clerk entered has to be that of an owner: the checks of item 6 were made of the owners. */
static bool owner_was_entered(struct filing_work *w)
{
    struct filing_answers answers;
    if (!filing_answers_load(w, &answers))
        return false;
    const struct registry_dwelling *dwelling = filing_dwelling_of(&answers, w->c.rka);
    for (int i = 0; dwelling && i < dwelling->owners; i++) {
        if (iin_equal(dwelling->owner[i].id, w->c.entered_owner))
            return true;
    }
    return err_set(w->err, ERR_CONFLICT, "error.not_an_owner: %s: the IIN that was entered is not an owner's", w->c.number);
}

static bool prepare(struct filing_work *w, const struct filing_documents *documents, const struct filing_coupon *coupon)
{
    return owner_was_entered(w) && filing_write_coupon(w, coupon) && store(w, documents, true) &&
           filing_signatures_withdraw(w, FILING_SIGN_DOCUMENTS, (struct iin){ 0 });
}

static bool refuse(struct filing_work *w, const struct filing_documents *documents, struct str why_not)
{
    w->c.refusal = why_not;
    return store(w, documents, false) && filing_move(w, EVENT_DOCUMENTS_REFUSED, "") && filing_withdraw_all(w);
}

/* May the clerk say anything about these documents? */
static bool may_check(struct filing_work *w, const struct filing_documents *documents, bool in_order, struct str why_not)
{
    enum filing_state to;
    return filing_may_act(w) && filing_event_allowed(&w->c, EVENT_DOCUMENTS_IN_ORDER, w->actor->role, &to, w->err) &&
           is_another_than_the_applicant(w) && check(documents, in_order, why_not, w->err) &&
           is_not_the_clerk(w->actor, documents, w->err);
}

bool filing_prepare_documents(struct db *db, const struct filing_context *context, const struct filing_actor *actor,
                              struct filing_id id, const struct filing_documents *documents, const struct filing_coupon *coupon,
                              struct err *err)
{
    struct filing_work w;
    if (!filing_work_begin(&w, db, context, actor, id, err))
        return false;
    return filing_work_end(&w, may_check(&w, documents, true, STR("")) && prepare(&w, documents, coupon) &&
                                   filing_audit(&w, "documents", FILING_FOR_CLERK, "prepared"));
}

bool filing_check_documents(struct db *db, const struct filing_context *context, const struct filing_actor *actor,
                            struct filing_id id, const struct filing_documents *documents, const struct filing_coupon *coupon,
                            bool in_order, struct str why_not, struct err *err)
{
    struct filing_work w;
    if (!filing_work_begin(&w, db, context, actor, id, err))
        return false;
    bool ok = may_check(&w, documents, in_order, why_not);
    if (ok && in_order && context->trust && !context->demonstration)
        ok = err_set(err, ERR_FORBIDDEN, "error.signature_wanted: %s: the clerk signs what is filed", w.c.number);
    if (ok)
        ok = in_order ? prepare(&w, documents, coupon) && filing_enter_registering(&w, EVENT_DOCUMENTS_IN_ORDER)
                      : refuse(&w, documents, why_not);
    return filing_work_end(&w, ok);
}

bool filing_may_file(struct filing_work *w)
{
    static const char count[] = "SELECT count(*) FROM document WHERE filing = $1 AND in_order = 1 AND checked_by = $2";
    enum filing_state to;
    int64_t prepared;
    if (!filing_may_act(w) || !filing_event_allowed(&w->c, EVENT_DOCUMENTS_IN_ORDER, w->actor->role, &to, w->err) ||
        !filing_number_of(w->db, count, VALUES(v_int(w->c.id.n), v_iin(w->actor->person)), 0, &prepared, w->err))
        return false;
    return prepared > 0 ||
           err_set(w->err, ERR_CONFLICT, "error.step_not_possible: %s: no documents were checked by this clerk", w->c.number);
}

bool filing_file_documents(struct filing_work *w)
{
    static const char update[] = "UPDATE document SET level = 'eds' WHERE filing = $1";
    return filing_run(w->db, update, VALUES(v_int(w->c.id.n)), w->err) && filing_enter_registering(w, EVENT_DOCUMENTS_IN_ORDER);
}
