/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The kinship mart: every person, parent, spouse, dwelling, owner and registration of the country
 * in one file that is used as it lies on disk.
 *
 * It is a second source of acts for kin_verify (any day, with proof), and it has a fast path for the
 * day of the extract: one check is one or two cache lines.  The fast path states no degree of its own
 * that the table in degrees.c does not have; the tests hold the two against each other.
 *
 *     struct kin_mart *mart;
 *     if (!kin_mart_open("country.mart", KIN_MART_FAST, &mart, &err)) ...
 *     kin_mart_check_batch(mart, checks, count, results);
 *     kin_mart_close(mart);
 *
 * A mart that is open is read-only and safe from any number of threads.  The format is kin_file.h.
 */
#ifndef KIN_MART_H
#define KIN_MART_H

#include "kin/kin.h"

#include "world/world.h"

struct kin_mart;

/* ---- building ---- */

struct kin_build_options {
    struct day as_of;           /* the day of the extract; DAY_NONE: the last day that any record of the world tells of */
    struct progress *progress;  /* NULL: silent */
    uint64_t sequence, lineage; /* of a snapshot of a live mart; 0: an extract */
};
/* The same world and day give the same bytes.  Written to a temporary name, synced, renamed. */
bool kin_mart_build(const struct world *world, const struct kin_build_options *options, const char *path, struct err *err);

/* Row by row, for whoever has no world in memory: scan a folder or generate a country into the sink, then write.  Rows of
 * different files may come in any order; a dwelling is named by its number in the order of coming; texts are copied.  A file that
 * is never begun is a register that is silent. */
struct kin_builder;
struct kin_builder *kin_builder_new(void);
void kin_builder_free(struct kin_builder *builder);
struct world_sink kin_builder_sink(struct kin_builder *builder);
bool kin_builder_write(struct kin_builder *builder, const struct kin_build_options *options, const char *path, struct err *err);

/* ---- opening ---- */

enum kin_mart_mode {
    KIN_MART_MAPPED, /* straight from the file: ready at once, pages come as they are used */
    KIN_MART_FAST    /* copied into pages of 2 MiB, every checksum verified on the way */
};
/* ERR_INPUT names the section that is damaged or the field of the header that is foreign.  KIN_MART_MAPPED looks at the header
 * and at the sizes only; a section whose content is wrong cannot lead outside the file, but its answers may be wrong: see verify.
 */
bool kin_mart_open(const char *path, enum kin_mart_mode mode, struct kin_mart **ret, struct err *err);
void kin_mart_close(struct kin_mart *mart);
/* Every checksum.  Of a live mart the snapshot was verified when it was opened. */
bool kin_mart_verify(const struct kin_mart *mart, struct err *err);

struct kin_mart_info {
    struct day as_of;
    uint64_t persons, living, dwellings, sequence;
    uint64_t bytes, bytes_kinship, bytes_decision, bytes_batch, bytes_history;
    uint32_t held; /* registers of the extract: bit 1 << enum world_file; the others are silent */
};
void kin_mart_info(const struct kin_mart *mart, struct kin_mart_info *ret);

/* ---- following the file ---- */

/*
 * For whoever runs for long: a thread looks every second whether another file has been renamed into the place of the one in
 * use, verifies every checksum of it and takes it into use.  Who reads the one before goes on reading it; it is unmapped when
 * its last reader has given it back.  A file that is damaged, or gone, is refused with a line in the log, and the one before
 * stays in use.  A mart must never be written in place.
 */
struct kin_follower;
/* With a journal (else NULL) it is a live mart: what another process appends is read every second as well.
 * The first look is taken before this returns; that there is no file yet is no error. */
