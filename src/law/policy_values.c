/* SPDX-License-Identifier: Apache-2.0 */
/* What a setting's value may be, and what it does to the readings. */
#include "law/policy_impl.h"

#include <string.h>

#define READING(member) .offset = offsetof(struct policy_readings, member)

static const struct policy_type types[POLICY_SETTINGS] = {
    [POLICY_PILOT_IN_FORCE] = { POLICY_KIND_SWITCH, READING(pilot_in_force) },
    [POLICY_NORM_AREA_PER_PERSON] = { POLICY_KIND_NORM, READING(area_per_person) },
    [POLICY_NORM_IN_HALL] = { POLICY_KIND_CHOICE, READING(norm_in_hall) },
    [POLICY_NORM_AREA_KIND] = { POLICY_KIND_CHOICE, READING(useful_area) },
    [POLICY_ALLOWED] = { POLICY_KIND_CHOICE, READING(allowed_at_least_one) },
    [POLICY_REACHED] = { POLICY_KIND_CHOICE, READING(reached_above_allowed) },
    [POLICY_REGISTERED] = { POLICY_KIND_CHOICE, READING(residence_only) },
    [POLICY_OWNERS] = { POLICY_KIND_CHOICE, READING(all_living_owners) },
    [POLICY_TEMPORARY_OFFICE_ROUTE] = { POLICY_KIND_CHOICE, READING(temporary_online) },
    [POLICY_MINOR] = { POLICY_KIND_YEARS, READING(majority_years) },
    [POLICY_MINOR_MARRIED] = { POLICY_KIND_CHOICE, READING(married_minor_is_adult) },
    [POLICY_OWNER_LEGAL_ENTITY] = { POLICY_KIND_CHOICE, READING(company_to_hall) },
    [POLICY_SPOUSE] = { POLICY_KIND_CHOICE, READING(kin.spouse_single) },
    [POLICY_FULL_SIBLING] = { POLICY_KIND_CHOICE, READING(kin.full_sibling_known_parents) },
    [POLICY_HALF_SIBLING] = { POLICY_KIND_CHOICE, READING(kin.half_sibling_only_half) },
    [POLICY_GRANDPARENT] = { POLICY_KIND_CHOICE, READING(grandparent_either_side) },
    [POLICY_GRANDCHILD] = { POLICY_KIND_CHOICE, READING(grandchild_either_side) },
    [POLICY_IN_LAW_SCOPE] = { POLICY_KIND_DEGREES, READING(kin.in_law_scope) },
    [POLICY_IN_LAW_BOTH_WAYS] = { POLICY_KIND_CHOICE, READING(kin.in_law_both_ways) },
    [POLICY_STUDENT] = { POLICY_KIND_CHOICE, READING(student_any_form) },
    [POLICY_LIST_ZHEKEMENSHIK] = { POLICY_KIND_LIST, READING(offer_in_law) },
    [POLICY_STATUTE_EXTENDED_KIN] = { POLICY_KIND_CHOICE, READING(kin.extended) },
    [POLICY_STATUTE_NO_STRANGERS] = { POLICY_KIND_CHOICE, READING(no_strangers) },
};

/* The degrees of the owner's spouse that can make an in-law; in_law.scope lists them in this order. */
static const enum kin_degree scope_degrees[] = { KIN_CHILD,        KIN_PARENT,      KIN_FULL_SIBLING,
                                                 KIN_HALF_SIBLING, KIN_GRANDPARENT, KIN_GRANDCHILD };
#define SCOPE_DEGREES ((int)(sizeof scope_degrees / sizeof *scope_degrees))

enum { NORM_LEAST = 1, NORM_MOST = 100000, YEARS_LEAST = 1, YEARS_MOST = 99, MAJORITY = 18 };

const struct policy_type *policy_type(enum policy_setting setting) { return &types[setting]; }

static unsigned whole_scope(void)
{
    unsigned bits = 0;
    for (int i = 0; i < SCOPE_DEGREES; i++)
        bits |= 1u << scope_degrees[i];
    return bits;
}

int64_t policy_default_value(enum policy_setting setting)
{
    switch (types[setting].kind) {
    case POLICY_KIND_SWITCH: return false;
    case POLICY_KIND_NORM: return DECIMAL_NONE;
    case POLICY_KIND_YEARS: return MAJORITY;
    case POLICY_KIND_DEGREES: return whole_scope();
    case POLICY_KIND_CHOICE:
    case POLICY_KIND_LIST: break;
    }
    return 0;
}

/* The words of a choice are policy_row().values. */
static bool choice_parse(enum policy_setting setting, struct str text, int64_t *ret)
{
    struct str rest = str_from(policy_row(setting)->values), word;
    for (int i = 0; str_split(&rest, ' ', &word); i++) {
        if (str_equal(word, text)) {
            *ret = i;
            return true;
        }
    }
    return false;
}

