/* SPDX-License-Identifier: Apache-2.0 */
/* A key goes with one digest, so the context is the key and the state of that digest. */
#include "eds/provider.h"

#include <openssl/core_names.h>
#include <openssl/obj_mac.h>
#include <openssl/params.h>
#include <strings.h>

struct signature_ctx {
    const struct gost_key *key; /* kept alive by the EVP_PKEY that the caller holds */
    _Alignas(16) unsigned char state[512];
};

static void *signature_new(void *provider, const char *properties)
{
    (void)provider;
    (void)properties;
    return mem_alloc(sizeof(struct signature_ctx));
}

static void signature_free(void *ctx) { free(ctx); }

static void *signature_dup(void *from)
{
    return memcpy(mem_alloc(sizeof(struct signature_ctx)), from, sizeof(struct signature_ctx));
}

/* Raw digests: EVP_PKEY_sign, EVP_PKEY_verify. */
static int raw_init(void *into, void *key, const OSSL_PARAM params[])
{
    (void)params;
    struct signature_ctx *ctx = into;
    if (key)
        ctx->key = key;
    return ctx->key != NULL;
}

static int raw_sign(void *from, unsigned char *ret, size_t *ret_n, size_t room, const unsigned char *digest, size_t n)
{
    const struct gost_key *key = ((struct signature_ctx *)from)->key;
    size_t size = 2 * key->kind->size;
    if (ret && (n != key->kind->hash->digest_size || room < size || !gost_sign(key, digest, ret)))
        return 0;
    *ret_n = size;
    return 1;
}

static int raw_verify(void *from, const unsigned char *signature, size_t n, const unsigned char *digest, size_t digest_n)
{
    const struct gost_key *key = ((struct signature_ctx *)from)->key;
    return digest_n == key->kind->hash->digest_size && gost_verify(key, digest, signature, n);
}

static bool names_digest(const char *name, const struct gost_kind *kind)
{
    return !name || !name[0] || strcasecmp(name, kind->digest_name) == 0 || strcmp(name, kind->digest_oid) == 0;
}

/* Digest and signature at once: EVP_DigestSign, EVP_DigestVerify. */
static int digest_init(void *into, const char *digest, void *key, const OSSL_PARAM params[])
{
    struct signature_ctx *ctx = into;
    if (!raw_init(into, key, params))
        return 0;
    const struct gost_kind *kind = ctx->key->kind;
    if (!names_digest(digest, kind) || kind->hash->context_size > sizeof ctx->state)
        return 0;
    kind->hash->init(ctx->state);
    return 1;
}

static int digest_update(void *into, const unsigned char *bytes, size_t n)
{
    struct signature_ctx *ctx = into;
    ctx->key->kind->hash->update(ctx->state, n, bytes);
    return 1;
}

static int digest_sign(void *from, unsigned char *ret, size_t *ret_n, size_t room)
{
    struct signature_ctx *ctx = from;
    unsigned char digest[GOST_SIZE_MAX];
    const struct nettle_hash *hash = ctx->key->kind->hash;
    if (ret)
        hash->digest(ctx->state, hash->digest_size, digest);
    return raw_sign(ctx, ret, ret_n, room, digest, hash->digest_size);
}

static int digest_verify(void *from, const unsigned char *signature, size_t n)
{
    struct signature_ctx *ctx = from;
    unsigned char digest[GOST_SIZE_MAX];
    const struct nettle_hash *hash = ctx->key->kind->hash;
    hash->digest(ctx->state, hash->digest_size, digest);
    return raw_verify(ctx, signature, n, digest, hash->digest_size);
}

static int signature_params(void *from, OSSL_PARAM params[])
{
    const struct signature_ctx *ctx = from;
    const struct gost_kind *kind = ctx->key ? ctx->key->kind : NULL;
    OSSL_PARAM *p = OSSL_PARAM_locate(params, OSSL_SIGNATURE_PARAM_ALGORITHM_ID);
    if (p && (!kind || !OSSL_PARAM_set_octet_string(p, kind->signature_id, kind->signature_id_length)))
        return 0;
    p = OSSL_PARAM_locate(params, OSSL_SIGNATURE_PARAM_DIGEST);
    return !p || (kind && OSSL_PARAM_set_utf8_string(p, kind->digest_name));
}

