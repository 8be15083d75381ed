/* SPDX-License-Identifier: Apache-2.0 */
/* Between revocation.c, ocsp.c and crl.c.  Private to eds. */
#ifndef EDS_REVOCATION_H
#define EDS_REVOCATION_H

#include "eds/eds_impl.h"

struct revocation_query {
    struct check *check;
    X509 *certificate, *issuer;
    struct moment at;
    struct str nonce; /* .n > 0: an OCSP response must carry it */
    bool own_word;    /* of whoever writes the time of `at` himself: timestamps, answers */
};

struct revocation revocation_said(enum eds_reason reason, struct str answer);
/* REVOKED or LATER; why: CRLReason, -1 when none is given. */
enum eds_reason revocation_when(const struct revocation_query *query, struct moment revoked, long why);
/* False: the response is about other certificates. */
bool ocsp_answers(const struct revocation_query *query, struct str response, struct revocation *ret);
/* All lists of the request together, for a delta needs its base.  False: none of them is the issuer's. */
bool crls_answer(const struct revocation_query *query, struct revocation *ret);

#endif
