/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Another degree that is on record: the applicant whose own choice was not confirmed is told what the mart has instead.
 *
 * It answers one question only - which choice of 10.4 would be right - about one pair of sides only: the applicant of this case
 * and the owners of this dwelling.  Whose degree it is where there are several owners, persons and acts never leave this file.
 * Each look is an audit entry, and there are not many of them: whoever guesses learns no more than by choosing each relation.
 */
#include <inttypes.h>

#include "filing/filing_impl.h"
#include "kin/mart.h"

enum { LOOKS_A_CASE = 3, LOOKS_A_DAY = 10 };

static const struct law_relation nothing = { .degree = LAW_NO_DEGREE };

static bool count_looks(struct filing_work *w, int64_t *ret_here, int64_t *ret_case, int64_t *ret_day)
{
    static const char here[] = "SELECT count(*) FROM other_degree WHERE decision = $1";
    static const char of_case[] = "SELECT count(*) FROM other_degree WHERE filing = $1";
    static const char of_day[] = "SELECT count(*) FROM other_degree WHERE applicant = $1 AND looked_at > $2";
    return filing_number_of(w->db, here, VALUES(v_int(w->c.decision)), 0, ret_here, w->err) &&
           filing_number_of(w->db, of_case, VALUES(v_int(w->c.id.n)), 0, ret_case, w->err) &&
           filing_number_of(w->db, of_day, VALUES(v_iin(w->c.applicant), v_int(w->context->now.ms - 24 * HOUR_MS)), 0, ret_day,
                            w->err);
}

/* Only after a choice of the applicant's own has failed, once for each such decision, and within the limits. */
static bool may_look(struct filing_work *w, const struct law_decision *decision, bool *ret)
{
    bool online = w->c.channel == LAW_PORTAL || w->c.channel == LAW_MOBILE;
    int64_t here, in_case, in_day;
    *ret = false;
    if (!online || decision->outcome != LAW_KINSHIP_NOT_CONFIRMED)
        return true;
    if (!count_looks(w, &here, &in_case, &in_day))
        return false;
    *ret = here == 0 && in_case < LOOKS_A_CASE && in_day < LOOKS_A_DAY;
    return true;
}

static bool is_before(const struct kin_relation *found, struct law_relation best)
{
    return (int)found->degree < (int)best.degree;
}

/* The first in the order of 10.4 that the policy offers and that was not the choice itself. */
static void consider(const struct filing_work *w, const struct policy_readings *readings, const struct kin_mart *mart,
                     struct iin owner, struct law_relation *best)
{
    struct kin_options options = readings->kin;
    struct kin_relation found[KIN_RELATIONS_MAX];
    options.either_side = false; /* the side that is told is the one on record */
    int count = kin_mart_relations(mart, &options, w->c.legal_day, w->c.applicant, owner, found);
    for (int i = 0; i < count; i++) {
        enum law_degree degree = (enum law_degree)found[i].degree;
        bool chosen = degree == w->c.relation.degree && found[i].side == w->c.relation.side;
        if (!chosen && is_before(&found[i], *best) && law_degree_offered(degree, readings))
            *best = (struct law_relation){ degree, found[i].side };
    }
}

static struct law_relation find(const struct filing_work *w, const struct kin_mart *mart, const struct filing_answers *answers)
{
    const struct registry_dwelling *dwelling = filing_dwelling_of(answers, w->c.rka);
    struct law_relation best = nothing;
    struct policy_readings readings;
    policy_on(w->context->policy, w->c.legal_day, &readings);
    for (int i = 0; dwelling != NULL && i < dwelling->owners; i++) {
        struct iin owner = dwelling->owner[i].id;
        if (iin_kind_of(owner) == IIN_PERSON && !iin_equal(owner, w->c.applicant))
            consider(w, &readings, mart, owner, &best);
    }
    return best;
}

static bool store(struct filing_work *w, struct law_relation found, struct day as_of)
{
    static const char insert[] = "INSERT INTO other_degree (decision, filing, applicant, looked_at, degree, side, as_of) "
                                 "VALUES ($1, $2, $3, $4, $5, $6, $7)";
    bool any = found.degree != LAW_NO_DEGREE, sided = found.side != KIN_SIDE_NONE;
    char day[DAY_TEXT];
    struct str detail = arena_printf(&w->arena, "decision=%" PRId64 " mart=%s %s", w->c.decision, day_format(as_of, day),
                                     any ? "told" : "nothing on record");
    return filing_run(w->db, insert,
                      VALUES(v_int(w->c.decision), v_int(w->c.id.n), v_iin(w->c.applicant), v_at(w->context->now),
                             v_text(any ? law_degree_name(found.degree) : NULL), v_text(sided ? kin_side_name(found.side) : NULL),
                             v_day(as_of)),
                      w->err) &&
           filing_audit(w, "other_degree", FILING_FOR_APPLICANT, detail.p);
}

bool filing_look_for_other(struct filing_work *w, const struct filing_answers *answers, const struct law_decision *decision)
{
    struct kin_mart_info info;
    bool may;
    if (!may_look(w, decision, &may))
        return false;
    const struct kin_mart *mart = may ? kin_follow_take(w->context->mart) : NULL;
    if (mart == NULL)
        return true;
    kin_mart_info(mart, &info);
    struct law_relation found = find(w, mart, answers);
    kin_follow_give(w->context->mart, mart);
    return store(w, found, info.as_of);
}

/* The refusal was decided where there was no mart: it is made good when the applicant comes to choose again. */
bool filing_look_for_other_now(struct filing_work *w)
{
    struct filing_answers answers;
    struct law_decision decision;
    return w->context->mart == NULL || (filing_answers_load(w, &answers) && filing_decision_load(w, &decision) &&
                                        filing_look_for_other(w, &answers, &decision));
}

bool filing_other_load(struct filing_work *w, struct law_relation *ret, struct day *ret_as_of)
{
    static const char select[] = "SELECT degree, side, as_of FROM other_degree WHERE decision = $1 AND degree IS NOT NULL";
    struct db_query q;
    *ret = nothing;
    *ret_as_of = DAY_NONE;
    if (w->c.state != FILING_NOT_CONFIRMED && w->c.state != FILING_CHOOSING)
        return true;
    if (!filing_query(w->db, &q, select, VALUES(v_int(w->c.decision)), w->err))
        return false;
    while (db_row(&q)) {
        law_degree_parse(db_str(&q, 0), &ret->degree);
        kin_side_parse(db_str(&q, 1), &ret->side);
        *ret_as_of = filing_column_day(&q, 2);
    }
    return db_finish(&q, w->err);
}
