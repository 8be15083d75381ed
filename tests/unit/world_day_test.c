/* SPDX-License-Identifier: Apache-2.0 */
/* Look-ups, and what holds on a day: life, marriages, head counts, the stand's registrations. */
#include "world_folder.h"

#define ADAM  "800101300006"
#define BELLA "810101400004"
#define CHILD "100101500002"
#define DAVID "550101300012"
#define FIRM  "000140000002"

struct fixture {
    struct folder folder;
    struct world *world;
};

static const struct {
    const char *file, *content;
} FILES[] = {
    { "persons.csv", "iin,surname,name,patronymic,sex,born,died,capable,phone\n" ADAM ",A,,,M,1980-01-01,,yes,\n" BELLA
                     ",B,,,F,,,,\n" CHILD ",C,,,,2010-01-01,,,\n" DAVID ",D,,,,1955-01-01,2020-06-15,,\n" },
    { "births.csv", "act_number,act_date,child_iin,mother_iin,father_iin\nB1,2010-01-20," CHILD "," BELLA "," ADAM
                    "\nB2,1980-02-01," ADAM ",," DAVID "\n" },
    { "marriages.csv", "act_number,act_date,husband_iin,wife_iin\nM1,2001-01-01," ADAM "," BELLA "\nM2,2005-01-01," ADAM "," BELLA
                       "\nM3,2010-01-01," ADAM "," BELLA "\nM4,2012-01-01," ADAM ",\n" },
    { "divorces.csv", "act_number,act_date,husband_iin,wife_iin,marriage_act_number\nD1,2002-01-01," ADAM "," BELLA
                      ",M1\nD2,2007-01-01," BELLA "," ADAM ",\nD3,2015-01-01," DAVID "," BELLA ",\n" },
    { "dwellings.csv",
      "rka,cadastral_number,kato,address_kk,address_ru,total_area,useful_area\nR1,,711110000,,,35.7,30\nR2,,,,,,\n" },
    { "owners.csv", "rka,owner,share\nR2," FIRM ",\nR1," ADAM ",1/2\nR1," BELLA ",1/2\nR2," ADAM ",\n" },
    { "residents.csv", "rka,iin,kind,since,until\nR1," ADAM ",residence,2015-01-01,\nR1," ADAM ",temporary,,\nR1," BELLA
                       ",temporary,2020-01-01,2020-12-31\nR1," CHILD ",residence,,2020-12-31\nR1," DAVID ",residence,,\nR2," BELLA
                       ",residence,2010-01-01,\n" },
    { "companies.csv", "bin,name,head_iin\n" FIRM ",Firm," ADAM "\n" FIRM ",Other,\n" },
};

static int set_up(void **state)
{
    struct fixture *f = mem_alloc(sizeof *f);
    struct buf errors;
    folder_init(&f->folder);
    for (size_t i = 0; i < sizeof FILES / sizeof *FILES; i++)
        folder_put(&f->folder, FILES[i].file, str_from(FILES[i].content));
    f->world = folder_load(&f->folder, &errors);
    assert_non_null(f->world);
    buf_release(&errors);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    world_free(f->world);
    folder_remove(&f->folder);
    free(f);
    return 0;
}

static void rows_are_found_by_key(void **state)
{
    const struct world *w = ((struct fixture *)*state)->world;
    assert_true(str_is(world_person(w, iin_of(DAVID))->surname, "D"));
    assert_null(world_person(w, iin_of(FIRM)));
    assert_true(str_is(world_birth(w, iin_of(CHILD))->act_number, "B1"));
    assert_null(world_birth(w, iin_of(BELLA)));
    assert_int_equal(world_dwelling(w, STR("R1"))->total_area, 3570);
    assert_int_equal(world_dwelling(w, STR("R2"))->total_area, DECIMAL_NONE);
    assert_null(world_dwelling(w, STR("R3")));
    assert_true(str_is(world_company(w, iin_of(FIRM))->name, "Firm"));
}

static void runs_keep_the_order_of_the_file(void **state)
{
    const struct world *w = ((struct fixture *)*state)->world;
    struct world_run run = world_marriages_of(w, iin_of(ADAM));
    assert_int_equal(run.count, 4);
    for (int i = 0; i < run.count; i++)
        assert_int_equal(run.index[i], i);
    assert_int_equal(world_marriages_of(w, iin_of(BELLA)).count, 3);
    assert_int_equal(world_births_by_parent(w, iin_of(DAVID)).count, 1);
    assert_int_equal(world_births_by_parent(w, iin_of(DAVID)).index[0], 1);
    run = world_owners_of(w, world_dwelling(w, STR("R1")));
    assert_int_equal(run.count, 2);
    assert_true(iin_equal(world_owner_at(w, run.index[0])->owner, iin_of(ADAM)));
    assert_int_equal(world_dwellings_owned_by(w, iin_of(FIRM)).count, 1);
    assert_int_equal(world_dwellings_owned_by(w, iin_of(FIRM)).index[0], 0);
    assert_int_equal(world_dwellings_owned_by(w, iin_of(ADAM)).count, 2);
    assert_int_equal(world_dwellings_owned_by(w, iin_of(CHILD)).count, 0);
    assert_int_equal(world_marriages_of(w, iin_of(FIRM)).count, 0);
    assert_int_equal(world_studies_of(w, iin_of(ADAM)).count, 0);
}

