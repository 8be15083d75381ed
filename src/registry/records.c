/* SPDX-License-Identifier: Apache-2.0 */
#include "registry/records.h"

/* ---- names ---- */

static const struct name_row kind_rows[] = {
    [WORLD_RESIDENCE] = { "residence", "1", "по месту жительства", "тұрғылықты жері бойынша" },
    [WORLD_TEMPORARY] = { "temporary", "2", "по месту временного пребывания", "уақытша болатын жері бойынша" },
};
static const struct name_row sex_rows[] = {
    [WORLD_MALE] = { "M", "1", "мужской", "ер" },
    [WORLD_FEMALE] = { "F", "2", "женский", "әйел" },
};
static const struct name_row capable_rows[] = {
    [WORLD_CAPABLE_YES] = { "yes", "0", "дееспособен", "әрекетке қабілетті" },
    [WORLD_CAPABLE_NO] = { "no", "1", "недееспособен", "әрекетке қабілетсіз" },
    [WORLD_CAPABLE_LIMITED] = { "limited", "2", "ограниченно дееспособен", "әрекет қабілеті шектеулі" },
};
static const struct name_row form_rows[] = {
    [WORLD_FULL_TIME] = { "full_time", "1", "очная", "күндізгі" },
    [WORLD_PART_TIME] = { "part_time", "2", "заочная", "сырттай" },
    [WORLD_DISTANCE] = { "distance", "3", "дистанционная", "қашықтан" },
};
#define NAMES(rows)                                                                                                              \
    {                                                                                                                            \
        rows, (int)(sizeof(rows) / sizeof(rows)[0])                                                                              \
    }
const struct names names_kind = NAMES(kind_rows);
const struct names names_sex = NAMES(sex_rows);
const struct names names_capable = NAMES(capable_rows);
const struct names names_form = NAMES(form_rows);

/* ---- what is asked ---- */

#define Q struct registry_question
static const struct field of_person[] = { NEEDED(IIN, Q, person, "iin") };
static const struct field of_person_on_day[] = { NEEDED(IIN, Q, person, "iin"), FIELD(DAY, Q, day, "date") };
static const struct field of_head_count[] = { NEEDED(TEXT, Q, rka, "rka"), NEEDED(DAY, Q, day, "date"),
                                              FIELD(IIN, Q, except, "exceptIin") };
static const struct field of_residents[] = { NEEDED(TEXT, Q, rka, "rka"), NEEDED(DAY, Q, day, "date") };
static const struct field of_register[] = {
    NEEDED(TEXT, Q, reference, "reference"),
    NEEDED(IIN, Q, person, "iin"),
    NEEDED(TEXT, Q, rka, "rka"),
    { .name = "kind",
      .element = "kind",
      .type = FIELD_NAME,
      .flags = FIELD_NEEDED,
      .offset = offsetof(Q, kind),
      .names = &names_kind },
    NEEDED(DAY, Q, since, "since"),
    FIELD(DAY, Q, until, "until"),
};
static const struct field of_dwelling[] = { NEEDED(TEXT, Q, rka, "rka") };
static const struct field of_dwellings[] = { NEEDED(IIN, Q, person, "ownerId"), FIELD(TEXT, Q, text, "addressPart") };
static const struct field of_message[] = { NEEDED(TEXT, Q, reference, "reference"), NEEDED(TEXT, Q, phone, "phone"),
                                           NEEDED(TEXT, Q, text, "text") };

