/* SPDX-License-Identifier: Apache-2.0 */
#include "letter/letter.h"

#include <stdio.h>

struct letter {
    const struct filing_view *view;
    enum text_language language;
    struct buf *out;
};

#define LINE(letter, key, ...)                                                                                                   \
    line((letter), (key), (int)(sizeof((struct str[]){ __VA_ARGS__ }) / sizeof(struct str)), (const struct str[]){ __VA_ARGS__ })

static void line(struct letter *l, enum text_key key, int count, const struct str *arguments)
{
    text_fill(l->out, key, l->language, count, arguments);
    buf_add_char(l->out, '\n');
}

static void plain(struct letter *l, enum text_key key) { line(l, key, 0, NULL); }

static void gap(struct letter *l) { buf_add_char(l->out, '\n'); }

/* "<family>.<name><tail>"; the tests see that every reason, outcome and missing record has its texts. */
static const char *named(const struct letter *l, const char *family, const char *name, const char *tail)
{
    char full[100];
    enum text_key key;
    snprintf(full, sizeof full, "%s.%s%s", family, name, tail);
    if (!text_find(full, &key))
        BUG("no text '%s'", full);
    return text_of(key, l->language);
}

static void named_line(struct letter *l, const char *family, const char *name, const char *tail)
{
    buf_add_text(l->out, named(l, family, name, tail));
    buf_add_char(l->out, '\n');
}

/* Whom a reason or a missing record concerns; nothing for nobody. */
static void whom(struct letter *l, struct iin person, enum kin_whom known)
{
    char text[IIN_TEXT], name[64];
    enum text_key key;
    struct buf who;
    if (iin_is_none(person))
        return;
    buf_init(&who, 400);
    const struct str tail = str_from(iin_format(person, text) + 8);
    snprintf(name, sizeof name, "whom.%s", kin_whom_name(known));
    if (known != KIN_WHOM_OTHER && text_find(name, &key))
        buf_add_text(&who, text_of(key, l->language));
    else if (iin_equal(person, l->view->applicant))
        buf_add_text(&who, text_of(T_PERSON_YOU, l->language));
    else
        text_fill(&who, T_PERSON_OTHER, l->language, 1, &tail);
    LINE(l, T_ANSWER_WHOM, buf_str(&who));
    buf_release(&who);
}

static void add_day(const struct letter *l, struct day day, struct buf *out)
{
    int year, month, day_of_month;
    day_split(day, &year, &month, &day_of_month);
    text_day(out, year, month, day_of_month, l->language);
}

static void write_head(struct letter *l)
{
    const struct filing_view *v = l->view;
    struct buf day;
    buf_init(&day, 100);
    add_day(l, v->legal_day, &day);
    LINE(l, v->channel == LAW_RECEPTION ? T_LETTER_SLIP_TITLE : T_LETTER_TITLE, str_from(v->number));
    LINE(l, T_LETTER_DAY, buf_str(&day));
    buf_release(&day);
    if (v->applicant_name.n > 0)
        LINE(l, T_LETTER_TO, v->applicant_name);
    bool kazakh = l->language == TEXT_KK || v->address_ru.n == 0;
    if (v->address_kk.n + v->address_ru.n > 0)
        LINE(l, T_LETTER_DWELLING, kazakh && v->address_kk.n > 0 ? v->address_kk : v->address_ru, v->rka);
    gap(l);
}

/* Kazakh and Russian write a decimal comma. */
static struct str decimal_in(const struct letter *l, char text[DECIMAL_TEXT])
{
    for (char *c = text; l->language != TEXT_EN && *c; c++)
        *c = *c == '.' ? ',' : *c;
    return str_from(text);
}

static void write_norm(struct letter *l)
{
    const struct law_decision *d = &l->view->decision;
    char area[DECIMAL_TEXT], per_person[DECIMAL_TEXT], allowed[24], registered[24];
    if (!d->has_norm || d->per_person == DECIMAL_NONE)
        return;
    decimal_format(d->area, area);
    decimal_format_short(d->per_person, per_person);
    snprintf(allowed, sizeof allowed, "%lld", (long long)d->allowed);
    snprintf(registered, sizeof registered, "%d", d->registered);
    LINE(l, T_LETTER_NORM, str_from(text_of(d->useful_area ? T_NORM_USEFUL : T_NORM_TOTAL, l->language)), decimal_in(l, area),
         decimal_in(l, per_person), str_from(allowed), str_from(registered));
    gap(l);
}

