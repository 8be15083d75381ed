/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The test certification authority: two branches (GOST 34.10-2015-512 and RSA), each a root, an issuing authority, a responder
 * of OCSP and an authority of timestamps, shaped like those of the national authority; every name of theirs ends in TEST.
 *
 * Nothing is written down about who got a certificate.  A GOST key is the hash of the authority's secret and of whose key it
 * is, and a serial number carries a keyed digest of its own first half: so the authority can make the certificate of any person
 * again, and tell a serial number that it gave from one that it never gave, in any process that opens the same folder.
 *
 *     authority_open("build/trust", NULL, now, &authority, &err); keys and certificates are read, or made and written
 *     authority_issue(authority, AUTHORITY_GOST, AUTHORITY_PERSON_SIGN, &subject, &holder, &err);
 *     authority_ocsp(authority, request, AUTHORITY_OK, &reply);   the bytes that go over HTTP, no network here
 *
 * Threads: one struct authority is under one lock of its own; certificates and keys handed out are only read.
 */
#ifndef STAND_AUTHORITY_H
#define STAND_AUTHORITY_H

#include <openssl/types.h>

#include "base/arena.h"
#include "base/date.h"
#include "base/err.h"
#include "eds/eds_make.h"

enum authority_branch { AUTHORITY_GOST, AUTHORITY_RSA, AUTHORITY_BRANCHES };

enum authority_role {
    AUTHORITY_ROOT,
    AUTHORITY_ISSUER,
    AUTHORITY_RESPONDER, /* of OCSP: delegated, id-pkix-ocsp-nocheck */
    AUTHORITY_TSA,       /* critical timeStamping */
    AUTHORITY_OFFICES,   /* so many belong to the authority itself */
    AUTHORITY_PERSON_SIGN = AUTHORITY_OFFICES,
    AUTHORITY_PERSON_AUTH,
    AUTHORITY_PERSON_REMOTE, /* issued after remote identification, for signing */
    AUTHORITY_HEAD,          /* of an organisation */
    AUTHORITY_RIGHT_TO_SIGN,
    AUTHORITY_EMPLOYEE,
    AUTHORITY_CLERK,  /* an officer of a state body, as the centre of state bodies names them */
    AUTHORITY_SYSTEM, /* an information system of an organisation */
    AUTHORITY_ROLES
};
const char *authority_branch_name(enum authority_branch branch); /* "gost", "rsa" */
const char *authority_role_name(enum authority_role role);       /* "sign", "auth", "head" */

/* Whoever has a key and its certificate. */
struct authority_holder {
    EVP_PKEY *key;
    X509 *certificate;
};
void authority_holder_release(struct authority_holder *holder);

struct authority;

/* In memory, for tests: the same `secret` gives the same GOST keys and serial numbers. */
bool authority_make(struct str secret, struct moment now, struct authority **ret, struct err *err);
/* A folder: secret, keys and certificates are read; what is not there, has run out or names another address is made and written.
 * url: where certificates say that the stand's answers are; NULL: as the folder has it, else http://127.0.0.1:8590. */
bool authority_open(const char *folder, const char *url, struct moment now, struct authority **ret, struct err *err);
void authority_free(struct authority *authority);

/* Root, issuing authority, responder or TSA of a branch; lives as long as the authority. */
const struct authority_holder *authority_office(const struct authority *authority, enum authority_branch branch,
                                                enum authority_role office);

/* ---- certificates ---- */

/* Texts are UTF-8; iin and bin are digits without the letters. NULL leaves a part out. */
struct authority_subject {
    const char *surname, *name, *patronymic, *iin; /* CN = SURNAME NAME */
    const char *organisation, *bin;
};
/* Makes key and certificate, or (GOST) the same key and the same serial number again.  Release the holder. */
bool authority_issue(struct authority *authority, enum authority_branch branch, enum authority_role role,
                     const struct authority_subject *subject, struct authority_holder *ret, struct err *err);

/* What a certificate says; whoever wants a wrong one changes a part of a right one. */
enum { AUTHORITY_ATTRIBUTES = 10, AUTHORITY_SERIAL = 20, AUTHORITY_URLS = 320 };
struct authority_spec {
    struct authority_attribute {
        int nid; /* 0: the end */
        const char *prefix, *value;
    } subject[AUTHORITY_ATTRIBUTES];
    struct moment not_before, not_after;
    unsigned char serial[AUTHORITY_SERIAL];
    /* As OpenSSL's configuration writes them; NULL or empty: not there. */
    const char *basic_constraints, *key_usage, *extended_key_usage, *policies;
    char access[AUTHORITY_URLS], crl[AUTHORITY_URLS], delta[AUTHORITY_URLS];
    bool ocsp_no_check;
    const EVP_MD *digest;              /* NULL: the one that goes with the issuer's key */
    void (*change)(X509 *certificate); /* NULL, or the last word before it is signed */
    char common_name[160];             /* what subject[] may point at */
};
void authority_spec_of(const struct authority *authority, enum authority_branch branch, enum authority_role role,
                       const struct authority_subject *subject, struct authority_spec *ret);
