/* SPDX-License-Identifier: Apache-2.0 */
#include "mart_country.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "kin/mart_impl.h"

#define CHUNK 16384

/* ---- applications ---- */

struct dice {
    uint64_t state;
};
/* xorshift64*: any seed but 0. */
static uint32_t dice_below(struct dice *dice, uint64_t below)
{
    dice->state ^= dice->state >> 12;
    dice->state ^= dice->state << 25;
    dice->state ^= dice->state >> 27;
    return (uint32_t)(((dice->state * UINT64_C(2685821657736338717)) >> 33) % below);
}

struct choice {
    uint32_t key;
    int choice;
    enum kin_side side;
};

static struct kin_person_row row_of(const struct kin_mart *mart, uint32_t key)
{
    const struct kin_person_row *row = kin_mart_row(mart, key);
    return row == NULL ? kin_no_person : *row;
}

/* Upwards and sideways from the owner: to a parent, a spouse, a grandparent, an in-law; downwards the rows do not lead. */
static struct choice relative_of(const struct kin_mart *mart, struct dice *dice, uint32_t owner)
{
    struct kin_person_row b = row_of(mart, owner), s = row_of(mart, b.spouse);
    bool mother = dice_below(dice, 2) == 0;
    switch (dice_below(dice, 4)) {
    case 0: return (struct choice){ mother ? b.mother : b.father, KIN_PARENT, KIN_SIDE_NONE };
    case 1: return (struct choice){ b.spouse, KIN_SPOUSE, KIN_SIDE_NONE };
    case 2:
        return (struct choice){ row_of(mart, mother ? b.mother : b.father).mother, KIN_GRANDPARENT,
                                mother ? KIN_MOTHER : KIN_FATHER };
    default: return (struct choice){ mother ? s.mother : s.father, KIN_IN_LAW, KIN_SIDE_NONE };
    }
}

/* Somebody registered there, and what he is to the owner, if anything. */
static struct choice resident_of(const struct kin_mart *mart, struct dice *dice, const struct kin_dwelling_line *line, int row,
                                 uint32_t owner)
{
    uint32_t heads = (uint32_t)(line->key[row] >> KIN_RKA_BITS);
    struct choice none = { 0, KIN_CHOICE_NONE, KIN_SIDE_NONE };
    if (heads == 0)
        return none;
    uint32_t number = KIN_ITEMS(mart, KIN_RESIDENTS, uint32_t)[line->resident[row] + dice_below(dice, heads)];
    uint32_t slot = KIN_ITEMS(mart, KIN_FAMILY_SLOT, uint32_t)[number];
    none.key = mart->persons[slot / KIN_LINE_PERSONS].row[slot % KIN_LINE_PERSONS].key;
    struct kin_relation relation[KIN_RELATIONS_MAX];
    struct kin_options options = { .in_law_scope = KIN_SCOPE_ALL };
    int relations = kin_mart_relations(mart, &options, (struct day){ mart->header->as_of }, kin_mart_iin(mart, none.key),
                                       kin_mart_iin(mart, owner), relation);
    if (relations == 0)
        return none;
    const struct kin_relation *r = &relation[dice_below(dice, (uint32_t)relations)];
    return (struct choice){ none.key, (int)r->degree, r->side };
}

static struct choice anybody(const struct kin_mart *mart, struct dice *dice)
{
    struct choice ret = { 0, (int)dice_below(dice, KIN_CHOICES), KIN_SIDE_NONE };
    const uint32_t *state = KIN_ITEMS(mart, KIN_STATES, uint32_t), *key = &mart->persons[0].row[0].key;
    while (ret.key == 0 || ret.key >= KIN_KEY_IRREGULAR) {
        uint32_t slot = dice_below(dice, mart->person_lines * KIN_LINE_PERSONS);
        ret.key = (state[slot] & KIN_STATE_DEAD) == 0 ? key[slot * (sizeof(struct kin_person_row) / sizeof *key)] : 0;
    }
    if (ret.choice < KIN_DEGREES && kin_degree_has_side((enum kin_degree)ret.choice))
        ret.side = dice_below(dice, 2) == 0 ? KIN_MOTHER : KIN_FATHER;
    return ret;
}

static bool is_wanted(const struct kin_dwelling_line *line, int row, int64_t norm, bool over)
{
    uint64_t rka = line->key[row] & ((UINT64_C(1) << KIN_RKA_BITS) - 1);
    int64_t area = line->area[row] & KIN_AREA_OTHER;
    if (rka == 0 || rka >= KIN_RKA_IRREGULAR || (line->area[row] & KIN_DWELLING_CAPITAL) == 0)
        return false;
    return !over || (int64_t)(line->key[row] >> KIN_RKA_BITS) > area / norm;
}

