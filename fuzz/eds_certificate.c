/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as a certificate: refused, or one whose subject was once certified. */
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
    struct eds_request request = { .form = EDS_CERTIFICATE, .signature = { (const char *)bytes, n }, .at = EDS_FUZZ_AT };
    arena_init(&arena, 0);
    buf_init(&json, 1 << 20);
    eds_verify(trust, &request, &arena, &verdict);
    eds_verdict_json(&verdict, &json);
    if (verdict.valid != TRI_NO) {
        struct str name = verdict.signer[0].common_name;
        if (!str_is(name, "ТЕСТОВ ТЕСТ") && !str_is(name, "FUZZ NCA") && !str_is(name, "FUZZ ROOT"))
            abort();
    }
    buf_release(&json);
    arena_release(&arena);
    return 0;
}
