/* SPDX-License-Identifier: Apache-2.0 */
#include "eds/eds_impl.h"
#include "eds/gost.h"
#include "eds/sign.h"

#include <openssl/cms.h>
#include <openssl/err.h>

/* OpenSSL leaves the signature algorithm of a provider's key empty. */
static bool name_algorithm(CMS_SignerInfo *signer, const EVP_PKEY *key)
{
    const struct gost_kind *kind = gost_kind_of(eds_key_algorithm(key));
    X509_ALGOR *algorithm;
    if (!kind)
        return true;
    CMS_SignerInfo_get0_algs(signer, NULL, NULL, NULL, &algorithm);
    return X509_ALGOR_set0(algorithm, OBJ_nid2obj(OBJ_txt2nid(kind->signature_oid)), V_ASN1_NULL, NULL) == 1;
}

static bool set_time(CMS_SignerInfo *signer, struct moment at)
{
    ASN1_TIME *time = ASN1_TIME_set(NULL, (time_t)(at.ms / 1000));
    bool fine = time && CMS_signed_add1_attr_by_NID(signer, NID_pkcs9_signingTime, ASN1_STRING_type(time), time, -1) == 1;
    ASN1_TIME_free(time);
    return fine;
}

static bool add_signer(CMS_ContentInfo *cms, const struct eds_identity *identity, const struct eds_cms_options *options,
                       unsigned flags)
{
    unsigned signer_flags = flags | (options->no_signed_attributes ? CMS_NOATTR : 0u);
    CMS_SignerInfo *signer =
        CMS_add1_signer(cms, identity->certificate, identity->key, eds_key_digest(identity->key), signer_flags);
    if (!signer || !name_algorithm(signer, identity->key) ||
        (!options->no_signed_attributes && !set_time(signer, options->signing_time)))
        return false;
    for (size_t i = 0; i < identity->extras; i++) {
        if (!CMS_add1_cert(cms, identity->extra[i]))
            return false;
    }
    return true;
}

static bool write_cms(CMS_ContentInfo *cms, struct buf *ret)
{
    unsigned char *der = NULL;
    int n = i2d_CMS_ContentInfo(cms, &der);
    if (n > 0)
        buf_add(ret, der, (size_t)n);
    OPENSSL_free(der);
    return n > 0 && !ret->over;
}

/* What CMS_final does with content, for one that was digested elsewhere. */
static bool sign_digest(CMS_ContentInfo *cms, const EVP_PKEY *key, struct str digest)
{
    STACK_OF(CMS_SignerInfo) *signers = CMS_get0_SignerInfos(cms);
    CMS_SignerInfo *signer = sk_CMS_SignerInfo_num(signers) == 1 ? sk_CMS_SignerInfo_value(signers, 0) : NULL;
    return signer && digest.n == (size_t)EVP_MD_get_size(eds_key_digest(key)) &&
           CMS_signed_add1_attr_by_NID(signer, NID_pkcs9_contentType, V_ASN1_OBJECT, CMS_get0_eContentType(cms), -1) == 1 &&
           CMS_signed_add1_attr_by_NID(signer, NID_pkcs9_messageDigest, V_ASN1_OCTET_STRING, digest.p, (int)digest.n) == 1 &&
           CMS_SignerInfo_sign(signer) == 1;
}

bool sign_data(const struct eds_identity *identity, size_t identities, struct str content, int nid,
               const struct eds_cms_options *options, struct buf *ret)
{
    const unsigned flags =
        CMS_PARTIAL | CMS_BINARY | CMS_NOSMIMECAP | (options->detached || options->digested ? CMS_DETACHED : 0u);
    BIO *in = content.n <= EDS_OBJECT_MAX ? BIO_new_mem_buf(content.n ? content.p : "", (int)content.n) : NULL;
    CMS_ContentInfo *cms = CMS_sign(NULL, NULL, NULL, NULL, flags);
    bool fine = in && cms && identities > 0 && CMS_set1_eContentType(cms, OBJ_nid2obj(nid)) == 1;
    for (size_t i = 0; fine && i < identities; i++)
        fine = add_signer(cms, &identity[i], options, flags | (nid == NID_pkcs7_data ? 0u : CMS_CADES));
    fine = fine && (options->digested ? sign_digest(cms, identity->key, content) : CMS_final(cms, in, NULL, flags) == 1) &&
           write_cms(cms, ret);
    CMS_ContentInfo_free(cms);
    BIO_free(in);
    ERR_clear_error();
    return fine;
}

bool eds_sign_cms(const struct eds_identity *identity, size_t identities, struct str content,
                  const struct eds_cms_options *options, struct buf *ret, struct err *err)
{
    return sign_data(identity, identities, content, NID_pkcs7_data, options, ret) ||
           err_set(err, ERR_INPUT, "the content cannot be signed with this key and certificate");
}

/* ---- timestamps ---- */

static CMS_SignerInfo *open_signer(struct str bytes, size_t index, CMS_ContentInfo **ret_cms)
{
    const unsigned char *at = (const unsigned char *)bytes.p;
    *ret_cms = bytes.n <= EDS_OBJECT_MAX ? d2i_CMS_ContentInfo(NULL, &at, (long)bytes.n) : NULL;
    STACK_OF(CMS_SignerInfo) *signers = *ret_cms ? CMS_get0_SignerInfos(*ret_cms) : NULL;
    return signers && index < (size_t)sk_CMS_SignerInfo_num(signers) ? sk_CMS_SignerInfo_value(signers, (int)index) : NULL;
}

static bool done(CMS_ContentInfo *cms, bool fine, struct err *err)
{
    CMS_ContentInfo_free(cms);
    ERR_clear_error();
    return fine || err_set(err, ERR_INPUT, "not a CMS signature with that signer");
}

bool eds_cms_signature_value(struct str bytes, size_t index, struct buf *ret, struct err *err)
{
    CMS_ContentInfo *cms;
    CMS_SignerInfo *signer = open_signer(bytes, index, &cms);
    if (signer) {
        const ASN1_OCTET_STRING *value = CMS_SignerInfo_get0_signature(signer);
        buf_add(ret, ASN1_STRING_get0_data(value), (size_t)ASN1_STRING_length(value));
    }
    return done(cms, signer && !ret->over, err);
}

bool eds_cms_add_timestamp(struct str bytes, size_t index, struct str token, struct buf *ret, struct err *err)
{
    CMS_ContentInfo *cms;
    CMS_SignerInfo *signer = open_signer(bytes, index, &cms);
    bool fine =
        signer && token.n <= EDS_ANSWER_MAX &&
        CMS_unsigned_add1_attr_by_NID(signer, NID_id_smime_aa_timeStampToken, V_ASN1_SEQUENCE, token.p, (int)token.n) == 1 &&
        write_cms(cms, ret);
    return done(cms, fine, err);
}