/* `key`: of the subject; only its public half is used.  NULL issuer: self-signed. */
bool authority_certify(const struct authority_spec *spec, EVP_PKEY *key, const struct authority_holder *issuer, X509 **ret,
                       struct err *err);
/* The GOST key of that name, always the same for one secret. */
bool authority_gost_key(const struct authority *authority, const char *name, EVP_PKEY **ret, struct err *err);
bool authority_serial_is_ours(const struct authority *authority, struct str serial);

/* ---- revocation ---- */

enum authority_where { AUTHORITY_BY_OCSP = 1, AUTHORITY_BY_CRL = 2, AUTHORITY_BY_DELTA = 4, AUTHORITY_EVERYWHERE = 7 };
/* From now on answers in those places say: revoked at `at`, keyCompromise.  In a folder it is written down. */
bool authority_revoke(struct authority *authority, const X509 *certificate, struct moment at, unsigned where, struct err *err);

/* ---- answers ---- */

/* What the answers can be told to be. */
enum authority_fault {
    AUTHORITY_OK,
    AUTHORITY_SILENT, /* no answer; for the HTTP side, as the next one */
    AUTHORITY_SLOW,
    AUTHORITY_ERROR,             /* OCSP tryLater, TSP rejection, HTTP 500 for a list */
    AUTHORITY_GARBAGE,           /* not DER */
    AUTHORITY_OTHER_NONCE,       /* OCSP and TSP */
    AUTHORITY_STALE,             /* thisUpdate, genTime, list of two days ago */
    AUTHORITY_OTHER_SIGNER,      /* signed by a certificate that may not: a citizen's */
    AUTHORITY_OTHER_CERTIFICATE, /* OCSP about another serial number; TSP over another imprint */
    AUTHORITY_UNKNOWN_STATUS,    /* OCSP: revoked 1970-01-01, certificateHold, whatever was asked */
    AUTHORITY_FAULTS
};
const char *authority_fault_name(enum authority_fault fault); /* "other_nonce" */

/* OCSP (RFC 6960): OCSPRequest in, OCSPResponse out.  A serial number never given is revoked 1970-01-01, certificateHold, as
 * the national authority answers.  What cannot be read is answered with malformedRequest. */
void authority_ocsp(struct authority *authority, struct str request, struct moment at, enum authority_fault fault,
                    struct buf *ret);
/* TSP (RFC 3161): TimeStampReq in, TimeStampResp out.  SHA-256 imprints are stamped by the RSA branch, others by GOST's. */
void authority_timestamp(struct authority *authority, struct str request, struct moment at, enum authority_fault fault,
                         struct buf *ret);
enum authority_list { AUTHORITY_CRL, AUTHORITY_DELTA_CRL, AUTHORITY_ROOT_CRL, AUTHORITY_LISTS };
const char *authority_list_file(enum authority_branch branch, enum authority_list list); /* "nca_d_gost_test.crl" */
bool authority_crl(struct authority *authority, enum authority_branch branch, enum authority_list list, struct moment at,
                   enum authority_fault fault, struct buf *ret, struct err *err);

/* A TSTInfo token (CMS) over `imprint`, with the parts that can be wrong. */
struct authority_stamp {
    struct str imprint;
    const char *imprint_oid, *policy;
    struct moment at;
    struct str nonce; /* INTEGER contents; .n 0: none */
    const struct authority_holder *signer;
};
bool authority_token(const struct authority_stamp *stamp, struct buf *ret, struct err *err);

/* ---- folder ---- */

struct world;
#define AUTHORITY_PASSWORD "test"
/* Into the folder that it was opened with: anchors/, intermediates/ and the profile, as eds_trust_open takes them, and crl/. */
bool authority_write_trust(struct authority *authority, struct err *err);
/* Keys with certificates (PKCS #12, AUTHORITY_PASSWORD) of the first living people of the world in persons/ and of the heads of
 * its first companies in organisations/. */
bool authority_write_people(struct authority *authority, const struct world *world, size_t people, struct err *err);
/* Reads one of them again. */
bool authority_read_pkcs12(struct str bytes, struct authority_holder *ret, struct err *err);
/* `tirkeu-stand authority --out DIR ...`; returns the exit status. */
int authority_command(int count, char **argument);

#endif
