/* SPDX-License-Identifier: Apache-2.0 */
/* libmicrohttpd, one thread a connection: a scripted silence may then simply wait. */
#include <arpa/inet.h>
#include <errno.h>
#include <microhttpd.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "stand/authority_service.h"
#include "stand/stand.h"

#define REPLY_MAX       (EXCHANGE_ENVELOPE_MAX * 2)
#define CONNECTIONS_MAX 512

struct stand_http {
    struct MHD_Daemon *daemon;
};

/* ---- pages ---- */

static void serve_json(struct stand_reply *ret)
{
    ret->status = 200;
    ret->type = "application/json";
}

static void serve_health(struct stand *stand, struct str body, struct stand_reply *ret)
{
    (void)stand;
    (void)body;
    serve_json(ret);
    buf_add_text(&ret->body, "{\"status\":\"ok\"}");
}

static void serve_messages(struct stand *stand, struct str body, struct stand_reply *ret)
{
    (void)body;
    serve_json(ret);
    stand_messages_write(stand, &ret->body);
}

static void serve_faults(struct stand *stand, struct str body, struct stand_reply *ret)
{
    bool wanted[REGISTRIES];
    struct stand_fault fault;
    struct err err;
    struct json j;
    serve_json(ret);
    json_init(&j, &ret->body);
    json_open_object(&j);
    if (stand_fault_read(body, wanted, &fault, &err)) {
        pthread_mutex_lock(&stand->lock);
        for (int i = 0; i < REGISTRIES; i++) {
            stand->fault[i] = wanted[i] ? fault : stand->fault[i];
        }
        pthread_mutex_unlock(&stand->lock);
        json_put_text(&j, "status", "ok");
    } else {
        ret->status = 400;
        json_put_text(&j, "error", err.text);
    }
    json_end(&j);
}

static const struct {
    const char *path, *method;
    bool loopback_only;
    void (*serve)(struct stand *stand, struct str body, struct stand_reply *ret);
} routes[] = {
    { "/bip-sync-wss-gost/", MHD_HTTP_METHOD_POST, false, stand_serve },
    { "/bip-sync-wss-gost", MHD_HTTP_METHOD_POST, false, stand_serve },
    { "/stand/faults", MHD_HTTP_METHOD_POST, true, serve_faults },
    { "/stand/messages", MHD_HTTP_METHOD_GET, true, serve_messages },
    { "/stand/health", MHD_HTTP_METHOD_GET, true, serve_health },
};

static bool from_loopback(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    if (!info || !info->client_addr) {
        return false;
    }
    if (info->client_addr->sa_family == AF_INET) {
        struct sockaddr_in address;
        memcpy(&address, info->client_addr, sizeof address);
        return ntohl(address.sin_addr.s_addr) >> 24 == 127;
    }
    struct sockaddr_in6 address;
    memcpy(&address, info->client_addr, sizeof address);
    return info->client_addr->sa_family == AF_INET6 && IN6_IS_ADDR_LOOPBACK(&address.sin6_addr);
}

static void refuse(struct stand_reply *ret, int status, const char *text)
{
    ret->status = status;
    ret->type = "text/plain; charset=utf-8";
    buf_add_text(&ret->body, text);
}

static void dispatch(struct stand *stand, struct MHD_Connection *connection, const char *path, const char *method,
                     struct str body, struct stand_reply *ret)
{
    bool known = false;
    pthread_mutex_lock(&stand->lock);
    struct authority_service *authority = stand->authority;
    pthread_mutex_unlock(&stand->lock);
    if (authority && authority_service_answer(stand, authority, method, path, from_loopback(connection), body, ret)) {
        return;
    }
    for (size_t i = 0; i < sizeof routes / sizeof routes[0]; i++) {
        if (strcmp(path, routes[i].path) != 0) {
            continue;
        }
        known = true;
        if (strcmp(method, routes[i].method) != 0) {
            continue;
        }
        if (routes[i].loopback_only && !from_loopback(connection)) {
            refuse(ret, 403, "on loopback only\n");
        } else {
            routes[i].serve(stand, body, ret);
        }
        return;
    }
    refuse(ret, known ? 405 : 404, known ? "another method\n" : "no such page\n");
}

