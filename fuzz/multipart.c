/* SPDX-License-Identifier: Apache-2.0 */
/* Forms with a file: the first line is the header, the rest the body; whatever was taken lies inside the body. */
#include <stdlib.h>

#include "web/multipart.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str body = { (const char *)data, size }, type;
    struct pairs pairs;
    struct err err;
    if (size > 65536 || !str_split(&body, '\n', &type) || !body.p)
        return 0;
    bool ok = multipart_parse(type, body, "file", &pairs, &err);
    if (!ok && pairs.count != 0)
        abort();
    for (int i = 0; ok && i < pairs.count; i++) {
        struct str value = pairs.pair[i].value;
        if (value.p < body.p || value.p + value.n > body.p + body.n)
            abort();
    }
    return 0;
}
