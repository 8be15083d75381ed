/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of the authority share.  Private to stand/authority*.c. */
#ifndef STAND_AUTHORITY_IMPL_H
#define STAND_AUTHORITY_IMPL_H

#include <openssl/x509.h>
#include <pthread.h>

#include "stand/authority.h"

enum { AUTHORITY_SECRET = 32, AUTHORITY_DER_MAX = 1 << 24, AUTHORITY_RSA_KEYS = 4 };

struct authority_revoked {
    unsigned char serial[AUTHORITY_SERIAL];
    enum authority_branch branch;
    bool root; /* given by the root, not by the issuing authority */
    struct moment at;
    unsigned where;
};

struct authority {
    pthread_mutex_t lock; /* revoked, rsa */
    unsigned char secret[AUTHORITY_SECRET];
    struct moment now; /* when it was opened: certificates are dated around it */
    char *folder;      /* NULL: in memory */
    char url[128];
    struct authority_holder office[AUTHORITY_BRANCHES][AUTHORITY_OFFICES];
    EVP_PKEY *rsa[AUTHORITY_RSA_KEYS]; /* of people */
    struct authority_revoked *revoked;
    size_t revokeds, revoked_room;
};

/* authority_key.c: keyed digest of texts, SHA-512; `label` ends in 0. */
void authority_hash(const struct authority *authority, const char *label, struct str bytes, unsigned char ret[64]);
void authority_serial_make(const struct authority *authority, struct str whose, unsigned char ret[AUTHORITY_SERIAL]);
/* The two halves of issuing.  A GOST key is always the same.  An RSA key of an office is a new one, one of a person is one of
 * a few: making one takes a good part of a second. */
bool authority_key_of(struct authority *authority, enum authority_branch branch, enum authority_role role,
                      const struct authority_subject *subject, EVP_PKEY **ret, struct err *err);
bool authority_certify_key(const struct authority *authority, enum authority_branch branch, enum authority_role role,
                           const struct authority_subject *subject, EVP_PKEY *key, X509 **ret, struct err *err);
/* Who issues for a role: root for the issuer, NULL for the root, else the issuing authority. */
const struct authority_holder *authority_issuer_of(const struct authority *authority, enum authority_branch branch,
                                                   enum authority_role role);
/* authority_revoke.c */
bool authority_load_revoked(struct authority *authority, struct err *err);
/* Under the lock; NULL: not revoked there. */
const struct authority_revoked *authority_find_revoked(const struct authority *authority, const struct authority_holder *issuer,
                                                       struct str serial, unsigned where);
bool authority_serial_of(const X509 *certificate, unsigned char ret[AUTHORITY_SERIAL]);

/* A DER object of OpenSSL's into a buf: what an i2d call returned and set, which is freed. */
bool authority_put(int n, unsigned char **der, struct buf *ret);
/* Somebody whose certificate is in order and gives no right to answer for the authority. */
bool authority_stranger(struct authority *authority, enum authority_branch branch, struct authority_holder *ret);
const struct authority_holder *authority_office_of(const struct authority *authority, const struct authority_holder *issuer,
                                                   enum authority_role office);

#endif
