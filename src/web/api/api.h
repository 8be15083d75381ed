/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The JSON API under /api/v1: the steps of a case for eGov Mobile, banks and offices.  Description: docs/openapi.json.
 * The handlers that the route table names, by file of this folder.
 */
#ifndef WEB_API_API_H
#define WEB_API_API_H

#include "base/json.h"
#include "web/api/body.h"
#include "web/request.h"

#define API_RUN(name)  bool name(struct db *db, struct web_request *r, struct err *err)
#define API_SHOW(name) void name(struct web_request *r)

/* ---- what handlers share (reply.c, problem.c) ---- */

/* Reads body or query by the route's table into r->typed; false: answered with a problem. */
bool api_read(struct web_request *r);
/* Answers with an RFC 9457 problem.  `err` may be NULL. */
void api_problem(struct web_request *r, int status, const struct err *err);
/* The bad part of a request as `run` finds it: becomes a fault of this member. Returns false. */
bool api_fail(struct err *err, const char *field);
/* What `show` of most routes is: the JSON that `write` makes. */
void api_answer(struct web_request *r, void (*write)(struct web_request *r, struct json *j));
void api_retry_after(struct web_request *r, const char *seconds);       /* NULL: no such header */
void api_moment(struct json *j, const char *key, struct moment moment); /* null for none */
void api_optional(struct json *j, const char *key, struct str text);    /* null when empty */
void api_address(struct json *j, struct str kk, struct str ru);         /* the member "address" */
/* A text of the table by name, "<family>.<name>", in the reader's language. */
const char *api_named(const struct web_request *r, const char *family, const char *name);

/* ---- keyed.c: rows with ROUTE_KEYED ---- */

/* Reads Idempotency-Key; false: answered with a problem.  Then r->has_key, and api_key_leave has to follow. */
bool api_key_enter(struct web_request *r);
/* In place of the row's `run`: also makes the answer and keeps it, or makes the one that was kept. */
API_RUN(api_keyed_run);
void api_key_leave(struct web_request *r);

/* ---- session.c ---- */

extern const struct form api_session_body;
API_RUN(api_session_run);
API_SHOW(api_session_show);
API_RUN(api_session_close_run);
API_SHOW(api_nothing_show);
API_SHOW(api_people_show);

/* ---- lookups.c ---- */

extern const struct form api_lookup_body;
API_RUN(api_lookup_run);
API_SHOW(api_lookup_accepted_show);
API_RUN(api_lookup_read);
API_SHOW(api_lookup_show);

/* ---- mobile.c: what eGov Mobile fetches and puts back ---- */

API_RUN(api_mobile_read);
API_SHOW(api_mobile_show);
API_RUN(api_mobile_documents_read);
API_SHOW(api_mobile_documents_show);
API_RUN(api_mobile_documents_before);
API_RUN(api_mobile_documents_run);
API_SHOW(api_mobile_done_show);

/* ---- applications.c, steps.c ---- */

extern const struct form api_application_body, api_relation_body, api_coupon_body, api_signature_body, api_consent_body;
API_RUN(api_application_open);
API_SHOW(api_application_opened_show);
API_RUN(api_applications_read);
API_SHOW(api_applications_show);
API_RUN(api_application_read);
API_SHOW(api_application_show);
API_RUN(api_relation_run);
API_RUN(api_ask_again_run);
API_RUN(api_choose_other_run);
API_RUN(api_choose_on_record_run);
API_RUN(api_coupon_run);
API_RUN(api_code_run);
API_RUN(api_signature_run);
API_RUN(api_cancellation_run);
API_RUN(api_consent_read);
API_SHOW(api_consent_show);
API_RUN(api_consent_run);

/* Opens a case and leaves its view in r->data. */
bool api_case_opened(struct db *db, struct web_request *r, const struct filing_opening *opening, struct err *err);
/* The case of the path as the actor sees it, read into r->data. */
bool api_case_read(struct db *db, struct web_request *r, struct err *err);
/* The header If-Match against the case's version. */
bool api_case_matches(struct db *db, struct web_request *r, struct filing_id id, struct err *err);
/* The list in r->data. */
struct api_list {
    struct filing_row *row;
    int rows;
};
/* filing_save_coupon and filing_check_documents take it as it was read. */
extern const struct body api_coupon_fields;

/* ---- signatures.c ---- */

extern const struct form api_signing_body, api_door_body, api_put_signature_body;
API_RUN(api_signing_run);
API_SHOW(api_signing_show);
API_RUN(api_door_run);
API_RUN(api_signature_read);
API_RUN(api_signature_before);
API_RUN(api_signature_put);
API_SHOW(api_signature_show);
API_RUN(api_enter_run);
API_SHOW(api_enter_show);
/* Seconds until it is worth to look at a signature again; NULL: it is not being checked. */
const char *api_signature_retry(enum filing_signature_state state);

/* ---- view.c, explain.c ---- */

void api_case_write(struct web_request *r, struct json *j);    /* the whole case, r->data */
void api_consent_write(struct web_request *r, struct json *j); /* what an owner sees of it */
void api_explain(struct web_request *r, const struct filing_view *view, struct json *j);
void api_choices(const struct web_request *r, const struct filing_view *view, struct json *j);
void api_coupon_write(const struct filing_coupon *coupon, struct json *j);

/* ---- desk.c ---- */

extern const struct form api_reception_body, api_hall_body, api_documents_body;
API_RUN(api_reception_open);
API_RUN(api_hall_open);
API_RUN(api_desk_list_read);
API_RUN(api_documents_run);

/* ---- law.c ---- */

extern const struct form api_readings_query;
API_SHOW(api_law_show);
API_SHOW(api_readings_show);
API_SHOW(api_openapi_show);
API_RUN(api_health_read);
API_SHOW(api_health_show);

#endif
