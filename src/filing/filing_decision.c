/* SPDX-License-Identifier: Apache-2.0 */
/* The stored form of a decision: all of struct law_decision as JSON, names instead of numbers, and back. */
#include <string.h>

#include "base/digest.h"
#include "base/json.h"
#include "filing/filing_impl.h"

#define DECISION_LIMIT (1 << 20)

/* ---- out ---- */

static void write_reasons(const struct law_decision *d, struct json *j)
{
    json_key(j, "reasons");
    json_open_array(j);
    for (int i = 0; i < d->reasons; i++) {
        const struct law_reason *r = &d->reason[i];
        json_open_object(j);
        json_put_text(j, "code", law_reason_name(r->code));
        json_put_text(j, "paragraph", r->paragraph);
        json_put_text(j, "field", r->field);
        json_key(j, "person");
        json_iin(j, r->person);
        json_end(j);
    }
    json_end(j);
}

static void write_norm(const struct law_decision *d, struct json *j)
{
    json_key(j, "norm");
    json_open_object(j);
    json_put_int(j, "area", d->area);
    json_put_int(j, "per_person", d->per_person);
    json_put_bool(j, "useful_area", d->useful_area);
    json_put_int(j, "allowed", d->allowed);
    json_put_int(j, "registered", d->registered);
    json_put_bool(j, "reached", d->reached);
    json_end(j);
}

static void write_proof(const struct kin_answer *kin, struct json *j)
{
    json_key(j, "persons");
    json_open_array(j);
    for (int i = 0; i < kin->persons; i++)
        json_iin(j, kin->person[i]);
    json_end(j);
    json_key(j, "acts");
    json_open_array(j);
    for (int i = 0; i < kin->acts; i++) {
        json_open_object(j);
        json_put_text(j, "kind", kin->act[i].kind == KIN_ACT_BIRTH ? "birth" : "marriage");
        json_put_str(j, "number", kin->act[i].number);
        json_end(j);
    }
    json_end(j);
    json_key(j, "missing");
    json_open_array(j);
    for (int i = 0; i < kin->missings; i++) {
        json_open_object(j);
        json_put_text(j, "code", kin_missing_name(kin->missing[i].code));
        json_key(j, "person");
        json_iin(j, kin->missing[i].person);
        json_put_text(j, "whom", kin_whom_name(kin->missing[i].whom));
        json_end(j);
    }
    json_end(j);
}

static void write_kin(const struct kin_answer *kin, struct json *j)
{
    json_key(j, "kin");
    json_open_object(j);
    json_put_int(j, "confirmed", kin->confirmed);
    json_put_text(j, "degree", kin_degree_name(kin->degree));
    json_put_text(j, "side", kin_side_name(kin->side));
    write_proof(kin, j);
    json_end(j);
}

static void write_readings(uint32_t readings, struct json *j)
{
    json_key(j, "readings");
    json_open_array(j);
    for (int i = 0; i < POLICY_SETTINGS; i++) {
        if (readings & 1U << i)
            json_text(j, policy_setting_name((enum policy_setting)i));
    }
    json_end(j);
}

void filing_decision_write(const struct law_decision *d, struct buf *out)
{
    struct json j;
    json_init(&j, out);
    json_open_object(&j);
    json_put_text(&j, "outcome", law_outcome_name(d->outcome));
    json_put_text(&j, "paragraph", d->paragraph);
    json_put_text(&j, "edition", d->edition);
    json_key(&j, "applicant");
    json_iin(&j, d->applicant);
    write_reasons(d, &j);
    if (d->has_norm)
        write_norm(d, &j);
    json_put_text(&j, "degree", d->degree == LAW_NO_DEGREE ? NULL : law_degree_name(d->degree));
    json_put_int(&j, "kinship", d->kinship);
    if (d->kin)
        write_kin(d->kin, &j);
    write_readings(d->readings, &j);
    json_end(&j);
}

/* ---- back ---- */

struct reader {
    struct arena *arena;
    bool ok;
};

static const char *text_member(struct reader *r, const json_t *object, const char *key)
{
    struct str s = json_member(object, key);
    return s.n ? arena_text(r->arena, s) : NULL;
}

static struct iin iin_member(struct reader *r, const json_t *object, const char *key)
{
    struct iin iin = { 0 };
    struct str s = json_member(object, key);
    if (s.n && iin_parse(s, &iin) == IIN_BAD)
        r->ok = false;
    return iin;
}

static int64_t int_member(const json_t *object, const char *key) { return json_integer_value(json_object_get(object, key)); }
static bool bool_member(const json_t *object, const char *key) { return json_is_true(json_object_get(object, key)); }

