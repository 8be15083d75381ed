/* SPDX-License-Identifier: Apache-2.0 */
#include "stand/authority_cms.h"

#include <openssl/evp.h>
#include <openssl/x509.h>

#include "stand/asn.h"
#include "stand/authority_impl.h"

#define OID_SIGNED_DATA   "1.2.840.113549.1.7.2"
#define OID_CONTENT_TYPE  "1.2.840.113549.1.9.3"
#define OID_DIGEST        "1.2.840.113549.1.9.4"
#define OID_SIGNING_TIME  "1.2.840.113549.1.9.5"
#define OID_CERTIFICATE_2 "1.2.840.113549.1.9.16.2.47"
#define OID_TOKEN         "1.2.840.113549.1.9.16.2.14"

enum { SIGNATURE_MAX = 512, ATTRIBUTES_MAX = 4096 };

const char *authority_digest_oid(const EVP_PKEY *key)
{
    return eds_key_algorithm(key) == EDS_GOST_2015_512 ? "1.2.398.3.10.1.3.3" : "2.16.840.1.101.3.4.2.1";
}

const char *authority_signature_oid(const EVP_PKEY *key)
{
    return eds_key_algorithm(key) == EDS_GOST_2015_512 ? "1.2.398.3.10.1.1.2.3.2" : "1.2.840.113549.1.1.11";
}

bool authority_sign_bytes(EVP_PKEY *key, const EVP_MD *digest, struct str bytes, struct buf *ret)
{
    unsigned char signature[SIGNATURE_MAX];
    size_t n = sizeof signature;
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    bool fine = ctx && EVP_DigestSignInit(ctx, NULL, digest, NULL, key) == 1 &&
                EVP_DigestSign(ctx, signature, &n, (const unsigned char *)bytes.p, bytes.n) == 1;
    EVP_MD_CTX_free(ctx);
    if (fine)
        buf_add(ret, signature, n);
    return fine;
}

static const EVP_MD *digest_of(const struct authority_cms *cms, const EVP_PKEY *key)
{
    if (cms->digest)
        return cms->digest;
    const EVP_MD *own = eds_key_digest(key);
    return own ? own : EVP_sha256(); /* an RSA key too short to be one of ours */
}

static const char *digest_oid_of(const struct authority_cms *cms, const EVP_PKEY *key)
{
    return cms->digest_oid ? cms->digest_oid : authority_digest_oid(key);
}

/* ---- signed attributes ---- */

static void open_attribute(struct asn *d, const char *oid)
{
    asn_open(d, ASN_SEQUENCE);
    asn_oid(d, oid);
    asn_open(d, ASN_SET);
}

static void close_attribute(struct asn *d)
{
    asn_close(d);
    asn_close(d);
}

static struct str digested(const EVP_MD *digest, struct str bytes, unsigned char ret[EVP_MAX_MD_SIZE])
{
    unsigned n = 0;
    EVP_Digest(bytes.p ? bytes.p : "", bytes.n, ret, &n, digest, NULL);
    return (struct str){ (const char *)ret, n };
}

static void add_digest(struct asn *d, const EVP_MD *digest, const struct authority_cms *cms, int values)
{
    unsigned char value[EVP_MAX_MD_SIZE];
    open_attribute(d, OID_DIGEST);
    for (int i = 0; i < values; i++)
        asn_bytes(d, ASN_OCTETS, digested(digest, cms->content, value));
    close_attribute(d);
}

/* SigningCertificateV2 { certs { { hashAlgorithm, certHash } } } (RFC 5035). */
static void add_certificate_digest(struct asn *d, const EVP_MD *digest, const char *oid, const struct authority_cms *cms,
                                   X509 *certificate)
{
    unsigned char value[EVP_MAX_MD_SIZE], *der = NULL;
    int n = i2d_X509(certificate, &der);
    struct str hash = digested(digest, (struct str){ (const char *)der, n > 0 ? (size_t)n : 0 }, value);
    if (cms->parts & AUTHORITY_CMS_ESS_OTHER)
        value[0] ^= 1;
    open_attribute(d, OID_CERTIFICATE_2);
    asn_open(d, ASN_SEQUENCE);
    asn_open(d, ASN_SEQUENCE);
    asn_open(d, ASN_SEQUENCE);
    asn_algorithm(d, oid);
    asn_bytes(d, ASN_OCTETS, hash);
    asn_close(d);
    asn_close(d);
    asn_close(d);
    close_attribute(d);
    OPENSSL_free(der);
}

