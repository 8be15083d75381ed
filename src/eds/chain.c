/* SPDX-License-Identifier: Apache-2.0 */
#include "eds/eds_impl.h"

#include <openssl/x509v3.h>
#include <stdio.h>

static const struct {
    int error;
    enum eds_reason reason;
} reasons[] = {
    { X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT, EDS_CHAIN_UNTRUSTED },
    { X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY, EDS_CHAIN_UNTRUSTED },
    { X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT, EDS_CHAIN_UNTRUSTED },
    { X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN, EDS_CHAIN_UNTRUSTED },
    { X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE, EDS_CHAIN_UNTRUSTED },
    { X509_V_ERR_CERT_SIGNATURE_FAILURE, EDS_CHAIN_SIGNATURE },
    { X509_V_ERR_UNABLE_TO_DECRYPT_CERT_SIGNATURE, EDS_CHAIN_SIGNATURE },
    { X509_V_ERR_CERT_HAS_EXPIRED, EDS_CHAIN_EXPIRED },
    { X509_V_ERR_CERT_NOT_YET_VALID, EDS_CHAIN_NOT_YET },
};

static enum eds_reason reason_of(int error)
{
    for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++) {
        if (reasons[i].error == error)
            return reasons[i].reason;
    }
    return EDS_CHAIN_WRONG;
}

/* FIPS 186-5, 5.1: odd, and 65537 at least.  With 1 everybody can sign. */
static bool has_weak_exponent(X509 *certificate)
{
    const unsigned char *bytes;
    int n;
    struct der key, modulus, exponent;
    if (!X509_PUBKEY_get0_param(NULL, &bytes, &n, NULL, X509_get_X509_PUBKEY(certificate)) ||
        !der_only((struct str){ (const char *)bytes, (size_t)n }, DER_SEQUENCE, &key) ||
        !der_take(&key.body, DER_INTEGER, &modulus) || !der_only(key.body, DER_INTEGER, &exponent))
        return true;
    const struct str e = exponent.body;
    bool below = e.n < 3 || (e.n == 3 && e.p[0] == 0);
    return below || !(e.p[e.n - 1] & 1);
}

/* The signatures of all but the anchor, whose own one says nothing; and the keys of all. */
static enum eds_reason check_algorithms(const STACK_OF(X509) * chain, unsigned allowed)
{
    int last = sk_X509_num(chain) - 1;
    for (int i = 0; i <= last; i++) {
        X509 *certificate = sk_X509_value(chain, i);
        const X509_ALGOR *algorithm;
        X509_get0_signature(NULL, &algorithm, certificate);
        enum eds_algorithm key = eds_key_algorithm(X509_get0_pubkey(certificate));
        if (key == EDS_ALGORITHM_NONE || (key == EDS_RSA_SHA256 && has_weak_exponent(certificate)))
            return EDS_KEY_WEAK;
        if (!(allowed & 1u << key) || (i < last && !(allowed & 1u << algorithm_of_x509(algorithm))))
            return EDS_CHAIN_ALGORITHM;
    }
    return EDS_OK;
}

/* ---- what OpenSSL does at the end of building a chain, with signatures of authorities that are known already ---- */

static int refuse(X509_STORE_CTX *ctx, int depth, int error)
{
    X509_STORE_CTX_set_error_depth(ctx, depth);
    X509_STORE_CTX_set_error(ctx, error);
    return 0;
}

/* As certificates have to write it (RFC 5280, 4.1.2.5): with seconds, without parts of them, in UTC. */
static bool read_date(const ASN1_TIME *time, struct moment *ret)
{
    int n = ASN1_STRING_length(time), wanted = ASN1_STRING_type(time) == V_ASN1_UTCTIME ? 13 : 15;
    return n == wanted && ASN1_STRING_get0_data(time)[n - 1] == 'Z' && asn1_read_time(time, ret);
}

