/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of the registers as they come in: numbers become keys, act numbers go into long texts. */
#include "kin/mart_build.h"

#include <stdlib.h>

#define RKA_DIGITS 16

/* ---- a small map ---- */

static size_t map_place(const struct kin_map *map, uint64_t key)
{
    size_t at = (size_t)(key * UINT64_C(0x9E3779B97F4A7C15) >> 20) & map->mask;
    while (map->slot[at].key != 0 && map->slot[at].key != key)
        at = (at + 1) & map->mask;
    return at;
}

static void map_grow(struct kin_map *map)
{
    struct kin_map old = *map;
    size_t size = old.slot == NULL ? 64 : (old.mask + 1) * 2;
    map->slot = mem_alloc(size * sizeof *map->slot);
    map->mask = size - 1;
    for (size_t i = 0; old.slot != NULL && i <= old.mask; i++) {
        if (old.slot[i].key != 0)
            map->slot[map_place(map, old.slot[i].key)] = old.slot[i];
    }
    free(old.slot);
}

uint32_t kin_map_enter(struct kin_map *map, uint64_t key, uint32_t value)
{
    if (map->slot == NULL || map->count * 2 > map->mask)
        map_grow(map);
    size_t at = map_place(map, key);
    if (map->slot[at].key == 0) {
        map->slot[at].key = key;
        map->slot[at].value = value;
        map->count++;
    }
    return map->slot[at].value;
}

void kin_map_release(struct kin_map *map)
{
    free(map->slot);
    *map = (struct kin_map){ 0 };
}

/* ---- keys ---- */

/* Irregular numbers get their place in the order of coming; kin_build_persons renumbers them in the order of the numbers. */
static uint32_t key_of(struct kin_builder *b, struct iin iin)
{
    uint32_t key = kin_key_of(iin);
    if (key != 0 || iin_is_none(iin))
        return key;
    uint32_t place = kin_map_enter(&b->irregular_place, iin.n, (uint32_t)b->irregular_iin.count);
    if (place == b->irregular_iin.count)
        *MEM_PUSH(b->irregular_iin.row, b->irregular_iin.count, b->irregular_iin.capacity) = iin.n;
    if (place >= KIN_IRREGULAR_MAX)
        BUG("more irregular numbers than there are keys");
    return KIN_KEY_IRREGULAR + place;
}

static void tell_day(struct kin_builder *b, struct day day)
{
    if (!day_is_none(day) && day.n > b->last_day)
        b->last_day = day.n;
}

static struct kin_spell spell_of(struct kin_builder *b, struct day since, struct day until)
{
    tell_day(b, since);
    return (struct kin_spell){ since.n, until.n };
}

bool kin_in_force(struct kin_spell spell, int32_t day)
{
    return spell.since <= day && (spell.until == INT32_MIN || spell.until >= day);
}

/* ---- one function a file ---- */

#define PUSH(rows) MEM_PUSH((rows).row, (rows).count, (rows).capacity)

static void add_person(struct kin_builder *b, const void *row)
{
    const struct world_person *p = row;
    tell_day(b, p->born);
    tell_day(b, p->died);
    *PUSH(b->person) = (struct kin_person_draft){ key_of(b, p->iin), p->born.n, p->died.n, p->capable == WORLD_CAPABLE_NO };
}

static void add_birth(struct kin_builder *b, const void *row)
{
    const struct world_birth *birth = row;
    tell_day(b, birth->act_date);
    *PUSH(b->birth) = (struct kin_birth_draft){ key_of(b, birth->child), key_of(b, birth->mother), key_of(b, birth->father),
                                                kin_texts_add(&b->birth_text, birth->act_number), birth->act_date.n };
}

static void add_marriage(struct kin_builder *b, const void *row)
{
    const struct world_marriage *m = row;
    tell_day(b, m->act_date);
    *PUSH(b->marriage) = (struct kin_marriage_act){ key_of(b, m->husband), key_of(b, m->wife),
                                                    kin_texts_add(&b->marriage_text, m->act_number), m->act_date.n, INT32_MAX };
}