const struct record question_records[REGISTRY_ASKS] = {
    [REGISTRY_PERSON] = RECORD(Q, of_person_on_day),
    [REGISTRY_HEAD_COUNT] = RECORD(Q, of_head_count),
    [REGISTRY_RESIDENTS] = RECORD(Q, of_residents),
    [REGISTRY_REGISTER] = RECORD(Q, of_register),
    [REGISTRY_FAMILY] = RECORD(Q, of_person),
    [REGISTRY_FAMILY_MART] = RECORD(Q, of_person),
    [REGISTRY_CAPACITY] = RECORD(Q, of_person_on_day),
    [REGISTRY_DWELLING] = RECORD(Q, of_dwelling),
    [REGISTRY_DWELLINGS_OF] = RECORD(Q, of_dwellings),
    [REGISTRY_STUDY_NOBD] = RECORD(Q, of_person_on_day),
    [REGISTRY_STUDY_EPVO] = RECORD(Q, of_person_on_day),
    [REGISTRY_MESSAGE] = RECORD(Q, of_message),
};
#undef Q

/* ---- what is answered ---- */

#define P struct registry_person
static const struct field person_fields[] = {
    NEEDED(BOOL, P, held, NULL),         FIELD(TEXT, P, surname, NULL),        FIELD(TEXT, P, name, NULL),
    FIELD(TEXT, P, patronymic, NULL),    FIELD(TEXT, P, phone, NULL),          FIELD(DAY, P, born, NULL),
    FIELD(DAY, P, died, NULL),           CODED(NAME, P, sex, NULL, names_sex), CODED(NAME, P, capable, NULL, names_capable),
    FIELD(TEXT, P, residence_rka, NULL), FIELD(DAY, P, residence_since, NULL),
};
#undef P
static const struct field head_count_fields[] = {
    NEEDED(COUNT, struct registry_head_count, registered, "registered"),
    NEEDED(COUNT, struct registry_head_count, residence, "residence"),
};
#define R struct registry_resident
static const struct field resident_fields[] = {
    NEEDED(IIN, R, iin, "iin"),
    CODED(NAME, R, kind, "kind", names_kind),
    FIELD(DAY, R, since, "since"),
    FIELD(DAY, R, until, "until"),
};
static const struct record resident_record = RECORD(R, resident_fields);
#undef R
static const struct field residents_fields[] = {
    CONTAINER("residents"),
    LISTED(struct registry_residents, item, count, "residents/resident", resident_record),
};
#define B struct world_birth
static const struct field birth_fields[] = {
    FIELD(TEXT, B, act_number, NULL), FIELD(DAY, B, act_date, NULL), FIELD(IIN, B, child, NULL),
    FIELD(IIN, B, mother, NULL),      FIELD(IIN, B, father, NULL),
};
static const struct record birth_record = RECORD(B, birth_fields);
#undef B
#define M struct world_marriage
static const struct field marriage_fields[] = {
    FIELD(TEXT, M, act_number, NULL),
    FIELD(DAY, M, act_date, NULL),
    FIELD(IIN, M, husband, NULL),
    FIELD(IIN, M, wife, NULL),
};
static const struct record marriage_record = RECORD(M, marriage_fields);
#undef M
#define D struct world_divorce
static const struct field divorce_fields[] = {
    FIELD(TEXT, D, act_number, NULL),
    FIELD(DAY, D, act_date, NULL),
    FIELD(IIN, D, husband, NULL),
    FIELD(IIN, D, wife, NULL),
    FIELD(TEXT, D, marriage_act_number, NULL),
};
static const struct record divorce_record = RECORD(D, divorce_fields);
#undef D
#define E struct registry_ending
static const struct field ending_fields[] = { NEEDED(COUNT, E, marriage, NULL), NEEDED(DAY, E, day, NULL) };
static const struct record ending_record = RECORD(E, ending_fields);
#undef E
#define F struct registry_family
static const struct field family_fields[] = {
    FIELD(BOOL, F, births_silent, NULL),
    FIELD(BOOL, F, marriages_silent, NULL),
    FIELD(BOOL, F, divorces_silent, NULL),
    LISTED(F, birth, births, NULL, birth_record),
    LISTED(F, marriage, marriages, NULL, marriage_record),
    LISTED(F, divorce, divorces, NULL, divorce_record),
    LISTED(F, ending, endings, NULL, ending_record),
};
#undef F
#define C struct registry_capacity
static const struct field capacity_fields[] = {
    NEEDED(BOOL, C, incapable, "incapable"),
    FIELD(TEXT, C, court_act, "courtAct"),
    FIELD(DAY, C, since, "since"),
    FIELD(DAY, C, until, "until"),
};
#undef C
#define O struct registry_owner
static const struct field owner_fields[] = {
    NEEDED(IIN, O, id, "iinBin"),
    FIELD(TEXT, O, share, "share"),
    FIELD(TEXT, O, name, "name"),
    FIELD(IIN, O, head, "headIin"),
};
static const struct record owner_record = RECORD(O, owner_fields);
#undef O
#define D struct registry_dwelling
#define DWELLING_FIELDS(in)                                                                                                      \
    FIELD(TEXT, D, rka, in "rka"), FIELD(TEXT, D, cadastral_number, in "cadastralNumber"), FIELD(TEXT, D, kato, in "kato"),      \
        FIELD(TEXT, D, address_kk, in "addressKz"), FIELD(TEXT, D, address_ru, in "addressRu"),                                  \
        FIELD(AREA, D, total_area, in "totalArea"), FIELD(AREA, D, useful_area, in "usefulArea")
