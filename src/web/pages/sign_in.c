/* SPDX-License-Identifier: Apache-2.0 */
/* The door.  By electronic signature (signature.c); in the demonstration also as one of the listed synthetic people. */
#include <string.h>

#include "page_sign_in.h"
#include "web/pages/pages.h"
#include "web/web_impl.h"

struct sign_in_typed {
    struct str person, next;
};
static const struct form_field fields[] = {
    { "person", FORM_TEXT, FORM_AT(struct sign_in_typed, person), .required = true, .min = 1, .max = 60,
      .missing = T_SIGN_IN_MISSING, .wrong = T_SIGN_IN_MISSING },
    { "next", FORM_TEXT, FORM_AT(struct sign_in_typed, next), .max = 500, .missing = T_SIGN_IN_MISSING,
      .wrong = T_SIGN_IN_MISSING },
};
const struct form sign_in_form = FORM(fields, struct sign_in_typed);

static const char *const homes[FILING_ROLES] = {
    [FILING_CITIZEN] = "/applications",
    [FILING_RECEPTION] = "/reception",
    [FILING_HALL] = "/hall",
};

const char *web_home_of(enum filing_role role) { return homes[role]; }

void sign_in_show(struct web_request *r)
{
    if (!r->config->demonstration && !r->config->trust) {
        web_error(r, 404, NULL);
        return;
    }
    struct str next = page_typed(&r->page, "next", pairs_get(&r->query, "next"));
    page_sign_in(&r->page, r->config->person, r->config->persons, next);
}

/* Only a plain path of ours: letters, digits, "/", "-". */
static bool is_plain_path(struct str s)
{
    if (s.n < 2 || s.p[0] != '/' || s.p[1] == '/')
        return false;
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        if (!(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') && !(c >= '0' && c <= '9') && c != '/' && c != '-')
            return false;
    }
    return true;
}

/* Whoever signs in anew leaves the session of before, which may have run out long ago. */
void web_leave_session(struct db *db, struct web_request *r)
{
    struct err ignored;
    struct str old = http_cookie(r->http, "tirkeu");
    if (old.n > 0 && old.n <= 128)
        filing_session_close(db, &r->context, old, &ignored);
}

bool sign_in_run(struct db *db, struct web_request *r, struct err *err)
{
    const struct sign_in_typed *typed = r->typed;
    const struct web_demo_person *person = web_demo_person_by_key(r->config, typed->person);
    char token[44];
    if (!person) {
        web_fail_field(r, "person", T_SIGN_IN_MISSING);
        return true;
    }
    web_leave_session(db, r);
    enum law_channel channel = person->role == FILING_RECEPTION ? LAW_RECEPTION
                               : person->role == FILING_HALL    ? LAW_HALL
                                                                : LAW_PORTAL;
    if (!filing_session_open(db, &r->context, person->iin, person->role, channel, r->language, token, err))
        return false;
    web_set_session(r, arena_text(r->arena, str_from(token)));
    bool back = person->role == FILING_CITIZEN && is_plain_path(typed->next);
    web_redirect(r, "%s", back ? arena_text(r->arena, typed->next) : homes[person->role]);
    return true;
}

bool sign_out_run(struct db *db, struct web_request *r, struct err *err)
{
    if (!filing_session_close(db, &r->context, r->token, err))
        return false;
    web_set_session(r, NULL);
    web_redirect(r, "/");
    return true;
}
