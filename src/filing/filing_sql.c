/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "filing/filing_impl.h"

struct filing_value v_null(void) { return (struct filing_value){ .kind = VALUE_NULL }; }
struct filing_value v_int(int64_t n) { return (struct filing_value){ .kind = VALUE_INT, .n = n }; }
struct filing_value v_at(struct moment at) { return v_int(at.ms); }
struct filing_value v_str(struct str s) { return (struct filing_value){ .kind = VALUE_STR, .s = s }; }
struct filing_value v_text(const char *text) { return text ? v_str(str_from(text)) : v_null(); }

struct filing_value v_bytes(const void *p, size_t n) { return (struct filing_value){ .kind = VALUE_BYTES, .s = { p, n } }; }

struct filing_value v_iin(struct iin iin)
{
    struct filing_value v = { .kind = iin_is_none(iin) ? VALUE_NULL : VALUE_OWN };
    _Static_assert(sizeof v.own >= IIN_TEXT && sizeof v.own >= DAY_TEXT, "room for both");
    if (v.kind == VALUE_OWN)
        iin_format(iin, v.own);
    return v;
}

struct filing_value v_day(struct day day)
{
    struct filing_value v = { .kind = day_is_none(day) ? VALUE_NULL : VALUE_OWN };
    if (v.kind == VALUE_OWN)
        day_format(day, v.own);
    return v;
}

static void bind(struct db_query *q, int parameter, const struct filing_value *value)
{
    switch (value->kind) {
    case VALUE_NULL: db_bind_null(q, parameter); break;
    case VALUE_INT: db_bind_int(q, parameter, value->n); break;
    case VALUE_STR: db_bind_str(q, parameter, value->s); break;
    case VALUE_BYTES: db_bind_bytes(q, parameter, value->s); break;
    case VALUE_OWN: db_bind_str(q, parameter, str_from(value->own)); break;
    }
}

bool filing_query(struct db *db, struct db_query *ret, const char *sql, const struct filing_value *value, int count,
                  struct err *err)
{
    if (!db_query(db, ret, sql, err))
        return false;
    for (int i = 0; i < count; i++)
        bind(ret, i + 1, &value[i]);
    return true;
}

bool filing_run(struct db *db, const char *sql, const struct filing_value *value, int count, struct err *err)
{
    struct db_query q;
    if (!filing_query(db, &q, sql, value, count, err))
        return false;
    while (db_row(&q))
        ;
    return db_finish(&q, err);
}

bool filing_number_of(struct db *db, const char *sql, const struct filing_value *value, int count, int64_t otherwise,
                      int64_t *ret, struct err *err)
{
    struct db_query q;
    int64_t n = otherwise;
    if (!filing_query(db, &q, sql, value, count, err))
        return false;
    while (db_row(&q))
        n = db_is_null(&q, 0) ? otherwise : db_int(&q, 0);
    if (!db_finish(&q, err))
        return false;
    *ret = n;
    return true;
}

struct iin filing_column_iin(struct db_query *q, int column)
{
    struct iin iin = { 0 };
    iin_parse(db_str(q, column), &iin);
    return iin;
}

struct day filing_column_day(struct db_query *q, int column)
{
    struct day day = DAY_NONE;
    day_parse(db_str(q, column), &day);
    return day;
}
