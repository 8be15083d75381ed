/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The case (a "filing"; `case` is a C keyword): its states, stored facts, questions, consents,
 * coupon, signature, registration, sessions and the audit.  Owns all tables and migrations.
 *
 * Every step of a case is one transaction with its audit entry.  Steps run on the writer (one
 * thread, group commit: each step in its own savepoint); reads use any connection.
 * Signatures: filing_signature.h.  Sessions, the couriers' side, replay, tables and the writer: filing_service.h.
 *
 *   OPEN ─► ASKING ─► CHOOSING ─► ASKING …            reception: SENT_TO_HALL | SENT_ONLINE
 *             │                                       hall: DOCUMENTS ─► REGISTERING ─► REGISTERED, or REFUSED_IN_HALL
 *             ├─► COUPON ─► SIGNING ─► CONSENT ─► REGISTERING ─► REGISTERED
 *             ├─► NOT_CONFIRMED ─► (other relation, or ask again) ASKING
 *             ├─► SENT_TO_HALL
 *             └─► WAITING ─► (register back) ASKING
 */
#ifndef FILING_FILING_H
#define FILING_FILING_H

#include "base/arena.h"
#include "base/date.h"
#include "base/digest.h"
#include "base/err.h"
#include "db/db.h"
#include "eds/eds.h"
#include "inquiry/inquiry.h"
#include "law/law.h"
#include "text/text.h"

enum filing_state {
    FILING_ASKING,        /* questions are out */
    FILING_WAITING,       /* a register was silent; asked again by itself, the case resumes */
    FILING_CHOOSING,      /* 10.4: the applicant has to choose a relation */
    FILING_NOT_CONFIRMED, /* 10.6, 10.7: may choose another relation, or ask again after the record was mended */
    FILING_COUPON,        /* arrival coupon to be filled in */
    FILING_SIGNING,       /* coupon checked; to be signed, by a one-time code or electronically */
    FILING_CONSENT,       /* owners asked for their consent */
    FILING_REGISTERING,   /* to be written to GBD FL */
    FILING_REGISTERED,
    FILING_SENT_TO_HALL,    /* 4, 9 */
    FILING_SENT_ONLINE,     /* 5 */
    FILING_DOCUMENTS,       /* 7: the hall clerk checks the representative's documents */
    FILING_REFUSED_IN_HALL, /* 8, or documents not in order */
    FILING_DECLINED,        /* an owner said no */
    FILING_EXPIRED,         /* an owner did not answer within the hour */
    FILING_CANCELLED,       /* by the applicant */
    FILING_INVALID,         /* the registers do not know the person or the dwelling */
    FILING_STATES
};
const char *filing_state_name(enum filing_state state); /* "asking", ... ; texts: "state.asking" */

struct filing_id {
    int64_t n;
};

enum filing_role { FILING_CITIZEN, FILING_RECEPTION, FILING_HALL, FILING_SYSTEM, FILING_ROLES };
const char *filing_role_name(enum filing_role role);

/* Who acts: goes into every audit entry with the purpose of the access. */
struct filing_actor {
    struct iin person; /* none for the system (courier) */
    enum filing_role role;
    enum law_channel channel; /* portal or mobile (API) for citizens */
};

/* What the policy, the clocks and the installation are; handed to every step. */
struct kin_follower;
struct filing_context {
    const struct policy *policy;
    struct day legal_day;      /* what the law goes by */
    struct moment now;         /* timers, sessions */
    struct kin_follower *mart; /* for filing_view.other; NULL: none */
    bool demonstration;
    const struct eds_trust *trust; /* NULL: no electronic signatures here (filing_signature.h) */
};

#define FILING_NUMBER 16 /* "T-000123-7": the number that people see, with a check digit, and NUL */
const char *filing_number(struct filing_id id, char ret[FILING_NUMBER]);
bool filing_number_parse(struct str number, struct filing_id *ret); /* false: no such number, or mistyped */

/*
 * Errors.  Whatever a step refuses for a reason that a person should read has a text: the error begins with its key
 * ("error.no_phone: ..."), which filing_err_key finds.
 *
 * A step that returns false has undone its own work; what it leaves on purpose (a wrong code counted, a refused access in
 * the audit) stays, so that the writer rolls a step back only after ERR_SYSTEM.  Steps open their own transaction when the
 * connection has none.
 */
