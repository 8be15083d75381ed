/* SPDX-License-Identifier: Apache-2.0 */
/* The demonstration's door for programs: a token for one of the listed synthetic people.  It does not exist outside of it. */
#include "web/api/api.h"
#include "web/web_impl.h"

struct session {
    struct str person;
};
static const struct body_field fields[] = {
    { .name = "person", .type = BODY_TEXT, .at = BODY_AT(struct session, person), .required = true, .min = 1, .max = 60 },
};
static const struct body body = BODY(fields, struct session);
const struct form api_session_body = { .json = &body };

struct opened {
    const struct web_demo_person *person;
    char token[44];
};

bool api_session_run(struct db *db, struct web_request *r, struct err *err)
{
    static const enum law_channel channels[FILING_ROLES] = {
        [FILING_CITIZEN] = LAW_MOBILE,
        [FILING_RECEPTION] = LAW_RECEPTION,
        [FILING_HALL] = LAW_HALL,
    };
    const struct session *typed = r->typed;
    struct opened *opened = ARENA_NEW(r->arena, struct opened);
    opened->person = web_demo_person_by_key(r->config, typed->person);
    r->data = opened;
    if (!opened->person)
        return api_fail(err, "person");
    enum filing_role role = opened->person->role;
    return filing_session_open(db, &r->context, opened->person->iin, role, channels[role], r->language, opened->token, err);
}

static void write_person(const struct web_request *r, const struct web_demo_person *person, struct json *j)
{
    json_put_text(j, "key", person->key);
    json_put_text(j, "name", person->name);
    json_put_text(j, "role", filing_role_name(person->role));
    json_key(j, "iin");
    json_iin(j, person->iin);
    json_put_text(j, "shows", api_named(r, "demo", person->key));
    json_put_text(j, "rka", person->rka);
    json_key(j, "owner");
    json_iin(j, person->owner);
}

static void write_session(struct web_request *r, struct json *j)
{
    const struct opened *opened = r->data;
    json_put_text(j, "token", opened->token);
    json_put_text(j, "token_type", "Bearer");
    json_key(j, "person");
    json_open_object(j);
    write_person(r, opened->person, j);
    json_end(j);
}

void api_session_show(struct web_request *r)
{
    r->status = 201;
    api_answer(r, write_session);
}

bool api_session_close_run(struct db *db, struct web_request *r, struct err *err)
{
    return filing_session_close(db, &r->context, r->token, err);
}

static void write_people(struct web_request *r, struct json *j)
{
    json_key(j, "people");
    json_open_array(j);
    for (int i = 0; i < r->config->persons; i++) {
        json_open_object(j);
        write_person(r, &r->config->person[i], j);
        json_end(j);
    }
    json_end(j);
}

void api_people_show(struct web_request *r) { api_answer(r, write_people); }
