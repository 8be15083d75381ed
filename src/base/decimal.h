/* SPDX-License-Identifier: Apache-2.0 */
/* Areas and norms in hundredths of a square metre; never floating point. */
#ifndef BASE_DECIMAL_H
#define BASE_DECIMAL_H

#include "base/str.h"

#define DECIMAL_NONE INT64_C(-1)

/* "35", "35.7" or "35.70": digits, at most two after a point, at most 9 before it, no sign. */
bool decimal_parse(struct str s, int64_t *ret_hundredths);
#define DECIMAL_TEXT 24
const char *decimal_format(int64_t hundredths, char ret[DECIMAL_TEXT]);       /* always two decimals: "35.70" */
const char *decimal_format_short(int64_t hundredths, char ret[DECIMAL_TEXT]); /* "15", "13.5" */

#endif
