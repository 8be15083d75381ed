/* SPDX-License-Identifier: Apache-2.0 */
/* What needs no session: the order as it is carried out, its readings, this API's description, and whether all is well. */
#include "base/embedded.h"
#include "web/api/api.h"

extern const struct base_embedded web_openapi[];
extern const int web_openapi_count;

/* ---- the statements ---- */

static void write_sentence(const struct law_sentence *s, struct day day, struct json *j)
{
    json_open_object(j);
    json_put_text(j, "number", s->number);
    json_put_text(j, "paragraph", s->paragraph);
    json_put_text(j, "digest", s->digest);
    json_key(j, "text");
    json_open_object(j);
    json_put_text(j, "kk", s->text[LAW_KK]);
    json_put_text(j, "ru", s->text[LAW_RU]);
    json_put_text(j, "en", s->text[LAW_EN]);
    json_end(j);
    json_put_bool(j, "left_to_people", s->left_to_people);
    json_key(j, "since");
    json_day(j, s->since);
    json_key(j, "until");
    json_day(j, s->until);
    json_put_bool(j, "in_force", day_within(day, s->since, s->until));
    json_end(j);
}

static void write_law(struct web_request *r, struct json *j)
{
    json_key(j, "legal_day");
    json_day(j, r->context.legal_day);
    json_key(j, "sentences");
    json_open_array(j);
    for (int i = 0; i < law_sentence_count; i++)
        write_sentence(&law_sentences[i], r->context.legal_day, j);
    json_end(j);
}

void api_law_show(struct web_request *r) { api_answer(r, write_law); }

/* ---- the readings ---- */

struct readings {
    struct day day;
};
static const struct body_field fields[] = {
    { .name = "day", .type = BODY_DAY, .at = BODY_AT(struct readings, day) },
};
static const struct body query = BODY(fields, struct readings);
const struct form api_readings_query = { .json = &query };

static void write_setting(const char *name, const struct policy_row *row, struct str value, struct json *j)
{
    json_open_object(j);
    json_put_text(j, "name", name);
    json_key(j, "value");
    json_str(j, value);
    json_put_text(j, "values", row->values);
    json_put_text(j, "paragraph", row->paragraph);
    json_put_text(j, "why", row->why);
    json_put_text(j, "otherwise", row->otherwise);
    json_end(j);
}

/* The policy writes itself in the syntax it is read from: a [name] and a `value` line for each setting, in their order. */
static void write_settings(const struct web_request *r, struct day day, struct json *j)
{
    struct buf text;
    int setting = 0;
    buf_init(&text, (size_t)1 << 20);
    policy_write(r->context.policy, day, &text);
    struct str rest = buf_str(&text), line;
    json_key(j, "settings");
    json_open_array(j);
    while (setting < POLICY_SETTINGS && str_split(&rest, '\n', &line)) {
        if (!str_starts(line, "value = "))
            continue;
        enum policy_setting s = (enum policy_setting)setting++;
        write_setting(policy_setting_name(s), policy_row(s), (struct str){ line.p + 8, line.n - 8 }, j);
    }
    json_end(j);
    buf_release(&text);
}

static void write_readings(struct web_request *r, struct json *j)
{
    const struct readings *typed = r->typed;
    struct day day = day_is_none(typed->day) ? r->context.legal_day : typed->day;
    struct policy_readings readings;
    policy_on(r->context.policy, day, &readings);
    json_key(j, "day");
    json_day(j, day);
    json_put_text(j, "policy", policy_version(r->context.policy));
    json_put_bool(j, "pilot_in_force", readings.pilot_in_force);
    json_put_text(j, "edition", readings.edition);
    write_settings(r, day, j);
}

void api_readings_show(struct web_request *r) { api_answer(r, write_readings); }

/* ---- description and health ---- */

void api_openapi_show(struct web_request *r)
{
    buf_add(&r->http->out, web_openapi[0].bytes, web_openapi[0].size);
    web_answer(r, "application/json");
}

bool api_health_read(struct db *db, struct web_request *r, struct err *err)
{
    (void)r;
    return filing_schema_is_current(db, err);
}

static void write_health(struct web_request *r, struct json *j)
{
    json_put_text(j, "status", "ok");
    json_put_bool(j, "demonstration", r->config->demonstration);
    json_key(j, "legal_day");
    json_day(j, r->context.legal_day);
    api_moment(j, "now", r->context.now);
}

void api_health_show(struct web_request *r) { api_answer(r, write_health); }
