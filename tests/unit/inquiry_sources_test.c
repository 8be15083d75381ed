/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Two sources, one decision: what is decided straight from a world folder is, byte for byte, what is decided by putting the same
 * questions to its registers one by one - whichever register is silent, and under other readings too.
 */
#include "inquiry/inquiry.h"
#include "world_folder.h"

#define PERSONS      1200
#define APPLICATIONS 500

static const char other_readings[] = "[temporary.office_route]\nvalue = online\nfrom = 1800-01-01\n"
                                     "[minor.married]\nvalue = adult\nfrom = 1800-01-01\n"
                                     "[owner.legal_entity]\nvalue = hall\nfrom = 1800-01-01\n"
                                     "[spouse]\nvalue = only_one\nfrom = 1800-01-01\n"
                                     "[full_sibling]\nvalue = known_parents\nfrom = 1800-01-01\n"
                                     "[half_sibling]\nvalue = only_half\nfrom = 1800-01-01\n"
                                     "[grandparent]\nvalue = either_side\nfrom = 1800-01-01\n"
                                     "[in_law.both_ways]\nvalue = on\nfrom = 1800-01-01\n"
                                     "[student]\nvalue = any_form\nfrom = 1800-01-01\n"
                                     "[statute.extended_kin]\nvalue = on\nfrom = 1800-01-01\n"
                                     "[statute.no_strangers]\nvalue = on\nfrom = 1800-01-01\n";

/* ---- applications ---- */

static uint32_t below(uint64_t *state, size_t n)
{
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)((*state >> 33) % n);
}

/* The person or somebody one act away. */
static struct iin near_to(const struct world *w, struct iin person, uint64_t *dice)
{
    const struct world_birth *own = world_birth(w, person);
    struct world_run children = world_births_by_parent(w, person), marriages = world_marriages_of(w, person);
    struct iin found = { 0 };
    switch (below(dice, 4)) {
    case 0: found = own != NULL ? own->mother : found; break;
    case 1: found = own != NULL ? own->father : found; break;
    case 2:
        if (children.count > 0)
            found = world_birth_at(w, children.index[below(dice, (size_t)children.count)])->child;
        break;
    default:
        if (marriages.count > 0) {
            const struct world_marriage *m = world_marriage_at(w, marriages.index[below(dice, (size_t)marriages.count)]);
            found = iin_equal(m->husband, person) ? m->wife : m->husband;
        }
    }
    return iin_is_none(found) ? person : found;
}

static struct inquiry_application random_application(const struct world *w, uint64_t *dice)
{
    size_t persons, dwellings;
    const struct world_person *person = world_persons(w, &persons);
    const struct world_dwelling *dwelling = world_dwellings(w, &dwellings);
    dwelling += below(dice, dwellings);
    struct inquiry_application a = { .id = STR("a"),
                                     .service = below(dice, 2) ? LAW_RESIDENCE : LAW_TEMPORARY,
                                     .channel = below(dice, 3) ? LAW_PORTAL : (enum law_channel)below(dice, LAW_CHANNELS),
                                     .day = { day_from("2025-11-01").n + (int32_t)below(dice, 260) },
                                     .applicant = person[below(dice, persons)].iin,
                                     .rka = dwelling->rka,
                                     .relation = { (enum law_degree)below(dice, LAW_DEGREES + 1), KIN_SIDE_NONE } };
    struct world_run owners = world_owners_of(w, dwelling);
    struct iin owner = owners.count > 0 ? world_owner_at(w, owners.index[0])->owner : a.applicant;
    if (iin_kind_of(owner) == IIN_PERSON && below(dice, 5) != 0)
        a.applicant = near_to(w, below(dice, 2) ? near_to(w, owner, dice) : owner, dice);
    if (a.relation.degree < LAW_DEGREES && law_degree_has_side(a.relation.degree))
        a.relation.side = below(dice, 2) ? KIN_MOTHER : KIN_FATHER;
    return a;
}

/* ---- both ways ---- */

