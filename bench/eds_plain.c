/* SPDX-License-Identifier: Apache-2.0 */
/* OpenSSL's CMS_verify over the same objects, in a process that has nothing of eds in it. */
#include "eds_bench.h"

#include <openssl/cms.h>
#include <openssl/x509.h>

static const struct objects *given;
static X509_STORE *kept;

static void add(X509_STORE *store, struct str der)
{
    const unsigned char *at = (const unsigned char *)der.p;
    X509 *certificate = d2i_X509(NULL, &at, (long)der.n);
    X509_STORE_add_cert(store, certificate);
    X509_free(certificate);
}

/* With the issuing authority in it as well: that is parsed once, and not with every object. */
static X509_STORE *make_store(void)
{
    X509_STORE *store = X509_STORE_new();
    add(store, given->root);
    add(store, given->authority);
    return store;
}

static void start(const struct objects *objects)
{
    given = objects;
    kept = make_store();
}

static bool verify(const struct object *object, X509_STORE *store)
{
    const unsigned char *at = (const unsigned char *)object->cms.p;
    CMS_ContentInfo *cms = d2i_CMS_ContentInfo(NULL, &at, (long)object->cms.n);
    bool fine = cms && CMS_verify(cms, NULL, store, NULL, NULL, CMS_BINARY) == 1;
    CMS_ContentInfo_free(cms);
    return fine;
}

static bool store_kept(const struct object *object) { return verify(object, kept); }

static bool store_anew(const struct object *object)
{
    X509_STORE *store = make_store();
    bool fine = verify(object, store);
    X509_STORE_free(store);
    return fine;
}

const struct contestant plain[] = {
    { "rsa: CMS_verify, store kept", "rsa", start, store_kept },
    { "rsa: CMS_verify, store built anew", "rsa", start, store_anew },
    { NULL, NULL, NULL, NULL },
};
