/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of this folder share.  Order of reading: work.c, states.c, store.c, decide.c, register.c, then the steps. */
#ifndef FILING_FILING_IMPL_H
#define FILING_FILING_IMPL_H

#include "filing/filing_service.h"

#define SECOND_MS INT64_C(1000)
#define MINUTE_MS (60 * SECOND_MS)
#define HOUR_MS   (60 * MINUTE_MS)

/* ---- SQL with values (filing_sql.c) ---- */

struct filing_value {
    enum { VALUE_NULL, VALUE_INT, VALUE_STR, VALUE_BYTES, VALUE_OWN } kind;
    int64_t n;
    struct str s;
    char own[16]; /* text of an IIN or a day */
};
struct filing_value v_null(void);
struct filing_value v_int(int64_t n);
struct filing_value v_at(struct moment at);
struct filing_value v_str(struct str s);
struct filing_value v_text(const char *text); /* NULL gives SQL's NULL */
struct filing_value v_bytes(const void *p, size_t n);
struct filing_value v_iin(struct iin iin); /* NULL for none */
struct filing_value v_day(struct day day); /* NULL for none */

/* An array of values for filing_query, which binds copies of them. */
#define VALUES(...)                                                                                                              \
    (struct filing_value[]){ __VA_ARGS__ }, (int)(sizeof((struct filing_value[]){ __VA_ARGS__ }) / sizeof(struct filing_value))

/* Binds $1, $2, ... in order; rows are then read with db_row. */
bool filing_query(struct db *db, struct db_query *ret, const char *sql, const struct filing_value *value, int count,
                  struct err *err);
/* A statement without rows. */
bool filing_run(struct db *db, const char *sql, const struct filing_value *value, int count, struct err *err);
/* One whole number; `otherwise` when there is no row or it is NULL. */
bool filing_number_of(struct db *db, const char *sql, const struct filing_value *value, int count, int64_t otherwise,
                      int64_t *ret, struct err *err);

struct iin filing_column_iin(struct db_query *q, int column);
struct day filing_column_day(struct db_query *q, int column);

/* ---- the case and the work on it (filing_work.c, filing_store.c) ---- */

struct filing_case {
    struct filing_id id;
    int64_t version;
    enum filing_state state;
    enum law_service service;
    enum law_channel channel;
    struct day legal_day;
    struct moment opened_at, changed_at;
    struct iin opened_by, applicant, entered_owner;
    struct str rka;
    int months;
    struct law_relation relation;
    bool ordinary;
    int64_t decision; /* 0: none */
    struct str refusal;
    struct day registered_since, registered_until;
    enum filing_level signed_by;
    char number[FILING_NUMBER];
};

/* One step: its connection and transaction, who does it, the case, memory, where the error goes. */
struct filing_work {
    struct db *db;
    const struct filing_context *context;
    const struct filing_actor *actor;
    struct arena arena;
    struct err *err;
    struct filing_case c;
    bool savepoint; /* inside somebody else's transaction */
    bool keep;      /* what was written stays although the step fails */
};
extern const struct filing_actor filing_system_actor;

/* Opens the transaction (or a savepoint in it) and reads the case; id 0: no case. */
bool filing_work_begin(struct filing_work *w, struct db *db, const struct filing_context *context,
                       const struct filing_actor *actor, struct filing_id id, struct err *err);
/* The same for the system that only reads: it neither waits for whoever writes nor holds anybody up. */
bool filing_work_begin_reading(struct filing_work *w, struct db *db, const struct filing_context *context, struct err *err);
/* Ends it: keeps the work when `ok` (or w->keep), undoes it otherwise; returns ok unless the commit fails. */
bool filing_work_end(struct filing_work *w, bool ok);
/* The case of `w` replaced by another one, within the same transaction. */
bool filing_case_load(struct filing_work *w, struct filing_id id);

/* The actor is the applicant, or the clerk of the desk where the case was opened; else ERR_FORBIDDEN and an audit entry. */
bool filing_may_act(struct filing_work *w);
bool filing_refuse_access(struct filing_work *w);
bool filing_is_desk_clerk(const struct filing_case *c, const struct filing_actor *actor);

bool filing_insert_case(struct filing_work *w, const struct filing_opening *opening);
/* Writes relation, ordinary, decision, refusal and registration of w->c; the row's version is checked and goes up by one. */
bool filing_update_case(struct filing_work *w);

/* ---- states (filing_states.c) ---- */

