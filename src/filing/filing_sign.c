/* SPDX-License-Identifier: Apache-2.0 */
/* The applicant signs, the owners consent: by one-time code, or by electronic signature (filing_signature_apply.c). */
#include <string.h>

#include "base/digest.h"
#include "base/json.h"
#include "filing/filing_impl.h"

#define CONSENT_MS HOUR_MS

/* ---- whose consent is wanted ---- */

enum consent_row { CONSENT_NONE, CONSENT_WANTED, CONSENT_GIVEN, CONSENT_LATE };

static bool consent_of_actor(struct filing_work *w, enum consent_row *ret)
{
    static const char select[] = "SELECT given, until_at FROM consent WHERE filing = $1 AND person = $2";
    struct db_query q;
    *ret = CONSENT_NONE;
    if (!filing_query(w->db, &q, select, VALUES(v_int(w->c.id.n), v_iin(w->actor->person)), w->err))
        return false;
    while (db_row(&q))
        *ret = !db_is_null(&q, 0) ? CONSENT_GIVEN : db_int(&q, 1) < w->context->now.ms ? CONSENT_LATE : CONSENT_WANTED;
    return db_finish(&q, w->err);
}

bool filing_consent_is_wanted(struct filing_work *w)
{
    enum consent_row row;
    if (!consent_of_actor(w, &row))
        return false;
    if (row == CONSENT_NONE || w->actor->role != FILING_CITIZEN)
        return filing_refuse_access(w);
    if (row == CONSENT_LATE)
        return err_set(w->err, ERR_CONFLICT, "error.consent_late: %s: the hour for the consent is over", w->c.number);
    if (w->c.state != FILING_CONSENT || row == CONSENT_GIVEN)
        return err_set(w->err, ERR_CONFLICT, "error.step_not_possible: %s: this consent is not awaited any more", w->c.number);
    return true;
}

static bool people_are_known(struct filing_work *w, const struct filing_answers *answers, struct filing_people *ret)
{
    filing_people_find(&w->c, answers, ret);
    if (ret->impossible)
        return err_set(w->err, ERR_CONFLICT, "error.consent_impossible: %s: an owner has to consent who cannot do so online",
                       w->c.number);
    if (ret->unknown)
        return err_set(w->err, ERR_CONFLICT, "error.people_not_known_yet: %s: GBD FL has not answered about the owners yet",
                       w->c.number);
    return true;
}

/* Nothing to be signed that cannot go on. */
bool filing_may_sign(struct filing_work *w)
{
    struct filing_answers answers;
    struct filing_people people;
    enum filing_state to;
    return filing_may_act(w) && filing_event_allowed(&w->c, EVENT_SIGN, w->actor->role, &to, w->err) &&
           filing_answers_load(w, &answers) && people_are_known(w, &answers, &people);
}

bool filing_send_code(struct db *db, const struct filing_context *context, const struct filing_actor *actor, struct filing_id id,
                      struct err *err)
{
    struct filing_work w;
    if (!filing_work_begin(&w, db, context, actor, id, err))
        return false;
    bool by_applicant = iin_equal(actor->person, w.c.applicant);
    bool ok = by_applicant ? filing_may_sign(&w) : filing_consent_is_wanted(&w);
    return filing_work_end(&w, ok && filing_code_send(&w, by_applicant ? "sign" : "consent"));
}

/* ---- the applicant signs ---- */

/* What is signed: the columns of application and coupon, as one JSON array. */
static void digest_signed(struct db_query *q, int columns, char ret[DIGEST_HEX])
{
    struct buf text;
    struct json j;
    buf_init(&text, 16384);
    json_init(&j, &text);
    json_open_array(&j);
    for (int i = 0; i < columns; i++)
        json_str(&j, db_str(q, i));
    json_end(&j);
    digest_hex(buf_str(&text), ret);
    buf_release(&text);
}

static bool digest_columns(struct filing_work *w, char ret[DIGEST_HEX])
{
    static const char select[] =
        "SELECT f.id, f.service, f.channel, f.legal_day, f.applicant, f.rka, f.months, f.degree, f.side, c.reason, "
        "c.education, c.marital, c.occupation, c.arrives_with, c.children_under_14, c.previous_place, c.arrived "
        "FROM filing f JOIN coupon c ON c.filing = f.id WHERE f.id = $1";
    struct db_query q;
    *ret = '\0';
    if (!filing_query(w->db, &q, select, VALUES(v_int(w->c.id.n)), w->err))
        return false;
    while (db_row(&q))
        digest_signed(&q, 17, ret);
    return db_finish(&q, w->err);
}

