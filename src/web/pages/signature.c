/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Signing with an electronic signature: one page for everything that is signed.  With NCALayer by a small script, or without any
 * script as a file: the bytes are downloaded, signed elsewhere, and the CMS is sent back.
 */
#include "base/digest.h"
#include "filing/filing_signature.h"
#include "page_signature.h"
#include "page_signature_phone.h"
#include "web/mobile.h"
#include "web/pages/pages.h"
#include "web/web_impl.h"

#define TICKET_COOKIE  "tirkeu_ticket"
#define TICKET_SECONDS 1200
#define SIGNATURE_MAX  60000

struct signature_typed {
    struct str signature, file;
};
static void one_of_both(const struct form *form, const void *typed, struct form_state *state)
{
    const struct signature_typed *t = typed;
    if ((t->signature.n > 0) == (t->file.n > 0))
        form_fail(form, state, "file", T_SIGN_FILE_MISSING);
}
static const struct form_field fields[] = {
    { "file", FORM_FILE, FORM_AT(struct signature_typed, file), .max = SIGNATURE_MAX, .missing = T_SIGN_FILE_MISSING,
      .wrong = T_ERROR_SIGNATURE_LARGE },
    { "signature", FORM_TEXT, FORM_AT(struct signature_typed, signature), .max = SIGNATURE_MAX, .missing = T_SIGN_FILE_MISSING,
      .wrong = T_ERROR_SIGNATURE_LARGE },
};
const struct form signature_form = FORM_CHECKED(fields, struct signature_typed, one_of_both);

/* ---- where from, where to ---- */

static struct filing_access access_of(const struct web_request *r)
{
    return (struct filing_access){ .actor = r->signed_in ? &r->actor : NULL, .ticket = http_cookie(r->http, TICKET_COOKIE) };
}

/* The page of whatever is signed. */
static const char *home_of(struct web_request *r, const struct filing_signature *s)
{
    static const char *const places[FILING_SIGN_PURPOSES] = { [FILING_SIGN_IN] = "/sign-in",
                                                              [FILING_SIGN_APPLICATION] = "/applications/",
                                                              [FILING_SIGN_CONSENT] = "/consents/",
                                                              [FILING_SIGN_DOCUMENTS] = "/hall/cases/",
                                                              [FILING_SIGN_POLICY] = "/" };
    char number[FILING_NUMBER];
    if (s->filing.n == 0)
        return places[s->purpose];
    return arena_printf(r->arena, "%s%s", places[s->purpose], filing_number(s->filing, number)).p;
}

static bool read(struct db *db, struct web_request *r, struct signature_view *view, struct err *err)
{
    struct filing_access access = access_of(r);
    int64_t id;
    if (!web_id(r, 0, &id, err) || !filing_signature_read(db, &r->context, &access, id, r->arena, &view->s, err))
        return false;
    view->home = home_of(r, &view->s);
    return true;
}

static bool ask(struct db *db, struct web_request *r, const struct filing_signing *wanted, struct err *err)
{
    char ticket[FILING_TICKET];
    int64_t id;
    bool sign_in = wanted->purpose == FILING_SIGN_IN;
    if (!filing_signature_ask(db, &r->context, sign_in ? NULL : &r->actor, wanted, &id, sign_in ? ticket : NULL, err))
        return false;
    if (sign_in) {
        struct str cookie = arena_printf(r->arena, TICKET_COOKIE "=%s; Path=/; HttpOnly; SameSite=Strict; Max-Age=%d%s", ticket,
                                         TICKET_SECONDS, r->config->secure_cookies ? "; Secure" : "");
        http_set_header(r->http, "Set-Cookie", cookie.p);
    }
    web_redirect(r, "/signatures/%lld", (long long)id);
    return true;
}

bool signature_ask(struct db *db, struct web_request *r, enum filing_signature_purpose purpose, struct err *err)
{
    struct filing_signing wanted = { .purpose = purpose };
    return web_filing_id(r, 0, &wanted.filing, err) && ask(db, r, &wanted, err);
}

bool sign_application_run(struct db *db, struct web_request *r, struct err *err)
{
    return signature_ask(db, r, FILING_SIGN_APPLICATION, err);
}