static const struct field dwelling_fields[] = {
    FIELD(BOOL, D, owners_silent, "ownersUnavailable"),
    { .name = "held", .element = "dwelling", .type = FIELD_HELD, .flags = FIELD_NEEDED, .offset = offsetof(D, held) },
    DWELLING_FIELDS("dwelling/"),
    LISTED(D, owner, owners, "dwelling/owners/owner", owner_record),
};
static const struct field found_fields[] = { FIELD(BOOL, D, held, NULL), DWELLING_FIELDS("") };
static const struct record found_record = RECORD(D, found_fields);
#undef D
static const struct field dwellings_fields[] = {
    NEEDED(BOOL, struct registry_dwellings, more, "more"),
    CONTAINER("dwellings"),
    LISTED(struct registry_dwellings, item, count, "dwellings/dwelling", found_record),
};
#define S struct registry_study
static const struct field study_fields[] = {
    FIELD(TEXT, S, institution, "institution"),
    FIELD(TEXT, S, kato, "kato"),
    CODED(CODE, S, form, "studyForm", names_form),
    FIELD(DAY, S, since, "since"),
    FIELD(DAY, S, until, "until"),
};
static const struct record study_record = RECORD(S, study_fields);
#undef S
static const struct field studies_fields[] = {
    CONTAINER("studies"),
    LISTED(struct registry_studies, item, count, "studies/study", study_record),
};
static const struct field done_fields[] = {
    NEEDED(BOOL, struct registry_done, done, "done"),
    FIELD(TEXT, struct registry_done, message, "message"),
};

const struct record answer_records[REGISTRY_ASKS] = {
    [REGISTRY_PERSON] = RECORD(struct registry_person, person_fields),
    [REGISTRY_HEAD_COUNT] = RECORD(struct registry_head_count, head_count_fields),
    [REGISTRY_RESIDENTS] = RECORD(struct registry_residents, residents_fields),
    [REGISTRY_REGISTER] = RECORD(struct registry_done, done_fields),
    [REGISTRY_FAMILY] = RECORD(struct registry_family, family_fields),
    [REGISTRY_FAMILY_MART] = RECORD(struct registry_family, family_fields),
    [REGISTRY_CAPACITY] = RECORD(struct registry_capacity, capacity_fields),
    [REGISTRY_DWELLING] = RECORD(struct registry_dwelling, dwelling_fields),
    [REGISTRY_DWELLINGS_OF] = RECORD(struct registry_dwellings, dwellings_fields),
    [REGISTRY_STUDY_NOBD] = RECORD(struct registry_studies, studies_fields),
    [REGISTRY_STUDY_EPVO] = RECORD(struct registry_studies, studies_fields),
    [REGISTRY_MESSAGE] = RECORD(struct registry_done, done_fields),
};
