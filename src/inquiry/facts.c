/* SPDX-License-Identifier: Apache-2.0 */
/* What the registers say becomes facts: each YES, NO or UNKNOWN, a silent register always UNKNOWN. */
#include "inquiry/inquiry_impl.h"

enum tri inquiry_alive(const struct inquiry *q, struct iin who, bool *ret_unasked)
{
    struct inquiry_life life;
    enum kin_reply reply = q->source->person(q, who, &life);
    *ret_unasked = reply == KIN_UNASKED;
    return reply == KIN_HELD ? tri_of(world_alive_between(life.born, life.died, q->application.day)) : TRI_UNKNOWN;
}

static bool owner_seen(const struct inquiry *q, struct iin id)
{
    for (int i = 0; i < q->facts.owners; i++) {
        if (iin_equal(q->owner[i].id, id))
            return true;
    }
    return false;
}

static void list_owners(struct inquiry *q, int count)
{
    struct law_facts *f = &q->facts;
    f->owners_known = LAW_KNOWN;
    f->owners = 0;
    f->owner = q->owner = ARENA_ARRAY(q->arena, struct law_owner, count);
    q->owner_who = ARENA_ARRAY(q->arena, struct iin, count);
    for (int i = 0; i < count; i++) {
        struct inquiry_owner owner = q->source->owner(q, i);
        if (owner_seen(q, owner.id))
            continue;
        q->owner_who[f->owners] = owner.who;
        q->owner[f->owners++] = (struct law_owner){ .id = owner.id,
                                                    .company = iin_kind_of(owner.id) == IIN_COMPANY,
                                                    .unasked = true,
                                                    .alive = TRI_UNKNOWN,
                                                    .minor = TRI_UNKNOWN,
                                                    .married = TRI_UNKNOWN,
                                                    .incapable = TRI_UNKNOWN };
    }
}

bool inquiry_fact_dwelling(struct inquiry *q)
{
    struct inquiry_dwelling d;
    enum kin_reply reply = q->source->dwelling(q, &d);
    if (reply == KIN_UNASKED) {
        inquiry_ask(q, REGISTRY_DWELLING, (struct iin){ 0 });
        return false;
    }
    struct law_facts *f = &q->facts;
    f->dwelling = f->owners_known = LAW_SILENT;
    if (reply == KIN_SILENT)
        return true;
    f->dwelling = LAW_KNOWN;
    f->kato = d.kato;
    f->total_area = d.total_area;
    f->useful_area = d.useful_area;
    if (!d.owners_silent)
        list_owners(q, d.owners);
    return true;
}

/* Under age on the day; on the birthday itself no longer.
 * LAW 4.3 #48365255 */
static enum tri minor_on(struct day born, struct day day, int majority_years)
{
    if (day_is_none(born))
        return TRI_UNKNOWN;
    if ((int64_t)day.n - born.n >= (int64_t)366 * majority_years) /* by far the most owners: no calendar needed */
        return TRI_NO;
    return tri_of(day.n < day_add_years(born, majority_years).n);
}

/* GBD FL saying so, or a court act in E-Sobes; E-Sobes silent leaves it unknown.
 * LAW 4.4 #7a05ed39 */
static enum tri incapable_by(enum kin_reply person, const struct inquiry_life *life, enum kin_reply capacity, bool by_court)
{
    if (person == KIN_HELD && life->capable == WORLD_CAPABLE_NO)
        return TRI_YES;
    enum tri by_esobes = capacity == KIN_SILENT ? TRI_UNKNOWN : tri_of(by_court);
    enum tri answered = person == KIN_SILENT ? TRI_UNKNOWN : TRI_NO;
    return tri_or(by_esobes, answered);
}

static bool look_at_owner(struct inquiry *q, struct law_owner *owner, struct iin who)
{
    struct inquiry_life life;
    bool by_court = false;
    struct day day = q->application.day;
    enum kin_reply person = q->source->person(q, who, &life), capacity = q->source->capacity(q, who, &by_court);
    if (person == KIN_UNASKED)
        inquiry_ask(q, REGISTRY_PERSON, who);
    if (capacity == KIN_UNASKED)
        inquiry_ask(q, REGISTRY_CAPACITY, who);
    if (person == KIN_UNASKED || capacity == KIN_UNASKED)
        return false;
    owner->unasked = false;
    if (person == KIN_HELD) {
        owner->alive = tri_of(world_alive_between(life.born, life.died, day));
        owner->minor = minor_on(life.born, day, q->readings.majority_years);
    }
    owner->incapable = incapable_by(person, &life, capacity, by_court);
    return true;
}

/* LAW 6.1 #521b5d3b */
bool inquiry_fact_owners(struct inquiry *q)
{
    bool complete = true;
    for (int i = 0; i < q->facts.owners; i++) {
        if (!q->owner[i].company)
            complete &= look_at_owner(q, &q->owner[i], q->owner_who[i]);
    }
    return complete;
}

/* LAW 10.2.1 #f820c105 */
bool inquiry_fact_head_count(struct inquiry *q)
{
    enum kin_reply reply = q->source->head_count(q, &q->facts.registered, &q->facts.registered_residence);
    if (reply == KIN_UNASKED) {
        inquiry_ask(q, REGISTRY_HEAD_COUNT, (struct iin){ 0 });
        return false;
    }
    q->facts.head_count = reply == KIN_SILENT ? LAW_SILENT : LAW_KNOWN;
    return true;
}

/* LAW 10.7.2 #ee6a81d5 */
static void study_in_capital(const struct registry_study *study, struct day day, enum tri *full_time, enum tri *any_form)
{
    if (!str_starts(study->kato, "71") || !day_within(day, study->since, study->until))
        return;
    *any_form = TRI_YES;
    if (study->form == WORLD_FULL_TIME)
        *full_time = TRI_YES;
}

/* LAW 10.7.1 #00511a00 */
bool inquiry_study_of(struct inquiry *q, struct iin who, enum tri *ret_full_time, enum tri *ret_any_form)
{
    static const enum registry_ask registers[] = { REGISTRY_STUDY_NOBD, REGISTRY_STUDY_EPVO };
    bool complete = true;
    *ret_full_time = *ret_any_form = TRI_NO;
    for (int i = 0; i < 2; i++) {
        struct registry_study study;
        enum kin_reply reply;
        int at = 0;
        while ((reply = q->source->study(q, registers[i], who, &at, &study)) == KIN_HELD)
            study_in_capital(&study, q->application.day, ret_full_time, ret_any_form);
        if (reply == KIN_UNASKED) {
            inquiry_ask(q, registers[i], who);
            complete = false;
        } else if (reply == KIN_SILENT) {
            *ret_full_time = tri_or(*ret_full_time, TRI_UNKNOWN);
            *ret_any_form = tri_or(*ret_any_form, TRI_UNKNOWN);
        }
    }
    return complete;
}

bool inquiry_fact_study(struct inquiry *q)
{
    struct law_facts *f = &q->facts;
    if (!inquiry_study_of(q, q->who, &f->studies_full_time, &f->studies_any_form))
        return false;
    f->study = LAW_KNOWN;
    return true;
}