struct desk {
    struct world *world;
    struct world_extract *extract;
    const struct policy *policy;
    struct arena arena;
    struct inquiry *q;
    unsigned seen; /* bits 1 << enum law_outcome */
};

static struct str written(struct desk *d, const struct law_decision *decision)
{
    d->seen |= 1u << decision->outcome;
    struct buf out;
    struct json j;
    buf_init(&out, 1 << 20);
    json_init(&j, &out);
    json_open_object(&j);
    law_decision_write(decision, &j);
    json_end(&j);
    struct str text = arena_str(&d->arena, buf_str(&out));
    buf_release(&out);
    return text;
}

static struct str by_questions(struct desk *d, const struct inquiry_application *a)
{
    struct law_decision decision;
    inquiry_init(d->q, &d->arena, d->policy, a, 0);
    for (inquiry_decide(d->q, &decision); d->q->questions > 0; inquiry_decide(d->q, &decision)) {
        for (int i = 0; i < d->q->questions; i++) {
            struct registry_question *question = arena_copy(&d->arena, &d->q->question[i], sizeof *question);
            struct registry_answer *answer = ARENA_NEW(&d->arena, struct registry_answer);
            registry_folder_ask(d->world, question, &d->arena, answer);
            inquiry_answer(d->q, question, answer);
        }
    }
    return written(d, &decision);
}

static struct str by_folder(struct desk *d, const struct inquiry_application *a)
{
    struct law_decision decision;
    inquiry_init(d->q, &d->arena, d->policy, a, 0);
    inquiry_decide_folder(d->q, d->extract, &decision);
    return written(d, &decision);
}

static void decide_many(struct desk *d, uint64_t seed)
{
    uint64_t dice = seed;
    for (int i = 0; i < APPLICATIONS; i++) {
        struct inquiry_application a = random_application(d->world, &dice);
        struct str asked = by_questions(d, &a), read = by_folder(d, &a);
        if (!str_equal(asked, read))
            fail_msg("application %d:\n" STR_FMT "\n" STR_FMT, i, STR_ARG(asked), STR_ARG(read));
        arena_reset(&d->arena);
    }
}

/* Which outcomes there were. */
static unsigned both_policies(const struct folder *folder, uint64_t seed)
{
    struct desk d = { .q = mem_alloc(sizeof *d.q) };
    struct arena texts;
    struct buf errors;
    arena_init(&d.arena, 0);
    arena_init(&texts, 0);
    d.world = folder_load(folder, &errors);
    assert_non_null(d.world);
    d.extract = world_extract_make(d.world);
    d.policy = policy_default();
    decide_many(&d, seed);
    if (!policy_parse("other", str_from(other_readings), &texts, &d.policy, &errors))
        fail_msg("%s", errors.p);
    decide_many(&d, seed + 1);
    world_extract_free(d.extract);
    world_free(d.world);
    arena_release(&d.arena);
    arena_release(&texts);
    buf_release(&errors);
    free(d.q);
    return d.seen;
}

static void test_all_registers_and_each_silent(void **state)
{
    (void)state;
    struct folder folder;
    struct err err;
    char path[160], aside[160];
    const struct world_plan plan = { .persons = PERSONS, .seed = 11, .capital_share = 800 };
    static const enum world_file silent[] = { WORLD_BIRTHS,    WORLD_MARRIAGES,  WORLD_DIVORCES, WORLD_OWNERS,
                                              WORLD_RESIDENTS, WORLD_INCAPACITY, WORLD_STUDENTS };
    folder_init(&folder);
    assert_true(world_generate(&plan, folder.path, &err));
    assert_int_equal(both_policies(&folder, 1), (1u << LAW_OUTCOMES) - 1); /* every one */
    for (size_t i = 0; i < sizeof silent / sizeof *silent; i++) {
        folder_path(&folder, world_file_name(silent[i]), path);
        folder_path(&folder, "aside", aside);
        assert_int_equal(rename(path, aside), 0);
        both_policies(&folder, 100 * (i + 1));
        assert_int_equal(rename(aside, path), 0);
    }
    folder_remove(&folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_all_registers_and_each_silent) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
