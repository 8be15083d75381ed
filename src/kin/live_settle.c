/* SPDX-License-Identifier: Apache-2.0 */
/* What follows from the facts: the spouse in a person's row, his state, the heads of dwellings, the flags of those he owns. */
#include "kin/live_impl.h"

#include "base/arena.h"
#include "world/world.h"

#define ADULT_YEARS 18

/* ---- heads ---- */

static void add_head(struct kin_overlay *o, uint32_t dwelling_slot, int more)
{
    uint32_t *heads = &o->record[dwelling_slot].heads;
    uint64_t *key = &o->dwellings[dwelling_slot / KIN_LINE_DWELLINGS].key[dwelling_slot % KIN_LINE_DWELLINGS];
    uint32_t n = more < 0 && *heads == 0 ? 0 : *heads + (uint32_t)more;
    uint64_t shown = n < KIN_HEADS_MANY ? n : KIN_HEADS_MANY;
    __atomic_store_n(heads, n, __ATOMIC_RELEASE);
    __atomic_store_n(key, (*key & ((UINT64_C(1) << KIN_RKA_BITS) - 1)) | shown << KIN_RKA_BITS, __ATOMIC_RELEASE);
}

static bool among(const uint32_t *list, size_t n, uint32_t what)
{
    for (size_t i = 0; i < n; i++) {
        if (list[i] == what)
            return true;
    }
    return false;
}

/* Only where the person's own registration changed. */
static void recount(struct kin_overlay *o)
{
    for (size_t i = 0; i < o->befores; i++) {
        if (!among(o->after, o->afters, o->before[i]))
            add_head(o, o->before[i], -1);
    }
    for (size_t i = 0; i < o->afters; i++) {
        if (!among(o->before, o->befores, o->after[i]))
            add_head(o, o->after[i], 1);
    }
}

/* ---- state ---- */

static bool alive(const struct kin_overlay *o, uint32_t slot)
{
    return world_alive_between((struct day){ o->life[slot].born }, (struct day){ o->life[slot].died }, (struct day){ o->day });
}

static uint32_t owner_bits(uint32_t state)
{
    if ((state & KIN_STATE_DEAD) != 0)
        return 0;
    return ((state & KIN_STATE_OFFICE) != 0 ? KIN_DWELLING_OFFICE : 0) |
           ((state & KIN_STATE_DOUBT) != 0 ? KIN_DWELLING_DOUBT : 0);
}

static uint32_t state_of(const struct kin_overlay *o, uint32_t slot)
{
    struct day born = { o->life[slot].born };
    uint32_t state = o->state[slot] & (KIN_STATE_INCAPABLE | KIN_STATE_STUDENT), first = UINT32_MAX;
    if (!alive(o, slot))
        state |= KIN_STATE_DEAD;
    if ((state & KIN_STATE_INCAPABLE) != 0 || (!day_is_none(born) && o->day < day_add_years(born, ADULT_YEARS).n))
        state |= KIN_STATE_OFFICE;
    if (day_is_none(born) || !kin_mart_held(&o->mart, WORLD_INCAPACITY))
        state |= KIN_STATE_DOUBT;
    for (size_t i = 0; i < o->afters; i++)
        first = o->after[i] < first ? o->after[i] : first;
    if (o->afters > 0)
        state |= first + 1;
    return state | (o->afters > 1 ? KIN_STATE_ELSEWHERE : 0);
}

void kin_settle_begin(struct kin_overlay *o, uint32_t slot)
{
    o->befores = (o->state[slot] & KIN_STATE_DEAD) != 0 ? 0 : kin_stays_list(o, slot, &o->before, &o->before_room);
}

void kin_settle_end(struct kin_overlay *o, uint32_t slot)
{
    bool lives = alive(o, slot);
    uint32_t old = o->state[slot];
    if (!lives) /* where he was is not forgotten with him: the act may be annulled */
        kin_stays_own(o, slot);
    o->afters = lives ? kin_stays_list(o, slot, &o->after, &o->after_room) : 0;
    uint32_t state = state_of(o, slot);
    __atomic_store_n(&o->state[slot], state, __ATOMIC_RELEASE);
    recount(o);
    bool lived = (old & KIN_STATE_DEAD) == 0;
    __atomic_store_n(&o->header->living, o->header->living + (lives ? 1 : 0) - (lived ? 1 : 0), __ATOMIC_RELEASE);
    uint32_t key = o->persons[slot / KIN_LINE_PERSONS].row[slot % KIN_LINE_PERSONS].key;
    if (owner_bits(old) != owner_bits(state) && key != 0) /* 0: who is just being born owns nothing */
        *MEM_PUSH(o->dirty_owner, o->dirty_owners, o->dirty_room) = key;
}

/* ---- spouses ---- */

static uint32_t slot_of_key(const struct kin_overlay *o, uint32_t key)
{
    const struct kin_person_row *row = kin_mart_row(&o->mart, key);
    return row == NULL ? UINT32_MAX : kin_mart_slot(&o->mart, row);
}

static bool in_force(const struct kin_overlay *o, const struct kin_marriage_act *m)
{
    if (m->day > o->day || m->ended <= o->day || m->husband == m->wife)
        return false;
    uint32_t husband = slot_of_key(o, m->husband), wife = slot_of_key(o, m->wife);
    return husband != UINT32_MAX && wife != UINT32_MAX && alive(o, husband) && alive(o, wife);
}

/* As when a mart is built (mart_build_marriages.c). */
void kin_settle_spouse(struct kin_overlay *o, uint32_t slot)
{
    struct kin_person_row *place = &o->persons[slot / KIN_LINE_PERSONS].row[slot % KIN_LINE_PERSONS], row = *place;
    struct kin_marriage_walk walk = kin_marriage_begin(&o->mart, slot);
    struct kin_marriage_act m;
    row.spouse = 0;
    while (kin_mart_held(&o->mart, WORLD_DIVORCES) && kin_marriage_next(&o->mart, &walk, &m)) {
        uint32_t spouse = m.husband == row.key ? m.wife : m.husband;
        if (in_force(o, &m))
            row.spouse = row.spouse != 0 && row.spouse != spouse ? KIN_KEY_MANY : spouse;
    }
    if (row.spouse != place->spouse)
        kin_row_store(place, row);
}

void kin_settle_marriages(struct kin_overlay *o, uint32_t slot)
{
    uint32_t key = o->persons[slot / KIN_LINE_PERSONS].row[slot % KIN_LINE_PERSONS].key;
    struct kin_marriage_walk walk = kin_marriage_begin(&o->mart, slot);
    struct kin_marriage_act m;
    kin_settle_spouse(o, slot);
    while (kin_marriage_next(&o->mart, &walk, &m)) {
        uint32_t other = slot_of_key(o, m.husband == key ? m.wife : m.husband);
        if (other != UINT32_MAX && other != slot)
            kin_settle_spouse(o, other);
    }
}

/* ---- owners ---- */

uint32_t kin_owner_flags(const struct kin_overlay *o, uint32_t key)
{
    uint32_t slot = slot_of_key(o, key);
    return slot == UINT32_MAX ? 0 : owner_bits(o->state[slot]);
}
