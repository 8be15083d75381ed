/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The one reader of world files, in three steps:
 *   index   windows of 16 KiB: where fields end, found 64 bytes at a time (scan_index_kernel.h);
 *   rows    a chunk of a file becomes rows and errors, on any thread (scan_rows.c); what the fast way (scan_fast.c) is not
 *           sure of is read again by base/csv and world_field_parse, which alone say what is wrong;
 *   keys    chunk after chunk in the order of the file: unique keys, errors, the sink (scan_keys.c).
 * What later rows are held against is kept small and exact: scan_known.c.
 */
#ifndef WORLD_SCAN_IMPL_H
#define WORLD_SCAN_IMPL_H

#include "base/csv.h"
#include "base/file.h"
#include "world/world_impl.h"

#define SCAN_FILE_LIMIT   ((size_t)1 << 36) /* offsets in a file have 36 bits */
#define SCAN_PLACE_SHIFT  13                /* a place is a block of 8 KiB: 23 bits */
#define SCAN_ERRORS_SHOWN 1000

/* ---- windows (scan_index.c) ---- */

#define SCAN_WINDOW 16384

struct scan_index {
    bool simple; /* UTF-8 without control characters, carriage returns, and newlines inside quotes */
    int count;
    uint32_t at[SCAN_WINDOW + 64]; /* every quote, and every comma and newline outside quotes */
};
/* At most SCAN_WINDOW bytes that begin outside quotes.  `simple` may be false for a text that is fine, never true for one that is
 * not. */
void scan_index_make(const char *p, size_t n, struct scan_index *ret);
/* The kernels that it chooses from (scan_index_kernel.h). */
void scan_index_any(const char *p, size_t n, struct scan_index *ret);
void scan_index_avx2(const char *p, size_t n, struct scan_index *ret);

/* ---- a file ---- */

struct scan_start {
    size_t at; /* a record starts here, or a blank line */
    int line;
};

struct scan_file {
    enum world_file file;
    const struct world_layout *layout;
    struct file_map map;
    struct str text;
    int place[WORLD_COLUMNS_MAX]; /* where each column of the layout stands in a record, -1 */
    int width;                    /* fields of the header */
    struct scan_start *start;     /* of each chunk that was used */
    size_t starts, start_capacity;
};
/* The fields of the record that starts at an offset, as base/csv reads them. */
void scan_file_record(const struct scan_file *file, size_t at, struct arena *arena, struct csv *ret);
int scan_file_line(const struct scan_file *file, size_t at);

/* ---- what is known from earlier rows (scan_known.c) ---- */

/* Where a hash belongs in a table of any size, at most 2^32 slots; its low half is not looked at. */
static inline size_t scan_home(uint64_t hash, size_t slots) { return (size_t)((hash >> 32) * slots >> 32); }

/* A set of IINs: 40 bits of a slot are the number, 24 a place that goes with it.  A slot's number is where it stands in the
 * table. */
struct scan_iins {
    uint64_t *slot;
    size_t slots, count;
};
#define SCAN_NO_SLOT SIZE_MAX
static inline size_t scan_iins_home(const struct scan_iins *set, struct iin iin)
{
    return scan_home(iin.n * UINT64_C(0x9E3779B97F4A7C15), set->slots);
}
/* Inlined always: a function that only prefetches counts as one without effect, and calls of it are dropped. */
static inline __attribute__((always_inline)) void scan_iins_prefetch(const struct scan_iins *set, struct iin iin)
{
    if (set->slots > 0)
        __builtin_prefetch(&set->slot[scan_iins_home(set, iin)]);
}
size_t scan_iins_find(const struct scan_iins *set, struct iin iin); /* SCAN_NO_SLOT: not there */
void scan_iins_reserve(struct scan_iins *set, size_t count);
bool scan_iins_add(struct scan_iins *set, struct iin iin, uint32_t place); /* false when it was there already */
uint32_t scan_iins_place(const struct scan_iins *set, size_t slot);
void scan_iins_set_place(struct scan_iins *set, size_t slot, uint32_t place); /* safe against readers of other threads */
void scan_iins_forget_places(struct scan_iins *set);                          /* all become 0 */
void scan_iins_release(struct scan_iins *set);

