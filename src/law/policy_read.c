/* SPDX-License-Identifier: Apache-2.0 */
/* The syntax of policy files; every error names its line and reading goes on, so that one run shows all of them. */
#include "law/policy_impl.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SPANS_MAX = 4096, SHOWN_MAX = 60 };

/* What the lines since the last `value` have said. */
struct draft {
    int line; /* of its first key; 0: nothing said yet */
    bool has_value, has_from, has_to;
    bool bad; /* an error was reported; it makes no span */
    struct policy_span span;
    int from_line, to_line;
};

struct reader {
    const char *name;
    struct buf *errors;
    bool failed;
    int line;
    int section;     /* enum policy_setting, -1: none or an unknown one */
    bool in_section; /* also in an unknown one: its keys are not reported one by one */
    int section_line;
    int section_spans; /* drafts begun in this section */
    struct draft draft;
    struct policy_span *span[POLICY_SETTINGS];
    size_t spans[POLICY_SETTINGS], capacity[POLICY_SETTINGS];
    size_t total;
    bool named[POLICY_SETTINGS];
};

__attribute__((format(printf, 3, 4))) static void wrong(struct reader *r, int line, const char *format, ...)
{
    char text[400];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    buf_addf(r->errors, "%s:%d: %s\n", r->name, line, text);
    r->failed = true;
}

/* Quotes bytes from outside for a message: cut to length, nothing that a terminal would obey. */
static const char *shown(struct str s, char ret[SHOWN_MAX + 8])
{
    size_t n = 0;
    bool plain = str_is_utf8(s);
    for (size_t i = 0; plain && i < s.n; i++)
        plain = (unsigned char)s.p[i] >= 0x20 && s.p[i] != 0x7f;
    if (!plain) {
        memcpy(ret, "(unreadable)", sizeof "(unreadable)");
        return ret;
    }
    ret[n++] = '\'';
    size_t keep = s.n;
    if (keep > SHOWN_MAX)
        for (keep = SHOWN_MAX; ((unsigned char)s.p[keep] & 0xc0) == 0x80;)
            keep--;
    memcpy(ret + n, s.p, keep);
    n += keep;
    if (keep < s.n) {
        memcpy(ret + n, "...", 3);
        n += 3;
    }
    ret[n++] = '\'';
    ret[n] = '\0';
    return ret;
}

static const char *setting_of(const struct reader *r) { return policy_setting_name((enum policy_setting)r->section); }

static void keep_span(struct reader *r, const struct policy_span *span)
{
    int s = r->section;
    r->span[s] = mem_room(r->span[s], r->spans[s], &r->capacity[s], sizeof *span);
    r->span[s][r->spans[s]++] = *span;
}

static void draft_end(struct reader *r)
{
    struct draft *d = &r->draft;
    if (d->line == 0)
        return;
    if (!d->has_value)
        wrong(r, d->line, "[%s] has no value here: a span needs value and from", setting_of(r));
    else if (!d->has_from)
        wrong(r, d->line, "[%s] has no from here: a span needs value and from", setting_of(r));
    else if (d->has_to && !d->bad && d->span.to < d->span.from)
        wrong(r, d->to_line, "to is before from");
    else if (!d->bad && r->total++ < SPANS_MAX)
        keep_span(r, &d->span);
    if (r->total == SPANS_MAX + 1)
        wrong(r, d->line, "more than %d spans", SPANS_MAX);
    *d = (struct draft){ 0 };
}

static void section_end(struct reader *r)
{
    if (r->section >= 0) {
        draft_end(r);
        if (r->section_spans == 0)
            wrong(r, r->section_line, "[%s] states no value: a span needs value and from", setting_of(r));
    }
    r->section = -1;
}

static int find_setting(struct str name)
{
    for (int s = 0; s < POLICY_SETTINGS; s++)
        if (str_is(name, policy_setting_name((enum policy_setting)s)))
            return s;
    return -1;
}

static void section_line(struct reader *r, struct str line)
{
    char quoted[SHOWN_MAX + 8];
    section_end(r);
    r->in_section = true;
    if (line.p[line.n - 1] != ']') {
        wrong(r, r->line, "a section is like [norm.area_per_person], with nothing after it");
        return;
    }
    struct str name = str_trim((struct str){ line.p + 1, line.n - 2 });
    r->section = find_setting(name);
    r->section_line = r->line;
    r->section_spans = 0;
    if (r->section < 0)
        wrong(r, r->line, "unknown section %s; sections are named after the settings: tirkeu policy show", shown(name, quoted));
    else
        r->named[r->section] = true;
}

static void take_value(struct reader *r, struct str value)
{
    char quoted[SHOWN_MAX + 8];
    const char *why;
    struct draft *d = &r->draft;
    enum policy_setting setting = (enum policy_setting)r->section;
    d->has_value = true;
    if (policy_value_parse(setting, value, &d->span.value, &why))
        return;
    d->bad = true;
    wrong(r, r->line, "unknown value %s of %s: %s%s", shown(value, quoted), policy_setting_name(setting),
          why ? why : "expected one of: ", why ? "" : policy_row(setting)->values);
}

static void take_day(struct reader *r, const char *key, struct str value, int32_t *ret)
{
    char quoted[SHOWN_MAX + 8];
    struct day day;
    if (day_parse(value, &day)) {
        *ret = day.n;
        return;
    }
    r->draft.bad = true;
    wrong(r, r->line, "%s is %s: there is no such day; write it like 2026-03-02 (1800 to 2199)", key, shown(value, quoted));
}

