/* SPDX-License-Identifier: Apache-2.0 */
/* The SMS gateway, by the same envelope (docs/registers/sms.md).  A repeated reference is not sent again. */
#include "registry/wire_impl.h"

static const struct wire_service services[] = {
    WIRE_OWN(REGISTRY_MESSAGE, "TIRKEU_SMS_Send", "sms/send"),
};
const struct wire_table sms_table = WIRE_TABLE(services);