bool sign_consent_run(struct db *db, struct web_request *r, struct err *err)
{
    return signature_ask(db, r, FILING_SIGN_CONSENT, err);
}

/* ---- signing in ---- */

struct eds_in_typed {
    struct str role;
};
static const char *const roles[] = { "citizen", "reception", "hall", NULL };
static const struct form_field in_fields[] = {
    { "role", FORM_CHOICE, FORM_AT(struct eds_in_typed, role), .required = true, .choice = roles,
      .missing = T_SIGN_IN_ROLE_MISSING, .wrong = T_SIGN_IN_ROLE_MISSING },
};
const struct form eds_in_form = FORM(in_fields, struct eds_in_typed);

bool eds_in_run(struct db *db, struct web_request *r, struct err *err)
{
    const struct eds_in_typed *typed = r->typed;
    struct filing_signing wanted = { .purpose = FILING_SIGN_IN, .origin = web_origin(r) };
    for (int i = 0; roles[i]; i++) {
        if (str_is(typed->role, roles[i]))
            wanted.role = (enum filing_role)i;
    }
    return ask(db, r, &wanted, err);
}

static bool enter(struct db *db, struct web_request *r, struct err *err)
{
    char token[44];
    enum filing_role role;
    if (!filing_signature_sign_in(db, &r->context, http_cookie(r->http, TICKET_COOKIE), LAW_PORTAL, r->language, token, &role,
                                  err))
        return false;
    web_leave_session(db, r);
    web_set_session(r, arena_text(r->arena, str_from(token)));
    web_redirect(r, "%s", web_home_of(role));
    return true;
}

/* ---- the page ---- */

bool signature_read(struct db *db, struct web_request *r, struct err *err)
{
    struct signature_view *view = ARENA_NEW(r->arena, struct signature_view);
    r->data = view;
    if (!read(db, r, view, err))
        return false;
    if (view->s.result.state != FILING_SIGNATURE_GOOD)
        return true;
    if (view->s.purpose == FILING_SIGN_IN)
        return enter(db, r, err);
    web_redirect(r, "%s", view->home);
    return true;
}

void signature_show(struct web_request *r)
{
    const struct signature_view *view = r->data;
    bool open = view->s.result.state == FILING_SIGNATURE_OPEN;
    r->signing = open;
    r->page.refresh = view->s.result.state == FILING_SIGNATURE_CHECKING ? 2 : 0;
    page_signature(&r->page, view);
}

bool signature_content_read(struct db *db, struct web_request *r, struct err *err)
{
    struct signature_view *view = ARENA_NEW(r->arena, struct signature_view);
    r->data = view;
    return read(db, r, view, err);
}

void signature_content_show(struct web_request *r)
{
    const struct signature_view *view = r->data;
    const char *name = filing_signature_purpose_name(view->s.purpose);
    buf_add_str(&r->http->out, view->s.content);
    http_set_header(r->http, "Content-Disposition",
                    arena_printf(r->arena, "attachment; filename=\"tirkeu-%s-%lld.json\"", name, (long long)view->s.id).p);
    web_answer(r, "application/octet-stream");
}

/* ---- by telephone ---- */

/* Looks again until the signature has come: then the request's own page says what came of it. */
bool signature_phone_read(struct db *db, struct web_request *r, struct err *err)
{
    struct signature_view *view = ARENA_NEW(r->arena, struct signature_view);
    struct filing_access access = access_of(r);
    char token[FILING_PHONE];
    r->data = view;
    if (!read(db, r, view, err))
        return false;
    if (view->s.result.state == FILING_SIGNATURE_OPEN && mobile_is_offered(r))
        return filing_signature_phone(db, &r->context, &access, view->s.id, view->phone, token, err);
    web_redirect(r, "/signatures/%lld", (long long)view->s.id);
    return true;
}

void signature_phone_show(struct web_request *r)
{
    r->page.refresh = 3;
    page_signature_phone(&r->page, r->data);
}

static struct str cms_of(const struct web_request *r)
{
    const struct signature_typed *typed = r->typed;
    return typed->file.n > 0 ? typed->file : typed->signature;
}

bool signature_before(struct db *db, struct web_request *r, struct err *err)
{
    struct filing_access access = access_of(r);
    struct filing_check *check;
    int64_t id;
    if (!web_id(r, 0, &id, err) || !filing_signature_check(db, &r->context, &access, id, cms_of(r), r->arena, &check, err))
        return false;
    r->ahead = check;
    return true;
}

