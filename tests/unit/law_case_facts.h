/* SPDX-License-Identifier: Apache-2.0 */
/* Part of law_cases_test.c: the facts of `given`, as struct law_facts. */
#ifndef UNIT_LAW_CASE_FACTS_H
#define UNIT_LAW_CASE_FACTS_H

#include "law_case.h"

static enum tri tri_value(const struct law_case *c, struct str text)
{
    if (str_is(text, "yes"))
        return TRI_YES;
    if (str_is(text, "unknown"))
        return TRI_UNKNOWN;
    if (!str_is(text, "no"))
        broken(c, "'" STR_FMT "' is not yes, no or unknown", STR_ARG(text));
    return TRI_NO;
}

static void relation_value(struct law_case *c, struct str text)
{
    struct str degree, side;
    str_split(&text, '/', &degree);
    if (!law_degree_parse(degree, &c->facts.relation.degree))
        broken(c, "unknown degree '" STR_FMT "'", STR_ARG(degree));
    if (str_split(&text, '/', &side) && !kin_side_parse(side, &c->facts.relation.side))
        broken(c, "unknown side '" STR_FMT "'", STR_ARG(side));
}

/* What the words of an owner say beyond "adult": alive, of age, capable, asked about everything. */
static void owner_adult(struct law_case *c, struct law_owner *owner) { (void)c, (void)owner; }
static void owner_minor(struct law_case *c, struct law_owner *owner) { (void)c, owner->minor = TRI_YES; }
static void owner_incapable(struct law_case *c, struct law_owner *owner) { (void)c, owner->incapable = TRI_YES; }
static void owner_dead(struct law_case *c, struct law_owner *owner) { (void)c, owner->alive = TRI_NO; }
static void owner_age_unknown(struct law_case *c, struct law_owner *owner) { (void)c, owner->minor = TRI_UNKNOWN; }
static void owner_life_unknown(struct law_case *c, struct law_owner *owner) { (void)c, owner->alive = TRI_UNKNOWN; }
static void owner_capacity_unknown(struct law_case *c, struct law_owner *owner) { (void)c, owner->incapable = TRI_UNKNOWN; }
static void owner_married(struct law_case *c, struct law_owner *owner) { (void)c, owner->married = TRI_YES; }
static void owner_applicant(struct law_case *c, struct law_owner *owner) { owner->id = c->facts.applicant; }
static void owner_marriage_unknown(struct law_case *c, struct law_owner *owner) { (void)c, owner->married = TRI_UNKNOWN; }
static void owner_marriage_unasked(struct law_case *c, struct law_owner *owner)
{
    (void)c;
    owner->married = TRI_UNKNOWN;
    owner->married_asked = false;
}
static void owner_company(struct law_case *c, struct law_owner *owner)
{
    owner->company = true;
    owner->id = id_of(c, STR("company"));
}
static void owner_unasked(struct law_case *c, struct law_owner *owner)
{
    (void)c;
    owner->unasked = true;
    owner->alive = owner->minor = owner->incapable = TRI_UNKNOWN;
}

static const struct {
    const char *word;
    void (*apply)(struct law_case *c, struct law_owner *owner);
} owner_words[] = {
    { "adult", owner_adult },
    { "minor", owner_minor },
    { "incapable", owner_incapable },
    { "dead", owner_dead },
    { "company", owner_company },
    { "applicant", owner_applicant },
    { "unasked", owner_unasked },
    { "age_unknown", owner_age_unknown },
    { "life_unknown", owner_life_unknown },
    { "capacity_unknown", owner_capacity_unknown },
    { "married", owner_married },
    { "marriage_unknown", owner_marriage_unknown },
    { "marriage_unasked", owner_marriage_unasked },
};
#define OWNER_WORDS (sizeof owner_words / sizeof *owner_words)

/* "minor+dead" */
static void owner_value(struct law_case *c, struct str text)
{
    if (c->facts.owners == OWNERS_CASE_MAX)
        broken(c, "more than %d owners", OWNERS_CASE_MAX);
    struct law_owner *owner = &c->owner[c->facts.owners++];
    *owner =
        (struct law_owner){ .alive = TRI_YES, .minor = TRI_NO, .married = TRI_NO, .married_asked = true, .incapable = TRI_NO };
    owner->id = id_of(c, arena_printf(&c->arena, "owner%d", c->facts.owners));
    struct str word;
    while (str_split(&text, '+', &word)) {
        size_t i = 0;
        while (i < OWNER_WORDS && !str_is(word, owner_words[i].word))
            i++;
        if (i == OWNER_WORDS)
            broken(c, "unknown owner word '" STR_FMT "'", STR_ARG(word));
        owner_words[i].apply(c, owner);
    }
}

static void fact_owners(struct law_case *c, struct str text)
{
    struct str one;
    c->facts.dwelling = LAW_KNOWN;
    c->facts.owners_known = str_is(text, "silent") ? LAW_SILENT : LAW_KNOWN;
    if (str_is(text, "silent") || str_is(text, "none"))
        return;
    while (str_split(&text, ',', &one))
        owner_value(c, one);
}

