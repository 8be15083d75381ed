/* SPDX-License-Identifier: Apache-2.0 */
/* Every stored decision once more, on the answers that it was made on. */
#include <string.h>

#include "base/json.h"
#include "filing/filing_impl.h"

#define JSON_LIMIT (1 << 20)

struct replay {
    struct filing_work w;
    int64_t decision;
    struct moment decided_at;
    struct law_relation relation;
    struct str then_json, policy, answers;
};

static struct str public_json(struct arena *arena, const struct law_decision *decision)
{
    struct buf text;
    struct json j;
    buf_init(&text, JSON_LIMIT);
    json_init(&j, &text);
    json_open_object(&j);
    law_decision_write(decision, &j);
    json_end(&j);
    struct str json = arena_str(arena, buf_str(&text));
    buf_release(&text);
    return json;
}

static bool load_answer(struct replay *r, int64_t id, struct filing_stored *ret)
{
    static const char select[] = "SELECT question, answer FROM question WHERE id = $1";
    struct arena *arena = &r->w.arena;
    struct db_query q;
    struct err failed;
    bool ok = true, found = false;
    *ret = (struct filing_stored){ .id = id < 0 ? -id : id, .silent = id < 0 };
    if (!filing_query(r->w.db, &q, select, VALUES(v_int(ret->id)), r->w.err))
        return false;
    while (ok && db_row(&q)) {
        found = true;
        ok = registry_question_read(arena_str(arena, db_str(&q, 0)), arena, &ret->question, r->w.err);
        ret->answer = (struct registry_answer){ .ask = ret->question.ask, .status = REGISTRY_SILENT, .as_of = DAY_NONE };
        if (ok && !ret->silent)
            ok = registry_answer_read(arena_str(arena, db_str(&q, 1)), arena, &ret->answer, r->w.err);
    }
    if (!db_finish(&q, &failed)) {
        *r->w.err = failed;
        return false;
    }
    return ok && (found || err_set(r->w.err, ERR_SYSTEM, "%s: a stored answer is missing", r->w.c.number));
}

static bool load_answers(struct replay *r, struct filing_answers *ret)
{
    json_t *ids;
    bool ok = true;
    *ret = (struct filing_answers){ 0 };
    if (!json_parse(r->answers, &ids, r->w.err))
        return false;
    size_t n = json_array_size(ids);
    ret->item = ARENA_ARRAY(&r->w.arena, struct filing_stored, n + 1);
    for (size_t i = 0; ok && i < n; i++)
        ok = load_answer(r, json_integer_value(json_array_get(ids, i)), &ret->item[ret->count++]);
    json_decref(ids);
    return ok;
}

static bool same_reasons(const struct law_decision *a, const struct law_decision *b)
{
    bool same = a->reasons == b->reasons;
    for (int i = 0; same && i < a->reasons; i++)
        same = a->reason[i].code == b->reason[i].code && iin_equal(a->reason[i].person, b->reason[i].person);
    return same;
}

static bool same_paragraph(const char *a, const char *b) { return a && b ? strcmp(a, b) == 0 : a == b; }

static bool compare(struct replay *r, void (*differs)(void *context, const struct filing_replayed *found), void *callback_context)
{
    struct arena *arena = &r->w.arena;
    struct filing_answers answers;
    struct law_decision then, now;
    if (!filing_decision_read(r->then_json, arena, &then, r->w.err) || !load_answers(r, &answers))
        return false;
    struct inquiry *q = ARENA_NEW(arena, struct inquiry);
    filing_inquire(&r->w, &answers, r->relation, q, &now);
    bool reasons_differ = !same_reasons(&then, &now);
    if (then.outcome == now.outcome && same_paragraph(then.paragraph, now.paragraph) && !reasons_differ)
        return true;
    struct filing_replayed found = { .decision = r->decision,
                                     .decided_at = r->decided_at,
                                     .then_policy = arena_text(arena, r->policy),
                                     .then_paragraph = then.paragraph,
                                     .now_paragraph = now.paragraph,
                                     .then = then.outcome,
                                     .now = now.outcome,
                                     .reasons_differ = reasons_differ,
                                     .then_json = public_json(arena, &then),
                                     .now_json = public_json(arena, &now) };
    memcpy(found.number, r->w.c.number, sizeof found.number);
    differs(callback_context, &found);
    return true;
}

/* The next decision after `after`; *ret_found false at the end. */
static bool load_next(struct replay *r, int64_t after, int64_t from, bool *ret_found)
{
    static const char select[] = "SELECT id, filing, decided_at, degree, side, decision, policy, answers FROM decision "
                                 "WHERE id > $1 AND decided_at >= $2 ORDER BY id LIMIT 1";
    struct arena *arena = &r->w.arena;
    struct db_query q;
    int64_t filing = 0;
    if (!filing_query(r->w.db, &q, select, VALUES(v_int(after), v_int(from)), r->w.err))
        return false;
    while (db_row(&q)) {
        filing = db_int(&q, 1);
        r->decision = db_int(&q, 0);
        r->decided_at.ms = db_int(&q, 2);
        r->relation = (struct law_relation){ .degree = LAW_NO_DEGREE };
        law_degree_parse(db_str(&q, 3), &r->relation.degree);
        kin_side_parse(db_str(&q, 4), &r->relation.side);
        r->then_json = arena_str(arena, db_str(&q, 5));
        r->policy = arena_str(arena, db_str(&q, 6));
        r->answers = arena_str(arena, db_str(&q, 7));
    }
    *ret_found = filing != 0;
    return db_finish(&q, r->w.err) && (filing == 0 || filing_case_load(&r->w, (struct filing_id){ filing }));
}

bool filing_replay(struct db *db, const struct policy *policy, struct day from,
                   void (*differs)(void *context, const struct filing_replayed *found), void *callback_context,
                   int64_t *ret_decisions, struct err *err)
{
    const struct filing_context context = { .policy = policy, .legal_day = DAY_NONE };
    struct replay r = { .w = { .db = db, .context = &context, .actor = &filing_system_actor, .err = err } };
    int64_t after = 0, count = 0, day_ms = 24 * HOUR_MS;
    bool found = true, ok = true;
    int64_t since = day_is_none(from) ? INT64_MIN : from.n * day_ms;
    arena_init(&r.w.arena, 0);
    while (ok && found) {
        arena_reset(&r.w.arena);
        ok = load_next(&r, after, since, &found) && (!found || compare(&r, differs, callback_context));
        after = r.decision;
        count += found;
    }
    arena_release(&r.w.arena);
    if (ok)
        *ret_decisions = count;
    return ok;
}
