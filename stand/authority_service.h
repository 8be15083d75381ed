/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The authority over HTTP, beside the registers: POST /ocsp/, POST /tsp/, GET /crl/NAME, GET /cert/NAME, POST /signer/cms,
 * POST /ncanode/cms/verify; and what tests say to it: POST /stand/authority/faults, POST /stand/authority/revoke.
 */
#ifndef STAND_AUTHORITY_SERVICE_H
#define STAND_AUTHORITY_SERVICE_H

#include "stand/signer.h"
#include "stand/stand.h"

enum authority_service_part {
    AUTHORITY_SERVICE_OCSP,
    AUTHORITY_SERVICE_TSP,
    AUTHORITY_SERVICE_CRL,
    AUTHORITY_SERVICE_VERIFIER, /* an NCANode */
    AUTHORITY_SERVICE_PARTS
};

struct authority_service {
    struct authority *authority;
    struct signer *signer;
    pthread_mutex_t lock; /* the script */
    struct {
        enum authority_fault fault;
        int ms;
    } script[AUTHORITY_SERVICE_PARTS];
};

/* The authority and the world must outlive it. */
struct authority_service *authority_service_new(struct authority *authority, const struct world *world);
void authority_service_free(struct authority_service *service); /* NULL: nothing */
/* False: not one of its paths.  `loopback`: who asks is on this machine. */
bool authority_service_answer(struct stand *stand, struct authority_service *service, const char *method, const char *path,
                              bool loopback, struct str body, struct stand_reply *ret);

#endif
