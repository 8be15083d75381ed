/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The mart may confirm, only the live register may refuse, and a silent register makes the case wait.
 * A script of answers stands for the registers: a grandchild's flat past the norm.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "inquiry/inquiry.h"

enum says { SILENT, CONFIRMS, DENIES };

struct script {
    enum says mart, live;
    int asked[REGISTRY_ASKS];
};

static const struct iin applicant = { 900101300017 }, owner = { 900101300811 };
static struct world_birth born_of_owner = {
    .act_number = { "7", 1 }, .act_date = { 0 }, .child = { 900101300017 }, .mother = { 900101300811 }
};

static void answer_family(enum says says, struct iin person, struct registry_answer *ret)
{
    if (says == SILENT) {
        ret->status = REGISTRY_SILENT;
    } else if (says == CONFIRMS && iin_equal(person, applicant)) {
        ret->family.birth = &born_of_owner;
        ret->family.births = 1;
    }
}

static void answer(struct script *s, const struct registry_question *question, struct arena *arena, struct registry_answer *ret)
{
    *ret = (struct registry_answer){ .ask = question->ask, .status = REGISTRY_ANSWERED };
    s->asked[question->ask]++;
    switch (question->ask) {
    case REGISTRY_PERSON:
        ret->person = (struct registry_person){ .held = true, .born = day_of(1980, 1, 1), .died = DAY_NONE };
        break;
    case REGISTRY_DWELLING:
        ret->dwelling =
            (struct registry_dwelling){ .held = true, .kato = STR("711110000"), .total_area = 3570, .useful_area = DECIMAL_NONE };
        ret->dwelling.owner = ARENA_NEW(arena, struct registry_owner);
        ret->dwelling.owner->id = owner;
        ret->dwelling.owners = 1;
        break;
    case REGISTRY_HEAD_COUNT: ret->head_count = (struct registry_head_count){ 2, 2 }; break;
    case REGISTRY_FAMILY: answer_family(s->live, question->person, ret); break;
    case REGISTRY_FAMILY_MART: answer_family(s->mart, question->person, ret); break;
    case REGISTRY_CAPACITY:
    case REGISTRY_RESIDENTS:
    case REGISTRY_REGISTER:
    case REGISTRY_DWELLINGS_OF:
    case REGISTRY_STUDY_NOBD:
    case REGISTRY_STUDY_EPVO:
    case REGISTRY_MESSAGE:
    case REGISTRY_ASKS: break;
    }
}

static enum law_outcome run(struct script *s, unsigned flags, int *ret_rounds)
{
    struct arena arena;
    struct inquiry *q = mem_alloc(sizeof *q);
    struct law_decision decision;
    struct inquiry_application application = { .id = STR("x"),
                                               .service = LAW_RESIDENCE,
                                               .channel = LAW_PORTAL,
                                               .day = day_of(2026, 3, 2),
                                               .applicant = applicant,
                                               .rka = STR("R"),
                                               .relation = { LAW_CHILD, KIN_SIDE_NONE } };
    arena_init(&arena, 0);
    inquiry_init(q, &arena, policy_default(), &application, flags);
    for (*ret_rounds = 0;; ++*ret_rounds) {
        inquiry_decide(q, &decision);
        if (q->questions == 0)
            break;
        for (int i = 0; i < q->questions; i++) {
            struct registry_question *question = arena_copy(&arena, &q->question[i], sizeof *question);
            struct registry_answer *said = ARENA_NEW(&arena, struct registry_answer);
            answer(s, question, &arena, said);
            inquiry_answer(q, question, said);
        }
    }
    arena_release(&arena);
    free(q);
    return decision.outcome;
}

static void test_mart_and_live(void **state)
{
    (void)state;
    static const struct {
        enum says mart, live;
        enum law_outcome expected;
        int live_questions;
    } rows[] = {
        { CONFIRMS, SILENT, LAW_TO_COUPON, 0 },
        { CONFIRMS, DENIES, LAW_TO_COUPON, 0 },
        { DENIES, CONFIRMS, LAW_TO_COUPON, 1 },
        { DENIES, DENIES, LAW_KINSHIP_NOT_CONFIRMED, 1 },
        { DENIES, SILENT, LAW_WAITING, 1 },
        { SILENT, CONFIRMS, LAW_TO_COUPON, 1 },
        { SILENT, DENIES, LAW_KINSHIP_NOT_CONFIRMED, 1 },
        { SILENT, SILENT, LAW_WAITING, 1 },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct script s = { .mart = rows[i].mart, .live = rows[i].live };
        int rounds;
        enum law_outcome outcome = run(&s, INQUIRY_MART_FIRST, &rounds);
        if (outcome != rows[i].expected || s.asked[REGISTRY_FAMILY] != rows[i].live_questions)
            fail_msg("row %zu: %s, asked %d", i, law_outcome_name(outcome), s.asked[REGISTRY_FAMILY]);
    }
}

static void test_without_the_mart(void **state)
{
    (void)state;
    int rounds;
    struct script s = { .mart = CONFIRMS, .live = DENIES };
    assert_int_equal(run(&s, 0, &rounds), LAW_KINSHIP_NOT_CONFIRMED);
    assert_int_equal(s.asked[REGISTRY_FAMILY_MART], 0);
}

/* What a later step will probably need goes out in the same round. */
static void test_foreseeing_saves_a_round(void **state)
{
    (void)state;
    int plain, foreseeing;
    struct script a = { .mart = CONFIRMS }, b = { .mart = CONFIRMS };
    run(&a, INQUIRY_MART_FIRST, &plain);
    run(&b, INQUIRY_MART_FIRST | INQUIRY_FORESEE, &foreseeing);
    assert_true(foreseeing < plain);
    for (int i = 0; i < REGISTRY_ASKS; i++)
        assert_int_equal(a.asked[i], b.asked[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_mart_and_live),
        cmocka_unit_test(test_without_the_mart),
        cmocka_unit_test(test_foreseeing_saves_a_round),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
