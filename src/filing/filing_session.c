/* SPDX-License-Identifier: Apache-2.0 */
/* Sessions and accounts.  The table knows a token's digest only: who reads it cannot use it. */
#include <string.h>

#include "base/digest.h"
#include "filing/filing_impl.h"

#define LIFE_MS  (12 * HOUR_MS)
#define IDLE_MS  (30 * MINUTE_MS)
#define TOUCH_MS MINUTE_MS

bool filing_account_holds(struct db *db, struct iin person, enum filing_role role, bool *ret, struct err *err)
{
    static const char count[] = "SELECT count(*) FROM account WHERE person = $1 AND role = $2";
    int64_t n;
    if (!filing_number_of(db, count, VALUES(v_iin(person), v_text(filing_role_name(role))), 0, &n, err))
        return false;
    *ret = n > 0;
    return true;
}

bool filing_account_add(struct db *db, const struct filing_context *context, struct iin person, enum filing_role role,
                        struct err *err)
{
    static const char insert[] = "INSERT INTO account (person, role) VALUES ($1, $2) ON CONFLICT DO NOTHING";
    struct filing_work w;
    if (iin_is_none(person) || (role != FILING_RECEPTION && role != FILING_HALL))
        return err_set(err, ERR_INPUT, "account: a person's IIN and a clerk's role are needed");
    if (!filing_work_begin(&w, db, context, &filing_system_actor, (struct filing_id){ 0 }, err))
        return false;
    bool ok = filing_run(db, insert, VALUES(v_iin(person), v_text(filing_role_name(role))), err);
    if (ok && db_changes(db) == 1)
        ok = filing_audit(&w, "account", FILING_FOR_CLERK, filing_role_name(role));
    return filing_work_end(&w, ok);
}

static bool may_sign_in(struct db *db, struct iin person, enum filing_role role, struct err *err)
{
    bool holds = role == FILING_CITIZEN;
    if (iin_is_none(person) || role == FILING_SYSTEM)
        return err_set(err, ERR_FORBIDDEN, "error.no_account: nobody signs in like this");
    if (!holds && !filing_account_holds(db, person, role, &holds, err))
        return false;
    return holds || err_set(err, ERR_FORBIDDEN, "error.no_account: there is no account for the role %s", filing_role_name(role));
}

static struct str token_digest(struct str token, char ret[DIGEST_HEX]) { return str_from(digest_hex(token, ret)); }

bool filing_session_open(struct db *db, const struct filing_context *context, struct iin person, enum filing_role role,
                         enum law_channel channel, enum text_language language, char ret_token[44], struct err *err)
{
    static const char insert[] = "INSERT INTO session (digest, person, role, channel, language, csrf, opened_at, seen_at) "
                                 "VALUES ($1, $2, $3, $4, $5, $6, $7, $7)";
    _Static_assert(DIGEST_TOKEN == 44, "the header says 44");
    struct filing_actor actor = { .person = person, .role = role, .channel = channel };
    struct filing_work w;
    char token[DIGEST_TOKEN], csrf[DIGEST_TOKEN], digest[DIGEST_HEX];
    if (!filing_work_begin(&w, db, context, &actor, (struct filing_id){ 0 }, err))
        return false;
    digest_token(token);
    digest_token(csrf);
    bool ok = may_sign_in(db, person, role, err) &&
              filing_run(db, insert,
                         VALUES(v_str(token_digest(str_from(token), digest)), v_iin(person), v_text(filing_role_name(role)),
                                v_text(law_channel_name(channel)), v_text(text_language_code(language)), v_text(csrf),
                                v_at(context->now)),
                         err) &&
              filing_audit(&w, "sign_in", filing_purpose_of(&w), law_channel_name(channel));
    if (!filing_work_end(&w, ok))
        return false;
    memcpy(ret_token, token, sizeof token);
    return true;
}

static bool read_session(struct db_query *q, struct filing_session *ret)
{
    struct str csrf = db_str(q, 5);
    *ret = (struct filing_session){ .id = db_int(q, 0), .person = filing_column_iin(q, 1) };
    if (csrf.n >= sizeof ret->csrf)
        return false;
    memcpy(ret->csrf, csrf.p, csrf.n);
    return filing_role_parse(db_str(q, 2), &ret->role) && law_channel_parse(db_str(q, 3), &ret->channel) &&
           text_language_parse(db_str(q, 4), &ret->language);
}

bool filing_session_find(struct db *db, const struct filing_context *context, struct str token, struct filing_session *ret,
                         struct err *err)
{
    static const char select[] = "SELECT id, person, role, channel, language, csrf, seen_at FROM session "
                                 "WHERE digest = $1 AND closed = 0 AND opened_at > $2 AND seen_at > $3";
    struct db_query q;
    char digest[DIGEST_HEX];
    int64_t now = context->now.ms, seen = 0;
    bool found = false;
    struct filing_session session = { 0 };
    if (!filing_query(db, &q, select, VALUES(v_str(token_digest(token, digest)), v_int(now - LIFE_MS), v_int(now - IDLE_MS)),
                      err))
        return false;
    while (db_row(&q)) {
        found = read_session(&q, &session);
        seen = db_int(&q, 6);
    }
    if (!db_finish(&q, err))
        return false;
    if (!found)
        return err_set(err, ERR_NOT_FOUND, "error.no_session: there is no such session, or it is over");
    session.touch_wanted = now - seen > TOUCH_MS;
    if (session.touch_wanted && !db_is_read_only(db)) {
        if (!filing_session_touch(db, context, token, err))
            return false;
        session.touch_wanted = false;
    }
    *ret = session;
    return true;
}

bool filing_session_touch(struct db *db, const struct filing_context *context, struct str token, struct err *err)
{
    static const char update[] = "UPDATE session SET seen_at = $2 WHERE digest = $1 AND closed = 0 AND seen_at < $2";
    char digest[DIGEST_HEX];
    return filing_run(db, update, VALUES(v_str(token_digest(token, digest)), v_at(context->now)), err);
}

bool filing_session_close(struct db *db, const struct filing_context *context, struct str token, struct err *err)
{
    static const char update[] = "UPDATE session SET closed = 1 WHERE digest = $1";
    char digest[DIGEST_HEX];
    struct filing_session session;
    struct filing_work w;
    if (!filing_session_find(db, context, token, &session, err))
        return err->kind == ERR_NOT_FOUND; /* over already */
    struct filing_actor actor = { .person = session.person, .role = session.role, .channel = session.channel };
    if (!filing_work_begin(&w, db, context, &actor, (struct filing_id){ 0 }, err))
        return false;
    return filing_work_end(&w, filing_run(db, update, VALUES(v_str(token_digest(token, digest))), err) &&
                                   filing_audit(&w, "sign_out", filing_purpose_of(&w), ""));
}