enum filing_event {
    EVENT_OPEN,
    EVENT_ASK,
    EVENT_WAIT,
    EVENT_CHOICE_WANTED,
    EVENT_NOT_CONFIRMED,
    EVENT_TO_COUPON,
    EVENT_TO_HALL,
    EVENT_TO_ONLINE,
    EVENT_TO_DOCUMENTS,
    EVENT_HALL_REFUSES,
    EVENT_INVALID,
    EVENT_CHOOSE,
    EVENT_ASK_AGAIN,
    EVENT_CHOOSE_OTHER,
    EVENT_SAVE_COUPON,
    EVENT_SIGN_FOR_CONSENT,
    EVENT_SIGN,
    EVENT_ALL_AGREED,
    EVENT_DECLINE,
    EVENT_EXPIRE,
    EVENT_DOCUMENTS_IN_ORDER,
    EVENT_DOCUMENTS_REFUSED,
    EVENT_NORM_REACHED,
    EVENT_REGISTERED,
    EVENT_REGISTER_REFUSED,
    EVENT_CANCEL,
    FILING_EVENTS
};
const char *filing_event_name(enum filing_event event);
/* Whether the table allows the event: ERR_CONFLICT in the wrong state, ERR_FORBIDDEN for the wrong role. */
bool filing_event_allowed(const struct filing_case *c, enum filing_event event, enum filing_role role, enum filing_state *ret_to,
                          struct err *err);
/* Moves w->c: row (by version), event, audit entry. */
bool filing_move(struct filing_work *w, enum filing_event event, const char *detail);
/* The same by the system itself, whoever's step it is part of. */
bool filing_move_by_system(struct filing_work *w, enum filing_event event, const char *detail);
bool filing_state_parse(struct str name, enum filing_state *ret);
bool filing_role_parse(struct str name, enum filing_role *ret);

/* ---- audit (filing_audit.c) ---- */

bool filing_audit(struct filing_work *w, const char *action, enum filing_purpose purpose, const char *detail);
enum filing_purpose filing_purpose_of(const struct filing_work *w);

/* ---- what couriers work off (filing_lease.c) ---- */

enum filing_queue { FILING_QUESTIONS, FILING_FETCHES };
struct filing_lease {
    int64_t id, fence;
    int attempts;
};
/* The end of the SELECT that finds what may be leased: $1 now, $2 how many. */
#define FILING_DUE "state IN ('open', 'silent') AND due_at <= $1 AND lease_until <= $1 ORDER BY due_at, id LIMIT $2"
bool filing_lease_take(struct filing_work *w, enum filing_queue queue, struct filing_lease lease, int64_t lease_ms);
/* ERR_CONFLICT: it went to another courier, or was answered.  *ret_gone: withdrawn, nobody needs the answer any more. */
bool filing_lease_is_held(struct filing_work *w, enum filing_queue queue, struct filing_lease lease, bool *ret_gone);
/* There was no answer, and why; asked again then. */
bool filing_lease_silence(struct filing_work *w, enum filing_queue queue, int64_t id, int64_t due_ms, struct str trouble);
bool filing_lease_next_due(struct db *db, enum filing_queue queue, struct moment *ret, struct err *err);
/* 5 s, doubling to 5 minutes. */
int64_t filing_backoff_ms(int attempts);

/* ---- questions (filing_outbox.c, filing_answers.c) ---- */

struct filing_post {
    const char *purpose; /* decide people recheck register message code lookup prefill */
    bool again;
    int64_t delay_ms;
    struct iin owner; /* of a look-up */
};
bool filing_post(struct filing_work *w, const struct registry_question *question, const struct filing_post *post,
                 int64_t *ret_id);
/* What is open or silent of this purpose is not asked any more. */
bool filing_withdraw(struct filing_work *w, const char *purpose);
bool filing_withdraw_all(struct filing_work *w);
struct registry_question filing_ask_person(struct iin person);
struct registry_question filing_ask_dwelling(struct str rka);

struct filing_stored {
    int64_t id;
    bool silent, again;
    struct registry_question question;
    struct registry_answer answer;
    struct str json; /* of the answer */
};
struct filing_answers {
    struct filing_stored *item; /* what counts: not superseded; silent ones first, then by id */
    int count;
    int open; /* decide questions that nobody has answered or been silent on yet */
};
bool filing_answers_load(struct filing_work *w, struct filing_answers *ret);
/* NULL when not answered (yet). */
const struct registry_person *filing_person_of(const struct filing_answers *answers, struct iin person);
const struct registry_dwelling *filing_dwelling_of(const struct filing_answers *answers, struct str rka);
bool filing_is_asked(const struct filing_answers *answers, const struct registry_question *question);

/* ---- deciding (filing_decide.c, filing_decision.c, filing_wait.c) ---- */

/* Decides when nothing is open: next questions, or the state that the outcome means. */
bool filing_advance(struct filing_work *w);
void filing_inquire(struct filing_work *w, const struct filing_answers *answers, struct law_relation relation, struct inquiry *q,
                    struct law_decision *ret);
bool filing_store_decision(struct filing_work *w, const struct filing_answers *answers, struct law_relation relation,
                           const struct law_decision *decision);
