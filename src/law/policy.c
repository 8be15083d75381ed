/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The policy as a time line.  All days between two changes of any setting have the same readings, so they are computed
 * once when the policy is loaded; a decision finds its stretch by a few comparisons and copies it.
 */
#include "law/policy_impl.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/digest.h"
#include "base/embedded.h"
#include "base/file.h"

enum { FILE_LIMIT = 1 << 20, WRITE_LIMIT = 1 << 22, ERRORS_LIMIT = 1 << 16 };
#define EDITION "pilot-2025"

/* The span of a setting that covers a day; NULL when none does. */
static const struct policy_span *span_on(const struct policy *policy, enum policy_setting setting, int32_t day)
{
    const struct policy_line *line = &policy->line[setting];
    int low = 0, high = line->spans;
    while (low < high) {
        int middle = low + (high - low) / 2;
        if (line->span[middle].from <= day)
            low = middle + 1;
        else
            high = middle;
    }
    return low > 0 && line->span[low - 1].to >= day ? &line->span[low - 1] : NULL;
}

static int compare_days(const void *a, const void *b)
{
    int32_t x, y;
    memcpy(&x, a, sizeof x);
    memcpy(&y, b, sizeof y);
    return (x > y) - (x < y);
}

/* Every day on which some setting may change, sorted, each once. */
static void find_stretches(struct policy *policy, struct arena *arena)
{
    size_t room = 1;
    for (int s = 0; s < POLICY_SETTINGS; s++)
        room += 2 * (size_t)policy->line[s].spans;
    policy->start = ARENA_ARRAY(arena, int32_t, room);
    int n = 0;
    policy->start[n++] = INT32_MIN;
    for (int s = 0; s < POLICY_SETTINGS; s++) {
        for (int i = 0; i < policy->line[s].spans; i++) {
            const struct policy_span *span = &policy->line[s].span[i];
            policy->start[n++] = span->from;
            if (span->to != POLICY_NO_END)
                policy->start[n++] = span->to + 1;
        }
    }
    qsort(policy->start, (size_t)n, sizeof *policy->start, compare_days);
    policy->stretches = 0;
    for (int i = 0; i < n; i++)
        if (i == 0 || policy->start[i] != policy->start[i - 1])
            policy->start[policy->stretches++] = policy->start[i];
}

static void compute_readings(const struct policy *policy, int32_t day, struct policy_readings *ret)
{
    *ret = (struct policy_readings){ .day = { day } };
    for (int s = 0; s < POLICY_SETTINGS; s++) {
        const struct policy_span *span = span_on(policy, (enum policy_setting)s, day);
        int64_t value = span ? span->value : policy_default_value((enum policy_setting)s);
        policy_value_apply((enum policy_setting)s, value, ret);
    }
    ret->edition = ret->pilot_in_force ? EDITION : NULL;
}

void policy_finish(struct policy *policy, struct arena *arena)
{
    find_stretches(policy, arena);
    policy->readings = ARENA_ARRAY(arena, struct policy_readings, policy->stretches);
    for (int i = 0; i < policy->stretches; i++)
        compute_readings(policy, policy->start[i], &policy->readings[i]);

    struct buf text;
    char hex[DIGEST_HEX];
    buf_init(&text, WRITE_LIMIT);
    policy_write(policy, DAY_NONE, &text);
    digest_hex(buf_str(&text), hex);
    memcpy(policy->version, hex, sizeof policy->version - 1);
    buf_release(&text);
}

void policy_on(const struct policy *policy, struct day day, struct policy_readings *ret)
{
    int low = 0, high = policy->stretches - 1;
    while (low < high) {
        int middle = low + (high - low + 1) / 2;
        if (policy->start[middle] <= day.n)
            low = middle;
        else
            high = middle - 1;
    }
    *ret = policy->readings[low];
    ret->day = day;
}

const char *policy_version(const struct policy *policy) { return policy->version; }

/* ---- writing ---- */

static void write_day(struct buf *out, const char *key, int32_t day)
{
    char text[DAY_TEXT];
    buf_addf(out, "%s = %s\n", key, day_format((struct day){ day }, text));
}

static void write_span(enum policy_setting setting, const struct policy_span *span, struct buf *out)
{
    buf_add_text(out, "value = ");
    policy_value_write(setting, span->value, out);
    buf_add_char(out, '\n');
    write_day(out, "from", span->from);
    if (span->to != POLICY_NO_END)
        write_day(out, "to", span->to);
}

/* The stretch without a span around `day`, as a span that states what holds there, so that what is written means the same
 * wherever it is read. */
static struct policy_span gap_on(const struct policy *policy, enum policy_setting setting, int32_t day)
{
    struct policy_span gap = { policy_default_value(setting), day_of(DAY_FIRST_YEAR, 1, 1).n, POLICY_NO_END, 0 };
    for (int i = 0; i < policy->line[setting].spans; i++) {
        const struct policy_span *span = &policy->line[setting].span[i];
        if (span->from > day) {
            gap.to = span->from - 1;
            break;
        }
        gap.from = span->to + 1;
    }
    return gap;
}

void policy_write(const struct policy *policy, struct day day, struct buf *out)
{
    for (int s = 0; s < POLICY_SETTINGS; s++) {
        enum policy_setting setting = (enum policy_setting)s;
        buf_addf(out, "%s[%s]\n", s > 0 ? "\n" : "", policy_setting_name(setting));
        if (day_is_none(day)) {
            for (int i = 0; i < policy->line[s].spans; i++)
                write_span(setting, &policy->line[s].span[i], out);
            continue;
        }
        const struct policy_span *span = span_on(policy, setting, day.n);
        struct policy_span gap = { 0 };
        if (!span)
            gap = gap_on(policy, setting, day.n);
        write_span(setting, span ? span : &gap, out);
    }
}

/* ---- loading ---- */

extern const struct base_embedded policy_text[];

/* The only state of the module: the defaults, parsed once, read-only from then on. */
static struct policy_defaults {
    pthread_once_t once;
    struct arena arena;
    const struct policy *policy;
} defaults = { .once = PTHREAD_ONCE_INIT };

static void load_defaults(void)
{
    struct buf errors;
    struct str text = { (const char *)policy_text[0].bytes, policy_text[0].size };
    arena_init(&defaults.arena, 0);
    buf_init(&errors, ERRORS_LIMIT);
    if (!policy_read(policy_text[0].name, text, NULL, &defaults.arena, &defaults.policy, &errors))
        BUG("the compiled-in policy is wrong: %s", errors.p);
    buf_release(&errors);
}

const struct policy *policy_default(void)
{
    pthread_once(&defaults.once, load_defaults);
    return defaults.policy;
}

bool policy_parse(const char *name, struct str text, struct arena *arena, const struct policy **ret, struct buf *ret_errors)
{
    return policy_read(name, text, policy_default(), arena, ret, ret_errors);
}

bool policy_load(const char *path, struct arena *arena, const struct policy **ret, struct buf *ret_errors)
{
    struct str text;
    struct err err = { 0 };
    if (!file_read(path, FILE_LIMIT, arena, &text, &err)) {
        buf_addf(ret_errors, "%s\n", err.text);
        return false;
    }
    return policy_parse(path, text, arena, ret, ret_errors);
}
