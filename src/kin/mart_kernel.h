/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Many checks at once: every cache line is asked for long before it is used.
 *
 * A group of checks is read from text, sorted by class (degree and side), and goes through at most three stages.  A stage is
 * a list of persons whose rows are needed: their lines are prefetched when they are put on the list, and settled (found in the
 * line) all together; the few that are not at home go through the line behind theirs in a second round.  So there is no
 * branch that depends on the data except at the ends of loops.
 *
 * Included twice: by mart_batch.c for any processor, and by mart_batch_avx2.c, which defines KIN_VECTORS.
 */
#include "kin/mart_batch.h"

#define GROUP 256

struct stage {
    int count;
    uint32_t key[4 * GROUP];
    const struct kin_person_line *line[4 * GROUP];
    struct kin_person_row row[4 * GROUP];
};
struct group {
    const struct kin_mart *mart;
    unsigned scope;
    uint8_t *ret;
    uint32_t a[GROUP], b[GROUP];
    uint8_t class_of[GROUP];
    uint16_t order[GROUP];               /* checks sorted by class */
    int start[KIN_CLASSES + 1];          /* where each class begins in order */
    int row[KIN_CLASSES];                /* where its rows begin in the stage */
    uint16_t in_law[GROUP], open[GROUP]; /* checks that go on to the second and third stage */
    int in_laws, opens;
    uint16_t slow[GROUP];
    int slows;
    struct stage stage[3];
};

/* ---- rows ---- */

static inline int push(const struct kin_mart *mart, struct stage *s, uint32_t key)
{
    const struct kin_person_line *line = &mart->persons[kin_line_of(key, mart->person_lines)];
    __builtin_prefetch(line);
    s->key[s->count] = key;
    s->line[s->count] = line;
    return s->count++;
}

#ifdef KIN_VECTORS
/* The row of the key in its line, or zeros; *ret_on: it is not there and the line is full. */
static inline void settle_one(const struct kin_person_line *line, uint32_t key, struct kin_person_row *ret, bool *ret_on)
{
    const __m256i wanted = _mm256_set1_epi32((int)key), *p = (const __m256i *)(const void *)line;
    __m256i first = _mm256_cmpeq_epi32(_mm256_load_si256(p), wanted);
    __m256i second = _mm256_cmpeq_epi32(_mm256_load_si256(p + 1), wanted);
    /* Keys are words 0 and 4 of each half; those of the second half move to 1 and 5. */
    __m256i both = _mm256_blend_epi32(first, _mm256_slli_si256(second, 4), 0x22);
    unsigned hit = (unsigned)_mm256_movemask_ps(_mm256_castsi256_ps(both)) & 0x33u, at = _tzcnt_u32(hit);
    const char *found = (const char *)line + (at & 1) * 32 + (at >> 2 & 1) * 16;
    const struct kin_person_row *row = hit != 0 ? (const struct kin_person_row *)(const void *)found : &kin_no_person;
    *ret = kin_row_load(row);
    *ret_on = hit == 0 && line->row[KIN_LINE_PERSONS - 1].key != 0;
}
#else
static inline void settle_one(const struct kin_person_line *line, uint32_t key, struct kin_person_row *ret, bool *ret_on)
{
    const struct kin_person_row *row = &line->row[kin_line_place(line, key)];
    bool hit = row->key == key;
    *ret = *(hit ? row : &kin_no_person);
    *ret_on = !hit && line->row[KIN_LINE_PERSONS - 1].key != 0;
}
#endif

static inline void settle(struct stage *s)
{
    uint16_t on[4 * GROUP];
    int count = 0;
    for (int i = 0; i < s->count; i++) {
        bool more;
        settle_one(s->line[i], s->key[i], &s->row[i], &more);
        on[count] = (uint16_t)i;
        count += more;
    }
    /* The last line of the table is never full: a search ends inside it. */
    while (count > 0) {
        int again = 0;
        for (int i = 0; i < count; i++)
            __builtin_prefetch(++s->line[on[i]]);
        for (int i = 0; i < count; i++) {
            bool more;
            settle_one(s->line[on[i]], s->key[on[i]], &s->row[on[i]], &more);
            on[again] = on[i];
            again += more;
        }
        count = again;
    }
}

