/* SPDX-License-Identifier: Apache-2.0 */
/* The stored answers of a case: what is known when it is decided. */
#include <string.h>

#include "filing/filing_impl.h"

static bool read_stored(struct filing_work *w, struct db_query *q, struct filing_stored *ret)
{
    struct arena *arena = &w->arena;
    *ret = (struct filing_stored){ .id = db_int(q, 0), .silent = str_is(db_str(q, 1), "silent"), .again = db_int(q, 4) != 0 };
    if (!registry_question_read(arena_str(arena, db_str(q, 2)), arena, &ret->question, w->err))
        return false;
    if (ret->silent) {
        ret->answer = (struct registry_answer){ .ask = ret->question.ask, .status = REGISTRY_SILENT, .as_of = DAY_NONE };
        return true;
    }
    ret->json = arena_str(arena, db_str(q, 3));
    return registry_answer_read(ret->json, arena, &ret->answer, w->err);
}

static bool count_stored(struct filing_work *w, int *ret_count, int *ret_open)
{
    static const char count[] =
        "SELECT count(*), count(*) FILTER (WHERE state = 'open' AND again = 0 AND purpose = 'decide') FROM question "
        "WHERE filing = $1 AND superseded = 0 AND purpose IN ('decide', 'people', 'recheck') "
        "AND state IN ('open', 'silent', 'answered')";
    struct db_query q;
    if (!filing_query(w->db, &q, count, VALUES(v_int(w->c.id.n)), w->err))
        return false;
    while (db_row(&q)) {
        *ret_count = (int)db_int(&q, 0);
        *ret_open = (int)db_int(&q, 1);
    }
    return db_finish(&q, w->err);
}

/* Silent ones first: an answer to the same question, however old, then stands. */
bool filing_answers_load(struct filing_work *w, struct filing_answers *ret)
{
    static const char select[] = "SELECT id, state, question, answer, again FROM question WHERE filing = $1 AND superseded = 0 "
                                 "AND purpose IN ('decide', 'people', 'recheck') AND state IN ('silent', 'answered') "
                                 "ORDER BY state = 'answered', id";
    struct db_query q;
    int room = 0;
    bool ok = true;
    *ret = (struct filing_answers){ 0 };
    if (!count_stored(w, &room, &ret->open))
        return false;
    ret->item = ARENA_ARRAY(&w->arena, struct filing_stored, room + 1);
    if (!filing_query(w->db, &q, select, VALUES(v_int(w->c.id.n)), w->err))
        return false;
    while (ok && ret->count < room && db_row(&q))
        ok = read_stored(w, &q, &ret->item[ret->count++]);
    struct err failed;
    if (db_finish(&q, &failed))
        return ok;
    *w->err = failed;
    return false;
}

const struct registry_person *filing_person_of(const struct filing_answers *answers, struct iin person)
{
    for (int i = answers->count - 1; i >= 0; i--) {
        const struct filing_stored *s = &answers->item[i];
        if (!s->silent && s->question.ask == REGISTRY_PERSON && iin_equal(s->question.person, person))
            return &s->answer.person;
    }
    return NULL;
}

const struct registry_dwelling *filing_dwelling_of(const struct filing_answers *answers, struct str rka)
{
    for (int i = answers->count - 1; i >= 0; i--) {
        const struct filing_stored *s = &answers->item[i];
        if (!s->silent && s->question.ask == REGISTRY_DWELLING && str_equal(s->question.rka, rka))
            return &s->answer.dwelling;
    }
    return NULL;
}

bool filing_is_asked(const struct filing_answers *answers, const struct registry_question *question)
{
    for (int i = 0; i < answers->count; i++) {
        if (registry_question_same(&answers->item[i].question, question))
            return true;
    }
    return false;
}
