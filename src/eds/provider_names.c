/* SPDX-License-Identifier: Apache-2.0 */
/*
 * OpenSSL 3.0 finds the digest of a signature identifier by its number in the old table of names, in the verification of
 * certificates, CRL, OCSP, CMS and timestamps; a provider's digest has no number unless an entry of that table has its name.
 * Entries can only be made with calls that are deprecated since 3.0 and have no successor; they are confined to this file.
 * Most of OpenSSL then fetches the provider's digest of the same name; EVP_Digest works with the functions of the entry.
 */
#include "eds/provider.h"

#include <openssl/evp.h>
#include <openssl/objects.h>

#define KIND(i)                                                                                                                  \
    static int entry_init_##i(EVP_MD_CTX *ctx)                                                                                   \
    {                                                                                                                            \
        gost_kinds[i].hash->init(EVP_MD_CTX_get0_md_data(ctx));                                                                  \
        return 1;                                                                                                                \
    }                                                                                                                            \
    static int entry_update_##i(EVP_MD_CTX *ctx, const void *bytes, size_t n)                                                    \
    {                                                                                                                            \
        gost_kinds[i].hash->update(EVP_MD_CTX_get0_md_data(ctx), n, bytes);                                                      \
        return 1;                                                                                                                \
    }                                                                                                                            \
    static int entry_final_##i(EVP_MD_CTX *ctx, unsigned char *ret)                                                              \
    {                                                                                                                            \
        gost_kinds[i].hash->digest(EVP_MD_CTX_get0_md_data(ctx), gost_kinds[i].hash->digest_size, ret);                          \
        return 1;                                                                                                                \
    }
PROVIDER_FOR_KINDS(KIND)
#undef KIND

static const struct {
    int (*init)(EVP_MD_CTX *);
    int (*update)(EVP_MD_CTX *, const void *, size_t);
    int (*final)(EVP_MD_CTX *, unsigned char *);
} functions[GOST_KINDS] = {
#define KIND(i) { entry_init_##i, entry_update_##i, entry_final_##i },
    PROVIDER_FOR_KINDS(KIND)
};

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
void provider_register_digest_names(void)
{
    /* OpenSSL's table does not own them, and drops them before the process ends. */
    static EVP_MD *entries[GOST_KINDS];
    for (int i = 0; i < GOST_KINDS && !entries[i]; i++) {
        const struct nettle_hash *hash = gost_kinds[i].hash;
        EVP_MD *entry = EVP_MD_meth_new(OBJ_txt2nid(gost_kinds[i].digest_oid), OBJ_txt2nid(gost_kinds[i].signature_oid));
        if (!entry || !EVP_MD_meth_set_result_size(entry, (int)hash->digest_size) ||
            !EVP_MD_meth_set_input_blocksize(entry, (int)hash->block_size) ||
            !EVP_MD_meth_set_app_datasize(entry, (int)hash->context_size) || !EVP_MD_meth_set_init(entry, functions[i].init) ||
            !EVP_MD_meth_set_update(entry, functions[i].update) || !EVP_MD_meth_set_final(entry, functions[i].final) ||
            !EVP_add_digest(entry))
            BUG("the digest %s cannot be registered", gost_kinds[i].digest_name);
        entries[i] = entry;
    }
}
#pragma GCC diagnostic pop