/* ---- reading ---- */

#ifdef KIN_VECTORS
#define BOTH(...) _mm256_setr_epi8(__VA_ARGS__, __VA_ARGS__)
/* Both numbers at once, one in each half: 0 in *key where the number is wrong or has no regular key. */
static inline void read_keys(const struct kin_check *check, uint32_t *key_a, uint32_t *key_b)
{
    const char *text = check->applicant;
    const __m256i order = _mm256_setr_epi8(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, -1, -1, -1, -1, /* of bytes 0 to 15 */
                                           2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, -1, -1, -1, -1 /* of bytes 10 to 25 */);
    __m256i v = _mm256_inserti128_si256(_mm256_castsi128_si256(_mm_loadu_si128((const __m128i *)(const void *)text)),
                                        _mm_loadu_si128((const __m128i *)(const void *)(text + 10)), 1);
    v = _mm256_shuffle_epi8(_mm256_sub_epi8(v, _mm256_set1_epi8('0')), order);
    unsigned digits = (unsigned)_mm256_movemask_epi8(_mm256_cmpeq_epi8(_mm256_min_epu8(v, _mm256_set1_epi8(9)), v));
    /* YY MM DD Gn nn n, and whether month and day are any. */
    __m256i pairs = _mm256_maddubs_epi16(v, BOTH(10, 1, 10, 1, 10, 1, 10, 1, 10, 1, 1, 0, 0, 0, 0, 0));
    const __m256i least = _mm256_setr_epi16(-1, 0, 0, -1, -1, -1, -1, -1, -1, 0, 0, -1, -1, -1, -1, -1);
    const __m256i most = _mm256_setr_epi16(100, 13, 32, 100, 100, 100, 100, 100, 100, 13, 32, 100, 100, 100, 100, 100);
    __m256i dated = _mm256_and_si256(_mm256_cmpgt_epi16(pairs, least), _mm256_cmpgt_epi16(most, pairs));
    digits &= (unsigned)_mm256_movemask_epi8(dated);
    __m256i parts = _mm256_madd_epi16(pairs, _mm256_setr_epi16(12, 1, 100, 1, 10, 1, 0, 0, 12, 1, 100, 1, 10, 1, 0, 0));
    parts = _mm256_mullo_epi32(parts, _mm256_setr_epi32(3100000, 1000, 1, 0, 3100000, 1000, 1, 0));
    __m256i one = _mm256_set1_epi16(1);
    __m256i sum = _mm256_madd_epi16(_mm256_maddubs_epi16(v, BOTH(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 0, 0, 0, 0, 0)), one);
    __m256i sum2 = _mm256_madd_epi16(_mm256_maddubs_epi16(v, BOTH(3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2, 0, 0, 0, 0, 0)), one);
    __m256i all = _mm256_hadd_epi32(_mm256_hadd_epi32(sum, sum2), _mm256_hadd_epi32(parts, parts));
    uint32_t word[8]; /* sum, second sum, key, key; twice */
    _mm256_storeu_si256((__m256i *)(void *)word, all);
    uint32_t check_a = word[0] % 11, check_b = word[4] % 11;
    check_a = check_a == 10 ? word[1] % 11 : check_a;
    check_b = check_b == 10 ? word[5] % 11 : check_b;
    bool good_a = (digits & 0xffffu) == 0xffffu && check_a == (uint32_t)(text[11] - '0');
    bool good_b = digits >> 16 == 0xffffu && check_b == (uint32_t)(text[23] - '0');
    *key_a = good_a ? word[2] - 3200000 : 0;
    *key_b = good_b ? word[6] - 3200000 : 0;
}
#undef BOTH
#else
static inline uint32_t read_key(const char *text)
{
    struct iin iin;
    return iin_parse((struct str){ text, 12 }, &iin) == IIN_PERSON ? kin_key_of(iin) : 0;
}
static inline void read_keys(const struct kin_check *check, uint32_t *key_a, uint32_t *key_b)
{
    *key_a = read_key(check->applicant);
    *key_b = read_key(check->owner);
}
#endif

