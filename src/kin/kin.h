/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Kinship as a path of civil acts (paragraph 10.5 of the algorithm).
 *
 * A degree is a row of the table in degrees.c: a set of path patterns over four steps (mother,
 * father, child-of, spouse).  kin_verify() walks the patterns over any source of acts - the
 * world folder, answers fetched live from the civil register, the country-wide mart - and
 * returns YES with the persons and acts of the proof, NO with what is missing or what the acts
 * say instead, or UNKNOWN when the source was silent where it mattered.
 */
#ifndef KIN_KIN_H
#define KIN_KIN_H

#include "base/arena.h"
#include "base/date.h"
#include "base/iin.h"
#include "base/err.h"
#include "base/tri.h"

/* What A (the applicant) is to B (the owner). */
enum kin_degree {
    KIN_CHILD,
    KIN_PARENT,
    KIN_SPOUSE,
    KIN_FULL_SIBLING,
    KIN_HALF_SIBLING,
    KIN_GRANDPARENT,
    KIN_GRANDCHILD,
    KIN_IN_LAW,
    KIN_DEGREES
};

/* Half siblings: the common parent.  Grandparent and grandchild: the parent between the two. */
enum kin_side { KIN_SIDE_NONE, KIN_MOTHER, KIN_FATHER };

const char *kin_degree_name(enum kin_degree degree); /* "child", "full_sibling", ... */
bool kin_degree_parse(struct str name, enum kin_degree *ret);
bool kin_degree_has_side(enum kin_degree degree);
const char *kin_side_name(enum kin_side side); /* "mother", "father", "" */
bool kin_side_parse(struct str name, enum kin_side *ret);

/* ---- the source of acts ---- */

enum kin_reply {
    KIN_HELD,    /* the act is on record */
    KIN_NOTHING, /* the register answered: nothing on record */
    KIN_SILENT,  /* the register did not answer */
    KIN_UNASKED  /* nobody has asked yet: kin_verify notes the person and counts it as UNKNOWN */
};

struct kin_birth {
    struct iin child, mother, father; /* a parent may be none */
    struct str act_number;
};

struct kin_marriage {
    struct iin husband, wife;
    struct str act_number;
    enum tri ended; /* by a divorce act dated on or before the day; UNKNOWN when that register is silent */
};

/* All acts are seen as of the day given: an act dated later does not exist. */
struct kin_source {
    void *context;
    enum kin_reply (*birth)(void *context, struct iin child, struct day day, struct kin_birth *ret);
    /* The person's marriage number `index` (0, 1, ...), oldest first; KIN_NOTHING when there are no more. */
    enum kin_reply (*marriage)(void *context, struct iin person, int index, struct day day, struct kin_marriage *ret);
    /* Alive on the day by the population register; UNKNOWN when it is silent, *ret_unasked set when nobody asked. */
    enum tri (*alive)(void *context, struct iin person, struct day day, bool *ret_unasked);
};

/* ---- readings that concern kinship (policy.h fills them for a day) ---- */

struct kin_options {
    unsigned in_law_scope;           /* bit 1 << KIN_CHILD ...: which degrees of the owner's spouse count */
    bool in_law_both_ways;           /* spouses of the owner's close relatives too */
    bool extended;                   /* Migration Law art. 51: also children of close relatives, and their spouses */
    bool full_sibling_known_parents; /* one common parent suffices where the other is on neither record */
    bool half_sibling_only_half;     /* full siblings do not pass as half siblings */
    bool either_side;                /* grandparent, grandchild: the other side serves as well */
    bool spouse_single;              /* several marriages in force: none serves */
};

/* ---- the answer ---- */

#define KIN_PROOF_PERSONS 8
#define KIN_PROOF_ACTS    8
#define KIN_MISSING_MAX   16
#define KIN_UNASKED_MAX   32

enum kin_act_kind { KIN_ACT_BIRTH, KIN_ACT_MARRIAGE };
struct kin_act {
    enum kin_act_kind kind;
    struct str number; /* points into the source */
};

enum kin_missing_code {
    KIN_NO_BIRTH_ACT,        /* person: whose birth is not on record */
    KIN_NO_MOTHER_ON_RECORD, /* person: whose birth act names no mother (no IIN) */
    KIN_NO_FATHER_ON_RECORD,
    KIN_NO_MARRIAGE_ACT,  /* person: the owner without a marriage on record (in_law), or the applicant without one to him (spouse)
                           */
    KIN_MARRIAGE_ENDED,   /* person: the former spouse */
    KIN_SPOUSE_NOT_ALIVE, /* person: the dead spouse */
    KIN_SEVERAL_MARRIAGES,       /* person: who has them; only under the reading that refuses them */
    KIN_NOT_SO_BY_THE_ACTS,      /* person: the owner; the acts are there and say something else */
    KIN_NO_NATURAL_OWNER,        /* no owner is a natural person; person: none */
    KIN_ONLY_OWNER_IS_APPLICANT, /* the applicant is the only natural owner: nobody is kin to himself */
    KIN_MISSING_CODES
};
const char *kin_missing_name(enum kin_missing_code code); /* "no_birth_act", ... */

/* Whose record it is, seen from the applicant: what a letter can say instead of a number. */
enum kin_whom {
    KIN_WHOM_OTHER,
    KIN_WHOM_APPLICANT,
    KIN_WHOM_APPLICANT_MOTHER,
    KIN_WHOM_APPLICANT_FATHER,
    KIN_WHOM_OWNER,
    KIN_WHOM_OWNER_MOTHER,
    KIN_WHOM_OWNER_FATHER,
    KIN_WHOMS
};
const char *kin_whom_name(enum kin_whom whom); /* "applicant_mother", ... */

struct kin_missing {
    enum kin_missing_code code;
    struct iin person;
    enum kin_whom whom;
};

struct kin_answer {
    enum tri confirmed;
    enum kin_degree degree;
    enum kin_side side;
    struct iin person[KIN_PROOF_PERSONS]; /* the proof, from the applicant to the owner */
    int persons;
    struct kin_act act[KIN_PROOF_ACTS];
    int acts;
    struct kin_missing missing[KIN_MISSING_MAX]; /* never empty when confirmed is NO; repeated entries are dropped */
    int missings;
    /* Persons whose acts (family) or life status have to be asked before the answer can be definite. */
    struct iin unasked_family[KIN_UNASKED_MAX];
    int unasked_families;
    struct iin unasked_life[KIN_UNASKED_MAX];
    int unasked_lives;
};

/* As members of an object that is open: "persons" and "acts" of a proof, or "missing". */
struct json;
void kin_answer_write(const struct kin_answer *answer, struct json *j);
void kin_missing_write(const char *code, struct iin person, enum kin_whom whom, struct json *j);

/* Is `applicant`, by the acts of `source` on `day`, the `degree` (with `side`) of `owner`?
 * Nobody is kin to himself: applicant == owner is NO with KIN_ONLY_OWNER_IS_APPLICANT. Source: paragraph 10.5. */
void kin_verify(const struct kin_source *source, const struct kin_options *options, struct day day, enum kin_degree degree,
                enum kin_side side, struct iin applicant, struct iin owner, struct kin_answer *ret);

/* The same against several owners (natural persons, living or dead): YES beats UNKNOWN beats NO;
 * what is missing is collected over all of them.  No owners at all: NO with KIN_NO_NATURAL_OWNER. */
void kin_verify_any(const struct kin_source *source, const struct kin_options *options, struct day day, enum kin_degree degree,
                    enum kin_side side, struct iin applicant, const struct iin *owners, int owner_count, struct kin_answer *ret);

#endif
