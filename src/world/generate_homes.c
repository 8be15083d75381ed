/* SPDX-License-Identifier: Apache-2.0 */
/* Who lives with whom on the legal day, in which dwelling, who owns it, and who is registered there besides. */
#include "world/generate_impl.h"

#define YEAR            365
#define OVERFILLED_AREA 3570 /* 35.70 m2, the flat of the news */

/* ---- homes ---- */

static void move_in(struct clan *clan, int member, int home)
{
    clan->member[member].home = home;
    clan->member[member].next_at_home = clan->home_first[home];
    clan->home_first[home] = member;
}

static void found_home(struct clan *clan, int member)
{
    clan->home_first[clan->homes] = -1;
    move_in(clan, member, clan->homes++);
}

static int find_home(struct country *country, int member);

/* The home of a living parent, -1 when there is none.  Parents are older, so this ends. */
static int home_of_parents(struct country *country, int member)
{
    const struct member *m = &country->clan.member[member];
    int parents[] = { m->mother, m->father };
    for (int i = 0; i < 2; i++)
        if (parents[i] >= 0 && member_is_alive(country, &country->clan.member[parents[i]]))
            return find_home(country, parents[i]);
    return -1;
}

/* Minors without parents come to the oldest adult who has a home. */
static int home_of_relatives(struct country *country)
{
    const struct clan *clan = &country->clan;
    for (int i = 0; i < clan->count; i++)
        if (clan->member[i].home >= 0 && member_is_adult(country, &clan->member[i]))
            return clan->member[i].home;
    return -1;
}

static int choose_home(struct country *country, int member)
{
    struct dice *dice = &country->dice;
    const struct member *m = &country->clan.member[member];
    if (!member_is_adult(country, m)) {
        int home = home_of_parents(country, member);
        return home >= 0 ? home : home_of_relatives(country);
    }
    if (m->spouse >= 0 && m->sex == WORLD_FEMALE)
        return find_home(country, m->spouse);
    bool young = day_add_years(m->born, 30).n > country->legal_day.n;
    return dice_chance(dice, m->spouse >= 0 ? 180 : young ? 620 : 150) ? home_of_parents(country, member) : -1;
}

static int find_home(struct country *country, int member)
{
    struct clan *clan = &country->clan;
    if (clan->member[member].home >= 0)
        return clan->member[member].home;
    int home = choose_home(country, member);
    if (home >= 0)
        move_in(clan, member, home);
    else
        found_home(clan, member);
    return clan->member[member].home;
}

/* ---- wards ---- */

static void draw_incapacity(struct country *country)
{
    struct clan *clan = &country->clan;
    const char *basis;
    for (int i = 0; i < clan->count; i++) {
        struct member *m = &clan->member[i];
        if (!member_is_adult(country, m) || !dice_chance(&country->dice, 6))
            continue;
        int guardian = clan_guardian(country, i, &basis);
        if (guardian < 0)
            continue;
        m->incapable = true;
        struct day since = day_draw(country, day_add_years(m->born, 18), country->legal_day);
        /* Now and then the court has given the capacity back, or does so soon. */
        struct day until = dice_chance(&country->dice, 150) ? day_draw(country, since, country->last_day) : DAY_NONE;
        if (!dice_chance(&country->dice, 80))
            row_incapacity(country, m->iin, since, until);
        row_representative(country, m->iin, clan->member[guardian].iin, basis, since);
    }
}

/* ---- rings ---- */

static void remember_adults(struct country *country)
{
    for (int i = 0; i < country->clan.count; i++) {
        const struct member *m = &country->clan.member[i];
        if (member_is_adult(country, m) && !m->incapable)
            country->adult[country->adults++ % RING_ADULTS] = m->iin;
    }
}

/* ---- residents ---- */

static struct day draw_since(struct country *country, const struct member *m, struct day dwelling_since)
{
    struct day from = m->born.n > dwelling_since.n ? m->born : dwelling_since;
    return dice_chance(&country->dice, 700) ? from : day_draw(country, from, country->legal_day);
}

/* Where the person lived before: a spell that ended. */
static void write_earlier_spell(struct country *country, const struct member *m, struct day since)
{
    int known = country->dwelling_ring < RING_DWELLINGS ? (int)country->dwelling_ring : RING_DWELLINGS;
    if (known == 0 || since.n - m->born.n < YEAR || !dice_chance(&country->dice, 250))
        return;
    struct day from = day_draw(country, m->born, day_after(since, -30));
    struct day eve = day_after(since, -1), until = dice_chance(&country->dice, 700) ? eve : day_draw(country, from, eve);
    row_resident(country, country->dwelling[dice_below(&country->dice, known)], m->iin, WORLD_RESIDENCE, from, until);
}

static void write_member(struct country *country, const struct household *h, const struct member *m)
{
    struct dice *dice = &country->dice;
    if (dice_chance(dice, 40))
        return; /* lives there unregistered */
    struct day since = draw_since(country, m, h->since);
    write_earlier_spell(country, m, since);
    if (dice_chance(dice, 15)) /* moves out, or has moved out, about the legal day */
        row_resident(country, h->dwelling, m->iin, WORLD_RESIDENCE, since,
                     day_after(since.n > country->legal_day.n ? since : country->legal_day, dice_between(dice, 0, 30)));
    else
        row_resident(country, h->dwelling, m->iin, WORLD_RESIDENCE, dice_chance(dice, 10) ? DAY_NONE : since, DAY_NONE);
}

static struct day around_legal_day(struct country *country, int before, int after)
{
    return day_after(country->legal_day, dice_between(&country->dice, -before, after));
}

