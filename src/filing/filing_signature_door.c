/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who asks to sign in is nobody yet, and each request is a row: so there are at most so many in ten minutes, from one address and
 * altogether.  A request that was signed well counts no more, so that a whole office behind one address gets in of a morning.
 * When many of them crowd the door, an address has a narrower share: so a few that send as much as they may shut nobody else out.
 * What nobody signed, or not well, is forgotten after an hour; the address, of which only the digest is kept, after the ten
 * minutes.
 */
#include "filing/filing_signature_impl.h"

enum { FROM_ONE_ADDRESS = 60, CROWD = 3000, FROM_ONE_IN_A_CROWD = 6, ALTOGETHER = 12000 };
#define WINDOW_MS (10 * MINUTE_MS)
#define KEPT_MS   HOUR_MS

/* Not what is still to come: after a clock that was ahead has been put right nobody waits for it to get there again. */
#define COUNTED "purpose = 'sign_in' AND state <> 'good' AND asked_at > $1 AND asked_at <= $2 "

/* When the `n`th last request was made, of all or of one address (empty: of all); 0: there are not so many. */
static bool nth_last(struct filing_work *w, struct str origin, int n, int64_t *ret)
{
    static const char of_all[] = "SELECT asked_at FROM signature WHERE " COUNTED "ORDER BY asked_at DESC LIMIT 1 OFFSET $3";
    static const char of_one[] =
        "SELECT asked_at FROM signature WHERE " COUNTED "AND origin = $4 ORDER BY asked_at DESC LIMIT 1 OFFSET $3";
    const struct filing_value since = v_int(w->context->now.ms - WINDOW_MS), now = v_at(w->context->now), others = v_int(n - 1);
    return origin.n > 0 ? filing_number_of(w->db, of_one, VALUES(since, now, others, v_str(origin)), 0, ret, w->err)
                        : filing_number_of(w->db, of_all, VALUES(since, now, others), 0, ret, w->err);
}

/* When the request was made that has to grow old before there is room again; 0: there is room. */
static bool oldest_in_the_way(struct filing_work *w, struct str origin, int64_t *ret)
{
    int64_t crowd, all = 0, one = 0;
    if (!nth_last(w, STR(""), CROWD, &crowd))
        return false;
    if (crowd != 0 && !nth_last(w, STR(""), origin.n > 0 ? ALTOGETHER : CROWD, &all))
        return false;
    if (origin.n > 0 && !nth_last(w, origin, crowd != 0 ? FROM_ONE_IN_A_CROWD : FROM_ONE_ADDRESS, &one))
        return false;
    *ret = all > one ? all : one;
    return true;
}

bool signature_door_has_room(struct filing_work *w, struct str origin)
{
    int64_t in_the_way;
    if (!oldest_in_the_way(w, origin, &in_the_way))
        return false;
    if (in_the_way == 0)
        return true;
    err_set(w->err, ERR_LIMIT, "error.too_many_sign_ins: too many requests to sign in within ten minutes");
    return err_again(w->err, in_the_way + WINDOW_MS - w->context->now.ms);
}

/* Rows that nobody will come back for; who was let in by a good signature stays on record. */
#define FORGOTTEN "purpose = 'sign_in' AND state <> 'good' AND until_at < $1"

bool filing_forget_sign_ins(struct filing_work *w)
{
    static const char origins[] = "UPDATE signature SET origin = NULL WHERE origin IS NOT NULL AND asked_at <= $1";
    static const char fetches[] = "DELETE FROM signature_fetch WHERE signature IN (SELECT id FROM signature WHERE " FORGOTTEN ")";
    static const char requests[] = "DELETE FROM signature WHERE " FORGOTTEN;
    int64_t now = w->context->now.ms;
    return filing_run(w->db, origins, VALUES(v_int(now - WINDOW_MS)), w->err) &&
           filing_run(w->db, fetches, VALUES(v_int(now - KEPT_MS)), w->err) &&
           filing_run(w->db, requests, VALUES(v_int(now - KEPT_MS)), w->err);
}
