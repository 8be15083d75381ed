/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Timestamps (RFC 3161).  Two questions, apart: is the token about this very signature, and is it a trusted authority's.  When
 * it is both, the time of the token is the time that the signer's certificate is looked at.
 */
#include "eds/eds_impl.h"

#include <openssl/evp.h>
#include <openssl/ts.h>
#include <openssl/x509v3.h>
#include <stdio.h>

#define OID_TST_INFO      "1.2.840.113549.1.9.16.1.4"
#define OID_TIME_STAMPING "1.3.6.1.5.5.7.3.8"

struct token {
    struct cms cms;
    TS_TST_INFO *info;
    struct moment at;
    STACK_OF(X509) * chain;
};

static bool set_at(struct token *token)
{
    const ASN1_GENERALIZEDTIME *time = TS_TST_INFO_get_time(token->info);
    if (!time || ASN1_GENERALIZEDTIME_check(time) != 1)
        return false;
    token->at = asn1_moment(time);
    return true;
}

static enum eds_reason read_token(struct check *check, struct str bytes, struct token *token)
{
    char detail[160];
    if (cms_open(check->trust, bytes, check->arena, &token->cms, detail) != EDS_OK ||
        !der_is_oid(token->cms.content_type, OID_TST_INFO) || !token->cms.has_content || token->cms.signers_found != 1)
        return EDS_TIMESTAMP_UNREADABLE;
    const unsigned char *at = (const unsigned char *)token->cms.content.p;
    token->info = d2i_TS_TST_INFO(NULL, &at, (long)token->cms.content.n);
    if (!token->info || (const char *)at != token->cms.content.p + token->cms.content.n || !set_at(token))
        return EDS_TIMESTAMP_UNREADABLE;
    return EDS_OK;
}

static enum eds_reason check_imprint(struct token *token, struct str signature)
{
    TS_MSG_IMPRINT *imprint = TS_TST_INFO_get_msg_imprint(token->info);
    const ASN1_OCTET_STRING *given = TS_MSG_IMPRINT_get_msg(imprint);
    unsigned char value[EVP_MAX_MD_SIZE], *der = NULL;
    unsigned n = 0;
    int length = i2d_X509_ALGOR(TS_MSG_IMPRINT_get_algo(imprint), &der);
    const EVP_MD *digest = length > 0 ? algorithm_digest((struct str){ (const char *)der, (size_t)length }) : NULL;
    OPENSSL_free(der);
    if (!digest)
        return EDS_TIMESTAMP_ALGORITHM; /* never guessed */
    bool same = EVP_Digest(signature.p, signature.n, value, &n, digest, NULL) == 1 && (int)n == ASN1_STRING_length(given) &&
                memcmp(value, ASN1_STRING_get0_data(given), n) == 0;
    return same ? EDS_OK : EDS_TIMESTAMP_OTHER_SIGNATURE;
}

/* The token's own signature; the certificate may also be one that is kept here. */
static enum eds_reason check_signature(struct check *check, struct token *token)
{
    struct cms_signer *signer = &token->cms.signer[0];
    enum eds_step_kind step;
    bool has_time;
    struct moment time;
    if (!signer->certificate)
        return EDS_TIMESTAMP_CERTIFICATE;
    enum eds_reason reason = cms_verify_signer(&token->cms, signer, token->cms.content,
                                               eds_trust_policy(check->trust)->timestamp_algorithms, &step, &has_time, &time);
    if (reason != EDS_OK)
        return step == EDS_STEP_ALGORITHM ? EDS_TIMESTAMP_ALGORITHM : EDS_TIMESTAMP_WRONG;
    if (!signer->names_certificate)
        return EDS_TIMESTAMP_WRONG; /* RFC 3161, 2.4.2: the attribute must be there */
    return EDS_OK;
}

/* RFC 3161, 2.3, and RFC 5280, 4.2.1.3: for timestamps alone, and what key usage there is allows signatures. */
static bool is_for_timestamps(X509 *certificate)
{
    return extended_usage_only(certificate, OID_TIME_STAMPING, true) &&
           (X509_get_key_usage(certificate) & (KU_DIGITAL_SIGNATURE | KU_NON_REPUDIATION));
}

static bool policy_allowed(const struct eds_policy *policy, const struct token *token)
{
    char dotted[80];
    OBJ_obj2txt(dotted, sizeof dotted, TS_TST_INFO_get_policy_id(token->info), 1);
    for (size_t i = 0; policy->tsa_policy && policy->tsa_policy[i]; i++) {
        if (strcmp(dotted, policy->tsa_policy[i]) == 0)
            return true;
    }
    return false;
}

