/* SPDX-License-Identifier: Apache-2.0 */
/*
 * eds, the second part: keys, certificates and signatures are made.  For information systems that sign what they send (the state
 * gateway's messages), for test authorities and for programs that sign on a person's behalf; whoever only verifies needs
 * eds/eds.h alone, whose words about values, ownership, errors and threads hold here as well.
 *
 *     EVP_PKEY *key;
 *     X509 *certificate;
 *     struct buf cms;
 *     eds_setup();
 *     if (!eds_key_read(pem, &key, &err) || !eds_certificate_read(der, &certificate, &err)) ...
 *     buf_init(&cms, EDS_OBJECT_MAX);
 *     struct eds_identity identity = { .key = key, .certificate = certificate };
 *     struct eds_cms_options options = { .detached = true, .signing_time = now };
 *     if (!eds_sign_cms(&identity, 1, content, &options, &cms, &err)) ...
 *
 * Secrets.  Making a key and signing with GOST 34.10-2015-512 and GOST 34.310-2004 take no jump and no address that depends on
 * the private number (docs/eds.md tells how that is looked at); EDS_GOST_2015_256 does and is for tests.  RSA is OpenSSL's.
 */
#ifndef EDS_EDS_MAKE_H
#define EDS_EDS_MAKE_H

#include "eds/eds.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ================================================================ keys and certificates */

/* Keys are OpenSSL's: free with EVP_PKEY_free, which wipes them. */
bool eds_key_generate(enum eds_algorithm algorithm, EVP_PKEY **ret, struct err *err); /* RSA: 2048 bits */
/* GOST: the private number, 32 or 64 bytes little-endian, from 1 to q - 1. */
bool eds_key_from_scalar(enum eds_algorithm algorithm, struct str scalar, EVP_PKEY **ret, struct err *err);
/* PKCS #8, DER or PEM without a password. */
bool eds_key_read(struct str bytes, EVP_PKEY **ret, struct err *err);
bool eds_key_write(EVP_PKEY *key, struct buf *ret, struct err *err); /* PEM, appended; wipe and release the buf */
enum eds_algorithm eds_key_algorithm(const EVP_PKEY *key);           /* NONE: not one of ours, or too short */
/* The digest that goes with a key, for X509_sign, X509_CRL_sign, OCSP_basic_sign and the like.  Static. */
const EVP_MD *eds_key_digest(const EVP_PKEY *key);

/* What a certificate says (RFC 5280), in the shape that the authority gives them; NULL and 0 leave a part out. */
struct eds_profile {
    const char *common_name, *surname, *given, *iin, *organisation, *bin; /* iin, bin: without the letters IIN and BIN */
    struct moment not_before, not_after;
    bool authority;
    const char *key_usage;          /* as OpenSSL's configuration writes it: "critical,digitalSignature,nonRepudiation" */
    const char *extended_key_usage; /* likewise: "emailProtection,1.2.398.3.3.4.1.1"; "critical,timeStamping" */
    const char *certificate_policy; /* dotted */
    const char *ocsp_url, *crl_url, *delta_url;
    bool ocsp_no_check;
    uint64_t serial; /* 0: random */
};
/* The issuer's key signs; NULL issuer: self-signed, then issuer_key is `key` too.  `key` needs only its public half.
 * Free with X509_free. */
bool eds_certificate_make(const struct eds_profile *profile, EVP_PKEY *key, X509 *issuer, EVP_PKEY *issuer_key, X509 **ret,
                          struct err *err);

/* ================================================================ making signatures */

/* Who signs.  Nothing is taken over: what it points at must outlive the call, and no more. */
struct eds_identity {
    EVP_PKEY *key;
    X509 *certificate;  /* of that key */
    X509 *const *extra; /* certificates that go along */
    size_t extras;
};

struct eds_cms_options {
    bool detached;
    bool digested;              /* `content` is the digest that goes with the key, of what is signed; then always detached */
    bool no_signed_attributes;  /* for tests: such an object is refused */
    struct moment signing_time; /* the signed attribute: the signer's claim */
};
/* DER (RFC 5652), appended, with signed attributes and the signer's certificate.  All identities sign the same content, each with
 * its own algorithm. */
bool eds_sign_cms(const struct eds_identity *identity, size_t identities, struct str content,
                  const struct eds_cms_options *options, struct buf *ret, struct err *err);
/* The signature value of signer `index`, from 0 (what a timestamp is asked for), and the object with a token put in. */
bool eds_cms_signature_value(struct str cms, size_t index, struct buf *ret, struct err *err);
bool eds_cms_add_timestamp(struct str cms, size_t index, struct str token, struct buf *ret, struct err *err);
/* What a timestamp authority answers to eds_timestamp_request: application/timestamp-reply (RFC 3161).  The authority's
 * certificate is for "critical,timeStamping" alone; the policy is dotted. */
bool eds_timestamp_reply(const struct eds_identity *authority, struct str request, const char *policy, struct moment at,
                         struct buf *ret, struct err *err);
/* A document with an enveloped signature as the last child of its root, in NCALayer's profile. */
bool eds_sign_xml(const struct eds_identity *identity, struct str document, struct buf *ret, struct err *err);
/* A SOAP 1.1 envelope without wsse:Security gets one, over its Body; the Body gets wsu:Id="id-<uuid>".  What comes out goes on
 * the wire as it is: pretty-printing or parsing and writing again breaks the signature. */
bool eds_sign_wss(const struct eds_identity *identity, struct str envelope, struct buf *ret, struct err *err);

#ifdef __cplusplus
}
#endif

#endif
