/* SPDX-License-Identifier: Apache-2.0 */
/* The extract says what the world says. */
#include "world_folder.h"

#define MOTHER   "820202400203"
#define FATHER   "800101300105"
#define CHILD    "050505400506"
#define FLAT     "1000000000000001"
#define LONG_RKA "10000000000000000000000002"

struct fixture {
    struct folder folder;
    struct world *world;
    struct world_extract *extract;
};

static void open_folder(struct fixture *f)
{
    struct buf errors;
    f->world = folder_load(&f->folder, &errors);
    if (f->world == NULL)
        fail_msg("%.400s", errors.p);
    buf_release(&errors);
    f->extract = world_extract_make(f->world);
}

static void close_folder(struct fixture *f)
{
    world_extract_free(f->extract);
    world_free(f->world);
    folder_remove(&f->folder);
}

static void put_rows(struct fixture *f)
{
    folder_init(&f->folder);
    folder_put(&f->folder, "persons.csv",
               STR("iin,surname,name,patronymic,sex,born,died,capable,phone\n" MOTHER ",,,,F,1982-02-02,,no,\n" FATHER
                   ",,,,M,,2020-01-05,,\n" CHILD ",,,,F,2012-03-03,,,\n"));
    folder_put(&f->folder, "births.csv",
               STR("act_number,act_date,child_iin,mother_iin,father_iin\n7,2012-03-10," CHILD "," MOTHER ",\n"));
    folder_put(&f->folder, "marriages.csv",
               STR("act_number,act_date,husband_iin,wife_iin\n1,2000-01-01," FATHER "," MOTHER "\n2,2005-01-01," FATHER "," MOTHER
                   "\n3,2010-01-01,," MOTHER "\n"));
    folder_put(&f->folder, "divorces.csv",
               STR("act_number,act_date,husband_iin,wife_iin,marriage_act_number\n1,2004-01-01," FATHER "," MOTHER
                   ",\n2,2008-01-01," FATHER "," MOTHER ",2\n3,2006-01-01," FATHER "," MOTHER ",2\n"));
    folder_put(&f->folder, "dwellings.csv",
               STR("rka,cadastral_number,kato,address_kk,address_ru,total_area,useful_area\n" FLAT
                   ",,711210000,,,45.3,\n" LONG_RKA ",,,,,,30\n"));
    folder_put(&f->folder, "owners.csv", STR("rka,owner,share\n" FLAT "," MOTHER ",\n" FLAT ",120140000017,\n"));
    folder_put(&f->folder, "residents.csv",
               STR("rka,iin,kind,since,until\n" FLAT "," MOTHER ",temporary,,\n" FLAT "," CHILD ",residence,2015-01-01,\n" FLAT
                   "," MOTHER ",residence,2015-01-01,\n" FLAT "," FATHER ",residence,2015-01-01,\n"));
    folder_put(&f->folder, "incapacity.csv", STR("iin,since,until,court_act\n" CHILD ",2020-01-01,2020-12-31,\n"));
}

static int32_t person_row(const struct world_extract *e, const char *iin)
{
    int32_t person, dwelling;
    world_extract_find(e, iin_of(iin), STR("no such place"), &person, &dwelling);
    assert_int_equal(dwelling, WORLD_NOWHERE);
    return person;
}

static int32_t dwelling_row(const struct world_extract *e, struct str rka)
{
    int32_t person, dwelling;
    world_extract_find(e, (struct iin){ 1 }, rka, &person, &dwelling);
    assert_int_equal(person, WORLD_NOBODY);
    return dwelling;
}

