/* SPDX-License-Identifier: Apache-2.0 */
/* The files of a world folder and their columns (docs/world.md). */
#include "world/world_impl.h"

/* clang-format off */
#define WORD(text, value) { { text, sizeof(text) - 1 }, value }
static const struct world_words SEXES = { "must be M or F", { WORD("M", WORLD_MALE), WORD("F", WORLD_FEMALE) } };
static const struct world_words CAPABLE = { "must be yes, no or limited",
    { WORD("yes", WORLD_CAPABLE_YES), WORD("no", WORLD_CAPABLE_NO), WORD("limited", WORLD_CAPABLE_LIMITED) } };
static const struct world_words KINDS = { "must be residence or temporary",
    { WORD("residence", WORLD_RESIDENCE), WORD("temporary", WORLD_TEMPORARY) } };
static const struct world_words STUDY_REGISTERS = { "must be nobd or epvo", { WORD("nobd", WORLD_NOBD), WORD("epvo", WORLD_EPVO) } };
static const struct world_words FORMS = { "must be full_time, part_time or distance",
    { WORD("full_time", WORLD_FULL_TIME), WORD("part_time", WORLD_PART_TIME), WORD("distance", WORLD_DISTANCE) } };
static const struct world_words BASES = { "must be parent, guardian or trustee",
    { WORD("parent", 0), WORD("guardian", 0), WORD("trustee", 0) } };

#define COLUMN(name, type, required, key, row, member, words) { name, type, required, key, offsetof(struct row, member), words }
#define MUST true
#define MAY false
#define PLAIN WORLD_KEY_NONE
#define UNIQUE WORLD_KEY_UNIQUE
#define FIRST WORLD_KEY_FIRST

