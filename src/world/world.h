/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The world folder: CSV files that say what every register knows (docs/world.md), loaded whole.
 *
 * Rows stay in the order of their file.  Texts point into the files' bytes, which the world owns.
 * Look-ups are by hash and by group: world_births_of and the like return a run of rows.
 * Read-only after loading, except for the stand, which adds residents (world_register).
 */
#ifndef WORLD_WORLD_H
#define WORLD_WORLD_H

#include "base/arena.h"
#include "base/date.h"
#include "base/decimal.h"
#include "base/err.h"
#include "base/iin.h"
#include "base/tri.h"

enum world_file {
    WORLD_PERSONS,
    WORLD_BIRTHS,
    WORLD_MARRIAGES,
    WORLD_DIVORCES,
    WORLD_DWELLINGS,
    WORLD_OWNERS,
    WORLD_RESIDENTS,
    WORLD_INCAPACITY,
    WORLD_STUDENTS,
    WORLD_REPRESENTATIVES,
    WORLD_COMPANIES,
    WORLD_FILES
};
const char *world_file_name(enum world_file file); /* "persons.csv" */

enum world_sex { WORLD_SEX_UNKNOWN, WORLD_MALE, WORLD_FEMALE };
enum world_capable { WORLD_CAPABLE_EMPTY, WORLD_CAPABLE_YES, WORLD_CAPABLE_NO, WORLD_CAPABLE_LIMITED };
enum world_kind { WORLD_KIND_EMPTY, WORLD_RESIDENCE, WORLD_TEMPORARY };
enum world_study_register { WORLD_NOBD, WORLD_EPVO };
enum world_form { WORLD_FORM_EMPTY, WORLD_FULL_TIME, WORLD_PART_TIME, WORLD_DISTANCE };

struct world_person {
    struct iin iin;
    struct str surname, name, patronymic, phone;
    struct day born, died; /* DAY_NONE: empty */
    enum world_sex sex;
    enum world_capable capable;
};
struct world_birth {
    struct str act_number;
    struct day act_date;
    struct iin child, mother, father;
};
struct world_marriage {
    struct str act_number;
    struct day act_date;
    struct iin husband, wife;
};
struct world_divorce {
    struct str act_number;
    struct day act_date;
    struct iin husband, wife;
    struct str marriage_act_number; /* empty: not given */
};
struct world_dwelling {
    struct str rka, cadastral_number, kato, address_kk, address_ru;
    int64_t total_area, useful_area; /* hundredths of m2, DECIMAL_NONE: empty */
};
struct world_owner {
    int32_t dwelling; /* index of the dwelling */
    struct iin owner; /* IIN or BIN */
    struct str share;
};
struct world_resident {
    int32_t dwelling;
    struct iin iin;
    enum world_kind kind;
    struct day since, until;
};
struct world_incapacity {
    struct iin iin;
    struct day since, until;
    struct str court_act;
};
struct world_student {
    struct iin iin;
    enum world_study_register in_register;
    struct str institution, kato;
    enum world_form form;
    struct day since, until;
};
struct world_representative {
    struct iin ward, representative;
    struct str basis, document; /* parent guardian trustee */
    struct day since, until;
};
struct world_company {
    struct iin bin, head;
    struct str name;
};

struct progress;
struct world;

/* Loads and checks the folder.  Every error is a line "FILE:LINE: column NAME: what is wrong" in *ret_errors
 * (or "FILE: what is wrong" for a file as a whole); false and nothing loaded when there is any. */
bool world_load(const char *folder, struct world **ret, struct buf *ret_errors);
void world_free(struct world *world);

/* ---- streaming ---- */

/* Receives the rows of a world one after another.  A row is a struct world_person for WORLD_PERSONS, and so on; its texts live
 * until `row` returns.  `begin` comes first, for every file that is there, also when it has no rows. */
struct world_sink {
    void *context;
    void (*begin)(void *context, enum world_file file);
    void (*row)(void *context, enum world_file file, const void *row);
};
/* Reads and checks the folder like world_load, with the same errors, and keeps no rows: a few bytes a person, on all processors.
 * Files come in the order of the enumeration, rows in the order of their file, on the caller's thread; dwellings are numbered in
 * that order.  From the first error on the sink receives nothing more: what it has then is of no use.  Nobody may cut a file
 * short meanwhile.  `progress` (or NULL) is started here, in bytes. */
bool world_scan(const char *folder, const struct world_sink *sink, struct progress *progress, struct buf *ret_errors);

/* False for an absent file: that register is silent. */
bool world_holds(const struct world *world, enum world_file file);
size_t world_count(const struct world *world, enum world_file file);

