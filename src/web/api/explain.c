/* SPDX-License-Identifier: Apache-2.0 */
/* A decision in words: the outcome, the sentences of the law it rests on, why, and what to do; in the reader's language. */
#include <string.h>

#include "web/api/api.h"
#include "web/pages/views.h"

static enum law_language law_language(const struct web_request *r)
{
    static const enum law_language languages[TEXT_LANGUAGES] = { [TEXT_KK] = LAW_KK, [TEXT_RU] = LAW_RU, [TEXT_EN] = LAW_EN };
    return languages[r->language];
}

/* "order 6" has its title under paragraph.order_6. */
static const char *paragraph_title(const struct web_request *r, const char *paragraph)
{
    char *name = arena_copy(r->arena, paragraph, strlen(paragraph) + 1);
    char *space = strchr(name, ' ');
    if (space)
        *space = '_';
    return api_named(r, "paragraph", name);
}

static void write_sentences(const struct web_request *r, const char *paragraph, struct json *j)
{
    json_key(j, "sentences");
    json_open_array(j);
    for (int i = 0; i < law_sentence_count; i++) {
        if (strcmp(law_sentences[i].paragraph, paragraph) != 0)
            continue;
        json_open_object(j);
        json_put_text(j, "number", law_sentences[i].number);
        json_put_text(j, "text", law_sentences[i].text[law_language(r)]);
        json_end(j);
    }
    json_end(j);
}

static void write_paragraph(const struct web_request *r, const struct law_decision *d, struct json *j)
{
    json_key(j, "paragraph");
    if (!d->paragraph) {
        json_nil(j);
        return;
    }
    json_open_object(j);
    json_put_text(j, "number", d->paragraph);
    json_put_text(j, "title", paragraph_title(r, d->paragraph));
    write_sentences(r, d->paragraph, j);
    json_end(j);
}

static void write_why(const struct web_request *r, const char *code, const char *family, const char *remedy, struct json *j)
{
    json_put_text(j, "code", code);
    json_put_text(j, "text", api_named(r, family, code));
    json_put_text(j, "remedy", api_named(r, remedy, code));
}

static void write_reasons(const struct web_request *r, const struct law_decision *d, struct json *j)
{
    json_key(j, "reasons");
    json_open_array(j);
    for (int i = 0; i < d->reasons; i++) {
        json_open_object(j);
        write_why(r, law_reason_name(d->reason[i].code), "reason", "remedy", j);
        json_end(j);
    }
    json_end(j);
}

static void write_missing(const struct web_request *r, const struct law_decision *d, struct json *j)
{
    json_key(j, "missing");
    json_open_array(j);
    for (int i = 0; d->kin && d->kinship == TRI_NO && i < d->kin->missings; i++) {
        json_open_object(j);
        write_why(r, kin_missing_name(d->kin->missing[i].code), "missing", "missing_remedy", j);
        json_key(j, "person");
        json_iin(j, d->kin->missing[i].person);
        json_put_text(j, "whom", kin_whom_name(d->kin->missing[i].whom));
        json_end(j);
    }
    json_end(j);
}

/* Whose word a finding about kinship rests on, and how old it was. */
static void write_sources(struct web_request *r, const struct filing_view *view, struct json *j)
{
    json_key(j, "sources");
    json_open_array(j);
    for (int i = 0; i < view->kin_sources; i++) {
        const struct filing_source_view *source = &view->kin_source[i];
        json_open_object(j);
        json_put_text(j, "register", registry_name(registry_of(source->ask)));
        json_key(j, "as_of");
        json_day(j, source->as_of);
        api_moment(j, "answered_at", source->answered_at);
        json_put_str(j, "text", source_line(&r->page, source));
        json_end(j);
    }
    json_end(j);
}

void api_explain(struct web_request *r, const struct filing_view *view, struct json *j)
{
    const struct law_decision *d = &view->decision;
    const char *outcome = law_outcome_name(d->outcome);
    json_open_object(j);
    json_put_text(j, "title", api_named(r, "outcome", outcome));
    json_put_text(j, "lead", api_named(r, "outcome", arena_printf(r->arena, "%s.lead", outcome).p));
    write_paragraph(r, d, j);
    write_reasons(r, d, j);
    write_missing(r, d, j);
    write_sources(r, view, j);
    json_end(j);
}

/* ---- what is offered at 10.4 ---- */

static void write_sides(const struct web_request *r, const char *degree, struct json *j)
{
    static const enum kin_side sides[] = { KIN_MOTHER, KIN_FATHER };
    for (size_t i = 0; i < sizeof sides / sizeof sides[0]; i++) {
        const char *side = kin_side_name(sides[i]);
        json_open_object(j);
        json_put_text(j, "side", side);
        json_put_text(j, "text", api_named(r, "side", arena_printf(r->arena, "%s.%s", degree, side).p));
        json_end(j);
    }
}

static void write_choice(const struct web_request *r, enum law_degree degree, struct json *j)
{
    const char *name = law_degree_name(degree);
    json_open_object(j);
    json_put_text(j, "degree", name);
    json_put_text(j, "text", api_named(r, "degree", name));
    json_put_text(j, "hint", api_named(r, "degree", arena_printf(r->arena, "%s.hint", name).p));
    json_key(j, "sides");
    json_open_array(j);
    if (law_degree_has_side(degree))
        write_sides(r, name, j);
    json_end(j);
    json_end(j);
}

void api_choices(const struct web_request *r, const struct filing_view *view, struct json *j)
{
    struct policy_readings readings;
    policy_on(r->context.policy, view->legal_day, &readings);
    json_key(j, "choices");
    json_open_array(j);
    for (int d = 0; view->state == FILING_CHOOSING && d < LAW_DEGREES; d++) {
        if (law_degree_offered((enum law_degree)d, &readings))
            write_choice(r, (enum law_degree)d, j);
    }
    json_end(j);
}