/* Places of records by the hash of a text.  A slot is an offset of 36 bits and 28 bits of the hash: whoever looks up reads the
 * record again and compares.  A full table stays as it is and a larger one begins, so nothing is ever hashed again. */
#define SCAN_TABLES 24
struct scan_texts {
    struct {
        uint64_t *slot;
        size_t slots, count;
    } table[SCAN_TABLES];
    int tables;
};
struct scan_probe {
    int table;
    size_t step;
};
uint64_t scan_text_hash(struct str s);
void scan_texts_reserve(struct scan_texts *texts, size_t records);
void scan_texts_add(struct scan_texts *texts, uint64_t hash, size_t offset);
void scan_texts_prefetch(const struct scan_texts *texts, uint64_t hash);
/* Candidates one after another, 0 after the last (a record never starts at 0). */
size_t scan_texts_next(const struct scan_texts *texts, uint64_t hash, struct scan_probe *probe);
void scan_texts_release(struct scan_texts *texts);

/* RKA to the dwelling's number.  Codes of 16 digits, as the register gives them, are kept as numbers; any other text as it is. */
struct scan_dwelling {
    uint64_t code; /* number + 1, 0: a free slot */
    int32_t number;
    uint32_t place;
};
struct scan_odd_dwelling {
    struct str rka;
    int32_t number;
    uint32_t place;
};
struct scan_dwellings {
    struct scan_dwelling *slot;
    size_t slots, count; /* of 16 digits */
    struct scan_odd_dwelling *odd;
    size_t odds, odd_capacity;
    struct world_hash odd_hash;
    struct arena arena; /* texts of the odd ones */
};
void scan_dwellings_reserve(struct scan_dwellings *d, size_t count);
uint64_t scan_rka_code(struct str rka); /* 0: not 16 digits */
void scan_dwellings_prefetch(const struct scan_dwellings *d, uint64_t code);
int32_t scan_dwellings_find(const struct scan_dwellings *d, struct str rka, uint64_t code); /* -1: none */
/* False when the RKA is there already; then *ret_place is the place of the first. */
bool scan_dwellings_add(struct scan_dwellings *d, struct str rka, int32_t number, uint32_t place, uint32_t *ret_place);
void scan_dwellings_release(struct scan_dwellings *d);

struct scan_known {
    bool held[WORLD_FILES];
    struct scan_iins persons;   /* place: of the record in persons.csv; then of the birth act, plus one */
    struct scan_iins strangers; /* children who are not in persons.csv */
    struct scan_texts acts[WORLD_FILES];
    struct scan_dwellings dwellings;
    const struct scan_file *marriages;
    /* For rows that the program made itself and that need no check: the dwelling's number by its RKA.  Else NULL. */
    int32_t (*trusted_dwelling)(struct str rka);
};
void scan_known_release(struct scan_known *known);
/* What is wrong with the marriage that a divorce names, NULL: nothing. */
const char *scan_divorce_wrong(const struct scan_known *known, const struct world_divorce *divorce, struct arena *arena);

/* ---- rows (scan_rows.c) ---- */

struct scan_mark {
    size_t at;     /* where the record starts */
    int line;      /* lines of the chunk before it */
    uint64_t hash; /* of the act number */
    size_t slot;   /* of the child among the persons */
};
struct scan_error {
    size_t row; /* rows of the chunk before the record */
    int line;
    const char *column; /* NULL: the record as a whole */
    const char *what;
};
/* Used for one file only: its rows have one size. */
struct scan_chunk {
    size_t begin, end; /* for the records that start here */
    size_t limit;      /* bytes of the file that it may look at; a record that reaches beyond: `abandoned` */
    bool abandoned;
    size_t next; /* where the first record after it starts */
    int lines;   /* up to there */
    char *rows;
    struct scan_mark *mark;
    size_t count, row_capacity, mark_capacity;
    struct scan_error *error;
    size_t errors, error_capacity;
    struct arena arena;       /* fields that had doubled quotes, texts of errors */
    struct scan_index *index; /* made with the first window */
};
void scan_chunk_init(struct scan_chunk *chunk);
void scan_chunk_release(struct scan_chunk *chunk);
/* begin, end and limit are set. */
void scan_chunk_read(struct scan_chunk *chunk, const struct scan_file *file, const struct scan_known *known);