/* NULL when there is none. */
const struct world_person *world_person(const struct world *world, struct iin iin);
const struct world_birth *world_birth(const struct world *world, struct iin child);
const struct world_dwelling *world_dwelling(const struct world *world, struct str rka);
const struct world_company *world_company(const struct world *world, struct iin bin);
int32_t world_dwelling_index(const struct world *world, const struct world_dwelling *dwelling);

/* All rows of a file in the order of the file (for the mart, the stand and tools); *ret_count rows. */
const struct world_person *world_persons(const struct world *world, size_t *ret_count);
const struct world_birth *world_births(const struct world *world, size_t *ret_count);
const struct world_marriage *world_marriages(const struct world *world, size_t *ret_count);
const struct world_dwelling *world_dwellings(const struct world *world, size_t *ret_count);
const struct world_company *world_companies(const struct world *world, size_t *ret_count);

/* Runs: rows that concern one person or dwelling, as indexes in the order of the file. */
struct world_run {
    const int32_t *index;
    int count;
};
struct world_run world_births_by_parent(const struct world *world, struct iin parent);
struct world_run world_marriages_of(const struct world *world, struct iin person);
struct world_run world_divorces_of(const struct world *world, struct iin person);
struct world_run world_owners_of(const struct world *world, const struct world_dwelling *dwelling);
struct world_run world_dwellings_owned_by(const struct world *world, struct iin owner); /* indexes of owner rows */
struct world_run world_residents_of(const struct world *world, const struct world_dwelling *dwelling);
struct world_run world_residences_of(const struct world *world, struct iin person);
struct world_run world_incapacities_of(const struct world *world, struct iin person);
struct world_run world_studies_of(const struct world *world, struct iin person);
struct world_run world_representatives_of(const struct world *world, struct iin ward);

const struct world_birth *world_birth_at(const struct world *world, int32_t index);
const struct world_marriage *world_marriage_at(const struct world *world, int32_t index);
const struct world_divorce *world_divorce_at(const struct world *world, int32_t index);
const struct world_dwelling *world_dwelling_at(const struct world *world, int32_t index);
const struct world_owner *world_owner_at(const struct world *world, int32_t index);
const struct world_resident *world_resident_at(const struct world *world, int32_t index);
const struct world_incapacity *world_incapacity_at(const struct world *world, int32_t index);
const struct world_student *world_student_at(const struct world *world, int32_t index);
const struct world_representative *world_representative_at(const struct world *world, int32_t index);

/* ---- on a day ---- */

/* The one statement of who is alive: born that day or before (or not on record when), not dead by that day. */
static inline bool world_alive_between(struct day born, struct day died, struct day day)
{
    return (day_is_none(born) || born.n <= day.n) && (day_is_none(died) || died.n > day.n);
}
bool world_alive(const struct world_person *person, struct day day);
/* Has this act ended this marriage by `day`: by naming it, or, naming none, as an act of the couple of the marriage's day or
 * later?  The one statement of it, for rows of a world and for answers of a register. */
bool world_divorce_ends(const struct world_divorce *divorce, const struct world_marriage *marriage, struct day day);
/* Is the marriage ended by a divorce act dated on or before `day`?  UNKNOWN when divorces.csv is absent. */
enum tri world_marriage_ended(const struct world *world, const struct world_marriage *marriage, struct day day);
/* Different living persons registered on the day, `except` not counted. */
int world_head_count(const struct world *world, const struct world_dwelling *dwelling, struct day day, struct iin except,
                     bool residence_only);

/* ---- the extract ---- */

/*
 * Of every row only what a decision looks at, in as few cache lines as it can be.
 *
 * A decision over a country waits for memory more than it computes.  In the files' own rows a person is two or three lines in
 * as many places, found by a hash of the IIN; here he is half a line, and whoever is named elsewhere - a parent, a spouse, an
 * owner, a resident - is named by the number of his row in persons.csv.
 *
 * Made once from a loaded world, which has to outlive it and may not change meanwhile (world_register).  Read-only, so threads
 * may share it.
 */
#define WORLD_NOBODY  (-1)
#define WORLD_NOWHERE (-1)
#define WORLD_NEVER   ((struct day){ INT32_MAX })

/* Neighbours in one of the arrays below. */
struct world_span {
    int32_t first, count;
};

struct world_extract_person {
    _Alignas(32) struct iin iin;
    struct day born, died;
    struct day birth_date;  /* of the birth act; WORLD_NEVER: none on record */
    int32_t mother, father; /* by the act; WORLD_NOBODY */
    int32_t marriages;      /* the first of his; the next person's first ends them */
};
/* Apart, because it is asked of few and small enough to stay near the processor: enum world_capable, and this bit where there
 * is something in incapacity.csv. */
