/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The order as a pure function: facts and readings in, a decision out.  No clock, network,
 * database or hidden state; the only memory used is the caller's struct.
 *
 * Each paragraph is three siblings: para_10_3.law (our statement of the rule in kk, ru, en, one
 * sentence a line), para_10_3.c (its rules, each citing its sentence) and para_10_3.cases.
 *
 * Where law_decide() lacks a fact it says which question it needs answered (`asks`); the engine
 * above (inquiry) asks and decides again.  A fact that was asked and not answered is SILENT and
 * makes the outcome LAW_WAITING; it never refuses anybody.
 */
#ifndef LAW_LAW_H
#define LAW_LAW_H

#include "base/date.h"
#include "base/decimal.h"
#include "base/iin.h"
#include "base/json.h"
#include "base/tri.h"
#include "kin/kin.h"
#include "law/policy.h"

enum law_service { LAW_RESIDENCE, LAW_TEMPORARY, LAW_SERVICES };
enum law_channel { LAW_RECEPTION, LAW_HALL, LAW_PORTAL, LAW_MOBILE, LAW_CHANNELS };

/* What an applicant can choose at 10.4: the degrees of kinship, and two categories. */
enum law_degree {
    LAW_CHILD = KIN_CHILD,
    LAW_PARENT = KIN_PARENT,
    LAW_SPOUSE = KIN_SPOUSE,
    LAW_FULL_SIBLING = KIN_FULL_SIBLING,
    LAW_HALF_SIBLING = KIN_HALF_SIBLING,
    LAW_GRANDPARENT = KIN_GRANDPARENT,
    LAW_GRANDCHILD = KIN_GRANDCHILD,
    LAW_IN_LAW = KIN_IN_LAW,
    LAW_OWNER,
    LAW_STUDENT,
    LAW_DEGREES,
    LAW_NO_DEGREE = LAW_DEGREES /* nothing chosen yet */
};

const char *law_service_name(enum law_service service);
const char *law_channel_name(enum law_channel channel);
const char *law_degree_name(enum law_degree degree);
bool law_service_parse(struct str name, enum law_service *ret);
bool law_channel_parse(struct str name, enum law_channel *ret);
bool law_degree_parse(struct str name, enum law_degree *ret);
bool law_degree_has_side(enum law_degree degree);
/* Whether the policy of the day offers this choice at 10.4 (reading list.zhekemenshik). */
bool law_degree_offered(enum law_degree degree, const struct policy_readings *readings);

struct law_relation {
    enum law_degree degree; /* LAW_NO_DEGREE: none chosen */
    enum kin_side side;
};

/* ---- facts ---- */

enum law_known { LAW_UNASKED, LAW_SILENT, LAW_KNOWN };

struct law_owner {
    struct iin id;
    bool company;       /* by the fifth digit */
    bool unasked;       /* life, age or capacity were not asked yet: then all three are UNKNOWN */
    enum tri alive;     /* on the day, by GBD FL */
    enum tri minor;     /* under the age of majority on the day; UNKNOWN without a birth date */
    enum tri married;   /* had a marriage dated on or before the day; used by the reading minor.married only */
    bool married_asked; /* false: nobody asked about marriages yet */
    enum tri incapable; /* GBD FL or E-Sobes */
};

struct law_facts {
    enum law_service service;
    enum law_channel channel;
    struct day day;
    struct iin applicant;
    struct law_relation relation;

    enum law_known dwelling;         /* EGKN: what follows down to owners */
    struct str kato;                 /* empty: not on record */
    int64_t total_area, useful_area; /* hundredths of m2, DECIMAL_NONE: not on record */
    enum law_known owners_known;     /* EGKN's right holders; may be silent apart from the dwelling */
    const struct law_owner *owner;
    int owners;

    enum law_known head_count;            /* GBD FL: living citizens registered there on the day, the applicant not counted */
    int registered, registered_residence; /* both kinds; residence only */

    enum law_known kinship; /* IS ZAGS or the mart; for the relation chosen */
    const struct kin_answer *kin;

    enum law_known study;                         /* NOBD and EPVO together */
    enum tri studies_full_time, studies_any_form; /* in the capital, on the day */

    enum law_known strangers_known; /* only under statute.no_strangers */
    enum tri strangers;             /* somebody outside the categories is registered there */
};

/* Questions, as bits of law_decision.asks. */
enum law_ask {
    LAW_ASK_DWELLING = 1,   /* EGKN: area, KATO, owners */
    LAW_ASK_OWNERS = 2,     /* GBD FL and E-Sobes about each natural owner */
    LAW_ASK_HEAD_COUNT = 4, /* GBD FL */
    LAW_ASK_KINSHIP = 8,    /* Ukimet, ZAGS */
    LAW_ASK_STUDY = 16,     /* NOBD, EPVO */
    LAW_ASK_STRANGERS = 32,
    LAW_ASK_MARRIED_OWNERS = 64 /* ZAGS about owners under age; reading minor.married only */
};

/* ---- decision ---- */

enum law_outcome {
    LAW_TO_OPERATIONS_HALL,
    LAW_TO_ONLINE,
    LAW_ACCEPT_IN_HALL,
    LAW_REFUSE_USE_ONLINE,
    LAW_TO_COUPON,
    LAW_CHOOSE_RELATION,
    LAW_KINSHIP_NOT_CONFIRMED,
    LAW_STUDY_NOT_CONFIRMED,
    LAW_PILOT_NOT_IN_FORCE,
    LAW_WAITING,
    LAW_INVALID,
    LAW_OUTCOMES
};
const char *law_outcome_name(enum law_outcome outcome);
bool law_outcome_parse(struct str name, enum law_outcome *ret);

