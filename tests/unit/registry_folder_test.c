/* SPDX-License-Identifier: Apache-2.0 */
/* What each register answers from the world folder. */
#include "registry_world.h"

static struct registry_answer ask(struct world *world, struct arena *arena, struct registry_question question)
{
    struct registry_answer answer;
    registry_folder_ask(world, &question, arena, &answer);
    assert_int_equal(answer.ask, question.ask);
    return answer;
}

#define ASK(...) ask(world, &arena, ask_of(__VA_ARGS__))
#define TEST(name)                                                                                                               \
    static void name##_body(struct world *world, struct arena arena);                                                            \
    static void name(void **state)                                                                                               \
    {                                                                                                                            \
        (void)state;                                                                                                             \
        struct arena arena;                                                                                                      \
        arena_init(&arena, 0);                                                                                                   \
        struct world *world = world_of_rows(0);                                                                                  \
        name##_body(world, arena);                                                                                               \
        world_free(world);                                                                                                       \
    }                                                                                                                            \
    static void name##_body(struct world *world, struct arena arena)

#define assert_text(s, literal) assert_true(str_is((s), (literal)))

TEST(person)
{
    struct registry_person p = ASK(REGISTRY_PERSON, FATHER, NULL, "2026-03-02").person;
    assert_true(p.held);
    assert_text(p.name, "Әділ");
    assert_int_equal(p.capable, WORLD_CAPABLE_YES);
    assert_text(p.residence_rka, FLAT);
    assert_int_equal(p.residence_since.n, day_text("2015-01-01").n);
    assert_int_equal(ASK(REGISTRY_PERSON, FATHER, NULL, "2014-12-31").person.residence_rka.n, 0);
    assert_int_equal(ASK(REGISTRY_PERSON, WARD, NULL, NULL).person.residence_rka.n, 0);
    assert_text(ASK(REGISTRY_PERSON, WARD, NULL, "2024-12-31").person.residence_rka, OFFICE);
    assert_int_equal(ASK(REGISTRY_PERSON, STUDENT, NULL, "2026-03-02").person.residence_rka.n, 0);
    assert_false(ASK(REGISTRY_PERSON, UNKNOWN_PERSON, NULL, NULL).person.held);
    arena_release(&arena);
}

TEST(heads)
{
    struct registry_question q = ask_of(REGISTRY_HEAD_COUNT, NULL, FLAT, "2026-03-02");
    struct registry_head_count count = ask(world, &arena, q).head_count;
    assert_int_equal(count.registered, 3);
    assert_int_equal(count.residence, 2);
    q.except = iin_of(STUDENT);
    assert_int_equal(ask(world, &arena, q).head_count.registered, 2);
    assert_int_equal(ASK(REGISTRY_HEAD_COUNT, NULL, NOWHERE, "2026-03-02").head_count.registered, 0);
    struct registry_residents list = ASK(REGISTRY_RESIDENTS, NULL, FLAT, "2026-03-02").residents;
    assert_int_equal(list.count, 4); /* the mother by both kinds; not the dead grandfather */
    assert_int_equal(ASK(REGISTRY_RESIDENTS, NULL, FLAT, "2027-01-01").residents.count, 2);
    arena_release(&arena);
}

TEST(register_person)
{
    struct registry_question q = ask_of(REGISTRY_REGISTER, FATHER, OFFICE, NULL);
    q.kind = WORLD_RESIDENCE;
    q.since = day_text("2026-03-02");
    q.reference = STR("T-1");
    assert_true(ask(world, &arena, q).done.done);
    assert_text(ASK(REGISTRY_PERSON, FATHER, NULL, "2026-03-02").person.residence_rka, OFFICE);
    assert_text(ASK(REGISTRY_PERSON, FATHER, NULL, "2026-03-01").person.residence_rka, FLAT);
    assert_int_equal(ASK(REGISTRY_HEAD_COUNT, NULL, OFFICE, "2026-03-02").head_count.registered, 1);
    q.rka = STR(NOWHERE);
    struct registry_answer refused = ask(world, &arena, q);
    assert_false(refused.done.done);
    assert_true(refused.done.message.n > 0);
    q.rka = STR(FLAT);
    q.person = iin_of(UNKNOWN_PERSON);
    assert_false(ask(world, &arena, q).done.done);
    arena_release(&arena);
}

TEST(family)
{
    struct registry_family f = ASK(REGISTRY_FAMILY, FATHER, NULL, NULL).family;
    assert_int_equal(f.births, 2);
    assert_text(f.birth[0].act_number, "101");
    assert_true(iin_is_none(f.birth[0].mother));
    assert_text(f.birth[1].act_number, "102");
    assert_int_equal(f.marriages, 1);
    assert_int_equal(f.divorces, 1);
    assert_text(f.divorce[0].marriage_act_number, "201");
    assert_int_equal(ASK(REGISTRY_FAMILY_MART, CHILD, NULL, NULL).family.births, 1);
    assert_int_equal(ASK(REGISTRY_FAMILY, UNKNOWN_PERSON, NULL, NULL).family.births, 0);
    arena_release(&arena);
}

TEST(capacity)
{
    assert_false(ASK(REGISTRY_CAPACITY, WARD, NULL, "2019-06-01").capacity.incapable);
    struct registry_capacity c = ASK(REGISTRY_CAPACITY, WARD, NULL, "2026-03-02").capacity;
    assert_true(c.incapable);
    assert_text(c.court_act, "№ 7");
    assert_true(ASK(REGISTRY_CAPACITY, WARD, NULL, "2018-12-31").capacity.incapable);
    assert_false(ASK(REGISTRY_CAPACITY, FATHER, NULL, "2026-03-02").capacity.incapable);
    arena_release(&arena);
}

