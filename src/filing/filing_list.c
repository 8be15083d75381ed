/* SPDX-License-Identifier: Apache-2.0 */
/* Lists of cases. */
#include "filing/filing_impl.h"

#define ROWS_MAX 100
#define TWIN_MS  (10 * MINUTE_MS)

/* The newest answer about the dwelling gives the address. */
#define COLUMNS                                                                                                                  \
    "f.id, f.state, f.service, f.channel, f.changed_at, f.applicant, "                                                           \
    "(SELECT q.answer FROM question q WHERE q.filing = f.id AND q.ask = 'dwelling' AND q.state = 'answered' "                    \
    "AND q.purpose = 'decide' ORDER BY q.id DESC LIMIT 1)"

static bool read_row(struct db_query *q, struct arena *arena, struct filing_row *ret, struct err *err)
{
    *ret = (struct filing_row){ .id = { db_int(q, 0) },
                                .changed_at = { db_int(q, 4) },
                                .applicant = filing_column_iin(q, 5),
                                .my_consent_wanted = db_int(q, 7) != 0 };
    filing_number(ret->id, ret->number);
    if (!filing_state_parse(db_str(q, 1), &ret->state) || !law_service_parse(db_str(q, 2), &ret->service) ||
        !law_channel_parse(db_str(q, 3), &ret->channel))
        return err_set(err, ERR_SYSTEM, "%s: the row has a name that is not known", ret->number);
    if (db_is_null(q, 6))
        return true;
    struct registry_answer answer;
    if (!registry_answer_read(arena_str(arena, db_str(q, 6)), arena, &answer, err))
        return false;
    ret->address_kk = answer.dwelling.address_kk;
    ret->address_ru = answer.dwelling.address_ru;
    return true;
}

static bool read_rows(struct db_query *q, struct arena *arena, struct filing_row **ret, int *ret_count, struct err *err)
{
    struct filing_row *rows = ARENA_ARRAY(arena, struct filing_row, ROWS_MAX);
    struct err failed;
    int count = 0;
    bool ok = true;
    while (ok && count < ROWS_MAX && db_row(q))
        ok = read_row(q, arena, &rows[count++], err);
    if (!db_finish(q, &failed)) {
        *err = failed;
        return false;
    }
    if (ok) {
        *ret = rows;
        *ret_count = count;
    }
    return ok;
}

bool filing_list_mine(struct db *db, struct iin person, struct arena *arena, struct filing_row **ret, int *ret_count,
                      struct err *err)
{
    static const char select[] =
        "SELECT " COLUMNS ", coalesce((SELECT CASE WHEN c.given IS NULL AND f.state = 'consent' THEN 1 ELSE 0 END "
        "FROM consent c WHERE c.filing = f.id AND c.person = $1), 0) "
        "FROM filing f WHERE f.id IN (SELECT id FROM filing WHERE applicant = $1 AND channel IN ('portal', 'mobile') "
        "UNION SELECT filing FROM consent WHERE person = $1) ORDER BY f.changed_at DESC, f.id DESC LIMIT 100";
    struct db_query q;
    return filing_query(db, &q, select, VALUES(v_iin(person)), err) && read_rows(&q, arena, ret, ret_count, err);
}

bool filing_find_twin(struct db *db, const struct filing_context *context, const struct filing_opening *opening,
                      struct filing_id *ret, struct err *err)
{
    static const char select[] =
        "SELECT max(id) FROM filing WHERE applicant = $1 AND rka = $2 AND service = $3 AND months = $4 AND channel = $5 "
        "AND opened_at > $6 AND state IN ('asking', 'waiting', 'choosing', 'not_confirmed', 'coupon', 'signing', 'consent')";
    return filing_number_of(db, select,
                            VALUES(v_iin(opening->applicant), v_str(opening->rka), v_text(law_service_name(opening->service)),
                                   v_int(opening->months), v_text(law_channel_name(opening->channel)),
                                   v_int(context->now.ms - TWIN_MS)),
                            0, &ret->n, err);
}

bool filing_list_desk(struct db *db, enum law_channel channel, struct arena *arena, struct filing_row **ret, int *ret_count,
                      struct err *err)
{
    static const char select[] =
        "SELECT " COLUMNS ", 0 FROM filing f WHERE f.channel = $1 ORDER BY f.changed_at DESC, f.id DESC LIMIT 100";
    struct db_query q;
    return filing_query(db, &q, select, VALUES(v_text(law_channel_name(channel))), err) &&
           read_rows(&q, arena, ret, ret_count, err);
}
