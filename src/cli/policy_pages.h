/* SPDX-License-Identifier: Apache-2.0 */
/* Pages of docs/ that are made out of tables. */
#ifndef CLI_POLICY_PAGES_H
#define CLI_POLICY_PAGES_H

#include "base/str.h"

/* docs/reasons.md, whole: outcomes, reason codes and missing links with their English words. */
void policy_reasons_write(struct buf *out);

#endif
