/* SPDX-License-Identifier: Apache-2.0 */
/* Keys as callers see them. */
#include "eds/gost.h"

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

enum { RSA_BITS = 2048, KEY_FILE_MAX = 1 << 16 };

const char *eds_algorithm_name(enum eds_algorithm algorithm)
{
    static const char *const names[] = { [EDS_ALGORITHM_NONE] = "unknown",
                                         [EDS_RSA_SHA256] = "RSA with SHA-256",
                                         [EDS_GOST_2015_512] = "GOST 34.10-2015-512",
                                         [EDS_GOST_2015_256] = "GOST 34.10-2015-256",
                                         [EDS_GOST_2004] = "GOST 34.310-2004" };
    return names[algorithm];
}

static EVP_PKEY *generate_gost(const struct gost_kind *kind)
{
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, kind->key_name, NULL);
    EVP_PKEY *key = NULL;
    if (ctx && EVP_PKEY_keygen_init(ctx) == 1)
        EVP_PKEY_generate(ctx, &key);
    EVP_PKEY_CTX_free(ctx);
    return key;
}

bool eds_key_generate(enum eds_algorithm algorithm, EVP_PKEY **ret, struct err *err)
{
    const struct gost_kind *kind = gost_kind_of(algorithm);
    EVP_PKEY *key = NULL;
    if (kind)
        key = generate_gost(kind);
    else if (algorithm == EDS_RSA_SHA256)
        key = EVP_RSA_gen(RSA_BITS);
    if (!key)
        return err_set(err, ERR_SYSTEM, "no key of %s could be made", eds_algorithm_name(algorithm));
    *ret = key;
    return true;
}

bool eds_key_from_scalar(enum eds_algorithm algorithm, struct str scalar, EVP_PKEY **ret, struct err *err)
{
    const struct gost_kind *kind = gost_kind_of(algorithm);
    if (!kind)
        return err_set(err, ERR_INPUT, "a key of %s is not one number", eds_algorithm_name(algorithm));
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, kind->key_name, NULL);
    OSSL_PARAM params[] = { OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PRIV_KEY, (void *)(uintptr_t)scalar.p, scalar.n),
                            OSSL_PARAM_construct_end() };
    EVP_PKEY *key = NULL;
    bool fine = ctx && EVP_PKEY_fromdata_init(ctx) == 1 && EVP_PKEY_fromdata(ctx, &key, EVP_PKEY_KEYPAIR, params) == 1;
    EVP_PKEY_CTX_free(ctx);
    if (!fine)
        return err_set(err, ERR_INPUT, "not a private number of %s", eds_algorithm_name(algorithm));
    *ret = key;
    return true;
}

static int no_password(char *buffer, int size, int writing, void *arg)
{
    (void)buffer, (void)size, (void)writing, (void)arg;
    return -1;
}

static EVP_PKEY *read_pem(struct str bytes)
{
    BIO *in = BIO_new_mem_buf(bytes.p, (int)bytes.n);
    EVP_PKEY *key = in ? PEM_read_bio_PrivateKey(in, NULL, no_password, NULL) : NULL;
    BIO_free(in);
    return key;
}

bool eds_key_read(struct str bytes, EVP_PKEY **ret, struct err *err)
{
    const unsigned char *at = (const unsigned char *)bytes.p;
    if (bytes.n == 0 || bytes.n > KEY_FILE_MAX)
        return err_set(err, ERR_INPUT, "empty, or longer than any key");
    EVP_PKEY *key = str_starts(str_trim(bytes), "-----") ? read_pem(bytes) : d2i_AutoPrivateKey(NULL, &at, (long)bytes.n);
    ERR_clear_error();
    if (!key)
        return err_set(err, ERR_INPUT, "not a private key (PKCS #8, DER or PEM without a password)");
    *ret = key;
    return true;
}

bool eds_key_write(EVP_PKEY *key, struct buf *ret, struct err *err)
{
    BIO *out = BIO_new(BIO_s_secmem());
    char *text = NULL;
    bool fine = out && PEM_write_bio_PrivateKey(out, key, NULL, NULL, 0, NULL, NULL) == 1;
    long n = fine ? BIO_get_mem_data(out, &text) : 0;
    if (n > 0)
        buf_add(ret, text, (size_t)n);
    BIO_free(out);
    return (fine && !ret->over) || err_set(err, ERR_SYSTEM, "the key cannot be written");
}

enum eds_algorithm eds_key_algorithm(const EVP_PKEY *key)
{
    /* By its number, where it has one: names are compared under OpenSSL's locks. */
    if (key && EVP_PKEY_get_base_id(key) == EVP_PKEY_RSA)
        return EVP_PKEY_get_bits(key) >= RSA_BITS ? EDS_RSA_SHA256 : EDS_ALGORITHM_NONE;
    for (int i = 0; i < GOST_KINDS; i++) {
        if (EVP_PKEY_is_a(key, gost_kinds[i].key_name))
            return gost_kinds[i].algorithm;
    }
    return EDS_ALGORITHM_NONE;
}

const EVP_MD *eds_key_digest(const EVP_PKEY *key)
{
    enum eds_algorithm algorithm = eds_key_algorithm(key);
    const struct gost_kind *kind = gost_kind_of(algorithm);
    if (kind)
        return EVP_get_digestbyname(kind->digest_name);
    return algorithm == EDS_RSA_SHA256 ? EVP_sha256() : NULL;
}