bool kin_follow_start(const char *path, const char *journal, struct kin_follower **ret, struct err *err);
void kin_follow_stop(struct kin_follower *follower); /* NULL: nothing; when nobody reads any more */
/* From any thread.  NULL: there is no mart.  What was taken has to be given back, soon. */
const struct kin_mart *kin_follow_take(struct kin_follower *follower);
void kin_follow_give(struct kin_follower *follower, const struct kin_mart *mart);
/* Looks now, as the thread does; true when another file, or more of the journal, was taken into use. */
bool kin_follow_look(struct kin_follower *follower);

/* ---- asking ---- */

bool kin_mart_has(const struct kin_mart *mart, struct iin person);
/* The mart as a source for kin_verify: acts as of any day.  Registers absent from the extract are silent. */
struct kin_source kin_mart_source(const struct kin_mart *mart);
/* The readings under which the fast path is valid: the defaults, with any scope of in-laws. */
bool kin_mart_is_fast_for(const struct kin_mart *mart, const struct kin_options *options, struct day day);
#define KIN_SCOPE_ALL 0x7fu /* of struct kin_options: every degree of the owner's spouse counts */

/* The acts of one person by the day of the extract; false: there is none (more).  Texts point into the mart. */
struct kin_birth_entry {
    struct iin mother, father; /* may be none */
    struct str act_number;
    struct day day;
};
struct kin_marriage_entry {
    struct iin husband, wife;
    struct str act_number;
    struct day day;
    struct day ended; /* DAY_NONE: not by then.  The act that ended it is not in the mart, only its day. */
};
bool kin_mart_birth(const struct kin_mart *mart, struct iin child, struct kin_birth_entry *ret);
/* Marriage number `index` (0, 1, ...) of the person, in the order of the register. */
bool kin_mart_marriage(const struct kin_mart *mart, struct iin person, int index, struct kin_marriage_entry *ret);
/* Whether the extract was made from this register (enum world_file); about one that is absent the mart knows nothing. */
bool kin_mart_holds(const struct kin_mart *mart, int world_file);

/* One check on the day of the extract, without a proof.  A person who is not in the mart is nobody's kin. */
bool kin_mart_check(const struct kin_mart *mart, unsigned in_law_scope, enum kin_degree degree, enum kin_side side,
                    struct iin applicant, struct iin owner);

/* What A is to B: every degree, with every side that holds. */
struct kin_relation {
    enum kin_degree degree;
    enum kin_side side;
};
#define KIN_RELATIONS_MAX 16
int kin_mart_relations(const struct kin_mart *mart, const struct kin_options *options, struct day day, struct iin a, struct iin b,
                       struct kin_relation ret[KIN_RELATIONS_MAX]);

/* Many checks at once, from text. */
struct kin_check {
    char applicant[12], owner[12]; /* IIN, twelve digits each, not ended by NUL */
    uint8_t degree, side;          /* enum kin_degree, enum kin_side */
};
enum kin_check_result {
    KIN_CHECK_NO,
    KIN_CHECK_YES,
    KIN_CHECK_BAD_APPLICANT, /* not twelve digits, or a wrong check digit, or no person */
    KIN_CHECK_BAD_OWNER,
    KIN_CHECK_BAD_DEGREE /* no such degree, or a side that is missing or forbidden */
};
void kin_mart_check_batch(const struct kin_mart *mart, unsigned in_law_scope, const struct kin_check *checks, size_t count,
                          uint8_t *ret);

/* ---- whole decisions ---- */

/*
 * What the order says to an application on the portal or in the mobile application on the day of the extract, under the
 * default readings, as far as the registers of the extract tell: the same outcome and figures as law_decide over the same
 * rows (tests/unit/kin_mart_decide_test.c), many at once and without reasons.  Both services have the same answer.
 *
 * The caller knows whether the pilot is in force, and what the norm is.
 */