static void fact_dwelling(struct law_case *c, struct str text)
{
    if (!str_is(text, "silent"))
        broken(c, "dwelling can only be said to be silent; its facts are kato, total_area, useful_area and owners");
    c->facts.dwelling = c->facts.owners_known = LAW_SILENT;
}

static void fact_kato(struct law_case *c, struct str text)
{
    c->facts.dwelling = LAW_KNOWN;
    c->facts.kato = str_is(text, "none") ? (struct str){ "", 0 } : text;
}

static void area_value(struct law_case *c, struct str text, int64_t *ret)
{
    c->facts.dwelling = LAW_KNOWN;
    if (!decimal_parse(text, ret))
        broken(c, "'" STR_FMT "' is not an area", STR_ARG(text));
}
static void fact_total_area(struct law_case *c, struct str text) { area_value(c, text, &c->facts.total_area); }
static void fact_useful_area(struct law_case *c, struct str text) { area_value(c, text, &c->facts.useful_area); }

/* "3" or "3/2": both kinds, residence only. */
static void fact_head_count(struct law_case *c, struct str text)
{
    struct str both, residence;
    c->facts.head_count = str_is(text, "silent") ? LAW_SILENT : LAW_KNOWN;
    if (c->facts.head_count == LAW_SILENT)
        return;
    str_split(&text, '/', &both);
    if (!str_split(&text, '/', &residence))
        residence = both;
    c->facts.registered = (int)number(c, both);
    c->facts.registered_residence = (int)number(c, residence);
}

static void fact_kinship(struct law_case *c, struct str text)
{
    c->facts.kinship = str_is(text, "silent") ? LAW_SILENT : LAW_KNOWN;
    if (c->facts.kinship == LAW_SILENT)
        return;
    c->kin = (struct kin_answer){ .confirmed = tri_value(c, text) };
    if (c->kin.confirmed == TRI_NO)
        c->kin.missing[c->kin.missings++] = (struct kin_missing){ KIN_NO_BIRTH_ACT, c->facts.applicant, KIN_WHOM_OTHER };
    c->facts.kin = &c->kin;
}

static void fact_study(struct law_case *c, struct str text)
{
    struct law_facts *f = &c->facts;
    f->study = str_is(text, "silent") ? LAW_SILENT : LAW_KNOWN;
    if (str_is(text, "full_time"))
        f->studies_full_time = f->studies_any_form = TRI_YES;
    else if (str_is(text, "other_form"))
        f->studies_full_time = TRI_NO, f->studies_any_form = TRI_YES;
    else if (str_is(text, "unknown"))
        f->studies_full_time = f->studies_any_form = TRI_UNKNOWN;
    else if (str_is(text, "none"))
        f->studies_full_time = f->studies_any_form = TRI_NO;
    else if (f->study == LAW_KNOWN)
        broken(c, "study is full_time, other_form, none, unknown or silent");
}

static void fact_strangers(struct law_case *c, struct str text)
{
    c->facts.strangers_known = str_is(text, "silent") ? LAW_SILENT : LAW_KNOWN;
    if (c->facts.strangers_known == LAW_KNOWN)
        c->facts.strangers = tri_value(c, text);
}

static void fact_service(struct law_case *c, struct str text)
{
    if (!law_service_parse(text, &c->facts.service))
        broken(c, "unknown service '" STR_FMT "'", STR_ARG(text));
}
static void fact_channel(struct law_case *c, struct str text)
{
    if (!law_channel_parse(text, &c->facts.channel))
        broken(c, "unknown channel '" STR_FMT "'", STR_ARG(text));
}
static void fact_day(struct law_case *c, struct str text) { c->facts.day = day_value(c, text); }

typedef void take_text(struct law_case *c, struct str text);
struct keyword {
    const char *word;
    take_text *take;
};

static const struct keyword facts[] = {
    { "service", fact_service },       { "channel", fact_channel },         { "day", fact_day },
    { "relation", relation_value },    { "dwelling", fact_dwelling },       { "kato", fact_kato },
    { "total_area", fact_total_area }, { "useful_area", fact_useful_area }, { "owners", fact_owners },
    { "head_count", fact_head_count }, { "kinship", fact_kinship },         { "study", fact_study },
    { "strangers", fact_strangers },
};

static void take(struct law_case *c, const struct keyword *table, size_t count, struct str word, struct str text)
{
    size_t i = 0;
    while (i < count && !str_is(word, table[i].word))
        i++;
    if (i == count)
        broken(c, "unknown word '" STR_FMT "'", STR_ARG(word));
    table[i].take(c, text);
}

static void line_given(struct law_case *c, struct str text)
{
    struct str word;
    while (next_word(&text, &word)) {
        struct str value = cut_value(&word);
        take(c, facts, sizeof facts / sizeof *facts, word, value);
    }
}

static void line_policy(struct law_case *c, struct str text)
{
    struct str value = cut_value(&text);
    buf_addf(&c->policy, "[" STR_FMT "]\nvalue = " STR_FMT "\nfrom = 1800-01-01\n", STR_ARG(text), STR_ARG(value));
}

#endif
