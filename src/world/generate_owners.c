/* SPDX-License-Identifier: Apache-2.0 */
/* The ways to own a dwelling, and who speaks for an owner who cannot. */
#include "world/generate_impl.h"

#define OWNERS_MAX 3

/* ---- wards and guardians ---- */

int clan_guardian(const struct country *country, int ward, const char **ret_basis)
{
    const struct clan *clan = &country->clan;
    const struct member *m = &clan->member[ward];
    int parents[] = { m->mother, m->father };
    for (int i = 0; i < 2; i++)
        if (parents[i] >= 0 && member_is_adult(country, &clan->member[parents[i]]) && !clan->member[parents[i]].incapable) {
            *ret_basis = "parent";
            return parents[i];
        }
    for (int i = 0; i < clan->count; i++)
        if (i != ward && member_is_adult(country, &clan->member[i]) && !clan->member[i].incapable) {
            *ret_basis = "guardian";
            return i;
        }
    return -1;
}

struct iin country_some_adult(struct country *country)
{
    int n = country->adults < RING_ADULTS ? (int)country->adults : RING_ADULTS;
    return n == 0 ? (struct iin){ 0 } : country->adult[dice_below(&country->dice, n)];
}

/* ---- owners ---- */

int household_find(const struct country *country, int home, bool (*wanted)(const struct country *, const struct member *))
{
    for (int i = country->clan.home_first[home]; i >= 0; i = country->clan.member[i].next_at_home)
        if (wanted(country, &country->clan.member[i]))
            return i;
    return -1;
}

bool member_is_capable_adult(const struct country *c, const struct member *m) { return member_is_adult(c, m) && !m->incapable; }
static bool is_minor(const struct country *c, const struct member *m) { return !member_is_adult(c, m) && member_is_alive(c, m); }
static bool is_incapable(const struct country *c, const struct member *m) { return m->incapable && member_is_alive(c, m); }

static void own_alone(struct country *country, const struct household *h, struct iin owner)
{
    row_owner(country, h->dwelling, owner, dice_chance(&country->dice, 300) ? "1/1" : "");
}

/* Each way to own a dwelling returns false when it does not fit the household; then the head owns it. */

static bool owned_by_head(struct country *country, const struct household *h)
{
    own_alone(country, h, country->clan.member[h->head].iin);
    return true;
}

static bool owned_by_couple(struct country *country, const struct household *h)
{
    const struct member *head = &country->clan.member[h->head];
    if (head->spouse < 0)
        return false;
    const char *share = dice_chance(&country->dice, 500) ? "1/2" : "";
    row_owner(country, h->dwelling, head->iin, share);
    row_owner(country, h->dwelling, country->clan.member[head->spouse].iin, share);
    return true;
}

/* Often dead: the inheritance has not been registered. */
static bool owned_by_parent(struct country *country, const struct household *h)
{
    const struct member *head = &country->clan.member[h->head];
    int parent = head->father >= 0 && dice_chance(&country->dice, 500) ? head->father : head->mother;
    if (parent < 0)
        return false;
    own_alone(country, h, country->clan.member[parent].iin);
    return true;
}

static bool add_ward(struct country *country, int ward)
{
    const struct member *m = &country->clan.member[ward];
    const char *basis;
    if (m->incapable)
        return true; /* has a representative by now */
    int guardian = clan_guardian(country, ward, &basis);
    if (guardian >= 0)
        row_representative(country, m->iin, country->clan.member[guardian].iin, basis, m->born);
    return guardian >= 0;
}

static bool owned_by_minor(struct country *country, const struct household *h)
{
    int child = household_find(country, h->home, is_minor);
    if (child < 0 || !add_ward(country, child))
        return false;
    own_alone(country, h, country->clan.member[child].iin);
    return true;
}

static bool owned_by_incapable(struct country *country, const struct household *h)
{
    int incapable = household_find(country, h->home, is_incapable);
    if (incapable < 0)
        return false;
    own_alone(country, h, country->clan.member[incapable].iin);
    return true;
}

static bool owned_by_three(struct country *country, const struct household *h)
{
    const struct clan *clan = &country->clan;
    int count = 0;
    struct iin owners[OWNERS_MAX];
    for (int i = clan->home_first[h->home]; i >= 0 && count < OWNERS_MAX; i = clan->member[i].next_at_home)
        if (!is_minor(country, &clan->member[i]) || add_ward(country, i))
            owners[count++] = clan->member[i].iin;
    for (int i = 0; i < count; i++)
        row_owner(country, h->dwelling, owners[i], count == 3 ? "1/3" : count == 2 ? "1/2" : "1/1");
    return count > 0;
}

static bool owned_by_company(struct country *country, const struct household *h)
{
    const struct member *head = &country->clan.member[h->head];
    if (!member_is_capable_adult(country, head))
        return false;
    int64_t known = country->companies < RING_COMPANIES ? country->companies : RING_COMPANIES;
    struct iin company = known > 0 && dice_chance(&country->dice, 700) ? country->company[dice_below(&country->dice, (int)known)]
                                                                       : row_company(country, head->iin);
    own_alone(country, h, company);
    return true;
}

static bool owned_by_landlord(struct country *country, const struct household *h)
{
    struct iin landlord = country_some_adult(country);
    if (iin_is_none(landlord))
        return false;
    own_alone(country, h, landlord);
    return true;
}

static bool owned_by_nobody(struct country *country, const struct household *h)
{
    (void)country, (void)h;
    return true; /* the cadastre holds no right */
}

void household_draw_owners(struct country *country, const struct household *h)
{
    static bool (*const WAYS[])(struct country *, const struct household *) = {
        owned_by_head,      owned_by_couple, owned_by_parent,  owned_by_landlord, owned_by_minor,
        owned_by_incapable, owned_by_three,  owned_by_company, owned_by_nobody,
    };
    static const int CHANCE[] = { 420, 190, 130, 100, 40, 30, 40, 40, 10 };
    if (!WAYS[dice_pick(&country->dice, CHANCE, 9)](country, h))
        owned_by_head(country, h);
}
