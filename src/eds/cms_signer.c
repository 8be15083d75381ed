/* SPDX-License-Identifier: Apache-2.0 */
/* One SignerInfo: its algorithms, signed attributes, the digest of the content and the signature. */
#include "eds/eds_impl.h"

#include <openssl/evp.h>
#include <openssl/sha.h>

#define OID_CONTENT_TYPE        "1.2.840.113549.1.9.3"
#define OID_MESSAGE_DIGEST      "1.2.840.113549.1.9.4"
#define OID_SIGNING_TIME        "1.2.840.113549.1.9.5"
#define OID_SIGNING_CERTIFICATE "1.2.840.113549.1.9.16.2.12"
#define OID_SIGNING_CERT_V2     "1.2.840.113549.1.9.16.2.47"

/* What is read out of the signed attributes; elements are whole values. */
struct attributes {
    struct str content_type, message_digest, signing_time, certificate, certificate_v2;
};

static bool read_attributes(struct str body, struct attributes *ret)
{
    const struct {
        const char *dotted;
        struct str *value;
    } known[] = { { OID_CONTENT_TYPE, &ret->content_type },
                  { OID_MESSAGE_DIGEST, &ret->message_digest },
                  { OID_SIGNING_TIME, &ret->signing_time },
                  { OID_SIGNING_CERTIFICATE, &ret->certificate },
                  { OID_SIGNING_CERT_V2, &ret->certificate_v2 } };
    struct der attribute, oid, values, value;
    memset(ret, 0, sizeof *ret);
    while (body.n > 0) {
        if (!der_take(&body, DER_SEQUENCE, &attribute) || !der_take(&attribute.body, DER_OID, &oid) ||
            !der_only(attribute.body, DER_SET, &values))
            return false;
        for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
            if (!der_is_oid(oid.whole, known[i].dotted))
                continue;
            /* each once, with one value */
            if (known[i].value->n > 0 || !der_next(&values.body, &value) || values.body.n > 0)
                return false;
            *known[i].value = value.whole;
        }
    }
    return true;
}

static bool digest_is(const EVP_MD *digest, struct str bytes, struct str expected)
{
    unsigned char value[EVP_MAX_MD_SIZE];
    unsigned n;
    return digest && EVP_Digest(bytes.p, bytes.n, value, &n, digest, NULL) == 1 && n == expected.n &&
           memcmp(value, expected.p, n) == 0;
}

/* ---- signingCertificate (RFC 2634) and V2 (RFC 5035): the first of the list is the signer's ---- */

static bool first_id(struct str value, struct der *ret)
{
    struct der attribute, list;
    return der_only(value, DER_SEQUENCE, &attribute) && der_take(&attribute.body, DER_SEQUENCE, &list) &&
           der_take(&list.body, DER_SEQUENCE, ret);
}

/* SHA-1 is what the attribute is made with; nothing rests on it but that nobody has exchanged the certificate by mistake. */
static bool names_by_sha1(struct str value, struct str certificate)
{
    struct der id, hash;
    return first_id(value, &id) && der_take(&id.body, DER_OCTETS, &hash) && digest_is(EVP_sha1(), certificate, hash.body);
}

static bool names_by_v2(struct str value, struct str certificate)
{
    struct der id, algorithm, hash;
    if (!first_id(value, &id))
        return false;
    const EVP_MD *digest = der_take(&id.body, DER_SEQUENCE, &algorithm) ? algorithm_digest(algorithm.whole) : algorithm_sha256();
    return der_take(&id.body, DER_OCTETS, &hash) && digest_is(digest, certificate, hash.body);
}

static bool names_certificate(const struct attributes *attributes, struct str der)
{
    return (attributes->certificate.n == 0 || names_by_sha1(attributes->certificate, der)) &&
           (attributes->certificate_v2.n == 0 || names_by_v2(attributes->certificate_v2, der));
}

/* ---- steps ---- */