static void choice_write(enum policy_setting setting, int64_t value, struct buf *out)
{
    struct str rest = str_from(policy_row(setting)->values), word;
    for (int i = 0; str_split(&rest, ' ', &word); i++)
        if (i == value)
            buf_add_str(out, word);
}

static bool scope_word(struct str word, int64_t *bits)
{
    for (int i = 0; i < SCOPE_DEGREES; i++) {
        int64_t bit = INT64_C(1) << scope_degrees[i];
        if (!str_is(word, kin_degree_name(scope_degrees[i])))
            continue;
        if (*bits & bit)
            return false;
        *bits |= bit;
        return true;
    }
    return false;
}

/* Words parted by spaces or one comma each, or `none`. */
static bool scope_parse(struct str text, int64_t *ret)
{
    int64_t bits = 0;
    int words = 0;
    if (str_is(text, "none")) {
        *ret = 0;
        return true;
    }
    struct str part, word;
    while (str_split(&text, ',', &part)) {
        int before = words;
        part = str_trim(part);
        while (str_split(&part, ' ', &word)) {
            word = str_trim(word);
            if (word.n == 0)
                continue;
            if (!scope_word(word, &bits))
                return false;
            words++;
        }
        if (words == before)
            return false;
    }
    *ret = bits;
    return words > 0;
}

static void scope_write(int64_t bits, struct buf *out)
{
    const char *gap = "";
    if (bits == 0)
        buf_add_text(out, "none");
    for (int i = 0; i < SCOPE_DEGREES; i++) {
        if (!(bits & INT64_C(1) << scope_degrees[i]))
            continue;
        buf_add_text(out, gap);
        buf_add_text(out, kin_degree_name(scope_degrees[i]));
        gap = " ";
    }
}

static bool norm_parse(struct str text, int64_t *ret)
{
    if (str_is(text, "none")) {
        *ret = DECIMAL_NONE;
        return true;
    }
    return decimal_parse(text, ret) && *ret >= NORM_LEAST && *ret <= NORM_MOST;
}

static bool years_parse(struct str text, int64_t *ret)
{
    uint64_t years;
    if (!str_to_u64(text, &years) || years < YEARS_LEAST || years > YEARS_MOST)
        return false;
    *ret = (int64_t)years;
    return true;
}

bool policy_value_parse(enum policy_setting setting, struct str text, int64_t *ret, const char **ret_why)
{
    int64_t value = 0;
    bool good = false;
    switch (types[setting].kind) {
    case POLICY_KIND_SWITCH:
        good = str_is(text, "on") || str_is(text, "off");
        value = str_is(text, "on");
        *ret_why = "expected on (or off)";
        break;
    case POLICY_KIND_NORM:
        good = norm_parse(text, &value);
        *ret_why = "expected square metres from 0.01 to 1000.00 with at most two decimals, like 15 or 13.5 (or none)";
        break;
    case POLICY_KIND_YEARS:
        good = years_parse(text, &value);
        *ret_why = "expected whole years from 1 to 99";
        break;
    case POLICY_KIND_DEGREES:
        good = scope_parse(text, &value);
        *ret_why = "expected child, parent, full_sibling, half_sibling, grandparent, grandchild (each once at most), or none";
        break;
    case POLICY_KIND_CHOICE:
    case POLICY_KIND_LIST:
        good = choice_parse(setting, text, &value);
        *ret_why = NULL;
        break;
    }
    if (good)
        *ret = value;
    return good;
}

void policy_value_write(enum policy_setting setting, int64_t value, struct buf *out)
{
    char decimal[DECIMAL_TEXT];
    switch (types[setting].kind) {
    case POLICY_KIND_SWITCH: buf_add_text(out, value ? "on" : "off"); break;
    case POLICY_KIND_NORM: buf_add_text(out, value == DECIMAL_NONE ? "none" : decimal_format_short(value, decimal)); break;
    case POLICY_KIND_YEARS: buf_add_int(out, value); break;
    case POLICY_KIND_DEGREES: scope_write(value, out); break;
    case POLICY_KIND_CHOICE:
    case POLICY_KIND_LIST: choice_write(setting, value, out); break;
    }
}

enum { LIST_BOTH, LIST_IN_LAW, LIST_OWNER };

void policy_value_apply(enum policy_setting setting, int64_t value, struct policy_readings *readings)
{
    char *member = (char *)readings + types[setting].offset;
    bool on = value != 0;
    int years = (int)value;
    unsigned bits = (unsigned)value;
    switch (types[setting].kind) {
    case POLICY_KIND_SWITCH:
    case POLICY_KIND_CHOICE: memcpy(member, &on, sizeof on); break;
    case POLICY_KIND_NORM: memcpy(member, &value, sizeof value); break;
    case POLICY_KIND_YEARS: memcpy(member, &years, sizeof years); break;
    case POLICY_KIND_DEGREES: memcpy(member, &bits, sizeof bits); break;
    case POLICY_KIND_LIST:
        readings->offer_in_law = value != LIST_OWNER;
        readings->offer_owner = value != LIST_IN_LAW;
        break;
    }
}
