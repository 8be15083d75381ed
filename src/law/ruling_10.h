/* SPDX-License-Identifier: Apache-2.0 */
/* Private to law: the steps of paragraph 10 that call one another. */
#ifndef LAW_RULING_10_H
#define LAW_RULING_10_H

#include "law/ruling.h"

/* 10.6 for a degree that was checked against the acts. */
bool para_10_6_kinship(struct ruling *r);
/* The last condition, under the reading statute.no_strangers only: true when it decided. */
bool para_10_6_strangers(struct ruling *r, enum law_outcome refusal, const char *paragraph);

#endif
