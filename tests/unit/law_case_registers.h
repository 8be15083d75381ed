/* SPDX-License-Identifier: Apache-2.0 */
/* Part of law_cases_test.c: what the registers hold; each line becomes a row of a world folder. */
#ifndef UNIT_LAW_CASE_REGISTERS_H
#define UNIT_LAW_CASE_REGISTERS_H

#include "law_case.h"

#define RKA "0000000000000001"
static const char *const headers[WORLD_FILES] = {
    [WORLD_PERSONS] = "iin,surname,name,patronymic,sex,born,died,capable,phone",
    [WORLD_BIRTHS] = "act_number,act_date,child_iin,mother_iin,father_iin",
    [WORLD_MARRIAGES] = "act_number,act_date,husband_iin,wife_iin",
    [WORLD_DIVORCES] = "act_number,act_date,husband_iin,wife_iin,marriage_act_number",
    [WORLD_DWELLINGS] = "rka,cadastral_number,kato,address_kk,address_ru,total_area,useful_area",
    [WORLD_OWNERS] = "rka,owner,share",
    [WORLD_RESIDENTS] = "rka,iin,kind,since,until",
    [WORLD_INCAPACITY] = "iin,since,until,court_act",
    [WORLD_STUDENTS] = "iin,register,institution,kato,form,since,until",
};

/* The row so far: the values of the keys given, in the order of `keys`; an absent one is `otherwise`. */
static struct str key_value(struct str rest, const char *key, const char *otherwise)
{
    struct str word;
    while (next_word(&rest, &word)) {
        struct str value = cut_value(&word);
        if (str_is(word, key))
            return value;
    }
    return str_from(otherwise);
}

static struct str word_at(const struct law_case *c, struct str rest, int place)
{
    struct str word = { "", 0 };
    for (int i = 0; i <= place; i++)
        if (!next_word(&rest, &word))
            broken(c, "a word is missing");
    return word;
}

/* "-" is nobody. */
static const char *id_text(struct law_case *c, struct str name, char ret[IIN_TEXT])
{
    ret[0] = '\0';
    return str_is(name, "-") ? ret : iin_format(id_of(c, name), ret);
}

static void line_person(struct law_case *c, struct str text)
{
    char id[IIN_TEXT];
    buf_addf(&c->csv[WORLD_PERSONS], "%s,,,,," STR_FMT "," STR_FMT "," STR_FMT ",\n", id_text(c, word_at(c, text, 0), id),
             STR_ARG(key_value(text, "born", "1980-05-05")), STR_ARG(key_value(text, "died", "")),
             STR_ARG(key_value(text, "capable", "")));
}

static void pair_line(struct law_case *c, enum world_file file, struct str text, const char *tail)
{
    char first[IIN_TEXT], second[IIN_TEXT];
    buf_addf(&c->csv[file], "%d," STR_FMT ",%s,%s%s\n", c->line, STR_ARG(key_value(text, "date", "2000-01-01")),
             id_text(c, word_at(c, text, 0), first), id_text(c, word_at(c, text, 1), second), tail);
}
static void line_marriage(struct law_case *c, struct str text) { pair_line(c, WORLD_MARRIAGES, text, ""); }
static void line_divorce(struct law_case *c, struct str text) { pair_line(c, WORLD_DIVORCES, text, ","); }

static void line_birth(struct law_case *c, struct str text)
{
    char child[IIN_TEXT], mother[IIN_TEXT], father[IIN_TEXT];
    buf_addf(&c->csv[WORLD_BIRTHS], "%d," STR_FMT ",%s,%s,%s\n", c->line, STR_ARG(key_value(text, "date", "1990-01-01")),
             id_text(c, word_at(c, text, 0), child), id_text(c, word_at(c, text, 1), mother),
             id_text(c, word_at(c, text, 2), father));
}

static void line_dwelling(struct law_case *c, struct str text)
{
    buf_addf(&c->csv[WORLD_DWELLINGS], RKA ",," STR_FMT ",,," STR_FMT "," STR_FMT "\n",
             STR_ARG(key_value(text, "kato", "711110000")), STR_ARG(key_value(text, "total_area", "")),
             STR_ARG(key_value(text, "useful_area", "")));
}

static void line_owner(struct law_case *c, struct str text)
{
    char id[IIN_TEXT];
    buf_addf(&c->csv[WORLD_OWNERS], RKA ",%s,\n", id_text(c, word_at(c, text, 0), id));
}

static void line_resident(struct law_case *c, struct str text)
{
    char id[IIN_TEXT];
    buf_addf(&c->csv[WORLD_RESIDENTS], RKA ",%s," STR_FMT "," STR_FMT "," STR_FMT "\n", id_text(c, word_at(c, text, 0), id),
             STR_ARG(key_value(text, "kind", "residence")), STR_ARG(key_value(text, "since", "")),
             STR_ARG(key_value(text, "until", "")));
}

static void line_incapable(struct law_case *c, struct str text)
{
    char id[IIN_TEXT];
    buf_addf(&c->csv[WORLD_INCAPACITY], "%s," STR_FMT "," STR_FMT ",court\n", id_text(c, word_at(c, text, 0), id),
             STR_ARG(key_value(text, "since", "")), STR_ARG(key_value(text, "until", "")));
}

static void line_student(struct law_case *c, struct str text)
{
    char id[IIN_TEXT];
    buf_addf(&c->csv[WORLD_STUDENTS], "%s," STR_FMT ",school," STR_FMT "," STR_FMT "," STR_FMT "," STR_FMT "\n",
             id_text(c, word_at(c, text, 0), id), STR_ARG(key_value(text, "register", "epvo")),
             STR_ARG(key_value(text, "kato", "711110000")), STR_ARG(key_value(text, "form", "full_time")),
             STR_ARG(key_value(text, "since", "")), STR_ARG(key_value(text, "until", "")));
}

/* "silent: births" */
static void line_silent(struct law_case *c, struct str text)
{
    for (int file = 0; file < WORLD_FILES; file++) {
        struct str name = str_from(world_file_name((enum world_file)file));
        if (str_equal(text, (struct str){ name.p, name.n - 4 })) {
            c->silent[file] = true;
            return;
        }
    }
    broken(c, "there is no register file '" STR_FMT "'", STR_ARG(text));
}

#endif
