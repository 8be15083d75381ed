/* SPDX-License-Identifier: Apache-2.0 */
/* Evidence: taken out, and held once more against the audit and the trust folder. */
#include <inttypes.h>
#include <string.h>

#include "filing/filing_signature_impl.h"

bool filing_signature_record(struct db *db, const struct filing_context *context, const struct filing_access *access, int64_t id,
                             struct arena *arena, struct str *ret, struct err *err)
{
    static const char select[] = "SELECT record FROM signature WHERE id = $1 AND record IS NOT NULL";
    bool by_system = access->actor && access->actor->role == FILING_SYSTEM;
    struct filing_work w;
    struct signature x;
    struct db_query q;
    if (!filing_work_begin(&w, db, context, &filing_system_actor, (struct filing_id){ 0 }, err))
        return false;
    *ret = (struct str){ NULL, 0 };
    bool ok = (by_system ? signature_load(&w, id, &x) : signature_open(&w, access, id, &x)) &&
              filing_query(db, &q, select, VALUES(v_int(id)), err);
    if (ok) {
        while (db_row(&q))
            *ret = arena_str(arena, db_str(&q, 0));
        ok = db_finish(&q, err) && (ret->p || err_set(err, ERR_NOT_FOUND, "signature %" PRId64 " has no record", id));
    }
    return filing_work_end(&w, ok);
}

/* The digest that the audit, which nobody can change unseen, holds of this record. */
static bool is_in_audit(struct db *db, int64_t id, struct str record, bool *ret, struct err *err)
{
    static const char count[] = "SELECT count(*) FROM audit WHERE action = 'signature' AND detail = $1";
    char digest[DIGEST_HEX], detail[64 + DIGEST_HEX];
    int64_t n;
    snprintf(detail, sizeof detail, "good %" PRId64 " record=%s", id, digest_hex(record, digest));
    if (!filing_number_of(db, count, VALUES(v_text(detail)), 0, &n, err))
        return false;
    *ret = n == 1;
    return true;
}

bool signature_record_holds(struct db *db, const struct eds_trust *trust, int64_t id, struct str record, struct arena *arena,
                            struct eds_verdict *ret_verdict, struct err *err)
{
    struct eds_verdict verdict;
    bool known;
    if (!is_in_audit(db, id, record, &known, err))
        return false;
    if (!known)
        return err_set(err, ERR_INPUT, "signature %" PRId64 ": its evidence is not the one in the audit", id);
    if (!trust)
        return true;
    eds_record_verify(trust, record, arena, &verdict);
    const struct eds_step *why = eds_verdict_reason(&verdict);
    if (ret_verdict)
        *ret_verdict = verdict;
    return verdict.valid == TRI_YES || err_set(err, ERR_INPUT, "signature %" PRId64 ": its evidence does not verify: %s", id,
                                               why ? eds_reason_name(why->reason) : "no reason");
}

bool filing_records_verify(struct db *db, const struct eds_trust *trust, int64_t *ret_records, struct err *err)
{
    static const char all[] = "SELECT id, record, state FROM signature WHERE record IS NOT NULL OR state = 'good' ORDER BY id";
    struct db_query q;
    struct arena arena;
    struct err broken;
    bool whole = true;
    int64_t records = 0;
    if (!db_query(db, &q, all, err))
        return false;
    arena_init(&arena, 0);
    while (whole && db_row(&q)) {
        whole = db_is_null(&q, 1)
                    ? err_set(&broken, ERR_INPUT, "signature %" PRId64 ": its evidence is gone", db_int(&q, 0))
                    : signature_record_holds(db, trust, db_int(&q, 0), arena_str(&arena, db_str(&q, 1)), &arena, NULL, &broken);
        records += whole;
        arena_reset(&arena);
    }
    arena_release(&arena);
    if (!db_finish(&q, err))
        return false;
    *ret_records = records;
    if (!whole)
        *err = broken;
    return whole;
}
