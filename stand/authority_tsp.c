/* SPDX-License-Identifier: Apache-2.0 */
/* The authority of timestamps (RFC 3161).  OpenSSL's own maker knows no keys of a provider, so the token is put together here. */
#include <openssl/err.h>
#include <openssl/rand.h>
#include <openssl/ts.h>

#include "stand/asn.h"
#include "stand/authority_cms.h"
#include "stand/authority_impl.h"

#define STALE_MS       ((int64_t)48 * 60 * 60 * 1000)
#define DEFAULT_POLICY "1.2.398.3.3.2.6.4"
enum { INFO_MAX = 4096, OID_TEXT = 80 };

/* TSTInfo { version, policy, messageImprint, serialNumber, genTime, nonce }. */
static void write_info(const struct authority_stamp *stamp, struct buf *ret)
{
    struct asn d;
    uint64_t serial;
    RAND_bytes((unsigned char *)&serial, sizeof serial);
    asn_init(&d, ret);
    asn_open(&d, ASN_SEQUENCE);
    asn_number(&d, 1);
    asn_oid(&d, stamp->policy ? stamp->policy : DEFAULT_POLICY);
    asn_open(&d, ASN_SEQUENCE);
    asn_algorithm(&d, stamp->imprint_oid);
    asn_bytes(&d, ASN_OCTETS, stamp->imprint);
    asn_close(&d);
    asn_number(&d, serial);
    asn_time(&d, stamp->at);
    if (stamp->nonce.n > 0)
        asn_bytes(&d, ASN_INTEGER, stamp->nonce);
    asn_close(&d);
}

bool authority_token(const struct authority_stamp *stamp, struct buf *ret, struct err *err)
{
    struct buf info;
    buf_init(&info, INFO_MAX);
    write_info(stamp, &info);
    const struct authority_cms cms = {
        .signer = stamp->signer,
        .signers = 1,
        .content = buf_str(&info),
        .content_type = AUTHORITY_OID_TST_INFO,
        .parts = AUTHORITY_CMS_ESS,
        .has_time = true,
        .signing_time = stamp->at,
    };
    bool fine = !info.over && authority_cms_make(&cms, ret, err);
    buf_release(&info);
    return fine;
}

/* ---- a request answered ---- */

static void write_rejection(struct buf *ret)
{
    struct asn d;
    asn_init(&d, ret);
    asn_open(&d, ASN_SEQUENCE);
    asn_open(&d, ASN_SEQUENCE);
    asn_number(&d, 2); /* rejection */
    asn_close(&d);
    asn_close(&d);
}

static void write_granted(struct str token, struct buf *ret)
{
    struct asn d;
    asn_init(&d, ret);
    asn_open(&d, ASN_SEQUENCE);
    asn_open(&d, ASN_SEQUENCE);
    asn_number(&d, 0);
    asn_close(&d);
    asn_raw(&d, token);
    asn_close(&d);
}

struct asked {
    unsigned char imprint[EVP_MAX_MD_SIZE];
    char imprint_oid[OID_TEXT], policy[OID_TEXT];
    unsigned char nonce[EDS_NONCE + 1];
    struct authority_stamp stamp;
};

static bool read_imprint(TS_MSG_IMPRINT *imprint, struct asked *ret)
{
    const ASN1_OCTET_STRING *bytes = TS_MSG_IMPRINT_get_msg(imprint);
    const EVP_MD *digest = EVP_get_digestbyobj(TS_MSG_IMPRINT_get_algo(imprint)->algorithm);
    int n = ASN1_STRING_length(bytes);
    if (!digest || n != EVP_MD_get_size(digest))
        return false;
    memcpy(ret->imprint, ASN1_STRING_get0_data(bytes), (size_t)n);
    ret->stamp.imprint = (struct str){ (const char *)ret->imprint, (size_t)n };
    ret->stamp.imprint_oid = ret->imprint_oid;
    return OBJ_obj2txt(ret->imprint_oid, OID_TEXT, TS_MSG_IMPRINT_get_algo(imprint)->algorithm, 1) > 0;
}

static bool read_request(TS_REQ *request, struct asked *ret)
{
    const ASN1_INTEGER *nonce = TS_REQ_get_nonce(request);
    ASN1_OBJECT *policy = TS_REQ_get_policy_id(request);
    *ret = (struct asked){ 0 };
    if (!read_imprint(TS_REQ_get_msg_imprint(request), ret))
        return false;
    if (policy && OBJ_obj2txt(ret->policy, OID_TEXT, policy, 1) > 0)
        ret->stamp.policy = ret->policy;
    if (nonce) { /* as DER has it: OpenSSL keeps numbers without the zero before a high bit */
        unsigned char *der = NULL;
        int n = i2d_ASN1_INTEGER(nonce, &der);
        bool fits = n > 2 && n - 2 <= (int)sizeof ret->nonce;
        if (fits)
            memcpy(ret->nonce, der + 2, (size_t)n - 2);
        ret->stamp.nonce = (struct str){ (const char *)ret->nonce, fits ? (size_t)n - 2 : 0 };
        OPENSSL_free(der);
        return fits;
    }
    return true;
}

static bool answer(struct authority *authority, struct asked *asked, struct moment at, enum authority_fault fault,
                   struct buf *ret)
{
    struct authority_holder stranger = { 0 };
    struct buf token;
    struct err err;
    bool rsa = strcmp(asked->imprint_oid, "2.16.840.1.101.3.4.2.1") == 0;
    enum authority_branch branch = rsa ? AUTHORITY_RSA : AUTHORITY_GOST;
    asked->stamp.signer = &authority->office[branch][AUTHORITY_TSA];
    asked->stamp.at = (struct moment){ fault == AUTHORITY_STALE ? at.ms - STALE_MS : at.ms };
    if (fault == AUTHORITY_OTHER_NONCE)
        asked->stamp.nonce = STR("\x01\x02\x03");
    if (fault == AUTHORITY_OTHER_CERTIFICATE)
        asked->imprint[0] ^= 1;
    if (fault == AUTHORITY_OTHER_SIGNER && authority_stranger(authority, branch, &stranger))
        asked->stamp.signer = &stranger;
    buf_init(&token, AUTHORITY_DER_MAX);
    bool fine = authority_token(&asked->stamp, &token, &err);
    if (fine)
        write_granted(buf_str(&token), ret);
    buf_release(&token);
    authority_holder_release(&stranger);
    return fine;
}

void authority_timestamp(struct authority *authority, struct str bytes, struct moment at, enum authority_fault fault,
                         struct buf *ret)
{
    const unsigned char *p = (const unsigned char *)bytes.p;
    struct asked asked;
    if (fault == AUTHORITY_GARBAGE) {
        buf_add_text(ret, "<html>503 Service Unavailable</html>");
        return;
    }
    TS_REQ *request = bytes.n <= AUTHORITY_DER_MAX ? d2i_TS_REQ(NULL, &p, (long)bytes.n) : NULL;
    bool fine = request && fault != AUTHORITY_ERROR && read_request(request, &asked) && answer(authority, &asked, at, fault, ret);
    if (!fine)
        write_rejection(ret);
    TS_REQ_free(request);
    ERR_clear_error();
}