/* The stored form. */
void filing_decision_write(const struct law_decision *decision, struct buf *out);
bool filing_decision_read(struct str json, struct arena *arena, struct law_decision *ret, struct err *err);
/* The present decision of w->c; false with ERR_NOT_FOUND when there is none. */
bool filing_decision_load(struct filing_work *w, struct law_decision *ret);
bool filing_decision_has(const struct law_decision *decision, enum law_reason_code code);
/* WAITING: what was not on record, or silent in part, is asked again. */
bool filing_ask_again_later(struct filing_work *w, const struct filing_answers *answers, const struct law_decision *decision);
/* The ordinary procedure outside the pilot. */
bool filing_advance_ordinary(struct filing_work *w, const struct filing_answers *answers, const struct law_decision *decision);

/* ---- another degree on record (filing_other.c), sources (filing_sources.c) ---- */

/* After the decision was stored: looks, once, when it refuses the applicant's own choice and the limits allow it. */
bool filing_look_for_other(struct filing_work *w, const struct filing_answers *answers, const struct law_decision *decision);
/* The same for the present decision. */
bool filing_look_for_other_now(struct filing_work *w);
/* What was found for the present decision, while it is of use; LAW_NO_DEGREE: nothing. */
bool filing_other_load(struct filing_work *w, struct law_relation *ret, struct day *ret_as_of);
/* Fills in v->kin_source. */
bool filing_see_sources(struct filing_work *w, struct filing_view *v);

/* ---- who has to consent (filing_people.c) ---- */

#define FILING_CONSENTS_MAX 64
struct filing_consenter {
    struct iin person;
    struct str company; /* empty: for himself */
};
struct filing_people {
    struct filing_consenter consenter[FILING_CONSENTS_MAX];
    int count;
    bool unknown;    /* somebody's record has not come yet */
    bool impossible; /* an owner has to consent who cannot do so online */
};
void filing_people_find(const struct filing_case *c, const struct filing_answers *answers, struct filing_people *ret);
/* Asks GBD FL about owners and heads whose record is not there yet. */
bool filing_people_ask(struct filing_work *w, const struct filing_answers *answers, const char *purpose, int *ret_asked);

/* For the coupon: the address of the dwelling where GBD FL has the applicant registered now. */
bool filing_ask_previous_place(struct filing_work *w, const struct filing_answers *answers);

/* ---- registering (filing_register.c) ---- */

bool filing_enter_registering(struct filing_work *w, enum filing_event event);
bool filing_recheck_answered(struct filing_work *w);
bool filing_register_answered(struct filing_work *w, const struct registry_question *question,
                              const struct registry_answer *answer);
struct day filing_last_day(struct day since, int months); /* of a temporary registration */

/* ---- messages and codes (filing_message.c, filing_code.c) ---- */

/* SMS to a person of the case in the person's language; silently nothing when GBD FL holds no phone.  {0} is the filing's number.
 */
/* A one-time code, to the telephone of this record. */
bool filing_send_to(struct filing_work *w, const struct registry_person *record, struct iin person, enum text_key key,
                    struct str code);
bool filing_tell(struct filing_work *w, const struct filing_answers *answers, struct iin person, enum text_key key,
                 struct str argument);
/* Bytes of the first letter of a text. */
size_t filing_first_letter(struct str s);
struct str filing_initials(struct arena *arena, const struct registry_person *person);
bool filing_code_send(struct filing_work *w, const char *purpose);
/* Wrong, expired, void: ERR_INPUT, counted. */
bool filing_code_check(struct filing_work *w, const char *purpose, struct str code);

/* ---- kept answers (filing_reply.c) ---- */

bool filing_forget_replies(struct filing_work *w);

bool filing_write_coupon(struct filing_work *w, const struct filing_coupon *coupon);

/* ---- signing (filing_sign.c, filing_hall.c; signatures: filing_signature_impl.h) ---- */

bool filing_signature_purpose_parse(struct str name, enum filing_signature_purpose *ret);
bool filing_signature_state_parse(struct str name, enum filing_signature_state *ret);
enum filing_level filing_level_of(struct str name);
/* Whether the applicant may sign now, or w->actor's consent is wanted now: else the error that a person reads. */
bool filing_may_sign(struct filing_work *w);
bool filing_consent_is_wanted(struct filing_work *w);
/* It is signed; `digest` is of what was. */
bool filing_sign_application(struct filing_work *w, enum filing_level level, const char *digest);
bool filing_answer_consent(struct filing_work *w, bool agree, enum filing_level level);
/* Whether the clerk may file it: the documents were checked and are prepared. */
bool filing_may_file(struct filing_work *w);
bool filing_file_documents(struct filing_work *w);
/* Requests of this purpose that are open or being checked do not count any more; of everybody when `person` is none. */
bool filing_signatures_withdraw(struct filing_work *w, enum filing_signature_purpose purpose, struct iin person);
bool filing_signatures_withdraw_all(struct filing_work *w);
/* Requests to sign in that nobody will come back for; addresses that do not count any more. */
bool filing_forget_sign_ins(struct filing_work *w);
/* What is shown of the latest request of w->actor about w->c. */
bool filing_signature_of_reader(struct filing_work *w, struct filing_signature *ret);

#endif
