/* SPDX-License-Identifier: Apache-2.0 */
/* Answers become facts: each YES, NO or UNKNOWN, a silent register always UNKNOWN. */
#include "inquiry/inquiry_impl.h"

enum tri inquiry_alive(const struct inquiry *q, struct iin person, bool *ret_unasked)
{
    const struct registry_answer *answer = inquiry_find(q, REGISTRY_PERSON, person);
    *ret_unasked = answer == NULL;
    if (answer == NULL || answer->status == REGISTRY_SILENT || !answer->person.held)
        return TRI_UNKNOWN;
    return tri_of(world_alive_between(answer->person.born, answer->person.died, q->application.day));
}

static bool owner_seen(const struct inquiry *q, struct iin id)
{
    for (int i = 0; i < q->facts.owners; i++) {
        if (iin_equal(q->owner[i].id, id))
            return true;
    }
    return false;
}

bool inquiry_fact_dwelling(struct inquiry *q)
{
    const struct registry_answer *answer = inquiry_find(q, REGISTRY_DWELLING, (struct iin){ 0 });
    if (answer == NULL) {
        inquiry_ask(q, REGISTRY_DWELLING, (struct iin){ 0 });
        return false;
    }
    struct law_facts *f = &q->facts;
    f->dwelling = f->owners_known = LAW_SILENT;
    if (answer->status == REGISTRY_SILENT)
        return true;
    const struct registry_dwelling *d = &answer->dwelling;
    f->dwelling = LAW_KNOWN;
    f->kato = d->kato;
    f->total_area = d->total_area;
    f->useful_area = d->useful_area;
    if (d->owners_silent)
        return true;
    f->owners_known = LAW_KNOWN;
    f->owners = 0;
    q->owner = ARENA_ARRAY(q->arena, struct law_owner, d->owners > 0 ? d->owners : 1);
    for (int i = 0; i < d->owners; i++) {
        if (owner_seen(q, d->owner[i].id))
            continue;
        q->owner[f->owners++] = (struct law_owner){ .id = d->owner[i].id,
                                                    .company = iin_kind_of(d->owner[i].id) == IIN_COMPANY,
                                                    .unasked = true,
                                                    .alive = TRI_UNKNOWN,
                                                    .minor = TRI_UNKNOWN,
                                                    .married = TRI_UNKNOWN,
                                                    .incapable = TRI_UNKNOWN };
    }
    f->owner = q->owner;
    return true;
}

/* Under age on the day; on the birthday itself no longer.
 * LAW 4.3 #48365255 */
static enum tri minor_on(struct day born, struct day day, int majority_years)
{
    if (day_is_none(born))
        return TRI_UNKNOWN;
    return tri_of(day.n < day_add_years(born, majority_years).n);
}

/* GBD FL saying so, or a court act in E-Sobes; E-Sobes silent leaves it unknown.
 * LAW 4.4 #7a05ed39 */
static enum tri incapable_by(const struct registry_answer *person, const struct registry_answer *capacity)
{
    bool by_gbdfl = person->status == REGISTRY_ANSWERED && person->person.held && person->person.capable == WORLD_CAPABLE_NO;
    if (by_gbdfl)
        return TRI_YES;
    enum tri by_esobes = capacity->status == REGISTRY_SILENT ? TRI_UNKNOWN : tri_of(capacity->capacity.incapable);
    enum tri answered = person->status == REGISTRY_ANSWERED ? TRI_NO : TRI_UNKNOWN;
    return tri_or(by_esobes, answered);
}

/* LAW 6.1 #521b5d3b */
bool inquiry_fact_owners(struct inquiry *q)
{
    bool complete = true;
    for (int i = 0; i < q->facts.owners; i++) {
        struct law_owner *owner = &q->owner[i];
        if (owner->company)
            continue;
        const struct registry_answer *person = inquiry_find(q, REGISTRY_PERSON, owner->id);
        const struct registry_answer *capacity = inquiry_find(q, REGISTRY_CAPACITY, owner->id);
        if (person == NULL)
            inquiry_ask(q, REGISTRY_PERSON, owner->id);
        if (capacity == NULL)
            inquiry_ask(q, REGISTRY_CAPACITY, owner->id);
        if (person == NULL || capacity == NULL) {
            complete = false;
            continue;
        }
        bool unasked;
        owner->unasked = false;
        owner->alive = inquiry_alive(q, owner->id, &unasked);
        if (person->status == REGISTRY_ANSWERED && person->person.held)
            owner->minor = minor_on(person->person.born, q->application.day, q->readings.majority_years);
        owner->incapable = incapable_by(person, capacity);
    }
    return complete;
}

/* LAW 10.2.1 #f820c105 */
bool inquiry_fact_head_count(struct inquiry *q)
{
    const struct registry_answer *answer = inquiry_find(q, REGISTRY_HEAD_COUNT, (struct iin){ 0 });
    if (answer == NULL) {
        inquiry_ask(q, REGISTRY_HEAD_COUNT, (struct iin){ 0 });
        return false;
    }
    q->facts.head_count = answer->status == REGISTRY_SILENT ? LAW_SILENT : LAW_KNOWN;
    if (answer->status == REGISTRY_ANSWERED) {
        q->facts.registered = answer->head_count.registered;
        q->facts.registered_residence = answer->head_count.residence;
    }
    return true;
}

/* LAW 10.7.2 #ee6a81d5 */
static void study_in_capital(const struct registry_answer *answer, struct day day, enum tri *full_time, enum tri *any_form)
{
    if (answer->status == REGISTRY_SILENT) {
        *full_time = tri_or(*full_time, TRI_UNKNOWN);
        *any_form = tri_or(*any_form, TRI_UNKNOWN);
        return;
    }
    for (int i = 0; i < answer->studies.count; i++) {
        const struct registry_study *study = &answer->studies.item[i];
        if (!str_starts(study->kato, "71") || !day_within(day, study->since, study->until))
            continue;
        *any_form = TRI_YES;
        if (study->form == WORLD_FULL_TIME)
            *full_time = TRI_YES;
    }
}

/* LAW 10.7.1 #00511a00 */
bool inquiry_study_of(struct inquiry *q, struct iin person, enum tri *ret_full_time, enum tri *ret_any_form)
{
    static const enum registry_ask registers[] = { REGISTRY_STUDY_NOBD, REGISTRY_STUDY_EPVO };
    bool complete = true;
    *ret_full_time = *ret_any_form = TRI_NO;
    for (int i = 0; i < 2; i++) {
        const struct registry_answer *answer = inquiry_find(q, registers[i], person);
        if (answer == NULL) {
            inquiry_ask(q, registers[i], person);
            complete = false;
        } else {
            study_in_capital(answer, q->application.day, ret_full_time, ret_any_form);
        }
    }
    return complete;
}

bool inquiry_fact_study(struct inquiry *q)
{
    struct law_facts *f = &q->facts;
    if (!inquiry_study_of(q, q->application.applicant, &f->studies_full_time, &f->studies_any_form))
        return false;
    f->study = LAW_KNOWN;
    return true;
}
