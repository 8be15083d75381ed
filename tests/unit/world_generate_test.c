/* SPDX-License-Identifier: Apache-2.0 */
/* The generator's countries are clean, repeat byte for byte, and hold the people of the demonstration. */
#include "world_folder.h"

static void generate(const struct folder *folder, int64_t persons, uint64_t seed, int share)
{
    struct err err = { 0 };
    const struct world_plan plan = { .persons = persons, .seed = seed, .capital_share = share };
    if (!world_generate(&plan, folder->path, &err))
        fail_msg("%s", err.text);
}

static struct world *load_clean(const struct folder *folder)
{
    struct buf errors;
    struct world *world = folder_load(folder, &errors);
    if (world == NULL)
        fail_msg("%.400s", errors.p);
    buf_release(&errors);
    return world;
}

/* ---- what each demonstration person must be ---- */

static struct day legal_day(void) { return day_from("2026-03-02"); }

static void assert_sound(const struct world *w, struct iin iin)
{
    const struct world_person *p = world_person(w, iin);
    assert_non_null(p);
    assert_true(world_alive(p, legal_day()) && p->phone.n > 0 && p->capable == WORLD_CAPABLE_YES);
    assert_true(day_add_years(p->born, 18).n <= legal_day().n);
    assert_int_equal(world_incapacities_of(w, iin).count, 0);
}

static void assert_not_there(const struct world *w, const struct world_demo_person *d)
{
    const struct iin nobody = { 0 };
    assert_int_equal(world_head_count(w, d->dwelling, legal_day(), d->applicant, false),
                     world_head_count(w, d->dwelling, legal_day(), nobody, false));
}

static bool is_full(const struct world *w, const struct world_demo_person *d)
{
    return world_head_count(w, d->dwelling, legal_day(), d->applicant, false) >= d->dwelling->total_area / 1500;
}

static bool is_parent(const struct world *w, struct iin parent, struct iin child, bool mother)
{
    const struct world_birth *b = world_birth(w, child);
    return b != NULL && iin_equal(mother ? b->mother : b->father, parent);
}

static void child_is(const struct world *w, const struct world_demo_person *d)
{
    assert_true(is_parent(w, d->owner, d->applicant, true) || is_parent(w, d->owner, d->applicant, false));
}

static void parent_is(const struct world *w, const struct world_demo_person *d)
{
    assert_true(is_parent(w, d->applicant, d->owner, true) || is_parent(w, d->applicant, d->owner, false));
}

static void grandchild_is(const struct world *w, const struct world_demo_person *d)
{
    struct iin mother = world_birth(w, d->applicant)->mother;
    assert_true(is_parent(w, d->owner, mother, true) || is_parent(w, d->owner, mother, false));
}

static void grandparent_is(const struct world *w, const struct world_demo_person *d)
{
    struct iin father = world_birth(w, d->owner)->father;
    assert_true(is_parent(w, d->applicant, father, true) || is_parent(w, d->applicant, father, false));
}

static void full_sibling_is(const struct world *w, const struct world_demo_person *d)
{
    const struct world_birth *a = world_birth(w, d->applicant), *b = world_birth(w, d->owner);
    assert_true(a->mother.n != 0 && a->father.n != 0 && a->mother.n == b->mother.n && a->father.n == b->father.n);
}

static void half_sibling_is(const struct world *w, const struct world_demo_person *d)
{
    const struct world_birth *a = world_birth(w, d->applicant), *b = world_birth(w, d->owner);
    assert_true(a->mother.n != 0 && a->mother.n == b->mother.n && a->father.n != b->father.n);
}

static bool are_married(const struct world *w, struct iin a, struct iin b)
{
    struct world_run run = world_marriages_of(w, a);
    for (int i = 0; i < run.count; i++) {
        const struct world_marriage *m = world_marriage_at(w, run.index[i]);
        if ((iin_equal(m->husband, b) || iin_equal(m->wife, b)) && m->act_date.n <= legal_day().n &&
            world_marriage_ended(w, m, legal_day()) == TRI_NO)
            return world_alive(world_person(w, a), legal_day()) && world_alive(world_person(w, b), legal_day());
    }
    return false;
}

static void spouse_is(const struct world *w, const struct world_demo_person *d)
{
    assert_true(are_married(w, d->applicant, d->owner));
}

static void in_law_is(const struct world *w, const struct world_demo_person *d)
{
    size_t count, parents_of_spouse = 0;
    const struct world_birth *births = world_births(w, &count);
    for (size_t i = 0; i < count; i++)
        if ((iin_equal(births[i].mother, d->applicant) || iin_equal(births[i].father, d->applicant)) &&
            are_married(w, births[i].child, d->owner))
            parents_of_spouse++;
    assert_int_equal(parents_of_spouse, 1);
}

