/* SPDX-License-Identifier: Apache-2.0 */
/* One field of a world file into its place in the row: one function a type.  Messages hold no personal data. */
#include "world/scan_impl.h"

#include <string.h>

typedef const char *field_parse(const struct scan_known *known, const struct world_column *column, struct str field, void *to);

/* Control characters are those of Unicode: C0 but the newline (LF or CR LF), DEL, and C1 (U+0080 to U+009F). */
static bool has_control(struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        unsigned char next = i + 1 < s.n ? (unsigned char)s.p[i + 1] : 0;
        if (c == '\n' || (c == '\r' && next == '\n'))
            continue;
        if (c < 0x20 || c == 0x7f || (c == 0xc2 && next >= 0x80 && next < 0xa0))
            return true;
    }
    return false;
}

static const char *parse_text(const struct scan_known *known, const struct world_column *column, struct str field, void *to)
{
    (void)known, (void)column;
    if (!str_is_utf8(field))
        return "is not UTF-8";
    if (has_control(field))
        return "holds a control character";
    *(struct str *)to = field;
    return NULL;
}

static const char *parse_number(struct str field, enum iin_kind *ret_kind, struct iin *to)
{
    uint64_t n;
    if (field.n != 12 || !str_is_digits(field) || !str_to_u64(field, &n))
        return "must be 12 digits";
    if (field.p[4] > '6')
        return "no such number: the fifth digit is 0 to 3 in an IIN, 4 to 6 in a BIN";
    if (n == 0)
        return "no such number: all zeros";
    struct iin iin;
    *ret_kind = iin_parse(field, &iin);
    if (*ret_kind == IIN_BAD)
        return iin_check_digit(n / 10) < 0 ? "no such number: no check digit fits the first eleven digits" : "wrong check digit";
    *to = iin;
    return NULL;
}

static const char *parse_kind(struct str field, enum iin_kind want, struct iin *to)
{
    static const char *const WRONG[] = {
        [IIN_PERSON] = "must be the IIN of a person, this is a BIN (fifth digit 4 to 6)",
        [IIN_COMPANY] = "must be the BIN of a company, this is an IIN (fifth digit 0 to 3)",
    };
    enum iin_kind kind;
    struct iin iin;
    const char *wrong = parse_number(field, &kind, &iin);
    if (wrong != NULL)
        return wrong;
    if (kind != want)
        return WRONG[want];
    *to = iin;
    return NULL;
}

static const char *parse_person_iin(const struct scan_known *known, const struct world_column *column, struct str field, void *to)
{
    (void)known, (void)column;
    return parse_kind(field, IIN_PERSON, to);
}

static const char *parse_bin(const struct scan_known *known, const struct world_column *column, struct str field, void *to)
{
    (void)known, (void)column;
    return parse_kind(field, IIN_COMPANY, to);
}

static const char *known_person(const struct scan_known *known, struct iin iin)
{
    return known->held[WORLD_PERSONS] && scan_iins_find(&known->persons, iin) == SCAN_NO_SLOT ? "no such person in persons.csv"
                                                                                              : NULL;
}

static const char *parse_iin(const struct scan_known *known, const struct world_column *column, struct str field, void *to)
{
    (void)column;
    const char *wrong = parse_kind(field, IIN_PERSON, to);
    return wrong != NULL ? wrong : known_person(known, *(struct iin *)to);
}

static const char *parse_iin_or_bin(const struct scan_known *known, const struct world_column *column, struct str field, void *to)
{
    (void)column;
    enum iin_kind kind;
    const char *wrong = parse_number(field, &kind, to);
    if (wrong != NULL || kind == IIN_COMPANY)
        return wrong;
    return known_person(known, *(struct iin *)to);
}

static const char *parse_day(const struct scan_known *known, const struct world_column *column, struct str field, void *to)
{
    (void)known, (void)column;
    return day_parse(field, to) ? NULL : "must be a day, YYYY-MM-DD from 1800-01-01 to 2199-12-31";
}

static const char *parse_area(const struct scan_known *known, const struct world_column *column, struct str field, void *to)
{
    (void)known, (void)column;
    return decimal_parse(field, to) ? NULL : "must be square metres such as 35.7: digits, at most two after a point";
}

static const char *parse_kato(const struct scan_known *known, const struct world_column *column, struct str field, void *to)
{
    (void)known, (void)column;
    if (field.n > 9 || !str_is_digits(field))
        return "must be a KATO code of at most 9 digits";
    *(struct str *)to = field;
    return NULL;
}

static const char *parse_share(const struct scan_known *known, const struct world_column *column, struct str field, void *to)
{
    (void)known, (void)column;
    struct str rest = field, above;
    uint64_t numerator, denominator;
    if (!str_split(&rest, '/', &above) || !str_to_u64(above, &numerator) || !str_to_u64(rest, &denominator))
        return "must be a fraction such as 1/2";
    if (denominator == 0 || numerator > denominator)
        return "must be a fraction of at most one whole, not over zero";
    *(struct str *)to = field;
    return NULL;
}

static const char *parse_rka(const struct scan_known *known, const struct world_column *column, struct str field, void *to)
{
    (void)column;
    int32_t number = known->trusted_dwelling != NULL ? known->trusted_dwelling(field)
                                                     : scan_dwellings_find(&known->dwellings, field, scan_rka_code(field));
    *(int32_t *)to = number;
    return known->held[WORLD_DWELLINGS] && number < 0 ? "no such dwelling in dwellings.csv" : NULL;
}

static const char *parse_word(const struct scan_known *known, const struct world_column *column, struct str field, void *to)
{
    (void)known;
    int found = world_word_find(column->words, field);
    if (found < 0)
        return column->words->must;
    memcpy(to, &column->words->word[found].value, sizeof(int));
    return NULL;
}

static const char *parse_word_text(const struct scan_known *known, const struct world_column *column, struct str field, void *to)
{
    (void)known;
    if (world_word_find(column->words, field) < 0)
        return column->words->must;
    *(struct str *)to = field;
    return NULL;
}

_Static_assert(sizeof(enum world_sex) == sizeof(int) && sizeof(enum world_form) == sizeof(int), "enumerations are ints");

const char *world_field_parse(const struct scan_known *known, const struct world_column *column, struct str field, void *row)
{
    static field_parse *const PARSE[WORLD_TYPES] = {
        [WORLD_TEXT] = parse_text,   [WORLD_PERSON_IIN] = parse_person_iin,
        [WORLD_IIN] = parse_iin,     [WORLD_IIN_OR_BIN] = parse_iin_or_bin,
        [WORLD_BIN] = parse_bin,     [WORLD_DAY] = parse_day,
        [WORLD_AREA] = parse_area,   [WORLD_KATO] = parse_kato,
        [WORLD_SHARE] = parse_share, [WORLD_RKA] = parse_rka,
        [WORLD_WORD] = parse_word,   [WORLD_WORD_TEXT] = parse_word_text,
    };
    void *to = (char *)row + column->offset;
    /* The row comes zeroed; only these two types have another value for an empty field. */
    if (column->type == WORLD_DAY)
        *(struct day *)to = DAY_NONE;
    if (column->type == WORLD_AREA)
        *(int64_t *)to = DECIMAL_NONE;
    if (field.n == 0)
        return column->required ? "must not be empty" : NULL;
    return PARSE[column->type](known, column, field, to);
}