/* ---- libmicrohttpd ---- */

struct upload {
    struct buf body;
};

static enum MHD_Result send_reply(struct MHD_Connection *connection, struct stand_reply *reply)
{
    if (reply->status == 0 || reply->body.over) {
        return MHD_NO;
    }
    struct MHD_Response *response = MHD_create_response_from_buffer(reply->body.n, reply->body.p, MHD_RESPMEM_MUST_COPY);
    MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, reply->type);
    enum MHD_Result result = MHD_queue_response(connection, (unsigned)reply->status, response);
    MHD_destroy_response(response);
    return result;
}

static enum MHD_Result on_request(void *context, struct MHD_Connection *connection, const char *url, const char *method,
                                  const char *version, const char *data, size_t *data_size, void **request)
{
    (void)version;
    struct upload *upload = *request;
    if (!upload) {
        upload = *request = mem_alloc(sizeof *upload);
        buf_init(&upload->body, EXCHANGE_ENVELOPE_MAX);
        return MHD_YES;
    }
    if (*data_size > 0) {
        buf_add(&upload->body, data, *data_size);
        *data_size = 0;
        return MHD_YES;
    }
    struct stand_reply reply = { 0 };
    buf_init(&reply.body, REPLY_MAX);
    if (upload->body.over) {
        refuse(&reply, 413, "too long\n");
    } else {
        dispatch(context, connection, url, method, buf_str(&upload->body), &reply);
    }
    enum MHD_Result result = send_reply(connection, &reply);
    buf_release(&reply.body);
    return result;
}

static void on_done(void *context, struct MHD_Connection *connection, void **request, enum MHD_RequestTerminationCode code)
{
    (void)context;
    (void)connection;
    (void)code;
    struct upload *upload = *request;
    if (upload) {
        buf_release(&upload->body);
        free(upload);
    }
}

/* ---- start and stop ---- */

static bool find_address(const struct stand *stand, struct arena *arena, struct addrinfo **ret, struct err *err)
{
    char port[8];
    struct addrinfo hints = { .ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE, .ai_socktype = SOCK_STREAM };
    snprintf(port, sizeof port, "%d", stand->options.port);
    const char *host = arena_text(arena, stand->options.host);
    int code = getaddrinfo(host, port, &hints, ret);
    return code == 0 || err_set(err, ERR_INPUT, "--listen: %.100s is not a numeric address: %s", host, gai_strerror(code));
}

bool stand_http_start(struct stand *stand, struct stand_http **ret, int *ret_port, struct err *err)
{
    struct addrinfo *address;
    struct arena arena;
    arena_init(&arena, 1024);
    bool found = find_address(stand, &arena, &address, err);
    arena_release(&arena);
    if (!found) {
        return false;
    }
    unsigned flags = MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_THREAD_PER_CONNECTION | MHD_USE_POLL;
    if (address->ai_family == AF_INET6) {
        flags |= MHD_USE_IPv6;
    }
    struct MHD_Daemon *daemon = MHD_start_daemon(flags, 0, NULL, NULL, on_request, stand, MHD_OPTION_SOCK_ADDR, address->ai_addr,
                                                 MHD_OPTION_NOTIFY_COMPLETED, on_done, NULL, MHD_OPTION_CONNECTION_LIMIT,
                                                 CONNECTIONS_MAX, MHD_OPTION_CONNECTION_TIMEOUT, 120u, MHD_OPTION_END);
    freeaddrinfo(address);
    if (!daemon) {
        return err_set(err, ERR_SYSTEM, "--listen: port %d cannot be opened: %s", stand->options.port, strerror(errno));
    }
    const union MHD_DaemonInfo *info = MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_BIND_PORT);
    *ret_port = info ? info->port : stand->options.port;
    *ret = mem_alloc(sizeof **ret);
    (*ret)->daemon = daemon;
    return true;
}

void stand_http_stop(struct stand_http *http)
{
    MHD_stop_daemon(http->daemon);
    free(http);
}
