/* SPDX-License-Identifier: Apache-2.0 */
/*
 * DER written by hand, for objects that a library would refuse to make (ITU-T X.690).
 *
 *     struct asn d; asn_init(&d, &buf);
 *     asn_open(&d, ASN_SEQUENCE); asn_oid(&d, "1.2.840.113549.1.7.1"); asn_close(&d);
 */
#ifndef STAND_ASN_H
#define STAND_ASN_H

#include "base/date.h"
#include "base/str.h"

enum {
    ASN_INTEGER = 0x02,
    ASN_BITS = 0x03,
    ASN_OCTETS = 0x04,
    ASN_OID = 0x06,
    ASN_TIME = 0x18,
    ASN_SEQUENCE = 0x30,
    ASN_SET = 0x31,
    ASN_CONTEXT = 0xA0 /* constructed; + number */
};
enum { ASN_DEPTH_MAX = 16 };

struct asn {
    struct buf *out;
    int depth;
    struct {
        size_t start; /* of the contents */
        bool indefinite;
    } open[ASN_DEPTH_MAX];
};

void asn_init(struct asn *d, struct buf *out);
void asn_open(struct asn *d, unsigned char tag);
/* BER: closed by two zero bytes instead of a length. */
void asn_open_indefinite(struct asn *d, unsigned char tag);
void asn_close(struct asn *d);
void asn_bytes(struct asn *d, unsigned char tag, struct str bytes);
void asn_raw(struct asn *d, struct str encoded); /* already encoded */
void asn_number(struct asn *d, uint64_t value);
void asn_oid(struct asn *d, const char *dotted);
void asn_time(struct asn *d, struct moment at); /* GeneralizedTime to the second */
/* AlgorithmIdentifier with parameters NULL. */
void asn_algorithm(struct asn *d, const char *dotted);

#endif
