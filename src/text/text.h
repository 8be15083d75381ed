/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every word a person sees, in one table: key, kk, ru, en.  The sources are src/text/ *.text:
 *
 *     [consent.ask]
 *     kk = ...
 *     ru = ...
 *     en = ... {0} asks for your consent ...
 *
 * The build makes an enum (T_CONSENT_ASK) and a table out of them; a missing or empty translation, a repeated key or
 * placeholders that differ between the languages fail the build.
 */
#ifndef TEXT_TEXT_H
#define TEXT_TEXT_H

#include "base/str.h"
#include "text_keys.h" /* generated: enum text_key { T_..., TEXT_KEYS } */

enum text_language { TEXT_KK, TEXT_RU, TEXT_EN, TEXT_LANGUAGES };

const char *text_of(enum text_key key, enum text_language language);
const char *text_key_name(enum text_key key); /* "consent.ask" */
/* By name at run time ("reason.owner_minor"); false when there is no such key. */
bool text_find(const char *name, enum text_key *ret);
/* The text with {0}..{9} replaced by the arguments. */
void text_fill(struct buf *out, enum text_key key, enum text_language language, int count, const struct str *arguments);

const char *text_language_code(enum text_language language); /* "kk" */
bool text_language_parse(struct str code, enum text_language *ret);
/* "2 наурыз 2026 ж.", "2 марта 2026 г.", "2 March 2026" */
void text_day(struct buf *out, int year, int month, int day, enum text_language language);
/* Russian needs three plural forms: keys "<name>.one", ".few", ".many"; Kazakh and English use what they need of them. */
int text_plural(enum text_language language, long count); /* 0 one, 1 few, 2 many */

#endif
