/* SPDX-License-Identifier: Apache-2.0 */
/* Everything that is shown of one case.  Reading it as a clerk or an owner leaves an audit entry. */
#include <string.h>

#include "filing/filing_impl.h"

/* ---- who may see it ---- */

static bool has_consent_row(struct filing_work *w, bool *ret)
{
    int64_t n;
    if (!filing_number_of(w->db, "SELECT count(*) FROM consent WHERE filing = $1 AND person = $2",
                          VALUES(v_int(w->c.id.n), v_iin(w->actor->person)), 0, &n, w->err))
        return false;
    *ret = n > 0;
    return true;
}

static bool leave_trace(struct filing_work *w, const char *action, enum filing_purpose purpose)
{
    if (db_is_read_only(w->db))
        return err_set(w->err, ERR_SYSTEM, "%s: a reading that leaves an audit entry needs a connection that may write",
                       w->c.number);
    return filing_audit(w, action, purpose, "");
}

static bool is_applicant(const struct filing_work *w)
{
    return w->actor->role == FILING_CITIZEN && iin_equal(w->actor->person, w->c.applicant);
}

static bool may_see(struct filing_work *w)
{
    const struct filing_actor *actor = w->actor;
    bool wanted;
    if (actor->role == FILING_SYSTEM || is_applicant(w))
        return true;
    if (filing_is_desk_clerk(&w->c, actor))
        return leave_trace(w, "read", FILING_FOR_CLERK);
    if (actor->role != FILING_CITIZEN)
        return filing_refuse_access(w);
    if (!has_consent_row(w, &wanted))
        return false;
    return wanted ? leave_trace(w, "read", FILING_FOR_OWNER) : filing_refuse_access(w);
}

static bool may_take_letter(struct filing_work *w)
{
    return is_applicant(w) ? leave_trace(w, "letter", FILING_FOR_APPLICANT) : filing_refuse_access(w);
}

/* ---- parts; all texts are copied into the reader's arena ---- */

struct part {
    struct filing_work *w;
    struct arena *arena;
    struct filing_view *view;
};

static struct str full_name(struct arena *arena, const struct registry_person *p)
{
    if (!p)
        return STR("");
    return str_trim(
        arena_printf(arena, STR_FMT " " STR_FMT " " STR_FMT, STR_ARG(p->surname), STR_ARG(p->name), STR_ARG(p->patronymic)));
}

static void see_answers(struct part *part, const struct filing_answers *answers)
{
    struct filing_view *v = part->view;
    const struct registry_dwelling *dwelling = filing_dwelling_of(answers, part->w->c.rka);
    v->applicant_name = full_name(part->arena, filing_person_of(answers, v->applicant));
    if (dwelling) {
        v->address_kk = arena_str(part->arena, dwelling->address_kk);
        v->address_ru = arena_str(part->arena, dwelling->address_ru);
        v->cadastral_number = arena_str(part->arena, dwelling->cadastral_number);
        v->dwelling_known = !dwelling->owners_silent;
    }
    for (int i = 0; dwelling && i < dwelling->owners; i++)
        v->entered_owner_is_owner |= !iin_is_none(v->entered_owner) && iin_equal(dwelling->owner[i].id, v->entered_owner);
    if (v->state == FILING_COUPON || v->state == FILING_SIGNING) {
        struct filing_people people;
        filing_people_find(&part->w->c, answers, &people);
        v->consent_impossible = people.impossible;
    }
}

static bool count_rows(struct part *part, const char *sql, int *ret)
{
    int64_t n;
    if (!filing_number_of(part->w->db, sql, VALUES(v_int(part->view->id.n)), 0, &n, part->w->err))
        return false;
    *ret = (int)n;
    return true;
}

static bool see_questions(struct part *part)
{
    static const char count[] = "SELECT count(*) FROM question WHERE filing = $1 AND superseded = 0 AND state <> 'withdrawn' "
                                "AND purpose IN ('decide', 'recheck', 'register')";
    static const char select[] = "SELECT ask, state, asked_at, answered_at, as_of, attempts, again FROM question "
                                 "WHERE filing = $1 AND superseded = 0 AND state <> 'withdrawn' "
                                 "AND purpose IN ('decide', 'recheck', 'register') ORDER BY id";
    struct filing_view *v = part->view;
    struct db_query q;
    int room;
    if (!count_rows(part, count, &room))
        return false;
    v->question = ARENA_ARRAY(part->arena, struct filing_question_view, room + 1);
    if (!filing_query(part->w->db, &q, select, VALUES(v_int(v->id.n)), part->w->err))
        return false;
    while (v->questions < room && db_row(&q)) {
        struct filing_question_view *one = &v->question[v->questions];
        struct str state = db_str(&q, 1);
        if (!registry_ask_parse(db_str(&q, 0), &one->ask))
            continue;
        one->state = str_is(state, "open") ? FILING_Q_OPEN : str_is(state, "silent") ? FILING_Q_SILENT : FILING_Q_ANSWERED;
        one->asked_at.ms = db_int(&q, 2);
        one->answered_at.ms = db_int(&q, 3);
        one->as_of = filing_column_day(&q, 4);
        one->attempts = (int)db_int(&q, 5);
        v->questions_open += one->state == FILING_Q_OPEN && db_int(&q, 6) == 0;
        v->questions_silent += one->state == FILING_Q_SILENT;
        v->questions++;
    }
    return db_finish(&q, part->w->err);
}

