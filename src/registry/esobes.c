/* SPDX-License-Identifier: Apache-2.0 */
/* E-Sobes: persons found incapable by a court (docs/registers/esobes.md). */
#include "registry/wire_impl.h"

static const struct wire_service services[] = {
    WIRE_OWN(REGISTRY_CAPACITY, "TIRKEU_ESOBES_Capacity", "esobes/capacity"),
};
const struct wire_table esobes_table = WIRE_TABLE(services);
