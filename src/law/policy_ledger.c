/* SPDX-License-Identifier: Apache-2.0 */
/* docs/readings.md, out of the table of settings. */
#include "law/policy_impl.h"

static void write_span(enum policy_setting setting, const struct policy_span *span, struct buf *out)
{
    char from[DAY_TEXT], to[DAY_TEXT];
    buf_add_char(out, '`');
    policy_value_write(setting, span->value, out);
    buf_add_char(out, '`');
    if (span->from != day_of(DAY_FIRST_YEAR, 1, 1).n)
        buf_addf(out, " from %s", day_format((struct day){ span->from }, from));
    if (span->to != POLICY_NO_END)
        buf_addf(out, " to %s, that day included", day_format((struct day){ span->to }, to));
}

static void write_setting(enum policy_setting setting, struct buf *out)
{
    const struct policy_row *row = policy_row(setting);
    const struct policy_line *line = &policy_default()->line[setting];
    buf_addf(out, "\n## %s\n\n| | |\n|---|---|\n| default | ", row->name);
    for (int i = 0; i < line->spans; i++) {
        buf_add_text(out, i > 0 ? "; " : "");
        write_span(setting, &line->span[i], out);
    }
    buf_addf(out, " |\n| values | %s |\n| paragraph | %s |\n\n", row->values, row->paragraph);
    buf_addf(out, "**Why.** %s\n\n**The other reading.** %s\n", row->why, row->otherwise);
}

void policy_ledger_write(struct buf *out)
{
    buf_add_text(
        out, "# How the order is read where it leaves room\n\n"
             "Made from the table of settings by `make ledger`; do not edit. Each reading is a setting of the policy with dates "
             "(`tirkeu policy show`), and a decision names the readings that mattered. A setting that states no date holds on "
             "every day.\n");
    for (int s = 0; s < POLICY_SETTINGS; s++)
        write_setting((enum policy_setting)s, out);
}