static const OSSL_PARAM *signature_gettable(void *ctx, void *provider)
{
    (void)ctx;
    (void)provider;
    static const OSSL_PARAM list[] = { OSSL_PARAM_octet_string(OSSL_SIGNATURE_PARAM_ALGORITHM_ID, NULL, 0),
                                       OSSL_PARAM_utf8_string(OSSL_SIGNATURE_PARAM_DIGEST, NULL, 0), OSSL_PARAM_END };
    return list;
}

/* The digest may be named, but not chosen. */
static int signature_set(void *into, const OSSL_PARAM params[])
{
    const struct signature_ctx *ctx = into;
    const OSSL_PARAM *p = OSSL_PARAM_locate_const(params, OSSL_SIGNATURE_PARAM_DIGEST);
    const char *name = NULL;
    return !p || (ctx->key && OSSL_PARAM_get_utf8_string_ptr(p, &name) && names_digest(name, ctx->key->kind));
}

static const OSSL_PARAM *signature_settable(void *ctx, void *provider)
{
    (void)ctx;
    (void)provider;
    static const OSSL_PARAM list[] = { OSSL_PARAM_utf8_string(OSSL_SIGNATURE_PARAM_DIGEST, NULL, 0), OSSL_PARAM_END };
    return list;
}

static const OSSL_DISPATCH signature[] = { PROVIDER_FUNCTION(OSSL_FUNC_SIGNATURE_NEWCTX, signature_new),
                                           PROVIDER_FUNCTION(OSSL_FUNC_SIGNATURE_FREECTX, signature_free),
                                           PROVIDER_FUNCTION(OSSL_FUNC_SIGNATURE_DUPCTX, signature_dup),
                                           PROVIDER_FUNCTION(OSSL_FUNC_SIGNATURE_SIGN_INIT, raw_init),
                                           PROVIDER_FUNCTION(OSSL_FUNC_SIGNATURE_SIGN, raw_sign),
                                           PROVIDER_FUNCTION(OSSL_FUNC_SIGNATURE_VERIFY_INIT, raw_init),
                                           PROVIDER_FUNCTION(OSSL_FUNC_SIGNATURE_VERIFY, raw_verify),
                                           PROVIDER_FUNCTION(OSSL_FUNC_SIGNATURE_DIGEST_SIGN_INIT, digest_init),
                                           PROVIDER_FUNCTION(OSSL_FUNC_SIGNATURE_DIGEST_SIGN_UPDATE, digest_update),
                                           PROVIDER_FUNCTION(OSSL_FUNC_SIGNATURE_DIGEST_SIGN_FINAL, digest_sign),
                                           PROVIDER_FUNCTION(OSSL_FUNC_SIGNATURE_DIGEST_VERIFY_INIT, digest_init),
                                           PROVIDER_FUNCTION(OSSL_FUNC_SIGNATURE_DIGEST_VERIFY_UPDATE, digest_update),
                                           PROVIDER_FUNCTION(OSSL_FUNC_SIGNATURE_DIGEST_VERIFY_FINAL, digest_verify),
                                           PROVIDER_FUNCTION(OSSL_FUNC_SIGNATURE_GET_CTX_PARAMS, signature_params),
                                           PROVIDER_FUNCTION(OSSL_FUNC_SIGNATURE_GETTABLE_CTX_PARAMS, signature_gettable),
                                           PROVIDER_FUNCTION(OSSL_FUNC_SIGNATURE_SET_CTX_PARAMS, signature_set),
                                           PROVIDER_FUNCTION(OSSL_FUNC_SIGNATURE_SETTABLE_CTX_PARAMS, signature_settable),
                                           PROVIDER_END };

#define KIND(i) signature,
const OSSL_DISPATCH *const provider_signatures[GOST_KINDS] = { PROVIDER_FOR_KINDS(KIND) };
