/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The file of the kinship mart, as a table of offsets.  Little-endian; the same bytes in memory as on disk.
 *
 *     offset  size  what
 *          0     8  "TIRKEUKM"
 *          8     4  version of the format (KIN_FILE_VERSION)
 *         12     4  number of sections (KIN_SECTIONS)
 *         16     8  bytes of the whole file
 *         24     4  day of the extract (days since 1970-01-01)
 *         28     4  registers held: bit 1 << enum world_file
 *         32     8  sequence number of the last journal record that is in the file
 *         40     8  persons
 *         48     8  living persons on the day of the extract
 *         56     8  dwellings
 *         64     8  lines of the person table by hash (its overflow lines come after these)
 *         72     8  lines of the dwelling table by hash
 *         80     8  lineage of a snapshot of a live mart (kin_journal.h), 0: an extract
 *         88     8  reserved, zero
 *         96    32 * KIN_SECTIONS   the sections, in the order of enum kin_section:
 *                   +0  8  offset, a multiple of 4096
 *                   +8  8  bytes
 *                  +16  4  bytes of an item
 *                  +20  4  CRC-32C of the bytes
 *                  +24  8  reserved, zero
 *       4092     4  CRC-32C of the 4092 bytes before it
 *       4096        the sections, each at a page of its own, zeros between them
 *
 * A person is a key of 32 bits (mart_key.c).  A slot is the place of a person in the person table: line * 4 + row; likewise
 * line * 3 + row for dwellings.  A family number is the place of a person in KIN_FAMILY, where those registered in one
 * dwelling stand side by side.  0 is nobody: as a key, and as a family number.
 */
#ifndef KIN_KIN_FILE_H
#define KIN_KIN_FILE_H

#include <stdint.h>

#define KIN_FILE_MAGIC   "TIRKEUKM"
#define KIN_FILE_VERSION 1
#define KIN_FILE_PAGE    4096

enum kin_section {
    /* what every check of kinship touches */
    KIN_PERSONS, /* struct kin_person_line: by hash of the key */
    /* what a whole decision touches besides */
    KIN_STATES,     /* uint32_t by slot: where registered, and KIN_STATE_ bits */
    KIN_DWELLINGS,  /* struct kin_dwelling_line: by hash of the RKA */
    KIN_OWNER_LIST, /* uint32_t: keys of the natural owners of one dwelling, ended by 0 */
    KIN_RESIDENTS,  /* uint32_t family numbers, grouped by dwelling */
    /* the batch over the country */
    KIN_FAMILY,            /* struct kin_family_row by family number */
    KIN_DWELLING_OWNER,    /* uint32_t by dwelling slot: family number of the owner, or index into KIN_OWNER_LIST_FAMILY */
    KIN_OWNER_LIST_FAMILY, /* uint32_t beside KIN_OWNER_LIST: family numbers */
    KIN_FAMILY_SLOT,       /* uint32_t by family number: slot */
    /* history and proofs: cold */
    KIN_LIFE,            /* struct kin_life by slot */
    KIN_BIRTHS,          /* struct kin_birth_act by slot */
    KIN_LATE_BIRTHS,     /* struct kin_late_birth: acts dated after the extract's day, by slot */
    KIN_MARRIAGE_START,  /* uint32_t by slot, one more at the end: into KIN_MARRIAGE_LIST */
    KIN_MARRIAGE_LIST,   /* uint32_t: into KIN_MARRIAGES, of one person in the order of the register */
    KIN_MARRIAGES,       /* struct kin_marriage_act */
    KIN_DWELLING_RECORD, /* struct kin_dwelling_record by dwelling slot */
    KIN_IRREGULAR_RKA,   /* uint32_t: texts that are not sixteen digits, sorted */
    KIN_IRREGULAR_IIN,   /* uint64_t, sorted: numbers whose first six digits are no date */
    KIN_TEXT,            /* bytes: each text is its length (LEB128) and its bytes; offset 0 is the empty text */
    KIN_SECTIONS
};

/* One row is read and written as a whole (16 bytes, one instruction): a reader sees it before a change or after it. */
struct kin_person_row {
    uint32_t key, mother, father;
    uint32_t spouse; /* in force on the extract's day; KIN_KEY_MANY: several, see KIN_MARRIAGES */
};
#define KIN_LINE_PERSONS 4
struct kin_person_line {
    _Alignas(64) struct kin_person_row row[KIN_LINE_PERSONS]; /* filled from the front; a full line goes on in the next one */
};
#define KIN_KEY_MANY UINT32_MAX

