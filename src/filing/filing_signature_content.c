/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is signed: one JSON text, members in a fixed order, made once.  A person can read it; nobody has to write it again, so
 * it needs no canonical form beyond being stored.
 */
#include "base/json.h"
#include "filing/filing_signature_impl.h"

static void put_iin(struct json *j, const char *key, struct iin iin)
{
    json_key(j, key);
    json_iin(j, iin);
}

static void put_moment(struct json *j, const char *key, struct moment at)
{
    char text[MOMENT_TEXT];
    json_put_text(j, key, moment_format(at, text));
}

/* ---- parts about a case ---- */

static void put_person(struct json *j, const char *key, struct iin iin, const struct filing_answers *answers)
{
    const struct registry_person *p = filing_person_of(answers, iin);
    json_key(j, key);
    json_open_object(j);
    put_iin(j, "iin", iin);
    if (p) {
        json_put_str(j, "surname", p->surname);
        json_put_str(j, "name", p->name);
        json_put_str(j, "patronymic", p->patronymic);
    }
    json_end(j);
}

static void put_what(struct filing_work *w, struct json *j, const struct filing_answers *answers)
{
    const struct filing_case *c = &w->c;
    const struct registry_dwelling *dwelling = filing_dwelling_of(answers, c->rka);
    json_put_text(j, "filing", c->number);
    json_put_text(j, "service", law_service_name(c->service));
    json_put_int(j, "months", c->months);
    json_key(j, "legal_day");
    json_day(j, c->legal_day);
    put_person(j, "applicant", c->applicant, answers);
    json_key(j, "address");
    json_open_object(j);
    json_put_str(j, "rka", c->rka);
    json_put_str(j, "kk", dwelling ? dwelling->address_kk : STR(""));
    json_put_str(j, "ru", dwelling ? dwelling->address_ru : STR(""));
    json_end(j);
}

/* The decision as it was shown, with the digest of the answers that it stands on. */
static bool put_decision(struct filing_work *w, struct json *j)
{
    static const char select[] = "SELECT facts, policy FROM decision WHERE id = $1";
    struct law_decision decision;
    struct db_query q;
    if (!filing_decision_load(w, &decision))
        return false;
    if (!filing_query(w->db, &q, select, VALUES(v_int(w->c.decision)), w->err))
        return false;
    json_key(j, "decision");
    json_open_object(j);
    law_decision_write(&decision, j);
    while (db_row(&q)) {
        json_put_str(j, "facts", db_str(&q, 0));
        json_put_str(j, "policy", db_str(&q, 1));
    }
    json_end(j);
    return db_finish(&q, w->err);
}

static bool put_row(struct filing_work *w, struct json *j, const char *key, const char *sql, const char *const *column)
{
    struct db_query q;
    if (!filing_query(w->db, &q, sql, VALUES(v_int(w->c.id.n)), w->err))
        return false;
    json_key(j, key);
    json_open_object(j);
    while (db_row(&q)) {
        for (int i = 0; column[i]; i++)
            json_put_str(j, column[i], db_str(&q, i));
    }
    json_end(j);
    return db_finish(&q, w->err);
}

static bool put_coupon(struct filing_work *w, struct json *j)
{
    static const char select[] = "SELECT reason, education, marital, occupation, arrives_with, children_under_14, "
                                 "previous_place, arrived FROM coupon WHERE filing = $1";
    static const char *const columns[] = { "reason",         "education",    "marital",
                                           "occupation",     "arrives_with", "children_under_14",
                                           "previous_place", "arrived",      NULL };
    return put_row(w, j, "coupon", select, columns);
}

static bool put_documents(struct filing_work *w, struct json *j)
{
    static const char select[] = "SELECT representative, basis, document, identity_checked, authority_checked, consent_given, "
                                 "presence FROM document WHERE filing = $1";
    static const char *const columns[] = { "representative",    "basis",         "document", "identity_checked",
                                           "authority_checked", "consent_given", "presence", NULL };
    return put_row(w, j, "documents", select, columns);
}

/* ---- by purpose ---- */

static bool application(struct filing_work *w, struct json *j, const struct filing_answers *answers)
{
    put_what(w, j, answers);
    if (w->c.relation.degree != LAW_NO_DEGREE) {
        json_put_text(j, "relation", law_degree_name(w->c.relation.degree));
        json_put_text(j, "side", kin_side_name(w->c.relation.side));
    }
    return put_decision(w, j) && put_coupon(w, j);
}

static bool consent(struct filing_work *w, struct json *j, const struct filing_answers *answers, const struct signature *x)
{
    put_what(w, j, answers);
    put_person(j, "owner", x->s.person, answers);
    json_put_str(j, "company", x->bin);
    json_put_text(j, "answer", "consent");
    return true;
}

static bool documents(struct filing_work *w, struct json *j, const struct filing_answers *answers, const struct signature *x)
{
    put_what(w, j, answers);
    put_iin(j, "owner", w->c.entered_owner);
    put_iin(j, "clerk", x->s.person);
    return put_documents(w, j) && put_decision(w, j) && put_coupon(w, j);
}

static bool of_case(struct filing_work *w, struct json *j, const struct signature *x)
{
    struct filing_answers answers;
    if (!filing_answers_load(w, &answers))
        return false;
    switch (x->s.purpose) {
    case FILING_SIGN_APPLICATION: return application(w, j, &answers);
    case FILING_SIGN_CONSENT: return consent(w, j, &answers, x);
    case FILING_SIGN_DOCUMENTS: return documents(w, j, &answers, x);
    default: return true;
    }
}

bool signature_content(struct filing_work *w, const struct filing_signing *wanted, const struct signature *x, struct buf *ret)
{
    char nonce[DIGEST_TOKEN];
    struct json j;
    json_init(&j, ret);
    json_open_object(&j);
    json_put_text(&j, "format", "tirkeu-signing-1");
    json_put_text(&j, "purpose", filing_signature_purpose_name(x->s.purpose));
    if (w->c.id.n && !of_case(w, &j, x))
        return false;
    if (x->s.purpose == FILING_SIGN_IN)
        json_put_text(&j, "role", filing_role_name(x->s.role));
    if (x->s.purpose == FILING_SIGN_POLICY) {
        json_put_str(&j, "policy_version", wanted->policy_version);
        json_put_str(&j, "policy_sha256", wanted->policy_digest);
        put_iin(&j, "author", wanted->policy_author);
        put_iin(&j, "signer", x->s.person);
        json_put_text(&j, "signs_as", signature_policy_role(wanted->policy_author, x->s.person));
    }
    json_put_text(&j, "nonce", digest_token(nonce));
    put_moment(&j, "asked_at", x->s.asked_at);
    put_moment(&j, "until", x->s.until);
    json_end(&j);
    return !ret->over || err_set(w->err, ERR_LIMIT, "what is to be signed is too long");
}