/* ---- from a chunk to its rows ---- */

#define SCAN_PERSONS_PER_ROW 3
#define SCAN_BATCH           128 /* rows whose look-ups are under way at the same time */

/* What the columns of the file ask for, found once a chunk. */
struct scan_plan {
    int persons; /* columns with the IIN of somebody in persons.csv */
    size_t person[SCAN_PERSONS_PER_ROW];
    int child; /* which of them is unique, -1 */
    const struct world_column *rka, *act, *since, *until;
};

struct scan_reader {
    struct scan_chunk *chunk;
    const struct scan_file *file;
    const struct scan_known *known;
    struct scan_plan plan;
    struct csv csv;
    size_t exact_until; /* records that start before are read the exact way */
    size_t caution;     /* so many bytes the next time */
    struct {
        struct str rka;
        uint64_t code;
    } rka[SCAN_BATCH];
};

static inline char *scan_row_at(const struct scan_reader *r, size_t index)
{
    return r->chunk->rows + index * r->file->layout->row_size;
}
static inline struct iin scan_iin_in(const char *row, size_t offset) { return *(const struct iin *)(const void *)(row + offset); }
static inline struct day scan_day_in(const char *row, const struct world_column *c)
{
    return *(const struct day *)(const void *)(row + c->offset);
}
static inline struct str scan_str_in(const char *row, const struct world_column *c)
{
    return *(const struct str *)(const void *)(row + c->offset);
}
static inline bool scan_spell_ends_early(const struct scan_plan *plan, const char *row)
{
    if (plan->since == NULL)
        return false;
    struct day since = scan_day_in(row, plan->since), until = scan_day_in(row, plan->until);
    return !day_is_none(since) && !day_is_none(until) && until.n < since.n;
}
/* The next row, zeroed; it is one of the chunk's when chunk->count says so. */
char *scan_new_row(struct scan_reader *reader, size_t at, int line);
/* Records from chunk->next on as far as the fast way goes; exact_until says how far the exact way must go then (scan_fast.c). */
void scan_read_window(struct scan_reader *reader);

/* ---- the order of the file (scan_keys.c) ---- */

struct scan {
    struct scan_known known;
    struct scan_file file[WORLD_FILES];
    const struct world_sink *sink;
    struct arena *keep; /* texts of rows last as long as this; NULL: until the sink returns */
    struct buf *out;
    int errors;
    int32_t rows;          /* of the file that is being read */
    struct arena unmapped; /* bytes of files that cannot be mapped */
};
void scan_file_error(struct scan *scan, enum world_file file, const char *what);
/* `column` may be NULL. */
void scan_record_error(struct scan *scan, enum world_file file, int line, const char *column, const char *what);
/* `line`: of the chunk's begin.  False when no more rows can be numbered. */
bool scan_chunk_use(struct scan *scan, struct scan_file *file, struct scan_chunk *chunk, int line);

/* ---- files (scan.c) ---- */

/* Reads all files of the folder; scan->keep, sink and out are set, the rest is zero.  False when there is any error.
 * With `keep` the bytes of the files are read into it, else they are mapped and let go. */
bool scan_folder(struct scan *scan, const char *folder, struct progress *progress);
/* All chunks of a file whose header has been read, on all processors (scan_crew.c). */
void scan_file_rows(struct scan *scan, struct scan_file *file, size_t begin, int line, struct progress *progress, int64_t before);

/* ---- rows that the program makes itself (scan_made.c) ---- */

struct scan_made;
/* Begins every file at once.  `dwelling`: the number of a dwelling by its RKA. */
struct scan_made *scan_made_new(const struct world_sink *sink, int32_t (*dwelling)(struct str rka));
/* Records without a header, in the order of the layout.  Nothing is looked up or remembered; a record that is wrong is a bug. */
void scan_made_rows(struct scan_made *made, enum world_file file, struct str text);
void scan_made_free(struct scan_made *made);

#endif
