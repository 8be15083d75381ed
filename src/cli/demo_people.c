/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/demo_people.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "world/world.h"

/* In the order in which they are listed.  With a consent_key the owner is listed too, to give the consent. */
static const struct {
    const char *key, *consent_key;
} cases[] = {
    { "within_norm", "within_norm_owner" },
    { "kin_child", "kin_child_owner" },
    { "kin_parent", "kin_parent_owner" },
    { "kin_spouse", "kin_spouse_owner" },
    { "kin_full_sibling", "kin_full_sibling_owner" },
    { "kin_half_sibling", "kin_half_sibling_owner" },
    { "kin_grandparent", "kin_grandparent_owner" },
    { "kin_grandchild", "kin_grandchild_owner" },
    { "kin_in_law", "kin_in_law_owner" },
    { "kin_no_birth_act", NULL },
    { "owner", NULL },
    { "student", "student_owner" },
    { "stranger", NULL },
    { "minor_owner", NULL },
    { "company_owner", "company_owner_head" },
    { "outside_astana", "outside_astana_owner" },
};
#define CASES ((int)(sizeof cases / sizeof *cases))

struct listing {
    struct demo_people *people;
    const struct world *world;
    struct world_demo_person found[WORLD_DEMO_MAX];
    int found_count;
};

static struct web_demo_person *add(struct listing *l, const char *key, struct iin iin, enum filing_role role)
{
    struct demo_people *people = l->people;
    if (people->count == DEMO_PEOPLE_MAX)
        BUG("more than %d people", DEMO_PEOPLE_MAX);
    const struct world_person *p = world_person(l->world, iin);
    struct str name = arena_printf(&people->arena, STR_FMT " " STR_FMT " " STR_FMT, STR_ARG(p->surname), STR_ARG(p->name),
                                   STR_ARG(p->patronymic));
    people->degree[people->count] = people->side[people->count] = "";
    people->person[people->count] =
        (struct web_demo_person){ .key = key, .iin = iin, .role = role, .name = arena_text(&people->arena, str_trim(name)) };
    return &people->person[people->count++];
}

static const struct world_demo_person *find(const struct listing *l, const char *key)
{
    for (int i = 0; i < l->found_count; i++) {
        if (strcmp(l->found[i].key, key) == 0)
            return &l->found[i];
    }
    return NULL;
}

static void add_applicants(struct listing *l)
{
    for (int i = 0; i < CASES; i++) {
        const struct world_demo_person *found = find(l, cases[i].key);
        if (!found)
            continue;
        struct web_demo_person *p = add(l, cases[i].key, found->applicant, FILING_CITIZEN);
        p->rka = arena_text(&l->people->arena, found->dwelling->rka);
        p->owner = found->owner;
        l->people->degree[l->people->count - 1] = found->degree;
        l->people->side[l->people->count - 1] = found->side;
    }
}

static void add_owners(struct listing *l)
{
    for (int i = 0; i < CASES; i++) {
        const struct world_demo_person *found = find(l, cases[i].key);
        if (found && cases[i].consent_key)
            add(l, cases[i].consent_key, found->consents, FILING_CITIZEN);
    }
}

static bool is_listed(const struct demo_people *people, struct iin iin)
{
    for (int i = 0; i < people->count; i++) {
        if (iin_equal(people->person[i].iin, iin))
            return true;
    }
    return false;
}

/* The first grown-up in the country who has no part yet. */
static bool add_clerk(struct listing *l, const char *key, enum filing_role role, struct err *err)
{
    size_t count;
    const struct world_person *person = world_persons(l->world, &count);
    for (size_t i = 0; i < count; i++) {
        const struct world_person *p = &person[i];
        bool grown_up = !day_is_none(p->born) && p->born.n < day_of(1995, 1, 1).n && p->born.n > day_of(1965, 1, 1).n;
        if (grown_up && day_is_none(p->died) && p->capable == WORLD_CAPABLE_YES && !is_listed(l->people, p->iin)) {
            add(l, key, p->iin, role);
            return true;
        }
    }
    return err_set(err, ERR_INPUT, "the world has no grown-up left to be a clerk");
}

bool demo_people_load(const char *world_folder, struct demo_people *ret, struct err *err)
{
    struct listing *l = mem_alloc(sizeof *l);
    struct world *world;
    struct buf errors;
    *ret = (struct demo_people){ .count = 0 };
    arena_init(&ret->arena, 0);
    buf_init(&errors, 64 * 1024);
    bool ok = world_load(world_folder, &world, &errors);
    if (ok) {
        l->people = ret;
        l->world = world;
        /* A small country may lack a rare case; then nobody is listed for it. */
        world_demo(world, l->found, WORLD_DEMO_MAX, &l->found_count);
        add_applicants(l);
        add_owners(l);
        ok = add_clerk(l, "reception_clerk", FILING_RECEPTION, err) && add_clerk(l, "hall_clerk", FILING_HALL, err);
        world_free(world);
    } else {
        fwrite(errors.p, 1, errors.n, stderr);
        err_set(err, ERR_INPUT, "%s: the world has errors, see above", world_folder);
    }
    buf_release(&errors);
    free(l);
    return ok;
}

void demo_people_release(struct demo_people *people) { arena_release(&people->arena); }
