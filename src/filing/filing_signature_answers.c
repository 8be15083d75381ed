/* SPDX-License-Identifier: Apache-2.0 */
/* What is known of a signature, or will be once what has arrived is stored: the answers that were fetched for it. */
#include "filing/filing_signature_impl.h"

#define ANSWERS_MAX 16

static bool load_lists(struct filing_work *w, int64_t id, const struct signature_arrival *arrival, bool with_bytes,
                       struct arena *arena, struct signature_answers *ret)
{
    static const char select[] =
        "SELECT f.id, f.url, l.fetched_at, l.list FROM signature_fetch f LEFT JOIN revocation_list l ON l.url = f.url "
        "WHERE f.signature = $1 AND f.kind = 'crl' AND (l.url IS NOT NULL OR f.url = $2) ORDER BY f.id";
    bool came = arrival && arrival->answer.p && arrival->fetch->kind == FILING_FETCH_CRL;
    struct str url = came ? arrival->fetch->url : STR("");
    struct db_query q;
    if (!filing_query(w->db, &q, select, VALUES(v_int(id), v_str(url)), w->err))
        return false;
    ret->crl = ARENA_ARRAY(arena, struct str, ANSWERS_MAX);
    ret->list = ARENA_ARRAY(arena, struct signature_list, ANSWERS_MAX);
    while (ret->crls < ANSWERS_MAX && db_row(&q)) {
        bool fresh = came && str_equal(db_str(&q, 1), url);
        ret->list[ret->crls] = (struct signature_list){ arena_str(arena, db_str(&q, 1)), fresh ? -1 : db_int(&q, 2) };
        if (with_bytes)
            ret->crl[ret->crls] = fresh ? arrival->answer : arena_str(arena, db_str(&q, 3));
        ret->crls++;
    }
    return db_finish(&q, w->err);
}

static void add(struct signature_answers *to, struct str kind, struct str answer)
{
    if (str_is(kind, "timestamp"))
        to->timestamp = answer;
    else if (str_is(kind, "verdict"))
        to->external = answer;
    else if (to->ocsps < ANSWERS_MAX)
        to->ocsp[to->ocsps++] = answer;
}

bool signature_answers_load(struct filing_work *w, int64_t id, const struct signature_arrival *arrival, bool with_lists,
                            struct arena *arena, struct signature_answers *ret)
{
    static const char select[] = "SELECT id, kind, answer FROM signature_fetch WHERE signature = $1 AND kind <> 'crl' "
                                 "AND (answer IS NOT NULL OR id = $2) ORDER BY id";
    int64_t came = arrival && arrival->answer.p ? arrival->fetch->id : 0;
    struct db_query q;
    *ret = (struct signature_answers){ .ocsp = ARENA_ARRAY(arena, struct str, ANSWERS_MAX) };
    if (!filing_query(w->db, &q, select, VALUES(v_int(id), v_int(came)), w->err))
        return false;
    while (db_row(&q))
        add(ret, db_str(&q, 1), db_int(&q, 0) == came ? arrival->answer : arena_str(arena, db_str(&q, 2)));
    return db_finish(&q, w->err) && load_lists(w, id, arrival, with_lists, arena, ret);
}