enum kin_choice { /* what is chosen at 10.4: a degree of kinship, or one of these */
                  KIN_CHOICE_OWNER = KIN_DEGREES,
                  KIN_CHOICE_STUDENT,
                  KIN_CHOICE_NONE, /* nothing yet */
                  KIN_CHOICES
};
struct kin_application {
    char rka[16], applicant[12]; /* sixteen characters and an IIN, not ended by NUL */
    uint8_t choice, side;        /* enum kin_degree or kin_choice; enum kin_side */
    uint8_t reserved[2];
};
enum kin_outcome {
    KIN_TO_HALL,
    KIN_TO_COUPON,
    KIN_CHOOSE_RELATION,
    KIN_KINSHIP_NOT_CONFIRMED, /* nor that the applicant is an owner, where he chose that */
    KIN_STUDY_NOT_CONFIRMED,
    KIN_WAITING, /* a register was silent, or does not hold what the rule needs */
    KIN_INVALID, /* applicant unknown, dead or not born, dwelling unknown, no such choice, side missing or forbidden */
    KIN_OUTCOMES
};
struct kin_decision {
    int64_t allowed;     /* whole persons; allowed, registered and reached are 0 unless compared */
    uint32_t registered; /* the applicant not counted */
    uint8_t outcome;     /* enum kin_outcome */
    bool compared;       /* the step 10.3 was taken */
    bool reached;
};
/* norm: hundredths of m2 a person; less than 1 (DECIMAL_NONE): none is in force. */
void kin_mart_decide_batch(const struct kin_mart *mart, int64_t norm, const struct kin_application *applications, size_t count,
                           struct kin_decision *ret);

/* ---- the country ---- */

/*
 * Every dwelling on the day of the extract against one or several norms, and everybody who is registered in a dwelling over
 * the norm against its owners.
 *
 * registered   different living persons registered there on the day, both kinds; who is registered in two dwellings counts in
 *              both.  allowed: whole persons by area / norm.
 * over         registered > allowed: more live there than the norm would let in.
 * reached      10.3 for a newcomer: registered >= allowed, so that he would have to choose a relation.
 * residents    of a dwelling over the norm: an owner of it himself; else kin, where some degree (on any side) to some natural
 *              owner, living or dead, is on record; else neither.  A silent register of acts confirms nothing.
 *
 * A dwelling without area on record is compared with no norm; one without KATO goes into the district "", is compared like the
 * others, but has no prefix; one without owner, or with companies only, has residents who are neither.  The norm is applied
 * wherever the dwelling lies, though the order applies it in the capital only.
 */
#define KIN_NORMS_MAX 16
struct kin_country_question {
    int64_t norm[KIN_NORMS_MAX]; /* hundredths of m2 a person; less than 1: none is in force, and no dwelling reaches it */
    int norms;
    bool useful_area, allowed_at_least_one, reached_above_allowed; /* readings of law/policy.h */
    struct kin_options kin;    /* either_side changes nothing; what the fast path has no answer to, kin_verify answers: slowly */
    struct str kato;           /* only dwellings whose KATO begins so; empty: all */
    int threads;               /* 0: as many as there are processors */
    struct progress *progress; /* NULL: silent */
};
struct kin_country_norm {
    uint64_t reached, over;                        /* dwellings */
    uint64_t over_residents, owners, kin, neither; /* persons: over_residents is the sum of the other three */
};
/* A district is the first four digits of the KATO: the region or city, and its district. */
#define KIN_DISTRICT_DIGITS 4
struct kin_country_row {
    char kato[KIN_DISTRICT_DIGITS + 1]; /* less than four digits where the register has less; "": none on record */
    uint64_t dwellings, residents, without_area, without_owner;
    struct kin_country_norm norm[KIN_NORMS_MAX];
};
struct kin_country {
    struct kin_country_row *district; /* by KATO; only those where there is a dwelling */
    int districts;
    struct kin_country_row total;
};
/* The same answer with any number of threads.  ERR_INPUT: no norm or too many, or no prefix of a KATO; ERR_FORBIDDEN:
 * a live mart. */
bool kin_mart_country(const struct kin_mart *mart, const struct kin_country_question *question, struct kin_country *ret,
                      struct err *err);
void kin_country_release(struct kin_country *country);

#endif
