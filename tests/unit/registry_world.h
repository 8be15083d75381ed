/* SPDX-License-Identifier: Apache-2.0 */
/* A small world folder for the tests of registry and exchange: a family, a ward, students, a company; written to a temporary
 * folder. */
#ifndef REGISTRY_WORLD_H
#define REGISTRY_WORLD_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"
#include "registry/registry.h"

#define FATHER         "800101300105"
#define MOTHER         "820202400203"
#define CHILD          "050505400506"
#define STUDENT        "400404300406"
#define GRANDFATHER    "600606300604"
#define WARD           "900707300705"
#define UNKNOWN_PERSON "910808400801"
#define COMPANY        "120140000017"
#define FLAT           "1000000000000001"
#define OFFICE         "1000000000000002"
#define NOWHERE        "1000000000000099"

static const char *const world_rows[WORLD_FILES] = {
    [WORLD_PERSONS] =
        "iin,surname,name,patronymic,sex,born,died,capable,phone\n" FATHER
        ",Сынақов,Әділ,Ғалымұлы,M,1980-01-01,,yes,+77010000001\n" MOTHER ",Сынақова,Мөлдір,,F,1982-02-02,,,+77010000002\n" CHILD
        ",\"Тест \"\"<&>\"\" Сынақова\",Ұлжан,,F,2012-03-03,,yes,\n" STUDENT
        ",Үлгіев,Қанат,,M,2004-04-04,,yes,+77010000004\n" GRANDFATHER ",Сынақов,Ғалым,,M,1940-06-06,2020-01-05,limited,\n" WARD
        ",Үлгіева,Іңкәр,,F,1990-07-07,,no,\n",
    [WORLD_BIRTHS] = "act_number,act_date,child_iin,mother_iin,father_iin\n"
                     "101,1980-01-10," FATHER ",," GRANDFATHER "\n"
                     "102,2012-03-10," CHILD "," MOTHER "," FATHER "\n",
    [WORLD_MARRIAGES] = "act_number,act_date,husband_iin,wife_iin\n"
                        "201,2010-05-05," FATHER "," MOTHER "\n"
                        "202,2026-03-02," STUDENT "," WARD "\n",
    [WORLD_DIVORCES] = "act_number,act_date,husband_iin,wife_iin,marriage_act_number\n"
                       "301,2026-03-02," FATHER "," MOTHER ",201\n",
    [WORLD_DWELLINGS] = "rka,cadastral_number,kato,address_kk,address_ru,total_area,useful_area\n" FLAT
                        ",20:000:001,711210000,\"Астана, Есіл ауданы, Мәңгілік Ел даңғылы, 1-үй\",\"Астана, район Есиль, пр. "
                        "Мангилик Ел, д. 1\",45.3,\n" OFFICE
                        ",20:000:002,711310000,\"Астана, Сарыарқа ауданы, Ұлы Дала, 2\",\"Астана, Сарыарка, Улы Дала, 2\",,30\n",
    [WORLD_OWNERS] = "rka,owner,share\n" FLAT "," FATHER ",1/2\n" FLAT "," MOTHER ",1/2\n" FLAT "," MOTHER ",1/2\n" OFFICE
                     "," COMPANY ",\n" OFFICE "," FATHER ",\n",
    [WORLD_RESIDENTS] =
        "rka,iin,kind,since,until\n" FLAT "," FATHER ",residence,2015-01-01,\n" FLAT "," MOTHER ",residence,2015-01-01,\n" FLAT
        "," MOTHER ",temporary,2025-01-01,2026-12-31\n" FLAT "," GRANDFATHER ",residence,,\n" FLAT "," STUDENT
        ",temporary,2025-09-01,2026-06-30\n" OFFICE "," WARD ",residence,2020-01-01,2024-12-31\n",
    [WORLD_INCAPACITY] = "iin,since,until,court_act\n" WARD ",2015-01-01,2018-12-31,старое 1\n" WARD ",2020-05-05,,№ 7\n",
    [WORLD_STUDENTS] = "iin,register,institution,kato,form,since,until\n" STUDENT
                       ",epvo,\"Еуразия ұлттық университеті\",711210000,full_time,2023-09-01,2027-06-30\n" STUDENT
                       ",nobd,Колледж,750000000,part_time,2020-09-01,2022-06-30\n",
    [WORLD_REPRESENTATIVES] = "ward_iin,representative_iin,basis,document,since,until\n",
    [WORLD_COMPANIES] = "bin,name,head_iin\n" COMPANY ",\"ЖШС «Сынақ»\"," MOTHER "\n",
};

/* `absent`: bit 1 << WORLD_... */
static inline void world_folder(char folder[64], unsigned absent)
{
    struct err err;
    char path[128];
    snprintf(folder, 64, "/tmp/tirkeu-test-XXXXXX");
    assert_non_null(mkdtemp(folder));
    for (int i = 0; i < WORLD_FILES; i++) {
        if (!(absent & 1u << i)) {
            snprintf(path, sizeof path, "%s/%s", folder, world_file_name((enum world_file)i));
            assert_true(file_write(path, str_from(world_rows[i]), &err));
        }
    }
}

static inline void remove_folder(const char *folder)
{
    char path[128];
    for (int i = 0; i < WORLD_FILES; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, world_file_name((enum world_file)i));
        unlink(path);
    }
    rmdir(folder);
}

static inline struct world *world_of_rows(unsigned absent)
{
    char folder[64];
    struct world *world;
    struct buf errors;
    buf_init(&errors, 1 << 16);
    world_folder(folder, absent);
    bool fine = world_load(folder, &world, &errors);
    if (!fine) {
        print_error("%s", errors.p);
    }
    assert_true(fine);
    buf_release(&errors);
    remove_folder(folder);
    return world;
}

static inline struct iin iin_of(const char *text)
{
    struct iin iin = { 0 };
    if (text) {
        assert_int_not_equal(iin_parse(str_from(text), &iin), IIN_BAD);
    }
    return iin;
}

static inline struct day day_text(const char *text)
{
    struct day day = DAY_NONE;
    if (text) {
        assert_true(day_parse(str_from(text), &day));
    }
    return day;
}

static inline struct registry_question ask_of(enum registry_ask ask, const char *person, const char *rka, const char *day)
{
    return (struct registry_question){
        .ask = ask, .person = iin_of(person), .rka = str_from(rka), .day = day_text(day), .since = DAY_NONE, .until = DAY_NONE
    };
}

#endif
