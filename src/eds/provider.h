/* SPDX-License-Identifier: Apache-2.0 */
/* The parts of the built-in OpenSSL provider.  Each table has one entry per gost_kinds[].  Private to eds. */
#ifndef EDS_PROVIDER_H
#define EDS_PROVIDER_H

#include <openssl/core.h>
#include <openssl/core_dispatch.h>
#include <openssl/x509.h>

#include "eds/gost.h"

/* OpenSSL's dispatch tables hold functions of all types as void (*)(void). */
#define PROVIDER_FUNCTION(id, function)                                                                                          \
    {                                                                                                                            \
        id, (void (*)(void))(function)                                                                                           \
    }
#define PROVIDER_END                                                                                                             \
    {                                                                                                                            \
        0, NULL                                                                                                                  \
    }
/* One function per kind, where OpenSSL gives no other way to know for which kind it calls. */
#define PROVIDER_FOR_KINDS(X) X(0) X(1) X(2)

extern const OSSL_DISPATCH *const provider_digests[GOST_KINDS];
extern const OSSL_DISPATCH *const provider_keymgmts[GOST_KINDS];
extern const OSSL_DISPATCH *const provider_signatures[GOST_KINDS];

enum provider_structure { PROVIDER_PUBLIC, PROVIDER_PRIVATE, PROVIDER_STRUCTURES };
/* [kind][structure] */
extern const OSSL_DISPATCH *const provider_decoders[GOST_KINDS][PROVIDER_STRUCTURES];
/* [kind][structure][pem] */
extern const OSSL_DISPATCH *const provider_encoders[GOST_KINDS][PROVIDER_STRUCTURES][2];

/* Functions of the core for reading and writing its BIOs; set when the provider starts. */
extern OSSL_FUNC_BIO_read_ex_fn *provider_bio_read;
extern OSSL_FUNC_BIO_write_ex_fn *provider_bio_write;

/* Identifiers, the built-in provider and the table of digest names (provider_names.c). */
bool provider_register(void);
void provider_register_digest_names(void);

/* provider_narrow.c: a library context that has little in it and is therefore quick; made once. */
bool provider_make_narrow(OSSL_PROVIDER *openssl, OSSL_provider_init_fn *gost);
/* One certificate, and nothing after it.  Only for verifying: its context knows RSA with SHA-256 and GOST.  NULL: none. */
X509 *provider_read_certificate(const unsigned char *der, size_t n);
/* Where a certificate's key is at home, for EVP_DigestVerifyInit_ex: in another context OpenSSL would first copy it there.
 * NULL, OpenSSL's usual one, for all keys that did not come out of provider_read_certificate. */
OSSL_LIB_CTX *provider_context_of(const EVP_PKEY *key);

#endif
