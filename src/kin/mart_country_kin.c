/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who of those registered over the norm is kin to an owner.
 *
 * Rows of KIN_FAMILY stand side by side for one dwelling, so those of the residents come in as a stream; the owners', their
 * spouses' and everybody's parents' rows are prefetched one stage ahead.  The first stage compares what the rows of resident,
 * owner and spouse say; whom it leaves open, the second looks at through the parents' rows.  Where the file names a family
 * number that is none, the empty row stands for it.
 */
#include "kin/mart_country.h"

#include <stdlib.h>

typedef struct kin_family_row row;

#define ROWS_A_LINE 5  /* whole ones */
#define STREAM      20 /* rows after which the processor has seen by itself where they go on */

static const row *row_of(const struct kin_mart *mart, uint32_t person)
{
    const row *rows = KIN_ITEMS(mart, KIN_FAMILY, row);
    return &rows[person < mart->section[KIN_FAMILY].count ? person : 0];
}

static uint32_t somebody(uint32_t person) { return person == 0 || person == KIN_KEY_MANY ? KIN_FAMILY_NOBODY : person; }

/* ---- owners ---- */

static void add_owner(struct kin_chunk *c, struct kin_over *over, uint32_t person)
{
    if (person == 0)
        return;
    *MEM_PUSH(c->owner.item, c->owner.count, c->owner.capacity) = (struct kin_country_owner){ .person = person };
    over->owners++;
    __builtin_prefetch(row_of(c->mart, person));
}

static void list_owners(struct kin_chunk *c, struct kin_over *over)
{
    const struct kin_mart *mart = c->mart;
    const struct kin_dwelling_line *line = &mart->dwellings[over->slot / KIN_LINE_DWELLINGS];
    uint32_t owner = KIN_ITEMS(mart, KIN_DWELLING_OWNER, uint32_t)[over->slot];
    over->owner = (uint32_t)c->owner.count;
    if ((line->area[over->slot % KIN_LINE_DWELLINGS] & KIN_DWELLING_LIST) == 0) {
        add_owner(c, over, owner);
        return;
    }
    const uint32_t *key = KIN_ITEMS(mart, KIN_OWNER_LIST, uint32_t), *number = KIN_ITEMS(mart, KIN_OWNER_LIST_FAMILY, uint32_t);
    for (uint64_t i = owner; i < mart->section[KIN_OWNER_LIST].count && key[i] != 0; i++)
        add_owner(c, over, number[i]);
}

static void read_owner(const struct kin_mart *mart, struct kin_country_owner *o)
{
    const row *r = row_of(mart, o->person);
    o->mother = somebody(r->mother);
    o->father = somebody(r->father);
    o->spouse = somebody(r->spouse);
    o->many = r->spouse == KIN_KEY_MANY;
    __builtin_prefetch(row_of(mart, o->spouse));
}

static void read_spouse(const struct kin_mart *mart, struct kin_country_owner *o)
{
    const row *r = row_of(mart, o->spouse);
    bool there = o->spouse != KIN_FAMILY_NOBODY;
    o->spouse_mother = there ? somebody(r->mother) : KIN_FAMILY_NOBODY;
    o->spouse_father = there ? somebody(r->father) : KIN_FAMILY_NOBODY;
}

/* ---- comparisons: the degrees of degrees.c, as in mart_check.c ---- */

static uint32_t either(uint32_t a, uint32_t b, uint32_t person) { return (uint32_t)(a == person) | (uint32_t)(b == person); }

static uint32_t in_scope(unsigned scope, enum kin_degree degree) { return scope >> degree & 1; }

/* Child, parent, spouse, siblings; of the spouse as far as the scope goes. */
static uint32_t is_near(unsigned scope, const struct kin_country_owner *o, uint32_t a, row r)
{
    uint32_t blood = either(r.mother, r.father, o->person) | either(o->mother, o->father, a) | (uint32_t)(o->spouse == a) |
                     (uint32_t)(r.mother == o->mother) | (uint32_t)(r.father == o->father);
    uint32_t mothers = (uint32_t)(r.mother == o->spouse_mother), fathers = (uint32_t)(r.father == o->spouse_father);
    uint32_t in_law = (either(r.mother, r.father, o->spouse) & in_scope(scope, KIN_CHILD)) |
                      (either(o->spouse_mother, o->spouse_father, a) & in_scope(scope, KIN_PARENT)) |
                      ((mothers | fathers) & in_scope(scope, KIN_HALF_SIBLING)) |
                      (mothers & fathers & in_scope(scope, KIN_FULL_SIBLING));
    return blood | in_law;
}

