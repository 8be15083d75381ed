/* SPDX-License-Identifier: Apache-2.0 */
/* A QR code as SVG. Private to web/. */
#ifndef WEB_QR_H
#define WEB_QR_H

#include "base/str.h"

/* Appends an <svg> without a name of its own: the page says beside it what it is.  False: the text is too long. */
bool qr_svg(const char *text, struct buf *out);

#endif
