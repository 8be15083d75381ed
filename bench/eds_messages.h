/* SPDX-License-Identifier: Apache-2.0 */
/* Messages at the state gateway: what is signed and checked, and who does it. */
#ifndef BENCH_EDS_MESSAGES_H
#define BENCH_EDS_MESSAGES_H

#include "eds_bench.h"

/* An RSA message for the peers, beside the objects of `folder`: rsa-message.xml as it was signed by us, and rsa-message.key and
 * rsa-message.cer of whom signed it, in PEM. */
void messages_make(const char *folder);

extern const struct contestant messages[], message_peers[]; /* .name NULL at the end */

#endif
