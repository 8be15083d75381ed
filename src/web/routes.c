/* SPDX-License-Identifier: Apache-2.0 */
/* Every page and endpoint, one row each.  How to add one: README.md. */
#include "web/api/api.h"
#include "web/pages/pages.h"
#include "web/web_impl.h"

#define GET    HTTP_GET
#define POST   HTTP_POST
#define PUT    HTTP_PUT
#define DELETE HTTP_DELETE
#define DEMO   (ROUTE_DEMONSTRATION | ROUTE_NO_SESSION)
#define WRITER ROUTE_ON_WRITER
#define API    ROUTE_API
#define KEYED  (ROUTE_API | ROUTE_KEYED)
#define OPEN   (ROUTE_API | ROUTE_NO_SESSION)
#define DESKS  (WEB_RECEPTION | WEB_HALL)
#define CASE   "/api/v1/applications/:number"
#define DESK   "/api/v1/desk/applications/:number"

const struct route web_routes[] = {
    /* method, path, who, form, run, show, flags */
    { GET, "/", WEB_ANYBODY, NULL, NULL, home_show, 0 },
    { GET, "/health", WEB_ANYBODY, NULL, NULL, health_show, ROUTE_NO_SESSION },
    { GET, "/sign-in", WEB_ANYBODY, NULL, NULL, sign_in_show, ROUTE_NO_SESSION },
    { POST, "/sign-in", WEB_ANYBODY, &sign_in_form, sign_in_run, NULL, DEMO },
    { GET, "/sign-in/eds", WEB_ANYBODY, NULL, NULL, sign_in_show, ROUTE_NO_SESSION },
    { POST, "/sign-in/eds", WEB_ANYBODY, &eds_in_form, eds_in_run, NULL, ROUTE_NO_SESSION },
    { POST, "/sign-out", WEB_SIGNED_IN, NULL, sign_out_run, NULL, 0 },

    /* Whose request it is: filing knows, by the session or by the ticket of somebody who is signing in. */
    { GET, "/signatures/:id", WEB_ANYBODY, NULL, signature_read, signature_show, WRITER },
    { POST, "/signatures/:id", WEB_ANYBODY, &signature_form, signature_run, NULL, 0 },
    { GET, "/signatures/:id/content", WEB_ANYBODY, NULL, signature_content_read, signature_content_show, 0 },
    { GET, "/signatures/:id/phone", WEB_ANYBODY, NULL, signature_phone_read, signature_phone_show, 0 },
    { POST, "/signatures/:id/again", WEB_ANYBODY, NULL, signature_again_run, NULL, 0 },

    { GET, "/phone", WEB_SIGNED_IN, NULL, phone_run, phone_show, ROUTE_DEMONSTRATION },

    { GET, "/applications", WEB_CITIZEN, NULL, mine_run, mine_show, 0 },
    { GET, "/new", WEB_CITIZEN, NULL, NULL, new_service_show, 0 },
    { POST, "/new", WEB_CITIZEN, &new_service_form, new_service_run, NULL, 0 },
    { GET, "/new/dwelling", WEB_CITIZEN, NULL, new_draft_run, new_dwelling_show, 0 },
    { POST, "/new/dwelling", WEB_CITIZEN, &new_dwelling_form, new_dwelling_run, NULL, 0 },
    { GET, "/new/found/:lookup", WEB_CITIZEN, NULL, new_found_read, new_found_show, 0 },
    { POST, "/new/found/:lookup", WEB_CITIZEN, &new_found_form, new_found_run, NULL, 0 },
    { GET, "/new/confirm/:lookup", WEB_CITIZEN, NULL, new_confirm_read, new_confirm_show, 0 },
    { POST, "/new/confirm/:lookup", WEB_CITIZEN, &new_confirm_form, new_confirm_run, NULL, 0 },

    { GET, "/applications/:number", WEB_CITIZEN, NULL, case_read, case_show, 0 },
    { GET, "/applications/:number/history", WEB_CITIZEN, NULL, case_read, history_show, 0 },
    { GET, "/applications/:number/letter", WEB_CITIZEN, NULL, web_letter_read, web_letter_show, WRITER },
    { GET, "/applications/:number/relation", WEB_CITIZEN, NULL, case_read, relation_show, 0 },
    { POST, "/applications/:number/relation", WEB_CITIZEN, &relation_form, relation_run, NULL, 0 },
    { POST, "/applications/:number/ask-again", WEB_CITIZEN, NULL, ask_again_run, NULL, 0 },
    { POST, "/applications/:number/choose-other", WEB_CITIZEN, NULL, choose_other_run, NULL, 0 },
    { POST, "/applications/:number/choose-on-record", WEB_CITIZEN, NULL, choose_on_record_run, NULL, 0 },
    { GET, "/applications/:number/coupon", WEB_CITIZEN, NULL, case_read, coupon_show, 0 },
    { POST, "/applications/:number/coupon", WEB_CITIZEN, &coupon_form, coupon_run, NULL, 0 },
    { GET, "/applications/:number/check", WEB_CITIZEN, NULL, case_read, check_show, 0 },
    { POST, "/applications/:number/check", WEB_CITIZEN, NULL, send_code_run, NULL, 0 },
    { POST, "/applications/:number/sign", WEB_CITIZEN, NULL, sign_application_run, NULL, 0 },
    { GET, "/applications/:number/code", WEB_CITIZEN, NULL, case_read, code_show, 0 },
    { POST, "/applications/:number/code", WEB_CITIZEN, &code_form, code_run, NULL, 0 },
    { GET, "/applications/:number/cancel", WEB_CITIZEN, NULL, case_read, cancel_show, 0 },
    { POST, "/applications/:number/cancel", WEB_CITIZEN, NULL, cancel_run, NULL, 0 },

    /* The two desks: each reading of a case is audited. */
    { GET, "/reception", WEB_RECEPTION, NULL, desk_start_read, desk_start_show, 0 },
    { POST, "/reception", WEB_RECEPTION, &reception_form, desk_start_run, NULL, 0 },
    { GET, "/reception/found/:lookup", WEB_RECEPTION, NULL, desk_found_read, desk_found_show, 0 },
    { POST, "/reception/found/:lookup", WEB_RECEPTION, &desk_found_form, desk_found_run, NULL, 0 },
    { GET, "/reception/cases/:number", WEB_RECEPTION, NULL, case_read, desk_case_show, WRITER },
    { GET, "/reception/cases/:number/slip/:language", WEB_RECEPTION, NULL, desk_slip_read, desk_slip_show, WRITER },
    { POST, "/reception/cases/:number/cancel", WEB_RECEPTION, NULL, desk_cancel_run, NULL, 0 },

    { GET, "/hall", WEB_HALL, NULL, desk_start_read, desk_start_show, 0 },
    { POST, "/hall", WEB_HALL, &hall_form, desk_start_run, NULL, 0 },
    { GET, "/hall/found/:lookup", WEB_HALL, NULL, desk_found_read, desk_found_show, 0 },
    { POST, "/hall/found/:lookup", WEB_HALL, &desk_found_form, desk_found_run, NULL, 0 },
    { GET, "/hall/cases/:number", WEB_HALL, NULL, case_read, desk_case_show, WRITER },
    { GET, "/hall/cases/:number/slip/:language", WEB_HALL, NULL, desk_slip_read, desk_slip_show, WRITER },
    { POST, "/hall/cases/:number/cancel", WEB_HALL, NULL, desk_cancel_run, NULL, 0 },
    { POST, "/hall/cases/:number/correct", WEB_HALL, NULL, hall_correct_run, NULL, 0 },
    { GET, "/hall/cases/:number/documents", WEB_HALL, NULL, hall_documents_read, hall_documents_show, WRITER },
    { POST, "/hall/cases/:number/documents", WEB_HALL, &hall_documents_form, hall_documents_run, NULL, 0 },
    { GET, "/hall/cases/:number/documents/sign", WEB_HALL, NULL, hall_documents_read, hall_documents_show, WRITER },
    { POST, "/hall/cases/:number/documents/sign", WEB_HALL, &hall_documents_form, hall_sign_run, NULL, 0 },
    { GET, "/hall/cases/:number/refuse", WEB_HALL, NULL, hall_documents_read, hall_refuse_show, WRITER },
    { POST, "/hall/cases/:number/refuse", WEB_HALL, &hall_refuse_form, hall_refuse_run, NULL, 0 },

    /* Owners: each reading is audited. */
    { GET, "/consents/:number", WEB_CITIZEN, NULL, case_read, consent_show, WRITER },
    { POST, "/consents/:number", WEB_CITIZEN, &consent_form, consent_run, NULL, 0 },
    { POST, "/consents/:number/sign", WEB_CITIZEN, NULL, sign_consent_run, NULL, 0 },
    { POST, "/consents/:number/code", WEB_CITIZEN, NULL, consent_code_run, NULL, 0 },

    /* The API.  A case is read on the writer: whoever is not its applicant leaves an audit entry. */
    { GET, "/api/v1/health", WEB_ANYBODY, NULL, api_health_read, api_health_show, OPEN },
    { GET, "/api/v1/openapi.json", WEB_ANYBODY, NULL, NULL, api_openapi_show, OPEN },
    { GET, "/api/v1/law", WEB_ANYBODY, NULL, NULL, api_law_show, OPEN },
    { GET, "/api/v1/readings", WEB_ANYBODY, &api_readings_query, NULL, api_readings_show, OPEN },
    { GET, "/api/v1/demo/people", WEB_ANYBODY, NULL, NULL, api_people_show, DEMO | API },
    { POST, "/api/v1/demo/session", WEB_ANYBODY, &api_session_body, api_session_run, api_session_show, DEMO | API },
    { DELETE, "/api/v1/session", WEB_SIGNED_IN, NULL, api_session_close_run, api_nothing_show, API },

    { POST, "/api/v1/lookups", WEB_SIGNED_IN, &api_lookup_body, api_lookup_run, api_lookup_accepted_show, KEYED },
    { GET, "/api/v1/lookups/:id", WEB_SIGNED_IN, NULL, api_lookup_read, api_lookup_show, API },

    { GET, "/api/v1/applications", WEB_CITIZEN, NULL, api_applications_read, api_applications_show, API },
    { POST, "/api/v1/applications", WEB_CITIZEN, &api_application_body, api_application_open, api_application_opened_show,
      KEYED },
    { GET, CASE, WEB_CITIZEN, NULL, api_application_read, api_application_show, API | WRITER },
    { GET, CASE "/letter", WEB_CITIZEN, NULL, web_letter_read, web_letter_show, API | WRITER },
    { POST, CASE "/relation", WEB_CITIZEN, &api_relation_body, api_relation_run, api_application_show, KEYED },
    { POST, CASE "/ask-again", WEB_CITIZEN, NULL, api_ask_again_run, api_application_show, KEYED },
    { POST, CASE "/choose-other", WEB_CITIZEN, NULL, api_choose_other_run, api_application_show, KEYED },
    { POST, CASE "/choose-on-record", WEB_CITIZEN, NULL, api_choose_on_record_run, api_application_show, KEYED },
    { PUT, CASE "/coupon", WEB_CITIZEN, &api_coupon_body, api_coupon_run, api_application_show, API },
    { POST, CASE "/code", WEB_CITIZEN, NULL, api_code_run, api_nothing_show, KEYED },
    { POST, CASE "/signature", WEB_CITIZEN, &api_signature_body, api_signature_run, api_application_show, KEYED },
    { POST, CASE "/cancellation", WEB_CITIZEN, NULL, api_cancellation_run, api_application_show, KEYED },
    { GET, CASE "/consent", WEB_CITIZEN, NULL, api_consent_read, api_consent_show, API | WRITER },
    { POST, CASE "/consent", WEB_CITIZEN, &api_consent_body, api_consent_run, api_consent_show, KEYED },

    /* Electronic signatures: by a session, or by the ticket of the request. */
    { POST, CASE "/signatures", WEB_CITIZEN, &api_signing_body, api_signing_run, api_signing_show, KEYED },
    { POST, DESK "/signatures", WEB_HALL, &api_signing_body, api_signing_run, api_signing_show, KEYED },
    { GET, "/api/v1/signatures/:id", WEB_ANYBODY, NULL, api_signature_read, api_signature_show, API },
    { PUT, "/api/v1/signatures/:id", WEB_ANYBODY, &api_put_signature_body, api_signature_put, api_signature_show, API },
    { POST, "/api/v1/sign-in", WEB_ANYBODY, &api_door_body, api_door_run, api_signing_show, OPEN },
    { POST, "/api/v1/session", WEB_ANYBODY, NULL, api_enter_run, api_enter_show, OPEN },

    /* eGov Mobile: by the link in the code, then by the token of the link; in the language of the page that showed the code. */
    { GET, "/api/v1/mobile/:language/:id/:link/mgovSign", WEB_ANYBODY, NULL, api_mobile_read, api_mobile_show, OPEN },
    { GET, "/api/v1/mobile/:language/:id/documents", WEB_ANYBODY, NULL, api_mobile_documents_read, api_mobile_documents_show,
      OPEN },
    { PUT, "/api/v1/mobile/:language/:id/documents", WEB_ANYBODY, NULL, api_mobile_documents_run, api_mobile_done_show,
      OPEN | ROUTE_RAW },

    { POST, "/api/v1/desk/reception", WEB_RECEPTION, &api_reception_body, api_reception_open, api_application_opened_show,
      KEYED },
    { POST, "/api/v1/desk/hall", WEB_HALL, &api_hall_body, api_hall_open, api_application_opened_show, KEYED },
    { GET, "/api/v1/desk/applications", DESKS, NULL, api_desk_list_read, api_applications_show, API },
    { GET, DESK, DESKS, NULL, api_case_read, api_application_show, API | WRITER },
    { POST, DESK "/documents", WEB_HALL, &api_documents_body, api_documents_run, api_application_show, KEYED },
    { POST, DESK "/cancellation", DESKS, NULL, api_cancellation_run, api_application_show, KEYED },
};
const int web_route_count = sizeof web_routes / sizeof web_routes[0];

