/* SPDX-License-Identifier: Apache-2.0 */
/* A file that the build has put into the program (tools/embed).  Its bytes end in a NUL that `size` does not count. */
#ifndef BASE_EMBEDDED_H
#define BASE_EMBEDDED_H

#include <stddef.h>

struct base_embedded {
    const char *name; /* without folders */
    const unsigned char *bytes;
    size_t size;
};

#endif
