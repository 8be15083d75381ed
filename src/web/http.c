/* SPDX-License-Identifier: Apache-2.0 */
#include "web/http.h"

#include <arpa/inet.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define REQUEST_MEMORY  ((size_t)32 * 1024) /* libmicrohttpd's own, mostly for the headers of a request */
#define IDLE_SECONDS    30U
#define CONNECTIONS_MAX 4096U
#define ANSWER_MAX      ((size_t)4 << 20)

struct http_server {
    struct MHD_Daemon *daemon;
    struct http_config config;
    uint16_t port;
    pthread_mutex_t lock;
    pthread_cond_t idle;
    int suspended;
};

/* What libmicrohttpd keeps for a request; begins with what handlers see. */
struct exchange {
    struct http_request request;
    struct http_server *server;
    struct MHD_Connection *connection;
    struct buf body;
    size_t body_seen;
    bool begun, queued;
    bool suspended; /* by the present call of `serve`; only its thread looks */
    struct str fixed;
};

static struct exchange *exchange_of(struct http_request *request) { return (struct exchange *)request; }
static const struct exchange *exchange_of_const(const struct http_request *request) { return (const struct exchange *)request; }

static void *begin_exchange(void *context, const char *uri, struct MHD_Connection *connection)
{
    struct arena arena;
    arena_init(&arena, 0);
    struct exchange *x = ARENA_NEW(&arena, struct exchange);
    x->server = context;
    x->connection = connection;
    buf_init(&x->body, HTTP_BODY_MAX);
    buf_init(&x->request.out, ANSWER_MAX);
    struct str whole = arena_str(&arena, str_from(uri));
    if (!str_split(&whole, '?', &x->request.path))
        x->request.path = STR("");
    x->request.query = whole;
    x->request.arena = arena;
    return x;
}

static void end_exchange(void *context, struct MHD_Connection *connection, void **state, enum MHD_RequestTerminationCode code)
{
    (void)context;
    (void)connection;
    (void)code;
    struct exchange *x = *state;
    if (!x)
        return;
    *state = NULL;
    buf_release(&x->body);
    buf_release(&x->request.out);
    struct arena arena = x->request.arena;
    arena_release(&arena);
}

/* ---- the request ---- */

struct str http_header(const struct http_request *request, const char *name)
{
    const struct exchange *x = exchange_of_const(request);
    return x->connection ? str_from(MHD_lookup_connection_value(x->connection, MHD_HEADER_KIND, name)) : STR("");
}

struct last_header {
    const char *name;
    struct str value;
};

static enum MHD_Result look_at_header(void *context, enum MHD_ValueKind kind, const char *name, const char *value)
{
    struct last_header *last = context;
    (void)kind;
    if (strcasecmp(name, last->name) == 0)
        last->value = str_from(value);
    return MHD_YES;
}

struct str http_last_header(const struct http_request *request, const char *name)
{
    struct last_header last = { name, STR("") };
    MHD_get_connection_values(exchange_of_const(request)->connection, MHD_HEADER_KIND, look_at_header, &last);
    return last.value;
}

struct str http_cookie(const struct http_request *request, const char *name)
{
    const struct exchange *x = exchange_of_const(request);
    return x->connection ? str_from(MHD_lookup_connection_value(x->connection, MHD_COOKIE_KIND, name)) : STR("");
}

