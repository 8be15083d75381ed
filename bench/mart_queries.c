/* SPDX-License-Identifier: Apache-2.0 */
/* Queries for the mart's benchmark, drawn from the mart itself. */
#include "mart_bench.h"

#include <string.h>

static int compare_double(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

double series_at(struct series *s, double part)
{
    qsort(s->value, (size_t)s->count, sizeof *s->value, compare_double);
    return s->count == 0 ? 0 : s->value[(int)(part * (s->count - 1))];
}

/* Persons by parent, so that siblings can be drawn. */
struct drawing {
    const struct kin_mart *mart;
    struct bench_dice dice;
    uint64_t *by_parent[2]; /* parent's key << 32 | child's key, sorted */
    uint64_t children[2];
};

static struct kin_person_row row_at(const struct kin_mart *mart, uint32_t key)
{
    const struct kin_person_row *row = kin_mart_row(mart, key);
    return row == NULL ? kin_no_person : *row;
}

static struct kin_person_row anybody(struct drawing *d)
{
    for (;;) {
        uint64_t line = 1 + bench_dice_below(&d->dice, d->mart->person_lines), row = bench_dice_below(&d->dice, KIN_LINE_PERSONS);
        if (d->mart->persons[line].row[row].key != 0)
            return d->mart->persons[line].row[row];
    }
}

static int compare_u64(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

static void index_children(struct drawing *d)
{
    uint64_t lines = d->mart->section[KIN_PERSONS].count;
    for (int side = 0; side < 2; side++) {
        uint64_t *list = malloc((d->mart->header->persons + 1) * sizeof *list), n = 0;
        for (uint64_t i = 0; i < lines * KIN_LINE_PERSONS; i++) {
            const struct kin_person_row *row = &d->mart->persons[i / KIN_LINE_PERSONS].row[i % KIN_LINE_PERSONS];
            uint32_t parent = side == 0 ? row->mother : row->father;
            if (parent != 0)
                list[n++] = (uint64_t)parent << 32 | row->key;
        }
        qsort(list, n, sizeof *list, compare_u64);
        d->by_parent[side] = list;
        d->children[side] = n;
    }
}

/* Somebody whose parent on that side is `parent`; 0: nobody else than `except`. */
static uint32_t some_child(struct drawing *d, int side, uint32_t parent, uint32_t except)
{
    const uint64_t *list = d->by_parent[side];
    uint64_t low = 0, high = d->children[side];
    while (low < high) {
        uint64_t middle = (low + high) / 2;
        if (list[middle] >> 32 < parent)
            low = middle + 1;
        else
            high = middle;
    }
    uint64_t count = 0;
    while (low + count < d->children[side] && list[low + count] >> 32 == parent)
        count++;
    if (parent == 0 || count == 0)
        return 0;
    uint32_t child = (uint32_t)list[low + bench_dice_below(&d->dice, count)];
    return child == except ? 0 : child;
}

static uint32_t parent_of(struct kin_person_row row, enum kin_side side) { return side == KIN_MOTHER ? row.mother : row.father; }

/* A true pair of the degree; false: this person has no such relative. */
static bool draw_pair(struct drawing *d, enum kin_degree degree, enum kin_side side, uint32_t *a, uint32_t *b)
{
    struct kin_person_row x = anybody(d);
    enum kin_side any = 1 + (enum kin_side)bench_dice_below(&d->dice, 2);
    uint32_t parent = parent_of(x, any), elder = parent_of(row_at(d->mart, parent_of(x, side)), any), spouse;
    switch (degree) {
    case KIN_CHILD: *a = x.key, *b = parent; break;
    case KIN_PARENT: *a = parent, *b = x.key; break;
    case KIN_SPOUSE: *a = x.spouse, *b = x.key; break;
    case KIN_FULL_SIBLING: *a = some_child(d, 0, x.mother, x.key), *b = x.father != 0 ? x.key : 0; break;
    case KIN_HALF_SIBLING: *a = some_child(d, (int)side - KIN_MOTHER, parent_of(x, side), x.key), *b = x.key; break;
    case KIN_GRANDPARENT: *a = elder, *b = x.key; break;
    case KIN_GRANDCHILD: *a = x.key, *b = elder; break;
    default: /* in-law: a parent, a sibling or a child of the spouse */
        spouse = x.spouse != KIN_KEY_MANY ? x.spouse : 0;
        *b = x.key;
        *a = bench_dice_below(&d->dice, 2) == 0 ? parent_of(row_at(d->mart, spouse), any)
                                                : some_child(d, 0, row_at(d->mart, spouse).mother, spouse);
    }
    return *a != 0 && *b != 0 && *a != KIN_KEY_MANY && *b != KIN_KEY_MANY;
}

static void put(const struct kin_mart *mart, struct kin_check *check, uint32_t a, uint32_t b, enum kin_degree degree,
                enum kin_side side)
{
    char text[IIN_TEXT];
    memcpy(check->applicant, iin_format(kin_mart_iin(mart, a), text), 12);
    memcpy(check->owner, iin_format(kin_mart_iin(mart, b), text), 12);
    check->degree = (uint8_t)degree;
    check->side = (uint8_t)(kin_degree_has_side(degree) ? side : KIN_SIDE_NONE);
}

struct kin_check *bench_queries(const struct kin_mart *mart, size_t count, uint64_t seed)
{
    struct drawing d = { .mart = mart, .dice = { seed } };
    struct kin_check *checks = malloc(count * sizeof *checks);
    index_children(&d);
    for (size_t i = 0; i < count; i++) {
        enum kin_degree degree = (enum kin_degree)bench_dice_below(&d.dice, KIN_DEGREES), claimed = degree;
        enum kin_side side = 1 + (enum kin_side)bench_dice_below(&d.dice, 2), claimed_side = side;
        uint64_t kind = bench_dice_below(&d.dice, 4); /* 0, 1: true; 2: a near miss; 3: a stranger */
        uint32_t a, b;
        while (!draw_pair(&d, degree, side, &a, &b))
            ;
        if (kind == 2 && kin_degree_has_side(degree) && bench_dice_below(&d.dice, 2) == 0)
            claimed_side = KIN_MOTHER + KIN_FATHER - side;
        else if (kind == 2)
            claimed = (enum kin_degree)((degree + 1 + bench_dice_below(&d.dice, KIN_DEGREES - 1)) % KIN_DEGREES);
        if (kind == 3)
            a = anybody(&d).key;
        /* Several marriages in force at once are rare, and not every peer's layout has room for them. */
        if (row_at(mart, a).spouse == KIN_KEY_MANY || row_at(mart, b).spouse == KIN_KEY_MANY) {
            i--;
            continue;
        }
        put(mart, &checks[i], a, b, claimed, claimed_side);
    }
    free(d.by_parent[0]);
    free(d.by_parent[1]);
    return checks;
}
