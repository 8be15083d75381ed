/* SPDX-License-Identifier: Apache-2.0 */
/* For tests of the live mart: a world, the same world without some of its acts, and those acts as records. */
#ifndef TESTS_KIN_LIVE_WORLD_H
#define TESTS_KIN_LIVE_WORLD_H

#include "kin_mart_world.h"

#include "kin/live_impl.h"

#include <dirent.h>

/* ---- files ---- */

struct live_files {
    char folder[48], mart[64], journal[64];
};

static inline void live_files_init(struct live_files *f)
{
    /* A process that is killed loses nothing of a file in memory either, and syncing one takes no time. */
    snprintf(f->folder, sizeof f->folder, "%s/kin_live_test_XXXXXX", access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
    assert_non_null(mkdtemp(f->folder));
    snprintf(f->mart, sizeof f->mart, "%s/mart", f->folder);
    snprintf(f->journal, sizeof f->journal, "%s/journal", f->folder);
}

/* With what a process that was killed left behind. */
static inline void live_files_remove(const struct live_files *f)
{
    DIR *folder = opendir(f->folder);
    assert_non_null(folder);
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        char path[320];
        snprintf(path, sizeof path, "%s/%s", f->folder, entry->d_name);
        if (entry->d_name[0] != '.')
            unlink(path);
    }
    closedir(folder);
    assert_int_equal(rmdir(f->folder), 0);
}

static inline void live_build(const struct world *world, const char *day, const char *path)
{
    struct err err;
    if (!kin_mart_build(world, &(struct kin_build_options){ .as_of = day_from(day) }, path, &err))
        fail_msg("%s", err.text);
}

static inline struct kin_live *live_open(const struct live_files *f, enum kin_live_mode mode)
{
    struct kin_live *live = NULL;
    struct err err;
    if (!kin_live_open(f->mart, f->journal, mode, &live, &err))
        fail_msg("%s", err.text);
    return live;
}

static inline void live_put(struct kin_live *live, const struct kin_record *record)
{
    uint64_t sequence;
    struct err err;
    if (!kin_live_put(live, record, &sequence, &err) || !kin_live_wait(live, sequence, &err))
        fail_msg("%s: %s", kin_record_name(record->type), err.text);
}

/* A street of four dwellings where ten persons live; nobody has acts yet. */
#define STREET_PERSONS   10
#define STREET_DWELLINGS 4
struct street {
    struct iin person[STREET_PERSONS];
    char rka[STREET_DWELLINGS][17];
};

static inline struct world *street_world(struct street *s, struct folder *f)
{
    char text[IIN_TEXT];
    struct buf persons, residents, dwellings, errors;
    folder_init(f);
    buf_init(&persons, 1 << 16);
    buf_init(&residents, 1 << 16);
    buf_init(&dwellings, 1 << 16);
    buf_add_text(&persons, "iin,surname,name,patronymic,sex,born,died,capable,phone\n");
    buf_add_text(&residents, "rka,iin,kind,since,until\n");
    buf_add_text(&dwellings, "rka,cadastral_number,kato,address_kk,address_ru,total_area,useful_area\n");
    for (int i = 0; i < STREET_DWELLINGS; i++) {
        snprintf(s->rka[i], sizeof s->rka[i], "020130000000000%d", i);
        buf_addf(&dwellings, "%s,,711310000,A,A,35.70,\n", s->rka[i]);
    }
    uint64_t eleven = UINT64_C(80010130000);
    for (int i = 0; i < STREET_PERSONS; eleven++) {
        int digit = iin_check_digit(eleven);
        if (digit < 0)
            continue;
        s->person[i].n = eleven * 10 + (uint64_t)digit;
        buf_addf(&persons, "%s,A,B,,M,%s,,,\n", iin_format(s->person[i], text), i < 2 ? "2010-01-01" : "1980-01-01");
        buf_addf(&residents, "%s,%s,residence,,\n", s->rka[i % STREET_DWELLINGS], text);
        i++;
    }
    folder_put(f, "persons.csv", buf_str(&persons));
    folder_put(f, "residents.csv", buf_str(&residents));
    folder_put(f, "dwellings.csv", buf_str(&dwellings));
    folder_put(f, "births.csv", STR("act_number,act_date,child_iin,mother_iin,father_iin\n"));
    folder_put(f, "marriages.csv", STR("act_number,act_date,husband_iin,wife_iin\n"));
    folder_put(f, "divorces.csv", STR("act_number,act_date,husband_iin,wife_iin,marriage_act_number\n"));
    folder_put(f, "owners.csv", STR("rka,owner,share\n0201300000000000,800101300006,\n"));
    folder_put(f, "incapacity.csv", STR("iin,since,until,court_act\n"));
    folder_put(f, "students.csv", STR("iin,register,institution,kato,form,since,until\n"));
    buf_release(&persons);
    buf_release(&residents);
    buf_release(&dwellings);
    struct world *world = folder_load(f, &errors);
    if (world == NULL)
        fail_msg("%.400s", errors.p);
    buf_release(&errors);
    return world;
}

