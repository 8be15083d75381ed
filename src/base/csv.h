/* SPDX-License-Identifier: Apache-2.0 */
/*
 * RFC 4180 records out of a file in memory: quotes, doubled quotes, commas and newlines inside
 * quotes, LF or CRLF, one byte-order mark allowed, blank lines skipped, a bare CR is an error.
 */
#ifndef BASE_CSV_H
#define BASE_CSV_H

#include "base/arena.h"
#include "base/err.h"

#define CSV_FIELDS_MAX 64

struct csv {
    const char *p, *end;
    int line;            /* line of the next byte */
    int record_line;     /* line where the record just read starts */
    struct arena *arena; /* unquoted fields that had doubled quotes live here */
    struct str field[CSV_FIELDS_MAX];
    int count;
};

enum csv_status { CSV_RECORD, CSV_END, CSV_BAD };

/* `text` must live as long as the fields are used; most fields point into it. */
void csv_init(struct csv *c, struct str text, struct arena *arena);
/* CSV_BAD: *err has the reason without the file name; c->record_line says where the record starts;
 * reading may go on with the next line. */
enum csv_status csv_next(struct csv *c, struct err *err);
/* Writes one field, quoted when it has to be. */
void csv_write_field(struct buf *out, struct str field);

#endif
