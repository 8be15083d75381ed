/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as an OCSP response, a revocation list and a timestamp reply, about a certificate that is not revoked on the list. */
#include "eds_anchor.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    static struct eds_trust *trust;
    if (!trust)
        trust = eds_fuzz_trust();
    struct arena arena;
    struct err err;
    struct buf token;
    struct eds_verdict verdict;
    struct str given = { (const char *)bytes, n };
    struct eds_request request = {
        .form = EDS_CERTIFICATE, .signature = STR(""), .at = EDS_FUZZ_AT, .ocsp = &given, .ocsps = 1, .crl = &given, .crls = 1
    };
    request.signature = str_from(eds_person);
    arena_init(&arena, 0);
    buf_init(&token, 1 << 16);
    eds_verify(trust, &request, &arena, &verdict);
    /* Only what was signed can decide: the answers of the corpus are "good", "revoked" and a list without the person. */
    if (verdict.valid == TRI_NO && eds_verdict_reason(&verdict)->kind != EDS_STEP_REVOCATION)
        abort();
    eds_timestamp_token(given, given, &token, &err);
    buf_release(&token);
    arena_release(&arena);
    return 0;
}
