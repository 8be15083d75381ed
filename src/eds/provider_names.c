/* SPDX-License-Identifier: Apache-2.0 */
/*
 * OpenSSL 3.0 finds the digest of a signature identifier by its number in the old table of names, in the verification of
 * certificates, CRL, OCSP, CMS and timestamps; a provider's digest has no number unless an entry of that table has its name.
 * Entries can only be made with calls that are deprecated since 3.0 and have no successor; they are confined to this file.
 * An entry has no functions: OpenSSL then fetches the provider's digest of the same name.
 */
#include "eds/provider.h"

#include <openssl/evp.h>
#include <openssl/objects.h>

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
void provider_register_digest_names(void)
{
    /* OpenSSL's table does not own them, and drops them before the process ends. */
    static EVP_MD *entries[GOST_KINDS];
    for (int i = 0; i < GOST_KINDS && !entries[i]; i++) {
        EVP_MD *entry = EVP_MD_meth_new(OBJ_txt2nid(gost_kinds[i].digest_oid), OBJ_txt2nid(gost_kinds[i].signature_oid));
        if (!entry || !EVP_MD_meth_set_result_size(entry, (int)gost_kinds[i].hash->digest_size) ||
            !EVP_MD_meth_set_input_blocksize(entry, (int)gost_kinds[i].hash->block_size) || !EVP_add_digest(entry))
            BUG("the digest %s cannot be registered", gost_kinds[i].digest_name);
        entries[i] = entry;
    }
}
#pragma GCC diagnostic pop
