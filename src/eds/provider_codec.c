/* SPDX-License-Identifier: Apache-2.0 */
/* Keys from DER, and to DER and PEM.  (PEM to DER is done by OpenSSL's own decoder.) */
#include "eds/provider.h"

#include <openssl/core_names.h>
#include <openssl/core_object.h>
#include <openssl/evp.h>
#include <openssl/params.h>

enum { READ_MAX = 4096 };

/* Decoders and encoders have no state but which kind they are for. */
static void *context_new(const struct gost_kind *kind)
{
    const struct gost_kind **ctx = mem_alloc(sizeof *ctx);
    *ctx = kind;
    return (void *)ctx;
}
static void context_free(void *ctx) { free(ctx); }

/* ---- decoding ---- */

static size_t read_all(OSSL_CORE_BIO *in, unsigned char *ret)
{
    size_t n = 0, got;
    while (n < READ_MAX && provider_bio_read(in, ret + n, READ_MAX - n, &got) == 1 && got > 0)
        n += got;
    return n;
}

/* 1 also when the bytes are something else: then OpenSSL asks the next decoder. */
static int decode(void *from, OSSL_CORE_BIO *in, OSSL_CALLBACK *take, void *arg, bool private_key)
{
    unsigned char der[READ_MAX];
    const struct gost_kind *kind = *(const struct gost_kind **)from;
    size_t n = read_all(in, der);
    struct gost_key *key = mem_alloc(sizeof *key);
    gost_key_init(key, kind);
    bool fine = private_key ? gost_private_read(key, der, n) : gost_public_read(key, der, n);
    OPENSSL_cleanse(der, n);
    int result = 1;
    if (fine) {
        int type = OSSL_OBJECT_PKEY;
        char name[32];
        snprintf(name, sizeof name, "%s", kind->key_name);
        OSSL_PARAM params[] = { OSSL_PARAM_construct_int(OSSL_OBJECT_PARAM_TYPE, &type),
                                OSSL_PARAM_construct_utf8_string(OSSL_OBJECT_PARAM_DATA_TYPE, name, 0),
                                OSSL_PARAM_construct_octet_string(OSSL_OBJECT_PARAM_REFERENCE, (void *)&key, sizeof key),
                                OSSL_PARAM_construct_end() };
        result = take(params, arg);
    }
    if (key) { /* nobody has taken it over (key_load) */
        gost_key_release(key);
        free(key);
    }
    return result;
}

static int decode_public(void *ctx, OSSL_CORE_BIO *in, int selection, OSSL_CALLBACK *take, void *arg,
                         OSSL_PASSPHRASE_CALLBACK *password, void *password_arg)
{
    (void)selection, (void)password, (void)password_arg;
    return decode(ctx, in, take, arg, false);
}

static int decode_private(void *ctx, OSSL_CORE_BIO *in, int selection, OSSL_CALLBACK *take, void *arg,
                          OSSL_PASSPHRASE_CALLBACK *password, void *password_arg)
{
    (void)selection, (void)password, (void)password_arg;
    return decode(ctx, in, take, arg, true);
}

static int selects_public(void *provider, int selection)
{
    (void)provider;
    return selection == 0 || (selection & OSSL_KEYMGMT_SELECT_PUBLIC_KEY) != 0;
}

static int selects_private(void *provider, int selection)
{
    (void)provider;
    return selection == 0 || (selection & OSSL_KEYMGMT_SELECT_PRIVATE_KEY) != 0;
}

/* ---- encoding ---- */

static bool put(OSSL_CORE_BIO *out, const char *bytes, size_t n)
{
    size_t written;
    return provider_bio_write(out, bytes, n, &written) == 1 && written == n;
}

static bool put_pem(OSSL_CORE_BIO *out, const char *label, const unsigned char *der, size_t n)
{
    enum { LINE = 48 }; /* bytes of a line of 64 characters */
    char text[80];
    int length = snprintf(text, sizeof text, "-----BEGIN %s-----\n", label);
    bool fine = put(out, text, (size_t)length);
    for (size_t at = 0; fine && at < n; at += LINE) {
        length = EVP_EncodeBlock((unsigned char *)text, der + at, (int)(n - at < LINE ? n - at : LINE));
        text[length++] = '\n';
        fine = put(out, text, (size_t)length);
    }
    length = snprintf(text, sizeof text, "-----END %s-----\n", label);
    return fine && put(out, text, (size_t)length);
}

