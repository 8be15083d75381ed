/* SPDX-License-Identifier: Apache-2.0 */
/* The stand as an information system with a certificate of the test authority: signs its replies, checks requests. */
#ifndef STAND_SEAL_H
#define STAND_SEAL_H

#include "stand/authority.h"
#include "stand/stand.h"

#define STAND_SEAL_BIN "123456789021" /* the organisation in the stand's certificate */

/*
 * Opens the authority of the folder under the address that the stand answers at; writes what a peer needs: the trust folder
 * itself, and a key and certificate for it, keys/tirkeu.pem and keys/tirkeu.cer.
 */
bool stand_seal_open(const char *folder, const char *url, struct stand_seal **ret, struct err *err);
void stand_seal_close(struct stand_seal *seal); /* NULL: nothing */
const struct eds_trust *stand_seal_trust(const struct stand_seal *seal);
struct authority *stand_seal_authority(const struct stand_seal *seal);

/* NULL: none, or not opened yet. */
struct stand_seal *stand_seal_of(struct stand *stand);

/* True: *ret is the Body that was signed, in an envelope.  False: the code of the fault to answer with. */
bool stand_seal_check(struct stand_seal *seal, struct str envelope, struct arena *arena, struct str *ret, const char **ret_code);
/* Signs the reply, or does with it what the mode says.  What is no envelope stays as it is. */
void stand_seal_put(struct stand_seal *seal, enum stand_mode mode, struct buf *reply);

#endif