/* "10.6" -> its title; "order 6" is the text "paragraph.order_6". */
static const char *paragraph_title(const struct letter *l, const char *paragraph)
{
    char key[32];
    snprintf(key, sizeof key, "%s", paragraph);
    for (char *c = key; *c; c++)
        *c = *c == ' ' ? '_' : *c;
    return named(l, "paragraph", key, "");
}

static void write_reasons(struct letter *l)
{
    const struct law_decision *d = &l->view->decision;
    plain(l, T_LETTER_REASONS);
    for (int i = 0; i < d->reasons; i++) {
        const struct law_reason *reason = &d->reason[i];
        const char *name = law_reason_name(reason->code), *what = named(l, "reason", name, "");
        if (reason->paragraph)
            LINE(l, T_LETTER_REASON, str_from(what), str_from(paragraph_title(l, reason->paragraph)));
        else
            named_line(l, "reason", name, "");
        whom(l, reason->person, KIN_WHOM_OTHER);
        buf_add_text(l->out, text_of(T_ANSWER_REMEDY, l->language));
        buf_add_char(l->out, ' ');
        named_line(l, "remedy", name, "");
        gap(l);
    }
}

/* Whose word the finding about kinship is, and how old it is. */
static void write_sources(struct letter *l)
{
    enum { KAZAKHSTAN_MINUTES = 5 * 60, DAY_MINUTES = 24 * 60 };
    const struct filing_view *v = l->view;
    for (int i = 0; i < v->kin_sources; i++) {
        const struct filing_source_view *source = &v->kin_source[i];
        int minutes = (int)((source->answered_at.ms / 60000 + KAZAKHSTAN_MINUTES) % DAY_MINUTES);
        char clock[24];
        struct buf day;
        buf_init(&day, 100);
        add_day(l, filing_source_day(source), &day);
        snprintf(clock, sizeof clock, "%02d:%02d", minutes / 60, minutes % 60);
        LINE(l, filing_source_text(source), buf_str(&day), str_from(clock));
        buf_release(&day);
    }
    if (v->kin_sources > 0)
        gap(l);
}

static void write_missing(struct letter *l)
{
    const struct kin_answer *kin = l->view->decision.kin;
    if (!kin || l->view->decision.kinship != TRI_NO || kin->missings == 0)
        return;
    plain(l, T_ANSWER_MISSING);
    for (int i = 0; i < kin->missings; i++) {
        const char *name = kin_missing_name(kin->missing[i].code);
        named_line(l, "missing", name, "");
        whom(l, kin->missing[i].person, kin->missing[i].whom);
        named_line(l, "missing_remedy", name, "");
        gap(l);
    }
}

static void write_proof(struct letter *l)
{
    const struct kin_answer *kin = l->view->decision.kin;
    if (!kin || l->view->decision.kinship != TRI_YES || kin->acts == 0)
        return;
    plain(l, T_ANSWER_PROOF);
    for (int i = 0; i < kin->acts; i++)
        LINE(l, kin->act[i].kind == KIN_ACT_BIRTH ? T_ACT_BIRTH : T_ACT_MARRIAGE, kin->act[i].number);
    gap(l);
}

void letter_write(const struct filing_view *view, enum text_language language, struct buf *out)
{
    struct letter letter = { view, language, out };
    write_head(&letter);
    if (!view->has_decision) {
        plain(&letter, T_LETTER_UNDECIDED);
        return;
    }
    const char *outcome = law_outcome_name(view->decision.outcome);
    named_line(&letter, "outcome", outcome, "");
    named_line(&letter, "outcome", outcome, ".lead");
    gap(&letter);
    write_norm(&letter);
    write_reasons(&letter);
    write_sources(&letter);
    write_missing(&letter);
    write_proof(&letter);
    if (view->refusal.n > 0) {
        buf_add_str(out, view->refusal);
        gap(&letter);
    }
}
