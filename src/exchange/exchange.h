/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The state gateway (SHEP): envelopes of the synchronous channel v10 (SOAP 1.1, document/literal) and an
 * HTTP client that keeps many requests in flight.  Knows nothing of any register.  Formats: docs/registers/README.md.
 *
 * With a guard, messages are signed and the signatures of replies are checked before anything in them is read.
 *
 * Not here yet, with its place:
 *   The asynchronous channel (http://bip.bee.kz/AsyncChannel/v10): sendMessage goes out by exchange_send as here; answers come
 *   to a page of ours (sendMessage of AsyncChannelClient), which would hand them to the caller as an exchange_reply, matched
 *   by correlationId.  Nothing above this header has to change for it.
 */
#ifndef EXCHANGE_EXCHANGE_H
#define EXCHANGE_EXCHANGE_H

#include "base/arena.h"
#include "base/date.h"
#include "base/err.h"
#include "base/str.h"
#include "base/tri.h"
#include "eds/eds_make.h"

/* libxml2 and libcurl; once in main, before threads. */
void exchange_setup(void);

/* ---- envelopes ---- */

#define EXCHANGE_ENVELOPE_MAX ((size_t)4 << 20) /* bytes of a message */
#define EXCHANGE_DEPTH_MAX    48                /* elements inside each other */

/* How the business data stand in requestData/data and responseData/data; both are accepted when read. */
enum exchange_form {
    EXCHANGE_TYPED,  /* XML, xsi:type naming its type */
    EXCHANGE_ESCAPED /* xsi:type xs:string: the text is an XML document of its own */
};

enum exchange_kind { EXCHANGE_REQUEST, EXCHANGE_RESPONSE, EXCHANGE_FAULT };

struct exchange_sender {
    struct str id, password;
};

struct exchange_message {
    enum exchange_kind kind;
    struct str message_id, correlation_id, session_id;
    struct moment date; /* messageDate, responseDate, errorDate */
    /* requests */
    struct str service_id, route_id;
    struct exchange_sender sender;
    /* responses: status; faults: errorCode and errorMessage */
    struct str code, text;
    /* The business data as one element with its namespaces: the element `data` itself when typed, the inner document
     * when escaped.  Empty: there were none. */
    enum exchange_form form;
    struct str data;
};

/* Writes the whole envelope.  `data` is taken as well-formed XML. */
void exchange_write(const struct exchange_message *message, struct buf *out);
/* Reads an envelope of any kind; texts live in the arena.  A DOCTYPE, other encodings than UTF-8, unknown structure, doubled
 * elements, over-long or over-deep messages are errors. */
bool exchange_read(struct str envelope, struct arena *arena, struct exchange_message *ret, struct err *err);

/* ---- XML that crosses the gateway, also for registry: by libxml2 without network, entities or DOCTYPE, within limits ---- */

struct _xmlDoc; /* xmlDoc and xmlNode of libxml2 */
struct _xmlNode;

#define XML_SCHEMA_INSTANCE "http://www.w3.org/2001/XMLSchema-instance"
#define XML_SCHEMA          "http://www.w3.org/2001/XMLSchema"

/* UTF-8 only, at most EXCHANGE_ENVELOPE_MAX bytes, EXCHANGE_DEPTH_MAX levels, no markup in the names of namespaces.  xmlFreeDoc
 * the result. */
bool xml_parse(struct str text, struct _xmlDoc **ret, struct err *err);

/* Elements by local name: the payload of the gateway is unqualified, prefixes differ from sender to sender. */
struct _xmlNode *xml_first(const struct _xmlNode *parent, const char *name); /* NULL when there is none */
struct _xmlNode *xml_next(const struct _xmlNode *node, const char *name);    /* the next one after `node` */
struct _xmlNode *xml_element(const struct _xmlNode *parent);                 /* the first element of any name */
/* At most one: *ret is NULL when there is none; two are an error. */
bool xml_single(const struct _xmlNode *parent, const char *name, struct _xmlNode **ret, struct err *err);
bool xml_is(const struct _xmlNode *node, const char *name, const char *name_space); /* name_space NULL: any */
/* The text of an element that holds nothing but text. */
bool xml_text(const struct _xmlNode *node, struct arena *arena, struct str *ret, struct err *err);
/* The element as a document of its own, with the namespaces that it uses. */
bool xml_cut_out(struct _xmlNode *node, struct arena *arena, struct str *ret, struct err *err);

/* Markup, quotes and CR as references; characters that XML cannot hold become U+FFFD. */
void xml_escape(struct buf *out, struct str text);
void xml_put(struct buf *out, const char *element, struct str text); /* <element>text</element> */

/* ---- signed messages ---- */

/*
 * WS-Security over soap:Body alone, the whole certificate as its key identifier (docs/registers/README.md).  Of a message that
 * came, the Body counts that the signature is over, when the certificate is an information system's, of the trusted authorities,
 * names the BIN wanted, and is not revoked.  Revocation is asked about once for each certificate and kept as long as the policy
 * of the trust lets an answer be used; until it is known, a message is not believed. Threads: any number may use one guard.
 */
struct exchange_guard_config {
    struct eds_identity own;       /* signs; key and certificate are taken a reference of */
    const struct eds_trust *trust; /* who may have signed; outlives the guard */
    const char *peer_bin;          /* 12 digits, static text; NULL: any system's certificate will do */
    struct moment (*clock)(void);
};
struct exchange_guard;
/* Fails when the key is not the certificate's, or the certificate is out of date. */
bool exchange_guard_open(const struct exchange_guard_config *config, struct exchange_guard **ret, struct err *err);
/* The same with key and certificate out of files (eds_key_read, eds_certificate_read). */
bool exchange_guard_load(const char *key_file, const char *certificate_file, const struct exchange_guard_config *others,
                         struct exchange_guard **ret, struct err *err);
void exchange_guard_close(struct exchange_guard *guard); /* NULL: nothing */

/* What comes out goes on the wire as it is. */
bool exchange_guard_sign(struct exchange_guard *guard, struct str envelope, struct buf *ret, struct err *err);

#define EXCHANGE_NONCE 16
struct exchange_checked {
    enum tri good;
    enum eds_reason reason; /* EDS_OK when good */
    struct str envelope;    /* good: an envelope around the Body that was signed, and nothing else */
    /* UNKNOWN, and there is somebody to ask: POST as application/ocsp-request, then exchange_guard_learn and check again. */
    struct str url, question, certificate, issuer; /* url empty: nobody to ask, or asked in vain a moment ago */
    char nonce[EXCHANGE_NONCE];
};
/* All texts live in the arena. */
void exchange_guard_check(struct exchange_guard *guard, struct str message, struct arena *arena, struct exchange_checked *ret);
/* The OCSP response, or .p NULL: none came, and nobody asks again for ten seconds. */
void exchange_guard_learn(struct exchange_guard *guard, const struct exchange_checked *asked, struct str answer);

/* ---- the client ---- */

#define EXCHANGE_ENDPOINTS 16

struct exchange_config {
    const char *gateway;                      /* http or https URL of the gateway, ".../bip-sync-wss-gost/" */
    const char *endpoint[EXCHANGE_ENDPOINTS]; /* by number (registry_id): an own URL instead of the gateway's; NULL */
    const char *sender_id;
    const char *password_file;    /* its first line is the password; NULL: none is sent */
    const char *ca_file;          /* NULL: the system's */
    const char *proxy;            /* NULL: none; the environment is not looked at */
    struct exchange_guard *guard; /* NULL: messages are neither signed nor checked; outlives the exchange */
    /* 0 takes the value in brackets */
    int connect_ms;       /* [3000] */
    int total_ms;         /* [10000] a request without its own deadline */
    int in_flight;        /* [64] the rest waits in a queue; its deadline runs */
    size_t reply_limit;   /* [EXCHANGE_ENVELOPE_MAX] bytes */
    int breaker_failures; /* [5] transport failures of a service in a row that open the breaker */
    int breaker_ms;       /* [5000] how long it then answers at once, before one request tries again */
};

struct exchange;
bool exchange_open(const struct exchange_config *config, struct exchange **ret, struct err *err);
void exchange_close(struct exchange *exchange);                          /* drops what is in flight */
struct exchange_sender exchange_sender(const struct exchange *exchange); /* lives as long as the exchange */

struct exchange_call {
    int64_t id;             /* the caller's own; comes back with the reply */
    int endpoint;           /* registry_id */
    const char *service_id; /* static text; the breaker counts by it */
    struct str envelope;    /* copied */
    int total_ms;           /* 0: the configured one */
};
/* False only when the call itself is impossible (no URL, over-long envelope, signing failed).  All else comes back as a reply. */
bool exchange_send(struct exchange *exchange, const struct exchange_call *call, struct err *err);
/* Plain HTTP by the same client and the same poll: revocation answers, lists, timestamps.  The reply's `envelope` is the body of
 * a reply with status 200; anything else was not reached.  No redirects, no signer, no password. */
struct exchange_fetch {
    int64_t id;               /* as of a call: comes back as exchange_reply.call */
    const char *service_id;   /* static text; the breaker counts by it */
    struct str url;           /* http or https; copied */
    const char *content_type; /* static; NULL: GET */
    struct str body;          /* copied */
    size_t limit;             /* of the reply, bytes */
    int total_ms;
};
bool exchange_fetch(struct exchange *exchange, const struct exchange_fetch *fetch, struct err *err);
int exchange_in_flight(const struct exchange *exchange); /* sent and not yet given back */

enum exchange_outcome {
    EXCHANGE_REPLIED,   /* an HTTP reply with a SOAP body; be it a fault */
    EXCHANGE_UNREACHED, /* no connection, broken connection, another reply than SOAP, over-long, or not signed as it must be */
    EXCHANGE_TIMED_OUT,
    EXCHANGE_HELD_BACK /* the breaker is open: nothing was sent */
};
struct exchange_reply {
    int64_t call;
    enum exchange_outcome outcome;
    int http_status;     /* 0: none came */
    struct str envelope; /* REPLIED; with a guard: only the Body that was signed; lives until exchange_poll or exchange_close */
    char trouble[160];   /* otherwise: what happened, no personal data */
};
/* Works on all requests until some reply is there, `timeout_ms` is over or `wakeup_fd` (or -1) can be read.
 * Returns how many of `room` replies were filled in. */
int exchange_poll(struct exchange *exchange, int timeout_ms, int wakeup_fd, struct exchange_reply *ret, int room);

#endif