static uint32_t has_parent(const row *r, uint32_t person) { return either(r->mother, r->father, person); }

/* Grandparents and grandchildren. */
static uint32_t is_far(const struct kin_chunk *c, const struct kin_country_owner *o, const struct kin_open *a)
{
    const struct kin_mart *mart = c->mart;
    const row *mother = row_of(mart, a->mother), *father = row_of(mart, a->father);
    uint32_t blood = has_parent(row_of(mart, o->mother), a->person) | has_parent(row_of(mart, o->father), a->person) |
                     has_parent(mother, o->person) | has_parent(father, o->person);
    uint32_t elder =
        has_parent(row_of(mart, o->spouse_mother), a->person) | has_parent(row_of(mart, o->spouse_father), a->person);
    uint32_t younger = has_parent(mother, o->spouse) | has_parent(father, o->spouse);
    return blood | (elder & in_scope(c->question->kin.in_law_scope, KIN_GRANDPARENT)) |
           (younger & in_scope(c->question->kin.in_law_scope, KIN_GRANDCHILD));
}

/* ---- by the verifier ---- */

static struct iin iin_of(const struct kin_mart *mart, uint32_t person)
{
    const uint32_t *slots = KIN_ITEMS(mart, KIN_FAMILY_SLOT, uint32_t);
    uint32_t slot = person < mart->section[KIN_FAMILY_SLOT].count ? slots[person] : 0;
    uint64_t line = slot / KIN_LINE_PERSONS;
    return kin_mart_iin(mart, line < mart->section[KIN_PERSONS].count ? mart->persons[line].row[slot % KIN_LINE_PERSONS].key : 0);
}

/* Of several spouses any serves. */
static bool by_any_marriage(const struct kin_chunk *c, const struct kin_country_owner *o, uint32_t a)
{
    struct iin person = iin_of(c->mart, a), owner = iin_of(c->mart, o->person);
    unsigned scope = c->question->kin.in_law_scope;
    return kin_mart_check(c->mart, scope, KIN_SPOUSE, KIN_SIDE_NONE, person, owner) ||
           kin_mart_check(c->mart, scope, KIN_IN_LAW, KIN_SIDE_NONE, person, owner);
}

static bool is_verified(struct kin_chunk *c, uint32_t a)
{
    struct kin_source source = kin_mart_source(c->mart);
    struct iin person = iin_of(c->mart, a);
    for (enum kin_degree d = KIN_CHILD; d < KIN_DEGREES; d++) {
        enum kin_side last = kin_degree_has_side(d) ? KIN_FATHER : KIN_SIDE_NONE;
        for (enum kin_side s = kin_degree_has_side(d) ? KIN_MOTHER : KIN_SIDE_NONE; s <= last; s++) {
            struct kin_answer answer;
            kin_verify_any(&source, &c->question->kin, (struct day){ kin_mart_day(c->mart) }, d, s, person, c->owner_iin.item,
                           (int)c->owner_iin.count, &answer);
            if (answer.confirmed == TRI_YES)
                return true;
        }
    }
    return false;
}

bool kin_country_is_fast(const struct kin_options *o)
{
    /* The two readings of siblings matter only where the scope of in-laws has one kind of siblings without the other. */
    unsigned siblings = o->in_law_scope & (1u << KIN_FULL_SIBLING | 1u << KIN_HALF_SIBLING);
    bool both_or_none = siblings == 0 || siblings == (1u << KIN_FULL_SIBLING | 1u << KIN_HALF_SIBLING);
    return !o->in_law_both_ways && !o->extended && !o->spouse_single &&
           (both_or_none || (!o->full_sibling_known_parents && !o->half_sibling_only_half));
}

/* ---- the stages ---- */

