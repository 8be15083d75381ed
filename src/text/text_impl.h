/* SPDX-License-Identifier: Apache-2.0 */
/* The table that textc makes: sorted by key name, in the order of enum text_key. */
#ifndef TEXT_TEXT_IMPL_H
#define TEXT_TEXT_IMPL_H

#include "text/text.h"

struct text_row {
    const char *name;
    const char *text[TEXT_LANGUAGES];
};
extern const struct text_row text_rows[TEXT_KEYS + 1];

#endif
