/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a trust has seen of authorities, OCSP responders and timestamp authorities: their parsed certificates, and whose key has
 * signed them.  Both follow from the bytes alone; dates, usages, revocation and the way to an anchor are looked at every time.
 * Subscribers' certificates are not kept: there are millions.
 */
#include "eds/eds_impl.h"
#include "eds/provider.h"

#include <openssl/sha.h>
#include <openssl/x509v3.h>
#include <pthread.h>
#include <string.h>

enum { KEPT = 64 };

struct seen {
    unsigned char key[SHA256_DIGEST_LENGTH];
    X509 *certificate, *issuer; /* as they were when it was remembered, each a reference; issuer: of signatures */
    bool used;
};
struct trust_cache {
    pthread_mutex_t lock;
    struct seen certificate[KEPT], signature[KEPT];
    size_t next_certificate, next_signature; /* the oldest, to be replaced */
};

struct trust_cache *trust_cache_new(void)
{
    struct trust_cache *cache = mem_alloc(sizeof *cache);
    pthread_mutex_init(&cache->lock, NULL);
    return cache;
}

void trust_cache_free(struct trust_cache *cache)
{
    if (!cache)
        return;
    for (size_t i = 0; i < KEPT; i++) {
        X509_free(cache->certificate[i].certificate);
        X509_free(cache->signature[i].certificate);
        X509_free(cache->signature[i].issuer);
    }
    pthread_mutex_destroy(&cache->lock);
    free(cache);
}

/* The caller holds the lock. */
static struct seen *find(struct seen *list, const unsigned char *key)
{
    for (size_t i = 0; i < KEPT; i++) {
        if (list[i].used && memcmp(list[i].key, key, SHA256_DIGEST_LENGTH) == 0)
            return &list[i];
    }
    return NULL;
}

/* The very certificates that the trust holds itself are found without taking a digest of them. */
static bool find_same(const struct seen *list, const X509 *certificate, const X509 *issuer)
{
    for (size_t i = 0; i < KEPT; i++) {
        if (list[i].used && list[i].certificate == certificate && list[i].issuer == issuer)
            return true;
    }
    return false;
}

static X509 *reference(X509 *certificate) { return certificate && X509_up_ref(certificate) ? certificate : NULL; }

static void keep(struct seen *list, size_t *next, const unsigned char *key, X509 *certificate, X509 *issuer)
{
    struct seen *place = &list[*next];
    if (find(list, key))
        return; /* another thread was faster */
    *next = (*next + 1) % KEPT;
    X509_free(place->certificate);
    X509_free(place->issuer);
    memcpy(place->key, key, sizeof place->key);
    place->certificate = reference(certificate);
    place->issuer = reference(issuer);
    place->used = true;
}

static bool is_kept(X509 *certificate)
{
    return (X509_get_extension_flags(certificate) & EXFLAG_CA) != 0 ||
           ((X509_get_extension_flags(certificate) & EXFLAG_XKUSAGE) &&
            (X509_get_extended_key_usage(certificate) & (XKU_OCSP_SIGN | XKU_TIMESTAMP)));
}

X509 *trust_read_certificate(const struct eds_trust *trust, struct str der)
{
    struct trust_cache *cache = trust->cache;
    unsigned char key[SHA256_DIGEST_LENGTH];
    SHA256((const unsigned char *)der.p, der.n, key);
    pthread_mutex_lock(&cache->lock);
    struct seen *seen = find(cache->certificate, key);
    X509 *certificate = seen && seen->certificate && X509_up_ref(seen->certificate) ? seen->certificate : NULL;
    pthread_mutex_unlock(&cache->lock);
    if (certificate)
        return certificate;
    certificate = provider_read_certificate((const unsigned char *)der.p, der.n);
    if (certificate && is_kept(certificate)) {
        pthread_mutex_lock(&cache->lock);
        keep(cache->certificate, &cache->next_certificate, key, certificate, NULL);
        pthread_mutex_unlock(&cache->lock);
    }
    return certificate;
}

/* Of the certificate and the issuer's public key, both DER. */
static bool pair_key(X509 *certificate, X509 *issuer, unsigned char *ret)
{
    unsigned char both[2 * SHA256_DIGEST_LENGTH], *der = NULL, *spki = NULL;
    int n = i2d_X509(certificate, &der), spki_n = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(issuer), &spki);
    if (n > 0 && spki_n > 0) {
        SHA256(der, (size_t)n, both);
        SHA256(spki, (size_t)spki_n, both + SHA256_DIGEST_LENGTH);
        SHA256(both, sizeof both, ret);
    }
    OPENSSL_free(der);
    OPENSSL_free(spki);
    return n > 0 && spki_n > 0;
}

bool trust_signed_by(const struct eds_trust *trust, X509 *certificate, X509 *issuer)
{
    struct trust_cache *cache = trust->cache;
    unsigned char key[SHA256_DIGEST_LENGTH];
    if (!is_kept(certificate))
        return X509_verify(certificate, X509_get0_pubkey(issuer)) == 1;
    pthread_mutex_lock(&cache->lock);
    bool seen = find_same(cache->signature, certificate, issuer);
    pthread_mutex_unlock(&cache->lock);
    if (seen)
        return true;
    bool keeping = pair_key(certificate, issuer, key);
    if (keeping) {
        pthread_mutex_lock(&cache->lock);
        seen = find(cache->signature, key) != NULL;
        pthread_mutex_unlock(&cache->lock);
        if (seen)
            return true;
    }
    bool fine = X509_verify(certificate, X509_get0_pubkey(issuer)) == 1;
    if (fine && keeping) {
        pthread_mutex_lock(&cache->lock);
        keep(cache->signature, &cache->next_signature, key, certificate, issuer);
        pthread_mutex_unlock(&cache->lock);
    }
    return fine;
}