#define STREET_DAY "2026-03-02"
static inline void street_files(struct street *s, struct live_files *files)
{
    struct folder folder;
    struct world *world = street_world(s, &folder);
    live_files_init(files);
    live_build(world, STREET_DAY, files->mart);
    world_free(world);
    folder_remove(&folder);
}

/* ---- records ---- */

static inline struct kin_record record_of(enum kin_record_type type, const char *number, struct day day, struct iin a)
{
    return (struct kin_record){
        .type = type, .day = day, .other_day = DAY_NONE, .act_number = str_from(number), .persons = 1, .person = { a }
    };
}

static inline struct kin_record record_of_two(enum kin_record_type type, const char *number, struct day day, struct iin a,
                                              struct iin b)
{
    struct kin_record r = record_of(type, number, day, a);
    r.persons = 2;
    r.person[1] = b;
    return r;
}

static inline struct kin_record record_of_birth(const char *number, struct day day, struct iin child, struct iin mother,
                                                struct iin father)
{
    struct kin_record r = record_of_two(KIN_RECORD_BIRTH, number, day, child, mother);
    r.persons = 3;
    r.person[2] = father;
    return r;
}

static inline struct kin_record record_of_move(enum kin_record_type type, struct day day, struct iin a, const char *rka)
{
    struct kin_record r = record_of(type, "r", day, a);
    r.other = str_from(rka);
    return r;
}

/* ---- answers ---- */

/* Every pair: the answers with their proofs on several days, and single and batched checks on the day of the mart. */
static inline void hold_live(const struct kin_mart *mart, struct world *world, const struct iin *person, int persons)
{
    static const char *const days[] = { "1990-01-01", "2010-06-01", "2026-03-02", "2026-03-03", "2040-01-01" };
    static const struct kin_options readings[] = { { .in_law_scope = KIN_SCOPE_ALL },
                                                   { .in_law_scope = 3, .in_law_both_ways = true, .spouse_single = true } };
    struct kin_source of_world = world_source(world), of_mart = kin_mart_source(mart);
    struct kin_answer x, y;
    struct day as_of = { kin_mart_day(mart) };
    for (int a = 0; a < persons; a++)
        for (int b = 0; b < persons; b++)
            for (int d = 0; d < KIN_DEGREES * 2; d++) {
                enum kin_degree degree = (enum kin_degree)(d / 2);
                enum kin_side side = kin_degree_has_side(degree) ? (enum kin_side)(1 + d % 2) : KIN_SIDE_NONE;
                for (size_t k = 0; k < 5; k++) {
                    kin_verify(&of_world, &readings[k % 2], day_from(days[k]), degree, side, person[a], person[b], &x);
                    kin_verify(&of_mart, &readings[k % 2], day_from(days[k]), degree, side, person[a], person[b], &y);
                    if (!same_answer(&x, &y))
                        fail_msg("on %s: %d %s of %d", days[k], a, kin_degree_name(degree), b);
                }
                struct kin_check check = { .degree = (uint8_t)degree, .side = (uint8_t)side };
                char text[IIN_TEXT];
                uint8_t batched;
                memcpy(check.applicant, iin_format(person[a], text), 12);
                memcpy(check.owner, iin_format(person[b], text), 12);
                kin_verify(&of_world, &readings[0], as_of, degree, side, person[a], person[b], &x);
                kin_mart_check_batch(mart, KIN_SCOPE_ALL, &check, 1, &batched);
                bool single = kin_mart_check(mart, KIN_SCOPE_ALL, degree, side, person[a], person[b]);
                if (single != (x.confirmed == TRI_YES) || batched != single)
                    fail_msg("%d %s of %d: %d, batched %d", a, kin_degree_name(degree), b, single, batched);
            }
}

#endif
