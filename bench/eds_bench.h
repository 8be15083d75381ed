/* SPDX-License-Identifier: Apache-2.0 */
/* What the benchmark of signatures verifies, and who does it. */
#ifndef BENCH_EDS_BENCH_H
#define BENCH_EDS_BENCH_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

enum { OBJECTS = 64 };

/* One signer each: a certificate of its own, so that only issuers are seen again. */
struct object {
    struct str cms, stamped;      /* attached content; the same with a timestamp */
    struct str ocsp;              /* the answer about the signer */
    struct str certificate;       /* DER */
    struct str attributes, value; /* what is signed (the SET) and the signature over it */
};
struct objects {
    struct str root, authority; /* DER */
    char trust[512];            /* a trust folder with both */
    struct object object[OBJECTS];
};
/* "gost" or "rsa": made by keys that are forgotten, and kept in files of `folder`. */
void objects_make(const char *folder, const char *kind);
void objects_read(const char *folder, const char *kind, struct arena *arena, struct objects *ret);

/* Runs in a process of its own: start, some rounds to get warm, then `rounds` calls of once under the clock. */
struct contestant {
    const char *name, *kind;
    void (*start)(const struct objects *objects);
    bool (*once)(const struct object *object); /* false: not verified, which ends the benchmark */
};
extern const struct contestant ours[], plain[], engine[]; /* .name NULL at the end */

#endif
