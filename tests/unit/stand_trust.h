/* SPDX-License-Identifier: Apache-2.0 */
/* The test authority of the stand, both branches of it, as a trust. */
#ifndef TESTS_STAND_TRUST_H
#define TESTS_STAND_TRUST_H

#include "stand/authority.h"

static inline bool stand_trust(const struct authority *authority, struct eds_trust **ret, struct err *err)
{
    X509 *anchors[AUTHORITY_BRANCHES], *intermediates[AUTHORITY_BRANCHES];
    for (int branch = 0; branch < AUTHORITY_BRANCHES; branch++) {
        anchors[branch] = authority_office(authority, (enum authority_branch)branch, AUTHORITY_ROOT)->certificate;
        intermediates[branch] = authority_office(authority, (enum authority_branch)branch, AUTHORITY_ISSUER)->certificate;
    }
    return eds_trust_make(EDS_TEST, anchors, AUTHORITY_BRANCHES, intermediates, AUTHORITY_BRANCHES, NULL, ret, err);
}

#endif
