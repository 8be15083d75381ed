/* SPDX-License-Identifier: Apache-2.0 */
/* The responder of revocation answers (RFC 6960), as the national authority's behaves: delegated, nonce echoed, no nextUpdate. */
#include <openssl/err.h>
#include <openssl/ocsp.h>

#include "stand/authority_impl.h"

#define STALE_MS ((int64_t)48 * 60 * 60 * 1000)

const char *authority_fault_name(enum authority_fault fault)
{
    static const char *const names[AUTHORITY_FAULTS] = { [AUTHORITY_OK] = "ok",
                                                         [AUTHORITY_SILENT] = "silent",
                                                         [AUTHORITY_SLOW] = "slow",
                                                         [AUTHORITY_ERROR] = "error",
                                                         [AUTHORITY_GARBAGE] = "garbage",
                                                         [AUTHORITY_OTHER_NONCE] = "other_nonce",
                                                         [AUTHORITY_STALE] = "stale",
                                                         [AUTHORITY_OTHER_SIGNER] = "other_signer",
                                                         [AUTHORITY_OTHER_CERTIFICATE] = "other_certificate",
                                                         [AUTHORITY_UNKNOWN_STATUS] = "unknown_status" };
    return names[fault];
}

bool authority_put(int n, unsigned char **der, struct buf *ret)
{
    if (n > 0)
        buf_add(ret, *der, (size_t)n);
    OPENSSL_free(*der);
    return n > 0 && !ret->over;
}

/* ---- who is asked about ---- */

static bool same_hash(const ASN1_OCTET_STRING *asked, const unsigned char *hash, unsigned n)
{
    return ASN1_STRING_length(asked) == (int)n && memcmp(ASN1_STRING_get0_data(asked), hash, n) == 0;
}

static bool names_issuer(OCSP_CERTID *id, const X509 *issuer)
{
    ASN1_OCTET_STRING *name, *key;
    ASN1_OBJECT *algorithm;
    unsigned char hash[EVP_MAX_MD_SIZE];
    unsigned n;
    OCSP_id_get0_info(&name, &algorithm, &key, NULL, id);
    const EVP_MD *digest = EVP_get_digestbyobj(algorithm);
    if (!digest || X509_NAME_digest(X509_get_subject_name(issuer), digest, hash, &n) != 1 || !same_hash(name, hash, n))
        return false;
    const ASN1_BIT_STRING *bits = X509_get0_pubkey_bitstr(issuer);
    return EVP_Digest(ASN1_STRING_get0_data(bits), (size_t)ASN1_STRING_length(bits), hash, &n, digest, NULL) == 1 &&
           same_hash(key, hash, n);
}

static const struct authority_holder *find_issuer(const struct authority *authority, OCSP_CERTID *id)
{
    for (int branch = 0; branch < AUTHORITY_BRANCHES; branch++) {
        for (int office = AUTHORITY_ROOT; office <= AUTHORITY_ISSUER; office++) {
            if (names_issuer(id, authority->office[branch][office].certificate))
                return &authority->office[branch][office];
        }
    }
    return NULL;
}

const struct authority_holder *authority_office_of(const struct authority *authority, const struct authority_holder *issuer,
                                                   enum authority_role office)
{
    for (int branch = 0; branch < AUTHORITY_BRANCHES; branch++) {
        if (issuer == &authority->office[branch][AUTHORITY_ROOT] || issuer == &authority->office[branch][AUTHORITY_ISSUER])
            return &authority->office[branch][office];
    }
    return NULL;
}

bool authority_stranger(struct authority *authority, enum authority_branch branch, struct authority_holder *ret)
{
    const struct authority_subject nobody = { .surname = "БӨТЕН", .name = "БІРЕУ", .iin = "000000000000" };
    struct err err;
    return authority_issue(authority, branch, AUTHORITY_PERSON_SIGN, &nobody, ret, &err);
}

/* ---- what is answered ---- */

struct status {
    int status, reason;
    struct moment revoked_at;
};

/* 1970-01-01 and certificateHold: by RFC 6960, 2.2, "this certificate was never issued". */
static struct status never_issued(void)
{
    return (struct status){ V_OCSP_CERTSTATUS_REVOKED, OCSP_REVOKED_STATUS_CERTIFICATEHOLD, { 0 } };
}

static struct status status_of(struct authority *authority, const struct authority_holder *issuer, struct str serial)
{
    struct status found = { V_OCSP_CERTSTATUS_GOOD, 0, { 0 } };
    if (!issuer || !authority_serial_is_ours(authority, serial))
        return never_issued();
    pthread_mutex_lock(&authority->lock);
    const struct authority_revoked *revoked = authority_find_revoked(authority, issuer, serial, AUTHORITY_BY_OCSP);
    if (revoked)
        found = (struct status){ V_OCSP_CERTSTATUS_REVOKED, OCSP_REVOKED_STATUS_KEYCOMPROMISE, revoked->at };
    pthread_mutex_unlock(&authority->lock);
    return found;
}

static ASN1_TIME *time_at(struct moment at) { return ASN1_GENERALIZEDTIME_set(NULL, (time_t)(at.ms / 1000)); }