/* Sorted by class; what is of no class leaves for the slow way. */
static inline void sort_group(struct group *g, int count)
{
    int in_class[KIN_CLASSES + 1] = { 0 };
    g->slows = 0;
    for (int i = 0; i < count; i++) {
        in_class[g->class_of[i]]++;
        g->ret[i] = 0;
    }
    int sum = 0;
    for (int c = 0; c <= KIN_CLASSES; c++) {
        int n = in_class[c];
        in_class[c] = sum;
        if (c < KIN_CLASSES)
            g->start[c] = sum;
        sum += n;
    }
    g->start[KIN_CLASSES] = in_class[KIN_CLASS_SLOW];
    for (int i = 0; i < count; i++)
        g->order[in_class[g->class_of[i]]++] = (uint16_t)i;
    for (int i = g->start[KIN_CLASSES]; i < count; i++)
        g->slow[g->slows++] = g->order[i];
}

static inline uint8_t class_of(uint8_t degree, uint8_t side, bool good)
{
    unsigned class = kin_class_of[degree & 7][side & 3];
    return (uint8_t)(good && degree < KIN_DEGREES && side <= KIN_FATHER ? class : KIN_CLASS_SLOW);
}

/* Numbers without a regular key are for the slow way. */
static inline void read_group(struct group *g, const struct kin_check *checks, int count)
{
    for (int i = 0; i < count; i++) {
        read_keys(&checks[i], &g->a[i], &g->b[i]);
        g->class_of[i] = class_of(checks[i].degree, checks[i].side, g->a[i] != 0 && g->b[i] != 0);
    }
    sort_group(g, count);
}

static inline void take_group(struct group *g, const struct kin_pair *pairs, int count)
{
    for (int i = 0; i < count; i++) {
        g->a[i] = pairs[i].applicant;
        g->b[i] = pairs[i].owner;
        g->class_of[i] = class_of(pairs[i].degree, pairs[i].side, true);
    }
    sort_group(g, count);
}

/* ---- stages ---- */

#define EACH(c, i)   for (int i = g->start[c]; i < g->start[(c) + 1]; i++)
#define ROW(s, c, i) g->stage[s].row[g->row[c] + (i)-g->start[c]]

static inline uint32_t has_parent(struct kin_person_row child, uint32_t key)
{
    return (uint32_t)(child.mother == key) | (uint32_t)(child.father == key);
}
static inline uint32_t same(uint32_t a, uint32_t b) { return (uint32_t)(a == b) & (uint32_t)(a != 0); }

static inline void push_class(struct group *g, int class, const uint32_t *key)
{
    g->row[class] = g->stage[0].count;
    EACH(class, i)
    push(g->mart, &g->stage[0], key[g->order[i]]);
}

static inline void first_stage(struct group *g)
{
    g->stage[0].count = 0;
    push_class(g, KIN_CLASS_CHILD, g->a);
    push_class(g, KIN_CLASS_GRANDCHILD_MOTHER, g->a);
    push_class(g, KIN_CLASS_GRANDCHILD_FATHER, g->a);
    push_class(g, KIN_CLASS_PARENT, g->b);
    push_class(g, KIN_CLASS_SPOUSE, g->b);
    push_class(g, KIN_CLASS_GRANDPARENT_MOTHER, g->b);
    push_class(g, KIN_CLASS_GRANDPARENT_FATHER, g->b);
    push_class(g, KIN_CLASS_IN_LAW, g->b);
    for (int class = KIN_CLASS_FULL_SIBLING; class <= KIN_CLASS_HALF_SIBLING_FATHER; class ++) {
        push_class(g, class, g->a); /* those of the owners stand behind all of the applicants' */
        EACH(class, i)
        push(g->mart, &g->stage[0], g->b[g->order[i]]);
    }
    settle(&g->stage[0]);
}

