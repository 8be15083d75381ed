/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SignedData (RFC 5652) taken apart by a strict reader.  BER, as streaming signers write it (indefinite length from the outermost
 * element on), is first written again as DER by OpenSSL.  Everything that is not signed has one form here: versions follow from
 * the content, identifiers of algorithms and of the signer are compared byte for byte, and nothing unknown may stand beside them;
 * so an object cannot be changed anywhere and still verify.
 */
#include "eds/eds_impl.h"
#include "eds/provider.h"

#include <openssl/cms.h>
#include <stdio.h>

/* Certificates that nobody has vouched for yet are verified with each other's keys. */
enum { KEY_BITS_MAX = 8192 };

#define OID_DATA        "1.2.840.113549.1.7.1"
#define OID_SIGNED_DATA "1.2.840.113549.1.7.2"

static enum eds_reason refuse(char detail[160], enum eds_reason reason, const char *what)
{
    snprintf(detail, 160, "%s", what);
    return reason;
}

static bool write_der(struct str ber, struct arena *arena, struct str *ret)
{
    const unsigned char *at = (const unsigned char *)ber.p;
    CMS_ContentInfo *cms = d2i_CMS_ContentInfo(NULL, &at, (long)ber.n);
    unsigned char *der = NULL;
    bool whole = cms && (const char *)at == ber.p + ber.n;
    int n = whole ? i2d_CMS_ContentInfo(cms, &der) : 0;
    if (n > 0)
        *ret = (struct str){ arena_copy(arena, der, (size_t)n), (size_t)n };
    OPENSSL_free(der);
    CMS_ContentInfo_free(cms);
    return n > 0;
}

/* ---- unsigned attributes ---- */

#define OID_TIMESTAMP "1.2.840.113549.1.9.16.2.14"
/* Evidence that long-term formats (CAdES) add: known, and not used. */
static const char *const evidence[] = { "1.2.840.113549.1.9.16.2.21", "1.2.840.113549.1.9.16.2.22", "1.2.840.113549.1.9.16.2.23",
                                        "1.2.840.113549.1.9.16.2.24", "1.2.840.113549.1.9.16.2.25", "1.2.840.113549.1.9.16.2.26",
                                        "1.2.840.113549.1.9.16.2.27", "1.2.840.113549.1.9.16.2.48", "0.4.0.1733.2.4" };

static bool is_evidence(struct str oid)
{
    for (size_t i = 0; i < sizeof evidence / sizeof *evidence; i++) {
        if (der_is_oid(oid, evidence[i]))
            return true;
    }
    return false;
}

static bool read_unsigned(struct str body, struct cms_signer *signer)
{
    struct der attribute, oid, values, token;
    while (body.n > 0) {
        if (!der_take(&body, DER_SEQUENCE, &attribute) || !der_take(&attribute.body, DER_OID, &oid) ||
            !der_only(attribute.body, DER_SET, &values))
            return false;
        if (is_evidence(oid.whole))
            continue;
        if (!der_is_oid(oid.whole, OID_TIMESTAMP) || signer->timestamp.n > 0 || !der_only(values.body, DER_SEQUENCE, &token))
            return false;
        signer->timestamp = token.whole;
    }
    return true;
}

/* ---- SignerInfo ---- */

static bool is_version(struct str *rest, unsigned char version)
{
    struct der number;
    return der_take(rest, DER_INTEGER, &number) && number.body.n == 1 && (unsigned char)number.body.p[0] == version;
}

