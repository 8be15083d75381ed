/* SPDX-License-Identifier: Apache-2.0 */
/* Towns, streets and schools.  The KATO codes of towns are real, everything in them is made up. */
#include "world/generate_impl.h"

#include "base/csv.h"

#define COUNT(table)     ((int)(sizeof(table) / sizeof *(table)))
#define ASTANA_DISTRICTS 6

static const struct place {
    const char *kato, *kk, *ru;
} PLACES[] = {
    { "711110000", "Астана қаласы, Алматы ауданы", "город Астана, район Алматы" },
    { "711210000", "Астана қаласы, Есіл ауданы", "город Астана, район Есиль" },
    { "711310000", "Астана қаласы, Сарыарқа ауданы", "город Астана, район Сарыарка" },
    { "711410000", "Астана қаласы, Байқоңыр ауданы", "город Астана, район Байконыр" },
    { "711510000", "Астана қаласы, Нұра ауданы", "город Астана, район Нура" },
    { "711610000", "Астана қаласы, Сарайшық ауданы", "город Астана, район Сарайшык" },
    { "751110000", "Алматы қаласы", "город Алматы" },
    { "791010000", "Шымкент қаласы", "город Шымкент" },
    { "111010000", "Көкшетау қаласы", "город Кокшетау" },
    { "151010000", "Ақтөбе қаласы", "город Актобе" },
    { "231010000", "Атырау қаласы", "город Атырау" },
    { "271010000", "Орал қаласы", "город Уральск" },
    { "311010000", "Тараз қаласы", "город Тараз" },
    { "351010000", "Қарағанды қаласы", "город Караганда" },
    { "391010000", "Қостанай қаласы", "город Костанай" },
    { "431010000", "Қызылорда қаласы", "город Кызылорда" },
    { "471010000", "Ақтау қаласы", "город Актау" },
    { "551010000", "Павлодар қаласы", "город Павлодар" },
    { "591010000", "Петропавл қаласы", "город Петропавловск" },
    { "631010000", "Өскемен қаласы", "город Усть-Каменогорск" },
};

static const struct {
    const char *kk, *ru;
} STREETS[] = {
    { "Абай даңғылы", "проспект Абая" },
    { "Қабанбай батыр даңғылы", "проспект Кабанбай батыра" },
    { "Сарыарқа даңғылы", "проспект Сарыарка" },
    { "Тәуелсіздік даңғылы", "проспект Тауелсиздик" },
    { "Мәңгілік Ел даңғылы", "проспект Мангилик Ел" },
    { "Жеңіс даңғылы", "проспект Женис" },
    { "Бейбітшілік көшесі", "улица Бейбитшилик" },
    { "Достық көшесі", "улица Достык" },
    { "Сығанақ көшесі", "улица Сыганак" },
    { "Кенесары көшесі", "улица Кенесары" },
    { "Желтоқсан көшесі", "улица Желтоксан" },
    { "Наурыз көшесі", "улица Наурыз" },
};

static const struct school {
    const char *name, *kato;
    bool college, in_astana;
} SCHOOLS[] = {
    { "Есіл университеті", "711210000", false, true },
    { "Сарыарқа техникалық университеті", "711310000", false, true },
    { "Астана қалалық педагогика университеті", "711110000", false, true },
    { "Байтерек политехникалық колледжі", "711410000", true, true },
    { "Нұра медицина колледжі", "711510000", true, true },
    { "Алатау университеті", "751110000", false, false },
    { "Көкшетау аграрлық университеті", "111010000", false, false },
    { "Ертіс университеті", "551010000", false, false },
    { "Сырдария колледжі", "431010000", true, false },
    { "Тобыл көлік колледжі", "391010000", true, false },
};

int place_in_astana(struct country *country) { return dice_below(&country->dice, ASTANA_DISTRICTS); }

int place_outside(struct country *country) { return dice_between(&country->dice, ASTANA_DISTRICTS, COUNT(PLACES) - 1); }

int place_draw(struct country *country)
{
    return dice_chance(&country->dice, country->plan->capital_share) ? place_in_astana(country) : place_outside(country);
}

bool place_is_in_astana(int place) { return place >= 0 && place < ASTANA_DISTRICTS; }

const char *place_kato(int place) { return place < 0 ? "" : PLACES[place].kato; }

/* One language's address in quotes: town, street, house, flat. */
static void write_address(struct buf *out, const char *const part[5], int house, int flat)
{
    buf_add_char(out, '"');
    buf_add_text(out, part[0]);
    buf_add_text(out, ", ");
    buf_add_text(out, part[1]);
    buf_add_text(out, part[2]);
    buf_add_int(out, house);
    buf_add_text(out, part[3]);
    buf_add_int(out, flat);
    buf_add_text(out, part[4]);
    buf_add_char(out, '"');
}

void place_write_address(struct country *country, struct buf *out, int place)
{
    const struct place *p = &PLACES[place < 0 ? COUNT(PLACES) - 1 : place];
    int street = dice_below(&country->dice, COUNT(STREETS));
    int house = dice_between(&country->dice, 1, 120), flat = dice_between(&country->dice, 1, 240);
    write_address(out, (const char *const[]){ p->kk, STREETS[street].kk, ", ", "-үй, ", "-пәтер" }, house, flat);
    buf_add_char(out, ',');
    write_address(out, (const char *const[]){ p->ru, STREETS[street].ru, ", дом ", ", квартира ", "" }, house, flat);
}

void place_write_school(struct country *country, struct buf *out, bool college, bool in_astana)
{
    int at = dice_below(&country->dice, COUNT(SCHOOLS));
    while (SCHOOLS[at].college != college || SCHOOLS[at].in_astana != in_astana)
        at = (at + 1) % COUNT(SCHOOLS);
    csv_write_field(out, str_from(SCHOOLS[at].name));
    buf_add_char(out, ',');
    buf_add_text(out, SCHOOLS[at].kato);
}
