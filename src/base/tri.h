/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A fact is YES, NO or UNKNOWN.  The order of the values makes the two rules plain:
 * over alternatives YES beats UNKNOWN beats NO (tri_or), over conditions NO beats UNKNOWN beats YES (tri_and).
 */
#ifndef BASE_TRI_H
#define BASE_TRI_H

#include <stdbool.h>

enum tri { TRI_NO, TRI_UNKNOWN, TRI_YES };

static inline enum tri tri_or(enum tri a, enum tri b) { return a > b ? a : b; }
static inline enum tri tri_and(enum tri a, enum tri b) { return a < b ? a : b; }
static inline enum tri tri_of(bool b) { return b ? TRI_YES : TRI_NO; }

#endif