static bool see_events(struct part *part)
{
    static const char select[] = "SELECT at, state, role FROM filing_event WHERE filing = $1 ORDER BY id";
    struct filing_view *v = part->view;
    struct db_query q;
    int room;
    if (!count_rows(part, "SELECT count(*) FROM filing_event WHERE filing = $1", &room))
        return false;
    v->event = ARENA_ARRAY(part->arena, struct filing_event_view, room + 1);
    if (!filing_query(part->w->db, &q, select, VALUES(v_int(v->id.n)), part->w->err))
        return false;
    while (v->events < room && db_row(&q)) {
        struct filing_event_view *one = &v->event[v->events];
        one->at.ms = db_int(&q, 0);
        if (filing_state_parse(db_str(&q, 1), &one->state) && filing_role_parse(db_str(&q, 2), &one->role))
            v->events++;
    }
    return db_finish(&q, part->w->err);
}

/* Who has only an address code must not learn by it who owns the dwelling: "Шолпан К." to everybody but that person and clerks.
 */
static struct str consenter_name(struct part *part, const struct registry_person *person, struct iin owner)
{
    const struct filing_actor *actor = part->w->actor;
    if (!person || actor->role != FILING_CITIZEN || iin_equal(actor->person, owner))
        return full_name(part->arena, person);
    struct str initial = { person->surname.p, filing_first_letter(person->surname) };
    return arena_printf(part->arena, STR_FMT " " STR_FMT "%s", STR_ARG(person->name), STR_ARG(initial), initial.n ? "." : "");
}

static bool see_consents(struct part *part, const struct filing_answers *answers)
{
    static const char select[] = "SELECT person, company, given, until_at, level FROM consent WHERE filing = $1 ORDER BY person";
    struct filing_view *v = part->view;
    struct db_query q;
    int room;
    if (!count_rows(part, "SELECT count(*) FROM consent WHERE filing = $1", &room))
        return false;
    v->consent = ARENA_ARRAY(part->arena, struct filing_consent_view, room + 1);
    if (!filing_query(part->w->db, &q, select, VALUES(v_int(v->id.n)), part->w->err))
        return false;
    while (v->consents < room && db_row(&q)) {
        struct filing_consent_view *one = &v->consent[v->consents++];
        one->owner = filing_column_iin(&q, 0);
        one->name = consenter_name(part, filing_person_of(answers, one->owner), one->owner);
        one->company = arena_str(part->arena, db_str(&q, 1));
        one->given = db_is_null(&q, 2) ? TRI_UNKNOWN : tri_of(db_int(&q, 2) != 0);
        one->until.ms = db_int(&q, 3);
        one->level = filing_level_of(db_str(&q, 4));
    }
    return db_finish(&q, part->w->err);
}

static bool see_coupon(struct part *part)
{
    static const char select[] =
        "SELECT reason, education, marital, occupation, arrives_with, previous_place, children_under_14, arrived "
        "FROM coupon WHERE filing = $1";
    struct filing_coupon *c = &part->view->coupon;
    struct db_query q;
    c->arrived = DAY_NONE;
    if (!filing_query(part->w->db, &q, select, VALUES(v_int(part->view->id.n)), part->w->err))
        return false;
    while (db_row(&q)) {
        struct str *const texts[] = {
            &c->reason, &c->education, &c->marital, &c->occupation, &c->arrives_with, &c->previous_place
        };
        for (int i = 0; i < 6; i++)
            *texts[i] = arena_str(part->arena, db_str(&q, i));
        c->children_under_14 = (int)db_int(&q, 6);
        c->arrived = filing_column_day(&q, 7);
        part->view->has_coupon = true;
    }
    return db_finish(&q, part->w->err);
}

static bool see_previous_place(struct part *part)
{
    static const char select[] = "SELECT answer FROM question WHERE filing = $1 AND purpose = 'prefill' AND state = 'answered'";
    struct db_query q;
    struct err failed;
    bool ok = true;
    if (!filing_query(part->w->db, &q, select, VALUES(v_int(part->view->id.n)), part->w->err))
        return false;
    while (ok && db_row(&q)) {
        struct registry_answer answer;
        ok = registry_answer_read(arena_str(part->arena, db_str(&q, 0)), part->arena, &answer, part->w->err);
        part->view->previous_kk = ok ? answer.dwelling.address_kk : STR("");
        part->view->previous_ru = ok ? answer.dwelling.address_ru : STR("");
    }
    if (db_finish(&q, &failed))
        return ok;
    *part->w->err = failed;
    return false;
}