static void make_one(const struct kin_mart *mart, struct dice *dice, int64_t norm, struct kin_application *ret)
{
    const struct kin_dwelling_line *line;
    int row;
    bool over = dice_below(dice, 4) > 0;
    do {
        line = &mart->dwellings[dice_below(dice, mart->dwelling_lines)];
        row = (int)dice_below(dice, KIN_LINE_DWELLINGS);
    } while (!is_wanted(line, row, norm, over));
    uint32_t owner = line->owner[row];
    if ((line->area[row] & KIN_DWELLING_LIST) != 0)
        owner = KIN_ITEMS(mart, KIN_OWNER_LIST, uint32_t)[owner];
    struct choice c = dice_below(dice, 4) > 0 ? relative_of(mart, dice, owner) : resident_of(mart, dice, line, row, owner);
    if (dice_below(dice, 2) == 0 || c.key == 0 || c.key >= KIN_KEY_IRREGULAR)
        c = anybody(mart, dice);
    char text[32];
    *ret = (struct kin_application){ .choice = (uint8_t)c.choice, .side = (uint8_t)c.side };
    snprintf(text, sizeof text, "%016llu", (unsigned long long)(line->key[row] & ((UINT64_C(1) << KIN_RKA_BITS) - 1)));
    memcpy(ret->rka, text, sizeof ret->rka);
    memcpy(ret->applicant, iin_format(kin_mart_iin(mart, c.key), text), sizeof ret->applicant);
}

void mart_bench_applications(const struct kin_mart *mart, int64_t norm, uint64_t seed, struct kin_application *ret, size_t count)
{
    struct dice dice = { seed * 2 + 1 };
    for (size_t i = 0; i < count; i++)
        make_one(mart, &dice, norm, &ret[i]);
}

/* ---- times ---- */

static double now(clockid_t clock)
{
    struct timespec t;
    clock_gettime(clock, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static int compare_doubles(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

static void decide(const struct kin_mart *mart, int64_t norm, const struct kin_application *applications, size_t count,
                   size_t chunk, clockid_t clock, struct mart_bench_times *ret)
{
    size_t chunks = count / chunk;
    double *times = mem_alloc((chunks + 1) * sizeof *times);
    struct kin_decision *decision = mem_alloc(chunk * sizeof *decision);
    *ret = (struct mart_bench_times){ 0 };
    for (size_t i = 0; i < chunks; i++) {
        double start = now(clock);
        kin_mart_decide_batch(mart, norm, applications + i * chunk, chunk, decision);
        times[i] = (now(clock) - start) / (double)chunk;
        for (size_t k = 0; k < chunk; k++)
            ret->outcomes[decision[k].outcome]++;
    }
    qsort(times, chunks, sizeof *times, compare_doubles);
    ret->p10 = times[chunks / 10];
    ret->median = times[chunks / 2];
    ret->p99 = times[chunks * 99 / 100];
    free(times);
    free(decision);
}

void mart_bench_decide(const struct kin_mart *mart, int64_t norm, const struct kin_application *applications, size_t count,
                       struct mart_bench_times *ret)
{
    decide(mart, norm, applications, count, CHUNK, CLOCK_THREAD_CPUTIME_ID, ret);
}

void mart_bench_decide_alone(const struct kin_mart *mart, int64_t norm, const struct kin_application *applications, size_t count,
                             struct mart_bench_times *ret)
{
    decide(mart, norm, applications, count, 1, CLOCK_MONOTONIC, ret);
}

static int compare_rounds(const void *left, const void *right)
{
    return compare_doubles(&((const struct mart_bench_country *)left)->seconds,
                           &((const struct mart_bench_country *)right)->seconds);
}

void mart_bench_country(const struct kin_mart *mart, int64_t norm, int threads, int rounds, struct mart_bench_country *ret)
{
    struct mart_bench_country *round = mem_alloc((size_t)rounds * sizeof *round);
    const struct kin_country_question question = {
        .norm = { norm }, .norms = 1, .kin = { .in_law_scope = KIN_SCOPE_ALL }, .threads = threads
    };
    for (int i = 0; i < rounds; i++) {
        struct kin_country country;
        struct err err;
        double start = now(CLOCK_MONOTONIC), processor = now(CLOCK_PROCESS_CPUTIME_ID);
        if (!kin_mart_country(mart, &question, &country, &err))
            BUG("%s", err.text);
        round[i] = (struct mart_bench_country){ (now(CLOCK_MONOTONIC) - start) / 1e9,
                                                (now(CLOCK_PROCESS_CPUTIME_ID) - processor) / 1e9, country.total.norm[0].over,
                                                country.total.norm[0].over_residents, country.total.norm[0].kin };
        kin_country_release(&country);
    }
    qsort(round, (size_t)rounds, sizeof *round, compare_rounds);
    *ret = round[rounds / 2];
    free(round);
}