/* False: reported. */
static bool unquote(struct reader *r, struct str *value)
{
    if (value->n == 0 || value->p[0] != '"')
        return true;
    if (value->n >= 2 && value->p[value->n - 1] == '"' && !memchr(value->p + 1, '"', value->n - 2)) {
        *value = (struct str){ value->p + 1, value->n - 2 };
        return true;
    }
    wrong(r, r->line, "the quotes of the value are not closed at its end");
    return false;
}

static void draft_key(struct reader *r, struct str key, struct str value)
{
    struct draft *d = &r->draft;
    char quoted[SHOWN_MAX + 8];
    bool is_value = str_is(key, "value"), is_from = str_is(key, "from"), is_to = str_is(key, "to");
    if (!is_value && !is_from && !is_to) {
        wrong(r, r->line, "unknown key %s: expected value, from or to", shown(key, quoted));
        return;
    }
    if (is_value && d->has_value)
        draft_end(r);
    if (d->line == 0) {
        *d = (struct draft){ .line = r->line, .span = { .to = POLICY_NO_END, .line = r->line } };
        r->section_spans++;
    }
    if ((is_from && d->has_from) || (is_to && d->has_to)) {
        wrong(r, r->line, "%s is repeated in this span; a further span begins with value", is_from ? "from" : "to");
        d->bad = true;
        return;
    }
    bool closed = unquote(r, &value);
    d->bad |= !closed;
    d->has_value |= is_value;
    d->has_from |= is_from;
    d->has_to |= is_to;
    if (is_to)
        d->to_line = r->line;
    if (!closed)
        return;
    if (is_value)
        take_value(r, value);
    else
        take_day(r, is_from ? "from" : "to", value, is_from ? &d->span.from : &d->span.to);
}

static void key_line(struct reader *r, struct str line)
{
    char quoted[SHOWN_MAX + 8];
    const char *equals = memchr(line.p, '=', line.n);
    if (!equals) {
        wrong(r, r->line, "%s is neither a [section] nor key = value", shown(line, quoted));
        return;
    }
    struct str key = str_trim((struct str){ line.p, (size_t)(equals - line.p) });
    struct str value = str_trim((struct str){ equals + 1, line.n - (size_t)(equals - line.p) - 1 });
    if (!r->in_section)
        wrong(r, r->line, "the key %s stands outside a section", shown(key, quoted));
    else if (r->section >= 0)
        draft_key(r, key, value);
}

static void read_lines(struct reader *r, struct str text)
{
    struct str line;
    if (str_starts(text, "\xef\xbb\xbf"))
        text = (struct str){ text.p + 3, text.n - 3 };
    while (str_split(&text, '\n', &line)) {
        r->line++;
        line = str_trim(line);
        if (line.n == 0 || line.p[0] == '#' || line.p[0] == ';')
            continue;
        if (line.p[0] == '[')
            section_line(r, line);
        else
            key_line(r, line);
    }
    section_end(r);
}

static int compare_spans(const void *a, const void *b)
{
    const struct policy_span *x = a, *y = b;
    if (x->from != y->from)
        return x->from < y->from ? -1 : 1;
    return (x->line > y->line) - (x->line < y->line);
}

/* Sorts, and reports each overlap at the span that stands later in the file. */
static void check_overlaps(struct reader *r, int setting)
{
    struct policy_span *span = r->span[setting];
    size_t last = 0; /* the span that reaches furthest so far */
    if (r->spans[setting] > 1)
        qsort(span, r->spans[setting], sizeof *span, compare_spans);
    for (size_t i = 1; i < r->spans[setting]; i++) {
        if (span[i].from <= span[last].to) {
            int later = span[i].line > span[last].line ? span[i].line : span[last].line;
            int earlier = span[i].line > span[last].line ? span[last].line : span[i].line;
            wrong(r, later, "this span of [%s] overlaps the one of line %d", policy_setting_name((enum policy_setting)setting),
                  earlier);
        }
        if (span[i].to > span[last].to)
            last = i;
    }
}

static const struct policy *build(const struct reader *r, const struct policy *base, struct arena *arena)
{
    struct policy *policy = ARENA_NEW(arena, struct policy);
    for (int s = 0; s < POLICY_SETTINGS; s++) {
        const struct policy_span *span = r->span[s];
        int spans = (int)r->spans[s];
        if (!r->named[s] && base) {
            span = base->line[s].span;
            spans = base->line[s].spans;
        }
        policy->line[s].spans = spans;
        if (spans > 0)
            policy->line[s].span = arena_copy(arena, span, (size_t)spans * sizeof *span);
    }
    policy_finish(policy, arena);
    return policy;
}

bool policy_read(const char *name, struct str text, const struct policy *base, struct arena *arena, const struct policy **ret,
                 struct buf *ret_errors)
{
    struct reader r = { .name = name, .errors = ret_errors, .section = -1 };
    read_lines(&r, text);
    for (int s = 0; s < POLICY_SETTINGS; s++)
        check_overlaps(&r, s);
    if (!r.failed)
        *ret = build(&r, base, arena);
    for (int s = 0; s < POLICY_SETTINGS; s++)
        free(r.span[s]);
    return !r.failed;
}
