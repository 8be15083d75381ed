/* SPDX-License-Identifier: Apache-2.0 */
#include "stand/asn.h"

#include <openssl/asn1.h>
#include <openssl/objects.h>

#include "base/err.h"

void asn_init(struct asn *d, struct buf *out) { *d = (struct asn){ .out = out }; }

static void open_any(struct asn *d, unsigned char tag, bool indefinite)
{
    if (d->depth == ASN_DEPTH_MAX)
        BUG("DER nested too deep");
    buf_add_char(d->out, (char)tag);
    if (indefinite)
        buf_add_char(d->out, (char)0x80);
    d->open[d->depth].start = d->out->n;
    d->open[d->depth++].indefinite = indefinite;
}

void asn_open(struct asn *d, unsigned char tag) { open_any(d, tag, false); }
void asn_open_indefinite(struct asn *d, unsigned char tag) { open_any(d, tag, true); }

static size_t length_bytes(size_t n, unsigned char ret[5])
{
    size_t wide = n < 0x80 ? 0 : n < 0x100 ? 1 : n < 0x10000 ? 2 : n < 0x1000000 ? 3 : 4;
    ret[0] = (unsigned char)(wide ? 0x80 | wide : n);
    for (size_t i = 0; i < wide; i++)
        ret[1 + i] = (unsigned char)(n >> (8 * (wide - 1 - i)));
    return 1 + wide;
}

/* The length goes before what is already written. */
void asn_close(struct asn *d)
{
    size_t start = d->open[--d->depth].start;
    if (d->open[d->depth].indefinite) {
        buf_add(d->out, "\0", 2);
        return;
    }
    unsigned char length[5];
    size_t n = d->out->n - start, wide = length_bytes(n, length);
    buf_add(d->out, length, wide);
    if (d->out->over)
        return;
    memmove(d->out->p + start + wide, d->out->p + start, n);
    memcpy(d->out->p + start, length, wide);
}

void asn_bytes(struct asn *d, unsigned char tag, struct str bytes)
{
    asn_open(d, tag);
    buf_add_str(d->out, bytes);
    asn_close(d);
}

void asn_raw(struct asn *d, struct str encoded) { buf_add_str(d->out, encoded); }

void asn_number(struct asn *d, uint64_t value)
{
    unsigned char bytes[9] = { 0 };
    size_t first = 1;
    for (size_t i = 0; i < 8; i++)
        bytes[1 + i] = (unsigned char)(value >> (56 - 8 * i));
    while (first < 8 && bytes[first] == 0)
        first++;
    if (bytes[first] & 0x80)
        first--;
    asn_bytes(d, ASN_INTEGER, (struct str){ (const char *)bytes + first, 9 - first });
}

void asn_oid(struct asn *d, const char *dotted)
{
    ASN1_OBJECT *object = OBJ_txt2obj(dotted, 1);
    if (!object)
        BUG("not an object identifier: %s", dotted);
    asn_bytes(d, ASN_OID, (struct str){ (const char *)OBJ_get0_data(object), OBJ_length(object) });
    ASN1_OBJECT_free(object);
}

void asn_time(struct asn *d, struct moment at)
{
    char text[MOMENT_TEXT];
    moment_format(at, text); /* YYYY-MM-DDTHH:MM:SS.mmmZ */
    asn_open(d, ASN_TIME);
    for (int i = 0; i < 19; i++) {
        if (text[i] >= '0' && text[i] <= '9')
            buf_add_char(d->out, text[i]);
    }
    buf_add_char(d->out, 'Z');
    asn_close(d);
}

void asn_algorithm(struct asn *d, const char *dotted)
{
    asn_open(d, ASN_SEQUENCE);
    asn_oid(d, dotted);
    buf_add(d->out, "\x05\0", 2);
    asn_close(d);
}
