/* SPDX-License-Identifier: Apache-2.0 */
/* Names of synthetic persons: common names put together at random, patronymics from the father's name. */
#include "world/generate_impl.h"

#include "base/csv.h"

#define COUNT(table) ((int)(sizeof(table) / sizeof *(table)))

struct man_name {
    const char *name, *son, *daughter; /* the patronymics that it gives */
};

static const struct man_name KAZAKH_MEN[] = {
    { "Ерлан", "Ерланович", "Ерлановна" },       { "Нұрлан", "Нурланович", "Нурлановна" },
    { "Серік", "Серикович", "Сериковна" },       { "Бауыржан", "Бауыржанович", "Бауыржановна" },
    { "Асқар", "Аскарович", "Аскаровна" },       { "Дәурен", "Дауренович", "Дауреновна" },
    { "Айдос", "Айдосович", "Айдосовна" },       { "Мұрат", "Муратович", "Муратовна" },
    { "Қанат", "Канатович", "Канатовна" },       { "Әлихан", "Алиханович", "Алихановна" },
    { "Арман", "Арманович", "Армановна" },       { "Марат", "Маратович", "Маратовна" },
    { "Ерболат", "Ерболатович", "Ерболатовна" }, { "Дархан", "Дарханович", "Дархановна" },
    { "Самат", "Саматович", "Саматовна" },       { "Олжас", "Олжасович", "Олжасовна" },
    { "Жандос", "Жандосович", "Жандосовна" },    { "Санжар", "Санжарович", "Санжаровна" },
    { "Тимур", "Тимурович", "Тимуровна" },       { "Болат", "Болатович", "Болатовна" },
};
static const struct man_name RUSSIAN_MEN[] = {
    { "Александр", "Александрович", "Александровна" },
    { "Сергей", "Сергеевич", "Сергеевна" },
    { "Андрей", "Андреевич", "Андреевна" },
    { "Дмитрий", "Дмитриевич", "Дмитриевна" },
    { "Алексей", "Алексеевич", "Алексеевна" },
    { "Николай", "Николаевич", "Николаевна" },
    { "Владимир", "Владимирович", "Владимировна" },
    { "Михаил", "Михайлович", "Михайловна" },
    { "Павел", "Павлович", "Павловна" },
    { "Виктор", "Викторович", "Викторовна" },
    { "Олег", "Олегович", "Олеговна" },
    { "Игорь", "Игоревич", "Игоревна" },
};
static const char *const KAZAKH_WOMEN[] = {
    "Айгүл",  "Гүлнар", "Динара", "Жанар",   "Сәуле",  "Ботагөз", "Мадина", "Әсел",  "Айнұр",  "Әлия",
    "Назгүл", "Жұлдыз", "Аружан", "Томирис", "Камила", "Зере",    "Шолпан", "Майра", "Кәмшат", "Раушан",
};
static const char *const RUSSIAN_WOMEN[] = {
    "Елена", "Ольга", "Наталья", "Татьяна", "Ирина", "Светлана", "Анна", "Мария", "Екатерина", "Людмила", "Вера", "Юлия",
};
/* A woman's surname has an "а" at its end. */
static const char *const KAZAKH_SURNAMES[] = {
    "Ахметов",    "Сейітов",   "Оспанов", "Жұмабаев",   "Нұрғалиев", "Ибраев",   "Қасымов",   "Байжанов",
    "Сәдуақасов", "Тілеубаев", "Есімов",  "Мұқанов",    "Әбенов",    "Досжанов", "Кенжебаев", "Жақсыбеков",
    "Сәрсенов",   "Төлегенов", "Ермеков", "Бекмұратов", "Қуанышев",  "Дүйсенов", "Исаев",     "Омаров",
};
static const char *const RUSSIAN_SURNAMES[] = {
    "Иванов",  "Петров",  "Смирнов", "Кузнецов", "Попов",    "Васильев", "Соколов", "Михайлов",
    "Новиков", "Фёдоров", "Морозов", "Волков",   "Алексеев", "Лебедев",  "Семёнов", "Егоров",
};

static int men(const struct member *m) { return m->russian ? COUNT(RUSSIAN_MEN) : COUNT(KAZAKH_MEN); }

static int given_names(const struct member *m)
{
    if (m->sex == WORLD_MALE)
        return men(m);
    return m->russian ? COUNT(RUSSIAN_WOMEN) : COUNT(KAZAKH_WOMEN);
}

static uint8_t draw(struct country *country, int count) { return (uint8_t)dice_below(&country->dice, count); }

void name_draw(struct country *country, struct member *m)
{
    m->russian = dice_chance(&country->dice, 220);
    m->patronymic_by_suffix = !m->russian && dice_chance(&country->dice, 600);
    m->surname = draw(country, m->russian ? COUNT(RUSSIAN_SURNAMES) : COUNT(KAZAKH_SURNAMES));
    m->wedding_surname = m->surname;
    m->name = draw(country, given_names(m));
    m->patronymic = draw(country, men(m));
}

void name_inherit(struct country *country, struct member *child)
{
    const struct clan *clan = &country->clan;
    const struct member *from = &clan->member[child->father >= 0 ? child->father : child->mother];
    name_draw(country, child);
    child->russian = from->russian;
    child->patronymic_by_suffix = !from->russian && child->patronymic_by_suffix;
    child->surname = child->wedding_surname = from->surname;
    child->name = draw(country, given_names(child));
    child->patronymic = child->father >= 0 ? from->name : draw(country, men(child));
}

static void write_patronymic(struct buf *out, const struct member *m)
{
    const struct man_name *father = m->russian ? &RUSSIAN_MEN[m->patronymic] : &KAZAKH_MEN[m->patronymic];
    bool son = m->sex == WORLD_MALE;
    if (m->patronymic_by_suffix) {
        buf_add_text(out, father->name);
        buf_add_text(out, son ? "ұлы" : "қызы");
    } else {
        buf_add_text(out, son ? father->son : father->daughter);
    }
}

void name_write(const struct country *country, struct buf *out, const struct member *m)
{
    (void)country;
    const char *const *women = m->russian ? RUSSIAN_WOMEN : KAZAKH_WOMEN;
    const struct man_name *man = m->russian ? RUSSIAN_MEN : KAZAKH_MEN;
    const char *const *surname = m->russian ? RUSSIAN_SURNAMES : KAZAKH_SURNAMES;
    buf_add_text(out, surname[m->wedding_surname]);
    buf_add_text(out, m->sex == WORLD_MALE ? "," : "а,");
    buf_add_text(out, m->sex == WORLD_MALE ? man[m->name].name : women[m->name]);
    buf_add_char(out, ',');
    write_patronymic(out, m);
}

void name_write_company(struct buf *out, int64_t number)
{
    static const char *const FIRST[] = { "Береке", "Жасыл", "Арай", "Тұран", "Самұрық", "Көктем", "Дала", "Нұрлы" };
    static const char *const SECOND[] = { "Құрылыс", "Үй", "Сервис", "Инвест", "Қала", "Отау" };
    struct buf name;
    buf_init(&name, 200);
    buf_addf(&name, "«%s %s %d» ЖШС", FIRST[number % COUNT(FIRST)], SECOND[number / COUNT(FIRST) % COUNT(SECOND)],
             (int)(number + 1));
    csv_write_field(out, buf_str(&name));
    buf_release(&name);
}