#define WORLD_COURT_ACTS 4
struct world_extract_marriage { /* as one of the two sees it, in the order of the file */
    int32_t spouse;             /* WORLD_NOBODY: not on the act */
    int32_t act;                /* row in marriages.csv */
    struct day act_date;
    struct day ended; /* of the first divorce act that ends it, WORLD_NEVER */
};

#define WORLD_EXTRACT_RKA  20 /* longer ones are looked up in the files' own row */
#define WORLD_EXTRACT_KATO 9
struct world_extract_dwelling {
    _Alignas(64) int64_t total_area;
    int64_t useful_area;
    struct world_span owners, residents;
    uint8_t rka_length, kato_length;
    char kato[WORLD_EXTRACT_KATO], rka[WORLD_EXTRACT_RKA];
};
struct world_extract_owner {
    struct iin id;  /* IIN or BIN */
    int32_t person; /* WORLD_NOBODY: a company */
};
struct world_extract_resident { /* sorted by person within a dwelling */
    int32_t person;
    struct day since, until;
    enum world_kind kind;
};

struct world_extract {
    struct world *world;
    struct world_extract_person *person;     /* by row of persons.csv, and one more */
    uint8_t *capacity;                       /* by row of persons.csv */
    struct world_extract_dwelling *dwelling; /* by row of dwellings.csv */
    struct world_extract_marriage *marriage;
    struct world_extract_owner *owner;
    struct world_extract_resident *resident;
};

struct world_extract *world_extract_make(struct world *world);
void world_extract_free(struct world_extract *extract);

/* Both rows, WORLD_NOBODY and WORLD_NOWHERE when there are none: side by side, so that the one comes from memory while the other
 * is looked for, and the owners and residents after it. */
void world_extract_find(const struct world_extract *extract, struct iin iin, struct str rka, int32_t *ret_person,
                        int32_t *ret_dwelling);

/* Different living persons registered in the dwelling on the day, `except` (a row) not counted: of both kinds, and residence. */
void world_extract_head_count(const struct world_extract *extract, int32_t dwelling, struct day day, int32_t except,
                              int *ret_registered, int *ret_residence);
static inline struct world_span world_extract_marriages(const struct world_extract *extract, int32_t person)
{
    const struct world_extract_person *p = &extract->person[person];
    return (struct world_span){ p[0].marriages, p[1].marriages - p[0].marriages };
}
/* By a court act on the day. */
bool world_extract_incapable(const struct world_extract *extract, int32_t person, struct day day);
/* Rows of students.csv. */
struct world_run world_extract_studies(const struct world_extract *extract, int32_t person);

/* ---- the generator ---- */

struct world_plan {
    int64_t persons;
    uint64_t seed;
    int capital_share;         /* per mille of the dwellings that lie in Astana */
    struct progress *progress; /* stepped in persons; NULL: silent */
    /* Receives the rows that world_scan would give of the folder, as they are made; NULL: nobody.  Every file is begun at the
     * start; then rows of all files take turns, so that persons and dwellings come before what names them.  The rows of one
     * file come in the order of the folder's. */
    const struct world_sink *sink;
};
/* Writes a plausible synthetic country into the folder, which may be NULL when there is a sink; the same plan gives the same
 * bytes on any machine.  Memory does not grow with the persons. */
bool world_generate(const struct world_plan *plan, const char *folder, struct err *err);

/* ---- demonstration people ---- */

/* Somebody in whom one path of the order can be shown, found by searching the world as of 2 March 2026.  The applicant is a
 * living adult with a phone, not registered in the dwelling; so is who consents.  The dwelling has one owner. */
struct world_demo_person {
    const char *key; /* stable: "within_norm", "kin_grandchild", ... */
    struct iin applicant;
    const struct world_dwelling *dwelling;
    struct iin owner;          /* as on record; a BIN for a company */
    struct iin consents;       /* the owner, the representative of a minor, the head of a company */
    const char *degree, *side; /* what to choose at 10.4, "" for nothing */
};
#define WORLD_DEMO_MAX 24
/* At most `room` rows; false when a case was not found (those found are returned all the same). */
bool world_demo(const struct world *world, struct world_demo_person *ret, int room, int *ret_count);

/* ---- the stand's register of residence ---- */

/* Ends the person's other residence registrations the day before `since` and adds this one (temporary ones end nothing).
 * Repeating it is harmless.  Not safe against concurrent readers: the stand serves under a lock. */
bool world_register(struct world *world, struct iin person, const struct world_dwelling *dwelling, enum world_kind kind,
                    struct day since, struct day until, struct err *err);

#endif
