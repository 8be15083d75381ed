/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of eds share.  Private to eds. */
#ifndef EDS_EDS_IMPL_H
#define EDS_EDS_IMPL_H

#include "eds/eds.h"

#include <openssl/asn1.h>
#include <openssl/x509.h>

#endif
