/* SPDX-License-Identifier: Apache-2.0 */
/* Electronic signatures over the API: ask for the bytes, put the CMS, look how it stands; and a session by signature. */
#include "base/digest.h"
#include "filing/filing_signature.h"
#include "web/api/api.h"

#define TICKET_HEADER "Tirkeu-Ticket" /* opens one request without a session */
#define SIGNATURE_MAX 60000

struct wanted {
    struct str purpose;
};
static const char *const purposes[] = { "application", "consent", "documents", NULL };
static const struct body_field wanted_fields[] = {
    { .name = "purpose", .type = BODY_CHOICE, .at = BODY_AT(struct wanted, purpose), .required = true, .choice = purposes },
};
static const struct body wanted_body = BODY(wanted_fields, struct wanted);
const struct form api_signing_body = { .json = &wanted_body };

struct door {
    struct str role;
};
static const char *const roles[] = { "citizen", "reception", "hall", NULL };
static const struct body_field door_fields[] = {
    { .name = "role", .type = BODY_CHOICE, .at = BODY_AT(struct door, role), .required = true, .choice = roles },
};
static const struct body door_body = BODY(door_fields, struct door);
const struct form api_door_body = { .json = &door_body };

struct put {
    struct str signature;
};
static const struct body_field put_fields[] = {
    { .name = "signature",
      .type = BODY_TEXT,
      .at = BODY_AT(struct put, signature),
      .required = true,
      .min = 1,
      .max = SIGNATURE_MAX },
};
static const struct body put_body = BODY(put_fields, struct put);
const struct form api_put_signature_body = { .json = &put_body };

struct shown {
    struct filing_signature s;
    char ticket[FILING_TICKET];
};

static int index_of(const char *const *names, struct str name)
{
    int i = 0;
    while (names[i] && !str_is(name, names[i]))
        i++;
    return i;
}

/* ---- asking ---- */

static bool ask(struct db *db, struct web_request *r, const struct filing_signing *wanted, struct err *err)
{
    struct shown *shown = ARENA_NEW(r->arena, struct shown);
    bool sign_in = wanted->purpose == FILING_SIGN_IN;
    struct filing_access access = { .actor = sign_in ? NULL : &r->actor };
    int64_t id;
    r->data = shown;
    r->filing = wanted->filing;
    if (!filing_signature_ask(db, &r->context, access.actor, wanted, &id, sign_in ? shown->ticket : NULL, err))
        return false;
    access.ticket = str_from(shown->ticket);
    return filing_signature_read(db, &r->context, &access, id, r->arena, &shown->s, err);
}

bool api_signing_run(struct db *db, struct web_request *r, struct err *err)
{
    static const enum filing_signature_purpose all[] = { FILING_SIGN_APPLICATION, FILING_SIGN_CONSENT, FILING_SIGN_DOCUMENTS };
    const struct wanted *typed = r->typed;
    struct filing_signing wanted = { .purpose = all[index_of(purposes, typed->purpose)] };
    return web_filing_id(r, 0, &wanted.filing, err) && ask(db, r, &wanted, err);
}

bool api_door_run(struct db *db, struct web_request *r, struct err *err)
{
    const struct door *typed = r->typed;
    struct filing_signing wanted = { .purpose = FILING_SIGN_IN,
                                     .role = (enum filing_role)index_of(roles, typed->role),
                                     .origin = web_origin(r) };
    return ask(db, r, &wanted, err);
}

/* ---- reading and putting ---- */

static struct filing_access access_of(const struct web_request *r)
{
    return (struct filing_access){ .actor = r->signed_in ? &r->actor : NULL, .ticket = http_header(r->http, TICKET_HEADER) };
}

bool api_signature_read(struct db *db, struct web_request *r, struct err *err)
{
    struct shown *shown = ARENA_NEW(r->arena, struct shown);
    struct filing_access access = access_of(r);
    int64_t id;
    r->data = shown;
    return web_id(r, 0, &id, err) && filing_signature_read(db, &r->context, &access, id, r->arena, &shown->s, err);
}