static enum eds_reason read_signer(struct der info, struct cms_signer *ret, char detail[160])
{
    enum { KEY_ID = 0x80 };
    struct str rest = info.body, versioned = info.body;
    struct der number, sid, digest, attributes, algorithm, signature, more;
    memset(ret, 0, sizeof *ret);
    if (!der_take(&rest, DER_INTEGER, &number) || !der_next(&rest, &sid))
        return refuse(detail, EDS_FORM_UNREADABLE, "SignerInfo does not decode");
    if (sid.tag == DER_SEQUENCE)
        ret->issuer_serial = sid.body;
    else if (sid.tag == KEY_ID)
        ret->key_id = sid.body;
    else
        return refuse(detail, EDS_FORM_UNREADABLE, "SignerInfo identifies no signer");
    if (!is_version(&versioned, ret->key_id.n ? 3 : 1))
        return refuse(detail, EDS_FORM_MALLEABLE, "wrong version of SignerInfo");
    if (!der_take(&rest, DER_SEQUENCE, &digest))
        return refuse(detail, EDS_FORM_UNREADABLE, "SignerInfo names no digest");
    if (der_take(&rest, DER_CONTEXT_0, &attributes)) {
        ret->has_attributes = true;
        ret->attributes = attributes.body;
    }
    if (!der_take(&rest, DER_SEQUENCE, &algorithm) || !der_take(&rest, DER_OCTETS, &signature))
        return refuse(detail, EDS_FORM_UNREADABLE, "SignerInfo has no signature");
    if (der_take(&rest, DER_CONTEXT_1, &more) && !read_unsigned(more.body, ret))
        return refuse(detail, EDS_FORM_UNKNOWN_PART, "an unsigned attribute that is not known, or twice");
    if (rest.n > 0)
        return refuse(detail, EDS_FORM_UNREADABLE, "SignerInfo goes on after its end");
    ret->digest = digest.whole;
    ret->algorithm = algorithm.whole;
    ret->signature = signature.body;
    return EDS_OK;
}

static bool names_certificate(const struct cms_signer *signer, X509 *certificate)
{
    if (signer->key_id.n > 0) {
        const ASN1_OCTET_STRING *id = X509_get0_subject_key_id(certificate);
        return id && (size_t)ASN1_STRING_length(id) == signer->key_id.n &&
               memcmp(ASN1_STRING_get0_data(id), signer->key_id.p, signer->key_id.n) == 0;
    }
    unsigned char *name = NULL, *serial = NULL;
    int name_n = i2d_X509_NAME(X509_get_issuer_name(certificate), &name);
    int serial_n = i2d_ASN1_INTEGER(X509_get0_serialNumber(certificate), &serial);
    bool same = name_n > 0 && serial_n > 0 && (size_t)(name_n + serial_n) == signer->issuer_serial.n &&
                memcmp(name, signer->issuer_serial.p, (size_t)name_n) == 0 &&
                memcmp(serial, signer->issuer_serial.p + name_n, (size_t)serial_n) == 0;
    OPENSSL_free(name);
    OPENSSL_free(serial);
    return same;
}

/* ---- SignedData ---- */

static X509 *read_certificate(const struct eds_trust *trust, struct str der)
{
    return trust ? trust_read_certificate(trust, der) : provider_read_certificate((const unsigned char *)der.p, der.n);
}

static enum eds_reason read_certificates(const struct eds_trust *trust, struct str body, struct cms *cms, char detail[160])
{
    struct der one;
    cms->pool = sk_X509_new_null();
    while (body.n > 0) {
        if (sk_X509_num(cms->pool) >= EDS_CERTIFICATES_MAX)
            return refuse(detail, EDS_FORM_TOO_LARGE, "too many certificates");
        if (!der_take(&body, DER_SEQUENCE, &one))
            return refuse(detail, EDS_FORM_UNKNOWN_PART, "something else among the certificates");
        unsigned char *again = NULL;
        X509 *certificate = read_certificate(trust, one.whole);
        if (!certificate || !sk_X509_push(cms->pool, certificate)) {
            X509_free(certificate);
            return refuse(detail, EDS_FORM_UNREADABLE, "a certificate does not decode");
        }
        if (EVP_PKEY_get_bits(X509_get0_pubkey(certificate)) > KEY_BITS_MAX)
            return refuse(detail, EDS_FORM_TOO_LARGE, "a key that is too long");
        cms->der[sk_X509_num(cms->pool) - 1] = one.whole;
        int n = i2d_X509(certificate, &again);
        bool same = n > 0 && (size_t)n == one.whole.n && memcmp(again, one.whole.p, one.whole.n) == 0;
        OPENSSL_free(again);
        if (!same)
            return refuse(detail, EDS_FORM_MALLEABLE, "a certificate that is not DER");
    }
    return EDS_OK;
}

