/* SPDX-License-Identifier: Apache-2.0 */
/* The row of a case. */
#include <inttypes.h>

#include "filing/filing_impl.h"

static bool parse_names(struct db_query *q, struct filing_case *c)
{
    struct str degree = db_str(q, 11), side = db_str(q, 12);
    c->relation = (struct law_relation){ .degree = LAW_NO_DEGREE, .side = KIN_SIDE_NONE };
    return filing_state_parse(db_str(q, 1), &c->state) && law_service_parse(db_str(q, 2), &c->service) &&
           law_channel_parse(db_str(q, 3), &c->channel) && (degree.n == 0 || law_degree_parse(degree, &c->relation.degree)) &&
           (side.n == 0 || kin_side_parse(side, &c->relation.side));
}

static bool read_row(struct filing_work *w, struct db_query *q, struct filing_id id)
{
    struct filing_case *c = &w->c;
    *c = (struct filing_case){
        .id = id,
        .version = db_int(q, 0),
        .legal_day = filing_column_day(q, 4),
        .opened_at = { db_int(q, 5) },
        .changed_at = { db_int(q, 6) },
        .opened_by = filing_column_iin(q, 7),
        .applicant = filing_column_iin(q, 8),
        .rka = arena_str(&w->arena, db_str(q, 9)),
        .months = (int)db_int(q, 10),
        .entered_owner = filing_column_iin(q, 13),
        .ordinary = db_int(q, 14) != 0,
        .decision = db_int(q, 15),
        .refusal = arena_str(&w->arena, db_str(q, 16)),
        .registered_since = filing_column_day(q, 17),
        .registered_until = filing_column_day(q, 18),
        .signed_by = filing_level_of(db_str(q, 19)),
    };
    filing_number(id, c->number);
    return parse_names(q, c) || err_set(w->err, ERR_SYSTEM, "%s: the row has a name that is not known", c->number);
}

bool filing_case_load(struct filing_work *w, struct filing_id id)
{
    static const char select[] =
        "SELECT version, state, service, channel, legal_day, opened_at, changed_at, opened_by, applicant, rka, months, "
        "degree, side, entered_owner, ordinary, decision, refusal, registered_since, registered_until, signed_level "
        "FROM filing WHERE id = $1";
    struct db_query q;
    bool found = false, ok = true;
    if (!filing_query(w->db, &q, select, VALUES(v_int(id.n)), w->err))
        return false;
    while (db_row(&q)) {
        found = true;
        ok = read_row(w, &q, id);
    }
    struct err failed;
    if (!db_finish(&q, &failed)) {
        *w->err = failed;
        return false;
    }
    return ok && (found || err_set(w->err, ERR_NOT_FOUND, "there is no filing %" PRId64, id.n));
}

bool filing_insert_case(struct filing_work *w, const struct filing_opening *opening)
{
    static const char insert[] = "INSERT INTO filing (state, service, channel, legal_day, opened_at, changed_at, opened_by, "
                                 "applicant, rka, months, entered_owner) "
                                 "VALUES ($1, $2, $3, $4, $5, $5, $6, $7, $8, $9, $10)";
    static const char event[] = "INSERT INTO filing_event (filing, at, event, state, role) VALUES ($1, $2, $3, $4, $5)";
    if (!filing_run(w->db, insert,
                    VALUES(v_text(filing_state_name(FILING_ASKING)), v_text(law_service_name(opening->service)),
                           v_text(law_channel_name(opening->channel)), v_day(w->context->legal_day), v_at(w->context->now),
                           v_iin(w->actor->person), v_iin(opening->applicant), v_str(opening->rka), v_int(opening->months),
                           v_iin(opening->entered_owner)),
                    w->err))
        return false;
    struct filing_id id = { db_last_id(w->db) };
    return filing_run(w->db, event,
                      VALUES(v_int(id.n), v_at(w->context->now), v_text(filing_event_name(EVENT_OPEN)),
                             v_text(filing_state_name(FILING_ASKING)), v_text(filing_role_name(w->actor->role))),
                      w->err) &&
           filing_case_load(w, id) && filing_audit(w, "open", filing_purpose_of(w), law_channel_name(opening->channel));
}

bool filing_update_case(struct filing_work *w)
{
    static const char update[] = "UPDATE filing SET version = version + 1, state = $3, changed_at = $4, degree = $5, side = $6, "
                                 "ordinary = $7, decision = $8, "
                                 "refusal = $9, registered_since = $10, registered_until = $11 WHERE id = $1 AND version = $2";
    struct filing_case *c = &w->c;
    bool chosen = c->relation.degree != LAW_NO_DEGREE;
    bool sided = c->relation.side != KIN_SIDE_NONE;
    if (!filing_run(w->db, update,
                    VALUES(v_int(c->id.n), v_int(c->version), v_text(filing_state_name(c->state)), v_at(c->changed_at),
                           v_text(chosen ? law_degree_name(c->relation.degree) : NULL),
                           v_text(sided ? kin_side_name(c->relation.side) : NULL), v_int(c->ordinary),
                           c->decision ? v_int(c->decision) : v_null(), c->refusal.n ? v_str(c->refusal) : v_null(),
                           v_day(c->registered_since), v_day(c->registered_until)),
                    w->err))
        return false;
    if (db_changes(w->db) != 1)
        return err_set(w->err, ERR_CONFLICT, "error.changed_meanwhile: %s was changed by somebody else since it was read",
                       c->number);
    c->version++;
    return true;
}
