/* SPDX-License-Identifier: Apache-2.0 */
/* A clan from its founders on: births, weddings, children, divorces, second marriages, deaths. */
#include "world/generate_impl.h"

#define YEAR 365

int dice_pick(struct dice *d, const int *per_mille, int count)
{
    int roll = dice_below(d, 1000);
    for (int i = 0; i < count - 1; i++) {
        if (roll < per_mille[i])
            return i;
        roll -= per_mille[i];
    }
    return count - 1;
}

struct day day_after(struct day day, int days) { return (struct day){ day.n + days }; }

struct day day_draw(struct country *country, struct day from, struct day to)
{
    return to.n <= from.n ? from : day_after(from, dice_between(&country->dice, 0, to.n - from.n));
}

static bool lives_on(const struct member *m, struct day day)
{
    return m->born.n <= day.n && (day_is_none(m->died) || m->died.n > day.n);
}

bool member_is_alive(const struct country *country, const struct member *m) { return lives_on(m, country->legal_day); }

bool member_is_adult(const struct country *country, const struct member *m)
{
    return member_is_alive(country, m) && m->born.n <= country->adults_born.n;
}

/* ---- identification numbers ---- */

/* The serials of a day and sex run through a permutation of 0..9999; those without a check digit are left out. */
static struct iin new_iin(struct country *country, struct day born, enum world_sex sex)
{
    int year, month, day;
    day_split(born, &year, &month, &day);
    int32_t from_first = born.n - day_of(IIN_FIRST_YEAR, 1, 1).n;
    uint16_t *serial = &country->iin_serial[from_first * 2 + (sex == WORLD_FEMALE)];
    uint64_t century = (uint64_t)((year / 100 - 18) * 2 + (sex == WORLD_FEMALE ? 2 : 1));
    uint64_t prefix = (uint64_t)(year % 100 * 10000 + month * 100 + day) * 10 + century;
    while (*serial < 10000) {
        uint64_t scrambled = ((uint64_t)*serial * 3571 + (uint64_t)from_first * 37) % 10000;
        ++*serial;
        uint64_t eleven = prefix * 10000 + scrambled;
        int check = iin_check_digit(eleven);
        if (check >= 0)
            return (struct iin){ eleven * 10 + (uint64_t)check };
    }
    BUG("more than 9,000 births of one sex on one day");
}

/* ---- persons ---- */

static struct day draw_death(struct country *country, struct day born)
{
    static const struct {
        int from, to;
    } YEARS[] = { { 0, 1 }, { 1, 40 }, { 40, 65 }, { 65, 80 }, { 80, 99 } };
    static const int CHANCE[] = { 12, 38, 170, 430, 350 };
    int row = dice_pick(&country->dice, CHANCE, 5);
    struct day died = day_after(born, dice_between(&country->dice, YEARS[row].from * YEAR + 1, YEARS[row].to * YEAR + YEAR));
    return died.n > country->last_day.n ? DAY_NONE : died;
}

/* Older acts are less often on record in electronic form. */
static void draw_act(struct country *country, struct member *m)
{
    static const struct {
        int until_year, missing;
    } ROWS[] = { { 1950, 450 }, { 1970, 220 }, { 1990, 80 }, { 2007, 25 }, { 9999, 5 } };
    int year, month, day, row = 0;
    day_split(m->born, &year, &month, &day);
    while (year >= ROWS[row].until_year)
        row++;
    m->has_act = !dice_chance(&country->dice, ROWS[row].missing);
    m->act_names_mother = !dice_chance(&country->dice, 6);
    m->act_names_father = !dice_chance(&country->dice, 45);
}

int clan_add(struct country *country, enum world_sex sex, struct day born)
{
    struct clan *clan = &country->clan;
    if (clan->count == CLAN_PERSONS || country->left == 0)
        return -1;
    country->left--;
    struct member *m = &clan->member[clan->count];
    *m = (struct member){ .born = born, .sex = sex, .mother = -1, .father = -1, .spouse = -1, .home = -1, .next_at_home = -1 };
    m->iin = new_iin(country, born, sex);
    m->died = draw_death(country, born);
    name_draw(country, m);
    m->has_act = dice_chance(&country->dice, 250); /* names nobody, as long as there are no parents */
    return clan->count++;
}