static bool same_digest(struct str a, struct str b)
{
    struct der one, other, one_oid, other_oid;
    return der_only(a, DER_SEQUENCE, &one) && der_only(b, DER_SEQUENCE, &other) && der_take(&one.body, DER_OID, &one_oid) &&
           der_take(&other.body, DER_OID, &other_oid) && str_equal(one_oid.whole, other_oid.whole) &&
           (one.body.n == 0 || other.body.n == 0 || str_equal(one.body, other.body));
}

/* The digests named for the whole are those of the signers, no more and no less. */
static bool digests_fit(struct str set, const struct cms *cms)
{
    bool named[EDS_SIGNERS_MAX] = { false };
    struct der one;
    while (set.n > 0) {
        bool used = false;
        if (!der_take(&set, DER_SEQUENCE, &one))
            return false;
        for (size_t i = 0; i < cms->signers; i++) {
            if (same_digest(one.whole, cms->signer[i].digest))
                used = named[i] = true;
        }
        if (!used)
            return false;
    }
    for (size_t i = 0; i < cms->signers; i++) {
        if (!named[i])
            return false;
    }
    return true;
}

/* False: more than one, and another verifier might take the other one. */
static bool find_certificate(const struct cms *cms, struct cms_signer *signer)
{
    for (int i = 0; i < sk_X509_num(cms->pool); i++) {
        X509 *certificate = sk_X509_value(cms->pool, i);
        if (!names_certificate(signer, certificate))
            continue;
        if (signer->certificate && X509_cmp(signer->certificate, certificate) != 0)
            return false;
        signer->certificate = certificate;
        signer->der = cms->der[i];
    }
    return true;
}

static enum eds_reason read_signers(struct str body, struct cms *cms, char detail[160])
{
    struct der info;
    while (body.n > 0) {
        if (!der_take(&body, DER_SEQUENCE, &info))
            return refuse(detail, EDS_FORM_UNREADABLE, "SignerInfos do not decode");
        if (cms->signers_found++ >= EDS_SIGNERS_MAX)
            continue;
        struct cms_signer *signer = &cms->signer[cms->signers++];
        enum eds_reason reason = read_signer(info, signer, detail);
        if (reason != EDS_OK)
            return reason;
        if (!find_certificate(cms, signer))
            return refuse(detail, EDS_FORM_MALLEABLE, "two certificates that could be the signer's");
    }
    return EDS_OK;
}

static bool version_fits(struct str rest, const struct cms *cms)
{
    bool three = !der_is_oid(cms->content_type, OID_DATA);
    for (size_t i = 0; i < cms->signers; i++)
        three |= cms->signer[i].key_id.n > 0;
    return is_version(&rest, three ? 3 : 1);
}

static enum eds_reason read_signed_data(const struct eds_trust *trust, struct str rest, struct cms *cms, char detail[160])
{
    struct str versioned = rest;
    struct der version, digests, encapsulated, type, explicit_content, content, certificates, signers;
    if (!der_take(&rest, DER_INTEGER, &version) || !der_take(&rest, DER_SET, &digests) ||
        !der_take(&rest, DER_SEQUENCE, &encapsulated) || !der_take(&encapsulated.body, DER_OID, &type))
        return refuse(detail, EDS_FORM_UNREADABLE, "SignedData does not decode");
    cms->content_type = type.whole;
    if (encapsulated.body.n > 0) {
        if (!der_only(encapsulated.body, DER_CONTEXT_0, &explicit_content) ||
            !der_only(explicit_content.body, DER_OCTETS, &content))
            return refuse(detail, EDS_FORM_UNREADABLE, "the content does not decode");
        cms->has_content = true;
        cms->content = content.body;
    }
    if (der_take(&rest, DER_CONTEXT_0, &certificates)) {
        enum eds_reason reason = read_certificates(trust, certificates.body, cms, detail);
        if (reason != EDS_OK)
            return reason;
    }
    if (rest.n > 0 && (unsigned char)rest.p[0] == DER_CONTEXT_1)
        return refuse(detail, EDS_FORM_UNKNOWN_PART, "revocation lists inside");
    if (!der_take(&rest, DER_SET, &signers) || rest.n > 0)
        return refuse(detail, EDS_FORM_UNREADABLE, "no SignerInfos");
    enum eds_reason reason = read_signers(signers.body, cms, detail);
    if (reason != EDS_OK || cms->signers_found > cms->signers || cms->signers == 0)
        return reason; /* too many and none: said by the caller */
    if (!version_fits(versioned, cms))
        return refuse(detail, EDS_FORM_MALLEABLE, "wrong version of SignedData");
    if (!digests_fit(digests.body, cms))
        return refuse(detail, EDS_FORM_MALLEABLE, "the digests named are not those of the signers");
    return EDS_OK;
}

