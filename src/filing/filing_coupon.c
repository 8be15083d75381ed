/* SPDX-License-Identifier: Apache-2.0 */
/* The arrival statistical coupon: its code tables, its checks, its row. */
#include "filing/filing_impl.h"

#define PREVIOUS_PLACE_MAX 300
#define CHILDREN_MAX       20

static const char *const reasons[] = { "work", "study", "family", "return", "housing", "other", NULL };
static const char *const educations[] = { "none", "secondary", "vocational", "higher", NULL };
static const char *const maritals[] = { "single", "married", "divorced", "widowed", NULL };
static const char *const occupations[] = { "employed", "self_employed", "student", "pensioner", "not_working", NULL };
static const char *const companies[] = { "alone", "family", NULL };

const struct filing_coupon_table filing_coupon_tables[] = {
    { "reason", reasons },         { "education", educations },   { "marital", maritals },
    { "occupation", occupations }, { "arrives_with", companies },
};
const int filing_coupon_table_count = (int)(sizeof filing_coupon_tables / sizeof *filing_coupon_tables);

static bool check_code(const struct filing_coupon_table *table, struct str value, struct err *err)
{
    for (const char *const *code = table->code; *code; code++) {
        if (str_is(value, *code))
            return true;
    }
    if (value.n == 0)
        return err_set(err, ERR_INPUT, "coupon.%s: nothing is chosen", table->field);
    return err_set(err, ERR_INPUT, "coupon.%s: \"%.*s\" is not one of its codes", table->field, value.n < 40 ? (int)value.n : 40,
                   value.p);
}

static bool has_control(struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        if ((unsigned char)s.p[i] < 0x20 || s.p[i] == 0x7f)
            return true;
    }
    return false;
}

static bool check(const struct filing_coupon *coupon, struct day legal_day, struct err *err)
{
    const struct str values[] = { coupon->reason, coupon->education, coupon->marital, coupon->occupation, coupon->arrives_with };
    _Static_assert(sizeof values / sizeof *values == sizeof filing_coupon_tables / sizeof *filing_coupon_tables,
                   "one value a table");
    for (int i = 0; i < filing_coupon_table_count; i++) {
        if (!check_code(&filing_coupon_tables[i], values[i], err))
            return false;
    }
    if (coupon->children_under_14 < 0 || coupon->children_under_14 > CHILDREN_MAX)
        return err_set(err, ERR_INPUT, "coupon.children_under_14: not 0 to %d", CHILDREN_MAX);
    if (coupon->previous_place.n == 0)
        return err_set(err, ERR_INPUT, "coupon.previous_place: nothing is entered");
    if (!str_is_utf8(coupon->previous_place) || str_utf8_length(coupon->previous_place) > PREVIOUS_PLACE_MAX ||
        has_control(coupon->previous_place))
        return err_set(err, ERR_INPUT, "coupon.previous_place: not one line of at most %d characters", PREVIOUS_PLACE_MAX);
    if (day_is_none(coupon->arrived) || coupon->arrived.n > legal_day.n)
        return err_set(err, ERR_INPUT, "coupon.arrived: no day, or a day to come");
    return true;
}

bool filing_write_coupon(struct filing_work *w, const struct filing_coupon *coupon)
{
    static const char upsert[] =
        "INSERT INTO coupon (filing, reason, education, marital, occupation, arrives_with, children_under_14, previous_place, "
        "arrived) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) "
        "ON CONFLICT (filing) DO UPDATE SET reason = excluded.reason, education = excluded.education, marital = "
        "excluded.marital, "
        "occupation = excluded.occupation, arrives_with = excluded.arrives_with, children_under_14 = excluded.children_under_14, "
        "previous_place = excluded.previous_place, arrived = excluded.arrived";
    return check(coupon, w->context->legal_day, w->err) &&
           filing_run(w->db, upsert,
                      VALUES(v_int(w->c.id.n), v_str(coupon->reason), v_str(coupon->education), v_str(coupon->marital),
                             v_str(coupon->occupation), v_str(coupon->arrives_with), v_int(coupon->children_under_14),
                             v_str(coupon->previous_place), v_day(coupon->arrived)),
                      w->err);
}

bool filing_save_coupon(struct db *db, const struct filing_context *context, const struct filing_actor *actor,
                        struct filing_id id, const struct filing_coupon *coupon, struct err *err)
{
    static const char spend[] = "UPDATE code SET spent = 1 WHERE filing = $1 AND purpose = 'sign'";
    struct filing_work w;
    if (!filing_work_begin(&w, db, context, actor, id, err))
        return false;
    enum filing_state to;
    /* A code that was sent, or a signature that was asked, for the coupon as it was does not sign it as it is now. */
    return filing_work_end(&w, filing_may_act(&w) && filing_event_allowed(&w.c, EVENT_SAVE_COUPON, actor->role, &to, err) &&
                                   filing_write_coupon(&w, coupon) && filing_run(db, spend, VALUES(v_int(id.n)), err) &&
                                   filing_signatures_withdraw(&w, FILING_SIGN_APPLICATION, (struct iin){ 0 }) &&
                                   filing_move(&w, EVENT_SAVE_COUPON, ""));
}