/* The closed list of reason codes (docs/reasons.md is made from reasons.c).  Every code has a text
 * "reason.<name>" and a way forward "remedy.<name>" in the text table; the build checks it. */
enum law_reason_code {
    LAW_R_OWNER_MINOR,
    LAW_R_OWNER_INCAPABLE,
    LAW_R_OWNER_COMPANY_TO_HALL,
    LAW_R_NO_PROTECTED_OWNER,
    LAW_R_OFFICE_ROUTE_CLOSED,
    LAW_R_OUTSIDE_CAPITAL,
    LAW_R_NO_NORM_IN_FORCE,
    LAW_R_NORM_NOT_REACHED,
    LAW_R_NORM_REACHED,
    LAW_R_KINSHIP_CONFIRMED,
    LAW_R_OWNER_CONFIRMED,
    LAW_R_STUDY_CONFIRMED,
    LAW_R_KINSHIP_NOT_CONFIRMED,
    LAW_R_NOT_AN_OWNER,
    LAW_R_STUDY_NOT_CONFIRMED,
    LAW_R_STRANGERS_REGISTERED,
    LAW_R_PILOT_NOT_IN_FORCE,
    LAW_R_OWNERS_SILENT,
    LAW_R_NO_OWNER_ON_RECORD,
    LAW_R_OWNER_AGE_UNKNOWN,
    LAW_R_OWNER_LIFE_UNKNOWN,
    LAW_R_OWNER_CAPACITY_UNKNOWN,
    LAW_R_KATO_UNKNOWN,
    LAW_R_AREA_UNKNOWN,
    LAW_R_HEAD_COUNT_SILENT,
    LAW_R_ACTS_SILENT,
    LAW_R_STUDY_SILENT,
    LAW_R_STRANGERS_UNKNOWN,
    LAW_R_BAD_JSON,
    LAW_R_LINE_TOO_LONG,
    LAW_R_REPEATED_KEY,
    LAW_R_UNKNOWN_KEY,
    LAW_R_MISSING_FIELD,
    LAW_R_WRONG_TYPE,
    LAW_R_WRONG_VALUE,
    LAW_R_UNKNOWN_PERSON,
    LAW_R_UNKNOWN_DWELLING,
    LAW_R_NOT_ALIVE,
    LAW_R_SIDE_MISSING,
    LAW_R_SIDE_FORBIDDEN,
    LAW_R_DEGREE_NOT_OFFERED,
    LAW_REASON_CODES
};
const char *law_reason_name(enum law_reason_code code); /* "owner_minor", ... */

struct law_reason {
    enum law_reason_code code;
    const char *paragraph; /* static; NULL for invalid */
    const char *field;     /* of the application, for invalid; else NULL */
    struct iin person;     /* whom it concerns, none otherwise */
};

#define LAW_REASONS_MAX 16
struct law_decision {
    enum law_outcome outcome;
    const char *paragraph; /* static; NULL for invalid */
    const char *edition;   /* "pilot-2025", NULL when none is in force */
    struct law_reason reason[LAW_REASONS_MAX];
    int reasons;              /* at least 1 */
    bool has_norm;            /* the step 10.3 was taken */
    int64_t area, per_person; /* hundredths; per_person DECIMAL_NONE: no norm in force, then the others are not there either */
    bool useful_area;
    int64_t allowed;
    int registered;
    bool reached;
    enum law_degree degree;       /* of the relation tried, LAW_NO_DEGREE when that step was not taken */
    enum tri kinship;             /* YES or NO when there is a kinship part; UNKNOWN: no such part */
    const struct kin_answer *kin; /* proof or what is missing; NULL for `owner` */
    struct iin applicant;
    uint32_t readings; /* bit 1 << enum policy_setting: settings that mattered */
    unsigned
        asks; /* enum law_ask bits that the outcome hangs on and nobody asked yet; 0 when the outcome is final for these facts */
    unsigned foresees; /* further bits that later steps will probably need: may be asked in the same go */
};

/* Decides by the order.  `facts` and its kin answer must outlive *ret.  While ret->asks is not 0 the outcome is
 * LAW_WAITING and provisional: ask, put the answers into the facts, call again. */
void law_decide(const struct law_facts *facts, const struct policy_readings *readings, struct law_decision *ret);

/* The decision for an application that is itself wrong. */
void law_invalid(struct law_decision *ret, enum law_reason_code code, const char *field, const char *edition);

/* Writes the decision's members (without the id) into an open JSON object (docs/world.md). */
void law_decision_write(const struct law_decision *decision, struct json *j);

/* ---- the statement of the law, compiled in from src/law/ *.law ---- */

enum law_language { LAW_KK, LAW_RU, LAW_EN, LAW_LANGUAGES };
struct law_sentence {
    const char *number;    /* "10.3.2": paragraph 10.3, second sentence */
    const char *paragraph; /* "10.3" */
    const char *digest;    /* 8 hex digits over the three texts */
    const char *text[LAW_LANGUAGES];
    bool left_to_people;
    struct day since, until;
};
extern const struct law_sentence law_sentences[];
extern const int law_sentence_count;
/* First sentence of a paragraph, by the names used in decisions ("10.3", "order 6"); NULL when there is none. */
const struct law_sentence *law_sentence_of(const char *paragraph);

#endif
