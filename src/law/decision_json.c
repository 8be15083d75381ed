/* SPDX-License-Identifier: Apache-2.0 */
/* A decision as JSON (docs/world.md). */
#include "law/law.h"

static void write_norm(const struct law_decision *d, struct json *j)
{
    char text[DECIMAL_TEXT];
    json_key(j, "norm");
    json_open_object(j);
    if (d->per_person == DECIMAL_NONE) {
        json_key(j, "per_person");
        json_nil(j);
        json_key(j, "allowed");
        json_nil(j);
    } else {
        json_put_text(j, "area", decimal_format(d->area, text));
        json_put_text(j, "area_kind", d->useful_area ? "useful" : "total");
        json_put_text(j, "per_person", decimal_format_short(d->per_person, text));
        json_put_int(j, "allowed", d->allowed);
        json_put_int(j, "registered", d->registered);
    }
    json_put_bool(j, "reached", d->reached);
    json_end(j);
}

/* An owner is proved by being one: the applicant alone, and no acts; there is no answer about kinship behind it. */
static void write_ownership(const struct law_decision *d, struct json *j)
{
    bool owner = d->kinship == TRI_YES;
    json_key(j, owner ? "persons" : "missing");
    json_open_array(j);
    if (owner)
        json_iin(j, d->applicant);
    else
        kin_missing_write(law_reason_name(LAW_R_NOT_AN_OWNER), d->applicant, KIN_WHOM_APPLICANT, j);
    json_end(j);
    if (!owner)
        return;
    json_key(j, "acts");
    json_open_array(j);
    json_end(j);
}

static void write_kinship(const struct law_decision *d, struct json *j)
{
    json_key(j, "kinship");
    json_open_object(j);
    json_put_bool(j, "confirmed", d->kinship == TRI_YES);
    json_put_text(j, "degree", law_degree_name(d->degree));
    if (d->kin != NULL && d->kin->side != KIN_SIDE_NONE)
        json_put_text(j, "side", kin_side_name(d->kin->side));
    if (d->kin != NULL)
        kin_answer_write(d->kin, j);
    else
        write_ownership(d, j);
    json_end(j);
}

static void write_reasons(const struct law_decision *d, struct json *j)
{
    json_key(j, "reasons");
    json_open_array(j);
    for (int i = 0; i < d->reasons; i++) {
        const struct law_reason *reason = &d->reason[i];
        json_open_object(j);
        json_put_text(j, "paragraph", reason->paragraph);
        json_put_text(j, "code", law_reason_name(reason->code));
        if (d->outcome == LAW_INVALID)
            json_put_text(j, "field", reason->field);
        if (!iin_is_none(reason->person)) {
            json_key(j, "person");
            json_iin(j, reason->person);
        }
        json_end(j);
    }
    json_end(j);
}

static void write_readings(const struct law_decision *d, struct json *j)
{
    json_key(j, "readings");
    json_open_array(j);
    for (enum policy_setting s = 0; s < POLICY_SETTINGS; s++) {
        if (d->readings >> s & 1)
            json_text(j, policy_setting_name(s));
    }
    json_end(j);
}

void law_decision_write(const struct law_decision *decision, struct json *j)
{
    json_put_text(j, "outcome", law_outcome_name(decision->outcome));
    json_put_text(j, "paragraph", decision->paragraph);
    json_put_text(j, "edition", decision->edition);
    if (decision->has_norm)
        write_norm(decision, j);
    if (decision->kinship != TRI_UNKNOWN)
        write_kinship(decision, j);
    write_reasons(decision, j);
    write_readings(decision, j);
}
