/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of the signer share.  Private to stand/signer*.c. */
#ifndef STAND_SIGNER_IMPL_H
#define STAND_SIGNER_IMPL_H

#include <pthread.h>

#include "base/json.h"
#include "stand/signer.h"

struct signer {
    struct authority *authority;
    const struct world *world;
    pthread_mutex_t lock; /* everything below */
    enum signer_mode mode;
    char iin[16]; /* who signs, whoever is asked for; empty: whoever is asked for */
    enum authority_branch branch;
    bool old; /* knows the older module only */
};

bool signer_key(struct signer *signer, const struct signer_wish *wish, struct authority_holder *ret, struct err *err);
void signer_add_base64(struct buf *out, struct str bytes, size_t line); /* line 0: in one line */
bool signer_read_base64(struct str text, struct arena *arena, struct str *ret);

/* ---- one exchange with NCALayer (signer_ncalayer.c, signer_common_utils.c) ---- */

enum { SIGNER_OBJECT_MAX = 1 << 24, SIGNER_MANY = 64 };
struct signer_exchange {
    struct signer *signer;
    struct arena arena;
    struct signer_wish wish;
    enum signer_mode mode;
    bool old;
    struct json json; /* the reply */
    struct err err;
};
bool signer_exchange_xml(struct signer_exchange *x, struct str document, struct str *ret);
/* Answers a request to the module kz.gov.pki.knca.commonUtils. */
void signer_common_utils(struct signer_exchange *x, const json_t *root);

#endif
