/* SPDX-License-Identifier: Apache-2.0 */
/* One function a row: what is drawn becomes a line of its file. */
#include "world/generate_impl.h"

#define DIGITS_MAX 20

static struct buf *rows(struct country *country, enum world_file file) { return &country->output[file].text; }

/* ---- fields ---- */

/* With zeros in front, two digits at a time: the generator writes little else. */
static void put_number(struct buf *out, uint64_t n, int digits)
{
    char text[DIGITS_MAX];
    int at = digits;
    for (; at >= 2; n /= 100) {
        unsigned pair = (unsigned)(n % 100);
        text[--at] = (char)('0' + pair % 10);
        text[--at] = (char)('0' + pair / 10);
    }
    if (at > 0)
        text[0] = (char)('0' + n % 10);
    buf_add(out, text, (size_t)digits);
}

static void put_iin(struct buf *out, struct iin iin)
{
    if (!iin_is_none(iin))
        put_number(out, iin.n, 12);
}

static void put_day(struct buf *out, struct day day)
{
    char text[DAY_TEXT];
    if (!day_is_none(day))
        buf_add(out, day_format(day, text), DAY_TEXT - 1);
}

static void put_area(struct buf *out, int hundredths)
{
    if (hundredths < 0)
        return;
    buf_add_int(out, hundredths / 100);
    buf_add_char(out, '.');
    put_number(out, (uint64_t)(hundredths % 100), 2);
}

static void put_rka(struct buf *out, uint64_t dwelling) { put_number(out, dwelling, 16); }

/* "71-2004-00000123": region, year, number. */
static void put_act_number(struct country *country, struct buf *out, struct day day, int64_t number)
{
    int year, month, of_month;
    day_split(day, &year, &month, &of_month);
    buf_add_text(out, country->clan.member[0].russian ? "55-" : "71-");
    put_number(out, (uint64_t)year, 4);
    buf_add_char(out, '-');
    put_number(out, (uint64_t)number, 8);
}

static void put_act(struct country *country, struct buf *out, struct day day, int64_t number)
{
    put_act_number(country, out, day, number);
    buf_add_char(out, ',');
    put_day(out, day);
    buf_add_char(out, ',');
}

static void put_document(struct country *country, struct buf *out, const char *prefix)
{
    buf_add_text(out, prefix);
    put_number(out, (uint64_t)++country->documents, 7);
}

/* ---- persons ---- */

static void write_person(struct country *country, const struct member *m)
{
    struct buf *out = rows(country, WORLD_PERSONS);
    struct dice *dice = &country->dice;
    put_iin(out, m->iin);
    buf_add_char(out, ',');
    name_write(country, out, m);
    buf_add_text(out, m->sex == WORLD_MALE ? ",M," : ",F,");
    if (m->exact || !dice_chance(dice, 2))
        put_day(out, m->born);
    buf_add_char(out, ',');
    put_day(out, m->died);
    if (m->incapable && !dice_chance(dice, 150))
        buf_add_text(out, ",no,");
    else if (m->exact)
        buf_add_text(out, ",yes,");
    else
        buf_add_text(out, dice_chance(dice, 20) ? ",," : dice_chance(dice, 3) ? ",limited," : ",yes,");
    if (member_is_alive(country, m) && (member_is_adult(country, m) || dice_chance(dice, 300))) {
        buf_add_text(out, "+7700");
        put_number(out, (uint64_t)(country->persons * 7919 + 1234567) % 10000000, 7);
    }
    buf_add_char(out, '\n');
    country->persons++;
}

static void write_birth(struct country *country, const struct member *m)
{
    struct buf *out = rows(country, WORLD_BIRTHS);
    const struct member *all = country->clan.member;
    put_act(country, out, day_after(m->born, dice_between(&country->dice, 1, 60)), ++country->births);
    put_iin(out, m->iin);
    buf_add_char(out, ',');
    if (m->mother >= 0 && m->act_names_mother)
        put_iin(out, all[m->mother].iin);
    buf_add_char(out, ',');
    if (m->father >= 0 && m->act_names_father)
        put_iin(out, all[m->father].iin);
    buf_add_char(out, '\n');
}

static void put_couple(struct country *country, struct buf *out, const struct wedding *w, bool wife_unknown)
{
    put_iin(out, country->clan.member[w->husband].iin);
    buf_add_char(out, ',');
    if (!wife_unknown)
        put_iin(out, country->clan.member[w->wife].iin);
}

/* A marriage act, and the divorce that ends it; one in six divorces does not name its marriage. */
static void write_wedding(struct country *country, const struct wedding *w)
{
    struct buf *out = rows(country, WORLD_MARRIAGES);
    put_act(country, out, w->day, ++country->marriages);
    put_couple(country, out, w, !country->clan.member[w->wife].exact && dice_chance(&country->dice, 3));
    buf_add_char(out, '\n');
    if (day_is_none(w->divorced))
        return;
    out = rows(country, WORLD_DIVORCES);
    put_act(country, out, w->divorced, ++country->divorces);
    put_couple(country, out, w, false);
    buf_add_char(out, ',');
    if (!dice_chance(&country->dice, 170))
        put_act_number(country, out, w->day, country->marriages);
    buf_add_char(out, '\n');
}

void row_acts_and_persons(struct country *country)
{
    const struct clan *clan = &country->clan;
    for (int i = 0; i < clan->count; i++) {
        write_person(country, &clan->member[i]);
        if (clan->member[i].has_act)
            write_birth(country, &clan->member[i]);
    }
    for (int i = 0; i < clan->weddings; i++)
        write_wedding(country, &clan->wedding[i]);
}

/* ---- dwellings ---- */

