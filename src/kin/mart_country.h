/* SPDX-License-Identifier: Apache-2.0 */
/* What the files mart_country*.c share: the dwellings of one chunk that are over a norm, and who lives there. */
#ifndef KIN_MART_COUNTRY_H
#define KIN_MART_COUNTRY_H

#include "kin/mart_impl.h"

struct kin_over {
    uint32_t slot, district;
    uint32_t norms;           /* bits: over which */
    uint32_t resident, heads; /* in KIN_RESIDENTS */
    uint32_t owner, owners;   /* in kin_chunk.owner */
    uint32_t himself, kin;    /* residents who are owners; who are kin to one */
};
/* A natural owner and those by whom others can be kin to him.  Where nobody is on record: KIN_FAMILY_NOBODY, whom nobody equals.
 */
struct kin_country_owner {
    uint32_t person, mother, father, spouse, spouse_mother, spouse_father;
    bool many; /* several spouses */
};
#define KIN_FAMILY_NOBODY (UINT32_MAX - 1)
/* A resident whom the rows of the owners and of their spouses say nothing of. */
struct kin_open {
    uint32_t over, person, mother, father;
};

#define KIN_LIST(type, name)                                                                                                     \
    struct {                                                                                                                     \
        type *item;                                                                                                              \
        size_t count, capacity;                                                                                                  \
    } name
struct kin_chunk {
    const struct kin_mart *mart;
    const struct kin_country_question *question;
    bool fast; /* the comparisons below answer the question's readings */
    KIN_LIST(struct kin_over, over);
    KIN_LIST(struct kin_country_owner, owner);
    KIN_LIST(struct kin_open, open);
    KIN_LIST(struct iin, owner_iin); /* of one dwelling, for the verifier */
};
/* Fills himself and kin of every dwelling in chunk->over. */
void kin_chunk_decide(struct kin_chunk *chunk);
void kin_chunk_release(struct kin_chunk *chunk);
/* Whether "some degree is there" has the same answer by comparisons as by kin_verify. */
bool kin_country_is_fast(const struct kin_options *options);

#endif
