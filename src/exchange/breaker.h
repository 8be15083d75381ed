/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Private to exchange/: a circuit breaker per service.  After some failures in a row it holds everything back for a
 * while, so that a case learns at once that the register is silent; then one request goes through to try.
 */
#ifndef EXCHANGE_BREAKER_H
#define EXCHANGE_BREAKER_H

#include <stdbool.h>
#include <stdint.h>

struct breaker {
    const char *service_id;
    int failures;       /* in a row */
    int64_t open_until; /* milliseconds of the monotonic clock */
    bool trying;        /* the one request is under way */
};
struct breaker_rule {
    int failures, hold_ms;
};

/* May a request go out now?  Marks the trying one. */
bool breaker_admits(struct breaker *breaker, const struct breaker_rule *rule, int64_t now_ms);
void breaker_note(struct breaker *breaker, const struct breaker_rule *rule, int64_t now_ms, bool reached);

#endif
