/* SPDX-License-Identifier: Apache-2.0 */
/* eds_verify at its public interface; and the bare signature, to be seen beside others'. */
#include "eds_bench.h"

#include <openssl/evp.h>
#include <openssl/x509.h>

#include "eds/eds_make.h"

static const struct objects *given;
static struct eds_trust *trust;
static struct moment now;
static struct arena arena;

static X509 *read_certificate(struct str der)
{
    X509 *certificate;
    struct err err;
    if (!eds_certificate_read(der, &certificate, &err))
        BUG("%s", err.text);
    return certificate;
}

static struct eds_trust *open_trust(void)
{
    struct eds_trust *opened;
    struct err err;
    if (!eds_trust_open(given->trust, EDS_TEST, &opened, &err))
        BUG("%s", err.text);
    return opened;
}

static void start(const struct objects *objects)
{
    eds_setup();
    given = objects;
    now = moment_now();
    arena_init(&arena, 0);
    trust = open_trust();
}

static enum tri verify(const struct eds_trust *by, const struct object *object, struct str cms, bool answered)
{
    struct eds_verdict verdict;
    struct eds_request request = {
        .form = EDS_CMS, .signature = cms, .at = now, .purpose = EDS_PURPOSE_PERSON_SIGN, .ocsp = &object->ocsp, .ocsps = answered
    };
    eds_verify(by, &request, &arena, &verdict);
    enum tri valid = verdict.valid;
    arena_reset(&arena);
    return valid;
}

static bool cached(const struct object *object) { return verify(trust, object, object->cms, true) == TRI_YES; }
static bool cached_bare(const struct object *object) { return verify(trust, object, object->cms, false) == TRI_UNKNOWN; }

static bool cached_stamped(const struct object *object) { return verify(trust, object, object->stamped, true) == TRI_YES; }

static bool cold_with(const struct object *object, bool answered, enum tri expected)
{
    struct eds_trust *fresh = open_trust();
    bool fine = verify(fresh, object, object->cms, answered) == expected;
    eds_trust_free(fresh);
    return fine;
}
static bool cold(const struct object *object) { return cold_with(object, true, TRI_YES); }
static bool cold_bare(const struct object *object) { return cold_with(object, false, TRI_UNKNOWN); }

/* The signer's key out of its bytes, then one signature. */
static bool signature(const struct object *object)
{
    X509 *certificate = read_certificate(object->certificate);
    EVP_PKEY *key = X509_get0_pubkey(certificate);
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    bool fine = EVP_DigestVerifyInit(ctx, NULL, eds_key_digest(key), NULL, key) == 1 &&
                EVP_DigestVerify(ctx, (const unsigned char *)object->value.p, object->value.n,
                                 (const unsigned char *)object->attributes.p, object->attributes.n) == 1;
    EVP_MD_CTX_free(ctx);
    X509_free(certificate);
    return fine;
}

const struct contestant ours[] = {
    { "gost: eds_verify, cached issuers, OCSP answer", "gost", start, cached },
    { "gost: eds_verify, cached issuers, no answer", "gost", start, cached_bare },
    { "gost: eds_verify, cached issuers, OCSP answer and timestamp", "gost", start, cached_stamped },
    { "gost: eds_verify, cold, OCSP answer", "gost", start, cold },
    { "gost: eds_verify, cold, no answer", "gost", start, cold_bare },
    { "gost: certificate parsed, one signature", "gost", start, signature },
    { "rsa: eds_verify, cached issuers, OCSP answer", "rsa", start, cached },
    { "rsa: eds_verify, cached issuers, no answer", "rsa", start, cached_bare },
    { "rsa: eds_verify, cached issuers, OCSP answer and timestamp", "rsa", start, cached_stamped },
    { "rsa: eds_verify, cold, OCSP answer", "rsa", start, cold },
    { "rsa: eds_verify, cold, no answer", "rsa", start, cold_bare },
    { NULL, NULL, NULL, NULL },
};
