/* SPDX-License-Identifier: Apache-2.0 */
/* wss://127.0.0.1:PORT, as NCALayer listens, and beside it POST /signer/cms and POST /signer/control. */
#ifndef STAND_SIGNER_SERVER_H
#define STAND_SIGNER_SERVER_H

#include "stand/signer.h"

struct signer_server;
/* host: a numeric IPv4 address; port 0: any free one.  The signer must outlive the server. */
bool signer_server_start(struct signer *signer, struct str host, int port, struct signer_server **ret, int *ret_port,
                         struct err *err);
void signer_server_stop(struct signer_server *server);

#endif
