/* SPDX-License-Identifier: Apache-2.0 */
/* XML, before a parser is let at it. */
#ifndef BASE_MARKUP_H
#define BASE_MARKUP_H

#include "base/str.h"

/* No tag has more than `most` attributes and declarations of namespaces: libxml2 compares each with all before it, so that half
 * a megabyte of them takes most of a minute.  Looks at well-formed text; what is not, the parser refuses. */
bool markup_tags_fit(struct str text, size_t most);

#endif
