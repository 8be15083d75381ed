/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SignedData (RFC 5652) put together by hand, with every part that can be wrong within reach.  No code in common with eds, which
 * takes them apart.
 */
#ifndef STAND_AUTHORITY_CMS_H
#define STAND_AUTHORITY_CMS_H

#include "stand/authority.h"

#define AUTHORITY_OID_DATA     "1.2.840.113549.1.7.1"
#define AUTHORITY_OID_TST_INFO "1.2.840.113549.1.9.16.1.4"

enum authority_cms_part {
    AUTHORITY_CMS_DETACHED = 1 << 0,
    AUTHORITY_CMS_NO_ATTRIBUTES = 1 << 1,
    AUTHORITY_CMS_NO_CERTIFICATE = 1 << 2,
    AUTHORITY_CMS_DIGEST_TWICE = 1 << 3,
    AUTHORITY_CMS_NO_DIGEST = 1 << 4,
    AUTHORITY_CMS_TWO_DIGESTS = 1 << 5, /* two values in one attribute */
    AUTHORITY_CMS_NO_TYPE = 1 << 6,
    AUTHORITY_CMS_INDEFINITE = 1 << 7, /* BER outside the signed attributes */
    AUTHORITY_CMS_ESS = 1 << 8,        /* signingCertificateV2 */
    AUTHORITY_CMS_ESS_OTHER = 1 << 9   /* about another certificate */
};

struct authority_cms {
    const struct authority_holder *signer;
    size_t signers;
    X509 *extra; /* goes along; NULL: none */
    struct str content;
    const char *content_type;           /* NULL: id-data */
    const char *content_type_attribute; /* NULL: the same */
    unsigned parts;
    bool has_time;
    struct moment signing_time;
    const EVP_MD *digest; /* NULL: the one of the key */
    const char *digest_oid, *signature_oid;
    /* Changes a signature value before it is put in. */
    void (*change)(unsigned char *signature, size_t n);
    struct str token;          /* goes into the unsigned attributes of the first signer */
    struct buf *ret_signature; /* gets the signature value of the first signer; NULL: not wanted */
};
bool authority_cms_make(const struct authority_cms *cms, struct buf *ret, struct err *err);

/* The two identifiers of a key's signatures. */
const char *authority_digest_oid(const EVP_PKEY *key);
const char *authority_signature_oid(const EVP_PKEY *key);
/* Signs bytes as they are; at most 512 bytes come out. */
bool authority_sign_bytes(EVP_PKEY *key, const EVP_MD *digest, struct str bytes, struct buf *ret);

#endif
