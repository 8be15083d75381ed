/* SPDX-License-Identifier: Apache-2.0 */
/*
 * HTTP: the only file that knows libmicrohttpd.
 *
 * A request is handed to `serve` whole, with its body.  `serve` either answers it (http_answer) or suspends it
 * (http_suspend), starts something elsewhere and returns; http_resume(), called from any thread, makes `serve` be
 * called again for the same request.  A suspended request holds no thread, and whoever is to resume it may write into it.
 */
#ifndef WEB_HTTP_H
#define WEB_HTTP_H

#include "base/arena.h"
#include "base/err.h"

enum http_method { HTTP_GET, HTTP_POST, HTTP_PUT, HTTP_PATCH, HTTP_DELETE, HTTP_METHODS }; /* HEAD is served as GET */

#define HTTP_BODY_MAX 65536
#define HTTP_READ_MAX                                                                                                            \
    (8 << 20) /* a browser shows an answer only after it has sent everything: so much is read and thrown away                    \
               */
#define HTTP_HEADERS_MAX 24

struct http_header {
    const char *name;  /* static */
    const char *value; /* static or in the request's arena */
};

struct http_request {
    struct arena arena; /* lives until the answer is sent */
    enum http_method method;
    struct str path, query; /* as sent, still escaped; query without its '?' */
    struct str body;
    bool too_large; /* the body was over HTTP_BODY_MAX, and is empty here: 413 */
    void *state;    /* of whoever serves */
    /* the answer */
    int status; /* 0: none yet */
    struct http_header header[HTTP_HEADERS_MAX];
    int headers;
    struct buf out;
};

struct str http_header(const struct http_request *request, const char *name); /* empty when absent */
/* Of a header that stands there several times, the last one. */
struct str http_last_header(const struct http_request *request, const char *name);
/* The address at the other end of the connection, "127.0.0.1"; in the request's arena. */
struct str http_peer(struct http_request *request);
struct str http_cookie(const struct http_request *request, const char *name);
void http_set_header(struct http_request *request, const char *name, const char *value);
/* The body is what stands in request->out, or `fixed` when its p is not NULL (must outlive the server). */
void http_answer(struct http_request *request, int status);
void http_answer_fixed(struct http_request *request, int status, struct str fixed);
/* Before starting what will resume it. */
void http_suspend(struct http_request *request);
void http_resume(struct http_request *request);

struct http_config {
    const char *address; /* IPv4 */
    uint16_t port;
    int threads;
    void (*serve)(void *context, struct http_request *request);
    void *context;
};
struct http_server;
bool http_start(const struct http_config *config, struct http_server **ret, struct err *err);
uint16_t http_port(const struct http_server *server);
/* No new connections; waits for what is suspended, then closes all. */
void http_stop(struct http_server *server);

#endif
