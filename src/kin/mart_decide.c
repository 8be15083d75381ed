/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whole decisions on the day of the extract: paragraphs 3, 4, 9 and 10 of the order in the order in which law_decide takes
 * them, over rows that were prefetched: of the small groups one is read, one looked up, two looked at, and one decided in
 * turn.  Only those whom the norm stops go on into the batch of kinship, one pair for each natural owner.
 */
#include "kin/mart_decide.h"

#include "kin/mart_batch.h"
#include "world/world.h"

#include <stdlib.h>

#define GROUP      16 /* small: while one group is decided the lines of the next ones come in */
#define STAGES     5
#define PAIRS      1024
#define FEW        4 /* pairs that are not worth a batch */
#define NOWHERE    UINT32_MAX
#define AREA_FLAGS 0xff000000u

struct deciding {
    const struct kin_mart *mart;
    int64_t norm;
    bool owners_silent, residents_silent, students_silent, acts_silent;
    struct kin_decision *decision;
    struct kin_pair pair[PAIRS];
    size_t decision_of[PAIRS];
    size_t pairs;
    struct iin *owner; /* of one application, where the verifier is asked */
    size_t owners, owner_room;
};
/* Of one group: what has been found of each application. */
struct group {
    uint64_t rka[GROUP];
    uint32_t key[GROUP], person[GROUP], dwelling[GROUP]; /* person, dwelling: slots, NOWHERE */
    uint32_t resident[GROUP];                            /* in KIN_RESIDENTS: where to look for him; 0: nowhere */
};
/* One application over the norm or not, with all that the steps want of it. */
struct one {
    const struct kin_application *application;
    size_t index;
    uint32_t key, person, dwelling, state;
    struct kin_dwelling_seen seen;
};

static bool is_silent(const struct kin_mart *mart, enum world_file file) { return (mart->header->held >> file & 1) == 0; }

/* ---- who and where ---- */

