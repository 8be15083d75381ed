/* SPDX-License-Identifier: Apache-2.0 */
/* What a record has against it, before it is written down for good. */
#include "kin/live_impl.h"

#include "base/date.h"

static bool no(struct err *err, const char *field, const char *what) { return !err_set(err, ERR_INPUT, "%s: %s", field, what); }

static const struct kin_person_row *row_at(const struct kin_overlay *o, uint32_t slot)
{
    return &o->persons[slot / KIN_LINE_PERSONS].row[slot % KIN_LINE_PERSONS];
}

static bool has_birth(const struct kin_overlay *o, struct iin person, struct kin_birth_found *ret)
{
    uint32_t slot = kin_live_slot(o, person);
    return slot != UINT32_MAX && kin_birth_on(&o->mart, row_at(o, slot), INT32_MAX - 1, ret);
}

static bool person_is_missing(const struct kin_overlay *o, struct iin person, const char *field, struct err *err)
{
    return kin_live_slot(o, person) == UINT32_MAX && no(err, field, "there is no such person in the mart");
}

static bool dwelling_is_missing(const struct kin_overlay *o, const struct kin_record *r, struct err *err)
{
    return kin_live_dwelling(o, r->other) == UINT32_MAX && no(err, "rka", "there is no such dwelling in the mart");
}

/* The same act once more is let pass: whoever was not answered sends it again. */
static bool birth(struct kin_overlay *o, const struct kin_record *r, struct err *err)
{
    struct kin_birth_found old;
    if (!day_is_none(r->other_day) && r->other_day.n > r->day.n)
        return no(err, "born", "is later than the act");
    if (!has_birth(o, r->person[0], &old))
        return false;
    bool same = str_equal(kin_mart_text(&o->mart, old.number), r->act_number) && old.day == r->day.n &&
                iin_equal(kin_mart_iin(&o->mart, old.mother), r->person[1]) &&
                iin_equal(kin_mart_iin(&o->mart, old.father), r->person[2]);
    return !same && no(err, "child", "there is a birth act already: a correction amends it");
}

static bool marriage(struct kin_overlay *o, const struct kin_record *r, struct err *err)
{
    if (iin_equal(r->person[0], r->person[1]))
        return no(err, "wife", "is the husband");
    bool known = kin_live_slot(o, r->person[0]) != UINT32_MAX || kin_live_slot(o, r->person[1]) != UINT32_MAX;
    return !known && no(err, "husband", "neither spouse is in the mart");
}

static bool have_married(const struct kin_overlay *o, const struct kin_record *r, struct iin person)
{
    uint32_t slot = kin_live_slot(o, person), a = kin_mart_key(&o->mart, r->person[0]), b = kin_mart_key(&o->mart, r->person[1]);
    struct kin_marriage_walk walk;
    struct kin_marriage_act m;
    if (slot == UINT32_MAX)
        return false;
    for (walk = kin_marriage_begin(&o->mart, slot); kin_marriage_next(&o->mart, &walk, &m);) {
        bool couple = (m.husband == a && m.wife == b) || (m.husband == b && m.wife == a);
        if (couple && m.day <= r->day.n && (r->other.n == 0 || str_equal(kin_mart_text(&o->mart, m.number), r->other)))
            return true;
    }
    return false;
}

static bool divorce(struct kin_overlay *o, const struct kin_record *r, struct err *err)
{
    bool known = have_married(o, r, r->person[0]) || have_married(o, r, r->person[1]);
    return !known && no(err, r->other.n > 0 ? "marriage_act_number" : "husband",
                        "no marriage of the two of that day or before is on record");
}

static bool death(struct kin_overlay *o, const struct kin_record *r, struct err *err)
{
    if (person_is_missing(o, r->person[0], "person", err))
        return true;
    struct kin_life life = o->life[kin_live_slot(o, r->person[0])];
    return life.died != INT32_MIN && life.died != r->day.n && life.died <= o->day &&
           no(err, "person", "is dead already by another day: that act has to be annulled first");
}

static bool correction(struct kin_overlay *o, const struct kin_record *r, struct err *err)
{
    if (!day_is_none(r->other_day) && r->other_day.n > r->day.n)
        return no(err, "act_day", "is later than the correction");
    return person_is_missing(o, r->person[0], "child", err);
}

static bool annulment(struct kin_overlay *o, const struct kin_record *r, struct err *err)
{
    struct kin_birth_found act;
    struct kin_marriage_act m;
    uint32_t place;
    if (person_is_missing(o, r->person[0], "person", err))
        return true;
    if (r->annulled == KIN_RECORD_BIRTH)
        return (!has_birth(o, r->person[0], &act) || !str_equal(kin_mart_text(&o->mart, act.number), r->act_number)) &&
               no(err, "act_number", "is not that of the person's birth act");
    if (r->annulled == KIN_RECORD_DEATH)
        return o->life[kin_live_slot(o, r->person[0])].died == INT32_MIN && no(err, "person", "no death is on record");
    return !kin_live_find_marriage(o, r->person[0], r->act_number, &m, &place) &&
           no(err, "act_number", "is not that of a marriage of the person");
}

static bool move_in(struct kin_overlay *o, const struct kin_record *r, struct err *err)
{
    return person_is_missing(o, r->person[0], "person", err) || dwelling_is_missing(o, r, err);
}

static bool move_out(struct kin_overlay *o, const struct kin_record *r, struct err *err)
{
    if (move_in(o, r, err))
        return true;
    return !kin_live_stays(o, kin_live_slot(o, r->person[0]), kin_live_dwelling(o, r->other)) &&
           no(err, "rka", "the person is not registered there");
}

static bool owners(struct kin_overlay *o, const struct kin_record *r, struct err *err) { return dwelling_is_missing(o, r, err); }

static bool person(struct kin_overlay *o, const struct kin_record *r, struct err *err)
{
    return person_is_missing(o, r->person[0], "person", err);
}

bool kin_live_refuses(struct kin_overlay *o, const struct kin_record *r, struct err *err)
{
    static bool (*const refuses[KIN_RECORD_TYPES])(struct kin_overlay *, const struct kin_record *, struct err *) = {
        [KIN_RECORD_BIRTH] = birth,     [KIN_RECORD_MARRIAGE] = marriage,     [KIN_RECORD_DIVORCE] = divorce,
        [KIN_RECORD_DEATH] = death,     [KIN_RECORD_CORRECTION] = correction, [KIN_RECORD_ANNULMENT] = annulment,
        [KIN_RECORD_MOVE_IN] = move_in, [KIN_RECORD_MOVE_OUT] = move_out,     [KIN_RECORD_OWNERS] = owners,
        [KIN_RECORD_STUDENT] = person,  [KIN_RECORD_INCAPACITY] = person,
    };
    if (r->day.n - KIN_LIVE_AHEAD > o->day)
        return no(err, "day", "is more than a year after everything else that is on record");
    return refuses[r->type](o, r, err);
}
