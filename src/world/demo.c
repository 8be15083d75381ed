/* SPDX-License-Identifier: Apache-2.0 */
/* Finds, in any world, people in whom each path of the order can be shown. */
#include "world/demo_impl.h"

#define NORM 1500 /* hundredths of m2 a person: what the policy has on the day; only a search criterion here */

enum where { ASTANA, ELSEWHERE };
enum fill { ANY_FILL, FREE, FULL };
enum owned { BY_ADULT, BY_MINOR, BY_COMPANY };

/* ---- dwellings ---- */

static bool consents_for_minor(struct demo_search *s)
{
    const struct world_person *p = world_person(s->world, s->owner);
    if (p == NULL || day_is_none(p->born) || demo_is_adult(s, p) || !world_alive(p, s->day))
        return false;
    struct world_run run = world_representatives_of(s->world, s->owner);
    for (int i = 0; i < run.count; i++) {
        const struct world_representative *r = world_representative_at(s->world, run.index[i]);
        s->consents = r->representative;
        if (day_within(s->day, r->since, r->until) && demo_is_sound(s, r->representative))
            return true;
    }
    return false;
}

static bool consents_for_company(struct demo_search *s)
{
    const struct world_company *company = world_company(s->world, s->owner);
    if (company == NULL || iin_is_none(company->head))
        return false;
    s->consents = company->head;
    return demo_is_sound(s, company->head);
}

static bool consents_himself(struct demo_search *s)
{
    s->consents = s->owner;
    return demo_is_sound(s, s->owner);
}

static bool choose_owner(struct demo_search *s, enum owned owned)
{
    static bool (*const CONSENTS[])(struct demo_search *) = {
        [BY_ADULT] = consents_himself, [BY_MINOR] = consents_for_minor, [BY_COMPANY] = consents_for_company
    };
    struct world_run run = world_owners_of(s->world, s->dwelling);
    if (run.count != 1)
        return false;
    s->owner = world_owner_at(s->world, run.index[0])->owner;
    return (iin_kind_of(s->owner) == IIN_COMPANY) == (owned == BY_COMPANY) && CONSENTS[owned](s) &&
           (s->repeat || !demo_has_part(s, s->consents, true));
}

static bool is_where(const struct world_dwelling *d, enum where where)
{
    return d->kato.n > 0 && str_starts(d->kato, "71") == (where == ASTANA);
}

static bool is_filled(const struct demo_search *s, enum fill fill)
{
    if (fill == ANY_FILL)
        return true;
    if (s->dwelling->total_area == DECIMAL_NONE)
        return false;
    int registered = world_head_count(s->world, s->dwelling, s->day, (struct iin){ 0 }, false);
    return (registered >= s->dwelling->total_area / NORM) == (fill == FULL);
}

static bool is_taken(const struct demo_search *s)
{
    for (int i = 0; i < s->count; i++)
        if (s->found[i].dwelling == s->dwelling || demo_lives_in(s, s->found[i].applicant, s->dwelling))
            return true;
    return false;
}

/* ---- cases ---- */

struct demo_case {
    const char *key;
    enum where where;
    enum fill fill;
    enum owned owned;
    struct iin (*applicant)(const struct demo_search *s);
    const char *degree, *side;
};

/* Rare ones first, so that a common case does not take their place. */
static const struct demo_case CASES[] = {
    { "kin_no_birth_act", ASTANA, FULL, BY_ADULT, demo_find_son_of_unrecorded, "grandchild", "mother" },
    { "kin_half_sibling", ASTANA, FULL, BY_ADULT, demo_find_half_sibling, "half_sibling", "mother" },
    { "kin_grandparent", ASTANA, FULL, BY_ADULT, demo_find_grandparent, "grandparent", "father" },
    { "kin_in_law", ASTANA, FULL, BY_ADULT, demo_find_in_law, "in_law", "" },
    { "kin_spouse", ASTANA, FULL, BY_ADULT, demo_find_spouse, "spouse", "" },
    { "kin_full_sibling", ASTANA, FULL, BY_ADULT, demo_find_full_sibling, "full_sibling", "" },
    { "kin_grandchild", ASTANA, FULL, BY_ADULT, demo_find_grandchild, "grandchild", "mother" },
    { "kin_parent", ASTANA, FULL, BY_ADULT, demo_find_parent, "parent", "" },
    { "kin_child", ASTANA, FULL, BY_ADULT, demo_find_child, "child", "" },
    { "owner", ASTANA, FULL, BY_ADULT, demo_find_owner, "owner", "" },
    { "student", ASTANA, FULL, BY_ADULT, demo_find_student, "student", "" },
    { "minor_owner", ASTANA, ANY_FILL, BY_MINOR, demo_find_stranger, "", "" },
    { "company_owner", ASTANA, FREE, BY_COMPANY, demo_find_stranger, "", "" },
    { "stranger", ASTANA, FULL, BY_ADULT, demo_find_stranger, "", "" },
    { "within_norm", ASTANA, FREE, BY_ADULT, demo_find_stranger, "", "" },
    { "outside_astana", ELSEWHERE, ANY_FILL, BY_ADULT, demo_find_stranger, "", "" },
};
_Static_assert(sizeof CASES / sizeof *CASES <= WORLD_DEMO_MAX, "room for all cases");

static bool find_case(struct demo_search *s, const struct demo_case *c)
{
    size_t count;
    const struct world_dwelling *dwellings = world_dwellings(s->world, &count);
    for (size_t i = 0; i < count; i++) {
        s->dwelling = &dwellings[i];
        if (!is_where(s->dwelling, c->where) || (!s->repeat && is_taken(s)) || !choose_owner(s, c->owned) ||
            !is_filled(s, c->fill))
            continue;
        struct iin applicant = c->applicant(s);
        if (iin_is_none(applicant))
            continue;
        s->found[s->count++] =
            (struct world_demo_person){ c->key, applicant, s->dwelling, s->owner, s->consents, c->degree, c->side };
        return true;
    }
    return false;
}

bool world_demo(const struct world *world, struct world_demo_person *ret, int room, int *ret_count)
{
    struct demo_search s = { .world = world, .day = day_of(2026, 3, 2), .found = ret };
    int cases = sizeof CASES / sizeof *CASES;
    bool all = true;
    for (int i = 0; i < cases && s.count < room; i++) {
        s.repeat = false;
        if (find_case(&s, &CASES[i]))
            continue;
        s.repeat = true;
        all = find_case(&s, &CASES[i]) && all;
    }
    *ret_count = s.count;
    return all && s.count == cases;
}