/* Temporary registrations end on, before and after the legal day. */
static void write_lodgers(struct country *country, const struct household *h, int count, enum world_kind kind)
{
    for (int i = 0; i < count; i++) {
        struct iin lodger = country_some_adult(country);
        if (iin_is_none(lodger))
            return;
        struct day since = around_legal_day(country, 400, 5);
        struct day until = kind == WORLD_RESIDENCE            ? DAY_NONE
                           : dice_chance(&country->dice, 200) ? around_legal_day(country, 1, 1)
                                                              : day_after(since, dice_between(&country->dice, 20, 500));
        row_resident(country, h->dwelling, lodger, kind, since, !day_is_none(until) && until.n < since.n ? since : until);
    }
}

/* The dead who were not taken off the register. */
static void write_dead(struct country *country, const struct household *h)
{
    const struct member *head = &country->clan.member[h->head];
    int parents[] = { head->mother, head->father };
    for (int i = 0; i < 2; i++) {
        const struct member *m = parents[i] < 0 ? NULL : &country->clan.member[parents[i]];
        if (m != NULL && !member_is_alive(country, m) && m->died.n > h->since.n && dice_chance(&country->dice, 250))
            row_resident(country, h->dwelling, m->iin, WORLD_RESIDENCE, h->since,
                         dice_chance(&country->dice, 500) ? DAY_NONE : m->died);
    }
}

/* ---- dwellings ---- */

static struct dwelling_plan draw_dwelling(struct country *country, bool overfilled)
{
    struct dice *dice = &country->dice;
    static const int ROOMS[] = { 220, 340, 250, 130, 60 };
    int rooms = dice_pick(dice, ROOMS, 5) + 1;
    struct dwelling_plan plan = { .place = place_draw(country) };
    plan.total_area = dice_between(dice, 1800, 2400);
    plan.total_area += rooms * dice_between(dice, 1300, 1900);
    if (dice_chance(dice, 30))
        plan.total_area = rooms * 1500; /* the norm comes out even */
    if (overfilled && place_is_in_astana(plan.place))
        plan.total_area = OVERFILLED_AREA;
    plan.useful_area = plan.total_area / 100 * dice_between(dice, 62, 98);
    if (dice_chance(dice, 12))
        plan.total_area = -1;
    if (dice_chance(dice, 25))
        plan.useful_area = -1;
    if (dice_chance(dice, 6))
        plan.place = PLACE_NONE;
    return plan;
}

/* Dozens to hundreds in one flat, fewer in a small country. */
static int draw_crowd(struct country *country)
{
    int64_t most = country->plan->persons / 40;
    int limit = most > 950 ? 950 : (int)most;
    int crowd = dice_between(&country->dice, 12, 60);
    if (dice_chance(&country->dice, 250))
        crowd *= dice_between(&country->dice, 2, 15);
    return crowd < limit ? crowd : limit;
}

static int find_head(struct country *country, int home)
{
    int head = household_find(country, home, member_is_capable_adult);
    return head >= 0 ? head : country->clan.home_first[home];
}

static void furnish(struct country *country, int home)
{
    struct dice *dice = &country->dice;
    bool overfilled = dice_chance(dice, 8);
    struct dwelling_plan plan = draw_dwelling(country, overfilled);
    struct household h = { .home = home, .head = find_head(country, home) };
    h.dwelling = row_dwelling(country, plan);
    h.since = day_draw(country, day_of(1985, 1, 1), day_of(2025, 12, 31));
    household_draw_owners(country, &h);
    for (int i = country->clan.home_first[home]; i >= 0; i = country->clan.member[i].next_at_home)
        write_member(country, &h, &country->clan.member[i]);
    write_dead(country, &h);
    if (overfilled && plan.total_area == OVERFILLED_AREA) {
        int crowd = draw_crowd(country);
        write_lodgers(country, &h, crowd * 3 / 4, WORLD_TEMPORARY);
        write_lodgers(country, &h, crowd / 4, WORLD_RESIDENCE);
    } else if (dice_chance(dice, 120)) {
        write_lodgers(country, &h, dice_between(dice, 1, 4), WORLD_TEMPORARY);
    }
}

/* ---- students ---- */

static void draw_study(struct country *country, const struct member *m)
{
    static const int FORMS[] = { 760, 140, 100 };
    struct dice *dice = &country->dice;
    int age_days = country->legal_day.n - m->born.n;
    if (!member_is_alive(country, m) || age_days < 16 * YEAR || age_days > 26 * YEAR || !dice_chance(dice, 480))
        return;
    bool college = age_days < 18 * YEAR || dice_chance(dice, 250);
    bool astana = dice_chance(dice, (country->plan->capital_share + 500) / 2);
    enum world_form form = (enum world_form)(WORLD_FULL_TIME + dice_pick(dice, FORMS, 3));
    struct day sixteen = day_add_years(m->born, 16), since = day_of(dice_between(dice, 2021, 2025), 9, 1);
    if (since.n < sixteen.n)
        since = day_of(2025, 9, 1);
    struct day until = day_add_years(since, dice_between(dice, 2, 5));
    row_student(country, m->iin, college, astana, form, since, dice_chance(dice, 250) ? DAY_NONE : day_after(until, -63));
}

void clan_house(struct country *country)
{
    struct clan *clan = &country->clan;
    draw_incapacity(country);
    for (int i = 0; i < clan->count; i++)
        if (member_is_alive(country, &clan->member[i]))
            find_home(country, i);
    for (int home = 0; home < clan->homes; home++)
        furnish(country, home);
    for (int i = 0; i < clan->count; i++)
        draw_study(country, &clan->member[i]);
    remember_adults(country);
}
