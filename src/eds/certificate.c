/* SPDX-License-Identifier: Apache-2.0 */
/* Certificates read, written and made.  Shapes: those of the national authority's own certificates. */
#include "eds/eds_impl.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

enum { CERTIFICATE_MAX = 1 << 16 };

bool eds_certificate_read(struct str bytes, X509 **ret, struct err *err)
{
    X509 *certificate = NULL;
    if (bytes.n == 0 || bytes.n > CERTIFICATE_MAX)
        return err_set(err, ERR_INPUT, "empty, or longer than any certificate");
    if (str_starts(str_trim(bytes), "-----")) {
        BIO *in = BIO_new_mem_buf(bytes.p, (int)bytes.n);
        certificate = in ? PEM_read_bio_X509(in, NULL, NULL, NULL) : NULL;
        BIO_free(in);
    } else {
        const unsigned char *at = (const unsigned char *)bytes.p;
        certificate = d2i_X509(NULL, &at, (long)bytes.n);
        if (certificate && (const char *)at != bytes.p + bytes.n) {
            X509_free(certificate);
            certificate = NULL;
        }
    }
    ERR_clear_error();
    if (!certificate)
        return err_set(err, ERR_INPUT, "not a certificate (DER or PEM)");
    *ret = certificate;
    return true;
}

bool eds_certificate_write(X509 *certificate, struct buf *ret, struct err *err)
{
    unsigned char *der = NULL;
    int n = i2d_X509(certificate, &der);
    if (n > 0)
        buf_add(ret, der, (size_t)n);
    OPENSSL_free(der);
    return (n > 0 && !ret->over) || err_set(err, ERR_SYSTEM, "the certificate cannot be written");
}

/* ---- making ---- */

static bool add_name(X509_NAME *name, int nid, const char *prefix, const char *value)
{
    char text[256];
    if (!value)
        return true;
    snprintf(text, sizeof text, "%s%s", prefix, value);
    return X509_NAME_add_entry_by_NID(name, nid, MBSTRING_UTF8, (const unsigned char *)text, -1, -1, 0) == 1;
}

static bool set_subject(X509 *certificate, const struct eds_profile *profile)
{
    X509_NAME *name = X509_NAME_new();
    bool fine = name && add_name(name, NID_commonName, "", profile->common_name) &&
                add_name(name, NID_surname, "", profile->surname) && add_name(name, NID_serialNumber, "IIN", profile->iin) &&
                add_name(name, NID_countryName, "", "KZ") && add_name(name, NID_organizationName, "", profile->organisation) &&
                add_name(name, NID_organizationalUnitName, "BIN", profile->bin) &&
                add_name(name, NID_givenName, "", profile->given) && X509_set_subject_name(certificate, name) == 1;
    X509_NAME_free(name);
    return fine;
}

static bool set_serial(X509 *certificate, uint64_t serial)
{
    unsigned char random[20];
    ASN1_INTEGER *number = X509_get_serialNumber(certificate);
    if (serial != 0)
        return ASN1_INTEGER_set_uint64(number, serial) == 1;
    if (RAND_bytes(random, sizeof random) != 1)
        return false;
    random[0] = (unsigned char)((random[0] & 0x7f) | 0x40); /* positive, 20 bytes */
    BIGNUM *wide = BN_bin2bn(random, sizeof random, NULL);
    bool fine = wide && BN_to_ASN1_INTEGER(wide, number);
    BN_free(wide);
    return fine;
}

static bool set_validity(X509 *certificate, const struct eds_profile *profile)
{
    ASN1_TIME *since = ASN1_TIME_set(NULL, (time_t)(profile->not_before.ms / 1000));
    ASN1_TIME *until = ASN1_TIME_set(NULL, (time_t)(profile->not_after.ms / 1000));
    bool fine = since && until && X509_set1_notBefore(certificate, since) == 1 && X509_set1_notAfter(certificate, until) == 1;
    ASN1_TIME_free(since);
    ASN1_TIME_free(until);
    return fine;
}

static bool add_extension(X509 *certificate, X509 *issuer, int nid, const char *prefix, const char *value)
{
    char text[512];
    if (!value)
        return true;
    X509V3_CTX ctx;
    CONF *nothing = NCONF_new(NULL); /* some extensions ask for a configuration to be there */
    X509V3_set_ctx(&ctx, issuer, certificate, NULL, NULL, 0);
    X509V3_set_nconf(&ctx, nothing);
    snprintf(text, sizeof text, "%s%s", prefix, value);
    X509_EXTENSION *extension = nothing ? X509V3_EXT_nconf_nid(nothing, &ctx, nid, text) : NULL;
    bool fine = extension && X509_add_ext(certificate, extension, -1) == 1;
    X509_EXTENSION_free(extension);
    NCONF_free(nothing);
    return fine;
}

static bool add_extensions(X509 *certificate, X509 *issuer, const struct eds_profile *profile)
{
    const struct {
        int nid;
        const char *prefix, *value;
    } rows[] = {
        { NID_basic_constraints, "", profile->authority ? "critical,CA:TRUE" : NULL },
        { NID_ext_key_usage, "", profile->extended_key_usage },
        { NID_certificate_policies, "", profile->certificate_policy },
        { NID_info_access, "OCSP;URI:", profile->ocsp_url },
        { NID_crl_distribution_points, "URI:", profile->crl_url },
        { NID_freshest_crl, "URI:", profile->delta_url },
        { NID_id_pkix_OCSP_noCheck, "", profile->ocsp_no_check ? "yes" : NULL },
        { NID_key_usage, "", profile->key_usage },
        { NID_subject_key_identifier, "", "hash" },
        { NID_authority_key_identifier, "", "keyid:always" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (!add_extension(certificate, issuer, rows[i].nid, rows[i].prefix, rows[i].value))
            return false;
    }
    return true;
}

bool eds_certificate_make(const struct eds_profile *profile, EVP_PKEY *key, X509 *issuer, EVP_PKEY *issuer_key, X509 **ret,
                          struct err *err)
{
    X509 *made = X509_new();
    bool fine = made && X509_set_version(made, X509_VERSION_3) == 1 && set_serial(made, profile->serial) &&
                set_subject(made, profile) && set_validity(made, profile) && X509_set_pubkey(made, key) == 1 &&
                X509_set_issuer_name(made, X509_get_subject_name(issuer ? issuer : made)) == 1 &&
                add_extensions(made, issuer ? issuer : made, profile) &&
                X509_sign(made, issuer_key, eds_key_digest(issuer_key)) > 0;
    /* Read again, so that what OpenSSL keeps besides the bytes is of the finished certificate. */
    struct buf der;
    buf_init(&der, CERTIFICATE_MAX);
    fine = fine && eds_certificate_write(made, &der, err);
    X509_free(made);
    fine = fine ? eds_certificate_read(buf_str(&der), ret, err) : err_set(err, ERR_INPUT, "the certificate cannot be made");
    buf_release(&der);
    ERR_clear_error();
    return fine;
}
