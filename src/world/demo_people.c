/* SPDX-License-Identifier: Apache-2.0 */
/* Whom a dwelling can be shown with: one search a kind of applicant, straight from the acts. */
#include "world/demo_impl.h"

#define MAJORITY 18

/* ---- persons ---- */

bool demo_lives_in(const struct demo_search *s, struct iin person, const struct world_dwelling *home)
{
    int32_t dwelling = world_dwelling_index(s->world, home);
    struct world_run run = world_residences_of(s->world, person);
    for (int i = 0; i < run.count; i++) {
        const struct world_resident *r = world_resident_at(s->world, run.index[i]);
        if (r->dwelling == dwelling && day_within(s->day, r->since, r->until))
            return true;
    }
    return false;
}

static bool is_registered_there(const struct demo_search *s, struct iin person) { return demo_lives_in(s, person, s->dwelling); }

/* Who moves out of a dwelling that another case is about would change that case. */
static bool would_leave_another_case(const struct demo_search *s, struct iin person)
{
    for (int i = 0; i < s->count; i++)
        if (demo_lives_in(s, person, s->found[i].dwelling))
            return true;
    return false;
}

bool demo_is_adult(const struct demo_search *s, const struct world_person *p)
{
    return !day_is_none(p->born) && day_add_years(p->born, MAJORITY).n <= s->day.n;
}

/* A living, capable adult with a phone. */
bool demo_is_sound(const struct demo_search *s, struct iin iin)
{
    const struct world_person *p = world_person(s->world, iin);
    return p != NULL && world_alive(p, s->day) && demo_is_adult(s, p) && p->phone.n > 0 && p->capable == WORLD_CAPABLE_YES &&
           world_incapacities_of(s->world, iin).count == 0;
}

bool demo_has_part(const struct demo_search *s, struct iin person, bool as_applicant)
{
    for (int i = 0; i < s->count; i++)
        if (iin_equal(as_applicant ? s->found[i].applicant : s->found[i].consents, person))
            return true;
    return false;
}

static bool may_apply(const struct demo_search *s, struct iin person)
{
    return !demo_has_part(s, person, true) && (s->repeat || !demo_has_part(s, person, false)) && demo_is_sound(s, person) &&
           !is_registered_there(s, person) && (s->repeat || !would_leave_another_case(s, person));
}

/* ---- kin, straight from the acts ---- */

static struct iin parent_of(const struct world *world, struct iin child, enum world_sex sex)
{
    const struct world_birth *birth = iin_is_none(child) ? NULL : world_birth(world, child);
    if (birth == NULL)
        return (struct iin){ 0 };
    return sex == WORLD_FEMALE ? birth->mother : birth->father;
}

/* The person, the parents, the grandparents; none where the acts stop. */
#define ANCESTORS 7
static void collect_ancestors(const struct world *world, struct iin person, struct iin ret[ANCESTORS])
{
    ret[0] = person;
    for (int i = 1; i < ANCESTORS; i++)
        ret[i] = parent_of(world, ret[(i - 1) / 2], i % 2 ? WORLD_FEMALE : WORLD_MALE);
}

static bool share_ancestors(const struct world *world, struct iin a, struct iin b)
{
    struct iin of_a[ANCESTORS], of_b[ANCESTORS];
    collect_ancestors(world, a, of_a);
    collect_ancestors(world, b, of_b);
    for (int i = 0; i < ANCESTORS; i++)
        for (int k = 0; k < ANCESTORS; k++)
            if (!iin_is_none(of_a[i]) && iin_equal(of_a[i], of_b[k]))
                return true;
    return false;
}

static struct iin other_spouse(const struct world_marriage *m, struct iin one)
{
    return iin_equal(m->husband, one) ? m->wife : m->husband;
}

/* By blood, or by any marriage of the owner's. */
static bool are_related(const struct demo_search *s, struct iin applicant)
{
    if (share_ancestors(s->world, applicant, s->owner))
        return true;
    struct world_run run = world_marriages_of(s->world, s->owner);
    for (int i = 0; i < run.count; i++)
        if (share_ancestors(s->world, applicant, other_spouse(world_marriage_at(s->world, run.index[i]), s->owner)))
            return true;
    return false;
}

/* The spouse by a marriage in force; none when there is none. */
static struct iin spouse_of(const struct demo_search *s, struct iin person)
{
    struct world_run run = world_marriages_of(s->world, person);
    for (int i = 0; i < run.count; i++) {
        const struct world_marriage *m = world_marriage_at(s->world, run.index[i]);
        struct iin other = other_spouse(m, person);
        const struct world_person *p = world_person(s->world, other);
        if (m->act_date.n <= s->day.n && world_marriage_ended(s->world, m, s->day) == TRI_NO && p != NULL &&
            world_alive(p, s->day))
            return other;
    }
    return (struct iin){ 0 };
}

/* The next person, from *at on, whose birth act names `parent` and is dated by now. */
static struct iin next_child(const struct demo_search *s, struct iin parent, int *at)
{
    struct world_run run = iin_is_none(parent) ? (struct world_run){ NULL, 0 } : world_births_by_parent(s->world, parent);
    while (*at < run.count) {
        const struct world_birth *birth = world_birth_at(s->world, run.index[(*at)++]);
        if (birth->act_date.n <= s->day.n)
            return birth->child;
    }
    return (struct iin){ 0 };
}

/* ---- candidates: each returns an applicant for s->dwelling, or none ---- */

