/* SPDX-License-Identifier: Apache-2.0 */
/* EGKN from a world folder: a dwelling with its owners, the dwellings of an owner. */
#include "registry/cyrillic.h"
#include "registry/folder.h"

#define DWELLINGS_LIMIT 50
/* A row may be repeated in owners.csv; only so many rows back are compared, so that a dwelling with
 * thousands of owners stays linear. */
#define OWNERS_COMPARED 32

static struct registry_dwelling dwelling_of(const struct world_dwelling *row)
{
    return (struct registry_dwelling){ .held = true,
                                       .rka = row->rka,
                                       .cadastral_number = row->cadastral_number,
                                       .kato = row->kato,
                                       .address_kk = row->address_kk,
                                       .address_ru = row->address_ru,
                                       .total_area = row->total_area,
                                       .useful_area = row->useful_area };
}

static bool owner_repeated(const struct registry_dwelling *dwelling, const struct world_owner *row)
{
    int first = dwelling->owners > OWNERS_COMPARED ? dwelling->owners - OWNERS_COMPARED : 0;
    for (int i = first; i < dwelling->owners; i++) {
        if (iin_equal(dwelling->owner[i].id, row->owner) && str_equal(dwelling->owner[i].share, row->share)) {
            return true;
        }
    }
    return false;
}

static void collect_owners(struct world *world, const struct world_dwelling *row, struct arena *arena,
                           struct registry_dwelling *dwelling)
{
    struct world_run run = world_owners_of(world, row);
    if (run.count == 0) {
        return;
    }
    dwelling->owner = ARENA_ARRAY(arena, struct registry_owner, run.count);
    for (int i = 0; i < run.count; i++) {
        const struct world_owner *owner = world_owner_at(world, run.index[i]);
        if (owner_repeated(dwelling, owner)) {
            continue;
        }
        struct registry_owner *to = &dwelling->owner[dwelling->owners++];
        to->id = owner->owner;
        to->share = owner->share;
        if (iin_kind_of(owner->owner) == IIN_COMPANY) {
            const struct world_company *company = world_company(world, owner->owner);
            to->name = company ? company->name : (struct str){ 0 };
            to->head = company ? company->head : (struct iin){ 0 };
        }
    }
}

void folder_ask_dwelling(struct world *world, const struct registry_question *question, struct arena *arena,
                         struct registry_answer *ret)
{
    struct registry_dwelling *dwelling = &ret->dwelling;
    dwelling->total_area = dwelling->useful_area = DECIMAL_NONE;
    const struct world_dwelling *row = world_dwelling(world, question->rka);
    if (row) {
        *dwelling = dwelling_of(row);
    }
    dwelling->owners_silent = !world_holds(world, WORLD_OWNERS);
    if (row && !dwelling->owners_silent) {
        collect_owners(world, row, arena, dwelling);
    }
}

static bool dwelling_listed(const struct registry_dwellings *list, struct str rka)
{
    for (int i = 0; i < list->count; i++) {
        if (str_equal(list->item[i].rka, rka)) {
            return true;
        }
    }
    return false;
}

void folder_ask_dwellings_of(struct world *world, const struct registry_question *question, struct arena *arena,
                             struct registry_answer *ret)
{
    if (!world_holds(world, WORLD_OWNERS)) {
        folder_silent(ret, WORLD_OWNERS);
        return;
    }
    struct registry_dwellings *list = &ret->dwellings;
    struct world_run run = world_dwellings_owned_by(world, question->person);
    int room = run.count < DWELLINGS_LIMIT ? run.count : DWELLINGS_LIMIT;
    list->item = room ? ARENA_ARRAY(arena, struct registry_dwelling, room) : NULL;
    for (int i = 0; i < run.count && !list->more; i++) {
        const struct world_dwelling *row = world_dwelling_at(world, world_owner_at(world, run.index[i])->dwelling);
        bool found = cyrillic_contains(row->address_kk, question->text) || cyrillic_contains(row->address_ru, question->text);
        if (!found || dwelling_listed(list, row->rka)) {
            continue;
        }
        if (list->count == DWELLINGS_LIMIT) {
            list->more = true;
        } else {
            list->item[list->count++] = dwelling_of(row);
        }
    }
}
