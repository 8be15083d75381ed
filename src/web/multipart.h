/* SPDX-License-Identifier: Apache-2.0 */
/*
 * multipart/form-data (RFC 7578): how browsers send a form with a file in it.  Strict as pairs.h: every part has a name of a
 * field, no name twice, text is UTF-8; only `file` may hold any bytes.  The bytes stay where they are, in the body.
 */
#ifndef WEB_MULTIPART_H
#define WEB_MULTIPART_H

#include "web/pairs.h"

#define MULTIPART_BOUNDARY_MAX 70   /* RFC 2046, 5.1.1 */
#define MULTIPART_HEADERS_MAX  1024 /* of one part */

/* content_type: the header, for its boundary.  file: the field of the file, NULL: no file is expected. */
bool multipart_parse(struct str content_type, struct str body, const char *file, struct pairs *ret, struct err *err);

#endif
