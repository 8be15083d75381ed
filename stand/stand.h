/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The register stand: every register of the order answered over the gateway's own protocol from a world folder.
 * One struct holds all; requests run on many threads, the world is under a read-write lock.
 */
#ifndef STAND_STAND_H
#define STAND_STAND_H

#include <pthread.h>

#include "base/arena.h"
#include "registry/registry.h"

/* ---- options ---- */

struct stand_options {
    const char *world, *state, *sms_log; /* state, sms_log: NULL when not given */
    const char *authority;               /* folder of the test authority: messages are signed; NULL: they are not */
    struct str host;
    int port; /* 0: any free one */
    struct day legal_day;
    int delay_ms; /* before every answer of a register */
};
/* False: usage error, or --help (*ret_exit says which), after the message was printed. */
bool stand_options_read(int count, char **argument, struct stand_options *ret, int *ret_exit);

/* ---- scripted faults ---- */

enum stand_mode {
    STAND_OK,
    STAND_SILENT,
    STAND_ERROR,
    STAND_SLOW,
    STAND_GARBAGE,
    /* how replies are signed, with an authority: */
    STAND_UNSIGNED,
    STAND_OTHER_KEY, /* under our certificate */
    STAND_EXPIRED,   /* certificate */
    STAND_CHANGED,   /* after signing */
    STAND_WRAPPED    /* the signed Body hides in the Header */
};
struct stand_fault {
    enum stand_mode mode;
    int ms;
};
/* {"register":"egkn","mode":"silent","ms":5000}; register "all" means every one. */
bool stand_fault_read(struct str json, bool ret_registers[REGISTRIES], struct stand_fault *ret, struct err *err);

/* ---- what the stand keeps ---- */

#define STAND_MESSAGES 1000
struct stand_message {
    char *reference, *phone, *text;
    struct moment at;
};

struct stand_registration {
    char *reference;
    struct registry_question question; /* texts in the store's arena */
};
struct stand_store {
    struct arena arena;
    int file; /* residents-added.csv, -1: memory only */
    struct stand_registration *item;
    size_t count, capacity;
    int32_t *slot; /* hash of references to item + 1; a power of two long */
    size_t slots;
};

struct stand_seal;        /* seal.h */
struct authority_service; /* authority_service.h */
struct stand {
    struct stand_options options;
    struct world *world;
    pthread_rwlock_t world_lock; /* the world and the store */
    struct stand_store store;
    pthread_mutex_t lock; /* everything below */
    pthread_cond_t stopped;
    bool stopping;
    struct stand_fault fault[REGISTRIES];
    struct stand_message message[STAND_MESSAGES];
    size_t messages;                     /* ever; the last STAND_MESSAGES are kept */
    int sms_log;                         /* file, -1: none */
    struct stand_seal *seal;             /* NULL: no authority, or not opened yet */
    struct authority_service *authority; /* likewise */
};

bool stand_open(const struct stand_options *options, struct stand *ret, struct err *err);
void stand_close(struct stand *stand);
/* Opens the authority of the options, if any, once it is known where the stand answers. */
bool stand_seal(struct stand *stand, const char *url, struct err *err);
/* Waits, or less when the stand is stopping; false: it is. */
bool stand_wait(struct stand *stand, int ms);
void stand_stop(struct stand *stand);

/* Opens FOLDER/residents-added.csv and registers again what it holds; a line cut off by a crash is dropped. */
bool stand_store_open(struct stand_store *store, struct world *world, const char *folder, struct err *err);
void stand_store_close(struct stand_store *store);
/* Under the world's write lock.  Answers a REGISTER question and keeps it; a repeated reference changes nothing.
 * False: it could not be written down, so it must not be confirmed. */
bool stand_store_register(struct stand_store *store, struct world *world, const struct registry_question *question,
                          struct arena *arena, struct registry_answer *ret, struct err *err);

/* Keeps the message and writes it to the log; a repeated reference is kept once. */
void stand_message_keep(struct stand *stand, const struct registry_question *question);
void stand_messages_write(struct stand *stand, struct buf *json);

/* ---- one request ---- */

struct stand_reply {
    int status; /* HTTP; 0: say nothing and hang up */
    const char *type;
    struct buf body;
};
/* NCANode's POST /cms/verify, below /ncanode. */
void stand_serve_ncanode(struct stand *stand, struct str request, struct stand_reply *ret);
/* A POST to the gateway. */
void stand_serve(struct stand *stand, struct str envelope, struct stand_reply *ret);

/* ---- the HTTP server ---- */

struct stand_http;
bool stand_http_start(struct stand *stand, struct stand_http **ret, int *ret_port, struct err *err);
void stand_http_stop(struct stand_http *http);

#endif