#define OWNERS(c, over, o)                                                                                                       \
    for (const struct kin_country_owner *o = (c)->owner.item + (over)->owner, *end_##o = o + (over)->owners; o < end_##o; o++)

static uint32_t resident_at(const struct kin_mart *mart, uint64_t i)
{
    return i < mart->section[KIN_RESIDENTS].count ? KIN_ITEMS(mart, KIN_RESIDENTS, uint32_t)[i] : 0;
}

static void look_at(struct kin_chunk *c, unsigned scope, uint32_t index, uint32_t a)
{
    struct kin_over *over = &c->over.item[index];
    const row r = *row_of(c->mart, a);
    uint32_t himself = 0, kin = 0;
    OWNERS(c, over, o)
    {
        himself |= (uint32_t)(o->person == a);
        kin |= is_near(scope, o, a, r);
    }
    over->himself += himself;
    over->kin += kin & ~himself;
    if ((himself | kin) != 0 || over->owners == 0)
        return;
    __builtin_prefetch(row_of(c->mart, r.mother));
    __builtin_prefetch(row_of(c->mart, r.father));
    *MEM_PUSH(c->open.item, c->open.count, c->open.capacity) = (struct kin_open){ index, a, r.mother, r.father };
}

static void look_at_dwelling(struct kin_chunk *c, uint32_t index)
{
    const struct kin_over *over = &c->over.item[index];
    size_t open = c->open.count;
    for (uint32_t i = 0; i < over->heads; i++)
        look_at(c, c->question->kin.in_law_scope, index, resident_at(c->mart, (uint64_t)over->resident + i));
    if (c->open.count == open)
        return;
    OWNERS(c, over, o)
    {
        __builtin_prefetch(row_of(c->mart, o->mother));
        __builtin_prefetch(row_of(c->mart, o->father));
        __builtin_prefetch(row_of(c->mart, o->spouse_mother));
        __builtin_prefetch(row_of(c->mart, o->spouse_father));
    }
}

static void close_open(struct kin_chunk *c)
{
    for (size_t i = 0; i < c->open.count; i++) {
        const struct kin_open *a = &c->open.item[i];
        struct kin_over *over = &c->over.item[a->over];
        uint32_t kin = 0;
        OWNERS(c, over, o)
        {
            kin |= is_far(c, o, a);
            if (o->many && kin == 0)
                kin = by_any_marriage(c, o, a->person);
        }
        over->kin += kin;
    }
}

static void decide_fast(struct kin_chunk *c)
{
    for (size_t i = 0; i < c->owner.count; i++)
        read_owner(c->mart, &c->owner.item[i]);
    for (size_t i = 0; i < c->owner.count; i++)
        read_spouse(c->mart, &c->owner.item[i]);
    for (size_t i = 0; i < c->over.count; i++)
        look_at_dwelling(c, (uint32_t)i);
    close_open(c);
}

static void decide_slowly(struct kin_chunk *c)
{
    for (size_t i = 0; i < c->over.count; i++) {
        struct kin_over *over = &c->over.item[i];
        c->owner_iin.count = 0;
        OWNERS(c, over, o)
        *MEM_PUSH(c->owner_iin.item, c->owner_iin.count, c->owner_iin.capacity) = iin_of(c->mart, o->person);
        for (uint32_t k = 0; k < over->heads; k++) {
            uint32_t a = resident_at(c->mart, (uint64_t)over->resident + k);
            bool himself = false;
            OWNERS(c, over, o)
            himself |= o->person == a;
            over->himself += himself;
            over->kin += !himself && over->owners > 0 && is_verified(c, a);
        }
    }
}

void kin_chunk_decide(struct kin_chunk *c)
{
    c->owner.count = c->open.count = 0;
    c->owner.item = mem_room(c->owner.item, 0, &c->owner.capacity, sizeof *c->owner.item); /* a place also for no owners */
    for (size_t i = 0; i < c->over.count; i++) {
        list_owners(c, &c->over.item[i]);
        for (uint32_t k = 0; k < c->over.item[i].heads && k < STREAM; k += ROWS_A_LINE)
            __builtin_prefetch(row_of(c->mart, resident_at(c->mart, (uint64_t)c->over.item[i].resident + k)));
    }
    if (c->fast)
        decide_fast(c);
    else
        decide_slowly(c);
}

void kin_chunk_release(struct kin_chunk *c)
{
    free(c->over.item);
    free(c->owner.item);
    free(c->open.item);
    free(c->owner_iin.item);
}
