/* SPDX-License-Identifier: Apache-2.0 */
/* Inside the policy: settings as a table of kinds, a time line as sorted spans, readings ready for each stretch of days. */
#ifndef LAW_POLICY_IMPL_H
#define LAW_POLICY_IMPL_H

#include "law/policy.h"

#include "base/decimal.h"

enum policy_kind {
    POLICY_KIND_SWITCH, /* pilot.in_force: on off */
    POLICY_KIND_NORM,   /* hundredths of m2, DECIMAL_NONE for `none` */
    POLICY_KIND_CHOICE, /* index of the word in `values`; the first is the default */
    POLICY_KIND_LIST,   /* a choice that fills offer_in_law and offer_owner */
    POLICY_KIND_YEARS,
    POLICY_KIND_DEGREES /* bits 1 << enum kin_degree */
};

struct policy_type {
    enum policy_kind kind;
    size_t offset; /* CHOICE: the bool of struct policy_readings that its second word sets */
};
const struct policy_type *policy_type(enum policy_setting setting);

/* The value that holds on a day without a span. */
int64_t policy_default_value(enum policy_setting setting);
/* False: *ret_why says what is wrong (static text, follows the value in the message). */
bool policy_value_parse(enum policy_setting setting, struct str text, int64_t *ret, const char **ret_why);
void policy_value_write(enum policy_setting setting, int64_t value, struct buf *out);
void policy_value_apply(enum policy_setting setting, int64_t value, struct policy_readings *readings);

/* Days are compared as numbers; an open end is the largest. */
#define POLICY_NO_END INT32_MAX
struct policy_span {
    int64_t value;
    int32_t from, to;
    int line; /* where it begins in its file */
};
struct policy_line {
    struct policy_span *span; /* sorted, without overlaps */
    int spans;
};

struct policy {
    struct policy_line line[POLICY_SETTINGS];
    int32_t *start; /* first day of each stretch, ascending; start[0] is INT32_MIN */
    struct policy_readings *readings;
    int stretches;
    char version[17];
};

/* Reads a file over `base` (NULL: the bare defaults of the settings). */
bool policy_read(const char *name, struct str text, const struct policy *base, struct arena *arena, const struct policy **ret,
                 struct buf *ret_errors);
/* Fills the stretches and the version; the lines are there and sorted. */
void policy_finish(struct policy *policy, struct arena *arena);

#endif