int clan_add_child(struct country *country, int mother, int father, enum world_sex sex, struct day born)
{
    int child = clan_add(country, sex, born);
    if (child < 0)
        return child;
    struct member *m = &country->clan.member[child];
    m->mother = mother;
    m->father = father;
    draw_act(country, m);
    name_inherit(country, m);
    return child;
}

int clan_wed(struct country *country, int husband, int wife, struct day day)
{
    struct clan *clan = &country->clan;
    if (clan->weddings == CLAN_MARRIAGES)
        return -1;
    clan->wedding[clan->weddings] = (struct wedding){ husband, wife, day, DAY_NONE };
    struct member *h = &clan->member[husband], *w = &clan->member[wife];
    if (h->russian == w->russian && dice_chance(&country->dice, 550))
        w->wedding_surname = h->surname;
    return clan->weddings++;
}

/* ---- lives ---- */

static enum world_sex draw_sex(struct country *country) { return dice_below(&country->dice, 2) ? WORLD_MALE : WORLD_FEMALE; }

/* A death that would come before the wedding comes some years after it. */
static void live_until(struct country *country, int member, struct day day)
{
    struct member *m = &country->clan.member[member];
    if (lives_on(m, day))
        return;
    m->died = day_after(day, dice_between(&country->dice, YEAR, 30 * YEAR));
    if (m->died.n > country->last_day.n)
        m->died = DAY_NONE;
}

/* The parents of somebody who marries in; they are a couple of their own. */
static void add_parents(struct country *country, int member)
{
    struct day born = country->clan.member[member].born;
    int father = clan_add(country, WORLD_MALE, day_after(born, -dice_between(&country->dice, 21 * YEAR, 38 * YEAR)));
    int mother = clan_add(country, WORLD_FEMALE, day_after(born, -dice_between(&country->dice, 19 * YEAR, 36 * YEAR)));
    struct member *m = &country->clan.member[member];
    m->father = father;
    m->mother = mother;
    draw_act(country, m);
    if (father >= 0)
        live_until(country, father, born);
    if (mother >= 0)
        live_until(country, mother, born);
    if (father >= 0 && mother >= 0)
        clan_wed(country, father, mother, day_after(born, -dice_between(&country->dice, 200, 3 * YEAR)));
    if (father >= 0 || mother >= 0)
        name_inherit(country, m);
    if (mother >= 0 && dice_chance(&country->dice, 350)) {
        struct day day = day_after(born, dice_between(&country->dice, YEAR, 6 * YEAR));
        clan_add_child(country, mother, father, draw_sex(country), day);
    }
}

static bool may_wed(const struct country *country, const struct member *m, struct day day)
{
    return day.n <= country->last_day.n && lives_on(m, day) && day.n - m->born.n < 65 * YEAR;
}

/* The wedding's number; -1 when it does not come to that. */
static int wed_somebody(struct country *country, int member, struct day day)
{
    const struct member *m = &country->clan.member[member];
    if (!may_wed(country, m, day))
        return -1;
    bool man = m->sex == WORLD_MALE;
    int gap = dice_between(&country->dice, -2 * YEAR, 6 * YEAR);
    struct day born = day_after(m->born, man ? gap : -gap);
    if (day.n - born.n < 18 * YEAR)
        born = day_after(day, -19 * YEAR);
    int partner = clan_add(country, man ? WORLD_FEMALE : WORLD_MALE, born);
    if (partner < 0)
        return -1;
    live_until(country, partner, day);
    if (dice_chance(&country->dice, 550))
        add_parents(country, partner);
    return man ? clan_wed(country, member, partner, day) : clan_wed(country, partner, member, day);
}

