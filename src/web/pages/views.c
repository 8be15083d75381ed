/* SPDX-License-Identifier: Apache-2.0 */
#include "web/pages/views.h"

#include <string.h>

#include "web/request.h"

const char *state_tone(enum filing_state state)
{
    static const char *const tones[FILING_STATES] = {
        [FILING_ASKING] = "tag busy",        [FILING_WAITING] = "tag busy",      [FILING_CHOOSING] = "tag yours",
        [FILING_NOT_CONFIRMED] = "tag no",   [FILING_COUPON] = "tag yours",      [FILING_SIGNING] = "tag yours",
        [FILING_CONSENT] = "tag busy",       [FILING_REGISTERING] = "tag busy",  [FILING_REGISTERED] = "tag done",
        [FILING_SENT_TO_HALL] = "tag yours", [FILING_SENT_ONLINE] = "tag yours", [FILING_DOCUMENTS] = "tag yours",
        [FILING_REFUSED_IN_HALL] = "tag no", [FILING_DECLINED] = "tag no",       [FILING_EXPIRED] = "tag no",
        [FILING_CANCELLED] = "tag over",     [FILING_INVALID] = "tag no",
    };
    return tones[state];
}

struct str service_line(struct page *p, enum law_service service, int months)
{
    const char *name = page_named(p, "service", law_service_name(service));
    if (service != LAW_TEMPORARY)
        return page_str(p, name);
    struct str term = page_count(p, months, T_UNIT_MONTHS_ONE, T_UNIT_MONTHS_FEW, T_UNIT_MONTHS_MANY);
    return arena_printf(p->arena, "%s, " STR_FMT, name, STR_ARG(term));
}

int ask_rows(const struct filing_view *v, struct ask_row *ret)
{
    int rows = 0;
    for (int ask = 0; ask < REGISTRY_ASKS; ask++) {
        struct ask_row row = { .ask = (enum registry_ask)ask };
        for (int i = 0; i < v->questions; i++) {
            const struct filing_question_view *q = &v->question[i];
            if ((int)q->ask != ask || ask == REGISTRY_MESSAGE)
                continue;
            row.asked_at = row.questions == 0 || q->asked_at.ms < row.asked_at.ms ? q->asked_at : row.asked_at;
            row.answered_at = q->answered_at.ms > row.answered_at.ms ? q->answered_at : row.answered_at;
            row.attempts = q->attempts > row.attempts ? q->attempts : row.attempts;
            row.as_of = q->as_of;
            row.questions++;
            row.answered += q->state == FILING_Q_ANSWERED;
            row.silent += q->state == FILING_Q_SILENT;
        }
        if (row.questions > 0)
            ret[rows++] = row;
    }
    return rows;
}

bool case_steps(enum filing_state state, enum step_state ret[CASE_STEPS])
{
    static const int now[FILING_STATES] = {
        [FILING_ASKING] = 1,  [FILING_WAITING] = 1, [FILING_CHOOSING] = 2,    [FILING_NOT_CONFIRMED] = 2, [FILING_COUPON] = 3,
        [FILING_SIGNING] = 4, [FILING_CONSENT] = 5, [FILING_REGISTERING] = 6, [FILING_REGISTERED] = 7,
    };
    for (int i = 0; i < CASE_STEPS; i++)
        ret[i] = i + 1 < now[state] ? STEP_DONE : i + 1 == now[state] ? STEP_NOW : STEP_LATER;
    return now[state] > 0;
}

bool case_may_cancel(enum filing_state state)
{
    enum step_state ignored[CASE_STEPS];
    return case_steps(state, ignored) && state != FILING_REGISTERING && state != FILING_REGISTERED;
}

struct str source_line(struct page *p, const struct filing_source_view *source)
{
    const struct str when[] = { page_day(p, filing_source_day(source)), page_time(p, source->answered_at) };
    return page_fill(p, filing_source_text(source), 2, when);
}

const char *other_word(struct page *p, const struct filing_view *v)
{
    const char *degree = law_degree_name(v->other.degree), *side = kin_side_name(v->other.side);
    return page_named(p, "on_record", arena_printf(p->arena, "%s%s%s", degree, *side ? "." : "", side).p);
}

struct str person_word(struct page *p, const struct filing_view *v, struct iin person)
{
    char text[IIN_TEXT];
    if (iin_equal(person, v->applicant))
        return page_str(p, page_word(p, T_PERSON_YOU));
    struct str tail = arena_str(p->arena, str_from(iin_format(person, text) + 8));
    return page_fill(p, T_PERSON_OTHER, 1, &tail);
}

struct str missing_word(struct page *p, const struct filing_view *v, const struct kin_missing *missing)
{
    if (missing->whom == KIN_WHOM_OTHER)
        return person_word(p, v, missing->person);
    return page_str(p, page_named(p, "whom", kin_whom_name(missing->whom)));
}

const char *paragraph_key(struct page *p, const char *paragraph)
{
    char *key = arena_copy(p->arena, paragraph, strlen(paragraph) + 1);
    for (char *c = key; *c; c++) {
        if (*c == ' ')
            *c = '_';
    }
    return key;
}

struct str check_word(struct page *p, const char *family, struct str code)
{
    return code.n ? page_str(p, page_named(p, family, arena_text(p->arena, code))) : STR("");
}

int minutes_left(const struct page *p, struct moment until)
{
    int64_t left = until.ms - p->request->context.now.ms;
    return left <= 0 ? 0 : (int)((left + 59999) / 60000);
}