bool filing_err_key(const struct err *err, enum text_key *ret);

/* ---- how something was signed (the steps of electronic signatures: filing_signature.h) ---- */

enum filing_level { FILING_UNSIGNED, FILING_BY_CODE, FILING_BY_EDS, FILING_LEVELS }; /* texts "level.code", "level.eds" */
const char *filing_level_name(enum filing_level level);                              /* "none", "code", "eds" */

enum filing_signature_purpose {
    FILING_SIGN_IN,
    FILING_SIGN_APPLICATION, /* with its coupon */
    FILING_SIGN_CONSENT,
    FILING_SIGN_DOCUMENTS, /* the clerk's filing in the hall */
    FILING_SIGN_POLICY,    /* norms and readings, by their author and by a second person */
    FILING_SIGN_PURPOSES
};
const char *filing_signature_purpose_name(enum filing_signature_purpose purpose); /* "application" */

enum filing_signature_state {
    FILING_SIGNATURE_OPEN,
    FILING_SIGNATURE_CHECKING,
    FILING_SIGNATURE_GOOD,
    FILING_SIGNATURE_REFUSED,
    FILING_SIGNATURE_EXPIRED,
    FILING_SIGNATURE_WITHDRAWN,
    FILING_SIGNATURE_STATES
};
const char *filing_signature_state_name(enum filing_signature_state state); /* "checking"; texts "signature.checking" */

struct filing_signature_result {
    enum filing_signature_state state;
    enum eds_reason reason;  /* REFUSED: why; CHECKING: what is awaited; else EDS_OK */
    enum eds_step_kind step; /* where */
};
struct filing_signature {
    int64_t id; /* 0: none */
    enum filing_signature_purpose purpose;
    struct filing_signature_result result;
    struct filing_id filing; /* 0: none */
    struct iin person;       /* whose signature is wanted; sign-in: who signed, once it is good */
    struct iin company;      /* that the person signs for; none: for himself */
    enum filing_role role;
    struct moment asked_at, until, received_at;
    struct str content; /* the bytes to be signed; empty in a filing_view */
    char digest[65];    /* SHA-256 of them */
};

/* ---- opening ---- */

struct filing_opening {
    enum law_service service;
    enum law_channel channel;
    struct iin applicant;
    struct str rka;
    int months;               /* temporary: 1 to 12; residence: 0 */
    struct iin entered_owner; /* hall: the IIN that the clerk entered */
};
bool filing_open(struct db *db, const struct filing_context *context, const struct filing_actor *actor,
                 const struct filing_opening *opening, struct filing_id *ret, struct err *err);

/* ---- the citizen's steps: ERR_CONFLICT when the state does not allow it, ERR_FORBIDDEN when it is not the actor's case ---- */

bool filing_choose_relation(struct db *db, const struct filing_context *context, const struct filing_actor *actor,
                            struct filing_id id, struct law_relation relation, struct err *err);
/* From NOT_CONFIRMED: the same questions once more (the civil record was mended). */
bool filing_ask_again(struct db *db, const struct filing_context *context, const struct filing_actor *actor, struct filing_id id,
                      struct err *err);
/* From NOT_CONFIRMED back to CHOOSING. */
bool filing_choose_other(struct db *db, const struct filing_context *context, const struct filing_actor *actor,
                         struct filing_id id, struct err *err);
/* From NOT_CONFIRMED or CHOOSING: chooses filing_view.other.  ERR_CONFLICT when there is none. */
bool filing_choose_on_record(struct db *db, const struct filing_context *context, const struct filing_actor *actor,
                             struct filing_id id, struct err *err);

/* Arrival statistical coupon: what the registers do not know.  Codes are those of the tables below. */
struct filing_coupon {
    struct str reason;         /* work study family return housing other */
    struct str education;      /* none secondary vocational higher */
    struct str marital;        /* single married divorced widowed */
    struct str occupation;     /* employed self_employed student pensioner not_working */
    struct str arrives_with;   /* alone family */
    int children_under_14;     /* who move along, 0 to 20 */
    struct str previous_place; /* free text, prefilled from GBD FL */
    struct day arrived;
};
/* The code tables of the coupon, for forms and checks: texts are "coupon.<field>" and "coupon.<field>.<code>". */
struct filing_coupon_table {
    const char *field;       /* "reason", "education", "marital", "occupation", "arrives_with" */
    const char *const *code; /* ends with NULL */
};
extern const struct filing_coupon_table filing_coupon_tables[];
extern const int filing_coupon_table_count;