struct str http_peer(struct http_request *request)
{
    char text[INET6_ADDRSTRLEN];
    const struct exchange *x = exchange_of(request);
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(x->connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    const struct sockaddr *address = info ? info->client_addr : NULL;
    if (!address || address->sa_family != AF_INET ||
        !inet_ntop(AF_INET, &((const struct sockaddr_in *)(const void *)address)->sin_addr, text, sizeof text))
        return STR("");
    return arena_str(&request->arena, str_from(text));
}

static bool read_method(const char *name, enum http_method *ret)
{
    static const char *const names[] = { "GET", "POST", "PUT", "PATCH", "DELETE" };
    if (strcmp(name, "HEAD") == 0)
        name = "GET";
    for (int i = 0; i < HTTP_METHODS; i++) {
        if (strcmp(name, names[i]) == 0) {
            *ret = (enum http_method)i;
            return true;
        }
    }
    return false;
}

/* ---- the answer ---- */

void http_set_header(struct http_request *request, const char *name, const char *value)
{
    if (request->headers == HTTP_HEADERS_MAX)
        BUG("more than %d headers", HTTP_HEADERS_MAX);
    request->header[request->headers++] = (struct http_header){ name, value };
}

void http_answer(struct http_request *request, int status) { request->status = status; }

void http_answer_fixed(struct http_request *request, int status, struct str fixed)
{
    exchange_of(request)->fixed = fixed;
    request->status = status;
}

static enum MHD_Result queue_answer(struct exchange *x)
{
    struct http_request *request = &x->request;
    if (request->out.over) {
        buf_clear(&request->out);
        request->headers = 0;
        request->status = MHD_HTTP_INTERNAL_SERVER_ERROR;
    }
    struct str body = x->fixed.p ? x->fixed : buf_str(&request->out);
    /* Both kinds of body live longer than the response: the text of a request is freed by end_exchange. */
    struct MHD_Response *response =
        MHD_create_response_from_buffer_with_free_callback(body.n, body.n ? (void *)(uintptr_t)body.p : NULL, NULL);
    if (!response)
        return MHD_NO;
    for (int i = 0; i < request->headers; i++)
        MHD_add_response_header(response, request->header[i].name, request->header[i].value);
    enum MHD_Result ok = MHD_queue_response(x->connection, (unsigned)request->status, response);
    MHD_destroy_response(response);
    x->queued = true;
    return ok;
}

static enum MHD_Result refuse(struct exchange *x, unsigned status)
{
    x->request.status = (int)status;
    http_set_header(&x->request, "Connection", "close");
    return queue_answer(x);
}

/* ---- suspended requests ---- */

void http_suspend(struct http_request *request)
{
    struct exchange *x = exchange_of(request);
    x->suspended = true;
    pthread_mutex_lock(&x->server->lock);
    x->server->suspended++;
    pthread_mutex_unlock(&x->server->lock);
    MHD_suspend_connection(x->connection);
}

void http_resume(struct http_request *request)
{
    struct exchange *x = exchange_of(request);
    struct http_server *server = x->server;
    /* Under the lock, so that http_stop cannot end the daemon between the two. */
    pthread_mutex_lock(&server->lock);
    MHD_resume_connection(x->connection);
    if (--server->suspended == 0)
        pthread_cond_signal(&server->idle);
    pthread_mutex_unlock(&server->lock);
}

/* ---- libmicrohttpd calls ---- */

/* More than anybody sends by mistake, by what the request says of itself. */
static bool is_hopeless(const struct http_request *request)
{
    uint64_t length;
    struct str text = http_header(request, MHD_HTTP_HEADER_CONTENT_LENGTH);
    return text.n > 0 && (!str_to_u64(text, &length) || length > HTTP_READ_MAX);
}

static enum MHD_Result take_body(struct exchange *x, const char *bytes, size_t *n)
{
    x->body_seen += *n;
    if (x->body_seen > HTTP_READ_MAX)
        return MHD_NO;
    buf_add(&x->body, bytes, *n);
    *n = 0;
    return MHD_YES;
}

/* Called for the headers, for each piece of the body, at its end, and after a resume. */
static enum MHD_Result handle(void *context, struct MHD_Connection *connection, const char *url, const char *method,
                              const char *version, const char *bytes, size_t *n, void **state)
{
    (void)connection;
    (void)url;
    (void)version;
    struct http_server *server = context;
    struct exchange *x = *state;
    if (!x)
        return MHD_NO;
    if (!x->begun) {
        x->begun = true;
        if (!read_method(method, &x->request.method))
            return refuse(x, MHD_HTTP_NOT_IMPLEMENTED);
        return is_hopeless(&x->request) ? refuse(x, MHD_HTTP_CONTENT_TOO_LARGE) : MHD_YES;
    }
    if (*n > 0)
        return take_body(x, bytes, n);
    if (x->queued)
        return MHD_YES;
    x->request.too_large = x->body.over;
    x->request.body = x->body.over ? STR("") : buf_str(&x->body);
    x->suspended = false;
    server->config.serve(server->config.context, &x->request);
    /* Suspended: it belongs to whoever resumes it, perhaps has already and has an answer; then this is called again. */
    return x->suspended ? MHD_YES : queue_answer(x);
}

bool http_start(const struct http_config *config, struct http_server **ret, struct err *err)
{
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons(config->port) };
    if (inet_pton(AF_INET, config->address, &address.sin_addr) != 1)
        return err_set(err, ERR_INPUT, "'%s' is no IPv4 address to listen on", config->address);
    struct http_server *server = mem_alloc(sizeof *server);
    server->config = *config;
    pthread_mutex_init(&server->lock, NULL);
    pthread_cond_init(&server->idle, NULL);
    unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME;
    server->daemon =
        MHD_start_daemon(flags, config->port, NULL, NULL, handle, server, MHD_OPTION_SOCK_ADDR, (struct sockaddr *)&address,
                         MHD_OPTION_THREAD_POOL_SIZE, (unsigned)config->threads, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
                         REQUEST_MEMORY, MHD_OPTION_CONNECTION_LIMIT, CONNECTIONS_MAX, MHD_OPTION_CONNECTION_TIMEOUT,
                         IDLE_SECONDS, MHD_OPTION_URI_LOG_CALLBACK, begin_exchange, server, MHD_OPTION_NOTIFY_COMPLETED,
                         end_exchange, server, MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_END);
    if (!server->daemon) {
        free(server);
        return err_set(err, ERR_SYSTEM, "cannot listen on %s port %u: is it taken?", config->address, (unsigned)config->port);
    }
    const union MHD_DaemonInfo *info = MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_BIND_PORT);
    server->port = info ? info->port : config->port;
    *ret = server;
    return true;
}

uint16_t http_port(const struct http_server *server) { return server->port; }

void http_stop(struct http_server *server)
{
    MHD_socket listening = MHD_quiesce_daemon(server->daemon);
    pthread_mutex_lock(&server->lock);
    while (server->suspended > 0)
        pthread_cond_wait(&server->idle, &server->lock);
    pthread_mutex_unlock(&server->lock);
    MHD_stop_daemon(server->daemon);
    if (listening != MHD_INVALID_SOCKET)
        close(listening);
    pthread_cond_destroy(&server->idle);
    pthread_mutex_destroy(&server->lock);
    free(server);
}
