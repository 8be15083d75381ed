/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Ukimet from a mapped mart against Ukimet from the folder, as the stand ages it: the same acts of the same day, and whatever
 * kinship they prove.  Small worlds full of trouble: acts of the future, marriages that end twice, silent registers.
 */
#include "kin_mart_world.h"

#include "inquiry/inquiry_impl.h"
#include "registry/registry.h"

#define WORLDS 40
static const struct {
    int year, month, day;
} days[] = { { 2009, 1, 1 }, { 2026, 3, 1 }, { 2026, 3, 2 }, { 2032, 1, 1 } };

struct pair_of_sources {
    struct inquiry *mart, *folder;
    struct arena arena;
    struct day as_of;
};

static struct kin_follower *follow(const struct world *world, struct day as_of)
{
    char path[] = "/tmp/registry_mart_test_XXXXXX";
    struct kin_follower *f = NULL;
    struct err err;
    close(mkstemp(path));
    if (!kin_mart_build(world, &(struct kin_build_options){ .as_of = as_of }, path, &err) ||
        !kin_follow_start(path, NULL, &f, &err))
        fail_msg("%s", err.text);
    unlink(path);
    return f;
}

static struct registry_question about(struct iin person)
{
    return (struct registry_question){
        .ask = REGISTRY_FAMILY_MART, .person = person, .day = DAY_NONE, .since = DAY_NONE, .until = DAY_NONE
    };
}

/* What the day knows, as the stand does it. */
static void age(struct registry_family *family, struct day as_of)
{
    int births = 0, marriages = 0, divorces = 0;
    for (int i = 0; i < family->births; i++)
        if (family->birth[i].act_date.n <= as_of.n)
            family->birth[births++] = family->birth[i];
    for (int i = 0; i < family->marriages; i++)
        if (family->marriage[i].act_date.n <= as_of.n)
            family->marriage[marriages++] = family->marriage[i];
    for (int i = 0; i < family->divorces; i++)
        if (family->divorce[i].act_date.n <= as_of.n)
            family->divorce[divorces++] = family->divorce[i];
    family->births = births;
    family->marriages = marriages;
    family->divorces = divorces;
}

static struct inquiry *new_inquiry(struct arena *arena, struct day day)
{
    struct inquiry *q = ARENA_NEW(arena, struct inquiry);
    struct inquiry_application application = { .id = STR("x"), .day = day, .rka = STR("R-1") };
    inquiry_init(q, arena, policy_default(), &application, INQUIRY_MART_FIRST);
    return q;
}

/* Stored and read back on the way, as a case keeps it. */
static void give(struct inquiry *q, const struct registry_question *question, const struct registry_answer *answer)
{
    struct buf json;
    struct err err;
    struct registry_answer *kept = ARENA_NEW(q->arena, struct registry_answer);
    buf_init(&json, 1 << 20);
    registry_answer_write(answer, &json);
    if (!registry_answer_read(buf_str(&json), q->arena, kept, &err))
        fail_msg("%s", err.text);
    buf_release(&json);
    inquiry_answer(q, arena_copy(q->arena, question, sizeof *question), kept);
}

static void give_life(struct pair_of_sources *s, struct world *world, struct iin person)
{
    struct registry_question question = about(person);
    struct registry_answer answer;
    question.ask = REGISTRY_PERSON;
    registry_folder_ask(world, &question, &s->arena, &answer);
    give(s->mart, &question, &answer);
    give(s->folder, &question, &answer);
}

static bool has_all_registers(const struct world *world)
{
    return world_holds(world, WORLD_BIRTHS) && world_holds(world, WORLD_MARRIAGES) && world_holds(world, WORLD_DIVORCES);
}

/* False: the mart leaves the question to Ukimet. */
static bool give_family(struct pair_of_sources *s, struct kin_follower *f, struct world *world, struct iin person)
{
    struct registry_question question = about(person);
    struct registry_answer from_mart, from_folder;
    if (!registry_mart_ask(f, &question, &s->arena, &from_mart))
        return false;
    assert_int_equal(from_mart.status, REGISTRY_ANSWERED);
    assert_int_equal(from_mart.as_of.n, s->as_of.n);
    assert_int_equal(from_mart.message_id.n, 0);
    registry_folder_ask(world, &question, &s->arena, &from_folder);
    age(&from_folder.family, s->as_of);
    give(s->mart, &question, &from_mart);
    give(s->folder, &question, &from_folder);
    return true;
}

static void same_birth(const struct pair_of_sources *s, struct iin person, struct day day)
{
    struct inquiry_acts mart = { s->mart, false }, folder = { s->folder, false };
    struct kin_birth a, b;
    enum kin_reply got = inquiry_answers.acts.birth(&mart, person, day, &a);
    assert_int_equal(got, inquiry_answers.acts.birth(&folder, person, day, &b));
    if (got == KIN_HELD)
        assert_true(iin_equal(a.mother, b.mother) && iin_equal(a.father, b.father) && str_equal(a.act_number, b.act_number));
}

