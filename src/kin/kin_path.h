/* SPDX-License-Identifier: Apache-2.0 */
/* Private to kin: the table of path patterns, and what is found while walking one. */
#ifndef KIN_KIN_PATH_H
#define KIN_KIN_PATH_H

#include "kin/kin.h"

struct kin_path {
    const char *name;
    int applicant_climbs, owner_climbs; /* steps along birth acts until the two meet */
    bool has_side;                      /* the first step goes to the parent that the applicant named */
    bool both_parents;                  /* they meet in the mother and in the father */
    bool by_marriage;                   /* over a marriage in force */
    bool of_the_spouse;                 /* any degree of the scope, towards the owner's spouse */
};
extern const struct kin_path kin_paths[KIN_DEGREES];

struct kin_proof {
    struct iin person[KIN_PROOF_PERSONS];
    int persons;
    struct kin_act act[KIN_PROOF_ACTS];
    int acts;
};

/* The result for one pair: a proof when YES, what is missing when NO. */
struct kin_finding {
    enum tri tri;
    struct kin_proof proof;
    struct kin_missing missing[KIN_MISSING_MAX];
    int missings;
};

/* What the source said about a birth. */
struct kin_seen {
    enum kin_reply reply;
    struct kin_birth birth; /* its child is always filled in */
};
#define KIN_SEEN_MAX 24

struct kin_walk {
    const struct kin_source *source;
    const struct kin_options *options;
    struct day day;
    struct kin_answer *answer; /* collects the persons nobody asked about yet */
    struct kin_seen seen[KIN_SEEN_MAX];
    int seens;
};

/* The birth act of `child`, from the source only once; notes whom nobody asked about. */
enum kin_reply kin_walk_birth(struct kin_walk *w, struct iin child, struct kin_birth *ret);
/* The same if it was looked at on the way; what a refusal tells must not hang on what else the source happens to know. */
bool kin_walk_seen(const struct kin_walk *w, struct iin child, struct kin_birth *ret);

void kin_proof_person(struct kin_proof *proof, struct iin person);
void kin_proof_act(struct kin_proof *proof, enum kin_act_kind kind, struct str number);
/* `tail` goes behind `head`, whose last person is the first of `tail`. */
void kin_proof_join(struct kin_proof *head, const struct kin_proof *tail);

/* Sets the lengths only: a finding is large, and there are many on one walk. */
static inline void kin_finding_begin(struct kin_finding *f)
{
    f->tri = TRI_NO;
    f->proof.persons = f->proof.acts = f->missings = 0;
}
void kin_finding_missing(struct kin_finding *f, enum kin_missing_code code, struct iin person);
/* OR: YES beats UNKNOWN beats NO; what is missing is collected. */
void kin_finding_or(struct kin_finding *f, const struct kin_finding *other);

void kin_unasked_family(struct kin_answer *answer, struct iin person);
void kin_unasked_life(struct kin_answer *answer, struct iin person);

/* Relation by blood (not by marriage) of a to b.  Without a side on a sided degree, either side will do. */
void kin_walk_blood(struct kin_walk *w, enum kin_degree degree, enum kin_side side, struct iin a, struct iin b,
                    struct kin_finding *ret);
void kin_walk_spouse(struct kin_walk *w, struct iin a, struct iin b, struct kin_finding *ret);
void kin_walk_in_law(struct kin_walk *w, struct iin a, struct iin b, struct kin_finding *ret);

#endif
