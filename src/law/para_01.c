/* SPDX-License-Identifier: Apache-2.0 */
/* Paragraph 1: outside Astana the algorithm has no further stage, on to the coupon and signature. */
#include "law/ruling.h"

/* LAW 1.2 #f5d93e42 */
bool para_01_elsewhere(struct ruling *r)
{
    if (ruling_in_capital(r) == TRI_YES)
        return false;
    return ruling_coupon(r, "1", LAW_R_OUTSIDE_CAPITAL);
}
