/* SPDX-License-Identifier: Apache-2.0 */
#include "eds/provider.h"

#include <openssl/core_names.h>
#include <openssl/params.h>

static void *key_new(const struct gost_kind *kind)
{
    struct gost_key *key = mem_alloc(sizeof *key);
    gost_key_init(key, kind);
    return key;
}

static void key_free(void *from)
{
    if (!from)
        return;
    gost_key_release(from);
    free(from);
}

static void *key_dup(const void *from, int selection)
{
    struct gost_key *key = mem_alloc(sizeof *key);
    if (gost_key_copy(key, from, selection & OSSL_KEYMGMT_SELECT_PRIVATE_KEY))
        return key;
    free(key);
    return NULL;
}

/* Takes over the key that a decoder has made: its pointer to it is emptied. */
static void *key_load(const void *reference, size_t n)
{
    struct gost_key **made = (struct gost_key **)(uintptr_t)reference, *key;
    if (n != sizeof key)
        return NULL;
    key = *made;
    *made = NULL;
    return key;
}

static int key_has(const void *from, int selection)
{
    const struct gost_key *key = from;
    return key && (!(selection & OSSL_KEYMGMT_SELECT_PUBLIC_KEY) || key->has_public) &&
           (!(selection & OSSL_KEYMGMT_SELECT_PRIVATE_KEY) || key->has_private);
}

static int key_match(const void *one, const void *other, int selection)
{
    const struct gost_key *a = one, *b = other;
    if (a->kind != b->kind)
        return 0;
    if (!(selection & OSSL_KEYMGMT_SELECT_KEYPAIR))
        return 1;
    return a->has_public && b->has_public && memcmp(a->point, b->point, 2 * a->kind->size) == 0;
}

/* What is in a key was checked when it was put in. */
static int key_validate(const void *from, int selection, int how)
{
    (void)how;
    return key_has(from, selection);
}

static int key_params(void *from, OSSL_PARAM params[])
{
    const struct gost_key *key = from;
    const int bits = (int)(8 * key->kind->size);
    OSSL_PARAM *p = OSSL_PARAM_locate(params, OSSL_PKEY_PARAM_BITS);
    if (p && !OSSL_PARAM_set_int(p, bits))
        return 0;
    p = OSSL_PARAM_locate(params, OSSL_PKEY_PARAM_SECURITY_BITS);
    if (p && !OSSL_PARAM_set_int(p, bits / 2))
        return 0;
    p = OSSL_PARAM_locate(params, OSSL_PKEY_PARAM_MAX_SIZE);
    if (p && !OSSL_PARAM_set_int(p, (int)(2 * key->kind->size)))
        return 0;
    p = OSSL_PARAM_locate(params, OSSL_PKEY_PARAM_DEFAULT_DIGEST);
    if (p && !OSSL_PARAM_set_utf8_string(p, key->kind->digest_name))
        return 0;
    p = OSSL_PARAM_locate(params, OSSL_PKEY_PARAM_MANDATORY_DIGEST);
    if (p && !OSSL_PARAM_set_utf8_string(p, key->kind->digest_name))
        return 0;
    p = OSSL_PARAM_locate(params, OSSL_PKEY_PARAM_PUB_KEY);
    return !p || (key->has_public && OSSL_PARAM_set_octet_string(p, key->point, 2 * key->kind->size));
}

static const OSSL_PARAM *key_gettable(void *provider)
{
    (void)provider;
    static const OSSL_PARAM list[] = { OSSL_PARAM_int(OSSL_PKEY_PARAM_BITS, NULL),
                                       OSSL_PARAM_int(OSSL_PKEY_PARAM_SECURITY_BITS, NULL),
                                       OSSL_PARAM_int(OSSL_PKEY_PARAM_MAX_SIZE, NULL),
                                       OSSL_PARAM_utf8_string(OSSL_PKEY_PARAM_DEFAULT_DIGEST, NULL, 0),
                                       OSSL_PARAM_utf8_string(OSSL_PKEY_PARAM_MANDATORY_DIGEST, NULL, 0),
                                       OSSL_PARAM_octet_string(OSSL_PKEY_PARAM_PUB_KEY, NULL, 0),
                                       OSSL_PARAM_END };
    return list;
}

/* ---- import and export: the little-endian bytes ---- */

static const OSSL_PARAM *key_types(int selection)
{
    static const OSSL_PARAM both[] = { OSSL_PARAM_octet_string(OSSL_PKEY_PARAM_PUB_KEY, NULL, 0),
                                       OSSL_PARAM_octet_string(OSSL_PKEY_PARAM_PRIV_KEY, NULL, 0), OSSL_PARAM_END };
    static const OSSL_PARAM public_only[] = { OSSL_PARAM_octet_string(OSSL_PKEY_PARAM_PUB_KEY, NULL, 0), OSSL_PARAM_END };
    return selection & OSSL_KEYMGMT_SELECT_PRIVATE_KEY ? both : public_only;
}

