/* SPDX-License-Identifier: Apache-2.0 */
/* Private to inquiry: where facts come from, and the facts made of them. */
#ifndef INQUIRY_INQUIRY_IMPL_H
#define INQUIRY_INQUIRY_IMPL_H

#include "inquiry/inquiry.h"

/* ---- the source ---- */

struct inquiry_life {
    struct day born, died;
    enum world_capable capable;
};
struct inquiry_dwelling {
    struct str kato;
    int64_t total_area, useful_area;
    bool owners_silent;
    int owners; /* some perhaps repeated */
};
struct inquiry_owner {
    struct iin id, who;
};

/*
 * What the registers say: by answers to questions that were put one by one (answers.c), or by a world folder, which knows
 * everything at once (folder.c).  The facts are made the same way of either.
 *
 * `who` is the number by which the source tells persons apart: in answers the IIN, in a folder the row.  KIN_NOTHING: not on
 * record; KIN_UNASKED: put the question on the list (a folder never says so).  `*at` begins as 0 and walks a list to its end,
 * which is KIN_NOTHING.
 */
struct inquiry_source {
    bool at_once; /* nothing is ever unasked: what the law foresees is filled in along with what it asks */
    enum kin_reply (*person)(const struct inquiry *q, struct iin who, struct inquiry_life *ret);
    enum kin_reply (*dwelling)(const struct inquiry *q, struct inquiry_dwelling *ret);
    struct inquiry_owner (*owner)(const struct inquiry *q, int index);
    enum kin_reply (*capacity)(const struct inquiry *q, struct iin who, bool *ret_incapable);
    enum kin_reply (*head_count)(const struct inquiry *q, int *ret_registered, int *ret_residence);
    enum kin_reply (*resident)(const struct inquiry *q, int *at, struct iin *ret_who);
    enum kin_reply (*study)(const struct inquiry *q, enum registry_ask ask, struct iin who, int *at, struct registry_study *ret);
    struct kin_source acts; /* its context is a struct inquiry_acts */
    /* From the source's own numbers to IINs and act numbers; NULL where they are these already. */
    void (*name)(const struct inquiry *q, struct kin_answer *answer);
};
struct inquiry_acts {
    const struct inquiry *q;
    bool live_only; /* do not look into the mart */
};
extern const struct inquiry_source inquiry_answers, inquiry_folder;

/* The latest answer to this question (about the person, where the question is about one); NULL: nobody asked yet. */
const struct registry_answer *inquiry_find(const struct inquiry *q, enum registry_ask ask, struct iin person);
/* Puts the question on the list, once. */
void inquiry_ask(struct inquiry *q, enum registry_ask ask, struct iin person);

/* ---- facts ---- */

/* Each fills the facts that one law_ask bit is about from what the source says, and puts what is still to be asked on the
 * list.  True when the facts are now complete for that bit (known or silent). */
bool inquiry_fact_dwelling(struct inquiry *q);
bool inquiry_fact_owners(struct inquiry *q);
bool inquiry_fact_married_owners(struct inquiry *q);
bool inquiry_fact_head_count(struct inquiry *q);
bool inquiry_fact_study(struct inquiry *q);
bool inquiry_fact_kinship(struct inquiry *q);
bool inquiry_fact_strangers(struct inquiry *q);

/* Alive on the day of the application by GBD FL; *ret_unasked when nobody asked. */
enum tri inquiry_alive(const struct inquiry *q, struct iin who, bool *ret_unasked);
/* Full-time (or any) study in the capital by both education registers; false: still to be asked. */
bool inquiry_study_of(struct inquiry *q, struct iin who, enum tri *ret_full_time, enum tri *ret_any_form);
/* Is the person of `degree` to a natural owner?  By the source's numbers.  False: still to be asked. */
bool inquiry_kin_of(struct inquiry *q, struct iin who, enum kin_degree degree, enum kin_side side, struct kin_answer *ret);

#endif
