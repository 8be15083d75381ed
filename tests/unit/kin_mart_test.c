/* SPDX-License-Identifier: Apache-2.0 */
/* The mart against the verifier over the same rows: every pair, degree, side and day; the batch against single checks. */
#include "kin_mart_world.h"

#include "kin/mart_batch.h"

static struct kin_check check_of(struct iin a, struct iin b, enum kin_degree degree, enum kin_side side)
{
    struct kin_check check = { .degree = (uint8_t)degree, .side = (uint8_t)side };
    char text[IIN_TEXT];
    memcpy(check.applicant, iin_format(a, text), sizeof check.applicant);
    memcpy(check.owner, iin_format(b, text), sizeof check.owner);
    return check;
}

static struct kin_pair pair_of(const struct kin_mart *mart, const struct kin_check *check)
{
    struct iin a = { 0 }, b = { 0 };
    iin_parse((struct str){ check->applicant, sizeof check->applicant }, &a);
    iin_parse((struct str){ check->owner, sizeof check->owner }, &b);
    return (struct kin_pair){ kin_mart_key(mart, a), kin_mart_key(mart, b), check->degree, check->side };
}

/* The same by keys. */
static void hold_pairs(const struct kin_mart *mart, unsigned scope, const struct kin_check *check, size_t count,
                       const uint8_t *expected)
{
    struct kin_pair *pair = calloc(count, sizeof *pair);
    uint8_t *got = calloc(count, 1);
    for (size_t i = 0; i < count; i++)
        pair[i] = pair_of(mart, &check[i]);
    kin_check_pairs(mart, scope, pair, count, got);
    assert_memory_equal(got, expected, count);
    free(pair);
    free(got);
}

/* Both ways of the batch, by text and by keys, and the single check, against the verifier. */
static void hold_fast(const struct kin_mart *mart, struct world *world, const struct iin *person, int persons, unsigned scope)
{
    size_t room = (size_t)persons * (size_t)persons * 11, count = 0;
    struct kin_check *check = calloc(room, sizeof *check);
    uint8_t *expected = calloc(room, 1), *got = calloc(room, 1), *plain = calloc(room, 1);
    struct kin_source source = world_source(world);
    struct kin_options options = { .in_law_scope = scope };
    struct day day = { mart->header->as_of };
    for (int a = 0; a < persons; a++)
        for (int b = 0; b < persons; b++)
            for (enum kin_degree d = 0; d < KIN_DEGREES; d++)
                for (enum kin_side s = kin_degree_has_side(d) ? KIN_MOTHER : KIN_SIDE_NONE;
                     (int)s <= (kin_degree_has_side(d) ? 2 : 0); s++) {
                    struct kin_answer answer;
                    kin_verify(&source, &options, day, d, s, person[a], person[b], &answer);
                    expected[count] = answer.confirmed == TRI_YES;
                    check[count++] = check_of(person[a], person[b], d, s);
                    if (kin_mart_check(mart, scope, d, s, person[a], person[b]) != (answer.confirmed == TRI_YES))
                        fail_msg("scope %x, verifier says %d: %llu %s %s of %llu", scope, (int)answer.confirmed,
                                 (unsigned long long)person[a].n, kin_degree_name(d), kin_side_name(s),
                                 (unsigned long long)person[b].n);
                }
    struct kin_mart without = *mart;
    without.vectors = false;
    kin_mart_check_batch(mart, scope, check, count, got);
    kin_mart_check_batch(&without, scope, check, count, plain);
    for (size_t i = 0; i < count; i++)
        if (got[i] != expected[i] || plain[i] != expected[i])
            fail_msg("%.24s %s: %d, %d instead of %d", check[i].applicant, kin_degree_name(check[i].degree), got[i], plain[i],
                     expected[i]);
    hold_pairs(mart, scope, check, count, expected);
    hold_pairs(&without, scope, check, count, expected);
    free(check);
    free(expected);
    free(got);
    free(plain);
}

/* Every answer of the mart, proof and all, on several days and under several readings. */
static void hold_source(const struct kin_mart *mart, struct world *world, const struct trouble *t)
{
    static const char *const days[] = { "1990-01-01", "2010-06-01", "2026-03-02", "2026-03-03", "2040-01-01" };
    static const struct kin_options options[] = { { .in_law_scope = KIN_SCOPE_ALL },
                                                  { .in_law_scope = 3, .in_law_both_ways = true, .spouse_single = true },
                                                  { .in_law_scope = KIN_SCOPE_ALL, .extended = true, .either_side = true } };
    struct kin_source of_world = world_source(world), of_mart = kin_mart_source(mart);
    for (size_t o = 0; o < sizeof options / sizeof *options; o++)
        for (size_t k = 0; k < sizeof days / sizeof *days; k++)
            for (int a = 0; a < TROUBLE_PERSONS; a++)
                for (int b = 0; b < TROUBLE_PERSONS; b++)
                    for (enum kin_degree d = 0; d < KIN_DEGREES; d++) {
                        enum kin_side side = kin_degree_has_side(d) ? (enum kin_side)(1 + (a + b) % 2) : KIN_SIDE_NONE;
                        struct kin_answer x, y;
                        kin_verify(&of_world, &options[o], day_from(days[k]), d, side, t->person[a], t->person[b], &x);
                        kin_verify(&of_mart, &options[o], day_from(days[k]), d, side, t->person[a], t->person[b], &y);
                        if (!same_answer(&x, &y))
                            fail_msg("on %s: %d %s of %d", days[k], a, kin_degree_name(d), b);
                    }
}

