/* SPDX-License-Identifier: Apache-2.0 */
/*
 * gost-engine over the same signatures: the same curve and digest under the Russian identifiers; a key is the same point, a
 * signature the same bytes backwards.  It is given the signatures alone, with all else that a verdict needs left out.
 */
#define OPENSSL_SUPPRESS_DEPRECATED
#include "eds_bench.h"

#include <openssl/engine.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

enum { POINT = 128, SIGNATURE = 128 };

/* id-tc26-gost3410-12-512, id-tc26-gost-3410-12-512-paramSetA, id-tc26-gost3411-12-512 */
static const unsigned char head[] = { 0x30, 0x81, 0xaa, 0x30, 0x21, 0x06, 0x08, 0x2a, 0x85, 0x03, 0x07, 0x01, 0x01, 0x01, 0x02,
                                      0x30, 0x15, 0x06, 0x09, 0x2a, 0x85, 0x03, 0x07, 0x01, 0x02, 0x01, 0x02, 0x01, 0x06, 0x08,
                                      0x2a, 0x85, 0x03, 0x07, 0x01, 0x01, 0x02, 0x03, 0x03, 0x81, 0x84, 0x00, 0x04, 0x81, 0x80 };

static const EVP_MD *digest;
static EVP_PKEY *authority_key, *root_key;
static X509 *authority;

static EVP_PKEY *key_of(X509 *certificate)
{
    const unsigned char *bits;
    int n;
    unsigned char der[sizeof head + POINT];
    X509_PUBKEY_get0_param(NULL, &bits, &n, NULL, X509_get_X509_PUBKEY(certificate));
    if (n < POINT)
        return NULL;
    memcpy(der, head, sizeof head);
    memcpy(der + sizeof head, bits + n - POINT, POINT);
    const unsigned char *at = der;
    return d2i_PUBKEY(NULL, &at, sizeof der);
}

static X509 *read_certificate(struct str der)
{
    const unsigned char *at = (const unsigned char *)der.p;
    return d2i_X509(NULL, &at, (long)der.n);
}

static void start(const struct objects *objects)
{
    ENGINE_load_builtin_engines();
    ENGINE *gost = ENGINE_by_id("gost");
    if (!gost || ENGINE_init(gost) != 1 || ENGINE_set_default(gost, ENGINE_METHOD_ALL) != 1)
        BUG("no gost-engine");
    digest = EVP_get_digestbyname("md_gost12_512");
    authority = read_certificate(objects->authority);
    X509 *root = read_certificate(objects->root);
    authority_key = key_of(authority);
    root_key = key_of(root);
    X509_free(root);
    if (!digest || !authority_key || !root_key)
        BUG("gost-engine does not take the keys");
}

static bool check(EVP_PKEY *key, const void *bytes, size_t n, const unsigned char *value)
{
    unsigned char backwards[SIGNATURE];
    for (int i = 0; i < SIGNATURE; i++)
        backwards[i] = value[SIGNATURE - 1 - i];
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    bool fine = key && EVP_DigestVerifyInit(ctx, NULL, digest, NULL, key) == 1 &&
                EVP_DigestVerify(ctx, backwards, SIGNATURE, bytes, n) == 1;
    EVP_MD_CTX_free(ctx);
    return fine;
}

static bool check_certificate(X509 *certificate, EVP_PKEY *issuer)
{
    const ASN1_BIT_STRING *value;
    unsigned char *tbs = NULL;
    X509_get0_signature(&value, NULL, certificate);
    int n = i2d_re_X509_tbs(certificate, &tbs);
    bool fine = n > 0 && ASN1_STRING_length(value) == SIGNATURE && check(issuer, tbs, (size_t)n, ASN1_STRING_get0_data(value));
    OPENSSL_free(tbs);
    return fine;
}

static bool signatures(const struct object *object, int count)
{
    X509 *certificate = read_certificate(object->certificate);
    EVP_PKEY *key = key_of(certificate);
    bool fine = check(key, object->attributes.p, object->attributes.n, (const unsigned char *)object->value.p) &&
                (count < 2 || check_certificate(certificate, authority_key)) &&
                (count < 3 || check_certificate(authority, root_key));
    EVP_PKEY_free(key);
    X509_free(certificate);
    return fine;
}

static bool one(const struct object *object) { return signatures(object, 1); }
static bool two(const struct object *object) { return signatures(object, 2); }
static bool three(const struct object *object) { return signatures(object, 3); }

const struct contestant engine[] = {
    { "gost: gost-engine, three signatures (object, signer, authority)", "gost", start, three },
    { "gost: gost-engine, two signatures (object, signer)", "gost", start, two },
    { "gost: gost-engine, certificate parsed, one signature", "gost", start, one },
    { NULL, NULL, NULL, NULL },
};
