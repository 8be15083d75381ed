/* SPDX-License-Identifier: Apache-2.0 */
/* The handlers that the route table names, by file of this folder. */
#ifndef WEB_PAGES_PAGES_H
#define WEB_PAGES_PAGES_H

#include "web/request.h"

#define WEB_RUN(name)  bool name(struct db *db, struct web_request *r, struct err *err)
#define WEB_SHOW(name) void name(struct web_request *r)

/* home.c, sign_in.c, mine.c */
WEB_SHOW(home_show);
WEB_SHOW(health_show);
extern const struct form sign_in_form;
WEB_SHOW(sign_in_show);
WEB_RUN(sign_in_run);
WEB_RUN(sign_out_run);
WEB_RUN(mine_run);
WEB_SHOW(mine_show);

/* Where somebody of a role begins. */
const char *web_home_of(enum filing_role role);
void web_leave_session(struct db *db, struct web_request *r);

/* signature.c: signing with an electronic signature, for every purpose; sign-in without a session. */
extern const struct form signature_form, eds_in_form;
WEB_RUN(eds_in_run);
WEB_RUN(sign_application_run);
WEB_RUN(sign_consent_run);
WEB_RUN(hall_sign_run);
WEB_RUN(signature_read);
WEB_SHOW(signature_show);
WEB_RUN(signature_content_read);
WEB_SHOW(signature_content_show);
WEB_RUN(signature_before);
WEB_RUN(signature_run);
WEB_RUN(signature_again_run);
WEB_RUN(signature_phone_read);
WEB_SHOW(signature_phone_show);
/* Asks for a signature about the case of the path, and leads to its page. */
bool signature_ask(struct db *db, struct web_request *r, enum filing_signature_purpose purpose, struct err *err);

/* phone.c */
WEB_RUN(phone_run);
WEB_SHOW(phone_show);

/* A new application (draft.c): what was chosen so far travels from page to page in the address and in hidden fields. */
struct web_draft {
    enum law_service service;
    int months;     /* temporary: 1 to 12; residence: 0 */
    int64_t lookup; /* of the path, where there is one */
    struct filing_lookup found;
    const struct registry_dwelling *dwelling; /* the one chosen */
};
/* False after sending the reader to the first page. */
bool draft_read(struct web_request *r, struct web_draft *ret);
bool draft_is_right(enum law_service service, int months);
/* The dwellings that a look-up has found; *ret_count may be 0. */
const struct registry_dwelling *draft_dwellings(const struct filing_lookup *lookup, int *ret_count);
const struct registry_dwelling *draft_dwelling_of(const struct filing_lookup *lookup, struct str rka);
extern const struct form new_service_form, new_dwelling_form, new_found_form, new_confirm_form;
WEB_SHOW(new_service_show);
WEB_RUN(new_service_run);
WEB_RUN(new_draft_run);
WEB_SHOW(new_dwelling_show);
WEB_RUN(new_dwelling_run);
WEB_RUN(new_found_read);
WEB_SHOW(new_found_show);
WEB_RUN(new_found_run);
WEB_RUN(new_confirm_read);
WEB_SHOW(new_confirm_show);
WEB_RUN(new_confirm_run);

/* The case (case.c): case_read leaves its view in r->data for every page about it. */
WEB_RUN(case_read);
const struct filing_view *case_view(const struct web_request *r);
/* A step after which the reader goes back to "/applications/<number>". */
bool case_step_done(struct web_request *r, bool ok);
WEB_SHOW(case_show);
WEB_SHOW(history_show);
WEB_RUN(ask_again_run);
WEB_RUN(choose_other_run);
WEB_RUN(choose_on_record_run);
extern const struct form relation_form, coupon_form, code_form, consent_form;
WEB_SHOW(relation_show);
WEB_RUN(relation_run);
WEB_SHOW(coupon_show);
WEB_RUN(coupon_run);
WEB_SHOW(check_show);
WEB_RUN(send_code_run);
WEB_SHOW(code_show);
WEB_RUN(code_run);
WEB_SHOW(cancel_show);
WEB_RUN(cancel_run);

/* The owner (consent.c). */
WEB_SHOW(consent_show);
WEB_RUN(consent_run);
WEB_RUN(consent_code_run);

/* Reception and operations hall (desk.h): desk_start.c, desk_found.c, desk_case.c, hall_documents.c. */
extern const struct form reception_form, hall_form, desk_found_form, hall_documents_form, hall_refuse_form;
WEB_RUN(desk_start_read);
WEB_SHOW(desk_start_show);
WEB_RUN(desk_start_run);
WEB_RUN(desk_found_read);
WEB_SHOW(desk_found_show);
WEB_RUN(desk_found_run);
WEB_SHOW(desk_case_show);
WEB_RUN(desk_cancel_run);
WEB_RUN(desk_slip_read);
WEB_SHOW(desk_slip_show);
WEB_RUN(hall_correct_run);
WEB_RUN(hall_documents_read);
WEB_SHOW(hall_documents_show);
WEB_RUN(hall_documents_run);
WEB_SHOW(hall_refuse_show);
WEB_RUN(hall_refuse_run);

#endif
