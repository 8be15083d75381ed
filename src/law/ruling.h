/* SPDX-License-Identifier: Apache-2.0 */
/* Private to law: a decision in the making.  Each rule looks at the facts and either rules (true) or lets the next one look. */
#ifndef LAW_RULING_H
#define LAW_RULING_H

#include "law/law.h"

struct ruling {
    const struct law_facts *facts;
    const struct policy_readings *readings;
    struct law_decision *decision;
};
typedef bool law_rule(struct ruling *r);

/* Notes a setting that mattered. */
void ruling_reading(struct ruling *r, enum policy_setting setting);
void ruling_reason(struct ruling *r, const char *paragraph, enum law_reason_code code, struct iin person);
/* Each sets the outcome and returns true. */
bool ruling_is(struct ruling *r, enum law_outcome outcome, const char *paragraph, enum law_reason_code code);
bool ruling_waits(struct ruling *r, const char *paragraph, enum law_reason_code code);
bool ruling_asks(struct ruling *r, const char *paragraph, unsigned asks, enum law_reason_code code_if_silent);
/* On to the coupon - or, in the hall (reading norm.in_hall), the application is accepted there. */
bool ruling_coupon(struct ruling *r, const char *paragraph, enum law_reason_code code);

bool ruling_online(const struct ruling *r);         /* portal or mobile */
enum tri ruling_in_capital(const struct ruling *r); /* UNKNOWN without a KATO */
/* Items 3-8 concern this application (reading temporary.office_route). */
bool ruling_office_route(struct ruling *r);
/* A living owner is a minor or incapable; notes the readings, leaves the questions in decision->asks. */
enum tri ruling_protected_owner(struct ruling *r);
/* The paragraph under which the owners are looked at: 4, in the hall 6. */
const char *ruling_owner_paragraph(const struct ruling *r);

/* In the order of the checks (invalid comes before, in inquiry). */
law_rule order_6_in_force, para_03_owners, para_04_to_hall, para_05_to_online, para_07_accept, para_08_refuse, para_09_capital,
    para_01_elsewhere, para_10_3_norm_in_force, para_10_1_area, para_10_2_head_count, para_10_3_compare, para_10_4_choose,
    para_10_5_owners, para_10_5_kinship, para_10_7_study, para_10_6_owner;

#endif
