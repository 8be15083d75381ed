/* SPDX-License-Identifier: Apache-2.0 */
/* A certificate out of what it is to say, right or wrong. */
#include <openssl/err.h>
#include <openssl/x509v3.h>

#include "stand/authority_impl.h"

static bool set_subject(X509 *certificate, const struct authority_spec *spec)
{
    X509_NAME *name = X509_NAME_new();
    bool fine = name != NULL;
    for (size_t i = 0; fine && i < AUTHORITY_ATTRIBUTES && spec->subject[i].nid; i++) {
        char text[256];
        int n = snprintf(text, sizeof text, "%s%s", spec->subject[i].prefix, spec->subject[i].value);
        fine = n < (int)sizeof text &&
               X509_NAME_add_entry_by_NID(name, spec->subject[i].nid, MBSTRING_UTF8, (const unsigned char *)text, n, -1, 0) == 1;
    }
    fine = fine && X509_set_subject_name(certificate, name) == 1;
    X509_NAME_free(name);
    return fine;
}

static bool set_serial(X509 *certificate, const struct authority_spec *spec)
{
    BIGNUM *number = BN_bin2bn(spec->serial, AUTHORITY_SERIAL, NULL);
    bool fine = number && BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate));
    BN_free(number);
    return fine;
}

static bool set_validity(X509 *certificate, const struct authority_spec *spec)
{
    ASN1_TIME *since = ASN1_TIME_set(NULL, (time_t)(spec->not_before.ms / 1000));
    ASN1_TIME *until = ASN1_TIME_set(NULL, (time_t)(spec->not_after.ms / 1000));
    bool fine = since && until && X509_set1_notBefore(certificate, since) == 1 && X509_set1_notAfter(certificate, until) == 1;
    ASN1_TIME_free(since);
    ASN1_TIME_free(until);
    return fine;
}

static bool add_extension(X509 *certificate, X509 *issuer, int nid, const char *value)
{
    if (!value || !*value)
        return true;
    X509V3_CTX ctx;
    CONF *nothing = NCONF_new(NULL); /* some extensions ask for a configuration to be there */
    X509V3_set_ctx(&ctx, issuer, certificate, NULL, NULL, 0);
    X509V3_set_nconf(&ctx, nothing);
    X509_EXTENSION *extension = nothing ? X509V3_EXT_nconf_nid(nothing, &ctx, nid, value) : NULL;
    bool fine = extension && X509_add_ext(certificate, extension, -1) == 1;
    X509_EXTENSION_free(extension);
    NCONF_free(nothing);
    return fine;
}

static bool add_extensions(X509 *certificate, X509 *issuer, const struct authority_spec *spec)
{
    const struct {
        int nid;
        const char *value;
    } rows[] = {
        { NID_basic_constraints, spec->basic_constraints },
        { NID_key_usage, spec->key_usage },
        { NID_ext_key_usage, spec->extended_key_usage },
        { NID_certificate_policies, spec->policies },
        { NID_info_access, spec->access },
        { NID_crl_distribution_points, spec->crl },
        { NID_freshest_crl, spec->delta },
        { NID_id_pkix_OCSP_noCheck, spec->ocsp_no_check ? "yes" : NULL },
        { NID_subject_key_identifier, "hash" },
        { NID_authority_key_identifier, "keyid:always" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (!add_extension(certificate, issuer, rows[i].nid, rows[i].value))
            return false;
    }
    return true;
}

/* Read again, so that what OpenSSL keeps besides the bytes is of the finished certificate. */
static bool read_again(X509 *made, X509 **ret, struct err *err)
{
    struct buf der;
    buf_init(&der, AUTHORITY_DER_MAX);
    bool fine = eds_certificate_write(made, &der, err) && eds_certificate_read(buf_str(&der), ret, err);
    buf_release(&der);
    return fine;
}

static bool fill(X509 *made, const struct authority_spec *spec, EVP_PKEY *key, X509 *above)
{
    bool fine = X509_set_version(made, X509_VERSION_3) == 1 && set_serial(made, spec) && set_subject(made, spec) &&
                set_validity(made, spec) && X509_set_pubkey(made, key) == 1 &&
                X509_set_issuer_name(made, X509_get_subject_name(above)) == 1 && add_extensions(made, above, spec);
    if (fine && spec->change)
        spec->change(made);
    return fine;
}

bool authority_certify(const struct authority_spec *spec, EVP_PKEY *key, const struct authority_holder *issuer, X509 **ret,
                       struct err *err)
{
    X509 *made = X509_new();
    EVP_PKEY *signer = issuer ? issuer->key : key;
    bool fine = made && fill(made, spec, key, issuer ? issuer->certificate : made) &&
                X509_sign(made, signer, spec->digest ? spec->digest : eds_key_digest(signer)) > 0;
    fine = fine ? read_again(made, ret, err) : err_set(err, ERR_INPUT, "the certificate cannot be made");
    X509_free(made);
    ERR_clear_error();
    return fine;
}
