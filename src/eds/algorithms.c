/* SPDX-License-Identifier: Apache-2.0 */
/* The list of algorithms.  What is not in these tables does not exist: SHA-1 and MD5 are not. */
#include "eds/eds_impl.h"
#include "eds/provider.h"

#include <openssl/evp.h>
#include <pthread.h>

enum { DIGEST_SHA256 };
static const struct {
    const char *dotted, *digest;
} digests[] = {
    [DIGEST_SHA256] = { "2.16.840.1.101.3.4.2.1", "SHA256" },
    { "2.16.840.1.101.3.4.2.2", "SHA384" },
    { "2.16.840.1.101.3.4.2.3", "SHA512" },
    { "1.2.398.3.10.1.3.3", "kz-streebog512" },
    { "1.2.398.3.10.1.3.2", "kz-streebog256" },
    { "1.2.398.3.10.1.3.1", "kz-gost34311" },
};

static const struct {
    const char *dotted;
    enum eds_algorithm algorithm;
} signatures[] = {
    { "1.2.398.3.10.1.1.2.3.2", EDS_GOST_2015_512 }, { "1.2.398.3.10.1.1.2.3.1", EDS_GOST_2015_256 },
    { "1.2.398.3.10.1.1.1.2", EDS_GOST_2004 },       { "1.2.840.113549.1.1.11", EDS_RSA_SHA256 },
    { "1.2.840.113549.1.1.1", EDS_RSA_SHA256 }, /* rsaEncryption, in SignerInfo, where the digest is named beside it */
};

/* The identifier, without tag and length, when the parameters are NULL or absent. */
static bool plain_identifier(struct str identifier, struct str *ret)
{
    struct der sequence, oid, none;
    if (!der_only(identifier, DER_SEQUENCE, &sequence) || !der_take(&sequence.body, DER_OID, &oid))
        return false;
    if (sequence.body.n != 0 && !(der_only(sequence.body, DER_NULL, &none) && none.body.n == 0))
        return false;
    *ret = oid.body;
    return true;
}

/* Fetched once: OpenSSL looks for the provider at every use of those that are its static ones. */
static EVP_MD *fetched;
static void fetch(void) { fetched = EVP_MD_fetch(NULL, "SHA2-256", NULL); }
const EVP_MD *algorithm_sha256(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, fetch);
    return fetched ? fetched : EVP_sha256();
}

const EVP_MD *algorithm_digest(struct str identifier)
{
    struct str oid;
    if (!plain_identifier(identifier, &oid))
        return NULL;
    for (size_t i = 0; i < sizeof digests / sizeof *digests; i++) {
        if (der_oid_body_is(oid, digests[i].dotted))
            return i == DIGEST_SHA256 ? algorithm_sha256() : EVP_get_digestbyname(digests[i].digest);
    }
    return NULL;
}

static enum eds_algorithm algorithm_named(struct str oid)
{
    for (size_t i = 0; i < sizeof signatures / sizeof *signatures; i++) {
        if (der_oid_body_is(oid, signatures[i].dotted))
            return signatures[i].algorithm;
    }
    return EDS_ALGORITHM_NONE;
}

enum eds_algorithm algorithm_signature(struct str identifier)
{
    struct str oid;
    return plain_identifier(identifier, &oid) ? algorithm_named(oid) : EDS_ALGORITHM_NONE;
}

enum eds_algorithm algorithm_of_x509(const X509_ALGOR *algorithm)
{
    const ASN1_OBJECT *object;
    int parameters;
    X509_ALGOR_get0(&object, &parameters, NULL, algorithm);
    if (parameters != V_ASN1_UNDEF && parameters != V_ASN1_NULL)
        return EDS_ALGORITHM_NONE;
    return algorithm_named((struct str){ (const char *)OBJ_get0_data(object), OBJ_length(object) });
}

const EVP_MD *algorithm_digest_of(enum eds_algorithm algorithm)
{
    const struct gost_kind *kind = gost_kind_of(algorithm);
    if (kind)
        return EVP_get_digestbyname(kind->digest_name);
    return algorithm == EDS_RSA_SHA256 ? algorithm_sha256() : NULL;
}

bool signature_verifies(EVP_PKEY *key, enum eds_algorithm algorithm, struct str bytes, struct str signature)
{
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    bool fine =
        ctx && key && eds_key_algorithm(key) == algorithm &&
        EVP_DigestVerifyInit_ex(ctx, NULL, EVP_MD_get0_name(algorithm_digest_of(algorithm)), provider_context_of(key), NULL, key,
                                NULL) == 1 &&
        EVP_DigestVerify(ctx, (const unsigned char *)signature.p, signature.n, (const unsigned char *)bytes.p, bytes.n) == 1;
    EVP_MD_CTX_free(ctx);
    return fine;
}