/* Steps through 11 digits that have no divisor in common with their number: neighbours have no neighbouring codes, and the way
 * back is a multiplication too, with the inverse. */
#define RKA_FIRST   UINT64_C(201300000000000)
#define RKA_COUNT   UINT64_C(100000000000)
#define RKA_STEP    UINT64_C(7777777)
#define RKA_INVERSE UINT64_C(42844285713)
#define MILLION     1000000

int32_t row_dwelling_number(struct str rka)
{
    uint64_t code;
    if (!str_to_u64(rka, &code) || code < RKA_FIRST)
        BUG("no RKA of this generator");
    /* In two parts, for 64 bits. */
    uint64_t high = (code - RKA_FIRST) * (RKA_INVERSE / MILLION) % RKA_COUNT * MILLION;
    return (int32_t)((high + (code - RKA_FIRST) * (RKA_INVERSE % MILLION)) % RKA_COUNT) - 1;
}

uint64_t row_dwelling(struct country *country, struct dwelling_plan plan)
{
    struct buf *out = rows(country, WORLD_DWELLINGS);
    uint64_t number = (uint64_t)++country->dwellings;
    uint64_t dwelling = RKA_FIRST + number * RKA_STEP % RKA_COUNT;
    put_rka(out, dwelling);
    buf_add_text(out, place_is_in_astana(plan.place) ? ",21:" : ",09:");
    put_number(out, number / 1000000 % 1000, 3);
    buf_add_char(out, ':');
    put_number(out, number / 10000 % 100, 3);
    buf_add_char(out, ':');
    put_number(out, number % 10000, 4);
    buf_add_char(out, ':');
    buf_add_int(out, 1 + (int)(number % 90));
    buf_add_char(out, ',');
    buf_add_text(out, place_kato(plan.place));
    buf_add_char(out, ',');
    place_write_address(country, out, plan.place);
    buf_add_char(out, ',');
    put_area(out, plan.total_area);
    buf_add_char(out, ',');
    put_area(out, plan.useful_area);
    buf_add_char(out, '\n');
    country->dwelling[country->dwelling_ring++ % RING_DWELLINGS] = dwelling;
    return dwelling;
}

void row_owner(struct country *country, uint64_t dwelling, struct iin owner, const char *share)
{
    struct buf *out = rows(country, WORLD_OWNERS);
    put_rka(out, dwelling);
    buf_add_char(out, ',');
    put_iin(out, owner);
    buf_add_char(out, ',');
    buf_add_text(out, share);
    buf_add_char(out, '\n');
}

void row_resident(struct country *country, uint64_t dwelling, struct iin person, enum world_kind kind, struct day since,
                  struct day until)
{
    struct buf *out = rows(country, WORLD_RESIDENTS);
    put_rka(out, dwelling);
    buf_add_char(out, ',');
    put_iin(out, person);
    buf_add_text(out, kind == WORLD_TEMPORARY ? ",temporary," : ",residence,");
    put_day(out, since);
    buf_add_char(out, ',');
    put_day(out, until);
    buf_add_char(out, '\n');
}

/* ---- the other registers ---- */

void row_student(struct country *country, struct iin person, bool college, bool in_astana, enum world_form form, struct day since,
                 struct day until)
{
    static const char *const FORMS[] = {
        [WORLD_FORM_EMPTY] = "", [WORLD_FULL_TIME] = "full_time", [WORLD_PART_TIME] = "part_time", [WORLD_DISTANCE] = "distance"
    };
    struct buf *out = rows(country, WORLD_STUDENTS);
    put_iin(out, person);
    buf_add_text(out, college ? ",nobd," : ",epvo,");
    place_write_school(country, out, college, in_astana);
    buf_add_char(out, ',');
    buf_add_text(out, FORMS[form]);
    buf_add_char(out, ',');
    put_day(out, since);
    buf_add_char(out, ',');
    put_day(out, until);
    buf_add_char(out, '\n');
}

void row_incapacity(struct country *country, struct iin person, struct day since, struct day until)
{
    struct buf *out = rows(country, WORLD_INCAPACITY);
    put_iin(out, person);
    buf_add_char(out, ',');
    put_day(out, since);
    buf_add_char(out, ',');
    put_day(out, until);
    put_document(country, out, ",2-");
    buf_add_char(out, '\n');
}

void row_representative(struct country *country, struct iin ward, struct iin representative, const char *basis, struct day since)
{
    struct buf *out = rows(country, WORLD_REPRESENTATIVES);
    put_iin(out, ward);
    buf_add_char(out, ',');
    put_iin(out, representative);
    buf_add_char(out, ',');
    buf_add_text(out, basis);
    put_document(country, out, ",D-");
    buf_add_char(out, ',');
    put_day(out, since);
    buf_add_text(out, ",\n");
}

/* BIN: year and month of registration, 4 (resident legal entity), 0 (head office), a serial, the check digit. */
struct iin row_company(struct country *country, struct iin head)
{
    struct buf *out = rows(country, WORLD_COMPANIES);
    int64_t number = country->companies;
    uint64_t month = (uint64_t)number % 240, serial = (uint64_t)number / 240;
    int check;
    /* Serials from 50,000 on stand in for those without a check digit. */
    uint64_t eleven = (month / 12 * 100 + month % 12 + 1) * 10000000 + 4000000 + serial;
    while ((check = iin_check_digit(eleven)) < 0)
        eleven += 50000;
    struct iin bin = { eleven * 10 + (uint64_t)check };
    put_iin(out, bin);
    buf_add_char(out, ',');
    name_write_company(out, number);
    buf_add_char(out, ',');
    put_iin(out, head);
    buf_add_char(out, '\n');
    country->company[country->companies++ % RING_COMPANIES] = bin;
    return bin;
}
