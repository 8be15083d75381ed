/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as a CMS: refused, or it is one over the very content that was once signed. */
#include "eds_anchor.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    static struct eds_trust *trust;
    if (!trust)
        trust = eds_fuzz_trust();
    struct arena arena;
    struct buf json;
    struct eds_verdict verdict;
    struct eds_request request = {
        .form = EDS_CMS, .signature = { (const char *)bytes, n }, .at = EDS_FUZZ_AT, .signers_most = EDS_SIGNERS_MAX
    };
    arena_init(&arena, 0);
    buf_init(&json, 1 << 20);
    eds_verify(trust, &request, &arena, &verdict);
    eds_verdict_json(&verdict, &json);
    if (verdict.valid != TRI_NO && !str_is(verdict.content, "fuzz"))
        abort();
    buf_release(&json);
    arena_release(&arena);
    return 0;
}