/* What the first rows decide, and whose rows are needed next. */
static inline void answer_first(struct group *g)
{
    EACH(KIN_CLASS_CHILD, i)
    g->ret[g->order[i]] = (uint8_t)has_parent(ROW(0, KIN_CLASS_CHILD, i), g->b[g->order[i]]);
    EACH(KIN_CLASS_PARENT, i)
    g->ret[g->order[i]] = (uint8_t)has_parent(ROW(0, KIN_CLASS_PARENT, i), g->a[g->order[i]]);
    EACH(KIN_CLASS_SPOUSE, i)
    {
        uint32_t spouse = ROW(0, KIN_CLASS_SPOUSE, i).spouse;
        g->ret[g->order[i]] = (uint8_t)(spouse == g->a[g->order[i]]);
        g->slow[g->slows] = g->order[i];
        g->slows += spouse == KIN_KEY_MANY;
    }
    for (int class = KIN_CLASS_FULL_SIBLING; class <= KIN_CLASS_HALF_SIBLING_FATHER; class ++) {
        int size = g->start[class + 1] - g->start[class];
        EACH(class, i)
        {
            struct kin_person_row a = ROW(0, class, i), b = ROW(0, class, i + size);
            uint32_t mother = same(a.mother, b.mother) | (uint32_t)(class == KIN_CLASS_HALF_SIBLING_FATHER);
            uint32_t father = same(a.father, b.father) | (uint32_t)(class == KIN_CLASS_HALF_SIBLING_MOTHER);
            g->ret[g->order[i]] = (uint8_t)(mother & father);
        }
    }
}

static inline void push_parents(struct group *g, int class, bool mother)
{
    int first = g->stage[1].count;
    EACH(class, i)
    {
        struct kin_person_row row = ROW(0, class, i);
        push(g->mart, &g->stage[1], mother ? row.mother : row.father);
    }
    g->row[class] = first;
}

static inline void second_stage(struct group *g)
{
    g->stage[1].count = 0;
    g->in_laws = 0;
    push_parents(g, KIN_CLASS_GRANDPARENT_MOTHER, true);
    push_parents(g, KIN_CLASS_GRANDPARENT_FATHER, false);
    push_parents(g, KIN_CLASS_GRANDCHILD_MOTHER, true);
    push_parents(g, KIN_CLASS_GRANDCHILD_FATHER, false);
    int first = g->stage[1].count;
    EACH(KIN_CLASS_IN_LAW, i)
    {
        uint16_t check = g->order[i];
        uint32_t spouse = ROW(0, KIN_CLASS_IN_LAW, i).spouse;
        g->slow[g->slows] = check;
        g->slows += spouse == KIN_KEY_MANY;
        g->in_law[g->in_laws] = check;
        if (spouse == 0 || spouse == KIN_KEY_MANY || spouse == g->a[check])
            continue;
        g->in_laws++;
        push(g->mart, &g->stage[1], spouse);
        push(g->mart, &g->stage[1], g->a[check]);
    }
    g->row[KIN_CLASS_IN_LAW] = first;
    settle(&g->stage[1]);
}

static inline void answer_grand(struct group *g, int class, const uint32_t *elder)
{
    EACH(class, i)
    g->ret[g->order[i]] = (uint8_t)has_parent(ROW(1, class, i), elder[g->order[i]]);
}

static inline bool in_scope(const struct group *g, enum kin_degree degree) { return (g->scope >> degree & 1) != 0; }

