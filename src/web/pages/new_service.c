/* SPDX-License-Identifier: Apache-2.0 */
/* Question 1: which of the two services, and for how long. */
#include "page_new_service.h"
#include "web/pages/pages.h"

struct service_typed {
    struct str service;
    int months;
};
static const char *const services[] = { "residence", "temporary", NULL };
static const struct form_field fields[] = {
    { "service", FORM_CHOICE, FORM_AT(struct service_typed, service), .required = true, .choice = services,
      .missing = T_NEW_SERVICE_MISSING, .wrong = T_NEW_SERVICE_MISSING },
    { "months", FORM_INT, FORM_AT(struct service_typed, months), .min = 1, .max = 12, .missing = T_NEW_MONTHS_MISSING,
      .wrong = T_NEW_MONTHS_MISSING },
};

static void check(const struct form *form, const void *typed, struct form_state *state)
{
    const struct service_typed *t = typed;
    if (str_is(t->service, "temporary") && t->months == FORM_INT_NONE)
        form_fail(form, state, "months", T_NEW_MONTHS_MISSING);
}
const struct form new_service_form = FORM_CHECKED(fields, struct service_typed, check);

void new_service_show(struct web_request *r) { page_new_service(&r->page); }

bool new_service_run(struct db *db, struct web_request *r, struct err *err)
{
    (void)db;
    (void)err;
    const struct service_typed *typed = r->typed;
    bool temporary = str_is(typed->service, "temporary");
    web_redirect(r, "/new/dwelling?service=" STR_FMT "&months=%d", STR_ARG(typed->service), temporary ? typed->months : 0);
    return true;
}
