/* SPDX-License-Identifier: Apache-2.0 */
/* What a world folder may hold, and the message for everything that it may not. */
#include "world_folder.h"

#define ADAM  "800101300006"
#define BELLA "810101400004"
#define CHILD "100101500002"
#define DAVID "550101300012"
#define FIRM  "000140000002"

#define PERSONS_HEAD   "iin,surname,name,patronymic,sex,born,died,capable,phone\n"
#define DWELLINGS_HEAD "rka,cadastral_number,kato,address_kk,address_ru,total_area,useful_area\n"
#define BIRTHS_HEAD    "act_number,act_date,child_iin,mother_iin,father_iin\n"
#define MARRIAGES_HEAD "act_number,act_date,husband_iin,wife_iin\n"
#define DIVORCES_HEAD  "act_number,act_date,husband_iin,wife_iin,marriage_act_number\n"
#define OWNERS_HEAD    "rka,owner,share\n"
#define RESIDENTS_HEAD "rka,iin,kind,since,until\n"

#define PERSONS          PERSONS_HEAD ADAM ",,,,,,,,\n" BELLA ",,,,,,,,\n" CHILD ",,,,,,,,\n" DAVID ",,,,,,,,\n"
#define DWELLINGS        DWELLINGS_HEAD "R1,,711110000,,,35.7,\n"
#define PERSON(fields)   PERSONS_HEAD ADAM "," fields "\n"
#define DWELLING(fields) DWELLINGS_HEAD fields "\n"

struct row {
    const char *file, *content; /* of one file; the others are good */
    const char *errors;
};

