/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The journal of a live mart, as a table of offsets.  Little-endian; appended to, never changed in place.
 *
 *     offset  size  what
 *          0     8  "TIRKEUKJ"
 *          8     4  version of the format (KIN_JOURNAL_VERSION)
 *         12     4  bytes of this header (64)
 *         16     8  lineage of the mart that the records go on from (kin_lineage)
 *         24     8  sequence number of the last record before the first one here
 *         32    28  reserved, zero
 *         60     4  CRC-32C of the 60 bytes before it
 *         64        records, one behind the other
 *
 * A record, at a multiple of 8:
 *
 *         +0     4  CRC-32C of everything behind it
 *         +4     4  bytes of the record, a multiple of 8
 *         +8     8  sequence number, one more than the record before
 *        +16     1  enum kin_record_type
 *        +17     1  1: begins (student, incapacity)
 *        +18     1  enum kin_record_type of the act annulled, else 0
 *        +19     1  numbers of persons n, at most KIN_RECORD_PERSONS
 *        +20     4  day (days since 1970-01-01)
 *        +24     4  other day, INT32_MIN: none
 *        +28     2  bytes of the act number a
 *        +30     2  bytes of the other text b
 *        +32   8*n  IIN or BIN as a number, 0: nobody
 *         ..   a+b  act number, other text, then zeros up to a multiple of 8
 *
 * Opened for writing, a tail that is no whole record is cut off: it was never acknowledged.  Where a whole record stands behind
 * one that is not whole, the file was damaged, and is refused with the offset: cutting would lose what was acknowledged.
 */
#ifndef KIN_KIN_JOURNAL_H
#define KIN_KIN_JOURNAL_H

#include "kin/live.h"
#include "kin/mart_impl.h"

#include <pthread.h>
#include <sys/types.h>

#define KIN_JOURNAL_MAGIC   "TIRKEUKJ"
#define KIN_JOURNAL_VERSION 1

struct kin_journal_header {
    char magic[8];
    uint32_t version, bytes;
    uint64_t lineage, sequence;
    char reserved[28];
    uint32_t crc;
};
struct kin_record_head {
    uint32_t crc, bytes;
    uint64_t sequence;
    uint8_t type, begins, annulled, persons;
    int32_t day, other_day;
    uint16_t number, other;
};
_Static_assert(sizeof(struct kin_journal_header) == 64 && sizeof(struct kin_record_head) == 32, "as in the table above");
#define KIN_RECORD_BYTES_MAX (32 + 8 * KIN_RECORD_PERSONS + 2 * KIN_RECORD_TEXT_MAX + 8)

/* Names the mart and all snapshots that come of it; never 0. */
uint64_t kin_lineage(const struct kin_file_header *header);

/* ---- one record (journal_record.c) ---- */

/* The record must be one that kin_record_refuses lets pass; returns its bytes. */
size_t kin_record_encode(const struct kin_record *record, uint64_t sequence, unsigned char ret[KIN_RECORD_BYTES_MAX]);
/* Bytes of the whole record that begins here, its checksum right; 0: there is none. */
size_t kin_record_whole(const unsigned char *p, size_t n, uint64_t *ret_sequence);
/* Of a whole record.  Texts point into p.  ERR_INPUT: its content is none that this program writes. */
bool kin_record_decode(const unsigned char *p, struct kin_record *ret, struct err *err);
/* What is wrong with the record by itself, the field named; ERR_INPUT. */
bool kin_record_refuses(const struct kin_record *record, struct err *err);

/* ---- the file ---- */

/* Given each record in the order of the file; false ends the reading (or the committing). */
typedef bool kin_journal_each(void *context, const struct kin_record *record, uint64_t sequence, struct err *err);

/* Asked to call up the memory that the record is about: a record is first soon to come, then one of the next. */
enum kin_journal_step { KIN_JOURNAL_SOON, KIN_JOURNAL_NEXT };
typedef void kin_journal_ahead(void *context, const struct kin_record *record, enum kin_journal_step step);

struct kin_journal_plan {
    const char *path;
    uint64_t lineage;
    uint64_t sequence; /* records up to this one are in the snapshot: they are skipped */
    bool write;        /* made when it is absent, locked against other writers, the torn tail cut off */
    kin_journal_each *each;
    kin_journal_ahead *ahead; /* NULL: nobody */
    void *context;
};
struct kin_journal;
/* Reads all of it.  A journal that is absent is empty for who only reads.  ERR_CONFLICT: another process writes it.
 * ERR_INPUT: damaged or foreign, or records are missing between the snapshot and its first one. */
bool kin_journal_open(const struct kin_journal_plan *plan, struct kin_journal **ret, struct err *err);
void kin_journal_close(struct kin_journal *journal);
uint64_t kin_journal_sequence(const struct kin_journal *journal); /* of the last record that was given to `each` */

/* For who only reads: what was appended since.  *ret_anew: the file is another one, or shorter than before, and has to be opened
 * again. */
bool kin_journal_follow(struct kin_journal *journal, bool *ret_anew, struct err *err);

/* ---- committing, from any number of threads (journal_commit.c) ---- */

/* Queues one record; returns its sequence number.  Not durable yet. */
uint64_t kin_journal_put(struct kin_journal *journal, const struct kin_record *record);
/* Waits until the record is durable and was given to `each`.  One of those who wait writes and syncs for all of them.
 * After a failure nothing more is taken: every later call fails as well. */
bool kin_journal_wait(struct kin_journal *journal, uint64_t sequence, struct err *err);
/* Leaves out the records up to `sequence`, which are in a snapshot now: a new file takes the place of the old one. */
bool kin_journal_drop(struct kin_journal *journal, uint64_t sequence, struct err *err);

/* ---- inside ---- */

struct kin_journal {
    struct kin_journal_plan plan; /* its path is our own copy */
    int fd;                       /* -1: absent */
    dev_t device;
    ino_t inode;
    uint64_t next;  /* sequence number that has to come at `end` */
    off_t end;      /* behind the last whole record */
    uint64_t given; /* the last record that was given to `each` */

    pthread_mutex_t lock; /* over what follows, and `end` while committing */
    pthread_cond_t moved;
    unsigned char *pending; /* put, and not yet taken by who writes */
    size_t pending_size, pending_room;
    uint64_t put, done; /* the last record that was put; that is durable and given */
    bool writing, failed;
    struct err failure;
};
struct kin_journal_header kin_journal_header_of(uint64_t lineage, uint64_t sequence);
/* Gives what stands behind `end`; *ret_torn: bytes that are no whole record (journal_read.c). */
bool kin_journal_read(struct kin_journal *journal, size_t *ret_torn, struct err *err);
/* Opens the file and locks it against other writers. */
bool kin_journal_lock(struct kin_journal *journal, struct err *err);

#endif
