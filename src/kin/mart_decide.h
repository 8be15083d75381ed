/* SPDX-License-Identifier: Apache-2.0 */
/* What the files mart_decide*.c share: reading the numbers of applications. */
#ifndef KIN_MART_DECIDE_H
#define KIN_MART_DECIDE_H

#include "kin/mart_impl.h"

/* Keys of dwellings and applicants; 0 where the text is wrong or has no regular key. */
void kin_read_applications_plain(const struct kin_application *applications, int count, uint64_t *ret_rka, uint32_t *ret_key);
void kin_read_applications_avx2(const struct kin_application *applications, int count, uint64_t *ret_rka, uint32_t *ret_key);

#endif
