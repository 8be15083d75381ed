/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A request on its way through the routes: who asks, what was sent, what came of it.
 *
 * A route has two functions.  `run` does all work with the database: on the writer for POST, PUT, PATCH, DELETE and
 * ROUTE_ON_WRITER, else on a read connection.  While the writer is at it nobody else can write: so what takes long and only
 * reads is done before, on a read connection, and leaves request->ahead (the second table in routes.c).  `show` makes the answer
 * out of what `run` left in request->data and never touches the database.  Between the two a written request holds no thread.
 */
#ifndef WEB_REQUEST_H
#define WEB_REQUEST_H

#include "filing/filing_service.h"
#include "web/form.h"
#include "web/http.h"
#include "web/page.h"
#include "web/web.h"

/* Who may use a route, as bits. */
enum web_role {
    WEB_ANYBODY = 1, /* also without a session */
    WEB_CITIZEN = 2,
    WEB_RECEPTION = 4,
    WEB_HALL = 8,
    WEB_SIGNED_IN = WEB_CITIZEN | WEB_RECEPTION | WEB_HALL
};

enum route_flag {
    ROUTE_ON_WRITER = 1,     /* a GET whose `run` writes (an audited reading) */
    ROUTE_API = 2,           /* JSON in and out, bearer token instead of cookie and CSRF field */
    ROUTE_DEMONSTRATION = 4, /* exists only in the demonstration */
    ROUTE_NO_SESSION = 8,    /* never looks at the cookie */
    ROUTE_RAW = 32,          /* `run` reads the body by itself */
    ROUTE_KEYED = 16         /* takes an Idempotency-Key (api/keyed.c) */
};

struct web_request;
struct route {
    enum http_method method;
    const char *pattern; /* "/applications/:id/coupon"; each :name becomes request->key[] */
    unsigned roles;
    const struct form *form;                                            /* NULL: no fields are taken */
    bool (*run)(struct db *db, struct web_request *r, struct err *err); /* NULL: nothing to do */
    void (*show)(struct web_request *r);                                /* NULL: run has called web_redirect */
    unsigned flags;
};

#define WEB_KEYS_MAX 3

struct web_request {
    struct http_request *http;
    struct web *web;
    const struct web_config *config;
    const struct route *route;
    struct arena *arena;
    enum text_language language;
    struct filing_context context;
    bool signed_in;
    bool bearer; /* signed in by an Authorization header */
    struct str token;
    struct filing_session session;
    struct filing_actor actor;
    struct str path;              /* decoded, as the reader sees it */
    struct str key[WEB_KEYS_MAX]; /* of the pattern */
    struct pairs query, fields;
    void *typed; /* the form's struct */
    struct form_state form;
    const struct form *shown_form; /* whose errors the page shows; NULL: none */
    const char *redirect;
    struct filing_id filing;   /* API: the case that a step was about; 0: none */
    struct filing_keyed keyed; /* where has_key */
    bool has_key;
    struct web_request *next_keyed;
    void *ahead;  /* from before to run */
    void *data;   /* from run to show */
    int status;   /* 0: 200 */
    bool signing; /* the page has the script that speaks to NCALayer: its policy of content allows just that */
    bool ok;      /* what run came to */
    struct err err;
    struct page page;
};

/* The n-th :key of the path as a positive number, or as the number of a case ("T-000123-7"); ERR_NOT_FOUND when it is none. */
bool web_id(const struct web_request *r, int key, int64_t *ret, struct err *err);
bool web_filing_id(const struct web_request *r, int key, struct filing_id *ret, struct err *err);
/* For `run` of a POST: 303 to a path of ours, built like printf into the arena. */
void web_redirect(struct web_request *r, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* For `run` of a POST: this field is at fault; the page is shown again with it, also when run returns true (what it wrote stays).
 */
void web_fail_field(struct web_request *r, const char *field, enum text_key error);
/* SHA-256 of the address that the request comes from (origin.c); empty: not known. */
struct str web_origin(struct web_request *r);
/* Makes the answer send the cookie of a session, or take it away (NULL). */
void web_set_session(struct web_request *r, const char *token);
/* What to do about a reason of a signature; text "eds.remedy.<name>" (pages/signature.c). */
const char *web_remedy_of(enum eds_reason reason);
/* For `show`: the answer stands in r->http->out, of this type. */
void web_answer(struct web_request *r, const char *content_type);
/* An error page, or an RFC 9457 problem for the API (api/problem.c). */
void web_error(struct web_request *r, int status, const struct err *err);

#endif