static void add_divorce(struct kin_builder *b, const void *row)
{
    const struct world_divorce *d = row;
    tell_day(b, d->act_date);
    *PUSH(b->divorce) = (struct kin_divorce_draft){ key_of(b, d->husband), key_of(b, d->wife),
                                                    kin_texts_add(&b->divorce_text, d->marriage_act_number), d->act_date.n };
}

/* Behind a 1, so that leading zeros count. */
static uint32_t kato_number(struct str kato)
{
    uint32_t n = 1;
    for (size_t i = 0; i < kato.n && i < 9; i++)
        n = n * 10 + (uint32_t)(kato.p[i] - '0');
    return n;
}

static uint64_t rka_number(struct kin_builder *b, struct str rka)
{
    uint64_t n = 0;
    if (rka.n == RKA_DIGITS && str_to_u64(rka, &n) && n != 0)
        return n;
    *PUSH(b->irregular_rka) = kin_texts_add(&b->rka_text, rka);
    return KIN_RKA_IRREGULAR + b->irregular_rka.count - 1;
}

static void add_dwelling(struct kin_builder *b, const void *row)
{
    const struct world_dwelling *d = row;
    *PUSH(b->dwelling) =
        (struct kin_dwelling_draft){ rka_number(b, d->rka), d->total_area, d->useful_area, kato_number(d->kato) };
}

static void add_owner(struct kin_builder *b, const void *row)
{
    const struct world_owner *o = row;
    bool company = iin_kind_of(o->owner) == IIN_COMPANY;
    *PUSH(b->owner) = (struct kin_owner_draft){ (uint32_t)o->dwelling, company ? 0 : key_of(b, o->owner) };
}

static void add_resident(struct kin_builder *b, const void *row)
{
    const struct world_resident *r = row;
    *PUSH(b->resident_draft) =
        (struct kin_resident_draft){ (uint32_t)r->dwelling, key_of(b, r->iin), spell_of(b, r->since, r->until) };
}

static void add_incapacity(struct kin_builder *b, const void *row)
{
    const struct world_incapacity *i = row;
    *PUSH(b->incapacity) = (struct kin_spell_draft){ key_of(b, i->iin), spell_of(b, i->since, i->until) };
}

static void add_student(struct kin_builder *b, const void *row)
{
    const struct world_student *s = row;
    struct kin_spell spell = spell_of(b, s->since, s->until);
    if (s->form == WORLD_FULL_TIME && str_starts(s->kato, "71"))
        *PUSH(b->study) = (struct kin_spell_draft){ key_of(b, s->iin), spell };
}

static void (*const add_row[WORLD_FILES])(struct kin_builder *, const void *) = {
    [WORLD_PERSONS] = add_person,     [WORLD_BIRTHS] = add_birth,          [WORLD_MARRIAGES] = add_marriage,
    [WORLD_DIVORCES] = add_divorce,   [WORLD_DWELLINGS] = add_dwelling,    [WORLD_OWNERS] = add_owner,
    [WORLD_RESIDENTS] = add_resident, [WORLD_INCAPACITY] = add_incapacity, [WORLD_STUDENTS] = add_student,
};

static void begin(void *builder, enum world_file file)
{
    struct kin_builder *b = builder;
    if (add_row[file] != NULL)
        b->held |= 1u << file;
}

static void add(void *builder, enum world_file file, const void *row)
{
    if (add_row[file] != NULL)
        add_row[file](builder, row);
}

struct world_sink kin_builder_sink(struct kin_builder *builder) { return (struct world_sink){ builder, begin, add }; }

struct kin_builder *kin_builder_new(void)
{
    struct kin_builder *b = mem_alloc(sizeof *b);
    b->last_day = INT32_MIN;
    return b;
}
