/* SPDX-License-Identifier: Apache-2.0 */
/* What a case reads as text: the number that a person types, and the stored form of a decision. */
#include "filing/filing_impl.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str text = { (const char *)data, size };
    struct filing_id id;
    struct arena arena;
    struct law_decision decision;
    struct err err;
    char number[FILING_NUMBER];
    arena_init(&arena, 0);
    if (filing_number_parse(text, &id))
        filing_number(id, number);
    if (filing_decision_read(text, &arena, &decision, &err)) {
        struct buf again;
        struct law_decision second;
        buf_init(&again, 1 << 20);
        filing_decision_write(&decision, &again);
        if (!filing_decision_read(buf_str(&again), &arena, &second, &err) || second.outcome != decision.outcome)
            BUG("a decision does not survive its stored form");
        buf_release(&again);
    }
    arena_release(&arena);
    return 0;
}
