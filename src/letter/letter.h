/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a person takes home: the letter with the decision, its reasons and the civil record that has to be brought up to date;
 * at the reception the same as a slip.  Plain text, one paragraph a line.
 */
#ifndef LETTER_LETTER_H
#define LETTER_LETTER_H

#include "filing/filing.h"
#include "text/text.h"

#define LETTER_LIMIT (64 * 1024)

/* A case that is not decided yet gives a letter that says so.  Other persons than the applicant appear with the last four
 * digits of their IIN only. */
void letter_write(const struct filing_view *view, enum text_language language, struct buf *out);

#endif
