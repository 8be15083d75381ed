/* SPDX-License-Identifier: Apache-2.0 */
/*
 * mart town WORLD MART DAY
 *     every pair of a town, every degree and side: the batch against SQL over the same acts
 * mart queries WORLD MART DAY COUNT DATABASE
 *     random queries, half of them true: the batch against SQL, one by one; the database is filled when it is not there
 *
 * The mart must have been made from the world as of the day.  Prints "N passed, M failed"; exit status 1 when any failed.
 */
#include "mart_sql.h"

#include "world/world.h"

#include <string.h>

#define SHOWN 20

static uint64_t passed, failed;

static void differ(const struct kin_check *check, int mart, int sql)
{
    if (failed++ < SHOWN)
        printf("%.12s %s %s of %.12s: mart %d, SQL %d\n", check->applicant, kin_degree_name((enum kin_degree)check->degree),
               kin_side_name((enum kin_side)check->side), check->owner, mart, sql);
}

static int64_t number_of(const char text[12])
{
    struct iin iin = { 0 };
    iin_parse((struct str){ text, 12 }, &iin);
    return (int64_t)iin.n;
}

/* ---- a town ---- */

struct town {
    char (*text)[12]; /* sorted by number */
    int64_t *number;
    size_t persons;
};

static int compare_texts(const void *a, const void *b) { return memcmp(a, b, 12); }

static struct town read_town(const struct kin_mart *mart)
{
    struct town town = { malloc(mart->header->persons * 12), malloc(mart->header->persons * sizeof(int64_t)), 0 };
    uint64_t slots = mart->section[KIN_PERSONS].count * KIN_LINE_PERSONS;
    for (uint64_t i = 0; i < slots; i++) {
        uint32_t key = mart->persons[i / KIN_LINE_PERSONS].row[i % KIN_LINE_PERSONS].key;
        char text[IIN_TEXT];
        if (key != 0)
            memcpy(town.text[town.persons++], iin_format(kin_mart_iin(mart, key), text), 12);
    }
    qsort(town.text, town.persons, 12, compare_texts);
    for (size_t i = 0; i < town.persons; i++)
        town.number[i] = number_of(town.text[i]);
    return town;
}

static size_t place_of(const struct town *town, int64_t number)
{
    size_t low = 0, high = town->persons;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (town->number[middle] < number)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* A byte a pair: what SQL says. */
static void enter_pairs(sqlite3 *db, const struct town *town, int class, uint8_t *pairs)
{
    sqlite3_stmt *s = sql_all_pairs(db, class);
    memset(pairs, 0, town->persons * town->persons);
    while (sqlite3_step(s) == SQLITE_ROW) {
        size_t a = place_of(town, sqlite3_column_int64(s, 0)), b = place_of(town, sqlite3_column_int64(s, 1));
        if (a != b)
            pairs[a * town->persons + b] = 1;
    }
    sqlite3_finalize(s);
}

static void compare_class(const struct kin_mart *mart, const struct town *town, enum kin_degree degree, enum kin_side side,
                          const uint8_t *pairs)
{
    struct kin_check *check = malloc(town->persons * sizeof *check);
    uint8_t *got = malloc(town->persons);
    for (size_t a = 0; a < town->persons; a++) {
        for (size_t b = 0; b < town->persons; b++) {
            check[b] = (struct kin_check){ .degree = (uint8_t)degree, .side = (uint8_t)side };
            memcpy(check[b].applicant, town->text[a], 12);
            memcpy(check[b].owner, town->text[b], 12);
        }
        kin_mart_check_batch(mart, KIN_SCOPE_ALL, check, town->persons, got);
        for (size_t b = 0; b < town->persons; b++) {
            if (got[b] == pairs[a * town->persons + b])
                passed++;
            else
                differ(&check[b], got[b], pairs[a * town->persons + b]);
        }
    }
    free(check);
    free(got);
}

static void compare_town(sqlite3 *db, const struct kin_mart *mart)
{
    struct town town = read_town(mart);
    uint8_t *pairs = malloc(town.persons * town.persons);
    for (enum kin_degree d = KIN_CHILD; d < KIN_DEGREES; d++) {
        for (enum kin_side s = kin_degree_has_side(d) ? KIN_MOTHER : KIN_SIDE_NONE;
             s <= (kin_degree_has_side(d) ? KIN_FATHER : KIN_SIDE_NONE); s++) {
            enter_pairs(db, &town, sql_class(d, s), pairs);
            compare_class(mart, &town, d, s, pairs);
        }
    }
    free(pairs);
    free(town.text);
    free(town.number);
}

/* ---- random queries ---- */

static void compare_queries(sqlite3 *db, const struct kin_mart *mart, size_t count)
{
    struct kin_check *check = bench_queries(mart, count, 99);
    struct sql_checks sql;
    uint8_t *got = malloc(count);
    uint64_t yes = 0;
    sql_prepare(db, &sql);
    kin_mart_check_batch(mart, KIN_SCOPE_ALL, check, count, got);
    for (size_t i = 0; i < count; i++) {
        int class = sql_class((enum kin_degree)check[i].degree, (enum kin_side)check[i].side);
        bool expected = sql_check(&sql, class, number_of(check[i].applicant), number_of(check[i].owner));
        yes += expected;
        if (got[i] == expected)
            passed++;
        else
            differ(&check[i], got[i], expected);
    }
    printf("%llu of %zu are so\n", (unsigned long long)yes, count);
    sql_finish(&sql);
    free(check);
    free(got);
}

int main(int argc, char **argv)
{
    struct err err;
    struct kin_mart *mart;
    struct day day;
    bool town = argc == 5 && strcmp(argv[1], "town") == 0, queries = argc == 7 && strcmp(argv[1], "queries") == 0;
    if ((!town && !queries) || !day_parse(str_from(argv[4]), &day)) {
        fprintf(stderr, "usage: mart town WORLD MART DAY; mart queries WORLD MART DAY COUNT DATABASE\n");
        return 2;
    }
    if (!kin_mart_open(argv[3], KIN_MART_FAST, &mart, &err)) {
        fprintf(stderr, "%s\n", err.text);
        return 2;
    }
    sqlite3 *db = queries ? sql_reopen(argv[6]) : NULL; /* filling it from a large country takes minutes */
    if (db == NULL)
        db = sql_open(argv[2], day, queries ? argv[6] : ":memory:");
    if (town)
        compare_town(db, mart);
    else
        compare_queries(db, mart, strtoull(argv[5], NULL, 10));
    sqlite3_close(db);
    kin_mart_close(mart);
    printf("%llu passed, %llu failed\n", (unsigned long long)passed, (unsigned long long)failed);
    return failed > 0;
}