static enum tri tri_member(struct reader *r, const json_t *object, const char *key)
{
    int64_t n = int_member(object, key);
    if (n < TRI_NO || n > TRI_YES)
        r->ok = false;
    return n == TRI_YES ? TRI_YES : n == TRI_NO ? TRI_NO : TRI_UNKNOWN;
}

static void read_reason(struct reader *r, const json_t *object, struct law_reason *ret)
{
    struct str name = json_member(object, "code");
    int code = 0;
    while (code < LAW_REASON_CODES && !str_is(name, law_reason_name((enum law_reason_code)code)))
        code++;
    if (code == LAW_REASON_CODES) {
        r->ok = false;
        return;
    }
    *ret = (struct law_reason){ .code = (enum law_reason_code)code,
                                .paragraph = text_member(r, object, "paragraph"),
                                .field = text_member(r, object, "field"),
                                .person = iin_member(r, object, "person") };
}

static size_t list_of(const json_t *object, const char *key, size_t limit, const json_t **ret)
{
    *ret = json_object_get(object, key);
    size_t n = json_array_size(*ret);
    return n < limit ? n : limit;
}

static void read_kin(struct reader *r, const json_t *object, struct kin_answer *kin)
{
    const json_t *list;
    kin->confirmed = tri_member(r, object, "confirmed");
    r->ok = r->ok && kin_degree_parse(json_member(object, "degree"), &kin->degree);
    struct str side = json_member(object, "side");
    r->ok = r->ok && (side.n == 0 || kin_side_parse(side, &kin->side));
    kin->persons = (int)list_of(object, "persons", KIN_PROOF_PERSONS, &list);
    for (int i = 0; i < kin->persons; i++)
        iin_parse(str_from(json_string_value(json_array_get(list, (size_t)i))), &kin->person[i]);
    kin->acts = (int)list_of(object, "acts", KIN_PROOF_ACTS, &list);
    for (int i = 0; i < kin->acts; i++) {
        const json_t *act = json_array_get(list, (size_t)i);
        kin->act[i].kind = str_is(json_member(act, "kind"), "birth") ? KIN_ACT_BIRTH : KIN_ACT_MARRIAGE;
        kin->act[i].number = arena_str(r->arena, json_member(act, "number"));
    }
    kin->missings = (int)list_of(object, "missing", KIN_MISSING_MAX, &list);
    for (int i = 0; i < kin->missings; i++) {
        const json_t *item = json_array_get(list, (size_t)i);
        int code = 0;
        while (code < KIN_MISSING_CODES && !str_is(json_member(item, "code"), kin_missing_name((enum kin_missing_code)code)))
            code++;
        int whom = KIN_WHOMS - 1;
        while (whom > KIN_WHOM_OTHER && !str_is(json_member(item, "whom"), kin_whom_name((enum kin_whom)whom)))
            whom--;
        r->ok = r->ok && code < KIN_MISSING_CODES;
        kin->missing[i] = (struct kin_missing){ (enum kin_missing_code)code, iin_member(r, item, "person"), (enum kin_whom)whom };
    }
}

static void read_norm(const json_t *norm, struct law_decision *d)
{
    d->has_norm = true;
    d->area = int_member(norm, "area");
    d->per_person = int_member(norm, "per_person");
    d->useful_area = bool_member(norm, "useful_area");
    d->allowed = int_member(norm, "allowed");
    d->registered = (int)int_member(norm, "registered");
    d->reached = bool_member(norm, "reached");
}

static uint32_t read_readings(const json_t *root)
{
    const json_t *list;
    uint32_t readings = 0;
    size_t n = list_of(root, "readings", POLICY_SETTINGS, &list);
    for (size_t k = 0; k < n; k++) {
        const char *name = json_string_value(json_array_get(list, k));
        for (int i = 0; name && i < POLICY_SETTINGS; i++) {
            if (strcmp(name, policy_setting_name((enum policy_setting)i)) == 0)
                readings |= 1U << i;
        }
    }
    return readings;
}

