/* SPDX-License-Identifier: Apache-2.0 */
/* TLS on loopback: a WebSocket as NCALayer has it, and two paths for tests.  One thread a connection. */
#include "stand/signer_server.h"

#include <arpa/inet.h>
#include <errno.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include "stand/authority_impl.h"
#include "stand/websocket.h"

enum { CONNECTIONS_MAX = 64, HEAD_MAX = 1 << 14, BODY_MAX = 1 << 24, CHUNK = 1 << 14, TIMEOUT_S = 120 };

struct signer_server {
    struct signer *signer;
    SSL_CTX *tls;
    int listener;
    pthread_t acceptor;
    pthread_mutex_t lock; /* everything below */
    pthread_cond_t gone;
    int open[CONNECTIONS_MAX], count;
    bool stopping;
};

struct connection {
    struct signer_server *server;
    int descriptor;
    SSL *tls;
};

/* ---- bytes ---- */

static bool send_all(SSL *tls, const struct buf *bytes)
{
    size_t sent = 0;
    return !bytes->over && bytes->n > 0 && SSL_write_ex(tls, bytes->p, bytes->n, &sent) == 1 && sent == bytes->n;
}

static bool receive(SSL *tls, struct buf *into)
{
    char chunk[CHUNK];
    size_t n = 0;
    if (SSL_read_ex(tls, chunk, sizeof chunk, &n) != 1)
        return false;
    buf_add(into, chunk, n);
    return !into->over;
}

/* ---- HTTP ---- */

/* The value of a header; empty: not there. */
static struct str header(struct str head, const char *name)
{
    struct str line, key;
    while (str_split(&head, '\n', &line)) {
        if (!memchr(line.p, ':', line.n) || !str_split(&line, ':', &key))
            continue;
        if (key.n == strlen(name) && strncasecmp(key.p, name, key.n) == 0)
            return str_trim(line);
    }
    return STR("");
}

static void http_reply(struct buf *out, const char *status, struct str body)
{
    buf_addf(out, "HTTP/1.1 %s\r\nContent-Type: application/json\r\nContent-Length: %zu\r\nConnection: close\r\n\r\n", status,
             body.n);
    buf_add_str(out, body);
}

static void serve_path(struct signer *signer, struct str head, struct str body, struct buf *out)
{
    struct buf reply;
    struct err err = { 0 };
    bool known = true, fine = false;
    buf_init(&reply, 2 * BODY_MAX);
    if (str_starts(head, "POST /signer/cms "))
        fine = signer_request(signer, body, &reply, &err);
    else if (str_starts(head, "POST /signer/control "))
        fine = signer_control(signer, body, &err);
    else
        known = false;
    if (fine && reply.n == 0)
        buf_add_text(&reply, "{\"status\":\"ok\"}");
    if (fine)
        http_reply(out, "200 OK", buf_str(&reply));
    else
        http_reply(out, known ? "400 Bad Request" : "404 Not Found", known ? STR("{\"status\":\"wrong\"}") : STR("{}"));
    buf_release(&reply);
}

static void serve_http(struct connection *c, struct str head, struct buf *in, size_t body_at)
{
    uint64_t length = 0;
    struct buf out;
    buf_init(&out, 2 * BODY_MAX + HEAD_MAX);
    bool fine = !header(head, "Content-Length").n || str_to_u64(header(head, "Content-Length"), &length);
    fine = fine && length <= BODY_MAX;
    while (fine && in->n < body_at + length)
        fine = receive(c->tls, in);
    if (fine)
        serve_path(c->server->signer, head, (struct str){ in->p + body_at, (size_t)length }, &out);
    else
        http_reply(&out, "400 Bad Request", STR("{}"));
    send_all(c->tls, &out);
    buf_release(&out);
}

/* ---- WebSocket ---- */

static bool greet(struct connection *c, const char *accept)
{
    struct buf out, text;
    buf_init(&out, HEAD_MAX);
    buf_init(&text, HEAD_MAX);
    buf_addf(&out,
             "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: %s\r\n\r\n",
             accept);
    signer_greeting(&text);
    websocket_write(&out, WEBSOCKET_TEXT, buf_str(&text));
    bool fine = send_all(c->tls, &out);
    buf_release(&out);
    buf_release(&text);
    return fine;
}