static const struct world_layout LAYOUTS[WORLD_FILES] = {
    [WORLD_PERSONS] = { "persons.csv", MUST, sizeof(struct world_person), 9, {
        COLUMN("iin",        WORLD_PERSON_IIN, MUST, UNIQUE, world_person, iin,        NULL),
        COLUMN("surname",    WORLD_TEXT,       MAY,  PLAIN,  world_person, surname,    NULL),
        COLUMN("name",       WORLD_TEXT,       MAY,  PLAIN,  world_person, name,       NULL),
        COLUMN("patronymic", WORLD_TEXT,       MAY,  PLAIN,  world_person, patronymic, NULL),
        COLUMN("sex",        WORLD_WORD,       MAY,  PLAIN,  world_person, sex,        &SEXES),
        COLUMN("born",       WORLD_DAY,        MAY,  PLAIN,  world_person, born,       NULL),
        COLUMN("died",       WORLD_DAY,        MAY,  PLAIN,  world_person, died,       NULL),
        COLUMN("capable",    WORLD_WORD,       MAY,  PLAIN,  world_person, capable,    &CAPABLE),
        COLUMN("phone",      WORLD_TEXT,       MAY,  PLAIN,  world_person, phone,      NULL),
    }, "born", "died" },
    [WORLD_BIRTHS] = { "births.csv", MAY, sizeof(struct world_birth), 5, {
        COLUMN("act_number", WORLD_TEXT, MUST, UNIQUE, world_birth, act_number, NULL),
        COLUMN("act_date",   WORLD_DAY,  MUST, PLAIN,  world_birth, act_date,   NULL),
        COLUMN("child_iin",  WORLD_IIN,  MUST, UNIQUE, world_birth, child,      NULL),
        COLUMN("mother_iin", WORLD_IIN,  MAY,  PLAIN,  world_birth, mother,     NULL),
        COLUMN("father_iin", WORLD_IIN,  MAY,  PLAIN,  world_birth, father,     NULL),
    }, NULL, NULL },
    [WORLD_MARRIAGES] = { "marriages.csv", MAY, sizeof(struct world_marriage), 4, {
        COLUMN("act_number",  WORLD_TEXT, MUST, UNIQUE, world_marriage, act_number, NULL),
        COLUMN("act_date",    WORLD_DAY,  MUST, PLAIN,  world_marriage, act_date,   NULL),
        COLUMN("husband_iin", WORLD_IIN,  MAY,  PLAIN,  world_marriage, husband,    NULL),
        COLUMN("wife_iin",    WORLD_IIN,  MAY,  PLAIN,  world_marriage, wife,       NULL),
    }, NULL, NULL },
    [WORLD_DIVORCES] = { "divorces.csv", MAY, sizeof(struct world_divorce), 5, {
        COLUMN("act_number",          WORLD_TEXT, MUST, UNIQUE, world_divorce, act_number,          NULL),
        COLUMN("act_date",            WORLD_DAY,  MUST, PLAIN,  world_divorce, act_date,            NULL),
        COLUMN("husband_iin",         WORLD_IIN,  MAY,  PLAIN,  world_divorce, husband,             NULL),
        COLUMN("wife_iin",            WORLD_IIN,  MAY,  PLAIN,  world_divorce, wife,                NULL),
        COLUMN("marriage_act_number", WORLD_TEXT, MAY,  PLAIN,  world_divorce, marriage_act_number, NULL),
    }, NULL, NULL },
    [WORLD_DWELLINGS] = { "dwellings.csv", MUST, sizeof(struct world_dwelling), 7, {
        COLUMN("rka",              WORLD_TEXT, MUST, UNIQUE, world_dwelling, rka,              NULL),
        COLUMN("cadastral_number", WORLD_TEXT, MAY,  PLAIN,  world_dwelling, cadastral_number, NULL),
        COLUMN("kato",             WORLD_KATO, MAY,  PLAIN,  world_dwelling, kato,             NULL),
        COLUMN("address_kk",       WORLD_TEXT, MAY,  PLAIN,  world_dwelling, address_kk,       NULL),
        COLUMN("address_ru",       WORLD_TEXT, MAY,  PLAIN,  world_dwelling, address_ru,       NULL),
        COLUMN("total_area",       WORLD_AREA, MAY,  PLAIN,  world_dwelling, total_area,       NULL),
        COLUMN("useful_area",      WORLD_AREA, MAY,  PLAIN,  world_dwelling, useful_area,      NULL),
    }, NULL, NULL },
    [WORLD_OWNERS] = { "owners.csv", MAY, sizeof(struct world_owner), 3, {
        COLUMN("rka",   WORLD_RKA,        MUST, PLAIN, world_owner, dwelling, NULL),
        COLUMN("owner", WORLD_IIN_OR_BIN, MUST, PLAIN, world_owner, owner,    NULL),
        COLUMN("share", WORLD_SHARE,      MAY,  PLAIN, world_owner, share,    NULL),
    }, NULL, NULL },
    [WORLD_RESIDENTS] = { "residents.csv", MAY, sizeof(struct world_resident), 5, {
        COLUMN("rka",   WORLD_RKA,  MUST, PLAIN, world_resident, dwelling, NULL),
        COLUMN("iin",   WORLD_IIN,  MUST, PLAIN, world_resident, iin,      NULL),
        COLUMN("kind",  WORLD_WORD, MAY,  PLAIN, world_resident, kind,     &KINDS),
        COLUMN("since", WORLD_DAY,  MAY,  PLAIN, world_resident, since,    NULL),
        COLUMN("until", WORLD_DAY,  MAY,  PLAIN, world_resident, until,    NULL),
    }, "since", "until" },
    [WORLD_INCAPACITY] = { "incapacity.csv", MAY, sizeof(struct world_incapacity), 4, {
        COLUMN("iin",       WORLD_IIN,  MUST, PLAIN, world_incapacity, iin,       NULL),
        COLUMN("since",     WORLD_DAY,  MAY,  PLAIN, world_incapacity, since,     NULL),
        COLUMN("until",     WORLD_DAY,  MAY,  PLAIN, world_incapacity, until,     NULL),
        COLUMN("court_act", WORLD_TEXT, MAY,  PLAIN, world_incapacity, court_act, NULL),
    }, "since", "until" },
    [WORLD_STUDENTS] = { "students.csv", MAY, sizeof(struct world_student), 7, {
        COLUMN("iin",         WORLD_IIN,  MUST, PLAIN, world_student, iin,         NULL),
        COLUMN("register",    WORLD_WORD, MUST, PLAIN, world_student, in_register, &STUDY_REGISTERS),
        COLUMN("institution", WORLD_TEXT, MAY,  PLAIN, world_student, institution, NULL),
        COLUMN("kato",        WORLD_KATO, MAY,  PLAIN, world_student, kato,        NULL),
        COLUMN("form",        WORLD_WORD, MAY,  PLAIN, world_student, form,        &FORMS),
        COLUMN("since",       WORLD_DAY,  MAY,  PLAIN, world_student, since,       NULL),
        COLUMN("until",       WORLD_DAY,  MAY,  PLAIN, world_student, until,       NULL),
    }, "since", "until" },
    [WORLD_REPRESENTATIVES] = { "representatives.csv", MAY, sizeof(struct world_representative), 6, {
        COLUMN("ward_iin",           WORLD_IIN,       MUST, PLAIN, world_representative, ward,           NULL),
        COLUMN("representative_iin", WORLD_IIN,       MUST, PLAIN, world_representative, representative, NULL),
        COLUMN("basis",              WORLD_WORD_TEXT, MAY,  PLAIN, world_representative, basis,          &BASES),
        COLUMN("document",           WORLD_TEXT,      MAY,  PLAIN, world_representative, document,       NULL),
        COLUMN("since",              WORLD_DAY,       MAY,  PLAIN, world_representative, since,          NULL),
        COLUMN("until",              WORLD_DAY,       MAY,  PLAIN, world_representative, until,          NULL),
    }, "since", "until" },
    [WORLD_COMPANIES] = { "companies.csv", MAY, sizeof(struct world_company), 3, {
        COLUMN("bin",      WORLD_BIN,  MUST, FIRST, world_company, bin,  NULL),
        COLUMN("name",     WORLD_TEXT, MAY,  PLAIN, world_company, name, NULL),
        COLUMN("head_iin", WORLD_IIN,  MAY,  PLAIN, world_company, head, NULL),
    }, NULL, NULL },
};
/* clang-format on */

const struct world_layout *world_layout_of(enum world_file file) { return &LAYOUTS[file]; }

const char *world_file_name(enum world_file file) { return LAYOUTS[file].name; }

int world_column_find(const struct world_layout *layout, struct str name)
{
    for (int i = 0; i < layout->columns; i++)
        if (str_is(name, layout->column[i].name))
            return i;
    return -1;
}

int world_word_find(const struct world_words *words, struct str field)
{
    for (int i = 0; words->word[i].text.n > 0; i++)
        if (str_equal(field, words->word[i].text))
            return i;
    return -1;
}