/* The place of a text among the RKA that are not sixteen digits; 0: there is no such dwelling. */
static uint64_t irregular_rka(const struct kin_mart *mart, struct str rka)
{
    const uint32_t *list = KIN_ITEMS(mart, KIN_IRREGULAR_RKA, uint32_t);
    uint64_t low = 0, high = mart->section[KIN_IRREGULAR_RKA].count;
    while (low < high) {
        uint64_t middle = (low + high) / 2;
        if (str_compare(kin_mart_text(mart, list[middle]), rka) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    bool there = low < mart->section[KIN_IRREGULAR_RKA].count && str_equal(kin_mart_text(mart, list[low]), rka);
    return there ? KIN_RKA_IRREGULAR + low : 0;
}

static uint32_t irregular_key(const struct kin_mart *mart, const char *applicant)
{
    struct iin iin;
    return iin_parse((struct str){ applicant, 12 }, &iin) == IIN_PERSON ? kin_mart_key(mart, iin) : 0;
}

void kin_read_applications_plain(const struct kin_application *applications, int count, uint64_t *ret_rka, uint32_t *ret_key)
{
    for (int i = 0; i < count; i++) {
        struct str rka = { applications[i].rka, sizeof applications[i].rka };
        struct iin iin;
        uint64_t n = 0;
        for (size_t k = 0; k < rka.n; k++)
            n = n * 10 + (uint64_t)(unsigned char)(rka.p[k] - '0');
        ret_rka[i] = str_is_digits(rka) ? n : 0;
        ret_key[i] = iin_parse((struct str){ applications[i].applicant, 12 }, &iin) == IIN_PERSON ? kin_key_of(iin) : 0;
    }
}

static void read_group(const struct kin_mart *mart, const struct kin_application *applications, int count, struct group *g)
{
#if defined(__x86_64__)
    if (mart->vectors)
        kin_read_applications_avx2(applications, count, g->rka, g->key);
    else
#endif
        kin_read_applications_plain(applications, count, g->rka, g->key);
    for (int i = 0; i < count; i++) {
        if (g->rka[i] == 0)
            g->rka[i] = irregular_rka(mart, (struct str){ applications[i].rka, sizeof applications[i].rka });
        if (g->key[i] == 0)
            g->key[i] = irregular_key(mart, applications[i].applicant);
        __builtin_prefetch(&mart->dwellings[kin_rka_line_of(g->rka[i], mart->dwelling_lines)]);
        __builtin_prefetch(&mart->persons[kin_line_of(g->key[i], mart->person_lines)]);
    }
}

static uint64_t rka_at(const struct kin_dwelling_line *line, int row)
{
    return line->key[row] & ((UINT64_C(1) << KIN_RKA_BITS) - 1);
}

static uint32_t find_dwelling(const struct kin_mart *mart, uint64_t rka)
{
    if (rka == 0)
        return NOWHERE;
    for (uint64_t line = kin_rka_line_of(rka, mart->dwelling_lines);; line++) { /* ends: the last line is never full */
        const struct kin_dwelling_line *l = &mart->dwellings[line];
        int row = rka_at(l, 2) == rka ? 2 : rka_at(l, 1) == rka;
        if (rka_at(l, row) == rka)
            return (uint32_t)(line * KIN_LINE_DWELLINGS + (uint64_t)row);
        if (l->key[KIN_LINE_DWELLINGS - 1] == 0)
            return NOWHERE;
    }
}

/* Where several own it their list is wanted next.  (Always inline: a call of a function that only prefetches is dropped.) */
static inline __attribute__((always_inline)) void prefetch_owners(const struct kin_mart *mart, uint32_t dwelling)
{
    const struct kin_dwelling_line *line = &mart->dwellings[dwelling / KIN_LINE_DWELLINGS];
    uint32_t row = dwelling % KIN_LINE_DWELLINGS, several = (line->area[row] & KIN_DWELLING_LIST) != 0 ? UINT32_MAX : 0;
    __builtin_prefetch(KIN_ITEMS(mart, KIN_OWNER_LIST, uint32_t) + (line->owner[row] & several));
}

static void find_group(const struct kin_mart *mart, int count, struct group *g)
{
    const uint32_t *state = KIN_ITEMS(mart, KIN_STATES, uint32_t);
    for (int i = 0; i < count; i++) {
        const struct kin_person_row *person = kin_mart_row(mart, g->key[i]);
        g->person[i] = person != NULL ? kin_mart_slot(mart, person) : NOWHERE;
        __builtin_prefetch(&state[person != NULL ? g->person[i] : 0]);
        g->dwelling[i] = find_dwelling(mart, g->rka[i]);
        prefetch_owners(mart, g->dwelling[i] != NOWHERE ? g->dwelling[i] : 0);
    }
}

/* Who is registered in several dwellings will be looked for among the residents of this one: their run first ... */
static void look_at_residents(const struct kin_mart *mart, int count, struct group *g)
{
    const uint32_t *state = KIN_ITEMS(mart, KIN_STATES, uint32_t), *resident = KIN_ITEMS(mart, KIN_RESIDENTS, uint32_t);
    for (int i = 0; i < count; i++) {
        uint32_t dwelling = g->dwelling[i] != NOWHERE ? g->dwelling[i] : 0, person = g->person[i] != NOWHERE ? g->person[i] : 0;
        uint32_t several = (state[person] & KIN_STATE_ELSEWHERE) != 0 ? UINT32_MAX : 0;
        uint32_t first = mart->dwellings[dwelling / KIN_LINE_DWELLINGS].resident[dwelling % KIN_LINE_DWELLINGS];
        g->resident[i] = first & several;
        __builtin_prefetch(resident + g->resident[i]);
    }
}

/* ... then who they are. */
static inline __attribute__((always_inline)) void look_at_slots(const struct kin_mart *mart, int count, const struct group *g)
{
    const uint32_t *resident = KIN_ITEMS(mart, KIN_RESIDENTS, uint32_t), *slot = KIN_ITEMS(mart, KIN_FAMILY_SLOT, uint32_t);
    for (int i = 0; i < count; i++) {
        if (g->resident[i] != 0 && g->resident[i] < mart->section[KIN_RESIDENTS].count)
            __builtin_prefetch(slot + resident[g->resident[i]]);
    }
}

/* ---- the relation (10.4 to 10.7) ---- */

/* Calls `each` for the natural owners until it says so; true: it said so. */
static bool any_owner(struct deciding *d, const struct one *one, bool (*each)(struct deciding *, const struct one *, uint32_t))
{
    uint32_t owner = one->seen.owner;
    if ((one->seen.area & KIN_DWELLING_LIST) == 0)
        return owner != 0 && each(d, one, owner);
    const uint32_t *list = KIN_ITEMS(d->mart, KIN_OWNER_LIST, uint32_t);
    for (uint64_t i = owner; i < d->mart->section[KIN_OWNER_LIST].count && list[i] != 0; i++) {
        if (each(d, one, list[i]))
            return true;
    }
    return false;
}

static bool is_himself(struct deciding *d, const struct one *one, uint32_t owner)
{
    (void)d;
    return owner == one->key;
}

static void flush_pairs(struct deciding *d)
{
    uint8_t confirmed[PAIRS];
    for (size_t i = 0; d->pairs < FEW && i < d->pairs; i++)
        confirmed[i] = kin_pair_slowly(d->mart, KIN_SCOPE_ALL, &d->pair[i]);
    if (d->pairs >= FEW)
        kin_check_pairs(d->mart, KIN_SCOPE_ALL, d->pair, d->pairs, confirmed);
    for (size_t i = 0; i < d->pairs; i++) {
        if (confirmed[i] == KIN_CHECK_YES)
            d->decision[d->decision_of[i]].outcome = KIN_TO_COUPON;
    }
    d->pairs = 0;
}

/* Nobody is kin to himself. */
static bool add_pair(struct deciding *d, const struct one *one, uint32_t owner)
{
    if (owner == one->key)
        return false;
    if (d->pairs == PAIRS)
        flush_pairs(d);
    d->pair[d->pairs] = (struct kin_pair){ one->key, owner, one->application->choice, one->application->side };
    d->decision_of[d->pairs++] = one->index;
    return false;
}

static bool note_owner(struct deciding *d, const struct one *one, uint32_t owner)
{
    (void)one;
    *MEM_PUSH(d->owner, d->owners, d->owner_room) = kin_mart_iin(d->mart, owner);
    return false;
}

/* Where a register of acts is silent the verifier says what is known without it. */
static enum kin_outcome verify(struct deciding *d, const struct one *one)
{
    struct kin_source source = kin_mart_source(d->mart);
    struct kin_options options = { .in_law_scope = KIN_SCOPE_ALL };
    struct kin_answer answer;
    d->owners = 0;
    any_owner(d, one, note_owner);
    kin_verify_any(&source, &options, (struct day){ kin_mart_day(d->mart) }, (enum kin_degree)one->application->choice,
                   (enum kin_side)one->application->side, kin_mart_iin(d->mart, one->key), d->owner, (int)d->owners, &answer);
    return answer.confirmed == TRI_YES ? KIN_TO_COUPON : answer.confirmed == TRI_NO ? KIN_KINSHIP_NOT_CONFIRMED : KIN_WAITING;
}

static enum kin_outcome relation(struct deciding *d, const struct one *one)
{
    switch (one->application->choice) {
    case KIN_CHOICE_NONE: return KIN_CHOOSE_RELATION;
    case KIN_CHOICE_OWNER: return any_owner(d, one, is_himself) ? KIN_TO_COUPON : KIN_KINSHIP_NOT_CONFIRMED;
    case KIN_CHOICE_STUDENT:
        if (d->students_silent)
            return KIN_WAITING;
        return (one->state & KIN_STATE_STUDENT) != 0 ? KIN_TO_COUPON : KIN_STUDY_NOT_CONFIRMED;
    default: break;
    }
    if (d->acts_silent)
        return verify(d, one);
    any_owner(d, one, add_pair);
    return KIN_KINSHIP_NOT_CONFIRMED; /* until a pair is confirmed */
}

/* ---- the norm (10.1 to 10.3) ---- */

static enum kin_outcome compare(struct deciding *d, const struct one *one, struct kin_decision *ret)
{
    int64_t area = one->seen.area & ~AREA_FLAGS;
    uint32_t heads = (uint32_t)(one->seen.key >> KIN_RKA_BITS);
    if (area == KIN_AREA_OTHER || heads == KIN_HEADS_MANY) {
        const struct kin_dwelling_record *r = &KIN_ITEMS(d->mart, KIN_DWELLING_RECORD, struct kin_dwelling_record)[one->dwelling];
        area = r->total_area;
        heads = __atomic_load_n(&r->heads, __ATOMIC_ACQUIRE);
    }
    if (area < 0 || d->residents_silent)
        return KIN_WAITING;
    ret->allowed = area / d->norm;
    ret->registered = heads - (heads > 0 && kin_mart_registered(d->mart, one->person, one->dwelling));
    ret->compared = true;
    ret->reached = ret->registered >= ret->allowed;
    return ret->reached ? relation(d, one) : KIN_TO_COUPON;
}

/* ---- the owners and the place (3, 4, 9) ---- */

static enum kin_outcome outcome_of(struct deciding *d, const struct one *one, struct kin_decision *ret)
{
    uint32_t flags = one->seen.area;
    if (d->owners_silent || (flags & KIN_DWELLING_NOBODY) != 0)
        return KIN_WAITING;
    if ((flags & KIN_DWELLING_OFFICE) != 0)
        return KIN_TO_HALL;
    if ((flags & (KIN_DWELLING_DOUBT | KIN_DWELLING_NO_KATO)) != 0)
        return KIN_WAITING;
    if ((flags & KIN_DWELLING_CAPITAL) == 0 || d->norm < 1)
        return KIN_TO_COUPON;
    return compare(d, one, ret);
}

static bool choice_fits(const struct kin_application *a)
{
    if (a->choice >= KIN_CHOICES || a->side > KIN_FATHER)
        return false;
    return (a->choice < KIN_DEGREES && kin_degree_has_side((enum kin_degree)a->choice)) == (a->side != KIN_SIDE_NONE);
}

static void decide_one(struct deciding *d, const struct group *g, int i, const struct kin_application *application, size_t index)
{
    const struct kin_mart *mart = d->mart;
    struct kin_decision *ret = &d->decision[index];
    struct one one = { application, index, g->key[i], g->person[i], g->dwelling[i], KIN_STATE_DEAD, { 0 } };
    *ret = (struct kin_decision){ .outcome = KIN_INVALID };
    if (one.person != NOWHERE)
        one.state = __atomic_load_n(&KIN_ITEMS(mart, KIN_STATES, uint32_t)[one.person], __ATOMIC_ACQUIRE);
    if ((one.state & KIN_STATE_DEAD) != 0 || one.dwelling == NOWHERE || !choice_fits(application))
        return;
    one.seen =
        kin_dwelling_load(mart, &mart->dwellings[one.dwelling / KIN_LINE_DWELLINGS], (int)(one.dwelling % KIN_LINE_DWELLINGS));
    ret->outcome = (uint8_t)outcome_of(d, &one, ret);
}

static void decide_group(struct deciding *d, int count, const struct group *g, const struct kin_application *applications,
                         size_t first)
{
    for (int i = 0; i < count; i++)
        decide_one(d, g, i, &applications[first + (size_t)i], first + (size_t)i);
}

/* How many of `count` are in group `number`; 0: there is no such group. */
static int group_size(size_t count, size_t number)
{
    size_t first = number * GROUP;
    return number > count / GROUP || first >= count ? 0 : count - first < GROUP ? (int)(count - first) : GROUP;
}

void kin_mart_decide_batch(const struct kin_mart *mart, int64_t norm, const struct kin_application *applications, size_t count,
                           struct kin_decision *ret)
{
    struct deciding d;
    struct group g[STAGES];
    d.mart = mart;
    d.norm = norm;
    d.owners_silent = is_silent(mart, WORLD_OWNERS);
    d.residents_silent = is_silent(mart, WORLD_RESIDENTS);
    d.students_silent = is_silent(mart, WORLD_STUDENTS);
    d.acts_silent = is_silent(mart, WORLD_BIRTHS) || is_silent(mart, WORLD_MARRIAGES) || is_silent(mart, WORLD_DIVORCES);
    d.decision = ret;
    d.pairs = d.owners = d.owner_room = 0;
    d.owner = NULL;
    /* Of groups before the first the number is past the last. */
    for (size_t k = 0; k * GROUP < count + (STAGES - 1) * GROUP; k++) {
        read_group(mart, applications + k * GROUP, group_size(count, k), &g[k % STAGES]);
        find_group(mart, group_size(count, k - 1), &g[(k - 1) % STAGES]);
        look_at_residents(mart, group_size(count, k - 2), &g[(k - 2) % STAGES]);
        look_at_slots(mart, group_size(count, k - 3), &g[(k - 3) % STAGES]);
        decide_group(&d, group_size(count, k - 4), &g[(k - 4) % STAGES], applications, (k - 4) * GROUP);
    }
    flush_pairs(&d);
    free(d.owner);
}
