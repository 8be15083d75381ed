/* SPDX-License-Identifier: Apache-2.0 */
/* What is sent to responders of revocation (RFC 6960) and timestamps (RFC 3161), and the token out of a reply. */
#include "eds/eds_impl.h"
#include "eds/gost.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/ocsp.h>
#include <openssl/ts.h>

/* `der` by its address: it is set while the arguments are worked out. */
static bool put_der(int n, unsigned char **der, struct buf *ret)
{
    if (n > 0)
        buf_add(ret, *der, (size_t)n);
    OPENSSL_free(*der);
    return n > 0 && !ret->over;
}

bool eds_ocsp_request(struct str certificate, struct str issuer, struct str nonce, struct buf *ret, struct err *err)
{
    X509 *subject = NULL, *authority = NULL;
    if (!eds_certificate_read(certificate, &subject, err))
        return false;
    if (!eds_certificate_read(issuer, &authority, err)) {
        X509_free(subject);
        return false;
    }
    unsigned char *der = NULL, bytes[EDS_NONCE];
    size_t n = nonce.n < sizeof bytes ? nonce.n : sizeof bytes;
    memcpy(bytes, n ? nonce.p : "", n);
    OCSP_REQUEST *request = OCSP_REQUEST_new();
    OCSP_CERTID *id = OCSP_cert_to_id(EVP_sha256(), subject, authority);
    bool fine = request && id && OCSP_request_add0_id(request, id);
    if (!fine)
        OCSP_CERTID_free(id);
    fine = fine && (n == 0 || OCSP_request_add1_nonce(request, bytes, (int)n) == 1) &&
           put_der(i2d_OCSP_REQUEST(request, &der), &der, ret);
    OCSP_REQUEST_free(request);
    X509_free(subject);
    X509_free(authority);
    ERR_clear_error();
    return fine || err_set(err, ERR_SYSTEM, "the OCSP request cannot be made");
}

/* ---- timestamps ---- */

/* The authority's policy for an imprint; elsewhere it chooses itself. */
static const char *policy_for(enum eds_algorithm algorithm)
{
    return algorithm == EDS_GOST_2015_512 ? "1.2.398.3.3.2.6.4" : algorithm == EDS_GOST_2004 ? "1.2.398.3.3.2.6.1" : NULL;
}

static bool set_imprint(TS_REQ *request, struct str bytes, const EVP_MD *digest)
{
    unsigned char value[EVP_MAX_MD_SIZE];
    unsigned n;
    X509_ALGOR *algorithm = X509_ALGOR_new();
    TS_MSG_IMPRINT *imprint = TS_MSG_IMPRINT_new();
    bool fine = algorithm && imprint && EVP_Digest(bytes.p, bytes.n, value, &n, digest, NULL) == 1 &&
                X509_ALGOR_set0(algorithm, OBJ_nid2obj(EVP_MD_get_type(digest)), V_ASN1_NULL, NULL) == 1 &&
                TS_MSG_IMPRINT_set_algo(imprint, algorithm) == 1 && TS_MSG_IMPRINT_set_msg(imprint, value, (int)n) == 1 &&
                TS_REQ_set_msg_imprint(request, imprint) == 1;
    X509_ALGOR_free(algorithm);
    TS_MSG_IMPRINT_free(imprint);
    return fine;
}

static bool set_nonce(TS_REQ *request, struct str nonce)
{
    if (nonce.n == 0)
        return true;
    BIGNUM *number = BN_bin2bn((const unsigned char *)nonce.p, (int)nonce.n, NULL);
    ASN1_INTEGER *integer = number ? BN_to_ASN1_INTEGER(number, NULL) : NULL;
    bool fine = integer && TS_REQ_set_nonce(request, integer) == 1;
    ASN1_INTEGER_free(integer);
    BN_free(number);
    return fine;
}

static bool set_policy(TS_REQ *request, const char *dotted)
{
    if (!dotted)
        return true;
    ASN1_OBJECT *object = OBJ_txt2obj(dotted, 1);
    bool fine = object && TS_REQ_set_policy_id(request, object) == 1;
    ASN1_OBJECT_free(object);
    return fine;
}

bool eds_timestamp_request(struct str bytes, enum eds_algorithm algorithm, struct str nonce, struct buf *ret, struct err *err)
{
    const struct gost_kind *kind = gost_kind_of(algorithm);
    const EVP_MD *digest = kind ? EVP_get_digestbyname(kind->digest_name) : EVP_sha256();
    unsigned char *der = NULL;
    TS_REQ *request = TS_REQ_new();
    bool fine = request && nonce.n <= EDS_NONCE && TS_REQ_set_version(request, 1) == 1 && set_imprint(request, bytes, digest) &&
                set_policy(request, policy_for(algorithm)) && set_nonce(request, nonce) && TS_REQ_set_cert_req(request, 1) == 1 &&
                put_der(i2d_TS_REQ(request, &der), &der, ret);
    TS_REQ_free(request);
    ERR_clear_error();
    return fine || err_set(err, ERR_SYSTEM, "the timestamp request cannot be made");
}

static bool same_imprint(TS_MSG_IMPRINT *a, TS_MSG_IMPRINT *b)
{
    return OBJ_cmp(TS_MSG_IMPRINT_get_algo(a)->algorithm, TS_MSG_IMPRINT_get_algo(b)->algorithm) == 0 &&
           ASN1_OCTET_STRING_cmp(TS_MSG_IMPRINT_get_msg(a), TS_MSG_IMPRINT_get_msg(b)) == 0;
}

static bool answers(TS_RESP *reply, TS_REQ *request)
{
    TS_TST_INFO *info = TS_RESP_get_tst_info(reply);
    const ASN1_INTEGER *asked = TS_REQ_get_nonce(request);
    if (!info || !TS_RESP_get_token(reply) || ASN1_INTEGER_get(TS_STATUS_INFO_get0_status(TS_RESP_get_status_info(reply))) > 1)
        return false;
    const ASN1_INTEGER *given = TS_TST_INFO_get_nonce(info);
    return same_imprint(TS_TST_INFO_get_msg_imprint(info), TS_REQ_get_msg_imprint(request)) &&
           (!asked || (given && ASN1_INTEGER_cmp(asked, given) == 0));
}

bool eds_timestamp_token(struct str reply_bytes, struct str request_bytes, struct buf *ret, struct err *err)
{
    const unsigned char *at = (const unsigned char *)reply_bytes.p, *request_at = (const unsigned char *)request_bytes.p;
    unsigned char *der = NULL;
    TS_RESP *reply = reply_bytes.n <= EDS_ANSWER_MAX ? d2i_TS_RESP(NULL, &at, (long)reply_bytes.n) : NULL;
    TS_REQ *request = request_bytes.n <= EDS_ANSWER_MAX ? d2i_TS_REQ(NULL, &request_at, (long)request_bytes.n) : NULL;
    bool fine = reply && request && answers(reply, request) && put_der(i2d_PKCS7(TS_RESP_get_token(reply), &der), &der, ret);
    TS_RESP_free(reply);
    TS_REQ_free(request);
    ERR_clear_error();
    return fine || err_set(err, ERR_INPUT, "the timestamp reply grants nothing, or not what was asked for");
}
