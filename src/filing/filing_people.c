/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who has to consent: every living natural owner but the applicant, and the head of each company that owns a share.
 * The applicant who is an owner, or such a head, has consented by signing.
 */
#include "filing/filing_impl.h"

#define MAJORITY_YEARS 18 /* Civil Code: who is under age, or incapable, does not consent by himself */

static void add(struct filing_people *people, struct iin person, struct str company)
{
    for (int i = 0; i < people->count; i++) {
        if (iin_equal(people->consenter[i].person, person))
            return;
    }
    if (people->count == FILING_CONSENTS_MAX) {
        people->impossible = true;
        return;
    }
    people->consenter[people->count++] = (struct filing_consenter){ .person = person, .company = company };
}

static bool is_alive(const struct registry_person *person, struct day day)
{
    return day_is_none(person->died) || person->died.n > day.n;
}

static bool may_consent(const struct registry_person *person, struct day day)
{
    bool minor = !day_is_none(person->born) && day.n < day_add_years(person->born, MAJORITY_YEARS).n;
    return !minor && person->capable != WORLD_CAPABLE_NO;
}

static struct iin consenter_of(const struct registry_owner *owner)
{
    return iin_kind_of(owner->id) == IIN_COMPANY ? owner->head : owner->id;
}

void filing_people_find(const struct filing_case *c, const struct filing_answers *answers, struct filing_people *ret)
{
    const struct registry_dwelling *dwelling = filing_dwelling_of(answers, c->rka);
    bool by_signing = false;
    *ret = (struct filing_people){ .unknown = !dwelling || dwelling->owners_silent };
    for (int i = 0; dwelling && i < dwelling->owners; i++) {
        const struct registry_owner *owner = &dwelling->owner[i];
        bool company = iin_kind_of(owner->id) == IIN_COMPANY;
        struct iin person = consenter_of(owner);
        const struct registry_person *record = filing_person_of(answers, person);
        if (iin_equal(person, c->applicant))
            by_signing = true;
        else if (iin_is_none(person))
            ret->impossible = true;
        else if (!record)
            ret->unknown = true;
        else if (!record->held)
            ret->impossible = true;
        else if (!is_alive(record, c->legal_day))
            ret->impossible |= company;
        else if (!may_consent(record, c->legal_day))
            ret->impossible = true;
        else
            add(ret, person, company ? owner->name : STR(""));
    }
    if (!ret->unknown && ret->count == 0 && !by_signing)
        ret->impossible = true; /* all owners dead, or none on record */
}

bool filing_people_ask(struct filing_work *w, const struct filing_answers *answers, const char *purpose, int *ret_asked)
{
    const struct registry_dwelling *dwelling = filing_dwelling_of(answers, w->c.rka);
    struct filing_post post = { .purpose = purpose };
    *ret_asked = 0;
    for (int i = -1; dwelling && i < dwelling->owners; i++) {
        struct iin person = i < 0 ? w->c.applicant : consenter_of(&dwelling->owner[i]);
        struct registry_question question = filing_ask_person(person);
        bool repeated = false;
        for (int k = 0; k < i; k++)
            repeated = repeated || iin_equal(consenter_of(&dwelling->owner[k]), person);
        repeated = repeated || (i >= 0 && iin_equal(person, w->c.applicant));
        if (iin_is_none(person) || repeated || filing_person_of(answers, person))
            continue;
        /* While deciding, a silent question is asked again by itself; afterwards those are withdrawn and asked anew. */
        if (str_is(str_from(purpose), "decide") && filing_is_asked(answers, &question))
            continue;
        if (!filing_post(w, &question, &post, NULL))
            return false;
        ++*ret_asked;
    }
    return true;
}

bool filing_ask_previous_place(struct filing_work *w, const struct filing_answers *answers)
{
    static const char count[] = "SELECT count(*) FROM question WHERE filing = $1 AND purpose = 'prefill'";
    static const struct filing_post post = { .purpose = "prefill" };
    const struct registry_person *applicant = filing_person_of(answers, w->c.applicant);
    int64_t asked;
    if (!applicant || applicant->residence_rka.n == 0)
        return true;
    if (!filing_number_of(w->db, count, VALUES(v_int(w->c.id.n)), 0, &asked, w->err))
        return false;
    struct registry_question question = filing_ask_dwelling(applicant->residence_rka);
    return asked > 0 || filing_post(w, &question, &post, NULL);
}
