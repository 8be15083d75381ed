/* SPDX-License-Identifier: Apache-2.0 */
/* Applications: filing one, listing, reading; the step handlers are in steps.c. */
#include "web/api/api.h"

struct application {
    struct str service, rka;
    int months;
};
static const char *const services[] = { "residence", "temporary", NULL };
static const struct body_field fields[] = {
    { .name = "service", .type = BODY_CHOICE, .at = BODY_AT(struct application, service), .required = true, .choice = services },
    { .name = "rka", .type = BODY_TEXT, .at = BODY_AT(struct application, rka), .required = true, .min = 1, .max = 64 },
    { .name = "months", .type = BODY_INT, .at = BODY_AT(struct application, months), .min = 1, .max = 12 },
};
static const struct body body = BODY(fields, struct application);
const struct form api_application_body = { .json = &body };

bool api_case_opened(struct db *db, struct web_request *r, const struct filing_opening *opening, struct err *err)
{
    struct filing_view *view = ARENA_NEW(r->arena, struct filing_view);
    struct filing_id id;
    r->data = view;
    if (!filing_open(db, &r->context, &r->actor, opening, &id, err))
        return false;
    r->filing = id;
    return filing_read(db, &r->context, &r->actor, id, r->arena, view, err);
}

bool api_application_open(struct db *db, struct web_request *r, struct err *err)
{
    const struct application *typed = r->typed;
    struct filing_opening opening = { .channel = r->actor.channel, .applicant = r->actor.person, .rka = typed->rka };
    if (!law_service_parse(typed->service, &opening.service))
        return api_fail(err, "service");
    opening.months = typed->months == BODY_INT_NONE ? 0 : typed->months;
    if ((opening.service == LAW_TEMPORARY) != (opening.months > 0))
        return api_fail(err, "months");
    return api_case_opened(db, r, &opening, err);
}

static const char *path_of(const struct web_request *r, const struct filing_view *view)
{
    bool desk = r->actor.role != FILING_CITIZEN;
    return arena_printf(r->arena, "/api/v1/%sapplications/%s", desk ? "desk/" : "", view->number).p;
}

void api_application_opened_show(struct web_request *r)
{
    http_set_header(r->http, "Location", path_of(r, r->data));
    r->status = 201;
    api_application_show(r);
}

/* ---- lists ---- */

bool api_applications_read(struct db *db, struct web_request *r, struct err *err)
{
    struct api_list *list = ARENA_NEW(r->arena, struct api_list);
    r->data = list;
    return filing_list_mine(db, r->actor.person, r->arena, &list->row, &list->rows, err);
}

static void write_row(const struct web_request *r, const struct filing_row *row, struct json *j)
{
    json_open_object(j);
    json_put_text(j, "number", row->number);
    json_put_text(j, "state", filing_state_name(row->state));
    json_put_text(j, "state_text", api_named(r, "state", filing_state_name(row->state)));
    json_put_text(j, "service", law_service_name(row->service));
    json_put_text(j, "channel", law_channel_name(row->channel));
    api_address(j, row->address_kk, row->address_ru);
    api_moment(j, "changed_at", row->changed_at);
    json_put_bool(j, "mine", iin_equal(row->applicant, r->actor.person));
    json_put_bool(j, "my_consent_wanted", row->my_consent_wanted);
    json_end(j);
}

static void write_list(struct web_request *r, struct json *j)
{
    const struct api_list *list = r->data;
    json_key(j, "applications");
    json_open_array(j);
    for (int i = 0; i < list->rows; i++)
        write_row(r, &list->row[i], j);
    json_end(j);
}

void api_applications_show(struct web_request *r) { api_answer(r, write_list); }

/* ---- one ---- */

bool api_case_read(struct db *db, struct web_request *r, struct err *err)
{
    struct filing_view *view = ARENA_NEW(r->arena, struct filing_view);
    struct filing_id id;
    r->data = view;
    return web_filing_id(r, 0, &id, err) && filing_read(db, &r->context, &r->actor, id, r->arena, view, err);
}

/* An owner reads the part that concerns him, under .../consent. */
bool api_application_read(struct db *db, struct web_request *r, struct err *err)
{
    if (!api_case_read(db, r, err))
        return false;
    const struct filing_view *view = r->data;
    if (r->actor.role == FILING_CITIZEN && !iin_equal(view->applicant, r->actor.person))
        return err_set(err, ERR_FORBIDDEN, "error.not_yours: %s is not an application of this person", view->number);
    return true;
}

/* Seconds until it is worth to look again; NULL: nothing happens by itself.  While the reader's signature is being checked the
 * case moves on by itself from whatever state it waits in. */
static const char *retry_after(const struct filing_view *view)
{
    static const char *const seconds[FILING_STATES] = {
        [FILING_ASKING] = "1",
        [FILING_WAITING] = "5",
        [FILING_CONSENT] = "10",
        [FILING_REGISTERING] = "1",
    };
    const char *by_signature = api_signature_retry(view->signature.result.state);
    return seconds[view->state] ? seconds[view->state] : by_signature;
}

void api_application_show(struct web_request *r)
{
    const struct filing_view *view = r->data;
    api_retry_after(r, retry_after(view));
    http_set_header(r->http, "ETag", arena_printf(r->arena, "\"%lld\"", (long long)view->version).p);
    api_answer(r, api_case_write);
}

bool api_case_matches(struct db *db, struct web_request *r, struct filing_id id, struct err *err)
{
    struct str wanted = str_trim(http_header(r->http, "If-Match"));
    struct filing_view view;
    r->filing = id;
    if (wanted.n == 0 || str_is(wanted, "*"))
        return true;
    if (!filing_read(db, &r->context, &r->actor, id, r->arena, &view, err))
        return false;
    struct str present = arena_printf(r->arena, "\"%lld\"", (long long)view.version);
    return str_equal(wanted, present) ||
           err_set(err, ERR_CONFLICT, "error.changed_meanwhile: %s has another version than If-Match says", view.number);
}
