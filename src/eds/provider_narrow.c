/* SPDX-License-Identifier: Apache-2.0 */
/*
 * To decode one public key OpenSSL 3.0 asks every decoder and every kind of key of all providers in the library context, which
 * takes five times as long as an RSA signature.  So the certificates that are verified are parsed in a context of their own that
 * holds our provider and, of OpenSSL's default one, only what certificates here may use: its functions, handed out by a provider
 * that has none itself.
 */
#include "eds/provider.h"

#include <openssl/core_names.h>
#include <openssl/provider.h>
#include <openssl/x509.h>
#include <string.h>

enum { PER_OPERATION = 8 };

static const struct {
    int operation;
    const char *name;       /* the first of its names */
    const char *properties; /* what else must stand there; NULL: nothing */
} used[] = {
    { OSSL_OP_DIGEST, "SHA1", NULL }, /* OpenSSL's own fingerprint of a certificate */
    { OSSL_OP_DIGEST, "SHA2-256", NULL }, { OSSL_OP_KEYMGMT, "RSA", NULL },
    { OSSL_OP_SIGNATURE, "RSA", NULL },   { OSSL_OP_DECODER, "RSA", "input=der,structure=SubjectPublicKeyInfo" },
};

/* Copies of OpenSSL's rows, by operation; the last of each stays zero. */
static OSSL_ALGORITHM table[OSSL_OP__HIGHEST + 1][PER_OPERATION + 1];
/* With RSA alone, for the certificates in which there is nothing else; and with GOST as well. */
enum { RSA_ALONE, WITH_GOST, CONTEXTS };
static OSSL_LIB_CTX *context[CONTEXTS];
static OSSL_PROVIDER *loaded[CONTEXTS][2];
static OSSL_PROVIDER *origin;

static bool is_used(int operation, const OSSL_ALGORITHM *row)
{
    size_t n = strcspn(row->algorithm_names, ":");
    for (size_t i = 0; i < sizeof used / sizeof *used; i++) {
        if (used[i].operation == operation && strlen(used[i].name) == n && strncmp(used[i].name, row->algorithm_names, n) == 0 &&
            (!used[i].properties || strstr(row->property_definition, used[i].properties)))
            return true;
    }
    return false;
}

static bool copy_operation(int operation)
{
    int no_store, n = 0;
    const OSSL_ALGORITHM *row = OSSL_PROVIDER_query_operation(origin, operation, &no_store);
    for (; row && row->algorithm_names && n < PER_OPERATION; row++) {
        if (is_used(operation, row))
            table[operation][n++] = *row;
    }
    return n > 0;
}

static const OSSL_ALGORITHM *query(void *ctx, int operation, int *no_store)
{
    (void)ctx;
    *no_store = 0;
    return operation > 0 && operation <= OSSL_OP__HIGHEST ? table[operation] : NULL;
}

static int start(const OSSL_CORE_HANDLE *handle, const OSSL_DISPATCH *in, const OSSL_DISPATCH **out, void **ret_ctx)
{
    static const OSSL_DISPATCH functions[] = { PROVIDER_FUNCTION(OSSL_FUNC_PROVIDER_QUERY_OPERATION, query), PROVIDER_END };
    (void)handle;
    (void)in;
    *out = functions;
    *ret_ctx = OSSL_PROVIDER_get0_provider_ctx(origin);
    return 1;
}

static bool load(int into, int at, const char *name, OSSL_provider_init_fn *init)
{
    return OSSL_PROVIDER_add_builtin(context[into], name, init) &&
           (loaded[into][at] = OSSL_PROVIDER_load(context[into], name)) != NULL;
}

bool provider_make_narrow(OSSL_PROVIDER *openssl, OSSL_provider_init_fn *gost)
{
    origin = openssl;
    for (int i = 0; i < CONTEXTS; i++)
        context[i] = OSSL_LIB_CTX_new();
    return context[RSA_ALONE] && context[WITH_GOST] && copy_operation(OSSL_OP_DIGEST) && copy_operation(OSSL_OP_KEYMGMT) &&
           copy_operation(OSSL_OP_SIGNATURE) && copy_operation(OSSL_OP_DECODER) && load(RSA_ALONE, 0, "narrow", start) &&
           load(WITH_GOST, 0, "narrow", start) && load(WITH_GOST, 1, "gost", gost);
}

OSSL_LIB_CTX *provider_context_of(const EVP_PKEY *key)
{
    const OSSL_PROVIDER *provider = EVP_PKEY_get0_provider(key);
    for (int i = 0; provider && i < CONTEXTS; i++) {
        if (loaded[i][0] == provider || loaded[i][1] == provider)
            return context[i];
    }
    return NULL;
}

/* The beginning of all identifiers of GOST algorithms, 1.2.398.3.10.1, is nowhere in it. */
static bool has_no_gost(const unsigned char *der, size_t n)
{
    static const unsigned char start_of[] = { 0x2a, 0x83, 0x0e, 0x03, 0x0a, 0x01 };
    return !memmem(der, n, start_of, sizeof start_of);
}

X509 *provider_read_certificate(const unsigned char *der, size_t n)
{
    const unsigned char *at = der;
    X509 *certificate = X509_new_ex(context[has_no_gost(der, n) ? RSA_ALONE : WITH_GOST], NULL);
    if (certificate && d2i_X509(&certificate, &at, (long)n) && at == der + n)
        return certificate;
    X509_free(certificate);
    return NULL;
}