/* In-laws: what the rows of the owner's spouse and of the applicant say; the others need the rows of all their parents. */
static inline void answer_second(struct group *g)
{
    answer_grand(g, KIN_CLASS_GRANDPARENT_MOTHER, g->a);
    answer_grand(g, KIN_CLASS_GRANDPARENT_FATHER, g->a);
    answer_grand(g, KIN_CLASS_GRANDCHILD_MOTHER, g->b);
    answer_grand(g, KIN_CLASS_GRANDCHILD_FATHER, g->b);
    const uint32_t child = in_scope(g, KIN_CHILD), parent = in_scope(g, KIN_PARENT), half = in_scope(g, KIN_HALF_SIBLING),
                   full = in_scope(g, KIN_FULL_SIBLING), grandparent = in_scope(g, KIN_GRANDPARENT),
                   grandchild = in_scope(g, KIN_GRANDCHILD);
    g->stage[2].count = 0;
    g->opens = 0;
    for (int k = 0; k < g->in_laws; k++) {
        struct kin_person_row s = g->stage[1].row[g->row[KIN_CLASS_IN_LAW] + 2 * k];
        struct kin_person_row a = g->stage[1].row[g->row[KIN_CLASS_IN_LAW] + 2 * k + 1];
        uint32_t mothers = same(a.mother, s.mother), fathers = same(a.father, s.father);
        uint32_t hit = (has_parent(a, s.key) & child) | (has_parent(s, a.key) & parent) | ((mothers | fathers) & half) |
                       (mothers & fathers & full);
        hit &= (uint32_t)(a.key != 0);
        g->ret[g->in_law[k]] = (uint8_t)hit;
        if (hit != 0 || a.key == 0)
            continue;
        g->open[g->opens++] = (uint16_t)k;
        push(g->mart, &g->stage[2], grandparent != 0 ? s.mother : 0);
        push(g->mart, &g->stage[2], grandparent != 0 ? s.father : 0);
        push(g->mart, &g->stage[2], grandchild != 0 ? a.mother : 0);
        push(g->mart, &g->stage[2], grandchild != 0 ? a.father : 0);
    }
}

static inline void third_stage(struct group *g)
{
    settle(&g->stage[2]);
    for (int k = 0; k < g->opens; k++) {
        const struct kin_person_row *r = &g->stage[2].row[4 * k];
        uint32_t s = g->stage[1].row[g->row[KIN_CLASS_IN_LAW] + 2 * g->open[k]].key, a = g->a[g->in_law[g->open[k]]];
        g->ret[g->in_law[g->open[k]]] =
            (uint8_t)(has_parent(r[0], a) | has_parent(r[1], a) | has_parent(r[2], s) | has_parent(r[3], s));
    }
}

static inline void decide_group(struct group *g, int count)
{
    first_stage(g);
    answer_first(g);
    second_stage(g);
    answer_second(g);
    third_stage(g);
    for (int i = 0; i < count; i++)
        g->ret[i] &= (uint8_t)(g->a[i] != g->b[i]);
}

void KIN_KERNEL(const struct kin_mart *mart, unsigned scope, const struct kin_check *checks, size_t count, uint8_t *ret)
{
    struct group g;
    g.mart = mart;
    g.scope = scope;
    for (size_t at = 0; at < count; at += GROUP) {
        int n = count - at < GROUP ? (int)(count - at) : GROUP;
        g.ret = ret + at;
        read_group(&g, checks + at, n);
        decide_group(&g, n);
        for (int i = 0; i < g.slows; i++)
            g.ret[g.slow[i]] = kin_check_slowly(mart, scope, &checks[at + g.slow[i]]);
    }
}

void KIN_PAIR_KERNEL(const struct kin_mart *mart, unsigned scope, const struct kin_pair *pairs, size_t count, uint8_t *ret)
{
    struct group g;
    g.mart = mart;
    g.scope = scope;
    for (size_t at = 0; at < count; at += GROUP) {
        int n = count - at < GROUP ? (int)(count - at) : GROUP;
        g.ret = ret + at;
        take_group(&g, pairs + at, n);
        decide_group(&g, n);
        for (int i = 0; i < g.slows; i++)
            g.ret[g.slow[i]] = kin_pair_slowly(mart, scope, &pairs[at + g.slow[i]]);
    }
}
