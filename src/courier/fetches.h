/* SPDX-License-Identifier: Apache-2.0 */
/* What signatures lack, fetched beside the questions to registers: revocation answers, lists, timestamps. */
#ifndef COURIER_FETCHES_H
#define COURIER_FETCHES_H

#include "exchange/exchange.h"
#include "filing/filing_signature.h"

enum { FETCHES_MAX = 16, FETCHES_FIRST = 1000 /* exchange_reply.call of these: from here on */ };

struct fetches {
    struct {
        bool used;
        struct filing_fetch fetch;
        struct arena arena; /* its texts */
        int64_t sent_ms;
    } slot[FETCHES_MAX];
    int used;
};
void fetches_init(struct fetches *f);
void fetches_release(struct fetches *f);
/* Leases what is due and sends it; *ret_due is when more will be. */
bool fetches_work(struct fetches *f, struct db *db, struct exchange *exchange, const struct filing_context *context,
                  struct moment *ret_due, struct err *err);
/* A reply with such a number: stored, and the signature verified again. */
void fetches_receive(struct fetches *f, struct db *db, const struct filing_context *context, const struct exchange_reply *reply);

#endif