static enum eds_reason check_algorithms(const struct cms_signer *signer, unsigned allowed, enum eds_algorithm *ret)
{
    const EVP_MD *digest = algorithm_digest(signer->digest);
    enum eds_algorithm algorithm = algorithm_signature(signer->algorithm);
    if (!digest || algorithm == EDS_ALGORITHM_NONE || !(allowed & 1u << algorithm))
        return EDS_ALGORITHM_REFUSED;
    if (EVP_MD_get_type(digest) != EVP_MD_get_type(algorithm_digest_of(algorithm)))
        return EDS_ALGORITHM_MIXED;
    EVP_PKEY *key = X509_get0_pubkey(signer->certificate);
    if (!key)
        return EDS_KEY_UNREADABLE;
    if (eds_key_algorithm(key) == EDS_ALGORITHM_NONE)
        return EVP_PKEY_is_a(key, "RSA") ? EDS_KEY_WEAK : EDS_ALGORITHM_REFUSED;
    *ret = algorithm;
    return eds_key_algorithm(key) == algorithm ? EDS_OK : EDS_ALGORITHM_MIXED;
}

static bool read_time(struct str value, struct moment *ret)
{
    enum { UTC_TIME = 0x17, GENERALIZED_TIME = 0x18 };
    struct der time;
    if (!der_next(&value, &time) || (time.tag != UTC_TIME && time.tag != GENERALIZED_TIME) || time.body.n > 32)
        return false;
    ASN1_TIME *parsed = ASN1_STRING_type_new(time.tag == UTC_TIME ? V_ASN1_UTCTIME : V_ASN1_GENERALIZEDTIME);
    bool fine = parsed && ASN1_STRING_set(parsed, time.body.p, (int)time.body.n) == 1 && ASN1_TIME_check(parsed) == 1;
    if (fine)
        *ret = asn1_moment(parsed);
    ASN1_TIME_free(parsed);
    return fine;
}

/* The signed attributes are signed as a SET, whatever tag they travel under. */
static bool attributes_verify(const struct cms_signer *signer, enum eds_algorithm algorithm)
{
    struct buf set;
    buf_init(&set, signer->attributes.n + 16);
    unsigned char start[8];
    size_t n = 0, length = signer->attributes.n;
    start[n++] = DER_SET;
    if (length < 0x80) {
        start[n++] = (unsigned char)length;
    } else {
        size_t count = length > 0xffffff ? 4 : length > 0xffff ? 3 : length > 0xff ? 2 : 1;
        start[n++] = (unsigned char)(0x80 | count);
        for (size_t i = count; i-- > 0;)
            start[n++] = (unsigned char)(length >> (8 * i));
    }
    buf_add(&set, start, n);
    buf_add_str(&set, signer->attributes);
    bool fine =
        !set.over && signature_verifies(X509_get0_pubkey(signer->certificate), algorithm, buf_str(&set), signer->signature);
    buf_release(&set);
    return fine;
}

enum eds_reason cms_verify_signer(const struct cms *cms, struct cms_signer *signer, struct str content, unsigned algorithms,
                                  enum eds_step_kind *ret_step, bool *ret_has_time, struct moment *ret_time)
{
    enum eds_algorithm algorithm;
    struct attributes attributes;
    struct der digest;
    *ret_has_time = false;
    *ret_step = EDS_STEP_ALGORITHM;
    enum eds_reason reason = check_algorithms(signer, algorithms, &algorithm);
    if (reason != EDS_OK)
        return reason;

    *ret_step = EDS_STEP_ATTRIBUTES;
    if (!signer->has_attributes)
        return EDS_ATTRIBUTES_MISSING;
    if (!read_attributes(signer->attributes, &attributes) || !str_equal(attributes.content_type, cms->content_type) ||
        !der_only(attributes.message_digest, DER_OCTETS, &digest))
        return EDS_ATTRIBUTES_WRONG;
    if (!names_certificate(&attributes, signer->der))
        return EDS_ATTRIBUTES_CERTIFICATE;
    signer->names_certificate = attributes.certificate.n > 0 || attributes.certificate_v2.n > 0;
    if (attributes.signing_time.n > 0 && !(*ret_has_time = read_time(attributes.signing_time, ret_time)))
        return EDS_ATTRIBUTES_WRONG;

    *ret_step = EDS_STEP_CONTENT;
    if (!digest_is(algorithm_digest(signer->digest), content, digest.body))
        return EDS_CONTENT_DIGEST;
    *ret_step = EDS_STEP_SIGNATURE;
    return attributes_verify(signer, algorithm) ? EDS_OK : EDS_SIGNATURE_WRONG;
}