static bool see_documents(struct part *part)
{
    static const char select[] =
        "SELECT representative, basis, document, identity_checked, authority_checked, consent_given, presence "
        "FROM document WHERE filing = $1";
    struct db_query q;
    if (!filing_query(part->w->db, &q, select, VALUES(v_int(part->view->id.n)), part->w->err))
        return false;
    while (db_row(&q)) {
        part->view->documents = (struct filing_documents){ .representative = filing_column_iin(&q, 0),
                                                           .basis = arena_str(part->arena, db_str(&q, 1)),
                                                           .document = arena_str(part->arena, db_str(&q, 2)),
                                                           .identity_checked = db_int(&q, 3) != 0,
                                                           .authority_checked = db_int(&q, 4) != 0,
                                                           .consent_given = db_int(&q, 5) != 0,
                                                           .presence = db_int(&q, 6) != 0 };
        part->view->has_documents = true;
    }
    return db_finish(&q, part->w->err);
}

/* The code that was sent to the person who looks. */
static bool see_code(struct part *part)
{
    static const char select[] =
        "SELECT max(expires_at) FROM code WHERE filing = $1 AND person = $2 AND spent = 0 AND expires_at >= $3";
    struct filing_work *w = part->w;
    int64_t until;
    if (!filing_number_of(w->db, select, VALUES(v_int(w->c.id.n), v_iin(w->actor->person), v_at(w->context->now)), 0, &until,
                          w->err))
        return false;
    part->view->code_sent = until > 0;
    part->view->code_until.ms = until;
    return true;
}

static bool see_decision(struct part *part)
{
    static const char select[] = "SELECT decision FROM decision WHERE id = $1";
    struct filing_work *w = part->w;
    struct db_query q;
    struct err failed;
    bool ok = true;
    if (!filing_query(w->db, &q, select, VALUES(v_int(w->c.decision)), w->err))
        return false;
    while (ok && db_row(&q)) {
        ok = filing_decision_read(db_str(&q, 0), part->arena, &part->view->decision, w->err);
        part->view->has_decision = ok;
    }
    if (db_finish(&q, &failed))
        return ok;
    *w->err = failed;
    return false;
}

/* For the applicant's eyes only. */
static bool see_other(struct part *part)
{
    struct filing_view *v = part->view;
    return !is_applicant(part->w) || filing_other_load(part->w, &v->other, &v->other_as_of);
}

static void see_case(struct part *part)
{
    const struct filing_case *c = &part->w->c;
    *part->view = (struct filing_view){ .id = c->id,
                                        .version = c->version,
                                        .state = c->state,
                                        .service = c->service,
                                        .channel = c->channel,
                                        .legal_day = c->legal_day,
                                        .opened_at = c->opened_at,
                                        .changed_at = c->changed_at,
                                        .applicant = c->applicant,
                                        .rka = arena_str(part->arena, c->rka),
                                        .months = c->months,
                                        .relation = c->relation,
                                        .other = { .degree = LAW_NO_DEGREE },
                                        .other_as_of = DAY_NONE,
                                        .ordinary_procedure = c->ordinary,
                                        .entered_owner = c->entered_owner,
                                        .refusal = arena_str(part->arena, c->refusal),
                                        .registered_since = c->registered_since,
                                        .registered_until = c->registered_until,
                                        .signed_by = c->signed_by };
    memcpy(part->view->number, c->number, sizeof c->number);
}

static bool read_if(bool (*may)(struct filing_work *w), struct db *db, const struct filing_context *context,
                    const struct filing_actor *actor, struct filing_id id, struct arena *arena, struct filing_view *ret,
                    struct err *err)
{
    struct filing_work w;
    struct filing_answers answers;
    struct filing_view view;
    struct part part = { .w = &w, .arena = arena, .view = &view };
    if (!filing_work_begin(&w, db, context, actor, id, err))
        return false;
    bool ok = may(&w) && filing_answers_load(&w, &answers);
    if (ok) {
        see_case(&part);
        see_answers(&part, &answers);
        ok = see_decision(&part) && filing_see_sources(&w, &view) && see_other(&part) && see_questions(&part) &&
             see_events(&part) && see_consents(&part, &answers) && see_coupon(&part) && see_previous_place(&part) &&
             see_documents(&part) && see_code(&part) && filing_signature_of_reader(&w, &view.signature);
    }
    if (!filing_work_end(&w, ok))
        return false;
    *ret = view;
    return true;
}

bool filing_read(struct db *db, const struct filing_context *context, const struct filing_actor *actor, struct filing_id id,
                 struct arena *arena, struct filing_view *ret, struct err *err)
{
    return read_if(may_see, db, context, actor, id, arena, ret, err);
}

bool filing_read_letter(struct db *db, const struct filing_context *context, const struct filing_actor *actor,
                        struct filing_id id, struct arena *arena, struct filing_view *ret, struct err *err)
{
    return read_if(may_take_letter, db, context, actor, id, arena, ret, err);
}
