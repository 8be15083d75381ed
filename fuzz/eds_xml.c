/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as a signed document and as a signed envelope: refused, or over what was once signed; and as an evidence record. */
#include "eds_anchor.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    static struct eds_trust *trust;
    if (!trust)
        trust = eds_fuzz_trust();
    static const enum eds_form forms[] = { EDS_XML, EDS_WSS, EDS_ANY };
    struct arena arena;
    arena_init(&arena, 0);
    for (int i = 0; i < 3; i++) {
        struct eds_verdict verdict;
        struct eds_request request = {
            .form = forms[i], .signature = { (const char *)bytes, n }, .at = EDS_FUZZ_AT, .signers_most = EDS_SIGNERS_MAX
        };
        eds_verify(trust, &request, &arena, &verdict);
        if (verdict.valid != TRI_NO && verdict.form != EDS_CERTIFICATE &&
            !memmem(verdict.content.p, verdict.content.n, "fuzz", 4))
            abort();
    }
    arena_release(&arena);
    return 0;
}
