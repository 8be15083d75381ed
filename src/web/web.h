/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Pages and API over HTTP.  web_start() listens and serves on threads of its own until web_stop().
 *
 * The server has no way out to the network: questions go into the outbox (filing), the courier asks.
 */
#ifndef WEB_WEB_H
#define WEB_WEB_H

#include "base/date.h"
#include "base/err.h"
#include "filing/filing.h"

/* Somebody whom the demonstration lets sign in without a key.  Texts are static or outlive the server. */
struct web_demo_person {
    const char *key; /* short, unique: "kin_confirmed"; text "demo.<key>" says what this person shows */
    struct iin iin;
    enum filing_role role; /* citizen, reception, hall */
    const char *name;      /* as people read it: "Surname Name Patronymic" */
    const char *rka;       /* the dwelling to ask for, NULL: none */
    struct iin owner;      /* its owner, IIN or BIN */
};

struct web_config {
    const char *address;          /* "127.0.0.1" */
    uint16_t port;                /* 0: any free one, see web_port() */
    int threads;                  /* 0: as many as processors, at most 8 */
    const char *database;         /* as db_open takes it; each thread reads over a connection of its own */
    struct filing_writer *writer; /* takes every step; outlives the server */
    const struct policy *policy;
    struct kin_follower *mart; /* NULL: none; outlives the server */
    struct day legal_day;      /* what the law goes by; DAY_NONE: the day of the clock at UTC+5 */
    struct moment (*clock)(void);
    bool demonstration; /* the list below and the banner exist only when true */
    const struct web_demo_person *person;
    int persons;
    const char *sms_log; /* demonstration: the file to which the stand appends messages, for the page /phone; NULL: none */
    const struct eds_trust *trust; /* NULL: electronic signatures are not offered */
    uint16_t signer_port;          /* where NCALayer listens on the reader's computer; 0: 13579 */
    const char *public_url;        /* "https://tirkeu.example.kz", for telephones; NULL: they do not sign here */
    const char *organisation_bin;  /* of whom eGov Mobile shows as asking; NULL: none */
    bool secure_cookies;           /* false only for plain HTTP on loopback */
};

struct web;
bool web_start(const struct web_config *config, struct web **ret, struct err *err);
uint16_t web_port(const struct web *web);
/* Finishes the requests that have begun. Stop it before the writer. */
void web_stop(struct web *web);

#endif
