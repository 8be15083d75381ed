/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of this module share and pages do not need. */
#ifndef WEB_WEB_IMPL_H
#define WEB_WEB_IMPL_H

#include <pthread.h>

#include "base/embedded.h"
#include "web/request.h"

#define WEB_ASSETS_MAX  8
#define WEB_THREADS_MAX 8

struct web_asset {
    const struct base_embedded *file;
    const char *type;
    char path[96]; /* "/assets/tirkeu-0123456789abcdef.css" */
};

struct web {
    struct web_config config;
    struct http_server *http;
    struct web_asset asset[WEB_ASSETS_MAX];
    int assets;
    pthread_mutex_t lock;
    struct db *reader[WEB_THREADS_MAX]; /* those not in use: a thread takes one for as long as it works on a request */
    int readers;
    struct web_request *keyed; /* those with a key that are being carried out */
};

/* assets.c */
void web_assets_open(struct web *web);
const char *web_asset_path(const struct web *web, const char *name);
bool web_asset_serve(const struct web *web, struct http_request *http); /* false: not the path of an asset */

/* touch.c */
void web_touch_session(const struct web_request *r);

/* demo.c */
const struct web_demo_person *web_demo_person_of(const struct web_config *config, struct iin iin);
const struct web_demo_person *web_demo_person_by_key(const struct web_config *config, struct str key);

/* letter.c: handlers of pages and API alike */
bool web_letter_read(struct db *db, struct web_request *r, struct err *err);
void web_letter_show(struct web_request *r);

/* routes.c */
extern const struct route web_routes[];
extern const int web_route_count;
/* What a route does on a read connection before `run` goes to the writer; NULL: nothing. */
typedef bool web_step(struct db *db, struct web_request *r, struct err *err);
web_step *web_route_before(const struct route *route);
/* *ret_other: the path is there, with other methods. */
const struct route *web_route_find(enum http_method method, struct str path, struct str key[WEB_KEYS_MAX], bool *ret_other);

/* dispatch.c: what http calls, see http.h */
void web_serve(void *web, struct http_request *http);

/* admit.c: whose session it is; the checks are false when they have answered: this one may not */
void web_find_session(struct web_request *r);
bool web_check_role(struct web_request *r);
bool web_check_csrf(struct web_request *r);

/* answer.c */
/* web_error; false, so that a caller writes: return web_refuse(...). */
bool web_refuse(struct web_request *r, int status, const struct err *err);
/* policy: of content, NULL: the one of pages without a script. */
void web_set_security_headers(struct http_request *http, const char *policy, bool may_cache);
bool web_is_api(const struct web_request *r);
/* Retry-After of a refusal by ERR_LIMIT. */
const char *web_again(struct web_request *r, const struct err *err);
struct db *web_reader_take(struct web *web);
void web_reader_give(struct web *web, struct db *db);

#endif
