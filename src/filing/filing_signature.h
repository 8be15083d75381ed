/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Electronic signatures: what is to be signed, what came back, whether it is good.
 *
 *     filing_signature_ask(db, &context, &actor, &wanted, &id, ticket, &err);    makes the bytes and keeps them
 *     filing_signature_read(db, &context, &access, id, &arena, &s, &err);        s.content: sign exactly these
 *     filing_signature_check(db, &context, &access, id, cms, &arena, &check, &err);    verifies it, which takes long
 *     filing_signature_put(db, &context, &access, id, cms, check, &result, &err);      keeps the signature and its time
 *
 *   OPEN ─put─► CHECKING ─courier─► GOOD, and the step that was signed is taken in the same transaction
 *     │            └──────────────► REFUSED, with step and reason
 *     └─ time ─► EXPIRED     (WITHDRAWN: the case changed, was cancelled or signed in another way; or was asked anew)
 *
 * Bytes: one JSON text made before asking: who, what, where, the facts and the decision shown, the coupon, a server's nonce, the
 * time until which.  They are stored and never written again; a signature counts when it is over exactly these bytes, came once
 * and in time, and its certificate names the IIN that was asked (sign-in: any IIN).  Detached or attached CMS; DER, PEM, base64.
 *
 * Verifying is pure (eds_verify); what it lacks (OCSP, a list, a timestamp) goes out by filing_fetches_take, and comes back by
 * filing_fetch_done.  As long as revocation is not known the signature is CHECKING and the case stays where it is: nobody is
 * refused because a responder is down.  The time that counts for an owner's hour is when the signature came.
 *
 * Who may: the person whose signature is wanted, by a session; or whoever holds the request's ticket (a telephone that scanned a
 * code, a browser that is not signed in yet).  A ticket opens this one request and nothing else.
 */
#ifndef FILING_FILING_SIGNATURE_H
#define FILING_FILING_SIGNATURE_H

#include "filing/filing.h"

#define FILING_TICKET    44
#define FILING_CMS_MAX   (256 * 1024)       /* a longer one is refused: ERR_LIMIT */
#define FILING_FETCH_MAX (32 * 1024 * 1024) /* of an answer */

/* What is wanted to be signed. */
struct filing_signing {
    enum filing_signature_purpose purpose;
    struct filing_id filing;   /* APPLICATION, CONSENT, DOCUMENTS */
    enum filing_role role;     /* SIGN_IN: as whom */
    struct str origin;         /* SIGN_IN: digest of the address that asks (DIGEST_HEX - 1 letters); empty: not known */
    struct str policy_version; /* POLICY: version and SHA-256 (hexadecimal) of the file, */
    struct str policy_digest;
    struct iin policy_author; /* and who wrote it: signs as its author when asked, anybody else as the second person */
};

/* One of the three; all empty: nobody. */
struct filing_access {
    const struct filing_actor *actor;
    struct str ticket, phone;
};

/*
 * Makes a request; about a case, gives the open one of the same person again while it is current and has five minutes left.
 * SIGN_IN needs no actor (NULL).  ret_ticket: NULL when no ticket is wanted; each ticket replaces the one before.
 * The step must be possible now, as for a one-time code: ERR_CONFLICT, ERR_FORBIDDEN.  ERR_CONFLICT with error.signature_off:
 * this installation has no trust folder.  ERR_LIMIT, with err.again, when there were too many in ten minutes: of one person about
 * one case; SIGN_IN: from one address (origin) or altogether.
 */
bool filing_signature_ask(struct db *db, const struct filing_context *context, const struct filing_actor *actor,
                          const struct filing_signing *wanted, int64_t *ret_id, char ret_ticket[FILING_TICKET], struct err *err);

/* ERR_NOT_FOUND, error.signature_gone: no such request, or not for these.  Texts live in the arena.  Reads only. */
bool filing_signature_read(struct db *db, const struct filing_context *context, const struct filing_access *access, int64_t id,
                           struct arena *arena, struct filing_signature *ret, struct err *err);
/* The same by a ticket alone. */
bool filing_signature_find(struct db *db, const struct filing_context *context, struct str ticket, struct arena *arena,
                           struct filing_signature *ret, struct err *err);

#define FILING_PHONE 65
/* What a telephone opens this request with, always the same two: the link stands in the code that it scans, the token it is told
 * by the link.  Either is filing_access.phone; it signs, and opens no session.  ERR_CONFLICT: the request is not open any more.
 */