/* uint32_t by slot */
#define KIN_STATE_DWELLING  ((UINT32_C(1) << 26) - 1) /* dwelling slot + 1 of the first registration, 0: none */
#define KIN_STATE_DEAD      (UINT32_C(1) << 26)       /* not alive on the extract's day (or not born yet) */
#define KIN_STATE_OFFICE    (UINT32_C(1) << 27)       /* a minor or incapable: as an owner sends the case to the hall */
#define KIN_STATE_STUDENT   (UINT32_C(1) << 28)       /* full-time in the capital */
#define KIN_STATE_ELSEWHERE (UINT32_C(1) << 29)       /* registered in other dwellings as well */
#define KIN_STATE_DOUBT     (UINT32_C(1) << 30)       /* no birth date on record */
#define KIN_STATE_INCAPABLE (UINT32_C(1) << 31)       /* KIN_STATE_OFFICE, and not (only) for being a minor */

#define KIN_LINE_DWELLINGS 3
struct kin_dwelling_line {
    _Alignas(64) uint64_t key[KIN_LINE_DWELLINGS]; /* RKA in 54 bits, head count in the upper 10; 0: free */
    uint32_t area[KIN_LINE_DWELLINGS];             /* total, hundredths of m2 in 24 bits, KIN_DWELLING_ bits above */
    uint32_t owner[KIN_LINE_DWELLINGS];            /* key of the only natural owner, or index into KIN_OWNER_LIST */
    uint32_t resident[KIN_LINE_DWELLINGS];         /* index of the first into KIN_RESIDENTS */
    uint32_t change;                               /* 0 in a file; in a live mart odd while an owner of the line changes */
};
#define KIN_RKA_BITS         54
#define KIN_HEADS_MANY       1023                /* the exact count is in KIN_DWELLING_RECORD */
#define KIN_AREA_OTHER       0xffffffu           /* none on record, or too large: KIN_DWELLING_RECORD says */
#define KIN_DWELLING_CAPITAL (UINT32_C(1) << 24) /* KATO begins with 71 */
#define KIN_DWELLING_NO_KATO (UINT32_C(1) << 25)
#define KIN_DWELLING_OFFICE  (UINT32_C(1) << 26) /* a living owner is a minor or incapable */
#define KIN_DWELLING_COMPANY (UINT32_C(1) << 27) /* among the owners */
#define KIN_DWELLING_LIST    (UINT32_C(1) << 28) /* several natural owners */
#define KIN_DWELLING_NOBODY  (UINT32_C(1) << 29) /* no owner on record */
#define KIN_DWELLING_DOUBT   (UINT32_C(1) << 30) /* of an owner it is not on record whether he is a minor */

struct kin_family_row {
    uint32_t mother, father, spouse; /* family numbers; KIN_KEY_MANY as above */
};
struct kin_life {
    int32_t born, died; /* INT32_MIN: not on record */
};
struct kin_birth_act {
    uint32_t number; /* text */
    int32_t day;     /* INT32_MAX: no act on record by the extract's day */
};
struct kin_late_birth {
    uint32_t slot, mother, father, number;
    int32_t day;
};
struct kin_marriage_act {
    uint32_t husband, wife, number;
    int32_t day;
    int32_t ended; /* day of the first divorce that ends it, INT32_MAX: none */
};
struct kin_dwelling_record {
    int64_t total_area, useful_area; /* hundredths of m2, -1: not on record */
    uint32_t kato;                   /* the digits behind a 1, so that leading zeros count; 1: empty */
    uint32_t heads;
};

/* The header as it lies in the file. */
struct kin_file_section {
    uint64_t offset, bytes;
    uint32_t item, crc;
    uint64_t reserved;
};
struct kin_file_header {
    char magic[8];
    uint32_t version, sections;
    uint64_t bytes;
    int32_t as_of;
    uint32_t held;
    uint64_t sequence, persons, living, dwellings, person_lines, dwelling_lines, lineage, reserved;
    struct kin_file_section section[KIN_SECTIONS];
    char padding[KIN_FILE_PAGE - 96 - 32 * KIN_SECTIONS - 4];
    uint32_t crc;
};
_Static_assert(sizeof(struct kin_file_header) == KIN_FILE_PAGE, "the header is one page");
_Static_assert(sizeof(struct kin_person_line) == 64 && sizeof(struct kin_dwelling_line) == 64, "a line is a cache line");
#if !defined(__BYTE_ORDER__) || __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "the mart is used as it lies in the file: little-endian machines only"
#endif

#endif
