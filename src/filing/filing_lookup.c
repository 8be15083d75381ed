/* SPDX-License-Identifier: Apache-2.0 */
/* Questions outside a case: a citizen's dwellings, a search, a clerk's look at a dwelling. */
#include <inttypes.h>

#include "filing/filing_impl.h"

#define SAME_MS (5 * MINUTE_MS)

/* What each role may ask about.  A citizen: the own record, dwellings (the register of rights is open for a search). */
static bool may_ask(const struct filing_actor *actor, const struct registry_question *question)
{
    switch (question->ask) {
    case REGISTRY_PERSON:
        return actor->role == FILING_HALL || actor->role == FILING_RECEPTION || iin_equal(question->person, actor->person);
    case REGISTRY_CAPACITY: return actor->role == FILING_HALL;
    case REGISTRY_DWELLING:
    case REGISTRY_DWELLINGS_OF: return actor->role != FILING_SYSTEM;
    default: return false;
    }
}

static bool find_same(struct filing_work *w, const struct registry_question *question, int64_t *ret)
{
    static const char select[] =
        "SELECT id, question FROM question WHERE owner = $1 AND asked_at > $2 AND ask = $3 AND purpose = 'lookup' "
        "AND state IN ('open', 'answered') ORDER BY id DESC LIMIT 50";
    struct db_query q;
    *ret = 0;
    if (!filing_query(
            w->db, &q, select,
            VALUES(v_iin(w->actor->person), v_int(w->context->now.ms - SAME_MS), v_text(registry_ask_name(question->ask))),
            w->err))
        return false;
    while (*ret == 0 && db_row(&q)) {
        struct registry_question other;
        struct err ignored;
        if (registry_question_read(arena_str(&w->arena, db_str(&q, 1)), &w->arena, &other, &ignored) &&
            registry_question_same(&other, question))
            *ret = db_int(&q, 0);
    }
    return db_finish(&q, w->err);
}

/* A look at what was asked a moment ago is a look as well: it is audited like the first. */
static bool ask(struct filing_work *w, const struct registry_question *question, int64_t *ret_id)
{
    struct filing_post post = { .purpose = "lookup", .owner = w->actor->person };
    struct str detail = arena_printf(&w->arena, "%s", registry_ask_name(question->ask));
    return (*ret_id != 0 || filing_post(w, question, &post, ret_id)) && filing_audit(w, "lookup", filing_purpose_of(w), detail.p);
}

bool filing_look_up(struct db *db, const struct filing_context *context, const struct filing_actor *actor,
                    const struct registry_question *question, int64_t *ret_id, struct err *err)
{
    struct filing_work w;
    int64_t id = 0;
    if (iin_is_none(actor->person) || !may_ask(actor, question))
        return err_set(err, ERR_FORBIDDEN, "error.not_yours: the role %s may not ask for %s of this person",
                       filing_role_name(actor->role), registry_ask_name(question->ask));
    if (!filing_work_begin(&w, db, context, actor, (struct filing_id){ 0 }, err))
        return false;
    bool ok = find_same(&w, question, &id) && ask(&w, question, &id);
    if (!filing_work_end(&w, ok))
        return false;
    *ret_id = id;
    return true;
}

static bool read_lookup(struct db_query *q, struct arena *arena, struct filing_lookup *ret, struct err *err)
{
    struct str state = db_str(q, 1);
    ret->id = db_int(q, 0);
    if (!registry_question_read(arena_str(arena, db_str(q, 2)), arena, &ret->question, err))
        return false;
    ret->state = str_is(state, "answered") ? FILING_LOOKUP_ANSWERED
                 : str_is(state, "open")   ? FILING_LOOKUP_OPEN
                                           : FILING_LOOKUP_SILENT;
    if (ret->state == FILING_LOOKUP_ANSWERED)
        return registry_answer_read(arena_str(arena, db_str(q, 3)), arena, &ret->answer, err);
    ret->answer = (struct registry_answer){ .ask = ret->question.ask, .status = REGISTRY_SILENT, .as_of = DAY_NONE };
    return true;
}

bool filing_lookup_read(struct db *db, const struct filing_actor *actor, int64_t id, struct arena *arena,
                        struct filing_lookup *ret, struct err *err)
{
    static const char select[] =
        "SELECT id, state, question, answer FROM question WHERE id = $1 AND owner = $2 AND purpose = 'lookup'";
    struct db_query q;
    bool found = false, ok = true;
    struct filing_lookup lookup = { 0 };
    struct err failed;
    if (!filing_query(db, &q, select, VALUES(v_int(id), v_iin(actor->person)), err))
        return false;
    while (db_row(&q)) {
        found = true;
        ok = read_lookup(&q, arena, &lookup, err);
    }
    if (!db_finish(&q, &failed)) {
        *err = failed;
        return false;
    }
    if (!found)
        return err_set(err, ERR_NOT_FOUND, "there is no look-up %" PRId64 " of this person", id);
    if (ok)
        *ret = lookup;
    return ok;
}