static struct iin applicant_or_none(const struct demo_search *s, struct iin person)
{
    bool fits = !iin_is_none(person) && !iin_equal(person, s->owner) && may_apply(s, person);
    return fits ? person : (struct iin){ 0 };
}

static struct iin find_parent_of(const struct demo_search *s, struct iin person)
{
    struct iin mother = applicant_or_none(s, parent_of(s->world, person, WORLD_FEMALE));
    return iin_is_none(mother) ? applicant_or_none(s, parent_of(s->world, person, WORLD_MALE)) : mother;
}

struct iin demo_find_child(const struct demo_search *s)
{
    struct iin child;
    for (int at = 0; !iin_is_none(child = next_child(s, s->owner, &at));)
        if (!iin_is_none(applicant_or_none(s, child)))
            return child;
    return child;
}

struct iin demo_find_parent(const struct demo_search *s) { return find_parent_of(s, s->owner); }

struct iin demo_find_spouse(const struct demo_search *s) { return applicant_or_none(s, spouse_of(s, s->owner)); }

/* Of the owner's mother: full when the fathers are the same, half when they are known and not. */
static struct iin find_sibling(const struct demo_search *s, bool full)
{
    struct iin father = parent_of(s->world, s->owner, WORLD_MALE), mother = parent_of(s->world, s->owner, WORLD_FEMALE), child;
    for (int at = 0; !iin_is_none(child = next_child(s, mother, &at));) {
        struct iin childs_father = parent_of(s->world, child, WORLD_MALE);
        if (!iin_is_none(father) && !iin_is_none(childs_father) && iin_equal(father, childs_father) == full &&
            iin_equal(parent_of(s->world, child, WORLD_FEMALE), mother) && !iin_is_none(applicant_or_none(s, child)))
            return child;
    }
    return child;
}

struct iin demo_find_full_sibling(const struct demo_search *s) { return find_sibling(s, true); }
struct iin demo_find_half_sibling(const struct demo_search *s) { return find_sibling(s, false); }

struct iin demo_find_grandparent(const struct demo_search *s)
{
    return find_parent_of(s, parent_of(s->world, s->owner, WORLD_MALE));
}

/* Children whose birth act names `mother` as the mother. */
static struct iin find_child_of_mother(const struct demo_search *s, struct iin mother)
{
    struct iin child;
    for (int at = 0; !iin_is_none(child = next_child(s, mother, &at));)
        if (iin_equal(parent_of(s->world, child, WORLD_FEMALE), mother) && !iin_is_none(applicant_or_none(s, child)))
            return child;
    return child;
}

struct iin demo_find_grandchild(const struct demo_search *s)
{
    struct iin between, found;
    for (int at = 0; !iin_is_none(between = next_child(s, s->owner, &at));)
        if (!iin_is_none(found = find_child_of_mother(s, between)))
            return found;
    return between;
}

struct iin demo_find_in_law(const struct demo_search *s) { return find_parent_of(s, spouse_of(s, s->owner)); }

/* A woman who lives with the owner, could be her daughter, and has no birth act on record: her son. */
struct iin demo_find_son_of_unrecorded(const struct demo_search *s)
{
    const struct world_person *owner = world_person(s->world, s->owner);
    struct world_run run = world_residents_of(s->world, s->dwelling);
    for (int i = 0; i < run.count && owner->sex == WORLD_FEMALE; i++) {
        const struct world_person *p = world_person(s->world, world_resident_at(s->world, run.index[i])->iin);
        if (p->sex != WORLD_FEMALE || !is_registered_there(s, p->iin) || world_birth(s->world, p->iin) != NULL ||
            !demo_is_sound(s, p->iin) || p->born.n < day_add_years(owner->born, MAJORITY).n ||
            p->born.n > day_add_years(owner->born, 40).n)
            continue;
        struct iin son = find_child_of_mother(s, p->iin);
        const struct world_person *grandson = iin_is_none(son) ? NULL : world_person(s->world, son);
        if (grandson != NULL && grandson->sex == WORLD_MALE && !are_related(s, son))
            return son;
    }
    return (struct iin){ 0 };
}

static bool studies_now(const struct demo_search *s, const struct world_student *study)
{
    return study->form == WORLD_FULL_TIME && str_starts(study->kato, "71") && day_within(s->day, study->since, study->until);
}

struct iin demo_find_student(const struct demo_search *s)
{
    size_t count = world_count(s->world, WORLD_STUDENTS);
    for (size_t i = 0; i < count; i++) {
        const struct world_student *study = world_student_at(s->world, (int32_t)i);
        if (studies_now(s, study) && !iin_is_none(applicant_or_none(s, study->iin)) && !are_related(s, study->iin))
            return study->iin;
    }
    return (struct iin){ 0 };
}

struct iin demo_find_owner(const struct demo_search *s) { return may_apply(s, s->owner) ? s->owner : (struct iin){ 0 }; }

/* Nobody's kin, and no student who could pass by that. */
struct iin demo_find_stranger(const struct demo_search *s)
{
    size_t count;
    const struct world_person *persons = world_persons(s->world, &count);
    for (size_t i = 0; i < count; i++)
        if (!iin_is_none(applicant_or_none(s, persons[i].iin)) && world_studies_of(s->world, persons[i].iin).count == 0 &&
            !iin_equal(persons[i].iin, s->consents) && !are_related(s, persons[i].iin))
            return persons[i].iin;
    return (struct iin){ 0 };
}
