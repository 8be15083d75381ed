/* SPDX-License-Identifier: Apache-2.0 */
/* EPVO, the platform of higher education (docs/registers/epvo.md). */
#include "registry/wire_impl.h"

static const struct wire_service services[] = {
    WIRE_OWN(REGISTRY_STUDY_EPVO, "TIRKEU_EPVO_Study", "epvo/study"),
};
const struct wire_table epvo_table = WIRE_TABLE(services);