static void same_marriages(const struct pair_of_sources *s, struct iin person, struct day day)
{
    struct inquiry_acts mart = { s->mart, false }, folder = { s->folder, false };
    enum kin_reply got = KIN_HELD;
    for (int i = 0; got == KIN_HELD; i++) {
        struct kin_marriage a, b;
        got = inquiry_answers.acts.marriage(&mart, person, i, day, &a);
        assert_int_equal(got, inquiry_answers.acts.marriage(&folder, person, i, day, &b));
        if (got == KIN_HELD)
            assert_true(iin_equal(a.husband, b.husband) && iin_equal(a.wife, b.wife) && str_equal(a.act_number, b.act_number) &&
                        a.ended == b.ended);
    }
}

static void same_kinship(const struct pair_of_sources *s, struct iin a, struct iin b)
{
    struct inquiry_acts mart = { s->mart, false }, folder = { s->folder, false };
    struct kin_source sources[2] = { inquiry_answers.acts, inquiry_answers.acts };
    struct kin_answer answer[2];
    sources[0].context = &mart;
    sources[1].context = &folder;
    for (enum kin_degree d = KIN_CHILD; d < KIN_DEGREES; d++) {
        enum kin_side side = kin_degree_has_side(d) ? KIN_MOTHER : KIN_SIDE_NONE;
        for (int i = 0; i < 2; i++)
            kin_verify(&sources[i], &s->mart->readings.kin, s->as_of, d, side, a, b, &answer[i]);
        assert_int_equal(answer[0].confirmed, answer[1].confirmed);
        assert_int_equal(answer[0].acts, answer[1].acts);
        for (int i = 0; i < answer[0].acts; i++)
            assert_true(str_equal(answer[0].act[i].number, answer[1].act[i].number));
    }
}

static void hold(struct pair_of_sources *s, const struct trouble *t)
{
    for (int i = 0; i < TROUBLE_PERSONS; i++) {
        for (size_t d = 0; d < sizeof days / sizeof days[0]; d++) {
            struct day day = day_of(days[d].year, days[d].month, days[d].day);
            same_birth(s, t->person[i], day);
            same_marriages(s, t->person[i], day);
        }
        for (int k = 0; k < TROUBLE_PERSONS; k++)
            same_kinship(s, t->person[i], t->person[k]);
    }
}

static int compare_world(uint64_t seed, struct day as_of)
{
    struct trouble t;
    struct folder folder;
    struct world *world = trouble_world(&t, &folder, seed);
    struct kin_follower *f = follow(world, as_of);
    struct pair_of_sources s = { .as_of = as_of };
    arena_init(&s.arena, 0);
    s.mart = new_inquiry(&s.arena, as_of);
    s.folder = new_inquiry(&s.arena, as_of);
    bool whole = has_all_registers(world);
    for (int i = 0; i < TROUBLE_PERSONS; i++) {
        give_life(&s, world, t.person[i]);
        assert_int_equal(give_family(&s, f, world, t.person[i]), whole);
    }
    if (whole)
        hold(&s, &t);
    kin_follow_stop(f);
    world_free(world);
    folder_remove(&folder);
    arena_release(&s.arena);
    return whole;
}

static void test_the_mart_says_what_the_folder_says(void **state)
{
    (void)state;
    int whole = 0;
    for (uint64_t seed = 1; seed <= WORLDS; seed++) {
        size_t day = seed % (sizeof days / sizeof days[0]);
        whole += compare_world(seed, day_of(days[day].year, days[day].month, days[day].day));
    }
    assert_true(whole > WORLDS / 2 && whole < WORLDS);
}

static void test_what_the_mart_leaves_to_ukimet(void **state)
{
    (void)state;
    struct trouble t;
    struct folder folder;
    struct arena arena;
    struct registry_answer answer;
    uint64_t seed = 1;
    struct world *world = trouble_world(&t, &folder, seed);
    for (; !has_all_registers(world); world = trouble_world(&t, &folder, ++seed)) {
        world_free(world);
        folder_remove(&folder);
    }
    struct kin_follower *f = follow(world, day_of(2026, 3, 1));
    struct registry_question question = about(t.person[0]), live = question, stranger = about((struct iin){ 900101300017 });
    live.ask = REGISTRY_FAMILY;
    arena_init(&arena, 0);
    assert_true(registry_mart_ask(f, &question, &arena, &answer));
    assert_false(registry_mart_ask(f, &live, &arena, &answer));
    assert_false(registry_mart_ask(f, &stranger, &arena, &answer));
    assert_false(registry_mart_ask(NULL, &question, &arena, &answer));
    kin_follow_stop(f);
    world_free(world);
    folder_remove(&folder);
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_mart_says_what_the_folder_says),
        cmocka_unit_test(test_what_the_mart_leaves_to_ukimet),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
