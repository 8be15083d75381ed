/* SPDX-License-Identifier: Apache-2.0 */
#include "eds/provider.h"

#include <openssl/core_names.h>
#include <openssl/params.h>

/* The state of nettle's hash follows. */
struct digest_ctx {
    const struct nettle_hash *hash;
    _Alignas(16) unsigned char state[];
};

static void *digest_new(const struct gost_kind *kind)
{
    struct digest_ctx *ctx = mem_alloc(sizeof *ctx + kind->hash->context_size);
    ctx->hash = kind->hash;
    return ctx;
}

static void digest_free(void *ctx) { free(ctx); }

static void *digest_dup(void *from)
{
    struct digest_ctx *ctx = from;
    size_t size = sizeof *ctx + ctx->hash->context_size;
    return memcpy(mem_alloc(size), ctx, size);
}

static int digest_init(void *into, const OSSL_PARAM params[])
{
    (void)params;
    struct digest_ctx *ctx = into;
    ctx->hash->init(ctx->state);
    return 1;
}

static int digest_update(void *into, const unsigned char *bytes, size_t n)
{
    struct digest_ctx *ctx = into;
    ctx->hash->update(ctx->state, n, bytes);
    return 1;
}

static int digest_final(void *from, unsigned char *ret, size_t *ret_n, size_t room)
{
    struct digest_ctx *ctx = from;
    if (room < ctx->hash->digest_size)
        return 0;
    ctx->hash->digest(ctx->state, ctx->hash->digest_size, ret);
    *ret_n = ctx->hash->digest_size;
    return 1;
}

static int digest_params(const struct nettle_hash *hash, OSSL_PARAM params[])
{
    OSSL_PARAM *p = OSSL_PARAM_locate(params, OSSL_DIGEST_PARAM_BLOCK_SIZE);
    if (p && !OSSL_PARAM_set_size_t(p, hash->block_size))
        return 0;
    p = OSSL_PARAM_locate(params, OSSL_DIGEST_PARAM_SIZE);
    if (p && !OSSL_PARAM_set_size_t(p, hash->digest_size))
        return 0;
    p = OSSL_PARAM_locate(params, OSSL_DIGEST_PARAM_XOF);
    if (p && !OSSL_PARAM_set_int(p, 0))
        return 0;
    p = OSSL_PARAM_locate(params, OSSL_DIGEST_PARAM_ALGID_ABSENT);
    return !p || OSSL_PARAM_set_int(p, 0);
}

static const OSSL_PARAM *digest_gettable(void *provider)
{
    (void)provider;
    static const OSSL_PARAM list[] = { OSSL_PARAM_size_t(OSSL_DIGEST_PARAM_BLOCK_SIZE, NULL),
                                       OSSL_PARAM_size_t(OSSL_DIGEST_PARAM_SIZE, NULL),
                                       OSSL_PARAM_int(OSSL_DIGEST_PARAM_XOF, NULL),
                                       OSSL_PARAM_int(OSSL_DIGEST_PARAM_ALGID_ABSENT, NULL), OSSL_PARAM_END };
    return list;
}

#define KIND(i)                                                                                                                  \
    static void *digest_new_##i(void *provider)                                                                                  \
    {                                                                                                                            \
        (void)provider;                                                                                                          \
        return digest_new(&gost_kinds[i]);                                                                                       \
    }                                                                                                                            \
    static int digest_params_##i(OSSL_PARAM params[]) { return digest_params(gost_kinds[i].hash, params); }                      \
    static const OSSL_DISPATCH digest_##i[] = { PROVIDER_FUNCTION(OSSL_FUNC_DIGEST_NEWCTX, digest_new_##i),                      \
                                                PROVIDER_FUNCTION(OSSL_FUNC_DIGEST_FREECTX, digest_free),                        \
                                                PROVIDER_FUNCTION(OSSL_FUNC_DIGEST_DUPCTX, digest_dup),                          \
                                                PROVIDER_FUNCTION(OSSL_FUNC_DIGEST_INIT, digest_init),                           \
                                                PROVIDER_FUNCTION(OSSL_FUNC_DIGEST_UPDATE, digest_update),                       \
                                                PROVIDER_FUNCTION(OSSL_FUNC_DIGEST_FINAL, digest_final),                         \
                                                PROVIDER_FUNCTION(OSSL_FUNC_DIGEST_GET_PARAMS, digest_params_##i),               \
                                                PROVIDER_FUNCTION(OSSL_FUNC_DIGEST_GETTABLE_PARAMS, digest_gettable),            \
                                                PROVIDER_END };
PROVIDER_FOR_KINDS(KIND)
#undef KIND

#define KIND(i) digest_##i,
const OSSL_DISPATCH *const provider_digests[GOST_KINDS] = { PROVIDER_FOR_KINDS(KIND) };