bool filing_signature_phone(struct db *db, const struct filing_context *context, const struct filing_access *access, int64_t id,
                            char ret_link[FILING_PHONE], char ret_token[FILING_PHONE], struct err *err);

/*
 * Verifies a signature as it would be if it came now; changes nothing, and only reads: not on the writer, which everybody waits
 * for.  *ret lives in the arena; it is NULL when there is nothing to verify, and filing_signature_put says why.
 */
struct filing_check;
bool filing_signature_check(struct db *db, const struct filing_context *context, const struct filing_access *access, int64_t id,
                            struct str cms, struct arena *arena, struct filing_check **ret, struct err *err);
/*
 * Takes a signature, with what filing_signature_check made of it in the same context.  True: it is kept, and *ret says what came
 * of it so far (CHECKING, GOOD, REFUSED). False: ERR_INPUT error.signature_unreadable: these are no CMS at all, the request stays
 * open; ERR_CONFLICT error.signature_spent (one came already), error.signature_late, error.signature_outdated; ERR_LIMIT. The
 * very same bytes once more: true, nothing is done.
 */
bool filing_signature_put(struct db *db, const struct filing_context *context, const struct filing_access *access, int64_t id,
                          struct str cms, const struct filing_check *check, struct filing_signature_result *ret, struct err *err);

/* SIGN_IN that is GOOD: opens the session of whoever signed, once and within an hour.  ERR_CONFLICT: not (yet) good, used, or too
 * late. */
bool filing_signature_sign_in(struct db *db, const struct filing_context *context, struct str ticket, enum law_channel channel,
                              enum text_language language, char ret_token[44], enum filing_role *ret_role, struct err *err);

/*
 * POLICY: two signatures over exactly this file (SHA-256, hexadecimal), one of its author and one of somebody else who names that
 * same author.  Nothing but their evidence counts, and each is verified once more: it is the one in the audit, it is valid by
 * this trust, it signs these very bytes, and it says in which role.  ERR_FORBIDDEN: which of the two is missing (also *ret: 0),
 * and why the last that was looked at does not count.
 */
struct filing_approval {
    int64_t author, second; /* numbers of signatures */
};
bool filing_policy_approval(struct db *db, const struct eds_trust *trust, struct str policy_digest, struct filing_approval *ret,
                            struct err *err);

/* ---- the courier's side ---- */

enum filing_fetch_kind { FILING_FETCH_OCSP, FILING_FETCH_CRL, FILING_FETCH_TIMESTAMP, FILING_FETCH_VERDICT, FILING_FETCH_KINDS };
const char *filing_fetch_kind_name(enum filing_fetch_kind kind); /* "ocsp" */

struct filing_fetch {
    int64_t id, fence;
    int64_t signature;
    struct filing_id filing; /* 0: none */
    int attempts;
    enum filing_fetch_kind kind;
    struct str url;     /* http or https, of the trust folder's profile or a certificate with a good chain */
    struct str request; /* to post as application/ocsp-request, timestamp-query or json, by the kind; empty: GET */
};
/* As filing_jobs_take, filing_job_done and filing_jobs_next_due, for what signatures lack. */
bool filing_fetches_take(struct db *db, const struct filing_context *context, int room, int64_t lease_ms, struct arena *arena,
                         struct filing_fetch *ret, int *ret_count, struct err *err);
/*
 * The body of the answer, or why there was none (answer.p NULL): verified again, asked again later when it did not help.  Outside
 * of a transaction: it verifies first, and again when another answer came meanwhile; then one transaction takes the answer, the
 * verdict and the step that was signed.
 */
bool filing_fetch_done(struct db *db, const struct filing_context *context, const struct filing_fetch *fetch, struct str answer,
                       struct str trouble, struct err *err);
bool filing_fetches_next_due(struct db *db, struct moment *ret, struct err *err);

/* ---- evidence ---- */

/* The record of a good signature, for whoever may read the request or (actor of the role SYSTEM) anybody's.  In the arena. */
bool filing_signature_record(struct db *db, const struct filing_context *context, const struct filing_access *access, int64_t id,
                             struct arena *arena, struct str *ret, struct err *err);
/* Every stored record: its digest is the one in the audit, and with `trust` (may be NULL) it verifies once more.
 * False with ERR_INPUT naming the first that does not hold. */
bool filing_records_verify(struct db *db, const struct eds_trust *trust, int64_t *ret_records, struct err *err);

#endif