static void no_birth_act_is(const struct world *w, const struct world_demo_person *d)
{
    const struct world_birth *b = world_birth(w, d->applicant);
    assert_non_null(b);
    assert_true(b->mother.n != 0);
    assert_null(world_birth(w, b->mother));
    assert_int_equal(world_person(w, d->applicant)->sex, WORLD_MALE);
}

static void student_is(const struct world *w, const struct world_demo_person *d)
{
    struct world_run run = world_studies_of(w, d->applicant);
    bool studies = false;
    for (int i = 0; i < run.count; i++) {
        const struct world_student *s = world_student_at(w, run.index[i]);
        studies =
            studies || (s->form == WORLD_FULL_TIME && str_starts(s->kato, "71") && day_within(legal_day(), s->since, s->until));
    }
    assert_true(studies);
}

static void owner_is(const struct world *w, const struct world_demo_person *d)
{
    (void)w;
    assert_true(iin_equal(d->applicant, d->owner));
}

static void minor_is(const struct world *w, const struct world_demo_person *d)
{
    assert_true(day_add_years(world_person(w, d->owner)->born, 18).n > legal_day().n);
    struct world_run run = world_representatives_of(w, d->owner);
    bool represents = false;
    for (int i = 0; i < run.count; i++)
        represents = represents || iin_equal(world_representative_at(w, run.index[i])->representative, d->consents);
    assert_true(represents);
}

static void company_is(const struct world *w, const struct world_demo_person *d)
{
    assert_true(iin_equal(world_company(w, d->owner)->head, d->consents));
}

static void stranger_is(const struct world *w, const struct world_demo_person *d)
{
    assert_false(are_married(w, d->applicant, d->owner));
    assert_false(is_parent(w, d->owner, d->applicant, true) || is_parent(w, d->owner, d->applicant, false));
}

enum filled { EITHER, FREE, FULL };
static const struct {
    const char *key, *degree, *side;
    enum filled filled;
    bool outside;
    void (*is)(const struct world *w, const struct world_demo_person *d);
} CASES[] = {
    { "within_norm", "", "", FREE, false, stranger_is },
    { "kin_child", "child", "", FULL, false, child_is },
    { "kin_parent", "parent", "", FULL, false, parent_is },
    { "kin_spouse", "spouse", "", FULL, false, spouse_is },
    { "kin_full_sibling", "full_sibling", "", FULL, false, full_sibling_is },
    { "kin_half_sibling", "half_sibling", "mother", FULL, false, half_sibling_is },
    { "kin_grandparent", "grandparent", "father", FULL, false, grandparent_is },
    { "kin_grandchild", "grandchild", "mother", FULL, false, grandchild_is },
    { "kin_in_law", "in_law", "", FULL, false, in_law_is },
    { "kin_no_birth_act", "grandchild", "mother", FULL, false, no_birth_act_is },
    { "student", "student", "", FULL, false, student_is },
    { "owner", "owner", "", FULL, false, owner_is },
    { "minor_owner", "", "", EITHER, false, minor_is },
    { "company_owner", "", "", FREE, false, company_is },
    { "outside_astana", "", "", EITHER, true, stranger_is },
    { "stranger", "", "", FULL, false, stranger_is },
};
#define CASE_COUNT ((int)(sizeof CASES / sizeof *CASES))

static const struct world_demo_person *find(const struct world_demo_person *found, int count, const char *key)
{
    for (int i = 0; i < count; i++)
        if (strcmp(found[i].key, key) == 0)
            return &found[i];
    fail_msg("no case %s", key);
    return NULL;
}

/* Nobody plays two parts, so that a demonstration can list them side by side. */
static void assert_disjoint(const struct world_demo_person *a, const struct world_demo_person *b)
{
    assert_false(iin_equal(a->applicant, b->applicant));
    assert_false(iin_equal(a->applicant, b->consents));
    assert_false(iin_equal(a->consents, b->applicant));
    assert_ptr_not_equal(a->dwelling, b->dwelling);
}