static OCSP_CERTID *id_answered(OCSP_CERTID *asked, enum authority_fault fault)
{
    OCSP_CERTID *id = OCSP_CERTID_dup(asked);
    ASN1_INTEGER *serial;
    if (id && fault == AUTHORITY_OTHER_CERTIFICATE && OCSP_id_get0_info(NULL, NULL, NULL, &serial, id) == 1)
        ASN1_INTEGER_set(serial, 20211110);
    return id;
}

static bool add_status(struct authority *authority, OCSP_BASICRESP *basic, OCSP_CERTID *asked, struct moment at,
                       enum authority_fault fault)
{
    ASN1_INTEGER *number;
    OCSP_id_get0_info(NULL, NULL, NULL, &number, asked);
    const struct str serial = { (const char *)ASN1_STRING_get0_data(number), (size_t)ASN1_STRING_length(number) };
    struct status status =
        fault == AUTHORITY_UNKNOWN_STATUS ? never_issued() : status_of(authority, find_issuer(authority, asked), serial);
    ASN1_TIME *updated = time_at((struct moment){ fault == AUTHORITY_STALE ? at.ms - STALE_MS : at.ms });
    ASN1_TIME *revoked = status.status == V_OCSP_CERTSTATUS_REVOKED ? time_at(status.revoked_at) : NULL;
    OCSP_CERTID *id = id_answered(asked, fault);
    bool fine = updated && id && OCSP_basic_add1_status(basic, id, status.status, status.reason, revoked, updated, NULL);
    OCSP_CERTID_free(id);
    ASN1_TIME_free(updated);
    ASN1_TIME_free(revoked);
    return fine;
}

static bool add_nonce(OCSP_BASICRESP *basic, OCSP_REQUEST *request, enum authority_fault fault)
{
    unsigned char other[16] = "not that nonce";
    if (fault == AUTHORITY_OTHER_NONCE)
        return OCSP_basic_add1_nonce(basic, other, sizeof other) == 1;
    return OCSP_copy_nonce(basic, request) != 0; /* 2: there was none */
}

/* A certificate of the root is answered for by the responder of its branch: the issuing authority delegated to it, the root did
 * not; so about those the root answers itself. */
static bool sign(struct authority *authority, OCSP_BASICRESP *basic, const struct authority_holder *issuer,
                 enum authority_fault fault)
{
    struct authority_holder stranger = { 0 };
    if (!issuer)
        issuer = &authority->office[AUTHORITY_GOST][AUTHORITY_ISSUER];
    enum authority_branch branch =
        authority_office_of(authority, issuer, AUTHORITY_ROOT) == &authority->office[AUTHORITY_RSA][AUTHORITY_ROOT]
            ? AUTHORITY_RSA
            : AUTHORITY_GOST;
    const struct authority_holder *signer =
        issuer == &authority->office[branch][AUTHORITY_ROOT] ? issuer : &authority->office[branch][AUTHORITY_RESPONDER];
    if (fault == AUTHORITY_OTHER_SIGNER && authority_stranger(authority, branch, &stranger))
        signer = &stranger;
    bool fine = OCSP_basic_sign(basic, signer->certificate, signer->key, eds_key_digest(signer->key), NULL, 0) == 1;
    authority_holder_release(&stranger);
    return fine;
}

static OCSP_BASICRESP *answer(struct authority *authority, OCSP_REQUEST *request, struct moment at, enum authority_fault fault)
{
    OCSP_BASICRESP *basic = OCSP_BASICRESP_new();
    int count = OCSP_request_onereq_count(request);
    bool fine = basic && count > 0 && count <= 16 && add_nonce(basic, request, fault);
    for (int i = 0; fine && i < count; i++)
        fine = add_status(authority, basic, OCSP_onereq_get0_id(OCSP_request_onereq_get0(request, i)), at, fault);
    OCSP_CERTID *first = fine ? OCSP_onereq_get0_id(OCSP_request_onereq_get0(request, 0)) : NULL;
    fine = fine && sign(authority, basic, find_issuer(authority, first), fault);
    if (!fine) {
        OCSP_BASICRESP_free(basic);
        basic = NULL;
    }
    return basic;
}

void authority_ocsp(struct authority *authority, struct str bytes, struct moment at, enum authority_fault fault, struct buf *ret)
{
    const unsigned char *p = (const unsigned char *)bytes.p;
    unsigned char *der = NULL;
    if (fault == AUTHORITY_GARBAGE) {
        buf_add_text(ret, "<html>503 Service Unavailable</html>");
        return;
    }
    OCSP_REQUEST *request = bytes.n <= AUTHORITY_DER_MAX ? d2i_OCSP_REQUEST(NULL, &p, (long)bytes.n) : NULL;
    OCSP_BASICRESP *basic = request && fault != AUTHORITY_ERROR ? answer(authority, request, at, fault) : NULL;
    int status = basic                      ? OCSP_RESPONSE_STATUS_SUCCESSFUL
                 : fault == AUTHORITY_ERROR ? OCSP_RESPONSE_STATUS_TRYLATER
                                            : OCSP_RESPONSE_STATUS_MALFORMEDREQUEST;
    OCSP_RESPONSE *response = OCSP_response_create(status, basic);
    authority_put(response ? i2d_OCSP_RESPONSE(response, &der) : 0, &der, ret);
    OCSP_RESPONSE_free(response);
    OCSP_BASICRESP_free(basic);
    OCSP_REQUEST_free(request);
    ERR_clear_error();
}
