/* SPDX-License-Identifier: Apache-2.0 */
/* The frame of every step: transaction, case, access. */
#include "filing/filing_impl.h"

const struct filing_actor filing_system_actor = { .role = FILING_SYSTEM };

static bool open_scope(struct filing_work *w, bool reads)
{
    /* Who reads gets its snapshot by a savepoint: BEGIN IMMEDIATE would want to write. */
    w->savepoint = reads || db_in_transaction(w->db) || db_is_read_only(w->db);
    return w->savepoint ? db_savepoint(w->db, w->err) : db_begin(w->db, w->err);
}

static void undo_scope(struct filing_work *w)
{
    if (w->savepoint)
        db_savepoint_rollback(w->db);
    else
        db_rollback(w->db);
}

static bool begin(struct filing_work *w, bool reads, struct filing_id id)
{
    if (!open_scope(w, reads))
        return false;
    arena_init(&w->arena, 0);
    if (id.n == 0 || filing_case_load(w, id))
        return true;
    undo_scope(w);
    arena_release(&w->arena);
    return false;
}

bool filing_work_begin(struct filing_work *w, struct db *db, const struct filing_context *context,
                       const struct filing_actor *actor, struct filing_id id, struct err *err)
{
    *w = (struct filing_work){ .db = db, .context = context, .actor = actor, .err = err };
    return begin(w, false, id);
}

bool filing_work_begin_reading(struct filing_work *w, struct db *db, const struct filing_context *context, struct err *err)
{
    *w = (struct filing_work){ .db = db, .context = context, .actor = &filing_system_actor, .err = err };
    return begin(w, true, (struct filing_id){ 0 });
}

bool filing_work_end(struct filing_work *w, bool ok)
{
    struct err failed;
    if (ok || (w->keep && w->err->kind != ERR_SYSTEM)) {
        if (!(w->savepoint ? db_savepoint_release(w->db, &failed) : db_commit(w->db, &failed))) {
            undo_scope(w);
            *w->err = failed;
            ok = false;
        }
    } else {
        undo_scope(w);
    }
    arena_release(&w->arena);
    return ok;
}

bool filing_is_desk_clerk(const struct filing_case *c, const struct filing_actor *actor)
{
    return (actor->role == FILING_RECEPTION && c->channel == LAW_RECEPTION) ||
           (actor->role == FILING_HALL && c->channel == LAW_HALL);
}

bool filing_refuse_access(struct filing_work *w)
{
    if (!db_is_read_only(w->db)) {
        if (!filing_audit(w, "refused", filing_purpose_of(w), "not the actor's case"))
            return false;
        w->keep = true;
    }
    return err_set(w->err, ERR_FORBIDDEN, "error.not_yours: %s is not a case of this person or desk", w->c.number);
}

bool filing_may_act(struct filing_work *w)
{
    const struct filing_actor *actor = w->actor;
    bool online = w->c.channel == LAW_PORTAL || w->c.channel == LAW_MOBILE;
    if (actor->role == FILING_CITIZEN && online && iin_equal(actor->person, w->c.applicant))
        return true;
    return filing_is_desk_clerk(&w->c, actor) || filing_refuse_access(w);
}