static void check_demo(const struct world *w)
{
    struct world_demo_person found[WORLD_DEMO_MAX];
    int count = 0;
    assert_true(world_demo(w, found, WORLD_DEMO_MAX, &count));
    assert_int_equal(count, CASE_COUNT);
    for (int i = 0; i < CASE_COUNT; i++) {
        const struct world_demo_person *d = find(found, count, CASES[i].key);
        assert_string_equal(d->degree, CASES[i].degree);
        assert_string_equal(d->side, CASES[i].side);
        assert_int_equal(str_starts(d->dwelling->kato, "71"), !CASES[i].outside);
        assert_int_equal(world_owners_of(w, d->dwelling).count, 1);
        assert_sound(w, d->applicant);
        assert_sound(w, d->consents);
        assert_not_there(w, d);
        if (CASES[i].filled != EITHER)
            assert_int_equal(is_full(w, d), CASES[i].filled == FULL);
        CASES[i].is(w, d);
        for (int k = 0; k < i; k++)
            assert_disjoint(find(found, count, CASES[k].key), d);
    }
}

static void countries_are_clean_and_hold_the_demonstration(void **state)
{
    (void)state;
    static const int64_t SIZES[] = { 2000, 20000 };
    for (int size = 0; size < 2; size++)
        for (uint64_t seed = 1; seed <= 5; seed++) {
            struct folder folder;
            folder_init(&folder);
            generate(&folder, SIZES[size], seed, seed == 4 ? 0 : seed == 5 ? 1000 : 80);
            struct world *world = load_clean(&folder);
            assert_int_equal(world_count(world, WORLD_PERSONS), SIZES[size]);
            check_demo(world);
            world_free(world);
            folder_remove(&folder);
        }
}

static void small_countries_are_clean(void **state)
{
    (void)state;
    struct world_demo_person found[WORLD_DEMO_MAX];
    int count;
    for (int64_t persons = 10; persons < 400; persons += 13) {
        struct folder folder;
        folder_init(&folder);
        generate(&folder, persons, (uint64_t)persons, 300);
        struct world *world = load_clean(&folder);
        assert_int_equal(world_count(world, WORLD_PERSONS), persons);
        assert_true(world_count(world, WORLD_DWELLINGS) > 0);
        world_demo(world, found, 3, &count);
        assert_true(count <= 3);
        world_free(world);
        folder_remove(&folder);
    }
}

static void a_plan_gives_the_same_bytes(void **state)
{
    (void)state;
    struct folder a, b, other;
    struct arena arena;
    arena_init(&arena, 0);
    folder_init(&a), folder_init(&b), folder_init(&other);
    generate(&a, 5000, 7, 80);
    generate(&b, 5000, 7, 80);
    generate(&other, 5000, 8, 80);
    for (int file = 0; file < WORLD_FILES; file++) {
        assert_true(str_equal(folder_read(&a, file, &arena), folder_read(&b, file, &arena)));
        assert_false(str_equal(folder_read(&a, file, &arena), folder_read(&other, file, &arena)));
    }
    arena_release(&arena);
    folder_remove(&a), folder_remove(&b), folder_remove(&other);
}

static void every_ward_who_owns_has_a_representative(void **state)
{
    (void)state;
    struct folder folder;
    folder_init(&folder);
    generate(&folder, 20000, 11, 80);
    struct world *w = load_clean(&folder);
    int minors = 0, incapable = 0, companies = 0, dead = 0;
    for (size_t i = 0; i < world_count(w, WORLD_OWNERS); i++) {
        struct iin owner = world_owner_at(w, (int32_t)i)->owner;
        const struct world_person *p = world_person(w, owner);
        companies += p == NULL;
        if (p == NULL || day_is_none(p->born))
            continue;
        bool minor = day_add_years(p->born, 18).n > legal_day().n;
        bool ward = minor || world_incapacities_of(w, owner).count > 0 || p->capable == WORLD_CAPABLE_NO;
        dead += !world_alive(p, legal_day());
        minors += minor;
        incapable += ward && !minor;
        assert_true(!ward || world_representatives_of(w, owner).count > 0);
    }
    assert_true(minors > 20 && incapable > 5 && companies > 20 && dead > 20);
    world_free(w);
    folder_remove(&folder);
}

static void plans_have_limits(void **state)
{
    (void)state;
    struct err err;
    const struct world_plan few = { .persons = 9 }, many = { .persons = 20000001 },
                            share = { .persons = 10, .capital_share = 1001 };
    assert_false(world_generate(&few, "/nonexistent", &err));
    assert_false(world_generate(&many, "/nonexistent", &err));
    assert_false(world_generate(&share, "/nonexistent", &err));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(countries_are_clean_and_hold_the_demonstration),
        cmocka_unit_test(small_countries_are_clean),
        cmocka_unit_test(a_plan_gives_the_same_bytes),
        cmocka_unit_test(every_ward_who_owns_has_a_representative),
        cmocka_unit_test(plans_have_limits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