bool filing_save_coupon(struct db *db, const struct filing_context *context, const struct filing_actor *actor,
                        struct filing_id id, const struct filing_coupon *coupon,
                        struct err *err); /* COUPON, SIGNING -> SIGNING */
/* Sends a one-time code by SMS (outbox).  At most 3 in 10 minutes: ERR_LIMIT, with err.again. */
bool filing_send_code(struct db *db, const struct filing_context *context, const struct filing_actor *actor, struct filing_id id,
                      struct err *err);
/* SIGNING -> CONSENT, or REGISTERING when nobody else has to consent.  A wrong code: ERR_INPUT; 5 wrong ones void it. */
bool filing_sign(struct db *db, const struct filing_context *context, const struct filing_actor *actor, struct filing_id id,
                 struct str code, struct err *err);
bool filing_cancel(struct db *db, const struct filing_context *context, const struct filing_actor *actor, struct filing_id id,
                   struct err *err);

/* ---- the owner ---- */

/* The owner's code goes by filing_send_code with the owner as actor.  Saying no needs no code. */
bool filing_consent(struct db *db, const struct filing_context *context, const struct filing_actor *actor, struct filing_id id,
                    bool agree, struct str code, struct err *err);

/* ---- the operations hall (item 7) ---- */

struct filing_documents {
    struct iin representative;
    struct str basis;    /* parent guardian trustee */
    struct str document; /* number and date */
    bool identity_checked, authority_checked, consent_given, presence;
};
/* In order: files the case at once.  Where signatures are in use outside the demonstration that takes the clerk's signature:
 * filing_prepare_documents, then a request of FILING_SIGN_DOCUMENTS. */
bool filing_prepare_documents(struct db *db, const struct filing_context *context, const struct filing_actor *actor,
                              struct filing_id id, const struct filing_documents *documents, const struct filing_coupon *coupon,
                              struct err *err);
bool filing_check_documents(struct db *db, const struct filing_context *context, const struct filing_actor *actor,
                            struct filing_id id, const struct filing_documents *documents, const struct filing_coupon *coupon,
                            bool in_order, struct str why_not, struct err *err);

/* ---- views: what pages and the API show ---- */

struct filing_consent_view {
    struct iin owner; /* who consents: the owner, or the head of a company */
    struct str name;
    struct str company; /* empty: for himself */
    enum tri given;     /* UNKNOWN: not answered yet */
    enum filing_level level;
    struct moment until;
};
struct filing_question_view {
    enum registry_ask ask;
    enum filing_question_state { FILING_Q_OPEN, FILING_Q_ANSWERED, FILING_Q_SILENT } state;
    struct moment asked_at, answered_at;
    struct day as_of;
    int attempts;
};
/* Whose word a finding about kinship rests on, and how old it was. */
struct filing_source_view {
    enum registry_ask ask; /* FAMILY_MART: Smart Data Ukimet; FAMILY: IS ZAGS itself */
    bool confirmed;
    struct day as_of;          /* the day that the mart spoke of; DAY_NONE for IS ZAGS, or when the mart did not say */
    struct moment answered_at; /* when the answer came */
};
/* A sentence about it: {0} is filing_source_day, {1} the time of day of answered_at in Kazakhstan. */
enum text_key filing_source_text(const struct filing_source_view *source);
struct day filing_source_day(const struct filing_source_view *source);
struct filing_event_view {
    struct moment at;
    enum filing_state state;
    enum filing_role role;
};
struct filing_view {
    struct filing_id id;
    char number[FILING_NUMBER];
    int64_t version;
    enum filing_state state;
    enum law_service service;
    enum law_channel channel;
    struct day legal_day;
    struct moment opened_at, changed_at;
    struct iin applicant;
    struct str applicant_name; /* "Surname Name Patronymic" as GBD FL holds it, empty until known */
    struct str rka, address_kk, address_ru, cadastral_number;
    int months;
    struct law_relation relation;
    /* For the applicant whose choice was not confirmed: another degree to an owner that the mart has on record on the legal day,
     * and nothing else about the family.  LAW_NO_DEGREE: none, or not looked for (no mart, the limits of looks). */
    struct law_relation other;
    struct day other_as_of;      /* the day of the mart's extract */
    bool ordinary_procedure;     /* the pilot was not in force on the legal day */
    bool consent_impossible;     /* an owner has to consent who cannot do so online (text error.consent_impossible) */
    bool entered_owner_is_owner; /* hall: EGKN names the IIN that the clerk entered among the owners */
    bool dwelling_known;         /* EGKN has answered: the line above and the addresses are final */
    bool has_decision;
    struct law_decision decision;                         /* as stored; its kin answer and texts live in the arena */
    struct filing_source_view kin_source[KIN_PROOF_ACTS]; /* of the decision, where it is about kinship */
    int kin_sources;
    struct filing_coupon coupon;
    bool has_coupon;
    struct str previous_kk, previous_ru; /* address where GBD FL has the applicant registered; empty: nowhere, or not known yet */
    bool code_sent;
    struct moment code_until;
    enum filing_level signed_by;       /* the application; UNSIGNED: not yet */
    struct filing_signature signature; /* the reader's own latest request about this case */
    struct filing_documents documents;
    bool has_documents;
    struct iin entered_owner;
    struct str refusal; /* documents not in order: the clerk's words */
    struct filing_consent_view *consent;
    int consents;
    struct filing_question_view *question;
    int questions, questions_open, questions_silent;
    struct filing_event_view *event; /* oldest first */
    int events;
    struct day registered_since, registered_until;
};

