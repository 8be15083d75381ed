/* SPDX-License-Identifier: Apache-2.0 */
/* What the pages of a new application share. */
#include "web/pages/pages.h"

bool draft_is_right(enum law_service service, int months)
{
    return service == LAW_TEMPORARY ? months >= 1 && months <= 12 : months == 0;
}

bool draft_read(struct web_request *r, struct web_draft *ret)
{
    uint64_t months = 0;
    struct str text = pairs_get(&r->fields, "months");
    bool ok = law_service_parse(pairs_get(&r->fields, "service"), &ret->service) && str_to_u64(text, &months) && months <= 12;
    ret->months = (int)months;
    if (ok && draft_is_right(ret->service, ret->months))
        return true;
    web_redirect(r, "/new");
    return false;
}

const struct registry_dwelling *draft_dwellings(const struct filing_lookup *lookup, int *ret_count)
{
    *ret_count = 0;
    if (lookup->state != FILING_LOOKUP_ANSWERED)
        return NULL;
    if (lookup->question.ask == REGISTRY_DWELLING) {
        *ret_count = lookup->answer.dwelling.held;
        return &lookup->answer.dwelling;
    }
    *ret_count = lookup->question.ask == REGISTRY_DWELLINGS_OF ? lookup->answer.dwellings.count : 0;
    return lookup->answer.dwellings.item;
}

const struct registry_dwelling *draft_dwelling_of(const struct filing_lookup *lookup, struct str rka)
{
    int count;
    const struct registry_dwelling *dwelling = draft_dwellings(lookup, &count);
    for (int i = 0; i < count; i++) {
        if (str_equal(dwelling[i].rka, rka))
            return &dwelling[i];
    }
    return NULL;
}
