/* SPDX-License-Identifier: Apache-2.0 */
/* Days pass: acts dated ahead come into force, persons are born and die, children come of age. */
#include "kin/live_impl.h"

#include "base/arena.h"
#include "base/date.h"

#include <stdlib.h>

#define ADULT_YEARS 18
#define AHEAD       62 /* days that are looked ahead at once */

static void note(struct kin_overlay *o, int32_t day, enum kin_due_kind kind, uint64_t what)
{
    if (day > o->day && day <= o->due_until)
        *MEM_PUSH(o->due, o->dues, o->due_room) = (struct kin_due){ day, kind, (uint32_t)what };
}

static void note_person(struct kin_overlay *o, uint64_t slot, struct day first, struct day last)
{
    struct kin_life life = o->life[slot];
    note(o, life.died, KIN_DUE_PERSON, slot);
    note(o, life.born, KIN_DUE_PERSON, slot);
    if (life.born >= first.n && life.born <= last.n)
        note(o, day_add_years((struct day){ life.born }, ADULT_YEARS).n, KIN_DUE_PERSON, slot);
}

static int compare_due(const void *a, const void *b)
{
    const struct kin_due *x = a, *y = b;
    if (x->day != y->day)
        return (x->day > y->day) - (x->day < y->day);
    return (x->kind > y->kind) - (x->kind < y->kind);
}

/* One look at everybody serves for a long time: what a record changes meanwhile is settled with the record, and who is new is
 * put in his place (kin_live_expect). */
static void look_ahead(struct kin_overlay *o)
{
    o->dues = o->due_at = 0;
    o->due_until = o->day + AHEAD;
    /* Whose eighteenth birthday can fall into that time; a day more at both ends for leap years. */
    struct day first = { o->day - ADULT_YEARS * 366 - 1 }, last = { o->due_until - ADULT_YEARS * 365 + 1 };
    for (uint64_t slot = 0; slot < o->slots; slot++)
        note_person(o, slot, first, last);
    for (uint64_t i = 0; i < o->late_births; i++)
        note(o, o->late_birth[i].day, KIN_DUE_BIRTH, i);
    for (uint64_t i = 0; i < o->marriage.used; i++) {
        note(o, o->marriage.item[i].day, KIN_DUE_MARRIAGE, i);
        note(o, o->marriage.item[i].ended, KIN_DUE_MARRIAGE, i);
    }
    if (o->dues > 0)
        qsort(o->due, o->dues, sizeof *o->due, compare_due);
}

void kin_live_expect(struct kin_overlay *o, uint32_t slot)
{
    struct day born = { o->life[slot].born };
    size_t at = o->due_at, before = o->dues;
    if (!day_is_none(born))
        note(o, day_add_years(born, ADULT_YEARS).n, KIN_DUE_PERSON, slot);
    if (o->dues == before)
        return;
    struct kin_due due = o->due[before];
    while (at < before && o->due[at].day <= due.day)
        at++;
    memmove(&o->due[at + 1], &o->due[at], (before - at) * sizeof due);
    o->due[at] = due;
}

static void person_due(struct kin_overlay *o, uint32_t slot)
{
    kin_settle_begin(o, slot);
    kin_settle_end(o, slot);
    kin_settle_marriages(o, slot);
}

static void birth_due(struct kin_overlay *o, uint32_t i)
{
    const struct kin_late_birth *late = &o->late_birth[i];
    if (late->slot < o->slots && late->day != INT32_MAX && o->birth_act[late->slot].day == INT32_MAX)
        kin_live_enter_birth(o, late->slot, &(struct kin_birth_found){ late->mother, late->father, late->number, late->day });
}

static void marriage_due(struct kin_overlay *o, uint32_t i)
{
    const uint32_t spouse[2] = { o->marriage.item[i].husband, o->marriage.item[i].wife };
    for (int k = 0; k < 2; k++) {
        const struct kin_person_row *row = kin_mart_row(&o->mart, spouse[k]);
        if (row != NULL)
            kin_settle_spouse(o, kin_mart_slot(&o->mart, row));
    }
}

/* Each is settled on the day to come, so the order does not matter. */
void kin_live_advance(struct kin_overlay *o, int32_t day)
{
    static void (*const due[])(struct kin_overlay *, uint32_t) = {
        [KIN_DUE_PERSON] = person_due, [KIN_DUE_BIRTH] = birth_due, [KIN_DUE_MARRIAGE] = marriage_due
    };
    while (o->day < day) {
        if (o->due_until <= o->day)
            look_ahead(o);
        o->day = day < o->due_until ? day : o->due_until;
        for (; o->due_at < o->dues && o->due[o->due_at].day <= o->day; o->due_at++)
            due[o->due[o->due_at].kind](o, o->due[o->due_at].what);
    }
    __atomic_store_n(&o->header->as_of, o->day, __ATOMIC_RELEASE);
}
