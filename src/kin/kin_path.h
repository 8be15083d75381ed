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

struct kin_walk {
    const struct kin_source *source;
    const struct kin_options *options;
    struct day day;
    struct kin_answer *answer; /* collects the persons nobody asked about yet */
};

void kin_proof_person(struct kin_proof *proof, struct iin person);
void kin_proof_act(struct kin_proof *proof, enum kin_act_kind kind, struct str number);
/* `tail` goes behind `head`, whose last person is the first of `tail`. */
void kin_proof_join(struct kin_proof *head, const struct kin_proof *tail);

void kin_finding_missing(struct kin_finding *f, enum kin_missing_code code, struct iin person);
/* OR: YES beats UNKNOWN beats NO; what is missing is collected. */
void kin_finding_or(struct kin_finding *f, const struct kin_finding *other);

void kin_unasked_family(struct kin_answer *answer, struct iin person);
void kin_unasked_life(struct kin_answer *answer, struct iin person);

/* Relation by blood (not by marriage) of a to b.  Without a side on a sided degree, either side will do. */
void kin_walk_blood(const struct kin_walk *w, enum kin_degree degree, enum kin_side side, struct iin a, struct iin b,
                    struct kin_finding *ret);
void kin_walk_spouse(const struct kin_walk *w, struct iin a, struct iin b, struct kin_finding *ret);
void kin_walk_in_law(const struct kin_walk *w, struct iin a, struct iin b, struct kin_finding *ret);

#endif
