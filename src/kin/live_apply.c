/* SPDX-License-Identifier: Apache-2.0 */
/* Records become facts: deaths, registrations, states, owners; and the table of all of them. */
#include "kin/live_impl.h"

/* ---- life, states, registrations ---- */

static void set_death(struct kin_overlay *o, uint32_t slot, int32_t day)
{
    struct kin_life life = { o->life[slot].born, day };
    kin_stays_own(o, slot);
    kin_settle_begin(o, slot);
    KIN_STORE_8(&o->life[slot], &life);
    kin_settle_end(o, slot);
    kin_settle_marriages(o, slot);
}

static void death(struct kin_overlay *o, const struct kin_record *r)
{
    uint32_t slot = kin_live_slot(o, r->person[0]);
    if (slot != UINT32_MAX)
        set_death(o, slot, r->day.n);
}

static void move(struct kin_overlay *o, const struct kin_record *r)
{
    uint32_t slot = kin_live_slot(o, r->person[0]), dwelling = kin_live_dwelling(o, r->other);
    if (slot == UINT32_MAX || dwelling == UINT32_MAX)
        return;
    kin_settle_begin(o, slot);
    kin_stays_change(o, slot, dwelling, r->type == KIN_RECORD_MOVE_IN);
    kin_settle_end(o, slot);
}

static void mark(struct kin_overlay *o, const struct kin_record *r, uint32_t bit)
{
    uint32_t slot = kin_live_slot(o, r->person[0]);
    if (slot == UINT32_MAX)
        return;
    uint32_t old = o->state[slot];
    kin_settle_begin(o, slot);
    __atomic_store_n(&o->state[slot], r->begins ? old | bit : old & ~bit, __ATOMIC_RELEASE);
    kin_settle_end(o, slot);
}

static void student(struct kin_overlay *o, const struct kin_record *r) { mark(o, r, KIN_STATE_STUDENT); }
static void incapacity(struct kin_overlay *o, const struct kin_record *r) { mark(o, r, KIN_STATE_INCAPABLE); }

void kin_live_annul_death(struct kin_overlay *o, const struct kin_record *r)
{
    uint32_t slot = kin_live_slot(o, r->person[0]);
    if (slot != UINT32_MAX)
        set_death(o, slot, INT32_MIN);
}

/* ---- owners ---- */

/* Area, flags and owner belong together: the line's counter is odd meanwhile (kin_dwelling_load). */
static void publish_owner(struct kin_overlay *o, uint32_t dwelling, uint32_t flags, uint32_t owner)
{
    const uint32_t of_owners =
        KIN_DWELLING_OFFICE | KIN_DWELLING_COMPANY | KIN_DWELLING_LIST | KIN_DWELLING_NOBODY | KIN_DWELLING_DOUBT;
    struct kin_dwelling_line *line = &o->dwellings[dwelling / KIN_LINE_DWELLINGS];
    int row = (int)(dwelling % KIN_LINE_DWELLINGS);
    uint32_t even = line->change;
    __atomic_store_n(&line->change, even + 1, __ATOMIC_RELAXED);
    __atomic_thread_fence(__ATOMIC_RELEASE);
    __atomic_store_n(&line->area[row], (line->area[row] & ~of_owners) | flags, __ATOMIC_RELEASE);
    __atomic_store_n(&line->owner[row], owner, __ATOMIC_RELEASE);
    __atomic_store_n(&line->change, even + 2, __ATOMIC_RELEASE);
}

static void owners(struct kin_overlay *o, const struct kin_record *r)
{
    uint32_t dwelling = kin_live_dwelling(o, r->other), *list = o->owner.item + o->owner.used, n = 0;
    uint32_t flags = r->persons == 0 ? KIN_DWELLING_NOBODY : 0;
    if (dwelling == UINT32_MAX)
        return;
    if (o->owner.room - o->owner.used < KIN_RECORD_PERSONS + 1) {
        o->full = true;
        return;
    }
    for (int i = 0; i < r->persons; i++) {
        bool company = iin_kind_of(r->person[i]) == IIN_COMPANY, seen = false;
        uint32_t key = company ? 0 : kin_live_enter_key(o, r->person[i]);
        flags |= company ? KIN_DWELLING_COMPANY : kin_owner_flags(o, key);
        for (uint32_t k = 0; k < n; k++)
            seen |= list[k] == key;
        if (key != 0 && !seen)
            list[n++] = key;
    }
    list[n] = 0;
    for (uint32_t k = 0; k < n; k++)
        kin_owned_enter(o, list[k], dwelling);
    if (n < 2) {
        publish_owner(o, dwelling, flags, n == 1 ? list[0] : 0);
        return;
    }
    publish_owner(o, dwelling, flags | KIN_DWELLING_LIST, o->owner.used);
    o->owner.used += n + 1;
}

/* ---- all ---- */

static void (*const apply[KIN_RECORD_TYPES])(struct kin_overlay *, const struct kin_record *) = {
    [KIN_RECORD_BIRTH] = kin_live_birth_act,
    [KIN_RECORD_MARRIAGE] = kin_live_marriage,
    [KIN_RECORD_DIVORCE] = kin_live_divorce,
    [KIN_RECORD_DEATH] = death,
    [KIN_RECORD_CORRECTION] = kin_live_correction,
    [KIN_RECORD_ANNULMENT] = kin_live_annulment,
    [KIN_RECORD_MOVE_IN] = move,
    [KIN_RECORD_MOVE_OUT] = move,
    [KIN_RECORD_OWNERS] = owners,
    [KIN_RECORD_STUDENT] = student,
    [KIN_RECORD_INCAPACITY] = incapacity,
};

bool kin_live_apply(struct kin_overlay *o, const struct kin_record *r, uint64_t sequence, struct err *err)
{
    kin_live_advance(o, r->day.n);
    apply[r->type](o, r);
    if (!o->replaying)
        kin_settle_owners(o);
    if (o->full)
        return err_set(err, ERR_LIMIT, "no room for record %llu: a snapshot has to be taken", (unsigned long long)sequence);
    o->sequence = sequence;
    __atomic_store_n(&o->header->sequence, sequence, __ATOMIC_RELEASE);
    return true;
}