/* What must hold whoever has signed the token. */
static enum eds_reason check_bound(struct check *check, struct token *token, struct str bytes, struct str signature)
{
    const struct eds_policy *policy = eds_trust_policy(check->trust);
    enum eds_reason reason = read_token(check, bytes, token);
    if (reason == EDS_OK)
        reason = check_imprint(token, signature);
    if (reason == EDS_OK)
        reason = check_signature(check, token);
    if (reason == EDS_OK && !policy_allowed(policy, token))
        reason = EDS_TIMESTAMP_POLICY;
    if (reason == EDS_OK && !is_for_timestamps(token->cms.signer[0].certificate))
        reason = EDS_TIMESTAMP_CERTIFICATE;
    return reason;
}

static bool is_ahead(const struct check *check, const struct token *token, bool fetched)
{
    bool awaited = fetched && check->request->current; /* it was asked for after `at`, which counts all the same */
    return !awaited && token->at.ms > check->request->at.ms + eds_trust_policy(check->trust)->skew_s * 1000;
}

static enum eds_reason check_authority(struct check *check, struct token *token, bool fetched)
{
    char detail[160];
    X509 *certificate = token->cms.signer[0].certificate;
    if (chain_verify(check->trust, certificate, token->cms.pool, token->at, eds_trust_policy(check->trust)->timestamp_algorithms,
                     &token->chain, detail) != EDS_OK)
        return EDS_TIMESTAMP_UNTRUSTED;
    if (is_ahead(check, token, fetched))
        return EDS_TIMESTAMP_FUTURE;
    if (sk_X509_num(token->chain) > 1) {
        struct revocation said =
            revocation_of(check, certificate, sk_X509_value(token->chain, 1), token->at, REVOCATION_OF_STAMPER);
        if (said.good == TRI_NO)
            return EDS_TIMESTAMP_REVOKED;
    }
    return EDS_OK;
}

static void want(struct check *check, int signer, struct str signature)
{
    const char *url = eds_trust_policy(check->trust)->tsp_url;
    check_missing(check, (struct eds_missing){
                             .kind = EDS_MISSING_TIMESTAMP, .signer = signer, .url = str_from(url), .imprint = signature });
}

static bool none_there(struct check *check, int signer)
{
    if (!eds_trust_policy(check->trust)->timestamp_required) {
        check_told(check, EDS_STEP_TIMESTAMP, signer, TRI_UNKNOWN, EDS_TIMESTAMP_NONE);
        return true;
    }
    want(check, signer, check->signer[signer].signature_value);
    return check_step(check, EDS_STEP_TIMESTAMP, signer, TRI_UNKNOWN, EDS_TIMESTAMP_MISSING, "%s", "");
}

static bool token_step(struct check *check, int signer, struct token *token, struct str bytes, bool fetched,
                       struct moment *ret_at)
{
    struct eds_signer *about = &check->signer[signer];
    enum eds_reason reason = check_bound(check, token, bytes, about->signature_value);
    about->has_timestamp = token->info != NULL;
    about->timestamp = token->at;
    if (reason != EDS_OK)
        return check_step(check, EDS_STEP_TIMESTAMP, signer, TRI_NO, reason, "%s", "");
    reason = check_authority(check, token, fetched);
    if (reason == EDS_TIMESTAMP_REVOKED || reason == EDS_TIMESTAMP_FUTURE)
        return check_step(check, EDS_STEP_TIMESTAMP, signer, TRI_NO, reason, "%s", "");
    if (reason == EDS_OK) {
        about->timestamp_trusted = true;
        *ret_at = token->at;
        return check_pass(check, EDS_STEP_TIMESTAMP, signer);
    }
    if (eds_trust_policy(check->trust)->timestamp_required)
        return check_step(check, EDS_STEP_TIMESTAMP, signer, TRI_NO, reason, "%s", "");
    check_told(check, EDS_STEP_TIMESTAMP, signer, TRI_UNKNOWN, reason);
    return true;
}

bool timestamp_check(struct check *check, int signer, const struct signed_by *by, struct moment *ret_at)
{
    struct token token = { 0 };
    struct str bytes = by->timestamp;
    if (bytes.n == 0 && check->verdict->signers == 1)
        bytes = check->request->timestamp;
    if (bytes.n == 0)
        return none_there(check, signer);
    check->signer[signer].timestamp_token = check_bytes(check, bytes.p, bytes.n);
    bool fine = token_step(check, signer, &token, bytes, by->timestamp.n == 0, ret_at);
    TS_TST_INFO_free(token.info);
    sk_X509_pop_free(token.chain, X509_free);
    cms_release(&token.cms);
    return fine;
}
