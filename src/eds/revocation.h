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
};

struct revocation revocation_said(enum eds_reason reason, struct str answer);
/* REVOKED or LATER. */
enum eds_reason revocation_when(struct moment revoked, struct moment at);
/* False: the response is about other certificates. */
bool ocsp_answers(const struct revocation_query *query, struct str response, struct revocation *ret);
/* All lists of the request together, for a delta needs its base.  False: none of them is the issuer's. */
bool crls_answer(const struct revocation_query *query, struct revocation *ret);

#endif
