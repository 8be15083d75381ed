/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whoever signs in tests: the keys of all people of the world, made by the test authority when they are asked for.
 *
 * signer_cms and signer_xml sign for a person.  signer_reply is NCALayer, the program on a citizen's computer that pages speak to
 * over a WebSocket on loopback: a frame of JSON in, one out (modules kz.gov.pki.knca.basics and kz.gov.pki.knca.commonUtils).
 * signer_command is `tirkeu-stand signer`, which listens as NCALayer does, over TLS with a certificate of its own.
 *
 * Threads: one struct signer may be used by many.
 */
#ifndef STAND_SIGNER_H
#define STAND_SIGNER_H

#include "stand/authority.h"

struct world;

enum signer_mode {
    SIGNER_OK,
    SIGNER_CANCEL, /* the person closes the window */
    SIGNER_ERROR,  /* a wrong password, a broken token */
    SIGNER_SILENT, /* no reply */
    SIGNER_GARBAGE
};

struct signer;
/* Both must outlive it; world may be NULL: then everybody is called ТЕСТОВ ТЕСТ. */
struct signer *signer_new(struct authority *authority, const struct world *world);
void signer_free(struct signer *signer);

/* Who signs with what. */
struct signer_wish {
    struct str iin, bin; /* 12 digits; bin empty: as a citizen */
    bool sign_in;        /* the key for signing in */
    bool expired;        /* a certificate that ran out yesterday */
    enum authority_branch branch;
};
/* Into what. */
struct signer_form {
    bool encapsulate, timestamp;
    bool digested; /* the data are the digest that goes with the key; then never encapsulated */
};
bool signer_cms(struct signer *signer, const struct signer_wish *wish, struct str data, const struct signer_form *form,
                struct buf *ret, struct err *err);
bool signer_xml(struct signer *signer, const struct signer_wish *wish, struct str document, struct buf *ret, struct err *err);

/* {"iin","bin","data" base64,"encapsulate","tsa","digested","branch","signIn","expired"} -> {"cms": base64}, without a WebSocket.
 */
bool signer_request(struct signer *signer, struct str json, struct buf *ret, struct err *err);
/* {"mode":"ok|cancel|error|silent|garbage","iin":"...","branch":"gost|rsa","old":true}: what happens from now on; iin "" or
 * absent: whoever is asked for; old: without kz.gov.pki.knca.basics, as NCALayer was before 2022. */
bool signer_control(struct signer *signer, struct str json, struct err *err);

/* ---- NCALayer ---- */

/* What the server says first. */
void signer_greeting(struct buf *ret);
/* False: say nothing. */
bool signer_reply(struct signer *signer, struct str frame, struct buf *ret);

/* `tirkeu-stand signer --authority DIR [--world DIR] [--listen HOST:PORT]`; returns the exit status. */
int signer_command(int count, char **argument);

#endif