/* To the second; like OpenSSL's X509_cmp_time, for which the last second is over. */
static int date_error(X509 *certificate, time_t at)
{
    struct moment since, until;
    if (!read_date(X509_get0_notBefore(certificate), &since))
        return X509_V_ERR_ERROR_IN_CERT_NOT_BEFORE_FIELD;
    if (since.ms > (int64_t)at * 1000)
        return X509_V_ERR_CERT_NOT_YET_VALID;
    if (!read_date(X509_get0_notAfter(certificate), &until))
        return X509_V_ERR_ERROR_IN_CERT_NOT_AFTER_FIELD;
    return until.ms <= (int64_t)at * 1000 ? X509_V_ERR_CERT_HAS_EXPIRED : X509_V_OK;
}

static int signature_error(const struct eds_trust *trust, X509 *certificate, X509 *issuer)
{
    if (!X509_get0_pubkey(issuer))
        return X509_V_ERR_UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY;
    if ((X509_get_extension_flags(issuer) & EXFLAG_KUSAGE) && !(X509_get_key_usage(issuer) & KU_KEY_CERT_SIGN))
        return X509_V_ERR_KEYUSAGE_NO_CERTSIGN;
    return trust_signed_by(trust, certificate, issuer) ? X509_V_OK : X509_V_ERR_CERT_SIGNATURE_FAILURE;
}

/* From the anchor, whose own signature says nothing, down to the signer. */
static int check_signatures_and_dates(X509_STORE_CTX *ctx)
{
    const struct eds_trust *trust = X509_STORE_CTX_get_app_data(ctx);
    const STACK_OF(X509) *chain = X509_STORE_CTX_get0_chain(ctx);
    time_t at = X509_VERIFY_PARAM_get_time(X509_STORE_CTX_get0_param(ctx));
    int last = sk_X509_num(chain) - 1;
    for (int i = last; i >= 0; i--) {
        X509 *certificate = sk_X509_value(chain, i);
        int error = i < last ? signature_error(trust, certificate, sk_X509_value(chain, i + 1)) : X509_V_OK;
        if (error == X509_V_OK)
            error = date_error(certificate, at);
        if (error != X509_V_OK)
            return refuse(ctx, i, error);
    }
    return 1;
}

static STACK_OF(X509) * untrusted(const struct eds_trust *trust, STACK_OF(X509) * pool)
{
    STACK_OF(X509) *all = sk_X509_dup(trust->intermediates);
    for (int i = 0; all && i < sk_X509_num(pool); i++)
        sk_X509_push(all, sk_X509_value(pool, i));
    return all;
}

enum eds_reason chain_verify(const struct eds_trust *trust, X509 *certificate, STACK_OF(X509) * pool, struct moment at,
                             unsigned algorithms, STACK_OF(X509) * *ret_chain, char detail[160])
{
    X509_STORE_CTX *ctx = X509_STORE_CTX_new();
    STACK_OF(X509) *others = untrusted(trust, pool);
    enum eds_reason reason = EDS_CHAIN_WRONG;
    detail[0] = '\0';
    if (ctx && others && X509_STORE_CTX_init(ctx, trust->store, certificate, others) == 1) {
        X509_VERIFY_PARAM *param = X509_STORE_CTX_get0_param(ctx);
        X509_VERIFY_PARAM_set_flags(param, X509_V_FLAG_PARTIAL_CHAIN);
        X509_VERIFY_PARAM_set_depth(param, EDS_CHAIN_MAX);
        X509_VERIFY_PARAM_set_purpose(param, X509_PURPOSE_ANY);
        X509_VERIFY_PARAM_set_time(param, (time_t)(at.ms / 1000));
        X509_STORE_CTX_set_app_data(ctx, (void *)(uintptr_t)trust);
        X509_STORE_CTX_set_verify(ctx, check_signatures_and_dates);
        if (X509_verify_cert(ctx) == 1) {
            reason = check_algorithms(X509_STORE_CTX_get0_chain(ctx), algorithms);
        } else {
            int error = X509_STORE_CTX_get_error(ctx);
            reason = reason_of(error);
            snprintf(detail, 160, "%s, certificate %d of the chain", X509_verify_cert_error_string(error),
                     X509_STORE_CTX_get_error_depth(ctx));
        }
        if (reason == EDS_OK)
            *ret_chain = X509_STORE_CTX_get1_chain(ctx);
    }
    X509_STORE_CTX_free(ctx);
    sk_X509_free(others);
    return reason;
}