static void add_time(struct asn *d, struct moment at)
{
    char text[MOMENT_TEXT];
    open_attribute(d, OID_SIGNING_TIME);
    asn_open(d, 0x17); /* UTCTime: before 2050 */
    moment_format(at, text);
    for (int i = 2; i < 19; i++) {
        if (text[i] >= '0' && text[i] <= '9')
            buf_add_char(d->out, text[i]);
    }
    buf_add_char(d->out, 'Z');
    asn_close(d);
    close_attribute(d);
}

/* The contents of the SET, in the order of DER: by their first bytes, i.e. here by length and then identifier. */
static void add_attributes(struct asn *d, const struct authority_cms *cms, const struct authority_holder *signer)
{
    const EVP_MD *digest = digest_of(cms, signer->key);
    if (!(cms->parts & AUTHORITY_CMS_NO_TYPE)) {
        const char *type = cms->content_type_attribute ? cms->content_type_attribute : cms->content_type;
        open_attribute(d, OID_CONTENT_TYPE);
        asn_oid(d, type ? type : AUTHORITY_OID_DATA);
        close_attribute(d);
    }
    if (cms->has_time)
        add_time(d, cms->signing_time);
    if (!(cms->parts & AUTHORITY_CMS_NO_DIGEST))
        add_digest(d, digest, cms, cms->parts & AUTHORITY_CMS_TWO_DIGESTS ? 2 : 1);
    if (cms->parts & AUTHORITY_CMS_DIGEST_TWICE)
        add_digest(d, digest, cms, 1);
    if (cms->parts & (AUTHORITY_CMS_ESS | AUTHORITY_CMS_ESS_OTHER))
        add_certificate_digest(d, digest, digest_oid_of(cms, signer->key), cms, signer->certificate);
}

/* ---- SignerInfo ---- */

static void add_name(struct asn *d, const X509_NAME *name)
{
    unsigned char *der = NULL;
    int n = i2d_X509_NAME(name, &der);
    asn_raw(d, (struct str){ (const char *)der, n > 0 ? (size_t)n : 0 });
    OPENSSL_free(der);
}

static void add_sid(struct asn *d, X509 *certificate)
{
    const ASN1_INTEGER *serial = X509_get0_serialNumber(certificate);
    asn_open(d, ASN_SEQUENCE);
    add_name(d, X509_get_issuer_name(certificate));
    asn_bytes(d, ASN_INTEGER, (struct str){ (const char *)ASN1_STRING_get0_data(serial), (size_t)ASN1_STRING_length(serial) });
    asn_close(d);
}

static bool sign_over(const struct authority_cms *cms, const struct authority_holder *signer, struct str attributes,
                      struct buf *ret)
{
    struct buf set;
    struct asn d;
    buf_init(&set, ATTRIBUTES_MAX);
    asn_init(&d, &set);
    asn_bytes(&d, ASN_SET, attributes);
    struct str signed_bytes = cms->parts & AUTHORITY_CMS_NO_ATTRIBUTES ? cms->content : buf_str(&set);
    bool fine = !set.over && authority_sign_bytes(signer->key, digest_of(cms, signer->key), signed_bytes, ret);
    if (fine && cms->change)
        cms->change((unsigned char *)ret->p, ret->n);
    buf_release(&set);
    return fine;
}

static void add_token(struct asn *d, struct str token)
{
    asn_open(d, ASN_CONTEXT + 1);
    open_attribute(d, OID_TOKEN);
    asn_raw(d, token);
    close_attribute(d);
    asn_close(d);
}

