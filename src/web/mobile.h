/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where eGov Mobile finds a request for a signature: addresses of ours, in a QR code or a link on the same device.  Private to
 * web/.  The application is told a whole address, which the operator of eGov has allowed: web_config.public_url.
 */
#ifndef WEB_MOBILE_H
#define WEB_MOBILE_H

#include "web/request.h"

#define MOBILE_UTC_MINUTES 300

/* Without an address of ours that a telephone can be told there is no signing by telephone. */
bool mobile_is_offered(const struct web_request *r);
/* The text of the code, and the address that opens the application on the same device; in the request's arena. */
const char *mobile_code(struct web_request *r, int64_t signature, const char *link);
const char *mobile_launch_url(struct web_request *r, int64_t signature, const char *link);
const char *mobile_documents_url(struct web_request *r, int64_t signature);

#endif
