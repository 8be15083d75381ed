/* SPDX-License-Identifier: Apache-2.0 */
/* Keys and serial numbers out of the authority's secret. */
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <stdio.h>
#include <string.h>

#include "stand/authority_impl.h"

static const char *const branch_names[AUTHORITY_BRANCHES] = { [AUTHORITY_GOST] = "gost", [AUTHORITY_RSA] = "rsa" };

const char *authority_branch_name(enum authority_branch branch) { return branch_names[branch]; }

void authority_hash(const struct authority *authority, const char *label, struct str bytes, unsigned char ret[64])
{
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    unsigned n = 0;
    bool fine = ctx && EVP_DigestInit_ex(ctx, EVP_sha512(), NULL) == 1 &&
                EVP_DigestUpdate(ctx, authority->secret, sizeof authority->secret) == 1 &&
                EVP_DigestUpdate(ctx, label, strlen(label) + 1) == 1 && EVP_DigestUpdate(ctx, bytes.p, bytes.n) == 1 &&
                EVP_DigestFinal_ex(ctx, ret, &n) == 1;
    EVP_MD_CTX_free(ctx);
    if (!fine)
        BUG("SHA-512 is not there");
}

/* A hash of 512 bits is below the order of the group but once in 2^255; the next one is taken then. */
bool authority_gost_key(const struct authority *authority, const char *name, EVP_PKEY **ret, struct err *err)
{
    for (int i = 0; i < 4; i++) {
        char label[16];
        unsigned char scalar[64];
        snprintf(label, sizeof label, "key %d", i);
        authority_hash(authority, label, str_from(name), scalar);
        if (eds_key_from_scalar(EDS_GOST_2015_512, (struct str){ (const char *)scalar, sizeof scalar }, ret, err))
            return true;
    }
    return false;
}

/* ---- serial numbers: ten bytes that say whose, ten that only this authority can add to them ---- */

enum { HALF = AUTHORITY_SERIAL / 2 };

static void complete(const struct authority *authority, unsigned char serial[AUTHORITY_SERIAL])
{
    unsigned char hash[64];
    serial[0] = (unsigned char)((serial[0] & 0x3f) | 0x40); /* positive, and twenty bytes long */
    authority_hash(authority, "serial", (struct str){ (const char *)serial, HALF }, hash);
    memcpy(serial + HALF, hash, HALF);
}

void authority_serial_make(const struct authority *authority, struct str whose, unsigned char ret[AUTHORITY_SERIAL])
{
    unsigned char hash[64];
    authority_hash(authority, "whose", whose, hash);
    memcpy(ret, hash, HALF);
    complete(authority, ret);
}

bool authority_serial_is_ours(const struct authority *authority, struct str serial)
{
    unsigned char expected[AUTHORITY_SERIAL];
    if (serial.n != AUTHORITY_SERIAL)
        return false;
    memcpy(expected, serial.p, AUTHORITY_SERIAL);
    complete(authority, expected);
    return memcmp(expected, serial.p, AUTHORITY_SERIAL) == 0;
}

void authority_holder_release(struct authority_holder *holder)
{
    EVP_PKEY_free(holder->key);
    X509_free(holder->certificate);
    *holder = (struct authority_holder){ 0 };
}