static bool store_signed(struct filing_work *w, enum filing_level level, const char *digest)
{
    static const char update[] = "UPDATE filing SET signed_digest = $2, signed_level = $3 WHERE id = $1";
    struct str detail = arena_printf(&w->arena, "%s %s", filing_level_name(level), digest);
    return filing_run(w->db, update, VALUES(v_int(w->c.id.n), v_text(digest), v_text(filing_level_name(level))), w->err) &&
           filing_audit(w, "signed", filing_purpose_of(w), detail.p);
}

/* Consents that were given for this case stay; the others are asked for. */
static bool ask_consents(struct filing_work *w, const struct filing_answers *answers, const struct filing_people *people)
{
    static const char upsert[] =
        "INSERT INTO consent (filing, person, company, asked_at, until_at) VALUES ($1, $2, $3, $4, $5) "
        "ON CONFLICT (filing, person) DO UPDATE SET asked_at = excluded.asked_at, until_at = excluded.until_at "
        "WHERE given IS NULL";
    struct str who = filing_initials(&w->arena, filing_person_of(answers, w->c.applicant));
    int64_t now = w->context->now.ms;
    for (int i = 0; i < people->count; i++) {
        const struct filing_consenter *consenter = &people->consenter[i];
        if (!filing_run(w->db, upsert,
                        VALUES(v_int(w->c.id.n), v_iin(consenter->person), v_str(consenter->company), v_int(now),
                               v_int(now + CONSENT_MS)),
                        w->err))
            return false;
        if (db_changes(w->db) == 1 && !filing_tell(w, answers, consenter->person, T_SMS_CONSENT_WANTED, who))
            return false;
    }
    return true;
}

static bool open_consents(struct filing_work *w, int64_t *ret)
{
    static const char count[] = "SELECT count(*) FROM consent WHERE filing = $1 AND given IS NULL";
    return filing_number_of(w->db, count, VALUES(v_int(w->c.id.n)), 0, ret, w->err);
}

bool filing_sign_application(struct filing_work *w, enum filing_level level, const char *digest)
{
    struct filing_answers answers;
    struct filing_people people;
    int64_t open = 0;
    bool ok = filing_answers_load(w, &answers) && people_are_known(w, &answers, &people) && store_signed(w, level, digest) &&
              ask_consents(w, &answers, &people) && open_consents(w, &open);
    if (ok)
        ok = open > 0 ? filing_move(w, EVENT_SIGN_FOR_CONSENT, "") : filing_enter_registering(w, EVENT_SIGN);
    return ok;
}

bool filing_sign(struct db *db, const struct filing_context *context, const struct filing_actor *actor, struct filing_id id,
                 struct str code, struct err *err)
{
    struct filing_work w;
    char digest[DIGEST_HEX];
    if (!filing_work_begin(&w, db, context, actor, id, err))
        return false;
    return filing_work_end(&w, filing_may_sign(&w) && filing_code_check(&w, "sign", code) && digest_columns(&w, digest) &&
                                   filing_signatures_withdraw(&w, FILING_SIGN_APPLICATION, actor->person) &&
                                   filing_sign_application(&w, FILING_BY_CODE, digest));
}

/* ---- an owner answers ---- */

bool filing_answer_consent(struct filing_work *w, bool agree, enum filing_level level)
{
    static const char update[] =
        "UPDATE consent SET given = $3, given_at = $4, level = $5 WHERE filing = $1 AND person = $2 AND given IS NULL";
    struct filing_value by = level == FILING_UNSIGNED ? v_null() : v_text(filing_level_name(level));
    struct filing_answers answers;
    int64_t open;
    if (!filing_run(w->db, update, VALUES(v_int(w->c.id.n), v_iin(w->actor->person), v_int(agree), v_at(w->context->now), by),
                    w->err) ||
        !filing_audit(w, agree ? "consent" : "decline", FILING_FOR_OWNER, agree ? filing_level_name(level) : "") ||
        !open_consents(w, &open) || !filing_answers_load(w, &answers))
        return false;
    if (!agree)
        return filing_move(w, EVENT_DECLINE, "") && filing_withdraw_all(w) &&
               filing_tell(w, &answers, w->c.applicant, T_SMS_DECLINED, STR(""));
    if (open > 0)
        return true;
    return filing_enter_registering(w, EVENT_ALL_AGREED) &&
           filing_tell(w, &answers, w->c.applicant, T_SMS_CONSENT_GIVEN, STR(""));
}

bool filing_consent(struct db *db, const struct filing_context *context, const struct filing_actor *actor, struct filing_id id,
                    bool agree, struct str code, struct err *err)
{
    struct filing_work w;
    if (!filing_work_begin(&w, db, context, actor, id, err))
        return false;
    return filing_work_end(&w, filing_consent_is_wanted(&w) && (!agree || filing_code_check(&w, "consent", code)) &&
                                   filing_signatures_withdraw(&w, FILING_SIGN_CONSENT, actor->person) &&
                                   filing_answer_consent(&w, agree, agree ? FILING_BY_CODE : FILING_UNSIGNED));
}
