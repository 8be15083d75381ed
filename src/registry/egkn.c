/* SPDX-License-Identifier: Apache-2.0 */
/* EGKN, the real-estate cadastre: a dwelling with its owners, and the dwellings of an owner (docs/registers/egkn.md). */
#include "registry/wire_impl.h"

/* What is found is on record; the message does not say so in so many words. */
static bool unpack_found(const void *body, const struct registry_question *question, struct registry_answer *ret, struct err *err)
{
    (void)question;
    (void)err;
    ret->dwellings = *(const struct registry_dwellings *)body;
    for (int i = 0; i < ret->dwellings.count; i++) {
        ret->dwellings.item[i].held = true;
    }
    return true;
}

static const struct wire_service services[] = {
    WIRE_OWN(REGISTRY_DWELLING, "TIRKEU_EGKN_Dwelling", "egkn/dwelling"),
    WIRE_OWN_WITH(REGISTRY_DWELLINGS_OF, "TIRKEU_EGKN_DwellingsOf", "egkn/dwellings", .unpack = unpack_found),
};
const struct wire_table egkn_table = WIRE_TABLE(services);
