/* SPDX-License-Identifier: Apache-2.0 */
/* For the fuzzers of the mart: a small town as a file, and every question that can be asked of it. */
#ifndef FUZZ_KIN_TOWN_H
#define FUZZ_KIN_TOWN_H

#include "fuzz/fuzz_folder.h"
#include "kin/live_impl.h"
#include "world/world.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define TOWN_PERSONS 6
/* The last has a month that is none. */
static const struct iin town_person[TOWN_PERSONS] = { { 800101300006 }, { 810101400004 }, { 100101500002 },
                                                      { 900101300017 }, { 50101500000 },  { 801301300006 } };
#define TOWN_RKA "0201300000000001"

static inline const char *town_path(const char *name, char ret[64])
{
    snprintf(ret, 64, "%s/%s", fuzz_folder(), name);
    return ret;
}

static inline void town_put(const char *path, const void *bytes, size_t size)
{
    FILE *stream = fopen(path, "wb");
    if (stream == NULL || fwrite(bytes, 1, size, stream) != size || fclose(stream) != 0)
        abort();
}

static inline void town_build(const char *path)
{
    struct kin_builder *b = kin_builder_new();
    struct world_sink sink = kin_builder_sink(b);
    struct day day = day_of(2026, 3, 2), never = DAY_NONE;
    struct err err;
    const struct iin *p = town_person;
    for (enum world_file file = WORLD_PERSONS; file <= WORLD_STUDENTS; file++)
        sink.begin(sink.context, file);
    for (int i = 0; i < TOWN_PERSONS; i++)
        sink.row(sink.context, WORLD_PERSONS, &(struct world_person){ .iin = p[i], .born = day_of(1980, 1, 1), .died = never });
    sink.row(sink.context, WORLD_BIRTHS, &(struct world_birth){ STR("b1"), day_of(2010, 1, 2), p[2], p[1], p[0] });
    sink.row(sink.context, WORLD_BIRTHS, &(struct world_birth){ STR("b2"), day_of(2011, 1, 2), p[3], p[1], p[0] });
    sink.row(sink.context, WORLD_BIRTHS, &(struct world_birth){ STR("b3"), day_of(2030, 1, 2), p[5], p[2], p[3] });
    sink.row(sink.context, WORLD_MARRIAGES, &(struct world_marriage){ STR("m1"), day_of(2001, 1, 1), p[0], p[1] });
    sink.row(sink.context, WORLD_MARRIAGES, &(struct world_marriage){ STR("m2"), day_of(2002, 1, 1), p[0], p[3] });
    sink.row(sink.context, WORLD_DIVORCES, &(struct world_divorce){ STR("d1"), day_of(2020, 1, 1), p[0], p[3], STR("m2") });
    sink.row(sink.context, WORLD_DWELLINGS,
             &(struct world_dwelling){ .rka = STR(TOWN_RKA), .kato = STR("711310000"), .total_area = 3000, .useful_area = 2000 });
    sink.row(sink.context, WORLD_DWELLINGS,
             &(struct world_dwelling){ .rka = STR("R-1"), .kato = STR("71"), .total_area = 3000, .useful_area = 2000 });
    for (int i = 0; i < 2; i++) {
        sink.row(sink.context, WORLD_OWNERS, &(struct world_owner){ .dwelling = 0, .owner = p[i] });
        sink.row(sink.context, WORLD_RESIDENTS,
                 &(struct world_resident){ .dwelling = i, .iin = p[2], .since = never, .until = never });
    }
    sink.row(sink.context, WORLD_RESIDENTS,
             &(struct world_resident){ .dwelling = 0, .iin = p[4], .since = never, .until = never });
    if (!kin_builder_write(b, &(struct kin_build_options){ .as_of = day }, path, &err))
        abort();
    kin_builder_free(b);
}

static inline void town_ask(const struct kin_mart *mart)
{
    struct kin_source source = kin_mart_source(mart);
    struct kin_options options = { .in_law_scope = KIN_SCOPE_ALL }, others = { .extended = true, .spouse_single = true };
    struct kin_check check[TOWN_PERSONS * KIN_DEGREES];
    struct kin_application application[TOWN_PERSONS];
    struct kin_decision decision[TOWN_PERSONS];
    uint8_t ret[TOWN_PERSONS * KIN_DEGREES];
    memset(application, 0, sizeof application);
    for (int a = 0; a < TOWN_PERSONS; a++) {
        struct iin p = town_person[a], q = town_person[(a + 1) % TOWN_PERSONS];
        struct kin_relation relation[KIN_RELATIONS_MAX];
        struct kin_birth_entry birth;
        struct kin_marriage_entry marriage;
        char text[IIN_TEXT];
        for (int d = 0; d < KIN_DEGREES; d++) {
            struct kin_check *c = &check[a * KIN_DEGREES + d];
            struct kin_answer answer;
            *c = (struct kin_check){ .degree = (uint8_t)d, .side = kin_degree_has_side((enum kin_degree)d) ? KIN_MOTHER : 0 };
            memcpy(c->applicant, iin_format(p, text), 12);
            memcpy(c->owner, iin_format(q, text), 12);
            kin_verify(&source, &others, day_of(2031, 1, 1), (enum kin_degree)d, (enum kin_side)c->side, p, q, &answer);
            kin_mart_check(mart, KIN_SCOPE_ALL, (enum kin_degree)d, (enum kin_side)c->side, p, q);
        }
        kin_mart_relations(mart, &options, (struct day){ kin_mart_day(mart) }, p, q, relation);
        kin_mart_birth(mart, p, &birth);
        kin_mart_marriage(mart, p, 1, &marriage);
        memcpy(application[a].applicant, iin_format(p, text), 12);
        memcpy(application[a].rka, TOWN_RKA, 16);
        application[a].choice = (uint8_t)(a % KIN_CHOICES);
    }
    struct kin_mart plain = *mart;
    plain.vectors = false;
    kin_mart_check_batch(mart, KIN_SCOPE_ALL, check, sizeof check / sizeof *check, ret);
    kin_mart_check_batch(&plain, KIN_SCOPE_ALL, check, sizeof check / sizeof *check, ret);
    kin_mart_decide_batch(mart, 1500, application, TOWN_PERSONS, decision);
}

#endif