static void life_begins_at_birth_and_ends_on_the_day_of_death(void **state)
{
    const struct world *w = ((struct fixture *)*state)->world;
    static const struct {
        const char *iin, *day;
        bool alive;
    } ROWS[] = {
        { ADAM, "1979-12-31", false }, { ADAM, "1980-01-01", true },   { BELLA, "1900-01-01", true },
        { DAVID, "2020-06-14", true }, { DAVID, "2020-06-15", false },
    };
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++)
        assert_int_equal(world_alive(world_person(w, iin_of(ROWS[i].iin)), day_from(ROWS[i].day)), ROWS[i].alive);
}

static void divorces_end_marriages(void **state)
{
    const struct world *w = ((struct fixture *)*state)->world;
    static const struct {
        int marriage;
        const char *day;
        enum tri ended;
    } ROWS[] = {
        { 0, "2001-12-31", TRI_NO },  { 0, "2002-01-01", TRI_YES }, { 1, "2006-12-31", TRI_NO },
        { 1, "2007-01-01", TRI_YES }, { 2, "2026-01-01", TRI_NO },  { 3, "2026-01-01", TRI_NO },
    };
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++)
        assert_int_equal(world_marriage_ended(w, world_marriage_at(w, ROWS[i].marriage), day_from(ROWS[i].day)), ROWS[i].ended);
}

static void a_silent_divorce_register_leaves_it_unknown(void **state)
{
    struct fixture *f = *state;
    struct buf errors;
    char path[160];
    folder_path(&f->folder, "divorces.csv", path);
    assert_int_equal(unlink(path), 0);
    struct world *w = folder_load(&f->folder, &errors);
    assert_int_equal(world_marriage_ended(w, world_marriage_at(w, 0), day_from("2026-01-01")), TRI_UNKNOWN);
    world_free(w);
    buf_release(&errors);
}

static void heads_are_different_living_persons(void **state)
{
    const struct world *w = ((struct fixture *)*state)->world;
    static const struct {
        const char *dwelling, *day, *except;
        bool residence_only;
        int count;
    } ROWS[] = {
        { "R1", "2020-01-01", NULL, false, 4 }, { "R1", "2020-12-31", NULL, false, 3 }, { "R1", "2021-01-01", NULL, false, 1 },
        { "R1", "2020-01-01", ADAM, false, 3 }, { "R1", "2020-01-01", NULL, true, 3 },  { "R1", "2009-12-31", NULL, false, 2 },
        { "R1", "2009-12-31", NULL, true, 1 },  { "R2", "2009-12-31", NULL, false, 0 }, { "R2", "2010-01-01", NULL, false, 1 },
    };
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        struct iin except = ROWS[i].except == NULL ? (struct iin){ 0 } : iin_of(ROWS[i].except);
        assert_int_equal(world_head_count(w, world_dwelling(w, str_from(ROWS[i].dwelling)), day_from(ROWS[i].day), except,
                                          ROWS[i].residence_only),
                         ROWS[i].count);
    }
}

static void registering_ends_the_old_residence(void **state)
{
    struct world *w = ((struct fixture *)*state)->world;
    const struct world_dwelling *r1 = world_dwelling(w, STR("R1")), *r2 = world_dwelling(w, STR("R2"));
    struct day day = day_from("2026-03-02"), before = day_from("2026-03-01");
    struct iin nobody = { 0 };
    struct err err;
    int old = world_head_count(w, r2, day, nobody, false);
    for (int again = 0; again < 2; again++) {
        assert_true(world_register(w, iin_of(BELLA), r1, WORLD_RESIDENCE, day, DAY_NONE, &err));
        assert_int_equal(world_count(w, WORLD_RESIDENTS), 7);
        assert_int_equal(world_head_count(w, r1, day, iin_of(ADAM), false), 1);
        assert_int_equal(world_head_count(w, r2, day, nobody, false), old - 1);
        assert_int_equal(world_head_count(w, r2, before, nobody, false), old);
    }
    assert_true(world_register(w, iin_of(CHILD), r2, WORLD_TEMPORARY, day, day, &err));
    assert_int_equal(world_head_count(w, r2, day, nobody, false), old);
    assert_int_equal(world_residents_of(w, r1).count, 6);
    assert_int_equal(world_residences_of(w, iin_of(BELLA)).count, 3);
    assert_false(world_register(w, iin_of(FIRM), r1, WORLD_RESIDENCE, day, DAY_NONE, &err));
    assert_false(world_register(w, iin_of(ADAM), r1, WORLD_TEMPORARY, day, before, &err));
}

static void many_registrations_keep_their_order(void **state)
{
    struct world *w = ((struct fixture *)*state)->world;
    const struct world_dwelling *r2 = world_dwelling(w, STR("R2"));
    struct day day = day_from("2024-01-01");
    struct err err;
    for (int i = 0; i < 500; i++, day.n++)
        assert_true(world_register(w, iin_of(i % 2 ? ADAM : CHILD), r2, WORLD_TEMPORARY, day, day, &err));
    struct world_run run = world_residents_of(w, r2);
    assert_int_equal(run.count, 501);
    for (int i = 1; i < run.count; i++)
        assert_true(run.index[i] > run.index[i - 1]);
    assert_int_equal(world_residences_of(w, iin_of(ADAM)).count, 252);
}

int main(void)
{
#define WITH_WORLD(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        WITH_WORLD(rows_are_found_by_key),
        WITH_WORLD(runs_keep_the_order_of_the_file),
        WITH_WORLD(life_begins_at_birth_and_ends_on_the_day_of_death),
        WITH_WORLD(divorces_end_marriages),
        WITH_WORLD(a_silent_divorce_register_leaves_it_unknown),
        WITH_WORLD(heads_are_different_living_persons),
        WITH_WORLD(registering_ends_the_old_residence),
        WITH_WORLD(many_registrations_keep_their_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
