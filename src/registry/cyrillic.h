/* SPDX-License-Identifier: Apache-2.0 */
/* Search in addresses without regard to case: ASCII and Cyrillic with the Kazakh letters. */
#ifndef REGISTRY_CYRILLIC_H
#define REGISTRY_CYRILLIC_H

#include "base/str.h"

/* Is `part` somewhere in `text`?  The empty part is in every text.  No memory, no locale. */
bool cyrillic_contains(struct str text, struct str part);

#endif
