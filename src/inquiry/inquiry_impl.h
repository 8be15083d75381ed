/* SPDX-License-Identifier: Apache-2.0 */
/* Private to inquiry: answers by question, and the facts made of them. */
#ifndef INQUIRY_INQUIRY_IMPL_H
#define INQUIRY_INQUIRY_IMPL_H

#include "inquiry/inquiry.h"

/* The latest answer to this question (about the person, where the question is about one); NULL: nobody asked yet. */
const struct registry_answer *inquiry_find(const struct inquiry *q, enum registry_ask ask, struct iin person);
/* Puts the question on the list, once. */
void inquiry_ask(struct inquiry *q, enum registry_ask ask, struct iin person);

/* Each fills the facts that one law_ask bit is about from the answers there are, and puts what is still to be asked on the
 * list.  True when the facts are now complete for that bit (known or silent). */
bool inquiry_fact_dwelling(struct inquiry *q);
bool inquiry_fact_owners(struct inquiry *q);
bool inquiry_fact_married_owners(struct inquiry *q);
bool inquiry_fact_head_count(struct inquiry *q);
bool inquiry_fact_study(struct inquiry *q);
bool inquiry_fact_kinship(struct inquiry *q);
bool inquiry_fact_strangers(struct inquiry *q);

/* Alive on the day of the application by GBD FL; *ret_unasked when nobody asked. */
enum tri inquiry_alive(const struct inquiry *q, struct iin person, bool *ret_unasked);
/* Full-time (or any) study in the capital by both education registers; false: still to be asked. */
bool inquiry_study_of(struct inquiry *q, struct iin person, enum tri *ret_full_time, enum tri *ret_any_form);
/* Is `person` of `degree` to a natural owner?  False: still to be asked. */
bool inquiry_kin_of(struct inquiry *q, struct iin person, enum kin_degree degree, enum kin_side side, struct kin_answer *ret);

#endif