TEST(dwellings)
{
    struct registry_dwelling d = ASK(REGISTRY_DWELLING, NULL, FLAT, NULL).dwelling;
    assert_true(d.held);
    assert_int_equal(d.total_area, 4530);
    assert_int_equal(d.useful_area, DECIMAL_NONE);
    assert_int_equal(d.owners, 2); /* a repeated row counts once */
    d = ASK(REGISTRY_DWELLING, NULL, OFFICE, NULL).dwelling;
    assert_int_equal(d.owners, 2);
    assert_text(d.owner[0].name, "ЖШС «Сынақ»");
    assert_true(iin_equal(d.owner[0].head, iin_of(MOTHER)));
    d = ASK(REGISTRY_DWELLING, NULL, NOWHERE, NULL).dwelling;
    assert_false(d.held);
    assert_int_equal(d.total_area, DECIMAL_NONE);
    arena_release(&arena);
}

TEST(search)
{
    static const struct {
        const char *person, *part;
        int count;
    } rows[] = {
        { FATHER, "", 2 },      { FATHER, "мәңгілік", 1 }, { FATHER, "МӘҢГІЛІК ЕЛ", 1 }, { FATHER, "ұЛЫ дАЛА", 1 },
        { FATHER, "есиль", 1 }, { FATHER, "УЛЫ", 1 },      { FATHER, "АСТАНА", 2 },      { FATHER, "Алматы", 0 },
        { COMPANY, "2", 1 },    { UNKNOWN_PERSON, "", 0 }, { MOTHER, "САРЫАРҚА", 0 },    { FATHER, "сарыарқа", 1 },
        { FATHER, "\xD0", 0 },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct registry_question q = ask_of(REGISTRY_DWELLINGS_OF, rows[i].person, NULL, NULL);
        q.text = str_from(rows[i].part);
        struct registry_dwellings found = ask(world, &arena, q).dwellings;
        if (found.count != rows[i].count) {
            fail_msg("row %zu: %d", i, found.count);
        }
        assert_false(found.more);
    }
    arena_release(&arena);
}

TEST(studies)
{
    struct registry_studies s = ASK(REGISTRY_STUDY_EPVO, STUDENT, NULL, "2026-03-02").studies;
    assert_int_equal(s.count, 1);
    assert_int_equal(s.item[0].form, WORLD_FULL_TIME);
    assert_int_equal(ASK(REGISTRY_STUDY_NOBD, STUDENT, NULL, "2026-03-02").studies.count, 0);
    assert_int_equal(ASK(REGISTRY_STUDY_NOBD, STUDENT, NULL, "2022-06-30").studies.count, 1);
    arena_release(&arena);
}

/* An absent file makes its questions silent and no other. */
static void absent_files(void **state)
{
    (void)state;
    static const struct {
        enum world_file file;
        unsigned silent;
    } rows[] = {
        { WORLD_RESIDENTS, 1u << REGISTRY_HEAD_COUNT | 1u << REGISTRY_RESIDENTS | 1u << REGISTRY_REGISTER },
        { WORLD_INCAPACITY, 1u << REGISTRY_CAPACITY },
        { WORLD_OWNERS, 1u << REGISTRY_DWELLINGS_OF },
        { WORLD_STUDENTS, 1u << REGISTRY_STUDY_NOBD | 1u << REGISTRY_STUDY_EPVO },
        { WORLD_BIRTHS, 0 },
        { WORLD_COMPANIES, 0 },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct arena arena;
        arena_init(&arena, 0);
        struct world *world = world_of_rows(1u << rows[i].file);
        for (int a = 0; a < REGISTRY_ASKS; a++) {
            struct registry_question q = ask_of((enum registry_ask)a, FATHER, FLAT, "2026-03-02");
            q.kind = WORLD_TEMPORARY;
            q.since = q.day;
            struct registry_answer answer = ask(world, &arena, q);
            assert_int_equal(answer.status == REGISTRY_SILENT, rows[i].silent >> a & 1u);
            assert_int_equal(answer.trouble.n > 0, answer.status == REGISTRY_SILENT);
        }
        assert_int_equal(ASK(REGISTRY_DWELLING, NULL, FLAT, NULL).dwelling.owners_silent, rows[i].file == WORLD_OWNERS);
        assert_int_equal(ASK(REGISTRY_FAMILY, FATHER, NULL, NULL).family.births_silent, rows[i].file == WORLD_BIRTHS);
        world_free(world);
        arena_release(&arena);
    }
    struct arena arena;
    arena_init(&arena, 0);
    struct world *world = world_of_rows(1u << WORLD_BIRTHS | 1u << WORLD_MARRIAGES | 1u << WORLD_DIVORCES);
    assert_int_equal(ASK(REGISTRY_FAMILY, FATHER, NULL, NULL).status, REGISTRY_SILENT);
    world_free(world);
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(person), cmocka_unit_test(heads),    cmocka_unit_test(register_person),
        cmocka_unit_test(family), cmocka_unit_test(capacity), cmocka_unit_test(dwellings),
        cmocka_unit_test(search), cmocka_unit_test(studies),  cmocka_unit_test(absent_files),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
