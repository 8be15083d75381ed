/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who approved a policy file.  The row only leads to the evidence: person, state and subject of it can be written by whoever can
 * write to the database, the signature cannot.
 */
#include <inttypes.h>

#include "base/json.h"
#include "filing/filing_signature_impl.h"

/* What was signed says: this file, by that author, approved by the signer. */
static bool approves(int64_t id, const struct eds_verdict *verdict, struct str digest, struct err *err)
{
    json_t *root = NULL;
    if (verdict->signers != 1 || !json_parse(verdict->content, &root, err))
        return err_set(err, ERR_INPUT, "signature %" PRId64 " is of something else", id);
    struct str author = json_member(root, "author"), approver = json_member(root, "approver"), signer = verdict->signer[0].iin;
    struct iin iin;
    bool fine = true;
    if (!str_is(json_member(root, "purpose"), filing_signature_purpose_name(FILING_SIGN_POLICY)) ||
        !str_equal(json_member(root, "policy_sha256"), digest))
        fine = err_set(err, ERR_INPUT, "signature %" PRId64 " is of other bytes", id);
    else if (iin_parse(author, &iin) != IIN_PERSON || !str_equal(approver, signer))
        fine = err_set(err, ERR_INPUT, "signature %" PRId64 " does not say who wrote the file and who approves it", id);
    else if (str_equal(author, signer))
        fine = err_set(err, ERR_INPUT, "signature %" PRId64 " is the author's own", id);
    json_decref(root);
    return fine;
}

static bool counts(struct db *db, const struct eds_trust *trust, struct db_query *row, struct str digest, struct err *err)
{
    struct eds_verdict verdict;
    struct arena arena;
    int64_t id = db_int(row, 0);
    if (db_is_null(row, 1))
        return err_set(err, ERR_INPUT, "signature %" PRId64 ": its evidence is gone", id);
    arena_init(&arena, 0);
    bool fine = signature_record_holds(db, trust, id, arena_str(&arena, db_str(row, 1)), &arena, &verdict, err) &&
                approves(id, &verdict, digest, err);
    arena_release(&arena);
    return fine;
}

bool filing_policy_approval(struct db *db, const struct eds_trust *trust, struct str policy_digest, int64_t *ret_signature,
                            struct err *err)
{
    static const char select[] =
        "SELECT id, record FROM signature WHERE purpose = 'policy' AND subject = $1 AND state = 'good' ORDER BY id";
    struct err why = { 0 };
    struct db_query q;
    int64_t found = 0;
    if (!trust)
        return err_set(err, ERR_FORBIDDEN, "without a trust folder no approval can be verified");
    if (!filing_query(db, &q, select, VALUES(v_str(policy_digest)), err))
        return false;
    err_set(&why, ERR_INPUT, "nobody has signed exactly these bytes");
    while (!found && why.kind != ERR_SYSTEM && db_row(&q)) {
        if (counts(db, trust, &q, policy_digest, &why))
            found = db_int(&q, 0);
    }
    if (!db_finish(&q, err))
        return false;
    if (!found) {
        *err = why;
        err->kind = why.kind == ERR_SYSTEM ? ERR_SYSTEM : ERR_FORBIDDEN;
        return false;
    }
    *ret_signature = found;
    return true;
}
