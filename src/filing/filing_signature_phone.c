/* SPDX-License-Identifier: Apache-2.0 */
/* What a telephone opens a request with. */
#include <inttypes.h>

#include "filing/filing_signature_impl.h"

/* Out of random bytes of the request that nobody else sees before its signature has come; so nothing is stored, and looking at
 * the code once more does not change it. */
static void make_key(const struct signature *x, const char *what, char ret[FILING_PHONE])
{
    struct buf text;
    buf_init(&text, 256);
    buf_addf(&text, "telephone %s %" PRId64 " ", what, x->s.id);
    buf_add_str(&text, x->ocsp_nonce);
    digest_hex(buf_str(&text), ret);
    buf_release(&text);
}

bool signature_is_for_phone(const struct signature *x, struct str phone)
{
    char link[FILING_PHONE], token[FILING_PHONE];
    make_key(x, "link", link);
    make_key(x, "token", token);
    bool is_link = digest_equal(phone, str_from(link)), is_token = digest_equal(phone, str_from(token));
    return is_link || is_token;
}

bool filing_signature_phone(struct db *db, const struct filing_context *context, const struct filing_access *access, int64_t id,
                            char ret_link[FILING_PHONE], char ret_token[FILING_PHONE], struct err *err)
{
    struct filing_work w;
    struct signature x;
    if (!filing_work_begin(&w, db, context, &filing_system_actor, (struct filing_id){ 0 }, err))
        return false;
    bool ok = signature_open(&w, access, id, &x);
    if (ok && x.s.result.state != FILING_SIGNATURE_OPEN)
        ok = err_set(err, ERR_CONFLICT, "error.signature_late: request %" PRId64 " is not open", id);
    if (ok) {
        make_key(&x, "link", ret_link);
        make_key(&x, "token", ret_token);
    }
    return filing_work_end(&w, ok);
}
