/* SPDX-License-Identifier: Apache-2.0 */
#include "eds/eds_impl.h"

#define OID_DATA "1.2.840.113549.1.7.1"

/* The content that must have been signed; false: there is none, or another one is inside. */
static bool find_content(struct check *check, const struct cms *cms, struct str *ret)
{
    struct str expected = check->request->content;
    if (!expected.p && !cms->has_content)
        return check_step(check, EDS_STEP_CONTENT, -1, TRI_NO, EDS_CONTENT_MISSING, "detached, and no content given");
    if (expected.p && cms->has_content && !str_equal(expected, cms->content))
        return check_step(check, EDS_STEP_CONTENT, -1, TRI_NO, EDS_CONTENT_DIFFERS, "%s", "");
    *ret = expected.p ? expected : cms->content;
    return true;
}

static bool signers_fit(struct check *check, const struct cms *cms)
{
    if (cms->signers_found == 0)
        return check_step(check, EDS_STEP_SIGNERS, -1, TRI_NO, EDS_SIGNERS_NONE, "%s", "");
    if (cms->signers_found > check->most)
        return check_step(check, EDS_STEP_SIGNERS, -1, TRI_NO, EDS_SIGNERS_TOO_MANY, "%zu", cms->signers_found);
    return check_pass(check, EDS_STEP_SIGNERS, -1);
}

/* The steps up to the one that failed, or all. */
static bool signature_steps(struct check *check, int at, const struct cms *cms, struct cms_signer *signer, struct str content)
{
    struct eds_signer *about = &check->signer[at];
    enum eds_step_kind failed;
    enum eds_reason reason = cms_verify_signer(cms, signer, content, eds_trust_policy(check->trust)->signature_algorithms,
                                               &failed, &about->has_signing_time, &about->signing_time);
    for (enum eds_step_kind kind = EDS_STEP_ALGORITHM; kind <= EDS_STEP_SIGNATURE; kind++) {
        if (reason != EDS_OK && kind == failed)
            return check_step(check, kind, at, TRI_NO, reason, "%s", "");
        check_pass(check, kind, at);
    }
    return true;
}

static bool one_signer(struct check *check, int at, struct cms *cms, struct str content)
{
    struct cms_signer *signer = &cms->signer[at];
    struct eds_signer *about = &check->signer[at];
    if (!signer->certificate)
        return check_step(check, EDS_STEP_SIGNERS, at, TRI_NO, EDS_SIGNER_CERTIFICATE_MISSING, "%s", "");
    signer_describe(check, at, signer->certificate, signer->der);
    about->signature_value = check_bytes(check, signer->signature.p, signer->signature.n);
    if (!signature_steps(check, at, cms, signer, content))
        return false;
    if (eds_trust_policy(check->trust)->verifier_url)
        return external_signer(check, at, signer->certificate, cms->pool);
    signer_check(check, at,
                 &(struct signed_by){ .certificate = signer->certificate, .pool = cms->pool, .timestamp = signer->timestamp });
    return true;
}

static void verify(struct check *check, struct cms *cms)
{
    struct str content = STR("");
    bool fine = true;
    if (!signers_fit(check, cms) || !find_content(check, cms, &content))
        return;
    check->verdict->signers = cms->signers;
    for (size_t i = 0; i < cms->signers; i++)
        fine &= one_signer(check, (int)i, cms, content);
    if (fine && !cms_vouched(cms, check->trust))
        fine = check_step(check, EDS_STEP_FORM, -1, TRI_NO, EDS_FORM_UNKNOWN_PART, "a certificate that nothing vouches for");
    if (fine)
        check->verdict->content = check_bytes(check, content.p, content.n);
}

void verify_cms(struct check *check)
{
    struct str bytes;
    struct cms cms;
    char detail[160];
    if (!input_bytes(check->request->signature, "CMS,PKCS7", check->arena, &bytes)) {
        check_step(check, EDS_STEP_FORM, -1, TRI_NO, EDS_FORM_UNREADABLE, "neither DER nor PEM nor base64");
        return;
    }
    enum eds_reason reason = cms_open(NULL, bytes, check->arena, &cms, detail);
    bool fine = reason == EDS_OK;
    if (fine && !der_is_oid(cms.content_type, OID_DATA) && cms.signers_found > 0)
        fine = check_step(check, EDS_STEP_FORM, -1, TRI_NO, EDS_FORM_UNREADABLE, "the content is not data");
    else
        check_step(check, EDS_STEP_FORM, -1, tri_of(fine), reason, "%s", detail);
    if (fine)
        verify(check, &cms);
    cms_release(&cms);
}