static void worlds_full_of_trouble(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 12; seed++) {
        struct trouble t;
        struct folder folder;
        struct world *world = trouble_world(&t, &folder, seed);
        struct kin_mart *mart = mart_of_world(world, day_from("2026-03-02"), seed % 2 == 0 ? KIN_MART_FAST : KIN_MART_MAPPED);
        assert_true(kin_mart_verify(mart, &(struct err){ 0 }));
        hold_fast(mart, world, t.person, TROUBLE_PERSONS, seed % 3 == 0 ? 0x25 : KIN_SCOPE_ALL);
        if (seed < 4)
            hold_source(mart, world, &t);
        kin_mart_close(mart);
        world_free(world);
        folder_remove(&folder);
    }
}

static struct world *generated(struct folder *folder, int64_t persons)
{
    struct err err;
    struct buf errors;
    const struct world_plan plan = { .persons = persons, .seed = 7, .capital_share = 300 };
    folder_init(folder);
    if (!world_generate(&plan, folder->path, &err))
        fail_msg("%s", err.text);
    struct world *world = folder_load(folder, &errors);
    buf_release(&errors);
    assert_non_null(world);
    return world;
}

static void every_pair_of_a_village(void **state)
{
    (void)state;
    struct folder folder;
    struct world *world = generated(&folder, 60);
    struct kin_mart *mart = mart_of_world(world, day_from("2026-03-02"), KIN_MART_FAST);
    size_t count;
    const struct world_person *rows = world_persons(world, &count);
    struct iin person[64];
    assert_true(count <= 64);
    for (size_t i = 0; i < count; i++)
        person[i] = rows[i].iin;
    hold_fast(mart, world, person, (int)count, KIN_SCOPE_ALL);
    kin_mart_close(mart);
    world_free(world);
    folder_remove(&folder);
}

static void wrong_numbers_are_told(void **state)
{
    (void)state;
    struct trouble t;
    struct folder folder;
    struct world *world = trouble_world(&t, &folder, 3);
    struct kin_mart *mart = mart_of_world(world, day_from("2026-03-02"), KIN_MART_FAST);
    struct kin_check check[6];
    uint8_t got[6];
    for (int i = 0; i < 6; i++)
        check[i] = check_of(t.person[0], t.person[1], KIN_CHILD, KIN_SIDE_NONE);
    check[0].applicant[3] = 'x';
    check[1].owner[11] = check[1].owner[11] == '0' ? '1' : '0';
    check[2].side = KIN_MOTHER;
    check[3].degree = KIN_HALF_SIBLING;
    check[4].degree = 200;
    memcpy(check[5].owner, "000140000002", 12);
    kin_mart_check_batch(mart, KIN_SCOPE_ALL, check, 6, got);
    static const uint8_t expected[6] = { KIN_CHECK_BAD_APPLICANT, KIN_CHECK_BAD_OWNER,  KIN_CHECK_BAD_DEGREE,
                                         KIN_CHECK_BAD_DEGREE,    KIN_CHECK_BAD_DEGREE, KIN_CHECK_BAD_OWNER };
    assert_memory_equal(got, expected, 6);
    kin_mart_close(mart);
    world_free(world);
    folder_remove(&folder);
}

static void keys_name_the_number(void **state)
{
    (void)state;
    struct chance c = { 5 };
    for (int i = 0; i < 200000; i++) {
        uint64_t eleven = chance_below(&c, 1000000) * UINT64_C(100000) + chance_below(&c, 100000);
        int check = iin_check_digit(eleven);
        struct iin iin = { eleven * 10 + (uint64_t)check };
        if (check < 0)
            continue;
        uint32_t key = kin_key_of(iin);
        assert_true(key < KIN_KEY_REGULAR);
        if (key != 0)
            assert_true(iin_equal(kin_key_iin(key), iin));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_name_the_number),
        cmocka_unit_test(worlds_full_of_trouble),
        cmocka_unit_test(every_pair_of_a_village),
        cmocka_unit_test(wrong_numbers_are_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
