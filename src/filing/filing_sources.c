/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whose word a finding about kinship rests on, and how old it was: read off the answers that the decision was made on, which
 * stay with the case whatever is asked later.
 */
#include "filing/filing_impl.h"

/* One answer about civil acts among the facts of the decision. */
struct told {
    int64_t id;
    enum registry_ask ask;
    struct moment answered_at;
    struct day as_of;
    struct registry_question question;
    struct registry_answer answer;
};
struct told_list {
    struct told *item;
    int count;
};

/* Ids of the answers that were the facts; silent ones are negative. */
static bool load_ids(struct filing_work *w, json_t **ret)
{
    struct db_query q;
    struct err failed;
    bool ok = true;
    *ret = NULL;
    if (!filing_query(w->db, &q, "SELECT answers FROM decision WHERE id = $1", VALUES(v_int(w->c.decision)), w->err))
        return false;
    while (ok && *ret == NULL && db_row(&q))
        ok = json_parse(db_str(&q, 0), ret, w->err);
    if (db_finish(&q, &failed))
        return ok;
    *w->err = failed;
    json_decref(*ret);
    return false;
}

static bool is_among(const json_t *ids, int64_t id)
{
    for (size_t i = 0; i < json_array_size(ids); i++) {
        if (json_integer_value(json_array_get(ids, i)) == id)
            return true;
    }
    return false;
}

static bool read_told(struct filing_work *w, struct db_query *q, struct told *ret)
{
    ret->answered_at.ms = db_int(q, 2);
    ret->as_of = filing_column_day(q, 3);
    return registry_ask_parse(db_str(q, 1), &ret->ask) &&
           registry_question_read(arena_str(&w->arena, db_str(q, 4)), &w->arena, &ret->question, w->err) &&
           registry_answer_read(arena_str(&w->arena, db_str(q, 5)), &w->arena, &ret->answer, w->err);
}

/* The live register's first, the newest first: in this order they are believed. */
static bool load_told(struct filing_work *w, const json_t *ids, struct told_list *ret)
{
    static const char select[] = "SELECT id, ask, answered_at, as_of, question, answer FROM question WHERE filing = $1 "
                                 "AND state = 'answered' AND ask IN ('family', 'family_mart') ORDER BY ask, id DESC";
    struct db_query q;
    struct err failed;
    bool ok = true;
    ret->item = ARENA_ARRAY(&w->arena, struct told, json_array_size(ids) + 1);
    ret->count = 0;
    if (!filing_query(w->db, &q, select, VALUES(v_int(w->c.id.n)), w->err))
        return false;
    while (ok && db_row(&q)) {
        if (is_among(ids, db_int(&q, 0)))
            ok = read_told(w, &q, &ret->item[ret->count++]);
    }
    if (db_finish(&q, &failed))
        return ok;
    *w->err = failed;
    return false;
}

/* A birth is taken from the answer about the child: that of a parent may name it as well, but was not looked into for it. */
static bool holds(const struct told *told, const struct kin_act *act)
{
    const struct registry_family *family = &told->answer.family;
    for (int i = 0; act->kind == KIN_ACT_BIRTH && i < family->births; i++) {
        if (str_equal(family->birth[i].act_number, act->number) && iin_equal(family->birth[i].child, told->question.person))
            return true;
    }
    for (int i = 0; act->kind == KIN_ACT_MARRIAGE && i < family->marriages; i++) {
        if (str_equal(family->marriage[i].act_number, act->number))
            return true;
    }
    return false;
}

/* To a reader two answers are one source when they say the same day, or the same minute of the live register. */
static bool same_source(const struct filing_source_view *a, const struct filing_source_view *b)
{
    return a->ask == b->ask && a->as_of.n == b->as_of.n &&
           (!day_is_none(a->as_of) || a->answered_at.ms / MINUTE_MS == b->answered_at.ms / MINUTE_MS);
}

static void add_source(struct filing_view *v, const struct told *told)
{
    struct filing_source_view source = { .ask = told->ask,
                                         .confirmed = v->decision.kinship == TRI_YES,
                                         .as_of = told->ask == REGISTRY_FAMILY_MART ? told->as_of : DAY_NONE,
                                         .answered_at = told->answered_at };
    for (int i = 0; i < v->kin_sources; i++) {
        if (same_source(&v->kin_source[i], &source))
            return;
    }
    if (v->kin_sources < KIN_PROOF_ACTS)
        v->kin_source[v->kin_sources++] = source;
}

/* Each act of the proof by the first answer that holds it. */
static void add_proof(struct filing_view *v, const struct told_list *list)
{
    const struct kin_answer *kin = v->decision.kin;
    for (int a = 0; a < kin->acts; a++) {
        for (int i = 0; i < list->count; i++) {
            if (holds(&list->item[i], &kin->act[a])) {
                add_source(v, &list->item[i]);
                break;
            }
        }
    }
}

/* Only the live register refuses; what it said first is the oldest of it. */
static void add_refusal(struct filing_view *v, const struct told_list *list)
{
    const struct told *oldest = NULL;
    for (int i = 0; i < list->count; i++) {
        const struct told *told = &list->item[i];
        if (told->ask == REGISTRY_FAMILY && (oldest == NULL || told->answered_at.ms < oldest->answered_at.ms))
            oldest = told;
    }
    if (oldest != NULL)
        add_source(v, oldest);
}

bool filing_see_sources(struct filing_work *w, struct filing_view *v)
{
    struct told_list list;
    json_t *ids;
    if (!v->has_decision || v->decision.kin == NULL)
        return true;
    if (!load_ids(w, &ids))
        return false;
    bool ok = load_told(w, ids, &list);
    json_decref(ids);
    if (ok && v->decision.kinship == TRI_YES)
        add_proof(v, &list);
    else if (ok && v->decision.kinship == TRI_NO)
        add_refusal(v, &list);
    return ok;
}

enum text_key filing_source_text(const struct filing_source_view *source)
{
    if (!source->confirmed)
        return T_SOURCE_NOT_CONFIRMED;
    if (source->ask == REGISTRY_FAMILY)
        return T_SOURCE_CONFIRMED;
    return day_is_none(source->as_of) ? T_SOURCE_MART_UNDATED : T_SOURCE_MART;
}

struct day filing_source_day(const struct filing_source_view *source)
{
    enum { KAZAKHSTAN_MINUTES = 5 * 60 };
    return day_is_none(source->as_of) ? moment_day(source->answered_at, KAZAKHSTAN_MINUTES) : source->as_of;
}
