/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The table of rules in the order of the checks, and the loop over it.
 *
 * The order itself goes office by office (items 3-8), then Astana (9-10).  Ours: the pilot in
 * force, who owns the dwelling, where to go for that, outside Astana, the norm, the relation.
 * Every rule sees the same facts; the first that rules ends the loop.
 */
#include <string.h>

#include "law/ruling.h"

static law_rule *const rules[] = {
    order_6_in_force, para_03_owners,    para_04_to_hall,         para_05_to_online, para_08_refuse,       para_07_accept,
    para_09_capital,  para_01_elsewhere, para_10_3_norm_in_force, para_10_1_area,    para_10_2_head_count, para_10_3_compare,
    para_10_4_choose, para_10_7_study,   para_10_5_owners,        para_10_6_owner,   para_10_5_kinship,
};

static void begin(struct law_decision *d, const struct law_facts *facts, const char *edition)
{
    d->outcome = LAW_WAITING;
    d->paragraph = NULL;
    d->edition = edition;
    d->reasons = 0;
    d->has_norm = d->useful_area = d->reached = false;
    d->area = d->per_person = DECIMAL_NONE;
    d->allowed = 0;
    d->registered = 0;
    d->degree = LAW_NO_DEGREE;
    d->kinship = TRI_UNKNOWN;
    d->kin = NULL;
    d->applicant = facts != NULL ? facts->applicant : (struct iin){ 0 };
    d->readings = 0;
    d->asks = d->foresees = 0;
}

void law_decide(const struct law_facts *facts, const struct policy_readings *readings, struct law_decision *ret)
{
    begin(ret, facts, readings->edition);
    struct ruling r = { facts, readings, ret };
    for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++) {
        if (rules[i](&r))
            return;
    }
    BUG("no rule decided");
}

void law_invalid(struct law_decision *ret, enum law_reason_code code, const char *field, const char *edition)
{
    begin(ret, NULL, edition);
    ret->outcome = LAW_INVALID;
    ret->reason[ret->reasons++] = (struct law_reason){ .code = code, .field = field };
}

const struct law_sentence *law_sentence_of(const char *paragraph)
{
    for (int i = 0; i < law_sentence_count; i++) {
        if (strcmp(law_sentences[i].paragraph, paragraph) == 0)
            return &law_sentences[i];
    }
    return NULL;
}
