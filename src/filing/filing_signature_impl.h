/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of signatures share.  Order of reading: content.c, signature.c, answers.c, check.c, settle.c,
 * apply.c, fetch.c, record.c, then door.c, phone.c, policy.c, store.c. */
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

/* ---- verified ahead (filing_signature_check.c, filing_signature_answers.c) ---- */

/* What a courier brings: answer.p NULL is silence, and trouble says why. */
struct signature_arrival {
    const struct filing_fetch *fetch;
    struct str answer, trouble;
};
struct signature_list {
    struct str url;
    int64_t version; /* grows with each list of that address; -1: the one that has arrived */
};
struct signature_answers {
    struct str *ocsp, *crl;
    size_t ocsps, crls;
    struct signature_list *list;    /* beside crl */
    struct str timestamp, external; /* external.p NULL: no answer of an external verifier */
};
/* As they will be when `arrival` (NULL: nothing) is stored, also once it is; without the bytes of lists unless with_lists. */
bool signature_answers_load(struct filing_work *w, int64_t id, const struct signature_arrival *arrival, bool with_lists,
                            struct arena *arena, struct signature_answers *ret);

struct signature_want {
    const struct eds_missing *missing;
    struct str about, body; /* body: empty for a GET */
};
/* A verdict, all that it was made from, and what will be stored of it. */
struct filing_check {
    int64_t id;
    struct signature_answers answers;
    struct eds_request request;
    struct eds_verdict verdict;
    struct str record; /* valid: the evidence */
    char record_digest[DIGEST_HEX];
    struct signature_want *want; /* not known: what will be fetched */
    size_t wants;
};
/* Takes long; changes nothing.  In the arena. */
bool signature_check_make(struct filing_work *w, const struct signature *x, const struct signature_arrival *arrival,
                          struct arena *arena, struct filing_check **ret);
/* *ret false: the verdict is about something else than what is stored now. */
bool signature_is_as_checked(struct filing_work *w, const struct signature *x, const struct signature_arrival *arrival,
                             const struct filing_check *check, bool *ret);
bool signature_wants_make(const struct eds_policy *policy, struct filing_check *check, struct arena *arena, struct err *err);

/* ---- and then acted on (filing_signature_settle.c, filing_signature_apply.c) ---- */

/* GOOD and taken, REFUSED, or CHECKING with something to fetch. */
bool signature_settle(struct filing_work *w, struct signature *x, const struct filing_check *check);
/* Takes the step that was signed; *ret_taken false: it is not possible any more. */
bool signature_apply(struct filing_work *w, struct signature *x, bool *ret_taken);

/* The evidence of signature `id` is the one in the audit, and, with a trust, verifies once more: ERR_INPUT says what does not
 * hold.  *ret_verdict: of that verification; may be NULL. */
bool signature_record_holds(struct db *db, const struct eds_trust *trust, int64_t id, struct str record, struct arena *arena,
                            struct eds_verdict *ret_verdict, struct err *err);

/* May one more request to sign in be made (filing_signature_door.c)?  ERR_LIMIT with err.again. */
bool signature_door_has_room(struct filing_work *w, struct str origin);

/* POLICY: as what the signer signs, in the bytes (filing_signature_policy.c). */
const char *signature_policy_role(struct iin author, struct iin signer);

bool signature_is_for_phone(const struct signature *x, struct str phone);

/* Fetches (filing_signature_fetch.c). */
bool signature_fetch_wants(struct filing_work *w, const struct signature *x, const struct filing_check *check);
bool signature_fetch_no_more(struct filing_work *w, const struct signature *x);
/* The two halves of filing_fetch_done: verified, *ret NULL when nothing is to be verified any more; then stored and settled,
 * unless *ret_changed (ERR_CONFLICT, nothing was stored): then both once more. */
bool signature_arrival_check(struct db *db, const struct filing_context *context, const struct signature_arrival *arrival,
                             struct arena *arena, struct filing_check **ret, struct err *err);
bool signature_arrival_store(struct db *db, const struct filing_context *context, const struct signature_arrival *arrival,
                             const struct filing_check *check, bool *ret_changed, struct err *err);

#endif
