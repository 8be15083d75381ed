/* SPDX-License-Identifier: Apache-2.0 */
/* Between sign_cms.c and sign_timestamp.c.  Private to eds. */
#ifndef EDS_SIGN_H
#define EDS_SIGN_H

#include "eds/eds_make.h"

/* SignedData over content of the type `nid`; of another type than data also with signingCertificateV2. */
bool sign_data(const struct eds_identity *identity, size_t identities, struct str content, int nid,
               const struct eds_cms_options *options, struct buf *ret);

#endif