static int draw_children(struct country *country, struct day wedding)
{
    static const int BEFORE_1970[] = { 30, 100, 220, 280, 200, 170 }, LATER[] = { 70, 200, 370, 230, 90, 40 };
    return dice_pick(&country->dice, wedding.n < 0 ? BEFORE_1970 : LATER, 6);
}

static void raise_children(struct country *country, const struct wedding *w, struct day end)
{
    struct day day = w->day;
    for (int i = draw_children(country, w->day); i > 0; i--) {
        const struct member *mother = &country->clan.member[w->wife], *father = &country->clan.member[w->husband];
        day = day_after(day, dice_between(&country->dice, 280, 4 * YEAR));
        if (day.n > country->last_day.n || (!day_is_none(end) && day.n > end.n + 200) || day.n - mother->born.n > 45 * YEAR ||
            !lives_on(mother, day) || !lives_on(father, day_after(day, -270)))
            return;
        int child = clan_add_child(country, w->wife, w->husband, draw_sex(country), day);
        if (child < 0)
            return;
        country->clan.member[child].of_the_line = true;
    }
}

/* The first day on which `member` is free again: after a divorce or the death of the other; DAY_NONE: never. */
static struct day live_together(struct country *country, int number, int member)
{
    struct wedding *w = &country->clan.wedding[number];
    const struct member *other = &country->clan.member[w->husband == member ? w->wife : w->husband];
    if (dice_chance(&country->dice, 230)) {
        struct day day = day_after(w->day, dice_between(&country->dice, YEAR, 17 * YEAR));
        if (day.n <= country->last_day.n && lives_on(other, day) && lives_on(&country->clan.member[member], day))
            w->divorced = day;
    }
    raise_children(country, w, w->divorced);
    return !day_is_none(w->divorced) ? w->divorced : other->died;
}

static void live(struct country *country, int member)
{
    struct day born = country->clan.member[member].born;
    struct day day = day_after(born, dice_between(&country->dice, 18 * YEAR + 10, 31 * YEAR));
    bool woman = country->clan.member[member].sex == WORLD_FEMALE;
    if (woman && dice_chance(&country->dice, 50) && may_wed(country, &country->clan.member[member], day))
        clan_add_child(country, member, -1, draw_sex(country), day);
    if (!dice_chance(&country->dice, 880))
        return;
    for (int i = 0; i < 3 && !day_is_none(day); i++) {
        int wedding = wed_somebody(country, member, day);
        if (wedding < 0)
            return;
        day = live_together(country, wedding, member);
        if (day_is_none(day) || !dice_chance(&country->dice, 550))
            return;
        day = day_after(day, dice_between(&country->dice, 200, 8 * YEAR));
    }
}

void clan_settle_spouses(struct country *country)
{
    struct clan *clan = &country->clan;
    for (int i = 0; i < clan->weddings; i++) {
        const struct wedding *w = &clan->wedding[i];
        struct member *h = &clan->member[w->husband], *wife = &clan->member[w->wife];
        if (w->day.n > country->legal_day.n || (!day_is_none(w->divorced) && w->divorced.n <= country->legal_day.n) ||
            !member_is_alive(country, h) || !member_is_alive(country, wife))
            continue;
        h->spouse = w->wife;
        wife->spouse = w->husband;
    }
}

void clan_grow(struct country *country)
{
    struct day from = day_of(1925, 1, 1), to = day_of(1962, 12, 31);
    country->clan.count = country->clan.weddings = country->clan.homes = 0;
    struct day born = day_draw(country, from, to);
    int founder = clan_add(country, draw_sex(country), born);
    if (founder < 0)
        return;
    country->clan.member[founder].of_the_line = true;
    live_until(country, founder, day_after(country->clan.member[founder].born, 25 * YEAR));
    /* Members are appended while we walk: children come after their parents. */
    for (int i = 0; i < country->clan.count; i++)
        if (country->clan.member[i].of_the_line)
            live(country, i);
    clan_settle_spouses(country);
}
