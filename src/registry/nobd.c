/* SPDX-License-Identifier: Apache-2.0 */
/* NOBD, the national education database (docs/registers/nobd.md). */
#include "registry/wire_impl.h"

static const struct wire_service services[] = {
    WIRE_OWN(REGISTRY_STUDY_NOBD, "TIRKEU_NOBD_Study", "nobd/study"),
};
const struct wire_table nobd_table = WIRE_TABLE(services);
