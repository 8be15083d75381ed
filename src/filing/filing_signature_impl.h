/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of signatures share.  Order of reading: content.c, signature.c, check.c, apply.c, fetch.c, record.c,
 * policy.c. */
#ifndef FILING_FILING_SIGNATURE_IMPL_H
#define FILING_FILING_SIGNATURE_IMPL_H

#include "base/digest.h"
#include "filing/filing_impl.h"
#include "filing/filing_signature.h"

/* A row of the table; texts live in the arena of the work. */
struct signature {
    struct filing_signature s;
    int64_t version; /* of the case when it was asked */
    struct str bin, subject, cms, ocsp_nonce, ticket;
    bool spent;
};
/* ERR_NOT_FOUND when there is none. */
bool signature_load(struct filing_work *w, int64_t id, struct signature *ret);
bool signature_load_by_ticket(struct filing_work *w, struct str ticket, struct signature *ret);
/* The same, when it is for these; its case becomes w->c. */
bool signature_open(struct filing_work *w, const struct filing_access *access, int64_t id, struct signature *ret);
bool signature_set(struct filing_work *w, struct signature *x, struct filing_signature_result result);
/* The person whom it is about, acting. */
struct filing_actor signature_actor(const struct filing_work *w, const struct signature *x);

/* The bytes (filing_signature_content.c); `x` says for whom, as whom and until when. */
bool signature_content(struct filing_work *w, const struct filing_signing *wanted, const struct signature *x, struct buf *ret);

/* Verifies with all that is known; then GOOD and taken, REFUSED, or CHECKING with something to fetch. */
bool signature_check(struct filing_work *w, struct signature *x);
/* Takes the step that was signed; *ret_taken false: it is not possible any more. */
bool signature_apply(struct filing_work *w, struct signature *x, bool *ret_taken);

/* The evidence of signature `id` is the one in the audit, and, with a trust, verifies once more: ERR_INPUT says what does not
 * hold.  *ret_verdict: of that verification; may be NULL. */
bool signature_record_holds(struct db *db, const struct eds_trust *trust, int64_t id, struct str record, struct arena *arena,
                            struct eds_verdict *ret_verdict, struct err *err);

/* May one more request to sign in be made (filing_signature_door.c)?  ERR_LIMIT with err.again. */
bool signature_door_has_room(struct filing_work *w, struct str origin);

bool signature_is_for_phone(const struct signature *x, struct str phone);

/* Fetches (filing_signature_fetch.c). */
struct signature_answers {
    struct str *ocsp, *crl;
    size_t ocsps, crls;
    struct str timestamp, external; /* external.p NULL: no answer of an external verifier */
};
bool signature_answers_load(struct filing_work *w, const struct signature *x, struct signature_answers *ret);
bool signature_fetch_missing(struct filing_work *w, const struct signature *x, const struct eds_verdict *verdict);
bool signature_fetch_no_more(struct filing_work *w, const struct signature *x);

#endif
