/* SPDX-License-Identifier: Apache-2.0 */
#include "text/text_impl.h"

#include <stdio.h>
#include <string.h>

static const char *const language_codes[TEXT_LANGUAGES] = { "kk", "ru", "en" };

const char *text_of(enum text_key key, enum text_language language) { return text_rows[key].text[language]; }

const char *text_key_name(enum text_key key) { return text_rows[key].name; }

bool text_find(const char *name, enum text_key *ret)
{
    int low = 0, high = TEXT_KEYS;
    while (low < high) {
        int middle = low + (high - low) / 2;
        int order = strcmp(name, text_rows[middle].name);
        if (order == 0) {
            *ret = (enum text_key)middle;
            return true;
        }
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return false;
}

void text_fill(struct buf *out, enum text_key key, enum text_language language, int count, const struct str *arguments)
{
    const char *p = text_of(key, language);
    for (const char *brace; (brace = strchr(p, '{')) != NULL; p = brace + 3) {
        buf_add(out, p, (size_t)(brace - p));
        int index = brace[1] - '0'; /* textc lets no other brace through */
        if (index < count)
            buf_add_str(out, arguments[index]);
    }
    buf_add_text(out, p);
}

const char *text_language_code(enum text_language language) { return language_codes[language]; }

bool text_language_parse(struct str code, enum text_language *ret)
{
    for (int language = 0; language < TEXT_LANGUAGES; language++) {
        if (str_is(code, language_codes[language])) {
            *ret = (enum text_language)language;
            return true;
        }
    }
    return false;
}

static const enum text_key months[12] = {
    T_MONTH_01, T_MONTH_02, T_MONTH_03, T_MONTH_04, T_MONTH_05, T_MONTH_06,
    T_MONTH_07, T_MONTH_08, T_MONTH_09, T_MONTH_10, T_MONTH_11, T_MONTH_12,
};

void text_day(struct buf *out, int year, int month, int day, enum text_language language)
{
    char year_text[16], day_text[16];
    snprintf(year_text, sizeof year_text, "%d", year);
    snprintf(day_text, sizeof day_text, "%d", day);
    struct str arguments[] = { str_from(day_text), str_from(text_of(months[month - 1], language)), str_from(year_text) };
    text_fill(out, T_DATE_WORDS, language, 3, arguments);
}

int text_plural(enum text_language language, long count)
{
    unsigned long n = count < 0 ? 0UL - (unsigned long)count : (unsigned long)count;
    if (language == TEXT_KK) /* a Kazakh noun after a number stays in the singular */
        return 2;
    if (language == TEXT_EN)
        return n == 1 ? 0 : 2;
    unsigned long ten = n % 10, hundred = n % 100;
    if (ten == 1 && hundred != 11)
        return 0;
    return ten >= 2 && ten <= 4 && (hundred < 12 || hundred > 14) ? 1 : 2;
}