static int key_import(void *into, int selection, const OSSL_PARAM params[])
{
    struct gost_key *key = into;
    const OSSL_PARAM *p = OSSL_PARAM_locate_const(params, OSSL_PKEY_PARAM_PUB_KEY);
    if (p && (p->data_type != OSSL_PARAM_OCTET_STRING || !gost_key_set_public(key, p->data, p->data_size)))
        return 0;
    p = OSSL_PARAM_locate_const(params, OSSL_PKEY_PARAM_PRIV_KEY);
    if (!p || !(selection & OSSL_KEYMGMT_SELECT_PRIVATE_KEY))
        return key->has_public;
    return p->data_type == OSSL_PARAM_OCTET_STRING && gost_key_set_private(key, p->data, p->data_size);
}

static int key_export(void *from, int selection, OSSL_CALLBACK *take, void *arg)
{
    struct gost_key *key = from;
    size_t size = key->kind->size;
    OSSL_PARAM params[3];
    int n = 0;
    if (!key->has_public)
        return 0;
    params[n++] = OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, key->point, 2 * size);
    if ((selection & OSSL_KEYMGMT_SELECT_PRIVATE_KEY) && key->has_private)
        params[n++] = OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PRIV_KEY, key->scalar, size);
    params[n] = OSSL_PARAM_construct_end();
    return take(params, arg);
}

/* ---- generation: the context is the kind ---- */

static void *key_generate(void *kind, OSSL_CALLBACK *progress, void *arg)
{
    (void)progress;
    (void)arg;
    struct gost_key *key = key_new(*(const struct gost_kind **)kind);
    if (gost_key_generate(key))
        return key;
    key_free(key);
    return NULL;
}

static void *generator_new(const struct gost_kind *kind)
{
    const struct gost_kind **ctx = mem_alloc(sizeof *ctx);
    *ctx = kind;
    return (void *)ctx;
}

static void generator_free(void *ctx) { free(ctx); }

#define KIND(i)                                                                                                                  \
    static void *key_new_##i(void *provider)                                                                                     \
    {                                                                                                                            \
        (void)provider;                                                                                                          \
        return key_new(&gost_kinds[i]);                                                                                          \
    }                                                                                                                            \
    static void *generator_##i(void *provider, int selection, const OSSL_PARAM params[])                                         \
    {                                                                                                                            \
        (void)provider, (void)selection, (void)params;                                                                           \
        return generator_new(&gost_kinds[i]);                                                                                    \
    }                                                                                                                            \
    static const char *key_operation_##i(int operation)                                                                          \
    {                                                                                                                            \
        return operation == OSSL_OP_SIGNATURE ? gost_kinds[i].key_name : NULL;                                                   \
    }                                                                                                                            \
    static const OSSL_DISPATCH keymgmt_##i[] = { PROVIDER_FUNCTION(OSSL_FUNC_KEYMGMT_NEW, key_new_##i),                          \
                                                 PROVIDER_FUNCTION(OSSL_FUNC_KEYMGMT_FREE, key_free),                            \
                                                 PROVIDER_FUNCTION(OSSL_FUNC_KEYMGMT_DUP, key_dup),                              \
                                                 PROVIDER_FUNCTION(OSSL_FUNC_KEYMGMT_LOAD, key_load),                            \
                                                 PROVIDER_FUNCTION(OSSL_FUNC_KEYMGMT_HAS, key_has),                              \
                                                 PROVIDER_FUNCTION(OSSL_FUNC_KEYMGMT_MATCH, key_match),                          \
                                                 PROVIDER_FUNCTION(OSSL_FUNC_KEYMGMT_VALIDATE, key_validate),                    \
                                                 PROVIDER_FUNCTION(OSSL_FUNC_KEYMGMT_GET_PARAMS, key_params),                    \
                                                 PROVIDER_FUNCTION(OSSL_FUNC_KEYMGMT_GETTABLE_PARAMS, key_gettable),             \
                                                 PROVIDER_FUNCTION(OSSL_FUNC_KEYMGMT_IMPORT, key_import),                        \
                                                 PROVIDER_FUNCTION(OSSL_FUNC_KEYMGMT_IMPORT_TYPES, key_types),                   \
                                                 PROVIDER_FUNCTION(OSSL_FUNC_KEYMGMT_EXPORT, key_export),                        \
                                                 PROVIDER_FUNCTION(OSSL_FUNC_KEYMGMT_EXPORT_TYPES, key_types),                   \
                                                 PROVIDER_FUNCTION(OSSL_FUNC_KEYMGMT_GEN_INIT, generator_##i),                   \
                                                 PROVIDER_FUNCTION(OSSL_FUNC_KEYMGMT_GEN, key_generate),                         \
                                                 PROVIDER_FUNCTION(OSSL_FUNC_KEYMGMT_GEN_CLEANUP, generator_free),               \
                                                 PROVIDER_FUNCTION(OSSL_FUNC_KEYMGMT_QUERY_OPERATION_NAME, key_operation_##i),   \
                                                 PROVIDER_END };
PROVIDER_FOR_KINDS(KIND)
#undef KIND

#define KIND(i) keymgmt_##i,
const OSSL_DISPATCH *const provider_keymgmts[GOST_KINDS] = { PROVIDER_FOR_KINDS(KIND) };
