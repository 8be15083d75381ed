/* SPDX-License-Identifier: Apache-2.0 */
#include "eds/provider.h"

#include <openssl/objects.h>
#include <openssl/provider.h>

#define PROVIDER_NAME "tirkeu-eds"
/* Decoders and encoders are found by these properties. */
#define OF_PUBLIC  "structure=SubjectPublicKeyInfo"
#define OF_PRIVATE "structure=PrivateKeyInfo"

OSSL_FUNC_BIO_read_ex_fn *provider_bio_read;
OSSL_FUNC_BIO_write_ex_fn *provider_bio_write;

/* Filled once, before the first query; OpenSSL keeps pointers into them.  The last row of each stays zero. */
static char names[GOST_KINDS][2][64]; /* "name:oid" of digest and key */
static OSSL_ALGORITHM digests[GOST_KINDS + 1], keymgmts[GOST_KINDS + 1], signatures[GOST_KINDS + 1], decoders[2 * GOST_KINDS + 1],
    encoders[4 * GOST_KINDS + 1];

static void fill_tables(void)
{
    static const char *const structure[] = { OF_PUBLIC, OF_PRIVATE };
    static const char properties[] = "provider=" PROVIDER_NAME;
    static char of_decoder[2][96], of_encoder[2][2][96];
    size_t decoder = 0, encoder = 0;
    for (int i = 0; i < GOST_KINDS; i++) {
        const struct gost_kind *kind = &gost_kinds[i];
        snprintf(names[i][0], sizeof names[i][0], "%s:%s", kind->digest_name, kind->digest_oid);
        snprintf(names[i][1], sizeof names[i][1], "%s:%s", kind->key_name, kind->key_oid);
        digests[i] = (OSSL_ALGORITHM){ names[i][0], properties, provider_digests[i], NULL };
        keymgmts[i] = (OSSL_ALGORITHM){ names[i][1], properties, provider_keymgmts[i], NULL };
        signatures[i] = (OSSL_ALGORITHM){ names[i][1], properties, provider_signatures[i], NULL };
        for (int s = 0; s < PROVIDER_STRUCTURES; s++) {
            snprintf(of_decoder[s], sizeof of_decoder[s], "%s,input=der,%s", properties, structure[s]);
            decoders[decoder++] = (OSSL_ALGORITHM){ names[i][1], of_decoder[s], provider_decoders[i][s], NULL };
            for (int pem = 0; pem < 2; pem++) {
                snprintf(of_encoder[s][pem], sizeof of_encoder[s][pem], "%s,output=%s,%s", properties, pem ? "pem" : "der",
                         structure[s]);
                encoders[encoder++] = (OSSL_ALGORITHM){ names[i][1], of_encoder[s][pem], provider_encoders[i][s][pem], NULL };
            }
        }
    }
}

static const OSSL_ALGORITHM *query(void *ctx, int operation, int *no_store)
{
    (void)ctx;
    *no_store = 0;
    switch (operation) {
    case OSSL_OP_DIGEST: return digests;
    case OSSL_OP_KEYMGMT: return keymgmts;
    case OSSL_OP_SIGNATURE: return signatures;
    case OSSL_OP_DECODER: return decoders;
    case OSSL_OP_ENCODER: return encoders;
    default: return NULL;
    }
}

static int provider_init(const OSSL_CORE_HANDLE *handle, const OSSL_DISPATCH *in, const OSSL_DISPATCH **out, void **ret_ctx)
{
    static const OSSL_DISPATCH functions[] = { PROVIDER_FUNCTION(OSSL_FUNC_PROVIDER_QUERY_OPERATION, query), PROVIDER_END };
    for (; in->function_id; in++) {
        if (in->function_id == OSSL_FUNC_BIO_READ_EX)
            provider_bio_read = OSSL_FUNC_BIO_read_ex(in);
        if (in->function_id == OSSL_FUNC_BIO_WRITE_EX)
            provider_bio_write = OSSL_FUNC_BIO_write_ex(in);
    }
    *out = functions;
    *ret_ctx = (void *)(uintptr_t)handle;
    return provider_bio_read && provider_bio_write;
}

static bool register_identifiers(void)
{
    for (int i = 0; i < GOST_KINDS; i++) {
        const struct gost_kind *kind = &gost_kinds[i];
        int digest = OBJ_create(kind->digest_oid, kind->digest_name, kind->digest_name);
        int key = OBJ_create(kind->key_oid, kind->key_name, kind->key_name);
        int signature = OBJ_create(kind->signature_oid, kind->signature_name, kind->signature_name);
        if (!digest || !key || !signature || !OBJ_add_sigid(signature, digest, key))
            return false;
    }
    return true;
}

bool provider_register(void)
{
    if (!register_identifiers())
        return false;
    provider_register_digest_names(); /* before the provider's digests are fetched: they take their number from here */
    fill_tables();
    /* Loading any provider ends OpenSSL's own loading of the default one. */
    static OSSL_PROVIDER *loaded[2];
    return OSSL_PROVIDER_add_builtin(NULL, PROVIDER_NAME, provider_init) && (loaded[0] = OSSL_PROVIDER_load(NULL, "default")) &&
           (loaded[1] = OSSL_PROVIDER_load(NULL, PROVIDER_NAME)) && provider_make_narrow(loaded[0], provider_init);
}