/* False: the connection ends. */
static bool answer(struct connection *c, enum websocket_event event, struct str payload)
{
    struct buf out, text;
    bool said = true;
    buf_init(&out, 2 * BODY_MAX + HEAD_MAX);
    buf_init(&text, 2 * BODY_MAX);
    if (event == WEBSOCKET_CONTROL)
        websocket_write(&out, WEBSOCKET_PONG, payload);
    else if (event == WEBSOCKET_CLOSED)
        websocket_write(&out, WEBSOCKET_CLOSE, STR("\x03\xe8"));
    else if ((said = signer_reply(c->server->signer, payload, &text)))
        websocket_write(&out, WEBSOCKET_TEXT, buf_str(&text));
    bool fine = (!said || send_all(c->tls, &out)) && event != WEBSOCKET_CLOSED;
    buf_release(&out);
    buf_release(&text);
    return fine;
}

static void serve_websocket(struct connection *c, struct str head, struct str rest)
{
    struct websocket socket;
    struct str payload = STR("");
    char accept[WEBSOCKET_ACCEPT];
    if (!websocket_accept(header(head, "Sec-WebSocket-Key"), accept) || !greet(c, accept))
        return;
    websocket_init(&socket, BODY_MAX);
    buf_add_str(&socket.in, rest);
    bool goes_on = true;
    while (goes_on) {
        enum websocket_event event = websocket_next(&socket, &payload);
        goes_on = event != WEBSOCKET_BAD && (event == WEBSOCKET_MORE ? receive(c->tls, &socket.in) : answer(c, event, payload));
    }
    websocket_release(&socket);
}

static void serve(struct connection *c)
{
    struct buf in;
    char *end = NULL;
    buf_init(&in, BODY_MAX + HEAD_MAX);
    while (in.n < HEAD_MAX && !end && receive(c->tls, &in))
        end = memmem(in.p, in.n, "\r\n\r\n", 4);
    if (end) {
        size_t body_at = (size_t)(end - in.p) + 4;
        char *copy = mem_alloc(body_at);
        memcpy(copy, in.p, body_at);
        struct str head = { copy, body_at };
        if (header(head, "Upgrade").n > 0)
            serve_websocket(c, head, (struct str){ in.p + body_at, in.n - body_at });
        else
            serve_http(c, head, &in, body_at);
        free(copy);
    }
    buf_release(&in);
}

/* ---- connections ---- */

static void forget(struct signer_server *server, int descriptor)
{
    pthread_mutex_lock(&server->lock);
    for (int i = 0; i < server->count; i++) {
        if (server->open[i] == descriptor) {
            server->open[i] = server->open[--server->count];
            break;
        }
    }
    close(descriptor);
    pthread_cond_broadcast(&server->gone);
    pthread_mutex_unlock(&server->lock);
}

static void *run_connection(void *context)
{
    struct connection *c = context;
    c->tls = SSL_new(c->server->tls);
    if (c->tls && SSL_set_fd(c->tls, c->descriptor) == 1 && SSL_accept(c->tls) == 1) {
        serve(c);
        SSL_shutdown(c->tls);
    }
    SSL_free(c->tls);
    ERR_clear_error();
    forget(c->server, c->descriptor);
    free(c);
    return NULL;
}

static bool remember(struct signer_server *server, int descriptor)
{
    pthread_mutex_lock(&server->lock);
    bool fits = !server->stopping && server->count < CONNECTIONS_MAX;
    if (fits)
        server->open[server->count++] = descriptor;
    pthread_mutex_unlock(&server->lock);
    return fits;
}

static void start_connection(struct signer_server *server, int descriptor)
{
    pthread_t thread;
    const struct timeval patience = { .tv_sec = TIMEOUT_S };
    struct connection *c = mem_alloc(sizeof *c);
    *c = (struct connection){ .server = server, .descriptor = descriptor };
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    if (pthread_create(&thread, NULL, run_connection, c) == 0) {
        pthread_detach(thread);
        return;
    }
    forget(server, descriptor);
    free(c);
}

static void *run_acceptor(void *context)
{
    struct signer_server *server = context;
    int descriptor;
    while ((descriptor = accept4(server->listener, NULL, NULL, SOCK_CLOEXEC)) >= 0 || errno == EINTR || errno == ECONNABORTED) {
        if (descriptor >= 0 && remember(server, descriptor))
            start_connection(server, descriptor);
        else if (descriptor >= 0)
            close(descriptor);
    }
    return NULL;
}