static void test_rows(void **state)
{
    (void)state;
    struct fixture f;
    put_rows(&f);
    open_folder(&f);
    const struct world_extract *e = f.extract;
    int32_t mother = person_row(e, MOTHER), father = person_row(e, FATHER), child = person_row(e, CHILD);
    assert_int_equal(mother, 0);
    assert_int_equal(father, 1);
    assert_int_equal(child, 2);
    assert_int_equal(person_row(e, "910808400801"), WORLD_NOBODY);

    assert_int_equal(e->person[child].mother, mother);
    assert_int_equal(e->person[child].father, WORLD_NOBODY);
    assert_int_equal(e->person[child].birth_date.n, day_from("2012-03-10").n);
    assert_int_equal(e->person[mother].birth_date.n, WORLD_NEVER.n);
    assert_int_equal(e->capacity[mother], WORLD_CAPABLE_NO);
    assert_int_equal(e->capacity[child], WORLD_CAPABLE_EMPTY | WORLD_COURT_ACTS);

    assert_int_equal(world_extract_marriages(e, mother).count, 3);
    assert_int_equal(world_extract_marriages(e, father).count, 2);
    assert_int_equal(world_extract_marriages(e, child).count, 0);
    const struct world_extract_marriage *m = e->marriage + world_extract_marriages(e, mother).first;
    assert_int_equal(m[0].spouse, father);
    assert_int_equal(m[0].ended.n, day_from("2004-01-01").n);
    assert_int_equal(m[1].ended.n, day_from("2006-01-01").n); /* of two acts the first */
    assert_int_equal(m[2].spouse, WORLD_NOBODY);
    assert_int_equal(m[2].ended.n, WORLD_NEVER.n);

    int32_t flat = dwelling_row(e, STR(FLAT)), other = dwelling_row(e, STR(LONG_RKA));
    assert_int_equal(flat, 0);
    assert_int_equal(other, 1);
    assert_int_equal(dwelling_row(e, STR("1000000000000002")), -1);
    assert_int_equal(dwelling_row(e, STR("10000000000000000000000003")), -1);
    assert_int_equal(e->dwelling[flat].total_area, 4530);
    assert_int_equal(e->dwelling[other].total_area, DECIMAL_NONE);
    assert_int_equal(e->dwelling[flat].kato_length, 9);
    const struct world_extract_owner *owner = e->owner + e->dwelling[flat].owners.first;
    assert_int_equal(e->dwelling[flat].owners.count, 2);
    assert_int_equal(owner[0].person, mother);
    assert_int_equal(owner[1].person, WORLD_NOBODY);

    int registered, residence;
    world_extract_head_count(e, flat, day_from("2014-06-01"), WORLD_NOBODY, &registered, &residence);
    assert_int_equal(registered, 1);
    assert_int_equal(residence, 0);
    world_extract_head_count(e, flat, day_from("2026-03-02"), child, &registered, &residence);
    assert_int_equal(registered, 1); /* the mother by two rows, the father dead, the child not counted */
    assert_int_equal(residence, 1);
    assert_true(world_extract_incapable(e, child, day_from("2020-06-01")));
    assert_false(world_extract_incapable(e, child, day_from("2021-01-01")));
    assert_false(world_extract_incapable(e, mother, day_from("2020-06-01")));
    assert_int_equal(world_extract_studies(e, child).count, 0);
    close_folder(&f);
}

static void test_a_whole_country(void **state)
{
    (void)state;
    struct fixture f;
    struct err err;
    const struct world_plan plan = { .persons = 3000, .seed = 5, .capital_share = 300 };
    folder_init(&f.folder);
    assert_true(world_generate(&plan, f.folder.path, &err));
    open_folder(&f);
    size_t count;
    const struct world_dwelling *dwelling = world_dwellings(f.world, &count);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(dwelling_row(f.extract, dwelling[i].rka), i);
        for (int year = 1990; year <= 2026; year += 6) {
            struct day day = day_of(year, 3, 2);
            struct world_span span = f.extract->dwelling[i].residents;
            int32_t except = span.count > 0 ? f.extract->resident[span.first].person : WORLD_NOBODY;
            struct iin except_iin = except < 0 ? (struct iin){ 0 } : f.extract->person[except].iin;
            int registered, residence;
            world_extract_head_count(f.extract, (int32_t)i, day, except, &registered, &residence);
            assert_int_equal(registered, world_head_count(f.world, &dwelling[i], day, except_iin, false));
            assert_int_equal(residence, world_head_count(f.world, &dwelling[i], day, except_iin, true));
        }
    }
    const struct world_person *person = world_persons(f.world, &count);
    for (size_t i = 0; i < count; i++) {
        int32_t found, nowhere;
        world_extract_find(f.extract, person[i].iin, STR(""), &found, &nowhere);
        assert_int_equal(found, i);
    }
    close_folder(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_rows), cmocka_unit_test(test_a_whole_country) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