bool signature_run(struct db *db, struct web_request *r, struct err *err)
{
    struct filing_access access = access_of(r);
    struct filing_signature_result result;
    enum text_key key;
    int64_t id;
    if (!web_id(r, 0, &id, err))
        return false;
    if (filing_signature_put(db, &r->context, &access, id, cms_of(r), r->ahead, &result, err)) {
        web_redirect(r, "/signatures/%lld", (long long)id);
        return true;
    }
    if ((err->kind != ERR_INPUT && err->kind != ERR_LIMIT) || !filing_err_key(err, &key))
        return false;
    web_fail_field(r, "file", key);
    return true;
}

/* Once more from the beginning: other bytes, another nonce. */
bool signature_again_run(struct db *db, struct web_request *r, struct err *err)
{
    struct signature_view view;
    if (!read(db, r, &view, err))
        return false;
    struct filing_signing wanted = {
        .purpose = view.s.purpose, .filing = view.s.filing, .role = view.s.role, .origin = web_origin(r)
    };
    if (view.s.purpose != FILING_SIGN_POLICY)
        return ask(db, r, &wanted, err);
    web_redirect(r, "/");
    return true;
}

/* ---- words ---- */

/* What to do about a reason; texts "eds.remedy.<name>". */
static const struct {
    const char *remedy;
    enum eds_reason first, last; /* of the list in eds.h */
} remedies[] = {
    { "other_file", EDS_FORM_UNREADABLE, EDS_SIGNER_CERTIFICATE_MISSING },
    { "other_key", EDS_ALGORITHM_REFUSED, EDS_KEY_UNREADABLE },
    { "same_bytes", EDS_CONTENT_MISSING, EDS_SIGNATURE_WRONG },
    { "timestamp", EDS_TIMESTAMP_NONE, EDS_TIMESTAMP_REVOKED },
    { "national", EDS_CHAIN_UNTRUSTED, EDS_CHAIN_SIGNATURE },
    { "new_key", EDS_CHAIN_EXPIRED, EDS_CHAIN_EXPIRED },
    { "national", EDS_CHAIN_NOT_YET, EDS_CHAIN_WRONG },
    { "other_key", EDS_PROFILE_KEY_USAGE, EDS_PURPOSE_OTHER },
    { "own_key", EDS_IDENTITY_NONE, EDS_IDENTITY_OTHER_IIN },
    { "company_key", EDS_IDENTITY_OTHER_BIN, EDS_IDENTITY_OTHER_BIN },
    { "new_key", EDS_REVOCATION_REVOKED, EDS_REVOCATION_REVOKED },
    { "wait", EDS_REVOCATION_LATER, EDS_VERIFIER_REFUSED },
};

const char *web_remedy_of(enum eds_reason reason)
{
    for (size_t i = 0; i < sizeof remedies / sizeof *remedies; i++) {
        if (remedies[i].first <= reason && reason <= remedies[i].last)
            return remedies[i].remedy;
    }
    return "same_bytes";
}

/* Which key NCALayer is to offer: by extended key usage, as the national authority issues them. */
const char *signature_usages(const struct filing_signature *s)
{
    static const char sign_in[] = "1.3.6.1.5.5.7.3.2", sign[] = "1.3.6.1.5.5.7.3.4";
    static const char person_in[] = "1.3.6.1.5.5.7.3.2 1.2.398.3.3.4.1.1", person[] = "1.3.6.1.5.5.7.3.4 1.2.398.3.3.4.1.1";
    static const char company[] = "1.3.6.1.5.5.7.3.4 1.2.398.3.3.4.1.2";
    bool citizen = s->role == FILING_CITIZEN, in = s->purpose == FILING_SIGN_IN;
    if (!iin_is_none(s->company))
        return company;
    return in ? (citizen ? person_in : sign_in) : citizen ? person : sign;
}

struct str signature_base64(struct page *p, struct str bytes)
{
    struct buf out;
    buf_init(&out, 4 * bytes.n / 3 + 8);
    digest_base64(&out, bytes);
    struct str text = arena_str(p->arena, buf_str(&out));
    buf_release(&out);
    return text;
}