/* ---- start and stop ---- */

static void for_loopback(X509 *certificate)
{
    X509_EXTENSION *names = X509V3_EXT_conf_nid(NULL, NULL, NID_subject_alt_name, "IP:127.0.0.1,DNS:localhost");
    if (names)
        X509_add_ext(certificate, names, -1);
    X509_EXTENSION_free(names);
}

/* A key and certificate of its own, made at every start: nobody is asked to trust it. */
static bool make_certificate(SSL_CTX *tls, struct err *err)
{
    EVP_PKEY *key = EVP_EC_gen("P-256");
    X509 *certificate = NULL;
    struct moment now = moment_now();
    struct authority_spec spec = { .subject = { { NID_commonName, "", "127.0.0.1 TEST" } },
                                   .not_before = { now.ms - 86400000 },
                                   .not_after = { now.ms + (int64_t)30 * 86400000 },
                                   .serial = "\x41 test of loopback ",
                                   .key_usage = "critical,digitalSignature",
                                   .extended_key_usage = "serverAuth",
                                   .digest = EVP_sha256(),
                                   .change = for_loopback };
    bool fine = key && authority_certify(&spec, key, NULL, &certificate, err) && SSL_CTX_use_certificate(tls, certificate) == 1 &&
                SSL_CTX_use_PrivateKey(tls, key) == 1;
    X509_free(certificate);
    EVP_PKEY_free(key);
    return fine || err_set(err, ERR_SYSTEM, "no certificate for TLS");
}

static bool listen_on(struct str host, int port, int *ret, int *ret_port, struct err *err)
{
    char text[INET_ADDRSTRLEN];
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port) };
    socklen_t size = sizeof address;
    int on = 1, made = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    snprintf(text, sizeof text, STR_FMT, STR_ARG(host));
    if (made >= 0)
        setsockopt(made, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (inet_pton(AF_INET, text, &address.sin_addr) != 1 || made < 0 || bind(made, (struct sockaddr *)&address, size) != 0 ||
        listen(made, CONNECTIONS_MAX) != 0 || getsockname(made, (struct sockaddr *)&address, &size) != 0) {
        err_set(err, ERR_SYSTEM, "cannot listen on %s:%d: %s", text, port, strerror(errno));
        if (made >= 0)
            close(made);
        return false;
    }
    *ret = made;
    *ret_port = ntohs(address.sin_port);
    return true;
}

bool signer_server_start(struct signer *signer, struct str host, int port, struct signer_server **ret, int *ret_port,
                         struct err *err)
{
    struct signer_server *server = mem_alloc(sizeof *server);
    server->signer = signer;
    server->listener = -1;
    pthread_mutex_init(&server->lock, NULL);
    pthread_cond_init(&server->gone, NULL);
    server->tls = SSL_CTX_new(TLS_server_method());
    bool fine =
        (server->tls && SSL_CTX_set_min_proto_version(server->tls, TLS1_2_VERSION) == 1) || err_set(err, ERR_SYSTEM, "no TLS");
    fine = fine && make_certificate(server->tls, err) && listen_on(host, port, &server->listener, ret_port, err);
    fine = fine && (pthread_create(&server->acceptor, NULL, run_acceptor, server) == 0 || err_set(err, ERR_SYSTEM, "no thread"));
    if (fine) {
        *ret = server;
        return true;
    }
    if (server->listener >= 0)
        close(server->listener);
    SSL_CTX_free(server->tls);
    free(server);
    return false;
}

void signer_server_stop(struct signer_server *server)
{
    shutdown(server->listener, SHUT_RDWR);
    pthread_join(server->acceptor, NULL);
    close(server->listener);
    pthread_mutex_lock(&server->lock);
    server->stopping = true;
    for (int i = 0; i < server->count; i++)
        shutdown(server->open[i], SHUT_RDWR);
    while (server->count > 0)
        pthread_cond_wait(&server->gone, &server->lock);
    pthread_mutex_unlock(&server->lock);
    SSL_CTX_free(server->tls);
    pthread_cond_destroy(&server->gone);
    pthread_mutex_destroy(&server->lock);
    free(server);
}