static void read_decision(struct reader *r, const json_t *root, struct law_decision *d)
{
    const json_t *list;
    struct str degree = json_member(root, "degree");
    *d = (struct law_decision){ .degree = LAW_NO_DEGREE };
    r->ok =
        law_outcome_parse(json_member(root, "outcome"), &d->outcome) && (degree.n == 0 || law_degree_parse(degree, &d->degree));
    d->paragraph = text_member(r, root, "paragraph");
    d->edition = text_member(r, root, "edition");
    d->applicant = iin_member(r, root, "applicant");
    d->kinship = tri_member(r, root, "kinship");
    d->readings = read_readings(root);
    d->reasons = (int)list_of(root, "reasons", LAW_REASONS_MAX, &list);
    for (int i = 0; i < d->reasons; i++)
        read_reason(r, json_array_get(list, (size_t)i), &d->reason[i]);
    if (json_object_get(root, "norm"))
        read_norm(json_object_get(root, "norm"), d);
    if (json_object_get(root, "kin")) {
        struct kin_answer *kin = ARENA_NEW(r->arena, struct kin_answer);
        read_kin(r, json_object_get(root, "kin"), kin);
        d->kin = kin;
    }
}

bool filing_decision_read(struct str json, struct arena *arena, struct law_decision *ret, struct err *err)
{
    json_t *root;
    struct reader r = { .arena = arena, .ok = true };
    struct law_decision decision;
    if (!json_parse(json, &root, err))
        return err_prefix(err, "stored decision");
    read_decision(&r, root, &decision);
    json_decref(root);
    if (!r.ok)
        return err_set(err, ERR_SYSTEM, "stored decision: a name that is not known");
    *ret = decision;
    return true;
}

/* ---- the row ---- */

static struct str answer_ids(struct filing_work *w, const struct filing_answers *answers, struct buf *facts)
{
    struct buf text;
    struct json j;
    buf_init(&text, DECISION_LIMIT);
    json_init(&j, &text);
    json_open_array(&j);
    for (int i = 0; i < answers->count; i++) {
        json_int(&j, answers->item[i].silent ? -answers->item[i].id : answers->item[i].id);
        buf_add_int(facts, answers->item[i].id);
        buf_add_char(facts, ' ');
        buf_add_str(facts, answers->item[i].silent ? STR("silent") : answers->item[i].json);
        buf_add_char(facts, '\n');
    }
    json_end(&j);
    struct str ids = arena_str(&w->arena, buf_str(&text));
    buf_release(&text);
    return ids;
}

static struct str readings_json(struct arena *arena, uint32_t readings)
{
    struct buf text;
    struct json j;
    buf_init(&text, DECISION_LIMIT);
    json_init(&j, &text);
    json_open_object(&j);
    write_readings(readings, &j);
    json_end(&j);
    struct str json = arena_str(arena, buf_str(&text));
    buf_release(&text);
    return json;
}

bool filing_store_decision(struct filing_work *w, const struct filing_answers *answers, struct law_relation relation,
                           const struct law_decision *decision)
{
    static const char insert[] =
        "INSERT INTO decision (filing, decided_at, degree, side, outcome, paragraph, decision, policy, readings, "
        "answers, facts) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
    struct buf json, facts;
    char digest[DIGEST_HEX];
    buf_init(&json, DECISION_LIMIT);
    buf_init(&facts, 64U << 20);
    filing_decision_write(decision, &json);
    struct str ids = answer_ids(w, answers, &facts);
    digest_hex(buf_str(&facts), digest);
    bool sided = relation.side != KIN_SIDE_NONE;
    bool ok = filing_run(w->db, insert,
                         VALUES(v_int(w->c.id.n), v_at(w->context->now),
                                v_text(relation.degree == LAW_NO_DEGREE ? NULL : law_degree_name(relation.degree)),
                                v_text(sided ? kin_side_name(relation.side) : NULL), v_text(law_outcome_name(decision->outcome)),
                                v_text(decision->paragraph), v_str(buf_str(&json)), v_text(policy_version(w->context->policy)),
                                v_str(readings_json(&w->arena, decision->readings)), v_str(ids), v_text(digest)),
                         w->err);
    buf_release(&json);
    buf_release(&facts);
    if (ok)
        w->c.decision = db_last_id(w->db);
    return ok;
}

bool filing_decision_load(struct filing_work *w, struct law_decision *ret)
{
    struct db_query q;
    bool found = false, ok = true;
    if (!filing_query(w->db, &q, "SELECT decision FROM decision WHERE id = $1", VALUES(v_int(w->c.decision)), w->err))
        return false;
    while (db_row(&q)) {
        found = true;
        ok = filing_decision_read(db_str(&q, 0), &w->arena, ret, w->err);
    }
    struct err failed;
    if (!db_finish(&q, &failed)) {
        *w->err = failed;
        return false;
    }
    return ok && (found || err_set(w->err, ERR_NOT_FOUND, "%s has no decision yet", w->c.number));
}

bool filing_decision_has(const struct law_decision *decision, enum law_reason_code code)
{
    for (int i = 0; i < decision->reasons; i++) {
        if (decision->reason[i].code == code)
            return true;
    }
    return false;
}
