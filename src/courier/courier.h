/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Works the outbox off: asks the registers and sends messages, hands the answers to the cases, and runs the timers.
 * Alone has a way out to the network.
 *
 * Questions are leased with a fencing number, so any number of couriers may work on one database, and one that is killed at
 * any point loses nothing: its leases run out, and recording a registration is idempotent by its reference.
 */
#ifndef COURIER_COURIER_H
#define COURIER_COURIER_H

#include "base/date.h"
#include "base/err.h"
#include "exchange/exchange.h"
#include "law/policy.h"

struct kin_follower;
struct courier_config {
    const char *database;
    const struct exchange_config *exchange;
    const char *wake_socket;   /* a datagram there means new work; NULL: polling alone */
    struct kin_follower *mart; /* what Smart Data Ukimet is asked is answered from it at once; NULL: all goes over the wire */
    const struct policy *policy;
    struct day legal_day; /* DAY_NONE: the day of the clock at UTC+5 */
    struct moment (*clock)(void);
    int stop; /* readable: finish what is under way and return */
    bool demonstration;
    const struct eds_trust *trust; /* NULL: nothing is fetched for signatures */
};
/* Returns when stopped.  False: it could not begin.  Says "ready" in the log when it begins. */
bool courier_run(const struct courier_config *config, struct err *err);

#endif