bool api_signature_before(struct db *db, struct web_request *r, struct err *err)
{
    const struct put *typed = r->typed;
    struct filing_access access = access_of(r);
    struct filing_check *check;
    int64_t id;
    if (!web_id(r, 0, &id, err) || !filing_signature_check(db, &r->context, &access, id, typed->signature, r->arena, &check, err))
        return false;
    r->ahead = check;
    return true;
}

bool api_signature_put(struct db *db, struct web_request *r, struct err *err)
{
    const struct put *typed = r->typed;
    struct filing_access access = access_of(r);
    struct filing_signature_result result;
    int64_t id;
    return web_id(r, 0, &id, err) &&
           filing_signature_put(db, &r->context, &access, id, typed->signature, r->ahead, &result, err) &&
           api_signature_read(db, r, err);
}

/* ---- the answer ---- */

static void write_reason(const struct web_request *r, const struct filing_signature *s, struct json *j)
{
    bool said = s->result.reason != EDS_OK;
    const char *reason = eds_reason_name(s->result.reason);
    json_put_text(j, "step", said ? eds_step_name(s->result.step) : NULL);
    json_put_text(j, "reason", said ? reason : NULL);
    json_put_text(j, "reason_text", said ? api_named(r, "eds.reason", reason) : NULL);
    json_put_text(j, "remedy", said ? api_named(r, "eds.remedy", web_remedy_of(s->result.reason)) : NULL);
}

static void write_signature(struct web_request *r, struct json *j)
{
    const struct shown *shown = r->data;
    const struct filing_signature *s = &shown->s;
    const char *state = filing_signature_state_name(s->result.state);
    char number[FILING_NUMBER];
    struct buf base64;
    json_put_int(j, "id", s->id);
    json_put_text(j, "purpose", filing_signature_purpose_name(s->purpose));
    json_put_text(j, "number", s->filing.n ? filing_number(s->filing, number) : NULL);
    json_put_text(j, "state", state);
    json_put_text(j, "state_text", api_named(r, "signature", state));
    write_reason(r, s, j);
    api_moment(j, "asked_at", s->asked_at);
    api_moment(j, "until", s->until);
    json_key(j, "received_at");
    if (s->received_at.ms) {
        char at[MOMENT_TEXT];
        json_text(j, moment_format(s->received_at, at));
    } else {
        json_nil(j);
    }
    buf_init(&base64, 4 * s->content.n / 3 + 8);
    digest_base64(&base64, s->content);
    json_put_str(j, "content", buf_str(&base64));
    buf_release(&base64);
    json_put_text(j, "sha256", s->digest);
    json_put_text(j, "ticket", *shown->ticket ? shown->ticket : NULL);
}

const char *api_signature_retry(enum filing_signature_state state) { return state == FILING_SIGNATURE_CHECKING ? "2" : NULL; }

void api_signature_show(struct web_request *r)
{
    const struct shown *shown = r->data;
    api_retry_after(r, api_signature_retry(shown->s.result.state));
    api_answer(r, write_signature);
}

void api_signing_show(struct web_request *r)
{
    r->status = 201;
    api_answer(r, write_signature);
}

/* ---- a session ---- */

struct entered {
    char token[44];
    enum filing_role role;
};

bool api_enter_run(struct db *db, struct web_request *r, struct err *err)
{
    struct entered *entered = ARENA_NEW(r->arena, struct entered);
    r->data = entered;
    return filing_signature_sign_in(db, &r->context, http_header(r->http, TICKET_HEADER), LAW_MOBILE, r->language, entered->token,
                                    &entered->role, err);
}

static void write_entered(struct web_request *r, struct json *j)
{
    const struct entered *entered = r->data;
    json_put_text(j, "token", entered->token);
    json_put_text(j, "token_type", "Bearer");
    json_put_text(j, "role", filing_role_name(entered->role));
}

void api_enter_show(struct web_request *r)
{
    r->status = 201;
    api_answer(r, write_entered);
}
