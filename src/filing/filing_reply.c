/* SPDX-License-Identifier: Apache-2.0 */
/* What requests with a key were answered: found again for a day. */
#include <string.h>

#include "filing/filing_impl.h"

#define LIFE_MS (24 * HOUR_MS)

void filing_keyed_of(const struct filing_actor *actor, struct str key, struct str request, struct filing_keyed *ret)
{
    struct buf text;
    char person[IIN_TEXT];
    buf_init(&text, key.n + request.n + 200);
    buf_addf(&text, "%s %s " STR_FMT, iin_format(actor->person, person), filing_role_name(actor->role), STR_ARG(key));
    digest_hex(buf_str(&text), ret->key);
    /* With the key, which is not stored: what was sent cannot be found by trying all there is. */
    buf_add_char(&text, '\n');
    buf_add_str(&text, request);
    digest_hex(buf_str(&text), ret->request);
    buf_release(&text);
}

static bool load(struct filing_work *w, const struct filing_keyed *keyed, struct arena *arena, struct filing_reply *ret,
                 bool *ret_found)
{
    static const char select[] = "SELECT request, filing, status, headers, body FROM reply WHERE key = $1 AND kept_at > $2";
    struct db_query q;
    bool same = true;
    *ret_found = false;
    if (!filing_query(w->db, &q, select, VALUES(v_text(keyed->key), v_int(w->context->now.ms - LIFE_MS)), w->err))
        return false;
    while (db_row(&q)) {
        *ret_found = true;
        same = str_is(db_str(&q, 0), keyed->request);
        *ret = (struct filing_reply){ .filing = { db_int(&q, 1) },
                                      .status = (int)db_int(&q, 2),
                                      .headers = arena_str(arena, db_str(&q, 3)),
                                      .body = arena_str(arena, db_str(&q, 4)) };
    }
    if (!db_finish(&q, w->err))
        return false;
    return same || err_set(w->err, ERR_INPUT, "error.idempotency_key_reused: this key came with another request");
}

/* It shows again what was read then. */
static bool leave_trace(struct filing_work *w, struct filing_id filing)
{
    return filing.n == 0 || (filing_case_load(w, filing) && filing_audit(w, "repeat", filing_purpose_of(w), ""));
}

bool filing_reply_find(struct db *db, const struct filing_context *context, const struct filing_actor *actor,
                       const struct filing_keyed *keyed, struct arena *arena, struct filing_reply *ret, bool *ret_found,
                       struct err *err)
{
    struct filing_reply reply = { 0 };
    struct filing_work w;
    bool found;
    if (!filing_work_begin(&w, db, context, actor, (struct filing_id){ 0 }, err))
        return false;
    if (!filing_work_end(&w, load(&w, keyed, arena, &reply, &found) && (!found || leave_trace(&w, reply.filing))))
        return false;
    *ret = reply;
    *ret_found = found;
    return true;
}

bool filing_reply_keep(struct db *db, const struct filing_context *context, const struct filing_keyed *keyed,
                       const struct filing_reply *reply, struct err *err)
{
    /* One that is older than a day and that the timers have not come to. */
    static const char insert[] = "INSERT OR REPLACE INTO reply (key, request, filing, kept_at, status, headers, body) "
                                 "VALUES ($1, $2, $3, $4, $5, $6, $7)";
    return filing_run(db, insert,
                      VALUES(v_text(keyed->key), v_text(keyed->request), v_int(reply->filing.n), v_at(context->now),
                             v_int(reply->status), v_str(reply->headers), v_str(reply->body)),
                      err);
}

bool filing_forget_replies(struct filing_work *w)
{
    static const char old[] = "DELETE FROM reply WHERE kept_at <= $1";
    return filing_run(w->db, old, VALUES(v_int(w->context->now.ms - LIFE_MS)), w->err);
}
