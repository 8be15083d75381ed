/* SPDX-License-Identifier: Apache-2.0 */
/* Replies of a timestamp authority (RFC 3161), as the stand and the tests need one. */
#include "eds/eds_impl.h"
#include "eds/sign.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <openssl/ts.h>

static bool set_serial(TS_TST_INFO *info)
{
    unsigned char random[8];
    if (RAND_bytes(random, sizeof random) != 1)
        return false;
    random[0] &= 0x7f;
    BIGNUM *number = BN_bin2bn(random, sizeof random, NULL);
    ASN1_INTEGER *serial = number ? BN_to_ASN1_INTEGER(number, NULL) : NULL;
    bool fine = serial && TS_TST_INFO_set_serial(info, serial) == 1;
    ASN1_INTEGER_free(serial);
    BN_free(number);
    return fine;
}

static bool set_time(TS_TST_INFO *info, struct moment at)
{
    ASN1_GENERALIZEDTIME *time = ASN1_GENERALIZEDTIME_set(NULL, (time_t)(at.ms / 1000));
    bool fine = time && TS_TST_INFO_set_time(info, time) == 1;
    ASN1_GENERALIZEDTIME_free(time);
    return fine;
}

static bool set_policy(TS_TST_INFO *info, const char *policy)
{
    ASN1_OBJECT *object = OBJ_txt2obj(policy, 1);
    bool fine = object && TS_TST_INFO_set_policy_id(info, object) == 1;
    ASN1_OBJECT_free(object);
    return fine;
}

static bool write_info(TS_REQ *request, const char *policy, struct moment at, struct buf *ret)
{
    unsigned char *der = NULL;
    TS_TST_INFO *info = TS_TST_INFO_new();
    const ASN1_INTEGER *nonce = TS_REQ_get_nonce(request);
    bool fine = info && TS_TST_INFO_set_version(info, 1) == 1 && set_policy(info, policy) && set_serial(info) &&
                set_time(info, at) && TS_TST_INFO_set_msg_imprint(info, TS_REQ_get_msg_imprint(request)) == 1 &&
                (!nonce || TS_TST_INFO_set_nonce(info, nonce) == 1);
    int n = fine ? i2d_TS_TST_INFO(info, &der) : 0;
    if (n > 0)
        buf_add(ret, der, (size_t)n);
    OPENSSL_free(der);
    TS_TST_INFO_free(info);
    return n > 0 && !ret->over;
}

/* TimeStampResp: the status "granted", and the token. */
static void put_reply(struct buf *ret, struct str token)
{
    static const unsigned char granted[] = { DER_SEQUENCE, 3, DER_INTEGER, 1, 0 };
    size_t n = sizeof granted + token.n;
    const unsigned char head[] = { DER_SEQUENCE, 0x83, (unsigned char)(n >> 16), (unsigned char)(n >> 8), (unsigned char)n };
    buf_add(ret, head, sizeof head);
    buf_add(ret, granted, sizeof granted);
    buf_add_str(ret, token);
}

bool eds_timestamp_reply(const struct eds_identity *authority, struct str request_bytes, const char *policy, struct moment at,
                         struct buf *ret, struct err *err)
{
    const unsigned char *from = (const unsigned char *)request_bytes.p;
    TS_REQ *request = request_bytes.n <= EDS_ANSWER_MAX ? d2i_TS_REQ(NULL, &from, (long)request_bytes.n) : NULL;
    const struct eds_cms_options options = { .signing_time = at };
    struct buf info, token;
    buf_init(&info, 1 << 16);
    buf_init(&token, 1 << 20);
    bool fine = request && write_info(request, policy, at, &info) &&
                sign_data(authority, 1, buf_str(&info), NID_id_smime_ct_TSTInfo, &options, &token);
    if (fine)
        put_reply(ret, buf_str(&token));
    fine = fine && !ret->over;
    TS_REQ_free(request);
    buf_release(&info);
    buf_release(&token);
    ERR_clear_error();
    return fine || err_set(err, ERR_INPUT, "no timestamp can be made for this request");
}
