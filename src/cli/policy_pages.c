/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/policy_pages.h"

#include "base/err.h"
#include "law/law.h"
#include "text/text.h"

/* The English text of "<kind>.<name><tail>". */
static const char *english(const char *kind, const char *name, const char *tail)
{
    struct buf key_name;
    enum text_key key;
    buf_init(&key_name, 200);
    buf_addf(&key_name, "%s.%s%s", kind, name, tail);
    if (!text_find(key_name.p, &key))
        BUG("there is no text %s", key_name.p);
    buf_release(&key_name);
    return text_of(key, TEXT_EN);
}

static void row(struct buf *out, const char *name, const char *what, const char *then)
{
    buf_addf(out, "| `%s` | %s | %s |\n", name, what, then);
}

void policy_reasons_write(struct buf *out)
{
    buf_add_text(
        out,
        "# What a decision can say\n\nMade from src/law/law.h and src/text/law.text by `make ledger`; do not edit. The lists are "
        "closed; the Kazakh and Russian words are in src/text/law.text.\n\n## Outcomes\n\n| outcome | title | lead "
        "|\n|---|---|---|\n");
    for (int i = 0; i < LAW_OUTCOMES; i++) {
        const char *name = law_outcome_name((enum law_outcome)i);
        row(out, name, english("outcome", name, ""), english("outcome", name, ".lead"));
    }
    buf_add_text(out, "\n## Reason codes\n\n| code | reason | what to do |\n|---|---|---|\n");
    for (int i = 0; i < LAW_REASON_CODES; i++) {
        const char *name = law_reason_name((enum law_reason_code)i);
        row(out, name, english("reason", name, ""), english("remedy", name, ""));
    }
    buf_add_text(
        out,
        "\n## What is missing for a proof of kinship\n\n| code | what the civil register says | what to do |\n|---|---|---|\n");
    for (int i = 0; i < KIN_MISSING_CODES; i++) {
        const char *name = kin_missing_name((enum kin_missing_code)i);
        row(out, name, english("missing", name, ""), english("missing_remedy", name, ""));
    }
}
