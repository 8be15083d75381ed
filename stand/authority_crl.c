/* SPDX-License-Identifier: Apache-2.0 */
/* Lists of what has been revoked (RFC 5280, 5): the issuing authority's with its delta list, and the root's. */
#include <openssl/err.h>
#include <openssl/x509v3.h>

#include "stand/authority_impl.h"

#define HOUR_MS ((int64_t)60 * 60 * 1000)
enum { BASE_NUMBER = 100, DELTA_NUMBER = 101 };

static const struct {
    const char *file[AUTHORITY_BRANCHES];
    bool root;
    unsigned where;
    int64_t lives_ms;
    long number;
} rows[AUTHORITY_LISTS] = {
    [AUTHORITY_CRL] = { { "nca_gost_test.crl", "nca_rsa_test.crl" }, false, AUTHORITY_BY_CRL, 24 * HOUR_MS, BASE_NUMBER },
    [AUTHORITY_DELTA_CRL] = { { "nca_d_gost_test.crl", "nca_d_rsa_test.crl" },
                              false,
                              AUTHORITY_BY_DELTA,
                              2 * HOUR_MS,
                              DELTA_NUMBER },
    [AUTHORITY_ROOT_CRL] = { { "root_gost_test.crl", "root_rsa_test.crl" }, true, AUTHORITY_BY_CRL, 2400 * HOUR_MS, BASE_NUMBER },
};

const char *authority_list_file(enum authority_branch branch, enum authority_list list) { return rows[list].file[branch]; }

static bool add_revoked(X509_CRL *crl, const struct authority_revoked *revoked)
{
    X509_REVOKED *row = X509_REVOKED_new();
    BIGNUM *number = BN_bin2bn(revoked->serial, AUTHORITY_SERIAL, NULL);
    ASN1_INTEGER *serial = number ? BN_to_ASN1_INTEGER(number, NULL) : NULL;
    ASN1_TIME *at = ASN1_TIME_set(NULL, (time_t)(revoked->at.ms / 1000));
    ASN1_ENUMERATED *reason = ASN1_ENUMERATED_new();
    bool fine = row && serial && at && reason && X509_REVOKED_set_serialNumber(row, serial) == 1 &&
                X509_REVOKED_set_revocationDate(row, at) == 1 && ASN1_ENUMERATED_set(reason, CRL_REASON_KEY_COMPROMISE) == 1 &&
                X509_REVOKED_add1_ext_i2d(row, NID_crl_reason, reason, 0, 0) == 1 && X509_CRL_add0_revoked(crl, row) == 1;
    if (!fine)
        X509_REVOKED_free(row);
    BN_free(number);
    ASN1_INTEGER_free(serial);
    ASN1_TIME_free(at);
    ASN1_ENUMERATED_free(reason);
    return fine;
}

static bool set_times(X509_CRL *crl, struct moment at, int64_t lives_ms)
{
    ASN1_TIME *this_update = ASN1_TIME_set(NULL, (time_t)(at.ms / 1000));
    ASN1_TIME *next_update = ASN1_TIME_set(NULL, (time_t)((at.ms + lives_ms) / 1000));
    bool fine = this_update && next_update && X509_CRL_set1_lastUpdate(crl, this_update) == 1 &&
                X509_CRL_set1_nextUpdate(crl, next_update) == 1;
    ASN1_TIME_free(this_update);
    ASN1_TIME_free(next_update);
    return fine;
}

static bool add_number(X509_CRL *crl, int nid, long value, bool critical)
{
    ASN1_INTEGER *number = ASN1_INTEGER_new();
    bool fine = number && ASN1_INTEGER_set(number, value) == 1 && X509_CRL_add1_ext_i2d(crl, nid, number, critical, 0) == 1;
    ASN1_INTEGER_free(number);
    return fine;
}

static bool add_extensions(X509_CRL *crl, enum authority_list list, X509 *issuer)
{
    X509V3_CTX ctx;
    X509V3_set_ctx(&ctx, issuer, NULL, NULL, crl, 0);
    X509_EXTENSION *key = X509V3_EXT_conf_nid(NULL, &ctx, NID_authority_key_identifier, "keyid:always");
    bool fine = key && X509_CRL_add_ext(crl, key, -1) == 1 && add_number(crl, NID_crl_number, rows[list].number, false) &&
                (list != AUTHORITY_DELTA_CRL || add_number(crl, NID_delta_crl, BASE_NUMBER, true));
    X509_EXTENSION_free(key);
    return fine;
}

static bool add_all(struct authority *authority, X509_CRL *crl, enum authority_branch branch, enum authority_list list)
{
    bool fine = true;
    pthread_mutex_lock(&authority->lock);
    for (size_t i = 0; fine && i < authority->revokeds; i++) {
        const struct authority_revoked *revoked = &authority->revoked[i];
        if (revoked->branch == branch && revoked->root == rows[list].root && (revoked->where & rows[list].where))
            fine = add_revoked(crl, revoked);
    }
    pthread_mutex_unlock(&authority->lock);
    return fine;
}

static bool make(struct authority *authority, enum authority_branch branch, enum authority_list list, struct moment at,
                 const struct authority_holder *signer, struct buf *ret)
{
    const struct authority_holder *issuer = &authority->office[branch][rows[list].root ? AUTHORITY_ROOT : AUTHORITY_ISSUER];
    X509_CRL *crl = X509_CRL_new();
    unsigned char *der = NULL;
    bool fine = crl && X509_CRL_set_version(crl, X509_CRL_VERSION_2) == 1 &&
                X509_CRL_set_issuer_name(crl, X509_get_subject_name(issuer->certificate)) == 1 &&
                set_times(crl, at, rows[list].lives_ms) && add_extensions(crl, list, issuer->certificate) &&
                add_all(authority, crl, branch, list) && X509_CRL_sort(crl) == 1 &&
                X509_CRL_sign(crl, signer ? signer->key : issuer->key, eds_key_digest(signer ? signer->key : issuer->key)) > 0 &&
                authority_put(i2d_X509_CRL(crl, &der), &der, ret);
    X509_CRL_free(crl);
    ERR_clear_error();
    return fine;
}

bool authority_crl(struct authority *authority, enum authority_branch branch, enum authority_list list, struct moment at,
                   enum authority_fault fault, struct buf *ret, struct err *err)
{
    struct authority_holder stranger = { 0 };
    if (fault == AUTHORITY_GARBAGE) {
        buf_add_text(ret, "<html>503 Service Unavailable</html>");
        return true;
    }
    if (fault == AUTHORITY_STALE)
        at.ms -= rows[list].lives_ms + 24 * HOUR_MS;
    if (fault == AUTHORITY_OTHER_SIGNER && !authority_stranger(authority, branch, &stranger))
        return err_set(err, ERR_SYSTEM, "no other key");
    bool fine = make(authority, branch, list, at, stranger.key ? &stranger : NULL, ret) ||
                err_set(err, ERR_SYSTEM, "the list cannot be made");
    authority_holder_release(&stranger);
    return fine;
}
