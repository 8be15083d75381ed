/* SPDX-License-Identifier: Apache-2.0 */
/* The row of a signature. */
#include <inttypes.h>
#include <string.h>

#include "filing/filing_signature_impl.h"

#define COLUMNS                                                                                                                  \
    "id, filing, version, purpose, person, bin, role, subject, content, digest, ocsp_nonce, ticket, state, asked_at, until_at, " \
    "spent, cms, received_at, step, reason"

static enum eds_step_kind step_of(struct str name)
{
    for (int i = 0; i < EDS_STEP_KINDS; i++) {
        if (str_is(name, eds_step_name((enum eds_step_kind)i)))
            return (enum eds_step_kind)i;
    }
    return EDS_STEP_FORM;
}

static enum eds_reason reason_of(struct str name)
{
    for (int i = 0; i < EDS_REASON_COUNT; i++) {
        if (str_is(name, eds_reason_name((enum eds_reason)i)))
            return (enum eds_reason)i;
    }
    return EDS_OK;
}

static bool read_row(struct filing_work *w, struct db_query *q, struct signature *ret)
{
    struct str digest = db_str(q, 9);
    *ret = (struct signature){ .s = { .id = db_int(q, 0),
                                      .filing = { db_int(q, 1) },
                                      .person = filing_column_iin(q, 4),
                                      .company = filing_column_iin(q, 5),
                                      .content = arena_str(&w->arena, db_str(q, 8)),
                                      .asked_at = { db_int(q, 13) },
                                      .until = { db_int(q, 14) },
                                      .received_at = { db_int(q, 17) } },
                               .version = db_int(q, 2),
                               .bin = arena_str(&w->arena, db_str(q, 5)),
                               .subject = arena_str(&w->arena, db_str(q, 7)),
                               .ocsp_nonce = arena_str(&w->arena, db_str(q, 10)),
                               .ticket = arena_str(&w->arena, db_str(q, 11)),
                               .spent = db_int(q, 15) != 0,
                               .cms = arena_str(&w->arena, db_str(q, 16)) };
    if (digest.n >= sizeof ret->s.digest || !filing_signature_purpose_parse(db_str(q, 3), &ret->s.purpose) ||
        !filing_role_parse(db_str(q, 6), &ret->s.role) || !filing_signature_state_parse(db_str(q, 12), &ret->s.result.state))
        return false;
    memcpy(ret->s.digest, digest.p, digest.n);
    ret->s.result.step = step_of(db_str(q, 18));
    ret->s.result.reason = reason_of(db_str(q, 19));
    if (ret->s.result.state == FILING_SIGNATURE_OPEN && ret->s.until.ms < w->context->now.ms)
        ret->s.result.state = FILING_SIGNATURE_EXPIRED;
    return true;
}

static bool load(struct filing_work *w, const char *sql, struct filing_value by, struct signature *ret)
{
    struct db_query q;
    struct err failed;
    bool found = false;
    if (!filing_query(w->db, &q, sql, &by, 1, w->err))
        return false;
    while (db_row(&q))
        found = read_row(w, &q, ret);
    if (!db_finish(&q, &failed)) {
        *w->err = failed;
        return false;
    }
    return found || err_set(w->err, ERR_NOT_FOUND, "error.signature_gone: there is no such request for a signature");
}

bool signature_load(struct filing_work *w, int64_t id, struct signature *ret)
{
    return load(w, "SELECT " COLUMNS " FROM signature WHERE id = $1", v_int(id), ret);
}

bool signature_load_by_ticket(struct filing_work *w, struct str ticket, struct signature *ret)
{
    char digest[DIGEST_HEX];
    if (ticket.n != FILING_TICKET - 1)
        return err_set(w->err, ERR_NOT_FOUND, "error.signature_gone: there is no such request for a signature");
    return load(w, "SELECT " COLUMNS " FROM signature WHERE ticket = $1", v_text(digest_hex(ticket, digest)), ret);
}

static bool is_for(const struct signature *x, const struct filing_access *access)
{
    char digest[DIGEST_HEX];
    bool ticketed = access->ticket.n == FILING_TICKET - 1 && x->ticket.n > 0;
    if (ticketed && digest_equal(str_from(digest_hex(access->ticket, digest)), x->ticket))
        return true;
    if (access->phone.n > 0)
        return signature_is_for_phone(x, access->phone);
    const struct filing_actor *actor = access->actor;
    return actor && x->s.purpose != FILING_SIGN_IN && iin_equal(actor->person, x->s.person) && actor->role == x->s.role;
}

bool signature_open(struct filing_work *w, const struct filing_access *access, int64_t id, struct signature *ret)
{
    if (!signature_load(w, id, ret))
        return false;
    if (!is_for(ret, access))
        return err_set(w->err, ERR_NOT_FOUND, "error.signature_gone: there is no such request for a signature");
    return ret->s.filing.n == 0 || filing_case_load(w, ret->s.filing);
}

struct filing_actor signature_actor(const struct filing_work *w, const struct signature *x)
{
    return (struct filing_actor){ .person = x->s.person, .role = x->s.role, .channel = w->c.id.n ? w->c.channel : LAW_PORTAL };
}

bool signature_set(struct filing_work *w, struct signature *x, struct filing_signature_result result)
{
    static const char update[] = "UPDATE signature SET state = $2, step = $3, reason = $4, person = $5 WHERE id = $1";
    bool said = result.reason != EDS_OK;
    x->s.result = result;
    return filing_run(w->db, update,
                      VALUES(v_int(x->s.id), v_text(filing_signature_state_name(result.state)),
                             v_text(said ? eds_step_name(result.step) : NULL),
                             v_text(said ? eds_reason_name(result.reason) : NULL), v_iin(x->s.person)),
                      w->err);
}

/* ---- of a case ---- */

static bool withdraw(struct filing_work *w, const char *purpose, struct iin person)
{
    static const char requests[] = "UPDATE signature SET state = 'withdrawn' WHERE filing = $1 AND state IN ('open', 'checking') "
                                   "AND ($2 IS NULL OR purpose = $2) AND ($3 IS NULL OR person = $3)";
    static const char fetches[] = "UPDATE signature_fetch SET state = 'withdrawn' WHERE state IN ('open', 'silent') "
                                  "AND signature IN (SELECT id FROM signature WHERE filing = $1 AND state = 'withdrawn')";
    return filing_run(w->db, requests, VALUES(v_int(w->c.id.n), v_text(purpose), v_iin(person)), w->err) &&
           filing_run(w->db, fetches, VALUES(v_int(w->c.id.n)), w->err);
}

bool filing_signatures_withdraw(struct filing_work *w, enum filing_signature_purpose purpose, struct iin person)
{
    return withdraw(w, filing_signature_purpose_name(purpose), person);
}

bool filing_signatures_withdraw_all(struct filing_work *w) { return withdraw(w, NULL, (struct iin){ 0 }); }

bool filing_signature_of_reader(struct filing_work *w, struct filing_signature *ret)
{
    static const char latest[] = "SELECT max(id) FROM signature WHERE filing = $1 AND person = $2 AND role = $3";
    struct signature x;
    int64_t id;
    *ret = (struct filing_signature){ 0 };
    if (!filing_number_of(w->db, latest,
                          VALUES(v_int(w->c.id.n), v_iin(w->actor->person), v_text(filing_role_name(w->actor->role))), 0, &id,
                          w->err))
        return false;
    if (id == 0)
        return true;
    if (!signature_load(w, id, &x))
        return false;
    *ret = x.s;
    ret->content = STR("");
    return true;
}