static const struct row BAD[] = {
    /* headers */
    { "births.csv", "", "births.csv: has zero bytes; a register with nothing on record has a header row\n" },
    { "births.csv", "\n\r\n", "births.csv: has no header row\n" },
    { "births.csv", "act_number,act_date,child_iin,mother_iin\n", "births.csv:1: column father_iin: missing column\n" },
    { "owners.csv", "rka,owner,share,colour\n", "owners.csv:1: column colour: unknown column\n" },
    { "owners.csv", "rka,owner,share,owner\n", "owners.csv:1: column owner: repeated column\n" },
    { "owners.csv", "RKA,owner,share\n", "owners.csv:1: column RKA: unknown column\nowners.csv:1: column rka: missing column\n" },
    { "owners.csv", "rka,owner,share,\n", "owners.csv:1: column (without a name): unknown column\n" },
    /* records */
    { "owners.csv", OWNERS_HEAD "R1," ADAM "\n",
      "owners.csv:2: column share: is missing: the record has 2 fields, the header 3\n" },
    { "owners.csv", OWNERS_HEAD "R1," ADAM ",1/2,\n",
      "owners.csv:2: column share: is followed by too many fields: the record has 4 fields, the header 3\n" },
    { "owners.csv", "share,rka,owner\n,R1\n", "owners.csv:2: column owner: is missing: the record has 2 fields, the header 3\n" },
    { "owners.csv", OWNERS_HEAD "\"R\n1\"," ADAM ",\n\nR2," ADAM ",\n",
      "owners.csv:2: column rka: no such dwelling in dwellings.csv\nowners.csv:5: column rka: no such dwelling in "
      "dwellings.csv\n" },
    /* numbers */
    { "persons.csv", PERSONS_HEAD ",,,,,,,,\n", "persons.csv:2: column iin: must not be empty\n" },
    { "persons.csv", PERSONS_HEAD "80010130000,,,,,,,,\n", "persons.csv:2: column iin: must be 12 digits\n" },
    { "persons.csv", PERSONS_HEAD "80010130000x,,,,,,,,\n", "persons.csv:2: column iin: must be 12 digits\n" },
    { "persons.csv", PERSONS_HEAD " 800101300006,,,,,,,,\n", "persons.csv:2: column iin: must be 12 digits\n" },
    { "persons.csv", PERSONS_HEAD "800101300007,,,,,,,,\n", "persons.csv:2: column iin: wrong check digit\n" },
    { "persons.csv", PERSONS_HEAD "000000000000,,,,,,,,\n", "persons.csv:2: column iin: no such number: all zeros\n" },
    { "persons.csv", PERSONS_HEAD "800101000840,,,,,,,,\n",
      "persons.csv:2: column iin: no such number: no check digit fits the first eleven digits\n" },
    { "persons.csv", PERSONS_HEAD "800171300008,,,,,,,,\n",
      "persons.csv:2: column iin: no such number: the fifth digit is 0 to 3 in an IIN, 4 to 6 in a BIN\n" },
    { "persons.csv", PERSONS_HEAD FIRM ",,,,,,,,\n",
      "persons.csv:2: column iin: must be the IIN of a person, this is a BIN (fifth digit 4 to 6)\n" },
    { "persons.csv", PERSONS "\n" ADAM ",,,,,,,,\n", "persons.csv:7: column iin: the same as in line 2\n" },
    { "owners.csv", OWNERS_HEAD "R1,550101300020,\n", "owners.csv:2: column owner: wrong check digit\n" },
    { "residents.csv", RESIDENTS_HEAD "R1," FIRM ",residence,,\n",
      "residents.csv:2: column iin: must be the IIN of a person, this is a BIN (fifth digit 4 to 6)\n" },
    { "residents.csv", RESIDENTS_HEAD "R1,900101300007,residence,,\n",
      "residents.csv:2: column iin: no such person in persons.csv\n" },
    { "companies.csv", "bin,name,head_iin\n" ADAM ",,\n",
      "companies.csv:2: column bin: must be the BIN of a company, this is an IIN (fifth digit 0 to 3)\n" },
    { "companies.csv", "bin,name,head_iin\n" FIRM ",,900101300007\n",
      "companies.csv:2: column head_iin: no such person in persons.csv\n" },
    /* words, days, text */
    { "persons.csv", PERSON(",,,m,,,,"), "persons.csv:2: column sex: must be M or F\n" },
    { "persons.csv", PERSON(",,,,,,Yes,"), "persons.csv:2: column capable: must be yes, no or limited\n" },
    { "persons.csv", PERSON(",,,,1980-1-01,,,"),
      "persons.csv:2: column born: must be a day, YYYY-MM-DD from 1800-01-01 to 2199-12-31\n" },
    { "persons.csv", PERSON(",,,,2001-02-29,,,"),
      "persons.csv:2: column born: must be a day, YYYY-MM-DD from 1800-01-01 to 2199-12-31\n" },
    { "persons.csv", PERSON(",,,,1799-12-31,,,"),
      "persons.csv:2: column born: must be a day, YYYY-MM-DD from 1800-01-01 to 2199-12-31\n" },
    { "persons.csv", PERSON(",,,,1980-01-02,1980-01-01,,"), "persons.csv:2: column died: is before born\n" },
    { "persons.csv", PERSON("\xff,,,,,,,"), "persons.csv:2: column surname: is not UTF-8\n" },
    { "persons.csv", PERSON("a\tb,,,,,,,"), "persons.csv:2: column surname: holds a control character\n" },
    { "persons.csv", PERSON("a\xc2\x85,,,,,,,"), "persons.csv:2: column surname: holds a control character\n" },
    { "residents.csv", RESIDENTS_HEAD "R1," ADAM ",home,,\n", "residents.csv:2: column kind: must be residence or temporary\n" },
    { "residents.csv", RESIDENTS_HEAD "R1," ADAM ",,2020-01-02,2020-01-01\n",
      "residents.csv:2: column until: is before since\n" },
    { "incapacity.csv", "iin,since,until,court_act\n" ADAM ",2020-01-02,2020-01-01,\n",
      "incapacity.csv:2: column until: is before since\n" },
    { "students.csv", "iin,register,institution,kato,form,since,until\n" ADAM ",,,,,,\n",
      "students.csv:2: column register: must not be empty\n" },
    { "students.csv", "iin,register,institution,kato,form,since,until\n" ADAM ",nobd,,,evening,,\n",
      "students.csv:2: column form: must be full_time, part_time or distance\n" },
    { "representatives.csv", "ward_iin,representative_iin,basis,document,since,until\n" CHILD "," ADAM ",friend,,,\n",
      "representatives.csv:2: column basis: must be parent, guardian or trustee\n" },
    /* dwellings and owners */
    { "dwellings.csv", DWELLING(",,,,,,"), "dwellings.csv:2: column rka: must not be empty\n" },
    { "dwellings.csv", DWELLING("R1,,,,,,\nR1,,,,,,"), "dwellings.csv:3: column rka: the same as in line 2\n" },
    { "dwellings.csv", DWELLING("R1,,7111100001,,,,"),
      "dwellings.csv:2: column kato: must be a KATO code of at most 9 digits\n" },
    { "dwellings.csv", DWELLING("R1,,71x,,,,"), "dwellings.csv:2: column kato: must be a KATO code of at most 9 digits\n" },
    { "dwellings.csv", DWELLING("R1,,,,,\"35,7\","),
      "dwellings.csv:2: column total_area: must be square metres such as 35.7: digits, at most two after a point\n" },
    { "dwellings.csv", DWELLING("R1,,,,,,-1"),
      "dwellings.csv:2: column useful_area: must be square metres such as 35.7: digits, at most two after a point\n" },
    { "owners.csv", OWNERS_HEAD "R1," ADAM ",1\n", "owners.csv:2: column share: must be a fraction such as 1/2\n" },
    { "owners.csv", OWNERS_HEAD "R1," ADAM ",1/0\n",
      "owners.csv:2: column share: must be a fraction of at most one whole, not over zero\n" },
    { "owners.csv", OWNERS_HEAD "R1," ADAM ",3/2\n",
      "owners.csv:2: column share: must be a fraction of at most one whole, not over zero\n" },
    /* acts */
    { "births.csv", BIRTHS_HEAD "1,,,,\n",
      "births.csv:2: column act_date: must not be empty\nbirths.csv:2: column child_iin: must not be empty\n" },
    { "births.csv", BIRTHS_HEAD "1,2010-02-01," CHILD ",,\n1,2010-02-01," CHILD ",,\n",
      "births.csv:3: column act_number: the same as in line 2\nbirths.csv:3: column child_iin: the same as in line 2\n" },
    { "marriages.csv", MARRIAGES_HEAD ",2005-01-01,,\n", "marriages.csv:2: column act_number: must not be empty\n" },
    { "divorces.csv", DIVORCES_HEAD "1,2006-01-01," ADAM "," BELLA ",99\n",
      "divorces.csv:2: column marriage_act_number: no such act in marriages.csv\n" },
    { "divorces.csv", DIVORCES_HEAD "1,2006-01-01," DAVID "," BELLA ",M1\n",
      "divorces.csv:2: column marriage_act_number: the act in marriages.csv is of another couple\n" },
};

