/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Text with a length and a limit.
 *
 * struct str looks at bytes that somebody else owns; it need not end in NUL.
 * struct buf owns a growing text and never grows past its limit: a write that
 * would go over sets `over` and is dropped, so a chain of writes needs one check
 * at its end.  The bytes of a buf are always NUL-terminated for printf.
 */
#ifndef BASE_STR_H
#define BASE_STR_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#ifdef __cplusplus
extern "C" {
#endif

struct str {
    const char *p;
    size_t n;
};

#define STR(literal) ((struct str){ "" literal, sizeof(literal) - 1 })
#define STR_FMT      "%.*s" /* printf("..." STR_FMT, STR_ARG(s)) */
#define STR_ARG(s)   (int)(s).n, (s).p

struct str str_from(const char *c_string); /* NULL gives the empty text */
bool str_equal(struct str a, struct str b);
bool str_is(struct str a, const char *c_string);
static inline bool str_starts(struct str a, const char *prefix) /* inline: the length of a literal is then known */
{
    size_t n = strlen(prefix);
    return a.n >= n && (n == 0 || memcmp(a.p, prefix, n) == 0);
}
int str_compare(struct str a, struct str b); /* by bytes, like memcmp */
struct str str_trim(struct str a);           /* without ASCII white space at both ends */
bool str_is_digits(struct str a);            /* one or more ASCII digits, nothing else */
bool str_is_utf8(struct str a);              /* well-formed by RFC 3629 */
size_t str_utf8_length(struct str a);        /* code points of well-formed text */
/* Takes the text up to the next `separator` off the front of *rest; false when *rest is used up. */
bool str_split(struct str *rest, char separator, struct str *ret_part);
/* 1 to 18 ASCII digits; false and *ret untouched otherwise. */
bool str_to_u64(struct str a, uint64_t *ret);

struct buf {
    char *p;
    size_t n, capacity;
    size_t limit; /* largest n allowed */
    bool over;    /* something did not fit */
};

void buf_init(struct buf *b, size_t limit);
void buf_release(struct buf *b);
void buf_clear(struct buf *b); /* empty again, memory kept */
bool buf_grow(struct buf *b, size_t n);
/* Room for n more bytes and the NUL; false when that is over the limit, now or before. */
static inline bool buf_room(struct buf *b, size_t n)
{
    return (!b->over && n <= b->limit - b->n && n < b->capacity - b->n) || buf_grow(b, n);
}

/* Small and everywhere on the way of a decision to its line: inline, with the room usually there already. */
static inline void buf_add(struct buf *b, const void *bytes, size_t n)
{
    if (n == 0 || !buf_room(b, n))
        return;
    memcpy(b->p + b->n, bytes, n);
    b->n += n;
    b->p[b->n] = 0;
}
static inline void buf_add_char(struct buf *b, char c) { buf_add(b, &c, 1); }
static inline void buf_add_str(struct buf *b, struct str s) { buf_add(b, s.p, s.n); }
static inline void buf_add_text(struct buf *b, const char *c_string) { buf_add(b, c_string, strlen(c_string)); }
void buf_add_int(struct buf *b, int64_t value);
void buf_addf(struct buf *b, const char *format, ...) __attribute__((format(printf, 2, 3)));
struct str buf_str(const struct buf *b);

#ifdef __cplusplus
}
#endif

#endif