static const struct {
    web_step *run, *before;
} aheads[] = {
    { signature_run, signature_before },
    { api_signature_put, api_signature_before },
    { api_mobile_documents_run, api_mobile_documents_before },
};

web_step *web_route_before(const struct route *route)
{
    for (size_t i = 0; i < sizeof aheads / sizeof aheads[0]; i++) {
        if (aheads[i].run == route->run)
            return aheads[i].before;
    }
    return NULL;
}

/* Matches a pattern part by part; a part that begins with ":" takes anything. */
static bool matches(const char *pattern, struct str path, struct str key[WEB_KEYS_MAX])
{
    struct str want = str_from(pattern), part, given;
    int keys = 0;
    while (str_split(&want, '/', &part)) {
        if (!str_split(&path, '/', &given))
            return false;
        if (!str_starts(part, ":")) {
            if (!str_equal(part, given))
                return false;
        } else if (given.n == 0 || keys == WEB_KEYS_MAX) {
            return false;
        } else {
            key[keys++] = given;
        }
    }
    return !path.p;
}

const struct route *web_route_find(enum http_method method, struct str path, struct str key[WEB_KEYS_MAX], bool *ret_other)
{
    struct str found[WEB_KEYS_MAX] = { 0 };
    for (int i = 0; i < web_route_count; i++) {
        if (!matches(web_routes[i].pattern, path, found))
            continue;
        if (web_routes[i].method == method) {
            for (int k = 0; k < WEB_KEYS_MAX; k++)
                key[k] = found[k];
            return &web_routes[i];
        }
        *ret_other = true;
    }
    return NULL;
}