static const struct row GOOD[] = {
    { "persons.csv", "\xef\xbb\xbf" PERSONS, "" },
    { "persons.csv",
      "phone,iin,sex,born,died,capable,surname,name,patronymic\r\n\r\n," ADAM ",M,,,no,\"a\r\nb \"\"c\"\"\",,\r\n," BELLA
      ",F,,,,,,\r\n",
      "" },
    { "divorces.csv", DIVORCES_HEAD "1,2006-01-01," BELLA "," ADAM ",M1\n", "" },
    { "divorces.csv", DIVORCES_HEAD "1,2006-01-01,," BELLA ",M1\n", "" },
    { "owners.csv", OWNERS_HEAD "R1," FIRM ",\nR1," FIRM ",\n", "" },
    { "owners.csv", OWNERS_HEAD "R1," ADAM ",0/1", "" },
    { "marriages.csv", MARRIAGES_HEAD "M1,2005-01-01,,\n", "" },
    { "residents.csv", RESIDENTS_HEAD "R1," ADAM ",,,\nR1," ADAM ",,,\n", "" },
    { "persons.csv", PERSON(",,,,1800-01-01,2199-12-31,limited,"), "" },
};

static void run_row(const struct row *row)
{
    struct folder folder;
    struct buf errors;
    folder_init(&folder);
    folder_put(&folder, "persons.csv", STR(PERSONS));
    folder_put(&folder, "dwellings.csv", STR(DWELLINGS));
    folder_put(&folder, "marriages.csv", str_from(MARRIAGES_HEAD "M1,2005-01-01," ADAM "," BELLA "\n"));
    if (strcmp(row->file, "persons.csv") == 0)
        folder_put(&folder, "marriages.csv", STR(MARRIAGES_HEAD));
    folder_put(&folder, row->file, str_from(row->content));
    struct world *world = folder_load(&folder, &errors);
    assert_string_equal(errors.p == NULL ? "" : errors.p, row->errors);
    world_free(world);
    buf_release(&errors);
    folder_remove(&folder);
}