enum eds_reason cms_open(const struct eds_trust *trust, struct str bytes, struct arena *arena, struct cms *ret, char detail[160])
{
    struct der info, type, explicit_data, data;
    memset(ret, 0, sizeof *ret);
    detail[0] = '\0';
    if (bytes.n > EDS_OBJECT_MAX)
        return refuse(detail, EDS_FORM_TOO_LARGE, "larger than any signature here");
    if (bytes.n > 2 && (unsigned char)bytes.p[1] == 0x80 && !write_der(bytes, arena, &bytes))
        return refuse(detail, EDS_FORM_UNREADABLE, "not BER of a CMS");
    if (!der_only(bytes, DER_SEQUENCE, &info) || !der_take(&info.body, DER_OID, &type))
        return refuse(detail, EDS_FORM_UNREADABLE, "not DER");
    if (!der_is_oid(type.whole, OID_SIGNED_DATA))
        return refuse(detail, EDS_FORM_UNREADABLE, "not signed data");
    if (!der_only(info.body, DER_CONTEXT_0, &explicit_data) || !der_only(explicit_data.body, DER_SEQUENCE, &data))
        return refuse(detail, EDS_FORM_UNREADABLE, "SignedData does not decode");
    enum eds_reason reason = read_signed_data(trust, data.body, ret, detail);
    return reason;
}

void cms_release(struct cms *cms)
{
    sk_X509_pop_free(cms->pool, X509_free);
    cms->pool = NULL;
}

/* ---- certificates beside the signers' ---- */

static bool issued_by(X509 *certificate, X509 *issuer)
{
    return X509_NAME_cmp(X509_get_issuer_name(certificate), X509_get_subject_name(issuer)) == 0 &&
           X509_verify(certificate, X509_get0_pubkey(issuer)) == 1;
}

static bool issued_by_one_of(X509 *certificate, const STACK_OF(X509) * issuers)
{
    for (int i = 0; i < sk_X509_num(issuers); i++) {
        if (issued_by(certificate, sk_X509_value(issuers, i)))
            return true;
    }
    return false;
}

static bool is_signers(const struct cms *cms, const X509 *certificate)
{
    for (size_t i = 0; i < cms->signers; i++) {
        if (cms->signer[i].certificate == certificate)
            return true;
    }
    return false;
}

/* From what is trusted downwards: certificates that only issue each other are vouched for by nobody. */
static bool vouch_for_another(const struct cms *cms, bool *vouched)
{
    for (int i = 0; i < sk_X509_num(cms->pool); i++) {
        for (int k = 0; !vouched[i] && k < sk_X509_num(cms->pool); k++) {
            if (vouched[k] && issued_by(sk_X509_value(cms->pool, i), sk_X509_value(cms->pool, k)))
                return vouched[i] = true;
        }
    }
    return false;
}

bool cms_vouched(const struct cms *cms, const struct eds_trust *trust)
{
    bool vouched[EDS_CERTIFICATES_MAX] = { false }, all = true;
    for (int i = 0; i < sk_X509_num(cms->pool); i++) {
        X509 *certificate = sk_X509_value(cms->pool, i);
        vouched[i] = is_signers(cms, certificate) || trust_has(trust, certificate) ||
                     issued_by_one_of(certificate, trust->anchors) || issued_by_one_of(certificate, trust->intermediates);
    }
    while (vouch_for_another(cms, vouched))
        ;
    for (int i = 0; i < sk_X509_num(cms->pool); i++)
        all &= vouched[i];
    return all;
}