enum filing_purpose { FILING_FOR_APPLICANT, FILING_FOR_OWNER, FILING_FOR_CLERK, FILING_FOR_COURIER };
/* Checks that the actor may see it and leaves an audit entry of the reading (for clerks and owners: so it needs a connection
 * that may write, as the writer's; the applicant's own reading works on any).  Everything lives in the arena. */
bool filing_read(struct db *db, const struct filing_context *context, const struct filing_actor *actor, struct filing_id id,
                 struct arena *arena, struct filing_view *ret, struct err *err);
/* The same for what the applicant, and nobody else, takes away: always leaves an audit entry. */
bool filing_read_letter(struct db *db, const struct filing_context *context, const struct filing_actor *actor,
                        struct filing_id id, struct arena *arena, struct filing_view *ret, struct err *err);

struct filing_row {
    struct filing_id id;
    char number[FILING_NUMBER];
    enum filing_state state;
    enum law_service service;
    enum law_channel channel;
    struct str address_kk, address_ru;
    struct moment changed_at;
    struct iin applicant;
    bool my_consent_wanted;
};
/* The cases of a person as applicant, and those in which the person's consent is wanted or was given. */
bool filing_list_mine(struct db *db, struct iin person, struct arena *arena, struct filing_row **ret, int *ret_count,
                      struct err *err);
/* The unfinished case just like this one that the applicant opened within the last ten minutes: the same form sent twice.
 * ret->n is 0 when there is none. */
bool filing_find_twin(struct db *db, const struct filing_context *context, const struct filing_opening *opening,
                      struct filing_id *ret, struct err *err);
/* The cases opened at this clerk's desk kind (reception or hall), newest first, at most 100. */
bool filing_list_desk(struct db *db, enum law_channel channel, struct arena *arena, struct filing_row **ret, int *ret_count,
                      struct err *err);

/* ---- lookups outside a case (a citizen's dwellings, search, a clerk's look at a dwelling) ---- */

/* Puts a question into the outbox for a signed-in person; the same question within 5 minutes is not asked twice. */
struct filing_lookup {
    int64_t id;
    enum { FILING_LOOKUP_OPEN, FILING_LOOKUP_ANSWERED, FILING_LOOKUP_SILENT } state;
    struct registry_question question;
    struct registry_answer answer;
};
bool filing_look_up(struct db *db, const struct filing_context *context, const struct filing_actor *actor,
                    const struct registry_question *question, int64_t *ret_id, struct err *err);
bool filing_lookup_read(struct db *db, const struct filing_actor *actor, int64_t id, struct arena *arena,
                        struct filing_lookup *ret, struct err *err);

#endif