static bool add_signer(struct asn *d, const struct authority_cms *cms, size_t i)
{
    const struct authority_holder *signer = &cms->signer[i];
    struct buf attributes, signature;
    struct asn a;
    buf_init(&attributes, ATTRIBUTES_MAX);
    buf_init(&signature, SIGNATURE_MAX);
    asn_init(&a, &attributes);
    add_attributes(&a, cms, signer);
    bool fine = !attributes.over && sign_over(cms, signer, buf_str(&attributes), &signature);
    asn_open(d, ASN_SEQUENCE);
    asn_number(d, 1);
    add_sid(d, signer->certificate);
    asn_algorithm(d, digest_oid_of(cms, signer->key));
    if (!(cms->parts & AUTHORITY_CMS_NO_ATTRIBUTES))
        asn_bytes(d, ASN_CONTEXT + 0, buf_str(&attributes));
    asn_algorithm(d, cms->signature_oid ? cms->signature_oid : authority_signature_oid(signer->key));
    asn_bytes(d, ASN_OCTETS, buf_str(&signature));
    if (i == 0 && cms->token.n > 0)
        add_token(d, cms->token);
    asn_close(d);
    if (i == 0 && cms->ret_signature)
        buf_add_str(cms->ret_signature, buf_str(&signature));
    buf_release(&attributes);
    buf_release(&signature);
    return fine;
}

/* ---- SignedData ---- */

static void add_certificate(struct asn *d, X509 *certificate)
{
    unsigned char *der = NULL;
    int n = i2d_X509(certificate, &der);
    asn_raw(d, (struct str){ (const char *)der, n > 0 ? (size_t)n : 0 });
    OPENSSL_free(der);
}

static void add_certificates(struct asn *d, const struct authority_cms *cms)
{
    if (cms->parts & AUTHORITY_CMS_NO_CERTIFICATE)
        return;
    asn_open(d, ASN_CONTEXT + 0);
    for (size_t i = 0; i < cms->signers; i++)
        add_certificate(d, cms->signer[i].certificate);
    if (cms->extra)
        add_certificate(d, cms->extra);
    asn_close(d);
}

static void add_digest_algorithms(struct asn *d, const struct authority_cms *cms)
{
    asn_open(d, ASN_SET);
    for (size_t i = 0; i < cms->signers; i++) {
        const char *oid = digest_oid_of(cms, cms->signer[i].key);
        if (i == 0 || strcmp(oid, digest_oid_of(cms, cms->signer[0].key)) != 0)
            asn_algorithm(d, oid);
    }
    asn_close(d);
}

static void open_outer(struct asn *d, const struct authority_cms *cms, unsigned char tag)
{
    if (cms->parts & AUTHORITY_CMS_INDEFINITE)
        asn_open_indefinite(d, tag);
    else
        asn_open(d, tag);
}

static void add_content(struct asn *d, const struct authority_cms *cms)
{
    open_outer(d, cms, ASN_SEQUENCE);
    asn_oid(d, cms->content_type ? cms->content_type : AUTHORITY_OID_DATA);
    if (!(cms->parts & AUTHORITY_CMS_DETACHED)) {
        open_outer(d, cms, ASN_CONTEXT + 0);
        if (cms->parts & AUTHORITY_CMS_INDEFINITE) { /* in two pieces, as BER allows */
            size_t half = cms->content.n / 2;
            asn_open_indefinite(d, ASN_OCTETS | 0x20);
            asn_bytes(d, ASN_OCTETS, (struct str){ cms->content.p, half });
            asn_bytes(d, ASN_OCTETS, (struct str){ cms->content.p + half, cms->content.n - half });
            asn_close(d);
        } else {
            asn_bytes(d, ASN_OCTETS, cms->content);
        }
        asn_close(d);
    }
    asn_close(d);
}

bool authority_cms_make(const struct authority_cms *cms, struct buf *ret, struct err *err)
{
    struct asn d;
    asn_init(&d, ret);
    open_outer(&d, cms, ASN_SEQUENCE);
    asn_oid(&d, OID_SIGNED_DATA);
    open_outer(&d, cms, ASN_CONTEXT + 0);
    open_outer(&d, cms, ASN_SEQUENCE);
    asn_number(&d, cms->content_type && strcmp(cms->content_type, AUTHORITY_OID_DATA) != 0 ? 3 : 1);
    add_digest_algorithms(&d, cms);
    add_content(&d, cms);
    add_certificates(&d, cms);
    asn_open(&d, ASN_SET);
    bool fine = true;
    for (size_t i = 0; fine && i < cms->signers; i++)
        fine = add_signer(&d, cms, i);
    asn_close(&d);
    asn_close(&d);
    asn_close(&d);
    asn_close(&d);
    return (fine && !ret->over) || err_set(err, ERR_SYSTEM, "the signed object cannot be made");
}