static int encode(OSSL_CORE_BIO *out, const void *from, bool private_key, bool pem)
{
    const struct gost_key *key = from;
    unsigned char der[GOST_DER_MAX];
    if (!key || !(private_key ? key->has_private : key->has_public))
        return 0;
    size_t n = private_key ? gost_private_der(key, der) : gost_public_der(key, der);
    bool fine = pem ? put_pem(out, private_key ? "PRIVATE KEY" : "PUBLIC KEY", der, n) : put(out, (const char *)der, n);
    OPENSSL_cleanse(der, sizeof der);
    return fine;
}

#define ENCODE(name, private_key, pem)                                                                                           \
    static int encode_##name(void *ctx, OSSL_CORE_BIO *out, const void *key, const OSSL_PARAM abstract[], int selection,         \
                             OSSL_PASSPHRASE_CALLBACK *password, void *password_arg)                                             \
    {                                                                                                                            \
        (void)ctx, (void)abstract, (void)selection, (void)password, (void)password_arg;                                          \
        return encode(out, key, private_key, pem);                                                                               \
    }
ENCODE(public_der, false, false)
ENCODE(public_pem, false, true)
ENCODE(private_der, true, false)
ENCODE(private_pem, true, true)

/* ---- tables ---- */

#define DECODER(i, what)                                                                                                         \
    static const OSSL_DISPATCH decoder_##what##_##i[] = { PROVIDER_FUNCTION(OSSL_FUNC_DECODER_NEWCTX, context_new_##i),          \
                                                          PROVIDER_FUNCTION(OSSL_FUNC_DECODER_FREECTX, context_free),            \
                                                          PROVIDER_FUNCTION(OSSL_FUNC_DECODER_DOES_SELECTION, selects_##what),   \
                                                          PROVIDER_FUNCTION(OSSL_FUNC_DECODER_DECODE, decode_##what),            \
                                                          PROVIDER_END };
#define ENCODER(i, what, form)                                                                                                   \
    static const OSSL_DISPATCH encoder_##what##_##form##_##i[] = {                                                               \
        PROVIDER_FUNCTION(OSSL_FUNC_ENCODER_NEWCTX, context_new_##i),                                                            \
        PROVIDER_FUNCTION(OSSL_FUNC_ENCODER_FREECTX, context_free),                                                              \
        PROVIDER_FUNCTION(OSSL_FUNC_ENCODER_DOES_SELECTION, selects_##what),                                                     \
        PROVIDER_FUNCTION(OSSL_FUNC_ENCODER_ENCODE, encode_##what##_##form), PROVIDER_END                                        \
    };
#define KIND(i)                                                                                                                  \
    static void *context_new_##i(void *provider)                                                                                 \
    {                                                                                                                            \
        (void)provider;                                                                                                          \
        return context_new(&gost_kinds[i]);                                                                                      \
    }                                                                                                                            \
    DECODER(i, public)                                                                                                           \
    DECODER(i, private)                                                                                                          \
    ENCODER(i, public, der)                                                                                                      \
    ENCODER(i, public, pem)                                                                                                      \
    ENCODER(i, private, der)                                                                                                     \
    ENCODER(i, private, pem)
PROVIDER_FOR_KINDS(KIND)
#undef KIND

#define KIND(i) { decoder_public_##i, decoder_private_##i },
const OSSL_DISPATCH *const provider_decoders[GOST_KINDS][PROVIDER_STRUCTURES] = { PROVIDER_FOR_KINDS(KIND) };
#undef KIND
#define KIND(i) { { encoder_public_der_##i, encoder_public_pem_##i }, { encoder_private_der_##i, encoder_private_pem_##i } },
const OSSL_DISPATCH *const provider_encoders[GOST_KINDS][PROVIDER_STRUCTURES][2] = { PROVIDER_FOR_KINDS(KIND) };