static void bad_folders_are_refused_with_file_line_and_column(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof BAD / sizeof *BAD; i++)
        run_row(&BAD[i]);
}

static void good_folders_load(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof GOOD / sizeof *GOOD; i++)
        run_row(&GOOD[i]);
}

static void broken_records_do_not_hide_later_ones(void **state)
{
    (void)state;
    struct folder folder;
    struct buf errors;
    folder_init(&folder);
    folder_put(&folder, "dwellings.csv", STR(DWELLINGS));
    folder_put(&folder, "persons.csv", STR(PERSONS_HEAD "80010\r1300006,,,,,,,,\n" ADAM ",,,,X,,,,\n"));
    assert_null(folder_load(&folder, &errors));
    assert_non_null(strstr(errors.p, "persons.csv:2: "));
    assert_non_null(strstr(errors.p, "persons.csv:3: column sex: must be M or F\n"));
    buf_release(&errors);
    folder_remove(&folder);
}

static void a_field_with_nul_is_refused(void **state)
{
    (void)state;
    struct folder folder;
    struct buf errors;
    folder_init(&folder);
    folder_put(&folder, "persons.csv", STR(PERSONS_HEAD ADAM ",a\0b,,,,,,,\n"));
    folder_put(&folder, "dwellings.csv", STR(DWELLINGS));
    assert_null(folder_load(&folder, &errors));
    assert_string_equal(errors.p, "persons.csv:2: column surname: holds a control character\n");
    buf_release(&errors);
    folder_remove(&folder);
}

static void two_files_are_a_must(void **state)
{
    (void)state;
    struct folder folder;
    struct buf errors;
    folder_init(&folder);
    assert_null(folder_load(&folder, &errors));
    assert_string_equal(errors.p, "persons.csv: is not there; a world needs at least persons.csv and dwellings.csv\n"
                                  "dwellings.csv: is not there; a world needs at least persons.csv and dwellings.csv\n");
    buf_release(&errors);
    folder_remove(&folder);
}

static void absent_is_silent_and_a_header_is_nothing_on_record(void **state)
{
    (void)state;
    struct folder folder;
    struct buf errors;
    folder_init(&folder);
    folder_put(&folder, "persons.csv", STR(PERSONS));
    folder_put(&folder, "dwellings.csv", STR(DWELLINGS));
    folder_put(&folder, "births.csv", STR(BIRTHS_HEAD));
    struct world *world = folder_load(&folder, &errors);
    assert_non_null(world);
    assert_true(world_holds(world, WORLD_BIRTHS));
    assert_int_equal(world_count(world, WORLD_BIRTHS), 0);
    assert_false(world_holds(world, WORLD_MARRIAGES));
    assert_null(world_birth(world, iin_of(CHILD)));
    assert_int_equal(world_marriages_of(world, iin_of(ADAM)).count, 0);
    world_free(world);
    buf_release(&errors);
    folder_remove(&folder);
}

static void many_errors_are_counted(void **state)
{
    (void)state;
    struct folder folder;
    struct buf errors, content;
    folder_init(&folder);
    buf_init(&content, 1 << 20);
    buf_add_text(&content, RESIDENTS_HEAD);
    for (int i = 0; i < 1500; i++)
        buf_add_text(&content, "R9," ADAM ",,,\n");
    folder_put(&folder, "persons.csv", STR(PERSONS));
    folder_put(&folder, "dwellings.csv", STR(DWELLINGS));
    folder_put(&folder, "residents.csv", buf_str(&content));
    assert_null(folder_load(&folder, &errors));
    assert_non_null(strstr(errors.p, "residents.csv:1001: "));
    assert_null(strstr(errors.p, "residents.csv:1002: "));
    assert_string_equal(errors.p + errors.n - strlen("and 500 more\n"), "and 500 more\n");
    buf_release(&content);
    buf_release(&errors);
    folder_remove(&folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bad_folders_are_refused_with_file_line_and_column),
        cmocka_unit_test(good_folders_load),
        cmocka_unit_test(broken_records_do_not_hide_later_ones),
        cmocka_unit_test(a_field_with_nul_is_refused),
        cmocka_unit_test(two_files_are_a_must),
        cmocka_unit_test(absent_is_silent_and_a_header_is_nothing_on_record),
        cmocka_unit_test(many_errors_are_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
